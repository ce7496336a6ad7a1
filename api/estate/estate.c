/* The estate: tenant, subscriptions, resources, and what stands alone beside
 * them (log destinations, deleted vaults). */
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

static void sinks_done(struct sinks *sinks)
{
    rows_done(&sinks->rows);
    index_done(&sinks->by_id);
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
    for (int i = IN_PLACE; i <= GATHERING; i++) {
        scoped_done(&estate->assignments[i]);
        scoped_done(&estate->locks[i]);
        sinks_done(&estate->sinks[i]);
        rows_done(&estate->deleted[i]);
    }
    rows_done(&estate->roles);
    rows_done(&estate->principals);
    index_done(&estate->principal_by_id);
    rows_done(&estate->subscriptions);
    rows_done(&estate->resources);
    rows_done(&estate->touched);
    rows_done(&estate->touched_flag);
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
    rows_add(&estate->touched_flag, sizeof(bool));
    estate_touch(estate, index);
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
    kept->gone = false;
    estate_touch(estate, index);
    return index;
}

void estate_set_properties(
    struct kv_estate *estate, uint32_t resource, struct kv_facet_status status)
{
    status.why = estate_text(estate, view_of(status.why));
    resource_at(estate, resource)->properties = status;
    estate_touch(estate, resource);
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
    estate_touch(estate, resource);
}

void estate_set_gone(struct kv_estate *estate, uint32_t resource, bool gone)
{
    resource_at(estate, resource)->gone = gone;
    estate_touch(estate, resource);
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

struct kv_facet_status kv_estate_facet(const struct kv_estate *estate,
    const struct kv_resource *resource, enum kv_facet facet)
{
    switch (kv_facets[facet].level) {
    case KV_LEVEL_RESOURCE:
        return facet == KV_FACET_PROPERTIES ? resource->properties
                                            : resource->diagnostics_status;
    case KV_LEVEL_SUBSCRIPTION:
        return subscription_at(estate, resource->subscription)->facets[facet];
    case KV_LEVEL_TENANT:
        break;
    }
    return estate->tenant_facets[facet];
}

/* ---- log destinations and deleted vaults ---- */

static void sinks_add(struct sinks *sinks, const struct kv_sink *row)
{
    struct kv_sink *kept;

    if (index_find(&sinks->by_id, view_of(row->id)) != KV_NONE)
        return;
    index_put(&sinks->by_id, row->id, (uint32_t)sinks->rows.count);
    kept = rows_add(&sinks->rows, sizeof *kept);
    *kept = *row;
}

void estate_take_sink(struct kv_estate *estate, const struct kv_sink *row)
{
    sinks_add(&estate->sinks[GATHERING], row);
}

void estate_add_sink(struct kv_estate *estate, const struct kv_sink *row)
{
    sinks_add(&estate->sinks[IN_PLACE], row);
}

uint32_t kv_estate_sink_count(const struct kv_estate *estate)
{
    return (uint32_t)estate->sinks[IN_PLACE].rows.count;
}

const struct kv_sink *kv_estate_sink(
    const struct kv_estate *estate, uint32_t index)
{
    return (struct kv_sink *)estate->sinks[IN_PLACE].rows.items + index;
}

const struct kv_sink *kv_estate_find_sink(
    const struct kv_estate *estate, const char *id)
{
    uint32_t index = index_find(&estate->sinks[IN_PLACE].by_id, view_of(id));

    return index == KV_NONE ? NULL : kv_estate_sink(estate, index);
}

void estate_take_deleted(struct kv_estate *estate, const struct kv_deleted *row)
{
    struct kv_deleted *kept =
        rows_add(&estate->deleted[GATHERING], sizeof *kept);

    *kept = *row;
}

uint32_t kv_estate_deleted_count(const struct kv_estate *estate)
{
    return (uint32_t)estate->deleted[IN_PLACE].count;
}

const struct kv_deleted *kv_estate_deleted(
    const struct kv_estate *estate, uint32_t index)
{
    return (struct kv_deleted *)estate->deleted[IN_PLACE].items + index;
}

/* ---- sets replaced as a whole ---- */

static void scoped_swap(struct scoped pair[2])
{
    scoped_done(&pair[IN_PLACE]);
    pair[IN_PLACE] = pair[GATHERING];
    pair[GATHERING] = (struct scoped){ 0 };
}

void estate_begin(struct kv_estate *estate, enum estate_set set)
{
    switch (set) {
    case ESTATE_ASSIGNMENTS:
        scoped_done(&estate->assignments[GATHERING]);
        break;
    case ESTATE_LOCKS:
        scoped_done(&estate->locks[GATHERING]);
        break;
    case ESTATE_SINKS:
        sinks_done(&estate->sinks[GATHERING]);
        break;
    case ESTATE_DELETED:
        rows_done(&estate->deleted[GATHERING]);
        break;
    }
}

void estate_commit(struct kv_estate *estate, enum estate_set set)
{
    switch (set) {
    case ESTATE_ASSIGNMENTS:
        scoped_swap(estate->assignments);
        estate_link_roles(estate);
        break;
    case ESTATE_LOCKS:
        scoped_swap(estate->locks);
        break;
    case ESTATE_SINKS:
        sinks_done(&estate->sinks[IN_PLACE]);
        estate->sinks[IN_PLACE] = estate->sinks[GATHERING];
        estate->sinks[GATHERING] = (struct sinks){ 0 };
        break;
    case ESTATE_DELETED:
        rows_done(&estate->deleted[IN_PLACE]);
        estate->deleted[IN_PLACE] = estate->deleted[GATHERING];
        estate->deleted[GATHERING] = (struct rows){ 0 };
        break;
    }
}
