/* Tokens for further services: one request each, bound to the host that is
 * asked, and what happens when one is refused. */
#include "auth_stage.h"

#define GIVEN TOKEN("opaque", "3600")
#define WITH_REFRESH                                                           \
    "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"p-1\"," \
    "\"refresh_token\":\"r-1\"}"
#define CODE                                                                   \
    "{\"device_code\":\"d-1\",\"user_code\":\"ABC-DEF\",\"verification_uri\":" \
    "\"https://microsoft.com/devicelogin\",\"expires_in\":900,\"interval\":0}"

static struct auth_token_request for_vault(const char *origin)
{
    return (struct auth_token_request){
        .audience = AUTH_VAULT,
        .origin = origin,
    };
}

static void test_each_service(void **state)
{
    static const struct {
        enum auth_audience audience;
        const char *origin;
        const char *scope;
        const char *bound; /* NULL: the scripted cloud itself */
    } rows[] = {
        { AUTH_VAULT, STAGE_VAULT, "vault.contoso.example", STAGE_VAULT },
        { AUTH_HSM, STAGE_HSM, "hsm.contoso.example", STAGE_HSM },
        { AUTH_LOGS, NULL, "logs.contoso.example", STAGE_LOGS },
        { AUTH_GRAPH, NULL, "127.0.0.1", NULL },
    };
    struct stage stage = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, GIVEN);
    add_secret(&stage);
    stage_play(&stage, KV_SIGN_IN_DONE);
    for (unsigned i = 0; i < LENGTH(rows); i++) {
        struct told told = { 0 };
        const char *seen;

        ask_for(stage.auth,
            (struct auth_token_request){
                .audience = rows[i].audience, .origin = rows[i].origin },
            &told);
        stage_run_idle(&stage);
        assert_int_equal(told.status, KV_OK);
        assert_string_equal(http_token_origin(told.token),
            rows[i].bound ? rows[i].bound : loopback_origin(stage.server));
        seen = strstr(loopback_request(stage.server, i + 2), "scope=http");
        assert_non_null(seen);
        assert_contains(seen, rows[i].scope);
        assert_contains(seen, "%2F.default");
        told_done(&told);
    }
    assert_int_equal(loopback_requests(stage.server), 6);
    stage_close(&stage);
}

static void test_vaults_share_a_request(void **state)
{
    struct stage stage = { 0 };
    struct told told[3] = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, GIVEN);
    add_secret(&stage);
    stage_play(&stage, KV_SIGN_IN_DONE);
    ask_for(stage.auth, for_vault(STAGE_VAULT), &told[0]);
    ask_for(stage.auth, for_vault("https://KV-web.vault.contoso.example/keys"),
        &told[1]);
    stage_run_idle(&stage);
    ask_for(stage.auth, for_vault(STAGE_VAULT), &told[2]);
    assert_int_equal(told[2].times, 1); /* at once */
    assert_string_equal(http_token_origin(told[0].token), STAGE_VAULT);
    assert_string_equal(http_token_origin(told[1].token),
        "https://kv-web.vault.contoso.example");
    assert_string_equal(http_token_origin(told[2].token), STAGE_VAULT);
    assert_int_equal(loopback_requests(stage.server), 3);
    for (int i = 0; i < 3; i++)
        told_done(&told[i]);
    stage_close(&stage);
}

static void test_foreign_hosts_get_none(void **state)
{
    static const struct {
        enum auth_audience audience;
        const char *origin;
        enum kv_status status;
    } rows[] = {
        { AUTH_VAULT, "https://kv.vault.contoso.example.fabrikam.example",
            KV_FOREIGN_HOST },
        { AUTH_VAULT, "https://vault.contoso.example", KV_FOREIGN_HOST },
        { AUTH_VAULT, "https://.vault.contoso.example", KV_FOREIGN_HOST },
        { AUTH_VAULT, "https://a.b.vault.contoso.example", KV_FOREIGN_HOST },
        { AUTH_VAULT, "https://kvvault.contoso.example", KV_FOREIGN_HOST },
        { AUTH_VAULT, STAGE_HSM, KV_FOREIGN_HOST },
        { AUTH_HSM, STAGE_VAULT, KV_FOREIGN_HOST },
        { AUTH_VAULT, "http://kv.vault.contoso.example", KV_BAD_INPUT },
        { AUTH_VAULT, "https://x@kv.vault.contoso.example", KV_BAD_INPUT },
        { AUTH_VAULT, NULL, KV_BAD_INPUT },
        { AUTH_ARM, "https://fabrikam.example", KV_FOREIGN_HOST },
        { AUTH_LOGS, "https://fabrikam.example", KV_FOREIGN_HOST },
    };
    struct stage stage = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, GIVEN);
    add_secret(&stage);
    stage_play(&stage, KV_SIGN_IN_DONE);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct told told = { 0 };

        ask_for(stage.auth,
            (struct auth_token_request){
                .audience = rows[i].audience, .origin = rows[i].origin },
            &told);
        if (told.times != 1 || told.status != rows[i].status)
            fail_with("%s: %d", rows[i].origin, (int)told.status);
    }
    assert_false(auth_busy(stage.auth));
    assert_int_equal(loopback_requests(stage.server), 2);
    stage_close(&stage);
}

