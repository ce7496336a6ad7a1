/* The harness itself, driven with programs that every system has. */
#include "test.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "process.h"
#include "program.h"
#include "temp.h"
#include "terminal.h"

/* ---- commands ---- */

struct program_row {
    const char *name;
    const char *script;
    const char *input;
    int code;
    const char *out;
    const char *err;
};

static const struct program_row program_rows[] = {
    { "output", "echo out; echo err >&2", NULL, 0, "out\n", "err\n" },
    { "code", "exit 3", NULL, 3, "", "" },
    { "input", "cat; exit 1", "one\ntwo\n", 1, "one\ntwo\n", "" },
    { "no input", "wc -c | tr -d ' '", NULL, 0, "0\n", "" },
    { "unread input", "exit 0", "never read\n", 0, "", "" },
    { "environment", "echo $WORD; echo ${HOME:-none}", NULL, 0, "blue\nnone\n",
        "" },
};

static void test_program(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(program_rows); i++) {
        const struct program_row *row = &program_rows[i];
        const char *const argv[] = { "sh", "-c", row->script, NULL };
        const char *const environment[] = { "WORD=blue", NULL };
        struct program ran;

        program_run(&ran, &(struct program_options){ .argv = argv,
                              .environment = environment,
                              .input = row->input });
        if (ran.code != row->code ||
            strcmp(buf_text(&ran.out), row->out) != 0 ||
            strcmp(buf_text(&ran.err), row->err) != 0)
            fail_with("%s: code %d, out '%s', err '%s'", row->name, ran.code,
                buf_text(&ran.out), buf_text(&ran.err));
        program_done(&ran);
    }
}

static void test_program_limit(void **state)
{
    const char *const argv[] = { "sleep", "60", NULL };
    struct program ran;

    (void)state;
    program_run(
        &ran, &(struct program_options){ .argv = argv, .limit_ms = 100 });
    assert_true(ran.timed_out);
    assert_int_equal(ran.signal, SIGKILL);
    program_done(&ran);
}

static void test_program_missing(void **state)
{
    const char *const argv[] = { "/nonexistent/program", NULL };
    struct program ran;

    (void)state;
    program_run(&ran, &(struct program_options){ .argv = argv });
    assert_int_equal(ran.code, 127);
    program_done(&ran);
}

static void test_temp(void **state)
{
    char *folder = temp_new();
    char *path = temp_path(folder, "file");
    char *kept = mem_copy_text(folder);

    (void)state;
    test_write_file(path, "text");
    char *text = test_read_file(path, NULL);
    assert_string_equal(text, "text");
    temp_done(folder);
    assert_int_not_equal(access(kept, F_OK), 0);
    mem_free(text);
    mem_free(kept);
    mem_free(path);
}

/* ---- the terminal ---- */

static struct terminal *shell(const char *script)
{
    const char *const argv[] = { "sh", "-c", script, NULL };

    return terminal_open(&(struct terminal_options){ .argv = argv });
}

static void test_terminal_text(void **state)
{
    struct terminal *terminal = shell("printf 'one\\n\\303\\251 two\\n'");

    (void)state;
    terminal_expect(terminal, "two");
    assert_string_equal(terminal_row(terminal, 0), "one");
    assert_string_equal(terminal_row(terminal, 1), "\xC3\xA9 two");
    assert_int_equal(terminal_find_row(terminal, "two"), 1);
    assert_int_equal(WEXITSTATUS(terminal_expect_exit(terminal)), 0);
    terminal_close(terminal);
}

static void test_terminal_wide(void **state)
{
    struct terminal *terminal =
        shell("printf '\\346\\227\\245x\\ne\\314\\201y\\n'");

    (void)state;
    terminal_expect(terminal, "y");
    assert_string_equal(terminal_row(terminal, 0), "\xE6\x97\xA5x");
    assert_string_equal(terminal_row(terminal, 1), "e\xCC\x81y");
    terminal_close(terminal);
}

static void test_terminal_keys(void **state)
{
    struct terminal *terminal =
        shell("stty raw -echo; printf ready; dd bs=1 count=9 2>/dev/null |"
              " od -An -tx1; echo");

    (void)state;
    terminal_expect(terminal, "ready");
    terminal_keys(terminal, "a<Up><C-l><Enter><Space><lt>b");
    terminal_expect(terminal, "61 1b 5b 41 0c 0d 20 3c 62");
    terminal_close(terminal);
}

