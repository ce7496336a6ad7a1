/* The doors of a vault's data plane: its name, its network, its permissions,
 * each with the words that the service finds for a closed one. */
#include "data_gate.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "data_network.h"
#include "hsm_roles.h"

#define KV "Microsoft.KeyVault/vaults/"
#define MH "Microsoft.KeyVault/managedHsm/"

static const struct {
    const char *action;     /* of an RBAC vault */
    const char *kind;       /* in an access policy */
    const char *permission; /* likewise */
    const char *local; /* of a managed HSM, "" where it has no such thing */
} right_rows[RIGHT_COUNT] = {
    [RIGHT_KEYS_READ] = { KV "keys/read", "keys", "get",
        MH "keys/read/action" },
    [RIGHT_KEYS_LIST] = { KV "keys/read", "keys", "list",
        MH "keys/read/action" },
    [RIGHT_KEYS_UPDATE] = { KV "keys/update/action", "keys", "update",
        MH "keys/write/action" },
    [RIGHT_KEYS_ROTATE] = { KV "keys/rotate/action", "keys", "rotate",
        MH "keys/rotate/action" },
    [RIGHT_KEYS_CREATE] = { KV "keys/create/action", "keys", "create",
        MH "keys/create" },
    [RIGHT_KEYS_BACKUP] = { KV "keys/backup/action", "keys", "backup",
        MH "keys/backup/action" },
    [RIGHT_KEYS_RESTORE] = { KV "keys/restore/action", "keys", "restore",
        MH "keys/restore/action" },
    [RIGHT_KEYS_RECOVER] = { KV "keys/recover/action", "keys", "recover",
        MH "keys/deletedKeys/recover/action" },
    [RIGHT_KEYS_DELETE] = { KV "keys/delete", "keys", "delete",
        MH "keys/delete" },
    [RIGHT_KEYS_PURGE] = { KV "keys/purge/action", "keys", "purge",
        MH "keys/deletedKeys/delete" },
    [RIGHT_ROTATION_READ] = { KV "keyrotationpolicies/read", "keys",
        "getrotationpolicy", MH "keys/read/action" },
    [RIGHT_ROTATION_WRITE] = { KV "keyrotationpolicies/write", "keys",
        "setrotationpolicy", MH "keys/write/action" },
    [RIGHT_SECRETS_GET] = { KV "secrets/getSecret/action", "secrets", "get",
        "" },
    [RIGHT_SECRETS_LIST] = { KV "secrets/readMetadata/action", "secrets",
        "list", "" },
    [RIGHT_SECRETS_UPDATE] = { KV "secrets/update/action", "secrets", "set",
        "" },
    [RIGHT_SECRETS_BACKUP] = { KV "secrets/backup/action", "secrets", "backup",
        "" },
    [RIGHT_SECRETS_RESTORE] = { KV "secrets/restore/action", "secrets",
        "restore", "" },
    [RIGHT_SECRETS_RECOVER] = { KV "secrets/recover/action", "secrets",
        "recover", "" },
    [RIGHT_SECRETS_DELETE] = { KV "secrets/delete", "secrets", "delete", "" },
    [RIGHT_SECRETS_PURGE] = { KV "secrets/purge/action", "secrets", "purge",
        "" },
    [RIGHT_CERTIFICATES_READ] = { KV "certificates/read", "certificates", "get",
        "" },
    [RIGHT_CERTIFICATES_LIST] = { KV "certificates/read", "certificates",
        "list", "" },
    [RIGHT_CERTIFICATES_UPDATE] = { KV "certificates/update/action",
        "certificates", "update", "" },
    [RIGHT_CERTIFICATES_BACKUP] = { KV "certificates/backup/action",
        "certificates", "backup", "" },
    [RIGHT_CERTIFICATES_RESTORE] = { KV "certificates/restore/action",
        "certificates", "restore", "" },
    [RIGHT_CERTIFICATES_RECOVER] = { KV "certificates/recover/action",
        "certificates", "recover", "" },
    [RIGHT_CERTIFICATES_DELETE] = { KV "certificates/delete", "certificates",
        "delete", "" },
    [RIGHT_CERTIFICATES_PURGE] = { KV "certificates/purge/action",
        "certificates", "purge", "" },
    [RIGHT_ROLES_READ] = { "", "", "", MH "roleAssignments/read/action" },
    [RIGHT_ROLES_WRITE] = { "", "", "", MH "roleAssignments/write/action" },
    [RIGHT_ROLES_DELETE] = { "", "", "", MH "roleAssignments/delete/action" },
    [RIGHT_SETTINGS_READ] = { "", "", "", MH "settings/read" },
    [RIGHT_SETTINGS_WRITE] = { "", "", "", MH "settings/write" },
    [RIGHT_BACKUP_START] = { "", "", "", MH "backup/start/action" },
    [RIGHT_BACKUP_STATUS] = { "", "", "", MH "backup/status/action" },
    [RIGHT_RESTORE_START] = { "", "", "", MH "restore/start/action" },
    [RIGHT_RESTORE_STATUS] = { "", "", "", MH "restore/status/action" },
    [RIGHT_ISSUERS_LIST] = { KV "certificatecas/read", "certificates",
        "listissuers", "" },
    [RIGHT_CONTACTS_READ] = { KV "certificatecas/read", "certificates",
        "managecontacts", "" },
};

