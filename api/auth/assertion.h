/* What an application says of itself, signed: a JWT (RFC 7523). */
#ifndef ASSERTION_H
#define ASSERTION_H

#include "credential.h"

/* PS256 is what Microsoft documents; RS256 what every authority has taken for
 * ever. */
enum assertion_algorithm {
    ASSERTION_PS256,
    ASSERTION_RS256,
};

struct assertion {
    enum assertion_algorithm algorithm;
    const char *audience; /* the token endpoint's address */
    const char *client;
    bool send_chain; /* for who trusts the issuer and the subject's name */
    int64_t now_s;
};

/* Writes the signed JWT. Fails with KV_SIGN_IN. */
KV_NODISCARD enum kv_status assertion_sign(struct hidden *out,
    const struct assertion *assertion, const struct credential *credential,
    struct kv_error *err);

#endif
