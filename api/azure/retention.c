/* How long log destinations keep what is sent there: Microsoft.Operational-
 * Insights 2025-07-01, where each table of a workspace has a total retention,
 * and Microsoft.Storage 2025-08-01, where lifecycle rules delete blobs. What a
 * diagnostic setting says of retention is not asked: it has had no effect since
 * 2025. */
#include "retention.h"

#define OWN_TABLE "AZKVAuditLogs"
#define SHARED_TABLE "AzureDiagnostics"
#define TABLES "/tables/"
/* The container that Azure Monitor writes audit logs of vaults to. */
#define CONTAINER "insights-logs-auditevent"
/* The longest that the service takes, 12 years, and then some. */
#define DAYS_MAX 36500

/* In place, or waiting for the commit while the store is replayed. */
static struct kv_sink *sink_of(struct kv_estate *estate, struct view id)
{
    const char *text = estate_text(estate, id);
    struct kv_sink *sink = estate_row(estate, KV_SET_SINKS, text);

    return sink ? sink : estate_gathered_row(estate, KV_SET_SINKS, text);
}

static struct kv_facet_status ready(const struct azure_context *context)
{
    return (struct kv_facet_status){ KV_FACET_READY, context->read_at_s, NULL };
}

/* ---- workspaces ---- */

void table_subject(struct buf *out, const char *workspace, bool dedicated)
{
    buf_putf(
        out, "%s" TABLES "%s", workspace, dedicated ? OWN_TABLE : SHARED_TABLE);
}

/* Of the subject's table; NULL when there is no such workspace. */
static struct kv_retention *retention_of_table(
    const struct azure_context *context)
{
    struct view table = arm_id_last(view_of(context->subject));
    struct view workspace = arm_id_parse(view_of(context->subject)).resource;
    struct kv_sink *sink = sink_of(context->estate, workspace);

    if (!sink)
        return NULL;
    return view_equal_nocase(table, view_of(OWN_TABLE))
               ? &sink->retention
               : &sink->shared_retention;
}

bool table_take(const struct azure_context *context, const json_t *item)
{
    struct kv_retention *retention = retention_of_table(context);
    int64_t days =
        field_number(item, "properties.totalRetentionInDays", 1, DAYS_MAX);
    struct buf by = { .limit = 256 };

    if (days == 0)
        days = field_number(item, "properties.retentionInDays", 1, DAYS_MAX);
    if (days == 0)
        return false;
    if (!retention)
        return true;
    buf_puts(&by, "table ");
    buf_put(&by, arm_id_last(view_of(context->subject)));
    *retention = (struct kv_retention){
        .status = ready(context),
        .days = (uint32_t)days,
        .by = estate_text(context->estate, buf_view(&by)),
    };
    buf_done(&by);
    return true;
}

/* A table that nothing was written to yet takes the workspace's value. */
static void table_missing(
    const struct azure_context *context, struct kv_retention *retention)
{
    const struct kv_sink *sink = sink_of(
        context->estate, arm_id_parse(view_of(context->subject)).resource);

    if (sink->default_days > 0)
        *retention = (struct kv_retention){
            .status = ready(context),
            .days = sink->default_days,
            .by = "the workspace",
        };
}

/* ---- storage accounts ---- */

/* What the lifecycle rules of an account come to for audit logs. */
struct lifecycle {
    uint32_t days;
    const char *by;
    const char *partly; /* a rule that deletes some of them only */
};

static bool has_text(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (view_equal_nocase(
                view_of(json_string_value(json_array_get(list, i))),
                view_of(text)))
            return true;
    return false;
}

/* Prefixes begin with the container. */
enum reach {
    REACH_NONE,
    REACH_SOME,
    REACH_ALL,
};

static enum reach prefix_reach(struct view prefix)
{
    struct view container = view_of(CONTAINER "/");

    if (view_starts_nocase(container, prefix))
        return REACH_ALL;
    return view_starts_nocase(prefix, container) ? REACH_SOME : REACH_NONE;
}

static enum reach rule_reach(const json_t *rule)
{
    const json_t *filters = field(rule, "definition.filters");
    const json_t *prefixes = field_array(filters, "prefixMatch");
    enum reach reach = REACH_NONE;

