/* Client certificates by OpenSSL. The file is told by its content, not by its
 * name. */
#include "credential.h"

#include "file.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#define FILE_LIMIT 262144 /* bytes; a chain with its key has a tenth */
#define CHAIN_LIMIT 16
#define KEY_LEAST_BITS 2048 /* Entra takes no shorter one */

void credential_done(struct credential *credential)
{
    EVP_PKEY_free(credential->key); /* overwrites the private part */
    X509_free(credential->leaf);
    sk_X509_pop_free(credential->chain, X509_free);
    *credential = (struct credential){ 0 };
}

static enum kv_status refuse(
    struct kv_error *err, const char *path, const char *why)
{
    ERR_clear_error();
    return kv_error_set(
        err, KV_SIGN_IN, "the certificate file %.200s %s", path, why);
}

/* ---- PEM ---- */

struct password {
    const char *text; /* NULL: none was given */
    bool asked;
};

/* OpenSSL's own would ask at the terminal. */
static int password_give(char *out, int size, int writing, void *context)
{
    struct password *password = context;
    size_t length = password->text ? strlen(password->text) : 0;

    (void)writing;
    password->asked = true;
    if (length == 0 || length > (size_t)size)
        return -1;
    memcpy(out, password->text, length);
    return (int)length;
}

static BIO *bio_of(struct view text)
{
    return BIO_new_mem_buf(text.data, (int)text.size);
}

static EVP_PKEY *pem_key(struct view text, struct password *password)
{
    BIO *bio = bio_of(text);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, password_give, password);

    BIO_free(bio);
    return key;
}

/* Every certificate; the one of the key becomes the leaf. */
static void pem_certificates(struct credential *out, struct view text)
{
    BIO *bio = bio_of(text);
    X509 *each;

    out->chain = sk_X509_new_null();
    while (sk_X509_num(out->chain) < CHAIN_LIMIT &&
           (each = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        if (!out->leaf && X509_check_private_key(each, out->key) == 1)
            out->leaf = each;
        else
            sk_X509_push(out->chain, each);
    }
    BIO_free(bio);
}

static enum kv_status pem_load(struct credential *out, const char *path,
    struct view text, const char *password, struct kv_error *err)
{
    struct password given = { .text = password };

    out->key = pem_key(text, &given);
    if (!out->key && given.asked)
        return refuse(err, path,
            given.text ? "does not open with "
                         "AZURE_CLIENT_CERTIFICATE_PASSWORD; correct it"
                       : "has a password; set "
                         "AZURE_CLIENT_CERTIFICATE_PASSWORD");
    if (!out->key)
        return refuse(err, path,
            "holds no private key; put the key and the certificate into it");
    pem_certificates(out, text);
    if (!out->leaf)
        return refuse(err, path,
            sk_X509_num(out->chain) > 0
                ? "holds no certificate of its private key"
                : "holds no certificate; put it beside the private key");
    return KV_OK;
}

/* ---- PKCS#12 ---- */

/* Without a password a file may have been made with none or an empty one. */
static bool pkcs12_opens(PKCS12 *file, const char **password)
{
    if (*password)
        return PKCS12_verify_mac(file, *password, -1) == 1;
    if (PKCS12_verify_mac(file, NULL, 0) == 1)
        return true;
    *password = "";
    return PKCS12_verify_mac(file, "", 0) == 1;
}

static enum kv_status pkcs12_take(struct credential *out, const char *path,
    PKCS12 *file, const char *password, struct kv_error *err)
{
    bool given = password != NULL;

    if (!pkcs12_opens(file, &password))
        return refuse(err, path,
            given ? "does not open with AZURE_CLIENT_CERTIFICATE_PASSWORD; "
                    "correct it"
                  : "has a password; set AZURE_CLIENT_CERTIFICATE_PASSWORD");
    /* The password is right, so what fails now is how it is encrypted. */
    if (PKCS12_parse(file, password, &out->key, &out->leaf, &out->chain) != 1)
        return refuse(err, path,
            "is encrypted in a way that OpenSSL has given up; export it again "
            "with AES");
    if (!out->key || !out->leaf)
        return refuse(err, path,
            out->key ? "holds no certificate of its private key"
                     : "holds no private key; export it with the key");
    return KV_OK;
}

static enum kv_status pkcs12_load(struct credential *out, const char *path,
    struct view text, const char *password, struct kv_error *err)
{
    BIO *bio = bio_of(text);
    PKCS12 *file = d2i_PKCS12_bio(bio, NULL);
    enum kv_status status;

    BIO_free(bio);
    if (file)
        status = pkcs12_take(out, path, file, password, err);
    else
        status = refuse(err, path, "is neither PEM nor PKCS#12");
    PKCS12_free(file);
    return status;
}

/* ---- either ---- */

static enum kv_status check_times(const struct credential *credential,
    const char *path, int64_t now_s, struct kv_error *err)
{
    time_t now = (time_t)now_s;
    struct tm parts = { 0 };
    struct buf date = { .limit = 64 };
    enum kv_status status = KV_OK;

    if (X509_cmp_time(X509_get0_notAfter(credential->leaf), &now) < 0) {
        ASN1_TIME_to_tm(X509_get0_notAfter(credential->leaf), &parts);
        buf_put_time(&date, timegm(&parts));
        status = kv_error_set(err, KV_SIGN_IN,
            "the certificate in %.200s expired at %s; register a new one for "
            "the application",
            path, buf_text(&date));
    } else if (X509_cmp_time(X509_get0_notBefore(credential->leaf), &now) > 0) {
        status = refuse(err, path,
            "holds a certificate that is not valid yet; check this machine's "
            "clock");
    }
    buf_done(&date);
    return status;
}

static enum kv_status check_key(
    const struct credential *credential, const char *path, struct kv_error *err)
{
    if (!EVP_PKEY_is_a(credential->key, "RSA"))
        return refuse(err, path,
            "holds a key that is not RSA, which Entra does not take for "
            "applications");
    if (EVP_PKEY_get_bits(credential->key) < KEY_LEAST_BITS)
        return refuse(err, path, "holds an RSA key of less than 2048 bits");
    return KV_OK;
}

enum kv_status credential_load(struct credential *out, const char *path,
    const char *password, int64_t now_s, struct kv_error *err)
{
    struct hidden text = { 0 };
    enum kv_status status = file_read(&text, path, FILE_LIMIT, err);

    if (status == KV_OK && memmem(text.data, text.size, "-----BEGIN ", 11))
        status = pem_load(out, path, hidden_view(&text), password, err);
    else if (status == KV_OK)
        status = pkcs12_load(out, path, hidden_view(&text), password, err);
    hidden_done(&text);
    if (status == KV_OK)
        status = check_key(out, path, err);
    if (status == KV_OK)
        status = check_times(out, path, now_s, err);
    return status == KV_OK ? KV_OK : KV_SIGN_IN;
}
