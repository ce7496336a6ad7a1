/* Audiences: what a token for each is asked for, and which hosts may see it. */
#include "cloud.h"

#include "address.h"

#include <string.h>

#define ORIGIN_LIMIT 512

const char *cloud_audience(
    const struct auth_cloud *cloud, enum auth_audience audience)
{
    switch (audience) {
    case AUTH_ARM:
        return cloud->audience;
    case AUTH_VAULT:
        return cloud->vault_audience;
    case AUTH_HSM:
        return cloud->hsm_audience;
    case AUTH_GRAPH:
        return cloud->graph;
    case AUTH_LOGS:
        return cloud->logs;
    }
    return "";
}

/* Where a token may go whatever the caller says; NULL: to the host that is
 * asked. */
static const char *own_origin(
    const struct auth_cloud *cloud, enum auth_audience audience)
{
    switch (audience) {
    case AUTH_ARM:
        return cloud->arm;
    case AUTH_GRAPH:
        return cloud->graph;
    case AUTH_LOGS:
        return cloud->logs;
    case AUTH_VAULT:
    case AUTH_HSM:
        break;
    }
    return NULL;
}

/* "https://NAME.vault.azure.net": one label before the suffix, so that no
 * host of another domain, and no deeper one, passes. Of a simulated cloud the
 * vaults may have a port that the suffix leaves out. */
static bool is_vault(const char *origin, const char *suffix, bool simulated)
{
    const char *host = address_host(origin);
    bool any_port = simulated && !strchr(suffix, ':');
    size_t size = any_port ? strcspn(host, ":") : strlen(host);
    size_t tail = strlen(suffix);
    size_t name = size > tail ? size - tail : 0;

    if (!simulated && strncmp(origin, "https://", 8) != 0)
        return false;
    return tail > 1 && name > 0 && strcspn(host, ".") == name &&
           strncasecmp(host + name, suffix, tail) == 0;
}

static enum kv_status bind_vault(struct buf *out,
    const struct auth_cloud *cloud, const char *suffix, const char *origin,
    struct kv_error *err)
{
    enum kv_status status = http_origin(out, origin, err);

    if (status != KV_OK)
        return status;
    if (is_vault(buf_text(out), suffix, cloud_is_simulated(cloud)))
        return KV_OK;
    return kv_error_set(err, KV_FOREIGN_HOST,
        "%s is no vault of this cloud, whose vaults end in %s; no token was "
        "asked for it",
        address_host(buf_text(out)), *suffix ? suffix : "nothing known");
}

enum kv_status cloud_bind(struct buf *out, const struct auth_cloud *cloud,
    enum auth_audience audience, const char *origin, struct kv_error *err)
{
    const char *own = own_origin(cloud, audience);

    if (!*cloud_audience(cloud, audience) && audience != AUTH_ARM)
        return kv_error_set(err, KV_BAD_CONFIG,
            "this cloud does not say where that service is");
    if (!own)
        return bind_vault(out, cloud,
            audience == AUTH_HSM ? cloud->hsm_suffix : cloud->vault_suffix,
            origin, err);
    if (origin && !http_same_origin(origin, own))
        return kv_error_set(err, KV_FOREIGN_HOST,
            "a token for %s is of no use elsewhere; nothing was asked",
            address_host(own));
    buf_puts(out, own);
    return KV_OK;
}

enum kv_status auth_check_host(const struct auth_cloud *cloud,
    enum auth_audience audience, const char *origin, struct kv_error *err)
{
    struct buf bound = { .limit = ORIGIN_LIMIT };
    enum kv_status status = cloud_bind(&bound, cloud, audience, origin, err);

    if (status == KV_OK && cloud_is_simulated(cloud) &&
        !address_is_loopback(buf_text(&bound)))
        status = kv_error_set(err, KV_FOREIGN_HOST,
            "%s is not on this machine, where the simulated cloud is; nothing "
            "was sent there",
            address_host(buf_text(&bound)));
    buf_done(&bound);
    return status;
}
