/* The rights on one resource, as front ends see them. */
#include "kvgov/access.h"

#include "base.h"
#include "effective.h"

struct kv_access {
    struct effective *effective;
};

struct kv_access *kv_access_new(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    struct kv_access *access = mem_alloc(sizeof *access);

    access->effective = effective_make(estate, resource);
    if (resource->kind == KV_KIND_HSM)
        effective_add_local(access->effective, estate, resource);
    return access;
}

void kv_access_free(struct kv_access *access)
{
    if (!access)
        return;
    effective_free(access->effective);
    mem_free(access);
}

uint32_t kv_access_count(const struct kv_access *access)
{
    return (uint32_t)access->effective->count;
}

static enum kv_holder_kind kind_of(enum holder_kind kind)
{
    static const enum kv_holder_kind kinds[] = {
        [HOLDER_PERSON] = KV_HOLDER_PERSON,
        [HOLDER_WORKLOAD] = KV_HOLDER_WORKLOAD,
        [HOLDER_CROWD] = KV_HOLDER_CROWD,
        [HOLDER_UNCLEAR] = KV_HOLDER_UNCLEAR,
    };

    return kinds[kind];
}

struct kv_holder kv_access_holder(
    const struct kv_access *access, uint32_t index)
{
    const struct holder *holder = &access->effective->holders[index];

    return (struct kv_holder){
        .id = holder->id,
        .type = holder->type,
        .kind = kind_of(holder->kind),
        .actions = holder->actions,
        .objects = holder->objects,
        .idle = holder->idle,
        .eligible = holder->eligible,
        .restricted = holder->restricted,
        .undefined = holder->undefined,
    };
}

uint32_t kv_access_find(const struct kv_access *access, const char *id)
{
    return effective_find(access->effective, id);
}

static enum kv_hold hold_of(enum hold hold)
{
    static const enum kv_hold holds[] = {
        [HOLD_STANDING] = KV_HOLD_STANDING,
        [HOLD_ACTIVATED] = KV_HOLD_ACTIVATED,
        [HOLD_ELIGIBLE] = KV_HOLD_ELIGIBLE,
    };

    return holds[hold];
}

/* `place` is that of the next grant + 1; 0 before the first, KV_NONE at the
 * end. */
bool kv_access_next_grant(const struct kv_access *access, uint32_t index,
    uint32_t *place, struct kv_grant *out)
{
    const struct effective *effective = access->effective;
    uint32_t at = *place ? *place - 1 : effective->holders[index].first;
    const struct grant *grant;

    if (*place == KV_NONE || at == KV_NONE)
        return false;
    grant = &effective->grants[at];
    *place = grant->next == KV_NONE ? KV_NONE : grant->next + 1;
    *out = (struct kv_grant){
        .policy = grant->policy,
        .local = grant->local,
        .role = grant->role,
        .role_guid = grant->role_guid,
        .scope = grant->scope,
        .within = grant->within,
        .named_id = grant->named_id,
        .condition = grant->condition,
        .level = grant->level,
        .hold = hold_of(grant->hold),
        .ends_at_s = grant->ends_at_s,
        .actions = grant->actions,
        .idle = grant->idle,
        .restricted = grant->restricted,
    };
    return true;
}

bool kv_access_is_whole(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    static const enum kv_facet facets[] = { KV_FACET_PROPERTIES,
        KV_FACET_ASSIGNMENTS, KV_FACET_ROLES };
    struct kv_facet_status status;

    if (!kv_estate_subscription(estate, resource->subscription)->groups)
        return false;
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++) {
        status = kv_estate_facet(estate, resource, facets[i]);
        if (!kv_facet_known(&status))
            return false;
    }
    status = kv_estate_facet(estate, resource, KV_FACET_LOCAL_ROLES);
    return resource->kind != KV_KIND_HSM || kv_facet_known(&status);
}

uint32_t kv_reach_of(const struct kv_holder *holder, enum kv_kind kind)
{
    const uint64_t use = KV_ACTION_BIT(KV_ACTION_KEY_DECRYPT) |
                         KV_ACTION_BIT(KV_ACTION_KEY_UNWRAP) |
                         KV_ACTION_BIT(KV_ACTION_KEY_SIGN) |
                         KV_ACTION_BIT(KV_ACTION_KEY_RELEASE);
    uint64_t privileged = kv_actions_privileged(kind);
    uint64_t data = holder->actions | holder->objects;
    uint64_t more = holder->eligible & ~data & (KV_ACTIONS_DATA | privileged);
    const bool has[KV_REACH_COUNT] = {
        [KV_REACH_SECRETS] = data & KV_ACTION_BIT(KV_ACTION_SECRET_GET),
        [KV_REACH_KEYS] = data & use,
        [KV_REACH_CHANGES] = data & KV_ACTIONS_CHANGE,
        [KV_REACH_CONTROLS] =
            (holder->actions & privileged) || holder->restricted,
        [KV_REACH_ELIGIBLE] = more,
        [KV_REACH_IDLE] = holder->idle & ~data & KV_ACTIONS_DATA,
    };
    uint32_t bits = 0;

    for (unsigned i = 0; i < KV_REACH_COUNT; i++)
        bits |= has[i] ? 1u << i : 0;
    return bits;
}
