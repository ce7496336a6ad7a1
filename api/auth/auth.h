/* Signing in: which cloud this is, who is asking, and a token for ARM when one
 * is needed. One chain: environment client secret, Azure CLI, device code. */
#ifndef AUTH_H
#define AUTH_H

#include "http.h"
#include "kvgov/session.h"

/* A cloud's endpoints, from the table of known clouds or from the ARM's
 * /metadata/endpoints. */
struct auth_cloud {
    const char *name;         /* "AzureCloud" */
    const char *arm;          /* "https://management.azure.com", no slash */
    const char *login;        /* "https://login.microsoftonline.com" */
    const char *audience;     /* ARM's, "https://management.azure.com/" */
    const char *portal;       /* "" when there is none */
    const char *vault_suffix; /* ".vault.azure.net" */
    const char *hsm_suffix;   /* ".managedhsm.azure.net" */
};

struct auth_options {
    struct http *http;
    const char *arm_endpoint; /* NULL: public Azure, no discovery needed */
    const char *tenant;       /* NULL: AZURE_TENANT_ID, else "organizations" */
    bool no_device_code;
    char **environment;             /* NULL: the process's own */
    void (*changed)(void *context); /* the sign-in state is another one */
    void *context;
};

struct auth;

struct auth *auth_new(const struct auth_options *options);
/* Ends a running `az`, forgets the tokens; who waits sees KV_CANCELLED. The
 * transport may be gone before. NULL is allowed. */
void auth_free(struct auth *auth);

/* Discovers the cloud where needed, then tries the chain. */
void auth_start(struct auth *auth);
/* Asks for a device code and polls until it is answered. */
void auth_device_code(struct auth *auth);

const struct kv_sign_in *auth_sign_in(const struct auth *auth);
const struct auth_cloud *auth_cloud(const struct auth *auth);

/* Gives a token for ARM: the cached one when it has 5 minutes left, else a new
 * one; `force` asks for a new one after a 401. The callback runs at once or
 * from auth_step()/http_step(); `token` is NULL on failure and borrowed for
 * the call. Several waiting callers share one request. */
typedef void auth_token_fn(
    void *context, struct http_token *token, const struct kv_error *err);
void auth_token(
    struct auth *auth, bool force, auth_token_fn *done, void *context);

/* A descriptor to wait for (the output of `az`), or -1. */
int auth_fd(const struct auth *auth);
/* Milliseconds until auth_step() must be called; -1 when nothing is due. */
int64_t auth_due_ms(const struct auth *auth);
void auth_step(struct auth *auth);
bool auth_busy(const struct auth *auth);

#endif
