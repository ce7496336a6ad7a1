/* Which Azure Policy definitions reach a resource, and through what: assigned
 * at or above it, alone or in a set. Computed once for all rows that ask. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include "judgement.h"

/* From nothing to all that is wanted: of several assignments the best counts.
 */
enum cover {
    COVER_NONE,
    COVER_EXCLUDED,     /* a scope that the assignment leaves out */
    COVER_NOT_ENFORCED, /* enforcement mode DoNotEnforce */
    COVER_DISABLED,     /* its effect is Disabled */
    COVER_EXEMPTED,
    COVER_UNSURE, /* its set is not readable, or it selects resources */
    COVER_FULL,
};

/* How one definition reaches a resource. */
struct covering {
    enum cover cover;
    const struct kv_policy_assignment *assignment; /* NULL with COVER_NONE */
    const struct kv_policy_set *set;               /* NULL: assigned alone */
    const struct kv_exemption *exemption;          /* with COVER_EXEMPTED */
};

/* An assignment at or above the resource. */
struct reaching_policy {
    const struct kv_policy_assignment *assignment;
    const struct kv_policy_set *set;
    bool is_set; /* names one, whether or not it was read */
    bool excluded;
};
struct coverage {
    struct reaching_policy *items;
    size_t count;
    size_t capacity;
};

void *coverage_make(const struct kv_subject *subject);
void coverage_free(void *coverage);

/* `definition` is how the last segment of its id begins. Needs
 * KV_FACET_POLICIES. */
struct covering coverage_find(
    const struct kv_subject *subject, struct view definition);
/* "by assignment A at S in set B", "assigned by A, but not enforced", "not
 * assigned". */
void coverage_put(struct buf *out, const struct kv_subject *subject,
    const struct covering *covering);

#endif
