/* kvgov doctor with the real program: what it sees, what it says to do, and
 * what it ends with. */
#include "test.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "kvgov_cloud.h"
#include "kvgov_command.h"
#include "signer.h"
#include "temp.h"
#include "terminal.h"

#define SMALL "vaults=6,subscriptions=2,seed=7"

static char *setting(const char *name, const char *value)
{
    struct buf text = { .limit = 4096 };
    char *copy;

    buf_putf(&text, "%s=%s", name, value);
    copy = mem_copy_text(buf_text(&text));
    buf_done(&text);
    return copy;
}

static void doctor_run(
    struct command_run *run, const struct cloud *cloud, const char *const *more)
{
    static const char *const words[] = { "doctor", NULL };
    const char *all[16] = { "TERM=xterm-256color", "LANG=C.UTF-8" };
    const char **environment;

    for (size_t i = 0; more && more[i]; i++)
        all[i + 2] = more[i]; /* the last of two counts */
    environment = cloud_environment(cloud, all);
    command_run(run, words, environment);
    mem_free(environment);
}

static void expect_harmless(const struct command_run *run)
{
    assert_lacks(buf_text(&run->ran.out), "eyJ");
    assert_lacks(buf_text(&run->ran.out), "contoso-demo-secret");
    assert_lacks(buf_text(&run->ran.out), "wrong-one");
    assert_lacks(buf_text(&run->ran.out), "\033");
    assert_string_equal(buf_text(&run->ran.err), "");
}

/* ---- one thing wrong at a time ---- */

struct row {
    const char *name;
    const char *estate; /* NULL: Contoso */
    const char *fault;  /* NULL: none */
    const char *more[4];
    int code;
    const char *says[5];
};

static const struct row rows[] = {
    { "all is well", SMALL, NULL, { NULL }, 0,
        { "0 problems, 0 warnings", "ok       sign-in  ",
            " by client secret, tenant ", "with a token until 20",
            "everything that was asked for may be read" } },
    { "rights that are missing", NULL, NULL, { NULL }, 0,
        { "warning  properties  ", "Microsoft.KeyVault/vaults/read is missing",
            "may not be read in 1 of 6 subscriptions", "NET-1, NET-2",
            "ask for Reader on Contoso Legal" } },
    { "wrong secret", SMALL, NULL, { "AZURE_CLIENT_SECRET=wrong-one" }, 3,
        { "problem  sign-in  ", "AADSTS7000215",
            "warning  client secret           tried: ",
            "Azure CLI               not tried: " } },
    { "nobody", SMALL, NULL, { "AZURE_CLIENT_ID=", "AZURE_CLIENT_SECRET=" }, 3,
        { "problem  sign-in                 nobody: ",
            "not used: The environment sets no AZURE_CLIENT_ID",
            "Azure CLI               not used: ",
            "device code             not tried: it needs a person" } },
    { "left out", SMALL, NULL, { "AZURE_TOKEN_CREDENTIALS=dev" }, 3,
        { "client secret           not tried: AZURE_TOKEN_CREDENTIALS" } },
    { "no token is good enough", SMALL,
        "status=401:match=/subscriptions:method=GET", { NULL }, 3,
        { "ok       sign-in  ", "problem  reading  ", "401" } },
    { "a page of the network", SMALL, "status=511:match=/metadata/endpoints",
        { NULL }, 3,
        { "problem  Resource Manager  ", "answered HTTP 511", "proxy" } },
    { "no Microsoft Graph", SMALL, "reset:match=/v1.0/organization", { NULL },
        0, { "warning  Microsoft Graph  ", "names of principals" } },
    { "an answer that makes no sense", SMALL, "bad-json:match=/locks", { NULL },
        0, { "ok       reading", "warning  reading                 locks" } },
    { "a clock that is off", SMALL, "skew=100", { NULL }, 0,
        { "warning  clock  ", "s behind that of 127.0.0.1:", "NTP" } },
    { "a clock that is wrong", SMALL, "skew=1000", { NULL }, 1,
        { "problem  clock  ", "s behind that of 127.0.0.1:" } },
    { "dumb terminal", SMALL, NULL, { "TERM=dumb", "LANG=C" }, 1,
        { "problem  terminal                TERM is dumb",
            "warning  locale                  C knows the letters of ASCII",
            "C.UTF-8" } },
    { "terminal without colours", SMALL, NULL, { "TERM=vt100" }, 0,
        { "ok       terminal                vt100 has no colours" } },
    { "a proxy with a password", SMALL, NULL,
        { "https_proxy=http://pilar:wrong-one@proxy.contoso.com:8080",
            "NO_PROXY=localhost,127.0.0.1" },
        0,
        { "https_proxy=http://***@proxy.contoso.com:8080",
            "NO_PROXY=localhost,127.0.0.1" } },
    { "no authorities", SMALL, NULL, { "SSL_CERT_FILE=/nonexistent/ca.pem" }, 1,
        { "SSL_CERT_FILE=/nonexistent/ca.pem cannot be read" } },
    { "no place", SMALL, NULL, { "KVGOV_STATE=/dev/null/state" }, 1,
        { "problem  state folder            /dev/null/state cannot be made" } },
};

