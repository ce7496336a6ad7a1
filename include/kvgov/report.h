/* Reports: the estate and its findings as text, in one format a file. They
 * read; they never fetch. */
#ifndef KVGOV_REPORT_H
#define KVGOV_REPORT_H

#include "kvgov/session.h"

struct kv_report_input {
    const struct kv_estate *estate;
    const struct kv_posture *posture;
    const struct kv_scan *scan;
    const struct kv_policy *policy; /* NULL: kv_policy_default */
    const char *cloud;
    int64_t now_s;
    uint32_t width_cells; /* table only; 0: 80 */
};

/* The posture per recommendation, then the resources, worst first. */
void kv_report_table(struct buf *out, const struct kv_report_input *input);
/* One object: version, estate, totals, findings with evidence. */
void kv_report_json(struct buf *out, const struct kv_report_input *input);
/* The catalogue itself, without any estate. */
void kv_report_catalogue_json(struct buf *out);

#endif
