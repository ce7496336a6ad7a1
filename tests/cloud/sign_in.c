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

json_t *client_find(const struct call *call, const char *app_id)
{
    json_t *clients = estate_member(&call->cloud->estate, "clients");
    size_t index;
    json_t *client;

    json_array_foreach(clients, index, client)
    {
        if (text_same(
                json_string_value(json_object_get(client, "appId")), app_id))
            return client;
    }
    return NULL;
}

/* A token request, each field NULL where it was not given. */
struct request {
    const char *grant;
    const char *client_id;
    const char *secret;
    const char *assertion_type;
    const char *assertion;
    const char *scope;
    const char *claims;
    const char *device_code;
    const char *refresh_token;
};

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static bool secret_check(
    struct call *call, json_t *client, const struct request *request)
{
    const char *known = json_string_value(json_object_get(client, "secret"));

    if (!known || strcmp(known, request->secret) != 0)
        identity_error(call, 401, "invalid_client", 7000215,
            "Invalid client secret provided. Ensure the secret being sent in "
            "the request is the client secret value, not the client secret "
            "ID, for a secret added to app '%s'.",
            request->client_id);
    else if (json_is_true(json_object_get(client, "secretExpired")))
        identity_error(call, 401, "invalid_client", 7000222,
            "The provided client secret keys for app '%s' are expired. Visit "
            "the Azure portal to create new keys for your app.",
            request->client_id);
    else
        return true;
    return false;
}

/* By secret or assertion, whichever came. */
static bool client_check(
    struct call *call, json_t *client, const struct request *request)
{
    if (!client)
        identity_error(call, 400, "unauthorized_client", 700016,
            "Application with identifier '%s' was not found in the directory "
            "'%s'. This can happen if the application has not been installed "
            "by the administrator of the tenant or consented to by any user "
            "in the tenant. You may have sent your authentication request to "
            "the wrong tenant.",
            request->client_id, call->cloud->estate.tenant_id);
    else if (request->secret)
        return secret_check(call, client, request);
    else if (!request->assertion)
        identity_error(call, 401, "invalid_client", 7000218,
            "The request body must contain the following parameter: "
            "'client_assertion' or 'client_secret'.");
    else if (!request->assertion_type ||
             strcmp(request->assertion_type, ASSERTION_TYPE) != 0)
        identity_error(call, 400, "invalid_request", 900144,
            "The request body must contain the following parameter: "
            "'client_assertion_type' with the value '" ASSERTION_TYPE "'.");
    else
        return assertion_check(call, client, request->assertion);
    return false;
}

static void token_by_client(struct call *call, const struct request *request)
{
    json_t *client = client_find(call, request->client_id);

    if (!client_check(call, client, request))
        return;
    if (!request->scope)
        identity_error(call, 400, "invalid_request", 900144,
            "The request body must contain the following parameter: "
            "'scope'.");
    else
        grant_answer(call,
            &(struct grant){
                .principal_id =
                    json_string_value(json_object_get(client, "principalId")),
                .client_id = request->client_id,
                .scope = request->scope,
                .claims = request->claims,
                .person_there = true, /* a program is never asked to prove */
            });
}

static void token_by_refresh(struct call *call, const struct request *request)
{
    const struct token *token =
        token_find(call->cloud->identity, request->refresh_token);
    char *principal_id;
    char *scope;

    if (!token || !token->refresh) {
        identity_error(call, 400, "invalid_grant", 9002313,
            "Invalid request. Request is malformed or invalid.");
        return;
    }
    principal_id = alloc_text(token->principal_id);
    scope = request->scope
                ? alloc_text(request->scope)
                : alloc_format("%s/.default offline_access", token->audience);
    grant_answer(call, &(struct grant){
                           .principal_id = principal_id,
                           .client_id = request->client_id,
                           .scope = scope,
                           .claims = request->claims,
                           .strong = token->strong,
                       });
    free(principal_id);
    free(scope);
}

/* The standard's name, and the one of Microsoft's library for JavaScript. */
static bool grant_is_device(const char *grant)
{
    return strcmp(grant, "urn:ietf:params:oauth:grant-type:device_code") == 0 ||
           strcmp(grant, "device_code") == 0;
}

static void token_by_grant(struct call *call, const struct request *request)
{
    const char *grant = request->grant;

    if (!grant || !request->client_id)
        identity_error(call, 400, "invalid_request", 900144,
            "The request body must contain the following parameter: '%s'.",
            grant ? "client_id" : "grant_type");
    else if (strcmp(grant, "client_credentials") == 0)
        token_by_client(call, request);
    else if (strcmp(grant, "refresh_token") == 0 && request->refresh_token)
        token_by_refresh(call, request);
    else if (grant_is_device(grant) && request->device_code)
        device_redeem(call, &(struct device_claim){
                                .code = request->device_code,
                                .client_id = request->client_id,
                                .claims = request->claims,
                            });
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
    token_by_grant(call,
        &(struct request){
            .grant = form_value(form, count, "grant_type"),
            .client_id = form_value(form, count, "client_id"),
            .secret = form_value(form, count, "client_secret"),
            .assertion_type = form_value(form, count, "client_assertion_type"),
            .assertion = form_value(form, count, "client_assertion"),
            .scope = form_value(form, count, "scope"),
            .claims = form_value(form, count, "claims"),
            .device_code = form_value(form, count, "device_code"),
            .refresh_token = form_value(form, count, "refresh_token"),
        });
    form_done(form, count);
}
