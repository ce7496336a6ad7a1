/* The simulated cloud asking for more: a second factor of a person who
 * writes, and how a token that has it is come by. */
#include "test.h"

#include <string.h>

#include <openssl/evp.h>

#include "base.h"
#include "cloud_ask.h"

#define FORM_LIMIT 8192
#define CLIENT "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
/* What the challenge holds, as a form field. */
#define CLAIMS                                                                 \
    "claims=%7B%22access_token%22%3A%7B%22acrs%22%3A%7B%22essential%22%3A"     \
    "true%2C%22values%22%3A%5B%22p1%22%5D%7D%7D%7D"
#define TAGS                                                                   \
    "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/"      \
    "rg-payments-weu/providers/Microsoft.KeyVault/vaults/kv-pay-prod-weu"      \
    "?api-version=2026-02-01"

static int start(void **state)
{
    const char *const arguments[] = { "--fault", "mfa-writes", "--fault",
        "device-interval=0", NULL };

    *state = cloud_start(arguments);
    return 0;
}

static int stop(void **state)
{
    cloud_stop(*state);
    return 0;
}

/* A form to the tenant; `fields` go behind the client and the scope. */
static struct answer post(
    const struct cloud *cloud, const char *endpoint, const char *fields)
{
    struct buf path = { .limit = 256 };
    struct buf form = { .limit = FORM_LIMIT };

    buf_putf(&path, "/%s/oauth2/v2.0/%s",
        cloud_variable(cloud, "AZURE_TENANT_ID"), endpoint);
    buf_putf(&form, "client_id=" CLIENT "&scope=%s/.default+offline_access&%s",
        cloud->origin, fields);
    struct answer answer = cloud_ask(
        cloud, &(struct web_request){
                   .method = "POST",
                   .path = buf_text(&path),
                   .content_type = "application/x-www-form-urlencoded",
                   .body = buf_text(&form),
               });
    buf_done(&form);
    buf_done(&path);
    return answer;
}

static char *code_field(const struct answer *code)
{
    struct buf field = { .limit = FORM_LIMIT };

    buf_putf(&field,
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&"
        "device_code=%s",
        answer_text(code, "device_code"));
    char *text = mem_copy_text(buf_text(&field));
    buf_done(&field);
    return text;
}

/* Signs a person in; a code is approved after two polls. */
static struct answer sign_in(const struct cloud *cloud, const char *claims)
{
    struct answer code = post(cloud, "devicecode", claims);
    char *field = code_field(&code);
    struct answer answer = post(cloud, "token", field);

    for (int i = 0; i < 5 && answer.status == 400; i++) {
        answer_done(&answer);
        answer = post(cloud, "token", field);
    }
    assert_int_equal(answer.status, 200);
    mem_free(field);
    answer_done(&code);
    return answer;
}

static struct answer refresh(
    const struct cloud *cloud, const struct answer *signed_in, const char *more)
{
    struct buf fields = { .limit = FORM_LIMIT };

    buf_putf(&fields, "grant_type=refresh_token&refresh_token=%s&%s",
        answer_text(signed_in, "refresh_token"), more);
    struct answer answer = post(cloud, "token", buf_text(&fields));
    buf_done(&fields);
    return answer;
}

static struct answer request(
    const struct cloud *cloud, const char *method, const char *bearer)
{
    bool reads = strcmp(method, "GET") == 0;

    return cloud_ask(cloud, &(struct web_request){
                                .method = method,
                                .path = TAGS,
                                .authorization = bearer,
                                .body = reads ? NULL : "{\"tags\":{}}",
                            });
}

static int status_of(
    const struct cloud *cloud, const char *method, const struct answer *token)
{
    char *bearer = answer_bearer(token);
    struct answer answer = request(cloud, method, bearer);
    int status = answer.status;

    answer_done(&answer);
    mem_free(bearer);
    return status;
}

static void test_reads_pass(void **state)
{
    struct answer token = sign_in(*state, "");

    assert_int_equal(status_of(*state, "GET", &token), 200);
    assert_int_equal(status_of(*state, "PATCH", &token), 401);
    answer_done(&token);
}

static void test_challenge(void **state)
{
    struct answer token = sign_in(*state, "");
    char *bearer = answer_bearer(&token);
    struct answer answer = request(*state, "PATCH", bearer);
    char *challenge = answer_header(&answer, "WWW-Authenticate");
    unsigned char claims[512] = "";

    assert_non_null(challenge);
    assert_contains(challenge, "error=\"insufficient_claims\"");
    const char *at = strstr(challenge, "claims=\"");
    assert_non_null(at);
    at = strstr(at + 8, "claims=\"") ? strstr(at + 8, "claims=\"") : at;
    size_t size = strcspn(at + 8, "\"");
    assert_true(
        EVP_DecodeBlock(claims, (const unsigned char *)at + 8, (int)size) > 0);
    assert_contains((char *)claims, "\"values\":[\"p1\"]");
    mem_free(challenge);
    mem_free(bearer);
    answer_done(&answer);
    answer_done(&token);
}

/* By claims with the code, a write passes, and goes on to after a refresh. */
static void test_strong(void **state)
{
    struct answer token = sign_in(*state, CLAIMS);
    struct answer fresh = refresh(*state, &token, CLAIMS);

    assert_int_not_equal(status_of(*state, "PATCH", &token), 401);
    assert_int_not_equal(status_of(*state, "PATCH", &fresh), 401);
    answer_done(&fresh);
    answer_done(&token);
}

/* Nobody is there to prove anything while a token is refreshed. */
static void test_refresh_is_not_enough(void **state)
{
    struct answer token = sign_in(*state, "");
    struct answer fresh = refresh(*state, &token, CLAIMS);

    assert_int_equal(fresh.status, 400);
    assert_string_equal(answer_text(&fresh, "error"), "interaction_required");
    assert_int_equal(answer_number(&fresh), 50076);
    answer_done(&fresh);
    answer_done(&token);
}

static void test_bad_claims(void **state)
{
    struct answer token = sign_in(*state, "");
    struct answer fresh = refresh(*state, &token, "claims=%7Bnot");

    assert_int_equal(answer_number(&fresh), 90100);
    answer_done(&fresh);
    answer_done(&token);
}

/* A program has no second factor and is not asked for one. */
static void test_programs_pass(void **state)
{
    const struct cloud *cloud = *state;
    char *bearer = cloud_bearer(cloud, cloud->origin);
    struct answer answer = request(cloud, "PATCH", bearer);

    assert_int_equal(answer.status, 200);
    answer_done(&answer);
    mem_free(bearer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_pass),
        cmocka_unit_test(test_challenge),
        cmocka_unit_test(test_strong),
        cmocka_unit_test(test_refresh_is_not_enough),
        cmocka_unit_test(test_bad_claims),
        cmocka_unit_test(test_programs_pass),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
