/* Names that nobody should see on a screenshot: tenant, subscriptions, resource
 * groups, vaults, objects, people. Each is replaced by a pseudonym, the same one
 * wherever it stands and in every run on this machine, whose secret key makes
 * it: who sees the pseudonym cannot try out names. */
#ifndef MASK_H
#define MASK_H

#include "kvgov/session.h"

struct mask;

/* Reads the key, or makes one, in the person's folder of configuration; where
 * that cannot be written it holds for this run. */
struct mask *mask_new(void);
/* With a key that is given: 16 bytes. */
struct mask *mask_new_with(const unsigned char key[16]);
void mask_free(struct mask *mask); /* NULL is allowed */

enum mask_kind {
    MASK_TENANT,
    MASK_SUBSCRIPTION,
    MASK_GROUP,
    MASK_VAULT,
    MASK_OBJECT,
    MASK_PERSON,
    MASK_ROLE, /* of the tenant's own */
};

void mask_add(struct mask *mask, enum mask_kind kind, const char *name);
/* All names that the session knows by now. */
void mask_learn(struct mask *mask, const struct kv_session *session);

/* Appends the text with every name in it replaced, in any case, as a whole
 * word; also what only looks like one: a GUID, an account with an @, the names
 * in an ARM id. */
void mask_put(const struct mask *mask, struct view text, struct buf *out);

#endif
