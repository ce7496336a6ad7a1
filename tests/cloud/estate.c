/* The tables of what exists: items, look-ups, ranges, and who is whose
 * parent. Knows nothing of HTTP or of who is asking. */
#include "estate.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buffer.h"

const char *const kind_members[KIND_COUNT] = {
    [KIND_SUBSCRIPTION] = "subscriptions",
    [KIND_RESOURCE_GROUP] = "resourceGroups",
    [KIND_RESOURCE] = "resources",
    [KIND_DELETED_VAULT] = "deletedVaults",
    [KIND_DELETED_HSM] = "deletedManagedHSMs",
    [KIND_MANAGEMENT_GROUP] = "managementGroups",
    [KIND_ROLE_DEFINITION] = "roleDefinitions",
    [KIND_ROLE_ASSIGNMENT] = "roleAssignments",
    [KIND_DENY_ASSIGNMENT] = "denyAssignments",
    [KIND_LOCK] = "locks",
    [KIND_DIAGNOSTIC_SETTING] = "diagnosticSettings",
    [KIND_ELIGIBILITY] = "roleEligibilityScheduleInstances",
    [KIND_POLICY_ASSIGNMENT] = "policyAssignments",
    [KIND_POLICY_DEFINITION] = "policyDefinitions",
    [KIND_POLICY_EXEMPTION] = "policyExemptions",
    [KIND_EXTENSION] = "extensions",
};

static bool type_has_principal(const char *type)
{
    return strcmp(type, "microsoft.authorization/roleassignments") == 0 ||
           strcmp(type,
               "microsoft.authorization/roleeligibilityscheduleinstances") == 0;
}

struct item *item_new_text(char *text, size_t length)
{
    struct item *item = alloc_zero(1, sizeof *item);

    item->references = 1;
    item->text = (struct span){ text, length };
    item->id = item_copy(item, "id");
    item->key = alloc_lower(item->id);
    item->name = item_copy(item, "name");
    item->type = item_copy(item, "type");
    text_lower(item->type);
    if (type_has_principal(item->type))
        item->principal = item_copy(item, "properties.principalId");
    else
        item->principal = alloc_text("");
    return item;
}

struct item *item_new(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);

    if (!text)
        text = alloc_text("{}");
    return item_new_text(text, strlen(text));
}

struct item *item_ref(struct item *item)
{
    item->references++;
    return item;
}

void item_free(struct item *item)
{
    if (!item || --item->references > 0)
        return;
    free(item->id);
    free(item->key);
    free(item->name);
    free(item->type);
    free(item->principal);
    free((char *)(size_t)item->text.at);
    free(item);
}

json_t *item_json(const struct item *item)
{
    json_t *json = json_loadb(item->text.at, item->text.length, 0, NULL);

    return json ? json : json_object();
}

char *item_copy(const struct item *item, const char *path)
{
    return scan_copy(scan_path(item->text, path));
}

void estate_done(struct estate *estate)
{
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        struct table *table = &estate->tables[kind];

        for (size_t i = 0; i < table->count; i++)
            item_free(table->items[i]);
        free(table->items);
    }
    json_decref(estate->file);
    json_decref(estate->parents);
    free(estate->tenant_id);
}

static void table_room(struct table *table)
{
    if (table->count < table->capacity)
        return;
    table->capacity = table->capacity ? table->capacity * 2 : 16;
    table->items =
        alloc_grow(table->items, table->capacity, sizeof *table->items);
}

void estate_append(struct estate *estate, enum kind kind, struct item *item)
{
    struct table *table = &estate->tables[kind];

    table_room(table);
    table->items[table->count++] = item;
}

static int item_order(const void *a, const void *b)
{
    const struct item *const *left = a;
    const struct item *const *right = b;

    return strcmp((*left)->key, (*right)->key);
}

const struct item *estate_sort(struct estate *estate, enum kind kind)
{
    struct table *table = &estate->tables[kind];

    if (table->count > 1)
        qsort(table->items, table->count, sizeof *table->items, item_order);
    for (size_t i = 1; i < table->count; i++)
        if (strcmp(table->items[i - 1]->key, table->items[i]->key) == 0)
            return table->items[i];
    return NULL;
}

