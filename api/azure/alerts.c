/* Microsoft.Insights: metric alerts 2018-03-01, activity-log alerts 2020-10-01,
 * log alerts (scheduledQueryRules) 2023-12-01 and action groups 2023-01-01, as
 * Resource Graph shows them. */
#include "alerts.h"

#include <string.h>

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

static bool is_word(struct view text, const char *word)
{
    return view_equal_nocase(text, view_of(word));
}

/* ---- lists of texts ---- */

struct texts {
    const char **items;
    uint32_t count;
};

static void texts_add(
    struct texts *texts, struct kv_estate *estate, struct view text)
{
    if (text.size > 0)
        texts->items[texts->count++] = estate_text(estate, text);
}

/* Of a list of objects the texts under `name`; of texts, themselves. */
static struct texts texts_of(
    struct kv_estate *estate, const json_t *list, const char *name)
{
    size_t size = json_array_size(list);
    struct texts texts = { estate_array(estate, size, sizeof(char *)), 0 };

    for (size_t i = 0; i < size; i++) {
        const json_t *one = json_array_get(list, i);
        struct view text = { json_string_value(one), json_string_length(one) };

        texts_add(&texts, estate, name ? field_text(one, name) : text);
    }
    return texts;
}

/* ---- scopes: a row for each ---- */

/* Activity-log alerts write theirs without the first slash. */
static const char *scope_text(struct kv_estate *estate, struct view scope)
{
    struct buf text = { .limit = 2048 };
    const char *kept = NULL;

    if (scope.size > 0 && scope.data[0] != '/')
        buf_putc(&text, '/');
    buf_put(&text, scope);
    if (!text.failed && text.size > 0)
        kept = estate_text(estate, buf_view(&text));
    buf_done(&text);
    return kept;
}

static void alert_put(
    struct kv_estate *estate, struct kv_alert *row, struct view scope)
{
    struct buf id = { .limit = 4096 };

    row->scope = scope_text(estate, scope);
    if (!row->scope)
        return;
    buf_putf(&id, "%s %s", row->rule_id, row->scope);
    row->id = id.failed ? NULL : estate_text(estate, buf_view(&id));
    if (row->id)
        estate_take_row(estate, KV_SET_ALERTS, row);
    buf_done(&id);
}

static void alert_put_each(
    struct kv_estate *estate, struct kv_alert *row, const json_t *scopes)
{
    for (size_t i = 0; i < json_array_size(scopes); i++) {
        const json_t *one = json_array_get(scopes, i);

        alert_put(estate, row,
            (struct view){ json_string_value(one), json_string_length(one) });
    }
}

static void take_groups(struct kv_estate *estate, struct kv_alert *row,
    const json_t *list, const char *name)
{
    struct texts groups = texts_of(estate, list, name);

    row->action_groups = groups.items;
    row->action_group_count = groups.count;
}

static void take_types(
    struct kv_alert *row, struct kv_estate *estate, struct view type)
{
    struct texts types = { estate_array(estate, 1, sizeof(char *)), 0 };

    texts_add(&types, estate, type);
    row->target_types = types.items;
    row->target_type_count = types.count;
}

/* ---- metric alerts ---- */

static void metric_take(
    struct kv_estate *estate, struct kv_alert *row, const json_t *properties)
{
    struct texts metrics = texts_of(
        estate, field_array(properties, "criteria.allOf"), "metricName");

    row->kind = KV_ALERT_METRIC;
    row->watches = metrics.items;
    row->watch_count = metrics.count;
    take_types(row, estate, field_text(properties, "targetResourceType"));
    row->target_region = field_keep(estate, properties, "targetResourceRegion");
    take_groups(
        estate, row, field_array(properties, "actions"), "actionGroupId");
    alert_put_each(estate, row, field_array(properties, "scopes"));
}

/* ---- activity-log alerts ---- */

/* A condition: one of `values` must be in the event's `field`. */
struct condition {
    struct view field;
    struct texts values;
};

/* Written {field, equals}, {field, containsAny} or {anyOf: [{field, equals}]},
 * where all parts of an anyOf that can be weighed are of one field. */
