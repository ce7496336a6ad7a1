/* Microsoft.Authorization: role assignments and deny assignments. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"
#include "scopes.h"

#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

enum below {
    BELOW_TOO,
    BELOW_NOT,
};

struct assignment_filter {
    enum below below;
    char *principal; /* NULL: anybody */
    bool groups;     /* also what the principal has through groups */
};

static struct assignment_filter filter_parse(struct call *call)
{
    const char *text = call_query(call, "$filter");
    struct assignment_filter filter = { .below = BELOW_TOO };

    if (text && text_holds(text, "atScope()"))
        filter.below = BELOW_NOT;
    filter.principal = filter_word(text, "principalId eq");
    if (!filter.principal) {
        filter.principal = filter_word(text, "assignedTo(");
        filter.groups = filter.principal != NULL;
    }
    if (!filter.principal && text && text_holds(text, "asTarget()")) {
        filter.principal = alloc_text(call_object_id(call));
        filter.groups = true;
    }
    return filter;
}

static bool filter_takes(struct call *call,
    const struct assignment_filter *filter, const struct item *assignment)
{
    if (!filter->principal)
        return true;
    if (text_same(filter->principal, assignment->principal))
        return true;
    return filter->groups && access_is_member(&call->cloud->estate,
                                 assignment->principal, filter->principal);
}

/* Of one part of the table, those above a scope, without what is below it. */
static void assignments_above_in(struct call *call, const char *part,
    const char *scope, const struct assignment_filter *filter, enum kind kind,
    struct page *page)
{
    const struct estate *estate = &call->cloud->estate;
    struct range range = estate_below(estate, kind, part);
    char *prefix = alloc_format("%s/", scope);
    struct range below = estate_below(estate, kind, prefix);

    free(prefix);
    for (size_t i = range.first; i < range.last; i++) {
        const struct item *item = estate->tables[kind].items[i];
        char *own;

        if (i >= below.first && i < below.last)
            continue;
        own = id_scope(item->key);
        if (scope_over(call, own, scope) && filter_takes(call, filter, item))
            page_add(page, item);
        free(own);
    }
}

/* They stand at the root, at a management group, or in the same
 * subscription. */
static void assignments_above(struct call *call, const char *scope,
    const struct assignment_filter *filter, enum kind kind, struct page *page)
{
    char *subscription = id_subscription(scope);

    assignments_above_in(call, "/providers/", scope, filter, kind, page);
    if (subscription) {
        char *part = alloc_format("/subscriptions/%s/", subscription);

        assignments_above_in(call, part, scope, filter, kind, page);
        free(part);
    }
    free(subscription);
}

static void assignments_below(struct call *call, const char *scope,
    const struct assignment_filter *filter, enum kind kind, struct page *page)
{
    const struct estate *estate = &call->cloud->estate;
    const struct table *table = &estate->tables[kind];
    char *prefix = alloc_format("%s/", scope);
    struct range range = estate_below(estate, kind, prefix);

    for (size_t i = range.first; i < range.last; i++) {
        const struct item *item = table->items[i];
        char *own = id_scope(item->key);

        if ((filter->below == BELOW_TOO || strcmp(own, scope) == 0) &&
            filter_takes(call, filter, item))
            page_add(page, item);
        free(own);
    }
    free(prefix);
}

void scoped_list(struct call *call, enum kind kind, page_render *render)
{
    struct page page = { .style = PAGE_PLAIN, .render = render };
    struct assignment_filter filter = filter_parse(call);
    char *scope = alloc_lower(call->captures[0]);

    assignments_above(call, scope, &filter, kind, &page);
    assignments_below(call, scope, &filter, kind, &page);
    page_answer(&page, call);
    free(filter.principal);
    free(scope);
}

void assignments_list(struct call *call)
{
    scoped_list(call, KIND_ROLE_ASSIGNMENT, NULL);
}

