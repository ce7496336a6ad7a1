/* What stands around the firewall: the bypass for trusted services, the
 * perimeter, private endpoints and their DNS. */
#include "evaluate.h"

/* ---- trusted services ---- */

static void put_bypass(struct buf *evidence, const struct kv_resource *resource)
{
    static const char *const values[] = {
        [KV_BYPASS_ABSENT] = "absent, which means AzureServices",
        [KV_BYPASS_AZURE_SERVICES] = "AzureServices",
        [KV_BYPASS_NONE] = "None",
    };

    buf_putf(evidence, "networkAcls.bypass is %s", values[resource->bypass]);
}

/* Who needs the bypass is in nobody's API. Under a perimeter nobody does. */
enum kv_verdict network_bypass(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    const struct kv_exposure *exposure = judged_exposure(subject);

    put_bypass(evidence, resource);
    if (resource->bypass == KV_BYPASS_NONE)
        return KV_VERDICT_PASS;
    if (exposure->locked ||
        (exposure->kind == KV_EXPOSURE_PERIMETER && exposure->perimeter)) {
        buf_puts(evidence, ", which has no effect\n");
        exposure_put_perimeter(evidence, subject->estate, exposure, resource);
        return KV_VERDICT_PASS;
    }
    if (exposure->perimeter_unknown) {
        evidence_new_line(evidence);
        exposure_put_perimeter(evidence, subject->estate, exposure, resource);
        return KV_VERDICT_UNKNOWN;
    }
    buf_puts(evidence, ": every trusted Microsoft service comes in; say which "
                       "of them is needed and by whom");
    return KV_VERDICT_MANUAL;
}

/* ---- perimeter ---- */

enum kv_verdict network_perimeter(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    const struct kv_exposure *exposure = judged_exposure(subject);
    const struct kv_perimeter *perimeter = exposure->perimeter;

    if (exposure->locked)
        buf_puts(evidence, "publicNetworkAccess is SecuredByPerimeter, and ");
    exposure_put_perimeter(evidence, subject->estate, exposure, resource);
    if (exposure->locked)
        return KV_VERDICT_FAIL;
    if (!perimeter)
        return KV_VERDICT_NOT_APPLICABLE;
    if (perimeter->mode == KV_PERIMETER_LEARNING ||
        perimeter->mode == KV_PERIMETER_AUDIT || perimeter->has_issues)
        return KV_VERDICT_FAIL;
    if (perimeter->mode == KV_PERIMETER_OTHER)
        return KV_VERDICT_UNKNOWN;
    return text_equal_nocase(perimeter->provisioning_state, "Succeeded")
               ? KV_VERDICT_PASS
               : KV_VERDICT_FAIL;
}

/* ---- private endpoints ---- */

static void put_endpoint(
    struct buf *evidence, const struct kv_endpoint *endpoint)
{
    evidence_new_line(evidence);
    evidence_put_text(evidence, endpoint->name);
    buf_putf(evidence, " is %s", kv_endpoint_state_name(endpoint->state));
    if (endpoint->foreign)
        buf_putf(
            evidence, ", from a subscription that is not part of the estate");
}

enum kv_verdict network_endpoint(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    uint32_t approved = 0;

    for (uint32_t i = 0; i < resource->endpoint_count; i++)
        approved += resource->endpoints[i].state == KV_ENDPOINT_APPROVED;
    buf_putf(evidence, "%u of ", approved);
    evidence_put_number(evidence, resource->endpoint_count,
        "private endpoint connection", "private endpoint connections");
    buf_putf(evidence, " approved");
    for (uint32_t i = 0; i < resource->endpoint_count; i++)
        put_endpoint(evidence, &resource->endpoints[i]);
    return approved > 0 ? KV_VERDICT_PASS : KV_VERDICT_FAIL;
}
/* ---- their DNS ---- */

/* The zone that names of the kind are looked up in, whatever the cloud. */
static bool is_zone_of(const char *zone_id, enum kv_kind kind)
{
    return text_contains_nocase(zone_id, kind == KV_KIND_HSM
                                             ? "/privatelink.managedhsm."
                                             : "/privatelink.vaultcore.");
}

static bool has_zone(
    const struct kv_private_endpoint *endpoint, enum kv_kind kind)
{
    for (uint32_t i = 0; i < endpoint->zone_count; i++)
        if (is_zone_of(endpoint->zones[i], kind))
            return true;
    return false;
}

static void put_unread_dns(struct buf *evidence,
    const struct kv_subject *subject,
    const struct kv_private_endpoint *endpoint)
{
    struct kv_facet_status status =
        endpoint ? endpoint->dns
                 : kv_estate_facet(
                       subject->estate, subject->resource, KV_FACET_ENDPOINTS);

    buf_puts(evidence, " cannot be told: ");
    if (!endpoint && kv_facet_known(&status))
        buf_puts(evidence, "it is in no subscription that was read; it needs "
                           "Reader on its resource group");
    else
        evidence_put_missing(evidence, KV_FACET_ENDPOINTS, &status);
}

/* One approved connection: pass, fail, or unknown. */
static enum kv_verdict judge_dns(const struct kv_subject *subject,
    const struct kv_endpoint *connection, struct buf *evidence)
{
    const struct kv_private_endpoint *endpoint =
        connection->endpoint_id ? kv_estate_find_row(subject->estate,
                                      KV_SET_ENDPOINTS, connection->endpoint_id)
                                : NULL;
    enum kv_kind kind = subject->resource->kind;

    evidence_new_line(evidence);
    buf_puts(evidence, "DNS of ");
    evidence_put_text(evidence, connection->name);
    if (!endpoint || !kv_facet_known(&endpoint->dns)) {
        put_unread_dns(evidence, subject, endpoint);
        return KV_VERDICT_UNKNOWN;
    }
    if (has_zone(endpoint, kind)) {
        buf_puts(evidence, ": a zone group");
        return KV_VERDICT_PASS;
    }
    if (endpoint->zone_count == 0)
        buf_puts(evidence, ": no zone group, so names go on leading to the "
                           "public address unless records are kept by hand");
    for (uint32_t i = 0; i < endpoint->zone_count; i++) {
        buf_puts(evidence, i == 0 ? ": only zones of other services: " : ", ");
        evidence_put_text(evidence, endpoint->zones[i]);
    }
    return KV_VERDICT_FAIL;
}

enum kv_verdict network_dns(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    uint32_t verdicts[KV_VERDICT_COUNT] = { 0 };

    for (uint32_t i = 0; i < resource->endpoint_count; i++)
        if (resource->endpoints[i].state == KV_ENDPOINT_APPROVED)
            verdicts[judge_dns(subject, &resource->endpoints[i], evidence)]++;
    if (verdicts[KV_VERDICT_FAIL] > 0)
        return KV_VERDICT_FAIL;
    if (verdicts[KV_VERDICT_UNKNOWN] > 0)
        return KV_VERDICT_UNKNOWN;
    if (verdicts[KV_VERDICT_PASS] > 0)
        return KV_VERDICT_PASS;
    buf_puts(evidence, "no approved private endpoint");
    return KV_VERDICT_NOT_APPLICABLE;
}
