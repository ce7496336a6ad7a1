/* What hangs on a vault: access policies, private endpoint connections,
 * deleted vaults, and whether a name is free. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"
#include "vault_rules.h"

#define TYPE "Microsoft.KeyVault/vaults"
#define HSM_TYPE "Microsoft.KeyVault/managedHSMs"

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

/* The resource in a path that goes on behind it, vault or HSM. */
static const struct item *connection_owner(struct call *call)
{
    return resource_find(
        call, text_holds(call->path, "/managedHSMs/") ? HSM_TYPE : TYPE);
}

/* A connection as a resource of its own: the embedded one has no name. */
static json_t *connection_full(
    const struct item *owner, json_t *connection, const char *name)
{
    json_t *full = json_copy(connection);
    char *id =
        alloc_format("%s/privateEndpointConnections/%s", owner->id, name);
    char *type = alloc_format("%s/privateEndpointConnections",
        strstr(owner->type, "managedhsms") ? HSM_TYPE : TYPE);

    json_object_set_new(full, "id", json_string(id));
    json_object_set_new(full, "name", json_string(name));
    json_object_set_new(full, "type", json_string(type));
    free(id);
    free(type);
    return full;
}

static json_t *connection_array(json_t *owner)
{
    return json_object_get(
        json_object_get(owner, "properties"), "privateEndpointConnections");
}

static size_t connection_find(json_t *connections, const char *name)
{
    size_t index;
    json_t *connection;

    json_array_foreach(connections, index,
        connection) if (text_same(id_last(member_text(connection, "id")),
                            name)) return index;
    return json_array_size(connections);
}

void connections_list(struct call *call)
{
    const struct item *owner = connection_owner(call);
    json_t *list;
    json_t *json;
    size_t index;
    json_t *connection;

    if (!owner)
        return;
    list = json_array();
    json = item_json(owner);
    json_array_foreach(connection_array(json), index, connection)
        json_array_append_new(
            list, connection_full(owner, connection,
                      id_last(member_text(connection, "id"))));
    json_decref(json);
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}

static void connection_missing(struct call *call)
{
    answer_error(call, 404, "PrivateEndpointConnectionNotFound",
        "The private endpoint connection '%s' was not found.",
        call->captures[3]);
}

void connection_get(struct call *call)
{
    const struct item *owner = connection_owner(call);
    json_t *json;
    json_t *connection;

    if (!owner)
        return;
    json = item_json(owner);
    connection = json_array_get(connection_array(json),
        connection_find(connection_array(json), call->captures[3]));
    if (connection)
        answer_json(
            call, 200, connection_full(owner, connection, call->captures[3]));
    else
        connection_missing(call);
    json_decref(json);
}

static void connection_decide(struct call *call, const struct item *owner,
    json_t *json, json_t *connection, json_t *state)
{
    json_t *properties = json_object_get(connection, "properties");
    json_t *now =
        json_object_get(properties, "privateLinkServiceConnectionState");

    if (!now) {
        now = json_object();
        json_object_set_new(
            properties, "privateLinkServiceConnectionState", now);
    }
    json_object_update(now, state);
    json_object_set_new(now, "actionsRequired", json_string("None"));
    json_object_set_new(
        properties, "provisioningState", json_string("Succeeded"));
    answer_json(
        call, 200, connection_full(owner, connection, call->captures[3]));
    change_store(call, KIND_RESOURCE, json_incref(json));
    call_header(call, "Retry-After", "1");
    call_header(
        call, "Azure-AsyncOperation", "%s%s", call->cloud->origin, call->link);
}

void connection_put(struct call *call)
{
    const struct item *owner = connection_owner(call);
    json_t *body = owner ? call_json(call) : NULL;
    json_t *state = json_object_get(json_object_get(body, "properties"),
        "privateLinkServiceConnectionState");
    const char *status = member_text(state, "status");
    json_t *json;
    json_t *connection;

    if (!body)
        return;
    json = item_json(owner);
    connection = json_array_get(connection_array(json),
        connection_find(connection_array(json), call->captures[3]));
    if (!connection)
        connection_missing(call);
    else if (!text_same(status, "Approved") && !text_same(status, "Rejected"))
        answer_error(call, 400, "BadRequest",
            "The status '%s' of a private endpoint connection is not one of "
            "Approved and Rejected.",
            status);
    else
        connection_decide(call, owner, json, connection, state);
    json_decref(json);
    json_decref(body);
}

void connection_delete(struct call *call)
{
    const struct item *owner = connection_owner(call);
    json_t *json;
    json_t *list;
    json_t *connection;
    size_t at;

    if (!owner)
        return;
    json = item_json(owner);
    list = connection_array(json);
    at = connection_find(list, call->captures[3]);
    if (at >= json_array_size(list)) {
        answer_empty(call, 204);
        json_decref(json);
        return;
    }
    connection =
        connection_full(owner, json_array_get(list, at), call->captures[3]);
    json_object_set_new(connection, "properties",
        json_pack("{s:s}", "provisioningState", "Disconnected"));
    json_array_remove(list, at);
    change_store(call, KIND_RESOURCE, json);
    answer_json(call, 200, connection);
}

void link_resources_list(struct call *call)
{
    const struct item *owner = connection_owner(call);
    bool hsm = owner && strstr(owner->type, "managedhsms");
    const char *group = hsm ? "managedhsm" : "vault";
    char *id;

    if (!owner)
        return;
    id = alloc_format("%s/privateLinkResources/%s", owner->id, group);
    answer_json(call, 200,
        json_pack("{s:[{s:s, s:s, s:s, s:{s:s, s:[s], s:[s]}}]}", "value",
            "name", group, "type",
            hsm ? HSM_TYPE "/privateLinkResources"
                : TYPE "/privateLinkResources",
            "id", id, "properties", "groupId", group, "requiredMembers",
            "default", "requiredZoneNames",
            hsm ? "privatelink.managedhsm.azure.net"
                : "privatelink.vaultcore.azure.net"));
    free(id);
}

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
    const char *name = member_text(body, "name");

    if (!body)
        return;
    if (!name_valid(name))
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
