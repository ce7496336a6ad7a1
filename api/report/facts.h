/* What every format says of one resource, so that no two can differ. */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "kvgov/report.h"

/* NULL when the properties were not read. */
const char *facts_exposure(
    const struct kv_report_input *input, const struct kv_resource *resource);

/* NULL: an id without a row, like P for peers, stands for itself. */
const struct kv_source *facts_source(const char *id);

/* Whether what somebody decided of a row, on an id, is about what is selected:
 * the id is that of a selected resource, or above one. */
bool facts_selects(
    const struct kv_report_input *input, const char *row, const char *id);
/* How many of those end soon; see kv_records_ending(). */
size_t facts_ending(const struct kv_report_input *input);

enum kv_baseline facts_baseline(const struct kv_report_input *input);

/* The facets that the selected rows need of a resource of this kind,
 * KV_FACET_BIT added up. */
uint64_t facts_needed(const struct kv_report_input *input, enum kv_kind kind);

/* What would let a denied facet be read. */
const char *facts_permission(
    enum kv_facet facet, const struct kv_facet_status *status);

/* Whether resources of its kind have such a facet. */
bool facet_concerns(const struct kv_resource *resource, enum kv_facet facet);

/* Whether something should be known that is not: what only a deep scan reads is
 * no gap before it was asked for. */
bool facet_is_gap(const struct kv_resource *resource, enum kv_facet facet,
    const struct kv_facet_status *status);

#endif
