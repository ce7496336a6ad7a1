/* The options of kvgov scan: what they leave out, where the report goes, and
 * what the command ends with. */
#include "stage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process.h"

#define CODE_DEVIATIONS 1
#define CODE_USAGE 2
#define CODE_REACH 3
#define CODE_INCOMPLETE 4

/* Fails NET-2 (critical), passes GOV-5; nothing of it is unknown. */
#define OPEN_VAULT "kv-pay-prod-weu"
/* Its properties may not be read. */
#define DENIED_VAULT "kv-legal-hold-weu"
#define PAY_SUBSCRIPTION "Contoso Payments Prod"

/* ---- what is wrong on the command line: one sentence, nothing on stdout ---- */

struct wrong_row {
    const char *words[WORDS];
    const char *says;
};

static const struct wrong_row wrong_rows[] = {
    { { "scan", "--format", "pdf" }, "it knows: table json ndjson csv sarif" },
    { { "scan", "--only", "NET-99" }, "--only: there is no recommendation NET-99" },
    { { "scan", "--only", "NET-1,XYZ-*" }, "no recommendation XYZ-*" },
    { { "scan", "--only", "," }, "--only \",\" names nothing" },
    { { "scan", "--except", "net" }, "--except: there is no recommendation net" },
    { { "scan", "--except", "*" }, "leave no recommendation" },
    { { "scan", "--only", "NET-1", "--except", "NET-*" },
        "leave no recommendation" },
    { { "scan", "--resource", "" }, "--resource needs a value" },
    { { "scan", "--fail-on", "bad" }, "--fail-on cannot be \"bad\"" },
    { { "scan", "--offline", "--deep" }, "--deep cannot read more" },
    { { "scan", "--out", "/nonexistent/report" }, "No such file" },
    { { "scan", "--out", "/dev/null" }, "it is no regular file" },
    { { "scan", "--out", "/tmp" }, "it is no regular file" },
    { { "scan", "--out", "" }, "--out needs a value" },
    { { "scan", "--out" }, "--out needs a value" },
    { { "doctor", "--only", "NET-1" }, "--only does not go with this command; it goes with: kvgov scan" },
    { { "catalogue", "--out", "x" }, "--out does not go with this command; it goes with: kvgov scan" },
    { { "schema", "--format", "json" }, "does not go with this command" },
    { { "schema", "extra" }, "\"extra\" is one word too many" },
};

/* Nothing of this gets as far as a cloud. */
static void test_wrong(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < LENGTH(wrong_rows); i++) {
        const char *line;

        run(stage, wrong_rows[i].words);
        expect(stage, CODE_USAGE, wrong_rows[i].says);
        assert_string_equal(buf_text(&stage->ran.out), "");
        line = strchr(buf_text(&stage->ran.err), '\n');
        assert_non_null(line);
        assert_string_equal(line, "\n");
    }
    assert_int_equal(cloud_requests(stage->cloud, NULL), 0);
}

static void test_too_often(void **state)
{
    const char *words[140] = { "scan" };
    struct stage *stage = *state;
    const char *argv[144] = { test_setting("KVGOV") };

    for (size_t i = 0; i < 65; i++) {
        argv[1] = words[0];
        argv[2 + 2 * i] = "--only";
        argv[3 + 2 * i] = "NET-1";
    }
    program_run(&stage->ran, &(struct program_options){ .argv = argv });
    expect(stage, CODE_USAGE, "--only is given more than 64 times");
}

/* ---- what is left out ---- */

static json_t *report_of(struct stage *stage, int code)
{
    json_t *report = json_loads(buf_text(&stage->ran.out), 0, NULL);

    if (stage->ran.code != code || !report)
        fail_with("code %d, expected %d: %s", stage->ran.code, code,
            buf_text(&stage->ran.err));
    return report;
}

static size_t count_of(const json_t *report, const char *name)
{
    return json_array_size(json_object_get(report, name));
}

struct part_row {
    const char *words[WORDS];
    size_t rows; /* 0: all of the catalogue */
    size_t resources;
    size_t subscriptions;
    const char *left_out; /* NULL: nothing */
};

