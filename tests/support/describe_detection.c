/* Alert rules, events, Defender and where logs are kept: one line a fact. */
#include "describe.h"

#include "base.h"

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static char mark(bool yes)
{
    return yes ? 'y' : 'n';
}

static void put_texts(
    struct buf *out, const char *name, const char *const *texts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        buf_putf(out, " %s %s", name, texts[i]);
}

static void put_alert(struct buf *out, const struct kv_alert *row)
{
    static const char *const kinds[] = { "metric", "activity", "log" };

    buf_putf(out, "alert %s %s enabled %c on %s", kinds[row->kind], row->name,
        mark(row->enabled), row->scope);
    put_texts(out, "watches", row->watches, row->watch_count);
    put_texts(out, "type", row->target_types, row->target_type_count);
    if (row->target_region)
        buf_putf(out, " region %s", row->target_region);
    if (row->category)
        buf_putf(out, " category %s", row->category);
    if (row->limit)
        buf_putf(out, " limit %s", row->limit);
    if (row->query)
        buf_putf(out, " looks %02x at %s", row->looks_at, row->query);
    put_texts(out, "tells", row->action_groups, row->action_group_count);
    buf_putc(out, '\n');
}

static void put_group(struct buf *out, const struct kv_action_group *row)
{
    buf_putf(out, "action group %s enabled %c receivers %u\n", row->name,
        mark(row->enabled), row->receivers);
}

static void put_topic(struct buf *out, const struct kv_topic *row)
{
    buf_putf(
        out, "topic %s %s of %s\n", row->name, row->topic_type, row->scope);
}

static void put_event(struct buf *out, const struct kv_event_subscription *row)
{
    buf_putf(out, "events %s to %s live %c", row->name,
        or_dash(row->destination), mark(row->live));
    put_texts(out, "type", row->event_types, row->event_type_count);
    buf_putc(out, '\n');
}

static void put_plan(struct buf *out, const struct kv_plan_tier *row)
{
    buf_putf(out, "plan %s standard %c sub %s on %s\n", row->name,
        mark(row->standard), or_dash(row->sub_plan), row->scope);
}

static void put_assessment(struct buf *out, const struct kv_assessment *row)
{
    buf_putf(out, "assessment %s %s on %s\n", or_dash(row->name), row->status,
        row->scope);
}

static void put_activity_log(struct buf *out, const struct kv_activity_log *row)
{
    buf_putf(out, "activity log %s of %s workspace %s storage %s", row->name,
        row->scope, or_dash(row->workspace_id), or_dash(row->storage_id));
    put_texts(out, "category", row->categories, row->category_count);
    buf_putc(out, '\n');
}

static void put_retention(
    struct buf *out, const char *name, const struct kv_retention *retention)
{
    if (retention->status.state == KV_FACET_READY &&
        retention->days == KV_RETENTION_UNLIMITED)
        buf_putf(out, "  %s for ever by %s\n", name, or_dash(retention->by));
    else if (retention->status.state == KV_FACET_READY)
        buf_putf(out, "  %s %u days by %s\n", name, retention->days,
            or_dash(retention->by));
    else if (retention->status.why)
        buf_putf(out, "  %s not known: %s\n", name, retention->status.why);
}

static void put_keeping(struct buf *out, const struct kv_sink *row)
{
    if (row->customer_id)
        buf_putf(out, "  %s keeps %u days customer %s by resource %c\n",
            row->name, row->default_days, row->customer_id,
            mark(row->by_resource));
    put_retention(out, "keeps audit logs", &row->retention);
    put_retention(out, "keeps shared logs", &row->shared_retention);
}

static void put_row(struct buf *out, enum kv_set set, const void *row)
{
    if (set == KV_SET_ALERTS)
        put_alert(out, row);
    if (set == KV_SET_ACTION_GROUPS)
        put_group(out, row);
    if (set == KV_SET_TOPICS)
        put_topic(out, row);
    if (set == KV_SET_EVENT_SUBSCRIPTIONS)
        put_event(out, row);
    if (set == KV_SET_PLANS)
        put_plan(out, row);
    if (set == KV_SET_ASSESSMENTS)
        put_assessment(out, row);
    if (set == KV_SET_ACTIVITY_LOGS)
        put_activity_log(out, row);
    if (set == KV_SET_SINKS)
        put_keeping(out, row);
}

void describe_detection(struct buf *out, const struct kv_estate *estate)
{
    for (int set = 0; set < KV_SET_COUNT; set++)
        for (uint32_t i = 0; i < kv_estate_row_count(estate, (enum kv_set)set);
             i++) {
            const void *row = kv_estate_row(estate, (enum kv_set)set, i);

            if (row)
                put_row(out, (enum kv_set)set, row);
        }
}
