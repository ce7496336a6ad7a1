/* Tokens: decoding them, what they say of their holder, why there is none. */
#include "token.h"

#include "claims.h"
#include "errors.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct grant_case {
    const char *body;
    int64_t expires_at_s; /* now is 1000; 0: refused */
    const char *refresh;
};

static const struct grant_case grants[] = {
    { "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":"
      "\"abc\"}",
        4599, "" },
    { "{\"token_type\":\"bearer\",\"expires_in\":\"60\",\"access_token\":"
      "\"abc\","
      "\"refresh_token\":\"r\"}",
        1060, "r" },
    { "{\"expires_in\":999999999999,\"access_token\":\"abc\"}",
        1000 + 7 * 86400, "" },
    { "{\"token_type\":\"pop\",\"expires_in\":60,\"access_token\":\"abc\"}", 0,
        "" },
    { "{\"expires_in\":60,\"access_token\":\"a\\r\\nb\"}", 0, "" },
    { "{\"expires_in\":60,\"access_token\":\"\"}", 0, "" },
    { "{\"expires_in\":-1,\"access_token\":\"abc\"}", 0, "" },
    { "{\"expires_in\":\"soon\",\"access_token\":\"abc\"}", 0, "" },
    { "{\"access_token\":\"abc\"}", 0, "" },
    { "{\"access_token\":5,\"expires_in\":60}", 0, "" },
    { "[]", 0, "" },
    { "", 0, "" },
    { "<html>", 0, "" },
};

static void test_grants(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(grants); i++) {
        const struct grant_case *row = &grants[i];
        struct grant grant = { 0 };
        struct kv_error err = { 0 };
        enum kv_status status =
            grant_decode(&grant, view_of(row->body), 1000, &err);

        if (row->expires_at_s == 0) {
            if (status != KV_PROTOCOL || !err.text[0] || grant.access.data)
                fail_with("%s: %d", row->body, (int)status);
        } else {
            if (status != KV_OK || grant.expires_at_s != row->expires_at_s)
                fail_with("%s: %d", row->body, (int)status);
            assert_true(view_equal(hidden_view(&grant.access), view_of("abc")));
            assert_true(
                view_equal(hidden_view(&grant.refresh), view_of(row->refresh)));
        }
        grant_done(&grant);
    }
}

static void test_cli_grants(void **state)
{
    struct grant grant = { 0 };

    (void)state;
    setenv("TZ", "UTC", 1);
    tzset();
    assert_int_equal(
        grant_decode_cli(&grant,
            view_of("{\"accessToken\":\"abc\",\"expiresOn\":\"2020-01-01 "
                    "00:00:00.000000\",\"expires_on\":1700000000,"
                    "\"tenant\":\"t\",\"tokenType\":\"Bearer\"}"),
            NULL),
        KV_OK);
    assert_int_equal(grant.expires_at_s, 1700000000);
    assert_string_equal(grant.tenant, "t");
    grant_done(&grant);
    assert_int_equal(
        grant_decode_cli(&grant,
            view_of("{\"accessToken\":\"abc\",\"expiresOn\":\"2023-11-14 "
                    "22:13:20.000000\"}"),
            NULL),
        KV_OK);
    assert_int_equal(grant.expires_at_s, 1700000000);
    grant_done(&grant);
    assert_int_equal(
        grant_decode_cli(&grant, view_of("{\"accessToken\":\"abc\"}"), NULL),
        KV_PROTOCOL);
}

/* ---- who it is for ---- */

#define JWT_APP                                                                \
    "eyJhbGciOiJub25lIn0.eyJhcHBpZCI6ImEtMSIsImFwcF9kaXNwbGF5bmFtZSI6IkNvbnRv" \
    "c28gZ292ZXJuYW5jZSIsInRpZCI6InQtMSJ9.sig"
#define JWT_USER                                                               \
    "eyJhbGciOiJub25lIn0.eyJ1cG4iOiJwaWxhckBjb250b3NvLmV4YW1wbGUiLCJ0aWQiOiJ0" \
    "LTIiLCJ4IjoiPz8-Pn5-w7wifQ.sig"

static void test_claims(void **state)
{
    static const char *const opaque[] = { "", "opaque", "a.b.c", "..", ".e30.",
        ".eyJ4", "x.!!!!.y", ".W10.", ".bnVsbA." };
    struct claims claims;

    (void)state;
    claims_read(&claims, view_of(JWT_APP));
    assert_null(claims.user);
    assert_string_equal(claims.app_name, "Contoso governance");
    assert_string_equal(claims.app_id, "a-1");
    assert_string_equal(claims.tenant, "t-1");
    claims_done(&claims);
    claims_read(&claims, view_of(JWT_USER));
    assert_string_equal(claims.user, "pilar@contoso.example");
    assert_string_equal(claims.tenant, "t-2");
    claims_done(&claims);
    for (size_t i = 0; i < LENGTH(opaque); i++) {
        claims_read(&claims, view_of(opaque[i]));
        assert_null(claims.user);
        assert_null(claims.app_id);
        claims_done(&claims);
    }
}