static const struct part_row part_rows[] = {
    { { NULL }, 0, 47, 6, NULL },
    { { "--only", "NET-1" }, 1, 47, 6, "(--only NET-1)" },
    { { "--only", "NET-1,PRO-1", "--only", "ACC-1" }, 3, 47, 6,
        "(--only NET-1,PRO-1,ACC-1)" },
    { { "--only", "NET-1, NET-2", "--except", "NET-2" }, 1, 47, 6,
        "--except NET-2" },
    { { "--only", "NET-1", "--resource", OPEN_VAULT }, 1, 1, 1,
        "46 resources, 5 subscriptions (--only NET-1 --resource" },
    { { "--only", "NET-1", "--resource", "KV-PAY-PROD-WEU," DENIED_VAULT }, 1,
        2, 2, "45 resources, 4 subscriptions" },
    { { "--only", "NET-1", "--subscription", PAY_SUBSCRIPTION }, 1, 6, 1,
        "41 resources, 5 subscriptions" },
    { { "--only", "NET-1", "--management-group", "mg-contoso-prod" }, 1, 23, 3,
        "--management-group mg-contoso-prod" },
};

static void check_part(struct stage *stage, const struct part_row *row)
{
    const char *words[WORDS] = { "scan", "--offline", "--format", "json" };
    const char *left_out;
    json_t *report;

    for (size_t i = 0; row->words[i]; i++)
        words[4 + i] = row->words[i];
    run(stage, words);
    report = report_of(stage, stage->ran.code);
    left_out = text_at(report, "left_out");
    print_message("%s %s\n", row->words[0] ? row->words[0] : "all",
        left_out ? left_out : "");
    if (row->rows)
        assert_int_equal(count_of(report, "recommendations"), row->rows);
    assert_int_equal(count_of(report, "resources"), row->resources);
    assert_int_equal(count_of(report, "subscriptions"), row->subscriptions);
    if (row->left_out)
        assert_contains(left_out ? left_out : "", row->left_out);
    else
        assert_null(left_out);
    json_decref(report);
}

/* Parts of what an earlier scan kept, without a request. */
static void test_parts(void **state)
{
    struct stage *stage = *state;
    long before;

    RUN(stage, "scan", "--offline");
    expect(stage, CODE_REACH, "nothing is kept of an earlier scan");
    RUN(stage, "scan");
    before = cloud_requests(stage->cloud, NULL);
    for (size_t i = 0; i < LENGTH(part_rows); i++)
        check_part(stage, &part_rows[i]);
    assert_int_equal(cloud_requests(stage->cloud, NULL), before);
}

struct nobody_row {
    const char *words[WORDS];
    const char *says;
};

static const struct nobody_row nobody_rows[] = {
    { { "scan", "--offline", "--resource", "kv-nowhere" },
        "no vault or HSM that was read is called kv-nowhere" },
    { { "scan", "--offline", "--subscription", "Contoso Nothing" },
        "no subscription that was read is called Contoso Nothing" },
    { { "scan", "--offline", "--management-group", "mg-nothing" },
        "below a management group called mg-nothing" },
};

static void test_nobody(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "scan");
    for (size_t i = 0; i < LENGTH(nobody_rows); i++) {
        run(stage, nobody_rows[i].words);
        expect(stage, CODE_USAGE, nobody_rows[i].says);
        assert_string_equal(buf_text(&stage->ran.out), "");
    }
}

/* The same verdicts as from the cloud. */
static void test_offline_is_the_same(void **state)
{
    struct stage *stage = *state;
    json_t *fresh;
    json_t *kept;

    fresh = scan(stage);
    RUN(stage, "scan", "--offline", "--format", "json");
    kept = report_of(stage, 0);
    assert_string_equal(text_at(kept, "estate.scan"), "stored");
    assert_true(json_equal(
        json_object_get(fresh, "totals"), json_object_get(kept, "totals")));
    json_decref(fresh);
    json_decref(kept);
}

/* Formats without a head: what they leave out is said on stderr. */
static void test_bare_formats(void **state)
{
    static const char *const formats[] = { "csv", "ndjson", "ocsf" };
    struct stage *stage = *state;

    RUN(stage, "scan");
    for (size_t i = 0; i < LENGTH(formats); i++) {
        RUN(stage, "scan", "--offline", "--format", formats[i], "--only",
            "NET-1");
        assert_int_equal(stage->ran.code, 0);
        assert_contains(buf_text(&stage->ran.err), "kvgov: left out: ");
        assert_lacks(buf_text(&stage->ran.out), "PRO-1");
        RUN(stage, "scan", "--offline", "--format", formats[i]);
        assert_string_equal(buf_text(&stage->ran.err), "");
    }
}

