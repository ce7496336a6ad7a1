/* What a token endpoint gives. */
#ifndef TOKEN_H
#define TOKEN_H

#include "hidden.h"
#include "http.h"

/* A token on its way from whoever gave it to http_token_new(). */
struct grant {
    struct hidden access;
    struct hidden refresh; /* empty when there is none */
    int64_t expires_at_s;
    char *tenant;  /* where the giver says so beside the token, or NULL */
    char *account; /* who asked, where the way knows; else NULL */
    bool anew;     /* somebody signed in for it: another one, perhaps */
};

void grant_done(struct grant *grant);

/* Decodes a token endpoint's 200. Fails with KV_PROTOCOL. `grant` is zeroed
 * by the caller and his. */
KV_NODISCARD enum kv_status grant_decode(
    struct grant *grant, struct view body, int64_t now_s, struct kv_error *err);

/* Decodes what `az account get-access-token` printed; likewise. */
KV_NODISCARD enum kv_status grant_decode_cli(
    struct grant *grant, struct view body, struct kv_error *err);

/* An integer that may be written as a string, as some of Entra's are; -1 when
 * it is neither. */
int64_t grant_number(const json_t *object, const char *name);

#endif
