/* Tokens: issuing them, and checking the one that a request brings. They are
 * opaque random text; what they stand for is kept here. */
#include "identity.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "faults.h"

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

static struct token *token_find(struct identity *identity, const char *text)
{
    for (size_t i = identity->count; i-- > 0;)
        if (strcmp(identity->tokens[i].text, text) == 0)
            return &identity->tokens[i];
    return NULL;
}

bool identity_refresh(
    struct call *call, const char *text, char **principal_id, char **audience)
{
    struct token *token = token_find(call->cloud->identity, text);

    if (!token || !token->refresh)
        return false;
    *principal_id = alloc_text(token->principal_id);
    *audience = alloc_text(token->audience);
    return true;
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
