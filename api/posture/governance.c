/* Whether the resource is held by rules around it: locks. */
#include "evaluate.h"

static void put_lock(
    struct buf *evidence, const struct kv_lock *lock, enum kv_scope_level level)
{
    evidence_new_line(evidence);
    buf_putf(
        evidence, "%s lock ", lock->read_only ? "ReadOnly" : "CanNotDelete");
    evidence_put_text(evidence, lock->name);
    buf_putf(evidence, " on the %s", kv_scope_level_name(level));
}

enum kv_verdict governance_lock(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    const struct kv_lock *lock = NULL;
    uint32_t locks = 0;

    while ((lock = kv_estate_next_lock(
                subject->estate, subject->resource, &walk))) {
        locks++;
        put_lock(evidence, lock, walk.level);
    }
    if (locks > 0)
        return KV_VERDICT_PASS;
    buf_putf(evidence,
        "no lock on the %s, its resource group or its "
        "subscription",
        kv_kind_name(subject->resource->kind));
    return KV_VERDICT_FAIL;
}
