/* Which alert rules watch a resource: by their scope, and the types, regions
 * and tables that they are for. A metric or activity-log rule reaches a
 * resource from its group or subscription; a log rule reaches the audit log
 * where it is kept, if its query reads the table that the log is written to. */
#include "watch.h"

#include <string.h>

#include "base.h"
#include "estate.h"
#include "evaluate.h"
#include "sinks.h"

/* ---- whom a rule tells ---- */

static enum alert_gap gap_of_group(
    const struct kv_estate *estate, const char *id)
{
    const struct kv_action_group *group =
        kv_estate_find_row(estate, KV_SET_ACTION_GROUPS, id);
    const struct kv_subscription *home = subscription_of(estate, view_of(id));

    if (group)
        return group->enabled && group->receivers > 0 ? ALERT_WORKS
                                                      : ALERT_SILENT;
    return home && kv_facet_known(&home->facets[KV_FACET_ALERTS])
               ? ALERT_SILENT
               : ALERT_UNHEARD;
}

enum alert_gap alert_gap_of(
    const struct kv_estate *estate, const struct kv_alert *alert)
{
    enum alert_gap gap = ALERT_SILENT;

    if (!alert->enabled)
        return ALERT_OFF;
    if (alert->limit)
        return ALERT_LIMITED;
    for (uint32_t i = 0; i < alert->action_group_count; i++) {
        enum alert_gap one = gap_of_group(estate, alert->action_groups[i]);

        if (one == ALERT_WORKS)
            return ALERT_WORKS;
        gap = one == ALERT_UNHEARD ? one : gap;
    }
    return gap;
}

bool alert_may_work(enum alert_gap gap)
{
    return gap == ALERT_UNHEARD || gap == ALERT_UNCLEAR;
}

/* ---- what a rule is about ---- */

static const char *type_of(const struct kv_resource *resource)
{
    return resource->kind == KV_KIND_HSM ? "Microsoft.KeyVault/managedHSMs"
                                         : "Microsoft.KeyVault/vaults";
}

static bool is_for_type(
    const struct kv_alert *alert, const struct kv_resource *resource)
{
    for (uint32_t i = 0; i < alert->target_type_count; i++)
        if (text_equal_nocase(alert->target_types[i], type_of(resource)))
            return true;
    return alert->target_type_count == 0;
}

/* "West Europe" and "westeurope" are one region. */
static bool same_region(const char *a, const char *b)
{
    while (a && b && (*a || *b)) {
        char pair[2][2] = { { *a }, { *b } };

        if (*a == ' ') {
            a++;
        } else if (*b == ' ') {
            b++;
        } else if (!text_equal_nocase(pair[0], pair[1])) {
            return false;
        } else {
            a++;
            b++;
        }
    }
    return a && b;
}

static bool is_for_region(
    const struct kv_alert *alert, const struct kv_resource *resource)
{
    return !alert->target_region || !resource->location ||
           same_region(alert->target_region, resource->location);
}

/* Operations on the resource, or all there are. What happens to a subscription
 * or to Azure itself ("ServiceHealth") says nothing of it. */
static bool is_about_operations(
    const struct kv_alert *alert, const struct kv_resource *resource)
{
    static const char *const categories[] = { "Administrative", "Security",
        "ResourceHealth" };
    struct buf prefix = { .limit = 64 };
    bool fits = !alert->category;
    bool any = alert->watch_count == 0;

    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
        fits |= text_equal_nocase(alert->category, categories[i]);
    buf_putf(&prefix, "%s/", type_of(resource));
    for (uint32_t i = 0; fits && i < alert->watch_count; i++)
        any |=
            view_starts_nocase(view_of(alert->watches[i]), buf_view(&prefix));
    buf_done(&prefix);
    return fits && any;
}

/* A query that chooses resources says which by name. */
static bool names_resource(
    const struct kv_alert *alert, const struct kv_resource *resource)
{
    return !(alert->looks_at & KV_QUERY_CHOSEN) ||
           text_contains_nocase(alert->query, resource->name);
}

static bool is_about(
    const struct kv_alert *alert, const struct kv_resource *resource)
{
    switch (alert->kind) {
    case KV_ALERT_METRIC:
        return is_for_type(alert, resource);
    case KV_ALERT_ACTIVITY_LOG:
        return is_for_type(alert, resource) &&
               is_about_operations(alert, resource);
    case KV_ALERT_LOG:
        return is_for_type(alert, resource) &&
               names_resource(alert, resource) &&
               (alert->looks_at & (KV_QUERY_OWN_TABLE | KV_QUERY_SHARED_TABLE));
    }
    return false;
}

