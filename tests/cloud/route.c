/* The checks that stand before every handler, in Azure's order: sign-in,
 * route, api-version, subscription, registration, access, locks; and the headers that every
 * answer carries. */
#include "route.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "damage.h"
#include "data_gate.h"
#include "identity.h"
#include "quota.h"
#include "locks.h"
#include "page.h"
#include "providers.h"
#include "routes.h"

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
    part = alloc_slice(provider, strcspn(provider, "/"));
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
    namespace_length = strcspn(provider, "/");
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

static bool data_version_check(struct call *call, const struct route *route)
{
    const char *version = call_query(call, "api-version");
    char *message;

    if (version && version_known(route->versions, version))
        return true;
    message = version ? alloc_format("The specified version (%s) is not "
                                     "recognized. Consider using the latest "
                                     "supported version (2026-04-01).",
                            version)
                      : alloc_text("api-version must be specified");
    data_error(call, 400, "BadParameter", NULL, message);
    free(message);
    return false;
}

static bool version_check(struct call *call, const struct route *route)
{
    const char *version = call_query(call, "api-version");
    const char *provider = strcasestr(call->path, "/providers/");
    char *list;

    if (call->service == SERVICE_GRAPH || call->service == SERVICE_LOGS)
        return true; /* these have their version in the path */
    if (!version && route->flags & ROUTE_UNNUMBERED)
        return true;
    if (call->service == SERVICE_VAULT || call->service == SERVICE_HSM)
        return data_version_check(call, route);
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

/* One that is no longer paid for can be read but not written. */
static bool subscription_writable(
    struct call *call, const char *id, const char *guid)
{
    char *state = item_copy(
        estate_find(&call->cloud->estate, KIND_SUBSCRIPTION, id), "state");
    bool good = text_same(state, "Enabled") || !*state;

    if (!good)
        answer_error(call, 409, "ReadOnlyDisabledSubscription",
            "The subscription '%s' is disabled and therefore marked as read "
            "only. You cannot perform any write actions on this subscription "
            "until it is re-enabled.",
            guid);
    free(state);
    return good;
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
    else if (guid && (call_is(call, "PUT") || call_is(call, "PATCH")))
        known = subscription_writable(call, id, guid);
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

    if (route)
        route_visit(call->cloud, route);
    if (route && (route->flags & ROUTE_OPEN)) {
        route->handle(call);
        return;
    }
    if (!identity_check(call) || !limits_take(call))
        return;
    if (!route) {
        answer_unknown(call, known);
        return;
    }
    if (!version_check(call, route) || !subscription_check(call) ||
        !providers_check(call) || !access_allowed(call, route))
        return;
    if (!(route->flags & ROUTE_LOCKLESS) && !locks_check(call))
        return;
    route->handle(call);
}

static void common_headers(struct call *call)
{
    char *request = guid_new();
    char *correlation = guid_new();

    call_header(call, "Cache-Control", "no-cache");
    call_header(call, "Pragma", "no-cache");
    call_header(call, "Expires", "-1");
    if (call->answer.length > 0)
        call_header(call, "Content-Type", "%s", damage_type(call));
    call_header(call,
        call->service == SERVICE_GRAPH ? "request-id" : "x-ms-request-id", "%s",
        request);
    if (call->service == SERVICE_ARM && !strstr(call->path, "/oauth2/")) {
        call_header(call, "x-ms-correlation-request-id", "%s", correlation);
        call_header(call, "x-ms-routing-request-id", "LOOPBACK:%s", request);
    }
    if (!strstr(call->path, "/oauth2/"))
        limits_headers(call);
    call_header(call, "X-Content-Type-Options", "nosniff");
    free(request);
    free(correlation);
}

void route_carry_out(struct call *call)
{
    if (!damage_answers(call)) {
        route_dispatch(call);
        damage_answer(call);
    }
    common_headers(call);
}

void route_serve(struct call *call)
{
    route_count(call);
    route_carry_out(call);
}

void route_log(const struct call *call, const char *mark)
{
    const char *name =
        json_string_value(json_object_get(call->principal, "displayName"));
    const char *scheme = "none";

    if (!call->cloud->log)
        return;
    if (call->authorization)
        scheme =
            text_starts(call->authorization, "Bearer ") ? "bearer" : "basic";
    fprintf(call->cloud->log, "%s%s %s %u %s client=%s%s%s\n", mark,
        call->method, call->target, call->status, scheme, name ? name : "-",
        call->vault ? " vault=" : "", call->vault ? call->vault : "");
    fflush(call->cloud->log);
}
