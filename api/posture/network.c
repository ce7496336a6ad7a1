/* Who can come in over the public network: rows that follow from the exposure.
 * What stands around it is in network_around.c. */
#include "evaluate.h"

#define RULES_SHOWN 12 /* named in the evidence before the rest is counted */

/* The value that decides is one that this program does not know. */
static bool value_unknown(const struct kv_exposure *exposure,
    const struct kv_resource *resource, bool action_decides)
{
    if (exposure->kind == KV_EXPOSURE_PERIMETER)
        return false;
    if (resource->public_access == KV_PUBLIC_OTHER)
        return true;
    return action_decides && resource->default_action == KV_DEFAULT_OTHER &&
           (resource->public_access == KV_PUBLIC_ABSENT ||
               resource->public_access == KV_PUBLIC_ENABLED);
}

static enum kv_verdict say_value_unknown(
    const struct kv_resource *resource, struct buf *evidence)
{
    buf_putf(evidence, "%s has a value that this version does not know",
        resource->public_access == KV_PUBLIC_OTHER
            ? "publicNetworkAccess"
            : "networkAcls.defaultAction");
    return KV_VERDICT_UNKNOWN;
}

static void put_public_access(
    struct buf *evidence, const struct kv_resource *resource)
{
    static const char *const values[] = {
        [KV_PUBLIC_ABSENT] = "absent (Enabled)",
        [KV_PUBLIC_ENABLED] = "Enabled",
        [KV_PUBLIC_DISABLED] = "Disabled",
        [KV_PUBLIC_PERIMETER] = "SecuredByPerimeter",
        [KV_PUBLIC_OTHER] = "a value that is not known",
    };

    buf_putf(
        evidence, "publicNetworkAccess is %s", values[resource->public_access]);
}

static void put_default_action(
    struct buf *evidence, const struct kv_resource *resource)
{
    static const char *const values[] = {
        [KV_DEFAULT_ABSENT] = "networkAcls absent",
        [KV_DEFAULT_ALLOW] = "networkAcls.defaultAction is Allow",
        [KV_DEFAULT_DENY] = "networkAcls.defaultAction is Deny",
        [KV_DEFAULT_OTHER] = "networkAcls.defaultAction has an unknown value",
    };

    buf_putf(evidence, ", %s", values[resource->default_action]);
}

/* The values and what they come to, on one line. */
static void put_exposure(struct buf *evidence,
    const struct kv_exposure *exposure, const struct kv_resource *resource)
{
    put_public_access(evidence, resource);
    if (exposure->kind >= KV_EXPOSURE_RESTRICTED)
        put_default_action(evidence, resource);
    buf_putf(evidence, ": %s", kv_exposure_sentence(exposure->kind));
    if (exposure->kind == KV_EXPOSURE_RESTRICTED ||
        exposure->kind == KV_EXPOSURE_WIDE) {
        buf_putf(evidence, ": ");
        exposure_put_rules(evidence, exposure, resource);
    }
    if (exposure->kind == KV_EXPOSURE_PRIVATE)
        buf_putf(evidence, " (%u approved)", exposure->approved);
    if (exposure->trusted_services)
        buf_putf(evidence, "; trusted Microsoft services come in as well");
}

/* The perimeter, where one counts or could. */
static void put_perimeter(
    struct buf *evidence, const struct kv_subject *subject)
{
    const struct kv_exposure *exposure = judged_exposure(subject);

    if (!exposure->perimeter && !exposure->locked &&
        !exposure->perimeter_unknown)
        return;
    evidence_new_line(evidence);
    exposure_put_perimeter(
        evidence, subject->estate, exposure, subject->resource);
}

/* What the resource's own rules let in may be held by a perimeter of which
 * nothing is known: the evidence has named it. */
static enum kv_verdict pass_if(const struct kv_exposure *exposure, bool holds)
{
    if (holds)
        return KV_VERDICT_PASS;
    return exposure->perimeter_unknown ? KV_VERDICT_UNKNOWN : KV_VERDICT_FAIL;
}

enum kv_verdict network_public_off(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    const struct kv_exposure *exposure = judged_exposure(subject);

    if (value_unknown(exposure, resource, false))
        return say_value_unknown(resource, evidence);
    put_exposure(evidence, exposure, resource);
    put_perimeter(evidence, subject);
    return pass_if(exposure, exposure->kind < KV_EXPOSURE_RESTRICTED);
}

enum kv_verdict network_firewall_on(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    const struct kv_exposure *exposure = judged_exposure(subject);

    if (value_unknown(exposure, resource, true))
        return say_value_unknown(resource, evidence);
    put_exposure(evidence, exposure, resource);
    if (exposure->kind == KV_EXPOSURE_OPEN)
        exposure_put_idle_rules(evidence, resource);
    put_perimeter(evidence, subject);
    return pass_if(exposure, exposure->kind != KV_EXPOSURE_OPEN);
}

/* ---- the width of the rules ---- */

static void put_rule_texts(
    struct buf *evidence, const struct kv_resource *resource)
{
    uint32_t shown = resource->ip_rule_count < RULES_SHOWN
                         ? resource->ip_rule_count
                         : RULES_SHOWN;

    if (shown == 0)
        return;
    evidence_new_line(evidence);
    buf_putf(evidence, "rules: ");
    for (uint32_t i = 0; i < shown; i++) {
        buf_putf(evidence, "%s", i == 0 ? "" : ", ");
        evidence_put_text(evidence, resource->ip_rules[i].text);
        if (!resource->ip_rules[i].valid)
            buf_putf(evidence, " (not understood)");
    }
    if (shown < resource->ip_rule_count)
        buf_putf(evidence, " and %u more", resource->ip_rule_count - shown);
}

static enum kv_verdict say_rules(const struct kv_subject *subject,
    const struct kv_exposure *exposure, struct buf *evidence)
{
    const struct kv_policy *policy = subject->policy;

    exposure_put_rules(evidence, exposure, subject->resource);
    buf_putf(evidence, "; allowed are rules up to a /%u and ",
        policy->widest_prefix);
    evidence_put_number(
        evidence, policy->max_public_addresses, "address", "addresses");
    put_rule_texts(evidence, subject->resource);
    if (exposure->kind == KV_EXPOSURE_WIDE) {
        put_perimeter(evidence, subject);
        return pass_if(exposure, false);
    }
    if (!exposure->unreadable_rule)
        return KV_VERDICT_PASS;
    evidence_new_line(evidence);
    buf_putf(evidence, "what a rule that was not understood lets in is "
                       "not known");
    return KV_VERDICT_UNKNOWN;
}

enum kv_verdict network_rules_narrow(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    const struct kv_exposure *exposure = judged_exposure(subject);

    if (value_unknown(exposure, resource, true))
        return say_value_unknown(resource, evidence);
    if (exposure->kind == KV_EXPOSURE_RESTRICTED ||
        exposure->kind == KV_EXPOSURE_WIDE)
        return say_rules(subject, exposure, evidence);
    put_public_access(evidence, resource);
    if (exposure->kind == KV_EXPOSURE_OPEN)
        put_default_action(evidence, resource);
    buf_putf(evidence, ": no address rules are in force");
    return KV_VERDICT_NOT_APPLICABLE;
}
