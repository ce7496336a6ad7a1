/* The same screens in every terminal that Debian's base terminfo knows, the
 * cursor where the eyes are, and a terminal that is whole after a crash. */
#include "test.h"

#include "base.h"
#include "kvgov_console.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define SCREENS 5
/* What is the same however long the notice below is. */
#define ROWS 14

struct stop {
    const char *keys;
    const char *says; /* then the screen is there */
};

/* A way through screens that stay the same once all is read. */
static const struct stop stops[SCREENS] = {
    { "2=", "row 1 of 47" },
    { "/name:pay<Enter>", "/ name:pay" },
    { "m", "> Matrix" },
    { "<C-p>", "What can be done here" },
    { "<Esc>?", "THIS SCREEN" },
};

static const char *const names[] = { "vt100", "vt220", "linux", "xterm",
    "screen-256color", "tmux-256color", "rxvt" };

/* Ages change from one start to the next: digits are all one. */
static char *screen_of(struct terminal *terminal)
{
    char *text;

    terminal_settle(terminal, 200);
    text = mem_copy_text(terminal_text(terminal));
    for (char *at = text; *at; at++)
        if (strchr("0123456789<smh", *at))
            *at = '#';
    return text;
}

/* The first row tells ages. */
static void compare(
    const char *name, const char *keys, const char *expected, const char *text)
{
    struct view left = view_of(expected);
    struct view right = view_of(text);

    for (int row = 0; row < ROWS; row++) {
        struct view a = view_cut(&left, '\n');
        struct view b = view_cut(&right, '\n');

        if (row > 0 && !view_equal(a, b))
            fail_with("TERM=%s after %s, row %d: %.*s\nexpected: %.*s", name,
                keys, row, (int)b.size, b.data, (int)a.size, a.data);
    }
}

/* On the row with the '>', or in the field that takes the keys. */
static void expect_cursor(struct console *console, const char *when)
{
    int row;
    int column;

    terminal_cursor(console->terminal, &row, &column);
    if (!terminal_modes(console->terminal).cursor_visible)
        fail_with("%s: the cursor is hidden", when);
    if (column == 0 && *terminal_row(console->terminal, row) != '>' &&
        terminal_find_row(console->terminal, "\n>") >= 0)
        fail_with("%s: the cursor is on row %d:\n%s", when, row,
            terminal_text(console->terminal));
}

static void walk(
    struct console *console, const char *name, char *screens[SCREENS])
{
    terminal_expect(console->terminal, CONSOLE_KNOWN);
    terminal_expect_gone(console->terminal, "reading ");
    for (size_t i = 0; i < SCREENS; i++) {
        char *text;

        console_go(console, stops[i].keys, stops[i].says);
        text = screen_of(console->terminal);
        expect_cursor(console, stops[i].keys);
        if (screens[i])
            compare(name, stops[i].keys, screens[i], text);
        else
            screens[i] = mem_copy_text(text);
        mem_free(text);
    }
}

static void test_golden(void **state)
{
    char *screens[SCREENS] = { 0 };
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    walk(&console, "xterm-256color", screens);
    for (size_t i = 0; i < LENGTH(names); i++) {
        console.options.term = names[i];
        console_reopen(&console);
        walk(&console, names[i], screens);
    }
    for (size_t i = 0; i < SCREENS; i++)
        mem_free(screens[i]);
    console_done(&console);
}

/* Whenever it dies, the shell gets its terminal back. */
static void test_crashes(void **state)
{
    static const int moments_ms[] = { 5, 60, 150, 400, 900, 1500 };
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    for (size_t i = 0; i < LENGTH(moments_ms); i++) {
        struct terminal_modes modes;
        int status;

        console_reopen(&console);
        terminal_press_until(console.terminal, "", "kvgov");
        terminal_keys(console.terminal, "2/pay");
        terminal_watch(console.terminal, moments_ms[i]);
        terminal_signal(console.terminal, SIGSEGV);
        status = terminal_expect_exit(console.terminal);
        modes = terminal_modes(console.terminal);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV)
            fail_with(
                "after %d ms: ended with %x", moments_ms[i], (unsigned)status);
        if (modes.alternate || !modes.cursor_visible || !modes.canonical ||
            !modes.echo || modes.paste_marked || modes.mouse)
            fail_with(
                "after %d ms: the terminal is not as it was", moments_ms[i]);
    }
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_crashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
