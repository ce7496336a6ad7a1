/* The command line without a terminal: what it takes, says and ends with. */
#include "test.h"

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#include "base.h"
#include "kvgov_cloud.h"
#include "kvgov_command.h"
#include "temp.h"

#define WORDS 8
#define CODE_INCOMPLETE 4

/* Two reads of the Contoso estate are denied to everybody but the lawyers;
 * whether that makes the inventory incomplete is not these tests' question. */
static void expect_report(const struct command_run *run)
{
    if (run->ran.code != CODE_INCOMPLETE)
        command_expect_code(run, "scan", 0);
    assert_true(run->ran.out.size > 0);
}

/* ---- what needs no cloud ---- */

struct command_row {
    const char *name;
    const char *words[WORDS];
    int code;
    const char *out; /* NULL: nothing at all */
    const char *err;
};

static const struct command_row command_rows[] = {
    { "help", { "--help" }, 0, "usage: kvgov", NULL },
    { "help of a command", { "scan", "--help" }, 0, "usage: kvgov", NULL },
    { "exit codes in help", { "--help" }, 0, "exit codes", NULL },
    { "version", { "--version" }, 0, "kvgov ", NULL },
    { "unknown option", { "--bogus" }, 2, NULL, "--bogus" },
    { "unknown command", { "frobnicate" }, 2, NULL, "frobnicate" },
    { "option without value", { "scan", "--state-dir" }, 2, NULL,
        "--state-dir" },
    { "unknown format", { "scan", "--format", "xml" }, 2, NULL, "xml" },
    { "another's option", { "scan", "--answer", "pass" }, 2, NULL,
        "--answer does not go with this command; it goes with: kvgov attest" },
    { "one word too many", { "config", "all" }, 2, NULL,
        "\"all\" is one word too many; say kvgov config" },
    { "nothing kept", { "scan", "--offline" }, 3, NULL,
        "nothing is kept of an earlier scan" },
    { "no address", { "scan", "--arm-endpoint", "ftp://x" }, 2, NULL,
        "ftp://x" },
    { "plain http", { "scan", "--arm-endpoint", "http://arm.contoso.com" }, 2,
        NULL, "arm.contoso.com" },
    { "nobody there", { "scan", "--arm-endpoint", "http://127.0.0.1:1" }, 3,
        NULL, "127.0.0.1:1" },
    { "no script", { "--script", "/nonexistent/keys" }, 2, NULL,
        "/nonexistent/keys" },
    { "no configuration", { "config", "--check" }, 0, "good", NULL },
    { "print it", { "config", "--print" }, 0, "\nretention_days = 90\n", NULL },
    { "the keys", { "--print-keys" }, 0, "\n[keys]\n", NULL },
    { "a theme that can be read", { "--check-theme", "mono" }, 0,
        "mono: all 27 roles can be read", NULL },
    { "no such theme", { "--check-theme", "nosuch" }, 2, NULL,
        "there is no theme \"nosuch\"; themes are NAME.theme files in" },
    { "no theme named", { "--check-theme" }, 2, NULL, "--check-theme" },
    { "no page of this name", { "manual", "nosuch" }, 2, NULL,
        "say kvgov manual kvgov or kvgov manual kvgov-config, not nosuch" },
    { "neither", { "config" }, 2, NULL, "one of --check and --print" },
    { "unknown baseline", { "scan", "--baseline", "1999" }, 2, NULL,
        "baseline cannot be \"1999\"" },
    { "as JSON", { "config", "--print", "--format", "json" }, 0,
        "\"name\": \"retention_days\",\n      \"value\": \"90\"", NULL },
    { "checked as JSON", { "config", "--check", "--format", "json" }, 0,
        "\"problems\": []", NULL },
    { "the catalogue in lines", { "catalogue", "--format", "table" }, 0,
        "PRO-1   critical  resources ", NULL },
    { "a journal as JSON", { "journal", "verify", "--format", "json" }, 0,
        "\"intact\": true", NULL },
    { "no scans, as JSON", { "diff", "--list", "--format", "json" }, 0,
        "\"scans\": []", NULL },
    { "nothing decided, as JSON", { "attest", "--list", "--format", "json" }, 0,
        "\"attestations\": []", NULL },
    { "an empty journal", { "journal", "verify" }, 0, "0 records", NULL },
};

static void check_command(const struct command_row *row)
{
    struct command_run run;

    command_run(&run, row->words, NULL);
    command_expect_code(&run, row->name, row->code);
    if (row->out)
        assert_contains(buf_text(&run.ran.out), row->out);
    else
        assert_string_equal(buf_text(&run.ran.out), "");
    if (row->err)
        assert_contains(buf_text(&run.ran.err), row->err);
    else
        assert_string_equal(buf_text(&run.ran.err), "");
    command_run_done(&run);
}

static void test_commands(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(command_rows); i++)
        check_command(&command_rows[i]);
}

