/* Keys and certificates of one test, made by OpenSSL, and what is signed with
 * them, checked by it. Shares no code with the API layer. */
#ifndef SUPPORT_CERTIFICATE_H
#define SUPPORT_CERTIFICATE_H

#include <jansson.h>
#include <openssl/x509.h>
#include <stdbool.h>

enum certificate_kind {
    CERTIFICATE_RSA,
    CERTIFICATE_RSA_SHORT, /* 1024 bits */
    CERTIFICATE_EC,
};

struct certificate {
    EVP_PKEY *key;
    X509 *x509;
};

/* Valid from `from_s` to `to_s` seconds from now. */
struct certificate certificate_new(
    enum certificate_kind kind, long from_s, long to_s);
void certificate_done(struct certificate *certificate);

/* Writes a file of the parts that are not NULL; with `password` the key is
 * encrypted. */
struct certificate_file {
    EVP_PKEY *key;
    X509 *first; /* before the key */
    X509 *last;  /* behind it */
    const char *password;
};
void certificate_write_pem(
    const char *path, const struct certificate_file *file);
/* Key and `first`, with `last` as a further one. */
void certificate_write_pkcs12(
    const char *path, const struct certificate_file *file);
/* As text; free(). */
char *certificate_pem(X509 *x509);
char *certificate_key_pem(EVP_PKEY *key); /* the public one */

/* A JWT taken apart and checked. */
struct signed_token {
    json_t *header;
    json_t *claims;
    bool valid; /* signed by the key, as the header's "alg" says */
};
struct signed_token signed_token_read(const char *token, EVP_PKEY *key);
void signed_token_done(struct signed_token *token);
/* Signs by RS256; free(). */
char *signed_token_new(const char *claims, EVP_PKEY *key);

/* Base64url of the certificate's digest; free(). */
char *certificate_thumbprint(const X509 *x509, const char *digest);

#endif
