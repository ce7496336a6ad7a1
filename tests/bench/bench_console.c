/* The console on 100,000 vaults, in a terminal: while a scan streams in, with
 * all of it there, and at the next start. What the machine does besides is
 * nobody's figure: times are of the program's own CPU where they can be. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "bench.h"
#include "kvgov_console.h"
#include "wire.h"

#define VAULTS "100,000"
#define SCAN_LIMIT_MS (20 * 60 * 1000)
#define QUIET_MS 60
#define KEY_PAUSE_MS 100
#define MOVES_MOST 20000
#define IDLE_MS 10000

static const char *const cloud[] = { "--generate",
    "vaults=100000,subscriptions=500,seed=1", NULL };

static void print(const struct console *console, const char *what,
    double figure, const char *unit, double bar)
{
    char name[64];

    snprintf(name, sizeof name, "%s, %dx%d", what, console->options.columns,
        console->options.rows);
    bench_print(name, figure, unit, bar);
}

/* ---- while answers come in ---- */

struct moves {
    double wall_ms[MOVES_MOST];
    double cpu_ms[MOVES_MOST];
    size_t count;
};

/* Down and up again, for as long as the scan runs. */
static void move_through_scan(struct terminal *terminal, struct moves *moves)
{
    int64_t end_ms = clock_steady_ms() + SCAN_LIMIT_MS;

    while (terminal_shows(terminal, "reading ") && moves->count < MOVES_MOST &&
           clock_steady_ms() < end_ms) {
        struct wire_key key =
            wire_move(terminal, moves->count % 2 ? "<Up>" : "<Down>");

        moves->wall_ms[moves->count] = key.first_ms;
        moves->cpu_ms[moves->count++] = key.cpu_ms;
        terminal_watch(terminal, KEY_PAUSE_MS);
    }
}

static void while_a_scan_streams_in(struct console *console)
{
    static struct moves moves;

    console_go(console, "2", "row 1 of");
    move_through_scan(console->terminal, &moves);
    bench_print("key to frame while a scan streams in, CPU, p99",
        wire_slowest(moves.cpu_ms, moves.count, 100), "ms", 16);
    bench_print("  the slowest of all",
        wire_slowest(moves.cpu_ms, moves.count, 0), "ms", 50);
    bench_print("  by the clock of this machine, p99",
        wire_slowest(moves.wall_ms, moves.count, 100), "ms", 16);
}

/* ---- with all of it there ---- */

/* Until the program has nothing to do any more. */
static void rest(struct terminal *terminal)
{
    int64_t end_ms = clock_steady_ms() + SCAN_LIMIT_MS;
    double before;

    do {
        before = wire_usage(terminal).cpu_ms;
        terminal_watch(terminal, 2000);
    } while (
        wire_usage(terminal).cpu_ms - before > 5 && clock_steady_ms() < end_ms);
}

static double slowest_key(struct terminal *terminal, const char *const *keys)
{
    double slowest = 0;

    for (size_t i = 0; keys[i]; i++) {
        double cpu_ms = wire_press(terminal, keys[i], QUIET_MS).cpu_ms;

        if (cpu_ms > slowest)
            slowest = cpu_ms;
    }
    return slowest;
}

static void filter_and_sort(struct terminal *terminal)
{
    static const char *const typed[] = { "p", "a", "y", "<BS>", "<BS>", "<BS>",
        "0", "4", "5", "0", "<BS>", "<BS>", "<BS>", "<BS>", "n", "e", "t", ":",
        "o", "p", "e", "n", "<Esc>", NULL };
    static const char *const orders[] = { "=", "S", "s2", "s3", "s5", "s1",
        "s4", NULL };

    terminal_keys(terminal, "/");
    terminal_settle(terminal, QUIET_MS);
    bench_print("filter keystroke over " VAULTS " vaults, CPU, the slowest",
        slowest_key(terminal, typed), "ms", 50);
    bench_print("sort of " VAULTS " vaults, CPU, the slowest",
        slowest_key(terminal, orders), "ms", 100);
    terminal_keys(terminal, "s1");
    terminal_settle(terminal, QUIET_MS);
}

static void bytes_of_keys(struct console *console)
{
    struct terminal *terminal = console->terminal;

    terminal_keys(terminal, "g");
    terminal_settle(terminal, QUIET_MS);
    print(console, "cursor down, bytes",
        wire_press_often(terminal, "<Down>", 9, QUIET_MS).bytes, "B", 120);
    terminal_keys(terminal, "<PgDn><PgDn>");
    terminal_settle(terminal, QUIET_MS);
    print(console, "scroll by one, bytes",
        wire_press_often(terminal, "<Down>", 20, QUIET_MS).bytes, "B", 300);
    print(console, "page, bytes",
        wire_press_often(terminal, "<PgDn>", 9, QUIET_MS).bytes, "B",
        console->options.rows > 24 ? 3200 : 1800);
}

static void doing_nothing(struct terminal *terminal)
{
    struct wire_usage before;
    struct wire_usage after;
    size_t bytes;

    terminal_watch(terminal, 12000); /* a notice fades */
    bytes = terminal_output(terminal).size;
    before = wire_usage(terminal);
    terminal_watch(terminal, IDLE_MS);
    after = wire_usage(terminal);
    bench_print("idle for 10 s, bytes",
        (double)(terminal_output(terminal).size - bytes), "B", 0);
    bench_print("idle for 10 s, wake-ups", after.wakes - before.wakes, "", 0);
    bench_print("idle for 10 s, CPU", after.cpu_ms - before.cpu_ms, "ms", 0);
}

/* ---- the next start ---- */

/* From the start of the program to what it knew at its end; no answer comes. */
static void first_paint(struct console *console)
{
    int64_t start_ms;

    terminal_close(console->terminal);
    console->terminal = NULL;
    start_ms = clock_steady_ms();
    console_reopen(console);
    terminal_expect(console->terminal, "row 1 of");
    print(console, "start to first frame, nothing answers",
        (double)(clock_steady_ms() - start_ms), "ms", 100);
    print(console, "  of that its own CPU",
        wire_usage(console->terminal).cpu_ms, "ms", 100);
    print(console, "  bytes of it",
        (double)terminal_output(console->terminal).size, "B",
        console->options.rows > 24 ? 6000 : 3000);
}

static void next_start(struct console *console, int rows, int columns)
{
    console->options.rows = rows;
    console->options.columns = columns;
    first_paint(console);
    console_go(console, "2", "row 1 of");
    rest(console->terminal);
    print(console, "  all kept answers taken and judged, CPU",
        wire_usage(console->terminal).cpu_ms / 1000, "s", 30);
    print(console, "  memory then", wire_usage(console->terminal).rss_mb, "MB",
        200);
    bytes_of_keys(console);
}

static void a_hundred_thousand(void **state)
{
    struct console console;

    (void)state;
    console_open(&console,
        &(struct console_options){ .rows = 24, .columns = 80, .cloud = cloud });
    while_a_scan_streams_in(&console);
    rest(console.terminal);
    bench_print("memory with all findings of " VAULTS " vaults",
        wire_usage(console.terminal).rss_mb, "MB", 200);
    filter_and_sort(console.terminal);
    doing_nothing(console.terminal);
    cloud_fault(console.cloud, "hold=900");
    next_start(&console, 24, 80);
    next_start(&console, 40, 120);
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_thousand),
    };

    cmocka_set_message_output(CM_OUTPUT_SUBUNIT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