void denials_list(struct call *call)
{
    scoped_list(call, KIND_DENY_ASSIGNMENT, NULL);
}

void denial_get(struct call *call)
{
    const struct item *item =
        estate_find(&call->cloud->estate, KIND_DENY_ASSIGNMENT, call->path);

    if (item)
        answer_item(call, 200, item);
    else
        answer_error(call, 404, "DenyAssignmentNotFound",
            "The deny assignment '%s' is not found.", call->captures[1]);
}

void assignment_get(struct call *call)
{
    const struct item *item =
        estate_find(&call->cloud->estate, KIND_ROLE_ASSIGNMENT, call->path);

    if (item)
        answer_item(call, 200, item);
    else
        answer_error(call, 404, "RoleAssignmentNotFound",
            "The role assignment '%s' is not found.", call->captures[1]);
}

static const char *property(json_t *properties, const char *name)
{
    const char *value = json_string_value(json_object_get(properties, name));

    return value ? value : "";
}

/* An assignment of the same role to the same principal at the same scope. */
static const struct item *assignment_twin(struct call *call, json_t *properties)
{
    const struct estate *estate = &call->cloud->estate;
    const struct table *table = &estate->tables[KIND_ROLE_ASSIGNMENT];
    char *prefix =
        alloc_format("%s/providers/microsoft.authorization/roleassignments/",
            call->captures[0]);
    const struct item *twin = NULL;
    struct range range;

    text_lower(prefix);
    range = estate_below(estate, KIND_ROLE_ASSIGNMENT, prefix);
    for (size_t i = range.first; i < range.last && !twin; i++) {
        char *role = item_copy(table->items[i], "properties.roleDefinitionId");

        if (text_same(id_last(role),
                id_last(property(properties, "roleDefinitionId"))) &&
            text_same(table->items[i]->principal,
                property(properties, "principalId")))
            twin = table->items[i];
        free(role);
    }
    free(prefix);
    return twin;
}

static const char *principal_type(struct call *call, json_t *properties)
{
    json_t *principal = estate_principal(
        &call->cloud->estate, property(properties, "principalId"));
    const char *kind =
        json_string_value(json_object_get(principal, "@odata.type"));

    if (*property(properties, "principalType"))
        return property(properties, "principalType");
    if (text_same(kind, "#microsoft.graph.user"))
        return "User";
    return text_same(kind, "#microsoft.graph.group") ? "Group"
                                                     : "ServicePrincipal";
}

static json_t *assignment_new(struct call *call, json_t *given)
{
    static const char *const carried[] = { "condition", "conditionVersion",
        "description", "delegatedManagedIdentityResourceId" };
    const char *scope = *call->captures[0] ? call->captures[0] : "/";
    char *id =
        alloc_format("%s/providers/Microsoft.Authorization/roleAssignments/%s",
            call->captures[0], call->captures[1]);
    char when[40];
    json_t *properties;
    json_t *result;

    time_now_text(when);
    properties = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
        "roleDefinitionId", property(given, "roleDefinitionId"), "principalId",
        property(given, "principalId"), "principalType",
        principal_type(call, given), "scope", scope, "createdOn", when,
        "updatedOn", when, "createdBy", call_object_id(call), "updatedBy",
        call_object_id(call));
    for (size_t i = 0; i < sizeof carried / sizeof *carried; i++)
        json_object_set_new(properties, carried[i],
            json_object_get(given, carried[i])
                ? json_incref(json_object_get(given, carried[i]))
                : json_null());
    result = json_pack("{s:o, s:s, s:s, s:s}", "properties", properties, "id",
        id, "type", "Microsoft.Authorization/roleAssignments", "name",
        call->captures[1]);
    free(id);
    return result;
}

