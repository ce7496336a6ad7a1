/* Certificates for --tls: an authority and one server certificate. */
#include "tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"

#define LIFE_S (7L * 86400)
#define CLOCK_SLACK_S 3600 /* a client's clock may be behind */

/* One certificate with its key. */
struct signer {
    EVP_PKEY *key;
    X509 *certificate;
};

static void signer_done(struct signer *signer)
{
    EVP_PKEY_free(signer->key);
    X509_free(signer->certificate);
    *signer = (struct signer){ 0 };
}

/* Every name, and below the named services every vault's. A wildcard right
 * below the suffix would not do: clients refuse one below "localhost". */
static char *server_names(const char *suffix)
{
    static const char *const labels[] = { "*.vault", "*.managedhsm", "login",
        "management", "graph", "logs" };
    const char *const suffixes[] = { "localhost", suffix };
    size_t count = strcmp(suffix, "localhost") == 0 ? 1 : 2;
    struct buffer names = { 0 };

    buffer_puts(&names, "DNS:localhost,IP:127.0.0.1,IP:::1");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof labels / sizeof *labels; k++)
            buffer_putf(&names, ",DNS:%s.%s", labels[k], suffixes[i]);
    return buffer_take(&names);
}

static bool extension_add(
    X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    bool good;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    good = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

static bool certificate_name(
    X509 *certificate, X509 *issuer, const char *common_name)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    unsigned char serial[16];

    if (RAND_bytes(serial, sizeof serial) != 1)
        return false;
    serial[0] &= 0x7f; /* a serial number is positive */
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    bool good = number &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return good && X509_set_version(certificate, 2) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
               (const unsigned char *)common_name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) ==
               1;
}

/* names NULL: an authority, which signs itself. */
static bool certificate_fill(const struct signer *own,
    const struct signer *issuer, const char *common_name, const char *names)
{
    X509 *x = own->certificate;
    X509 *by = issuer->certificate;

    return certificate_name(x, by, common_name) &&
           X509_gmtime_adj(X509_getm_notBefore(x), -CLOCK_SLACK_S) &&
           X509_gmtime_adj(X509_getm_notAfter(x), LIFE_S) &&
           X509_set_pubkey(x, own->key) == 1 &&
           extension_add(x, by, NID_subject_key_identifier, "hash") &&
           extension_add(x, by, NID_authority_key_identifier, "keyid") &&
           extension_add(x, by, NID_basic_constraints,
               names ? "critical,CA:FALSE" : "critical,CA:TRUE,pathlen:0") &&
           extension_add(x, by, NID_key_usage,
               names ? "critical,digitalSignature"
                     : "critical,keyCertSign,cRLSign") &&
           (!names || (extension_add(x, by, NID_ext_key_usage, "serverAuth") &&
                          extension_add(x, by, NID_subject_alt_name, names))) &&
           X509_sign(x, issuer->key, EVP_sha256()) > 0;
}

static bool signer_new(struct signer *signer, const struct signer *issuer,
    const char *common_name, const char *names)
{
    signer->key = EVP_EC_gen("P-256");
    signer->certificate = X509_new();
    return signer->key && signer->certificate &&
           certificate_fill(
               signer, issuer ? issuer : signer, common_name, names);
}

static char *bio_text(BIO *bio)
{
    char *data = NULL;
    long length = BIO_get_mem_data(bio, &data);

    return alloc_slice(data, (size_t)length);
}

static char *certificate_text(X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text =
        PEM_write_bio_X509(bio, certificate) == 1 ? bio_text(bio) : NULL;

    BIO_free(bio);
    return text;
}

static char *key_text(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool good =
        PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    char *text = good ? bio_text(bio) : NULL;

    BIO_free(bio);
    return text;
}

bool tls_new(struct tls *tls, const char *suffix, char **problem)
{
    struct signer authority = { 0 };
    struct signer server = { 0 };
    char *names = server_names(suffix);

    if (signer_new(&authority, NULL, "kvgov-cloud authority", NULL) &&
        signer_new(&server, &authority, "localhost", names)) {
        tls->authority = certificate_text(authority.certificate);
        tls->certificate = certificate_text(server.certificate);
        tls->key = key_text(server.key);
    }
    free(names);
    signer_done(&authority);
    signer_done(&server);
    if (tls->authority && tls->certificate && tls->key)
        return true;
    tls_done(tls);
    *problem = alloc_format("No certificate can be made for the suffix '%s'; "
                            "give one such as localhost.",
        suffix);
    return false;
}

void tls_done(struct tls *tls)
{
    free(tls->authority);
    free(tls->certificate);
    free(tls->key);
    *tls = (struct tls){ 0 };
}

char *tls_save_authority(
    const struct tls *tls, const char *path, char **problem)
{
    const char *folder = getenv("TMPDIR");
    char *name = path ? alloc_text(path)
                      : alloc_format("%s/kvgov-cloud-ca.XXXXXX",
                            folder && *folder ? folder : "/tmp");
    int fd = path ? open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)
                  : mkostemp(name, O_CLOEXEC);
    size_t length = strlen(tls->authority);
    bool good = fd >= 0 && write(fd, tls->authority, length) == (ssize_t)length;

    if (fd >= 0 && close(fd) != 0)
        good = false;
    if (good)
        return name;
    *problem = alloc_format("The authority cannot be written to '%s' (%s); "
                            "name a file that can be with --ca.",
        name, strerror(errno));
    free(name);
    return NULL;
}
