/* What the simulated cloud's tokens look like to who looks into them, and that
 * nothing but the very token opens a door. */
#include "test.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>
#include <time.h>

#include "base.h"
#include "cloud_ask.h"

#define PART_LIMIT 4096

static int start(void **state)
{
    *state = cloud_start(NULL);
    return 0;
}

static int stop(void **state)
{
    cloud_stop(*state);
    return 0;
}

/* The bytes of a base64url text; how many. */
static size_t decode(struct view text, unsigned char out[PART_LIMIT])
{
    char plain[PART_LIMIT + 4];
    size_t size = text.size < PART_LIMIT ? text.size : 0;

    for (size_t i = 0; i < size; i++)
        plain[i] = (char)(text.data[i] == '-'   ? '+'
                          : text.data[i] == '_' ? '/'
                                                : text.data[i]);
    size_t padded = size;
    while (padded % 4 != 0)
        plain[padded++] = '=';
    int length =
        EVP_DecodeBlock(out, (const unsigned char *)plain, (int)padded);
    return length < 0 ? 0 : (size_t)length - (padded - size);
}

static json_t *part_json(struct view text)
{
    unsigned char bytes[PART_LIMIT];
    size_t size = decode(text, bytes);
    json_t *json = json_loadb((char *)bytes, size, 0, NULL);

    assert_non_null(json);
    return json;
}

static json_t *claims_of(const char *bearer)
{
    struct view rest = view_of(bearer + strlen("Bearer "));

    (void)view_cut(&rest, '.');
    return part_json(view_cut(&rest, '.'));
}

static const char *text_of(const json_t *claims, const char *name)
{
    const char *text = json_string_value(json_object_get(claims, name));

    return text ? text : "";
}

static void test_claims(void **state)
{
    const struct cloud *cloud = *state;
    char *bearer = cloud_bearer(cloud, "https://vault.azure.net");
    json_t *claims = claims_of(bearer);
    json_int_t ends = json_integer_value(json_object_get(claims, "exp"));

    assert_string_equal(text_of(claims, "aud"), "https://vault.azure.net");
    assert_string_equal(text_of(claims, "idtyp"), "app");
    assert_contains(text_of(claims, "iss"), "https://sts.windows.net/");
    assert_string_equal(
        text_of(claims, "appid"), cloud_variable(cloud, "AZURE_CLIENT_ID"));
    assert_string_equal(
        text_of(claims, "tid"), cloud_variable(cloud, "AZURE_TENANT_ID"));
    assert_true(ends > time(NULL) + 3000 && ends < time(NULL) + 4000);
    json_decref(claims);
    mem_free(bearer);
}

/* ---- the signature ---- */

static void put_number(
    OSSL_PARAM_BLD *build, const char *name, const json_t *key, BIGNUM **number)
{
    unsigned char bytes[PART_LIMIT];
    size_t size = decode(view_of(text_of(key, name)), bytes);

    *number = BN_bin2bn(bytes, (int)size, NULL);
    OSSL_PARAM_BLD_push_BN(build, name, *number);
}

static EVP_PKEY *key_of(const json_t *json)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *numbers[2];
    EVP_PKEY *key = NULL;

    put_number(build, "n", json, &numbers[0]);
    put_number(build, "e", json, &numbers[1]);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_fromdata_init(context);
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_free(numbers[0]);
    BN_free(numbers[1]);
    EVP_PKEY_CTX_free(context);
    assert_non_null(key);
    return key;
}

static bool verifies(EVP_PKEY *key, const char *token)
{
    const char *dot = strrchr(token, '.');
    unsigned char bytes[PART_LIMIT];
    size_t size = decode(view_of(dot + 1), bytes);
    EVP_MD_CTX *digest = EVP_MD_CTX_new();

    EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key);
    bool good = EVP_DigestVerify(digest, bytes, size,
                    (const unsigned char *)token, (size_t)(dot - token)) == 1;
    EVP_MD_CTX_free(digest);
    return good;
}

/* From the configuration to the keys to the signature, as a library goes. */
static void test_signature(void **state)
{
    const struct cloud *cloud = *state;
    char *bearer = cloud_bearer(cloud, cloud->origin);
    struct answer configuration = cloud_ask(cloud,
        &(struct web_request){
            .path = "/organizations/v2.0/.well-known/openid-configuration" });
    const char *uri = answer_text(&configuration, "jwks_uri");

    assert_int_equal(strncmp(uri, cloud->origin, strlen(cloud->origin)), 0);
    struct answer keys = cloud_ask(
        cloud, &(struct web_request){ .path = uri + strlen(cloud->origin) });
    EVP_PKEY *key =
        key_of(json_array_get(json_object_get(keys.body, "keys"), 0));
    assert_true(verifies(key, bearer + strlen("Bearer ")));
    EVP_PKEY_free(key);
    answer_done(&keys);
    answer_done(&configuration);
    mem_free(bearer);
}

static int status_with(const struct cloud *cloud, const char *bearer)
{
    struct answer answer =
        cloud_ask(cloud, &(struct web_request){
                             .path = "/subscriptions?api-version=2022-12-01",
                             .authorization = bearer,
                         });
    int status = answer.status;

    answer_done(&answer);
    return status;
}

/* One bit of the claims, and the signature left out. */
static void test_tampered(void **state)
{
    const struct cloud *cloud = *state;
    char *bearer = cloud_bearer(cloud, cloud->origin);
    char *claims = strchr(bearer, '.');

    assert_int_equal(status_with(cloud, bearer), 200);
    claims[10] = (char)(claims[10] == 'A' ? 'B' : 'A');
    assert_int_equal(status_with(cloud, bearer), 401);
    *strrchr(bearer, '.') = '\0';
    assert_int_equal(status_with(cloud, bearer), 401);
    mem_free(bearer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_signature),
        cmocka_unit_test(test_tampered),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
