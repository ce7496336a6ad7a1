/* Microsoft.Insights: the diagnostic settings of any resource. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"

#define SETTINGS_MAX 5

/* Azure writes the resource in lower case, the setting's own part not. */
static char *setting_id(const struct call *call, const char *name)
{
    char *resource = alloc_lower(call->captures[0]);
    char *id =
        alloc_format("%s/providers/microsoft.insights/diagnosticSettings/%s",
            resource, name);

    free(resource);
    return id;
}

static struct range settings_of(struct call *call)
{
    char *prefix = setting_id(call, "");
    struct range range;

    text_lower(prefix);
    range = estate_below(&call->cloud->estate, KIND_DIAGNOSTIC_SETTING, prefix);
    free(prefix);
    return range;
}

static bool resource_known(struct call *call)
{
    const struct estate *estate = &call->cloud->estate;
    const char *id = call->captures[0];

    if (estate_find(estate, KIND_RESOURCE, id) ||
        estate_find(estate, KIND_SUBSCRIPTION, id))
        return true;
    answer_error(call, 404, "ResourceNotFound",
        "The Resource '%s' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
        id_last(id));
    return false;
}

void settings_list(struct call *call)
{
    const struct table *table =
        &call->cloud->estate.tables[KIND_DIAGNOSTIC_SETTING];
    struct page page = { .style = PAGE_WHOLE };
    struct range range;

    if (!resource_known(call))
        return;
    range = settings_of(call);
    for (size_t i = range.first; i < range.last; i++)
        page_add(&page, table->items[i]);
    page_answer(&page, call);
}

static struct item *setting_find(struct call *call)
{
    char *id = setting_id(call, call->captures[1]);
    struct item *item =
        estate_find(&call->cloud->estate, KIND_DIAGNOSTIC_SETTING, id);

    free(id);
    return item;
}

void setting_get(struct call *call)
{
    const struct item *item;

    if (!resource_known(call))
        return;
    item = setting_find(call);
    if (item)
        answer_item(call, 200, item);
    else
        answer_error(call, 404, "ResourceNotFound",
            "The diagnostic setting '%s' was not found.", call->captures[1]);
}

static const char *text_member(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static const char *const destinations[] = {
    "workspaceId",
    "storageAccountId",
    "eventHubAuthorizationRuleId",
    "marketplacePartnerId",
    "serviceBusRuleId",
};
#define DESTINATION_COUNT (sizeof destinations / sizeof *destinations)

/* Storage takes logs of its own region only; a subscription has none. */
static bool same_region(struct call *call, const char *storage)
{
    const struct estate *estate = &call->cloud->estate;
    const struct item *from =
        estate_find(estate, KIND_RESOURCE, call->captures[0]);
    const struct item *to = estate_find(estate, KIND_RESOURCE, storage);
    char *here = from ? item_copy(from, "location") : alloc_text("");
    char *there = to ? item_copy(to, "location") : alloc_text("");
    bool same = !*here || !*there || text_same(here, there);

    if (!same)
        answer_error(call, 400, "BadRequest",
            "Resource '%s' is in region '%s' and the storage account is in "
            "region '%s': they must be in the same region.",
            call->captures[0], here, there);
    free(here);
    free(there);
    return same;
}

static bool check_destinations(struct call *call, json_t *given)
{
    const char *workspace = text_member(given, "workspaceId");
    const char *storage = text_member(given, "storageAccountId");
    bool any = false;

    for (size_t i = 0; i < DESTINATION_COUNT; i++)
        any = any || *text_member(given, destinations[i]);
    if (!any) {
        answer_error(call, 400, "BadRequest",
            "At least one data sink needs to be specified.");
        return false;
    }
    if (*workspace &&
        !estate_find(&call->cloud->estate, KIND_RESOURCE, workspace)) {
        answer_error(call, 400, "BadRequest",
            "The workspace '%s' could not be found.", workspace);
        return false;
    }
    if (*storage &&
        !estate_find(&call->cloud->estate, KIND_RESOURCE, storage)) {
        answer_error(call, 400, "BadRequest",
            "The storage account '%s' could not be found.", storage);
        return false;
    }
    return !*storage || same_region(call, storage);
}

static bool category_known(const char *name)
{
    /* Those behind "AllMetrics" are a subscription's. */
    static const char *const known[] = { "AuditEvent",
        "AzurePolicyEvaluationDetails", "audit", "allLogs", "AllMetrics",
        "Administrative", "Security", "ServiceHealth", "Alert",
        "Recommendation", "Policy", "Autoscale", "ResourceHealth" };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_same(known[i], name))
            return true;
    return false;
}

static bool check_logs(struct call *call, json_t *given)
{
    json_t *logs = json_object_get(given, "logs");
    bool categories = false;
    bool groups = false;
    size_t index;
    json_t *log;

    json_array_foreach(logs, index, log)
    {
        const char *category = text_member(log, "category");
        const char *group = text_member(log, "categoryGroup");
        const char *name = *category ? category : group;

        categories = categories || *category;
        groups = groups || *group;
        if (!category_known(name)) {
            answer_error(call, 400, "BadRequest",
                "Category '%s' is not supported.", name);
            return false;
        }
    }
    if (!categories || !groups)
        return true;
    answer_error(call, 400, "BadRequest",
        "Diagnostic settings can not have a category and a category group in "
        "the same logs list.");
    return false;
}

