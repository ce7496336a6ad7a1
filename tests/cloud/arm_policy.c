/* Microsoft.Authorization: policy assignments and the definitions that they
 * assign. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "scopes.h"
#include "things.h"

#define NAME_MAX 64
#define NAME_MAX_GROUP 24

void policies_list(struct call *call)
{
    scoped_list(call, KIND_POLICY_ASSIGNMENT, NULL);
}

static void policy_missing(struct call *call)
{
    answer_error(call, 404, "PolicyAssignmentNotFound",
        "The policy assignment '%s' is not found.", call->captures[1]);
}

void policy_get(struct call *call)
{
    const struct item *item =
        estate_find(&call->cloud->estate, KIND_POLICY_ASSIGNMENT, call->path);

    if (item)
        answer_item(call, 200, item);
    else
        policy_missing(call);
}

static bool policy_check(struct call *call, json_t *body)
{
    const char *definition = json_string_value(json_object_get(
        json_object_get(body, "properties"), "policyDefinitionId"));
    bool group = text_holds(call->captures[0], "/managementGroups/");

    if (strlen(call->captures[1]) > (group ? NAME_MAX_GROUP : NAME_MAX)) {
        answer_error(call, 400, "InvalidPolicyAssignmentName",
            "The policy assignment name '%s' is invalid: it is too long.",
            call->captures[1]);
        return false;
    }
    if (!definition || !estate_find(&call->cloud->estate,
                           KIND_POLICY_DEFINITION, definition)) {
        answer_error(call, 404, "PolicyDefinitionNotFound",
            "The policy definition '%s' could not be found.",
            definition ? definition : "");
        return false;
    }
    return true;
}

static json_t *policy_new(struct call *call, json_t *body)
{
    json_t *properties = json_deep_copy(json_object_get(body, "properties"));
    json_t *identity = json_object_get(body, "identity");
    char *instance = guid_new();
    json_t *standard = json_pack("{s:s, s:[], s:s, s:s, s:{}}",
        "enforcementMode", "Default", "notScopes", "definitionVersion", "1.*.*",
        "instanceId", instance, "metadata");
    json_t *object;

    json_add_missing(properties, standard);
    json_object_set_new(properties, "scope", json_string(call->captures[0]));
    object = json_pack("{s:o, s:s, s:s, s:s}", "properties", properties, "id",
        call->path, "type", "Microsoft.Authorization/policyAssignments", "name",
        call->captures[1]);
    if (json_object_get(body, "location"))
        json_object_set(object, "location", json_object_get(body, "location"));
    if (text_same(json_string_value(json_object_get(identity, "type")),
            "SystemAssigned")) {
        char *principal = guid_new();

        json_object_set_new(object, "identity",
            json_pack("{s:s, s:s, s:s}", "type", "SystemAssigned",
                "principalId", principal, "tenantId",
                call->cloud->estate.tenant_id));
        free(principal);
    }
    json_decref(standard);
    free(instance);
    return object;
}

void policy_put(struct call *call)
{
    json_t *body = call_json(call);

    if (body && policy_check(call, body))
        change_answer(
            call, 201, KIND_POLICY_ASSIGNMENT, policy_new(call, body));
    json_decref(body);
}

void policy_delete(struct call *call)
{
    struct estate *estate = &call->cloud->estate;
    struct item *item = estate_find(estate, KIND_POLICY_ASSIGNMENT, call->path);

    if (!item) {
        answer_empty(call, 204);
        return;
    }
    answer_item(call, 200, item);
    estate_remove(estate, KIND_POLICY_ASSIGNMENT, call->path);
}

/* Built-in definitions are listed at every scope. */
static void definitions_answer(struct call *call, const char *type)
{
    const struct table *table =
        &call->cloud->estate.tables[KIND_POLICY_DEFINITION];
    struct page page = { .style = PAGE_PLAIN };

    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->items[i]->type, type) == 0)
            page_add(&page, table->items[i]);
    page_answer(&page, call);
}

void policy_definitions_list(struct call *call)
{
    definitions_answer(call, "microsoft.authorization/policydefinitions");
}

void policy_sets_list(struct call *call)
{
    definitions_answer(call, "microsoft.authorization/policysetdefinitions");
}

/* A built-in one answers below a scope too. */
static void definition_answer(
    struct call *call, const char *type, const char *code)
{
    char *id = alloc_format(
        "/providers/Microsoft.Authorization/%s/%s", type, call->captures[1]);
    const struct estate *estate = &call->cloud->estate;
    const struct item *item =
        estate_find(estate, KIND_POLICY_DEFINITION, call->path);

    if (!item)
        item = estate_find(estate, KIND_POLICY_DEFINITION, id);
    if (item)
        answer_item(call, 200, item);
    else
        answer_error(call, 404, code, "The definition '%s' could not be found.",
            call->captures[1]);
    free(id);
}

void policy_definition_get(struct call *call)
{
    definition_answer(call, "policyDefinitions", "PolicyDefinitionNotFound");
}

void policy_set_get(struct call *call)
{
    definition_answer(
        call, "policySetDefinitions", "PolicySetDefinitionNotFound");
}
