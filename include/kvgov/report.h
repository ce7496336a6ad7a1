/* Reports: the estate and its findings as text, in one format a file. They
 * read; they never fetch. */
#ifndef KVGOV_REPORT_H
#define KVGOV_REPORT_H

#include "kvgov/who_can.h"
#include "kvgov/session.h"

/* ---- what a report is about ---- */

/* What somebody wants to see of the estate. Members that are empty narrow
 * nothing. Rows are ids or patterns of ids: "NET-1", "ACC-*". */
struct kv_selection_wish {
    struct kv_texts only;   /* rows */
    struct kv_texts except; /* rows */
    struct kv_texts resources; /* names or ARM ids */
    const char *subscription;  /* GUID or display name */
    const char *management_group; /* name, as in its id */
};

/* The rest is left out of a report, and the report says so. */
struct kv_selection;

/* Whether the rows of a wish exist, which needs no estate. Fails with
 * KV_BAD_INPUT. */
KV_NODISCARD enum kv_status kv_selection_check(
    const struct kv_selection_wish *wish, struct kv_error *err);
/* Copies what it needs of the wish; holds as long as no resource is added to
 * the estate. Fails with KV_BAD_INPUT and, where nothing that was read is
 * called so, KV_NOT_FOUND. */
KV_NODISCARD enum kv_status kv_selection_new(struct kv_selection **out,
    const struct kv_selection_wish *wish, const struct kv_estate *estate,
    struct kv_error *err);
void kv_selection_free(struct kv_selection *selection); /* NULL is allowed */

/* Of a NULL selection everything is part. A subscription is part when it was
 * named, or has a resource that is; the tenant always is. */
bool kv_selection_has_row(const struct kv_selection *selection, uint32_t row);
bool kv_selection_has_resource(
    const struct kv_selection *selection, uint32_t resource);
bool kv_selection_has_subscription(
    const struct kv_selection *selection, uint32_t subscription);
/* What is left out and why, one phrase; nothing without a selection. */
void kv_selection_put(const struct kv_selection *selection, struct buf *out);

/* ---- the posture, in one of several formats ---- */

struct kv_report_input {
    const struct kv_estate *estate;
    const struct kv_posture *posture;
    const struct kv_scan *scan;
    const struct kv_policy *policy;   /* NULL: kv_policy_default */
    const struct kv_session *session; /* of the history; NULL: there is none */
    const struct kv_selection *selection; /* NULL: everything */
    const char *cloud;
    int64_t now_s;
    uint32_t width_cells; /* table only; 0: 80 */
};

struct kv_report; /* one that is being written; of the API layer */

struct kv_report_format {
    const char *name; /* "sarif" */
    const char *what; /* one phrase */
    /* It has findings alone, and no place to say what is left out. */
    bool bare;
    void (*write)(struct kv_report *report);
};
extern const struct kv_report_format kv_report_formats[];
extern const size_t kv_report_format_count;
/* NULL when there is no such name. */
const struct kv_report_format *kv_report_format_find(const char *name);

/* Takes the next piece of a report; false: no more is wanted. */
typedef bool kv_report_take_fn(void *context, struct view piece);

/* Gives the report in pieces before it returns: of a large estate it holds no
 * more than the finding at hand, and the sums. The same input always gives the
 * same bytes. False when it ended early. */
bool kv_report_write(const struct kv_report_format *format,
    const struct kv_report_input *input, kv_report_take_fn *take,
    void *context);
/* Appends the whole report in that format, which must exist. */
void kv_report_put(struct buf *out, const char *format,
    const struct kv_report_input *input);

/* What a report comes to: of what is selected, each finding once. */
struct kv_report_sums {
    uint32_t fails[KV_SEVERITY_COUNT];
    uint32_t unknown; /* also those that nobody has judged */
    uint32_t unlisted; /* subscriptions whose vaults could not be listed */
};
void kv_report_sum(
    const struct kv_report_input *input, struct kv_report_sums *out);

