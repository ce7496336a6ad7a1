/* Signing in: which cloud this is, who is asking, and a token for whichever
 * service is asked. One chain, in the order of Microsoft's own libraries:
 * client secret, client certificate, workload identity, managed identity, Azure
 * CLI; and a device code where a person asks for it. */
#ifndef AUTH_H
#define AUTH_H

#include "http.h"
#include "kvgov/checkup.h"

/* A cloud's endpoints, from the table of known clouds or from the ARM's
 * /metadata/endpoints. */
struct auth_cloud {
    const char *name;           /* "AzureCloud" */
    const char *arm;            /* "https://management.azure.com", no slash */
    const char *login;          /* "https://login.microsoftonline.com" */
    const char *audience;       /* ARM's, "https://management.azure.com/" */
    const char *portal;         /* "" when there is none */
    const char *vault_suffix;   /* ".vault.azure.net" */
    const char *hsm_suffix;     /* ".managedhsm.azure.net" */
    const char *vault_audience; /* "https://vault.azure.net" */
    const char *hsm_audience;
    const char *graph; /* Microsoft Graph; "" where the cloud names none */
    const char *logs;  /* Log Analytics queries; likewise */
};

/* The ARM of a known cloud by name: "AzureUSGovernment", "usgov". NULL asks
 * for the cloud that the environment means: the one whose login host is
 * AZURE_AUTHORITY_HOST, else the one that the Azure CLI is set to. Public Azure
 * is NULL in *out, which is static else. Fails with KV_BAD_CONFIG. */
KV_NODISCARD enum kv_status auth_find_arm(const char **out, const char *cloud,
    char **environment, struct kv_error *err);

struct auth_options {
    struct http *http;
    const char *arm_endpoint; /* NULL: public Azure, no discovery needed */
    const char *tenant;       /* NULL: AZURE_TENANT_ID, else "organizations" */
    /* The only way to sign in, by kvgov's name or by Microsoft's:
     * "managed-identity", "ManagedIdentityCredential". NULL: what
     * AZURE_TOKEN_CREDENTIALS allows, else every one. */
    const char *way;
    bool no_device_code;
    uint32_t backoff_ms; /* before a metadata service is asked again; 0: 1000 */
    char **environment;  /* NULL: the process's own */
    void (*changed)(void *context); /* the sign-in state is another one */
    void *context;
};

/* Whether `way` names one; NULL does. Fails with KV_BAD_CONFIG. */
KV_NODISCARD enum kv_status auth_check_way(
    const char *way, struct kv_error *err);

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

/* What became of each way to sign in, in the order of trying. */
uint32_t auth_way_count(const struct auth *auth);
struct kv_way auth_way(const struct auth *auth, uint32_t index);
/* When ARM's token runs out; 0: there is none. */
int64_t auth_expires_at_s(const struct auth *auth);

/* What a token is for. */
enum auth_audience {
    AUTH_ARM,
    AUTH_VAULT,
    AUTH_HSM,
    AUTH_GRAPH,
    AUTH_LOGS,
};
#define AUTH_AUDIENCE_COUNT 5

/* The callback runs at once or from auth_step()/http_step(); `token` is NULL on
 * failure and borrowed for the call. */
typedef void auth_token_fn(
    void *context, struct http_token *token, const struct kv_error *err);

struct auth_token_request {
    enum auth_audience audience;
    /* The vault or HSM that is asked, which must be the cloud's: the token is
     * bound to it. NULL for the others, whose one host the cloud names. */
    const char *origin;
    bool force; /* a new one, after a 401 */
    /* What a 401 asked for, from auth_challenge_claims(): a new token that
     * proves it. NULL: nothing. */
    const char *claims;
    auth_token_fn *done;
    void *context;
};

/* Gives a token: the one that is there when it has 5 minutes left, else a new
 * one. Several who wait for one audience share one request. A host that is not
 * the audience's gets KV_FOREIGN_HOST; an audience that was refused fails with
 * the same reason for a minute. Where claims need a person, the sign-in becomes
 * a device code, or KV_SIGN_IN_NEEDED, and says why; what is signed in already
 * goes on. */
void auth_token(struct auth *auth, const struct auth_token_request *request);

/* Puts the claims, as JSON, that a WWW-Authenticate field asks for; false when
 * it asks for none. */
bool auth_challenge_claims(struct buf *out, const char *www_authenticate);

/* Before anything is sent: whether `origin` is a vault (AUTH_VAULT) or an HSM
 * (AUTH_HSM) of this cloud. Fails with KV_FOREIGN_HOST, or KV_BAD_INPUT. */
KV_NODISCARD enum kv_status auth_check_host(const struct auth_cloud *cloud,
    enum auth_audience audience, const char *origin, struct kv_error *err);
/* Before a token is asked for: whether the 401 of such a host names what this
 * cloud's vaults name: the domain that the host is in, a login host of the
 * cloud, and a tenant. Puts that tenant. Fails with KV_FOREIGN_HOST, or with
 * KV_PROTOCOL when the field names nothing of the kind. */
KV_NODISCARD enum kv_status auth_check_challenge(struct buf *tenant,
    const struct auth_cloud *cloud, const char *origin,
    const char *www_authenticate, struct kv_error *err);

/* A descriptor to wait for (the output of `az`), or -1. */
int auth_fd(const struct auth *auth);
/* Milliseconds until auth_step() must be called; -1 when nothing is due. */
int64_t auth_due_ms(const struct auth *auth);
void auth_step(struct auth *auth);
bool auth_busy(const struct auth *auth);

#endif