static void check_row(const struct row *row)
{
    const char *arguments[5] = { NULL };
    size_t count = 0;
    struct command_run run;
    struct cloud *cloud;

    if (row->estate) {
        arguments[count++] = "--generate";
        arguments[count++] = row->estate;
    }
    if (row->fault) {
        arguments[count++] = "--fault";
        arguments[count++] = row->fault;
    }
    cloud = cloud_start(arguments);
    doctor_run(&run, cloud, row->more);
    command_expect_code(&run, row->name, row->code);
    for (size_t i = 0; i < LENGTH(row->says) && row->says[i]; i++)
        if (!strstr(buf_text(&run.ran.out), row->says[i]))
            fail_with("%s: no '%s' in\n%s", row->name, row->says[i],
                buf_text(&run.ran.out));
    expect_harmless(&run);
    command_run_done(&run);
    cloud_stop(cloud);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_row(&rows[i]);
}

/* ---- hosts ---- */

static void test_nobody_there(void **state)
{
    static const char *const words[] = { "doctor", "--arm-endpoint",
        "http://127.0.0.1:1", NULL };
    int64_t start_ms = clock_steady_ms();
    struct command_run run;

    (void)state;
    command_run(&run, words, NULL);
    command_expect_code(&run, "nobody there", 3);
    assert_contains(buf_text(&run.ran.out),
        "problem  Resource Manager        127.0.0.1:1 did not answer: "
        "Connection refused");
    assert_contains(buf_text(&run.ran.out), "problem  Entra");
    assert_lacks(buf_text(&run.ran.out), "press r");
    /* It does not try again and again, as a scan does. */
    assert_in_range(clock_steady_ms() - start_ms, 0, 10000);
    command_run_done(&run);
}

/* Signed by an authority that this machine does not know. */
static void test_strange_certificate(void **state)
{
    const char *const arguments[] = { "--generate", SMALL, "--tls", NULL };
    struct cloud *cloud = cloud_start(arguments);
    struct signer *stranger = signer_new();
    char *folder = temp_new();
    char *path = temp_path(folder, "stranger.pem");
    char *variable = setting("SSL_CERT_FILE", path);
    const char *const more[] = { variable, NULL };
    struct command_run run;

    (void)state;
    test_write_file(path, stranger->certificate);
    doctor_run(&run, cloud, more);
    command_expect_code(&run, "strange certificate", 3);
    assert_contains(buf_text(&run.ran.out),
        "has a certificate that this machine does not trust");
    assert_contains(buf_text(&run.ran.out),
        "if a proxy inspects TLS, name its CA in SSL_CERT_FILE");
    command_run_done(&run);
    mem_free(variable);
    mem_free(path);
    temp_done(folder);
    signer_free(stranger);
    cloud_stop(cloud);
}

/* A wrong address is said in the same form. */
static void test_wrong_option(void **state)
{
    static const char *const words[] = { "doctor", "--arm-endpoint",
        "http://arm.contoso.com", NULL };
    struct command_run run;

    (void)state;
    command_run(&run, words, NULL);
    command_expect_code(&run, "wrong option", 1);
    assert_contains(buf_text(&run.ran.out), "problem  command line");
    assert_contains(buf_text(&run.ran.out), "plain http");
    command_run_done(&run);
}

/* ---- files ---- */

static void expect_said(
    const struct cloud *cloud, const char *variable, int code, const char *part)
{
    const char *const more[] = { variable, NULL };
    struct command_run run;

    doctor_run(&run, cloud, more);
    command_expect_code(&run, part, code);
    assert_contains(buf_text(&run.ran.out), part);
    command_run_done(&run);
}

