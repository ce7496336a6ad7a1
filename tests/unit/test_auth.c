/* The sign-in from its first step to a token, against scripted answers and a
 * made-up `az`. */
#include "auth_stage.h"

/* ---- client secret ---- */

static void test_secret(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, TOKEN("opaque", "3600"));
    add_secret(&stage);
    stage_open(&stage);
    ask(stage.auth, false, &told);
    assert_int_equal(told.status, KV_SIGN_IN); /* not started */
    auth_start(stage.auth);
    ask(stage.auth, false, &told);
    assert_int_equal(told.times, 1);
    stage_run_until(&stage, KV_SIGN_IN_DONE);
    assert_int_equal(told.times, 2);
    assert_int_equal(told.status, KV_OK);
    assert_string_equal(
        http_token_origin(told.token), loopback_origin(stage.server));
    assert_string_equal(auth_sign_in(stage.auth)->method, "client secret");
    assert_string_equal(auth_sign_in(stage.auth)->account, "app-1");
    assert_string_equal(auth_sign_in(stage.auth)->tenant, TENANT);
    assert_string_equal(auth_cloud(stage.auth)->name, "Test");
    assert_contains(loopback_request(stage.server, 0),
        "GET /metadata/endpoints?api-version=2022-09-01 ");
    assert_contains(loopback_request(stage.server, 1),
        "POST /" TENANT "/oauth2/v2.0/token ");
    assert_contains(loopback_request(stage.server, 1),
        "grant_type=client_credentials&client_id=app-1&client_secret=p%20w%26d"
        "&scope=https%3A%2F%2Fa.example%2F.default");
    http_token_drop(told.token);
    stage_close(&stage);
}

static void test_token_is_kept_and_renewed(void **state)
{
    struct stage stage = { 0 };
    struct told told[3] = { 0 };
    struct http_token *first;

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, TOKEN("one", "3600"));
    add_reply(&stage, 503, "");
    add_reply(&stage, 200, TOKEN("two", "0"));
    add_reply(&stage, 200, TOKEN("three", "3600"));
    add_secret(&stage);
    stage_open(&stage);
    auth_start(stage.auth);
    stage_run_until(&stage, KV_SIGN_IN_DONE);
    ask(stage.auth, false, &told[0]);
    assert_int_equal(told[0].times, 1); /* at once */
    assert_int_equal(loopback_requests(stage.server), 2);
    first = told[0].token;
    ask(stage.auth, true, &told[1]);
    ask(stage.auth, true, &told[2]);
    assert_int_equal(told[1].times, 0);
    stage_run_idle(&stage);
    assert_int_equal(told[1].times, 1);
    assert_int_equal(told[2].times, 1);
    assert_ptr_not_equal(told[1].token, first);
    assert_ptr_equal(told[1].token, told[2].token);
    assert_int_equal(loopback_requests(stage.server), 4);
    ask(stage.auth, false, &told[0]); /* it has run out */
    stage_run_idle(&stage);
    assert_int_equal(told[0].times, 2);
    assert_int_equal(loopback_requests(stage.server), 5);
    for (int i = 0; i < 3; i++)
        http_token_drop(told[i].token);
    stage_close(&stage);
}

static void test_lost_network_keeps_the_sign_in(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, TOKEN("one", "3600"));
    add_reply(&stage, 503, "");
    add_secret(&stage);
    stage_open(&stage);
    auth_start(stage.auth);
    stage_run_until(&stage, KV_SIGN_IN_DONE);
    ask(stage.auth, true, &told);
    stage_run_idle(&stage);
    assert_int_equal(told.status, KV_OK); /* the one that is there */
    assert_int_equal(auth_sign_in(stage.auth)->state, KV_SIGN_IN_DONE);
    http_token_drop(told.token);
    stage_close(&stage);
}

