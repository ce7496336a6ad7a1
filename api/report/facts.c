/* Facts about one resource, from the estate and the catalogue. */
#include "facts.h"

#include <string.h>

const char *facts_exposure(
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    const struct kv_policy *policy =
        input->policy ? input->policy : &kv_policy_default;

    if (kv_estate_facet(input->estate, resource, KV_FACET_PROPERTIES).state !=
        KV_FACET_READY)
        return NULL;
    return kv_exposure_name(
        kv_exposure_of(input->estate, resource, policy, NULL).kind);
}

const struct kv_source *facts_source(const char *id)
{
    for (size_t i = 0; i < kv_sources_count; i++)
        if (strcmp(kv_sources[i].id, id) == 0)
            return &kv_sources[i];
    return NULL;
}

enum kv_baseline facts_baseline(const struct kv_report_input *input)
{
    return input->policy ? input->policy->baseline : KV_BASELINE_CURRENT;
}

uint64_t facts_needed(const struct kv_report_input *input, enum kv_kind kind)
{
    uint64_t needs = 0;

    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (kv_row_concerns(&kv_catalogue[row], kind) &&
            kv_selection_has_row(input->selection, row))
            needs |= kv_catalogue[row].needs;
    return needs;
}

const char *facts_permission(
    enum kv_facet facet, const struct kv_facet_status *status)
{
    return status->why ? status->why : kv_facets[facet].permission;
}

bool facet_concerns(const struct kv_resource *resource, enum kv_facet facet)
{
    uint32_t kinds = kv_facets[facet].kinds;

    return kinds == 0 || kinds & 1u << resource->kind;
}

bool facet_is_gap(const struct kv_resource *resource, enum kv_facet facet,
    const struct kv_facet_status *status)
{
    if (status->state == KV_FACET_ABSENT)
        return kv_facet_asked(resource->kind, facet);
    return !kv_facet_known(status);
}
