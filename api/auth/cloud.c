/* Clouds. The rows are from Azure CLI's cloud table and the azure-identity
 * library; the hosts of an unknown cloud come from its ARM. */
#include "cloud.h"

#include "address.h"

#include <jansson.h>
#include <string.h>

#define TEXT_LIMIT 512

static const struct auth_cloud known[] = {
    {
        .name = "AzureCloud",
        .arm = "https://management.azure.com",
        .login = "https://login.microsoftonline.com",
        .audience = "https://management.azure.com/",
        .portal = "https://portal.azure.com",
        .vault_suffix = ".vault.azure.net",
        .hsm_suffix = ".managedhsm.azure.net",
        .vault_audience = "https://vault.azure.net",
        .hsm_audience = "https://managedhsm.azure.net",
        .graph = "https://graph.microsoft.com",
        .logs = "https://api.loganalytics.io",
    },
    {
        .name = "AzureUSGovernment",
        .arm = "https://management.usgovcloudapi.net",
        .login = "https://login.microsoftonline.us",
        .audience = "https://management.usgovcloudapi.net/",
        .portal = "https://portal.azure.us",
        .vault_suffix = ".vault.usgovcloudapi.net",
        .hsm_suffix = ".managedhsm.usgovcloudapi.net",
        .vault_audience = "https://vault.usgovcloudapi.net",
        .hsm_audience = "https://managedhsm.usgovcloudapi.net",
        .graph = "https://graph.microsoft.us",
        .logs = "https://api.loganalytics.us",
    },
    {
        .name = "AzureChinaCloud",
        .arm = "https://management.chinacloudapi.cn",
        .login = "https://login.chinacloudapi.cn",
        .audience = "https://management.chinacloudapi.cn/",
        .portal = "https://portal.azure.cn",
        .vault_suffix = ".vault.azure.cn",
        .hsm_suffix = ".managedhsm.azure.cn",
        .vault_audience = "https://vault.azure.cn",
        .hsm_audience = "https://managedhsm.azure.cn",
        .graph = "https://microsoftgraph.chinacloudapi.cn",
        .logs = "https://api.loganalytics.azure.cn",
    },
};

#define KNOWN_COUNT (sizeof known / sizeof *known)

/* ---- ownership ---- */

static void text_set(const char **text, const char *from)
{
    char *copy = mem_copy_text(from ? from : "");

    mem_free((char *)*text);
    *text = copy;
}

void cloud_copy(struct auth_cloud *cloud, const struct auth_cloud *from)
{
    text_set(&cloud->name, from->name);
    text_set(&cloud->arm, from->arm);
    text_set(&cloud->login, from->login);
    text_set(&cloud->audience, from->audience);
    text_set(&cloud->portal, from->portal);
    text_set(&cloud->vault_suffix, from->vault_suffix);
    text_set(&cloud->hsm_suffix, from->hsm_suffix);
    text_set(&cloud->vault_audience, from->vault_audience);
    text_set(&cloud->hsm_audience, from->hsm_audience);
    text_set(&cloud->graph, from->graph);
    text_set(&cloud->logs, from->logs);
}

void cloud_done(struct auth_cloud *cloud)
{
    mem_free((char *)cloud->name);
    mem_free((char *)cloud->arm);
    mem_free((char *)cloud->login);
    mem_free((char *)cloud->audience);
    mem_free((char *)cloud->portal);
    mem_free((char *)cloud->vault_suffix);
    mem_free((char *)cloud->hsm_suffix);
    mem_free((char *)cloud->vault_audience);
    mem_free((char *)cloud->hsm_audience);
    mem_free((char *)cloud->graph);
    mem_free((char *)cloud->logs);
    *cloud = (struct auth_cloud){ 0 };
}

const struct auth_cloud *cloud_find(const char *arm)
{
    if (!arm)
        return &known[0];
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (http_same_origin(known[i].arm, arm))
            return &known[i];
    return NULL;
}

/* Beside the names that Azure gives them; in the order of the table. */
static const char *const short_names[] = { "public", "usgov", "china" };

_Static_assert(sizeof short_names / sizeof *short_names == KNOWN_COUNT,
    "a cloud has no short name");

const struct auth_cloud *cloud_find_name(const char *name)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (text_equal_nocase(known[i].name, name) ||
            text_equal_nocase(short_names[i], name))
            return &known[i];
    return NULL;
}

const struct auth_cloud *cloud_find_login(const char *login)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (http_same_origin(known[i].login, login))
            return &known[i];
    return NULL;
}

void cloud_put_names(struct buf *out)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        buf_putf(
            out, "%s%s (%s)", i > 0 ? ", " : "", known[i].name, short_names[i]);
}

bool cloud_is_simulated(const struct auth_cloud *cloud)
{
    return address_is_loopback(cloud->arm);
}

/* ---- what a cloud says about itself ---- */

static const char *text_get(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text && strlen(text) < TEXT_LIMIT ? text : "";
}

/* The public ARM lists every cloud; only the one that was asked counts. */
static const json_t *entry_find(const json_t *page, const char *arm)
{
    const json_t *entry;
    size_t index;

    if (json_is_object(page))
        return page;
    json_array_foreach(page, index,
        entry) if (http_same_origin(text_get(entry, "resourceManager"),
                       arm)) return entry;
    return json_array_size(page) == 1 ? json_array_get(page, 0) : NULL;
}

