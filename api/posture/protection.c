/* Whether what was deleted can be had back: soft delete, its length, and
 * purge protection. */
#include "evaluate.h"

/* 2020-12-01: by then the service turned soft delete on for every vault that it
 * writes, so an older vault that says nothing may be without it. */
#define SOFT_DELETE_SINCE_S 1606780800

/* What an absent softDeleteRetentionInDays means. */
#define RETENTION_DEFAULT_DAYS 90u

/* An absent value tells nothing by itself; the last write does. */
static enum kv_verdict soft_delete_by_date(
    int64_t modified_at_s, struct buf *evidence)
{
    buf_putf(evidence, "enableSoftDelete is absent");
    if (modified_at_s == 0) {
        buf_putf(evidence, " and Azure does not say when the vault was "
                           "last written");
        return KV_VERDICT_UNKNOWN;
    }
    buf_putf(evidence, ", last written ");
    evidence_put_date(evidence, modified_at_s);
    if (modified_at_s < SOFT_DELETE_SINCE_S) {
        buf_putf(evidence, ": off or unknown");
        return KV_VERDICT_FAIL;
    }
    buf_putf(evidence, ": on by default since December 2020");
    return KV_VERDICT_PASS;
}

enum kv_verdict protection_soft_delete(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;

    switch (resource->soft_delete) {
    case KV_TRI_TRUE:
        buf_putf(evidence, "enableSoftDelete is true");
        return KV_VERDICT_PASS;
    case KV_TRI_FALSE:
        buf_putf(evidence, "enableSoftDelete is false: what is deleted "
                           "is gone");
        return KV_VERDICT_FAIL;
    case KV_TRI_ABSENT:
        break;
    }
    return soft_delete_by_date(resource->modified_at_s, evidence);
}

enum kv_verdict protection_retention(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    uint32_t days = resource->retention_days;

    if (days == 0) {
        days = RETENTION_DEFAULT_DAYS;
        buf_putf(evidence,
            "softDeleteRetentionInDays is absent, which "
            "means %u days",
            days);
    } else {
        buf_putf(evidence, "softDeleteRetentionInDays is %u", days);
    }
    /* The number stays in the resource when soft delete is off. */
    if (resource->soft_delete == KV_TRI_FALSE) {
        buf_putf(evidence, ", but enableSoftDelete is false: nothing is "
                           "kept");
        return KV_VERDICT_FAIL;
    }
    buf_putf(evidence, ", wanted at least %u", subject->policy->retention_days);
    return days >= subject->policy->retention_days ? KV_VERDICT_PASS
                                                   : KV_VERDICT_FAIL;
}

/* Soft delete alone lets an administrator purge at once; only purge protection
 * holds for the whole retention period. */
enum kv_verdict protection_purge(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const char *const values[] = {
        [KV_TRI_ABSENT] = "absent, which means off",
        [KV_TRI_FALSE] = "false",
        [KV_TRI_TRUE] = "true",
    };
    enum kv_tri on = subject->resource->purge_protection;

    buf_putf(evidence, "enablePurgeProtection is %s", values[on]);
    return on == KV_TRI_TRUE ? KV_VERDICT_PASS : KV_VERDICT_FAIL;
}

/* ---- what was deleted already ---- */

#define DAY_S 86400

static void put_deleted(struct buf *evidence, const struct kv_deleted *row)
{
    evidence_new_line(evidence);
    evidence_put_text(evidence, row->name);
    buf_puts(evidence, row->hsm ? " (HSM)" : "");
    buf_puts(evidence, ", deleted ");
    evidence_put_date(evidence, row->deleted_at_s);
    buf_puts(evidence, row->purge_at_s ? ", purged for good on "
                                       : ", Azure does not say when it is "
                                         "purged for good");
    if (row->purge_at_s)
        evidence_put_date(evidence, row->purge_at_s);
    buf_puts(evidence,
        row->purge_protection ? "" : ", and anybody may purge it before");
}

/* Protected ones are lost on the same day, but by a decision of their owner
 * that nobody can hasten. */
enum kv_verdict protection_deleted(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct buf scope = { .limit = 256 };
    int64_t limit_s =
        subject->now_s + (int64_t)subject->policy->purge_warning_days * DAY_S;
    uint32_t count = 0;
    uint32_t due = 0;
    uint32_t undated = 0;
    struct kv_walk walk = { 0 };
    const struct kv_deleted *row;

    buf_putf(&scope, "/subscriptions/%s",
        kv_estate_subscription(subject->estate, subject->subscription)->id);
    while ((row = kv_estate_next_at(
                subject->estate, KV_SET_DELETED, buf_text(&scope), &walk))) {
        count++;
        put_deleted(evidence, row);
        if (row->purge_protection)
            continue;
        undated += row->purge_at_s == 0;
        due += row->purge_at_s != 0 && row->purge_at_s <= limit_s;
    }
    buf_done(&scope);
    if (count == 0)
        buf_puts(evidence, "nothing is deleted and not yet purged");
    if (due > 0)
        return KV_VERDICT_FAIL;
    return undated > 0 ? KV_VERDICT_UNKNOWN : KV_VERDICT_PASS;
}
