/* The findings of one estate: a byte for each row and subject, with sums that
 * are kept as verdicts change, so that a screen never counts. */
#include "posture.h"

#include <assert.h>
#include <string.h>

#include "base.h"
#include "judgement.h"

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
    int64_t now_s; /* of the last judgement */
    struct verdicts levels[KV_LEVEL_TENANT + 1];
    enum kv_facet_level *level_of; /* by row */
    struct kv_tally *rows;
    struct kv_tally severities[KV_SEVERITY_COUNT];
    uint32_t unknown_resources;
    /* What changed below is judged once, after all that changed. */
    struct below below;
    bool *stale; /* by subscription */
    size_t stale_room;
    bool stale_any;
};

struct kv_posture *posture_new(
    const struct kv_estate *estate, const struct kv_policy *policy)
{
    struct kv_posture *posture = mem_alloc(sizeof *posture);

    posture->estate = estate;
    kv_policy_copy(&posture->policy, policy);
    posture->rows = mem_alloc(kv_catalogue_count * sizeof *posture->rows);
    posture->level_of =
        mem_alloc(kv_catalogue_count * sizeof *posture->level_of);
    for (size_t row = 0; row < kv_catalogue_count; row++)
        posture->level_of[row] = kv_row_level(&kv_catalogue[row]);
    return posture;
}

void posture_free(struct kv_posture *posture)
{
    if (!posture)
        return;
    for (size_t i = 0; i <= KV_LEVEL_TENANT; i++)
        mem_free(posture->levels[i].items);
    below_done(&posture->below);
    kv_policy_done(&posture->policy);
    mem_free(posture->stale);
    mem_free(posture->level_of);
    mem_free(posture->rows);
    mem_free(posture);
}

void posture_set_policy(
    struct kv_posture *posture, const struct kv_policy *policy)
{
    struct kv_policy old = posture->policy;

    kv_policy_copy(&posture->policy, policy);
    kv_policy_done(&old);
}

/* ---- keeping ---- */

uint32_t kv_posture_subject_count(
    const struct kv_posture *posture, enum kv_facet_level level)
{
    switch (level) {
    case KV_LEVEL_RESOURCE:
        return kv_estate_resource_count(posture->estate);
    case KV_LEVEL_SUBSCRIPTION:
        return kv_estate_subscription_count(posture->estate);
    case KV_LEVEL_TENANT:
        break;
    }
    return 1;
}

static uint8_t *verdicts_of(const struct kv_posture *posture,
    enum kv_facet_level level, uint32_t subject)
{
    const struct verdicts *verdicts = &posture->levels[level];

    return subject < verdicts->subjects
               ? verdicts->items + subject * kv_catalogue_count
               : NULL;
}

static uint8_t *verdicts_make_room(
    struct kv_posture *posture, enum kv_facet_level level, uint32_t subject)
{
    struct verdicts *verdicts = &posture->levels[level];
    size_t old = verdicts->subjects;
    size_t rows = kv_catalogue_count;

    if (subject >= old) {
        verdicts->subjects = kv_posture_subject_count(posture, level);
        if (verdicts->subjects < old + old / 2)
            verdicts->subjects = old + old / 2;
        verdicts->items =
            mem_resize(verdicts->items, verdicts->subjects * rows);
        memset(verdicts->items + old * rows, KV_VERDICT_NONE,
            (verdicts->subjects - old) * rows);
    }
    return verdicts_of(posture, level, subject);
}

static void tally_move(
    struct kv_tally *tally, enum kv_verdict from, enum kv_verdict to)
{
    if (from != KV_VERDICT_NONE)
        tally->count[from]--;
    if (to != KV_VERDICT_NONE)
        tally->count[to]++;
}

static bool has_unknown(const uint8_t *verdicts)
{
    return memchr(verdicts, KV_VERDICT_UNKNOWN, kv_catalogue_count) != NULL;
}

