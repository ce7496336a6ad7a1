/* What the rows that judge one subject share: values that are costly, that
 * several rows ask for, and that nobody may need. Each is computed by the first
 * row that asks and lives until the subject is judged. To add one: a name here
 * and a row of the table in judgement.c. */
#ifndef JUDGEMENT_H
#define JUDGEMENT_H

#include "kvgov/posture.h"

enum judged {
    JUDGED_EXPOSURE,  /* struct kv_exposure of a resource */
    JUDGED_REACH,     /* struct reach of a resource */
    JUDGED_COVERAGE,  /* struct coverage of a resource */
    JUDGED_WATCH,     /* struct watch of a resource */
    JUDGED_EFFECTIVE, /* struct effective of a resource: effective.h */
};
#define JUDGED_COUNT 5

/* The role assignments at and above a resource, then those on single objects in
 * it, in the order of kv_estate_next_assignment(): finding them means looking
 * every scope up, so it is done once. */
struct reaching {
    const struct kv_assignment *assignment;
    enum kv_scope_level level;
};
struct reach {
    struct reaching *items;
    size_t count;
    size_t capacity;
};

/* The resources of each subscription as a chain, in the order in which they
 * came. Kept by whoever judges all of them. */
struct below {
    uint32_t *first; /* by subscription; KV_NONE without one */
    uint32_t *last;
    uint32_t *next; /* by resource */
    size_t subscriptions;
    size_t resources;
    size_t room; /* in `next` */
};
bool below_is_current(
    const struct below *below, const struct kv_estate *estate);
void below_update(struct below *below, const struct kv_estate *estate);
void below_done(struct below *below);

struct faults;

/* Zero-initialised for each subject. */
struct kv_judgement {
    const struct below *below; /* NULL: found by looking at all */
    uint64_t ready;            /* KV_FACET_BIT of the facets that are */
    uint64_t unread;           /* of those that only a deep scan asks for */
    bool facets_known;
    struct faults *faults; /* faults.h; NULL: nobody asked for them */
    void *values[JUDGED_COUNT];
    /* Told of each object that a row finds bad; NULL: nobody asks. */
    void (*bad)(void *context, const struct kv_object *object);
    void *bad_context;
};
void judgement_done(struct kv_judgement *judgement);

/* The value, computed when nobody asked before. Only inside kv_judge(). */
const void *judgement_get(const struct kv_subject *subject, enum judged value);

static inline const struct kv_exposure *judged_exposure(
    const struct kv_subject *subject)
{
    return judgement_get(subject, JUDGED_EXPOSURE);
}

static inline const struct reach *judged_reach(const struct kv_subject *subject)
{
    return judgement_get(subject, JUDGED_REACH);
}

struct coverage; /* coverage.h */
static inline const struct coverage *judged_coverage(
    const struct kv_subject *subject)
{
    return judgement_get(subject, JUDGED_COVERAGE);
}

/* A facet as it holds for the subject, at its level. */
struct kv_facet_status subject_facet(
    const struct kv_subject *subject, enum kv_facet facet);
/* KV_FACET_BIT of those that are ready, and of those that nobody asked for since
 * only a deep scan does. */
uint64_t subject_ready(const struct kv_subject *subject);
uint64_t subject_unread(const struct kv_subject *subject);

/* kv_judge() without its care: the subject is of the row's own level, and has a
 * judgement. */
enum kv_verdict judge_row(const struct kv_recommendation *row,
    struct kv_subject *subject, struct buf *evidence);

/* Walks the resources below a subscription or the tenant that are not gone:
 * starts and ends with KV_NONE. */
uint32_t subject_next_resource(
    const struct kv_subject *subject, uint32_t after);

#endif
