/* Principals: who stands behind the ids in assignments and access policies. */
#include "model.h"

uint32_t estate_refer_principal(struct kv_estate *estate, const char *id)
{
    uint32_t index = index_find(&estate->principal_by_id, view_of(id));
    struct kv_principal *row;

    if (index != KV_NONE)
        return index;
    index = (uint32_t)estate->principals.count;
    row = rows_add(&estate->principals, sizeof *row);
    row->id = estate_text(estate, view_of(id));
    index_put(&estate->principal_by_id, row->id, index);
    return index;
}

uint32_t estate_principal_count(const struct kv_estate *estate)
{
    return (uint32_t)estate->principals.count;
}

struct kv_principal *estate_principal(struct kv_estate *estate, uint32_t index)
{
    return (struct kv_principal *)estate->principals.items + index;
}

/* A record that was only referred to says nothing yet. */
const struct kv_principal *kv_estate_principal(
    const struct kv_estate *estate, const char *id)
{
    uint32_t index = index_find(&estate->principal_by_id, view_of(id));
    const struct kv_principal *row;

    if (index == KV_NONE)
        return NULL;
    row = (const struct kv_principal *)estate->principals.items + index;
    return row->name || row->missing ||
                   row->members_status.state != KV_FACET_ABSENT
               ? row
               : NULL;
}
