/* The access policies of a vault: add, replace, remove. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "change.h"
#include "handlers.h"
#include "vault_rules.h"

#define TYPE "Microsoft.KeyVault/vaults"

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

/* Policies belong together when object and application are the same. */
static size_t policy_find(json_t *policies, json_t *wanted)
{
    size_t index;
    json_t *policy;

    json_array_foreach(policies, index,
        policy) if (text_same(member_text(policy, "objectId"),
                        member_text(wanted, "objectId")) &&
                    text_same(member_text(policy, "applicationId"),
                        member_text(wanted, "applicationId"))) return index;
    return json_array_size(policies);
}

static size_t word_find(json_t *words, const char *word)
{
    size_t index;
    json_t *value;

    json_array_foreach(words, index,
        value) if (text_same(json_string_value(value), word)) return index;
    return json_array_size(words);
}

/* Adds the words of every list in from to the same list in to, or takes them
 * away. */
static void permissions_combine(json_t *to, json_t *from, bool add)
{
    const char *kind;
    json_t *words;
    size_t index;
    json_t *word;

    json_object_foreach(from, kind, words)
    {
        json_t *have = json_object_get(to, kind);

        if (!have && add) {
            have = json_array();
            json_object_set_new(to, kind, have);
        }
        json_array_foreach(words, index, word)
        {
            size_t at = word_find(have, json_string_value(word));

            if (add && at == json_array_size(have))
                json_array_append(have, word);
            else if (!add && at < json_array_size(have))
                json_array_remove(have, at);
        }
    }
}

static bool permissions_empty(json_t *permissions)
{
    const char *kind;
    json_t *words;

    json_object_foreach(
        permissions, kind, words) if (json_array_size(words) > 0) return false;
    return true;
}

static void policy_apply(json_t *policies, json_t *given, const char *how)
{
    size_t at = policy_find(policies, given);
    json_t *permissions = json_object_get(given, "permissions");
    json_t *known = json_array_get(policies, at);

    if (strcasecmp(how, "replace") == 0) {
        if (known)
            json_array_set_new(policies, at, json_deep_copy(given));
        else
            json_array_append_new(policies, json_deep_copy(given));
        return;
    }
    if (strcasecmp(how, "add") == 0 && !known) {
        json_array_append_new(policies, json_deep_copy(given));
        return;
    }
    if (!known)
        return;
    permissions_combine(json_object_get(known, "permissions"), permissions,
        strcasecmp(how, "add") == 0);
    if (permissions_empty(json_object_get(known, "permissions")))
        json_array_remove(policies, at);
}

/* The answer holds only the entries that were sent, as recorded. */
static void policies_answer(
    struct call *call, const struct item *vault, json_t *given)
{
    char *id = alloc_format("%s/accessPolicies/", vault->id);

    answer_json(call, 200,
        json_pack("{s:s, s:s, s:{s:O}}", "id", id, "type",
            TYPE "/accessPolicies", "properties", "accessPolicies", given));
    free(id);
}

static void policies_write(
    struct call *call, const struct item *item, json_t *given)
{
    json_t *vault = item_json(item);
    json_t *properties = json_object_get(vault, "properties");
    json_t *policies = json_object_get(properties, "accessPolicies");
    size_t index;
    json_t *policy;

    if (!json_is_array(policies)) {
        policies = json_array();
        json_object_set_new(properties, "accessPolicies", policies);
    }
    json_array_foreach(given, index, policy)
        policy_apply(policies, policy, call->captures[3]);
    policies_answer(call, change_store(call, KIND_RESOURCE, vault), given);
}

void vault_policies_put(struct call *call)
{
    const char *how = call->captures[3];
    const struct item *item = resource_find(call, TYPE);
    json_t *body = item ? call_json(call) : NULL;
    json_t *properties = json_object_get(body, "properties");
    json_t *given = json_object_get(properties, "accessPolicies");

    if (!body)
        return;
    if (!text_same(how, "add") && !text_same(how, "replace") &&
        !text_same(how, "remove"))
        answer_error(call, 400, "BadRequest",
            "The operation kind '%s' is not one of add, replace and remove.",
            how);
    else if (!json_is_array(given))
        answer_error(call, 400, "BadRequest",
            "The property \"accessPolicies\" is required.");
    else if (vault_rules_check(call, NULL, properties))
        policies_write(call, item, given);
    json_decref(body);
}
