/* How ARM objects look as rows of Resource Graph tables. */
#include "graph_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "policy.h"
#include "security.h"

const char *const row_columns[ROW_COLUMN_COUNT] = {
    "id",
    "name",
    "type",
    "tenantId",
    "kind",
    "location",
    "resourceGroup",
    "subscriptionId",
    "managedBy",
    "sku",
    "plan",
    "properties",
    "tags",
    "identity",
    "zones",
    "extendedLocation",
};
/* From "sku" on the columns hold objects, or null. */
#define FIRST_OBJECT 9

static size_t column_of(const char *path)
{
    size_t length = strcspn(path, ".");

    for (size_t i = 0; i < ROW_COLUMN_COUNT; i++)
        if (strlen(row_columns[i]) == length &&
            strncmp(row_columns[i], path, length) == 0)
            return i;
    return ROW_COLUMN_COUNT;
}

bool row_has_column(const char *path)
{
    return column_of(path) < ROW_COLUMN_COUNT;
}

bool row_is_object(const char *path)
{
    return column_of(path) >= FIRST_OBJECT;
}

/* The segment behind a marker of the lower-cased id, quoted. */
static struct span key_part(
    const char *key, const char *marker, char scratch[256])
{
    const char *at = strstr(key, marker);
    int length = 0;

    if (at) {
        at += strlen(marker);
        length = (int)strcspn(at, "/");
    }
    snprintf(scratch, 256, "\"%.*s\"", length, at ? at : "");
    return (struct span){ scratch, strlen(scratch) };
}

/* Types and tenants have no characters that JSON would escape. */
static struct span quoted(const char *text, char scratch[256])
{
    size_t length = strnlen(text, 250);

    scratch[0] = '"';
    memcpy(scratch + 1, text, length);
    scratch[length + 1] = '"';
    return (struct span){ scratch, length + 2 };
}

struct span row_value(const void *view, const char *path, char scratch[256])
{
    const struct row_view *row = view;
    const struct item *item = row->item;
    struct span value;

    if (strcmp(path, "type") == 0)
        return quoted(item->type, scratch);
    if (strcmp(path, "tenantId") == 0)
        return quoted(row->estate->tenant_id, scratch);
    if (strcmp(path, "subscriptionId") == 0)
        return key_part(item->key, "/subscriptions/", scratch);
    if (strcmp(path, "resourceGroup") == 0)
        return key_part(item->key, "/resourcegroups/", scratch);
    value = scan_path(item->text, path);
    if (value.at && !span_is(value, "null"))
        return value;
    if (column_of(path) < FIRST_OBJECT)
        return (struct span){ "\"\"", 2 };
    return (struct span){ "null", 4 };
}

static json_t *ancestors(const struct estate *estate, const char *key)
{
    const struct item *group = estate_parent(estate, key);
    json_t *chain = json_array();

    for (; group; group = estate_parent(estate, group->key)) {
        char *display = item_copy(group, "properties.displayName");

        json_array_append_new(chain, json_pack("{s:s, s:s}", "displayName",
                                         display, "name", group->name));
        free(display);
    }
    return chain;
}

/* A subscription's row has its display name as name. */
static struct item *subscription_row(
    const struct estate *estate, const struct item *item)
{
    json_t *json = item_json(item);
    json_t *row = json_pack("{s:s, s:O*, s:s, s:O*, s:{s:o, s:O*, s:O*, "
                            "s:O*}}",
        "id", item->id, "name", json_object_get(json, "displayName"), "type",
        "microsoft.resources/subscriptions", "tags",
        json_object_get(json, "tags"), "properties",
        "managementGroupAncestorsChain", ancestors(estate, item->key), "state",
        json_object_get(json, "state"), "subscriptionPolicies",
        json_object_get(json, "subscriptionPolicies"), "managedByTenants",
        json_object_get(json, "managedByTenants"));
    struct item *result = item_new(row);

    json_decref(row);
    json_decref(json);
    return result;
}

static struct item *group_row(
    const struct estate *estate, const struct item *item)
{
    json_t *row = item_json(item);
    struct item *result;

    (void)estate;
    json_object_set_new(row, "type",
        json_string("microsoft.resources/subscriptions/resourcegroups"));
    result = item_new(row);
    json_decref(row);
    return result;
}

