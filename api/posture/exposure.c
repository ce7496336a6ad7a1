/* Who can reach a resource over the network: one chain of steps from public
 * access to private endpoints, used by every row on the network. */
#include "evaluate.h"

#include <assert.h>
#include <stdlib.h>

#include "base.h"

/* One run of IPv4 addresses, both ends in it. */
struct range {
    uint32_t first;
    uint32_t last;
};

static int range_compare(const void *left, const void *right)
{
    const struct range *a = left;
    const struct range *b = right;

    return (a->first > b->first) - (a->first < b->first);
}

/* Each address once, however often rules repeat or overlap it. 64 bits because
 * 0.0.0.0/0 holds one address more than 32 bits count. */
static uint64_t ranges_count_union(struct range *ranges, size_t count)
{
    uint64_t addresses = 0;
    uint64_t next = 0; /* the lowest address that is not counted yet */

    qsort(ranges, count, sizeof(*ranges), range_compare);
    for (size_t i = 0; i < count; i++) {
        uint64_t first = ranges[i].first > next ? ranges[i].first : next;
        uint64_t end = (uint64_t)ranges[i].last + 1;

        if (end <= first)
            continue;
        addresses += end - first;
        next = end;
    }
    return addresses;
}

/* The prefix length of the smallest block that holds as many addresses. */
static uint32_t rule_prefix(const struct kv_ip_rule *rule)
{
    uint64_t size = (uint64_t)rule->last - rule->first + 1;
    uint32_t prefix = 32;

    while (((uint64_t)1 << (32 - prefix)) < size)
        prefix--;
    return prefix;
}

static void exposure_take_rules(
    struct kv_exposure *exposure, const struct kv_resource *resource)
{
    struct range *ranges = NULL;
    size_t capacity = 0;
    size_t count = 0;

    for (uint32_t i = 0; i < resource->ip_rule_count; i++) {
        const struct kv_ip_rule *rule = &resource->ip_rules[i];

        if (!rule->valid || rule->last < rule->first) {
            exposure->unreadable_rule = true;
            continue;
        }
        ranges = mem_grow(ranges, count, &capacity, sizeof(*ranges));
        ranges[count++] = (struct range){ rule->first, rule->last };
        if (rule_prefix(rule) < exposure->widest_prefix)
            exposure->widest_prefix = rule_prefix(rule);
    }
    if (count > 0)
        exposure->addresses = ranges_count_union(ranges, count);
    /* How many addresses Microsoft puts behind a tag is not in the resource. */
    if (resource->service_tag_count > 0)
        exposure->unreadable_rule = true;
    mem_free(ranges);
}

static uint32_t endpoints_count_approved(const struct kv_resource *resource)
{
    uint32_t approved = 0;

    for (uint32_t i = 0; i < resource->endpoint_count; i++)
        approved += resource->endpoints[i].state == KV_ENDPOINT_APPROVED;
    return approved;
}

static bool exposure_is_wide(
    const struct kv_exposure *exposure, const struct kv_policy *policy)
{
    return exposure->widest_prefix < policy->widest_prefix ||
           exposure->addresses > policy->max_public_addresses;
}

/* ---- perimeters ---- */

static bool perimeter_in_force(const struct kv_perimeter *perimeter)
{
    return perimeter->mode == KV_PERIMETER_ENFORCED && !perimeter->has_issues &&
           text_equal_nocase(perimeter->provisioning_state, "Succeeded");
}

/* A mode of which it is known that the vault's own rules go on. */
static bool perimeter_only_logs(const struct kv_perimeter *perimeter)
{
    return perimeter->mode == KV_PERIMETER_LEARNING ||
           perimeter->mode == KV_PERIMETER_AUDIT;
}

/* A resource is in one perimeter at most; should there be more, the one in
 * force counts. */
