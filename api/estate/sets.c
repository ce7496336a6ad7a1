/* Sets: rows of one kind, kept by id and by the scope that they belong to, and
 * the walk over all scopes that reach an id. */
#include "model.h"

#include <stdio.h>
#include <string.h>

#define SCOPE_BYTES 2048

struct set_info {
    size_t size; /* of its row */
    enum kv_facet facet;
    /* An id is unique among the rows of its scope alone, which are few: one
     * text serves all scopes, and no index over ids is kept. */
    bool within;
};

/* Rows of a facet of a resource are replaced for that resource, others as a
 * whole. */
static const struct set_info infos[KV_SET_COUNT] = {
    [KV_SET_ASSIGNMENTS] = { sizeof(struct kv_assignment),
        KV_FACET_ASSIGNMENTS },
    [KV_SET_LOCKS] = { sizeof(struct kv_lock), KV_FACET_LOCKS },
    [KV_SET_SINKS] = { sizeof(struct kv_sink), KV_FACET_SINKS },
    [KV_SET_DELETED] = { sizeof(struct kv_deleted), KV_FACET_DELETED },
    [KV_SET_CONTAINERS] = { sizeof(struct kv_container), KV_FACET_CONTAINERS },
    [KV_SET_SCHEDULES] = { sizeof(struct kv_schedule), KV_FACET_SCHEDULES },
    [KV_SET_ROLE_RULES] = { sizeof(struct kv_role_rules), KV_FACET_ROLE_RULES },
    [KV_SET_DENIALS] = { sizeof(struct kv_denial), KV_FACET_DENIALS },
    [KV_SET_POLICIES] = { sizeof(struct kv_policy_assignment),
        KV_FACET_POLICIES },
    [KV_SET_POLICY_SETS] = { sizeof(struct kv_policy_set), KV_FACET_POLICIES },
    [KV_SET_EXEMPTIONS] = { sizeof(struct kv_exemption), KV_FACET_POLICIES },
    [KV_SET_POLICY_STATES] = { sizeof(struct kv_policy_state),
        KV_FACET_POLICY_STATES, .within = true },
    [KV_SET_PLANS] = { sizeof(struct kv_plan_tier), KV_FACET_PLANS },
    [KV_SET_ASSESSMENTS] = { sizeof(struct kv_assessment), KV_FACET_ASSESSMENTS,
        .within = true },
    [KV_SET_ALERTS] = { sizeof(struct kv_alert), KV_FACET_ALERTS },
    [KV_SET_ACTION_GROUPS] = { sizeof(struct kv_action_group),
        KV_FACET_ALERTS },
    [KV_SET_TOPICS] = { sizeof(struct kv_topic), KV_FACET_EVENTS },
    [KV_SET_EVENT_SUBSCRIPTIONS] = { sizeof(struct kv_event_subscription),
        KV_FACET_EVENTS },
    [KV_SET_ENDPOINTS] = { sizeof(struct kv_private_endpoint),
        KV_FACET_ENDPOINTS },
    [KV_SET_PERIMETERS] = { sizeof(struct kv_perimeter), KV_FACET_PERIMETERS },
    [KV_SET_LOCATIONS] = { sizeof(struct kv_location), KV_FACET_LOCATIONS },
    [KV_SET_ACTIVITY_LOGS] = { sizeof(struct kv_activity_log),
        KV_FACET_ACTIVITY_LOG },
    [KV_SET_CONDITIONAL_ACCESS] = { sizeof(struct kv_conditional_access),
        KV_FACET_CONDITIONAL_ACCESS },
    [KV_SET_APPLICATIONS] = { sizeof(struct kv_application),
        KV_FACET_CREDENTIALS },
    [KV_SET_IDENTITIES] = { sizeof(struct kv_identity), KV_FACET_IDENTITIES },
    [KV_SET_REGIONS] = { sizeof(struct kv_region), KV_FACET_REGIONS },
    [KV_SET_KEYS] = { sizeof(struct kv_object), KV_FACET_KEYS },
    [KV_SET_SECRETS] = { sizeof(struct kv_object), KV_FACET_SECRETS },
    [KV_SET_CERTIFICATES] = { sizeof(struct kv_object), KV_FACET_CERTIFICATES },
    [KV_SET_DELETED_OBJECTS] = { sizeof(struct kv_object),
        KV_FACET_DELETED_OBJECTS },
    [KV_SET_LOCAL_ROLES] = { sizeof(struct kv_local_role),
        KV_FACET_LOCAL_ROLES },
    [KV_SET_LOCAL_ASSIGNMENTS] = { sizeof(struct kv_local_assignment),
        KV_FACET_LOCAL_ROLES },
    [KV_SET_SETTINGS] = { sizeof(struct kv_hsm_setting), KV_FACET_SETTINGS },
    [KV_SET_CALLERS] = { sizeof(struct kv_caller), KV_FACET_USAGE },
    [KV_SET_OPERATIONS] = { sizeof(struct kv_operation), KV_FACET_USAGE },
    [KV_SET_METRICS] = { sizeof(struct kv_metric), KV_FACET_METRICS },
    /* Of no facet: it is not Azure that tells of them, so that no answer takes
     * their place. */
    [KV_SET_BACKUPS] = { sizeof(struct kv_backup),
        (enum kv_facet)KV_FACET_COUNT },
};

