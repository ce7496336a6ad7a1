/* What a 401 asks for: more proof, "Bearer realm="", error=
 * "insufficient_claims", claims="BASE64"" (OpenID Connect's claims parameter,
 * in an HTTP field); or, of a vault, a token by whom and for what. */
#include "auth.h"

#include "address.h"
#include "base64.h"
#include "cloud.h"

#include <jansson.h>
#include <string.h>

#define CLAIMS_LIMIT 8192 /* bytes of JSON */

/* The next name="value" or name=value; false at the end. A scheme's name before
 * the first parameter is taken for part of nothing. */
static bool next_parameter(
    struct view *rest, struct view *name, struct view *value)
{
    if (rest->size == 0)
        return false;
    *name = view_trim(view_cut(rest, '='));
    while (name->size > 0) { /* what a comma or a blank parts from it */
        struct view tail = *name;

        view_cut(&tail, ' ');
        if (tail.size == 0)
            break;
        *name = view_trim(tail);
    }
    if (rest->size > 0 && rest->data[0] == '"') {
        view_cut(rest, '"');
        *value = view_cut(rest, '"');
        view_cut(rest, ',');
    } else {
        *value = view_trim(view_cut(rest, ','));
    }
    return true;
}

static struct view parameter_find(struct view field, const char *wanted)
{
    struct view name, value;

    while (next_parameter(&field, &name, &value))
        if (view_equal_nocase(name, view_of(wanted)))
            return value;
    return (struct view){ 0 };
}

/* Sent back to Entra as it came, but nothing that is no JSON object. */
static bool is_object(struct view text)
{
    json_t *json = json_loadb(text.data ? text.data : "", text.size, 0, NULL);
    bool object = json_is_object(json);

    json_decref(json);
    return object;
}

bool auth_challenge_claims(struct buf *out, const char *www_authenticate)
{
    struct view field = view_of(www_authenticate);
    struct hidden claims = { 0 };
    bool found = false;

    if (view_starts_nocase(field, view_of("Bearer")) &&
        view_equal_nocase(
            parameter_find(field, "error"), view_of("insufficient_claims")))
        found = base64_decode(&claims, parameter_find(field, "claims")) &&
                claims.size <= CLAIMS_LIMIT && is_object(hidden_view(&claims));
    if (found)
        buf_put(out, hidden_view(&claims));
    hidden_done(&claims);
    return found;
}

/* ---- a vault's ---- */

#define ADDRESS_LIMIT 512

/* Some services say one word for it, some the other. */
static struct view parameter_either(
    struct view field, const char *name, const char *other)
{
    struct view value = parameter_find(field, name);

    return value.size > 0 ? value : parameter_find(field, other);
}

/* "https://vault.azure.net" of "https://kv-a.vault.azure.net", whole labels
 * only; a scope ends in "/.default". */
static bool is_in_domain(const char *origin, struct view resource)
{
    struct buf text = { .limit = ADDRESS_LIMIT };
    struct buf domain = { .limit = ADDRESS_LIMIT };
    const char *host = address_host(origin);
    size_t size = strlen(host);
    size_t tail;
    bool inside;

    buf_put(&text, resource);
    inside = http_origin(&domain, buf_text(&text), NULL) == KV_OK;
    tail = strlen(address_host(buf_text(&domain)));
    inside = inside && !text.failed && !domain.failed && tail > 0 &&
             size > tail && host[size - tail - 1] == '.' &&
             strcmp(host + size - tail, address_host(buf_text(&domain))) == 0;
    buf_done(&text);
    buf_done(&domain);
    return inside;
}

/* Older vaults name public Azure's login by its former host. */
static bool is_login(const struct auth_cloud *cloud, const char *authority)
{
    static const char former[] = "https://login.windows.net";
    const struct auth_cloud *known = cloud_find(cloud->arm);

    return http_same_origin(authority, cloud->login) ||
           (known == cloud_find(NULL) && http_same_origin(authority, former));
}

/* A GUID or a domain: the first part of the authority's path. */
static struct view tenant_of(const char *authority)
{
    struct view path = address_path(authority);

    if (path.size > 0 && path.data[0] == '/')
        view_cut(&path, '/');
    return view_cut(&path, '/');
}

static bool tenant_is_plain(struct view tenant)
{
    for (size_t i = 0; i < tenant.size; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    "0123456789-.",
                tenant.data[i]))
            return false;
    return tenant.size > 0 && tenant.size < 128;
}

enum kv_status auth_check_challenge(struct buf *tenant,
    const struct auth_cloud *cloud, const char *origin,
    const char *www_authenticate, struct kv_error *err)
{
    struct view field = view_of(www_authenticate);
    struct view resource = parameter_either(field, "resource", "scope");
    struct buf authority = { .limit = ADDRESS_LIMIT };
    enum kv_status status = KV_OK;

    buf_put(&authority,
        parameter_either(field, "authorization", "authorization_uri"));
    if (!view_starts_nocase(field, view_of("Bearer")) || resource.size == 0 ||
        authority.failed || !tenant_is_plain(tenant_of(buf_text(&authority))))
        status = kv_error_set(err, KV_PROTOCOL,
            "%s does not say which token it wants; none was sent",
            address_host(origin));
    else if (!is_in_domain(origin, resource))
        status = kv_error_set(err, KV_FOREIGN_HOST,
            "%s asks for a token that is for another domain; none was sent",
            address_host(origin));
    else if (!is_login(cloud, buf_text(&authority)))
        status = kv_error_set(err, KV_FOREIGN_HOST,
            "%s names a login host that is not this cloud's; no token was sent",
            address_host(origin));
    else
        buf_put(tenant, tenant_of(buf_text(&authority)));
    buf_done(&authority);
    return status;
}