/* Keeps a verdict and lets the sums follow; true when it is another one. */
static bool posture_set(struct kv_posture *posture, size_t row,
    uint8_t *verdict, enum kv_verdict to)
{
    enum kv_verdict from = (enum kv_verdict) * verdict;
    enum kv_severity severity = kv_catalogue[row].severity;

    if (from == to)
        return false;
    *verdict = (uint8_t)to;
    tally_move(&posture->rows[row], from, to);
    tally_move(&posture->severities[severity], from, to);
    return true;
}

/* ---- judging ---- */

static struct kv_subject subject_at(
    const struct kv_posture *posture, enum kv_facet_level level, uint32_t index)
{
    struct kv_subject subject = {
        .estate = posture->estate,
        .policy = &posture->policy,
        .now_s = posture->now_s,
        .subscription = KV_NONE,
    };

    if (level == KV_LEVEL_SUBSCRIPTION)
        subject.subscription = index;
    if (level == KV_LEVEL_RESOURCE)
        subject.resource = kv_estate_resource(posture->estate, index);
    return subject;
}

/* A subject that is gone, or has nothing left below it, is not judged. */
static bool is_there(const struct kv_subject *subject)
{
    return subject->resource
               ? !subject->resource->gone
               : subject_next_resource(subject, KV_NONE) != KV_NONE;
}

static bool judge_subject(struct kv_posture *posture, enum kv_facet_level level,
    uint32_t index, uint64_t facets)
{
    struct kv_judgement judgement = { .below = &posture->below };
    struct kv_subject subject = subject_at(posture, level, index);
    uint8_t *verdicts = verdicts_make_room(posture, level, index);
    bool changed = false;
    bool there;

    subject.judgement = &judgement;
    there = is_there(&subject);
    for (size_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict to = KV_VERDICT_NONE;

        if (posture->level_of[row] != level ||
            (facets != UINT64_MAX && !(kv_catalogue[row].needs & facets)))
            continue;
        if (there)
            to = kv_judge(&kv_catalogue[row], &subject, NULL);
        changed |= posture_set(posture, row, &verdicts[row], to);
    }
    judgement_done(&judgement);
    return changed;
}

static void mark_stale(struct kv_posture *posture, uint32_t subscription)
{
    size_t old = posture->stale_room;

    if (subscription >= old) {
        posture->stale_room = kv_estate_subscription_count(posture->estate);
        posture->stale = mem_resize(posture->stale, posture->stale_room);
        memset(posture->stale + old, false, posture->stale_room - old);
    }
    posture->stale[subscription] = true;
    posture->stale_any = true;
}

bool posture_judge(struct kv_posture *posture, uint32_t resource, int64_t now_s)
{
    return posture_judge_facets(posture, resource, UINT64_MAX, now_s);
}

bool posture_judge_facets(struct kv_posture *posture, uint32_t resource,
    uint64_t facets, int64_t now_s)
{
    const uint8_t *verdicts = NULL;
    bool changed;

    assert(resource < kv_estate_resource_count(posture->estate));
    verdicts = verdicts_make_room(posture, KV_LEVEL_RESOURCE, resource);
    posture->now_s = now_s;
    mark_stale(
        posture, kv_estate_resource(posture->estate, resource)->subscription);
    posture->unknown_resources -= has_unknown(verdicts);
    changed = judge_subject(posture, KV_LEVEL_RESOURCE, resource, facets);
    posture->unknown_resources += has_unknown(verdicts);
    return changed;
}

bool posture_is_stale_above(const struct kv_posture *posture)
{
    return posture->stale_any;
}

bool posture_judge_above(struct kv_posture *posture, int64_t now_s)
{
    bool changed = false;

    if (!posture->stale_any)
        return false;
    posture->now_s = now_s;
    posture->stale_any = false;
    below_update(&posture->below, posture->estate);
    for (uint32_t i = 0; i < posture->stale_room; i++) {
        if (!posture->stale[i])
            continue;
        posture->stale[i] = false;
        changed |= judge_subject(posture, KV_LEVEL_SUBSCRIPTION, i, UINT64_MAX);
    }
    changed |= judge_subject(posture, KV_LEVEL_TENANT, 0, UINT64_MAX);
    return changed;
}

/* ---- looking ---- */