static struct condition condition_of(
    struct kv_estate *estate, const json_t *item)
{
    const json_t *any = field_array(item, "anyOf");
    struct condition condition = { .field = field_text(item, "field") };

    if (field_array(item, "containsAny")) {
        condition.values =
            texts_of(estate, field_array(item, "containsAny"), NULL);
        return condition;
    }
    if (!any) {
        condition.values.items = estate_array(estate, 1, sizeof(char *));
        texts_add(&condition.values, estate, field_text(item, "equals"));
        return condition;
    }
    condition.values = texts_of(estate, any, "equals");
    condition.field = field_text(json_array_get(any, 0), "field");
    for (size_t i = 1; i < json_array_size(any); i++)
        if (!view_equal_nocase(
                condition.field, field_text(json_array_get(any, i), "field")))
            condition.field = view_of("several fields at once");
    return condition;
}

static bool one_of(
    const struct texts *values, const char *const *words, uint32_t count)
{
    for (uint32_t i = 0; i < values->count; i++)
        if (word_find(view_of(values->items[i]), words, count) < count)
            return true;
    return false;
}

/* What the service writes of an operation that went well. */
static bool lets_success_through(const struct condition *condition)
{
    static const char *const statuses[] = { "Succeeded", "Started", "Accepted",
        "Success" };
    static const char *const levels[] = { "Informational", "Information" };
    static const char *const providers[] = { "Microsoft.KeyVault" };

    if (is_word(condition->field, "status"))
        return one_of(&condition->values, statuses, COUNT(statuses));
    if (is_word(condition->field, "level"))
        return one_of(&condition->values, levels, COUNT(levels));
    if (is_word(condition->field, "resourceProvider"))
        return one_of(&condition->values, providers, COUNT(providers));
    return false;
}

/* What an activity-log rule says beside its scopes. */
struct narrowing {
    struct texts resources; /* ids */
    struct texts groups;    /* names */
};

static void condition_take(struct kv_estate *estate, struct kv_alert *row,
    struct narrowing *narrowing, const struct condition *condition)
{
    struct view field = condition->field;

    if (is_word(field, "category") && condition->values.count == 1) {
        row->category = condition->values.items[0];
    } else if (is_word(field, "operationName")) {
        row->watches = condition->values.items;
        row->watch_count = condition->values.count;
    } else if (is_word(field, "resourceType")) {
        row->target_types = condition->values.items;
        row->target_type_count = condition->values.count;
    } else if (is_word(field, "resourceId")) {
        narrowing->resources = condition->values;
    } else if (is_word(field, "resourceGroup")) {
        narrowing->groups = condition->values;
    } else if (!lets_success_through(condition)) {
        row->limit = estate_text(estate, field);
    }
}

static void put_groups(struct kv_estate *estate, struct kv_alert *row,
    struct view scope, const struct texts *groups)
{
    struct arm_id id = arm_id_parse(scope);

    for (uint32_t i = 0; i < groups->count; i++) {
        struct buf group = { .limit = 2048 };

        buf_putf(&group, "/subscriptions/%.*s/resourceGroups/%s",
            (int)id.subscription.size, id.subscription.data, groups->items[i]);
        if (!group.failed && id.subscription.size > 0)
            alert_put(estate, row, buf_view(&group));
        buf_done(&group);
    }
}

static void put_narrowed(struct kv_estate *estate, struct kv_alert *row,
    const json_t *scopes, const struct narrowing *narrowing)
{
    if (narrowing->resources.count > 0) {
        for (uint32_t i = 0; i < narrowing->resources.count; i++)
            alert_put(estate, row, view_of(narrowing->resources.items[i]));
        return;
    }
    if (narrowing->groups.count == 0) {
        alert_put_each(estate, row, scopes);
        return;
    }
    for (size_t i = 0; i < json_array_size(scopes); i++) {
        const char *scope = scope_text(
            estate, view_of(json_string_value(json_array_get(scopes, i))));

        if (scope)
            put_groups(estate, row, view_of(scope), &narrowing->groups);
    }
}

