/* `make demo` where there is no terminal: the demonstration estate as a
 * report, with nothing left behind. */
#include "test.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "program.h"
#include "temp.h"

static size_t entries(const char *folder)
{
    DIR *open = opendir(folder);
    size_t count = 0;

    if (!open)
        fail_with("%s cannot be read", folder);
    while (readdir(open))
        count++;
    (void)closedir(open);
    return count - 2; /* . and .. */
}

static void demo_run(struct program *ran, const char *temp, const char *word,
    const char *directory)
{
    const char *const argv[] = { test_setting("KVGOV"), "--demo", word, NULL };
    struct buf home = { .limit = 4096 };
    struct buf top = { .limit = 4096 };

    buf_putf(&home, "HOME=%s", temp);
    buf_putf(&top, "TMPDIR=%s", temp);
    const char *const environment[] = { buf_text(&home), buf_text(&top), NULL };
    program_run(ran,
        &(struct program_options){
            .argv = argv, .environment = environment, .directory = directory });
    buf_done(&top);
    buf_done(&home);
}

/* From any folder, without a trace. */
static void test_report(void **state)
{
    char *temp = temp_new();
    struct program ran;

    (void)state;
    demo_run(&ran, temp, NULL, "/");
    if (ran.code != 0)
        fail_with("code %d\n%s", ran.code, buf_text(&ran.err));
    assert_contains(buf_text(&ran.out), "contoso.com");
    assert_contains(buf_text(&ran.out), "44 vaults, 3 managed HSMs");
    assert_contains(buf_text(&ran.out), "kv-pay-prod-weu");
    assert_lacks(buf_text(&ran.out), "\033");
    assert_int_equal(entries(temp), 0);
    program_done(&ran);
    temp_done(temp);
}

static void leave_folder(const char *temp, long pid)
{
    struct buf path = { .limit = 4096 };

    buf_putf(&path, "%s/kvgov-demo-%ld-Abc123", temp, pid);
    assert_int_equal(mkdir(buf_text(&path), 0700), 0);
    buf_puts(&path, "/journal.db");
    test_write_file(buf_text(&path), "");
    buf_done(&path);
}

/* What a killed demo left is cleaned by the next one; what a living one uses
 * is not. */
static void test_left_behind(void **state)
{
    char *temp = temp_new();
    struct program ran;
    pid_t dead = fork();

    (void)state;
    if (dead == 0)
        _exit(0);
    assert_int_equal(waitpid(dead, NULL, 0), dead);
    leave_folder(temp, dead);
    leave_folder(temp, getpid());
    demo_run(&ran, temp, NULL, "/");
    assert_int_equal(ran.code, 0);
    assert_int_equal(entries(temp), 1);
    program_done(&ran);
    temp_done(temp);
}

/* The demonstration signs in as it is told to, whoever the person is. */
static void test_own_environment(void **state)
{
    const char *const argv[] = { test_setting("KVGOV"), "--demo", NULL };
    char *temp = temp_new();
    struct buf home = { .limit = 4096 };
    struct program ran;

    (void)state;
    buf_putf(&home, "HOME=%s", temp);
    const char *const environment[] = { buf_text(&home),
        "AZURE_CLIENT_ID=00000000-0000-0000-0000-000000000001",
        "AZURE_CLIENT_SECRET=of-another-cloud",
        "KVGOV_ARM_ENDPOINT=http://127.0.0.1:1", NULL };
    program_run(&ran,
        &(struct program_options){ .argv = argv, .environment = environment });
    if (ran.code != 0)
        fail_with("code %d\n%s", ran.code, buf_text(&ran.err));
    assert_contains(buf_text(&ran.out), "kv-pay-prod-weu");
    program_done(&ran);
    buf_done(&home);
    temp_done(temp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_left_behind),
        cmocka_unit_test(test_own_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
