/* The parts of the posture report as plain text; each is one section. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "order.h"
#include "report.h"

struct table {
    struct kv_report *report;
    struct buf *out; /* of it */
    const struct kv_report_input *input;
    struct order order;
    const struct sums *sums;
    size_t width_cells;
};

/* What was not read, and what would let it be read. */
void table_put_gaps(const struct table *table);
void table_put_resources(const struct table *table);

#endif
