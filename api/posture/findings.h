/* The findings from the inside: for the files that make and that read them. */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "exemptions.h"
#include "judgement.h"
#include "overlay.h"
#include "posture.h"

/* The verdicts of all subjects of one level, subject by subject: judging and
 * listing both go through the rows of one subject. Rows of another level stay
 * NONE there. */
struct verdicts {
    uint8_t *items;  /* subjects x rows, enum kv_verdict */
    size_t subjects; /* that there is room for */
};

/* A sum holds exactly the verdicts that are not NONE, so a subject that is not
 * judged yet, or gone, is in none of them. */
struct kv_posture {
    const struct kv_estate *estate;
    struct kv_policy policy;
    const struct kv_records *given; /* what people decided; NULL: nothing */
    struct exemptions exemptions;   /* what Azure Policy keeps of that */
    struct kv_records records;      /* both */
    struct kv_exception *excepted;  /* of both, owned */
    struct overlay *overlay;        /* NULL: there are none */
    int64_t now_s;                  /* of the last judgement */
    struct verdicts levels[KV_LEVEL_TENANT + 1];
    enum kv_facet_level *level_of; /* by row */
    struct kv_tally *rows;
    struct kv_tally severities[KV_SEVERITY_COUNT];
    uint32_t unknown_resources;
    struct totals *told;           /* NULL: the sums above */
    struct kv_standing *standings; /* by resource */
    size_t standing_room;
    struct kv_standing not_judged; /* that of a resource never judged */
    /* What changed below is judged once, after all that changed. */
    struct below below;
    bool *stale; /* by subscription */
    size_t stale_room;
    bool stale_any;
};

/* Sums of an earlier judgement. */
struct totals {
    struct kv_tally severities[KV_SEVERITY_COUNT];
    uint32_t unknown_resources;
    struct kv_tally rows[];
};

/* NULL for a subject that was never judged. */
uint8_t *verdicts_of(const struct kv_posture *posture,
    enum kv_facet_level level, uint32_t subject);

/* After the resource's verdicts changed. */
void standing_keep(struct kv_posture *posture, uint32_t resource);

/* `judgement` is left to the caller. */
struct kv_subject subject_at(const struct kv_posture *posture,
    enum kv_facet_level level, uint32_t index);
/* A subject that is gone, or has nothing left below it, is not judged. */
bool subject_is_there(const struct kv_subject *subject);
/* The row's verdict with what people decided of it; the subject is that of the
 * index, with a judgement. */
enum kv_verdict judge_with_records(const struct kv_posture *posture,
    uint32_t row, uint32_t index, struct kv_subject *subject,
    struct buf *evidence);

#endif
