/* Private endpoint connections of vaults and managed HSMs. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"

#define TYPE "Microsoft.KeyVault/vaults"
#define HSM_TYPE "Microsoft.KeyVault/managedHSMs"

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
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
    if (!json_object_get(full, "etag"))
        json_object_set_new(full, "etag", json_string(""));
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

/* To write a connection is not enough to decide about it. */
static bool approval_check(struct call *call, const struct item *owner)
{
    const struct item *deny = NULL;
    char *action = alloc_format("%s/PrivateEndpointConnectionsApproval/action",
        strstr(owner->type, "managedhsms") ? HSM_TYPE : TYPE);
    enum verdict verdict = access_check(
        call->cloud->access, call_object_id(call), owner->key, action, &deny);

    if (verdict != ACCESS_GRANTED)
        answer_forbidden(call, verdict, deny, action, owner->id);
    free(action);
    return verdict == ACCESS_GRANTED;
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
    json_t *body =
        owner && approval_check(call, owner) ? call_json(call) : NULL;
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
