/* Signing in to the simulated cloud: right, wrong, expired, not at all, and
 * by a person with a device code. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "drive.h"
#include "web.h"

struct sign_in_row {
    const char *name;
    const char *client; /* NULL: the cloud's own */
    const char *secret;
    enum kv_sign_in_state state;
    const char *says; /* in the sentence of a failure */
};

static const struct sign_in_row rows[] = {
    { "good", NULL, NULL, KV_SIGN_IN_DONE, NULL },
    { "wrong secret", NULL, "not-the-secret", KV_SIGN_IN_FAILED,
        "AADSTS7000215" },
    { "expired secret", "516fb137-af60-4ebb-9d93-41324360fcb8",
        "contoso-nightly-secret", KV_SIGN_IN_FAILED, "AADSTS7000222" },
    { "unknown client", "00000000-0000-0000-0000-00000000dead", "secret",
        KV_SIGN_IN_FAILED, "AADSTS700016" },
};

static void check_row(struct drive *drive, const struct sign_in_row *row)
{
    const struct kv_sign_in *sign_in;

    cloud_enter(drive->cloud);
    if (row->client)
        (void)setenv("AZURE_CLIENT_ID", row->client, 1);
    if (row->secret)
        (void)setenv("AZURE_CLIENT_SECRET", row->secret, 1);
    drive_open_session(drive);
    (void)drive_sign_in(drive);
    sign_in = kv_session_sign_in(drive->session);
    if (sign_in->state != row->state ||
        (row->says && !strstr(sign_in->text, row->says)))
        fail_with("%s: state %d, '%s', expected %d and '%s'", row->name,
            (int)sign_in->state, sign_in->text, (int)row->state,
            row->says ? row->says : "");
    /* Entra's message may repeat what it was sent; a secret must not be. */
    assert_lacks(sign_in->text, "not-the-secret");
    kv_session_close(drive->session);
    drive->session = NULL;
}

static void test_secrets(void **state)
{
    struct drive drive;

    (void)state;
    drive_open_cloud(&drive, NULL);
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_row(&drive, &rows[i]);
    drive_done(&drive);
}

static void test_names(void **state)
{
    struct drive drive;

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_sign_in(&drive), KV_SIGN_IN_DONE);
    const struct kv_sign_in *sign_in = kv_session_sign_in(drive.session);
    assert_contains(sign_in->method, "secret");
    assert_true(sign_in->tenant && *sign_in->tenant);
    drive_done(&drive);
}

/* ---- by a person ---- */

static void open_nobody(struct drive *drive, const char *const *arguments)
{
    drive_open_cloud(drive, arguments);
    (void)unsetenv("AZURE_CLIENT_ID");
    (void)unsetenv("AZURE_CLIENT_SECRET");
    drive->options.no_device_code = false;
    drive_open_session(drive);
}

static bool state_is(const struct drive *drive, const void *argument)
{
    const enum kv_sign_in_state *state = argument;

    return kv_session_sign_in(drive->session)->state == *state;
}

static void await_state(struct drive *drive, enum kv_sign_in_state state)
{
    drive_until(drive, state_is, &state, "a state of the sign-in");
}

static void answer_code(const struct drive *drive, const char *answer)
{
    struct buf path = { .limit = 1024 };

    buf_putf(&path, "/devicelogin?code=%s&answer=%s",
        kv_session_sign_in(drive->session)->user_code, answer);
    json_decref(web_get(drive->cloud->origin, buf_text(&path)));
    buf_done(&path);
}

static void test_nobody(void **state)
{
    struct drive drive;

    (void)state;
    open_nobody(&drive, NULL);
    assert_int_equal(drive_sign_in(&drive), KV_SIGN_IN_NEEDED);
    /* What was tried, so that a person knows why she is asked. */
    assert_contains(kv_session_sign_in(drive.session)->text, "AZURE_CLIENT_ID");
    drive_done(&drive);
}

static void test_device_approved(void **state)
{
    const char *const quick[] = { "--fault", "device-interval=1", NULL };
    struct drive drive;

    (void)state;
    open_nobody(&drive, quick);
    (void)drive_sign_in(&drive);
    kv_session_device_code(drive.session);
    await_state(&drive, KV_SIGN_IN_DEVICE);
    const struct kv_sign_in *sign_in = kv_session_sign_in(drive.session);
    assert_int_equal(strlen(sign_in->user_code), 9);
    assert_contains(sign_in->verification_uri, "/devicelogin");
    answer_code(&drive, "approve");
    await_state(&drive, KV_SIGN_IN_DONE);
    assert_contains(kv_session_sign_in(drive.session)->method, "device code");
    drive_done(&drive);
}

static void test_device_declined(void **state)
{
    const char *const quick[] = { "--fault", "device-interval=1", NULL };
    struct drive drive;

    (void)state;
    open_nobody(&drive, quick);
    (void)drive_sign_in(&drive);
    kv_session_device_code(drive.session);
    await_state(&drive, KV_SIGN_IN_DEVICE);
    answer_code(&drive, "decline");
    /* Another code can be asked for at once. */
    await_state(&drive, KV_SIGN_IN_NEEDED);
    assert_contains(kv_session_sign_in(drive.session)->text, "declined");
    drive_done(&drive);
}

/* A token that has run out in the middle is asked for again, once, and the
 * scan does not notice. */
static void test_token_runs_out(void **state)
{
    const char *const brief[] = { "--fault", "token-life=1:count=1", NULL };
    struct drive drive;

    (void)state;
    drive_open(&drive, brief);
    assert_int_equal(drive_sign_in(&drive), KV_SIGN_IN_DONE);
    drive_for(&drive, 1500);
    assert_int_equal(drive_rescan(&drive), KV_SCAN_DONE);
    assert_int_equal(
        kv_estate_resource_count(kv_session_estate(drive.session)), 47);
    drive_done(&drive);
}

static void test_no_cloud(void **state)
{
    struct drive drive;
    struct kv_error err = { 0 };

    (void)state;
    drive_open_cloud(&drive, NULL);
    drive.options.arm_endpoint = "http://127.0.0.1:1";
    if (kv_session_open(&drive.session, &drive.options, &err) == KV_OK) {
        assert_int_equal(drive_sign_in(&drive), KV_SIGN_IN_FAILED);
        assert_contains(kv_session_sign_in(drive.session)->text, "127.0.0.1:1");
    }
    drive_done(&drive);
}

/* Plain HTTP is for loopback alone. */
static void test_plain_http(void **state)
{
    struct drive drive;
    struct kv_error err = { 0 };

    (void)state;
    drive_open_cloud(&drive, NULL);
    drive.options.arm_endpoint = "http://management.contoso.com";
    assert_int_equal(
        kv_session_open(&drive.session, &drive.options, &err), KV_BAD_CONFIG);
    assert_null(drive.session);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_device_approved),
        cmocka_unit_test(test_device_declined),
        cmocka_unit_test(test_token_runs_out),
        cmocka_unit_test(test_no_cloud),
        cmocka_unit_test(test_plain_http),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