/* The JSON schema of the format "json", and of a line of "ndjson". */
void kv_report_schema(struct buf *out);

/* Text in one cell of a CSV file: quoted, and with a ' before what a
 * spreadsheet would take for a formula. Nothing else is done to it: a
 * stranger's is made visible first. */
void kv_report_put_csv(struct buf *out, struct view text);
/* Text that Markdown takes for nothing but text, likewise. */
void kv_report_put_markdown(struct buf *out, struct view text);

/* ---- lists and questions ---- */

enum kv_list {
    KV_LIST_VAULTS,
    KV_LIST_HSMS,
    KV_LIST_ASSIGNMENTS, /* of Azure's roles, eligible ones too, of an HSM's own
                            roles, and access policies */
    KV_LIST_PRINCIPALS,  /* whoever is named by one of those */
    KV_LIST_NETWORK,     /* settings, rules, endpoints, perimeters */
    KV_LIST_PROTECTION,  /* with what is soft-deleted */
    KV_LIST_OBJECTS,     /* names and dates of keys, secrets, certificates */
};
#define KV_LIST_COUNT 7
const char *kv_list_name(enum kv_list list); /* "vaults" */

/* What is looked at, and how it is written. */
struct kv_asked {
    uint32_t resource;        /* this one; KV_NONE: all */
    const char *subscription; /* GUID or name; NULL: all */
    bool json;
    struct buf *gaps; /* gets a line for each thing that is not known */
};

/* A line for each row; false when there may be rows that could not be read. */
bool kv_report_list(struct buf *out, const struct kv_report_input *input,
    enum kv_list list, const struct kv_asked *asked);
/* One vault or HSM with all of that, and its findings. */
bool kv_report_resource(struct buf *out, const struct kv_report_input *input,
    const struct kv_asked *asked);
/* From where it can be reached, and why. */
bool kv_report_reachable(struct buf *out, const struct kv_report_input *input,
    const struct kv_asked *asked);
/* Who can do what is asked; `text` is the question as it was put. */
bool kv_report_who_can(struct buf *out, const struct kv_report_input *input,
    const struct kv_asked *asked, const char *text,
    const struct kv_question *question);
/* Who is signed in, a field a line. */
void kv_report_account(
    struct buf *out, const struct kv_session *session, bool json);

/* A file that kvgov keeps. */
struct kv_kept {
    const char *path;
    const char *what;  /* "the last estate" */
    const char *state; /* "removed", "kept" */
    int64_t bytes;
};
void kv_report_kept(struct buf *out, const struct kv_kept *rows, size_t count,
    uint32_t width_cells, bool json);

/* What can be asked of vaults and HSMs. */
void kv_report_askable(struct buf *out, uint32_t width_cells, bool json);

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
void kv_report_scans_json(struct buf *out, const struct kv_session *session);
void kv_report_journal_check_json(
    struct buf *out, const struct kv_journal_check *check);

/* What people decided, by row; nothing when nobody did. */
void kv_report_attestations_table(struct buf *out,
    const struct kv_records *records, int64_t now_s, uint32_t width_cells);
void kv_report_exceptions_table(struct buf *out,
    const struct kv_records *records, int64_t now_s, uint32_t width_cells);
/* Both, in one object. */
void kv_report_records_json(
    struct buf *out, const struct kv_records *records, int64_t now_s);
/* The journal, oldest entry first: aligned, or an object a line. */
void kv_report_journal_table(struct buf *out, const struct kv_session *session,
    uint32_t width_cells);
void kv_report_journal_ndjson(
    struct buf *out, const struct kv_session *session);
/* The catalogue itself, without any estate. */
void kv_report_catalogue_json(struct buf *out);
void kv_report_catalogue_table(struct buf *out, uint32_t width_cells);
/* Every setting with its value and where it is from, and what is wrong with the
 * files. */
struct kv_config;
void kv_report_config_json(struct buf *out, const struct kv_config *config);

#endif
