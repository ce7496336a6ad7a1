/* The estate: tenant, subscriptions, resources and their facets. */
#include "model.h"

#include <string.h>

void *rows_add(struct rows *rows, size_t size)
{
    void *row;

    rows->items = mem_grow(rows->items, rows->count, &rows->capacity, size);
    row = (char *)rows->items + rows->count++ * size;
    memset(row, 0, size);
    return row;
}

void rows_done(struct rows *rows)
{
    mem_free(rows->items);
    *rows = (struct rows){ 0 };
}

struct kv_estate *estate_new(void)
{
    struct kv_estate *estate = mem_alloc(sizeof *estate);

    estate->strings.arena = &estate->arena;
    return estate;
}

void estate_free(struct kv_estate *estate)
{
    if (!estate)
        return;
    for (int i = 0; i < KV_SET_COUNT; i++) {
        set_done(&estate->sets[IN_PLACE][i]);
        set_done(&estate->sets[GATHERING][i]);
    }
    rows_done(&estate->roles);
    rows_done(&estate->principals);
    index_done(&estate->principal_by_id);
    rows_done(&estate->subscriptions);
    rows_done(&estate->resources);
    rows_done(&estate->touched);
    rows_done(&estate->touched_facets);
    index_done(&estate->role_by_guid);
    index_done(&estate->subscription_by_id);
    index_done(&estate->resource_by_id);
    strings_done(&estate->strings);
    arena_done(&estate->arena);
    mem_free(estate);
}

size_t estate_bytes(const struct kv_estate *estate)
{
    return estate->arena.bytes;
}

/* JSON may hold a zero, where a text of ours would end and hide the rest. */
static const char *text_with_zero(struct kv_estate *estate, struct view text)
{
    struct buf shown = { .limit = SIZE_MAX };
    const char *kept;

    buf_put_visible(&shown, text, false);
    kept = strings_take(&estate->strings, buf_view(&shown));
    buf_done(&shown);
    return kept;
}

const char *estate_text(struct kv_estate *estate, struct view text)
{
    if (!text.data)
        return NULL;
    return memchr(text.data, '\0', text.size)
               ? text_with_zero(estate, text)
               : strings_take(&estate->strings, text);
}

void *estate_array(struct kv_estate *estate, size_t count, size_t size)
{
    return count ? arena_alloc(&estate->arena, count * size) : NULL;
}

void estate_set_tenant(
    struct kv_estate *estate, const char *id, const char *name)
{
    estate->tenant_id = estate_text(estate, view_of(id));
    estate->tenant_name = estate_text(estate, view_of(name));
}

const char *kv_estate_tenant_id(const struct kv_estate *estate)
{
    return estate->tenant_id ? estate->tenant_id : "";
}

const char *kv_estate_tenant_name(const struct kv_estate *estate)
{
    return estate->tenant_name ? estate->tenant_name : "";
}

/* ---- subscriptions ---- */

static struct kv_subscription *subscription_at(
    const struct kv_estate *estate, uint32_t index)
{
    return (struct kv_subscription *)estate->subscriptions.items + index;
}

uint32_t estate_find_subscription(
    const struct kv_estate *estate, struct view id)
{
    return index_find(&estate->subscription_by_id, id);
}

uint32_t estate_take_subscription(struct kv_estate *estate, const char *id,
    const char *name, const char *state)
{
    uint32_t index = estate_find_subscription(estate, view_of(id));
    struct kv_subscription *row;

    if (index == KV_NONE) {
        index = (uint32_t)estate->subscriptions.count;
        row = rows_add(&estate->subscriptions, sizeof *row);
        row->id = estate_text(estate, view_of(id));
        index_put(&estate->subscription_by_id, row->id, index);
    }
    row = subscription_at(estate, index);
    if (name || !row->name)
        row->name = estate_text(estate, view_of(name ? name : id));
    if (state)
        row->state = estate_text(estate, view_of(state));
    return index;
}

void estate_set_groups(struct kv_estate *estate, uint32_t subscription,
    const char *const *groups, uint32_t count)
{
    struct kv_subscription *row = subscription_at(estate, subscription);

    row->groups = groups;
    row->group_count = count;
}

void estate_set_subscription_facet(struct kv_estate *estate,
    uint32_t subscription, enum kv_facet facet, struct kv_facet_status status)
{
    status.why = estate_text(estate, view_of(status.why));
    subscription_at(estate, subscription)->facets[facet] = status;
}

void estate_set_tenant_facet(struct kv_estate *estate, enum kv_facet facet,
    struct kv_facet_status status)
{
    status.why = estate_text(estate, view_of(status.why));
    estate->tenant_facets[facet] = status;
}

uint32_t kv_estate_subscription_count(const struct kv_estate *estate)
{
    return (uint32_t)estate->subscriptions.count;
}

const struct kv_subscription *kv_estate_subscription(
    const struct kv_estate *estate, uint32_t index)
{
    return subscription_at(estate, index);
}

/* ---- resources ---- */

static struct kv_resource *resource_at(
    const struct kv_estate *estate, uint32_t index)
{
    return (struct kv_resource *)estate->resources.items + index;
}

static uint32_t resource_add(
    struct kv_estate *estate, const struct arm_id *id, enum kv_kind kind)
{
    uint32_t index = (uint32_t)estate->resources.count;
    struct kv_resource *row = rows_add(&estate->resources, sizeof *row);
    const char *subscription = estate_text(estate, id->subscription);