static const struct kv_perimeter *perimeter_of(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    struct kv_walk walk = { 0 };
    const struct kv_perimeter *found = NULL;
    const struct kv_perimeter *row;

    while ((row = kv_estate_next_at(
                estate, KV_SET_PERIMETERS, resource->id, &walk)))
        if (!found || perimeter_in_force(row))
            found = row;
    return found;
}

/* HSMs know no perimeters. */
static void exposure_take_perimeter(struct kv_exposure *exposure,
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    struct kv_facet_status status;

    if (resource->kind == KV_KIND_HSM)
        return;
    status = kv_estate_facet(estate, resource, KV_FACET_PERIMETERS);
    if (!kv_facet_known(&status)) {
        exposure->perimeter_unknown = true;
        return;
    }
    exposure->perimeter = perimeter_of(estate, resource);
    exposure->locked =
        !exposure->perimeter && resource->public_access == KV_PUBLIC_PERIMETER;
    exposure->perimeter_unknown = exposure->perimeter &&
                                  !perimeter_in_force(exposure->perimeter) &&
                                  !perimeter_only_logs(exposure->perimeter);
}

/* A value that this program does not know is taken for the weakest: whatever
 * judges it must look at the value itself and say unknown. */
static enum kv_exposure_kind exposure_decide(const struct kv_exposure *exposure,
    const struct kv_resource *resource, const struct kv_policy *policy)
{
    if (exposure->perimeter && perimeter_in_force(exposure->perimeter))
        return KV_EXPOSURE_PERIMETER;
    if (resource->public_access == KV_PUBLIC_DISABLED || exposure->locked)
        return exposure->approved > 0 ? KV_EXPOSURE_PRIVATE
                                      : KV_EXPOSURE_CLOSED;
    if (resource->public_access == KV_PUBLIC_PERIMETER)
        return KV_EXPOSURE_PERIMETER;
    if (resource->default_action != KV_DEFAULT_DENY)
        return KV_EXPOSURE_OPEN;
    return exposure_is_wide(exposure, policy) ? KV_EXPOSURE_WIDE
                                              : KV_EXPOSURE_RESTRICTED;
}

/* ---- the chain, in words ---- */

static void reason_public_access(
    struct buf *reasons, const struct kv_resource *resource)
{
    static const char *const texts[] = {
        [KV_PUBLIC_ABSENT] = "publicNetworkAccess is absent, which means "
                             "Enabled",
        [KV_PUBLIC_ENABLED] = "publicNetworkAccess is Enabled",
        [KV_PUBLIC_DISABLED] = "publicNetworkAccess is Disabled: no public "
                               "path, address and network rules have no effect",
        [KV_PUBLIC_PERIMETER] =
            "publicNetworkAccess is SecuredByPerimeter: a network security "
            "perimeter decides",
        [KV_PUBLIC_OTHER] = "publicNetworkAccess has a value that kvgov does "
                            "not know; it is shown as if it were Enabled",
    };

    evidence_new_line(reasons);
    buf_putf(reasons, "%s", texts[resource->public_access]);
}

static void put_perimeter_mode(
    struct buf *out, const struct kv_perimeter *perimeter)
{
    static const char *const texts[] = {
        [KV_PERIMETER_LEARNING] = "in learning mode: it only logs",
        [KV_PERIMETER_ENFORCED] = ("enforced: its access rules decide, the "
                                   "vault's own have no effect"),
        [KV_PERIMETER_AUDIT] = "in audit mode: it only logs",
        [KV_PERIMETER_OTHER] = "in a mode that kvgov does not know",
    };
    struct view name = view_of(perimeter->perimeter_id);
    const char *slash = NULL;

    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] == '/')
            slash = name.data + i + 1;
    buf_puts(out, "perimeter ");
    evidence_put_text(out, slash ? slash : "without a name");
    buf_putf(out, ", %s", texts[perimeter->mode]);
    if (text_equal_nocase(perimeter->provisioning_state, "Succeeded") &&
        !perimeter->has_issues)
        return;
    buf_puts(out, "; its association is ");
    evidence_put_text(out, perimeter->provisioning_state
                               ? perimeter->provisioning_state
                               : "in a state that is not said");
    if (perimeter->has_issues)
        buf_puts(out, " with provisioning issues");
}

