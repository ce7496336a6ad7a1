/* Entra's token endpoint: who may have a token, and the errors for those who
 * may not. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "handlers.h"
#include "identity.h"
#include "route.h"

const char *form_value(
    const struct parameter *form, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(form[i].name, name) == 0)
            return form[i].value;
    return NULL;
}

void form_done(struct parameter *form, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(form[i].name);
        free(form[i].value);
    }
    free(form);
}

void identity_error(struct call *call, unsigned status, const char *error,
    int number, const char *format, ...)
{
    char *sentence = NULL;
    char *description;
    char *trace = guid_new();
    char *correlation = guid_new();
    char when[32];
    char *uri = alloc_format("%s/error?code=%d", call->cloud->origin, number);
    va_list args;

    va_start(args, format);
    if (vasprintf(&sentence, format, args) < 0)
        sentence = NULL;
    va_end(args);
    time_text(time(NULL), when);
    when[10] = ' ';
    description = alloc_format("AADSTS%d: %s Trace ID: %s Correlation ID: %s "
                               "Timestamp: %s",
        number, sentence ? sentence : "", trace, correlation, when);
    answer_json(call, status,
        json_pack("{s:s, s:s, s:[i], s:s, s:s, s:s, s:s}", "error", error,
            "error_description", description, "error_codes", number,
            "timestamp", when, "trace_id", trace, "correlation_id", correlation,
            "error_uri", uri));
    free(sentence);
    free(description);
    free(trace);
    free(correlation);
    free(uri);
}

bool identity_tenant(struct call *call)
{
    const char *given = call->captures[0];
    json_t *tenant = estate_member(&call->cloud->estate, "tenant");
    const char *domain =
        json_string_value(json_object_get(tenant, "defaultDomain"));

    if (text_same(given, call->cloud->estate.tenant_id) ||
        text_same(given, domain) || text_same(given, "organizations") ||
        text_same(given, "common"))
        return true;
    identity_error(call, 400, "invalid_request", 90002,
        "Tenant '%s' not found. Check to make sure you have the correct "
        "tenant ID and are signing into the correct cloud. Check with your "
        "subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant.",
        given);
    return false;
}

static json_t *client_find(struct call *call, const char *app_id)
{
    size_t index;
    json_t *client;

    json_array_foreach(estate_member(&call->cloud->estate, "clients"), index,
        client) if (text_same(json_string_value(json_object_get(client,
                                  "appId")),
                        app_id)) return client;
    return NULL;
}

static void token_by_secret(struct call *call, const char *client_id,
    const char *secret, const char *scope)
{
    json_t *client = client_find(call, client_id);
    const char *known = json_string_value(json_object_get(client, "secret"));

    if (!client)
        identity_error(call, 400, "unauthorized_client", 700016,
            "Application with identifier '%s' was not found in the directory "
            "'%s'. This can happen if the application has not been installed "
            "by the administrator of the tenant or consented to by any user "
            "in the tenant. You may have sent your authentication request to "
            "the wrong tenant.",
            client_id, call->cloud->estate.tenant_id);
    else if (!secret)
        identity_error(call, 401, "invalid_client", 7000218,
            "The request body must contain the following parameter: "
            "'client_assertion' or 'client_secret'.");
    else if (!known || strcmp(known, secret) != 0)
        identity_error(call, 401, "invalid_client", 7000215,
            "Invalid client secret provided. Ensure the secret being sent in "
            "the request is the client secret value, not the client secret "
            "ID, for a secret added to app '%s'.",
            client_id);
    else if (json_is_true(json_object_get(client, "secretExpired")))
        identity_error(call, 401, "invalid_client", 7000222,
            "The provided client secret keys for app '%s' are expired. Visit "
            "the Azure portal to create new keys for your app.",
            client_id);
    else if (!scope)
        identity_error(call, 400, "invalid_request", 900144,
            "The request body must contain the following parameter: "
            "'scope'.");
    else
        identity_answer_token(call,
            json_string_value(json_object_get(client, "principalId")), scope);
}

static void token_by_refresh(
    struct call *call, const char *text, const char *scope)
{
    char *principal_id;
    char *audience;
    char *wanted;

    if (!identity_refresh(call, text, &principal_id, &audience)) {
        identity_error(call, 400, "invalid_grant", 9002313,
            "Invalid request. Request is malformed or invalid.");
        return;
    }
    wanted = scope ? alloc_text(scope)
                   : alloc_format("%s/.default offline_access", audience);
    identity_answer_token(call, principal_id, wanted);
    free(principal_id);
    free(audience);
    free(wanted);
}

static void token_by_form(
    struct call *call, const struct parameter *form, size_t count)
{
    const char *grant = form_value(form, count, "grant_type");
    const char *client_id = form_value(form, count, "client_id");
    const char *scope = form_value(form, count, "scope");
    const char *code = form_value(form, count, "device_code");
    const char *refresh = form_value(form, count, "refresh_token");

    if (!grant || !client_id)
        identity_error(call, 400, "invalid_request", 900144,
            "The request body must contain the following parameter: '%s'.",
            grant ? "client_id" : "grant_type");
    else if (strcmp(grant, "client_credentials") == 0)
        token_by_secret(
            call, client_id, form_value(form, count, "client_secret"), scope);
    else if (strcmp(grant, "refresh_token") == 0 && refresh)
        token_by_refresh(call, refresh, scope);
    else if (strcmp(grant, "urn:ietf:params:oauth:grant-type:device_code") ==
                 0 &&
             code)
        device_redeem(call, code, client_id);
    else
        identity_error(call, 400, "unsupported_grant_type", 70003,
            "The app requested an unsupported grant type '%s'.", grant);
}

void identity_token(struct call *call)
{
    struct parameter *form = NULL;
    size_t count = 0;

    if (!identity_tenant(call))
        return;
    route_parameters(call->body.data ? call->body.data : "", &form, &count);
    token_by_form(call, form, count);
    form_done(form, count);
}
