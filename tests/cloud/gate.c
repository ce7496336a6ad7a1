/* The token that a request brings: whether it is good for the service that is
 * asked, and each service's own way to say that it is not. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "faults.h"
#include "identity.h"
#include "service.h"

enum refusal {
    REFUSAL_MISSING,
    REFUSAL_FORM, /* not a bearer token */
    REFUSAL_UNKNOWN,
    REFUSAL_EXPIRED,
    REFUSAL_AUDIENCE,
};
#define REFUSAL_COUNT 5

/* In messages, {found} is the token's audience, {wanted} the service's, and
 * {expiry} and {now} are times. */
static const struct {
    const char *code;
    const char *message;
} refusal_rows[SERVICE_COUNT][REFUSAL_COUNT] = {
    [SERVICE_ARM] = {
        [REFUSAL_MISSING] = { "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing." },
        [REFUSAL_FORM] = { "AuthenticationFailedInvalidHeader",
            "Authentication failed. The 'Authorization' header is provided in "
            "an invalid format." },
        [REFUSAL_UNKNOWN] = { "InvalidAuthenticationToken",
            "The access token is invalid." },
        [REFUSAL_EXPIRED] = { "ExpiredAuthenticationToken",
            "The access token expiry UTC time '{expiry}' is earlier than "
            "current UTC time '{now}'." },
        [REFUSAL_AUDIENCE] = { "InvalidAuthenticationTokenAudience",
            "The access token has been obtained for wrong audience or resource "
            "'{found}'. It should exactly match with one of the allowed "
            "audiences '{wanted}/'." },
    },
    /* The AKV numbers are the service's; where none is known there is none. */
    [SERVICE_VAULT] = {
        [REFUSAL_MISSING] = { "Unauthorized",
            "AKV10000: Request is missing a Bearer or PoP token." },
        [REFUSAL_FORM] = { "Unauthorized",
            "AKV10000: Request is missing a Bearer or PoP token." },
        [REFUSAL_UNKNOWN] = { "Unauthorized",
            "Error validating token: the token cannot be read." },
        [REFUSAL_EXPIRED] = { "Unauthorized",
            "Error validating token: the token expired at {expiry}." },
        [REFUSAL_AUDIENCE] = { "Unauthorized",
            "AKV10022: Invalid audience. Expected {wanted}, found: {found}." },
    },
    [SERVICE_HSM] = {
        [REFUSAL_MISSING] = { "Unauthorized",
            "AKV10000: Request is missing a Bearer or PoP token." },
        [REFUSAL_FORM] = { "Unauthorized",
            "AKV10000: Request is missing a Bearer or PoP token." },
        [REFUSAL_UNKNOWN] = { "Unauthorized",
            "Error validating token: the token cannot be read." },
        [REFUSAL_EXPIRED] = { "Unauthorized",
            "Error validating token: the token expired at {expiry}." },
        [REFUSAL_AUDIENCE] = { "Unauthorized",
            "AKV10022: Invalid audience. Expected {wanted}, found: {found}." },
    },
    [SERVICE_GRAPH] = {
        [REFUSAL_MISSING] = { "InvalidAuthenticationToken",
            "Access token is empty." },
        [REFUSAL_FORM] = { "InvalidAuthenticationToken",
            "Access token is empty." },
        [REFUSAL_UNKNOWN] = { "InvalidAuthenticationToken",
            "Access token validation failure." },
        [REFUSAL_EXPIRED] = { "InvalidAuthenticationToken",
            "Lifetime validation failed, the token is expired." },
        [REFUSAL_AUDIENCE] = { "InvalidAuthenticationToken",
            "Access token validation failure. Invalid audience." },
    },
    [SERVICE_LOGS] = {
        [REFUSAL_MISSING] = { "AuthorizationRequiredError",
            "Valid authentication was not provided" },
        [REFUSAL_FORM] = { "AuthorizationRequiredError",
            "Valid authentication was not provided" },
        [REFUSAL_UNKNOWN] = { "InvalidTokenError",
            "Valid authentication was not provided" },
        [REFUSAL_EXPIRED] = { "InvalidTokenError",
            "The provided token has expired" },
        [REFUSAL_AUDIENCE] = { "InvalidTokenError",
            "The provided authentication is not valid for this resource" },
    },
};

static void message_put_name(struct buffer *out, const struct call *call,
    const struct token *token, char name)
{
    char when[32];
    char *resource;

    switch (name) {
    case 'f':
        buffer_puts(out, token->audience);
        return;
    case 'w':
        resource = service_resource(call->cloud, call->service);
        buffer_puts(out, resource);
        free(resource);
        return;
    case 'e':
        time_text(token->expires, when);
        buffer_puts(out, when);
        return;
    case 'n':
        time_text(time(NULL), when);
        buffer_puts(out, when);
        return;
    }
}

