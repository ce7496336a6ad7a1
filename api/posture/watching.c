/* What watches over a whole subscription, and who hears of changes: Defender,
 * the activity log, events. */
#include "evaluate.h"

#include "watch.h"
#include "sinks.h"

#define PLAN "KeyVaults"
#define POLICY_TOPIC "Microsoft.PolicyInsights.PolicyStates"
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void put_scope(struct buf *out, const struct kv_subject *subject)
{
    buf_putf(out, "/subscriptions/%s",
        kv_estate_subscription(subject->estate, subject->subscription)->id);
}

/* ---- Microsoft Defender for Key Vault ---- */

static const struct kv_plan_tier *plan_of(const struct kv_subject *subject)
{
    struct buf scope = { .limit = 256 };
    struct kv_walk walk = { 0 };
    const struct kv_plan_tier *plan;

    put_scope(&scope, subject);
    do
        plan = kv_estate_next_at(
            subject->estate, KV_SET_PLANS, buf_text(&scope), &walk);
    while (plan && !text_equal_nocase(plan->name, PLAN));
    buf_done(&scope);
    return plan;
}

static void put_plan(struct buf *evidence, const struct kv_plan_tier *plan)
{
    buf_putf(evidence, "the plan " PLAN " is %s",
        plan->standard ? "Standard" : "Free");
    if (plan->sub_plan) {
        buf_puts(evidence, ", ");
        evidence_put_text(evidence, plan->sub_plan);
    }
}

/* The vaults' own addresses say in which cloud they are. */
static bool is_offered(const struct kv_subject *subject)
{
    static const char *const without[] = { ".usgovcloudapi.net", ".azure.cn" };
    uint32_t at = KV_NONE;

    while ((at = subject_next_resource(subject, at)) != KV_NONE) {
        const char *uri = kv_estate_resource(subject->estate, at)->uri;

        for (size_t i = 0; uri && i < COUNT(without); i++)
            if (text_contains_nocase(uri, without[i]))
                return false;
        if (uri)
            break;
    }
    return true;
}

enum kv_verdict watching_defender(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct kv_facet_status status = subject_facet(subject, KV_FACET_PLANS);
    const struct kv_plan_tier *plan = plan_of(subject);

    if (!is_offered(subject)) {
        buf_puts(evidence, "not known to be offered in this cloud");
        return KV_VERDICT_NOT_APPLICABLE;
    }
    if (!plan && status.state != KV_FACET_UNREGISTERED) {
        if (kv_facet_known(&status))
            buf_puts(evidence, "the plan " PLAN " was not shown: it takes "
                               "Microsoft.Security/pricings/read");
        else
            evidence_put_missing(evidence, KV_FACET_PLANS, &status);
        return KV_VERDICT_UNKNOWN;
    }
    if (plan)
        put_plan(evidence, plan);
    else
        buf_puts(evidence, "Microsoft.Security is not registered, so that no "
                           "plan is on");
    return plan && plan->standard ? KV_VERDICT_PASS : KV_VERDICT_FAIL;
}

enum kv_verdict watching_defender_plan(
    const struct kv_subject *subject, struct buf *evidence)
{
    const char *wanted = subject->policy->defender_plan;
    const struct kv_plan_tier *plan = plan_of(subject);

    if (!wanted || !*wanted) {
        buf_puts(evidence, "defender_plan names none");
        return KV_VERDICT_NOT_APPLICABLE;
    }
    if (!plan) {
        buf_puts(evidence, "the plan " PLAN " was not shown");
        return KV_VERDICT_UNKNOWN;
    }
    put_plan(evidence, plan);
    buf_puts(evidence, ", wanted is ");
    evidence_put_text(evidence, wanted);
    return plan->standard && text_equal_nocase(plan->sub_plan, wanted)
               ? KV_VERDICT_PASS
               : KV_VERDICT_FAIL;
}

/* ---- the activity log ---- */

static const char *const wanted_categories[] = { "Administrative", "Security",
    "Alert", "Policy" };

static uint32_t categories_of(const struct kv_activity_log *log)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < log->category_count; i++) {
        if (text_equal_nocase(log->categories[i], "allLogs"))
            return (1u << COUNT(wanted_categories)) - 1;
        for (size_t j = 0; j < COUNT(wanted_categories); j++)
            if (text_equal_nocase(log->categories[i], wanted_categories[j]))
                bits |= 1u << j;
    }
    return bits;
}

/* Whether one of its destinations is there; each goes to the evidence. */
static enum sink_answer arrives(const struct kv_estate *estate,
    const struct kv_activity_log *log, struct buf *evidence)
{
    const struct kv_diagnostic setting = {
        .workspace_id = log->workspace_id,
        .storage_id = log->storage_id,
        .event_hub_rule_id = log->event_hub_rule_id,
        .partner_id = log->partner_id,
    };
    struct destination places[DESTINATION_MAX];
    size_t count = destinations_of(&setting, places);
    enum sink_answer best = SINK_GONE;

    evidence_new_line(evidence);
    evidence_put_text(evidence, log->name);
    buf_puts(evidence, count == 0 ? " sends nowhere" : " sends");
    for (size_t i = 0; i < count; i++) {
        enum sink_answer answer = sink_look_up(estate, &places[i]);

        sink_put(evidence, &places[i], answer);
        if (answer == SINK_UNKNOWN)
            sink_put_missing(evidence, estate, &places[i]);
        if (answer == SINK_EXISTS ||
            (answer == SINK_UNKNOWN && best == SINK_GONE))
            best = answer;
    }
    return best;
}

static void put_categories(
    struct buf *evidence, const char *text, uint32_t bits)
{
    const char *gap = " ";

