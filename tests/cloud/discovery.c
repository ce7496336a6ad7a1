/* What clients ask Entra before they sign in: which endpoints a tenant has. */
#include <stdlib.h>

#include "handlers.h"
#include "identity.h"
#include "signing.h"

static char *endpoint(const struct call *call, const char *path)
{
    return alloc_format("%s/%s%s", call->origin, call->captures[0], path);
}

static void body_set(
    json_t *body, const struct call *call, const char *name, const char *path)
{
    char *address = endpoint(call, path);

    json_object_set_new(body, name, json_string(address));
    free(address);
}

void identity_configuration(struct call *call)
{
    static const char *const names[][2] = {
        { "token_endpoint", "/oauth2/v2.0/token" },
        { "authorization_endpoint", "/oauth2/v2.0/authorize" },
        { "device_authorization_endpoint", "/oauth2/v2.0/devicecode" },
        { "end_session_endpoint", "/oauth2/v2.0/logout" },
        { "jwks_uri", "/discovery/v2.0/keys" },
        { "issuer", "/v2.0" },
    };
    json_t *body;

    if (!identity_tenant(call))
        return;
    body = json_pack("{s:[sss], s:[s], s:[s], s:n, s:s}",
        "token_endpoint_auth_methods_supported", "client_secret_post",
        "private_key_jwt", "client_secret_basic", "response_types_supported",
        "code", "scopes_supported", "offline_access", "tenant_region_scope",
        "cloud_instance_name", "kvgov-cloud");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        body_set(body, call, names[i][0], names[i][1]);
    answer_json(call, 200, body);
}

void identity_keys(struct call *call)
{
    struct signing *signing = identity_signing(call->cloud->identity);

    if (identity_tenant(call))
        answer_json(
            call, 200, json_pack("{s:[o]}", "keys", signing_key(signing)));
}
