/* What follows from a row of the catalogue alone: where it is judged, whom it
 * concerns, and what it asks in a baseline. */
#include "kvgov/posture.h"

#include <string.h>

enum kv_facet_level kv_row_level(const struct kv_recommendation *row)
{
    if (row->kinds & KV_ON_TENANT)
        return KV_LEVEL_TENANT;
    return row->kinds & KV_ON_SUBSCRIPTION ? KV_LEVEL_SUBSCRIPTION
                                           : KV_LEVEL_RESOURCE;
}

bool kv_row_concerns(const struct kv_recommendation *row, enum kv_kind kind)
{
    return (row->kinds & 1u << kind) || !(row->kinds & KV_ON_RESOURCES);
}

static bool names_any(const char *const *ids, const char *const *wanted)
{
    for (size_t i = 0; ids && ids[i]; i++)
        for (size_t j = 0; wanted[j]; j++)
            if (strcmp(ids[i], wanted[j]) == 0)
                return true;
    return false;
}

enum kv_asks kv_row_asks(
    const struct kv_recommendation *row, enum kv_baseline baseline)
{
    const char *const *publications = kv_baselines[baseline].sources;

    if (!publications)
        return row->sources[0] ? KV_ASKS : KV_ASKS_NOTHING;
    if (names_any(row->sources, publications))
        return KV_ASKS;
    return names_any(row->superseded, publications) ? KV_ASKS_SUPERSEDED
                                                    : KV_ASKS_NOTHING;
}

const char *kv_row_subjects(const struct kv_recommendation *row)
{
    static const char *const names[] = {
        [KV_LEVEL_RESOURCE] = "resources",
        [KV_LEVEL_SUBSCRIPTION] = "subscriptions",
        [KV_LEVEL_TENANT] = "tenant",
    };

    return names[kv_row_level(row)];
}
