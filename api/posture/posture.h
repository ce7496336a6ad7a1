/* The findings of one estate: made, kept up to date and ended by the session.
 * Reading them is public, in kvgov/posture.h. */
#ifndef POSTURE_H
#define POSTURE_H

#include "kvgov/posture.h"

/* Borrows the estate, which must outlive it, and copies the policy. Nothing is
 * judged yet. */
struct kv_posture *posture_new(
    const struct kv_estate *estate, const struct kv_policy *policy);
void posture_free(struct kv_posture *posture); /* NULL is allowed */

/* Judges every row of the catalogue on one resource; true when a verdict
 * changed. Call it whenever the resource or a facet that holds for it changed,
 * also when it is gone: it then leaves all tallies. Resources may be added to
 * the estate at any time; until judged they are in no tally. */
bool posture_judge(
    struct kv_posture *posture, uint32_t resource, int64_t now_s);

/* Only the rows that need one of the facets: what is in between is made up for
 * by posture_judge() when all is read. */
bool posture_judge_facets(struct kv_posture *posture, uint32_t resource,
    uint64_t facets, int64_t now_s);

/* Judges the rows on those subscriptions of which a resource was judged since,
 * and on the tenant; true when a verdict changed. Call it when no resource is
 * left to be judged. */
bool posture_judge_above(struct kv_posture *posture, int64_t now_s);
/* Whether that has something to do. */
bool posture_is_stale_above(const struct kv_posture *posture);

/* Borrows what people decided until the next call; NULL: nothing. Every
 * resource is to be judged again. */
void posture_set_records(
    struct kv_posture *posture, const struct kv_records *records);
/* Reads the exemptions of Azure Policy anew, which count as exceptions; true
 * when that changes anything: every resource is then to be judged again. */
bool posture_read_exemptions(struct kv_posture *posture);
/* When something that people decided ends next; 0: never. Then every resource
 * is to be judged again. */
int64_t posture_next_end_s(const struct kv_posture *posture, int64_t now_s);

/* Sums that are told in place of those of what was judged, by row of the
 * catalogue; copied. NULL: no longer. */
void posture_set_totals(struct kv_posture *posture, const struct kv_tally *rows,
    uint32_t unknown_resources);

/* Copies the policy. Every resource is to be judged again. */
void posture_set_policy(
    struct kv_posture *posture, const struct kv_policy *policy);

#endif
