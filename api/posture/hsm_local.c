/* Who may do what inside a managed HSM, by its own roles. They are judged by
 * what they allow, since their names mislead: a Crypto Officer uses no key but
 * may give itself any role. */
#include "hsm_local.h"

#include "estate.h"
#include "evaluate.h"

#include <string.h>

#define ACTION "Microsoft.KeyVault/managedHsm/"

/* ---- roles ---- */

static bool patterns_match(
    const char *const *patterns, uint32_t count, const char *action)
{
    for (uint32_t i = 0; i < count; i++)
        if (role_pattern_matches(patterns[i], action))
            return true;
    return false;
}

static bool allows(const struct kv_local_role *role, const char *action)
{
    for (uint32_t i = 0; i < role->block_count; i++) {
        const struct kv_permission_block *block = &role->blocks[i];

        if (patterns_match(
                block->data_actions, block->data_action_count, action) &&
            !patterns_match(
                block->not_data_actions, block->not_data_action_count, action))
            return true;
    }
    return false;
}

static uint32_t powers_of(const struct kv_local_role *role)
{
    static const struct {
        const char *action;
        uint32_t power;
    } rows[] = {
        { ACTION "roleAssignments/write/action", LOCAL_ASSIGN },
        { ACTION "securitydomain/download/action", LOCAL_ADMINISTER },
        { ACTION "keys/encrypt/action", LOCAL_USE },
        { ACTION "keys/decrypt/action", LOCAL_USE },
        { ACTION "keys/sign/action", LOCAL_USE },
        { ACTION "keys/unwrap/action", LOCAL_USE },
        { ACTION "keys/release/action", LOCAL_USE },
        { ACTION "keys/create", LOCAL_USE },
    };
    uint32_t powers = 0;

    if (!role)
        return LOCAL_UNKNOWN;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (allows(role, rows[i].action))
            powers |= rows[i].power;
    return powers;
}

static const struct kv_local_role *role_find(
    const struct kv_subject *subject, const char *guid)
{
    struct kv_walk walk = { 0 };
    const struct kv_local_role *role;

    while ((role = kv_estate_next_at(subject->estate, KV_SET_LOCAL_ROLES,
                subject->resource->id, &walk)))
        if (text_equal_nocase(role->guid, guid))
            return role;
    return NULL;
}

bool holding_next(
    const struct kv_subject *subject, struct kv_walk *walk, struct holding *out)
{
    const struct kv_local_assignment *row = kv_estate_next_at(
        subject->estate, KV_SET_LOCAL_ASSIGNMENTS, subject->resource->id, walk);

    if (!row)
        return false;
    *out = (struct holding){
        .assignment = row,
        .role = role_find(subject, row->role_guid),
        .principal = kv_estate_principal(subject->estate, row->principal_id),
    };
    out->powers = powers_of(out->role);
    return true;
}

/* ---- principals ---- */

static enum kv_principal_type type_of(const struct holding *holding)
{
    return holding->principal ? holding->principal->type : KV_PRINCIPAL_UNKNOWN;
}

static bool is_missing(const struct holding *holding)
{
    return holding->principal && holding->principal->missing;
}

bool holding_is_at_root(const struct holding *holding)
{
    return strcmp(holding->assignment->within, "/") == 0;
}

void holding_put(struct buf *evidence, const struct holding *holding)
{
    const struct kv_principal *principal = holding->principal;

    evidence_new_line(evidence);
    evidence_put_text(evidence, principal && principal->name
                                    ? principal->name
                                    : holding->assignment->principal_id);
    buf_puts(evidence, " (");
    buf_puts(evidence, is_missing(holding)
                           ? "deleted, or of another tenant"
                           : kv_principal_type_name(type_of(holding)));
    buf_puts(evidence, ") holds ");
    evidence_put_text(evidence,
        holding->role ? holding->role->name : holding->assignment->role_guid);
    buf_puts(evidence, " at ");
    evidence_put_text(evidence, holding->assignment->within);
}

/* ---- HSM-1: who administers ---- */

struct administrators {
    uint32_t direct;  /* persons that hold it themselves */
    uint32_t persons; /* with the members of groups */
    uint32_t holdings;
    bool unsure;
};

