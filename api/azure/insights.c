/* Microsoft.Insights: diagnostic settings 2021-05-01-preview (still the newest
 * version). retentionPolicy is not read: it has had no effect since 2025. */
#include "insights.h"

static bool is_word(struct view text, const char *word)
{
    return view_equal_nocase(text, view_of(word));
}

static bool carries_audit(const json_t *log)
{
    struct view group = field_text(log, "categoryGroup");

    return is_word(field_text(log, "category"), "AuditEvent") ||
           is_word(group, "audit") || is_word(group, "allLogs");
}

static bool has_enabled(const json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (field_tri(json_array_get(rows, i), "enabled") == KV_TRI_TRUE)
            return true;
    return false;
}

/* A destination that is not set comes as absent, null or "". */
static const char *keep_destination(
    struct kv_estate *estate, const json_t *properties, const char *name)
{
    struct view id = field_text(properties, name);

    return id.size > 0 ? estate_text(estate, id) : NULL;
}

static void diagnostic_take(
    struct kv_estate *estate, struct kv_diagnostic *row, const json_t *item)
{
    const json_t *properties = field(item, "properties");
    const json_t *logs = field_array(properties, "logs");

    row->name = field_keep(estate, item, "name");
    row->workspace_id = keep_destination(estate, properties, "workspaceId");
    row->storage_id = keep_destination(estate, properties, "storageAccountId");
    row->event_hub_rule_id =
        keep_destination(estate, properties, "eventHubAuthorizationRuleId");
    row->partner_id =
        keep_destination(estate, properties, "marketplacePartnerId");
    row->metrics = has_enabled(field_array(properties, "metrics"));
    row->dedicated = is_word(
        field_text(properties, "logAnalyticsDestinationType"), "Dedicated");
    for (size_t i = 0; i < json_array_size(logs); i++) {
        const json_t *log = json_array_get(logs, i);
        struct view group = field_text(log, "categoryGroup");

        if (field_tri(log, "enabled") != KV_TRI_TRUE || !carries_audit(log))
            continue;
        row->audit = true;
        row->all_logs = row->all_logs || is_word(group, "allLogs");
        row->audit_row = field_keep(
            estate, log, group.size > 0 ? "categoryGroup" : "category");
    }
}

bool diagnostics_take_all(
    const struct azure_context *context, const json_t *items)
{
    uint32_t resource =
        estate_refer_resource(context->estate, view_of(context->subject));
    size_t count = json_array_size(items);
    struct kv_diagnostic *rows =
        estate_array(context->estate, count, sizeof *rows);

    if (resource == KV_NONE)
        return false;
    for (size_t i = 0; i < count; i++)
        diagnostic_take(context->estate, &rows[i], json_array_get(items, i));
    estate_take_diagnostics(context->estate, resource, rows, (uint32_t)count,
        (struct kv_facet_status){
            .state = KV_FACET_READY,
            .read_at_s = context->read_at_s,
        });
    return true;
}

/* ---- of a subscription ---- */

/* A group stands for categories that are not named: "allLogs" for all. */
static void take_categories(
    struct kv_estate *estate, struct kv_activity_log *row, const json_t *logs)
{
    size_t size = json_array_size(logs);
    const char **names = estate_array(estate, size, sizeof *names);

    for (size_t i = 0; i < size; i++) {
        const json_t *log = json_array_get(logs, i);
        const char *name = field_keep(estate, log, "category");

        if (!name)
            name = field_keep(estate, log, "categoryGroup");
        if (name && field_tri(log, "enabled") == KV_TRI_TRUE)
            names[row->category_count++] = name;
    }
    row->categories = names;
}

