/* The orders of reports: recommendations by severity, resources worst first, as
 * far as they are selected. The same input always gives the same order. */
#ifndef REPORT_ORDER_H
#define REPORT_ORDER_H

#include "kvgov/report.h"

/* A resource that is still there, with what it is ordered by. */
struct ranked {
    uint32_t resource; /* index */
    uint32_t rank;     /* of kv_standing_rank(); not judged ranks as unknown */
    struct kv_standing standing;
    const char *name;
};

struct order {
    struct ranked *resources;
    size_t resource_count;
    uint32_t *rows; /* of the catalogue */
    size_t row_count;
};

void order_init(struct order *order, const struct kv_report_input *input);
void order_done(struct order *order);

#endif
