#ifndef CLOUD_SIGNING_H
#define CLOUD_SIGNING_H

#include "identity.h"

/* What Entra writes into tokens, and the key that it signs them by. Services
 * of the cloud go by the token's text alone and believe nothing in it; the
 * contents are for clients, which like to look. */
struct signing;

struct signing *signing_new(void);
void signing_free(struct signing *signing);

/* The text of an access token, and of an id token for the client; each is the
 * caller's to free. */
char *signing_access_token(const struct call *call, struct signing *signing,
    const struct token *token);
char *signing_id_token(const struct call *call, struct signing *signing,
    const struct token *token);

/* The public key as a JSON web key. */
json_t *signing_key(struct signing *signing);

#endif
