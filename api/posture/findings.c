/* Reading the findings: the verdict that holds for a subject, its words, and
 * what people decided of it. */
#include "findings.h"

#include <assert.h>

/* ---- subjects ---- */

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

uint8_t *verdicts_of(const struct kv_posture *posture,
    enum kv_facet_level level, uint32_t subject)
{
    const struct verdicts *verdicts = &posture->levels[level];

    return subject < verdicts->subjects
               ? verdicts->items + subject * kv_catalogue_count
               : NULL;
}

struct kv_subject subject_at(
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
    if (level == KV_LEVEL_RESOURCE) {
        subject.resource = kv_estate_resource(posture->estate, index);
        subject.subscription = subject.resource->subscription;
    }
    return subject;
}

bool subject_is_there(const struct kv_subject *subject)
{
    return subject->resource
               ? !subject->resource->gone
               : subject_next_resource(subject, KV_NONE) != KV_NONE;
}

enum kv_verdict judge_with_records(const struct kv_posture *posture,
    uint32_t row, uint32_t index, struct kv_subject *subject,
    struct buf *evidence)
{
    enum kv_verdict judged = judge_row(&kv_catalogue[row], subject, evidence);
    struct buf id = { .limit = SIZE_MAX };

    if ((judged != KV_VERDICT_MANUAL && judged != KV_VERDICT_FAIL) ||
        !overlay_has(posture->overlay, row))
        return judged;
    kv_posture_put_subject(posture, posture->level_of[row], index, &id);
    judged = overlay_verdict(posture->overlay,
        &(struct overlay_key){
            .row = row,
            .subject = buf_text(&id),
            .policy = &posture->policy,
            .now_s = posture->now_s,
        },
        judged, evidence);
    buf_done(&id);
    return judged;
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
    if (subject_is_there(&subject))
        verdict = judge_with_records(posture, row, index, &subject, evidence);
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
    buf_putf(out, "/tenants/%s", kv_estate_tenant_id(posture->estate));
}

/* ---- what people decided ---- */

const struct kv_records *kv_posture_records(const struct kv_posture *posture)
{
    return &posture->records;
}

const struct kv_attestation *kv_posture_attestation(
    const struct kv_posture *posture, uint32_t row, uint32_t index)
{
    const struct kv_attestation *found = NULL;
    struct buf id = { .limit = SIZE_MAX };

    if (!overlay_has(posture->overlay, row))
        return NULL;
    kv_posture_put_subject(posture, posture->level_of[row], index, &id);
    found = overlay_attestation(posture->overlay,
        &(struct overlay_key){ .row = row, .subject = buf_text(&id) });
    buf_done(&id);
    return found;
}

const struct kv_exception *kv_posture_exception(
    const struct kv_posture *posture, uint32_t row, uint32_t index)
{
    const struct kv_exception *found = NULL;
    struct buf id = { .limit = SIZE_MAX };

    if (!overlay_has(posture->overlay, row))
        return NULL;
    kv_posture_put_subject(posture, posture->level_of[row], index, &id);
    found = overlay_exception(posture->overlay,
        &(struct overlay_key){
            .row = row, .subject = buf_text(&id), .now_s = posture->now_s });
    buf_done(&id);
    return found;
}

/* ---- sums ---- */

const struct kv_tally *kv_posture_row(
    const struct kv_posture *posture, uint32_t row)
{
    assert(row < kv_catalogue_count);
    return posture->told ? &posture->told->rows[row] : &posture->rows[row];
}

const struct kv_tally *kv_posture_severity(
    const struct kv_posture *posture, enum kv_severity severity)
{
    return posture->told ? &posture->told->severities[severity]
                         : &posture->severities[severity];
}

uint32_t kv_posture_unknown_resources(const struct kv_posture *posture)
{
    return posture->told ? posture->told->unknown_resources
                         : posture->unknown_resources;
}
