/* A client certificate with its key, from a file, for as long as something is
 * signed with it. */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include "hidden.h"

#include <openssl/x509.h>

struct credential {
    EVP_PKEY *key;
    X509 *leaf;             /* the one that the key belongs to */
    STACK_OF(X509) * chain; /* the others, as the file has them; may be NULL */
};

/* Reads PEM (key and certificates in any order) or PKCS#12. `password` may be
 * NULL. Refuses what Entra would: no RSA key of 2048 bits, a certificate that
 * is not valid at `now_s`. Fails with KV_SIGN_IN. `out` is zeroed by the caller
 * and his. */
KV_NODISCARD enum kv_status credential_load(struct credential *out,
    const char *path, const char *password, int64_t now_s,
    struct kv_error *err);
void credential_done(struct credential *credential);

#endif
