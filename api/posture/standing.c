/* What is derived from verdicts for lists: the standing of one resource, its
 * rank among others, and the share that is known. */
#include "findings.h"

#include "base.h"

#include <string.h>

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

static struct kv_standing standing_of(
    const struct kv_posture *posture, uint32_t resource)
{
    const uint8_t *verdicts = verdicts_of(posture, KV_LEVEL_RESOURCE, resource);
    struct kv_standing standing = { 0 };

    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (posture->level_of[row] == KV_LEVEL_RESOURCE)
            standing_take(&standing, kv_catalogue[row].severity,
                verdicts ? (enum kv_verdict)verdicts[row] : KV_VERDICT_NONE);
    return standing;
}

/* Lists sort 100,000 of them on a key press, so they are kept as verdicts
 * change. */
void standing_keep(struct kv_posture *posture, uint32_t resource)
{
    size_t old = posture->standing_room;

    if (resource >= old) {
        posture->standing_room =
            kv_posture_subject_count(posture, KV_LEVEL_RESOURCE);
        if (posture->standing_room < old + old / 8)
            posture->standing_room = old + old / 8;
        posture->standings = mem_resize(posture->standings,
            posture->standing_room * sizeof *posture->standings);
        for (size_t i = old; i < posture->standing_room; i++)
            posture->standings[i] = posture->not_judged;
    }
    posture->standings[resource] = standing_of(posture, resource);
}

struct kv_standing kv_posture_standing(
    const struct kv_posture *posture, uint32_t resource)
{
    return resource < posture->standing_room ? posture->standings[resource]
                                             : posture->not_judged;
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