/* A file that cannot be used as it stands: said where, and by the code. */
static void test_wrong_configuration(void **state)
{
    char *config = temp_new();
    struct buf path = { .limit = 4096 };
    struct buf variable = { .limit = 4096 };
    const char *const check[WORDS] = { "config", "--check" };
    const char *const print[WORDS] = { "config", "--print" };
    struct command_run run;

    (void)state;
    buf_putf(&path, "%s/kvgov", config);
    assert_int_equal(mkdir(buf_text(&path), 0700), 0);
    buf_puts(&path, "/config.ini");
    test_write_file(
        buf_text(&path), "[policy]\nretention_days = 30\nrsa_bits = few\n");
    buf_putf(&variable, "XDG_CONFIG_HOME=%s", config);
    command_run(
        &run, check, (const char *const[]){ buf_text(&variable), NULL });
    command_expect_code(&run, "check", 2);
    assert_contains(buf_text(&run.ran.err),
        "/kvgov/config.ini:3: rsa_bits cannot be \"few\"");
    command_run_done(&run);
    command_run(
        &run, print, (const char *const[]){ buf_text(&variable), NULL });
    command_expect_code(&run, "print", 0);
    assert_contains(
        buf_text(&run.ran.out), "/kvgov/config.ini:2\nretention_days = 30\n");
    assert_contains(buf_text(&run.ran.out), "# from default\nrsa_bits = 2048");
    command_run_done(&run);
    buf_done(&path);
    buf_done(&variable);
    temp_done(config);
}

static void test_catalogue(void **state)
{
    const char *const words[WORDS] = { "catalogue", "--format", "json" };
    struct command_run run;

    (void)state;
    command_run(&run, words, NULL);
    command_expect_code(&run, "catalogue", 0);
    json_t *catalogue = json_loads(buf_text(&run.ran.out), 0, NULL);
    assert_non_null(catalogue);
    const json_t *rows = json_object_get(catalogue, "recommendations");
    assert_true(json_array_size(rows) >= 12);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);

        assert_non_null(json_string_value(json_object_get(row, "id")));
        assert_non_null(json_string_value(json_object_get(row, "title")));
        assert_true(json_array_size(json_object_get(row, "sources")) > 0);
    }
    json_decref(catalogue);
    command_run_done(&run);
}

/* ---- a scan ---- */

static int start(void **state)
{
    *state = cloud_start(NULL);
    return 0;
}

static int stop(void **state)
{
    cloud_stop(*state);
    return 0;
}

static void scan_run(struct command_run *run, const struct cloud *cloud,
    const char *format, const char *const *more)
{
    const char *const words[WORDS] = { "scan", "--format", format };
    const char **environment = cloud_environment(cloud, more);

    command_run(run, words, environment);
    mem_free(environment);
}

static void test_scan_table(void **state)
{
    struct command_run run;

    scan_run(&run, *state, "table", NULL);
    expect_report(&run);
    assert_contains(buf_text(&run.ran.out), "contoso.com");
    assert_contains(buf_text(&run.ran.out), "NET-2");
    assert_contains(buf_text(&run.ran.out), "kv-pay-prod-weu");
    assert_contains(buf_text(&run.ran.out), "Microsoft.KeyVault/vaults/read");
    /* No secret, and no byte that drives a terminal. */
    assert_lacks(buf_text(&run.ran.out), "contoso-demo-secret");
    assert_lacks(buf_text(&run.ran.out), "\033");
    command_run_done(&run);
}

static const char *verdict_of(
    const json_t *report, const char *recommendation, const char *name)
{
    const json_t *findings = json_object_get(report, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        const char *row =
            json_string_value(json_object_get(finding, "recommendation"));
        const char *id =
            json_string_value(json_object_get(finding, "resource"));

        if (id && strcmp(row, recommendation) == 0 && strstr(id, name))
            return json_string_value(json_object_get(finding, "verdict"));
    }
    return "(no finding)";
}

static void test_scan_json(void **state)
{
    struct command_run run;

    scan_run(&run, *state, "json", NULL);
    expect_report(&run);
    json_t *report = json_loads(buf_text(&run.ran.out), 0, NULL);
    assert_non_null(report);
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(report, "estate"), "vaults")),
        44);
    assert_int_equal(json_array_size(json_object_get(report, "resources")), 47);
    assert_string_equal(verdict_of(report, "NET-2", "kv-pay-prod-weu"), "fail");
    assert_string_equal(verdict_of(report, "NET-2", "kv-pay-core-weu"), "pass");
    assert_string_equal(
        verdict_of(report, "NET-2", "kv-legal-hold-weu"), "unknown");
    json_decref(report);
    command_run_done(&run);
}

