/* What the remedies share that change who may do what: rights as sets, role
 * definitions and assignments as they are now, and what must not be taken away
 * from whom. */
#ifndef ACCESS_H
#define ACCESS_H

#include "faults.h"
#include "kvgov/actions.h"
#include "plan.h"

#define AUTHORIZATION_API "2022-04-01"
#define ASSIGNMENTS_PATH "/providers/Microsoft.Authorization/roleAssignments"
#define DEFINITIONS_PATH "/providers/Microsoft.Authorization/roleDefinitions"

/* ---- rights.c: what a role or an access policy entry lets its holder do ---- */

/* KV_ACTION_BIT, and above them what may be done to the managed storage
 * accounts of old vaults, which the service has retired. */
#define RIGHTS_STORAGE (~(KV_ACTION_BIT(KV_ACTION_COUNT) - 1))
#define RIGHTS_DATA (KV_ACTIONS_DATA | RIGHTS_STORAGE)
/* In the order of rights.c: reading them is first, tokens of theirs ninth. */
#define RIGHTS_STORAGE_READ                                                    \
    (KV_ACTION_BIT(KV_ACTION_COUNT) | KV_ACTION_BIT(KV_ACTION_COUNT + 8))
#define RIGHTS_STORAGE_CHANGE (RIGHTS_STORAGE & ~RIGHTS_STORAGE_READ)
#define RIGHTS_STORAGE_PURGE KV_ACTION_BIT(KV_ACTION_COUNT + 6)

/* Of a role definition as ARM returns it. */
uint64_t rights_of_definition(json_t *definition);
/* Of {"keys": ["get", ...], ...}. */
uint64_t rights_of_permissions(json_t *permissions);
/* The permissions of an entry, in Azure's spelling, without the words that give
 * any of these rights; "all" becomes the words that are left of it. */
json_t *permissions_without(json_t *permissions, uint64_t rights);
/* "secrets/getSecret, keys/read"; "nothing" for none; all of a kind as one. */
void rights_put(struct buf *out, uint64_t rights);
/* The data actions as a role definition lists them. */
json_t *rights_as_actions(uint64_t rights);

/* ---- roles.c: role definitions as they are now ---- */

struct role {
    const char *guid; /* borrowed from the answer */
    const char *name;
    bool custom;
    uint64_t rights;
};

struct roles {
    struct role *items;
    size_t count;
};

/* Those that can be assigned at a scope. False while they are not read; where
 * they cannot be, a check blocks and there are none. */
bool roles_read(struct roles *out, struct draft *draft, const char *scope);
void roles_done(struct roles *roles);
const struct role *roles_find(const struct roles *roles, const char *guid);
/* By GUID or name. */
const struct role *roles_find_named(
    const struct roles *roles, struct view name);

#define COVER_MAX 3

struct cover {
    const struct role *roles[COVER_MAX];
    size_t count;
    uint64_t rights; /* of all of them */
};
/* The built-in roles that together give the rights and least besides; none of
 * the control plane, none of `never`. False: no such roles. */
bool roles_cover(struct cover *out, const struct roles *roles, uint64_t wanted,
    uint64_t never);
/* What it gives besides that is more than looking at names. */
uint64_t cover_excess(const struct cover *cover, uint64_t wanted);

/* ---- principals.c ---- */

/* "user NAME ID", "group NAME ID of 12 members". */
void principal_put(struct buf *out, const struct kv_estate *estate,
    const char *id, enum kv_principal_type type);
/* As Azure spells it in an assignment; NULL where it is not known. */
const char *principal_type_word(enum kv_principal_type type);
/* In person, or as a member of the group; unknown where the group cannot be
 * read. */
enum kv_tri principal_is(const struct kv_estate *estate, const char *id,
    const char *who);

/* ---- assignments.c ---- */

