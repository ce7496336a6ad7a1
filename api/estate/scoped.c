/* What belongs to a scope: role assignments and locks, and the walk over all
 * scopes that reach a resource. */
#include "model.h"

#include <stdio.h>

#define SCOPE_BYTES 2048

void scoped_done(struct scoped *scoped)
{
    rows_done(&scoped->rows);
    rows_done(&scoped->next);
    index_done(&scoped->by_scope);
    index_done(&scoped->by_id);
}

/* The key that a scope's rows are chained under: ids of single objects under
 * their resource, without a trailing slash. NULL when it is too long. */
static const char *scope_key(
    char key[SCOPE_BYTES], struct view scope, const struct arm_id *id)
{
    int length;

    while (scope.size > 1 && scope.data[scope.size - 1] == '/')
        scope.size--;
    if (arm_id_level(id) == KV_SCOPE_OBJECT)
        length = snprintf(key, SCOPE_BYTES, "%.*s#", (int)id->resource.size,
            id->resource.data);
    else
        length =
            snprintf(key, SCOPE_BYTES, "%.*s", (int)scope.size, scope.data);
    return length >= 0 && length < SCOPE_BYTES ? key : NULL;
}

/* Adds a row of `size` bytes under its scope; NULL when its id is there. */
static void *scoped_add(struct kv_estate *estate, struct scoped *scoped,
    const char *row_id, const char *scope, size_t size)
{
    struct view text = view_of(scope && *scope ? scope : "/");
    struct arm_id id = arm_id_parse(text);
    char buffer[SCOPE_BYTES];
    const char *key = scope_key(buffer, text, &id);
    uint32_t row = (uint32_t)scoped->rows.count;
    uint32_t *next;

    if (!key || index_find(&scoped->by_id, view_of(row_id)) != KV_NONE)
        return NULL;
    key = estate_text(estate, view_of(key));
    index_put(&scoped->by_id, row_id, row);
    next = rows_add(&scoped->next, sizeof *next);
    *next = index_find(&scoped->by_scope, view_of(key));
    index_put(&scoped->by_scope, key, row);
    return rows_add(&scoped->rows, size);
}

void estate_take_assignment(
    struct kv_estate *estate, const struct kv_assignment *row)
{
    struct kv_assignment *kept = scoped_add(estate,
        &estate->assignments[GATHERING], row->id, row->scope, sizeof *kept);

    if (!kept)
        return;
    *kept = *row;
    kept->role = index_find(&estate->role_by_guid, view_of(row->role_guid));
}

void estate_take_lock(struct kv_estate *estate, const struct kv_lock *row)
{
    struct kv_lock *kept = scoped_add(
        estate, &estate->locks[GATHERING], row->id, row->scope, sizeof *kept);

    if (kept)
        *kept = *row;
}

uint32_t estate_assignment_count(const struct kv_estate *estate)
{
    return (uint32_t)estate->assignments[IN_PLACE].rows.count;
}

const struct kv_assignment *estate_assignment(
    const struct kv_estate *estate, uint32_t index)
{
    return (struct kv_assignment *)estate->assignments[IN_PLACE].rows.items +
           index;
}

bool estate_gathered_at(const struct kv_estate *estate, const char *scope)
{
    const struct index *by_scope = &estate->assignments[GATHERING].by_scope;

    return index_find(by_scope, view_of(scope)) != KV_NONE;
}

uint32_t estate_lock_count(const struct kv_estate *estate)
{
    return (uint32_t)estate->locks[IN_PLACE].rows.count;
}

const struct kv_lock *estate_lock(
    const struct kv_estate *estate, uint32_t index)
{
    return (struct kv_lock *)estate->locks[IN_PLACE].rows.items + index;
}

void estate_link_roles(struct kv_estate *estate)
{
    struct kv_assignment *rows = estate->assignments[IN_PLACE].rows.items;

    for (size_t i = 0; i < estate->assignments[IN_PLACE].rows.count; i++)
        rows[i].role =
            index_find(&estate->role_by_guid, view_of(rows[i].role_guid));
}

