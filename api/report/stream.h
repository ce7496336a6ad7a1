/* The stream of findings that every format is made of: one at a time, each with
 * all that can be said of it. */
#ifndef REPORT_STREAM_H
#define REPORT_STREAM_H

#include "report.h"

/* Where rows are judged: `index` as in kv_posture_subject_verdict(). */
struct place {
    enum kv_facet_level level;
    uint32_t index;
};
/* Before the first one. */
#define PLACE_FIRST ((struct place){ KV_LEVEL_TENANT, KV_NONE })

/* The tenant, subscriptions with resources, then those, as far as they are
 * selected. False at the end. */
bool place_next(const struct kv_report_input *input, const struct sums *sums,
    struct place *place);
/* Whether the row is selected and judged on that level. */
bool place_has_row(
    const struct kv_report_input *input, struct place place, uint32_t row);
enum kv_verdict place_verdict(
    const struct kv_report_input *input, struct place place, uint32_t row);
/* KV_NONE: the tenant. */
uint32_t place_subscription(
    const struct kv_report_input *input, struct place place);
/* What people call it; borrowed. */
const char *place_name(const struct kv_report_input *input, struct place place);
const char *place_level_name(enum kv_facet_level level); /* "subscription" */

/* Texts are borrowed until the next finding. */
struct finding {
    struct place place;
    uint32_t row; /* of the catalogue, which is: */
    const struct kv_recommendation *recommendation;
    const struct kv_resource *resource;         /* NULL: judged above one */
    const struct kv_subscription *subscription; /* NULL: the tenant */
    const char *subject;                        /* its id */
    const char *name;
    enum kv_verdict verdict;
    const char *evidence;  /* "" while nobody has judged it */
    bool evidence_cut;     /* it was too long */
    struct kv_since since; /* zero without a history */
    const struct kv_attestation *attestation; /* also one that has ended */
    const struct kv_exception *exception;     /* likewise */
};

/* A walk over findings that apply, by place and, there, by row. */
struct stream {
    const struct kv_report *report;
    struct finding finding;
    struct buf subject;
    struct buf evidence;
    uint32_t next_row;
    bool one_place;
};

struct stream stream_new(const struct kv_report *report);
/* Of one place alone. */
struct stream stream_at(const struct kv_report *report, struct place place);
/* NULL at the end, and when nobody wants more of the report. */
const struct finding *stream_next(struct stream *stream);
void stream_done(struct stream *stream);

/* The facets that the finding lacks, KV_FACET_BIT added up; none unless it is
 * unknown. */
uint64_t finding_missing(
    const struct kv_report_input *input, const struct finding *finding);
struct kv_facet_status finding_facet(const struct kv_report_input *input,
    const struct finding *finding, enum kv_facet facet);
/* Appends what would make known what is not; nothing where all is known. */
void finding_put_way(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding);
/* A text that stays the same for the same finding in every scan and in no other
 * one: "NET-1 /subscriptions/...", in lower case but for the row. */
void finding_put_key(struct buf *out, const struct finding *finding);

#endif
