/* The same screens in every terminal that Debian's base terminfo knows, the
 * cursor where the eyes are, and a terminal that is whole after a crash. */
#include "test.h"

#include "walk.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static const char *const names[] = { "vt220", "linux", "xterm",
    "screen-256color", "tmux-256color", "rxvt" };

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

static void look(struct console *console, size_t stop, void *context)
{
    expect_cursor(console, walk_stops[stop].keys);
    walk_take_text(console, stop, context);
}

static void test_screens(void **state)
{
    struct walk_texts texts = { .name = "xterm-256color" };
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    walk(&console, look, &texts);
    for (size_t i = 0; i < LENGTH(names); i++) {
        console.options.term = texts.name = names[i];
        console_reopen(&console);
        walk(&console, look, &texts);
    }
    walk_texts_done(&texts);
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
        cmocka_unit_test(test_screens),
        cmocka_unit_test(test_crashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
