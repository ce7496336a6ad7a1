/* Which of Azure's services a request is for, and which tokens each takes.
 * One port serves them all: vaults and HSMs answer on host names of their own,
 * the rest also on the address that the cloud listens on. */
#include "service.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *label;    /* LABEL.SUFFIX is its host */
    const char *path;     /* how its paths start on the common host */
    const char *audience; /* public Azure's */
    const char *other;    /* another name that Azure takes for the same */
    bool named;           /* NAME.LABEL.SUFFIX, never LABEL.SUFFIX */
} service_rows[SERVICE_COUNT] = {
    [SERVICE_ARM] = {
        .label = "management",
        .audience = "https://management.azure.com",
        .other = "https://management.core.windows.net",
    },
    [SERVICE_VAULT] = {
        .label = "vault",
        .audience = "https://vault.azure.net",
        .other = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
        .named = true,
    },
    [SERVICE_HSM] = {
        .label = "managedhsm",
        .audience = "https://managedhsm.azure.net",
        .named = true,
    },
    [SERVICE_GRAPH] = {
        .label = "graph",
        .path = "/v1.0/",
        .audience = "https://graph.microsoft.com",
        .other = "00000003-0000-0000-c000-000000000000",
    },
    [SERVICE_LOGS] = {
        .label = "logs",
        .path = "/v1/workspaces/",
        .audience = "https://api.loganalytics.io",
        .other = "https://api.loganalytics.azure.com",
    },
};

/* The part of the host before ".LABEL.SUFFIX": empty for the service's own
 * name; NULL when it is another host. */
static char *host_part(
    const struct cloud *cloud, const char *host, const char *label)
{
    char *end = alloc_format("%s.%s", label, cloud->suffix);
    size_t size = strlen(host);
    size_t tail = strlen(end);
    char *part = NULL;

    if (size == tail && text_same(host, end))
        part = alloc_text("");
    else if (size > tail + 1 && host[size - tail - 1] == '.' &&
             text_same(host + size - tail, end))
        part = alloc_slice(host, size - tail - 1);
    free(end);
    return part;
}

static bool service_take_host(struct call *call, const char *host)
{
    for (int i = 0; i < SERVICE_COUNT; i++) {
        char *part = host_part(call->cloud, host, service_rows[i].label);

        if (!part)
            continue;
        if (service_rows[i].named != (*part != '\0')) {
            free(part);
            continue;
        }
        call->service = (enum service)i;
        if (service_rows[i].named)
            call->vault = part;
        else
            free(part);
        return true;
    }
    return false;
}

static void service_take_path(struct call *call)
{
    for (int i = 0; i < SERVICE_COUNT; i++)
        if (service_rows[i].path &&
            text_starts(call->path, service_rows[i].path))
            call->service = (enum service)i;
}

/* Links lead back to the name that the caller used, as long as it is one of
 * ours; what else is in a Host header is not repeated. */
static bool host_is_ours(const struct cloud *cloud, const char *host)
{
    size_t size = strlen(host);
    size_t tail = strlen(cloud->suffix);

    return text_same(host, "127.0.0.1") || text_same(host, "localhost") ||
           (size > tail && host[size - tail - 1] == '.' &&
               text_same(host + size - tail, cloud->suffix) &&
               strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") == size);
}

void service_find(struct call *call)
{
    const char *asked = call_asked(call, "Host");
    char *host = alloc_lower(asked ? asked : "");

    host[strcspn(host, ":")] = '\0';
    if (!service_take_host(call, host))
        service_take_path(call);
    if (host_is_ours(call->cloud, host))
        call->origin = alloc_format("%s://%s:%u",
            call->cloud->tls ? "https" : "http", host, call->cloud->port);
    else
        call->origin = alloc_text(call->cloud->origin);
    free(host);
}

/* Plain HTTP is for clients that accept it to a loopback address only, so
 * without TLS everything has the one address. */
char *service_origin(const struct cloud *cloud, enum service service)
{
    if (!cloud->tls || service == SERVICE_ARM)
        return alloc_text(cloud->origin);
    return alloc_format("https://%s.%s:%u", service_rows[service].label,
        cloud->suffix, cloud->port);
}

char *service_suffix(const struct cloud *cloud, enum service service)
{
    if (!cloud->suffix_told)
        return alloc_text(service_rows[service].audience + strlen("https://"));
    return alloc_format(
        "%s.%s:%u", service_rows[service].label, cloud->suffix, cloud->port);
}

/* Azure has no vault without TLS; a cloud without it is on loopback only. */
char *service_address(
    const struct cloud *cloud, enum service service, const char *name)
{
    char *suffix = service_suffix(cloud, service);
    bool plain = cloud->suffix_told && !cloud->tls;
    char *address =
        alloc_format("http%s://%s.%s/", plain ? "" : "s", name, suffix);

    free(suffix);
    return address;
}

/* With the port where one is in vaults' addresses: some clients compare hosts,
 * some hosts with ports. */
char *service_resource(const struct cloud *cloud, enum service service)
{
    char *suffix;
    char *resource;

    if (!service_rows[service].named)
        return service_origin(cloud, service);
    if (!cloud->suffix_told)
        return alloc_format(
            "https://%s.%s", service_rows[service].label, cloud->suffix);
    suffix = service_suffix(cloud, service);
    resource = alloc_format("https://%s", suffix);
    free(suffix);
    return resource;
}

bool service_accepts(
    const struct cloud *cloud, enum service service, const char *audience)
{
    const char *other = service_rows[service].other;
    char *resource = service_resource(cloud, service);
    char *host = alloc_format("https://%s.%s:%u", service_rows[service].label,
        cloud->suffix, cloud->port);
    char *local = alloc_format(
        "%s://localhost:%u", cloud->tls ? "https" : "http", cloud->port);
    bool good = text_same(audience, resource) || text_same(audience, host) ||
                text_same(audience, service_rows[service].audience) ||
                (other && text_same(audience, other)) ||
                (service == SERVICE_ARM && text_same(audience, local));

    free(resource);
    free(host);
    free(local);
    return good;
}
