/* Certificates by their policies: how long they hold, with which key, from
 * whom, and whether they renew themselves. */
#include "objects.h"

#include <string.h>

#include "workloads.h"

#define RULE(function, check_one, bad_words, good_words)                       \
    enum kv_verdict function(                                                  \
        const struct kv_subject *subject, struct buf *evidence)                \
    {                                                                          \
        static const struct object_rule rule = {                               \
            .sets = { KV_SET_CERTIFICATES },                                   \
            .set_count = 1,                                                    \
            .check = check_one,                                                \
            .one = "certificate",                                              \
            .many = "certificates",                                            \
            .bad = bad_words,                                                  \
            .good = good_words,                                                \
        };                                                                     \
                                                                               \
        return objects_judge(subject, &rule, evidence);                        \
    }

static bool is_known(const struct kv_object *object, struct buf *value)
{
    if (object->policy.state == KV_FACET_READY)
        return true;
    buf_puts(value, "its policy: ");
    if (object->policy.why)
        evidence_put_text(value, object->policy.why);
    else
        buf_puts(value, "not read");
    return false;
}

static bool is(const char *text, const char *word)
{
    return text && text_equal_nocase(text, word);
}

static bool has_authority(const struct kv_object *object)
{
    return object->issuer && !is(object->issuer, "Self") &&
           !is(object->issuer, "Unknown");
}

/* ---- renewal ---- */

static enum object_answer check_renewal(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    (void)subject;
    if (!is_known(object, value))
        return OBJECT_UNSURE;
    if (!object->renews) {
        buf_puts(value, "nobody but its contacts is told");
        return OBJECT_BAD;
    }
    if (object->issuer && !is(object->issuer, "Unknown"))
        return OBJECT_GOOD;
    buf_puts(value, "its issuer is not known to the vault");
    return OBJECT_BAD;
}

RULE(certificate_renewal, check_renewal, "cannot renew themselves",
    "renewing themselves")

static enum object_answer check_renewal_start(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    const struct kv_policy *policy = subject->policy;

    if (!is_known(object, value))
        return OBJECT_UNSURE;
    if (!object->renews) {
        buf_puts(value, "no renewal");
        return OBJECT_BAD;
    }
    if (object->renews_percentage > 0) {
        buf_putf(
            value, "at %u%% of its life", (unsigned)object->renews_percentage);
        return object->renews_percentage <= policy->lifetime_percentage
                   ? OBJECT_GOOD
                   : OBJECT_BAD;
    }
    if (object->renews_days == 0) /* the service's own rule: 80 % */
        return policy->lifetime_percentage >= 80 ? OBJECT_GOOD : OBJECT_BAD;
    evidence_put_number(value, object->renews_days, "day", "days");
    buf_puts(value, " before its end");
    return object->renews_days >= policy->renew_days ? OBJECT_GOOD : OBJECT_BAD;
}

RULE(certificate_renewal_start, check_renewal_start, "renewed too late",
    "renewed in time")

/* ---- how long, with which key ---- */

static enum object_answer check_months(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!is_known(object, value))
        return OBJECT_UNSURE;
    if (object->months == 0) {
        buf_puts(value, "its policy names no validity");
        return OBJECT_UNSURE;
    }
    evidence_put_number(value, object->months, "month", "months");
    return object->months <= subject->policy->certificate_months ? OBJECT_GOOD
                                                                 : OBJECT_BAD;
}

RULE(certificate_validity, check_months, "valid for too long",
    "valid for no longer than allowed")

static bool has_type(const struct kv_object *object, struct buf *value)
{
    if (!is_known(object, value))
        return false;
    if (!object->key_type)
        buf_puts(value, "its policy names no key type");
    return object->key_type != NULL;
}

static enum object_answer check_key_type(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!has_type(object, value))
        return OBJECT_UNSURE;
    evidence_put_text(value, object->key_type);
    return kv_texts_have(
               &subject->policy->certificate_key_types, object->key_type)
               ? OBJECT_GOOD
               : OBJECT_BAD;
}

RULE(certificate_key_types, check_key_type, "with a key that is not allowed",
    "with an allowed key type")

static bool starts(const char *text, const char *start)
{
    return view_starts_nocase(view_of(text), view_of(start));
}

static enum object_answer check_rsa(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!has_type(object, value))
        return OBJECT_UNSURE;
    if (!starts(object->key_type, "RSA"))
        return OBJECT_LEFT_OUT;
    if (object->key_bits == 0) {
        buf_puts(value, "its policy names no key size");
        return OBJECT_UNSURE;
    }
    buf_putf(value, "%u bits", (unsigned)object->key_bits);
    return object->key_bits >= subject->policy->rsa_bits ? OBJECT_GOOD
                                                         : OBJECT_BAD;
}

RULE(certificate_rsa_bits, check_rsa, "with an RSA key that is too short",
    "with a long enough RSA key")

static enum object_answer check_curve(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!has_type(object, value))
        return OBJECT_UNSURE;
    if (!starts(object->key_type, "EC"))
        return OBJECT_LEFT_OUT;
    if (!object->curve) {
        buf_puts(value, "its policy names no curve");
        return OBJECT_UNSURE;
    }
    evidence_put_text(value, object->curve);
    return kv_texts_have(&subject->policy->curves, object->curve) ? OBJECT_GOOD
                                                                  : OBJECT_BAD;
}

RULE(certificate_curves, check_curve, "on a curve that is not allowed",
    "on an allowed curve")

/* ---- from whom ---- */

static enum object_answer check_authority(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!is_known(object, value))
        return OBJECT_UNSURE;
    if (!has_authority(object))
        return OBJECT_LEFT_OUT;
    evidence_put_text(value, object->issuer);
    if (!object->provider) {
        buf_puts(value, ", whose authority was not read");
        return OBJECT_UNSURE;
    }
    if (!is(object->provider, object->issuer)) {
        buf_puts(value, " of ");
        evidence_put_text(value, object->provider);
    }
    return kv_texts_have(&subject->policy->issuers, object->provider)
               ? OBJECT_GOOD
               : OBJECT_BAD;
}

RULE(certificate_authorities, check_authority,
    "from an authority that is not allowed", "from an allowed authority")

/* Where nobody outside trusts it; by what the tags around the vault say. */
static enum object_answer check_self_signed(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    const struct kv_resource *vault = subject->resource;
    const char *use = tagged_value(subject->estate, vault->id, vault->tags,
        vault->tag_count, &subject->policy->environment_tags);

    buf_puts(value, "self-signed");
    if (!use) {
        buf_puts(value, ", and no tag says whether the vault is in production");
        return OBJECT_UNSURE;
    }
    buf_puts(value, " in ");
    evidence_put_text(value, use);
    (void)object;
    return kv_environment_of(subject->policy, subject->estate, vault) ==
                   KV_ENVIRONMENT_PRODUCTION
               ? OBJECT_BAD
               : OBJECT_GOOD;
}

static enum object_answer check_other_issuer(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    const struct kv_texts *allowed = &subject->policy->other_issuers;

    if (!is_known(object, value))
        return OBJECT_UNSURE;
    if (!object->issuer || has_authority(object))
        return OBJECT_LEFT_OUT;
    if (kv_texts_have(allowed, object->issuer))
        return OBJECT_GOOD;
    if (is(object->issuer, "Self"))
        return check_self_signed(subject, object, value);
    buf_puts(value, "ordered outside of the vault");
    return allowed->count == 0 ? OBJECT_GOOD : OBJECT_BAD;
}

RULE(certificate_other_issuers, check_other_issuer,
    "from an issuer that is not allowed", "from an allowed issuer")
