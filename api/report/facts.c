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

static bool reaches(const char *id, const char *resource)
{
    size_t size = strlen(id);

    return strcmp(id, "/") == 0 ||
           (view_starts_nocase(view_of(resource), view_of(id)) &&
               (resource[size] == '/' || resource[size] == '\0'));
}

bool facts_selects(
    const struct kv_report_input *input, const char *row, const char *id)
{
    uint32_t index = kv_catalogue_find(row);

    if (!input->selection)
        return true;
    if (index == KV_NONE || !kv_selection_has_row(input->selection, index))
        return false;
    for (uint32_t i = 0; i < kv_estate_resource_count(input->estate); i++)
        if (kv_selection_has_resource(input->selection, i) &&
            reaches(id, kv_estate_resource(input->estate, i)->id))
            return true;
    return false;
}

size_t facts_ending(const struct kv_report_input *input)
{
    const struct kv_records *all = kv_posture_records(input->posture);
    size_t ending = 0;

    for (size_t i = 0; i < all->exception_count; i++) {
        const struct kv_exception *one = &all->exceptions[i];

        if (facts_selects(input, one->row, one->scope))
            ending += kv_records_ending(
                &(struct kv_records){ .exceptions = one, .exception_count = 1 },
                input->now_s);
    }
    for (size_t i = 0; i < all->attestation_count; i++) {
        const struct kv_attestation *one = &all->attestations[i];

        if (facts_selects(input, one->row, one->subject))
            ending += kv_records_ending(
                &(struct kv_records){
                    .attestations = one, .attestation_count = 1 },
                input->now_s);
    }
    return ending;
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
