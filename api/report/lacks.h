/* What could not be read, over all that is selected: one lack for each kind of
 * fact and reason, so that one missing role is not told a hundred times. */
#ifndef REPORT_LACKS_H
#define REPORT_LACKS_H

#include "report.h"

#define LACK_STATES (KV_FACET_UNREGISTERED + 1)

/* With one reason as the example. */
struct lack {
    uint32_t resources;
    struct kv_facet_status example;
};

/* By facet and state; `resources` is 0 where there is none. */
struct lacks {
    struct lack of[KV_FACET_COUNT][LACK_STATES];
};

void lacks_init(struct lacks *lacks, const struct kv_report *report);
/* The next one in the order of facets; false at the end. *next starts at 0. */
bool lacks_next(const struct lacks *lacks, unsigned *next, enum kv_facet *facet,
    const struct lack **lack);

/* "denied, needs Microsoft..." and the like; nothing when it is ready. */
void facet_put_reason(
    struct buf *out, enum kv_facet facet, const struct kv_facet_status *status);

#endif