/* A category that both settings send, or NULL; groups name what they hold. */
static const char *category_shared(json_t *mine, json_t *theirs)
{
    size_t i;
    size_t j;
    json_t *a;
    json_t *b;

    json_array_foreach(mine, i, a) json_array_foreach(theirs, j, b)
    {
        const char *left = *text_member(a, "category")
                               ? text_member(a, "category")
                               : text_member(a, "categoryGroup");
        const char *right = *text_member(b, "category")
                                ? text_member(b, "category")
                                : text_member(b, "categoryGroup");

        if (json_is_true(json_object_get(a, "enabled")) &&
            json_is_true(json_object_get(b, "enabled")) &&
            text_same(left, right))
            return left;
    }
    return NULL;
}

static bool check_conflict(
    struct call *call, const struct item *other, json_t *given)
{
    json_t *json = item_json(other);
    json_t *theirs = json_object_get(json, "properties");
    const char *shared = NULL;
    const char *sink = "";

    for (size_t i = 0; i < DESTINATION_COUNT && !shared; i++) {
        sink = text_member(given, destinations[i]);
        if (*sink && text_same(sink, text_member(theirs, destinations[i])))
            shared = category_shared(json_object_get(given, "logs"),
                json_object_get(theirs, "logs"));
    }
    if (shared)
        answer_error(call, 409, "Conflict",
            "Data sink '%s' is already used in diagnostic setting '%s' for "
            "category '%s'. Data sinks can't be reused in different settings "
            "on the same category for the same resource.",
            sink, other->name, shared);
    json_decref(json);
    return !shared;
}

static bool check_others(struct call *call, json_t *given)
{
    const struct table *table =
        &call->cloud->estate.tables[KIND_DIAGNOSTIC_SETTING];
    struct range range = settings_of(call);
    const struct item *own = setting_find(call);

    if (!own && range.last - range.first >= SETTINGS_MAX) {
        answer_error(call, 409, "Conflict",
            "The limit of %d diagnostic settings was reached.", SETTINGS_MAX);
        return false;
    }
    for (size_t i = range.first; i < range.last; i++)
        if (table->items[i] != own &&
            !check_conflict(call, table->items[i], given))
            return false;
    return true;
}

static void rows_fill(json_t *rows)
{
    size_t index;
    json_t *row;

    json_array_foreach(rows, index,
        row) if (!json_is_object(json_object_get(row, "retentionPolicy")))
        json_object_set_new(row, "retentionPolicy",
            json_pack("{s:b, s:i}", "enabled", 0, "days", 0));
}

/* Every member is there in an answer, null where nothing was said. */
static json_t *setting_new(struct call *call, json_t *given)
{
    static const char *const nullable[] = { "storageAccountId",
        "serviceBusRuleId", "workspaceId", "eventHubAuthorizationRuleId",
        "eventHubName", "marketplacePartnerId", "logAnalyticsDestinationType" };
    char *id = setting_id(call, call->captures[1]);
    json_t *properties = json_object();
    json_t *logs = json_object_get(given, "logs");
    json_t *metrics = json_object_get(given, "metrics");
    json_t *setting;

    for (size_t i = 0; i < sizeof nullable / sizeof *nullable; i++) {
        json_t *value = json_object_get(given, nullable[i]);

        json_object_set_new(
            properties, nullable[i], value ? json_incref(value) : json_null());
    }
    json_object_set_new(properties, "metrics",
        metrics ? json_deep_copy(metrics) : json_array());
    json_object_set_new(
        properties, "logs", logs ? json_deep_copy(logs) : json_array());
    rows_fill(json_object_get(properties, "metrics"));
    rows_fill(json_object_get(properties, "logs"));
    setting =
        json_pack("{s:s, s:s, s:s, s:n, s:n, s:n, s:o, s:n}", "id", id, "type",
            "Microsoft.Insights/diagnosticSettings", "name", call->captures[1],
            "location", "kind", "tags", "properties", properties, "identity");
    free(id);
    return setting;
}

void setting_put(struct call *call)
{
    json_t *body;
    json_t *given;

    if (!resource_known(call))
        return;
    body = call_json(call);
    if (!body)
        return;
    given = json_object_get(body, "properties");
    if (check_destinations(call, given) && check_logs(call, given) &&
        check_others(call, given))
        change_answer(
            call, 200, KIND_DIAGNOSTIC_SETTING, setting_new(call, given));
    json_decref(body);
}

void setting_delete(struct call *call)
{
    char *id = setting_id(call, call->captures[1]);
    bool known =
        estate_remove(&call->cloud->estate, KIND_DIAGNOSTIC_SETTING, id);

    answer_empty(call, known ? 200 : 204);
    free(id);
}

static void category_add(struct call *call, json_t *list, const char *name,
    const char *type, const char *group)
{
    char *id = alloc_format("%s/providers/microsoft.insights/"
                            "diagnosticSettingsCategories/%s",
        call->captures[0], name);
    json_t *row = json_pack("{s:s, s:s, s:s, s:{s:s, s:[]}}", "id", id, "type",
        "microsoft.insights/diagnosticSettingsCategories", "name", name,
        "properties", "categoryType", type, "categoryGroups");
    json_t *groups =
        json_object_get(json_object_get(row, "properties"), "categoryGroups");

    if (group)
        json_array_append_new(groups, json_string(group));
    if (strcmp(type, "Logs") == 0)
        json_array_append_new(groups, json_string("allLogs"));
    json_array_append_new(list, row);
    free(id);
}

void setting_categories(struct call *call)
{
    bool hsm = text_holds(call->captures[0], "/managedHSMs/");
    json_t *list = json_array();

    category_add(call, list, "AuditEvent", "Logs", "audit");
    if (!hsm)
        category_add(call, list, "AzurePolicyEvaluationDetails", "Logs", NULL);
    category_add(call, list, "AllMetrics", "Metrics", NULL);
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}
