/* What is derived from verdicts for lists: the standing of one resource, its
 * rank among others, and the share that is known. */
#include "kvgov/posture.h"

/* An open question ranks below what is known to be high and above the rest: it
 * may turn out to be either. */
#define RANK_UNKNOWN 4u

double kv_tally_known_percent(const struct kv_tally *tally)
{
    uint64_t known = (uint64_t)tally->count[KV_VERDICT_PASS] +
                     tally->count[KV_VERDICT_FAIL] +
                     tally->count[KV_VERDICT_EXCEPTED];
    uint64_t applies = known + tally->count[KV_VERDICT_NONE] +
                       tally->count[KV_VERDICT_UNKNOWN] +
                       tally->count[KV_VERDICT_UNREAD] +
                       tally->count[KV_VERDICT_MANUAL];

    return applies == 0 ? 100.0 : 100.0 * (double)known / (double)applies;
}

static void standing_take(struct kv_standing *standing,
    enum kv_severity severity, enum kv_verdict verdict)
{
    switch (verdict) {
    case KV_VERDICT_NONE:
        standing->not_judged++;
        break;
    case KV_VERDICT_PASS:
        standing->pass++;
        break;
    case KV_VERDICT_FAIL:
        standing->fail[severity]++;
        break;
    case KV_VERDICT_UNKNOWN:
        standing->unknown++;
        break;
    case KV_VERDICT_EXCEPTED:
        standing->excepted++;
        break;
    case KV_VERDICT_UNREAD:
        standing->unread++;
        break;
    case KV_VERDICT_MANUAL:
    case KV_VERDICT_NOT_APPLICABLE:
        break;
    }
}

struct kv_standing kv_posture_standing(
    const struct kv_posture *posture, uint32_t resource)
{
    struct kv_standing standing = { 0 };

    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (kv_row_level(&kv_catalogue[row]) == KV_LEVEL_RESOURCE)
            standing_take(&standing, kv_catalogue[row].severity,
                kv_posture_verdict(posture, row, resource));
    return standing;
}

uint32_t kv_standing_rank(const struct kv_standing *standing)
{
    static const struct {
        enum kv_severity severity;
        uint32_t rank;
    } ranks[] = {
        { KV_SEVERITY_CRITICAL, 6 },
        { KV_SEVERITY_HIGH, 5 },
        { KV_SEVERITY_MEDIUM, 3 },
        { KV_SEVERITY_LOW, 2 },
        { KV_SEVERITY_INFO, 1 },
    };

    for (size_t i = 0; i < sizeof ranks / sizeof ranks[0]; i++) {
        if (ranks[i].rank < RANK_UNKNOWN && standing->unknown > 0)
            return RANK_UNKNOWN;
        if (standing->fail[ranks[i].severity] > 0)
            return ranks[i].rank;
    }
    return 0;
}
