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

static void diagnostic_take(
    struct kv_estate *estate, struct kv_diagnostic *row, const json_t *item)
{
    const json_t *properties = field(item, "properties");
    const json_t *logs = field_array(properties, "logs");

    row->name = field_keep(estate, item, "name");
    row->workspace_id = field_keep(estate, properties, "workspaceId");
    row->storage_id = field_keep(estate, properties, "storageAccountId");
    row->event_hub_rule_id =
        field_keep(estate, properties, "eventHubAuthorizationRuleId");
    row->partner_id = field_keep(estate, properties, "marketplacePartnerId");
    row->metrics = has_enabled(field_array(properties, "metrics"));
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

bool sink_take(const struct azure_context *context, const json_t *item)
{
    static const char *const types[] = {
        [KV_SINK_WORKSPACE] = "microsoft.operationalinsights/workspaces",
        [KV_SINK_STORAGE] = "microsoft.storage/storageaccounts",
        [KV_SINK_EVENT_HUB] = "microsoft.eventhub/namespaces",
    };
    const uint32_t count = sizeof types / sizeof *types;
    struct kv_sink row = { 0 };
    uint32_t kind = word_find(field_text(item, "type"), types, count);

    row.id = field_keep(context->estate, item, "id");
    row.name = field_keep(context->estate, item, "name");
    if (!row.id || !row.name)
        return false;
    if (kind == count)
        return true;
    row.location = field_keep(context->estate, item, "location");
    row.kind = (enum kv_sink_kind)kind;
    estate_take_sink(context->estate, &row);
    return true;
}