enum kv_verdict kv_posture_subject_verdict(
    const struct kv_posture *posture, uint32_t row, uint32_t index)
{
    const uint8_t *verdicts;

    if (row >= kv_catalogue_count)
        return KV_VERDICT_NONE;
    verdicts = verdicts_of(posture, posture->level_of[row], index);
    return verdicts ? (enum kv_verdict)verdicts[row] : KV_VERDICT_NONE;
}

enum kv_verdict kv_posture_subject_evidence(const struct kv_posture *posture,
    uint32_t row, uint32_t index, struct buf *evidence)
{
    struct kv_judgement judgement = { 0 };
    struct kv_subject subject;
    enum kv_verdict verdict = KV_VERDICT_NONE;

    if (row >= kv_catalogue_count ||
        index >= kv_posture_subject_count(posture, posture->level_of[row]))
        return KV_VERDICT_NONE;
    if (below_is_current(&posture->below, posture->estate))
        judgement.below = &posture->below;
    subject = subject_at(posture, posture->level_of[row], index);
    subject.judgement = &judgement;
    if (is_there(&subject))
        verdict = kv_judge(&kv_catalogue[row], &subject, evidence);
    else
        buf_puts(evidence, "no longer there when the estate was last read");
    judgement_done(&judgement);
    return verdict;
}

uint32_t kv_posture_subject_of(
    const struct kv_posture *posture, uint32_t row, uint32_t resource)
{
    switch (posture->level_of[row]) {
    case KV_LEVEL_RESOURCE:
        return resource;
    case KV_LEVEL_SUBSCRIPTION:
        return kv_estate_resource(posture->estate, resource)->subscription;
    case KV_LEVEL_TENANT:
        break;
    }
    return 0;
}

enum kv_verdict kv_posture_verdict(
    const struct kv_posture *posture, uint32_t row, uint32_t resource)
{
    const struct kv_resource *below;

    if (row >= kv_catalogue_count ||
        resource >= kv_estate_resource_count(posture->estate))
        return KV_VERDICT_NONE;
    if (posture->level_of[row] == KV_LEVEL_RESOURCE)
        return kv_posture_subject_verdict(posture, row, resource);
    below = kv_estate_resource(posture->estate, resource);
    if (below->gone)
        return KV_VERDICT_NONE;
    if (!kv_row_concerns(&kv_catalogue[row], below->kind))
        return KV_VERDICT_NOT_APPLICABLE;
    return kv_posture_subject_verdict(
        posture, row, kv_posture_subject_of(posture, row, resource));
}

enum kv_verdict kv_posture_evidence(const struct kv_posture *posture,
    uint32_t row, uint32_t resource, struct buf *evidence)
{
    if (row >= kv_catalogue_count ||
        resource >= kv_estate_resource_count(posture->estate))
        return KV_VERDICT_NONE;
    if (kv_estate_resource(posture->estate, resource)->gone) {
        buf_puts(evidence, "no longer there when the estate was last read");
        return KV_VERDICT_NONE;
    }
    return kv_posture_subject_evidence(
        posture, row, kv_posture_subject_of(posture, row, resource), evidence);
}

void kv_posture_put_subject(const struct kv_posture *posture,
    enum kv_facet_level level, uint32_t index, struct buf *out)
{
    switch (level) {
    case KV_LEVEL_RESOURCE:
        buf_puts(out, kv_estate_resource(posture->estate, index)->id);
        return;
    case KV_LEVEL_SUBSCRIPTION:
        buf_putf(out, "/subscriptions/%s",
            kv_estate_subscription(posture->estate, index)->id);
        return;
    case KV_LEVEL_TENANT:
        break;
    }
    buf_puts(out, "/");
}

const struct kv_tally *kv_posture_row(
    const struct kv_posture *posture, uint32_t row)
{
    assert(row < kv_catalogue_count);
    return &posture->rows[row];
}

const struct kv_tally *kv_posture_severity(
    const struct kv_posture *posture, enum kv_severity severity)
{
    return &posture->severities[severity];
}

uint32_t kv_posture_unknown_resources(const struct kv_posture *posture)
{
    return posture->unknown_resources;
}