    evidence_new_line(evidence);
    buf_puts(evidence, text);
    for (size_t i = 0; i < COUNT(wanted_categories); i++)
        if (bits & 1u << i) {
            buf_putf(evidence, "%s%s", gap, wanted_categories[i]);
            gap = ", ";
        }
}

enum kv_verdict watching_activity_log(
    const struct kv_subject *subject, struct buf *evidence)
{
    const uint32_t all = (1u << COUNT(wanted_categories)) - 1;
    struct buf scope = { .limit = 256 };
    struct kv_walk walk = { 0 };
    const struct kv_activity_log *log;
    uint32_t sent = 0;
    uint32_t maybe = 0;

    put_scope(&scope, subject);
    while ((log = kv_estate_next_at(subject->estate, KV_SET_ACTIVITY_LOGS,
                buf_text(&scope), &walk))) {
        enum sink_answer answer = arrives(subject->estate, log, evidence);

        sent |= answer == SINK_EXISTS ? categories_of(log) : 0;
        maybe |= answer == SINK_UNKNOWN ? categories_of(log) : 0;
    }
    buf_done(&scope);
    if (sent == all)
        return KV_VERDICT_PASS;
    put_categories(evidence, "sent nowhere:", all & ~sent & ~maybe);
    if ((sent | maybe) != all)
        return KV_VERDICT_FAIL;
    put_categories(evidence, "perhaps sent:", maybe & ~sent);
    return KV_VERDICT_UNKNOWN;
}

/* ---- events ---- */

struct events {
    struct buf *evidence;
    int64_t now_s;
    bool live;
};

static void events_take(
    struct events *events, const struct kv_event_subscription *row)
{
    bool expired = row->expires_at_s > 0 && row->expires_at_s <= events->now_s;

    evidence_new_line(events->evidence);
    buf_puts(events->evidence, "event subscription ");
    evidence_put_text(events->evidence, row->name);
    if (!row->destination) {
        buf_puts(events->evidence, " has no destination");
    } else {
        buf_puts(events->evidence, " to ");
        evidence_put_text(events->evidence, row->destination);
    }
    if (expired)
        buf_puts(events->evidence, " has expired");
    else if (!row->live && row->destination)
        buf_puts(events->evidence, " is not in effect");
    events->live |= row->live && !expired;
}

static void events_at(
    struct events *events, const struct kv_estate *estate, const char *scope)
{
    struct kv_walk walk = { 0 };
    const struct kv_event_subscription *row;

    while ((row = kv_estate_next_at(
                estate, KV_SET_EVENT_SUBSCRIPTIONS, scope, &walk)))
        events_take(events, row);
}

/* Through every topic of this type that the source has; NULL: of any. */
static void events_of(struct events *events, const struct kv_estate *estate,
    const char *source, const char *topic_type)
{
    struct kv_walk walk = { 0 };
    const struct kv_topic *topic;

    while ((topic = kv_estate_next_at(estate, KV_SET_TOPICS, source, &walk))) {
        size_t before = events->evidence ? events->evidence->size : 0;

        if (topic_type && !text_equal_nocase(topic->topic_type, topic_type))
            continue;
        events_at(events, estate, topic->id);
        if (events->evidence && events->evidence->size == before) {
            evidence_new_line(events->evidence);
            buf_puts(events->evidence, "nobody subscribed on topic ");
            evidence_put_text(events->evidence, topic->name);
        }
    }
}

enum kv_verdict watching_events(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct events events = { evidence, subject->now_s, false };
    struct kv_facet_status status = subject_facet(subject, KV_FACET_EVENTS);
    const char *id = subject->resource->id;

    events_of(&events, subject->estate, id, NULL);
    events_at(&events, subject->estate, id);
    if (events.live)
        return KV_VERDICT_PASS;
    evidence_new_line(evidence);
    if (kv_facet_known(&status)) {
        buf_puts(evidence, "no event subscription that is in effect");
        return KV_VERDICT_FAIL;
    }
    evidence_put_missing(evidence, KV_FACET_EVENTS, &status);
    return KV_VERDICT_UNKNOWN;
}

/* An activity-log rule on the category Policy, which works. */
static enum alert_gap policy_alert(
    const struct kv_subject *subject, const char *scope, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    const struct kv_alert *alert;
    enum alert_gap best = ALERT_SILENT;

    while ((alert = kv_estate_next_at(
                subject->estate, KV_SET_ALERTS, scope, &walk))) {
        struct watching one = { alert, alert_gap_of(subject->estate, alert) };

        if (alert->kind != KV_ALERT_ACTIVITY_LOG ||
            !text_equal_nocase(alert->category, "Policy"))
            continue;
        alert_put(evidence, &one);
        if (one.gap == ALERT_WORKS || alert_may_work(one.gap))
            best = best == ALERT_WORKS ? best : one.gap;
    }
    return best;
}

enum kv_verdict watching_policy(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct events events = { evidence, subject->now_s, false };
    struct buf scope = { .limit = 256 };
    enum alert_gap gap;

    put_scope(&scope, subject);
    events_of(&events, subject->estate, buf_text(&scope), POLICY_TOPIC);
    gap = policy_alert(subject, buf_text(&scope), evidence);
    buf_done(&scope);
    if (events.live || gap == ALERT_WORKS)
        return KV_VERDICT_PASS;
    evidence_new_line(evidence);
    buf_puts(evidence, "no event subscription on policy states and no alert "
                       "rule on category Policy that works");
    return alert_may_work(gap) ? KV_VERDICT_UNKNOWN : KV_VERDICT_FAIL;
}
