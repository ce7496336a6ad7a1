/* Tokens as text: the claims that Entra's hold, and the signature. */
#include "signing.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "jwt.h"
#include "service.h"

#define KEY_BITS 2048
#define KEY_ID "kvgov-cloud-1"

/* Made when the first token is: it takes a moment that the start shall not. */
struct signing {
    EVP_PKEY *key;
};

struct signing *signing_new(void)
{
    return alloc_zero(1, sizeof(struct signing));
}

void signing_free(struct signing *signing)
{
    if (!signing)
        return;
    EVP_PKEY_free(signing->key);
    free(signing);
}

static EVP_PKEY *signing_pkey(struct signing *signing)
{
    if (!signing->key)
        signing->key = EVP_RSA_gen(KEY_BITS);
    if (!signing->key)
        abort();
    return signing->key;
}

/* ---- the signature ---- */

static void put_part(struct buffer *out, json_t *part)
{
    char *text = json_dumps(part, JSON_COMPACT);
    char *coded = base64url_text((unsigned char *)text, strlen(text));

    buffer_puts(out, coded);
    free(coded);
    free(text);
}

static char *signature(struct signing *signing, const struct buffer *body)
{
    unsigned char bytes[KEY_BITS / 8];
    size_t length = sizeof bytes;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool good = EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL,
                    signing_pkey(signing)) == 1 &&
                EVP_DigestSign(digest, bytes, &length,
                    (unsigned char *)body->data, body->length) == 1;

    EVP_MD_CTX_free(digest);
    if (!good)
        abort();
    return base64url_text(bytes, length);
}

/* Takes the claims. */
static char *token_sign(struct signing *signing, json_t *claims)
{
    json_t *header = json_pack(
        "{s:s, s:s, s:s}", "typ", "JWT", "alg", "RS256", "kid", KEY_ID);
    struct buffer text = { 0 };
    char *end;

    put_part(&text, header);
    buffer_putc(&text, '.');
    put_part(&text, claims);
    end = signature(signing, &text);
    buffer_putc(&text, '.');
    buffer_puts(&text, end);
    free(end);
    json_decref(header);
    json_decref(claims);
    return buffer_take(&text);
}

static void put_number(json_t *key, EVP_PKEY *pkey, const char *name)
{
    unsigned char bytes[KEY_BITS / 8];
    BIGNUM *number = NULL;
    char *text;

    if (EVP_PKEY_get_bn_param(pkey, name, &number) != 1)
        abort();
    text = base64url_text(bytes, (size_t)BN_bn2bin(number, bytes));
    json_object_set_new(key, name, json_string(text));
    free(text);
    BN_free(number);
}

json_t *signing_key(struct signing *signing)
{
    json_t *key = json_pack("{s:s, s:s, s:s, s:s}", "kty", "RSA", "use", "sig",
        "kid", KEY_ID, "alg", "RS256");

    put_number(key, signing_pkey(signing), OSSL_PKEY_PARAM_RSA_N);
    put_number(key, signing_pkey(signing), OSSL_PKEY_PARAM_RSA_E);
    return key;
}

/* ---- the claims ---- */

static void claim(json_t *claims, const char *name, const char *value)
{
    if (value)
        json_object_set_new(claims, name, json_string(value));
}

static const char *principal_text(json_t *principal, const char *name)
{
    return json_string_value(json_object_get(principal, name));
}

/* Version 1 has a name of its own for the issuer, which is no address of the
 * cloud's; version 2 is the one that the configuration tells. */
static void claim_issuer(
    json_t *claims, const char *start, const struct call *call, const char *end)
{
    char *issuer =
        alloc_format("%s/%s/%s", start, call->cloud->estate.tenant_id, end);

    claim(claims, "iss", issuer);
    free(issuer);
}

static void claims_of_person(json_t *claims, json_t *principal)
{
    const char *upn = principal_text(principal, "userPrincipalName");

    claim(claims, "idtyp", "user");
    claim(claims, "name", principal_text(principal, "displayName"));
    claim(claims, "upn", upn);
    claim(claims, "unique_name", upn);
    claim(claims, "scp", "user_impersonation");
}

/* Of an application only Microsoft Graph is told the name. */
static void claims_of_program(const struct call *call, json_t *claims,
    const struct token *token, json_t *principal)
{
    claim(claims, "idtyp", "app");
    if (service_accepts(call->cloud, SERVICE_GRAPH, token->audience))
        claim(claims, "app_displayname",
            principal_text(principal, "displayName"));
}

static void claims_of_sign_in(json_t *claims, const struct token *token)
{
    json_object_set_new(claims, "amr",
        token->strong ? json_pack("[ss]", "pwd", "mfa")
                      : json_pack("[s]", "pwd"));
    if (token->strong)
        json_object_set_new(claims, "acrs", json_pack("[s]", "p1"));
}

static json_t *claims_new(const struct call *call, const struct token *token)
{
    const char *tenant = call->cloud->estate.tenant_id;
    char *id = guid_new();
    json_int_t now = (json_int_t)time(NULL);
    json_t *claims =
        json_pack("{s:I, s:I, s:I, s:s, s:s, s:s, s:s}", "iat", now, "nbf", now,
            "exp", (json_int_t)token->expires, "oid", token->principal_id,
            "sub", token->principal_id, "tid", tenant, "uti", id);

    free(id);
    return claims;
}

/* Which client a token was issued to: a person's is the one that signed him
 * in, a program's is itself. */
static const char *client_of(const struct token *token, json_t *principal)
{
    const char *own = principal_text(principal, "appId");

    return own ? own : token->client_id;
}

char *signing_access_token(
    const struct call *call, struct signing *signing, const struct token *token)
{
    json_t *principal =
        estate_principal(&call->cloud->estate, token->principal_id);
    json_t *claims = claims_new(call, token);

    claim(claims, "aud", token->audience);
    claim(claims, "ver", "1.0");
    claim_issuer(claims, "https://sts.windows.net", call, "");
    claim(claims, "appid", client_of(token, principal));
    if (principal_text(principal, "userPrincipalName")) {
        claims_of_person(claims, principal);
        claims_of_sign_in(claims, token);
    } else {
        claims_of_program(call, claims, token, principal);
    }
    return token_sign(signing, claims);
}

char *signing_id_token(
    const struct call *call, struct signing *signing, const struct token *token)
{
    json_t *principal =
        estate_principal(&call->cloud->estate, token->principal_id);
    json_t *claims = claims_new(call, token);

    claim(claims, "aud", token->client_id);
    claim(claims, "ver", "2.0");
    claim_issuer(claims, call->origin, call, "v2.0");
    claim(claims, "name", principal_text(principal, "displayName"));
    claim(claims, "preferred_username",
        principal_text(principal, "userPrincipalName"));
    return token_sign(signing, claims);
}
