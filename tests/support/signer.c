/* Keys, certificates and signed tokens, by OpenSSL. */
#include "signer.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "base.h"
#include "test.h"

#define KEY_BITS 2048
#define TOKEN_LIMIT 16384

static char *base64url(const unsigned char *data, size_t size)
{
    char *text = mem_alloc(size / 3 * 4 + 5);

    EVP_EncodeBlock((unsigned char *)text, data, (int)size);
    for (char *at = text; *at; at++)
        *at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at);
    text[strcspn(text, "=")] = '\0';
    return text;
}

static char *bio_take(BIO *bio)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    char *text = mem_copy_view((struct view){ data, (size_t)size });

    BIO_free(bio);
    return text;
}

static char *thumbprint(const X509 *certificate, const EVP_MD *digest)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    X509_digest(certificate, digest, bytes, &size);
    return base64url(bytes, size);
}

static X509 *certificate_new(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);

    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
        (const unsigned char *)"contoso-automation", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    if (X509_sign(certificate, key, EVP_sha256()) == 0)
        fail_with("no certificate can be signed");
    return certificate;
}

struct signer *signer_new(void)
{
    struct signer *signer = mem_alloc(sizeof *signer);
    BIO *bio = BIO_new(BIO_s_mem());

    signer->key = EVP_RSA_gen(KEY_BITS);
    X509 *certificate = certificate_new(signer->key);
    PEM_write_bio_X509(bio, certificate);
    signer->certificate = bio_take(bio);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, signer->key);
    signer->public_key = bio_take(bio);
    signer->x5t = thumbprint(certificate, EVP_sha1());
    signer->x5t_s256 = thumbprint(certificate, EVP_sha256());
    X509_free(certificate);
    return signer;
}

void signer_free(struct signer *signer)
{
    if (!signer)
        return;
    EVP_PKEY_free(signer->key);
    mem_free(signer->certificate);
    mem_free(signer->public_key);
    mem_free(signer->x5t);
    mem_free(signer->x5t_s256);
    mem_free(signer);
}

static char *signature(const struct signer *signer, bool pss, struct view text)
{
    unsigned char bytes[KEY_BITS / 8];
    size_t size = sizeof bytes;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    EVP_PKEY_CTX *context = NULL;

    bool good = EVP_DigestSignInit(
                    digest, &context, EVP_sha256(), NULL, signer->key) == 1;
    if (good && pss)
        good =
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32) > 0;
    good = good && EVP_DigestSign(digest, bytes, &size,
                       (const unsigned char *)text.data, text.size) == 1;
    EVP_MD_CTX_free(digest);
    if (!good)
        fail_with("nothing can be signed");
    return base64url(bytes, size);
}

static void put_part(struct buf *out, const char *text)
{
    char *part = base64url((const unsigned char *)text, strlen(text));

    buf_puts(out, part);
    mem_free(part);
}

char *signer_sign(const struct signer *signer, bool pss, const char *claims)
{
    struct buf header = { .limit = TOKEN_LIMIT };
    struct buf token = { .limit = TOKEN_LIMIT };

    buf_putf(
        &header, "{\"alg\":\"%s\",\"typ\":\"JWT\"", pss ? "PS256" : "RS256");
    if (!signer->thumbprints_hidden)
        buf_putf(&header, ",\"%s\":\"%s\"", pss ? "x5t#S256" : "x5t",
            pss ? signer->x5t_s256 : signer->x5t);
    buf_putc(&header, '}');
    put_part(&token, buf_text(&header));
    buf_putc(&token, '.');
    put_part(&token, claims);
    char *end = signature(signer, pss, buf_view(&token));
    buf_putf(&token, ".%s", end);
    char *text = mem_copy_text(buf_text(&token));
    mem_free(end);
    buf_done(&token);
    buf_done(&header);
    return text;
}
