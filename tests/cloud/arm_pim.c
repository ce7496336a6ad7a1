/* Eligible and active assignments as PIM sees them. An active one is a role
 * assignment; the estate's "activations" tell which of these are only for a
 * while. */
#include "pim.h"

#include <stdlib.h>
#include <string.h>

#include "handlers.h"
#include "scopes.h"

#define SCHEDULES "/providers/Microsoft.Authorization/"

char *pim_role_id(const char *scope, const char *guid)
{
    char *key = alloc_lower(scope);
    char *subscription = id_subscription(key);
    char *id;

    if (subscription)
        id = alloc_format("/subscriptions/%s/providers/"
                          "Microsoft.Authorization/roleDefinitions/%s",
            subscription, guid);
    else
        id = alloc_format(
            "/providers/Microsoft.Authorization/roleDefinitions/%s", guid);
    free(subscription);
    free(key);
    return id;
}

static const char *principal_type(json_t *principal)
{
    const char *kind =
        json_string_value(json_object_get(principal, "@odata.type"));

    if (text_same(kind, "#microsoft.graph.group"))
        return "Group";
    return text_same(kind, "#microsoft.graph.servicePrincipal")
               ? "ServicePrincipal"
               : "User";
}

/* A principal that was deleted has no name any more. */
static json_t *principal_json(struct call *call, const char *id)
{
    json_t *principal = estate_principal(&call->cloud->estate, id);
    const char *name =
        json_string_value(json_object_get(principal, "displayName"));
    const char *mail =
        json_string_value(json_object_get(principal, "userPrincipalName"));

    return json_pack("{s:s, s:s, s:s*, s:s}", "id", id, "displayName",
        name ? name : "", "email", mail, "type", principal_type(principal));
}

json_t *pim_expanded(struct call *call, const char *scope, const char *role_id,
    const char *principal_id)
{
    const struct item *role = estate_role(&call->cloud->estate, role_id);
    char *name = role ? item_copy(role, "properties.roleName") : alloc_text("");
    char *type = role ? item_copy(role, "properties.type") : alloc_text("");
    json_t *expanded = json_pack("{s:o, s:{s:s, s:s, s:s}}", "scope",
        scope_describe(call, scope), "roleDefinition", "id", role_id,
        "displayName", name, "type", type);

    if (*principal_id)
        json_object_set_new(
            expanded, "principal", principal_json(call, principal_id));
    free(name);
    free(type);
    return expanded;
}

static void put_json(struct buffer *out, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);

    buffer_puts(out, text ? text : "{}");
    free(text);
    json_decref(object);
}

static json_t *copy_or_null(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    return value ? json_incref(value) : json_null();
}

/* An estate gives an eligibility in short; here it is whole. */
static void eligibility_render(
    struct call *call, const struct item *item, struct buffer *out)
{
    json_t *object = item_json(item);
    json_t *properties = json_object_get(object, "properties");
    char *scope = item_copy(item, "properties.scope");
    char *role = item_copy(item, "properties.roleDefinitionId");
    char *schedule = alloc_format(
        "%s" SCHEDULES "RoleEligibilitySchedules/%s", scope, item->name);
    static const char *const nullable[] = { "condition", "conditionVersion",
        "endDateTime" };

    json_object_set_new(
        properties, "roleEligibilityScheduleId", json_string(schedule));
    for (size_t i = 0; i < sizeof nullable / sizeof *nullable; i++)
        if (!json_object_get(properties, nullable[i]))
            json_object_set_new(properties, nullable[i], json_null());
    json_object_set_new(properties, "expandedProperties",
        pim_expanded(call, scope, role, item->principal));
    put_json(out, object);
    free(scope);
    free(role);
    free(schedule);
}

void eligibilities_list(struct call *call)
{
    scoped_list(call, KIND_ELIGIBILITY, eligibility_render);
}

/* The schedule that an instance comes from, which differs in what it names. */
static void schedule_render(
    struct call *call, const struct item *item, struct buffer *out)
{
    json_t *object = item_json(item);
    json_t *properties = json_object_get(object, "properties");
    char *scope = item_copy(item, "properties.scope");
    char *role = item_copy(item, "properties.roleDefinitionId");
    static const char *const nullable[] = { "condition", "conditionVersion",
        "endDateTime" };

