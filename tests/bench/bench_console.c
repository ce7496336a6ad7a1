/* The console on a large estate, in a terminal: first frame, keys, bytes, idle,
 * memory. KVGOV_BENCH_VAULTS says how large; 100,000 unless it is set. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base.h"
#include "bench.h"
#include "kvgov_console.h"
#include "wire.h"

#define SCAN_LIMIT_MS 1800000
#define KEYS 100
#define IDLE_MS 10000
#define QUIET_MS 30

/* Scans once, so that the next start finds an estate in the store. */
static void fill_store(struct console *console)
{
    struct terminal *terminal = console->terminal;
    int64_t until_ms = clock_steady_ms() + SCAN_LIMIT_MS;

    terminal_expect(terminal, "READ-ONLY");
    do
        terminal_watch(terminal, 500);
    while ((terminal_shows(terminal, "reading ") ||
               !terminal_shows(terminal, " known")) &&
           clock_steady_ms() < until_ms);
    terminal_watch(terminal, 3000); /* it is kept, and the history too */
    terminal_keys(terminal, "qq");
    (void)terminal_expect_exit(terminal);
}

static void first_frame(struct console *console)
{
    int64_t start_ms = clock_steady_ms();

    console_reopen(console);
    if (!terminal_wait_text(console->terminal, "CRIT ", 60000))
        fail_with("no frame:\n%s", terminal_text(console->terminal));
    bench_print("start to the first frame, with its numbers",
        (double)(clock_steady_ms() - start_ms), "ms", 100);
    bench_print(
        "  CPU until then", wire_usage(console->terminal).cpu_ms, "ms", 100);
    bench_print("  bytes until then, 80x24",
        (double)terminal_output(console->terminal).size, "bytes", 3000);
}

static void press(struct terminal *terminal, const char *what, const char *keys,
    double bytes_bar)
{
    struct wire_key key = wire_press_often(terminal, keys, KEYS, QUIET_MS);
    char line[96];

    snprintf(line, sizeof line, "%s: bytes, in the middle", what);
    bench_print(line, key.bytes, "bytes", bytes_bar);
    snprintf(line, sizeof line, "%s: key to frame, p99", what);
    bench_print(line, key.first_ms, "ms", 16);
}

static void while_scanning(struct terminal *terminal)
{
    struct wire_key key;

    terminal_expect(terminal, "reading ");
    terminal_keys(terminal, "2");
    terminal_expect(terminal, "Posture > Vaults");
    terminal_settle(terminal, 50);
    key = wire_press_often(terminal, "j", KEYS, 5);
    bench_print("a key while a scan streams in: p99", key.first_ms, "ms", 16);
    terminal_keys(terminal, "<C-c>");
    terminal_settle(terminal, 2000);
}

static void filter_and_sort(struct terminal *terminal)
{
    static const char *const letters[] = { "k", "v", "-", "0", "7" };
    double slowest = 0;

    terminal_keys(terminal, "/");
    terminal_settle(terminal, 200);
    for (size_t i = 0; i < LENGTH(letters); i++) {
        struct wire_key key = wire_press(terminal, letters[i], 200);

        if (key.first_ms > slowest)
            slowest = key.first_ms;
    }
    bench_print("filter keystroke, the slowest", slowest, "ms", 50);
    terminal_keys(terminal, "<Esc>");
    terminal_settle(terminal, 300);
    terminal_keys(terminal, "s");
    terminal_settle(terminal, 200);
    bench_print(
        "sort by name", wire_press(terminal, "2", 200).first_ms, "ms", 100);
}

static void idle(struct terminal *terminal)
{
    size_t before = terminal_output(terminal).size;
    struct wire_usage start = wire_usage(terminal);
    struct wire_usage end;

    terminal_watch(terminal, IDLE_MS);
    end = wire_usage(terminal);
    bench_print("idle for 10 s: bytes",
        (double)(terminal_output(terminal).size - before), "bytes", 0);
    bench_print("idle for 10 s: wake-ups", end.wakes - start.wakes, "", 0);
    bench_print("idle for 10 s: CPU", end.cpu_ms - start.cpu_ms, "ms", 0);
    bench_print(
        "memory of the console, everything judged", end.rss_mb, "MB", 200);
}

static void console_of_many(void **state)
{
    const char *vaults = getenv("KVGOV_BENCH_VAULTS");
    char estate[96];
    const char *const cloud[] = { "--generate", estate, NULL };
    struct console console;

    (void)state;
    if (!vaults)
        vaults = "100000";
    snprintf(estate, sizeof estate, "vaults=%s,subscriptions=%lu,seed=1",
        vaults, strtoul(vaults, NULL, 10) / 200 + 1);
    console_open(&console,
        &(struct console_options){ .cloud = cloud, .rows = 24, .columns = 80 });
    fill_store(&console);
    first_frame(&console);
    while_scanning(console.terminal);
    filter_and_sort(console.terminal);
    terminal_keys(console.terminal, "g");
    press(console.terminal, "one row down and up", "jk", 2 * 120);
    terminal_keys(console.terminal, "<PgDn>");
    press(console.terminal, "scroll by one", "<Down>", 300);
    press(console.terminal, "page", "<PgDn>", 1800);
    idle(console.terminal);
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(console_of_many),
    };

    cmocka_set_message_output(CM_OUTPUT_SUBUNIT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
