/* The mouse, on request: it chooses and scrolls, it answers nothing, and the
 * terminal has it back whatever ends the program. */
#include "test.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base.h"
#include "kvgov_console.h"

#define FINDING "Any address on the internet gets in"
#define VAULT "kv-pay-prod-weu"

static void expect_mouse(
    struct console *console, const char *when, bool expected)
{
    if (terminal_modes(console->terminal).mouse != expected)
        fail_with("%s: the mouse is %s", when, expected ? "off" : "on");
}

static void switch_mouse(struct console *console)
{
    console_go(console, ":mouse<Enter>", "the mouse");
}

static long writes(const struct console *console)
{
    return cloud_requests(console->cloud, "PATCH") +
           cloud_requests(console->cloud, "PUT");
}

/* Where the text is, once the frame is whole. */
static void click_on(struct console *console, const char *text)
{
    const char *at;
    int row;

    terminal_expect(console->terminal, text);
    terminal_settle(console->terminal, 60);
    row = terminal_find_row(console->terminal, text);
    at = terminal_row(console->terminal, row);
    terminal_click(console->terminal, row, (int)(strstr(at, text) - at));
}

static void check_list(struct console *console)
{
    console_go(console, "2", "row 1 of 47");
    terminal_click(console->terminal, 7, 10);
    terminal_expect(console->terminal, "row 5 of 47");
    terminal_click(console->terminal, 3, 0);
    terminal_expect(console->terminal, "row 1 of 47");
    terminal_wheel(console->terminal, 5, false);
    terminal_expect(console->terminal, "row 4 of 47");
    terminal_wheel(console->terminal, 5, true);
    terminal_expect(console->terminal, "row 1 of 47");
    /* The heads, the row that says where one is, and the keys. */
    terminal_click(console->terminal, 2, 5);
    click_on(console, "row 1 of 47");
    click_on(console, "Space mark");
    terminal_keys(console->terminal, "<Down>");
    terminal_expect(console->terminal, "row 2 of 47");
}

static void check_tabs(struct console *console)
{
    console_visit(console, VAULT);
    click_on(console, "Network");
    terminal_expect(console->terminal, "[Network]");
    click_on(console, "Findings");
    terminal_expect(console->terminal, "[Findings");
    click_on(console, "History");
    terminal_expect(console->terminal, "[History");
    click_on(console, "Findings");
    terminal_expect(console->terminal, "[Findings");
    console_go(console, "?", "THIS SCREEN");
    terminal_wheel(console->terminal, 5, false);
    terminal_expect(console->terminal, "rows 4 to");
    console_go(console, "<Esc>", "[Findings");
}

static void click_everywhere(struct console *console)
{
    for (int row = 0; row < 24; row++)
        for (int column = 0; column < 80; column += 4)
            terminal_click(console->terminal, row, column);
    terminal_wheel(console->terminal, 12, false);
}

/* The question is deaf at first: what it did not hear is typed again. */
static void type(struct console *console, const char *keys, const char *shows)
{
    for (int tries = 0; tries < 10; tries++) {
        terminal_keys(console->terminal, keys);
        if (terminal_wait_text(console->terminal, shows, 1000))
            return;
    }
    fail_with("no %s on\n%s", shows, terminal_text(console->terminal));
}

static void check_question(struct console *console)
{
    console_plan(console, FINDING);
    click_everywhere(console);
    type(console, "<C-u>abc", "> abc");
    click_everywhere(console);
    type(console, "<C-u>abcd", "> abcd");
    assert_true(terminal_shows(console->terminal, "[4 CONFIRM]"));
    assert_int_equal(writes(console), 0);
    console_go(console, "<Esc>", "[Findings");
}

static void test_use(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    expect_mouse(&console, "at first", false);
    switch_mouse(&console);
    expect_mouse(&console, "asked for", true);
    check_list(&console);
    check_tabs(&console);
    check_question(&console);
    switch_mouse(&console);
    terminal_expect(console.terminal, "terminal's again");
    expect_mouse(&console, "given back", false);
    console_done(&console);
}

static void expect_exit(struct console *console, const char *when)
{
    (void)terminal_expect_exit(console->terminal);
    expect_mouse(console, when, false);
}

static void test_ends(void **state)
{
    static const char *const arguments[] = { "--mouse", NULL };
    struct console console;

    (void)state;
    console_open_ready(
        &console, &(struct console_options){ .arguments = arguments });
    expect_mouse(&console, "--mouse", true);
    terminal_keys(console.terminal, "<C-z>");
    terminal_expect_stop(console.terminal);
    expect_mouse(&console, "suspended", false);
    terminal_signal(console.terminal, SIGCONT);
    terminal_expect(console.terminal, CONSOLE_KNOWN);
    terminal_settle(console.terminal, 300);
    expect_mouse(&console, "continued", true);
    terminal_keys(console.terminal, "q");
    expect_exit(&console, "left");
    console_reopen(&console);
    terminal_expect(console.terminal, CONSOLE_KNOWN);
    expect_mouse(&console, "again", true);
    terminal_signal(console.terminal, SIGSEGV);
    expect_exit(&console, "crashed");
    console_done(&console);
}

/* Terminals without one say so. */
static void test_none(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ .term = "vt100" });
    console_go(&console, ":mouse<Enter>", "this terminal tells of no mouse");
    expect_mouse(&console, "vt100", false);
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_use),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
