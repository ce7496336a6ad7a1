/* The same keys in kvgov, htop and tig, where those are installed: bytes for a
 * movement and a scroll, and what each does when nobody does anything. */
#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "kvgov_console.h"
#include "wire.h"

#define KEYS 50
#define IDLE_MS 5000
#define QUIET_MS 60

struct peer {
    const char *name;
    const char *path;
    const char *const *argv;
    const char *ready; /* what it shows when it has started */
};

static const char *const htop[] = { "/usr/bin/htop", NULL };
static const char *const tig[] = { "/usr/bin/tig", NULL };

/* htop counts processes all the time: its bytes for a key are those that come
 * at once. */
static const struct peer peers[] = {
    { "htop", "/usr/bin/htop", htop, "PID" },
    { "tig", "/usr/bin/tig", tig, "[main]" },
};

static void measure(struct terminal *terminal, const char *name)
{
    struct wire_usage before = wire_usage(terminal);
    struct wire_key move;
    struct wire_key scroll;
    size_t bytes;
    double cpu_ms;
    double wakes;

    move = wire_press_often(terminal, "<Down>", 5, QUIET_MS);
    terminal_keys(terminal, "<PgDn>");
    terminal_settle(terminal, 200);
    scroll = wire_press_often(terminal, "<Down>", KEYS, QUIET_MS);
    cpu_ms = wire_usage(terminal).cpu_ms - before.cpu_ms;
    terminal_settle(terminal, 200);
    bytes = terminal_output(terminal).size;
    before = wire_usage(terminal);
    terminal_watch(terminal, IDLE_MS);
    bytes = terminal_output(terminal).size - bytes;
    wakes = wire_usage(terminal).wakes - before.wakes;
    printf("%-8s %10.0f %10.0f %12.1f %12.1f %12.1f\n", name, move.bytes,
        scroll.bytes, (double)bytes * 1000 / IDLE_MS, wakes * 1000 / IDLE_MS,
        cpu_ms / (KEYS + 6));
}

static void measure_peer(const struct peer *peer)
{
    static const char *const environment[] = { "LANG=C.UTF-8",
        "PATH=/usr/bin:/bin", NULL };
    struct terminal *terminal;

    if (access(peer->path, X_OK) != 0)
        return;
    terminal = terminal_open(&(struct terminal_options){ .argv = peer->argv,
        .environment = environment,
        .rows = 24,
        .columns = 80 });
    if (terminal_wait_text(terminal, peer->ready, 5000)) {
        terminal_watch(terminal, 1000);
        measure(terminal, peer->name);
    } else {
        printf(
            "%-8s shows nothing here (tig needs a repository)\n", peer->name);
    }
    terminal_close(terminal);
}

static void measure_all(void **state)
{
    struct console console;

    (void)state;
    printf("\n%-8s %10s %10s %12s %12s %12s\n", "80x24", "move, B", "scroll, B",
        "idle, B/s", "wakes/s", "CPU, ms/key");
    console_open_ready(
        &console, &(struct console_options){ .rows = 24, .columns = 80 });
    console_go(&console, "2", "Posture > Vaults");
    terminal_settle(console.terminal, 500);
    measure(console.terminal, "kvgov");
    console_done(&console);
    for (size_t i = 0; i < LENGTH(peers); i++)
        measure_peer(&peers[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measure_all),
    };

    cmocka_set_message_output(CM_OUTPUT_SUBUNIT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