static bool is_by_scope(enum kv_set set)
{
    return (int)infos[set].facet < KV_FACET_COUNT &&
           kv_facets[infos[set].facet].level == KV_LEVEL_RESOURCE;
}

void set_done(struct set *set)
{
    rows_done(&set->rows);
    rows_done(&set->next);
    index_done(&set->by_scope);
    index_done(&set->by_id);
    *set = (struct set){ 0 };
}

static struct kv_row *row_at(
    const struct set *set, enum kv_set kind, uint32_t index)
{
    char *rows = set->rows.items;

    return (struct kv_row *)(void *)(rows + index * infos[kind].size);
}

static uint32_t *next_of(const struct set *set, uint32_t index)
{
    return (uint32_t *)set->next.items + index;
}

static struct view scope_of(const struct kv_row *row)
{
    return view_of(row->scope && *row->scope ? row->scope : "/");
}

/* The key that a scope's rows are chained under: ids of single objects under
 * their resource, without a trailing slash. NULL when it is too long. */
static const char *scope_key(char key[SCOPE_BYTES], struct view scope)
{
    struct arm_id id = arm_id_parse(scope);
    int length;

    while (scope.size > 1 && scope.data[scope.size - 1] == '/')
        scope.size--;
    if (arm_id_level(&id) == KV_SCOPE_OBJECT)
        length = snprintf(
            key, SCOPE_BYTES, "%.*s#", (int)id.resource.size, id.resource.data);
    else
        length =
            snprintf(key, SCOPE_BYTES, "%.*s", (int)scope.size, scope.data);
    return length >= 0 && length < SCOPE_BYTES ? key : NULL;
}

/* Where the row of that id is, or KV_NONE. `key` is that of its scope. */
static uint32_t place_of(
    const struct set *set, enum kv_set kind, const char *key, const char *id)
{
    uint32_t place;

    if (!infos[kind].within)
        return index_find(&set->by_id, view_of(id));
    place = index_find(&set->by_scope, view_of(key));
    while (place != KV_NONE &&
           !text_equal_nocase(row_at(set, kind, place)->id, id))
        place = *next_of(set, place);
    return place;
}

static void index_id(
    struct set *set, enum kv_set kind, const char *id, uint32_t place)
{
    if (!infos[kind].within)
        index_put(&set->by_id, id, place);
}

/* ---- adding ---- */

/* A place for a row: one that was given up, or a new one. */
static uint32_t set_place(struct set *set, size_t size)
{
    uint32_t place = set->spare;

    if (place) {
        set->spare = *next_of(set, place - 1);
        return place - 1;
    }
    rows_add(&set->next, sizeof(uint32_t));
    rows_add(&set->rows, size);
    return (uint32_t)set->rows.count - 1;
}

static void *set_add(struct kv_estate *estate, struct set *set,
    enum kv_set kind, const struct kv_row *row)
{
    char buffer[SCOPE_BYTES];
    const char *key = scope_key(buffer, scope_of(row));
    uint32_t place;

