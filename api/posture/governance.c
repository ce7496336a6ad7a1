/* Whether the resource is held by the rules of its owners: locks, tags, names.
 */
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

/* ---- tags ---- */

/* Names of tags have no case in Azure. NULL when there is none. */
static const struct kv_tag *find_tag(
    const struct kv_resource *resource, const char *name)
{
    for (uint32_t i = 0; i < resource->tag_count; i++)
        if (text_equal_nocase(resource->tags[i].name, name))
            return &resource->tags[i];
    return NULL;
}

static bool has_value(const struct kv_tag *tag)
{
    return tag && tag->value && view_trim(view_of(tag->value)).size > 0;
}

enum kv_verdict governance_tags(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_texts *wanted = &subject->policy->required_tags;
    uint32_t missing = 0;

    if (wanted->count == 0) {
        buf_puts(evidence, "no tag is configured as required");
        return KV_VERDICT_NOT_APPLICABLE;
    }
    for (uint32_t i = 0; i < wanted->count; i++) {
        const struct kv_tag *tag =
            find_tag(subject->resource, wanted->items[i]);

        evidence_new_line(evidence);
        evidence_put_text(evidence, wanted->items[i]);
        if (has_value(tag)) {
            buf_puts(evidence, " is ");
            evidence_put_text(evidence, tag->value);
            continue;
        }
        missing++;
        buf_puts(evidence, tag ? " is empty" : " is missing");
    }
    return missing == 0 ? KV_VERDICT_PASS : KV_VERDICT_FAIL;
}

/* ---- names ---- */

const char *name_unasked(const struct kv_policy *policy)
{
    bool asked = policy->name_pattern && *policy->name_pattern;

    return asked ? NULL : "name_pattern is not configured";
}

enum kv_verdict governance_name(
    const struct kv_subject *subject, struct buf *evidence)
{
    const char *pattern = subject->policy->name_pattern;

    evidence_put_text(evidence, subject->resource->name);
    if (kv_pattern_matches(pattern, subject->resource->name)) {
        buf_puts(evidence, " fits the pattern ");
        evidence_put_text(evidence, pattern);
        return KV_VERDICT_PASS;
    }
    buf_puts(evidence, " does not fit the pattern ");
    evidence_put_text(evidence, pattern);
    return KV_VERDICT_FAIL;
}
