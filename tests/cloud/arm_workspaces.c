/* Microsoft.OperationalInsights: the tables of a workspace. A table that was
 * never changed is there all the same, with the workspace's retention. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "things.h"

#define TYPE "Microsoft.OperationalInsights/workspaces"

static const char *const table_names[] = { "AZKVAuditLogs",
    "AZKVPolicyEvaluationDetailsLogs", "AzureActivity", "AzureDiagnostics",
    "AzureMetrics" };
#define TABLE_NAME_COUNT (sizeof table_names / sizeof *table_names)

static const char *table_name(const char *name)
{
    for (size_t i = 0; i < TABLE_NAME_COUNT; i++)
        if (text_same(table_names[i], name))
            return table_names[i];
    return NULL;
}

static json_int_t workspace_days(const struct item *workspace)
{
    char *text = item_copy(workspace, "properties.retentionInDays");
    json_int_t days = strtol(text, NULL, 10);

    free(text);
    return days > 0 ? days : 30;
}

/* What was changed is kept in an extension; -1 is the workspace's value. */
static json_t *table_json(
    struct call *call, const struct item *workspace, const char *name)
{
    char *id = alloc_format("%s/tables/%s", workspace->id, name);
    const struct item *kept =
        estate_find(&call->cloud->estate, KIND_EXTENSION, id);
    json_t *object = kept ? item_json(kept) : json_object();
    json_t *own = json_object_get(object, "properties");
    json_int_t days =
        json_integer_value(json_object_get(own, "retentionInDays"));
    json_int_t total =
        json_integer_value(json_object_get(own, "totalRetentionInDays"));
    bool days_standard = days < 1;
    bool total_standard = total < 1;
    json_t *result;

    days = days_standard ? workspace_days(workspace) : days;
    total = total_standard || total < days ? days : total;
    result = json_pack("{s:{s:I, s:I, s:I, s:s, s:{s:s, s:s, s:s, s:[s]}, s:s,"
                       " s:b, s:b}, s:s, s:s}",
        "properties", "totalRetentionInDays", total, "archiveRetentionInDays",
        total - days, "retentionInDays", days, "plan", "Analytics", "schema",
        "name", name, "tableType", "Microsoft", "tableSubType",
        strcmp(name, "AzureDiagnostics") == 0 ? "Any"
                                              : "DataCollectionRuleBased",
        "solutions", "LogManagement", "provisioningState", "Succeeded",
        "retentionInDaysAsDefault", days_standard,
        "totalRetentionInDaysAsDefault", total_standard, "id", id, "name",
        name);
    free(id);
    json_decref(object);
    return result;
}

void tables_list(struct call *call)
{
    const struct item *workspace = resource_find(call, TYPE);
    json_t *list;

    if (!workspace)
        return;
    list = json_array();
    for (size_t i = 0; i < TABLE_NAME_COUNT; i++)
        json_array_append_new(
            list, table_json(call, workspace, table_names[i]));
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}

static const char *table_need(struct call *call)
{
    const char *name = table_name(call->captures[3]);

    if (!name)
        answer_error(call, 404, "NotFound",
            "Table %s was not found in the workspace.", call->captures[3]);
    return name;
}

void table_get(struct call *call)
{
    const struct item *workspace = resource_find(call, TYPE);
    const char *name = workspace ? table_need(call) : NULL;

    if (name)
        answer_json(call, 200, table_json(call, workspace, name));
}

static bool days_check(
    struct call *call, json_t *given, const char *name, json_int_t most)
{
    json_t *value = json_object_get(given, name);
    json_int_t days = json_integer_value(value);

    if (!value || json_is_null(value) || days == -1 ||
        (json_is_integer(value) && days >= 4 && days <= most))
        return true;
    answer_error(call, 400, "InvalidParameter",
        "'%s' property must be between 4 and %lld, or -1.", name,
        (long long)most);
    return false;
}

/* The service takes its time; the answer's own state says that it is done. */
void table_patch(struct call *call)
{
    const struct item *workspace = resource_find(call, TYPE);
    const char *name = workspace ? table_need(call) : NULL;
    json_t *body = name ? call_json(call) : NULL;
    json_t *given = json_object_get(body, "properties");
    char *id;
    json_t *kept;

    if (!body)
        return;
    if (!days_check(call, given, "retentionInDays", 730) ||
        !days_check(call, given, "totalRetentionInDays", 4383)) {
        json_decref(body);
        return;
    }
    id = alloc_format("%s/tables/%s", workspace->id, name);
    const struct item *old =
        estate_find(&call->cloud->estate, KIND_EXTENSION, id);
    kept = old ? item_json(old)
               : json_pack("{s:s, s:s, s:s, s:{}}", "id", id, "name", name,
                     "type", TYPE "/tables", "properties");
    json_merge(json_object_get(kept, "properties"), given);
    change_store(call, KIND_EXTENSION, kept);
    answer_json(call, 200, table_json(call, workspace, name));
    free(id);
    json_decref(body);
}
