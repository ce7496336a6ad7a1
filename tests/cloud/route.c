/* The table of what the cloud answers to, and the checks that stand before
 * every handler in Azure's order: sign-in, route, api-version, subscription,
 * access, locks. */
#include "route.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "faults.h"
#include "handlers.h"
#include "identity.h"
#include "locks.h"
#include "page.h"

enum route_flags {
    ROUTE_OPEN = 1,     /* needs no token, no api-version */
    ROUTE_FILTERED = 2, /* the handler itself checks access, item by item */
    ROUTE_LOCKLESS = 4, /* a lock does not stop it */
};

#define V_CORE                                                                 \
    "2016-06-01 2018-05-01 2019-06-01 2019-10-01 2020-01-01 2020-06-01 "       \
    "2020-10-01 2021-01-01 2021-04-01 2022-09-01 2022-12-01 2023-07-01 "       \
    "2024-03-01 2024-07-01 2024-11-01 2025-03-01 2025-04-01"
#define V_GROUPS "2020-02-01 2020-05-01 2020-10-01 2021-04-01 2023-04-01"
#define V_VAULT                                                                \
    "2015-06-01 2016-10-01 2018-02-14 2018-02-14-preview 2019-09-01 "          \
    "2020-04-01-preview 2021-04-01-preview 2021-06-01-preview 2021-10-01 "     \
    "2021-11-01-preview 2022-02-01-preview 2022-07-01 2022-11-01 2023-02-01 "  \
    "2023-07-01 2024-04-01-preview 2024-11-01 2024-12-01-preview 2025-05-01 "  \
    "2026-02-01 2026-03-01-preview 2026-04-01-preview"
#define V_ASSIGN                                                               \
    "2015-07-01 2017-10-01-preview 2018-01-01-preview 2018-07-01 "             \
    "2018-09-01-preview 2020-03-01-preview 2020-04-01-preview "                \
    "2020-08-01-preview 2020-10-01-preview 2021-04-01-preview 2022-04-01"
#define V_DEFINE                                                               \
    "2015-07-01 2018-01-01-preview 2018-07-01 2022-04-01 2022-05-01-preview"
#define V_DENY "2018-07-01-preview 2022-04-01 2024-07-01-preview"
#define V_LOCK "2015-01-01 2016-09-01 2017-04-01 2020-05-01"
#define V_SETTING "2017-05-01-preview 2021-05-01-preview"
#define V_GRAPH                                                                \
    "2018-09-01-preview 2019-04-01 2020-04-01-preview 2021-03-01 "             \
    "2021-06-01-preview 2022-10-01 2024-04-01"
#define V_ANY "" /* other providers: only that there is one is checked */

#define SUB "/subscriptions/{}"
#define RG SUB "/resourceGroups/{}"
#define KV "/providers/Microsoft.KeyVault"
#define VAULT RG KV "/vaults/{}"
#define HSM RG KV "/managedHSMs/{}"
#define AUTH "{+}/providers/Microsoft.Authorization"
#define SETTINGS "{+}/providers/Microsoft.Insights/diagnosticSettings"
#define MG "/providers/Microsoft.Management/managementGroups"
#define A_AUTH "Microsoft.Authorization/"
#define A_KV "Microsoft.KeyVault/"
#define A_SETTING "Microsoft.Insights/diagnosticSettings/"