static void test_wrong_secret(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 401,
        "{\"error\":\"invalid_client\",\"error_codes\":[7000215]}");
    add_secret(&stage);
    stage_open(&stage);
    auth_start(stage.auth);
    ask(stage.auth, false, &told);
    stage_run_until(&stage, KV_SIGN_IN_NEEDED);
    assert_contains(auth_sign_in(stage.auth)->text,
        "The sign-in with a client secret failed: the client secret is wrong");
    assert_contains(auth_sign_in(stage.auth)->text,
        "(AADSTS7000215). Sign in with a device code.");
    assert_lacks(auth_sign_in(stage.auth)->text, "Azure CLI");
    assert_int_equal(told.status, KV_SIGN_IN);
    stage_close(&stage);
}

static void test_nothing_to_try(void **state)
{
    struct stage stage = { .no_device_code = true };

    (void)state;
    add_reply(&stage, 200, "");
    add_variable(&stage, "AZURE_CLIENT_ID=app-1");
    stage_open(&stage);
    auth_start(stage.auth);
    stage_run_until(&stage, KV_SIGN_IN_FAILED);
    assert_string_equal(auth_sign_in(stage.auth)->text,
        "The environment sets AZURE_CLIENT_ID but no AZURE_CLIENT_SECRET. The "
        "environment sets no AZURE_CLIENT_CERTIFICATE_PATH. The Azure CLI was "
        "not asked: it knows no cloud on this machine. Set "
        "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or run 'az "
        "login'.");
    auth_device_code(stage.auth);
    assert_int_equal(auth_sign_in(stage.auth)->state, KV_SIGN_IN_FAILED);
    stage_close(&stage);
}

static void test_discovery_fails(void **state)
{
    const struct loopback_reply broken[] = { {
        .text = "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
    } };
    struct stage stage = { 0 };

    (void)state;
    stage.server = loopback_new(broken, 1);
    stage.http = http_new(&(struct http_options){ .backoff_ms = 1 });
    stage.auth = auth_new(&(struct auth_options){
        .http = stage.http,
        .arm_endpoint = loopback_origin(stage.server),
        .environment = stage.environment,
    });
    auth_start(stage.auth);
    stage_run_until(&stage, KV_SIGN_IN_FAILED);
    assert_contains(auth_sign_in(stage.auth)->text,
        "/metadata/endpoints answered with HTTP 404");
    stage_close(&stage);
}

/* ---- device code ---- */

#define CODE                                                                   \
    "{\"device_code\":\"d-1\",\"user_code\":\"ABC-DEF\",\"verification_uri\":" \
    "\"https://microsoft.com/devicelogin\",\"expires_in\":900,\"interval\":0," \
    "\"message\":\"x\"}"

static void test_device_code(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };
    const char *seen;

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, CODE);
    add_reply(&stage, 400, "{\"error\":\"authorization_pending\"}");
    add_reply(&stage, 500, "");
    add_reply(&stage, 200,
        "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":"
        "\"eyJhbGciOiJub25lIn0.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJzYW1AY29udG9zby5leG"
        "FtcGxlIiwib2lkIjoiby03In0"
        ".sig\",\"refresh_token\":\"r-1\"}");
    add_reply(&stage, 200, TOKEN("two", "3600"));
    add_reply(
        &stage, 400, "{\"error\":\"invalid_grant\",\"error_codes\":[70043]}");
    stage_open(&stage);
    auth_start(stage.auth);
    stage_run_until(&stage, KV_SIGN_IN_NEEDED);
    auth_device_code(stage.auth);
    auth_device_code(stage.auth); /* a second press of the key */
    ask(stage.auth, false, &told);
    stage_run_until(&stage, KV_SIGN_IN_DEVICE);
    assert_string_equal(auth_sign_in(stage.auth)->user_code, "ABC-DEF");
    assert_string_equal(auth_sign_in(stage.auth)->verification_uri,
        "https://microsoft.com/devicelogin");
    assert_int_not_equal(auth_sign_in(stage.auth)->expires_at_s, 0);
    assert_true(auth_due_ms(stage.auth) >= 0);
    stage_run_until(&stage, KV_SIGN_IN_DONE);
    assert_string_equal(
        auth_sign_in(stage.auth)->account, "sam@contoso.example");
    assert_string_equal(auth_sign_in(stage.auth)->object_id, "o-7");
    assert_string_equal(auth_sign_in(stage.auth)->user_code, "");
    assert_int_equal(told.times, 1);
    seen = loopback_request(stage.server, 1);
    assert_contains(seen, "POST /organizations/oauth2/v2.0/devicecode ");
    assert_contains(
        seen, "scope=https%3A%2F%2Fa.example%2F.default%20offline_access");
    assert_contains(loopback_request(stage.server, 2), "device_code=d-1");

    ask(stage.auth, true, &told);
    stage_run_idle(&stage);
    assert_int_equal(told.status, KV_OK);
    assert_contains(loopback_request(stage.server, 5), "refresh_token=r-1");
    ask(stage.auth, true, &told);
    stage_run_until(&stage, KV_SIGN_IN_NEEDED);
    assert_int_equal(told.status, KV_SIGN_IN);
    assert_contains(told.text, "the tenant asks for a fresh sign-in");
    http_token_drop(told.token);
    stage_close(&stage);
}