/* ---- refused ---- */

static void test_refused_service_keeps_the_sign_in(void **state)
{
    struct stage stage = { 0 };
    struct told told[3] = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, GIVEN);
    add_reply(&stage, 400,
        "{\"error\":\"invalid_resource\",\"error_codes\":[500011]}");
    add_reply(&stage, 200, GIVEN);
    add_secret(&stage);
    stage_play(&stage, KV_SIGN_IN_DONE);
    ask_for(stage.auth, for_vault(STAGE_VAULT), &told[0]);
    stage_run_idle(&stage);
    assert_int_equal(told[0].status, KV_SIGN_IN);
    assert_contains(told[0].text, "the tenant does not know the service");
    assert_int_equal(auth_sign_in(stage.auth)->state, KV_SIGN_IN_DONE);
    ask_for(stage.auth, for_vault(STAGE_VAULT), &told[1]); /* remembered */
    assert_int_equal(told[1].status, KV_SIGN_IN);
    assert_string_equal(told[1].text, told[0].text);
    assert_int_equal(loopback_requests(stage.server), 3);
    ask(stage.auth, false, &told[2]); /* ARM's own is there */
    assert_int_equal(told[2].status, KV_OK);
    told_done(&told[2]);
    ask_for(stage.auth,
        (struct auth_token_request){
            .audience = AUTH_VAULT, .origin = STAGE_VAULT, .force = true },
        &told[2]);
    stage_run_idle(&stage);
    assert_int_equal(told[2].status, KV_OK);
    told_done(&told[2]);
    stage_close(&stage);
}

/* ---- by a person's refresh token ---- */

static void test_refresh_token_serves_all(void **state)
{
    struct stage stage = { 0 };
    struct told told[3] = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, CODE);
    add_reply(&stage, 200, WITH_REFRESH);
    add_reply(
        &stage, 400, "{\"error\":\"invalid_grant\",\"error_codes\":[65001]}");
    add_reply(&stage, 200, WITH_REFRESH);
    stage.way = "device-code";
    stage_play(&stage, KV_SIGN_IN_DONE); /* it needs no key */
    ask_for(stage.auth, for_vault(STAGE_VAULT), &told[0]);
    ask_for(stage.auth, (struct auth_token_request){ .audience = AUTH_GRAPH },
        &told[1]);
    stage_run_idle(&stage);
    assert_int_equal(told[0].status, KV_SIGN_IN);
    assert_contains(told[0].text, "consent is missing");
    assert_int_equal(told[1].status, KV_OK);
    assert_contains(loopback_request(stage.server, 3),
        "scope=https%3A%2F%2Fvault.contoso.example%2F.default");
    assert_contains(loopback_request(stage.server, 3), "refresh_token=r-1");
    assert_contains(loopback_request(stage.server, 4), "refresh_token=r-1");
    ask(stage.auth, true, &told[2]);
    stage_run_idle(&stage);
    assert_int_equal(told[2].status, KV_OK);
    assert_int_equal(auth_sign_in(stage.auth)->state, KV_SIGN_IN_DONE);
    told_done(&told[1]);
    told_done(&told[2]);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_service),
        cmocka_unit_test(test_vaults_share_a_request),
        cmocka_unit_test(test_foreign_hosts_get_none),
        cmocka_unit_test(test_refused_service_keeps_the_sign_in),
        cmocka_unit_test(test_refresh_token_serves_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
