/* The certificates that vaults hold: real ones that clients can parse, with
 * the subject, names and dates of their policy. Their keys are Ed25519's,
 * whatever the policy says: only these sign the same bytes the same way. */
#include "x509.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "jwt.h"

#define SERIAL_BYTES 16
#define SEED_BYTES 32

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static EVP_PKEY *key_make(const char *seed)
{
    unsigned char bytes[SEED_BYTES];

    seeded_bytes(seed, bytes, sizeof bytes);
    return EVP_PKEY_new_raw_private_key(
        EVP_PKEY_ED25519, NULL, bytes, sizeof bytes);
}

static bool serial_set(X509 *x509, const char *seed)
{
    unsigned char bytes[SERIAL_BYTES];
    BIGNUM *number;
    bool good;

    seeded_bytes(seed, bytes, sizeof bytes);
    bytes[0] &= 0x7f; /* a serial number is positive */
    number = BN_bin2bn(bytes, sizeof bytes, NULL);
    good = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
    BN_free(number);
    return good;
}

/* "CN=www.contoso.com, O=Contoso", one part after the other. */
static bool name_set(X509_NAME *name, const char *text)
{
    bool good = *text != '\0';

    while (*text && good) {
        size_t length = strcspn(text, ",");
        size_t split = strcspn(text, "=");
        char *field = alloc_slice(text, split);

        good = split < length &&
               X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                   (const unsigned char *)text + split + 1,
                   (int)(length - split - 1), -1, 0) == 1;
        free(field);
        text += length;
        text += strspn(text, ", ");
    }
    return good;
}

/* A certificate signs itself or is one of a named authority's. */
static bool names_set(X509 *x509, json_t *policy)
{
    json_t *properties = json_object_get(policy, "x509_props");
    const char *subject = member_text(properties, "subject");
    const char *issuer = member_text(json_object_get(policy, "issuer"), "name");
    bool own = !*issuer || text_same(issuer, "Self");
    char *authority = own ? alloc_text(subject) : alloc_format("CN=%s", issuer);
    bool good = name_set(X509_get_subject_name(x509), subject) &&
                name_set(X509_get_issuer_name(x509), authority);

    free(authority);
    return good;
}

static bool alternatives_set(X509 *x509, json_t *policy)
{
    json_t *names = json_object_get(
        json_object_get(json_object_get(policy, "x509_props"), "sans"),
        "dns_names");
    struct buffer text = { 0 };
    X509_EXTENSION *extension;
    size_t index;
    json_t *name;
    char *list;
    bool good;

    json_array_foreach(names, index, name) buffer_putf(
        &text, "%sDNS:%s", index ? "," : "", json_string_value(name));
    list = buffer_take(&text);
    if (!list || !*list) {
        free(list);
        return true;
    }
    extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, list);
    good = extension && X509_add_ext(x509, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    free(list);
    return good;
}

static bool dates_set(X509 *x509, json_t *version)
{
    json_int_t from = object_when(version, "from");
    json_int_t until = object_when(version, "expires");

    if (from == 0)
        from = object_when(version, "created");
    return ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)from) &&
           ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)until);
}

static bool x509_fill(
    X509 *x509, EVP_PKEY *key, json_t *object, json_t *version)
{
    json_t *policy = json_object_get(object, "policy");

    return X509_set_version(x509, 2) == 1 && names_set(x509, policy) &&
           alternatives_set(x509, policy) && dates_set(x509, version) &&
           serial_set(x509, member_text(version, "id")) &&
           X509_set_pubkey(x509, key) == 1 && X509_sign(x509, key, NULL) > 0;
}

unsigned char *x509_der(json_t *object, json_t *version, size_t *length)
{
    EVP_PKEY *key = key_make(member_text(object, "name"));
    X509 *x509 = X509_new();
    unsigned char *coded = NULL;
    unsigned char *der = NULL;
    int size = -1;

    if (key && x509 && x509_fill(x509, key, object, version))
        size = i2d_X509(x509, &coded);
    if (size > 0) {
        der = alloc_zero(1, (size_t)size);
        memcpy(der, coded, (size_t)size);
        *length = (size_t)size;
    }
    OPENSSL_free(coded);
    X509_free(x509);
    EVP_PKEY_free(key);
    return der;
}

char *x509_text(json_t *object, json_t *version)
{
    size_t length = 0;
    unsigned char *der = x509_der(object, version, &length);
    unsigned char *text;

    if (!der)
        return NULL;
    text = alloc_zero(1, length / 3 * 4 + 8);
    EVP_EncodeBlock(text, der, (int)length);
    free(der);
    return (char *)text;
}

char *x509_thumbprint(json_t *object, json_t *version)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    size_t length = 0;
    unsigned char *der = x509_der(object, version, &length);

    if (!der)
        return NULL;
    EVP_Digest(der, length, digest, &size, EVP_sha1(), NULL);
    free(der);
    return base64url_text(digest, size);
}