/* ---- deep, for some ---- */

static void test_deep_for_one(void **state)
{
    struct stage *stage = *state;
    json_t *report;
    char *log;

    RUN(stage, "scan", "--deep", "--resource", OPEN_VAULT, "--only", "OBJ-5",
        "--format", "json");
    report = report_of(stage, 0);
    assert_string_not_equal(
        text_at(finding_of(report, "OBJ-5"), "verdict"), "not read");
    json_decref(report);
    log = cloud_log(stage->cloud);
    assert_contains(log, OPEN_VAULT);
    assert_lacks(log, "/vaults/kv-pay-core-weu/keys");
    mem_free(log);
}

/* ---- what it ends with ---- */

struct end_row {
    const char *words[WORDS];
    int code;
};

/* Filters hold for the report and for how it ends alike. */
static const struct end_row end_rows[] = {
    { { "--resource", OPEN_VAULT }, 0 },
    { { "--resource", OPEN_VAULT, "--fail-on", "critical" }, CODE_DEVIATIONS },
    { { "--resource", OPEN_VAULT, "--fail-on", "low" }, CODE_DEVIATIONS },
    { { "--resource", OPEN_VAULT, "--fail-on", "critical", "--except",
          "NET-2" },
        0 },
    { { "--resource", OPEN_VAULT, "--fail-on", "high", "--only", "NET-1" }, 0 },
    { { "--resource", OPEN_VAULT, "--fail-on", "medium", "--only", "NET-1" },
        CODE_DEVIATIONS },
    { { "--resource", OPEN_VAULT, "--only", "NET-1", "--require-complete" },
        0 },
    { { "--resource", DENIED_VAULT, "--only", "NET-1" }, 0 },
    { { "--resource", DENIED_VAULT, "--only", "NET-1", "--fail-on", "info" },
        0 },
    { { "--resource", DENIED_VAULT, "--only", "NET-1", "--require-complete" },
        CODE_INCOMPLETE },
    /* A deviation is certain, whatever is not known. */
    { { "--only", "NET-1", "--require-complete", "--fail-on", "medium" },
        CODE_DEVIATIONS },
};

static void test_ends(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "scan");
    for (size_t i = 0; i < LENGTH(end_rows); i++) {
        const char *words[WORDS] = { "scan", "--offline" };

        for (size_t word = 0; end_rows[i].words[word]; word++)
            words[2 + word] = end_rows[i].words[word];
        run(stage, words);
        if (stage->ran.code != end_rows[i].code)
            fail_with("row %zu: code %d, expected %d\n%s", i, stage->ran.code,
                end_rows[i].code, buf_text(&stage->ran.err));
    }
}

/* An accepted deviation is none, until its date. */
static void test_exception_ends_well(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "scan");
    RUN(stage, "except", "NET-2", OPEN_VAULT, "--reason", "moves in spring",
        "--owner", "Contoso Payments", "--until", "2099-03-31");
    RUN(stage, "scan", "--offline", "--resource", OPEN_VAULT, "--only", "NET-2",
        "--fail-on", "info");
    assert_int_equal(stage->ran.code, 0);
    assert_contains(buf_text(&stage->ran.out), "1 deviation;");
}

/* ---- where it goes ---- */

static void test_out(void **state)
{
    struct stage *stage = *state;
    char *path = temp_path(stage->home, "report.json");
    struct stat info;
    json_t *report;

    test_write_file(path, "the one before");
    RUN(stage, "scan", "--format", "json", "--out", path);
    assert_int_equal(stage->ran.code, 0);
    assert_string_equal(buf_text(&stage->ran.out), "");
    assert_string_equal(buf_text(&stage->ran.err), "");
    report = json_load_file(path, 0, NULL);
    assert_non_null(report);
    json_decref(report);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    mem_free(path);
}

/* A link stays one. */
static void test_out_through_a_link(void **state)
{
    struct stage *stage = *state;
    char *path = temp_path(stage->home, "kept.csv");
    char *link = temp_path(stage->home, "latest.csv");
    struct stat info;

    test_write_file(path, "");
    assert_int_equal(symlink(path, link), 0);
    RUN(stage, "scan", "--format", "csv", "--out", link);
    assert_int_equal(stage->ran.code, 0);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size > 0);
    mem_free(path);
    mem_free(link);
}

