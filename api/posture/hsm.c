/* Managed HSMs as Azure Resource Manager shows them: where they are, whether
 * they can be had back, whether they were activated. */
#include "evaluate.h"

/* ---- zones ---- */

/* "West Europe" and "westeurope" are one region. */
static void put_location_id(struct buf *out, const struct kv_subject *subject)
{
    const char *location = subject->resource->location;

    buf_putf(out, "/subscriptions/%s/locations/",
        kv_estate_subscription(subject->estate, subject->subscription)->id);
    for (; location && *location; location++)
        if (*location != ' ')
            buf_putc(out, *location);
}

enum kv_verdict hsm_zones(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct buf id = { .limit = 512 };
    const struct kv_location *location;

    put_location_id(&id, subject);
    location =
        kv_estate_find_row(subject->estate, KV_SET_LOCATIONS, buf_text(&id));
    buf_done(&id);
    evidence_put_text(evidence, subject->resource->location);
    if (!location) {
        buf_puts(evidence, " is not among the regions that Azure lists for "
                           "the subscription");
        return KV_VERDICT_UNKNOWN;
    }
    if (location->zones == 0) {
        buf_puts(evidence, " has no availability zones that the subscription "
                           "may use");
        return KV_VERDICT_FAIL;
    }
    buf_puts(evidence, " has ");
    evidence_put_number(
        evidence, location->zones, "availability zone", "availability zones");
    return KV_VERDICT_PASS;
}

/* ---- protection ---- */

/* Soft delete cannot be off on an HSM; absent says no more than that. */
enum kv_verdict hsm_protection(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const char *const values[] = {
        [KV_TRI_ABSENT] = "absent",
        [KV_TRI_FALSE] = "false",
        [KV_TRI_TRUE] = "true",
    };
    const struct kv_resource *hsm = subject->resource;

    buf_putf(evidence, "enableSoftDelete is %s%s, enablePurgeProtection is %s",
        values[hsm->soft_delete],
        hsm->soft_delete == KV_TRI_ABSENT ? " (always on)" : "",
        values[hsm->purge_protection]);
    return hsm->soft_delete != KV_TRI_FALSE &&
                   hsm->purge_protection == KV_TRI_TRUE
               ? KV_VERDICT_PASS
               : KV_VERDICT_FAIL;
}

/* ---- whether one is needed ---- */

/* Which keys must lie in hardware of their own is a matter of contracts and
 * law. */
enum kv_verdict hsm_wanted(
    const struct kv_subject *subject, struct buf *evidence)
{
    uint32_t hsms = 0;
    uint32_t vaults = 0;
    uint32_t at = KV_NONE;

    while ((at = subject_next_resource(subject, at)) != KV_NONE)
        if (kv_estate_resource(subject->estate, at)->kind == KV_KIND_HSM)
            hsms++;
        else
            vaults++;
    evidence_put_number(evidence, hsms, "managed HSM", "managed HSMs");
    buf_puts(evidence, " and ");
    evidence_put_number(evidence, vaults, "vault", "vaults");
    buf_puts(evidence, " here; say whether the keys that must lie in hardware "
                       "of their own do so");
    return KV_VERDICT_MANUAL;
}

/* ---- activation ---- */

enum kv_verdict hsm_activation(
    const struct kv_subject *subject, struct buf *evidence)
{
    const char *status = subject->resource->activation;

    if (!status || text_equal_nocase(status, "Unknown")) {
        buf_puts(evidence, "Azure does not say whether the HSM is activated");
        return KV_VERDICT_UNKNOWN;
    }
    buf_puts(evidence, "activationStatus is ");
    evidence_put_text(evidence, status);
    if (text_equal_nocase(status, "NotActivated") ||
        text_equal_nocase(status, "Failed")) {
        buf_puts(evidence, ": its security domain was never downloaded, so it "
                           "cannot be used and cannot be had back");
        return KV_VERDICT_FAIL;
    }
    if (!text_equal_nocase(status, "Active"))
        return KV_VERDICT_UNKNOWN;
    buf_puts(evidence, "; say how many persons hold parts of the security "
                       "domain, where, and how many of them suffice");
    return KV_VERDICT_MANUAL;
}

/* ---- regions ---- */

static void put_region(struct buf *evidence, const struct kv_region *region)
{
    evidence_new_line(evidence);
    evidence_put_text(evidence, region->name);
    if (region->primary)
        buf_puts(evidence, ", primary");
    buf_puts(evidence, ", ");
    evidence_put_text(evidence, region->provisioning_state
                                    ? region->provisioning_state
                                    : "in a state that is not said");
}

/* A region counts when it works: one that failed replicates nothing. */
enum kv_verdict hsm_replicated(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    const struct kv_region *region;
    uint32_t extended = 0;
    bool primary = false;

    while ((region = kv_estate_next_at(subject->estate, KV_SET_REGIONS,
                subject->resource->id, &walk))) {
        put_region(evidence, region);
        primary = primary || region->primary;
        extended += !region->primary &&
                    text_equal_nocase(region->provisioning_state, "Succeeded");
    }
    evidence_new_line(evidence);
    /* Of a list without a primary one, one is its own. */
    if (!primary && extended > 0)
        extended--;
    if (extended > 0) {
        evidence_put_number(
            evidence, extended, "further region", "further regions");
        return KV_VERDICT_PASS;
    }
    buf_puts(evidence, "in no region but its own");
    return KV_VERDICT_FAIL;
}
