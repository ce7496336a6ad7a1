/* Entra's token endpoint, and the check of the token that a request brings.
 * Tokens are opaque random text; what they stand for is kept here. */
#include "identity.h"

#include <openssl/rand.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "faults.h"
#include "handlers.h"
#include "route.h"

#define TOKEN_LIFE_S 3599
#define TOKEN_LIMIT 512

struct token {
    char *text;
    char *principal_id;
    char *audience;
    bool refresh;
    time_t expires;
    long long expires_ms;
};

struct identity {
    struct token *tokens;
    size_t count;
    struct device_list devices;
};

struct identity *identity_new(void)
{
    return alloc_zero(1, sizeof(struct identity));
}

static void token_done(struct token *token)
{
    free(token->text);
    free(token->principal_id);
    free(token->audience);
}

void identity_free(struct identity *identity)
{
    if (!identity)
        return;
    for (size_t i = 0; i < identity->count; i++)
        token_done(&identity->tokens[i]);
    for (size_t i = 0; i < identity->devices.count; i++)
        device_done(&identity->devices.items[i]);
    free(identity->devices.items);
    free(identity->tokens);
    free(identity);
}

struct device_list *identity_devices(struct identity *identity)
{
    return &identity->devices;
}

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

static char *token_text(void)
{
    unsigned char bytes[48];
    struct buffer text = { 0 };

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        abort();
    for (size_t i = 0; i < sizeof bytes; i++)
        buffer_putf(&text, "%02x", bytes[i]);
    return buffer_take(&text);
}

/* The oldest token makes room. */
static struct token *token_add(struct identity *identity)
{
    if (identity->count == TOKEN_LIMIT) {
        token_done(&identity->tokens[0]);
        memmove(&identity->tokens[0], &identity->tokens[1],
            (TOKEN_LIMIT - 1) * sizeof *identity->tokens);
        identity->count--;
    }
    identity->tokens = alloc_grow(
        identity->tokens, identity->count + 1, sizeof *identity->tokens);
    return &identity->tokens[identity->count++];
}

static const char *token_issue(struct call *call, const char *principal_id,
    const char *audience, bool refresh, double life_s)
{
    struct token *token = token_add(call->cloud->identity);

    *token = (struct token){
        .text = token_text(),
        .principal_id = alloc_text(principal_id),
        .audience = alloc_text(audience),
        .refresh = refresh,
        .expires = time(NULL) + (time_t)life_s,
        .expires_ms = time_monotonic_ms() + (long long)(life_s * 1000),
    };
    return token->text;
}

static const char *const other_audiences[] = {
    "https://vault.azure.net",
    "https://managedhsm.azure.net",
    "https://graph.microsoft.com",
    "https://api.loganalytics.io",
};

static bool audience_known(const struct call *call, const char *audience)
{
    if (strcmp(audience, call->cloud->origin) == 0)
        return true;
    for (size_t i = 0; i < sizeof other_audiences / sizeof *other_audiences;
         i++)
        if (strcmp(audience, other_audiences[i]) == 0)
            return true;
    return false;
}

/* The one resource in a scope such as "https://x//.default openid", without
 * its trailing slash; NULL when there is none, or more than one. */
static char *scope_audience(const char *scope, int *resources)
{
    char *audience = NULL;
    size_t length;

    *resources = 0;
    for (; *scope; scope += length + (scope[length] == ' ')) {
        const char *end;

        length = strcspn(scope, " ");
        end = memmem(scope, length, "://", 3);
        if (!end)
            continue;
        free(audience);
        end = scope + length;
        while (end > scope && *end != '/')
            end--;
        while (end > scope && end[-1] == '/')
            end--;
        audience = alloc_slice(scope, (size_t)(end - scope));
        ++*resources;
    }
    return audience;
}

static char *scope_check(struct call *call, const char *scope)
{
    int resources;
    char *audience = scope_audience(scope, &resources);

    if (resources == 1 && audience_known(call, audience))
        return audience;
    if (resources > 1)
        identity_error(call, 400, "invalid_request", 28000,
            "Provided value for the input parameter scope is not valid "
            "because it contains more than one resource. Scope %s is not "
            "valid.",
            scope);
    else if (resources == 0)
        identity_error(call, 400, "invalid_scope", 70011,
            "The provided request must include a 'scope' input parameter. The "
            "provided value for the input parameter 'scope' is not valid. The "
            "scope %s is not valid.",
            scope);
    else
        identity_error(call, 400, "invalid_resource", 500011,
            "The resource principal named %s was not found in the tenant "
            "named %s. This can happen if the application has not been "
            "installed by the administrator of the tenant or consented to by "
            "any user in the tenant.",
            audience, call->cloud->estate.tenant_id);
    free(audience);
    return NULL;
}