/* ---- gathering ---- */

static void watch_add(
    struct watch *watch, const struct kv_alert *alert, enum alert_gap gap)
{
    for (size_t i = 0; i < watch->count; i++)
        if (watch->items[i].alert->rule_id == alert->rule_id)
            return;
    watch->items = mem_grow(
        watch->items, watch->count, &watch->capacity, sizeof *watch->items);
    watch->items[watch->count++] = (struct watching){ alert, gap };
}

static void watch_take(struct watch *watch, const struct kv_subject *subject,
    const struct kv_alert *alert)
{
    enum alert_gap gap = alert_gap_of(subject->estate, alert);

    if (!is_about(alert, subject->resource))
        return;
    if (!is_for_region(alert, subject->resource))
        gap = ALERT_OTHER_AREA;
    watch_add(watch, alert, gap);
}

/* A rule over a workspace sees the table that the setting writes to. */
static void watch_take_log(struct watch *watch,
    const struct kv_subject *subject, const struct kv_alert *alert,
    bool dedicated)
{
    uint32_t table = dedicated ? KV_QUERY_OWN_TABLE : KV_QUERY_SHARED_TABLE;
    enum alert_gap gap = alert_gap_of(subject->estate, alert);

    if (alert->kind != KV_ALERT_LOG ||
        !names_resource(alert, subject->resource))
        return;
    if (alert->looks_at & table)
        watch_add(watch, alert, gap);
    else if (alert->looks_at & KV_QUERY_UNCLEAR &&
             (gap == ALERT_WORKS || gap == ALERT_UNHEARD))
        watch_add(watch, alert, ALERT_UNCLEAR);
}

static void watch_workspace(struct watch *watch,
    const struct kv_subject *subject, const struct kv_diagnostic *setting)
{
    const struct kv_subscription *home =
        subscription_of(subject->estate, view_of(setting->workspace_id));
    struct kv_walk walk = { 0 };
    const struct kv_alert *alert;

    watch->in_workspace = true;
    if (!home || !kv_facet_known(&home->facets[KV_FACET_ALERTS]))
        watch->unread = true;
    while ((alert = kv_estate_next_row(
                subject->estate, KV_SET_ALERTS, setting->workspace_id, &walk)))
        watch_take_log(watch, subject, alert, setting->dedicated);
}

void *watch_make(const struct kv_subject *subject)
{
    const struct kv_resource *resource = subject->resource;
    struct watch *watch = mem_alloc(sizeof *watch);
    struct kv_walk walk = { 0 };
    const struct kv_alert *alert;

    while ((alert = kv_estate_next_row(
                subject->estate, KV_SET_ALERTS, resource->id, &walk)))
        watch_take(watch, subject, alert);
    if (!kv_facet_known(&resource->diagnostics_status))
        watch->unread = true;
    for (uint32_t i = 0; i < resource->diagnostic_count; i++)
        if (resource->diagnostics[i].audit &&
            resource->diagnostics[i].workspace_id)
            watch_workspace(watch, subject, &resource->diagnostics[i]);
    return watch;
}

void watch_free(void *value)
{
    struct watch *watch = value;

    mem_free(watch->items);
    mem_free(watch);
}

/* ---- in words ---- */

void alert_put(struct buf *evidence, const struct watching *watching)
{
    static const char *const kinds[] = {
        [KV_ALERT_METRIC] = "metric rule ",
        [KV_ALERT_ACTIVITY_LOG] = "activity-log rule ",
        [KV_ALERT_LOG] = "log rule ",
    };
    static const char *const gaps[] = {
        [ALERT_WORKS] = "",
        [ALERT_OFF] = " is disabled",
        [ALERT_SILENT] = " has no enabled action group with a receiver",
        [ALERT_UNHEARD] = " tells an action group that was not read",
        [ALERT_OTHER_AREA] = " is only for ",
        [ALERT_LIMITED] = " fires only by a condition on ",
        [ALERT_UNCLEAR] = " has a query that names no table",
    };

    evidence_new_line(evidence);
    buf_puts(evidence, kinds[watching->alert->kind]);
    evidence_put_text(evidence, watching->alert->name);
    buf_puts(evidence, gaps[watching->gap]);
    if (watching->gap == ALERT_OTHER_AREA)
        evidence_put_text(evidence, watching->alert->target_region);
    if (watching->gap == ALERT_LIMITED)
        evidence_put_text(evidence, watching->alert->limit);
}