/* In a pattern {} is one segment, {+} any number of leading ones. */
static const struct route {
    const char *method;
    const char *pattern;
    const char *versions;
    const char *action; /* NULL: none is needed */
    handler *handle;
    unsigned flags;
} routes[] = {
    { "POST", "/_cloud/fault", "", NULL, control_fault_add, ROUTE_OPEN },
    { "DELETE", "/_cloud/fault", "", NULL, control_fault_clear, ROUTE_OPEN },
    { "GET", "/_cloud/state", "", NULL, control_state, ROUTE_OPEN },
    { "GET", "/_cloud/requests", "", NULL, control_requests, ROUTE_OPEN },
    { "GET", "/_cloud/stories", "", NULL, control_stories, ROUTE_OPEN },
    { "GET", "/metadata/endpoints", "", NULL, endpoints_get, ROUTE_OPEN },
    { "GET", "/devicelogin", "", NULL, device_login, ROUTE_OPEN },
    { "POST", "/{}/oauth2/v2.0/token", "", NULL, identity_token, ROUTE_OPEN },
    { "POST", "/{}/oauth2/v2.0/devicecode", "", NULL, device_code, ROUTE_OPEN },
    { "POST", "/v1.0/directoryObjects/getByIds", V_ANY, NULL,
        directory_get_by_ids, ROUTE_LOCKLESS },
    { "GET", "/v1.0/directoryObjects/{}", V_ANY, NULL, directory_get, 0 },

    { "GET", "/tenants", V_CORE, NULL, tenants_list, 0 },
    { "GET", "/subscriptions", V_CORE, NULL, subscriptions_list, 0 },
    { "GET", SUB, V_CORE, NULL, subscription_get, ROUTE_FILTERED },
    { "GET", SUB "/locations", V_CORE,
        "Microsoft.Resources/subscriptions/locations/read", locations_list, 0 },
    { "GET", SUB "/resourceGroups", V_CORE, NULL, groups_list, ROUTE_FILTERED },
    { "GET", RG, V_CORE,
        "Microsoft.Resources/subscriptions/resourceGroups/read", group_get, 0 },
    { "GET", SUB "/resources", V_CORE, NULL, resources_list, ROUTE_FILTERED },
    { "POST", "/providers/Microsoft.Management/getEntities", V_GROUPS, NULL,
        entities_list, ROUTE_LOCKLESS },
    { "GET", MG, V_GROUPS, NULL, management_list, ROUTE_FILTERED },
    { "GET", MG "/{}", V_GROUPS, "Microsoft.Management/managementGroups/read",
        management_get, 0 },
    { "GET", MG "/{}/descendants", V_GROUPS,
        "Microsoft.Management/managementGroups/descendants/read",
        management_descendants, 0 },
    { "POST", "/providers/Microsoft.ResourceGraph/resources", V_GRAPH, NULL,
        graph_query, ROUTE_LOCKLESS },

    { "GET", SUB KV "/vaults", V_VAULT, NULL, vaults_list, ROUTE_FILTERED },
    { "GET", RG KV "/vaults", V_VAULT, NULL, vaults_list, ROUTE_FILTERED },
    { "GET", VAULT, V_VAULT, A_KV "vaults/read", vault_get, 0 },
    { "PATCH", VAULT, V_VAULT, A_KV "vaults/write", vault_patch, 0 },
    { "PUT", VAULT, V_VAULT, A_KV "vaults/write", vault_put, 0 },
    { "DELETE", VAULT, V_VAULT, A_KV "vaults/delete", vault_delete, 0 },
    { "PUT", VAULT "/accessPolicies/{}", V_VAULT,
        A_KV "vaults/accessPolicies/write", vault_policies_put, 0 },
    { "GET", VAULT "/privateEndpointConnections", V_VAULT,
        A_KV "vaults/privateEndpointConnections/read", connections_list, 0 },
    { "GET", VAULT "/privateEndpointConnections/{}", V_VAULT,
        A_KV "vaults/privateEndpointConnections/read", connection_get, 0 },
    { "PUT", VAULT "/privateEndpointConnections/{}", V_VAULT,
        A_KV "vaults/privateEndpointConnections/write", connection_put, 0 },
    { "DELETE", VAULT "/privateEndpointConnections/{}", V_VAULT,
        A_KV "vaults/privateEndpointConnections/delete", connection_delete, 0 },
    { "GET", VAULT "/privateLinkResources", V_VAULT,
        A_KV "vaults/privateLinkResources/read", link_resources_list, 0 },
    { "GET", SUB KV "/deletedVaults", V_VAULT, A_KV "deletedVaults/read",
        deleted_vaults_list, 0 },
    { "GET", SUB KV "/locations/{}/deletedVaults/{}", V_VAULT,
        A_KV "locations/deletedVaults/read", deleted_vault_get, 0 },
    { "POST", SUB KV "/locations/{}/deletedVaults/{}/purge", V_VAULT,
        A_KV "locations/deletedVaults/purge/action", deleted_vault_purge, 0 },
    { "POST", SUB KV "/checkNameAvailability", V_VAULT,
        A_KV "checkNameAvailability/read", name_check, ROUTE_LOCKLESS },

    { "GET", SUB KV "/managedHSMs", V_VAULT, NULL, hsms_list, ROUTE_FILTERED },
    { "GET", RG KV "/managedHSMs", V_VAULT, NULL, hsms_list, ROUTE_FILTERED },
    { "GET", HSM, V_VAULT, A_KV "managedHSMs/read", hsm_get, 0 },
    { "PATCH", HSM, V_VAULT, A_KV "managedHSMs/write", hsm_patch, 0 },
    { "PUT", HSM, V_VAULT, A_KV "managedHSMs/write", hsm_put, 0 },
    { "DELETE", HSM, V_VAULT, A_KV "managedHSMs/delete", hsm_delete, 0 },
    { "GET", HSM "/regions", V_VAULT, A_KV "managedHSMs/read", hsm_regions, 0 },
    { "GET", HSM "/privateEndpointConnections", V_VAULT,
        A_KV "managedHSMs/privateEndpointConnections/read", connections_list,
        0 },
    { "GET", HSM "/privateEndpointConnections/{}", V_VAULT,
        A_KV "managedHSMs/privateEndpointConnections/read", connection_get, 0 },
    { "PUT", HSM "/privateEndpointConnections/{}", V_VAULT,
        A_KV "managedHSMs/privateEndpointConnections/write", connection_put,
        0 },
    { "DELETE", HSM "/privateEndpointConnections/{}", V_VAULT,
        A_KV "managedHSMs/privateEndpointConnections/delete", connection_delete,
        0 },
    { "GET", HSM "/privateLinkResources", V_VAULT,
        A_KV "managedHSMs/privateLinkResources/read", link_resources_list, 0 },
    { "GET", SUB KV "/deletedManagedHSMs", V_VAULT,
        A_KV "deletedManagedHsms/read", deleted_hsms_list, 0 },
    { "GET", SUB KV "/locations/{}/deletedManagedHSMs/{}", V_VAULT,
        A_KV "locations/deletedManagedHsms/read", deleted_hsm_get, 0 },
    { "GET", SUB KV "/locations/{}/managedHsmOperationResults/{}", V_VAULT,
        A_KV "locations/managedHsmOperationResults/read", operation_result, 0 },
    { "GET", SUB KV "/locations/{}/operationStatuses/{}", V_VAULT,
        A_KV "locations/operationResults/read", operation_status, 0 },

    { "GET", AUTH "/roleAssignments", V_ASSIGN, A_AUTH "roleAssignments/read",
        assignments_list, 0 },
    { "GET", AUTH "/roleAssignments/{}", V_ASSIGN,
        A_AUTH "roleAssignments/read", assignment_get, 0 },
    { "PUT", AUTH "/roleAssignments/{}", V_ASSIGN,
        A_AUTH "roleAssignments/write", assignment_put, 0 },
    { "DELETE", AUTH "/roleAssignments/{}", V_ASSIGN,
        A_AUTH "roleAssignments/delete", assignment_delete, 0 },
    { "GET", AUTH "/roleDefinitions", V_DEFINE, A_AUTH "roleDefinitions/read",
        definitions_list, 0 },
    { "GET", AUTH "/roleDefinitions/{}", V_DEFINE,
        A_AUTH "roleDefinitions/read", definition_get, 0 },
    { "GET", AUTH "/permissions", V_DEFINE, NULL, permissions_list, 0 },
    { "GET", AUTH "/denyAssignments", V_DENY, A_AUTH "denyAssignments/read",
        denials_list, 0 },
    { "GET", AUTH "/denyAssignments/{}", V_DENY, A_AUTH "denyAssignments/read",
        denial_get, 0 },
    { "GET", AUTH "/locks", V_LOCK, A_AUTH "locks/read", locks_list, 0 },
    { "GET", AUTH "/locks/{}", V_LOCK, A_AUTH "locks/read", lock_get, 0 },
    { "PUT", AUTH "/locks/{}", V_LOCK, A_AUTH "locks/write", lock_put,
        ROUTE_LOCKLESS },
    { "DELETE", AUTH "/locks/{}", V_LOCK, A_AUTH "locks/delete", lock_delete,
        ROUTE_LOCKLESS },

    { "GET", SETTINGS, V_SETTING, A_SETTING "read", settings_list, 0 },
    { "GET", SETTINGS "/{}", V_SETTING, A_SETTING "read", setting_get, 0 },
    { "PUT", SETTINGS "/{}", V_SETTING, A_SETTING "write", setting_put, 0 },
    { "DELETE", SETTINGS "/{}", V_SETTING, A_SETTING "delete", setting_delete,
        0 },
    { "GET", "{+}/providers/Microsoft.Insights/diagnosticSettingsCategories",
        V_SETTING, "Microsoft.Insights/diagnosticSettingsCategories/read",
        setting_categories, 0 },

    /* Whatever else an estate holds can be listed and read. */
    { "GET", SUB "/providers/{}/{}", V_ANY, NULL, typed_list, ROUTE_FILTERED },
    { "GET", RG "/providers/{}/{}", V_ANY, NULL, typed_list, ROUTE_FILTERED },
    { "GET", RG "/providers/{}/{}/{}", V_ANY, NULL, resource_get,
        ROUTE_FILTERED },
};
#define ROUTE_COUNT (sizeof routes / sizeof *routes)