void identity_answer_token(
    struct call *call, const char *principal_id, const char *scope)
{
    const struct effect *life = &call->effects[FAULT_TOKEN_LIFE];
    double seconds = life->on ? life->number : TOKEN_LIFE_S;
    char *audience = scope_check(call, scope);
    json_t *body;

    if (!audience)
        return;
    body = json_pack("{s:s, s:I, s:I, s:s}", "token_type", "Bearer",
        "expires_in", (json_int_t)seconds, "ext_expires_in",
        (json_int_t)seconds, "access_token",
        token_issue(call, principal_id, audience, false, seconds));
    if (text_holds(scope, "offline_access")) {
        json_object_set_new(body, "scope", json_string(scope));
        json_object_set_new(body, "refresh_token",
            json_string(
                token_issue(call, principal_id, audience, true, 7776000)));
    }
    answer_json(call, 200, body);
    free(audience);
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

static struct token *token_find(struct identity *identity, const char *text)
{
    for (size_t i = identity->count; i-- > 0;)
        if (strcmp(identity->tokens[i].text, text) == 0)
            return &identity->tokens[i];
    return NULL;
}

static void token_by_refresh(
    struct call *call, const char *text, const char *scope)
{
    struct token *token = token_find(call->cloud->identity, text);
    char *principal_id;
    char *wanted;

    if (!token || !token->refresh) {
        identity_error(call, 400, "invalid_grant", 9002313,
            "Invalid request. Request is malformed or invalid.");
        return;
    }
    principal_id = alloc_text(token->principal_id);
    wanted = scope
                 ? alloc_text(scope)
                 : alloc_format("%s/.default offline_access", token->audience);
    identity_answer_token(call, principal_id, wanted);
    free(principal_id);
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

static void answer_challenge(
    struct call *call, const char *code, const char *error, const char *message)
{
    answer_error(call, 401, code, "%s", message);
    call_header(call, "WWW-Authenticate",
        "Bearer authorization_uri=\"%s/%s\"%s%s%s%s%s", call->cloud->origin,
        call->cloud->estate.tenant_id, error ? ", error=\"" : "",
        error ? error : "", error ? "\", error_description=\"" : "",
        error ? message : "", error ? "\"" : "");
}

static void answer_expired(struct call *call, const struct token *token)
{
    char expiry[32];
    char now[32];
    char *message;

    time_text(token->expires, expiry);
    time_text(time(NULL), now);
    message = alloc_format("The access token expiry UTC time '%s' is earlier "
                           "than current UTC time '%s'.",
        expiry, now);
    answer_challenge(
        call, "ExpiredAuthenticationToken", "invalid_token", message);
    free(message);
}

bool identity_check(struct call *call)
{
    struct token *token;
    char *message;

    if (!call->authorization) {
        answer_challenge(call, "AuthenticationFailed", NULL,
            "Authentication failed. The 'Authorization' header is missing.");
        return false;
    }
    if (!text_starts(call->authorization, "Bearer ")) {
        answer_challenge(call, "AuthenticationFailedInvalidHeader", NULL,
            "Authentication failed. The 'Authorization' header is provided in "
            "an invalid format.");
        return false;
    }
    token = token_find(call->cloud->identity, call->authorization + 7);
    if (!token || token->refresh) {
        answer_challenge(call, "InvalidAuthenticationToken", "invalid_token",
            "The access token is invalid.");
        return false;
    }
    call->principal =
        estate_principal(&call->cloud->estate, token->principal_id);
    if (time_monotonic_ms() >= token->expires_ms) {
        answer_expired(call, token);
        return false;
    }
    if (strcmp(token->audience, call->cloud->origin) == 0)
        return true;
    message = alloc_format("The access token has been obtained for wrong "
                           "audience or resource '%s'. It should exactly match "
                           "with one of the allowed audiences '%s/'.",
        token->audience, call->cloud->origin);
    answer_challenge(
        call, "InvalidAuthenticationTokenAudience", "invalid_token", message);
    free(message);
    return false;
}