/* ---- the walk ---- */

/* One position in a walk, of either kind. */
struct walk {
    uint32_t *stage;
    uint32_t *group;
    uint32_t *next;
    enum kv_scope_level *level;
};

/* Writes the scope of the current stage; false when the stage has no more.
 * Stages are the levels; management groups come farthest first. */
static bool walk_scope(const struct kv_subscription *subscription,
    const struct kv_resource *resource, const struct walk *walk,
    char scope[SCOPE_BYTES])
{
    uint32_t group = *walk->group;

    switch ((enum kv_scope_level) * walk->stage) {
    case KV_SCOPE_ROOT:
        snprintf(scope, SCOPE_BYTES, "/");
        return group == 0;
    case KV_SCOPE_MANAGEMENT_GROUP:
        if (group >= subscription->group_count)
            return false;
        snprintf(scope, SCOPE_BYTES,
            "/providers/Microsoft.Management/managementGroups/%s",
            subscription->groups[subscription->group_count - 1 - group]);
        return true;
    case KV_SCOPE_SUBSCRIPTION:
        snprintf(scope, SCOPE_BYTES, "/subscriptions/%s", subscription->id);
        return group == 0;
    case KV_SCOPE_RESOURCE_GROUP:
        snprintf(scope, SCOPE_BYTES, "/subscriptions/%s/resourceGroups/%s",
            subscription->id, resource->resource_group);
        return group == 0;
    case KV_SCOPE_RESOURCE:
        snprintf(scope, SCOPE_BYTES, "%s", resource->id);
        return group == 0;
    case KV_SCOPE_OBJECT:
        snprintf(scope, SCOPE_BYTES, "%s#", resource->id);
        return group == 0;
    }
    return false;
}

/* Moves to the next row; KV_NONE at the end. */
static uint32_t walk_step(const struct kv_estate *estate,
    const struct scoped *scoped, const struct kv_resource *resource,
    const struct walk *walk)
{
    const struct kv_subscription *subscription =
        kv_estate_subscription(estate, resource->subscription);
    char scope[SCOPE_BYTES];
    uint32_t row;

    while (*walk->next == KV_NONE) {
        if (*walk->stage > KV_SCOPE_OBJECT)
            return KV_NONE;
        if (!walk_scope(subscription, resource, walk, scope)) {
            ++*walk->stage;
            *walk->group = 0;
            continue;
        }
        *walk->level = (enum kv_scope_level) * walk->stage;
        *walk->next = index_find(&scoped->by_scope, view_of(scope));
        ++*walk->group;
    }
    row = *walk->next;
    *walk->next = ((uint32_t *)scoped->next.items)[row];
    return row;
}

const struct kv_assignment *kv_estate_next_assignment(
    const struct kv_estate *estate, const struct kv_resource *resource,
    struct kv_assignment_walk *walk)
{
    const struct scoped *scoped = &estate->assignments[IN_PLACE];
    struct walk at = { &walk->stage, &walk->group, &walk->next, &walk->level };
    uint32_t row;

    if (!walk->started)
        walk->next = KV_NONE;
    walk->started = true;
    row = walk_step(estate, scoped, resource, &at);
    return row == KV_NONE ? NULL
                          : (struct kv_assignment *)scoped->rows.items + row;
}

const struct kv_lock *kv_estate_next_lock(const struct kv_estate *estate,
    const struct kv_resource *resource, struct kv_lock_walk *walk)
{
    const struct scoped *scoped = &estate->locks[IN_PLACE];
    struct walk at = { &walk->stage, &walk->group, &walk->next, &walk->level };
    uint32_t row;

    if (!walk->started)
        walk->next = KV_NONE;
    walk->started = true;
    row = walk_step(estate, scoped, resource, &at);
    return row == KV_NONE ? NULL : (struct kv_lock *)scoped->rows.items + row;
}
