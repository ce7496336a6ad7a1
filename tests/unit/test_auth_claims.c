/* When Azure asks for more proof: how it says so, and who can give it. */
#include "auth_stage.h"

#define CLAIMS "{\"access_token\":{\"acrs\":{\"essential\":true}}}"
#define CLAIMS_FIELD                                                           \
    "claims=%7B%22access_token%22%3A%7B%22acrs%22%3A%7B%22essential%22%3Atrue" \
    "%7D%7D%7D"
#define CLAIMS_BASE64                                                          \
    "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWV9fX0="
#define WITH_REFRESH                                                           \
    "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"p-1\"," \
    "\"refresh_token\":\"r-1\"}"
#define CODE                                                                   \
    "{\"device_code\":\"d-1\",\"user_code\":\"ABC-DEF\",\"verification_uri\":" \
    "\"https://microsoft.com/devicelogin\",\"expires_in\":900,\"interval\":0}"
#define PENDING "{\"error\":\"authorization_pending\"}"
#define REFUSED "{\"error\":\"interaction_required\",\"error_codes\":[50076]}"

/* ---- how it says so ---- */

struct challenge_case {
    const char *field;
    const char *claims; /* NULL: none */
};

#define ASKS "error=\"insufficient_claims\""

static const struct challenge_case challenges[] = {
    { "Bearer realm=\"\", authorization_uri=\"https://login.contoso.example/a,"
      "b=c\", " ASKS ", claims=\"" CLAIMS_BASE64 "\"",
        CLAIMS },
    { "bearer CLAIMS=" CLAIMS_BASE64 "," ASKS, CLAIMS },
    { "Bearer " ASKS ", claims=\"e30\"", "{}" },
    { "Bearer error=\"invalid_token\", claims=\"" CLAIMS_BASE64 "\"", NULL },
    { "Bearer " ASKS, NULL },
    { "Bearer " ASKS ", claims=\"\"", NULL },
    { "Bearer " ASKS ", claims=\"????\"", NULL },
    { "Bearer " ASKS ", claims=\"W10=\"", NULL }, /* an array */
    { "Bearer " ASKS ", claims=\"eyJh\"", NULL }, /* cut */
    { "Basic " ASKS ", claims=\"" CLAIMS_BASE64 "\"", NULL },
    { "Bearer claims=\"" CLAIMS_BASE64, NULL },
    { "Bearer", NULL },
    { "", NULL },
};

static void test_challenges(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(challenges); i++) {
        const struct challenge_case *row = &challenges[i];
        struct buf claims = { .limit = 1000 };
        bool found = auth_challenge_claims(&claims, row->field);

        if (found != (row->claims != NULL))
            fail_with("%s: %d", row->field, found);
        assert_string_equal(buf_text(&claims), row->claims ? row->claims : "");
        buf_done(&claims);
    }
    assert_false(auth_challenge_claims(&(struct buf){ .limit = 10 }, NULL));
}

/* ---- who can give it ---- */

static void ask_more(struct stage *stage, struct told *told)
{
    ask_for(stage->auth, (struct auth_token_request){ .claims = CLAIMS }, told);
}

static void check_arm_goes_on(struct stage *stage)
{
    struct told told = { 0 };

    ask(stage->auth, false, &told);
    assert_int_equal(told.status, KV_OK);
    told_done(&told);
}

static void test_application(void **state)
{
    struct stage stage = { 0 };
    struct told told[3] = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, TOKEN("one", "3600"));
    add_reply(&stage, 200, TOKEN("two", "3600"));
    add_reply(&stage, 200, TOKEN("three", "3600"));
    add_reply(&stage, 400, REFUSED);
    add_secret(&stage);
    stage_play(&stage, KV_SIGN_IN_DONE);
    ask(stage.auth, true, &told[0]);
    ask_more(&stage, &told[1]); /* the ask under way does not do for it */
    stage_run_idle(&stage);
    assert_lacks(loopback_request(stage.server, 2), "claims=");
    assert_contains(loopback_request(stage.server, 3), CLAIMS_FIELD);
    assert_ptr_not_equal(told[0].token, told[1].token);
    ask_more(&stage, &told[2]);
    stage_run_idle(&stage);
    assert_int_equal(told[2].status, KV_SIGN_IN);
    assert_int_equal(auth_sign_in(stage.auth)->state, KV_SIGN_IN_DONE);
    check_arm_goes_on(&stage);
    told_done(&told[0]);
    told_done(&told[1]);
    stage_close(&stage);
}

