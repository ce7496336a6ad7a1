/* kvgov whoami, login and logout: who is signed in, and what is kept. */
#include "stage.h"

#include <sys/stat.h>
#include <unistd.h>

#define CODE_REACH 3

static void expect_no_files(const struct stage *stage)
{
    char *state = temp_path(stage->home, ".local");
    struct stat status;

    if (stat(state, &status) == 0)
        fail_with("%s was made", state);
    mem_free(state);
}

static void test_whoami(void **state)
{
    struct stage *stage = *state;
    json_t *object;

    RUN(stage, "whoami");
    expect(stage, 0, "ACCOUNT      Contoso Vault Operations");
    assert_contains(buf_text(&stage->ran.out), "METHOD       client secret\n");
    assert_lacks(buf_text(&stage->ran.out), "contoso-demo-secret");
    assert_string_equal(buf_text(&stage->ran.err), "");
    RUN(stage, "whoami", "--format", "json");
    expect(stage, 0, "");
    object = json_loads(buf_text(&stage->ran.out), 0, NULL);
    assert_string_equal(text_at(object, "method"), "client secret");
    assert_string_equal(
        text_at(object, "object_id"), "ce006f94-f8ab-4dca-bf1d-d9cabb2fbc9c");
    assert_non_null(text_at(object, "token_until"));
    json_decref(object);
    expect_no_files(stage);
    /* Nothing but the sign-in was asked for. */
    char *log = cloud_log(stage->cloud);

    assert_lacks(log, "/subscriptions");
    mem_free(log);
}

static void test_login(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "login");
    expect(stage, 0, "METHOD       client secret");
    assert_contains(buf_text(&stage->ran.err), "kvgov keeps no token");
    expect_no_files(stage);
}

static int set_up_quick(void **state)
{
    const char *const quick[] = { "--fault", "device-interval=1", NULL };
    struct stage *stage = mem_alloc(sizeof *stage);

    stage->cloud = cloud_start(quick);
    stage->home = temp_new();
    *state = stage;
    return 0;
}

static void test_device_code(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "login", "--auth", "device-code");
    expect(stage, 0, "METHOD       device code");
    assert_contains(buf_text(&stage->ran.out), "ACCOUNT      ");
    assert_contains(buf_text(&stage->ran.err), "/devicelogin in any browser");
    assert_contains(
        buf_text(&stage->ran.err), "each kvgov asks for a code again");
    expect_no_files(stage);
    /* Only login may ask a person. */
    RUN(stage, "whoami", "--auth", "device-code");
    expect(stage, CODE_REACH, "not signed in: ");
    assert_string_equal(buf_text(&stage->ran.out), "");
}

static void test_not_signed_in(void **state)
{
    static const char *const commands[] = { "whoami", "login" };
    struct stage *stage = *state;

    cloud_fault(stage->cloud, "status=400:match=oauth2/v2.0/token");
    for (size_t i = 0; i < LENGTH(commands); i++) {
        RUN(stage, commands[i]);
        expect(stage, CODE_REACH, "not signed in: ");
        assert_string_equal(buf_text(&stage->ran.out), "");
    }
    cloud_mend(stage->cloud);
    RUN(stage, "whoami", "all");
    expect(stage, 2, "\"all\" is one word too many; say kvgov whoami");
    RUN(stage, "login", "--auth", "magic");
    expect(stage, 2, "magic");
}

/* ---- what is kept ---- */

static void test_logout(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "logout");
    expect(stage, 0, "");
    assert_string_equal(buf_text(&stage->ran.out), "");
    assert_contains(buf_text(&stage->ran.err), "no token is kept");
    RUN(stage, "scan");
    RUN(stage, "logout", "--list");
    expect(stage, 0, "would be removed  the last estate");
    RUN(stage, "list", "vaults", "--offline");
    expect(stage, 0, VAULT);
    RUN(stage, "logout");
    expect(stage, 0, "removed  the last estate");
    assert_contains(buf_text(&stage->ran.out), "kept     the journal");
    assert_contains(buf_text(&stage->ran.out), "history.db");
    RUN(stage, "list", "vaults", "--offline");
    expect(stage, CODE_REACH, "nothing is kept of an earlier scan");
    /* What people decided and what scans found is still there. */
    RUN(stage, "diff", "--list");
    expect(stage, 0, "     1  20");
    RUN(stage, "logout", "--format", "json");
    expect(stage, 0, "\"state\":\"kept\"");
}

/* A link is not kvgov's, nor is what it points to. */
static void test_logout_link(void **state)
{
    struct stage *stage = *state;
    char *outside = temp_path(stage->home, "outside");
    struct buf link = { .limit = 4096 };

    RUN(stage, "scan");
    test_write_file(outside, "mine");
    buf_putf(&link, "%s/.local/state/kvgov/estate-link.db", stage->home);
    assert_int_equal(symlink(outside, buf_text(&link)), 0);
    RUN(stage, "logout");
    expect(stage, 0, "removed  the last estate");
    assert_lacks(buf_text(&stage->ran.out), "estate-link");
    assert_int_equal(access(outside, F_OK), 0);
    buf_done(&link);
    mem_free(outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whoami, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_login, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_device_code, set_up_quick, tear_down),
        cmocka_unit_test_setup_teardown(test_not_signed_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_logout, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_logout_link, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
