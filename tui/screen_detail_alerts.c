/* The alert rules that cover a resource, as rows of the tab Logging: those on
 * it or above it, and those that query a workspace which its logs go to. */
#include "screen_detail.h"

#define TEXT_LIMIT 1024

/* ---- which rules ---- */

static const char *type_of(const struct kv_resource *resource)
{
    return resource->kind == KV_KIND_HSM ? "Microsoft.KeyVault/managedHSMs"
                                         : "Microsoft.KeyVault/vaults";
}

static bool is_of_type(
    const struct kv_alert *alert, const struct kv_resource *resource)
{
    for (uint32_t i = 0; i < alert->target_type_count; i++)
        if (text_equal_nocase(alert->target_types[i], type_of(resource)))
            return true;
    return alert->target_type_count == 0;
}

/* A rule of a whole subscription speaks of much else. */
static bool watches_vaults(const struct kv_alert *alert)
{
    for (uint32_t i = 0; i < alert->watch_count; i++)
        if (text_contains_nocase(alert->watches[i], "Microsoft.KeyVault"))
            return true;
    return alert->watch_count == 0 &&
           text_equal_nocase(alert->category, "Administrative");
}

static bool covers(
    const struct kv_alert *alert, const struct kv_resource *resource)
{
    if (!is_of_type(alert, resource))
        return false;
    if (alert->target_region &&
        !text_equal_nocase(alert->target_region, resource->location))
        return false;
    return alert->kind != KV_ALERT_ACTIVITY_LOG || watches_vaults(alert);
}

/* A rule over a workspace sees what lies in the table that it asks. */
static bool asks_table(
    const struct kv_alert *alert, const struct kv_diagnostic *setting)
{
    uint32_t table =
        setting->dedicated ? KV_QUERY_OWN_TABLE : KV_QUERY_SHARED_TABLE;

    return alert->looks_at & (table | KV_QUERY_UNCLEAR);
}

/* ---- words ---- */

static const char *kind_word(enum kv_alert_kind kind)
{
    switch (kind) {
    case KV_ALERT_METRIC:
        return "metric alert";
    case KV_ALERT_ACTIVITY_LOG:
        return "activity alert";
    case KV_ALERT_LOG:
        return "log alert";
    }
    return "alert";
}

/* An operation without its provider, which in a cell leaves it no room. */
static const char *short_name(const char *operation)
{
    static const char provider[] = "Microsoft.KeyVault/";

    return view_starts_nocase(view_of(operation), view_of(provider))
               ? operation + sizeof(provider) - 1
               : operation;
}

static void put_watches(
    struct buf *out, const struct kv_alert *alert, bool brief)
{
    for (uint32_t i = 0; i < alert->watch_count; i++)
        buf_putf(out, "%s%s", i ? ", " : "",
            brief ? short_name(alert->watches[i]) : alert->watches[i]);
    if (alert->looks_at & KV_QUERY_FAILURES)
        buf_puts(out, out->size ? ", refusals" : "refusals");
    if (alert->looks_at & KV_QUERY_DELETIONS)
        buf_puts(out, out->size ? ", deletions" : "deletions");
    if (!out->size && alert->category)
        buf_putf(out, "any, %s", alert->category);
    if (!out->size)
        buf_puts(out, alert->kind == KV_ALERT_LOG ? "its query" : "any");
}

/* By name, and whether anybody hears of it. */
static void put_group(
    struct buf *out, const struct kv_estate *estate, const char *id)
{
    const struct kv_action_group *group =
        kv_estate_find_row(estate, KV_SET_ACTION_GROUPS, id);

    buf_puts(out, detail_last(id));
    if (!group)
        buf_puts(out, detail_home_known(estate, id, KV_FACET_ALERTS)
                          ? " (not found)"
                          : " (not read)");
    else if (!group->enabled)
        buf_puts(out, " (off)");
    else if (!group->receivers)
        buf_puts(out, " (reaches nobody)");
}

static void put_groups(struct buf *out, const struct kv_estate *estate,
    const struct kv_alert *alert)
{
    for (uint32_t i = 0; i < alert->action_group_count; i++) {
        if (i)
            buf_puts(out, ", ");
        put_group(out, estate, alert->action_groups[i]);
    }
    if (!alert->action_group_count)
        buf_puts(out, "nobody is told");
}

/* ---- rows ---- */

static void add_alert(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_alert *alert)
{
    struct detail_row *row = detail_page_add(page);
    struct buf watches = { .limit = TEXT_LIMIT };
    struct buf brief = { .limit = TEXT_LIMIT };
    struct buf groups = { .limit = TEXT_LIMIT };

    put_watches(&watches, alert, false);
    put_watches(&brief, alert, true);
    put_groups(&groups, facts->estate, alert);
    detail_cell(row, "%s", alert->name);
    detail_cell(row, "%s", buf_text(&brief));
    detail_cell(row, "%s", kind_word(alert->kind));
    detail_cell(row, "%s", buf_text(&groups));
    detail_cell(row, "%s", alert->enabled ? "on" : "OFF");
    if (!alert->enabled)
        row->mark = row->rest = ROLE_DIM;
    sheet_putf(&row->below, ROLE_TITLE, 1, "%s  %s%s", kind_word(alert->kind),
        alert->name, alert->enabled ? "" : ", switched OFF");
    sheet_pair(
        &row->below, ROLE_TEXT, DETAIL_INDENT, "WATCHES", buf_text(&watches));
    sheet_pair(
        &row->below, ROLE_TEXT, DETAIL_INDENT, "TELLS", buf_text(&groups));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "ON", alert->scope);
    if (alert->limit)
        sheet_pair(
            &row->below, ROLE_UNKNOWN, DETAIL_INDENT, "ONLY IF", alert->limit);
    if (alert->query)
        sheet_pair(&row->below, ROLE_DIM, DETAIL_INDENT, "QUERY", alert->query);
    buf_done(&groups);
    buf_done(&brief);
    buf_done(&watches);
}

static void add_above(
    struct detail_page *page, const struct detail_facts *facts)
{
    struct kv_walk walk = { 0 };
    const struct kv_alert *alert;

    while ((alert = kv_estate_next_row(
                facts->estate, KV_SET_ALERTS, facts->resource->id, &walk)))
        if (walk.level != KV_SCOPE_OBJECT && covers(alert, facts->resource))
            add_alert(page, facts, alert);
}

static void add_of_workspace(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_diagnostic *setting)
{
    struct kv_walk walk = { 0 };
    const struct kv_alert *alert;

    while ((alert = kv_estate_next_at(
                facts->estate, KV_SET_ALERTS, setting->workspace_id, &walk)))
        if (alert->kind == KV_ALERT_LOG && asks_table(alert, setting))
            add_alert(page, facts, alert);
}

void detail_add_alerts(
    struct detail_page *page, const struct detail_facts *facts)
{
    const struct kv_resource *resource = facts->resource;

    add_above(page, facts);
    for (uint32_t i = 0; i < resource->diagnostic_count; i++)
        if (resource->diagnostics[i].workspace_id)
            add_of_workspace(page, facts, &resource->diagnostics[i]);
}