static void count_administrator(struct administrators *all,
    const struct holding *holding, struct buf *evidence)
{
    const struct kv_principal *principal = holding->principal;

    all->holdings++;
    holding_put(evidence, holding);
    switch (type_of(holding)) {
    case KV_PRINCIPAL_USER:
        all->direct++;
        all->persons++;
        break;
    case KV_PRINCIPAL_GROUP:
        if (principal->members_status.state == KV_FACET_READY) {
            all->persons += principal->member_count;
            buf_puts(evidence, ", ");
            evidence_put_number(
                evidence, principal->member_count, "member", "members");
        } else {
            all->unsure = true;
            buf_puts(evidence, ", whose members were not read");
        }
        break;
    case KV_PRINCIPAL_SERVICE:
    case KV_PRINCIPAL_DEVICE:
        break;
    case KV_PRINCIPAL_UNKNOWN:
    case KV_PRINCIPAL_FOREIGN_GROUP:
        all->unsure = !is_missing(holding) || all->unsure;
        break;
    }
}

static enum kv_verdict judge_administrators(const struct kv_policy *policy,
    const struct administrators *all, struct buf *evidence)
{
    evidence_new_line(evidence);
    buf_puts(evidence, all->unsure ? "at least " : "");
    evidence_put_number(evidence, all->persons, "person", "persons");
    buf_putf(evidence, " in all; %u to %u are asked for, through a group",
        (unsigned)policy->hsm_admins, (unsigned)policy->max_hsm_admins);
    if (all->direct > 0 || all->persons > policy->max_hsm_admins)
        return KV_VERDICT_FAIL;
    if (all->unsure)
        return KV_VERDICT_UNKNOWN;
    return all->persons < policy->hsm_admins ? KV_VERDICT_FAIL
                                             : KV_VERDICT_PASS;
}

enum kv_verdict hsm_administrators(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct administrators all = { 0 };
    struct kv_walk walk = { 0 };
    struct holding holding;

    while (holding_next(subject, &walk, &holding)) {
        if (holding_is_at_root(&holding) && holding.powers & LOCAL_ADMINISTER)
            count_administrator(&all, &holding, evidence);
        all.unsure = all.unsure || holding.powers & LOCAL_UNKNOWN;
    }
    return judge_administrators(subject->policy, &all, evidence);
}

/* ---- HSM-3: how far down ---- */

static bool is_single_key(const struct holding *holding)
{
    return strncmp(holding->assignment->within, "/keys/", 6) == 0;
}

enum kv_verdict hsm_roles_per_key(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    struct holding holding;
    uint32_t workloads = 0;
    uint32_t wide = 0;
    bool unsure = false;

    while (holding_next(subject, &walk, &holding)) {
        bool person = type_of(&holding) == KV_PRINCIPAL_USER ||
                      type_of(&holding) == KV_PRINCIPAL_GROUP;

        if (person || is_missing(&holding))
            continue;
        unsure = unsure || type_of(&holding) == KV_PRINCIPAL_UNKNOWN ||
                 holding.powers & LOCAL_UNKNOWN;
        if (type_of(&holding) != KV_PRINCIPAL_SERVICE ||
            !(holding.powers & LOCAL_USE))
            continue;
        workloads++;
        if (is_single_key(&holding))
            continue;
        wide++;
        holding_put(evidence, &holding);
    }
    if (wide > 0)
        return KV_VERDICT_FAIL;
    evidence_put_number(evidence, workloads,
        "workload uses keys, on a key each",
        "workloads use keys, each on single keys");
    if (!unsure)
        return KV_VERDICT_PASS;
    evidence_new_line(evidence);
    buf_puts(evidence, "not every principal or role could be named: needs "
                       "Microsoft Graph Directory.Read.All");
    return KV_VERDICT_UNKNOWN;
}

/* ---- HSM-4: how much ---- */

/* Whether the principal holds `powers` anywhere in the HSM. */
static bool holds(
    const struct kv_subject *subject, const char *principal_id, uint32_t powers)
{
    struct kv_walk walk = { 0 };
    struct holding holding;

    while (holding_next(subject, &walk, &holding))
        if (text_equal_nocase(holding.assignment->principal_id, principal_id) &&
            holding.powers & powers)
            return true;
    return false;
}

const char *holding_fault(
    const struct kv_subject *subject, const struct holding *holding)
{
    if (is_missing(holding))
        return "nobody is behind it any more";
    if (type_of(holding) == KV_PRINCIPAL_SERVICE &&
        holding->powers & (LOCAL_ASSIGN | LOCAL_ADMINISTER))
        return "a workload that may give itself any role";
    if (holding->powers & LOCAL_ADMINISTER &&
        holds(subject, holding->assignment->principal_id, LOCAL_USE))
        return "administers the HSM and uses its keys";
    return NULL;
}

