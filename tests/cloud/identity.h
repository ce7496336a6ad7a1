#ifndef CLOUD_IDENTITY_H
#define CLOUD_IDENTITY_H

#include "cloud.h"

/* Entra: who may sign in, which tokens are out, and whose a token is. */
struct identity;

struct identity *identity_new(void);
void identity_free(struct identity *identity);

/* Finds out who asks and sets call->principal, or answers ARM's 401. */
bool identity_check(struct call *call);

/* Answers with an access token, and with a refresh token where the scope has
 * offline_access; or with an error when the scope is no good. */
void identity_answer_token(
    struct call *call, const char *principal_id, const char *scope);

/* Whose a refresh token is; the caller frees both. False if it is none. */
bool identity_refresh(
    struct call *call, const char *text, char **principal_id, char **audience);

/* Answers as Entra does: error "invalid_grant", AADSTS number, sentence. */
void identity_error(struct call *call, unsigned status, const char *error,
    int number, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* One pending or answered device code. */
struct device {
    char *code;
    char *user_code;
    char *scope;
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
/* A token request with a device code. */
void device_redeem(struct call *call, const char *code, const char *client_id);

/* Whether the path's first segment names the tenant; otherwise answers. */
bool identity_tenant(struct call *call);
/* The value of a form field, or NULL. */
const char *form_value(
    const struct parameter *form, size_t count, const char *name);
void form_done(struct parameter *form, size_t count);

#endif
