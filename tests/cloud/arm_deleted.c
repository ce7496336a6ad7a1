/* Soft-deleted vaults, and whether a name is free. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"
#include "vault_rules.h"

void deleted_vaults_list(struct call *call)
{
    struct page page = { .style = PAGE_PLAIN };
    char *scope = path_subscription(call);

    if (page_add_readable(&page, call, KIND_DELETED_VAULT, scope, NULL,
            "Microsoft.KeyVault/deletedVaults/read"))
        page_answer(&page, call);
    free(scope);
}

static const struct item *deleted_need(struct call *call)
{
    char *id = alloc_format("/subscriptions/%s/providers/Microsoft.KeyVault"
                            "/locations/%s/deletedVaults/%s",
        call->captures[0], call->captures[1], call->captures[2]);
    const struct item *deleted =
        estate_find(&call->cloud->estate, KIND_DELETED_VAULT, id);

    free(id);
    if (!deleted)
        answer_error(call, 404, "DeletedVaultNotFound",
            "The specified deleted vault '%s' does not exist.",
            call->captures[2]);
    return deleted;
}

void deleted_vault_get(struct call *call)
{
    const struct item *deleted = deleted_need(call);

    if (deleted)
        answer_item(call, 200, deleted);
}

void deleted_vault_purge(struct call *call)
{
    const struct item *deleted = deleted_need(call);
    struct span protected;
    char *id;

    if (!deleted)
        return;
    protected = scan_path(deleted->text, "properties.purgeProtectionEnabled");
    if (span_is(protected, "true")) {
        answer_error(call, 400, "MethodNotAllowed",
            "Operation 'DeletedVaultPurge' is not allowed.");
        return;
    }
    id = alloc_text(deleted->id);
    estate_remove(&call->cloud->estate, KIND_DELETED_VAULT, id);
    free(id);
    answer_empty(call, 200);
}

static bool name_valid(const char *name)
{
    size_t length = strlen(name);

    if (length < 3 || length > 24 || !isalpha((unsigned char)*name))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '-')
            return false;
    return name[length - 1] != '-' && !strstr(name, "--");
}

void name_check(struct call *call)
{
    json_t *body = call_json(call);
    const char *name = json_string_value(json_object_get(body, "name"));

    if (!body)
        return;
    if (!name || !name_valid(name))
        answer_json(call, 200,
            json_pack("{s:b, s:s, s:s}", "nameAvailable", 0, "reason",
                "AccountNameInvalid", "message",
                "A vault's name must be between 3-24 alphanumeric characters. "
                "The name must begin with a letter, end with a letter or "
                "digit, and not contain consecutive hyphens."));
    else if (vault_name_taken(call, name))
        answer_json(call, 200,
            json_pack("{s:b, s:s, s:s}", "nameAvailable", 0, "reason",
                "AlreadyExists", "message",
                "The vault name is already in use."));
    else
        answer_json(call, 200, json_pack("{s:b}", "nameAvailable", 1));
    json_decref(body);
}