/* The first position whose key is not below the given one. */
static size_t table_position(const struct table *table, const char *key)
{
    size_t low = 0;
    size_t high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(table->items[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct item *estate_find(
    const struct estate *estate, enum kind kind, const char *id)
{
    const struct table *table = &estate->tables[kind];
    char *key = alloc_lower(id);
    size_t at = table_position(table, key);
    bool found = at < table->count && strcmp(table->items[at]->key, key) == 0;

    free(key);
    return found ? table->items[at] : NULL;
}

static void estate_touch(struct estate *estate, enum kind kind)
{
    estate->generation++;
    if (kind == KIND_ROLE_ASSIGNMENT || kind == KIND_ROLE_DEFINITION ||
        kind == KIND_DENY_ASSIGNMENT || kind == KIND_MANAGEMENT_GROUP)
        estate->access_generation++;
}

void estate_put(struct estate *estate, enum kind kind, struct item *item)
{
    struct table *table = &estate->tables[kind];
    size_t at = table_position(table, item->key);

    estate_touch(estate, kind);
    if (at < table->count && strcmp(table->items[at]->key, item->key) == 0) {
        item_free(table->items[at]);
        table->items[at] = item;
        return;
    }
    table_room(table);
    memmove(&table->items[at + 1], &table->items[at],
        (table->count - at) * sizeof *table->items);
    table->items[at] = item;
    table->count++;
}

bool estate_remove(struct estate *estate, enum kind kind, const char *id)
{
    struct table *table = &estate->tables[kind];
    char *key = alloc_lower(id);
    size_t at = table_position(table, key);
    bool found = at < table->count && strcmp(table->items[at]->key, key) == 0;

    free(key);
    if (!found)
        return false;
    estate_touch(estate, kind);
    item_free(table->items[at]);
    table->count--;
    memmove(&table->items[at], &table->items[at + 1],
        (table->count - at) * sizeof *table->items);
    return true;
}

struct range estate_below(
    const struct estate *estate, enum kind kind, const char *prefix)
{
    const struct table *table = &estate->tables[kind];
    /* 0xff sorts behind every byte of an id. */
    char *behind = alloc_format("%s\xff", prefix);
    struct range range = {
        .first = table_position(table, prefix),
        .last = table_position(table, behind),
    };

    free(behind);
    return range;
}

struct item *estate_role(const struct estate *estate, const char *id)
{
    const struct table *table = &estate->tables[KIND_ROLE_DEFINITION];
    const char *guid = id_last(id);

    for (size_t i = 0; i < table->count; i++)
        if (strcasecmp(id_last(table->items[i]->id), guid) == 0)
            return table->items[i];
    return NULL;
}

json_t *estate_member(const struct estate *estate, const char *name)
{
    return json_object_get(estate->file, name);
}

json_t *estate_principal(const struct estate *estate, const char *object_id)
{
    size_t index;
    json_t *principal;

    json_array_foreach(estate_member(estate, "principals"), index,
        principal) if (text_same(json_string_value(json_object_get(principal,
                                     "id")),
                           object_id)) return principal;
    return NULL;
}

static struct item *group_root(const struct estate *estate)
{
    char *id =
        alloc_format("/providers/microsoft.management/managementgroups/%s",
            estate->tenant_id);
    struct item *root = estate_find(estate, KIND_MANAGEMENT_GROUP, id);

    free(id);
    return root;
}

static void link_children(json_t *parents, const struct item *group)
{
    json_t *json = item_json(group);
    json_t *children =
        json_object_get(json_object_get(json, "properties"), "children");
    size_t index;
    json_t *child;

    json_array_foreach(children, index, child)
    {
        char *key =
            alloc_lower(json_string_value(json_object_get(child, "id")));

        json_object_set_new(parents, key, json_string(group->key));
        free(key);
    }
    json_decref(json);
}

void estate_link(struct estate *estate)
{
    const struct table *table = &estate->tables[KIND_MANAGEMENT_GROUP];

    json_decref(estate->parents);
    estate->parents = json_object();
    for (size_t i = 0; i < table->count; i++)
        link_children(estate->parents, table->items[i]);
    for (size_t i = 0; i < table->count; i++) {
        char *id = item_copy(table->items[i], "properties.details.parent.id");

        text_lower(id);
        if (*id)
            json_object_set_new(
                estate->parents, table->items[i]->key, json_string(id));
        free(id);
    }
}

const struct item *estate_parent(const struct estate *estate, const char *key)
{
    const struct item *root = group_root(estate);
    const char *parent =
        json_string_value(json_object_get(estate->parents, key));

    if (root && strcmp(root->key, key) == 0)
        return NULL;
    if (!parent)
        return root;
    return estate_find(estate, KIND_MANAGEMENT_GROUP, parent);
}

const char *id_last(const char *id)
{
    const char *slash = strrchr(id, '/');

    return slash ? slash + 1 : id;
}

static char *id_segment_after(const char *key, const char *marker)
{
    const char *at = strstr(key, marker);

    if (!at)
        return NULL;
    at += strlen(marker);
    return alloc_slice(at, strcspn(at, "/"));
}

char *id_subscription(const char *key)
{
    if (strncmp(key, "/subscriptions/", 15) != 0)
        return NULL;
    return id_segment_after(key, "/subscriptions/");
}

char *id_group(const char *key)
{
    char *group = id_segment_after(key, "/resourcegroups/");

    return group;
}

char *id_scope(const char *key)
{
    const char *at = key;
    const char *last = NULL;

    while ((at = strstr(at, "/providers/")) != NULL)
        last = at++;
    return alloc_slice(key, last ? (size_t)(last - key) : strlen(key));
}
