/* How the program ends, stops and comes back: after each the terminal is as
 * it was before, and no process is left. */
#include "test.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>

#include "base.h"
#include "kvgov_console.h"
#include "process.h"

static void expect_restored(struct terminal *terminal, const char *after)
{
    struct terminal_modes modes = terminal_modes(terminal);

    if (modes.alternate || !modes.cursor_visible || modes.mouse ||
        modes.paste_marked || !modes.canonical || !modes.echo)
        fail_with("after %s: alternate %d, cursor %d, mouse %d, paste marks "
                  "%d, canonical %d, echo %d",
            after, modes.alternate, modes.cursor_visible, modes.mouse,
            modes.paste_marked, modes.canonical, modes.echo);
}

struct end_row {
    const char *name;
    int signal;       /* 0: the keys end it */
    const char *keys; /* NULL: none */
    int code;         /* of exit; -1: any way will do */
};

static const struct end_row end_rows[] = {
    { "q", 0, "q", 0 },
    { "SIGTERM", SIGTERM, NULL, -1 },
    { "SIGHUP", SIGHUP, NULL, -1 },
    { "SIGINT", SIGINT, NULL, -1 },
    { "SIGSEGV", SIGSEGV, NULL, -1 },
    { "SIGABRT", SIGABRT, NULL, -1 },
};

/* The line discipline is set by the terminal's last owner; the emulator keeps
 * the master side, so both can be asked after the end. */
static void check_end(const struct end_row *row)
{
    struct console console;

    console_open_ready(&console, &(struct console_options){ 0 });
    if (!terminal_modes(console.terminal).alternate)
        fail_with("%s: the alternate screen was never on", row->name);
    if (row->keys)
        terminal_keys(console.terminal, row->keys);
    if (row->signal)
        terminal_signal(console.terminal, row->signal);
    int status = terminal_expect_exit(console.terminal);
    if (row->code >= 0 &&
        (!WIFEXITED(status) || WEXITSTATUS(status) != row->code))
        fail_with("%s: status 0x%x", row->name, (unsigned)status);
    expect_restored(console.terminal, row->name);
    console_done(&console);
}

static void test_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(end_rows); i++)
        check_end(&end_rows[i]);
}

static void check_suspend(bool by_key)
{
    struct console console;

    console_open_ready(&console, &(struct console_options){ 0 });
    console_go(&console, "2", "Posture > Vaults");
    if (by_key)
        terminal_keys(console.terminal, "<C-z>");
    else
        terminal_signal(console.terminal, SIGTSTP);
    terminal_expect_stop(console.terminal);
    expect_restored(console.terminal, "a stop");
    terminal_signal(console.terminal, SIGCONT);
    terminal_expect(console.terminal, "Posture > Vaults");
    terminal_press_until(console.terminal, "<Down>", "row 2 of 47");
    assert_true(terminal_modes(console.terminal).alternate);
    console_done(&console);
}

static void test_suspend(void **state)
{
    (void)state;
    check_suspend(true);
    check_suspend(false);
}

/* Resized while it was stopped: the first frame has the new size. */
static void test_resized_while_stopped(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_go(&console, "2", "Posture > Vaults");
    terminal_keys(console.terminal, "<C-z>");
    terminal_expect_stop(console.terminal);
    terminal_resize(console.terminal, 40, 120);
    terminal_signal(console.terminal, SIGCONT);
    terminal_expect(console.terminal, "SUBSCRIPTION");
    console_done(&console);
}

/* The line is dropped: gone within seconds, also where SIGHUP is ignored. */
static void check_hang_up(bool ignored)
{
    struct console console;

    if (ignored)
        (void)signal(SIGHUP, SIG_IGN);
    console_open_ready(&console, &(struct console_options){ 0 });
    (void)signal(SIGHUP, SIG_DFL);
    int64_t start_ms = clock_steady_ms();
    terminal_hang_up(console.terminal);
    (void)terminal_expect_exit(console.terminal);
    assert_in_range(clock_steady_ms() - start_ms, 0, 10000);
    console_done(&console);
}

static void test_hang_up(void **state)
{
    (void)state;
    check_hang_up(false);
    check_hang_up(true);
}

/* Ctrl-C stops what runs here, and ends the program only when pressed again. */
static void test_control_c(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    terminal_keys(console.terminal, "<C-c>");
    terminal_watch(console.terminal, 300);
    assert_true(terminal_modes(console.terminal).alternate);
    terminal_keys(console.terminal, "<C-c>");
    (void)terminal_expect_exit(console.terminal);
    expect_restored(console.terminal, "Ctrl-C twice");
    console_done(&console);
}

/* Keys are answered while the cloud is slow. */
static void test_keys_while_waiting(void **state)
{
    const char *const cloud[] = { "--latency", "1500", NULL };
    struct console console;

    (void)state;
    console_open(&console, &(struct console_options){ .cloud = cloud });
    terminal_expect(console.terminal, "READ-ONLY");
    int64_t start_ms = clock_steady_ms();
    console_go(&console, "?", "Help");
    assert_in_range(clock_steady_ms() - start_ms, 0, 1000);
    console_done(&console);
}

/* The demo's cloud does not outlive a killed console. */
static void test_demo_dies(void **state)
{
    const char *const arguments[] = { "--demo", NULL };
    struct console console;

    (void)state;
    console_open_ready(
        &console, &(struct console_options){ .arguments = arguments });
    terminal_signal(console.terminal, SIGKILL);
    (void)terminal_expect_exit(console.terminal);
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_suspend),
        cmocka_unit_test(test_resized_while_stopped),
        cmocka_unit_test(test_hang_up),
        cmocka_unit_test(test_control_c),
        cmocka_unit_test(test_keys_while_waiting),
        cmocka_unit_test(test_demo_dies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