/* Everything could be read. */
static void test_scan_complete(void **state)
{
    const char *const arguments[] = { "--generate",
        "vaults=12,subscriptions=2,seed=7", NULL };
    struct cloud *cloud = cloud_start(arguments);
    struct command_run run;

    (void)state;
    scan_run(&run, cloud, "table", NULL);
    command_expect_code(&run, "scan", 0);
    assert_string_equal(buf_text(&run.ran.err), "");
    command_run_done(&run);
    cloud_stop(cloud);
}

/* The bare command without a terminal is the same report. */
static void test_no_terminal(void **state)
{
    const char *const words[WORDS] = { NULL };
    const char **environment = cloud_environment(*state, NULL);
    struct command_run run;

    command_run(&run, words, environment);
    command_expect_code(&run, "no terminal", 0);
    assert_contains(buf_text(&run.ran.out), "kv-pay-prod-weu");
    command_run_done(&run);
    mem_free(environment);
}

struct refusal_row {
    const char *name;
    const char *variable;
    int code;
    const char *err;
};

static const struct refusal_row refusal_rows[] = {
    { "wrong secret", "AZURE_CLIENT_SECRET=wrong-one", 3, "AADSTS7000215" },
    { "nobody", "AZURE_CLIENT_ID=", 3, "AZURE_CLIENT_ID" },
};

static void test_not_signed_in(void **state)
{
    for (size_t i = 0; i < LENGTH(refusal_rows); i++) {
        const struct refusal_row *row = &refusal_rows[i];
        const char *const more[] = { row->variable, NULL };
        struct command_run run;

        scan_run(&run, *state, "table", more);
        command_expect_code(&run, row->name, row->code);
        assert_contains(buf_text(&run.ran.err), row->err);
        assert_lacks(buf_text(&run.ran.err), "wrong-one");
        assert_string_equal(buf_text(&run.ran.out), "");
        command_run_done(&run);
    }
}

/* The inventory could not be read: not a clean bill, a code of its own. */
static void test_incomplete(void **state)
{
    struct cloud *cloud = *state;
    struct command_run run;

    cloud_fault(cloud, "status=403:match=Microsoft.ResourceGraph");
    cloud_fault(cloud, "status=403:match=Microsoft.KeyVault/vaults");
    scan_run(&run, cloud, "table", NULL);
    cloud_mend(cloud);
    command_expect_code(&run, "incomplete", CODE_INCOMPLETE);
    assert_true(run.ran.err.size > 0);
    command_run_done(&run);
}

/* ---- files ---- */

/* What is kept is for its owner alone, whatever the umask says. */
static void test_private_files(void **state)
{
    struct cloud *cloud = *state;
    char *folder = temp_new();
    char *inside = temp_path(folder, "new");
    char *journal = temp_path(inside, "journal.db");
    struct buf setting = { .limit = 4096 };
    struct command_run run;
    struct stat info;

    buf_putf(&setting, "KVGOV_STATE=%s", inside);
    const char *const more[] = { buf_text(&setting), NULL };
    mode_t mask = umask(0);
    scan_run(&run, cloud, "table", more);
    (void)umask(mask);
    expect_report(&run);
    assert_int_equal(stat(inside, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(stat(journal, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    command_run_done(&run);
    buf_done(&setting);
    mem_free(journal);
    mem_free(inside);
    temp_done(folder);
}

/* ---- keys from a file ---- */

static void test_script(void **state)
{
    char *folder = temp_new();
    char *keys = temp_path(folder, "keys");
    const char *const words[WORDS] = { "--script", keys, "--dump" };
    const char *const size[] = { "COLUMNS=120", "LINES=40", NULL };
    const char **environment = cloud_environment(*state, size);
    struct command_run run;

    test_write_file(keys, "<Wait><Dump>2/kv-pay-prod<Enter>\n<Wait>");
    command_run(&run, words, environment);
    command_expect_code(&run, "script", 0);
    assert_contains(buf_text(&run.ran.out), "--- screen 1 120x40 ---\n");
    assert_contains(buf_text(&run.ran.out), "--- screen 2 120x40 ---\n");
    assert_contains(buf_text(&run.ran.out), "1 of 47");
    assert_lacks(buf_text(&run.ran.out), "\033");
    command_run_done(&run);
    mem_free(environment);
    mem_free(keys);
    temp_done(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_wrong_configuration),
        cmocka_unit_test(test_catalogue),
        cmocka_unit_test_setup_teardown(test_scan_table, start, stop),
        cmocka_unit_test_setup_teardown(test_scan_json, start, stop),
        cmocka_unit_test(test_scan_complete),
        cmocka_unit_test_setup_teardown(test_no_terminal, start, stop),
        cmocka_unit_test_setup_teardown(test_not_signed_in, start, stop),
        cmocka_unit_test_setup_teardown(test_incomplete, start, stop),
        cmocka_unit_test_setup_teardown(test_private_files, start, stop),
        cmocka_unit_test_setup_teardown(test_script, start, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
