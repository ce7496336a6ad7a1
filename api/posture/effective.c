/* Who may do what to one resource. */
#include "effective.h"

#include "base.h"

#define FEW 16 /* holders that are found by looking at each */

/* ---- deny assignments that reach the resource ---- */

struct denials {
    const struct kv_estate *estate;
    const struct kv_denial *items[16]; /* more are hardly made; see below */
    size_t count;
};

/* One more than fits is left out: it can only make the answer too strict. */
static void denials_collect(struct denials *denials, const char *id)
{
    struct kv_walk walk = { 0 };
    const struct kv_denial *row;

    while (
        (row = kv_estate_next_row(denials->estate, KV_SET_DENIALS, id, &walk)))
        if (denials->count < sizeof denials->items / sizeof *denials->items &&
            walk.level <= KV_SCOPE_RESOURCE &&
            (!row->not_below || walk.level == KV_SCOPE_RESOURCE))
            denials->items[denials->count++] = row;
}

/* Whether the list names it, itself or by a group that it is in. A group that
 * cannot be read may hold anybody: `unread` says what that counts as. */
static bool list_names(const struct kv_estate *estate, const char *const *ids,
    uint32_t count, const char *id, bool unread)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_principal *row = kv_estate_principal(estate, ids[i]);

        if (text_equal_nocase(ids[i], id))
            return true;
        if (!row || row->type == KV_PRINCIPAL_UNKNOWN) {
            if (unread)
                return true;
            continue;
        }
        if (row->type != KV_PRINCIPAL_GROUP)
            continue;
        if (row->members_status.state != KV_FACET_READY && unread)
            return true;
        for (uint32_t j = 0; j < row->member_count; j++)
            if (text_equal_nocase(row->members[j], id))
                return true;
    }
    return false;
}

static uint64_t denied_actions(const struct denials *denials, const char *id,
    const struct kv_denial **by)
{
    uint64_t actions = 0;

    for (size_t i = 0; i < denials->count; i++) {
        const struct kv_denial *row = denials->items[i];
        bool meant =
            row->everyone || list_names(denials->estate, row->principals,
                                 row->principal_count, id, false);

        if (!meant || list_names(denials->estate, row->excluded,
                          row->excluded_count, id, true))
            continue;
        actions |= row->actions;
        *by = row;
    }
    return actions;
}

/* ---- holders ---- */

static enum holder_kind kind_of(enum kv_principal_type type)
{
    switch (type) {
    case KV_PRINCIPAL_UNKNOWN:
        break;
    case KV_PRINCIPAL_USER:
    case KV_PRINCIPAL_DEVICE:
        return HOLDER_PERSON;
    case KV_PRINCIPAL_SERVICE:
        return HOLDER_WORKLOAD;
    case KV_PRINCIPAL_GROUP:
    case KV_PRINCIPAL_FOREIGN_GROUP:
        return HOLDER_CROWD;
    }
    return HOLDER_UNCLEAR;
}

uint32_t effective_find(const struct effective *effective, const char *id)
{
    if (effective->count > FEW)
        return index_find(&effective->by_id, view_of(id));
    for (uint32_t i = 0; i < effective->count; i++)
        if (effective->holders[i].id == id ||
            text_equal_nocase(effective->holders[i].id, id))
            return i;
    return KV_NONE;
}

static void index_holders(struct effective *effective)
{
    size_t first = effective->count - 1;

    if (effective->count <= FEW)
        return;
    if (effective->count == FEW + 1)
        first = 0;
    for (size_t i = first; i < effective->count; i++)
        index_put(&effective->by_id, effective->holders[i].id, (uint32_t)i);
}

static struct holder *holder_get(
    struct effective *effective, const char *id, enum kv_principal_type type)
{
    uint32_t index = effective_find(effective, id);
    struct holder *holder;

    if (index != KV_NONE)
        return &effective->holders[index];
    effective->holders = mem_grow(effective->holders, effective->count,
        &effective->capacity, sizeof *effective->holders);
    holder = &effective->holders[effective->count++];
    *holder = (struct holder){
        .id = id,
        .type = type,
        .kind = kind_of(type),
        .first = KV_NONE,
        .last = KV_NONE,
    };
    index_holders(effective);
    return holder;
}

