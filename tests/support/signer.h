/* A key of the test's own with a certificate for it, and tokens signed by it:
 * what a client or another issuer of tokens has. Shares no code with what is
 * tested. */
#ifndef SUPPORT_SIGNER_H
#define SUPPORT_SIGNER_H

#include <openssl/evp.h>
#include <stdbool.h>

struct signer {
    EVP_PKEY *key;
    char *certificate;       /* PEM */
    char *public_key;        /* PEM */
    char *x5t;               /* base64url of the certificate's SHA-1 ... */
    char *x5t_s256;          /* ... and of its SHA-256 */
    bool thumbprints_hidden; /* a token does not name the certificate */
};

/* RSA with 2048 bits; signer_free(). */
struct signer *signer_new(void);
void signer_free(struct signer *signer);

/* A token with these claims (JSON), by PS256 or RS256, naming the certificate
 * by the thumbprint that goes with it; mem_free(). */
char *signer_sign(const struct signer *signer, bool pss, const char *claims);

#endif