enum kv_verdict hsm_least_privilege(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct kv_facet_status keys = subject_facet(subject, KV_FACET_KEYS);
    struct kv_walk walk = { 0 };
    struct holding holding;
    uint32_t faults = 0;
    uint32_t all = 0;
    bool unsure = !kv_facet_known(&keys);

    while (holding_next(subject, &walk, &holding)) {
        const char *fault = holding_fault(subject, &holding);

        all++;
        if (fault) {
            faults++;
            holding_put(evidence, &holding);
            buf_putf(evidence, ": %s", fault);
        } else if (type_of(&holding) == KV_PRINCIPAL_UNKNOWN ||
                   holding.powers & LOCAL_UNKNOWN) {
            unsure = true;
            holding_put(evidence, &holding);
            buf_puts(evidence, ": who or what that is was not read");
        }
    }
    if (faults > 0)
        return KV_VERDICT_FAIL;
    if (!kv_facet_known(&keys)) {
        evidence_new_line(evidence);
        buf_puts(evidence, "roles on single keys are not known; ");
        evidence_put_missing(evidence, KV_FACET_KEYS, &keys);
    }
    evidence_new_line(evidence);
    evidence_put_number(evidence, all, "local assignment", "local assignments");
    return unsure ? KV_VERDICT_UNKNOWN : KV_VERDICT_PASS;
}

/* ---- HSM-18: whether Azure Policy sees the keys ---- */

static bool is_data_policy(const char *definition)
{
    static const char *const guids[] = {
        "1d478a74-21ba-4b9f-9d8f-8e6fced0eec5",
        "ad27588c-0198-4c84-81ef-08efd0274653",
        "1fd3b2cc-9904-40fa-b8da-050c02612da9",
        "86810a98-8e91-4a44-8386-ec66d0de5d57",
        "e58fd0c1-feac-4d12-92db-0a7e9421f53e",
        "fa85a975-a142-46dc-a9ab-8cc69ecb358c",
    };

    for (size_t i = 0; definition && i < sizeof guids / sizeof *guids; i++)
        if (view_equal_nocase(
                arm_id_last(view_of(definition)), view_of(guids[i])))
            return true;
    return false;
}

static bool set_has_data_policy(
    const struct kv_subject *subject, const char *definition)
{
    const struct kv_policy_set *set =
        kv_estate_find_row(subject->estate, KV_SET_POLICY_SETS, definition);

    for (uint32_t i = 0; set && i < set->member_count; i++)
        if (is_data_policy(set->members[i].definition_id))
            return true;
    return false;
}

static const struct kv_policy_assignment *data_policy(
    const struct kv_subject *subject)
{
    struct kv_walk walk = { 0 };
    const struct kv_policy_assignment *row;

    while ((row = kv_estate_next_row(subject->estate, KV_SET_POLICIES,
                subject->resource->id, &walk)))
        if (is_data_policy(row->definition_id) ||
            (row->definition_id &&
                set_has_data_policy(subject, row->definition_id)))
            return row;
    return NULL;
}

static bool is_governance(const struct holding *holding)
{
    return text_equal_nocase(
               holding->assignment->principal_id, HSM_GOVERNANCE_APP) ||
           (holding->principal && holding->principal->app_id &&
               text_equal_nocase(holding->principal->app_id, HSM_GOVERNANCE_APP));
}

enum kv_verdict hsm_policy_sees(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_policy_assignment *policy = data_policy(subject);
    struct kv_walk walk = { 0 };
    struct holding holding;

    if (!policy) {
        buf_puts(evidence, "no policy about the keys of HSMs is assigned");
        return KV_VERDICT_NOT_APPLICABLE;
    }
    evidence_put_text(evidence, policy->name);
    buf_puts(evidence, " is assigned");
    while (holding_next(subject, &walk, &holding))
        if (is_governance(&holding)) {
            holding_put(evidence, &holding);
            if (holding_is_at_root(&holding) && holding.role &&
                allows(holding.role, ACTION "keys/read/action"))
                return KV_VERDICT_PASS;
        }
    evidence_new_line(evidence);
    buf_puts(evidence, "its principal, application " HSM_GOVERNANCE_APP
                       ", does not hold Managed HSM Crypto Auditor at /, so "
                       "that it sees no key");
    return KV_VERDICT_FAIL;
}

/* ---- HSM-20: a setting ---- */

enum kv_verdict hsm_arm_off(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const char wanted[] = "AllowKeyManagementOperationsThroughARM";
    struct kv_walk walk = { 0 };
    const struct kv_hsm_setting *row;

    while ((row = kv_estate_next_at(subject->estate, KV_SET_SETTINGS,
                subject->resource->id, &walk)))
        if (text_equal_nocase(row->name, wanted)) {
            buf_putf(evidence, "%s is ", wanted);
            evidence_put_text(evidence, row->value);
            return text_equal_nocase(row->value, "false") ? KV_VERDICT_PASS
                                                          : KV_VERDICT_FAIL;
        }
    buf_putf(evidence, "%s is not set, which means false", wanted);
    return KV_VERDICT_PASS;
}
