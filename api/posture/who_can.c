/* Who may do what is asked, through what. */
#include "kvgov/who_can.h"

#include "effective.h"
#include "estate.h"

struct answering {
    const struct kv_estate *estate;
    const struct kv_resource *resource;
    struct kv_question question;
    bool model_known; /* whether roles or access policies rule the data */
    kv_chain_fn *take;
    void *context;
};

const char *kv_can_name(enum kv_can can)
{
    static const char *const names[KV_CAN_COUNT] = {
        [KV_CAN_NOW] = "yes",
        [KV_CAN_ON_CONDITION] = "on condition",
        [KV_CAN_ELIGIBLE] = "eligible",
        [KV_CAN_DENIED] = "denied",
        [KV_CAN_UNKNOWN] = "unknown",
    };

    return names[can];
}

/* ---- Azure's roles and access policies ---- */

static const char *role_word(const struct grant *grant)
{
    if (grant->policy)
        return NULL;
    return grant->role && grant->role->name ? grant->role->name
                                            : grant->role_guid;
}

static struct kv_chain chain_of(
    const struct holder *holder, const struct grant *grant)
{
    bool itself =
        !grant->named_id || text_equal_nocase(grant->named_id, holder->id);

    return (struct kv_chain){
        .principal_id = holder->id,
        .type = holder->type,
        .group_id = itself ? NULL : grant->named_id,
        .role = role_word(grant),
        .scope = grant->scope,
        .level = grant->level,
        .policy = grant->policy != NULL,
        .activated = grant->hold == HOLD_ACTIVATED,
        .ends_at_s = grant->ends_at_s,
        .condition = grant->condition,
        .application_id = grant->policy ? grant->policy->application_id : NULL,
    };
}

static enum kv_can can_of(const struct grant *grant)
{
    if (grant->hold == HOLD_ELIGIBLE)
        return KV_CAN_ELIGIBLE;
    return grant->condition || (grant->policy && grant->policy->application_id)
               ? KV_CAN_ON_CONDITION
               : KV_CAN_NOW;
}

/* What the grant gives of it, and what a condition leaves of the right to
 * assign roles. */
static uint64_t given(const struct grant *grant, uint64_t wanted)
{
    uint64_t actions = grant->actions & wanted;

    if (grant->restricted && grant->role)
        actions |= grant->role->actions & wanted & KV_ACTIONS_ASSIGN;
    return actions;
}

static void give(const struct answering *answering, struct kv_chain *chain,
    enum kv_can can, uint64_t actions)
{
    chain->can = can;
    chain->actions.actions = actions;
    if (actions)
        answering->take(answering->context, chain);
}

static void answer_grant(const struct answering *answering,
    const struct holder *holder, const struct grant *grant)
{
    uint64_t wanted = answering->question.actions;
    struct kv_chain chain = chain_of(holder, grant);

    if (grant->undefined) {
        give(answering, &chain, KV_CAN_UNKNOWN, wanted);
        return;
    }
    give(answering, &chain, can_of(grant), given(grant, wanted));
    if (!answering->model_known)
        give(answering, &chain, KV_CAN_UNKNOWN, grant->idle & wanted);
    chain.denied_by = grant->denial ? grant->denial->name : NULL;
    give(answering, &chain, KV_CAN_DENIED, grant->denied & wanted);
}

static void answer_azure(const struct answering *answering)
{
    struct effective *effective =
        effective_make(answering->estate, answering->resource);

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];
        const struct grant *grant = NULL;

        while ((grant = holder_next_grant(effective, holder, grant)))
            answer_grant(answering, holder, grant);
    }
    effective_free(effective);
}

/* ---- roles of an HSM's own ---- */

static bool any_matches(
    const char *const *patterns, uint32_t count, const char *action)
{
    for (uint32_t i = 0; i < count; i++)
        if (role_pattern_matches(patterns[i], action))
            return true;
    return false;
}

static bool local_allows(const struct kv_local_role *role, const char *action)
{
    for (uint32_t i = 0; i < role->block_count; i++) {
        const struct kv_permission_block *block = &role->blocks[i];

        if (any_matches(
                block->data_actions, block->data_action_count, action) &&
            !any_matches(
                block->not_data_actions, block->not_data_action_count, action))
            return true;
    }
    return false;
}

static uint64_t local_given(const struct kv_local_role *role, uint64_t wanted)
{
    struct kv_askable row;
    uint64_t actions = 0;

    for (size_t i = 0; kv_askable(KV_KIND_HSM, i, &row); i++)
        if ((row.question.local & wanted) && local_allows(role, row.name))
            actions |= row.question.local;
    return actions;
}