static struct item *management_row(
    const struct estate *estate, const struct item *item)
{
    json_t *row = item_json(item);
    json_t *properties = json_object_get(row, "properties");
    json_t *details = json_object_get(properties, "details");
    struct item *result;

    json_object_set_new(
        row, "type", json_string("microsoft.management/managementgroups"));
    json_object_del(properties, "children");
    if (!details) {
        details = json_object();
        json_object_set_new(properties, "details", details);
    }
    json_object_set_new(
        details, "managementGroupAncestorsChain", ancestors(estate, item->key));
    result = item_new(row);
    json_decref(row);
    return result;
}

typedef struct item *row_maker(
    const struct estate *estate, const struct item *item);

void rows_push(struct rows *rows, struct item *item)
{
    if ((rows->count & (rows->count + 1)) == 0)
        rows->items =
            alloc_grow(rows->items, rows->count * 2 + 1, sizeof *rows->items);
    rows->items[rows->count++] = item;
}

static void rows_add(struct rows *rows, const struct estate *estate,
    enum kind kind, row_maker *maker)
{
    const struct table *table = &estate->tables[kind];

    for (size_t i = 0; i < table->count; i++)
        rows_push(rows,
            maker ? maker(estate, table->items[i]) : item_ref(table->items[i]));
}

/* Extensions of one provider; Resource Graph has no others. */
static void rows_add_extensions(
    struct rows *rows, const struct estate *estate, const char *prefix)
{
    const struct table *table = &estate->tables[KIND_EXTENSION];

    for (size_t i = 0; i < table->count; i++)
        if (text_starts(table->items[i]->type, prefix))
            rows_push(rows, item_ref(table->items[i]));
}

static void rows_add_security(struct rows *rows, const struct estate *estate)
{
    const struct table *table = &estate->tables[KIND_SUBSCRIPTION];

    for (size_t i = 0; i < table->count; i++) {
        security_plans(estate, table->items[i]->id, rows);
        security_assessments(estate, table->items[i]->id, rows);
    }
}

/* Built-in definitions have no subscription; they are in the table once. */
static void rows_add_policy(struct rows *rows, const struct estate *estate)
{
    const struct table *assignments = &estate->tables[KIND_POLICY_ASSIGNMENT];
    const struct table *definitions = &estate->tables[KIND_POLICY_DEFINITION];
    const struct table *exemptions = &estate->tables[KIND_POLICY_EXEMPTION];

    for (size_t i = 0; i < assignments->count; i++)
        rows_push(rows, item_ref(assignments->items[i]));
    for (size_t i = 0; i < definitions->count; i++)
        rows_push(rows, item_ref(definitions->items[i]));
    for (size_t i = 0; i < exemptions->count; i++)
        rows_push(rows, item_ref(exemptions->items[i]));
    policy_state_rows(estate, rows);
}

static int row_order(const void *a, const void *b)
{
    const struct item *const *left = a;
    const struct item *const *right = b;

    return strcmp((*left)->key, (*right)->key);
}

void rows_take(
    struct rows *rows, const struct estate *estate, enum kql_table table)
{
    rows_done(rows);
    rows->generation = estate->generation;
    switch (table) {
    case KQL_RESOURCES:
        rows_add(rows, estate, KIND_RESOURCE, NULL);
        return; /* sorted already */
    case KQL_CONTAINERS:
        rows_add(rows, estate, KIND_SUBSCRIPTION, subscription_row);
        rows_add(rows, estate, KIND_RESOURCE_GROUP, group_row);
        rows_add(rows, estate, KIND_MANAGEMENT_GROUP, management_row);
        break;
    case KQL_AUTHORIZATION:
        rows_add(rows, estate, KIND_ROLE_ASSIGNMENT, NULL);
        rows_add(rows, estate, KIND_ROLE_DEFINITION, NULL);
        break;
    case KQL_POLICY:
        rows_add_policy(rows, estate);
        break;
    case KQL_SECURITY:
        rows_add_security(rows, estate);
        break;
    case KQL_NETWORK:
        rows_add_extensions(
            rows, estate, "microsoft.network/networksecurityperimeters/");
        break;
    }
    if (rows->count > 1)
        qsort(rows->items, rows->count, sizeof *rows->items, row_order);
}

void rows_done(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        item_free(rows->items[i]);
    free(rows->items);
    *rows = (struct rows){ 0 };
}
