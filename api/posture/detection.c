/* Whether somebody is told when something happens to the resource: the alert
 * rows of the catalogue. */
#include "evaluate.h"

#include "watch.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct watch *watch_of(const struct kv_subject *subject)
{
    return judgement_get(subject, JUDGED_WATCH);
}

/* What a row wants of a rule. */
typedef bool wants_fn(const struct kv_alert *alert, const void *what);

struct found {
    bool works;
    bool maybe;
};

static struct found watch_find(const struct watch *watch, wants_fn *wants,
    const void *what, struct buf *evidence)
{
    struct found found = { 0 };

    for (size_t i = 0; i < watch->count; i++) {
        const struct watching *one = &watch->items[i];

        if (!wants(one->alert, what))
            continue;
        alert_put(evidence, one);
        found.works |= one->gap == ALERT_WORKS;
        found.maybe |= alert_may_work(one->gap);
    }
    return found;
}

static enum kv_verdict verdict_of(const struct found *found, bool unread)
{
    if (found->works)
        return KV_VERDICT_PASS;
    return found->maybe || unread ? KV_VERDICT_UNKNOWN : KV_VERDICT_FAIL;
}

/* What log rules there are is not known; what would make it known. */
static void put_unread(const struct kv_subject *subject, struct buf *evidence)
{
    struct kv_facet_status diagnostics =
        subject_facet(subject, KV_FACET_DIAGNOSTICS);

    evidence_new_line(evidence);
    if (!kv_facet_known(&diagnostics))
        evidence_put_missing(evidence, KV_FACET_DIAGNOSTICS, &diagnostics);
    else
        buf_puts(evidence, "its workspace lies where no alert rules were "
                           "read");
}

/* ---- any rule ---- */

static bool wants_any(const struct kv_alert *alert, const void *what)
{
    (void)alert;
    (void)what;
    return true;
}

enum kv_verdict detection_alerts(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct watch *watch = watch_of(subject);
    struct found found = watch_find(watch, wants_any, NULL, evidence);

    if (watch->count == 0) {
        evidence_new_line(evidence);
        buf_putf(evidence, "no alert rule covers the %s",
            kv_kind_name(subject->resource->kind));
    }
    if (!found.works && watch->unread)
        put_unread(subject, evidence);
    return verdict_of(&found, watch->unread);
}

/* ---- what the audit log says ---- */

/* One whose query is not clear may look at anything. */
static bool wants_looks(const struct kv_alert *alert, const void *what)
{
    return alert->kind == KV_ALERT_LOG &&
           (alert->looks_at & (*(const uint32_t *)what | KV_QUERY_UNCLEAR));
}

/* One half of the row; its name goes to the evidence when it is missing. */
static enum kv_verdict half(const struct kv_subject *subject, uint32_t looks,
    const char *name, struct buf *evidence)
{
    const struct watch *watch = watch_of(subject);
    struct found found = watch_find(watch, wants_looks, &looks, evidence);
    enum kv_verdict verdict = verdict_of(&found, watch->unread);

    if (verdict == KV_VERDICT_PASS)
        return verdict;
    evidence_new_line(evidence);
    buf_putf(evidence,
        verdict == KV_VERDICT_FAIL
            ? "no log rule that works looks for %s"
            : "whether a log rule looks for %s is not known",
        name);
    return verdict;
}

enum kv_verdict detection_audit_alerts(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct watch *watch = watch_of(subject);
    enum kv_verdict failures;
    enum kv_verdict deletions;

    if (!watch->in_workspace) {
        buf_puts(evidence, "audit logs go to no workspace, so that no rule "
                           "can look at them");
        return KV_VERDICT_FAIL;
    }
    failures = half(subject, KV_QUERY_FAILURES, "refused access", evidence);
    deletions =
        half(subject, KV_QUERY_DELETIONS, "deletions and purges", evidence);
    if (failures == KV_VERDICT_FAIL || deletions == KV_VERDICT_FAIL)
        return KV_VERDICT_FAIL;
    return failures == KV_VERDICT_PASS ? deletions : failures;
}

/* ---- deletion of the resource itself ---- */

static bool wants_deletion(const struct kv_alert *alert, const void *what)
{
    bool administrative = !alert->category ||
                          text_equal_nocase(alert->category, "Administrative");

    for (uint32_t i = 0; i < alert->watch_count; i++)
        if (text_equal_nocase(alert->watches[i], what))
            return alert->kind == KV_ALERT_ACTIVITY_LOG && administrative;
    return alert->kind == KV_ALERT_ACTIVITY_LOG && administrative &&
           alert->watch_count == 0;
}

enum kv_verdict detection_deletion(
    const struct kv_subject *subject, struct buf *evidence)
{
    const char *operation = subject->resource->kind == KV_KIND_HSM
                                ? "Microsoft.KeyVault/managedHSMs/delete"
                                : "Microsoft.KeyVault/vaults/delete";
    struct found found =
        watch_find(watch_of(subject), wants_deletion, operation, evidence);

    if (!found.works) {
        evidence_new_line(evidence);
        buf_putf(
            evidence, "no activity-log rule that works watches %s", operation);
    }
    return verdict_of(&found, false);
}

/* ---- metrics ---- */

static bool wants_metric(const struct kv_alert *alert, const void *what)
{
    for (uint32_t i = 0; i < alert->watch_count; i++)
        if (text_equal_nocase(alert->watches[i], what))
            return alert->kind == KV_ALERT_METRIC;
    return false;
}

/* An HSM has neither a saturation nor a result metric. */
static size_t metrics_of(enum kv_kind kind, const char *const **names)
{
    static const char *const all[] = { "Availability", "ServiceApiLatency",
        "SaturationShoebox", "ServiceApiResult" };

    *names = all;
    return kind == KV_KIND_HSM ? 2 : COUNT(all);
}

enum kv_verdict detection_metrics(
    const struct kv_subject *subject, struct buf *evidence)
{
    enum kv_verdict verdict = KV_VERDICT_PASS;
    const char *const *names;
    size_t count = metrics_of(subject->resource->kind, &names);

    for (size_t i = 0; i < count; i++) {
        struct found found =
            watch_find(watch_of(subject), wants_metric, names[i], evidence);

        if (found.works)
            continue;
        evidence_new_line(evidence);
        buf_putf(evidence,
            found.maybe ? "whether somebody hears of %s is not known"
                        : "no metric rule that works watches %s",
            names[i]);
        if (!found.maybe)
            verdict = KV_VERDICT_FAIL;
        else if (verdict == KV_VERDICT_PASS)
            verdict = KV_VERDICT_UNKNOWN;
    }
    return verdict;
}

/* ---- an HSM: logged, and somebody is told ---- */

enum kv_verdict detection_hsm(
    const struct kv_subject *subject, struct buf *evidence)
{
    enum kv_verdict logged = logging_audit(subject, evidence);
    struct kv_facet_status alerts = subject_facet(subject, KV_FACET_ALERTS);
    enum kv_verdict told = KV_VERDICT_UNKNOWN;

    if (kv_facet_known(&alerts)) {
        told = detection_alerts(subject, evidence);
    } else {
        evidence_new_line(evidence);
        evidence_put_missing(evidence, KV_FACET_ALERTS, &alerts);
    }
    if (logged == KV_VERDICT_FAIL || told == KV_VERDICT_FAIL)
        return KV_VERDICT_FAIL;
    return logged == KV_VERDICT_PASS ? told : logged;
}