static size_t segment_length(const char *at)
{
    return strcspn(at, "/");
}

/* Both point behind the {+}; matches one literal or {} after the other. */
static bool match_tail(
    const char *pattern, const char *path, char **captures, size_t captured)
{
    while (*pattern == '/' && *path == '/') {
        size_t wanted = segment_length(++pattern);
        size_t given = segment_length(++path);

        if (wanted == 2 && pattern[0] == '{') {
            if (given == 0 || captured >= CAPTURE_LIMIT)
                return false;
            free(captures[captured]);
            captures[captured++] = alloc_slice(path, given);
        } else if (wanted != given || strncasecmp(pattern, path, wanted) != 0) {
            return false;
        }
        pattern += wanted;
        path += given;
    }
    return *pattern == '\0' && *path == '\0';
}

static bool route_matches(
    const char *pattern, const char *path, char *captures[CAPTURE_LIMIT])
{
    const char *start = path + strlen(path);
    size_t slashes = 0;

    if (strncmp(pattern, "{+}", 3) != 0)
        return match_tail(pattern, path, captures, 0);
    pattern += 3;
    for (const char *at = pattern; *at; at++)
        slashes += *at == '/';
    while (slashes > 0 && start > path)
        if (*--start == '/')
            slashes--;
    if (slashes > 0)
        return false;
    free(captures[0]);
    captures[0] = alloc_slice(path, (size_t)(start - path));
    return match_tail(pattern, start, captures, 1);
}