void exposure_put_perimeter(struct buf *out, const struct kv_estate *estate,
    const struct kv_exposure *exposure, const struct kv_resource *resource)
{
    struct kv_facet_status status =
        kv_estate_facet(estate, resource, KV_FACET_PERIMETERS);

    if (exposure->perimeter)
        put_perimeter_mode(out, exposure->perimeter);
    else if (exposure->perimeter_unknown)
        evidence_put_missing(out, KV_FACET_PERIMETERS, &status);
    else if (exposure->locked)
        buf_puts(out, "in no network security perimeter of the subscriptions "
                      "that were read: locked, neither public traffic nor "
                      "trusted services come in");
    else
        buf_puts(out, "in no network security perimeter");
}

void exposure_put_idle_rules(
    struct buf *out, const struct kv_resource *resource)
{
    uint32_t rules = resource->ip_rule_count + resource->vnet_rule_count;

    if (rules == 0)
        return;
    buf_puts(out, "; its ");
    evidence_put_number(out, rules, "rule has", "rules have");
    buf_puts(out, " no effect");
}

static void reason_default_action(
    struct buf *reasons, const struct kv_resource *resource)
{
    static const char *const texts[] = {
        [KV_DEFAULT_ABSENT] = "networkAcls is absent, which means Allow: any "
                              "address on the internet",
        [KV_DEFAULT_ALLOW] = "networkAcls.defaultAction is Allow: any address "
                             "on the internet",
        [KV_DEFAULT_DENY] = "networkAcls.defaultAction is Deny: only what a "
                            "rule names",
        [KV_DEFAULT_OTHER] = "networkAcls.defaultAction has a value that "
                             "kvgov does not know; it is shown as if it were "
                             "Allow",
    };

    evidence_new_line(reasons);
    buf_putf(reasons, "%s", texts[resource->default_action]);
    if (resource->default_action == KV_DEFAULT_ALLOW)
        exposure_put_idle_rules(reasons, resource);
}

void exposure_put_rules(struct buf *out, const struct kv_exposure *exposure,
    const struct kv_resource *resource)
{
    evidence_put_number(
        out, resource->ip_rule_count, "address rule", "address rules");
    if (resource->ip_rule_count > 0) {
        buf_putf(out, " with ");
        evidence_put_number(out, exposure->addresses, "address", "addresses");
        buf_putf(out, " in all, the widest a /%u", exposure->widest_prefix);
    }
    buf_putf(out, ", ");
    evidence_put_number(out, resource->vnet_rule_count, "virtual network rule",
        "virtual network rules");
    if (resource->service_tag_count == 0)
        return;
    buf_putf(out, ", ");
    evidence_put_number(
        out, resource->service_tag_count, "service tag", "service tags");
    buf_putf(out, " (how many addresses is not known)");
}

static void reason_bypass(struct buf *reasons,
    const struct kv_exposure *exposure, const struct kv_resource *resource)
{
    static const char *const values[] = {
        [KV_BYPASS_ABSENT] = "absent, which means AzureServices",
        [KV_BYPASS_AZURE_SERVICES] = "AzureServices",
        [KV_BYPASS_NONE] = "None",
    };

    if (exposure->kind == KV_EXPOSURE_OPEN)
        return;
    evidence_new_line(reasons);
    buf_putf(reasons, "networkAcls.bypass is %s: ", values[resource->bypass]);
    if (resource->bypass == KV_BYPASS_NONE)
        buf_putf(reasons, "trusted Microsoft services are held off too");
    else if (exposure->trusted_services)
        buf_putf(reasons, "trusted Microsoft services come in");
    else
        buf_putf(reasons, "no effect %s",
            exposure->locked ? "on a locked vault" : "under a perimeter");
}

