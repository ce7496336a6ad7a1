/* The sources of managed identities, by the variables that Azure sets where
 * they are; in the order in which Microsoft's libraries look for them. */
#include "source.h"

#include "cloud.h"
#include "file.h"

#include <string.h>
#include <unistd.h>

#define ARC_AGENT "/opt/azcmagent/bin/himds"
#define ARC_KEYS "/var/opt/azcmagent/tokens"
#define KEY_LIMIT 4096 /* bytes, Microsoft's bound */
#define TOKEN_PATH "/metadata/identity/oauth2/token"

static const struct source app_service = {
    .name = "App Service",
    .needs = { "IDENTITY_ENDPOINT", "IDENTITY_HEADER" },
    .path = "",
    .version = "2019-08-01",
    .secret_field = "X-IDENTITY-HEADER",
    .any_identity = true,
};

static const struct source arc = {
    .name = "Azure Arc",
    .needs = { "IDENTITY_ENDPOINT", "IMDS_ENDPOINT" },
    .path = "",
    .version = "2020-06-01",
    .challenges = true,
};

/* Where the agent is installed but this shell has not its variables. */
static const struct source arc_agent = {
    .name = "Azure Arc",
    .address = "http://localhost:40342",
    .path = TOKEN_PATH,
    .version = "2020-06-01",
    .challenges = true,
};

/* AZURE_POD_IDENTITY_AUTHORITY_HOST stands in for the address. */
static const struct source imds = {
    .name = "the metadata service",
    .address = "http://169.254.169.254",
    .path = TOKEN_PATH,
    .version = "2018-02-01",
    .any_identity = true,
    .probed = true,
};

static bool is_given_away(const struct source *source, const struct way *way)
{
    return way_getenv(way, source->needs[0]) &&
           way_getenv(way, source->needs[1]);
}

const struct source *source_find(const struct way *way)
{
    if (is_given_away(&app_service, way))
        return &app_service;
    if (is_given_away(&arc, way))
        return &arc;
    if (!cloud_is_simulated(way->port.cloud) && access(ARC_AGENT, F_OK) == 0)
        return &arc_agent;
    return &imds;
}

/* ---- the address ---- */

static const char *address_of(
    const struct source *source, const struct way *way)
{
    const char *other = way_getenv(way, "AZURE_POD_IDENTITY_AUTHORITY_HOST");

    if (!source->address)
        return way_getenv(way, source->needs[0]);
    return source->probed && other ? other : source->address;
}

static void put_parameter(struct buf *out, const char *name, struct view value)
{
    struct form form = { 0 };

    form_put(&form, name, value);
    buf_putc(out, '&');
    buf_put(out, form_view(&form));
    form_done(&form);
}

enum kv_status source_put_url(const struct source *source,
    const struct way *way, struct buf *out, struct kv_error *err)
{
    struct view address = view_of(address_of(source, way));
    struct view resource = view_of(way->wish.audience);
    const char *client = way_getenv(way, "AZURE_CLIENT_ID");
    struct buf origin = { .limit = 512 };
    enum kv_status status = http_machine_origin(&origin, address.data, NULL);

    buf_done(&origin);
    if (status != KV_OK)
        return kv_error_set(err, KV_BAD_CONFIG,
            "the managed identity was not asked: %.200s is not on this machine",
            address.data);
    while (address.size > 0 && address.data[address.size - 1] == '/')
        address.size--;
    if (resource.size > 0 && resource.data[resource.size - 1] == '/')
        resource.size--;
    buf_put(out, address);
    buf_putf(out, "%s?api-version=%s", source->path, source->version);
    put_parameter(out, "resource", resource);
    if (source->any_identity && client)
        put_parameter(out, "client_id", view_of(client));
    return KV_OK;
}

/* ---- Azure Arc's key ---- */

/* Of a simulated cloud the keys lie elsewhere; a real one's only where only
 * its agent may write. */
static const char *key_folder(const struct way *way)
{
    const char *folder = way_getenv(way, "KVGOV_ARC_TOKENS");

    return folder && cloud_is_simulated(way->port.cloud) ? folder : ARC_KEYS;
}

static bool is_key_path(const char *path, const char *folder)
{
    const char *name = strrchr(path, '/');
    size_t size = name ? (size_t)(name - path) : 0;
    size_t length = strlen(path);

    return name && size == strlen(folder) && strncmp(path, folder, size) == 0 &&
           length > size + 5 && strcmp(path + length - 4, ".key") == 0;
}

static enum kv_status key_read(
    struct hidden *out, const char *path, struct kv_error *err)
{
    struct hidden text = { 0 };
    struct hidden header = { 0 };
    enum kv_status status = file_read_itself(&text, path, KEY_LIMIT, err);
    struct view key = view_trim(hidden_view(&text));

    if (status != KV_OK) {
        hidden_done(&text);
        return kv_error_set(err, KV_SIGN_IN,
            "Azure Arc's key %.200s cannot be read; add this user to the group "
            "himds and sign in to the machine again",
            path);
    }
    header.size = key.size + 6;
    header.data = mem_alloc(header.size + 1);
    memcpy(header.data, "Basic ", 6);
    if (key.size > 0)
        memcpy(header.data + 6, key.data, key.size);
    hidden_take(out, &header);
    hidden_done(&text);
    return KV_OK;
}

enum kv_status source_read_key(struct hidden *out, const struct way *way,
    const char *www_authenticate, struct kv_error *err)
{
    struct view rest = view_of(www_authenticate);
    struct view scheme = view_trim(view_cut(&rest, '='));
    char *path = mem_copy_view(view_trim(rest));
    enum kv_status status;

    if (!view_equal_nocase(scheme, view_of("Basic realm")) || !path ||
        !is_key_path(path, key_folder(way)))
        status = kv_error_set(err, KV_SIGN_IN,
            "Azure Arc named a key file that is none of its own; nothing was "
            "sent");
    else
        status = key_read(out, path, err);
    mem_free(path);
    return status;
}