/* Each name in braces differs from the others in its first letter. */
static char *message_fill(
    const struct call *call, const struct token *token, const char *message)
{
    struct buffer out = { 0 };

    for (; *message; message++) {
        if (*message != '{') {
            buffer_putc(&out, *message);
            continue;
        }
        message_put_name(&out, call, token, message[1]);
        message += strcspn(message, "}");
    }
    return buffer_take(&out);
}

static void challenge_arm(
    struct call *call, enum refusal refusal, const char *message)
{
    bool plain = refusal == REFUSAL_MISSING || refusal == REFUSAL_FORM;

    call_header(call, "WWW-Authenticate",
        "Bearer authorization_uri=\"%s/%s\"%s%s%s", call->origin,
        call->cloud->estate.tenant_id,
        plain ? "" : ", error=\"invalid_token\", error_description=\"",
        plain ? "" : message, plain ? "" : "\"");
}

static void challenge(
    struct call *call, enum refusal refusal, const char *message)
{
    char *resource = service_resource(call->cloud, call->service);
    const char *tenant = call->cloud->estate.tenant_id;
    const char *login = call->cloud->origin;

    switch (call->service) {
    case SERVICE_ARM:
        challenge_arm(call, refusal, message);
        break;
    case SERVICE_VAULT:
    case SERVICE_HSM:
        call_header(call, "WWW-Authenticate",
            "Bearer authorization=\"%s/%s\", resource=\"%s\"", login, tenant,
            resource);
        break;
    case SERVICE_GRAPH:
    case SERVICE_LOGS:
        call_header(call, "WWW-Authenticate",
            "Bearer realm=\"\", authorization_uri=\"%s/common/oauth2/"
            "authorize\", client_id=\"%s\"",
            login, resource);
        break;
    }
    free(resource);
}

static bool gate_refuse(
    struct call *call, const struct token *token, enum refusal refusal)
{
    const char *row = refusal_rows[call->service][refusal].message;
    char *message = message_fill(call, token, row);

    answer_error(
        call, 401, refusal_rows[call->service][refusal].code, "%s", message);
    challenge(call, refusal, message);
    free(message);
    return false;
}

/* ARM wants a second factor of people who change something, not of programs.
 * The body's code is not documented; clients go by the header. */
static bool gate_wants_strong(const struct call *call)
{
    const char *type =
        json_string_value(json_object_get(call->principal, "@odata.type"));

    return call->effects[FAULT_MFA_WRITES].on && call->service == SERVICE_ARM &&
           text_same(type, "#microsoft.graph.user") &&
           (call_is(call, "PUT") || call_is(call, "PATCH") ||
               call_is(call, "DELETE"));
}

static bool gate_ask_strong(struct call *call)
{
    static const char claims[] = CLAIMS_SECOND_FACTOR;
    unsigned char coded[2 * sizeof claims];

    EVP_EncodeBlock(coded, (const unsigned char *)claims, sizeof claims - 1);
    answer_error(call, 401, "AuthenticationFailed",
        "The access token lacks claims that this request needs; a new one has "
        "to be obtained with them.");
    call_header(call, "WWW-Authenticate",
        "Bearer realm=\"\", authorization_uri=\"%s/common/oauth2/authorize\", "
        "error=\"insufficient_claims\", claims=\"%s\"",
        call->origin, (char *)coded);
    return false;
}

bool identity_check(struct call *call)
{
    const struct token *token;

    if (!call->authorization)
        return gate_refuse(call, NULL, REFUSAL_MISSING);
    if (!text_starts(call->authorization, "Bearer "))
        return gate_refuse(call, NULL, REFUSAL_FORM);
    token = token_find(call->cloud->identity, call->authorization + 7);
    if (!token || token->refresh)
        return gate_refuse(call, NULL, REFUSAL_UNKNOWN);
    call->principal =
        estate_principal(&call->cloud->estate, token->principal_id);
    if (time_monotonic_ms() >= token->expires_ms ||
        call->effects[FAULT_EXPIRED_TOKEN].on)
        return gate_refuse(call, token, REFUSAL_EXPIRED);
    if (!service_accepts(call->cloud, call->service, token->audience))
        return gate_refuse(call, token, REFUSAL_AUDIENCE);
    if (gate_wants_strong(call) && !token->strong)
        return gate_ask_strong(call);
    return true;
}