void data_error(struct call *call, unsigned status, const char *code,
    const char *inner, const char *message)
{
    json_t *error = json_pack("{s:s, s:s}", "code", code, "message", message);

    if (inner)
        json_object_set_new(
            error, "innererror", json_pack("{s:s}", "code", inner));
    answer_json(call, status, json_pack("{s:o}", "error", error));
}

static const struct item *vault_find(struct call *call)
{
    const struct table *table = &call->cloud->estate.tables[KIND_RESOURCE];
    const char *type = call->service == SERVICE_HSM
                           ? "microsoft.keyvault/managedhsms"
                           : "microsoft.keyvault/vaults";

    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->items[i]->type, type) == 0 &&
            text_same(table->items[i]->name, call->vault))
            return table->items[i];
    data_error(
        call, 404, "VaultNotFound", NULL, "There is no vault of this name.");
    return NULL;
}

static char *vault_region(const struct item *vault)
{
    return item_copy(vault, "location");
}

static const char *caller_app(const struct call *call)
{
    const char *app =
        json_string_value(json_object_get(call->principal, "appId"));

    return app ? app : "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
}

static bool role_allows(struct call *call, const struct item *vault,
    enum right right, const char *object)
{
    const struct item *deny = NULL;
    char *scope = alloc_format(
        "%s/%s/%s", vault->id, right_rows[right].kind, object ? object : "");
    enum verdict verdict =
        access_check_data(call->cloud->access, call_object_id(call),
            object ? scope : vault->id, right_rows[right].action, &deny);
    char *region = vault_region(vault);
    char *message;

    if (verdict != ACCESS_GRANTED) {
        message = alloc_format(
            "Caller is not authorized to perform action on resource.\r\nIf "
            "role assignments, deny assignments or role definitions were "
            "changed recently, please observe propagation time.\r\nCaller: "
            "appid=%s;oid=%s;iss=https://sts.windows.net/%s/\r\nAction: "
            "'%s'\r\nResource: '%s'\r\nAssignment: (not found)\r\n"
            "DenyAssignmentId: %s\r\nDecisionReason: '%s'\r\nVault: "
            "%s;location=%s\r\n",
            caller_app(call), call_object_id(call),
            call->cloud->estate.tenant_id, right_rows[right].action,
            object ? scope : vault->id, deny ? deny->id : "null",
            deny ? "DeniedByDenyAssignment" : "DeniedWithNoValidRBAC",
            vault->name, region);
        data_error(call, 403, "Forbidden", "ForbiddenByRbac", message);
        free(message);
    }
    free(region);
    free(scope);
    return verdict == ACCESS_GRANTED;
}

static bool words_hold(json_t *words, const char *word)
{
    size_t index;
    json_t *value;

    json_array_foreach(words, index,
        value) if (text_same(json_string_value(value), word) ||
                   text_same(json_string_value(value), "all")) return true;
    return false;
}

static bool policies_allow(
    struct call *call, json_t *policies, enum right right)
{
    size_t index;
    json_t *policy;

    json_array_foreach(policies, index, policy)
    {
        const char *id = json_string_value(json_object_get(policy, "objectId"));
        json_t *words = json_object_get(
            json_object_get(policy, "permissions"), right_rows[right].kind);

        if (id && !json_object_get(policy, "applicationId") &&
            access_is_member(&call->cloud->estate, id, call_object_id(call)) &&
            words_hold(words, right_rows[right].permission))
            return true;
    }
    return false;
}

static bool policy_allows(
    struct call *call, const struct item *vault, enum right right)
{
    json_t *json = item_json(vault);
    bool allowed = policies_allow(call,
        json_object_get(json_object_get(json, "properties"), "accessPolicies"),
        right);
    char *region;
    char *message;

    json_decref(json);
    if (allowed)
        return true;
    region = vault_region(vault);
    message = alloc_format(
        "The user, group or application 'appid=%s;oid=%s;iss="
        "https://sts.windows.net/%s/' does not have %s %s permission on key "
        "vault '%s;location=%s'. For help resolving this issue, "
        "please see https://go.microsoft.com/fwlink/?linkid=2125287",
        caller_app(call), call_object_id(call), call->cloud->estate.tenant_id,
        right_rows[right].kind, right_rows[right].permission, vault->name,
        region);
    data_error(call, 403, "Forbidden", "AccessDenied", message);
    free(region);
    free(message);
    return false;
}

static bool local_allows(
    struct call *call, enum right right, const char *object)
{
    char *scope = object ? alloc_format("/keys/%s", object) : alloc_text("/");
    bool allowed = hsm_roles_allow(call, scope, right_rows[right].local);

    free(scope);
    if (!allowed)
        data_error(call, 403, "Forbidden", NULL,
            "The caller does not have a local role that permits this "
            "operation on the managed HSM.");
    return allowed;
}

const struct item *data_gate(
    struct call *call, enum right right, const char *object)
{
    const struct item *vault = vault_find(call);
    char *region;
    bool roles;
    bool allowed;

    if (!vault)
        return NULL;
    region = vault_region(vault);
    call_header(call, "x-ms-keyvault-region", "%s", region);
    free(region);
    call_header(call, "x-ms-keyvault-service-version", "1.9.2500.1");
    if (!network_open(call, vault))
        return NULL;
    roles = span_is(
        scan_path(vault->text, "properties.enableRbacAuthorization"), "true");
    if (call->service == SERVICE_HSM)
        allowed = local_allows(call, right, object);
    else
        allowed = roles ? role_allows(call, vault, right, object)
                        : policy_allows(call, vault, right);
    return allowed ? vault : NULL;
}
