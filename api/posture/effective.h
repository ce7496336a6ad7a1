/* Who may do what to one resource: by role assignment or access policy, in
 * person or through a group, for ever, for now or on request, less what deny
 * assignments take away. Computed once for a resource and shared by its rows. */
#ifndef EFFECTIVE_H
#define EFFECTIVE_H

#include "arena.h"
#include "judgement.h"
#include "kvgov/actions.h"

enum hold {
    HOLD_STANDING,
    HOLD_ACTIVATED, /* for a while: PIM */
    HOLD_ELIGIBLE,  /* not now, but may take it */
};

/* One way in which one holder got one set of actions. */
struct grant {
    const struct kv_role *role;             /* NULL: not known, or a policy */
    const struct kv_access_policy *policy;  /* NULL: by a role */
    const struct kv_assignment *assignment; /* NULL: a policy, or eligible */
    const struct kv_local_role *local;      /* an HSM's own; NULL */
    const char *within;                     /* of an HSM's own; NULL */
    const char *condition;                  /* NULL without one */
    const char *scope;                      /* that it was given at */
    const char *named_id; /* whom it names: the holder, or a group */
    const char *role_guid;
    enum kv_scope_level level;
    enum hold hold;
    int64_t ends_at_s;
    uint64_t actions; /* in effect */
    uint64_t idle;    /* data, by the model that the vault does not use */
    uint64_t denied;  /* would be in effect, but for `denial` */
    const struct kv_denial *denial;
    bool restricted;  /* may assign roles, but a condition says which */
    bool undefined;   /* the role's definition is not known */
    uint32_t next;    /* of the same holder; KV_NONE at the end */
};

enum holder_kind {
    HOLDER_PERSON,
    HOLDER_WORKLOAD,
    HOLDER_CROWD,   /* a group whose members are not readable */
    HOLDER_UNCLEAR, /* nobody says what it is: it may be a group */
};

struct holder {
    const char *id;
    enum kv_principal_type type;
    enum holder_kind kind;
    uint64_t actions; /* held now, on the whole resource */
    uint64_t objects; /* held now, on single objects in it only */
    uint64_t idle;
    uint64_t eligible;
    bool restricted;
    bool undefined;
    uint32_t first; /* of its grants; KV_NONE without */
    uint32_t last;
};

struct effective {
    struct holder *holders;
    size_t count;
    size_t capacity;
    struct grant *grants;
    size_t grant_count;
    size_t grant_capacity;
    struct index by_id; /* in use when there are many */
    /* Which management groups lie above is not read, nor what is assigned
     * there. */
    bool above_unread;
};

struct effective *effective_make(
    const struct kv_estate *estate, const struct kv_resource *resource);
void effective_free(struct effective *effective);
/* Adds what an HSM's own roles give; rows judge those apart. */
void effective_add_local(struct effective *effective,
    const struct kv_estate *estate, const struct kv_resource *resource);
/* Adds one grant, which nothing denies: to the members of a group where they
 * are known. */
void effective_give(struct effective *effective, const struct kv_estate *estate,
    const char *id, const struct grant *grant);
/* KV_NONE when it holds nothing. */
uint32_t effective_find(const struct effective *effective, const char *id);

/* The one of the subject's resource; only inside kv_judge(). */
static inline const struct effective *judged_effective(
    const struct kv_subject *subject)
{
    return judgement_get(subject, JUDGED_EFFECTIVE);
}

/* The holder's grants, one after the other; NULL starts and ends. */
const struct grant *holder_next_grant(const struct effective *effective,
    const struct holder *holder, const struct grant *after);
/* Of the grants that give one of the actions and are held now, not for single
 * objects: the one at the highest scope. NULL: none. */
const struct grant *holder_widest_grant(const struct effective *effective,
    const struct holder *holder, uint64_t actions);

/* Data that it gives, or would if the vault used the other model. */
static inline uint64_t grant_data(const struct grant *grant)
{
    return (grant->actions | grant->idle) & KV_ACTIONS_DATA;
}

/* Data that it reaches now, be it only single objects. */
static inline uint64_t holder_data(const struct holder *holder)
{
    return (holder->actions | holder->objects) & KV_ACTIONS_DATA;
}

/* A managed identity, by Microsoft Graph or by the resource that it is of. */
bool holder_is_managed(
    const struct kv_estate *estate, const struct holder *holder);
/* Asked for and not in the tenant. */
bool holder_is_missing(
    const struct kv_estate *estate, const struct holder *holder);
/* In the list, itself or by the group that a grant names. */
bool grant_is_listed(const struct kv_texts *ids, const struct grant *grant,
    const struct holder *holder);

/* Why not everybody's rights are known. */
struct doubts {
    uint32_t groups;    /* whose members are not readable */
    uint32_t unclear;   /* principals of no stated type */
    uint32_t undefined; /* principals with a role whose definition is missing */
    bool above;         /* what is assigned at management groups is not read */
};
/* Those that matter to whoever asks for holders of one of the actions, be it on
 * single objects. */
struct doubts effective_doubts(const struct kv_estate *estate,
    const struct effective *effective, uint64_t actions);
/* Counts a holder that may stand for several, unless nobody is behind it. */
void doubts_take(struct doubts *doubts, const struct kv_estate *estate,
    const struct holder *holder);
bool doubts_any(const struct doubts *doubts);

/* ---- in words: effective_words.c ---- */

/* On a line of its own: "user NAME ID", "... through the group NAME ID". */
void effective_put_holder(struct buf *evidence, const struct kv_estate *estate,
    const struct holder *holder, const struct grant *grant);
/* ": Owner at the subscription", ", activated until DATE". */
void effective_put_grant(struct buf *evidence, const struct grant *grant);
/* ", without effect while ...", where it gives data that the vault's model does
 * not let it give. */
void effective_put_idle(struct buf *evidence, const struct grant *grant);
/* By name where Microsoft Graph told it, always with the id. */
void effective_put_name(
    struct buf *evidence, const struct kv_estate *estate, const char *id);
/* A line each. */
void effective_put_doubts(struct buf *evidence, const struct doubts *doubts);

#endif