static void test_files(void **state)
{
    const char *const arguments[] = { "--generate", SMALL, NULL };
    struct cloud *cloud = cloud_start(arguments);
    char *folder = temp_new();
    char *state_setting = setting("KVGOV_STATE", folder);
    char *config_setting = setting("XDG_CONFIG_HOME", folder);
    char *inside = temp_path(folder, "kvgov");
    char *config = temp_path(inside, "config.ini");
    char *journal = temp_path(folder, "journal.db");

    (void)state;
    expect_said(cloud, state_setting, 0, ", yours alone");
    assert_int_equal(access(journal, F_OK), -1); /* it leaves nothing there */
    assert_int_equal(chmod(folder, 0755), 0);
    expect_said(cloud, state_setting, 0, "its mode is 0755");
    assert_int_equal(chmod(folder, 0700), 0);
    if (getuid() != 0) { /* root may write anywhere */
        assert_int_equal(chmod(folder, 0500), 0);
        expect_said(cloud, state_setting, 1, "nothing can be written to");
        assert_int_equal(chmod(folder, 0700), 0);
    }
    test_write_file(journal, "not a database, but a text of some length");
    expect_said(cloud, state_setting, 1, "problem  journal");
    assert_int_equal(unlink(journal), 0);

    assert_int_equal(mkdir(inside, 0700), 0);
    test_write_file(config, "[kvgov]\n");
    assert_int_equal(chmod(config, 0600), 0);
    expect_said(cloud, config_setting, 0, "/kvgov/config.ini\n");
    assert_int_equal(chmod(config, 0622), 0);
    expect_said(cloud, config_setting, 0, "can be changed by others");
    test_write_file(config, "retention_days = none\n");
    expect_said(cloud, config_setting, 1, "config.ini:1: retention_days");
    assert_int_equal(unlink(config), 0);
    assert_int_equal(mkdir(config, 0700), 0);
    expect_said(cloud, config_setting, 1, "config.ini cannot be read");
    mem_free(journal);
    mem_free(config);
    mem_free(inside);
    mem_free(config_setting);
    mem_free(state_setting);
    temp_done(folder);
    cloud_stop(cloud);
}

/* ---- forms ---- */

static void test_json(void **state)
{
    static const char *const words[] = { "doctor", "--format", "json", NULL };
    struct cloud *cloud = cloud_start(NULL);
    const char **environment = cloud_environment(cloud, NULL);
    struct command_run run;

    (void)state;
    command_run(&run, words, environment);
    json_t *found = json_loads(buf_text(&run.ran.out), 0, NULL);
    const json_t *checks = json_object_get(found, "checks");
    long long problems = 0;
    long long warnings = 0;
    assert_true(json_array_size(checks) > 15);
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *check = json_array_get(checks, i);
        const char *level = json_string_value(json_object_get(check, "level"));

        assert_non_null(json_string_value(json_object_get(check, "check")));
        assert_non_null(json_string_value(json_object_get(check, "seen")));
        assert_non_null(json_object_get(check, "todo"));
        problems += strcmp(level, "problem") == 0;
        warnings += strcmp(level, "warning") == 0;
    }
    assert_int_equal(
        json_integer_value(json_object_get(found, "problems")), problems);
    assert_int_equal(
        json_integer_value(json_object_get(found, "warnings")), warnings);
    assert_true(warnings > 0);
    json_decref(found);
    expect_harmless(&run);
    command_run_done(&run);
    mem_free(environment);
    cloud_stop(cloud);
}

/* On a terminal it fits the window, and Ctrl-C ends it at once. */
static void test_terminal(void **state)
{
    const char *const arguments[] = { "--generate", SMALL, "--fault",
        "hold=40:match=/subscriptions", NULL };
    const char *const argv[] = { test_setting("KVGOV"), "doctor", NULL };
    struct cloud *cloud = cloud_start(arguments);
    char *home = temp_new();
    char *home_setting = setting("HOME", home);
    const char *const more[] = { home_setting, "LANG=C.UTF-8", NULL };
    const char **environment = cloud_environment(cloud, more);
    struct terminal *terminal = terminal_open(&(struct terminal_options){
        .argv = argv, .environment = environment, .rows = 80, .columns = 70 });
    int64_t start_ms;

    (void)state;
    terminal_expect(terminal, "kvgov: reading "); /* it has signed in */
    start_ms = clock_steady_ms();
    terminal_signal(terminal, SIGINT);
    int status = terminal_expect_exit(terminal);
    assert_in_range(clock_steady_ms() - start_ms, 0, 15000);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 128 + SIGINT);
    assert_contains(terminal_text(terminal), "not everything was looked at");
    assert_contains(terminal_text(terminal), "70x80");
    assert_true(terminal_find_row(terminal, "ok       sign-in") >= 0);
    terminal_close(terminal);
    mem_free(environment);
    mem_free(home_setting);
    temp_done(home);
    cloud_stop(cloud);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_strange_certificate),
        cmocka_unit_test(test_wrong_option),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
