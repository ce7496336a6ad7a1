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

void permissions_list(struct call *call)
{
    answer_json(call, 200,
        json_pack("{s:o}", "value",
            access_permissions(
                call->cloud->access, call_object_id(call), call->captures[0])));
}
