/* The local roles of a managed HSM and who holds them, for the rows that judge
 * them. Of hsm_local.c. */
#ifndef HSM_LOCAL_H
#define HSM_LOCAL_H

#include "kvgov/posture.h"

/* Of Azure Policy's own application; its definitions look inside HSMs. */
#define HSM_GOVERNANCE_APP "a1b76039-a76c-499f-a2dd-846b4cc32627"

enum local_power {
    LOCAL_ASSIGN = 1u << 0,     /* gives roles, to itself too */
    LOCAL_ADMINISTER = 1u << 1, /* the security domain */
    LOCAL_USE = 1u << 2,        /* encrypts, signs, makes keys */
    LOCAL_UNKNOWN = 1u << 3,    /* its definition was not read */
};

/* One assignment, with what stands behind its ids. */
struct holding {
    const struct kv_local_assignment *assignment;
    const struct kv_local_role *role;     /* NULL: not read */
    const struct kv_principal *principal; /* NULL: not read */
    uint32_t powers;                      /* enum local_power, added up */
};

/* Walks those of the subject's HSM; false at the end. */
bool holding_next(const struct kv_subject *subject, struct kv_walk *walk,
    struct holding *out);
bool holding_is_at_root(const struct holding *holding);
/* What HSM-4 finds wrong with it; NULL: nothing. */
const char *holding_fault(
    const struct kv_subject *subject, const struct holding *holding);
/* On a line of its own: "NAME (user) holds ROLE at /". */
void holding_put(struct buf *evidence, const struct holding *holding);

#endif
