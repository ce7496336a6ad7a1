/* Certificates for tests. */
#include "certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define PART_LIMIT 16384

/* ---- keys and certificates ---- */

static EVP_PKEY *key_new(enum certificate_kind kind)
{
    switch (kind) {
    case CERTIFICATE_RSA:
        return EVP_RSA_gen(2048);
    case CERTIFICATE_RSA_SHORT:
        return EVP_RSA_gen(1024);
    case CERTIFICATE_EC:
        return EVP_EC_gen("P-256");
    }
    return NULL;
}

struct certificate certificate_new(
    enum certificate_kind kind, long from_s, long to_s)
{
    struct certificate made = { .key = key_new(kind), .x509 = X509_new() };
    X509_NAME *name = X509_get_subject_name(made.x509);

    assert_non_null(made.key);
    X509_set_version(made.x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.x509), 1);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
        (const unsigned char *)"Contoso test", -1, -1, 0);
    X509_set_issuer_name(made.x509, name);
    X509_gmtime_adj(X509_getm_notBefore(made.x509), from_s);
    X509_gmtime_adj(X509_getm_notAfter(made.x509), to_s);
    X509_set_pubkey(made.x509, made.key);
    assert_int_not_equal(X509_sign(made.x509, made.key, EVP_sha256()), 0);
    return made;
}

void certificate_done(struct certificate *certificate)
{
    EVP_PKEY_free(certificate->key);
    X509_free(certificate->x509);
    *certificate = (struct certificate){ 0 };
}

/* ---- files ---- */

void certificate_write_pem(
    const char *path, const struct certificate_file *file)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    if (file->first)
        PEM_write_X509(out, file->first);
    if (file->key)
        PEM_write_PKCS8PrivateKey(out, file->key,
            file->password ? EVP_aes_256_cbc() : NULL, NULL, 0, NULL,
            (void *)file->password);
    if (file->last)
        PEM_write_X509(out, file->last);
    assert_int_equal(fclose(out), 0);
}

void certificate_write_pkcs12(
    const char *path, const struct certificate_file *file)
{
    STACK_OF(X509) *others = sk_X509_new_null();
    FILE *out = fopen(path, "w");
    PKCS12 *made;

    if (file->last)
        sk_X509_push(others, file->last);
    made = PKCS12_create(file->password, "contoso", file->key, file->first,
        others, 0, 0, 0, 0, 0);
    assert_non_null(out);
    assert_non_null(made);
    assert_int_equal(i2d_PKCS12_fp(out, made), 1);
    assert_int_equal(fclose(out), 0);
    PKCS12_free(made);
    sk_X509_free(others);
}

static char *bio_take(BIO *bio)
{
    char *data;
    long size = BIO_get_mem_data(bio, &data);
    char *text = strndup(data, (size_t)size);

    BIO_free(bio);
    return text;
}

char *certificate_pem(X509 *x509)
{
    BIO *bio = BIO_new(BIO_s_mem());

    PEM_write_bio_X509(bio, x509);
    return bio_take(bio);
}

char *certificate_key_pem(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    PEM_write_bio_PUBKEY(bio, key);
    return bio_take(bio);
}

/* ---- tokens ---- */

static char *base64url(const unsigned char *bytes, size_t size)
{
    char *text = calloc(1, size / 3 * 4 + 5);

    EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);
    text[strcspn(text, "=")] = '\0';
    for (char *at = text; *at; at++)
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
    return text;
}

static size_t unbase64url(
    unsigned char out[PART_LIMIT], const char *text, size_t size)
{
    char padded[PART_LIMIT] = "";
    size_t whole = (size + 3) / 4 * 4;

    assert_true(whole < sizeof padded);
    for (size_t i = 0; i < whole; i++) {
        char byte = i < size ? text[i] : '=';

        padded[i] = byte == '-' ? '+' : byte == '_' ? '/' : byte;
    }
    if (EVP_DecodeBlock(out, (unsigned char *)padded, (int)whole) < 0)
        return 0;
    return whole / 4 * 3 - (whole - size);
}

static json_t *part_read(const char *text, size_t size)
{
    unsigned char bytes[PART_LIMIT];
    size_t got = unbase64url(bytes, text, size);

    return json_loadb((const char *)bytes, got, 0, NULL);
}

static bool verify(EVP_PKEY *key, bool pss, const char *signed_text,
    size_t size, const char *signature)
{
    unsigned char bytes[PART_LIMIT];
    size_t got = unbase64url(bytes, signature, strlen(signature));
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    EVP_PKEY_CTX *context;
    bool valid =
        EVP_DigestVerifyInit(digest, &context, EVP_sha256(), NULL, key) == 1;

    if (valid && pss)
        valid =
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32) == 1;
    valid = valid && EVP_DigestVerify(digest, bytes, got,
                         (const unsigned char *)signed_text, size) == 1;
    EVP_MD_CTX_free(digest);
    return valid;
}

struct signed_token signed_token_read(const char *token, EVP_PKEY *key)
{
    const char *first = strchr(token, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    struct signed_token read = { 0 };
    const char *algorithm;

    if (!second)
        fail_with("no JWT: %s", token);
    read.header = part_read(token, (size_t)(first - token));
    read.claims = part_read(first + 1, (size_t)(second - first - 1));
    algorithm = json_string_value(json_object_get(read.header, "alg"));
    if (algorithm)
        read.valid = verify(key, strcmp(algorithm, "PS256") == 0, token,
            (size_t)(second - token), second + 1);
    return read;
}

void signed_token_done(struct signed_token *token)
{
    json_decref(token->header);
    json_decref(token->claims);
    *token = (struct signed_token){ 0 };
}

char *signed_token_new(const char *claims, EVP_PKEY *key)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    char *parts[3];
    char *text = NULL;
    size_t size = (size_t)EVP_PKEY_get_size(key);
    unsigned char *bytes = calloc(1, size);
    EVP_MD_CTX *digest = EVP_MD_CTX_new();

    parts[0] = base64url((const unsigned char *)header, sizeof header - 1);
    parts[1] = base64url((const unsigned char *)claims, strlen(claims));
    assert_true(asprintf(&text, "%s.%s", parts[0], parts[1]) > 0);
    EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL, key);
    assert_int_equal(EVP_DigestSign(digest, bytes, &size,
                         (const unsigned char *)text, strlen(text)),
        1);
    parts[2] = base64url(bytes, size);
    free(text);
    assert_true(asprintf(&text, "%s.%s.%s", parts[0], parts[1], parts[2]) > 0);
    for (int i = 0; i < 3; i++)
        free(parts[i]);
    EVP_MD_CTX_free(digest);
    free(bytes);
    return text;
}

char *certificate_thumbprint(const X509 *x509, const char *digest)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    X509_digest(x509, EVP_get_digestbyname(digest), bytes, &size);
    return base64url(bytes, size);
}
