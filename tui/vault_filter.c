/* What a filter finds in a vault: a table of keys. Keys about what was judged
 * keep the vaults where it is unknown, so that a filter never hides a gap. */
#include "vault_row.h"

#include <string.h>

struct filter_key {
    const char *name;
    bool (*match)(const struct vault_row *row, const struct filter_term *term);
};

static const struct kv_resource *resource_of(const struct vault_row *row)
{
    return kv_estate_resource(row->estate, row->resource);
}

static bool contains(const char *text, struct view part)
{
    char word[256];

    if (!text || part.size >= sizeof(word))
        return false;
    if (part.size)
        memcpy(word, part.data, part.size);
    word[part.size] = 0;
    return text_contains_nocase(text, word);
}

static bool match_name(
    const struct vault_row *row, const struct filter_term *term)
{
    return contains(resource_of(row)->name, term->value);
}

static bool match_kind(
    const struct vault_row *row, const struct filter_term *term)
{
    return view_starts_nocase(
        view_of(kv_kind_name(resource_of(row)->kind)), term->value);
}

static bool match_region(
    const struct vault_row *row, const struct filter_term *term)
{
    return contains(resource_of(row)->location, term->value);
}

static bool match_group(
    const struct vault_row *row, const struct filter_term *term)
{
    return contains(resource_of(row)->resource_group, term->value);
}

static bool match_subscription(
    const struct vault_row *row, const struct filter_term *term)
{
    uint32_t index = resource_of(row)->subscription;
    const struct kv_subscription *subscription;

    if (index >= kv_estate_subscription_count(row->estate))
        return false;
    subscription = kv_estate_subscription(row->estate, index);
    return contains(subscription->name, term->value) ||
           contains(subscription->id, term->value);
}

/* tag:env, or tag:env=prod with the value in full. */
static bool match_tag(
    const struct vault_row *row, const struct filter_term *term)
{
    const struct kv_resource *resource = resource_of(row);
    struct view value = term->value;
    struct view name = view_cut(&value, '=');
    bool any = name.size == term->value.size;

    for (uint32_t i = 0; i < resource->tag_count; i++)
        if (view_equal_nocase(view_of(resource->tags[i].name), name) &&
            (any || view_equal_nocase(view_of(resource->tags[i].value), value)))
            return true;
    return false;
}

static bool severity_parse(struct view text, enum kv_severity *out)
{
    for (int at = 0; at < KV_SEVERITY_COUNT; at++)
        if (text.size &&
            (view_starts_nocase(
                 view_of(kv_severity_name((enum kv_severity)at)), text) ||
                view_equal_nocase(
                    view_of(kv_severity_mark((enum kv_severity)at)), text))) {
            *out = (enum kv_severity)at;
            return true;
        }
    return false;
}

static bool match_severity(
    const struct vault_row *row, const struct filter_term *term)
{
    struct kv_standing standing =
        kv_posture_standing(row->posture, row->resource);
    enum kv_severity least;

    if (!severity_parse(term->value, &least))
        return false;
    if (standing.unknown || standing.not_judged)
        return true;
    for (int at = (int)least; at < KV_SEVERITY_COUNT; at++) {
        if (standing.fail[at])
            return true;
        if (!term->at_least)
            break;
    }
    return false;
}

static bool match_network(
    const struct vault_row *row, const struct filter_term *term)
{
    const struct kv_resource *resource = resource_of(row);

    if (resource->properties.state != KV_FACET_READY)
        return true;
    return view_starts_nocase(
        view_of(kv_exposure_name(
            kv_exposure_of(row->estate, resource, row->policy, NULL).kind)),
        term->value);
}

static uint32_t recommendation_of(struct view id)
{
    for (uint32_t i = 0; i < kv_catalogue_count; i++)
        if (view_equal_nocase(view_of(kv_catalogue[i].id), id))
            return i;
    return KV_NONE;
}

static bool match_fail(
    const struct vault_row *row, const struct filter_term *term)
{
    uint32_t index = recommendation_of(term->value);
    enum kv_verdict verdict;

    if (index == KV_NONE)
        return false;
    verdict = kv_posture_verdict(row->posture, index, row->resource);
    return verdict == KV_VERDICT_FAIL || verdict == KV_VERDICT_UNKNOWN;
}

static bool match_unknown(
    const struct vault_row *row, const struct filter_term *term)
{
    uint32_t index = recommendation_of(term->value);

    if (term->value.size)
        return index != KV_NONE && kv_posture_verdict(row->posture, index,
                                       row->resource) == KV_VERDICT_UNKNOWN;
    return kv_posture_standing(row->posture, row->resource).unknown > 0;
}

static bool match_known(
    const struct vault_row *row, const struct filter_term *term)
{
    struct kv_standing standing =
        kv_posture_standing(row->posture, row->resource);

    (void)term;
    return !standing.unknown && !standing.not_judged;
}

/* In alphabetical order. */
static const struct filter_key keys[] = {
    { "fail", match_fail },
    { "kind", match_kind },
    { "known", match_known },
    { "name", match_name },
    { "net", match_network },
    { "region", match_region },
    { "rg", match_group },
    { "sev", match_severity },
    { "sub", match_subscription },
    { "tag", match_tag },
    { "unknown", match_unknown },
};

static bool match_word(const struct vault_row *row, struct view word)
{
    const struct kv_resource *resource = resource_of(row);

    if (contains(resource->name, word) ||
        contains(resource->resource_group, word) ||
        contains(resource->location, word))
        return true;
    for (uint32_t i = 0; i < resource->tag_count; i++)
        if (contains(resource->tags[i].value, word))
            return true;
    return match_subscription(row, &(struct filter_term){ .value = word });
}

bool vault_row_match(
    const struct vault_row *row, const struct filter_term *term)
{
    if (!term->key.size)
        return match_word(row, term->value);
    for (size_t i = 0; i < sizeof(keys) / sizeof *(keys); i++)
        if (view_equal(view_of(keys[i].name), term->key))
            return keys[i].match(row, term);
    return false;
}