    /* Logs are append blobs and bear no index tags. */
    if (!has_text(field_array(filters, "blobTypes"), "appendBlob") ||
        json_array_size(field_array(filters, "blobIndexMatch")) > 0)
        return REACH_NONE;
    if (json_array_size(prefixes) == 0)
        return REACH_ALL;
    for (size_t i = 0; i < json_array_size(prefixes); i++) {
        enum reach one = prefix_reach(
            view_of(json_string_value(json_array_get(prefixes, i))));

        reach = one > reach ? one : reach;
    }
    return reach;
}

/* 0: the rule deletes nothing. Days come as whole numbers and as "3.0". */
static uint32_t rule_days(const json_t *rule)
{
    static const char *const names[] = { "daysAfterModificationGreaterThan",
        "daysAfterCreationGreaterThan", "daysAfterLastAccessTimeGreaterThan" };
    const json_t *action = field(rule, "definition.actions.baseBlob.delete");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *value = field(action, names[i]);
        double days = json_number_value(value);

        if (json_is_number(value))
            return days < 1 ? 1 : days > DAYS_MAX ? DAYS_MAX : (uint32_t)days;
    }
    return 0;
}

static void lifecycle_take_rule(
    struct kv_estate *estate, struct lifecycle *lifecycle, const json_t *rule)
{
    enum reach reach = rule_reach(rule);
    uint32_t days = rule_days(rule);

    if (field_tri(rule, "enabled") == KV_TRI_FALSE || days == 0 ||
        reach == REACH_NONE || days >= lifecycle->days)
        return;
    if (reach == REACH_SOME) {
        lifecycle->partly = field_keep(estate, rule, "name");
        return;
    }
    lifecycle->days = days;
    lifecycle->by = field_keep(estate, rule, "name");
}

static struct kv_retention lifecycle_retention(
    const struct azure_context *context, const struct lifecycle *lifecycle)
{
    struct kv_retention retention = { .status = ready(context) };
    struct buf text = { .limit = 1024 };

    if (lifecycle->partly) {
        buf_putf(&text,
            "lifecycle rule %s deletes some of the audit logs, by "
            "a prefix",
            lifecycle->partly);
        retention.status.state = KV_FACET_FAILED;
        retention.status.why = estate_text(context->estate, buf_view(&text));
    } else {
        buf_putf(&text, "lifecycle rule %s",
            lifecycle->by ? lifecycle->by : "without a name");
        retention.days = lifecycle->days;
        retention.by = lifecycle->days == KV_RETENTION_UNLIMITED
                           ? "no lifecycle rule"
                           : estate_text(context->estate, buf_view(&text));
    }
    buf_done(&text);
    return retention;
}

bool lifecycle_take(const struct azure_context *context, const json_t *item)
{
    struct kv_sink *sink = sink_of(context->estate, view_of(context->subject));
    const json_t *rules = field_array(item, "properties.policy.rules");
    struct lifecycle lifecycle = { .days = KV_RETENTION_UNLIMITED };

    if (!rules)
        return false;
    for (size_t i = 0; i < json_array_size(rules); i++)
        lifecycle_take_rule(
            context->estate, &lifecycle, json_array_get(rules, i));
    if (sink)
        sink->retention = lifecycle_retention(context, &lifecycle);
    return true;
}

/* ---- what could not be read ---- */

void retention_fail(const struct azure_context *context, enum azure_read read,
    const struct kv_error *err, const struct kv_facet_status *status)
{
    struct kv_sink *sink = NULL;
    struct kv_retention *retention = NULL;

    if (read == AZURE_TABLE) {
        retention = retention_of_table(context);
    } else {
        sink = sink_of(context->estate, view_of(context->subject));
        retention = sink ? &sink->retention : NULL;
    }
    if (!retention)
        return;
    *retention = (struct kv_retention){ .status = *status };
    if (err->status == KV_NOT_FOUND && read == AZURE_TABLE)
        table_missing(context, retention);
    if (err->status == KV_NOT_FOUND && read == AZURE_LIFECYCLE)
        *retention = lifecycle_retention(
            context, &(struct lifecycle){ .days = KV_RETENTION_UNLIMITED });
}