static void holder_take(struct effective *effective, struct holder *holder,
    const struct grant *grant)
{
    uint32_t place = (uint32_t)effective->grant_count;
    struct grant *kept;

    effective->grants = mem_grow(effective->grants, effective->grant_count,
        &effective->grant_capacity, sizeof *effective->grants);
    kept = &effective->grants[effective->grant_count++];
    *kept = *grant;
    kept->next = KV_NONE;
    if (holder->last == KV_NONE)
        holder->first = place;
    else
        effective->grants[holder->last].next = place;
    holder->last = place;
    if (grant->hold == HOLD_ELIGIBLE) {
        holder->eligible |= grant->actions;
        return;
    }
    if (grant->level == KV_SCOPE_OBJECT) {
        holder->objects |= grant->actions;
        return;
    }
    holder->actions |= grant->actions;
    holder->idle |= grant->idle;
    holder->restricted |= grant->restricted;
    holder->undefined |= grant->undefined;
}

/* ---- grants ---- */

struct gathering {
    struct effective *effective;
    const struct kv_estate *estate;
    const struct kv_resource *resource;
    struct denials denials;
};

static void give(const struct gathering *gathering, const char *id,
    enum kv_principal_type type, struct grant grant)
{
    uint64_t denied = 0;

    if (gathering->denials.count > 0)
        denied = denied_actions(&gathering->denials, id, &grant.denial);
    grant.denied = grant.actions & denied;
    grant.actions &= ~denied;
    grant.idle &= ~denied;
    if (grant.actions || grant.idle || grant.denied || grant.restricted ||
        grant.undefined)
        holder_take(gathering->effective,
            holder_get(gathering->effective, id, type), &grant);
}

/* Whoever stands in a list of members is somebody, not a group. */
static enum kv_principal_type member_type(
    const struct kv_estate *estate, const char *id)
{
    const struct kv_principal *row = kv_estate_principal(estate, id);

    return row && row->type != KV_PRINCIPAL_UNKNOWN ? row->type
                                                    : KV_PRINCIPAL_USER;
}

/* A group whose members are known stands for them, else for itself. */
static void give_all(const struct gathering *gathering, const char *id,
    enum kv_principal_type type, const struct grant *grant)
{
    const struct kv_estate *estate = gathering->estate;
    const struct kv_principal *row = NULL;

    if (type == KV_PRINCIPAL_UNKNOWN || type == KV_PRINCIPAL_GROUP)
        row = kv_estate_principal(estate, id);
    if (type == KV_PRINCIPAL_UNKNOWN && row)
        type = row->type;
    if (type != KV_PRINCIPAL_GROUP || !row ||
        row->members_status.state != KV_FACET_READY) {
        give(gathering, id, type, *grant);
        return;
    }
    for (uint32_t i = 0; i < row->member_count; i++)
        give(gathering, row->members[i], member_type(estate, row->members[i]),
            *grant);
}

/* Data roles count on vaults that use them. What else a role allows stays in
 * force under a condition: one can only limit which roles may be assigned, or
 * which secrets are reached. */
static void grant_set_role(const struct gathering *gathering,
    struct grant *grant, const struct kv_role *role, const char *condition)
{
    bool data = gathering->resource->kind == KV_KIND_VAULT &&
                gathering->resource->rbac == KV_TRI_TRUE;
    uint64_t actions = role ? role->actions : 0;

    grant->role = role;
    grant->undefined = !role;
    grant->restricted = condition && (actions & KV_ACTIONS_ASSIGN);
    if (grant->restricted)
        actions &= ~KV_ACTIONS_ASSIGN;
    grant->actions = data ? actions : actions & ~KV_ACTIONS_DATA;
    grant->idle = data ? 0 : actions & KV_ACTIONS_DATA;
}

static void gather_assignment(const struct gathering *gathering,
    const struct kv_assignment *row, enum kv_scope_level level)
{
    const struct kv_role *role =
        row->role == KV_NONE ? NULL
                             : kv_estate_role(gathering->estate, row->role);
    struct grant grant = {
        .assignment = row,
        .scope = row->scope,
        .named_id = row->principal_id,
        .role_guid = row->role_guid,
        .level = level,
        .hold = row->activated ? HOLD_ACTIVATED : HOLD_STANDING,
        .ends_at_s = row->ends_at_s,
        .condition = row->condition,
    };

    if (role && role->actions == 0)
        return;
    grant_set_role(gathering, &grant, role, row->condition);
    give_all(gathering, row->principal_id, row->principal_type, &grant);
}