    for (size_t i = 0; i < sizeof nullable / sizeof *nullable; i++)
        if (!json_object_get(properties, nullable[i]))
            json_object_set_new(properties, nullable[i], json_null());
    json_object_set_new(properties, "roleEligibilityScheduleRequestId",
        json_sprintf("%s" SCHEDULES "RoleEligibilityScheduleRequests/%s", scope,
            item->name));
    json_object_set_new(properties, "expandedProperties",
        pim_expanded(call, scope, role, item->principal));
    json_object_set_new(
        properties, "updatedOn", copy_or_null(properties, "createdOn"));
    json_object_set_new(object, "id",
        json_sprintf(
            "%s" SCHEDULES "RoleEligibilitySchedules/%s", scope, item->name));
    json_object_set_new(object, "type",
        json_string("Microsoft.Authorization/RoleEligibilitySchedules"));
    put_json(out, object);
    free(scope);
    free(role);
}

void eligibility_schedules_list(struct call *call)
{
    scoped_list(call, KIND_ELIGIBILITY, schedule_render);
}

static json_t *activation_find(
    const struct estate *estate, const struct item *assignment)
{
    size_t index;
    json_t *activation;

    json_array_foreach(estate_member(estate, "activations"), index,
        activation) if (text_same(json_string_value(json_object_get(activation,
                                      "roleAssignmentId")),
                            assignment->id)) return activation;
    return NULL;
}

static json_t *active_properties(struct call *call, const struct item *item,
    json_t *given, const char *scope)
{
    json_t *activation = activation_find(&call->cloud->estate, item);
    const char *role =
        json_string_value(json_object_get(given, "roleDefinitionId"));
    json_t *linked =
        copy_or_null(activation, "linkedRoleEligibilityScheduleId");
    bool activated = !json_is_null(linked);

    return json_pack("{s:s, s:o, s:O, s:s, s:s, s:s, s:s, s:O, s:s, s:o, s:o,"
                     " s:o, s:s, s:o, s:o, s:o, s:o}",
        "originRoleAssignmentId", item->id, "linkedRoleEligibilityScheduleId",
        linked, "linkedRoleEligibilityScheduleInstanceId", linked,
        "assignmentType", activated ? "Activated" : "Assigned", "scope", scope,
        "roleDefinitionId", role ? role : "", "principalId", item->principal,
        "principalType", json_object_get(given, "principalType"), "status",
        activated ? "Provisioned" : "Accepted", "roleAssignmentScheduleId",
        json_sprintf(
            "%s" SCHEDULES "RoleAssignmentSchedules/%s", scope, item->name),
        "startDateTime",
        copy_or_null(activation ? activation : given,
            activation ? "startDateTime" : "createdOn"),
        "endDateTime", copy_or_null(activation, "endDateTime"), "memberType",
        "Direct", "createdOn", copy_or_null(given, "createdOn"), "condition",
        copy_or_null(given, "condition"), "conditionVersion",
        copy_or_null(given, "conditionVersion"), "expandedProperties",
        pim_expanded(call, scope, role ? role : "", item->principal));
}

static void active_render(
    struct call *call, const struct item *item, struct buffer *out)
{
    json_t *object = item_json(item);
    json_t *given = json_object_get(object, "properties");
    const char *told = json_string_value(json_object_get(given, "scope"));
    char *scope = alloc_text(told ? told : "");
    json_t *properties = active_properties(call, item, given, scope);

    put_json(out,
        json_pack("{s:o, s:s, s:o, s:s}", "properties", properties, "name",
            item->name, "id",
            json_sprintf("%s" SCHEDULES "RoleAssignmentScheduleInstances/%s",
                scope, item->name),
            "type",
            "Microsoft.Authorization/"
            "RoleAssignmentScheduleInstances"));
    json_decref(object);
    free(scope);
}

void actives_list(struct call *call)
{
    scoped_list(call, KIND_ROLE_ASSIGNMENT, active_render);
}
