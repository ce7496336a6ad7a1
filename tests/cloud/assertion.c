/* Client assertions: a token that the client signed with the key of the
 * certificate that is registered for it as "certificate" in the estate. */
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "identity.h"
#include "jwt.h"

#define CLOCK_SLACK_S 300

/* The certificate may be one PEM text or a list of them. */
static X509 *certificate_parse(json_t *pem)
{
    const char *text = json_string_value(pem);
    BIO *bio = text ? BIO_new_mem_buf(text, -1) : NULL;
    X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return certificate;
}

static char *thumbprint(X509 *certificate, const EVP_MD *digest)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    X509_digest(certificate, digest, bytes, &length);
    return base64url_text(bytes, length);
}

/* Some clients leave the padding on. */
static bool thumbprint_is(
    X509 *certificate, const EVP_MD *digest, const char *given)
{
    char *own = thumbprint(certificate, digest);
    size_t length = given ? strcspn(given, "=") : 0;
    bool same = strlen(own) == length && strncmp(own, given, length) == 0;

    free(own);
    return same;
}

static bool header_names(const struct jwt *jwt, X509 *certificate)
{
    const char *new =
        json_string_value(json_object_get(jwt->header, "x5t#S256"));
    const char *old = json_string_value(json_object_get(jwt->header, "x5t"));

    return new ? thumbprint_is(certificate, EVP_sha256(), new)
               : old &&thumbprint_is(certificate, EVP_sha1(), old);
}

static X509 *certificate_find(json_t *client, const struct jwt *jwt)
{
    json_t *registered = json_object_get(client, "certificate");
    size_t count = json_is_array(registered) ? json_array_size(registered) : 1;

    for (size_t i = 0; i < count; i++) {
        X509 *certificate = certificate_parse(
            json_is_array(registered) ? json_array_get(registered, i)
                                      : registered);

        if (certificate && header_names(jwt, certificate))
            return certificate;
        X509_free(certificate);
    }
    return NULL;
}

/* Answers with 401 "invalid_client", as for all that is wrong in content. */
__attribute__((format(printf, 3, 4))) static bool assertion_refuse(
    struct call *call, int number, const char *format, ...)
{
    char *sentence = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&sentence, format, args) < 0)
        sentence = NULL;
    va_end(args);
    identity_error(
        call, 401, "invalid_client", number, "%s", sentence ? sentence : "");
    free(sentence);
    return false;
}

static bool signature_check(
    struct call *call, json_t *client, const struct jwt *jwt)
{
    X509 *certificate = certificate_find(client, jwt);
    bool known = certificate != NULL;
    bool good = known && jwt_verify(jwt, X509_get0_pubkey(certificate));

    X509_free(certificate);
    if (!known)
        return assertion_refuse(call, 700027,
            "Client assertion contains an invalid signature. [Reason - The "
            "key was not found. Please visit the Azure Portal, Graph Explorer "
            "or directly use MS Graph to see configured keys for app Id "
            "'%s'.]",
            json_string_value(json_object_get(client, "appId")));
    return good ||
           assertion_refuse(call, 700027,
               "Client assertion contains an invalid signature. [Reason - The "
               "key used is not a valid key, or the signature does not match "
               "what was signed.]");
}

bool assertion_in_time(struct call *call, const struct jwt *jwt)
{
    json_int_t now = (json_int_t)time(NULL);
    json_int_t from = jwt_time(jwt, "nbf");
    json_int_t until = jwt_time(jwt, "exp");
    char at[32];
    char start[32];
    char end[32];

    if (from <= now + CLOCK_SLACK_S && until >= now - CLOCK_SLACK_S)
        return true;
    time_text((time_t)now, at);
    time_text((time_t)from, start);
    time_text((time_t)until, end);
    return assertion_refuse(call, 700024,
        "Client assertion is not within its valid time range. Current time: "
        "%s, assertion valid from %s, expiry time of assertion %s.",
        at, start, end);
}

/* The token endpoint, by any of the names that lead here and either name of
 * the tenant; the older form is the issuer of the tenant. */
static bool audience_check(struct call *call, const struct jwt *jwt)
{
    static const char *const ends[] = { "/oauth2/v2.0/token", "/oauth2/token",
        "/v2.0", "/" };
    const char *const origins[] = { call->origin, call->cloud->origin };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (size_t k = 0; k < sizeof origins / sizeof *origins; k++) {
            char *audience =
                alloc_format("%s/%s%s", origins[k], call->captures[0], ends[i]);
            bool same = jwt_audience_is(jwt, audience);

            free(audience);
            if (same)
                return true;
        }
    return assertion_refuse(call, 50012,
        "Authentication failed: the audience of the client assertion is not "
        "the token endpoint '%s/%s/oauth2/v2.0/token'.",
        call->origin, call->captures[0]);
}

static bool names_check(
    struct call *call, json_t *client, const struct jwt *jwt)
{
    const char *id = json_string_value(json_object_get(client, "appId"));
    const char *issuer = jwt_text(jwt, "iss");
    const char *subject = jwt_text(jwt, "sub");
    const char *once = jwt_text(jwt, "jti");

    if (!text_same(issuer, id))
        return assertion_refuse(call, 700021,
            "Client assertion application identifier doesn't match "
            "'client_id' parameter.");
    if (!text_same(issuer, subject))
        return assertion_refuse(call, 50048,
            "Subject '%s' mismatches Issuer claim in the client assertion.",
            subject ? subject : "");
    if (!once || !identity_use_once(call->cloud->identity, once))
        return assertion_refuse(call, 50012,
            "Authentication failed: the client assertion %s.",
            once ? "was used before" : "has no id (jti)");
    return true;
}

/* The issuer of a federated token is an address, a client's own is its id. */
static bool is_federated(const struct jwt *jwt)
{
    const char *issuer = jwt_text(jwt, "iss");

    return issuer && strstr(issuer, "://") &&
           !json_object_get(jwt->header, "x5t") &&
           !json_object_get(jwt->header, "x5t#S256");
}

/* The signature comes first, so that who cannot sign learns nothing else. */
bool assertion_check(struct call *call, json_t *client, const char *assertion)
{
    struct jwt jwt = { 0 };
    bool good = jwt_parse(&jwt, assertion);

    if (!good)
        identity_error(call, 400, "invalid_request", 50027,
            "JWT token is invalid or malformed.");
    else if (is_federated(&jwt))
        good = federated_check(call, client, &jwt);
    else
        good = signature_check(call, client, &jwt) &&
               assertion_in_time(call, &jwt) && audience_check(call, &jwt) &&
               names_check(call, client, &jwt);
    jwt_done(&jwt);
    return good;
}
