/* One number for many verdicts: the share that passes, weighted by severity. It
 * means nothing without the share that is known, so both are one value. */
#include "kvgov/posture.h"

#include <math.h>

/* Each severity weighs twice the one below. */
static const uint32_t weights[KV_SEVERITY_COUNT] = {
    [KV_SEVERITY_INFO] = 1,
    [KV_SEVERITY_LOW] = 2,
    [KV_SEVERITY_MEDIUM] = 4,
    [KV_SEVERITY_HIGH] = 8,
    [KV_SEVERITY_CRITICAL] = 16,
};

/* What was accepted does not pass: it counts as what it is, a deviation. */
static void score_add(
    struct kv_score *score, enum kv_severity severity, const uint64_t *count)
{
    uint64_t weight = weights[severity];
    uint64_t known = count[KV_VERDICT_PASS] + count[KV_VERDICT_FAIL] +
                     count[KV_VERDICT_EXCEPTED];

    score->passed += weight * count[KV_VERDICT_PASS];
    score->known += weight * known;
    score->applies +=
        weight * (known + count[KV_VERDICT_NONE] + count[KV_VERDICT_UNKNOWN] +
                     count[KV_VERDICT_UNREAD] + count[KV_VERDICT_MANUAL]);
}

static void score_add_verdict(
    struct kv_score *score, enum kv_severity severity, enum kv_verdict verdict)
{
    uint64_t count[KV_VERDICT_COUNT] = { 0 };

    count[verdict] = 1;
    score_add(score, severity, count);
}

struct kv_score kv_score_of(const struct kv_tally severities[KV_SEVERITY_COUNT])
{
    struct kv_score score = { 0 };

    for (unsigned i = 0; i < KV_SEVERITY_COUNT; i++) {
        uint64_t count[KV_VERDICT_COUNT];

        for (unsigned j = 0; j < KV_VERDICT_COUNT; j++)
            count[j] = severities[i].count[j];
        score_add(&score, (enum kv_severity)i, count);
    }
    return score;
}

struct kv_score kv_posture_score(const struct kv_posture *posture)
{
    return kv_score_of(kv_posture_severity(posture, KV_SEVERITY_INFO));
}

static void add_subject(struct kv_score *score,
    const struct kv_posture *posture, enum kv_facet_level level, uint32_t index)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (kv_row_level(&kv_catalogue[row]) == level)
            score_add_verdict(score, kv_catalogue[row].severity,
                kv_posture_subject_verdict(posture, row, index));
}

struct kv_score kv_posture_score_resource(
    const struct kv_posture *posture, uint32_t resource)
{
    struct kv_score score = { 0 };

    add_subject(&score, posture, KV_LEVEL_RESOURCE, resource);
    return score;
}

struct kv_score kv_posture_score_subscription(const struct kv_posture *posture,
    const struct kv_estate *estate, uint32_t subscription)
{
    struct kv_score score = { 0 };
    uint32_t resources = 0;

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *resource = kv_estate_resource(estate, i);

        if (resource->gone || resource->subscription != subscription)
            continue;
        resources++;
        add_subject(&score, posture, KV_LEVEL_RESOURCE, i);
    }
    if (resources > 0)
        add_subject(&score, posture, KV_LEVEL_SUBSCRIPTION, subscription);
    return score;
}

/* Rounded down, so that 100 means all. */
bool kv_score_values(
    const struct kv_score *score, double *percent, double *known_percent)
{
    if (score->known == 0)
        return false;
    *percent = floor(100.0 * (double)score->passed / (double)score->known);
    *known_percent =
        floor(1000.0 * (double)score->known / (double)score->applies) / 10;
    return true;
}

void kv_score_put(const struct kv_score *score, struct buf *out)
{
    double percent;
    double known_percent;

    if (kv_score_values(score, &percent, &known_percent))
        buf_putf(out, "%.0f of 100, with %.1f%% of the weight known", percent,
            known_percent);
    else
        buf_puts(out, "none: nothing is known");
}
