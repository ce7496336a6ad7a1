/* Adding up verdicts. */
#include "sums.h"

#include "base.h"

#include <math.h>

/* What is not for a kind of resource needs no judging to be known so. */
static enum kv_verdict verdict_of(
    const struct kv_report_input *input, uint32_t row, uint32_t resource)
{
    enum kv_kind kind = kv_estate_resource(input->estate, resource)->kind;

    if (!(kv_catalogue[row].kinds & 1u << kind))
        return KV_VERDICT_NOT_APPLICABLE;
    return kv_posture_verdict(input->posture, row, resource);
}

static void take_resource(
    struct sums *sums, const struct kv_report_input *input, uint32_t resource)
{
    bool unknown = false;

    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict verdict = verdict_of(input, row, resource);

        sums->all.count[verdict]++;
        sums->severities[kv_catalogue[row].severity].count[verdict]++;
        sums->rows[row].count[verdict]++;
        unknown = unknown || verdict == KV_VERDICT_UNKNOWN;
    }
    sums->with_unknown += unknown;
}

void sums_init(struct sums *sums, const struct kv_report_input *input)
{
    *sums = (struct sums){
        .rows = mem_alloc(kv_catalogue_count * sizeof *sums->rows),
    };
    for (uint32_t i = 0; i < kv_estate_resource_count(input->estate); i++) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);

        if (resource->gone)
            continue;
        sums->resources++;
        sums->kinds[resource->kind]++;
        take_resource(sums, input, i);
    }
}

void sums_done(struct sums *sums)
{
    mem_free(sums->rows);
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
