/* How one row is judged on one resource, and how verdicts and severities are
 * called. */
#include "evaluate.h"

#include <assert.h>

/* Thresholds that the catalogue names in brackets. */
const struct kv_policy kv_policy_default = {
    .max_privileged = 5,
    .max_contributors = 3,
    .widest_prefix = 24,
    .max_public_addresses = 1024,
    .retention_days = 90,
};

/* True when every facet that the row needs is ready; else the evidence names
 * each that is not, so that one missing permission does not hide another. */
static bool facets_ready(const struct kv_recommendation *row,
    const struct kv_subject *subject, struct buf *evidence)
{
    bool ready = true;

    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++) {
        struct kv_facet_status status;

        if (!(row->needs & KV_FACET_BIT(facet)))
            continue;
        status = kv_estate_facet(
            subject->estate, subject->resource, (enum kv_facet)facet);
        if (status.state == KV_FACET_READY)
            continue;
        ready = false;
        evidence_new_line(evidence);
        evidence_put_missing(evidence, (enum kv_facet)facet, &status);
    }
    return ready;
}

enum kv_verdict kv_judge(const struct kv_recommendation *row,
    const struct kv_subject *subject, struct buf *evidence)
{
    enum kv_kind kind = subject->resource->kind;

    assert(row && subject->policy);
    if (!(row->kinds & 1u << kind)) {
        buf_putf(evidence, "not for kind %s", kv_kind_name(kind));
        return KV_VERDICT_NOT_APPLICABLE;
    }
    if (!facets_ready(row, subject, evidence))
        return KV_VERDICT_UNKNOWN;
    return row->evaluate(subject, evidence);
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
    };

    return names[verdict];
}
