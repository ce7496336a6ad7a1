/* Client assertions: header, claims, signature. */
#include "assertion.h"

#include "base64.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>

#define LIFETIME_S 600 /* MSAL's */
#define TEXT_LIMIT 65536

struct algorithm_row {
    const char *name;
    const char *thumbprint; /* the header's member */
    const char *digest;     /* of the certificate in it */
};

static const struct algorithm_row algorithms[] = {
    [ASSERTION_PS256] = { "PS256", "x5t#S256", "SHA256" },
    [ASSERTION_RS256] = { "RS256", "x5t", "SHA1" },
};

/* ---- header and claims ---- */

static json_t *thumbprint(const X509 *certificate, const char *digest)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    struct buf text = { .limit = 128 };
    json_t *value = NULL;

    if (X509_digest(certificate, EVP_get_digestbyname(digest), bytes, &size)) {
        base64_put_url(&text, (struct view){ (const char *)bytes, size });
        value = json_string(buf_text(&text));
    }
    buf_done(&text);
    return value;
}

static void put_certificate(json_t *list, const X509 *certificate)
{
    unsigned char *bytes = NULL;
    int size = i2d_X509(certificate, &bytes);
    struct buf text = { .limit = TEXT_LIMIT };

    if (size > 0)
        base64_put(&text, (struct view){ (const char *)bytes, (size_t)size });
    json_array_append_new(list, json_string(buf_text(&text)));
    buf_done(&text);
    OPENSSL_free(bytes);
}

static json_t *chain_of(const struct credential *credential)
{
    json_t *list = json_array();

    put_certificate(list, credential->leaf);
    for (int i = 0; i < sk_X509_num(credential->chain); i++)
        put_certificate(list, sk_X509_value(credential->chain, i));
    return list;
}

static json_t *header_of(
    const struct assertion *assertion, const struct credential *credential)
{
    const struct algorithm_row *row = &algorithms[assertion->algorithm];
    json_t *header = json_pack("{s:s, s:s}", "alg", row->name, "typ", "JWT");

    json_object_set_new(
        header, row->thumbprint, thumbprint(credential->leaf, row->digest));
    if (assertion->send_chain)
        json_object_set_new(header, "x5c", chain_of(credential));
    return header;
}

/* A random GUID (RFC 9562, version 4), so that no assertion serves twice. */
static bool put_guid(struct buf *out)
{
    unsigned char bytes[16];

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof bytes; i++)
        buf_putf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
            bytes[i]);
    return true;
}

static json_t *claims_of(const struct assertion *assertion)
{
    struct buf guid = { .limit = 64 };
    json_t *claims = NULL;

    if (put_guid(&guid))
        claims = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "aud",
            assertion->audience, "iss", assertion->client, "sub",
            assertion->client, "jti", buf_text(&guid), "nbf",
            (json_int_t)assertion->now_s, "iat", (json_int_t)assertion->now_s,
            "exp", (json_int_t)(assertion->now_s + LIFETIME_S));
    buf_done(&guid);
    return claims;
}

static bool put_part(struct buf *out, json_t *part)
{
    char *text = part ? json_dumps(part, JSON_COMPACT) : NULL;

    if (text)
        base64_put_url(out, view_of(text));
    free(text);
    json_decref(part);
    return text != NULL;
}

/* ---- signature ---- */

/* PSS with a salt as long as the digest, as RFC 7518 section 3.5 says. */
static bool padding_set(
    EVP_PKEY_CTX *context, enum assertion_algorithm algorithm)
{
    if (algorithm == ASSERTION_RS256)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) >
               0 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0;
}

static bool put_signature(
    struct buf *out, EVP_PKEY *key, enum assertion_algorithm algorithm)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    EVP_PKEY_CTX *context = NULL;
    size_t size = (size_t)EVP_PKEY_get_size(key);
    unsigned char *bytes = mem_alloc(size);
    bool done =
        EVP_DigestSignInit(digest, &context, EVP_sha256(), NULL, key) == 1 &&
        padding_set(context, algorithm) &&
        EVP_DigestSign(digest, bytes, &size, (const unsigned char *)out->data,
            out->size) == 1;

    if (done) {
        buf_putc(out, '.');
        base64_put_url(out, (struct view){ (const char *)bytes, size });
    }
    EVP_MD_CTX_free(digest);
    mem_cleanse(bytes, size);
    ERR_clear_error();
    return done;
}

enum kv_status assertion_sign(struct hidden *out,
    const struct assertion *assertion, const struct credential *credential,
    struct kv_error *err)
{
    struct buf text = { .limit = TEXT_LIMIT };
    bool done = put_part(&text, header_of(assertion, credential));
    enum kv_status status = KV_OK;

    buf_putc(&text, '.');
    done = put_part(&text, claims_of(assertion)) && done;
    done = done && put_signature(&text, credential->key, assertion->algorithm);
    if (done && !text.failed)
        hidden_set(out, buf_view(&text));
    else
        status = kv_error_set(err, KV_SIGN_IN,
            "the client assertion could not be signed with the certificate's "
            "key");
    if (text.data)
        explicit_bzero(text.data, text.size);
    buf_done(&text);
    return status;
}
