/* How one row is judged on one resource, and how verdicts and severities are
 * called. */
#include "evaluate.h"

#include <assert.h>

/* Nothing stands in the way but that nobody asked. */
static bool only_unread(const struct kv_subject *subject, uint64_t missing)
{
    return (missing & ~subject_unread(subject)) == 0;
}

enum kv_verdict judge_row(const struct kv_recommendation *row,
    struct kv_subject *subject, struct buf *evidence)
{
    uint64_t missing = row->needs & ~subject_ready(subject);
    const char *unasked = row->unasked ? row->unasked(subject->policy) : NULL;
    enum kv_verdict verdict;

    if (subject->resource && !kv_row_concerns(row, subject->resource->kind)) {
        buf_putf(
            evidence, "not for kind %s", kv_kind_name(subject->resource->kind));
        return KV_VERDICT_NOT_APPLICABLE;
    }
    subject->asks = kv_row_asks(row, subject->policy->baseline);
    if (subject->asks == KV_ASKS_NOTHING) {
        buf_putf(evidence, "not in the baseline %s",
            kv_baselines[subject->policy->baseline].name);
        return KV_VERDICT_NOT_APPLICABLE;
    }
    if (unasked) {
        buf_puts(evidence, unasked);
        return KV_VERDICT_NOT_APPLICABLE;
    }
    if (missing) {
        evidence_put_unread(evidence, subject, missing);
        return only_unread(subject, missing) ? KV_VERDICT_UNREAD
                                             : KV_VERDICT_UNKNOWN;
    }
    if (row->looks_at && !(row->looks_at & subject_ready(subject)) &&
        only_unread(subject, row->looks_at)) {
        evidence_put_unread(evidence, subject, row->looks_at);
        return KV_VERDICT_UNREAD;
    }
    verdict = row->evaluate(subject, evidence);
    assert(verdict != KV_VERDICT_NONE);
    assert(verdict != KV_VERDICT_MANUAL || row->attests);
    return verdict;
}

/* From a resource to what a row above it judges. */
static void rise(struct kv_subject *subject, enum kv_facet_level level)
{
    if (subject->resource)
        subject->judgement = NULL; /* it is that of the resource */
    subject->resource = NULL;
    if (level == KV_LEVEL_TENANT)
        subject->subscription = KV_NONE;
}

enum kv_verdict kv_judge(const struct kv_recommendation *row,
    const struct kv_subject *given, struct buf *evidence)
{
    struct kv_judgement own = { 0 };
    struct kv_subject subject = *given;
    enum kv_verdict verdict;

    assert(row && given->policy);
    if (subject.resource)
        subject.subscription = subject.resource->subscription;
    if (kv_row_level(row) != KV_LEVEL_RESOURCE)
        rise(&subject, kv_row_level(row));
    if (!subject.judgement)
        subject.judgement = &own;
    verdict = judge_row(row, &subject, evidence);
    judgement_done(&own);
    return verdict;
}

const char *kv_severity_name(enum kv_severity severity)
{
    static const char *const names[] = {
        [KV_SEVERITY_INFO] = "info",
        [KV_SEVERITY_LOW] = "low",
        [KV_SEVERITY_MEDIUM] = "medium",
        [KV_SEVERITY_HIGH] = "high",
        [KV_SEVERITY_CRITICAL] = "critical",
    };

    return names[severity];
}

const char *kv_severity_mark(enum kv_severity severity)
{
    static const char *const marks[] = {
        [KV_SEVERITY_INFO] = "INFO",
        [KV_SEVERITY_LOW] = "LOW",
        [KV_SEVERITY_MEDIUM] = "MED",
        [KV_SEVERITY_HIGH] = "HIGH",
        [KV_SEVERITY_CRITICAL] = "CRIT",
    };

    return marks[severity];
}

const char *kv_verdict_name(enum kv_verdict verdict)
{
    static const char *const names[] = {
        [KV_VERDICT_NONE] = "not judged",
        [KV_VERDICT_PASS] = "pass",
        [KV_VERDICT_FAIL] = "fail",
        [KV_VERDICT_UNKNOWN] = "unknown",
        [KV_VERDICT_MANUAL] = "manual",
        [KV_VERDICT_NOT_APPLICABLE] = "not applicable",
        [KV_VERDICT_EXCEPTED] = "excepted",
        [KV_VERDICT_UNREAD] = "not read",
    };

    return names[verdict];
}