/* A refresh token may be proof enough; else a new code is. */
static void test_person(void **state)
{
    struct stage stage = { .way = "device-code" };
    struct told told[2] = { 0 };
    const struct kv_sign_in *sign_in;

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, CODE);
    add_reply(&stage, 200, WITH_REFRESH);
    add_reply(&stage, 200, WITH_REFRESH); /* silently */
    add_reply(&stage, 400, REFUSED);
    add_reply(&stage, 200, CODE);
    add_reply(&stage, 400, PENDING);
    add_reply(&stage, 200, WITH_REFRESH);
    stage_play(&stage, KV_SIGN_IN_DONE);
    sign_in = auth_sign_in(stage.auth);
    ask_more(&stage, &told[0]);
    stage_run_idle(&stage);
    assert_int_equal(told[0].status, KV_OK);
    assert_contains(loopback_request(stage.server, 3), "refresh_token=r-1");
    assert_contains(loopback_request(stage.server, 3), CLAIMS_FIELD);
    ask_more(&stage, &told[1]);
    stage_run_until(&stage, KV_SIGN_IN_DEVICE);
    assert_contains(sign_in->text, "Azure asks for more proof of who you are");
    assert_contains(sign_in->text, "enter the code ABC-DEF");
    assert_contains(sign_in->reason, "multifactor authentication.");
    assert_contains(loopback_request(stage.server, 5), "/devicecode ");
    assert_contains(loopback_request(stage.server, 5), CLAIMS_FIELD);
    check_arm_goes_on(&stage);
    stage_run_until(&stage, KV_SIGN_IN_DONE);
    assert_int_equal(told[1].status, KV_OK);
    assert_string_equal(sign_in->reason, "");
    assert_contains(loopback_request(stage.server, 7), "device_code=d-1");
    assert_contains(loopback_request(stage.server, 7), CLAIMS_FIELD);
    told_done(&told[0]);
    told_done(&told[1]);
    stage_close(&stage);
}

static void test_person_declines(void **state)
{
    struct stage stage = { .way = "device-code" };
    struct told told = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, CODE);
    add_reply(&stage, 200, WITH_REFRESH);
    add_reply(&stage, 400, REFUSED);
    add_reply(&stage, 200, CODE);
    add_reply(&stage, 400, "{\"error\":\"authorization_declined\"}");
    stage_play(&stage, KV_SIGN_IN_DONE);
    ask_more(&stage, &told);
    stage_run_until(&stage, KV_SIGN_IN_DEVICE);
    stage_run_until(&stage, KV_SIGN_IN_DONE); /* as who it was before */
    assert_int_equal(told.status, KV_SIGN_IN);
    assert_contains(told.text, "declined");
    assert_string_equal(auth_sign_in(stage.auth)->user_code, "");
    check_arm_goes_on(&stage);
    stage_close(&stage);
}

#define AZ                                                                     \
    "#!/bin/sh\necho '{\"accessToken\":\"abc\",\"expires_on\":99999999999}'\n"

static void test_cli(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };

    (void)state;
    stage_open_public(&stage, AZ);
    auth_start(stage.auth);
    stage_run_until(&stage, KV_SIGN_IN_DONE);
    ask_more(&stage, &told);
    assert_int_equal(told.times, 1);
    assert_int_equal(told.status, KV_SIGN_IN);
    assert_int_equal(auth_sign_in(stage.auth)->state, KV_SIGN_IN_NEEDED);
    assert_string_equal(auth_sign_in(stage.auth)->text,
        "Azure asks for more proof of who you are, most often multifactor "
        "authentication. The Azure CLI's sign-in does not give it. Sign in "
        "with a device code.");
    check_arm_goes_on(&stage);
    told_done(&told);
    stage_close(&stage);
}

static void test_cli_without_a_person(void **state)
{
    struct stage stage = { .no_device_code = true };
    struct told told = { 0 };

    (void)state;
    stage_open_public(&stage, AZ);
    auth_start(stage.auth);
    stage_run_until(&stage, KV_SIGN_IN_DONE);
    ask_more(&stage, &told);
    assert_int_equal(told.status, KV_SIGN_IN);
    assert_int_equal(auth_sign_in(stage.auth)->state, KV_SIGN_IN_DONE);
    check_arm_goes_on(&stage);
    told_done(&told);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_challenges),
        cmocka_unit_test(test_application),
        cmocka_unit_test(test_person),
        cmocka_unit_test(test_person_declines),
        cmocka_unit_test(test_cli),
        cmocka_unit_test(test_cli_without_a_person),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