/* *known tells a wrong method from an unknown path. */
static const struct route *route_find(struct call *call, bool *known)
{
    *known = false;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!route_matches(routes[i].pattern, call->path, call->captures))
            continue;
        *known = true;
        if (call_is(call, routes[i].method))
            return &routes[i];
    }
    return NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

char *route_decode(const char *text, size_t length, bool form)
{
    struct buffer out = { 0 };

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '%' && i + 2 < length && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            buffer_putc(&out,
                (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
            i += 2;
        } else {
            buffer_putc(&out, form && text[i] == '+' ? ' ' : text[i]);
        }
    }
    return buffer_take(&out);
}

void route_parameters(const char *text, struct parameter **out, size_t *count)
{
    while (*text) {
        size_t length = strcspn(text, "&");
        size_t name = strcspn(text, "=&");
        size_t value = name < length ? name + 1 : length;

        if (length > 0) {
            *out = alloc_grow(*out, *count + 1, sizeof **out);
            (*out)[(*count)++] = (struct parameter){
                .name = route_decode(text, name, true),
                .value = route_decode(text + value, length - value, true),
            };
        }
        text += length + (text[length] == '&');
    }
}

static void prepare_link(struct call *call)
{
    const char *query = strchr(call->target, '?');
    struct buffer link = { 0 };
    const char *at = query ? query + 1 : "";

    buffer_put(&link, call->target,
        query ? (size_t)(query - call->target) : strlen(call->target));
    buffer_putc(&link, '?');
    while (*at) {
        size_t length = strcspn(at, "&");

        if (!text_starts(at, "$skiptoken=") &&
            !text_starts(at, "%24skiptoken=")) {
            if (link.data[link.length - 1] != '?')
                buffer_putc(&link, '&');
            buffer_put(&link, at, length);
        }
        at += length + (at[length] == '&');
    }
    call->link = buffer_take(&link);
}

void route_prepare(struct call *call)
{
    size_t length = strcspn(call->target, "?");

    if (call->target[length])
        route_parameters(
            call->target + length + 1, &call->query, &call->query_count);
    prepare_link(call);
    call->path = route_decode(call->target, length, false);
    length = strlen(call->path);
    if (length > 1 && call->path[length - 1] == '/')
        call->path[length - 1] = '\0';
    if (!text_starts(call->path, "/_cloud/"))
        faults_apply(call->cloud->faults, call);
}