static const struct kv_local_role *local_find(
    const struct answering *answering, const char *guid)
{
    struct kv_walk walk = { 0 };
    const struct kv_local_role *role;

    while ((role = kv_estate_next_at(answering->estate, KV_SET_LOCAL_ROLES,
                answering->resource->id, &walk)))
        if (text_equal_nocase(role->guid, guid))
            return role;
    return NULL;
}

static void give_local(const struct answering *answering,
    struct kv_chain *chain, const char *id, const char *group_id)
{
    const struct kv_principal *row = kv_estate_principal(answering->estate, id);

    chain->principal_id = id;
    chain->group_id = group_id;
    chain->type = row ? row->type : KV_PRINCIPAL_UNKNOWN;
    answering->take(answering->context, chain);
}

/* A group whose members are known stands for them, else for itself. */
static void give_local_all(
    const struct answering *answering, struct kv_chain *chain, const char *id)
{
    const struct kv_principal *row = kv_estate_principal(answering->estate, id);

    if (!row || row->type != KV_PRINCIPAL_GROUP ||
        row->members_status.state != KV_FACET_READY) {
        give_local(answering, chain, id, NULL);
        return;
    }
    for (uint32_t i = 0; i < row->member_count; i++)
        give_local(answering, chain, row->members[i], id);
}

static void answer_local(const struct answering *answering)
{
    uint64_t wanted = answering->question.local;
    struct kv_walk walk = { 0 };
    const struct kv_local_assignment *row;

    while ((row = kv_estate_next_at(answering->estate, KV_SET_LOCAL_ASSIGNMENTS,
                answering->resource->id, &walk))) {
        const struct kv_local_role *role =
            local_find(answering, row->role_guid);
        struct kv_chain chain = {
            .can = role ? KV_CAN_NOW : KV_CAN_UNKNOWN,
            .role = role && role->name ? role->name : row->role_guid,
            .scope = row->within,
            .level = row->within && row->within[0] && row->within[1]
                         ? KV_SCOPE_OBJECT
                         : KV_SCOPE_RESOURCE,
            .local = true,
            .actions.local = role ? local_given(role, wanted) : wanted,
        };

        if (chain.actions.local)
            give_local_all(answering, &chain, row->principal_id);
    }
}

/* ---- public ---- */

void kv_who_can(const struct kv_estate *estate,
    const struct kv_resource *resource, const struct kv_question *question,
    kv_chain_fn *take, void *context)
{
    const struct answering answering = {
        .estate = estate,
        .resource = resource,
        .question = *question,
        .model_known = resource->properties.state == KV_FACET_READY,
        .take = take,
        .context = context,
    };

    if (question->actions)
        answer_azure(&answering);
    if (question->local)
        answer_local(&answering);
}

uint64_t kv_who_can_needs(
    const struct kv_resource *resource, const struct kv_question *question)
{
    uint64_t needs = KV_FACET_BIT(KV_FACET_MEMBERS);

    if (question->actions)
        needs |= KV_FACET_BIT(KV_FACET_ASSIGNMENTS) |
                 KV_FACET_BIT(KV_FACET_ROLES) | KV_FACET_BIT(KV_FACET_DENIALS) |
                 KV_FACET_BIT(KV_FACET_SCHEDULES);
    if (question->actions & KV_ACTIONS_DATA)
        needs |= KV_FACET_BIT(KV_FACET_PROPERTIES);
    if (question->local && resource->kind == KV_KIND_HSM)
        needs |= KV_FACET_BIT(KV_FACET_LOCAL_ROLES);
    return needs;
}

/* Under access policies whoever writes the vault writes itself one; under roles
 * whoever assigns them assigns itself one. */
uint32_t kv_who_can_take(const struct kv_estate *estate,
    const struct kv_resource *resource, const struct kv_question *question)
{
    uint64_t wanted = question->actions & KV_ACTIONS_DATA;
    uint64_t means = KV_ACTION_BIT(KV_ACTION_ASSIGN) |
                     KV_ACTION_BIT(KV_ACTION_MAKE_ELIGIBLE) |
                     KV_ACTION_BIT(KV_ACTION_MAKE_ACTIVE);
    struct effective *effective;
    uint32_t count = 0;

    if (!wanted)
        return 0;
    if (resource->rbac != KV_TRI_TRUE)
        means |= KV_ACTIONS_VAULT_WRITE;
    effective = effective_make(estate, resource);
    for (size_t i = 0; i < effective->count; i++)
        count += !(holder_data(&effective->holders[i]) & wanted) &&
                 (effective->holders[i].actions & means) != 0;
    effective_free(effective);
    return count;
}