static void reason_endpoints(struct buf *reasons,
    const struct kv_exposure *exposure, const struct kv_resource *resource)
{
    evidence_new_line(reasons);
    evidence_put_number(reasons, exposure->approved,
        "approved private endpoint", "approved private endpoints");
    if (resource->endpoint_count > exposure->approved)
        buf_putf(reasons, ", %u in another state",
            resource->endpoint_count - exposure->approved);
}

/* Silent where there is none and none could be. */
static void reason_perimeter(struct buf *reasons,
    const struct kv_estate *estate, const struct kv_exposure *exposure,
    const struct kv_resource *resource)
{
    if (!exposure->perimeter && !exposure->perimeter_unknown &&
        !exposure->locked)
        return;
    evidence_new_line(reasons);
    exposure_put_perimeter(reasons, estate, exposure, resource);
}

static void exposure_put_reasons(struct buf *reasons,
    const struct kv_estate *estate, const struct kv_exposure *exposure,
    const struct kv_resource *resource)
{
    bool public_path = resource->public_access != KV_PUBLIC_DISABLED &&
                       resource->public_access != KV_PUBLIC_PERIMETER &&
                       exposure->kind != KV_EXPOSURE_PERIMETER;

    reason_public_access(reasons, resource);
    reason_perimeter(reasons, estate, exposure, resource);
    if (public_path)
        reason_default_action(reasons, resource);
    if (public_path && resource->default_action == KV_DEFAULT_DENY) {
        evidence_new_line(reasons);
        exposure_put_rules(reasons, exposure, resource);
    }
    reason_bypass(reasons, exposure, resource);
    reason_endpoints(reasons, exposure, resource);
}

/* ---- public ---- */

struct kv_exposure kv_exposure_of(const struct kv_estate *estate,
    const struct kv_resource *resource, const struct kv_policy *policy,
    struct buf *reasons)
{
    struct kv_exposure exposure = { .widest_prefix = 32 };

    assert(estate && resource && policy);
    exposure.approved = endpoints_count_approved(resource);
    exposure_take_rules(&exposure, resource);
    exposure_take_perimeter(&exposure, estate, resource);
    exposure.kind = exposure_decide(&exposure, resource, policy);
    /* The bypass also pierces publicNetworkAccess Disabled; a perimeter
     * overrides it, and where all come in nothing is bypassed. */
    exposure.trusted_services = resource->bypass != KV_BYPASS_NONE &&
                                exposure.kind != KV_EXPOSURE_OPEN &&
                                exposure.kind != KV_EXPOSURE_PERIMETER &&
                                !exposure.locked;
    if (reasons)
        exposure_put_reasons(reasons, estate, &exposure, resource);
    return exposure;
}

const char *kv_exposure_name(enum kv_exposure_kind kind)
{
    static const char *const names[] = {
        [KV_EXPOSURE_PRIVATE] = "private",
        [KV_EXPOSURE_CLOSED] = "closed",
        [KV_EXPOSURE_PERIMETER] = "perimeter",
        [KV_EXPOSURE_RESTRICTED] = "restricted",
        [KV_EXPOSURE_WIDE] = "wide",
        [KV_EXPOSURE_OPEN] = "open",
    };

    return names[kind];
}

const char *kv_exposure_sentence(enum kv_exposure_kind kind)
{
    static const char *const sentences[] = {
        [KV_EXPOSURE_PRIVATE] = "only through private endpoints",
        [KV_EXPOSURE_CLOSED] = "no network path",
        [KV_EXPOSURE_PERIMETER] = "what a network security perimeter lets in",
        [KV_EXPOSURE_RESTRICTED] = "only the networks that the rules name",
        [KV_EXPOSURE_WIDE] = "many addresses on the internet, by wide rules",
        [KV_EXPOSURE_OPEN] = "any address on the internet",
    };

    return sentences[kind];
}
