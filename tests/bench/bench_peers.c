/* The same keys in kvgov, htop and tig, where those are installed: bytes and CPU
 * of a movement and of a scroll, and what each does when nobody does anything.
 * Each has a list of more than 80 rows: every key does something. */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kvgov_console.h"
#include "wire.h"

#define MOVES 10 /* from the top of a list of some 20 rows, and back */
#define ROUNDS 5
#define BOTTOM 30 /* from here each step scrolls */
#define SCROLLS 50
#define IDLE_MS 10000
#define QUIET_MS 60
#define SLEEPERS 120

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

struct cost {
    double bytes;  /* the middle */
    double cpu_ms; /* on average, with all that the key led to */
};

static struct cost press(struct terminal *terminal, const char *key, int times)
{
    double before_ms = wire_usage(terminal).cpu_ms;
    double bytes = wire_press_often(terminal, key, times, QUIET_MS).bytes;

    return (struct cost){
        .bytes = bytes,
        .cpu_ms = (wire_usage(terminal).cpu_ms - before_ms) / times,
    };
}

static struct cost move_about(struct terminal *terminal)
{
    struct cost sum = { 0 };

    for (int round = 0; round < ROUNDS; round++) {
        struct cost down = press(terminal, "<Down>", MOVES);
        struct cost up = press(terminal, "<Up>", MOVES);

        sum.bytes += (down.bytes + up.bytes) / 2 / ROUNDS;
        sum.cpu_ms += (down.cpu_ms + up.cpu_ms) / 2 / ROUNDS;
    }
    return sum;
}

static void measure(struct terminal *terminal, const char *name)
{
    struct cost move = move_about(terminal);
    struct cost scroll;
    struct wire_usage before;
    struct wire_usage after;
    size_t bytes;

    press(terminal, "<Down>", BOTTOM);
    scroll = press(terminal, "<Down>", SCROLLS);
    terminal_settle(terminal, 200);
    bytes = terminal_output(terminal).size;
    before = wire_usage(terminal);
    terminal_watch(terminal, IDLE_MS);
    after = wire_usage(terminal);
    bytes = terminal_output(terminal).size - bytes;
    printf("%-8s %8.0f %8.0f %8.2f %8.2f %10.1f %10.1f %10.2f\n", name,
        move.bytes, scroll.bytes, move.cpu_ms, scroll.cpu_ms,
        (double)bytes * 1000 / IDLE_MS,
        (after.wakes - before.wakes) * 1000 / IDLE_MS,
        (after.cpu_ms - before.cpu_ms) * 1000 / IDLE_MS);
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

/* Processes for htop to list, until this one ends. */
static void start_sleepers(pid_t sleepers[SLEEPERS])
{
    for (int i = 0; i < SLEEPERS; i++) {
        sleepers[i] = fork();
        if (sleepers[i] == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;)
                pause();
        }
    }
}

static void end_sleepers(const pid_t sleepers[SLEEPERS])
{
    for (int i = 0; i < SLEEPERS; i++)
        if (sleepers[i] > 0) {
            kill(sleepers[i], SIGKILL);
            waitpid(sleepers[i], NULL, 0);
        }
}

static void measure_kvgov(void)
{
    static const char *const cloud[] = { "--generate",
        "vaults=1000,subscriptions=5,seed=1", NULL };
    struct console console;

    console_open(&console,
        &(struct console_options){ .cloud = cloud, .rows = 24, .columns = 80 });
    terminal_expect(console.terminal, "reading ");
    terminal_expect_gone(console.terminal, "reading ");
    console_go(&console, "2", "row 1 of");
    terminal_watch(console.terminal, 5000); /* what is said of the scan fades */
    measure(console.terminal, "kvgov");
    console_done(&console);
}

static void measure_all(void **state)
{
    pid_t sleepers[SLEEPERS];

    (void)state;
    printf("\n%-8s %8s %8s %8s %8s %10s %10s %10s\n", "", "move", "scroll",
        "move", "scroll", "idle", "idle", "idle");
    printf("%-8s %8s %8s %8s %8s %10s %10s %10s\n", "80x24", "B", "B", "CPU ms",
        "CPU ms", "B/s", "wakes/s", "CPU ms/s");
    measure_kvgov();
    start_sleepers(sleepers);
    for (size_t i = 0; i < LENGTH(peers); i++)
        measure_peer(&peers[i]);
    end_sleepers(sleepers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measure_all),
    };

    cmocka_set_message_output(CM_OUTPUT_SUBUNIT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