struct ending_case {
    const char *body;
    const char *text;
};

static const struct ending_case endings[] = {
    { "{\"error\":\"authorization_declined\"}",
        "The sign-in was declined in the browser." },
    { "{\"error\":\"expired_token\"}",
        "The code expired before it was entered" },
    { "{\"error\":\"bad_verification_code\"}", "The code was not accepted" },
    { "{\"error\":\"invalid_grant\",\"error_codes\":[53003]}",
        "a Conditional Access policy blocks this sign-in" },
};

static void test_device_code_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(endings); i++) {
        struct stage stage = { 0 };

        add_reply(&stage, 200, "");
        add_reply(&stage, 200, CODE);
        add_reply(&stage, 400, endings[i].body);
        stage_open(&stage);
        auth_device_code(stage.auth);
        stage_run_until(&stage, KV_SIGN_IN_NEEDED);
        assert_contains(auth_sign_in(stage.auth)->text, endings[i].text);
        assert_string_equal(auth_sign_in(stage.auth)->user_code, "");
        stage_close(&stage);
    }
}

static void test_device_code_is_no_code(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "[]",
        "",
        "{\"device_code\":\"d\",\"expires_in\":900,\"user_code\":\"\","
        "\"verification_uri\":\"x\"}",
        "{\"device_code\":\"d\",\"user_code\":\"A\",\"verification_uri\":"
        "\"x\"}",
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(bodies); i++) {
        struct stage stage = { 0 };

        add_reply(&stage, 200, "");
        add_reply(&stage, 200, bodies[i]);
        stage_open(&stage);
        auth_device_code(stage.auth);
        stage_run_until(&stage, KV_SIGN_IN_NEEDED);
        assert_contains(auth_sign_in(stage.auth)->text,
            "The login host did not answer with a device code");
        stage_close(&stage);
    }
}

/* ---- Azure CLI ---- */

static void test_cli(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };

    (void)state;
    stage_open_public(&stage,
        "#!/bin/sh\n"
        "[ \"$*\" = \"account get-access-token --output json --resource "
        "https://management.azure.com/ --tenant contoso.example\" ] || exit 3\n"
        "[ \"$AZURE_CORE_NO_COLOR\" = true ] || exit 4\n"
        "[ \"$(pwd)\" = / ] || exit 5\n"
        "echo 'WARNING: something' >&2\n"
        "echo '{\"accessToken\":\"abc\",\"expires_on\":99999999999,"
        "\"tenant\":\"t-9\"}'\n");
    auth_start(stage.auth);
    assert_true(auth_fd(stage.auth) >= 0);
    ask(stage.auth, false, &told);
    stage_run_until(&stage, KV_SIGN_IN_DONE);
    assert_int_equal(told.status, KV_OK);
    assert_string_equal(
        http_token_origin(told.token), "https://management.azure.com");
    assert_string_equal(auth_sign_in(stage.auth)->method, "Azure CLI");
    assert_string_equal(auth_sign_in(stage.auth)->tenant, "t-9");
    assert_int_equal(auth_fd(stage.auth), -1);
    assert_int_equal(auth_due_ms(stage.auth), -1);
    assert_int_equal(http_sent(stage.http), 0);
    http_token_drop(told.token);
    stage_close(&stage);
}

