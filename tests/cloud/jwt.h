#ifndef CLOUD_JWT_H
#define CLOUD_JWT_H

#include <jansson.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

/* A signed token taken apart; nothing in it is believed before jwt_verify(). */
struct jwt {
    json_t *header;
    json_t *claims;
    char *body; /* what is signed */
    unsigned char *signature;
    size_t signature_length;
};

/* False when it is not three parts of base64url with two JSON objects; the
 * jwt is the caller's until jwt_done() in either case. */
bool jwt_parse(struct jwt *jwt, const char *text);
void jwt_done(struct jwt *jwt);

/* Whether the key made the signature, by RS256 or PS256 as the header says;
 * false for any other algorithm. */
bool jwt_verify(const struct jwt *jwt, EVP_PKEY *key);

/* A claim; NULL or 0 where it is absent, of another type or no time. */
const char *jwt_text(const struct jwt *jwt, const char *claim);
json_int_t jwt_time(const struct jwt *jwt, const char *claim);
/* Whether aud, which may be one text or several, holds this one. */
bool jwt_audience_is(const struct jwt *jwt, const char *audience);

/* Bytes as base64url without padding; the caller frees it. */
char *base64url_text(const unsigned char *bytes, size_t length);

#endif
