/* Who may do something to a vault or HSM, and through what: role assignments,
 * access policies, groups, conditions, eligibility, deny assignments, and the
 * roles of an HSM's own. */
#ifndef KVGOV_WHO_CAN_H
#define KVGOV_WHO_CAN_H

#include "kvgov/error.h"
#include "kvgov/estate.h"

/* ---- what is asked ---- */

struct kv_question {
    uint64_t actions; /* KV_ACTION_BIT, added up: Azure's roles and policies */
    uint64_t local;   /* data actions of an HSM's own roles, one bit each */
};

/* What may be asked of a kind of resource, one after the other; false behind
 * the last. `words` are plain ones, between blanks, the first the best. */
struct kv_askable {
    const char *words; /* "get-secret" */
    const char *name;  /* "Microsoft.KeyVault/vaults/secrets/getSecret/action" */
    struct kv_question question;
};
bool kv_askable(enum kv_kind kind, size_t index, struct kv_askable *out);

/* A plain word or Azure's name of an action, either with "*" for any text; any
 * ASCII case. Fails with KV_BAD_INPUT where it means nothing on that kind. */
KV_NODISCARD enum kv_status kv_question_parse(struct kv_question *out,
    enum kv_kind kind, const char *text, struct kv_error *err);

/* ---- what is answered ---- */

enum kv_can {
    KV_CAN_NOW,
    KV_CAN_ON_CONDITION, /* of the assignment, or with an application only */
    KV_CAN_ELIGIBLE,     /* not now, but may activate it */
    KV_CAN_DENIED,       /* could, but a deny assignment takes it away */
    KV_CAN_UNKNOWN,      /* what it allows was not read */
};
#define KV_CAN_COUNT 5
const char *kv_can_name(enum kv_can can); /* "on condition" */

/* One way in which one principal can. Texts live as long as the estate; NULL
 * where there is nothing to say. */
struct kv_chain {
    enum kv_can can;
    const char *principal_id;
    enum kv_principal_type type; /* a group: its members are not known */
    const char *group_id;        /* that the right was given to; NULL: itself */
    const char *role;            /* its name, or its id while it is not read */
    const char *scope;           /* "/keys/NAME" of an HSM's own roles */
    enum kv_scope_level level;
    bool policy;    /* an access policy, not a role */
    bool local;     /* a role of the HSM's own */
    bool activated; /* for a while */
    int64_t ends_at_s;
    const char *condition;
    const char *application_id; /* only together with this one */
    const char *denied_by;      /* name of the deny assignment */
    struct kv_question actions; /* of those asked for */
};
typedef void kv_chain_fn(void *context, const struct kv_chain *chain);

/* Gives every chain before it returns: by principal, in the order in which the
 * estate has them. What it does not know of is in kv_who_can_needs(). */
void kv_who_can(const struct kv_estate *estate,
    const struct kv_resource *resource, const struct kv_question *question,
    kv_chain_fn *take, void *context);
/* The facets that the answer is made of, KV_FACET_BIT added up: where one of
 * them is not known, there may be more. */
uint64_t kv_who_can_needs(
    const struct kv_resource *resource, const struct kv_question *question);
/* How many principals cannot, but may give themselves a right to the data that
 * is asked for. */
uint32_t kv_who_can_take(const struct kv_estate *estate,
    const struct kv_resource *resource, const struct kv_question *question);

#endif
