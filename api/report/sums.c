/* Adding up verdicts. */
#include "sums.h"

#include "base.h"

#include <math.h>

/* What is not for a kind of resource needs no judging to be known so. */
static enum kv_verdict verdict_of(
    const struct kv_report_input *input, uint32_t row, uint32_t resource)
{
    enum kv_kind kind = kv_estate_resource(input->estate, resource)->kind;

    if (!kv_row_concerns(&kv_catalogue[row], kind))
        return KV_VERDICT_NOT_APPLICABLE;
    return kv_posture_verdict(input->posture, row, resource);
}

static void take(struct sums *sums, uint32_t row, enum kv_verdict verdict)
{
    sums->all.count[verdict]++;
    sums->severities[kv_catalogue[row].severity].count[verdict]++;
    sums->rows[row].count[verdict]++;
}

static void take_resource(
    struct sums *sums, const struct kv_report_input *input, uint32_t resource)
{
    bool unknown = false;

    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict verdict;

        if (kv_row_level(&kv_catalogue[row]) != KV_LEVEL_RESOURCE)
            continue;
        verdict = verdict_of(input, row, resource);
        take(sums, row, verdict);
        unknown = unknown || verdict == KV_VERDICT_UNKNOWN;
    }
    sums->with_unknown += unknown;
}

static void take_above(struct sums *sums, const struct kv_report_input *input,
    enum kv_facet_level level, uint32_t index)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (kv_row_level(&kv_catalogue[row]) == level)
            take(sums, row,
                kv_posture_subject_verdict(input->posture, row, index));
}

void sums_init(struct sums *sums, const struct kv_report_input *input)
{
    uint32_t subscriptions = kv_estate_subscription_count(input->estate);

    *sums = (struct sums){
        .rows = mem_alloc(kv_catalogue_count * sizeof *sums->rows),
        .below = mem_alloc((subscriptions + 1) * sizeof *sums->below),
    };
    for (uint32_t i = 0; i < kv_estate_resource_count(input->estate); i++) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);

        if (resource->gone)
            continue;
        sums->resources++;
        sums->kinds[resource->kind]++;
        sums->below[resource->subscription]++;
        take_resource(sums, input, i);
    }
    for (uint32_t i = 0; i < subscriptions; i++)
        if (sums->below[i] > 0)
            take_above(sums, input, KV_LEVEL_SUBSCRIPTION, i);
    if (sums->resources > 0)
        take_above(sums, input, KV_LEVEL_TENANT, 0);
}

void sums_done(struct sums *sums)
{
    mem_free(sums->rows);
    mem_free(sums->below);
    *sums = (struct sums){ 0 };
}

bool sums_applies(const struct kv_tally *tally)
{
    for (unsigned i = 0; i < KV_VERDICT_COUNT; i++)
        if (i != KV_VERDICT_NOT_APPLICABLE && tally->count[i] > 0)
            return true;
    return false;
}

double sums_known_percent(const struct kv_tally *tally)
{
    return floor(kv_tally_known_percent(tally) * 10) / 10;
}
