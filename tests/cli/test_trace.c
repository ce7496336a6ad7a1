/* --trace-requests: a line for each request, and nothing in it that anybody
 * could use. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base.h"
#include "kvgov_command.h"
#include "kvgov_cloud.h"
#include "kvgov_console.h"
#include "temp.h"

static void trace_run(struct command_run *run, const struct cloud *cloud,
    const char *option, const char *const *more)
{
    const char *const words[] = { "scan", option, NULL };
    const char **environment = cloud_environment(cloud, more);

    command_run(run, words, environment);
    mem_free(environment);
}

/* The count of one provider at the end: sent, or -1 when it is not named. */
static long counted(const char *trace, const char *provider)
{
    const char *at = strstr(trace, " requests\n");

    while (at && (at = strchr(at, '\n')) && *++at) {
        char *end = NULL;
        long sent = strtol(at, &end, 10);

        while (*end == ' ')
            end++;
        if (strncmp(end, provider, strlen(provider)) == 0)
            return sent;
    }
    return -1;
}

/* Of "29 requests", the line before the counts. */
static long counted_in_all(const char *trace)
{
    const char *at = strstr(trace, " requests\n");

    assert_non_null(at);
    while (at > trace && at[-1] != '\n')
        at--;
    return strtol(at, NULL, 10);
}

static long lines_with(const char *text, const char *part)
{
    long count = 0;

    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

static void expect_harmless(const char *trace)
{
    assert_lacks(trace, "?");
    assert_lacks(trace, "api-version");
    assert_lacks(trace, "Bearer");
    assert_lacks(trace, "eyJ"); /* how every token starts */
    assert_lacks(trace, "contoso-demo-secret");
    assert_lacks(trace, "client_secret");
    assert_lacks(trace, "\033");
}

static void test_lines(void **state)
{
    struct cloud *cloud = cloud_start(NULL);
    struct command_run run;

    (void)state;
    trace_run(&run, cloud, "--trace-requests", NULL);
    const char *trace = buf_text(&run.ran.err);
    assert_contains(buf_text(&run.ran.out), "kv-pay-prod-weu");
    expect_harmless(trace);
    assert_contains(trace, "GET 127.0.0.1:");
    assert_contains(trace, "/subscriptions 200, ");
    assert_contains(trace, "/oauth2/v2.0/token 200, ");
    assert_contains(trace, "\n  GET /subscriptions/");
    assert_contains(trace, " inside of batches\n");
    assert_int_equal(counted(trace, "Microsoft.ResourceGraph"),
        lines_with(trace, "/Microsoft.ResourceGraph/resources "));
    assert_int_equal(
        counted(trace, "login"), lines_with(trace, "/oauth2/v2.0/token "));
    assert_true(counted(trace, "Microsoft Graph") > 0);
    assert_int_equal(counted_in_all(trace), cloud_requests(cloud, NULL));
    command_run_done(&run);
    cloud_stop(cloud);
}

/* What fails is said, and each new try is a line of its own. */
static void test_failures(void **state)
{
    const char *const faults[] = { "--fault", "throttle=1:count=1:match=/locks",
        "--fault", "truncate:count=1:match=Microsoft.ResourceGraph", "--fault",
        "status=403:match=/batch", NULL };
    struct cloud *cloud = cloud_start(faults);
    struct command_run run;

    (void)state;
    trace_run(&run, cloud, "--trace-requests", NULL);
    const char *trace = buf_text(&run.ran.err);
    assert_contains(trace, "/locks 429, ");
    assert_contains(trace, "/resources failed: 127.0.0.1");
    assert_contains(trace, "/batch 403, ");
    expect_harmless(trace);
    command_run_done(&run);
    cloud_stop(cloud);
}

static void test_wrong_secret(void **state)
{
    const char *const more[] = { "AZURE_CLIENT_SECRET=wrong-one", NULL };
    struct cloud *cloud = cloud_start(NULL);
    struct command_run run;

    (void)state;
    trace_run(&run, cloud, "--trace-requests", more);
    assert_contains(buf_text(&run.ran.err), "/oauth2/v2.0/token 401, ");
    assert_lacks(buf_text(&run.ran.err), "wrong-one");
    command_run_done(&run);
    cloud_stop(cloud);
}

/* ---- files ---- */

static char *file_option(const char *path)
{
    struct buf option = { .limit = 4096 };
    char *copy;

    buf_putf(&option, "--trace-requests=%s", path);
    copy = mem_copy_text(buf_text(&option));
    buf_done(&option);
    return copy;
}

static void test_file(void **state)
{
    struct cloud *cloud = cloud_start(NULL);
    char *folder = temp_new();
    char *path = temp_path(folder, "trace");
    char *option = file_option(path);
    struct command_run run;
    struct stat info;
    size_t size;

    (void)state;
    trace_run(&run, cloud, option, NULL);
    assert_string_equal(buf_text(&run.ran.err), "");
    char *trace = test_read_file(path, &size);
    assert_contains(trace, "/subscriptions 200, ");
    expect_harmless(trace);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    mem_free(trace);
    command_run_done(&run);
    mem_free(option);
    mem_free(path);
    temp_done(folder);
    cloud_stop(cloud);
}

static void test_no_file(void **state)
{
    const char *const words[] = { "scan", "--trace-requests=/nonexistent/x",
        NULL };
    struct command_run run;

    (void)state;
    command_run(&run, words, NULL);
    command_expect_code(&run, "no such folder", 2);
    assert_contains(buf_text(&run.ran.err), "/nonexistent/x");
    command_run_done(&run);
}

/* ---- the console ---- */

static void test_console_needs_file(void **state)
{
    const char *const arguments[] = { "--trace-requests", NULL };
    struct console console;

    (void)state;
    console_open(&console, &(struct console_options){ .arguments = arguments });
    int status = terminal_expect_exit(console.terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    assert_contains(terminal_text(console.terminal), "give a file");
    console_done(&console);
}

static void test_console_file(void **state)
{
    char *folder = temp_new();
    char *path = temp_path(folder, "trace");
    char *option = file_option(path);
    const char *const arguments[] = { option, NULL };
    struct console console;
    size_t size;

    (void)state;
    console_open_ready(
        &console, &(struct console_options){ .arguments = arguments });
    char *trace = test_read_file(path, &size);
    assert_contains(trace, "/resources 200, ");
    expect_harmless(trace);
    mem_free(trace);
    console_done(&console);
    mem_free(option);
    mem_free(path);
    temp_done(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_wrong_secret),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_console_needs_file),
        cmocka_unit_test(test_console_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
