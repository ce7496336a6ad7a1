/* The findings of one estate: a byte for each row and subject, with sums that
 * are kept as verdicts change, so that a screen never counts. */
#include "findings.h"

#include <assert.h>
#include <string.h>

#include "base.h"

struct kv_posture *posture_new(
    const struct kv_estate *estate, const struct kv_policy *policy)
{
    struct kv_posture *posture = mem_alloc(sizeof *posture);

    posture->estate = estate;
    kv_policy_copy(&posture->policy, policy);
    posture->rows = mem_alloc(kv_catalogue_count * sizeof *posture->rows);
    posture->level_of =
        mem_alloc(kv_catalogue_count * sizeof *posture->level_of);
    for (size_t row = 0; row < kv_catalogue_count; row++) {
        posture->level_of[row] = kv_row_level(&kv_catalogue[row]);
        if (posture->level_of[row] == KV_LEVEL_RESOURCE)
            posture->not_judged.not_judged++;
    }
    return posture;
}

void posture_free(struct kv_posture *posture)
{
    if (!posture)
        return;
    for (size_t i = 0; i <= KV_LEVEL_TENANT; i++)
        mem_free(posture->levels[i].items);
    below_done(&posture->below);
    overlay_free(posture->overlay);
    mem_free(posture->excepted);
    exemptions_done(&posture->exemptions);
    kv_policy_done(&posture->policy);
    mem_free(posture->told);
    mem_free(posture->standings);
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

/* What people decided here, and what Azure Policy keeps, as one list. */
static void records_join(struct kv_posture *posture)
{
    static const struct kv_records none = { 0 };
    const struct kv_records *given = posture->given ? posture->given : &none;
    const struct exemptions *exemptions = &posture->exemptions;
    size_t own = given->exception_count;
    struct kv_exception *joined =
        mem_alloc((own + exemptions->count + 1) * sizeof *joined);

    for (size_t i = 0; i < own; i++)
        joined[i] = given->exceptions[i];
    for (size_t i = 0; i < exemptions->count; i++)
        joined[own + i] = exemptions->items[i];
    overlay_free(posture->overlay);
    mem_free(posture->excepted);
    posture->excepted = joined;
    posture->records = *given;
    posture->records.exceptions = joined;
    posture->records.exception_count = own + exemptions->count;
    posture->overlay = overlay_new(&posture->records);
}

void posture_set_records(
    struct kv_posture *posture, const struct kv_records *records)
{
    posture->given = records;
    records_join(posture);
}

bool posture_read_exemptions(struct kv_posture *posture)
{
    if (!exemptions_read(&posture->exemptions, posture->estate))
        return false;
    records_join(posture);
    return true;
}

int64_t posture_next_end_s(const struct kv_posture *posture, int64_t now_s)
{
    return overlay_next_end_s(posture->overlay, &posture->policy, now_s);
}

void posture_set_totals(struct kv_posture *posture, const struct kv_tally *rows,
    uint32_t unknown_resources)
{
    size_t size = kv_catalogue_count * sizeof *rows;
    struct totals *told;

    mem_free(posture->told);
    posture->told = NULL;
    if (!rows)
        return;
    told = mem_alloc(sizeof *told + size);
    told->unknown_resources = unknown_resources;
    memcpy(told->rows, rows, size);
    for (size_t row = 0; row < kv_catalogue_count; row++)
        for (size_t i = 0; i < KV_VERDICT_COUNT; i++)
            told->severities[kv_catalogue[row].severity].count[i] +=
                rows[row].count[i];
    posture->told = told;
}

/* ---- keeping ---- */

static uint8_t *verdicts_make_room(
    struct kv_posture *posture, enum kv_facet_level level, uint32_t subject)
{
    struct verdicts *verdicts = &posture->levels[level];
    size_t old = verdicts->subjects;
    size_t rows = kv_catalogue_count;

    if (subject >= old) {
        verdicts->subjects = kv_posture_subject_count(posture, level);
        if (verdicts->subjects < old + old / 8)
            verdicts->subjects = old + old / 8;
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

static bool judge_subject(struct kv_posture *posture, enum kv_facet_level level,
    uint32_t index, uint64_t facets)
{
    struct kv_judgement judgement = { .below = &posture->below };
    struct kv_subject subject = subject_at(posture, level, index);
    uint8_t *verdicts = verdicts_make_room(posture, level, index);
    bool changed = false;
    bool there;

    subject.judgement = &judgement;
    there = subject_is_there(&subject);
    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict to = KV_VERDICT_NONE;

        if (posture->level_of[row] != level ||
            (facets != UINT64_MAX &&
                !((kv_catalogue[row].needs | kv_catalogue[row].looks_at) &
                    facets)))
            continue;
        if (there)
            to = judge_with_records(posture, row, index, &subject, NULL);
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
    standing_keep(posture, resource);
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
