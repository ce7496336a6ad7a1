/* The Contoso estate with all rights for the cloud's first client: what the
 * service refuses then, it refuses for another reason. */
#ifndef SUPPORT_CLOUD_OWNER_H
#define SUPPORT_CLOUD_OWNER_H

#include "cloud_ask.h"

enum cloud_plane {
    PLANE_ARM,
    PLANE_VAULT,
    PLANE_HSM,
    PLANE_GRAPH,
    PLANE_LOGS,
};
#define PLANE_COUNT 5

struct owner {
    struct cloud *cloud;
    char *folder;
    char *bearers[PLANE_COUNT];
};

/* Owner of the whole tenant, Key Vault Administrator of every subscription,
 * Administrator and Crypto User of both HSMs, with all permissions by the access
 * policies of kv-plat-ci-weu. owner_close() ends it. */
struct owner *owner_open(void);
/* Likewise, with the vaults and HSMs where a client reaches them by name. */
struct owner *owner_open_named(void);
void owner_close(struct owner *owner);

/* One request; path has its api-version. vault is the name of a vault or HSM
 * on these planes and NULL on the others, body is NULL for none. */
struct owner_ask {
    enum cloud_plane plane;
    const char *vault;
    const char *method;
    const char *path;
    const char *body;
};
struct answer owner_send(
    const struct owner *owner, const struct owner_ask *ask);
/* The same; fails the test unless the status is this one. answer_done(). */
struct answer owner_expect(
    const struct owner *owner, const struct owner_ask *ask, int status);

#endif
