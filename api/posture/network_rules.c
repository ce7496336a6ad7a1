/* What the firewall's rules are made of, where they are in force: virtual
 * networks, and the address ranges of the organisation. */
#include "evaluate.h"

/* Rules outside the ranges that are named before the rest is counted. */
#define RULES_SHOWN 12

static bool rules_in_force(const struct kv_exposure *exposure)
{
    return exposure->kind == KV_EXPOSURE_RESTRICTED ||
           exposure->kind == KV_EXPOSURE_WIDE;
}

static enum kv_verdict say_no_rules(
    const struct kv_exposure *exposure, struct buf *evidence)
{
    buf_putf(evidence, "no firewall rule is in force: %s",
        kv_exposure_sentence(exposure->kind));
    return KV_VERDICT_NOT_APPLICABLE;
}

/* Under a perimeter in force the rules would have no effect. */
static enum kv_verdict fail_unless_perimeter(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_exposure *exposure = judged_exposure(subject);

    if (!exposure->perimeter_unknown)
        return KV_VERDICT_FAIL;
    evidence_new_line(evidence);
    exposure_put_perimeter(
        evidence, subject->estate, exposure, subject->resource);
    return KV_VERDICT_UNKNOWN;
}

enum kv_verdict network_subnets(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    const struct kv_exposure *exposure = judged_exposure(subject);

    if (!rules_in_force(exposure))
        return say_no_rules(exposure, evidence);
    exposure_put_rules(evidence, exposure, resource);
    if (resource->vnet_rule_count > 0)
        return KV_VERDICT_PASS;
    return fail_unless_perimeter(subject, evidence);
}

/* ---- the organisation's ranges ---- */

/* Whether the allowed ranges hold the whole rule, together: each step goes on
 * where the one before ended. */
static bool is_inside(
    const struct kv_ip_rule *rule, const struct kv_ranges *ranges)
{
    uint64_t next = rule->first;
    bool moved = true;

    while (next <= rule->last && moved) {
        moved = false;
        for (uint32_t i = 0; i < ranges->count; i++)
            if (ranges->items[i].first <= next &&
                ranges->items[i].last >= next) {
                next = (uint64_t)ranges->items[i].last + 1;
                moved = true;
            }
    }
    return next > rule->last;
}

static const struct kv_ip_rule *find_overlap(
    const struct kv_ip_rule *rule, const struct kv_ranges *ranges)
{
    for (uint32_t i = 0; i < ranges->count; i++)
        if (ranges->items[i].first <= rule->last &&
            ranges->items[i].last >= rule->first)
            return &ranges->items[i];
    return NULL;
}

/* Says what is wrong with a rule; false when nothing is. */
static bool put_stray(struct buf *evidence, const struct kv_ip_rule *rule,
    const struct kv_policy *policy)
{
    const struct kv_ip_rule *forbidden =
        find_overlap(rule, &policy->forbidden_ranges);

    if (!forbidden && (policy->allowed_ranges.count == 0 ||
                          is_inside(rule, &policy->allowed_ranges)))
        return false;
    evidence_new_line(evidence);
    evidence_put_text(evidence, rule->text);
    if (!forbidden) {
        buf_puts(evidence, " is outside the allowed ranges");
        return true;
    }
    buf_puts(evidence, " lets in addresses of the forbidden range ");
    evidence_put_text(evidence, forbidden->text);
    return true;
}

static uint32_t put_strays(
    struct buf *evidence, const struct kv_subject *subject)
{
    const struct kv_resource *resource = subject->resource;
    uint32_t strays = 0;

    for (uint32_t i = 0; i < resource->ip_rule_count; i++)
        if (resource->ip_rules[i].valid)
            strays += put_stray(strays < RULES_SHOWN ? evidence : NULL,
                &resource->ip_rules[i], subject->policy);
    if (strays > RULES_SHOWN)
        buf_putf(evidence, " and %u more", strays - RULES_SHOWN);
    return strays;
}

const char *ranges_unasked(const struct kv_policy *policy)
{
    if (policy->allowed_ranges.count > 0 || policy->forbidden_ranges.count > 0)
        return NULL;
    return "neither allowed_ranges nor forbidden_ranges is configured";
}

enum kv_verdict network_ranges(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_exposure *exposure = judged_exposure(subject);

    if (!rules_in_force(exposure))
        return say_no_rules(exposure, evidence);
    exposure_put_rules(evidence, exposure, subject->resource);
    if (put_strays(evidence, subject) > 0)
        return fail_unless_perimeter(subject, evidence);
    if (!exposure->unreadable_rule)
        return KV_VERDICT_PASS;
    evidence_new_line(evidence);
    buf_puts(evidence, "where a rule that was not understood leads is not "
                       "known");
    return KV_VERDICT_UNKNOWN;
}
