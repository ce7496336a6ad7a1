/* How rights are said on every screen that shows them. */
#ifndef ACCESS_WORDS_H
#define ACCESS_WORDS_H

#include "kvgov/access.h"

/* Short enough for a column, like the words of Azure's portal. */
const char *access_type_word(enum kv_principal_type type); /* "app" */
const char *access_level_word(enum kv_scope_level level);  /* "mgmt grp" */

/* By name where it is known; one that Entra does not find is marked. */
void access_put_who(
    struct buf *out, const struct kv_estate *estate, const char *id);
/* "reads secret values, reconfigures it": data first; "nothing" for none. */
void access_put_actions(struct buf *out, uint64_t actions);
/* What it was given: the role's name, "access policy". */
void access_put_given(struct buf *out, const struct kv_grant *grant);
/* One grant in one sentence: what was given, at which scope, through whom, for
 * how long, under which condition, and whether that is in force. */
void access_put_grant(struct buf *out, const struct kv_estate *estate,
    const struct kv_grant *grant, const char *holder_id);

/* What the holder has, in the words of a list: what is in force, else what may
 * be taken, else what is asleep. */
void access_put_right(struct buf *out, const struct kv_holder *holder);

#endif
