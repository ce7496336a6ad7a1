/* Which resources changed since they were last judged: a queue in which each
 * resource stands at most once. */
#include "model.h"

void estate_touch(struct kv_estate *estate, uint32_t resource)
{
    bool *flag = (bool *)estate->touched_flag.items + resource;
    uint32_t *row;

    if (*flag)
        return;
    *flag = true;
    row = rows_add(&estate->touched, sizeof *row);
    *row = resource;
}

void estate_touch_all(struct kv_estate *estate)
{
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        estate_touch(estate, i);
}

bool estate_next_touched(struct kv_estate *estate, uint32_t *resource)
{
    if (!estate_has_touched(estate))
        return false;
    *resource = ((uint32_t *)estate->touched.items)[estate->touched_next++];
    ((bool *)estate->touched_flag.items)[*resource] = false;
    if (!estate_has_touched(estate))
        estate->touched.count = estate->touched_next = 0;
    return true;
}

bool estate_has_touched(const struct kv_estate *estate)
{
    return estate->touched_next < estate->touched.count;
}
