/* A report that is being written, and how it is let go piece by piece. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "kvgov/report.h"

#include "sums.h"

struct kv_report {
    struct buf text; /* what was not passed on yet */
    const struct kv_report_input *input;
    struct sums sums;
    kv_report_take_fn *take;
    void *context;
    bool ended; /* nobody wants more of it */
};

/* Between two pieces of a report that may be parted: passes on what there is
 * when that is much. */
void report_pass(struct kv_report *report);

/* The formats; each is the `write` of one row. */
void table_write(struct kv_report *report);
void json_write(struct kv_report *report);
void ndjson_write(struct kv_report *report);
void csv_write(struct kv_report *report);
void sarif_write(struct kv_report *report);
void junit_write(struct kv_report *report);
void markdown_write(struct kv_report *report);
void html_write(struct kv_report *report);
void ocsf_write(struct kv_report *report);

#endif
