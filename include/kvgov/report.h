/* Reports: the estate and its findings as text, in one format a file. They
 * read; they never fetch. */
#ifndef KVGOV_REPORT_H
#define KVGOV_REPORT_H

#include "kvgov/session.h"

struct kv_report_input {
    const struct kv_estate *estate;
    const struct kv_posture *posture;
    const struct kv_scan *scan;
    const struct kv_policy *policy;   /* NULL: kv_policy_default */
    const struct kv_session *session; /* of the history; NULL: there is none */
    const char *cloud;
    int64_t now_s;
    uint32_t width_cells; /* table only; 0: 80 */
};

/* The posture per recommendation, then the resources, worst first. */
void kv_report_table(struct buf *out, const struct kv_report_input *input);
/* One object: version, estate, totals, findings with evidence. */
void kv_report_json(struct buf *out, const struct kv_report_input *input);

/* What a check-up found. */
enum kv_diagnosis_level {
    KV_DIAGNOSIS_OK,
    KV_DIAGNOSIS_WARNING,
    KV_DIAGNOSIS_PROBLEM,
};
#define KV_DIAGNOSIS_LEVEL_COUNT 3

struct kv_diagnosis {
    const char *name; /* "clock" */
    enum kv_diagnosis_level level;
    const char *seen; /* a phrase with the actual values */
    const char *todo; /* what to do about it; "" when nothing is to be done */
};

/* A line each, and how many of which level; wrapped at `width_cells`, 0: not. */
void kv_report_checkup(struct buf *out, const struct kv_diagnosis *checks,
    size_t count, uint32_t width_cells);
void kv_report_checkup_json(
    struct buf *out, const struct kv_diagnosis *checks, size_t count);

/* What lies between two scans; fails as kv_session_diff() does, with nothing
 * put. The table leaves out what came or went without failing. */
KV_NODISCARD enum kv_status kv_report_diff_table(struct buf *out,
    const struct kv_session *session, struct kv_diff *diff,
    uint32_t width_cells, struct kv_error *err);
KV_NODISCARD enum kv_status kv_report_diff_json(struct buf *out,
    const struct kv_session *session, struct kv_diff *diff,
    struct kv_error *err);
/* The scans that can be compared, last first. */
void kv_report_scans_table(struct buf *out, const struct kv_session *session);

/* What people decided, by row; nothing when nobody did. */
void kv_report_attestations_table(struct buf *out,
    const struct kv_records *records, int64_t now_s, uint32_t width_cells);
void kv_report_exceptions_table(struct buf *out,
    const struct kv_records *records, int64_t now_s, uint32_t width_cells);
/* Both, in one object. */
void kv_report_records_json(
    struct buf *out, const struct kv_records *records, int64_t now_s);
/* The catalogue itself, without any estate. */
void kv_report_catalogue_json(struct buf *out);

#endif
