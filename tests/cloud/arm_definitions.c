/* Microsoft.Authorization: role definitions and the caller's own
 * permissions. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"
#include "scopes.h"

/* Within a subscription every definition is named under that subscription. */
static void definition_render(
    struct call *call, const struct item *item, struct buffer *out)
{
    char *key = alloc_lower(call->path);
    char *subscription = id_subscription(key);
    json_t *json = item_json(item);
    char *text;

    if (subscription) {
        char *id = alloc_format("/subscriptions/%s/providers/Microsoft."
                                "Authorization/roleDefinitions/%s",
            subscription, id_last(item->id));

        json_object_set_new(json, "id", json_string(id));
        free(id);
    }
    text = json_dumps(json, JSON_COMPACT);
    buffer_puts(out, text);
    free(text);
    json_decref(json);
    free(key);
    free(subscription);
}

static bool definition_assignable(
    struct call *call, const struct item *role, const char *scope)
{
    json_t *json = item_json(role);
    size_t index;
    json_t *value;
    bool found = false;

    json_array_foreach(json_object_get(json_object_get(json, "properties"),
                           "assignableScopes"),
        index, value)
    {
        char *above = alloc_lower(json_string_value(value));

        if (strcmp(above, "/") == 0)
            *above = '\0';
        found = found || scope_over(call, above, scope) ||
                text_starts(above, scope);
        free(above);
    }
    json_decref(json);
    return found;
}

void definitions_list(struct call *call)
{
    const struct table *table =
        &call->cloud->estate.tables[KIND_ROLE_DEFINITION];
    const char *filter = call_query(call, "$filter");
    char *type = filter_word(filter, "type eq");
    char *name = filter_word(filter, "roleName eq");
    char *scope = alloc_lower(call->captures[0]);
    struct page page = { .style = PAGE_WHOLE, .render = definition_render };

    for (size_t i = 0; i < table->count; i++) {
        char *own = item_copy(table->items[i], "properties.type");
        char *role = item_copy(table->items[i], "properties.roleName");

        if ((!type || text_same(type, own)) &&
            (!name || text_same(name, role)) &&
            definition_assignable(call, table->items[i], scope))
            page_add(&page, table->items[i]);
        free(own);
        free(role);
    }
    page_answer(&page, call);
    free(type);
    free(name);
    free(scope);
}

void definition_get(struct call *call)
{
    const struct item *role = estate_role(&call->cloud->estate, call->path);

    if (!role) {
        answer_error(call, 404, "RoleDefinitionDoesNotExist",
            "The specified role definition with ID '%s' does not exist.",
            call->captures[1]);
        return;
    }
    answer_empty(call, 200);
    definition_render(call, role, &call->answer);
}

/* ---- custom ones ---- */

static bool definition_check(struct call *call, json_t *given)
{
    const struct item *known = estate_role(&call->cloud->estate, call->path);
    char *type = known ? item_copy(known, "properties.type") : NULL;
    bool built_in = text_same(type, "BuiltInRole");

    free(type);
    if (built_in) {
        answer_error(call, 403, "RoleDefinitionCannotBeChanged",
            "Built-in role definitions can not be changed.");
        return false;
    }
    if (!json_string_value(json_object_get(given, "roleName")) ||
        json_array_size(json_object_get(given, "permissions")) == 0 ||
        json_array_size(json_object_get(given, "assignableScopes")) == 0) {
        answer_error(call, 400, "RoleDefinitionInvalid",
            "The role definition needs a name, permissions and assignable "
            "scopes.");
        return false;
    }
    return true;
}

static json_t *definition_new(struct call *call, json_t *given)
{
    char *id =
        alloc_format("%s/providers/Microsoft.Authorization/roleDefinitions/%s",
            call->captures[0], call->captures[1]);
    json_t *properties = json_deep_copy(given);
    json_t *result;
    char when[40];

    time_now_text(when);
    json_object_set_new(properties, "type", json_string("CustomRole"));
    json_object_set_new(properties, "createdOn", json_string(when));
    json_object_set_new(properties, "updatedOn", json_string(when));
    json_object_set_new(
        properties, "createdBy", json_string(call_object_id(call)));
    json_object_set_new(
        properties, "updatedBy", json_string(call_object_id(call)));
    result = json_pack("{s:o, s:s, s:s, s:s}", "properties", properties, "id",
        id, "type", "Microsoft.Authorization/roleDefinitions", "name",
        call->captures[1]);
    free(id);
    return result;
}

void definition_put(struct call *call)
{
    json_t *body = call_json(call);
    json_t *given = json_object_get(body, "properties");

    if (!body)
        return;
    if (definition_check(call, given)) {
        const struct item *item = change_store(
            call, KIND_ROLE_DEFINITION, definition_new(call, given));

        answer_empty(call, 201);
        definition_render(call, item, &call->answer);
    }
    json_decref(body);
}

static bool definition_in_use(struct call *call)
{
    const struct table *table =
        &call->cloud->estate.tables[KIND_ROLE_ASSIGNMENT];
    bool used = false;

    for (size_t i = 0; i < table->count && !used; i++) {
        char *role = item_copy(table->items[i], "properties.roleDefinitionId");

        used = text_same(id_last(role), call->captures[1]);
        free(role);
    }
    return used;
}

void definition_delete(struct call *call)
{
    struct item *role = estate_role(&call->cloud->estate, call->path);
    char *id;

    if (!role) {
        answer_empty(call, 204);
        return;
    }
    if (definition_in_use(call)) {
        answer_error(call, 400, "RoleDefinitionHasAssignments",
            "There are existing role assignments referencing role '%s'.",
            call->captures[1]);
        return;
    }
    answer_empty(call, 200);
    definition_render(call, role, &call->answer);
    id = alloc_text(role->id);
    estate_remove(&call->cloud->estate, KIND_ROLE_DEFINITION, id);
    free(id);
}

/* ---- the caller ---- */

void permissions_list(struct call *call)
{
    answer_json(call, 200,
        json_pack("{s:o}", "value",
            access_permissions(
                call->cloud->access, call_object_id(call), call->captures[0])));
}
