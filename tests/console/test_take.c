/* What a person takes along from the real program: copies that the terminal
 * gets, exports in files, links; and the ways to a fix and back to a run. */
#include "test.h"

#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base.h"
#include "kvgov_console.h"

#define VAULT "kv-pay-prod-weu"
/* OSC 52 with the vault's name. */
#define COPY_OF_NAME "\033]52;c;a3YtcGF5LXByb2Qtd2V1\a"

static void open_vault_row(struct console *console)
{
    console_open_ready(console, &(struct console_options){ 0 });
    console_go(console, "2/" VAULT "<Enter>", "1 of 47");
}

static bool wrote(const struct console *console, const char *bytes)
{
    return terminal_wrote(console->terminal, bytes, strlen(bytes));
}

/* Said to the terminal, and said honestly. */
static void test_copy(void **state)
{
    struct console console;

    (void)state;
    open_vault_row(&console);
    console_go(&console, "y", "resource id");
    assert_false(wrote(&console, "\033]52"));
    console_go(&console, "n", "not verifiable");
    assert_true(wrote(&console, COPY_OF_NAME));
    console_go(&console, "yw", "az resource show --ids");
    terminal_expect(console.terminal, "\"name\":\"" VAULT "\"");
    console_go(&console, "<Esc>", "1 of 47");
    console_done(&console);
}

/* A menu takes one key; no other meaning of that key shines through. */
static void test_menu_keys(void **state)
{
    struct console console;

    (void)state;
    open_vault_row(&console);
    console_go(&console, "y", "resource id");
    console_go(&console, "<Esc>", "Enter open");
    terminal_expect_gone(console.terminal, "resource id");
    console_go(&console, "e", "Markdown");
    terminal_keys(console.terminal, "x");
    terminal_expect_gone(console.terminal, "Markdown");
    assert_false(terminal_shows(console.terminal, "> Fix"));
    console_done(&console);
}

static char *only_file(const struct console *console, const char *pattern)
{
    struct buf path = { .limit = 4096 };
    glob_t found = { 0 };
    char *file;

    buf_putf(&path, "%s/%s", console->home, pattern);
    assert_int_equal(glob(buf_text(&path), 0, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, 1);
    file = mem_copy_text(found.gl_pathv[0]);
    globfree(&found);
    buf_done(&path);
    return file;
}

static void test_export(void **state)
{
    struct console console;
    struct stat status;
    size_t size;

    (void)state;
    open_vault_row(&console);
    console_go(&console, "ec", "1 row written to");
    char *path = only_file(&console, ".local/state/kvgov/exports/vaults-*.csv");
    char *text = test_read_file(path, &size);
    assert_contains(text, "\"SEV\",\"NAME\"");
    assert_contains(text, "\"" VAULT "\"");
    assert_lacks(text, "kv-old-hr-weu"); /* the filter hides it */
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    mem_free(text);
    mem_free(path);
    console_done(&console);
}

static void test_link(void **state)
{
    struct console console;

    (void)state;
    open_vault_row(&console);
    console_go(&console, "o", "Vaults > Portal");
    terminal_expect(console.terminal, "/#@");
    terminal_expect(console.terminal, "/resource/subscript");
    console_done(&console);
}

/* x on a row of the posture: the wizard for all that fail it. */
static void test_fix_of_a_row(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_go(&console, "/NET-2<Enter>", "row 1 of 1");
    console_go(&console, "x", "Fix: Turn the firewall on");
    terminal_expect(console.terminal, "9 ready, 1 blocked");
    console_go(&console, "<Esc>", "row 1 of 1");
    console_go(&console, "/<BS><BS><BS><BS><BS>PRO-2<Enter>", "kept too short");
    console_go(&console, "x", "by hand");
    console_done(&console);
}

/* A run that was left is in the jobs, and opens where it is. */
static void test_run_again(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    console_plan(&console, "Any address on the internet gets in");
    console_confirm(&console, VAULT);
    terminal_expect(console.terminal, "[5 APPLY]");
    console_go(&console, "5", "Posture > Jobs");
    terminal_expect(console.terminal, "p-0001");
    console_go(&console, "<Down><Enter>", "[5 APPLY]");
    terminal_expect(console.terminal, VAULT);
    terminal_expect(console.terminal, "Ended.");
    console_go(&console, "<Esc>", "Posture > Jobs");
    console_go(&console, ":jobs<Enter>", "row 1 of 2");
    console_done(&console);
}

/* Whoever quits while a run is under way is asked once; the request that was
 * sent is waited for, so that nothing is in doubt at the next start. */
static void test_quit_while_running(void **state)
{
    static const char *const slow[] = { "--latency", "300", NULL };
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ .cloud = slow });
    console_visit(&console, VAULT);
    console_plan(&console, "Any address on the internet gets in");
    console_confirm(&console, VAULT);
    terminal_expect(console.terminal, "1 writing");
    console_go(&console, "1", "1Posture");
    console_go(&console, "q", "a run is under way");
    terminal_keys(console.terminal, "q");
    assert_int_equal(WEXITSTATUS(terminal_expect_exit(console.terminal)), 0);
    console_reopen(&console);
    terminal_expect(console.terminal, "/47 known");
    console_go(&console, "6", "Turn the firewall on");
    terminal_expect(console.terminal, "DONE");
    console_done(&console);
}

/* ---- the least window ---- */

struct least_row {
    const char *keys;
    const char *says;
};

/* At 60x15 nothing that is needed is cut off. */
static const struct least_row least_rows[] = {
    { "", CONSOLE_KNOWN "\n" },
    { "", "Any address on the internet gets in " },
    { "/NET-2<Enter>x", "not applied\n" },
    { "", "row 1 of 10" },
    { "<Enter>10.1.2.3<Enter>", "private" },
    { "<BS><BS><BS><BS><BS><BS><BS><BS><Enter>", "option 2 of 3" },
    { "<Enter>", "option 3 of 3" },
    { "<Enter>", "[3 PREVIEW]" },
    { "<Enter>", "switches write mode on" },
    { "CHG<Enter>", "restrict 9" },
    { "", "> " },
};

static void test_least_window(void **state)
{
    struct console console;

    (void)state;
    console_open(
        &console, &(struct console_options){ .rows = 15, .columns = 60 });
    terminal_expect(console.terminal, CONSOLE_KNOWN);
    for (size_t i = 0; i < LENGTH(least_rows); i++) {
        terminal_settle(console.terminal, 500);
        console_go(&console, least_rows[i].keys, least_rows[i].says);
    }
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_menu_keys),
        cmocka_unit_test(test_export),
        cmocka_unit_test(test_link),
        cmocka_unit_test(test_fix_of_a_row),
        cmocka_unit_test(test_run_again),
        cmocka_unit_test(test_quit_while_running),
        cmocka_unit_test(test_least_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