    if (!key || place_of(set, kind, key, row->id) != KV_NONE)
        return NULL;
    key = estate_text(estate, view_of(key));
    place = set_place(set, infos[kind].size);
    memcpy(row_at(set, kind, place), row, infos[kind].size);
    index_id(set, kind, row->id, place);
    *next_of(set, place) = index_find(&set->by_scope, view_of(key));
    index_put(&set->by_scope, key, place);
    return row_at(set, kind, place);
}

void *estate_take_row(
    struct kv_estate *estate, enum kv_set set, const void *row)
{
    return set_add(estate, &estate->sets[GATHERING][set], set, row);
}

void *estate_add_row(struct kv_estate *estate, enum kv_set set, const void *row)
{
    return set_add(estate, &estate->sets[IN_PLACE][set], set, row);
}

/* ---- replacing ---- */

static void estate_link_schedules(struct kv_estate *estate);

/* Takes the rows of one scope out; what they were in `to`, which may be NULL,
 * they are now. */
static void move_scope(struct kv_estate *estate, enum kv_set kind,
    const char *scope, struct set *from, struct set *to)
{
    uint32_t place = index_find(&from->by_scope, view_of(scope));

    while (place != KV_NONE) {
        uint32_t next = *next_of(from, place);
        struct kv_row *row = row_at(from, kind, place);

        index_id(from, kind, row->id, KV_NONE);
        if (to)
            set_add(estate, to, kind, row);
        memset(row, 0, infos[kind].size);
        *next_of(from, place) = from->spare;
        from->spare = place + 1;
        place = next;
    }
    if (index_find(&from->by_scope, view_of(scope)) != KV_NONE)
        index_put(
            &from->by_scope, estate_text(estate, view_of(scope)), KV_NONE);
}

void estate_begin(struct kv_estate *estate, enum kv_facet facet)
{
    for (int i = 0; i < KV_SET_COUNT; i++)
        if (infos[i].facet == facet) {
            set_done(&estate->sets[GATHERING][i]);
            estate->sets[GATHERING][i].open = true;
        }
}

static void commit_all(struct kv_estate *estate, enum kv_set set)
{
    struct set *gathered = &estate->sets[GATHERING][set];

    if (!gathered->open)
        return;
    gathered->open = false;
    set_done(&estate->sets[IN_PLACE][set]);
    estate->sets[IN_PLACE][set] = *gathered;
    *gathered = (struct set){ 0 };
    if (set == KV_SET_ASSIGNMENTS)
        estate_link_roles(estate);
    if (set == KV_SET_ASSIGNMENTS || set == KV_SET_SCHEDULES)
        estate_link_schedules(estate);
}

/* Every resource that something was gathered for. */
static void commit_scopes(struct kv_estate *estate, enum kv_set set)
{
    const struct set *gathered = &estate->sets[GATHERING][set];
    uint32_t count = kv_estate_resource_count(estate);

    for (uint32_t i = 0; i < count && gathered->rows.count > 0; i++) {
        const char *scope = kv_estate_resource(estate, i)->id;

        if (index_find(&gathered->by_scope, view_of(scope)) != KV_NONE)
            estate_commit_scope(estate, infos[set].facet, scope);
    }
}

void estate_commit(struct kv_estate *estate, enum kv_facet facet)
{
    for (int i = 0; i < KV_SET_COUNT; i++)
        if (infos[i].facet == facet && is_by_scope((enum kv_set)i))
            commit_scopes(estate, (enum kv_set)i);
        else if (infos[i].facet == facet)
            commit_all(estate, (enum kv_set)i);
}

void estate_commit_scope(
    struct kv_estate *estate, enum kv_facet facet, const char *scope)
{
    for (int i = 0; i < KV_SET_COUNT; i++)
        if (infos[i].facet == facet) {
            enum kv_set set = (enum kv_set)i;

            move_scope(estate, set, scope, &estate->sets[IN_PLACE][i], NULL);
            move_scope(estate, set, scope, &estate->sets[GATHERING][i],
                &estate->sets[IN_PLACE][i]);
        }
}

void estate_drop_scope(
    struct kv_estate *estate, enum kv_facet facet, const char *scope)
{
    for (int i = 0; i < KV_SET_COUNT; i++)
        if (infos[i].facet == facet)
            move_scope(estate, (enum kv_set)i, scope,
                &estate->sets[GATHERING][i], NULL);
}

