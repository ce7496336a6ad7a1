/* Signed tokens: taking them apart and checking the signature. */
#include "jwt.h"

#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

#define PSS_SALT_BYTES 32 /* as long as the digest, as the standard wants */
#define RSA_BITS_LEAST 2048
#define TIME_LAST 253402300799.0 /* the end of the year 9999 */

/* OpenSSL's decoder wants the other alphabet, padded. Padding at the end is
 * allowed: clients that send it are accepted by Entra too. */
static unsigned char *base64url_bytes(
    const char *text, size_t length, size_t *size)
{
    struct buffer plain = { 0 };
    unsigned char *bytes;
    int decoded;

    while (length > 0 && text[length - 1] == '=')
        length--;
    for (size_t i = 0; i < length; i++)
        buffer_putc(&plain, text[i] == '-'   ? '+'
                            : text[i] == '_' ? '/'
                                             : text[i]);
    while (plain.length % 4 != 0)
        buffer_putc(&plain, '=');
    bytes = alloc_zero(plain.length / 4 * 3 + 1, 1);
    decoded = plain.length == 0
                  ? 0
                  : EVP_DecodeBlock(
                        bytes, (unsigned char *)plain.data, (int)plain.length);
    buffer_done(&plain);
    if (decoded < 0 || length % 4 == 1) {
        free(bytes);
        return NULL;
    }
    *size = length / 4 * 3 + (length % 4 ? length % 4 - 1 : 0);
    return bytes;
}

char *base64url_text(const unsigned char *bytes, size_t length)
{
    char *text = alloc_zero(length / 3 * 4 + 5, 1);

    EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
    for (char *at = text; *at; at++)
        *at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at);
    text[strcspn(text, "=")] = '\0';
    return text;
}

static json_t *part_json(const char *text, size_t length)
{
    size_t size;
    unsigned char *bytes = base64url_bytes(text, length, &size);
    json_t *json = bytes ? json_loadb((char *)bytes, size, 0, NULL) : NULL;

    free(bytes);
    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

bool jwt_parse(struct jwt *jwt, const char *text)
{
    const char *first = strchr(text, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;

    *jwt = (struct jwt){ 0 };
    if (!second || strchr(second + 1, '.'))
        return false;
    jwt->header = part_json(text, (size_t)(first - text));
    jwt->claims = part_json(first + 1, (size_t)(second - first - 1));
    jwt->body = alloc_slice(text, (size_t)(second - text));
    jwt->signature =
        base64url_bytes(second + 1, strlen(second + 1), &jwt->signature_length);
    return jwt->header && jwt->claims && jwt->signature;
}

void jwt_done(struct jwt *jwt)
{
    json_decref(jwt->header);
    json_decref(jwt->claims);
    free(jwt->body);
    free(jwt->signature);
    *jwt = (struct jwt){ 0 };
}

static bool algorithm_set(EVP_PKEY_CTX *context, const char *algorithm)
{
    if (strcmp(algorithm, "RS256") == 0)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
    return strcmp(algorithm, "PS256") == 0 &&
           EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, PSS_SALT_BYTES) > 0;
}

bool jwt_verify(const struct jwt *jwt, EVP_PKEY *key)
{
    const char *algorithm =
        json_string_value(json_object_get(jwt->header, "alg"));
    EVP_MD_CTX *digest;
    EVP_PKEY_CTX *context = NULL; /* the digest's */
    bool good;

    if (!algorithm || !EVP_PKEY_is_a(key, "RSA") ||
        EVP_PKEY_get_bits(key) < RSA_BITS_LEAST)
        return false;
    digest = EVP_MD_CTX_new();
    good =
        EVP_DigestVerifyInit(digest, &context, EVP_sha256(), NULL, key) == 1 &&
        algorithm_set(context, algorithm) &&
        EVP_DigestVerify(digest, jwt->signature, jwt->signature_length,
            (unsigned char *)jwt->body, strlen(jwt->body)) == 1;
    EVP_MD_CTX_free(digest);
    return good;
}

const char *jwt_text(const struct jwt *jwt, const char *claim)
{
    return json_string_value(json_object_get(jwt->claims, claim));
}

json_int_t jwt_time(const struct jwt *jwt, const char *claim)
{
    double seconds = json_number_value(json_object_get(jwt->claims, claim));

    return seconds >= 0 && seconds <= TIME_LAST ? (json_int_t)seconds : 0;
}

bool jwt_audience_is(const struct jwt *jwt, const char *audience)
{
    json_t *given = json_object_get(jwt->claims, "aud");
    size_t index;
    json_t *each;

    if (json_is_string(given))
        return strcmp(json_string_value(given), audience) == 0;
    json_array_foreach(given, index, each)
    {
        if (json_is_string(each) &&
            strcmp(json_string_value(each), audience) == 0)
            return true;
    }
    return false;
}
