/* Adding up verdicts. */
#include "sums.h"

#include "base.h"
#include "stream.h"

#include <math.h>
#include <string.h>

/* Of one subject, and of each row when `rows` is not NULL. */
static void take_subject(const struct kv_report_input *input,
    struct place place, struct kv_tally severities[KV_SEVERITY_COUNT],
    struct kv_tally *rows)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict verdict;

        if (!place_has_row(input, place, row))
            continue;
        verdict = place_verdict(input, place, row);
        severities[kv_catalogue[row].severity].count[verdict]++;
        if (rows)
            rows[row].count[verdict]++;
    }
}

void sums_of_subject(const struct kv_report_input *input,
    enum kv_facet_level level, uint32_t index,
    struct kv_tally severities[KV_SEVERITY_COUNT])
{
    memset(severities, 0, KV_SEVERITY_COUNT * sizeof *severities);
    take_subject(input, (struct place){ level, index }, severities, NULL);
}

static void add_tally(struct kv_tally *to, const struct kv_tally *from)
{
    for (unsigned i = 0; i < KV_VERDICT_COUNT; i++)
        to->count[i] += from->count[i];
}

static void add_score(struct kv_score *to, struct kv_score from)
{
    to->passed += from.passed;
    to->known += from.known;
    to->applies += from.applies;
}

static void take(
    struct sums *sums, const struct kv_report_input *input, struct place place)
{
    struct kv_tally severities[KV_SEVERITY_COUNT] = { 0 };
    uint32_t subscription = place_subscription(input, place);

    take_subject(input, place, severities, sums->rows);
    for (unsigned i = 0; i < KV_SEVERITY_COUNT; i++) {
        add_tally(&sums->severities[i], &severities[i]);
        add_tally(&sums->all, &severities[i]);
    }
    if (subscription != KV_NONE)
        add_score(&sums->scores[subscription], kv_score_of(severities));
    if (place.level != KV_LEVEL_RESOURCE)
        return;
    sums->with_unknown += sums_standing(severities).unknown > 0;
}

static void count_resources(
    struct sums *sums, const struct kv_report_input *input)
{
    for (uint32_t i = 0; i < kv_estate_resource_count(input->estate); i++) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);

        if (resource->gone || !kv_selection_has_resource(input->selection, i))
            continue;
        sums->resources++;
        sums->kinds[resource->kind]++;
        sums->below[resource->subscription]++;
    }
}

void sums_init(struct sums *sums, const struct kv_report_input *input)
{
    uint32_t subscriptions = kv_estate_subscription_count(input->estate);
    struct place place = PLACE_FIRST;

    *sums = (struct sums){
        .rows = mem_alloc(kv_catalogue_count * sizeof *sums->rows),
        .below = mem_alloc((subscriptions + 1) * sizeof *sums->below),
        .scores = mem_alloc((subscriptions + 1) * sizeof *sums->scores),
    };
    count_resources(sums, input);
    for (uint32_t i = 0; i < subscriptions; i++)
        sums->subscriptions +=
            kv_selection_has_subscription(input->selection, i);
    while (place_next(input, sums, &place))
        take(sums, input, place);
}

void sums_done(struct sums *sums)
{
    mem_free(sums->rows);
    mem_free(sums->below);
    mem_free(sums->scores);
    *sums = (struct sums){ 0 };
}

struct kv_standing sums_standing(
    const struct kv_tally severities[KV_SEVERITY_COUNT])
{
    struct kv_standing standing = { 0 };

    for (unsigned i = 0; i < KV_SEVERITY_COUNT; i++) {
        const uint32_t *count = severities[i].count;

        standing.fail[i] = (uint8_t)count[KV_VERDICT_FAIL];
        standing.unknown += (uint8_t)count[KV_VERDICT_UNKNOWN];
        standing.pass += (uint8_t)count[KV_VERDICT_PASS];
        standing.excepted += (uint8_t)count[KV_VERDICT_EXCEPTED];
        standing.unread += (uint8_t)count[KV_VERDICT_UNREAD];
        standing.not_judged += (uint8_t)count[KV_VERDICT_NONE];
    }
    return standing;
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
