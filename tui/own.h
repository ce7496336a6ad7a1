/* What the one who is signed in may change, as far as role assignments that
 * were read tell: a preview asks Azure itself. */
#ifndef OWN_H
#define OWN_H

#include "kvgov/session.h"

enum own_answer {
    OWN_NO,      /* no role over it allows any change */
    OWN_YES,     /* one does; not necessarily the one that is needed */
    OWN_UNKNOWN, /* who this is, or what is assigned, was not read */
};

/* One role over one scope that allows changes. */
struct own_role {
    const char *scope;
    bool sure; /* held in person or as a known member */
};

/* Holds until the next news of the estate. */
struct own {
    const struct kv_estate *estate;
    struct own_role *roles;
    size_t count;
    size_t capacity;
    bool known; /* who it is, and what is assigned */
};

/* Zero-initialise the struct; end with own_done(). */
void own_find(struct own *own, const struct kv_session *session);
void own_done(struct own *own);
enum own_answer own_may_change(
    const struct own *own, const struct kv_resource *resource);

#endif
