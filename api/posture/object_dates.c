/* Keys, secrets and certificates in time: expiry, lifetime, age, rotation. */
#include "objects.h"

#define DAY_S INT64_C(86400)
#define KEYS_AND_SECRETS                                                       \
    .sets = { KV_SET_KEYS, KV_SET_SECRETS }, .set_count = 2,                   \
    .one = "key or secret", .many = "keys and secrets"
#define KEYS                                                                   \
    .sets = { KV_SET_KEYS }, .set_count = 1, .one = "key", .many = "keys"

static bool may_last(
    const struct kv_subject *subject, const struct kv_object *object)
{
    return kv_texts_match(&subject->policy->never_expires, object->name);
}

static void put_days(struct buf *out, int64_t seconds)
{
    int64_t days = seconds > 0 ? seconds / DAY_S : 0;

    evidence_put_number(out, (uint64_t)days, "day", "days");
}

/* ---- whether it ends ---- */

static enum object_answer check_expiry(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    (void)value;
    if (may_last(subject, object))
        return OBJECT_LEFT_OUT;
    return object->expires_s > 0 ? OBJECT_GOOD : OBJECT_BAD;
}

/* What backs a certificate always has the certificate's date, so that an
 * object without one backs none. */
enum kv_verdict object_expiry(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS_AND_SECRETS,
        .check = check_expiry,
        .bad = "without an expiry date",
        .good = "with an expiry date",
    };

    return objects_judge(subject, &rule, evidence);
}

enum kv_verdict hsm_key_expiry(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .check = check_expiry,
        .bad = "without an expiry date",
        .good = "with an expiry date",
    };

    return objects_judge(subject, &rule, evidence);
}

/* ---- whether it ended, or is about to ---- */

static enum object_answer check_near(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    int64_t limit_s = subject->now_s + subject->policy->expiry_days * DAY_S;

    if (object->expires_s == 0 || object->expires_s > limit_s)
        return OBJECT_GOOD;
    buf_puts(
        value, object->expires_s <= subject->now_s ? "expired " : "expires ");
    evidence_put_date(value, object->expires_s);
    return OBJECT_BAD;
}

enum kv_verdict object_near_expiry(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        .sets = { KV_SET_KEYS, KV_SET_SECRETS, KV_SET_CERTIFICATES },
        .set_count = 3,
        .check = check_near,
        .one = "object",
        .many = "objects",
        .bad = "enabled but expired or about to expire",
        .good = "not about to expire",
    };

    return objects_judge(subject, &rule, evidence);
}

enum kv_verdict hsm_key_near_expiry(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .check = check_near,
        .bad = "enabled but expired or about to expire",
        .good = "not about to expire",
    };

    return objects_judge(subject, &rule, evidence);
}

/* ---- how long it lasts ---- */

static enum object_answer check_lifetime(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    int64_t limit_s = subject->policy->max_lifetime_days * DAY_S;

    if (may_last(subject, object))
        return OBJECT_LEFT_OUT;
    if (object->expires_s == 0) {
        buf_puts(value, "never expires");
        return OBJECT_BAD;
    }
    if (object->created_s == 0)
        return OBJECT_UNSURE;
    if (object->expires_s - object->created_s <= limit_s)
        return OBJECT_GOOD;
    put_days(value, object->expires_s - object->created_s);
    return OBJECT_BAD;
}

enum kv_verdict object_lifetime(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS_AND_SECRETS,
        .managed_out = true,
        .check = check_lifetime,
        .bad = "last longer than allowed",
        .good = "with a bounded lifetime",
    };

    return objects_judge(subject, &rule, evidence);
}

/* The list shows the current version, whose age counts. */
static enum object_answer check_age(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    int64_t since_s =
        object->not_before_s ? object->not_before_s : object->created_s;
    int64_t limit_s = subject->policy->max_age_days * DAY_S;

    if (since_s == 0)
        return OBJECT_UNSURE;
    if (subject->now_s - since_s <= limit_s)
        return OBJECT_GOOD;
    put_days(value, subject->now_s - since_s);
    return OBJECT_BAD;
}

enum kv_verdict object_age(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS_AND_SECRETS,
        .managed_out = true,
        .check = check_age,
        .bad = "older than allowed",
        .good = "not older than allowed",
    };

    return objects_judge(subject, &rule, evidence);
}

/* ---- rotation ---- */

static bool rotation_is_known(const struct kv_object *object, struct buf *value)
{
    if (object->rotation.state == KV_FACET_READY)
        return true;
    buf_puts(value, "its rotation policy: ");
    if (object->rotation.why)
        evidence_put_text(value, object->rotation.why);
    else
        buf_puts(value, "not read");
    return false;
}

static enum object_answer check_rotation(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    (void)subject;
    if (!rotation_is_known(object, value))
        return OBJECT_UNSURE;
    return object->rotates ? OBJECT_GOOD : OBJECT_BAD;
}

enum kv_verdict object_rotation(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .managed_out = true,
        .check = check_rotation,
        .bad = "without a rotation that runs by itself",
        .good = "rotated by a policy",
    };

    return objects_judge(subject, &rule, evidence);
}

/* Days after its creation that a new version comes; 0: not known. */
static uint32_t rotation_days(const struct kv_object *object)
{
    if (object->rotates_after_days > 0)
        return object->rotates_after_days;
    return object->expires_after_days > object->rotates_before_days
               ? object->expires_after_days - object->rotates_before_days
               : 0;
}

static enum object_answer check_rotation_days(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    uint32_t days = rotation_days(object);

    if (!rotation_is_known(object, value))
        return OBJECT_UNSURE;
    if (!object->rotates || days == 0) {
        buf_puts(value, "no rotation is due");
        return OBJECT_BAD;
    }
    if (days <= subject->policy->rotation_days)
        return OBJECT_GOOD;
    buf_puts(value, "after ");
    evidence_put_number(value, days, "day", "days");
    return OBJECT_BAD;
}

enum kv_verdict object_rotation_due(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .managed_out = true,
        .check = check_rotation_days,
        .bad = "not rotated soon enough",
        .good = "rotated soon enough",
    };

    return objects_judge(subject, &rule, evidence);
}
