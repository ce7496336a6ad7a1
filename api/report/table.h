/* The parts of the posture report as plain text; each is one section. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "order.h"
#include "sums.h"

struct table {
    struct buf *out;
    const struct kv_report_input *input;
    struct order order;
    struct sums sums;
    size_t width_cells;
};

/* What was not read, and what would let it be read. */
void table_put_gaps(const struct table *table);
void table_put_resources(const struct table *table);

/* "denied, needs Microsoft..." and the like; nothing when it is ready. */
void facet_put_reason(
    struct buf *out, enum kv_facet facet, const struct kv_facet_status *status);

#endif