struct cli_case {
    const char *script;
    const char *text;
};

static const struct cli_case clis[] = {
    { "#!/bin/sh\necho 'WARNING: old' >&2\n"
      "echo \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1\n",
        "The Azure CLI gave no token: Please run 'az login' to setup account. "
        "Sign in with a device code." },
    { "#!/bin/sh\necho 'ERROR: AADSTS70043: The refresh token. More.' >&2\n"
      "exit 1\n",
        "The Azure CLI gave no token: the tenant asks for a fresh sign-in: "
        "sign in again (AADSTS70043)." },
    { "#!/bin/sh\nexit 7\n", "no token and no reason (status 7)" },
    { "#!/bin/sh\necho '{}'\n", "The Azure CLI did not print a token" },
    { "#!/bin/sh\nx=xxxxxxxxxxxxxxxx\nx=$x$x$x$x$x$x$x$x\nx=$x$x$x$x$x$x$x$x\n"
      "x=$x$x$x$x$x$x$x$x$x$x\n"
      "echo $x$x$x$x$x$x$x\nwhile echo $x; do :; done\n",
        "printed more than a token" },
    { "#!/nowhere/sh\n", "could not be started" },
    { NULL, "The Azure CLI is not installed." },
};

static void test_cli_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(clis); i++) {
        struct stage stage = { 0 };

        stage_open_public(&stage, clis[i].script);
        auth_start(stage.auth);
        stage_run_until(&stage, KV_SIGN_IN_NEEDED);
        assert_contains(auth_sign_in(stage.auth)->text, clis[i].text);
        stage_close(&stage);
    }
}

static void test_cli_is_killed(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };
    int64_t start_ms = clock_steady_ms();

    (void)state;
    stage_open_public(&stage, "#!/bin/sh\nPATH=/bin:/usr/bin\nsleep 60\n");
    auth_start(stage.auth);
    ask(stage.auth, false, &told);
    stage_step(&stage);
    assert_true(auth_busy(stage.auth));
    stage_close(&stage);
    assert_int_equal(told.status, KV_CANCELLED);
    assert_in_range(clock_steady_ms() - start_ms, 0, 2000);
}

/* ---- ends ---- */

static void test_free_while_asking(void **state)
{
    (void)state;
    for (int http_first = 0; http_first < 2; http_first++) {
        struct stage stage = { 0 };
        struct told told = { 0 };

        stage.replies[0].text = NULL; /* silence */
        stage.count = 1;
        add_secret(&stage);
        stage.server = loopback_new(stage.replies, 1);
        stage.http = http_new(&(struct http_options){ .backoff_ms = 1 });
        stage.auth = auth_new(&(struct auth_options){
            .http = stage.http,
            .arm_endpoint = loopback_origin(stage.server),
            .environment = stage.environment,
        });
        auth_start(stage.auth);
        ask(stage.auth, false, &told);
        stage_step(&stage);
        if (http_first) {
            http_free(stage.http);
            stage.http = NULL;
        }
        stage_close(&stage);
        assert_int_equal(told.times, 1);
        assert_int_equal(told.status, KV_CANCELLED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_token_is_kept_and_renewed),
        cmocka_unit_test(test_lost_network_keeps_the_sign_in),
        cmocka_unit_test(test_wrong_secret),
        cmocka_unit_test(test_nothing_to_try),
        cmocka_unit_test(test_discovery_fails),
        cmocka_unit_test(test_device_code),
        cmocka_unit_test(test_device_code_ends),
        cmocka_unit_test(test_device_code_is_no_code),
        cmocka_unit_test(test_cli),
        cmocka_unit_test(test_cli_fails),
        cmocka_unit_test(test_cli_is_killed),
        cmocka_unit_test(test_free_while_asking),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