static void gather_assignments(const struct gathering *gathering)
{
    struct kv_walk walk = { 0 };
    const struct kv_assignment *row;

    while ((row = kv_estate_next_assignment(
                gathering->estate, gathering->resource, &walk)))
        gather_assignment(gathering, row, walk.level);
}

static void gather_policies(const struct gathering *gathering)
{
    const struct kv_resource *resource = gathering->resource;
    bool idle = resource->rbac == KV_TRI_TRUE;

    for (uint32_t i = 0; i < resource->policy_count; i++) {
        const struct kv_access_policy *policy = &resource->policies[i];
        uint64_t actions =
            kv_actions_of_words(KV_OBJECT_KEY, policy->keys) |
            kv_actions_of_words(KV_OBJECT_SECRET, policy->secrets) |
            kv_actions_of_words(KV_OBJECT_CERTIFICATE, policy->certificates);
        const struct grant grant = {
            .policy = policy,
            .scope = resource->id,
            .named_id = policy->object_id,
            .level = KV_SCOPE_RESOURCE,
            .actions = idle ? 0 : actions,
            .idle = idle ? actions : 0,
        };

        if (policy->object_id)
            give_all(
                gathering, policy->object_id, KV_PRINCIPAL_UNKNOWN, &grant);
    }
}

static void gather_eligible(const struct gathering *gathering)
{
    struct kv_walk walk = { 0 };
    const struct kv_schedule *row;

    while ((row = kv_estate_next_row(gathering->estate, KV_SET_SCHEDULES,
                gathering->resource->id, &walk))) {
        struct grant grant = {
            .scope = row->scope,
            .named_id = row->principal_id,
            .role_guid = row->role_guid,
            .level = walk.level,
            .hold = HOLD_ELIGIBLE,
            .ends_at_s = row->ends_at_s,
        };

        if (!row->eligible)
            continue;
        grant_set_role(gathering, &grant,
            kv_estate_find_role(gathering->estate, row->role_guid), NULL);
        give_all(gathering, row->principal_id, row->principal_type, &grant);
    }
}

void effective_give(struct effective *effective, const struct kv_estate *estate,
    const char *id, const struct grant *grant)
{
    const struct gathering gathering = {
        .effective = effective,
        .estate = estate,
    };

    give_all(&gathering, id, KV_PRINCIPAL_UNKNOWN, grant);
}

struct effective *effective_make(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    struct effective *effective = mem_alloc(sizeof *effective);
    struct gathering gathering = {
        .effective = effective,
        .estate = estate,
        .resource = resource,
        .denials.estate = estate,
    };

    effective->above_unread =
        !kv_estate_subscription(estate, resource->subscription)->groups;
    denials_collect(&gathering.denials, resource->id);
    gather_assignments(&gathering);
    gather_policies(&gathering);
    gather_eligible(&gathering);
    return effective;
}

void effective_free(struct effective *effective)
{
    if (!effective)
        return;
    mem_free(effective->holders);
    mem_free(effective->grants);
    index_done(&effective->by_id);
    mem_free(effective);
}

/* ---- looking ---- */

const struct grant *holder_next_grant(const struct effective *effective,
    const struct holder *holder, const struct grant *after)
{
    uint32_t place = after ? after->next : holder->first;

    return place == KV_NONE ? NULL : &effective->grants[place];
}

const struct grant *holder_widest_grant(const struct effective *effective,
    const struct holder *holder, uint64_t actions)
{
    const struct grant *widest = NULL;
    const struct grant *grant = NULL;

    while ((grant = holder_next_grant(effective, holder, grant)))
        if (grant->hold != HOLD_ELIGIBLE && grant->level != KV_SCOPE_OBJECT &&
            (grant->actions & actions) &&
            (!widest || grant->level < widest->level))
            widest = grant;
    return widest;
}

bool holder_is_managed(
    const struct kv_estate *estate, const struct holder *holder)
{
    struct kv_walk walk = { 0 };

    const struct kv_principal *row = kv_estate_principal(estate, holder->id);

    return (row && row->managed_identity) ||
           kv_estate_next_at(estate, KV_SET_IDENTITIES, holder->id, &walk);
}

bool holder_is_missing(
    const struct kv_estate *estate, const struct holder *holder)
{
    const struct kv_principal *row = kv_estate_principal(estate, holder->id);

    return row && row->missing;
}

bool grant_is_listed(const struct kv_texts *ids, const struct grant *grant,
    const struct holder *holder)
{
    return kv_texts_have(ids, holder->id) ||
           (grant->named_id && kv_texts_have(ids, grant->named_id));
}