/* Nothing to report: what was there stays, and nothing lies beside it. */
static void test_out_of_a_failure(void **state)
{
    struct stage *stage = *state;
    char *folder = temp_path(stage->home, "reports");
    char *path = temp_path(folder, "report.txt");
    char *text;

    assert_int_equal(mkdir(folder, 0700), 0);
    test_write_file(path, "the one before");
    RUN(stage, "scan", "--offline", "--out", path);
    expect(stage, CODE_REACH, "nothing is kept");
    text = test_read_file(path, NULL);
    assert_string_equal(text, "the one before");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else is in it */
    mem_free(text);
    mem_free(path);
    mem_free(folder);
}

/* ---- ended from outside ---- */

static pid_t start_scan(struct stage *stage, const char *path)
{
    struct buf home = { .limit = 4096 };
    const char *const argv[] = { test_setting("KVGOV"), "scan", "--format",
        "json", "--out", path, NULL };
    const char **variables;
    char **environment;
    pid_t pid;

    buf_putf(&home, "HOME=%s", stage->home);
    variables = cloud_environment(
        stage->cloud, (const char *const[]){ buf_text(&home), NULL });
    environment = environment_new(variables);
    pid = fork();
    if (pid == 0)
        process_become(argv, environment);
    environment_free(environment);
    mem_free(variables);
    buf_done(&home);
    return pid;
}

/* Some reads were answered, others never will be, when the signal comes. */
static int end_in_the_middle(
    struct stage *stage, const char *path, int number)
{
    long before = cloud_requests(stage->cloud, NULL);
    int status = 0;
    pid_t pid;

    cloud_fault(stage->cloud, "hold=8:match=diagnosticSettings");
    pid = start_scan(stage, path);
    while (cloud_requests(stage->cloud, NULL) < before + 5)
        pause_ms(5);
    assert_int_equal(kill(pid, number), 0);
    assert_true(process_wait(pid, 20000, false, &status));
    cloud_mend(stage->cloud);
    return status;
}

/* The report before it and what was kept are whole; the next scan works. */
static void check_ended(struct stage *stage, int number)
{
    char *path = temp_path(stage->home, "report.json");
    char *before;
    char *after;
    int status;

    RUN(stage, "scan", "--format", "json", "--out", path);
    assert_int_equal(stage->ran.code, 0);
    before = test_read_file(path, NULL);
    status = end_in_the_middle(stage, path, number);
    if (number == SIGKILL)
        assert_true(WIFSIGNALED(status));
    else
        assert_int_equal(WEXITSTATUS(status), 128 + number);
    after = test_read_file(path, NULL);
    assert_string_equal(before, after);
    RUN(stage, "scan", "--offline", "--only", "NET-2");
    assert_int_equal(stage->ran.code, 0);
    assert_contains(buf_text(&stage->ran.out), OPEN_VAULT);
    RUN(stage, "scan", "--format", "json", "--out", path);
    assert_int_equal(stage->ran.code, 0);
    mem_free(before);
    mem_free(after);
    mem_free(path);
}

static void test_killed(void **state)
{
    check_ended(*state, SIGKILL);
}

static void test_interrupted(void **state)
{
    check_ended(*state, SIGTERM);
}

/* ---- the schema ---- */

static void test_schema(void **state)
{
    struct stage *stage = *state;
    json_t *schema;

    RUN(stage, "schema");
    assert_int_equal(stage->ran.code, 0);
    schema = json_loads(buf_text(&stage->ran.out), 0, NULL);
    assert_string_equal(text_at(schema, "$id"), "urn:kvgov:report:1");
    json_decref(schema);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_wrong),
        TEST(test_too_often),
        TEST(test_parts),
        TEST(test_nobody),
        TEST(test_offline_is_the_same),
        TEST(test_bare_formats),
        TEST(test_deep_for_one),
        TEST(test_ends),
        TEST(test_exception_ends_well),
        TEST(test_out),
        TEST(test_out_through_a_link),
        TEST(test_out_of_a_failure),
        TEST(test_killed),
        TEST(test_interrupted),
        TEST(test_schema),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
