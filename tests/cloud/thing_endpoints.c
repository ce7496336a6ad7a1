/* Private endpoints and the connections that they make at vaults and managed
 * HSMs: one is never there without the other. */
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "change.h"
#include "linked.h"
#include "thing_checks.h"

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

/* Whoever may approve connections of the resource gets them approved. */
static bool approves(struct call *call, const struct item *target)
{
    char *action = alloc_format(
        "%s/PrivateEndpointConnectionsApproval/action", target->type);
    bool good = access_check(call->cloud->access, call_object_id(call),
                    target->key, action, NULL) == ACCESS_GRANTED;

    free(action);
    return good;
}

static json_t *connection_new(
    const struct item *target, const char *endpoint, bool approved)
{
    char *guid = guid_new();
    char *id = alloc_format("%s/privateEndpointConnections/%s.%s", target->id,
        id_last(endpoint), guid);
    json_t *connection = json_pack("{s:s, s:{s:s, s:{s:s}, s:{s:s, s:s, s:s}}}",
        "id", id, "properties", "provisioningState", "Succeeded",
        "privateEndpoint", "id", endpoint, "privateLinkServiceConnectionState",
        "status", approved ? "Approved" : "Pending", "description",
        approved ? "Auto-approved" : "Awaiting approval", "actionsRequired",
        "None");

    free(guid);
    free(id);
    return connection;
}

static bool connection_is_of(json_t *connection, const char *endpoint)
{
    json_t *properties = json_object_get(connection, "properties");

    return text_same(
        member_text(json_object_get(properties, "privateEndpoint"), "id"),
        endpoint);
}

/* Adds the connection to the resource unless it is there already. */
static void target_connect(struct call *call, const struct item *target,
    const char *endpoint, bool approved)
{
    json_t *object = item_json(target);
    json_t *properties = json_object_get(object, "properties");
    json_t *list = json_object_get(properties, "privateEndpointConnections");
    size_t index;
    json_t *connection;

    if (!json_is_array(list)) {
        list = json_array();
        json_object_set_new(properties, "privateEndpointConnections", list);
    }
    json_array_foreach(
        list, index, connection) if (connection_is_of(connection, endpoint))
    {
        json_decref(object);
        return;
    }
    json_array_append_new(list, connection_new(target, endpoint, approved));
    change_store(call, KIND_RESOURCE, object);
}

static bool link_check(struct call *call, json_t *link, bool manual)
{
    json_t *properties = json_object_get(link, "properties");
    const char *id = member_text(properties, "privateLinkServiceId");
    const struct item *target =
        estate_find(&call->cloud->estate, KIND_RESOURCE, id);
    bool approved;

    if (!target) {
        answer_error(call, 400, "InvalidResourceReference",
            "Resource %s referenced by resource %s was not found.", id,
            call->path);
        return false;
    }
    approved = !manual && approves(call, target);
    if (!manual && !approved) {
        answer_error(call, 403, "LinkedAuthorizationFailed",
            "The client has permission to perform action "
            "'Microsoft.Network/privateEndpoints/write' on scope '%s', however "
            "the linked access check failed on '%s'.",
            call->path, id);
        return false;
    }
    json_object_set_new(properties, "privateLinkServiceConnectionState",
        json_pack("{s:s, s:s, s:s}", "status",
            approved ? "Approved" : "Pending", "description",
            approved ? "Auto-approved" : "Awaiting approval", "actionsRequired",
            "None"));
    target_connect(call, target, call->path, approved);
    return true;
}

bool check_private_endpoint(
    struct call *call, json_t *object, const struct item *old)
{
    static const char *const lists[] = { "privateLinkServiceConnections",
        "manualPrivateLinkServiceConnections" };
    json_t *properties = json_object_get(object, "properties");
    const char *subnet =
        member_text(json_object_get(properties, "subnet"), "id");

    if (!old && !linked_check(call, subnet,
                    "Microsoft.Network/virtualNetworks/subnets/join/action"))
        return false;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t index;
        json_t *link;

        json_array_foreach(json_object_get(properties, lists[i]), index,
            link) if (!link_check(call, link, i == 1)) return false;
    }
    return true;
}

bool check_zone_group(struct call *call, json_t *object, const struct item *old)
{
    json_t *zones = json_object_get(
        json_object_get(object, "properties"), "privateDnsZoneConfigs");
    size_t index;
    json_t *zone;

    (void)old;
    json_array_foreach(zones, index, zone)
    {
        const char *id = member_text(
            json_object_get(zone, "properties"), "privateDnsZoneId");

        if (!linked_check(
                call, id, "Microsoft.Network/privateDnsZones/join/action"))
            return false;
    }
    return true;
}

static void target_disconnect(
    struct call *call, const char *target, const char *endpoint)
{
    struct item *item =
        estate_find(&call->cloud->estate, KIND_RESOURCE, target);
    json_t *object;
    size_t index;
    json_t *connection;

    if (!item)
        return;
    object = item_json(item);
    json_array_foreach(json_object_get(json_object_get(object, "properties"),
                           "privateEndpointConnections"),
        index, connection) if (connection_is_of(connection, endpoint))
        json_object_set_new(
            json_object_get(json_object_get(connection, "properties"),
                "privateLinkServiceConnectionState"),
            "status", json_string("Disconnected"));
    change_store(call, KIND_RESOURCE, object);
}

void endpoint_gone(struct call *call, const struct item *endpoint)
{
    json_t *object = item_json(endpoint);
    json_t *links = json_object_get(
        json_object_get(object, "properties"), "privateLinkServiceConnections");
    size_t index;
    json_t *link;

    json_array_foreach(links, index, link) target_disconnect(call,
        member_text(
            json_object_get(link, "properties"), "privateLinkServiceId"),
        endpoint->id);
    json_decref(object);
}
