/* What keys are made of, and what secrets are said to be. Values are never
 * read: content types and names are all that there is to go by. */
#include "objects.h"

#include <string.h>

#define KEYS                                                                   \
    .sets = { KV_SET_KEYS }, .set_count = 1, .one = "key", .many = "keys"
#define SECRETS                                                                \
    .sets = { KV_SET_SECRETS }, .set_count = 1, .one = "secret",               \
    .many = "secrets"

static bool holds(const char *text, const char *part)
{
    struct view rest = view_of(text);

    for (; rest.size > 0; rest.data++, rest.size--)
        if (view_starts_nocase(rest, view_of(part)))
            return true;
    return false;
}

static bool starts(const char *text, const char *start)
{
    return text && view_starts_nocase(view_of(text), view_of(start));
}

static bool is_hardware(const char *type)
{
    size_t size = type ? strlen(type) : 0;

    return size > 4 && text_equal_nocase(type + size - 4, "-HSM");
}

static bool is_type_known(const struct kv_object *object, struct buf *value)
{
    if (!object->key_type)
        buf_puts(value, "its type was not read");
    return object->key_type != NULL;
}

/* ---- type ---- */

static enum object_answer check_type(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!is_type_known(object, value))
        return OBJECT_UNSURE;
    evidence_put_text(value, object->key_type);
    return kv_texts_have(&subject->policy->key_types, object->key_type)
               ? OBJECT_GOOD
               : OBJECT_BAD;
}

enum kv_verdict object_key_types(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .check = check_type,
        .bad = "of a type that is not allowed",
        .good = "of an allowed type",
    };

    return objects_judge(subject, &rule, evidence);
}

/* In an HSM a key is worth its hardware: the allowed types, and AES, which
 * vaults do not have. */
static enum object_answer check_hsm_type(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    bool allowed;

    if (!is_type_known(object, value))
        return OBJECT_UNSURE;
    evidence_put_text(value, object->key_type);
    allowed = kv_texts_have(&subject->policy->key_types, object->key_type) ||
              text_equal_nocase(object->key_type, "oct-HSM");
    return allowed && is_hardware(object->key_type) ? OBJECT_GOOD : OBJECT_BAD;
}

enum kv_verdict hsm_key_types(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .check = check_hsm_type,
        .bad = "of a type that is not allowed",
        .good = "of an allowed type",
    };

    return objects_judge(subject, &rule, evidence);
}

/* ---- size and curve ---- */

static enum object_answer check_bits(
    const struct kv_object *object, uint32_t least, struct buf *value)
{
    if (object->key_bits == 0) {
        buf_puts(value, "its size was not shown");
        return OBJECT_UNSURE;
    }
    buf_putf(value, "%u bits", (unsigned)object->key_bits);
    return object->key_bits >= least ? OBJECT_GOOD : OBJECT_BAD;
}

static enum object_answer check_rsa(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!is_type_known(object, value))
        return OBJECT_UNSURE;
    if (!starts(object->key_type, "RSA"))
        return OBJECT_LEFT_OUT;
    return check_bits(object, subject->policy->rsa_bits, value);
}

enum kv_verdict object_rsa_bits(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .check = check_rsa,
        .bad = "too short for RSA",
        .good = "long enough for RSA",
    };

    return objects_judge(subject, &rule, evidence);
}

static enum object_answer check_aes(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!is_type_known(object, value))
        return OBJECT_UNSURE;
    if (!starts(object->key_type, "oct"))
        return OBJECT_LEFT_OUT;
    return check_bits(object, subject->policy->aes_bits, value);
}

enum kv_verdict hsm_aes_bits(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .check = check_aes,
        .bad = "too short for AES",
        .good = "long enough for AES",
    };

    return objects_judge(subject, &rule, evidence);
}

static enum object_answer check_curve(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    if (!is_type_known(object, value))
        return OBJECT_UNSURE;
    if (!starts(object->key_type, "EC"))
        return OBJECT_LEFT_OUT;
    if (!object->curve) {
        buf_puts(value, "its curve was not shown");
        return OBJECT_UNSURE;
    }
    evidence_put_text(value, object->curve);
    return kv_texts_have(&subject->policy->curves, object->curve) ? OBJECT_GOOD
                                                                  : OBJECT_BAD;
}

enum kv_verdict object_curves(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .check = check_curve,
        .bad = "on a curve that is not allowed",
        .good = "on an allowed curve",
    };

    return objects_judge(subject, &rule, evidence);
}

/* ---- hardware ---- */

static bool is_required(const struct kv_subject *subject)
{
    const struct kv_resource *resource = subject->resource;

    if (subject->policy->hsm_backed)
        return true;
    for (uint32_t i = 0; i < resource->tag_count; i++)
        if (text_equal_nocase(resource->tags[i].name, "hsm-backed") &&
            (text_equal_nocase(resource->tags[i].value, "yes") ||
                text_equal_nocase(resource->tags[i].value, "true")))
            return true;
    return false;
}

static enum object_answer check_hardware(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    (void)subject;
    if (!is_type_known(object, value))
        return OBJECT_UNSURE;
    evidence_put_text(value, object->key_type);
    return is_hardware(object->key_type) ? OBJECT_GOOD : OBJECT_BAD;
}

enum kv_verdict object_hardware(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        KEYS,
        .check = check_hardware,
        .bad = "kept by software",
        .good = "kept by hardware",
    };

    if (is_required(subject))
        return objects_judge(subject, &rule, evidence);
    buf_puts(evidence, "hardware is not required: neither hsm_backed = yes nor "
                       "a tag hsm-backed on the vault says so");
    return KV_VERDICT_NOT_APPLICABLE;
}

/* ---- secrets ---- */

static enum object_answer check_no_certificate(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    static const char *const types[] = { "pkcs12", "pem-file", "x-pem", "pkcs8",
        "x-x509" };

    (void)subject;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (object->content_type && holds(object->content_type, types[i])) {
            evidence_put_text(value, object->content_type);
            return OBJECT_BAD;
        }
    return OBJECT_GOOD;
}

enum kv_verdict object_no_certificates(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        SECRETS,
        .managed_out = true,
        .check = check_no_certificate,
        .bad = "with a certificate in it",
        .good = "not certificates by their content type",
    };

    return objects_judge(subject, &rule, evidence);
}

static enum object_answer check_content_type(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    (void)subject;
    (void)value;
    return object->content_type && *object->content_type ? OBJECT_GOOD
                                                         : OBJECT_BAD;
}

enum kv_verdict object_content_types(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        SECRETS,
        .check = check_content_type,
        .bad = "without a content type",
        .good = "with a content type",
    };

    return objects_judge(subject, &rule, evidence);
}

/* A JSON text, or a name that settings have and passwords have not. */
static enum object_answer check_no_setting(const struct kv_subject *subject,
    const struct kv_object *object, struct buf *value)
{
    static const char *const shapes[] = { "config", "setting", "feature",
        "-url", "endpoint", "--", "flag", "region", "timeout" };

    (void)subject;
    if (object->managed)
        return OBJECT_LEFT_OUT;
    if (object->content_type && holds(object->content_type, "json")) {
        evidence_put_text(value, object->content_type);
        return OBJECT_BAD;
    }
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (holds(object->name, shapes[i]))
            return OBJECT_BAD;
    return OBJECT_GOOD;
}

enum kv_verdict object_no_settings(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const struct object_rule rule = {
        SECRETS,
        .manual = true,
        .check = check_no_setting,
        .bad = "may be settings, by content type or name",
        .good = "with neither the type nor the name of a setting",
    };

    return objects_judge(subject, &rule, evidence);
}
