/* Workload identity: a token of another issuer, which the application's
 * "federatedCredentials" in the estate trust: each names the issuer, the
 * subject, the audiences and the issuer's public key as PEM. */
#include <openssl/pem.h>
#include <string.h>

#include "identity.h"
#include "jwt.h"

/* The parts are compared in Entra's order and, as Entra does, by case. */
enum part {
    PART_ISSUER,
    PART_SUBJECT,
    PART_AUDIENCE,
    PART_ALL, /* nothing is left that differs */
};

static const struct {
    int number; /* of AADSTS */
    const char *name;
} part_rows[PART_ALL] = {
    [PART_ISSUER] = { 700211, "issuer" },
    [PART_SUBJECT] = { 700213, "subject" },
    [PART_AUDIENCE] = { 700212, "audience" },
};

static bool text_equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool audience_matches(json_t *credential, const struct jwt *jwt)
{
    size_t index;
    json_t *audience;

    json_array_foreach(
        json_object_get(credential, "audiences"), index, audience)
    {
        if (json_is_string(audience) &&
            jwt_audience_is(jwt, json_string_value(audience)))
            return true;
    }
    return false;
}

/* The first part that differs. */
static enum part credential_compare(json_t *credential, const struct jwt *jwt)
{
    const char *issuer =
        json_string_value(json_object_get(credential, "issuer"));
    const char *subject =
        json_string_value(json_object_get(credential, "subject"));

    if (!text_equal(issuer, jwt_text(jwt, "iss")))
        return PART_ISSUER;
    if (!text_equal(subject, jwt_text(jwt, "sub")))
        return PART_SUBJECT;
    return audience_matches(credential, jwt) ? PART_ALL : PART_AUDIENCE;
}

/* The credential that fits, or NULL; *best is how far the closest came. */
static json_t *credential_find(
    json_t *credentials, const struct jwt *jwt, enum part *best)
{
    size_t index;
    json_t *credential;

    *best = PART_ISSUER;
    json_array_foreach(credentials, index, credential)
    {
        enum part part = credential_compare(credential, jwt);

        if (part > *best)
            *best = part;
        if (part == PART_ALL)
            return credential;
    }
    return NULL;
}

static bool refuse_unmatched(
    struct call *call, const struct jwt *jwt, enum part part)
{
    static const char *const claims[PART_ALL] = { "iss", "sub", "aud" };
    const char *given = jwt_text(jwt, claims[part]);

    identity_error(call, 401, "invalid_client", part_rows[part].number,
        "No matching federated identity record found for presented assertion "
        "%s '%s'. Check your federated identity credential Subject, Audience "
        "and Issuer against the presented assertion.",
        part_rows[part].name, given ? given : "");
    return false;
}

static bool signature_check(
    struct call *call, json_t *credential, const struct jwt *jwt)
{
    const char *pem = json_string_value(json_object_get(credential, "key"));
    BIO *bio = pem ? BIO_new_mem_buf(pem, -1) : NULL;
    EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    bool good = key && jwt_verify(jwt, key);

    BIO_free(bio);
    EVP_PKEY_free(key);
    if (!good)
        identity_error(call, 401, "invalid_client", 700027,
            "Client assertion contains an invalid signature. [Reason - The "
            "key was not found among those of the issuer.]");
    return good;
}

bool federated_check(struct call *call, json_t *client, const struct jwt *jwt)
{
    json_t *credentials = json_object_get(client, "federatedCredentials");
    json_t *credential;
    enum part part;

    if (json_array_size(credentials) == 0) {
        identity_error(call, 400, "invalid_request", 70021,
            "No matching federated identity record found for presented "
            "assertion. Please check your federated identity credential "
            "Subject, Audience and Issuer against the presented assertion.");
        return false;
    }
    credential = credential_find(credentials, jwt, &part);
    if (!credential)
        return refuse_unmatched(call, jwt, part);
    return signature_check(call, credential, jwt) &&
           assertion_in_time(call, jwt);
}
