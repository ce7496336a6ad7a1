/* What each scan found, kept as changes: sqlite, mode 0600. A timeline is what
 * one tenant's scans by one baseline found; scans of another say nothing of
 * it. Verdicts are numbers of the caller's, 0 for none, and rows are names. */
#ifndef HISTORY_H
#define HISTORY_H

#include "base.h"

struct history;

/* `rows` are the caller's, in the order of its verdicts; borrowed for good.
 * Creates `dir` (0700) and the file where missing. Fails with KV_STORE, also
 * for a file of a newer kvgov. */
KV_NODISCARD enum kv_status history_open(struct history **out, const char *dir,
    const char *const *rows, size_t row_count, struct kv_error *err);
void history_close(struct history *history); /* NULL is allowed */

/* Chooses the timeline that all calls below speak of. Without a tenant it is
 * that of the latest scan by that baseline. */
KV_NODISCARD enum kv_status history_choose(struct history *history,
    const char *tenant, const char *baseline, struct kv_error *err);

/* ---- keeping a scan: begin, take each subject once, end ---- */

KV_NODISCARD enum kv_status history_begin(
    struct history *history, int64_t at_s, struct kv_error *err);
KV_NODISCARD enum kv_status history_take(struct history *history,
    const char *subject, const uint8_t *verdicts, struct kv_error *err);
KV_NODISCARD enum kv_status history_end(
    struct history *history, struct kv_error *err);
/* As if it had not begun. */
void history_drop(struct history *history);

/* ---- looking ---- */

struct history_scan {
    int64_t number;
    int64_t at_s;
};
/* The last scan, then those before it; false at the end. */
bool history_scan_back(
    struct history *history, uint32_t steps, struct history_scan *out);
/* The last scan at or before that time; false when there is none. */
bool history_scan_at(
    struct history *history, int64_t time_s, struct history_scan *out);
bool history_scan_numbered(
    struct history *history, int64_t number, struct history_scan *out);

/* What is kept of one finding. */
struct history_finding {
    uint8_t verdict;   /* as of the last scan that saw it */
    uint8_t before;    /* what it was; 0: nothing, it was seen first then */
    int64_t since_s;   /* of the scan that found the verdict first */
    bool in_last_scan; /* that was the last one, and not the first of all */
    bool seen_before;  /* it had the verdict once, before `before` */
};
/* One for each of the rows; borrowed until the next call. NULL when the subject
 * is in no scan. */
const struct history_finding *history_subject(
    struct history *history, const char *subject);

struct history_change {
    const char *subject;
    const char *row;
    uint8_t before;
    uint8_t after;
    int64_t at_s; /* of the last scan in which it changed */
};
typedef void history_change_fn(
    void *context, const struct history_change *change);
/* What is not the same after scan `to` as after scan `from`, by subject and
 * row; what `to` saw first has nothing before. */
KV_NODISCARD enum kv_status history_diff(struct history *history, int64_t from,
    int64_t to, history_change_fn *take, void *context, struct kv_error *err);

/* How many findings had which verdict after the last scan at or before a time:
 * of a row (KV_NONE: of all), or of a subject (NULL: of all). `counts` is by
 * verdict. False when there was no scan yet. */
struct history_count {
    uint32_t row;
    const char *subject;
    int64_t time_s;
};
#define HISTORY_VERDICTS 16
bool history_count_at(struct history *history,
    const struct history_count *wanted, uint32_t counts[HISTORY_VERDICTS]);

#endif
