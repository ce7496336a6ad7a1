/* A scheduled scan that is killed: whatever the moment, what is kept stays
 * usable, and the next scan is as good as any. */
#include "stage.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"

#define CODE_INCOMPLETE 4

/* From before the first request to after the last one. */
static const unsigned moments_ms[] = { 5, 50, 120, 200, 300, 450, 700, 1200 };

static void kill_scan(struct stage *stage, unsigned ms)
{
    const char *const argv[] = { test_setting("KVGOV"), "scan", NULL };
    struct buf home = { .limit = 4096 };
    const char **environment;
    char **all;
    pid_t child;
    int status;

    buf_putf(&home, "HOME=%s", stage->home);
    environment = cloud_environment(
        stage->cloud, (const char *const[]){ buf_text(&home), NULL });
    all = environment_new(environment);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)!freopen("/dev/null", "w", stdout);
        (void)!freopen("/dev/null", "w", stderr);
        process_become(argv, all);
    }
    (void)usleep(ms * 1000);
    (void)kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    environment_free(all);
    mem_free(environment);
    buf_done(&home);
}

static void expect_scan(struct stage *stage, unsigned ms)
{
    json_t *report = scan(stage);

    if (stage->ran.code != 0 && stage->ran.code != CODE_INCOMPLETE)
        fail_with("after %u ms: code %d", ms, stage->ran.code);
    assert_string_equal(buf_text(&stage->ran.err), "");
    assert_int_equal(json_array_size(json_object_get(report, "resources")), 47);
    assert_string_equal(
        text_at(finding_of(report, "NET-2"), "verdict"), "fail");
    json_decref(report);
}

static void test_killed(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < LENGTH(moments_ms); i++) {
        kill_scan(stage, moments_ms[i]);
        RUN(stage, "journal", "verify");
        expect(stage, 0, "chain intact");
        expect_scan(stage, moments_ms[i]);
        RUN(stage, "list", "vaults", VAULT, "--offline");
        expect(stage, 0, VAULT);
        RUN(stage, "logout"); /* the next one begins with nothing */
    }
}

/* Killed while it writes over what an earlier scan kept. */
static void test_killed_over(void **state)
{
    struct stage *stage = *state;

    expect_scan(stage, 0);
    for (size_t i = 0; i < LENGTH(moments_ms); i++) {
        kill_scan(stage, moments_ms[i]);
        RUN(stage, "list", "vaults", VAULT, "--offline");
        expect(stage, 0, VAULT);
    }
    expect_scan(stage, 0);
    RUN(stage, "diff");
    expect(stage, 0, "0 began to fail, 0 no longer fail");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_killed_over, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("killed", tests, NULL, NULL);
}
