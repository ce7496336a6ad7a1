/* The findings of one estate: a byte for each row and resource, with sums that
 * are kept as verdicts change, so that a screen never counts. */
#include "posture.h"

#include <assert.h>
#include <string.h>

#include "base.h"

/* Verdicts lie resource by resource: judging and listing both go through the
 * rows of one resource. A sum holds exactly the verdicts that are not NONE, so
 * a resource that is not judged yet, or gone, is in none of them. */
struct kv_posture {
    const struct kv_estate *estate;
    struct kv_policy policy;
    int64_t now_s;     /* of the last judgement */
    uint8_t *verdicts; /* resources x rows, enum kv_verdict */
    size_t resources;  /* that there is room for */
    struct kv_tally *rows;
    struct kv_tally severities[KV_SEVERITY_COUNT];
    uint32_t unknown_resources;
};

struct kv_posture *posture_new(
    const struct kv_estate *estate, const struct kv_policy *policy)
{
    struct kv_posture *posture = mem_alloc(sizeof *posture);

    posture->estate = estate;
    posture->policy = *policy;
    posture->rows = mem_alloc(kv_catalogue_count * sizeof *posture->rows);
    return posture;
}

void posture_free(struct kv_posture *posture)
{
    if (!posture)
        return;
    mem_free(posture->verdicts);
    mem_free(posture->rows);
    mem_free(posture);
}

/* ---- keeping ---- */

static void posture_make_room(struct kv_posture *posture, uint32_t resource)
{
    size_t old = posture->resources;
    size_t rows = kv_catalogue_count;

    if (resource < old)
        return;
    posture->resources = kv_estate_resource_count(posture->estate);
    if (posture->resources < old + old / 2)
        posture->resources = old + old / 2;
    posture->verdicts =
        mem_resize(posture->verdicts, posture->resources * rows);
    memset(posture->verdicts + old * rows, KV_VERDICT_NONE,
        (posture->resources - old) * rows);
}

static uint8_t *verdicts_of(const struct kv_posture *posture, uint32_t resource)
{
    return resource < posture->resources
               ? posture->verdicts + resource * kv_catalogue_count
               : NULL;
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

bool posture_judge(struct kv_posture *posture, uint32_t resource, int64_t now_s)
{
    const struct kv_subject subject = {
        .estate = posture->estate,
        .resource = kv_estate_resource(posture->estate, resource),
        .policy = &posture->policy,
        .now_s = now_s,
    };
    uint8_t *verdicts = NULL;
    bool changed = false;

    assert(resource < kv_estate_resource_count(posture->estate));
    posture_make_room(posture, resource);
    posture->now_s = now_s;
    verdicts = verdicts_of(posture, resource);
    posture->unknown_resources -= has_unknown(verdicts);
    for (size_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict to = subject.resource->gone
                                 ? KV_VERDICT_NONE
                                 : kv_judge(&kv_catalogue[row], &subject, NULL);

        changed |= posture_set(posture, row, &verdicts[row], to);
    }
    posture->unknown_resources += has_unknown(verdicts);
    return changed;
}

/* ---- looking ---- */

enum kv_verdict kv_posture_verdict(
    const struct kv_posture *posture, uint32_t row, uint32_t resource)
{
    const uint8_t *verdicts = verdicts_of(posture, resource);

    if (!verdicts || row >= kv_catalogue_count)
        return KV_VERDICT_NONE;
    return (enum kv_verdict)verdicts[row];
}

enum kv_verdict kv_posture_evidence(const struct kv_posture *posture,
    uint32_t row, uint32_t resource, struct buf *evidence)
{
    struct kv_subject subject = {
        .estate = posture->estate,
        .policy = &posture->policy,
        .now_s = posture->now_s,
    };

    if (row >= kv_catalogue_count ||
        resource >= kv_estate_resource_count(posture->estate))
        return KV_VERDICT_NONE;
    subject.resource = kv_estate_resource(posture->estate, resource);
    if (!subject.resource->gone)
        return kv_judge(&kv_catalogue[row], &subject, evidence);
    buf_puts(evidence, "no longer there when the estate was last read");
    return KV_VERDICT_NONE;
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