bool activity_log_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct buf scope = { .limit = 256 };
    struct kv_activity_log row = {
        .id = field_keep(estate, item, "id"),
        .name = field_keep(estate, item, "name"),
        .workspace_id = keep_destination(estate, properties, "workspaceId"),
        .storage_id = keep_destination(estate, properties, "storageAccountId"),
        .event_hub_rule_id =
            keep_destination(estate, properties, "eventHubAuthorizationRuleId"),
        .partner_id =
            keep_destination(estate, properties, "marketplacePartnerId"),
    };

    if (!row.id || !row.name)
        return false;
    take_categories(estate, &row, field_array(properties, "logs"));
    buf_putf(&scope, "/subscriptions/%s", context->subject);
    row.scope = estate_text(estate, buf_view(&scope));
    estate_take_row(estate, KV_SET_ACTIVITY_LOGS, &row);
    buf_done(&scope);
    return true;
}

/* ---- where they are sent ---- */

struct sink_type {
    const char *type;
    const char *version;
};

/* In the order of enum kv_sink_kind. */
static const struct sink_type sink_types[] = {
    [KV_SINK_WORKSPACE] = { "Microsoft.OperationalInsights/workspaces",
        "2025-07-01" },
    [KV_SINK_STORAGE] = { "Microsoft.Storage/storageAccounts", "2025-08-01" },
    [KV_SINK_EVENT_HUB] = { "Microsoft.EventHub/namespaces", "2024-01-01" },
};
#define SINK_TYPES (sizeof sink_types / sizeof *sink_types)

static size_t sink_type_find(struct view type)
{
    size_t kind = 0;

    while (kind < SINK_TYPES &&
           !view_equal_nocase(type, view_of(sink_types[kind].type)))
        kind++;
    return kind;
}

bool sink_subject(struct buf *out, struct view text)
{
    struct arm_id id = arm_id_parse(text);
    struct buf type = { .limit = 256 };
    size_t kind;

    buf_put(&type, id.provider);
    buf_putc(&type, '/');
    buf_put(&type, id.type);
    kind = sink_type_find(buf_view(&type));
    buf_done(&type);
    if (kind == SINK_TYPES || id.name.size == 0)
        return false;
    buf_put(out, id.resource);
    buf_putf(out, "?api-version=%s", sink_types[kind].version);
    return !out->failed;
}

/* Resource Graph is asked for these by name; ARM has them in `properties`. How
 * long logs are kept is read apart; what was read before holds until then. */
static void workspace_decode(
    struct kv_estate *estate, const json_t *item, struct kv_sink *row)
{
    const json_t *properties = field(item, "properties");
    const struct kv_sink *old =
        row->id ? kv_estate_find_sink(estate, row->id) : NULL;

    if (old) {
        row->retention = old->retention;
        row->shared_retention = old->shared_retention;
    }
    if (row->kind != KV_SINK_WORKSPACE)
        return;
    if (!properties)
        properties = item;
    row->customer_id = field_keep(estate, properties, "customerId");
    row->default_days =
        (uint32_t)field_number(properties, "retentionInDays", 1, 36500);
    row->by_resource =
        field_tri(properties,
            "features.enableLogAccessUsingOnlyResourcePermissions") ==
        KV_TRI_TRUE;
}

/* False when the item lacks what it must have; *known is false for a type that
 * receives no logs. */
static bool sink_decode(const struct azure_context *context, const json_t *item,
    struct kv_sink *row, bool *known)
{
    size_t kind = sink_type_find(field_text(item, "type"));

    row->id = field_keep(context->estate, item, "id");
    row->scope = row->id;
    row->name = field_keep(context->estate, item, "name");
    row->location = field_keep(context->estate, item, "location");
    row->kind = (enum kv_sink_kind)kind;
    *known = kind < SINK_TYPES;
    workspace_decode(context->estate, item, row);
    return row->id && row->name;
}

bool sink_take(const struct azure_context *context, const json_t *item)
{
    struct kv_sink row = { 0 };
    bool known;

    if (!sink_decode(context, item, &row, &known))
        return false;
    if (known)
        estate_take_row(context->estate, KV_SET_SINKS, &row);
    return true;
}

bool sink_take_single(const struct azure_context *context, const json_t *item)
{
    struct kv_sink row = { 0 };
    bool known;

    if (!sink_decode(context, item, &row, &known))
        return false;
    if (known)
        estate_add_row(context->estate, KV_SET_SINKS, &row);
    return true;
}
