/* kvgov completion and kvgov manual: every command and option of the tables is
 * in them, and bash offers what fits. */
#include "stage.h"

#include <unistd.h>

#include "option_rows.h"

#define BASH "/bin/bash"

/* ---- nothing is left out ---- */

struct made_text {
    const char *words[3];
    const char *before; /* an option's name */
};

static const struct made_text texts[] = {
    { { "--help" }, "--" },
    { { "completion", "bash" }, "--" },
    { { "completion", "zsh" }, "--" },
    { { "completion", "fish" }, "-l " },
    { { "manual" }, "\\-\\-" },
};

/* A hyphen is written as "\-" in a manual page. */
static void put_name(struct buf *out, const char *name, bool manual)
{
    for (; *name; name++)
        buf_putf(out, "%s%c", manual && *name == '-' ? "\\" : "", *name);
}

static void check_text(struct stage *stage, const struct made_text *text)
{
    const char *words[WORDS] = { text->words[0], text->words[1] };
    bool manual = strcmp(text->words[0], "manual") == 0;

    run(stage, words);
    expect(stage, 0, "");
    for (size_t i = 0; i < option_count; i++) {
        struct buf name = { .limit = 256 };

        buf_puts(&name, text->before);
        put_name(&name, option_rows[i].name, manual);
        assert_contains(buf_text(&stage->ran.out), buf_text(&name));
        buf_done(&name);
    }
    for (size_t i = 1; i < command_count; i++) {
        struct buf name = { .limit = 256 };

        put_name(&name, command_rows[i].words[0], manual);
        assert_contains(buf_text(&stage->ran.out), buf_text(&name));
        buf_done(&name);
    }
}

static void test_all_there(void **state)
{
    for (size_t i = 0; i < LENGTH(texts); i++)
        check_text(*state, &texts[i]);
}

/* A command may only name options that there are. */
static void test_takes(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        struct view rest = view_of(command_rows[i].takes);

        while (rest.size > 0) {
            struct view word = view_cut(&rest, ' ');
            bool found = false;

            for (size_t j = 0; j < option_count; j++)
                found = found || view_equal(word, view_of(option_rows[j].name));
            if (!found)
                fail_with("no option --%.*s", (int)word.size, word.data);
        }
    }
}

/* The page of kvgov-cloud is written by hand, and no option is forgotten. */
static void test_cloud_page(void **state)
{
    const char *const argv[] = { test_setting("KVGOV_CLOUD"), "--help", NULL };
    char *path = temp_path(test_source(), "man/kvgov-cloud.1");
    char *page = test_read_file(path, NULL);
    struct program ran;
    size_t options = 0;

    (void)state;
    program_run(&ran, &(struct program_options){ .argv = argv });
    for (const char *at = buf_text(&ran.out); (at = strstr(at, "  --"));
         options++) {
        struct buf name = { .limit = 256 };

        at += strlen("  --");
        buf_puts(&name, "\\-\\-");
        for (; *at == '-' || (*at >= 'a' && *at <= 'z'); at++)
            buf_putf(&name, "%s%c", *at == '-' ? "\\" : "", *at);
        assert_contains(page, buf_text(&name));
        buf_done(&name);
    }
    assert_true(options > 10);
    program_done(&ran);
    mem_free(page);
    mem_free(path);
}

/* ---- in bash ---- */

struct offer {
    const char *words[8]; /* the last one is being typed */
    const char *offered;  /* a line of the answer; "": none */
    const char *lacks;    /* NULL: nothing */
};

static const struct offer offers[] = {
    { { "" }, "scan", "--help" },
    { { "who" }, "who-can", "scan" },
    { { "--c" }, "--cloud", "--note" },
    { { "scan", "--no" }, "--no-color", "--note" },
    { { "attest", "--no" }, "--note", NULL },
    { { "--cloud", "" }, "usgov", "scan" },
    { { "--cloud", "=", "us" }, "usgov", "public" },
    { { "--tenant", "" }, "", "scan" },
    { { "scan", "--format", "" }, "json", "scan" },
    { { "--tenant", "x", "list", "" }, "objects", "scan" },
    { { "list", "--offline", "ob" }, "objects", "vaults" },
    { { "list", "vaults", "kv-pay-c" }, "kv-pay-core-weu", VAULT },
    { { "show", "hsm-p" }, "hsm-pay-prod-weu", "kv1" },
    { { "who-can", "get-s" }, "get-secret", "get-key" },
    { { "who-can", "get-secret", "kv1" }, "kv1", "get-secret" },
    { { "journal", "" }, "verify", NULL },
    { { "except", "PRO-" }, "PRO-2", "NET-2" },
    { { "completion", "" }, "fish", NULL },
    { { "manual", "" }, "kvgov-config", NULL },
};

/* Whether a whole line is this. */
static bool has_line(const struct program *ran, const char *line)
{
    struct view rest = buf_view(&ran->out);

    while (rest.size > 0)
        if (view_equal(view_cut(&rest, '\n'), view_of(line)))
            return true;
    return false;
}

static void offer(struct stage *stage, const char *script,
    const struct offer *row, struct program *ran)
{
    char *driver = temp_path(test_source(), "tests/cli/complete.sh");
    const char *argv[16] = { BASH, driver, script, test_setting("KVGOV") };
    struct buf home = { .limit = 4096 };
    const char **environment;

    buf_putf(&home, "HOME=%s", stage->home);
    environment = cloud_environment(
        stage->cloud, (const char *const[]){ buf_text(&home), NULL });
    for (size_t i = 0; i < LENGTH(row->words) && row->words[i]; i++)
        argv[i + 4] = row->words[i];
    program_run(ran,
        &(struct program_options){ .argv = argv, .environment = environment });
    mem_free(environment);
    mem_free(driver);
    buf_done(&home);
}

static void check_offer(
    struct stage *stage, const char *script, const struct offer *row)
{
    struct program ran;

    offer(stage, script, row, &ran);
    if (ran.code != 0 || ran.err.size > 0)
        fail_with(
            "%s: code %d: %s", row->offered, ran.code, buf_text(&ran.err));
    if (!has_line(&ran, row->offered))
        fail_with("%s is not offered:\n%s", row->offered, buf_text(&ran.out));
    if (row->lacks && has_line(&ran, row->lacks))
        fail_with("%s is offered with %s", row->lacks, row->offered);
    program_done(&ran);
}

static void test_bash(void **state)
{
    struct stage *stage = *state;
    char *script = temp_path(stage->home, "kvgov.bash");

    RUN(stage, "completion", "bash");
    expect(stage, 0, "_kvgov");
    test_write_file(script, buf_text(&stage->ran.out));
    RUN(stage, "scan"); /* names come from what it kept */
    for (size_t i = 0; i < LENGTH(offers) && access(BASH, X_OK) == 0; i++)
        check_offer(stage, script, &offers[i]);
    mem_free(script);
}

/* ---- what is wrong ---- */

static void test_refusals(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "completion");
    expect(stage, 2, "say kvgov completion bash, zsh or fish\n");
    RUN(stage, "completion", "csh");
    expect(stage, 2, "zsh or fish, not csh");
    RUN(stage, "manual", "ls");
    expect(stage, 2, "or kvgov manual kvgov-config, not ls");
    RUN(stage, "manual", "kvgov-config");
    expect(stage, 0, "retention_days");
    assert_contains(buf_text(&stage->ran.out), "Standard: 90");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_there, set_up, tear_down),
        cmocka_unit_test(test_takes),
        cmocka_unit_test(test_cloud_page),
        cmocka_unit_test_setup_teardown(test_bash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("completion", tests, NULL, NULL);
}