    row->kind = kind;
    row->id = estate_text(estate, id->resource);
    row->name = estate_text(estate, id->name);
    row->resource_group = estate_text(estate, id->resource_group);
    row->subscription =
        estate_take_subscription(estate, subscription, NULL, NULL);
    subscription_at(estate, row->subscription)->resource_count++;
    index_put(&estate->resource_by_id, row->id, index);
    rows_add(&estate->touched_facets, sizeof(uint64_t));
    estate_touch(estate, index, ESTATE_EVERY_FACET);
    return index;
}

uint32_t estate_refer_resource(struct kv_estate *estate, struct view text)
{
    struct arm_id id = arm_id_parse(text);
    enum kv_kind kind;
    uint32_t index;

    if (!arm_id_is_governed(&id, &kind))
        return KV_NONE;
    index = index_find(&estate->resource_by_id, id.resource);
    return index == KV_NONE ? resource_add(estate, &id, kind) : index;
}

uint32_t estate_take_resource(
    struct kv_estate *estate, const struct kv_resource *row)
{
    uint32_t index = estate_refer_resource(estate, view_of(row->id));
    struct kv_resource *kept;
    struct kv_resource old;

    if (index == KV_NONE)
        return KV_NONE;
    kept = resource_at(estate, index);
    old = *kept;
    *kept = *row;
    kept->kind = old.kind;
    kept->id = old.id;
    kept->name = old.name;
    kept->subscription = old.subscription;
    kept->resource_group = old.resource_group;
    kept->diagnostics = old.diagnostics;
    kept->diagnostic_count = old.diagnostic_count;
    kept->diagnostics_status = old.diagnostics_status;
    kept->others = old.others;
    kept->gone = false;
    estate_touch(estate, index, ESTATE_EVERY_FACET);
    return index;
}

void estate_set_properties(
    struct kv_estate *estate, uint32_t resource, struct kv_facet_status status)
{
    status.why = estate_text(estate, view_of(status.why));
    resource_at(estate, resource)->properties = status;
    estate_touch(estate, resource, ESTATE_EVERY_FACET);
}

void estate_take_diagnostics(struct kv_estate *estate, uint32_t resource,
    const struct kv_diagnostic *rows, uint32_t count,
    struct kv_facet_status status)
{
    struct kv_resource *row = resource_at(estate, resource);

    status.why = estate_text(estate, view_of(status.why));
    row->diagnostics = rows;
    row->diagnostic_count = count;
    row->diagnostics_status = status;
    estate_touch(estate, resource, KV_FACET_BIT(KV_FACET_DIAGNOSTICS));
}

void estate_set_resource_facet(struct kv_estate *estate, uint32_t resource,
    enum kv_facet facet, struct kv_facet_status status)
{
    struct kv_resource *row = resource_at(estate, resource);
    struct kv_facet_status *others = (struct kv_facet_status *)row->others;

    if (!others)
        others = estate_array(estate, KV_FACET_RESOURCE_COUNT, sizeof *others);
    status.why = estate_text(estate, view_of(status.why));
    others[facet] = status;
    row->others = others;
    estate_touch(estate, resource, KV_FACET_BIT(facet));
}

void estate_set_gone(struct kv_estate *estate, uint32_t resource, bool gone)
{
    resource_at(estate, resource)->gone = gone;
    estate_touch(estate, resource, ESTATE_EVERY_FACET);
}

uint32_t kv_estate_resource_count(const struct kv_estate *estate)
{
    return (uint32_t)estate->resources.count;
}

const struct kv_resource *kv_estate_resource(
    const struct kv_estate *estate, uint32_t index)
{
    return resource_at(estate, index);
}

uint32_t kv_estate_find(const struct kv_estate *estate, const char *id)
{
    return index_find(&estate->resource_by_id, view_of(id));
}

uint32_t kv_estate_find_name(const struct kv_estate *estate, const char *name)
{
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        if (text_equal_nocase(resource_at(estate, i)->name, name))
            return i;
    return KV_NONE;
}

static const struct kv_facet_status *facet_of_resource(
    const struct kv_resource *resource, enum kv_facet facet)
{
    if (facet == KV_FACET_PROPERTIES)
        return &resource->properties;
    if (facet == KV_FACET_DIAGNOSTICS)
        return &resource->diagnostics_status;
    return resource->others ? &resource->others[facet] : NULL;
}

const struct kv_facet_status *kv_estate_facet_at(const struct kv_estate *estate,
    const struct kv_subscription *subscription,
    const struct kv_resource *resource, enum kv_facet facet)
{
    static const struct kv_facet_status absent = { 0 };
    const struct kv_facet_status *status = NULL;

    if (kv_facets[facet].level == KV_LEVEL_TENANT)
        status = &estate->tenant_facets[facet];
    else if (kv_facets[facet].level == KV_LEVEL_SUBSCRIPTION)
        status = subscription ? &subscription->facets[facet] : NULL;
    else if (resource)
        status = facet_of_resource(resource, facet);
    return status ? status : &absent;
}

struct kv_facet_status kv_estate_facet(const struct kv_estate *estate,
    const struct kv_resource *resource, enum kv_facet facet)
{
    return *kv_estate_facet_at(estate,
        subscription_at(estate, resource->subscription), resource, facet);
}

/* ---- what stands around them ---- */

const struct kv_sink *kv_estate_find_sink(
    const struct kv_estate *estate, const char *id)
{
    return kv_estate_find_row(estate, KV_SET_SINKS, id);
}