bool estate_gathered_at(
    const struct kv_estate *estate, enum kv_set set, const char *scope)
{
    return index_find(&estate->sets[GATHERING][set].by_scope, view_of(scope)) !=
           KV_NONE;
}

/* ---- single items ---- */

void estate_begin_item(struct kv_estate *estate)
{
    struct set *gathering = estate->sets[GATHERING];
    size_t bytes = sizeof estate->sets[GATHERING];

    estate->aside = mem_alloc(bytes);
    memcpy(estate->aside, gathering, bytes);
    memset(gathering, 0, bytes);
}

/* Takes a place out of the chain of its scope. */
static void chain_remove(struct kv_estate *estate, struct set *set,
    struct view scope, uint32_t place)
{
    char buffer[SCOPE_BYTES];
    const char *key = scope_key(buffer, scope);
    uint32_t at = key ? index_find(&set->by_scope, view_of(key)) : KV_NONE;

    if (at == place) {
        index_put(&set->by_scope, estate_text(estate, view_of(key)),
            *next_of(set, place));
        return;
    }
    while (at != KV_NONE && *next_of(set, at) != place)
        at = *next_of(set, at);
    if (at != KV_NONE)
        *next_of(set, at) = *next_of(set, place);
}

static void remove_at(
    struct kv_estate *estate, struct set *set, enum kv_set kind, uint32_t place)
{
    struct kv_row *row = row_at(set, kind, place);

    index_id(set, kind, row->id, KV_NONE);
    chain_remove(estate, set, scope_of(row), place);
    memset(row, 0, infos[kind].size);
    *next_of(set, place) = set->spare;
    set->spare = place + 1;
}

bool estate_remove_row(
    struct kv_estate *estate, enum kv_set kind, const char *id)
{
    struct set *set = &estate->sets[IN_PLACE][kind];
    uint32_t place = index_find(&set->by_id, view_of(id));

    if (place == KV_NONE)
        return false;
    remove_at(estate, set, kind, place);
    return true;
}

static void item_put(struct kv_estate *estate, enum kv_set kind)
{
    struct set *set = &estate->sets[GATHERING][kind];
    struct set *in_place = &estate->sets[IN_PLACE][kind];

    for (uint32_t i = 0; i < set->rows.count; i++) {
        const struct kv_row *row = row_at(set, kind, i);
        char buffer[SCOPE_BYTES];
        uint32_t old;

        if (!row->id)
            continue;
        old =
            place_of(in_place, kind, scope_key(buffer, scope_of(row)), row->id);
        if (old != KV_NONE)
            remove_at(estate, in_place, kind, old);
        set_add(estate, in_place, kind, row);
    }
    if (set->rows.count > 0 && kind == KV_SET_ASSIGNMENTS)
        estate_link_roles(estate);
    if (set->rows.count > 0 &&
        (kind == KV_SET_ASSIGNMENTS || kind == KV_SET_SCHEDULES))
        estate_link_schedules(estate);
    set_done(set);
}

void estate_end_item(struct kv_estate *estate)
{
    for (int i = 0; i < KV_SET_COUNT; i++)
        item_put(estate, (enum kv_set)i);
    memcpy(
        estate->sets[GATHERING], estate->aside, sizeof estate->sets[GATHERING]);
    mem_free(estate->aside);
    estate->aside = NULL;
}

/* ---- roles of assignments ---- */

void estate_take_assignment(
    struct kv_estate *estate, const struct kv_assignment *row)
{
    struct kv_assignment *kept =
        estate_take_row(estate, KV_SET_ASSIGNMENTS, row);

    if (kept)
        kept->role = index_find(&estate->role_by_guid, view_of(row->role_guid));
}

void estate_link_roles(struct kv_estate *estate)
{
    const struct set *set = &estate->sets[IN_PLACE][KV_SET_ASSIGNMENTS];
    struct kv_assignment *rows = set->rows.items;

    for (size_t i = 0; i < set->rows.count; i++)
        rows[i].role =
            index_find(&estate->role_by_guid, view_of(rows[i].role_guid));
}

/* A schedule that names its role assignment says how that came about; of the
 * others there is nothing to say. */