/* The audience that is the ARM's own address is accepted everywhere, so it is
 * preferred; else the first. */
static const char *audience_find(const json_t *authentication, const char *arm)
{
    const json_t *audiences = json_object_get(authentication, "audiences");
    const json_t *each;
    const char *first = "";
    size_t index;

    json_array_foreach(audiences, index, each)
    {
        const char *text = json_string_value(each);

        if (!text || !*text || strlen(text) >= TEXT_LIMIT)
            continue;
        if (http_same_origin(text, arm))
            return text;
        if (!*first)
            first = text;
    }
    return first;
}

static void suffix_set(const char **text, const char *suffix)
{
    struct buf dotted = { .limit = TEXT_LIMIT + 1 };

    if (*suffix && *suffix != '.')
        buf_putc(&dotted, '.');
    buf_puts(&dotted, suffix);
    text_set(text, buf_text(&dotted));
    buf_done(&dotted);
}

/* The audience of a vault is its domain: "https://vault.azure.net". */
static void audience_set(const char **text, const char *suffix)
{
    struct buf audience = { .limit = TEXT_LIMIT + 16 };

    if (*suffix)
        buf_putf(&audience, "https://%s", suffix + (*suffix == '.'));
    text_set(text, buf_text(&audience));
    buf_done(&audience);
}

/* A service's address that is its audience too; "" when it is no address. */
static void service_set(const char **text, const char *address)
{
    struct buf origin = { .limit = TEXT_LIMIT };

    if (http_origin(&origin, address, NULL) != KV_OK || origin.failed)
        buf_clear(&origin);
    text_set(text, buf_text(&origin));
    buf_done(&origin);
}

static enum kv_status cloud_refuse(
    struct kv_error *err, const char *arm, const char *why)
{
    return kv_error_set(err, KV_PROTOCOL,
        "%s/metadata/endpoints %s; check the ARM endpoint", arm, why);
}

static enum kv_status entry_take(struct auth_cloud *cloud, const json_t *entry,
    const char *arm, struct kv_error *err)
{
    const json_t *authentication = json_object_get(entry, "authentication");
    const json_t *suffixes = json_object_get(entry, "suffixes");
    const char *audience = audience_find(authentication, arm);
    struct buf login = { .limit = TEXT_LIMIT };

    if (http_origin(&login, text_get(authentication, "loginEndpoint"), NULL) !=
            KV_OK ||
        login.failed) {
        buf_done(&login);
        return cloud_refuse(err, arm, "names no usable login endpoint");
    }
    if (!*audience) {
        buf_done(&login);
        return cloud_refuse(err, arm, "names no audience");
    }
    text_set(&cloud->name,
        *text_get(entry, "name") ? text_get(entry, "name") : "a private cloud");
    text_set(&cloud->arm, arm);
    text_set(&cloud->login, buf_text(&login));
    text_set(&cloud->audience, audience);
    text_set(&cloud->portal, text_get(entry, "portal"));
    suffix_set(&cloud->vault_suffix, text_get(suffixes, "keyVaultDns"));
    suffix_set(&cloud->hsm_suffix, text_get(suffixes, "mhsmDns"));
    audience_set(&cloud->vault_audience, text_get(suffixes, "keyVaultDns"));
    audience_set(&cloud->hsm_audience, text_get(suffixes, "mhsmDns"));
    service_set(&cloud->graph, text_get(entry, "microsoftGraphResourceId"));
    service_set(&cloud->logs, text_get(entry, "logAnalyticsResourceId"));
    buf_done(&login);
    return KV_OK;
}

enum kv_status cloud_decode(struct auth_cloud *cloud, const char *arm,
    struct view body, struct kv_error *err)
{
    json_t *page = json_loadb(body.data ? body.data : "", body.size, 0, NULL);
    const json_t *entry = entry_find(page, arm);
    enum kv_status status;

    if (!page)
        status = cloud_refuse(err, arm, "did not answer with JSON");
    else if (!json_is_object(entry))
        status = cloud_refuse(err, arm, "does not name this cloud");
    else
        status = entry_take(cloud, entry, arm, err);
    json_decref(page);
    return status;
}

/* ---- the environment's word ---- */

enum kv_status cloud_set_authority(
    struct auth_cloud *cloud, const char *authority, struct kv_error *err)
{
    struct buf address = { .limit = TEXT_LIMIT };
    struct buf login = { .limit = TEXT_LIMIT };
    enum kv_status status = KV_OK;

    if (!authority || !*authority)
        return KV_OK;
    if (!strstr(authority, "://"))
        buf_puts(&address, "https://");
    buf_puts(&address, authority);
    if (http_origin(&login, buf_text(&address), NULL) != KV_OK || login.failed)
        status = kv_error_set(err, KV_BAD_CONFIG,
            "AZURE_AUTHORITY_HOST is no https address of a login host; correct "
            "or unset it");
    /* A simulated cloud's sign-in never leaves the machine. */
    else if (!cloud_is_simulated(cloud) ||
             address_is_loopback(buf_text(&login)))
        text_set(&cloud->login, buf_text(&login));
    buf_done(&address);
    buf_done(&login);
    return status;
}