static bool assignment_check(struct call *call, json_t *given)
{
    const struct estate *estate = &call->cloud->estate;
    const char *role = property(given, "roleDefinitionId");
    const char *principal = property(given, "principalId");

    if (!*role || !*principal) {
        answer_error(call, 400, "BadRequestFormat",
            "The request was incorrectly formatted.");
        return false;
    }
    if (!estate_role(estate, role)) {
        answer_error(call, 400, "RoleDefinitionDoesNotExist",
            "The specified role definition with ID '%s' does not exist.",
            id_last(role));
        return false;
    }
    if (!estate_principal(estate, principal) &&
        !*property(given, "principalType")) {
        answer_error(call, 400, "PrincipalNotFound",
            "Principal %s does not exist in the directory %s. Check that you "
            "have the correct principal ID. If you are creating this "
            "principal and then immediately assigning a role, this error "
            "might be related to a replication delay. In this case, set the "
            "role assignment principalType property to a value, such as "
            "ServicePrincipal, User, or Group.",
            principal, estate->tenant_id);
        return false;
    }
    return true;
}

/* The guid is in use: the same content is fine, other ids are not. */
static void assignment_again(
    struct call *call, const struct item *known, json_t *given)
{
    char *role = item_copy(known, "properties.roleDefinitionId");

    if (text_same(
            id_last(role), id_last(property(given, "roleDefinitionId"))) &&
        text_same(known->principal, property(given, "principalId")))
        answer_item(call, 200, known);
    else
        answer_error(call, 409, "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not "
            "allowed to be updated.");
    free(role);
}

void assignment_put(struct call *call)
{
    json_t *body = call_json(call);
    json_t *given = json_object_get(body, "properties");
    const struct item *known;
    const struct item *twin;

    if (!body)
        return;
    if (assignment_check(call, given)) {
        known =
            estate_find(&call->cloud->estate, KIND_ROLE_ASSIGNMENT, call->path);
        twin = known ? NULL : assignment_twin(call, given);
        if (known)
            assignment_again(call, known, given);
        else if (twin)
            answer_error(call, 409, "RoleAssignmentExists",
                "The role assignment already exists. The ID of the existing "
                "role assignment is %s.",
                twin->name);
        else
            change_answer(
                call, 201, KIND_ROLE_ASSIGNMENT, assignment_new(call, given));
    }
    json_decref(body);
}

/* A subscription must keep one Owner of its own. */
static bool assignment_is_last_owner(
    struct call *call, const struct item *assignment)
{
    const struct estate *estate = &call->cloud->estate;
    const struct table *table = &estate->tables[KIND_ROLE_ASSIGNMENT];
    char *prefix =
        alloc_format("%s/providers/microsoft.authorization/roleassignments/",
            call->captures[0]);
    char *scope = alloc_lower(call->captures[0]);
    size_t owners = 0;
    bool ours = false;
    struct range range;

    text_lower(prefix);
    range = estate_below(estate, KIND_ROLE_ASSIGNMENT, prefix);
    for (size_t i = range.first; i < range.last; i++) {
        char *role = item_copy(table->items[i], "properties.roleDefinitionId");
        bool owner = text_same(id_last(role), OWNER);

        owners += owner;
        ours = ours || (owner && table->items[i] == assignment);
        free(role);
    }
    ours = ours && owners == 1 &&
           estate_find(estate, KIND_SUBSCRIPTION, scope) != NULL;
    free(prefix);
    free(scope);
    return ours;
}

void assignment_delete(struct call *call)
{
    struct estate *estate = &call->cloud->estate;
    struct item *item = estate_find(estate, KIND_ROLE_ASSIGNMENT, call->path);

    if (!item) {
        answer_empty(call, 204);
        return;
    }
    if (assignment_is_last_owner(call, item)) {
        answer_error(call, 412, "RoleAssignmentDeletionNotAllowed",
            "Cannot delete the last RBAC admin assignment.");
        return;
    }
    answer_item(call, 200, item);
    estate_remove(estate, KIND_ROLE_ASSIGNMENT, call->path);
}
