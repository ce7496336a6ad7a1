#ifndef CLOUD_IDENTITY_H
#define CLOUD_IDENTITY_H

#include <time.h>

#include "cloud.h"

/* Entra: who may sign in, which tokens are out, and whose a token is. */
struct identity;
struct signing;

struct identity *identity_new(void);
void identity_free(struct identity *identity);

/* ---- tokens (identity.c) ---- */

/* What a text that is out stands for. A refresh token is random, an access
 * token is signed for clients to look into. */
struct token {
    char *text;
    char *principal_id;
    char *client_id; /* who asked for it; may be NULL */
    char *audience;  /* without a trailing slash */
    bool refresh;
    bool strong; /* whoever signed in did so with a second factor */
    time_t expires;
    long long expires_ms; /* monotonic */
};

/* Makes a token like the one given, with a text of its own. Borrowed, until
 * the next one is issued. */
const struct token *token_issue(
    const struct call *call, const struct token *like, double life_s);
struct signing *identity_signing(struct identity *identity);
/* NULL when there is none; one that has expired is found. */
const struct token *token_find(
    const struct identity *identity, const char *text);

/* Notes the id of an assertion; false when it was used before. */
bool identity_use_once(struct identity *identity, const char *id);

/* ---- asking for one (grant.c) ---- */

struct grant {
    const char *principal_id;
    const char *client_id;
    const char *scope;
    const char *claims; /* what the request asks the token to hold, or NULL */
    bool strong;        /* proven already */
    bool person_there;  /* who can still prove it */
};

/* Answers with an access token, and with a refresh token where the scope has
 * offline_access; or with an error. */
void grant_answer(struct call *call, const struct grant *grant);
/* How long a token lives, by a fault or as usual. */
double grant_life_s(const struct call *call);
/* Whether any service takes tokens for this audience. */
bool audience_known(const struct call *call, const char *audience);

/* ---- presenting one (gate.c) ---- */

/* What a request for more claims says and a token request repeats: a second
 * factor, as ARM wants it of a person who writes. */
#define CLAIMS_SECOND_FACTOR                                                   \
    "{\"access_token\":{\"acrs\":{\"essential\":true,\"values\":[\"p1\"]}}}"

/* Finds out who asks and sets call->principal; otherwise answers 401 with the
 * challenge of the service that the request is for. */
bool identity_check(struct call *call);

/* ---- signing in (sign_in.c) ---- */

/* Answers as Entra does: error "invalid_grant", AADSTS number, sentence. */
void identity_error(struct call *call, unsigned status, const char *error,
    int number, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Whether the path's first segment names the tenant; otherwise answers. */
bool identity_tenant(struct call *call);
/* The application's registration, NULL when there is none. */
json_t *client_find(const struct call *call, const char *app_id);
/* The value of a form field, or NULL. */
const char *form_value(
    const struct parameter *form, size_t count, const char *name);
void form_done(struct parameter *form, size_t count);

/* ---- assertions (assertion.c, federated.c) ---- */

struct jwt;

/* Whether the assertion proves the client; otherwise answers. */
bool assertion_check(struct call *call, json_t *client, const char *assertion);
bool federated_check(struct call *call, json_t *client, const struct jwt *jwt);
/* Whether the token is valid now, give or take five minutes; else answers. */
bool assertion_in_time(struct call *call, const struct jwt *jwt);

/* ---- device codes (device.c) ---- */

/* One pending or answered device code. */
struct device {
    char *code;
    char *user_code;
    char *scope;
    char *claims; /* or NULL */
    char *client_id;
    long long expires_ms;
    long long next_ms; /* polling sooner is too soon */
    int pending;       /* how many answers were "pending" so far */
    char verdict;      /* 0, 'a'pproved or 'd'eclined */
};

struct device_list {
    struct device *items;
    size_t count;
};
struct device_list *identity_devices(struct identity *identity);
void device_done(struct device *device);

struct device_claim {
    const char *code;
    const char *client_id;
    const char *claims;
};
/* A token request with a device code. */
void device_redeem(struct call *call, const struct device_claim *claim);

#endif