static void route_count(struct call *call)
{
    const char *at = call->path;
    const char *provider = NULL;
    json_t *counts = call->cloud->counts;
    char *name;
    char *part;

    if (text_starts(call->path, "/_cloud/"))
        return;
    while ((at = strcasestr(at, "/providers/")) != NULL) {
        at += strlen("/providers/");
        provider = at;
    }
    if (!provider)
        provider = strstr(call->path, "/oauth2/") ? "oauth2" : call->path + 1;
    part = alloc_slice(provider, segment_length(provider));
    name = alloc_format("%s %s", call->method, part);
    json_object_set_new(counts, name,
        json_integer(json_integer_value(json_object_get(counts, name)) + 1));
    free(part);
    free(name);
}

/* Where ARM has no such thing it says so in terms of types. */
static void answer_unknown(struct call *call, bool known)
{
    const char *version = call_query(call, "api-version");
    const char *provider = strcasestr(call->path, "/providers/");
    size_t namespace_length;

    if (known) {
        answer_error(call, 405, "MethodNotAllowed",
            "The requested resource does not support http method '%s'.",
            call->method);
        return;
    }
    if (!provider) {
        answer_error(call, 404, "NotFound",
            "No HTTP resource was found that matches the request URI '%s%s'.",
            call->cloud->origin, call->target);
        return;
    }
    provider += strlen("/providers/");
    namespace_length = segment_length(provider);
    answer_error(call, 404, "InvalidResourceType",
        "The resource type '%s' could not be found in the namespace '%.*s' "
        "for api version '%s'. The supported api-versions are ''.",
        provider[namespace_length] ? provider + namespace_length + 1 : "",
        (int)namespace_length, provider, version ? version : "");
}

static bool version_known(const char *versions, const char *version)
{
    size_t length = strlen(version);

    while (*versions) {
        size_t one = strcspn(versions, " ");

        if (one == length && strncmp(versions, version, one) == 0)
            return true;
        versions += one + (versions[one] == ' ');
    }
    return false;
}

/* "a b" becomes "a, b". */
static char *version_list(const char *versions)
{
    struct buffer out = { 0 };

    for (; *versions; versions++)
        buffer_puts(
            &out, *versions == ' ' ? ", " : (char[2]){ *versions, '\0' });
    return buffer_take(&out);
}

static bool version_check(struct call *call, const struct route *route)
{
    const char *version = call_query(call, "api-version");
    const char *provider = strcasestr(call->path, "/providers/");
    char *list;

    if (text_starts(call->path, "/v1.0/"))
        return true; /* Microsoft Graph has its version in the path */
    if (!version || !*version) {
        answer_error(call, 400, "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for "
            "all requests.");
        return false;
    }
    if (!*route->versions || version_known(route->versions, version))
        return true;
    list = version_list(route->versions);
    if (!provider)
        answer_error(call, 400, "InvalidApiVersionParameter",
            "The api-version '%s' is invalid. The supported versions are "
            "'%s'.",
            version, list);
    else
        answer_error(call, 400, "NoRegisteredProviderFound",
            "No registered resource provider found for location '' and API "
            "version '%s' for type '%s'. The supported api-versions are '%s'. "
            "The supported locations are ''.",
            version, provider + strlen("/providers/"), list);
    free(list);
    return false;
}

static bool subscription_check(struct call *call)
{
    char *key = alloc_lower(call->path);
    char *guid = id_subscription(key);
    char *id = alloc_format("/subscriptions/%s", guid ? guid : "");
    bool known = !guid || estate_find(&call->cloud->estate, KIND_SUBSCRIPTION,
                              id) != NULL;

    if (!known)
        answer_error(call, 404, "SubscriptionNotFound",
            "The subscription '%s' could not be found.", guid);
    free(key);
    free(guid);
    free(id);
    return known;
}

static bool access_allowed(struct call *call, const struct route *route)
{
    const struct item *deny = NULL;
    enum verdict verdict;

    if (!route->action)
        return true;
    verdict = access_check(call->cloud->access, call_object_id(call),
        call->path, route->action, &deny);
    if (verdict != ACCESS_GRANTED)
        answer_forbidden(call, verdict, deny, route->action, call->path);
    return verdict == ACCESS_GRANTED;
}

