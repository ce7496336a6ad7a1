/* Microsoft.Management: the tree of management groups. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"

#define READ "Microsoft.Management/managementGroups/read"

static bool group_readable(struct call *call, const struct item *group)
{
    return access_check(call->cloud->access, call_object_id(call), group->key,
               READ, NULL) == ACCESS_GRANTED;
}

/* The list shows less than the single group does. */
static void group_render(
    struct call *call, const struct item *item, struct buffer *out)
{
    char *display = item_copy(item, "properties.displayName");

    buffer_puts(out, "{\"id\":");
    buffer_put_string(out, item->id);
    buffer_puts(
        out, ",\"type\":\"Microsoft.Management/managementGroups\",\"name\":");
    buffer_put_string(out, item->name);
    buffer_putf(out, ",\"properties\":{\"tenantId\":\"%s\",\"displayName\":",
        call->cloud->estate.tenant_id);
    buffer_put_string(out, display);
    buffer_puts(out, "}}");
    free(display);
}

void management_list(struct call *call)
{
    const struct table *table =
        &call->cloud->estate.tables[KIND_MANAGEMENT_GROUP];
    struct page page = { .style = PAGE_GROUPS, .render = group_render };

    for (size_t i = 0; i < table->count; i++)
        if (group_readable(call, table->items[i]))
            page_add(&page, table->items[i]);
    if (page.count > 0) {
        page_answer(&page, call);
        return;
    }
    page_done(&page);
    answer_forbidden(call, ACCESS_MISSING, NULL, READ, "/");
}

/* Gives each child that is a group its own children, all the way down. */
static void children_expand(const struct estate *estate, json_t *parent)
{
    json_t *children = json_object_get(parent, "children");
    size_t index;
    json_t *child;

    json_array_foreach(children, index, child)
    {
        const char *id = json_string_value(json_object_get(child, "id"));
        const struct item *group =
            id ? estate_find(estate, KIND_MANAGEMENT_GROUP, id) : NULL;
        json_t *json;
        json_t *below;

        if (!group)
            continue;
        json = item_json(group);
        below =
            json_object_get(json_object_get(json, "properties"), "children");
        if (json_array_size(below) > 0) {
            json_object_set(child, "children", below);
            children_expand(estate, child);
        }
        json_decref(json);
    }
}

void management_get(struct call *call)
{
    const struct estate *estate = &call->cloud->estate;
    const struct item *group =
        estate_find(estate, KIND_MANAGEMENT_GROUP, call->path);
    const char *expand = call_query(call, "$expand");
    json_t *json;
    json_t *properties;

    if (!group) {
        answer_error(call, 404, "NotFound",
            "Management group '%s' was not found.", call->captures[0]);
        return;
    }
    json = item_json(group);
    properties = json_object_get(json, "properties");
    if (!text_same(expand, "children"))
        json_object_del(properties, "children");
    else if (text_same(call_query(call, "$recurse"), "true"))
        children_expand(estate, properties);
    answer_json(call, 200, json);
}

static void descendants_add(
    const struct estate *estate, const struct item *group, json_t *list)
{
    json_t *json = item_json(group);
    size_t index;
    json_t *child;

    json_array_foreach(
        json_object_get(json_object_get(json, "properties"), "children"), index,
        child)
    {
        const char *id = json_string_value(json_object_get(child, "id"));
        const struct item *below =
            id ? estate_find(estate, KIND_MANAGEMENT_GROUP, id) : NULL;

        json_array_append_new(list,
            json_pack("{s:O, s:s, s:O, s:{s:O, s:{s:s}}}", "id",
                json_object_get(child, "id"), "type",
                below ? "Microsoft.Management/managementGroups"
                      : "Microsoft.Management/managementGroups/subscriptions",
                "name", json_object_get(child, "name"), "properties",
                "displayName", json_object_get(child, "displayName"), "parent",
                "id", group->id));
        if (below)
            descendants_add(estate, below, list);
    }
    json_decref(json);
}

/* The group that the path names, or NULL after a 404. */
static const struct item *group_need(struct call *call)
{
    char *id = alloc_format("/providers/Microsoft.Management/managementGroups"
                            "/%s",
        call->captures[0]);
    const struct item *group =
        estate_find(&call->cloud->estate, KIND_MANAGEMENT_GROUP, id);

    free(id);
    if (!group)
        answer_error(call, 404, "NotFound",
            "Management group '%s' was not found.", call->captures[0]);
    return group;
}

void management_descendants(struct call *call)
{
    const struct item *group = group_need(call);
    json_t *list;

    if (!group)
        return;
    list = json_array();
    descendants_add(&call->cloud->estate, group, list);
    answer_json(call, 200, json_pack("{s:o, s:n}", "value", list, "nextLink"));
}