static void estate_link_schedules(struct kv_estate *estate)
{
    const struct set *set = &estate->sets[IN_PLACE][KV_SET_SCHEDULES];
    const struct kv_schedule *rows = set->rows.items;
    const struct set *assignments = &estate->sets[IN_PLACE][KV_SET_ASSIGNMENTS];
    struct kv_assignment *held = assignments->rows.items;

    for (size_t i = 0; i < assignments->rows.count; i++) {
        held[i].activated = false;
        held[i].ends_at_s = 0;
    }

    for (size_t i = 0; i < set->rows.count; i++) {
        struct kv_assignment *row =
            rows[i].assignment_id
                ? estate_row(estate, KV_SET_ASSIGNMENTS, rows[i].assignment_id)
                : NULL;

        if (!row)
            continue;
        row->activated = rows[i].activated;
        row->ends_at_s = rows[i].ends_at_s;
    }
}

/* ---- looking ---- */

uint32_t kv_estate_row_count(const struct kv_estate *estate, enum kv_set set)
{
    return (uint32_t)estate->sets[IN_PLACE][set].rows.count;
}

const void *kv_estate_row(
    const struct kv_estate *estate, enum kv_set set, uint32_t index)
{
    const struct kv_row *row = row_at(&estate->sets[IN_PLACE][set], set, index);

    return row->id ? row : NULL;
}

void *estate_row(struct kv_estate *estate, enum kv_set set, const char *id)
{
    const struct set *in_place = &estate->sets[IN_PLACE][set];
    uint32_t index = index_find(&in_place->by_id, view_of(id));

    return index == KV_NONE ? NULL : row_at(in_place, set, index);
}

void *estate_gathered_row(
    struct kv_estate *estate, enum kv_set set, const char *id)
{
    const struct set *gathered = &estate->sets[GATHERING][set];
    uint32_t index = index_find(&gathered->by_id, view_of(id));

    return index == KV_NONE ? NULL : row_at(gathered, set, index);
}

uint32_t estate_gathered_count(const struct kv_estate *estate, enum kv_set set)
{
    return (uint32_t)estate->sets[GATHERING][set].rows.count;
}

void *estate_gathered(struct kv_estate *estate, enum kv_set set, uint32_t index)
{
    struct kv_row *row = row_at(&estate->sets[GATHERING][set], set, index);

    return row->id ? row : NULL;
}

void *estate_next_gathered(struct kv_estate *estate, enum kv_set set,
    const char *scope, struct kv_walk *walk)
{
    const struct set *gathered = &estate->sets[GATHERING][set];
    uint32_t row;

    if (!walk->started) {
        walk->started = true;
        walk->next = index_find(&gathered->by_scope, view_of(scope));
    }
    if (walk->next == KV_NONE)
        return NULL;
    row = walk->next;
    walk->next = *next_of(gathered, row);
    return row_at(gathered, set, row);
}

const void *kv_estate_find_row(
    const struct kv_estate *estate, enum kv_set set, const char *id)
{
    const struct set *in_place = &estate->sets[IN_PLACE][set];
    uint32_t index = index_find(&in_place->by_id, view_of(id));

    return index == KV_NONE ? NULL : row_at(in_place, set, index);
}

/* ---- the walk ---- */

/* A scope that is being put together: the hot path of judging, so without
 * printf. */
struct scope_text {
    char bytes[SCOPE_BYTES];
    size_t size; /* SCOPE_BYTES: too long for a row to be at it */
};

static void scope_add(struct scope_text *scope, struct view part)
{
    if (part.size >= SCOPE_BYTES - scope->size) {
        scope->size = SCOPE_BYTES;
        return;
    }
    if (part.size > 0)
        memcpy(scope->bytes + scope->size, part.data, part.size);
    scope->size += part.size;
}

static void scope_puts(struct scope_text *scope, const char *part)
{
    scope_add(scope, view_of(part));
}

/* Writes the scope of the current stage; false when the stage has no more.
 * Stages are the levels; management groups come farthest first. */