struct wish {
    const char *scope;
    const char *principal_id;
    const char *role_guid;
    const char *subscription; /* that the definition is named under */
    const char *type;         /* "ServicePrincipal"; NULL: left to Azure */
    json_t *like; /* properties of which the condition is kept; NULL: none */
};
/* The id that such an assignment always gets. */
void assignment_put_id(struct buf *out, const struct wish *wish);
/* The step that makes it. */
struct step *assignment_make(struct draft *draft, const struct wish *wish);
/* The step that removes one that was read. */
struct step *assignment_unmake(
    struct draft *draft, const char *id, json_t *found);
/* The assignments at and above a scope as they are now; NULL while they are not
 * read. */
const struct live_answer *assignments_at(
    struct draft *draft, const char *scope);
/* Of such a list: the same role for the same principal at that scope. */
json_t *assignment_twin(json_t *list, const struct wish *wish);
/* A GUID that the same texts always give (RFC 9562, version 5). */
void guid_put(struct buf *out, const char *const *parts, size_t count);
/* What follows the last slash of a definition's id. */
const char *role_guid_of(json_t *properties);

#define WAIT_MINUTES "10" /* Azure: role assignments take up to so long */
enum kv_status wait_accept(
    const struct option *option, const char *value, struct kv_error *err);
void wait_offer(struct option *out, const struct plan_targets *targets);
int64_t input_wait_s(const struct plan_input *input);
#define WAIT_OPTION                                                            \
    {                                                                          \
        .name = "wait", .label = "Minutes to wait before the next step",       \
        .help = "new role assignments take up to ten minutes to count "        \
                "everywhere",                                                  \
        .offer = wait_offer, .accept = wait_accept,                            \
    }

/* ---- choice.c: which assignments a plan is about ---- */

/* What is chosen for one target. */
struct choice {
    const struct kv_assignment **items;
    size_t count;
    size_t capacity;
};
/* What the row finds at fault in one of these ways, or what the option names.
 * What is shared with another target of the plan is left to the first one, which
 * is said. */
void choice_make(struct choice *out, struct draft *draft,
    const struct plan_input *input, uint32_t kinds);
void choice_done(struct choice *choice);
/* Whether what is assigned there reaches the resource. */
bool scope_reaches(const struct kv_estate *estate, const char *scope,
    const struct kv_resource *resource);
/* What the row finds at fault on a resource; faults_done(). */
void choice_faults(struct faults *out, const struct plan_input *input,
    uint32_t resource);
/* The row finds the same assignment at fault on another resource. */
bool choice_is_fault(const struct plan_input *input, uint32_t resource,
    const struct kv_assignment *assignment, uint32_t kinds);
void choice_offer(
    struct option *out, const struct plan_targets *targets, uint32_t kinds);
enum kv_status choice_accept(
    const struct option *option, const char *value, struct kv_error *err);

/* ---- taking.c: what may not be taken from whom, and what they lose ---- */

/* What a draft has taken away so far. */
struct taking {
    struct draft *draft;
    const struct plan_input *input;
    const struct kv_assignment **items;
    size_t count;
    size_t capacity;
};
/* NULL: it may be taken. Else why it is left alone: break-glass, the last one
 * who can assign roles at its scope, or what the operator holds only by it. */
const char *taking_refusal(
    struct taking *taking, const struct kv_assignment *assignment);
/* Counts it as taken, and says who loses what by it; `given` is what they get
 * instead. */
void taking_add(struct taking *taking, const struct kv_assignment *assignment,
    uint64_t given);
void taking_done(struct taking *taking);

/* ---- removal.c ---- */

#define ASSIGNMENTS_TAKE                                                       \
    "up to 10 minutes; up to 24 hours through a group with managed "           \
    "identities; hours for data roles at a management group"

/* Says that it stays, and why. */
void removal_leave(struct draft *draft, const struct plan_input *input,
    const struct kv_assignment *assignment, const char *why);
/* What is there of it now, borrowed. NULL: it is not read yet, or is left
 * alone, which is said. */
json_t *removal_find(
    struct taking *taking, const struct kv_assignment *assignment);
/* The step that removes it. */
void removal_make(const struct taking *taking,
    const struct kv_assignment *assignment, json_t *found);
/* Where something was chosen and nothing is done. */
void removal_block_if_none(struct draft *draft, const struct choice *choice);

#endif