static void test_terminal_attributes(void **state)
{
    struct terminal *terminal =
        shell("printf '\\033[1;31mA\\033[0;7mB\\033[0;4;36mC\\033[0mD'");

    (void)state;
    terminal_expect(terminal, "ABCD");
    assert_true(terminal_cell(terminal, 0, 0).bold);
    assert_int_equal(terminal_cell(terminal, 0, 0).foreground, 1);
    assert_true(terminal_cell(terminal, 0, 1).reverse);
    assert_true(terminal_cell(terminal, 0, 2).underline);
    assert_int_equal(terminal_cell(terminal, 0, 2).foreground, 6);
    assert_int_equal(terminal_cell(terminal, 0, 3).foreground, -1);
    terminal_close(terminal);
}

static void test_terminal_modes(void **state)
{
    struct terminal *terminal =
        shell("stty -icanon -echo; printf '\\033[?1049h\\033[?25l"
              "\\033[?2004hon'; read x; stty icanon echo;"
              " printf '\\033[?2004l\\033[?25h\\033[?1049loff'; read x");
    struct terminal_modes modes;

    (void)state;
    terminal_expect(terminal, "on");
    modes = terminal_modes(terminal);
    assert_true(modes.alternate && modes.paste_marked);
    assert_false(modes.cursor_visible || modes.canonical || modes.echo);
    terminal_keys(terminal, "<Enter>");
    terminal_expect(terminal, "off");
    modes = terminal_modes(terminal);
    assert_false(modes.alternate || modes.paste_marked);
    assert_true(modes.cursor_visible && modes.canonical && modes.echo);
    terminal_close(terminal);
}

static void test_terminal_cursor(void **state)
{
    struct terminal *terminal = shell("printf 'x\\033[5;10H'; read x");
    int row;
    int column;

    (void)state;
    terminal_expect(terminal, "x");
    terminal_settle(terminal, 50);
    terminal_cursor(terminal, &row, &column);
    assert_int_equal(row, 4);
    assert_int_equal(column, 9);
    terminal_close(terminal);
}

static void test_terminal_resize(void **state)
{
    struct terminal *terminal = shell(
        "trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done");

    (void)state;
    terminal_expect(terminal, "24 80");
    terminal_resize(terminal, 40, 120);
    terminal_expect(terminal, "40 120");
    terminal_close(terminal);
}

static void test_terminal_stop(void **state)
{
    struct terminal *terminal =
        shell("printf a; kill -STOP $$; printf b; exit 5");

    (void)state;
    terminal_expect_stop(terminal);
    assert_true(terminal_shows(terminal, "a"));
    terminal_signal(terminal, SIGCONT);
    terminal_expect(terminal, "ab");
    assert_int_equal(WEXITSTATUS(terminal_expect_exit(terminal)), 5);
    terminal_close(terminal);
}

static void test_terminal_hang_up(void **state)
{
    struct terminal *terminal = shell("printf a; sleep 60");

    (void)state;
    terminal_expect(terminal, "a");
    terminal_hang_up(terminal);
    assert_int_equal(WTERMSIG(terminal_expect_exit(terminal)), SIGHUP);
    terminal_close(terminal);
}

struct foreign_row {
    const char *script;
    const char *expected;
};

static const struct foreign_row foreign_rows[] = {
    { "printf '\\033[1mplain\\033[0m end'", NULL },
    { "printf '\\033]0;title\\007 end'", "OSC" },
    { "printf '\\302\\233 end'", "C1 CSI" },
    { "printf '\\342\\200\\256abc end'", "right-to-left override" },
};

static void test_terminal_foreign(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(foreign_rows); i++) {
        const struct foreign_row *row = &foreign_rows[i];
        struct terminal *terminal = shell(row->script);

        terminal_expect(terminal, "end");
        const char *found = terminal_foreign(terminal);
        if (found != row->expected)
            assert_string_equal(found, row->expected);
        terminal_close(terminal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_program),
        cmocka_unit_test(test_program_limit),
        cmocka_unit_test(test_program_missing),
        cmocka_unit_test(test_temp),
        cmocka_unit_test(test_terminal_text),
        cmocka_unit_test(test_terminal_wide),
        cmocka_unit_test(test_terminal_keys),
        cmocka_unit_test(test_terminal_attributes),
        cmocka_unit_test(test_terminal_modes),
        cmocka_unit_test(test_terminal_cursor),
        cmocka_unit_test(test_terminal_resize),
        cmocka_unit_test(test_terminal_stop),
        cmocka_unit_test(test_terminal_hang_up),
        cmocka_unit_test(test_terminal_foreign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
