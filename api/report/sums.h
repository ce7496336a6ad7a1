/* What a report adds up over the resources that are still there and selected,
 * and over the subscriptions and the tenant above them, each once. The
 * posture's own tallies leave out what was never judged; a report must not. */
#ifndef REPORT_SUMS_H
#define REPORT_SUMS_H

#include "kvgov/report.h"

struct sums {
    uint32_t kinds[KV_KIND_HSM + 1]; /* resources */
    uint32_t resources;
    uint32_t subscriptions; /* also those without resources */
    uint32_t with_unknown;
    struct kv_tally all;
    struct kv_tally severities[KV_SEVERITY_COUNT];
    struct kv_tally *rows; /* of the catalogue */
    uint32_t *below;       /* resources, by subscription */
    struct kv_score *scores; /* of the subscription and those, likewise */
};

void sums_init(struct sums *sums, const struct kv_report_input *input);
void sums_done(struct sums *sums);

/* Of one subject alone: by severity, and what a list shows of a resource. */
void sums_of_subject(const struct kv_report_input *input,
    enum kv_facet_level level, uint32_t index,
    struct kv_tally severities[KV_SEVERITY_COUNT]);
struct kv_standing sums_standing(
    const struct kv_tally severities[KV_SEVERITY_COUNT]);

/* Whether there is anything that a share could be told of. */
bool sums_applies(const struct kv_tally *tally);
/* With one decimal and rounded down, so that 100.0 means all. */
double sums_known_percent(const struct kv_tally *tally);

#endif
