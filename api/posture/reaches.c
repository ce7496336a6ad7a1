/* What each principal comes to over all vaults and HSMs, counted in slices. */
#include "kvgov/access.h"

#include "base.h"
#include "effective.h"

#define HELD_NOW                                                               \
    (1u << KV_REACH_SECRETS | 1u << KV_REACH_KEYS | 1u << KV_REACH_CHANGES |   \
        1u << KV_REACH_CONTROLS)

struct kv_reaches {
    const struct kv_estate *estate;
    struct kv_reach_row *rows;
    size_t count;
    size_t capacity;
    uint8_t *widest; /* by row: the level of its `widest` */
    size_t widest_room;
    struct index by_id;
    uint32_t next; /* resource */
    uint32_t partly;
};

struct kv_reaches *kv_reaches_new(const struct kv_estate *estate)
{
    struct kv_reaches *reaches = mem_alloc(sizeof *reaches);

    reaches->estate = estate;
    return reaches;
}

void kv_reaches_free(struct kv_reaches *reaches)
{
    if (!reaches)
        return;
    mem_free(reaches->rows);
    mem_free(reaches->widest);
    index_done(&reaches->by_id);
    mem_free(reaches);
}

uint32_t kv_reaches_count(const struct kv_reaches *reaches)
{
    return (uint32_t)reaches->count;
}

const struct kv_reach_row *kv_reaches_row(
    const struct kv_reaches *reaches, uint32_t index)
{
    return &reaches->rows[index];
}

uint32_t kv_reaches_partly(const struct kv_reaches *reaches)
{
    return reaches->partly;
}

static struct kv_reach_row *row_of(
    struct kv_reaches *reaches, const struct kv_holder *holder)
{
    uint32_t index = index_find(&reaches->by_id, view_of(holder->id));

    if (index != KV_NONE)
        return &reaches->rows[index];
    index = (uint32_t)reaches->count;
    reaches->rows = mem_grow(reaches->rows, reaches->count, &reaches->capacity,
        sizeof *reaches->rows);
    reaches->widest =
        mem_grow(reaches->widest, reaches->count, &reaches->widest_room, 1);
    reaches->count++;
    reaches->rows[index] = (struct kv_reach_row){
        .id = holder->id,
        .type = holder->type,
        .kind = holder->kind,
    };
    reaches->widest[index] = UINT8_MAX;
    index_put(&reaches->by_id, holder->id, index);
    return &reaches->rows[index];
}

/* ---- one resource ---- */

/* What there is to know of a resource for all its holders. */
struct inside {
    const struct kv_resource *resource;
    uint32_t secrets;
    bool listed;
};

static struct inside inside_of(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    struct kv_facet_status status =
        kv_estate_facet(estate, resource, KV_FACET_SECRETS);
    struct inside inside = {
        .resource = resource,
        .listed = kv_facet_known(&status),
    };
    struct kv_walk walk = { 0 };

    while (inside.listed &&
           kv_estate_next_at(estate, KV_SET_SECRETS, resource->id, &walk))
        inside.secrets++;
    return inside;
}

static void take_grant(struct kv_reaches *reaches, struct kv_reach_row *row,
    const struct kv_grant *grant)
{
    uint8_t *widest = &reaches->widest[row - reaches->rows];

    row->levels |= 1u << grant->level;
    row->by_policy |= grant->policy != NULL;
    row->by_local |= grant->within != NULL;
    row->by_group |=
        grant->named_id && !text_equal_nocase(grant->named_id, row->id);
    if (grant->role && grant->level < *widest) {
        *widest = (uint8_t)grant->level;
        row->widest = grant->role->name;
    }
}

static void take_holder(struct kv_reaches *reaches,
    const struct kv_access *access, uint32_t index, const struct inside *inside)
{
    struct kv_holder holder = kv_access_holder(access, index);
    uint32_t reach = kv_reach_of(&holder, inside->resource->kind);
    struct kv_reach_row *row;
    struct kv_grant grant;
    uint32_t place = 0;

    if (!reach)
        return;
    row = row_of(reaches, &holder);
    row->resources++;
    for (unsigned i = 0; i < KV_REACH_COUNT; i++)
        row->count[i] += reach >> i & 1;
    if (reach & 1u << KV_REACH_SECRETS) {
        row->secrets += inside->secrets;
        row->unlisted += !inside->listed;
    }
    while (kv_access_next_grant(access, index, &place, &grant))
        if (!(reach & HELD_NOW) || grant.hold != KV_HOLD_ELIGIBLE)
            take_grant(reaches, row, &grant);
}

static void take_resource(
    struct kv_reaches *reaches, const struct kv_resource *resource)
{
    struct kv_access *access = kv_access_new(reaches->estate, resource);
    struct inside inside = inside_of(reaches->estate, resource);

    reaches->partly += !kv_access_is_whole(reaches->estate, resource);
    for (uint32_t i = 0; i < kv_access_count(access); i++)
        take_holder(reaches, access, i, &inside);
    kv_access_free(access);
}

bool kv_reaches_step(struct kv_reaches *reaches, uint32_t resources)
{
    uint32_t all = kv_estate_resource_count(reaches->estate);

    for (; reaches->next < all && resources > 0; reaches->next++, resources--) {
        const struct kv_resource *resource =
            kv_estate_resource(reaches->estate, reaches->next);

        if (!resource->gone)
            take_resource(reaches, resource);
    }
    return reaches->next >= all;
}