static json_t *member_json(const struct call *call,
    const struct item *subscription, const struct item *group)
{
    char *display = item_copy(subscription, "displayName");
    char *state = item_copy(subscription, "state");
    json_t *json = json_pack("{s:o, s:s, s:s, s:{s:s, s:{s:s}, s:s, s:s}}",
        "id",
        json_sprintf(
            "%s/subscriptions/%s", group->id, id_last(subscription->id)),
        "type", "Microsoft.Management/managementGroups/subscriptions", "name",
        id_last(subscription->id), "properties", "displayName", display,
        "parent", "id", group->id, "state", *state ? state : "Enabled",
        "tenant", call->cloud->estate.tenant_id);

    free(display);
    free(state);
    return json;
}

/* Those right below the group. */
void management_subscriptions(struct call *call)
{
    const struct estate *estate = &call->cloud->estate;
    const struct table *table = &estate->tables[KIND_SUBSCRIPTION];
    const struct item *group = group_need(call);
    json_t *list;

    if (!group)
        return;
    list = json_array();
    for (size_t i = 0; i < table->count; i++)
        if (estate_parent(estate, table->items[i]->key) == group)
            json_array_append_new(
                list, member_json(call, table->items[i], group));
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}

static json_t *entity_chains(struct call *call, const struct item *item,
    json_t **displays, const struct item **parent)
{
    json_t *names = json_array();
    const struct item *group = estate_parent(&call->cloud->estate, item->key);

    *parent = group;
    *displays = json_array();
    for (; group; group = estate_parent(&call->cloud->estate, group->key)) {
        char *display = item_copy(group, "properties.displayName");

        json_array_insert_new(names, 0, json_string(group->name));
        json_array_insert_new(*displays, 0, json_string(display));
        free(display);
    }
    return names;
}

static const char *entity_permission(
    struct call *call, const struct item *item, bool group)
{
    struct access *access = call->cloud->access;
    const char *who = call_object_id(call);

    if (access_check(access, who, item->key,
            group ? "Microsoft.Management/managementGroups/write"
                  : "Microsoft.Resources/subscriptions/write",
            NULL) == ACCESS_GRANTED)
        return "edit";
    if (access_check(access, who, item->key,
            group ? READ : "Microsoft.Resources/subscriptions/read",
            NULL) == ACCESS_GRANTED)
        return "view";
    return "noaccess";
}

/* What lies below a management group. */
struct below {
    int all;
    int children;
    int groups; /* of the children */
};

static struct below below_count(
    const struct estate *estate, const struct item *top)
{
    static const enum kind kinds[] = { KIND_MANAGEMENT_GROUP,
        KIND_SUBSCRIPTION };
    struct below below = { 0 };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct table *table = &estate->tables[kinds[i]];

        for (size_t j = 0; j < table->count; j++) {
            const struct item *group =
                estate_parent(estate, table->items[j]->key);

            below.children += group == top;
            below.groups += group == top && kinds[i] == KIND_MANAGEMENT_GROUP;
            while (group && group != top)
                group = estate_parent(estate, group->key);
            below.all += group == top;
        }
    }
    return below;
}

static void entity_add(
    struct call *call, const struct item *item, bool group, json_t *list)
{
    const struct item *parent;
    json_t *displays;
    json_t *names = entity_chains(call, item, &displays, &parent);
    char *display =
        item_copy(item, group ? "properties.displayName" : "displayName");
    const char *permission = entity_permission(call, item, group);
    struct below below = { 0 };

    if (group)
        below = below_count(&call->cloud->estate, item);

    json_array_append_new(list,
        json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:{s:s*}, s:s, s:s, s:o, "
                  "s:o, s:i, s:i, s:i}}",
            "id", item->id, "type",
            group ? "Microsoft.Management/managementGroups" : "/subscriptions",
            "name", id_last(item->id), "properties", "tenantId",
            call->cloud->estate.tenant_id, "displayName", display, "parent",
            "id", parent ? parent->id : NULL, "permissions", permission,
            "inheritedPermissions", permission, "parentDisplayNameChain",
            displays, "parentNameChain", names, "numberOfDescendants",
            below.all, "numberOfChildren", below.children,
            "numberOfChildGroups", below.groups));
    free(display);
}

void entities_list(struct call *call)
{
    const struct estate *estate = &call->cloud->estate;
    json_t *list = json_array();

    for (int group = 1; group >= 0; group--) {
        const struct table *table =
            &estate->tables[group ? KIND_MANAGEMENT_GROUP : KIND_SUBSCRIPTION];

        for (size_t i = 0; i < table->count; i++)
            if (access_visible(call->cloud->access, call_object_id(call),
                    table->items[i]->key))
                entity_add(call, table->items[i], group != 0, list);
    }
    answer_json(call, 200,
        json_pack("{s:o, s:i, s:n}", "value", list, "count",
            (int)json_array_size(list), "nextLink"));
}
