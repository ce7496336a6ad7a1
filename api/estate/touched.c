/* Which resources changed since they were last judged, and in which facets: a
 * queue in which each resource stands at most once. */
#include "model.h"

static uint64_t *facets_of(const struct kv_estate *estate, uint32_t resource)
{
    return (uint64_t *)estate->touched_facets.items + resource;
}

void estate_touch(struct kv_estate *estate, uint32_t resource, uint64_t facets)
{
    uint64_t *changed = facets_of(estate, resource);
    uint32_t *row;

    if (*changed == 0 && facets != 0) {
        row = rows_add(&estate->touched, sizeof *row);
        *row = resource;
    }
    *changed |= facets;
}

void estate_touch_all(struct kv_estate *estate, uint64_t facets)
{
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        estate_touch(estate, i, facets);
}

static bool is_below(struct view id, struct view scope)
{
    return view_starts_nocase(id, scope) &&
           (id.size == scope.size || id.data[scope.size] == '/');
}

/* What belongs to a management group is not worth finding out. */
void estate_touch_below(
    struct kv_estate *estate, struct view scope, uint64_t facets)
{
    struct arm_id parts = arm_id_parse(scope);

    if (parts.subscription.size == 0) {
        estate_touch_all(estate, facets);
        return;
    }
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        if (is_below(view_of(kv_estate_resource(estate, i)->id), scope))
            estate_touch(estate, i, facets);
}

bool estate_next_touched(
    struct kv_estate *estate, uint32_t *resource, uint64_t *facets)
{
    if (!estate_has_touched(estate))
        return false;
    *resource = ((uint32_t *)estate->touched.items)[estate->touched_next++];
    *facets = *facets_of(estate, *resource);
    *facets_of(estate, *resource) = 0;
    if (!estate_has_touched(estate))
        estate->touched.count = estate->touched_next = 0;
    return true;
}

bool estate_has_touched(const struct kv_estate *estate)
{
    return estate->touched_next < estate->touched.count;
}
