/* Signing in to the simulated cloud as the managed identity of a machine, in
 * Azure, in App Service and under Azure Arc, and being asked for more proof as
 * a person. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "drive.h"
#include "temp.h"
#include "web.h"

#define USER_CLIENT "98f475f9-cf66-4fdc-9491-731ae506c311"

static void leave(void)
{
    (void)unsetenv("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    (void)unsetenv("IMDS_ENDPOINT");
    (void)unsetenv("KVGOV_ARC_TOKENS");
}

/* A machine of that kind, whose environment names no application. */
static void open_machine(
    struct drive *drive, const char *kind, const char *folder)
{
    const char *const arguments[] = { "--managed-identity", kind,
        folder ? "--arc-dir" : NULL, folder, NULL };

    leave();
    drive_open_cloud(drive, arguments);
    (void)unsetenv("AZURE_CLIENT_ID");
    (void)unsetenv("AZURE_CLIENT_SECRET");
    if (folder)
        (void)setenv("KVGOV_ARC_TOKENS", folder, 1);
}

static void expect(
    struct drive *drive, enum kv_sign_in_state state, const char *says)
{
    const struct kv_sign_in *sign_in;

    drive_open_session(drive);
    (void)drive_sign_in(drive);
    sign_in = kv_session_sign_in(drive->session);
    if (sign_in->state != state || !strstr(sign_in->text, says))
        fail_with("state %d: %s", (int)sign_in->state, sign_in->text);
    kv_session_close(drive->session);
    drive->session = NULL;
}

static void test_kinds(void **state)
{
    static const char *const kinds[] = { "imds", "app-service", "arc" };

    (void)state;
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        char *folder = temp_new();
        struct drive drive;

        open_machine(
            &drive, kinds[i], strcmp(kinds[i], "arc") == 0 ? folder : NULL);
        drive_open_session(&drive);
        if (drive_scan(&drive) != KV_SCAN_DONE)
            fail_with(
                "%s: %s", kinds[i], kv_session_sign_in(drive.session)->text);
        assert_string_equal(
            kv_session_sign_in(drive.session)->method, "managed identity");
        drive_done(&drive);
        temp_done(folder);
    }
    leave();
}

static void test_another_identity(void **state)
{
    struct drive drive;

    (void)state;
    open_machine(&drive, "imds", NULL);
    (void)setenv("AZURE_CLIENT_ID", USER_CLIENT, 1);
    expect(&drive, KV_SIGN_IN_FAILED, "this machine has no managed identity");
    drive_done(&drive);
    leave();
}

static void test_metadata_service_moves(void **state)
{
    struct drive drive;

    (void)state;
    open_machine(&drive, "imds", NULL);
    drive.options.auth = "managed-identity";
    cloud_fault(drive.cloud, "imds-410:count=1");
    expect(&drive, KV_SIGN_IN_DONE, "Signed in");
    drive_done(&drive);
    leave();
}

static void test_wrong_header(void **state)
{
    struct drive drive;

    (void)state;
    open_machine(&drive, "app-service", NULL);
    drive.options.auth = "managed-identity";
    (void)setenv("IDENTITY_HEADER", "somebody-else's", 1);
    expect(&drive, KV_SIGN_IN_FAILED, "App Service answered with HTTP 401");
    drive_done(&drive);
    leave();
}

/* The folder of keys is not the one that this machine knows. */
static void test_arc_names_another_folder(void **state)
{
    char *folder = temp_new();
    struct drive drive;

    (void)state;
    open_machine(&drive, "arc", folder);
    drive.options.auth = "managed-identity";
    (void)unsetenv("KVGOV_ARC_TOKENS");
    expect(&drive, KV_SIGN_IN_FAILED, "named a key file that is none of its");
    drive_done(&drive);
    temp_done(folder);
    leave();
}

static void test_endpoint_elsewhere(void **state)
{
    struct drive drive;

    (void)state;
    open_machine(&drive, "app-service", NULL);
    drive.options.auth = "managed-identity";
    (void)setenv("IDENTITY_ENDPOINT", "https://fabrikam.example/token", 1);
    expect(&drive, KV_SIGN_IN_FAILED, "is not on this machine");
    drive_done(&drive);
    leave();
}

/* ---- more proof ---- */

static bool state_is(const struct drive *drive, const void *argument)
{
    const enum kv_sign_in_state *state = argument;

    return kv_session_sign_in(drive->session)->state == *state;
}

static void await(struct drive *drive, enum kv_sign_in_state state)
{
    drive_until(drive, state_is, &state, "a state of the sign-in");
}

static void approve(const struct drive *drive)
{
    struct buf path = { .limit = 1024 };

    buf_putf(&path, "/devicelogin?code=%s&answer=approve",
        kv_session_sign_in(drive->session)->user_code);
    json_decref(web_get(drive->cloud->origin, buf_text(&path)));
    buf_done(&path);
}

static bool plan_has_ended(const struct drive *drive, const void *argument)
{
    (void)drive;
    return kv_plan_state(argument) == KV_PLAN_ENDED;
}

/* A change waits for the person, then goes on by itself. */
static void test_change_needs_more(void **state)
{
    static const char *const arguments[] = { "--fault", "device-interval=1",
        "--fault", "mfa-writes", NULL };
    static const char *const vaults[] = { "kv-pay-prod-weu", NULL };
    struct drive drive;
    struct kv_plan *plan;

    (void)state;
    leave();
    drive_open_cloud(&drive, arguments);
    drive.options.no_device_code = false;
    drive.options.auth = "device-code";
    drive_open_session(&drive);
    kv_session_start(drive.session);
    await(&drive, KV_SIGN_IN_DEVICE);
    approve(&drive);
    await(&drive, KV_SIGN_IN_DONE);
    assert_int_equal(drive_rescan(&drive), KV_SCAN_DONE);
    plan = drive_plan(&drive, "firewall-on", vaults);
    drive_start_run(&drive, plan);
    await(&drive, KV_SIGN_IN_DEVICE);
    assert_contains(
        kv_session_sign_in(drive.session)->text, "Azure asks for more proof");
    approve(&drive);
    await(&drive, KV_SIGN_IN_DONE);
    drive_until(&drive, plan_has_ended, plan, "the end of the run");
    drive_expect_target(&drive, plan, 0, KV_TARGET_DONE);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_another_identity),
        cmocka_unit_test(test_metadata_service_moves),
        cmocka_unit_test(test_wrong_header),
        cmocka_unit_test(test_arc_names_another_folder),
        cmocka_unit_test(test_endpoint_elsewhere),
        cmocka_unit_test(test_change_needs_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
