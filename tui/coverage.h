/* Why things are unknown: how many resources each kind of fact is missing
 * for, and which permission would help. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include "canvas.h"
#include "kvgov/posture.h"

struct coverage {
    uint32_t denied[KV_FACET_COUNT]; /* resources */
    uint32_t failed[KV_FACET_COUNT];
    uint32_t missing[KV_FACET_COUNT]; /* not read, or being read */
};

/* Walks all resources once. */
void coverage_count(struct coverage *out, const struct kv_estate *estate);
/* One row a gap, the largest first, in the canvas's rows. Returns how many
 * there are. */
int coverage_draw(const struct coverage *coverage, struct canvas *canvas);

#endif
