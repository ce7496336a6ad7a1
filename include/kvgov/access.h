/* Who may do what: the rights that are in effect on one vault or HSM, and what
 * each holder comes to over all of them. From role assignments, access policies
 * and an HSM's own roles, through groups, less what deny assignments take away.
 * Texts and rows that are pointed to are the estate's. */
#ifndef KVGOV_ACCESS_H
#define KVGOV_ACCESS_H

#include "kvgov/actions.h"
#include "kvgov/estate.h"

enum kv_hold {
    KV_HOLD_STANDING,
    KV_HOLD_ACTIVATED, /* for a while: Privileged Identity Management */
    KV_HOLD_ELIGIBLE,  /* not now, but may take it */
};

enum kv_holder_kind {
    KV_HOLDER_PERSON,
    KV_HOLDER_WORKLOAD,
    KV_HOLDER_CROWD,   /* a group whose members are not readable */
    KV_HOLDER_UNCLEAR, /* nobody says what it is: it may be a group */
};

/* Sets of KV_ACTION_BIT. */
struct kv_holder {
    const char *id; /* object id */
    enum kv_principal_type type;
    enum kv_holder_kind kind;
    uint64_t actions;  /* held now, on the whole resource */
    uint64_t objects;  /* held now, on single objects in it only */
    uint64_t idle;     /* granted by the model that the vault does not use */
    uint64_t eligible; /* not held now, but may be taken */
    bool restricted;   /* may assign roles, but a condition says which */
    bool undefined;    /* holds a role whose definition is not known */
};

/* One way in which the holder came to them; the first that is set says what it
 * is: an access policy, an HSM's own role, a role, or one that is not known. */
struct kv_grant {
    const struct kv_access_policy *policy;
    const struct kv_local_role *local;
    const struct kv_role *role;
    const char *role_guid;
    const char *scope;     /* that it was given at */
    const char *within;    /* of an HSM's own role: "/", "/keys"; NULL */
    const char *named_id;  /* whom it names: the holder, or a group */
    const char *condition; /* NULL without one */
    enum kv_scope_level level;
    enum kv_hold hold;
    int64_t ends_at_s; /* 0: never */
    uint64_t actions;  /* in effect */
    uint64_t idle;
    bool restricted;
};

/* ---- on one resource ---- */

struct kv_access;

/* The caller ends it with kv_access_free(); it holds until the next
 * kv_session_step(). */
struct kv_access *kv_access_new(
    const struct kv_estate *estate, const struct kv_resource *resource);
void kv_access_free(struct kv_access *access); /* NULL is allowed */
uint32_t kv_access_count(const struct kv_access *access);
struct kv_holder kv_access_holder(
    const struct kv_access *access, uint32_t index);
/* By object id; KV_NONE when it holds nothing. */
uint32_t kv_access_find(const struct kv_access *access, const char *id);
/* The grants of a holder one after the other: false behind the last. Start with
 * *place 0. */
bool kv_access_next_grant(const struct kv_access *access, uint32_t index,
    uint32_t *place, struct kv_grant *out);

/* Whether all was read that rights on the resource come from: what is held
 * above it, the definitions, an HSM's own roles. What may be taken by
 * activation is apart. */
bool kv_access_is_whole(
    const struct kv_estate *estate, const struct kv_resource *resource);

/* ---- over all ---- */

enum kv_reach {
    KV_REACH_SECRETS,  /* reads secret values */
    KV_REACH_KEYS,     /* decrypts, signs, unwraps, releases with keys */
    KV_REACH_CHANGES,  /* changes, copies or destroys what is inside */
    KV_REACH_CONTROLS, /* reconfigures or deletes it, or says who may what */
    KV_REACH_ELIGIBLE, /* may take one of these, and does not hold it now */
    KV_REACH_IDLE,     /* would, if the vault used the other model */
};
#define KV_REACH_COUNT 6
/* Bits of enum kv_reach, of what one holder has on one resource. */
uint32_t kv_reach_of(const struct kv_holder *holder, enum kv_kind kind);

/* One principal over all vaults and HSMs. */
struct kv_reach_row {
    const char *id;
    enum kv_principal_type type;
    enum kv_holder_kind kind;
    uint32_t count[KV_REACH_COUNT]; /* resources */
    uint32_t resources;             /* with any of them */
    uint32_t secrets;               /* in those whose secrets were listed */
    uint32_t unlisted;              /* of count[KV_REACH_SECRETS]: not listed */
    uint32_t levels;    /* 1u << enum kv_scope_level that these come from */
    bool by_policy;     /* some by access policies */
    bool by_group;      /* some through a group */
    bool by_local;      /* some by an HSM's own roles */
    const char *widest; /* the role at the highest scope; NULL */
};

/* Everybody, counted over the estate in slices; an estate that changes in
 * between is counted as it is met. */
struct kv_reaches;

struct kv_reaches *kv_reaches_new(const struct kv_estate *estate);
void kv_reaches_free(struct kv_reaches *reaches); /* NULL is allowed */
/* So many resources more; true when all were counted. */
bool kv_reaches_step(struct kv_reaches *reaches, uint32_t resources);
uint32_t kv_reaches_count(const struct kv_reaches *reaches);
const struct kv_reach_row *kv_reaches_row(
    const struct kv_reaches *reaches, uint32_t index);
/* Resources of which not all was read that rights come from. */
uint32_t kv_reaches_partly(const struct kv_reaches *reaches);

#endif
