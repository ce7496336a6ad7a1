/* Objects one by one. What fails in one list fails the vault, even where
 * another list cannot be read; without a failure, the gap decides. */
#include "objects.h"

/* More names than these are only counted. */
#define NAMES_MAX 10u

/* Those of one kind, named as far as there is room. */
struct named {
    struct buf names;
    uint32_t count;
};

struct tally {
    struct named bad;
    struct named unsure;
    struct buf missing; /* lists that could not be read, one a line */
    uint32_t judged;
    uint32_t left_out; /* as they back a certificate */
};

enum kv_facet objects_facet(enum kv_set set)
{
    if (set == KV_SET_SECRETS)
        return KV_FACET_SECRETS;
    return set == KV_SET_CERTIFICATES ? KV_FACET_CERTIFICATES : KV_FACET_KEYS;
}

void object_put_name(struct buf *out, const struct kv_object *object)
{
    static const char *const collections[] = {
        [KV_OBJECT_KEY] = "keys/",
        [KV_OBJECT_SECRET] = "secrets/",
        [KV_OBJECT_CERTIFICATE] = "certificates/",
        [KV_OBJECT_STORAGE] = "storage/",
    };

    buf_puts(out, collections[object->kind]);
    evidence_put_text(out, object->name);
}

static void name(struct named *named, const struct kv_object *object,
    const struct buf *value)
{
    if (++named->count > NAMES_MAX)
        return;
    if (named->count > 1)
        buf_puts(&named->names, ", ");
    object_put_name(&named->names, object);
    if (value->size > 0) {
        buf_puts(&named->names, " (");
        buf_put(&named->names, buf_view(value));
        buf_putc(&named->names, ')');
    }
}

static void put_names(struct buf *evidence, const struct named *named)
{
    buf_put(evidence, buf_view(&named->names));
    if (named->count > NAMES_MAX) {
        buf_puts(evidence, " and ");
        buf_put_count(evidence, named->count - NAMES_MAX);
        buf_puts(evidence, " more");
    }
}

/* A bad answer about an object that may back a certificate is none. */
static enum object_answer check(const struct kv_subject *subject,
    const struct object_rule *rule, const struct kv_object *object,
    struct buf *value)
{
    enum object_answer answer = rule->check(subject, object, value);

    if (answer == OBJECT_BAD && rule->managed_out && !object->managed_known) {
        if (value->size > 0)
            buf_puts(value, "; ");
        buf_puts(value, "it may back a certificate");
        return OBJECT_UNSURE;
    }
    return answer;
}

static void count_object(struct tally *tally, const struct kv_subject *subject,
    const struct object_rule *rule, const struct kv_object *object)
{
    struct buf value = { .limit = 512 };
    enum object_answer answer;

    if (rule->managed_out && object->managed) {
        tally->left_out++;
        return;
    }
    answer = check(subject, rule, object, &value);
    tally->judged += answer != OBJECT_LEFT_OUT;
    if (answer == OBJECT_BAD) {
        name(&tally->bad, object, &value);
        if (subject->judgement && subject->judgement->bad)
            subject->judgement->bad(subject->judgement->bad_context, object);
    }
    if (answer == OBJECT_UNSURE)
        name(&tally->unsure, object, &value);
    buf_done(&value);
}

static bool is_known(const struct kv_subject *subject, enum kv_facet facet)
{
    struct kv_facet_status status = subject_facet(subject, facet);

    return kv_facet_known(&status);
}

/* A certificate is a key and a secret of one name as well: where no key has
 * such a secret, there is none, whoever may list certificates. */
static bool has_no_certificate(const struct kv_subject *subject)
{
    struct kv_walk walk = { 0 };
    const struct kv_object *key;

    if (!is_known(subject, KV_FACET_KEYS) ||
        !is_known(subject, KV_FACET_SECRETS))
        return false;
    while ((key = kv_estate_next_at(
                subject->estate, KV_SET_KEYS, subject->resource->id, &walk)))
        if (key->managed || !key->managed_known)
            return false;
    return true;
}

static void count_set(struct tally *tally, const struct kv_subject *subject,
    const struct object_rule *rule, enum kv_set set)
{
    struct kv_facet_status status = subject_facet(subject, objects_facet(set));
    struct kv_walk walk = { 0 };
    const struct kv_object *object;

    if (!kv_facet_known(&status)) {
        if (set == KV_SET_CERTIFICATES && has_no_certificate(subject))
            return;
        evidence_new_line(&tally->missing);
        evidence_put_missing(&tally->missing, objects_facet(set), &status);
        return;
    }
    while ((object = kv_estate_next_at(
                subject->estate, set, subject->resource->id, &walk)))
        if (!object->disabled)
            count_object(tally, subject, rule, object);
}

static void put_tally(struct buf *evidence, const struct object_rule *rule,
    const struct tally *tally)
{
    if (tally->bad.count > 0) {
        buf_put_count(evidence, tally->bad.count);
        buf_puts(evidence, " of ");
        evidence_put_number(evidence, tally->judged, rule->one, rule->many);
        buf_putf(evidence, " %s: ", rule->bad);
        put_names(evidence, &tally->bad);
    } else if (tally->judged > tally->unsure.count) {
        evidence_put_number(evidence, tally->judged - tally->unsure.count,
            rule->one, rule->many);
        buf_putf(evidence, " %s", rule->good);
    } else if (tally->judged == 0 && tally->missing.size == 0) {
        buf_putf(evidence, "no enabled %s to judge", rule->one);
    }
    if (tally->left_out > 0) {
        evidence_new_line(evidence);
        evidence_put_number(evidence, tally->left_out,
            "that backs a certificate is left out",
            "that back certificates are left out");
    }
    if (tally->unsure.count > 0) {
        evidence_new_line(evidence);
        buf_puts(evidence, "not known of ");
        put_names(evidence, &tally->unsure);
    }
    if (tally->missing.size > 0) {
        evidence_new_line(evidence);
        buf_put(evidence, buf_view(&tally->missing));
    }
}

static enum kv_verdict verdict_of(
    const struct object_rule *rule, const struct tally *tally)
{
    if (tally->bad.count > 0)
        return rule->manual ? KV_VERDICT_MANUAL : KV_VERDICT_FAIL;
    if (tally->missing.size > 0 || tally->unsure.count > 0)
        return KV_VERDICT_UNKNOWN;
    return tally->judged > 0 ? KV_VERDICT_PASS : KV_VERDICT_NOT_APPLICABLE;
}

enum kv_verdict objects_judge(const struct kv_subject *subject,
    const struct object_rule *rule, struct buf *evidence)
{
    struct tally tally = {
        .bad.names.limit = 1u << 14,
        .unsure.names.limit = 1u << 14,
        .missing.limit = 1u << 13,
    };
    enum kv_verdict verdict;

    for (unsigned i = 0; i < rule->set_count; i++)
        count_set(&tally, subject, rule, rule->sets[i]);
    put_tally(evidence, rule, &tally);
    verdict = verdict_of(rule, &tally);
    buf_done(&tally.bad.names);
    buf_done(&tally.unsure.names);
    buf_done(&tally.missing);
    return verdict;
}