static void route_dispatch(struct call *call)
{
    bool known;
    const struct route *route = route_find(call, &known);

    if (route && (route->flags & ROUTE_OPEN)) {
        route->handle(call);
        return;
    }
    if (!identity_check(call))
        return;
    if (!route) {
        answer_unknown(call, known);
        return;
    }
    if (!version_check(call, route) || !subscription_check(call) ||
        !access_allowed(call, route))
        return;
    if (!(route->flags & ROUTE_LOCKLESS) && !locks_check(call))
        return;
    route->handle(call);
}

static void quota_headers(struct call *call)
{
    bool subscription = text_starts(call->path, "/subscriptions/");
    const char *kind = call_is(call, "GET")      ? "reads"
                       : call_is(call, "DELETE") ? "deletes"
                                                 : "writes";
    int bucket = call_is(call, "GET") ? 250 : 200;

    if (!subscription) {
        char *name = alloc_format("x-ms-ratelimit-remaining-tenant-%s", kind);

        call_header(call, name, "%d", bucket - 1);
        free(name);
        return;
    }
    for (int global = 0; global < 2; global++) {
        char *name = alloc_format("x-ms-ratelimit-remaining-subscription-%s%s",
            global ? "global-" : "", kind);

        call_header(call, name, "%d", bucket * (global ? 15 : 1) - 1);
        free(name);
    }
}

static void common_headers(struct call *call)
{
    char *request = guid_new();
    char *correlation = guid_new();

    call_header(call, "Cache-Control", "no-cache");
    call_header(call, "Pragma", "no-cache");
    call_header(call, "Expires", "-1");
    if (call->answer.length > 0)
        call_header(call, "Content-Type",
            call->effects[FAULT_BAD_JSON].on
                ? "text/html"
                : "application/json; charset=utf-8");
    call_header(call, "x-ms-request-id", "%s", request);
    if (!strstr(call->path, "/oauth2/")) {
        call_header(call, "x-ms-correlation-request-id", "%s", correlation);
        call_header(call, "x-ms-routing-request-id", "LOOPBACK:%s", request);
        quota_headers(call);
    }
    call_header(call, "X-Content-Type-Options", "nosniff");
    free(request);
    free(correlation);
}

/* Faults that answer instead of the service; the service is not reached. */
static bool fault_answers(struct call *call)
{
    const struct effect *effects = call->effects;

    if (effects[FAULT_THROTTLE].on) {
        answer_error(call, 429, "TooManyRequests",
            "The request is being throttled as the limit has been reached for "
            "operation type - %s. For more information, see - "
            "https://aka.ms/srpthrottlinglimits",
            call_is(call, "GET") ? "Read" : "Write");
        call_header(
            call, "Retry-After", "%.0f", effects[FAULT_THROTTLE].number);
        return true;
    }
    if (effects[FAULT_STATUS].on) {
        answer_error(call, (unsigned)effects[FAULT_STATUS].number,
            effects[FAULT_STATUS].number >= 503 ? "ServiceUnavailable"
                                                : "InternalServerError",
            "The server encountered an error. Please retry the request.");
        return true;
    }
    if (effects[FAULT_REDIRECT].on) {
        answer_empty(call, 307);
        call_header(call, "Location", "%s", effects[FAULT_REDIRECT].text);
        return true;
    }
    return false;
}

static void fault_damages(struct call *call)
{
    if (call->effects[FAULT_FOREIGN_LOCATION].on && !call_is(call, "GET")) {
        const char *origin = call->effects[FAULT_FOREIGN_LOCATION].text;

        answer_empty(call, 202);
        call_drop_header(call, "Location");
        call_drop_header(call, "Azure-AsyncOperation");
        call_drop_header(call, "Retry-After");
        call_header(call, "Location", "%s%s", origin, call->target);
        call_header(call, "Azure-AsyncOperation", "%s%s", origin, call->target);
        call_header(call, "Retry-After", "1");
    }
    if (call->effects[FAULT_BAD_JSON].on) {
        buffer_done(&call->answer);
        buffer_puts(&call->answer,
            "<!DOCTYPE html><html><head><title>Sign in to the network"
            "</title></head><body>Please accept the terms.</body></html>");
        call->status = 200;
    }
}

void route_serve(struct call *call)
{
    route_count(call);
    if (!fault_answers(call)) {
        route_dispatch(call);
        fault_damages(call);
    }
    common_headers(call);
}