/* ---- why there is none ---- */

static struct http_answer answer_of(long code, const char *body)
{
    return (struct http_answer){
        .status = KV_OK, .code = code, .body = view_of(body)
    };
}

struct refusal_case {
    long code;
    const char *body;
    enum kv_status status;
    const char *text;
};

static const struct refusal_case refusals[] = {
    { 401,
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: "
        "Invalid client secret provided.\\r\\nTrace ID: x\",\"error_codes\":"
        "[7000215],\"correlation_id\":\"c-1\"}",
        KV_SIGN_IN,
        "it failed: the client secret is wrong: set AZURE_CLIENT_SECRET to the "
        "secret's value, not its ID (AADSTS7000215, correlation id c-1)" },
    { 400,
        "{\"error\":\"invalid_request\",\"error_description\":\"AADSTS9: A new "
        "reason.\\r\\nTrace ID: x\"}",
        KV_SIGN_IN, "it failed: A new reason. (AADSTS9)" },
    { 400, "{\"error\":\"invalid_grant\"}", KV_SIGN_IN,
        "it failed: Entra said no (invalid_grant)" },
    { 503, "<html>", KV_SERVICE,
        "it failed: the login host answered with HTTP 503; check the cloud and "
        "try again" },
    { 429, "", KV_THROTTLED,
        "it failed: the login host answered with HTTP 429; check the cloud and "
        "try again" },
    { 400, "[1]", KV_SIGN_IN,
        "it failed: the login host answered with HTTP 400; check the cloud and "
        "try again" },
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(refusals); i++) {
        const struct refusal_case *row = &refusals[i];
        struct http_answer answer = answer_of(row->code, row->body);
        struct refusal refusal;
        struct kv_error err = { 0 };

        refusal_read(&refusal, answer.body);
        assert_int_equal(
            refusal_explain(&refusal, "it", &answer, &err), row->status);
        assert_string_equal(err.text, row->text);
    }
}

/* Who asks with a wrong clock is told so, whatever else is wrong. */
static void test_clock(void **state)
{
    struct http_answer answer = answer_of(
        401, "{\"error\":\"invalid_client\",\"error_codes\":[700024]}");
    struct refusal refusal;
    struct kv_error err = { 0 };

    (void)state;
    answer.date_s = clock_now_s() - 720;
    refusal_read(&refusal, answer.body);
    (void)refusal_explain(&refusal, "it", &answer, &err);
    assert_contains(err.text,
        "clock; this machine's clock is 12 minutes fast (AADSTS700024)");
    answer.date_s = clock_now_s() + 7200;
    (void)refusal_explain(&refusal, "it", &answer, &err);
    assert_contains(err.text, "is 120 minutes slow");
    answer.date_s = clock_now_s() - 100;
    (void)refusal_explain(&refusal, "it", &answer, &err);
    assert_lacks(err.text, "minutes");
}

/* The numbers of the identity facts that a person can meet. */
static void test_every_number_has_a_sentence(void **state)
{
    static const long numbers[] = { 16000, 28000, 50001, 500011, 50020, 50034,
        51004, 50053, 50055, 50056, 50126, 50057, 50059, 90002, 50072, 50074,
        50076, 50078, 50079, 50097, 53000, 53001, 50105, 50131, 53003, 530032,
        530035, 50158, 50173, 70008, 700082, 70043, 50194, 50196, 53004, 53011,
        65001, 65004, 90094, 650057, 65002, 70000, 70011, 70016, 70018, 70019,
        700016, 70001, 7000112, 700027, 50012, 7000215, 7000218, 7000222, 90033,
        90006, 90024, 50033, 50087, 90038, 900382, 900432, 90055, 700020,
        700022, 50058, 50027, 50048, 70021, 700021, 700023, 700024, 700030,
        700211, 700212, 700213, 700229, 9001023 };

    (void)state;
    for (size_t i = 0; i < LENGTH(numbers); i++)
        if (!refusal_sentence(numbers[i]))
            fail_with("AADSTS%ld has no sentence", numbers[i]);
    assert_null(refusal_sentence(1));
    assert_int_equal(refusal_find_number("ERROR: AADSTS70043: gone"), 70043);
    assert_int_equal(refusal_find_number("AADSTS99999999999999999999"), 0);
    assert_int_equal(refusal_find_number("nothing"), 0);
    assert_int_equal(refusal_find_number(NULL), 0);
}

/* ---- forms ---- */

static void test_form(void **state)
{
    struct form form = { 0 };
    static char large[FORM_LIMIT + 1];

    (void)state;
    form_put(&form, "a", view_of("x y&z=1+~%\xc3\xa4"));
    form_put(&form, "b", view_of(""));
    assert_true(view_equal(
        form_view(&form), view_of("a=x%20y%26z%3D1%2B~%25%C3%A4&b=")));
    memset(large, 'x', FORM_LIMIT);
    form_put(&form, "c", view_of(large));
    assert_true(form.failed);
    form_done(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grants),
        cmocka_unit_test(test_cli_grants),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_every_number_has_a_sentence),
        cmocka_unit_test(test_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