static void activity_take(
    struct kv_estate *estate, struct kv_alert *row, const json_t *properties)
{
    const json_t *conditions = field_array(properties, "condition.allOf");
    struct narrowing narrowing = { 0 };

    row->kind = KV_ALERT_ACTIVITY_LOG;
    for (size_t i = 0; i < json_array_size(conditions); i++) {
        struct condition condition =
            condition_of(estate, json_array_get(conditions, i));

        condition_take(estate, row, &narrowing, &condition);
    }
    take_groups(estate, row, field_array(properties, "actions.actionGroups"),
        "actionGroupId");
    put_narrowed(estate, row, field_array(properties, "scopes"), &narrowing);
}

/* ---- log alerts ---- */

static void log_take(
    struct kv_estate *estate, struct kv_alert *row, const json_t *properties)
{
    const json_t *criteria = field_array(properties, "criteria.allOf");
    const json_t *first = json_array_get(criteria, 0);
    struct texts types =
        texts_of(estate, field_array(properties, "targetResourceTypes"), NULL);

    row->kind = KV_ALERT_LOG;
    row->target_types = types.items;
    row->target_type_count = types.count;
    row->query = field_keep(estate, first, "query");
    row->looks_at = log_query_looks_at(field_text(first, "query"));
    if (json_array_size(criteria) > 1)
        row->limit = "several criteria at once";
    take_groups(
        estate, row, field_array(properties, "actions.actionGroups"), NULL);
    alert_put_each(estate, row, field_array(properties, "scopes"));
}

/* ---- action groups ---- */

static bool is_reachable(const json_t *receiver)
{
    return !is_word(field_text(receiver, "status"), "Disabled");
}

/* The lists of receivers are many and new kinds come; all are so called. */
static uint32_t receivers_of(const json_t *properties)
{
    static const char ending[] = "Receivers";
    uint32_t count = 0;
    const char *name;
    const json_t *list;

    json_object_foreach((json_t *)properties, name, list)
    {
        size_t length = strlen(name);

        if (length < sizeof ending ||
            strcmp(name + length - (sizeof ending - 1), ending) != 0)
            continue;
        for (size_t i = 0; i < json_array_size(list); i++)
            count += is_reachable(json_array_get(list, i));
    }
    return count;
}

static bool action_group_take(
    struct kv_estate *estate, const json_t *item, const json_t *properties)
{
    struct kv_action_group row = {
        .id = field_keep(estate, item, "id"),
        .name = field_keep(estate, item, "name"),
        .enabled = field_tri(properties, "enabled") != KV_TRI_FALSE,
        .receivers = receivers_of(properties),
    };
    struct buf scope = { .limit = 256 };
    struct arm_id id = arm_id_parse(view_of(row.id));

    if (!row.id || !row.name)
        return false;
    buf_putf(&scope, "/subscriptions/%.*s", (int)id.subscription.size,
        id.subscription.data);
    row.scope = estate_text(estate, buf_view(&scope));
    estate_take_row(estate, KV_SET_ACTION_GROUPS, &row);
    buf_done(&scope);
    return true;
}

/* ---- what it is ---- */

static const struct {
    const char *type;
    void (*take)(struct kv_estate *estate, struct kv_alert *row,
        const json_t *properties);
} rules[] = {
    { "microsoft.insights/metricalerts", metric_take },
    { "microsoft.insights/activitylogalerts", activity_take },
    { "microsoft.insights/scheduledqueryrules", log_take },
};

bool alert_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct view type = field_text(item, "type");
    struct kv_alert row = {
        .rule_id = field_keep(estate, item, "id"),
        .name = field_keep(estate, item, "name"),
        .enabled = field_tri(properties, "enabled") != KV_TRI_FALSE,
    };

    if (!row.rule_id)
        return false;
    if (is_word(type, "microsoft.insights/actiongroups"))
        return action_group_take(estate, item, properties);
    /* Some answers leave the name to the id. */
    if (!row.name)
        row.name = estate_text(estate, arm_id_last(view_of(row.rule_id)));
    for (uint32_t i = 0; i < COUNT(rules); i++)
        if (is_word(type, rules[i].type))
            rules[i].take(estate, &row, properties);
    return true;
}