static bool walk_scope(const struct kv_subscription *subscription,
    const struct kv_walk *walk, struct scope_text *scope)
{
    uint32_t group = walk->group;

    scope->size = 0;
    switch ((enum kv_scope_level)walk->stage) {
    case KV_SCOPE_ROOT:
        scope_puts(scope, "/");
        return group == 0;
    case KV_SCOPE_MANAGEMENT_GROUP:
        if (!subscription || group >= subscription->group_count)
            return false;
        scope_puts(scope, "/providers/Microsoft.Management/managementGroups/");
        scope_puts(
            scope, subscription->groups[subscription->group_count - 1 - group]);
        return true;
    case KV_SCOPE_SUBSCRIPTION:
    case KV_SCOPE_RESOURCE_GROUP:
        if (!subscription || group > 0)
            return false;
        scope_puts(scope, "/subscriptions/");
        scope_puts(scope, subscription->id);
        if (walk->stage == KV_SCOPE_SUBSCRIPTION)
            return true;
        if (walk->resource_group.size == 0)
            return false;
        scope_puts(scope, "/resourceGroups/");
        scope_add(scope, walk->resource_group);
        return true;
    case KV_SCOPE_RESOURCE:
    case KV_SCOPE_OBJECT:
        if (walk->resource.size == 0 || group > 0)
            return false;
        scope_add(scope, walk->resource);
        if (walk->stage == KV_SCOPE_OBJECT)
            scope_puts(scope, "#");
        return true;
    }
    return false;
}

static const void *walk_step(
    const struct kv_estate *estate, enum kv_set kind, struct kv_walk *walk)
{
    const struct set *set = &estate->sets[IN_PLACE][kind];
    const struct kv_subscription *subscription =
        walk->subscription == KV_NONE
            ? NULL
            : kv_estate_subscription(estate, walk->subscription);
    struct scope_text scope;
    uint32_t row;

    while (walk->next == KV_NONE) {
        if (walk->stage > KV_SCOPE_OBJECT || set->rows.count == 0)
            return NULL;
        if (!walk_scope(subscription, walk, &scope)) {
            walk->stage++;
            walk->group = 0;
            continue;
        }
        walk->level = (enum kv_scope_level)walk->stage;
        walk->next = scope.size < SCOPE_BYTES
                         ? index_find(&set->by_scope,
                               (struct view){ scope.bytes, scope.size })
                         : KV_NONE;
        walk->group++;
    }
    row = walk->next;
    walk->next = *next_of(set, row);
    return row_at(set, kind, row);
}

const void *kv_estate_next_row(const struct kv_estate *estate, enum kv_set set,
    const char *text, struct kv_walk *walk)
{
    if (estate->sets[IN_PLACE][set].rows.count == 0)
        return NULL;
    if (!walk->started) {
        struct arm_id id = arm_id_parse(view_of(text));

        walk->started = true;
        walk->next = KV_NONE;
        walk->subscription =
            index_find(&estate->subscription_by_id, id.subscription);
        walk->resource_group = id.resource_group;
        walk->resource = id.resource;
    }
    return walk_step(estate, set, walk);
}

const void *kv_estate_next_at(const struct kv_estate *estate, enum kv_set set,
    const char *scope, struct kv_walk *walk)
{
    if (!walk->started) {
        struct arm_id id;

        walk->next =
            index_find(&estate->sets[IN_PLACE][set].by_scope, view_of(scope));
        if (walk->next == KV_NONE)
            return NULL;
        id = arm_id_parse(view_of(scope));
        walk->started = true;
        walk->level = arm_id_level(&id);
        walk->stage = KV_SCOPE_OBJECT + 1;
    }
    return walk_step(estate, set, walk);
}

/* The hot path of judging: nothing is parsed. */
static const void *next_of_resource(const struct kv_estate *estate,
    enum kv_set set, const struct kv_resource *resource, struct kv_walk *walk)
{
    if (!walk->started) {
        walk->started = true;
        walk->next = KV_NONE;
        walk->subscription = resource->subscription;
        walk->resource_group = view_of(resource->resource_group);
        walk->resource = view_of(resource->id);
    }
    return walk_step(estate, set, walk);
}

const struct kv_assignment *kv_estate_next_assignment(
    const struct kv_estate *estate, const struct kv_resource *resource,
    struct kv_walk *walk)
{
    return next_of_resource(estate, KV_SET_ASSIGNMENTS, resource, walk);
}

const struct kv_lock *kv_estate_next_lock(const struct kv_estate *estate,
    const struct kv_resource *resource, struct kv_walk *walk)
{
    return next_of_resource(estate, KV_SET_LOCKS, resource, walk);
}
