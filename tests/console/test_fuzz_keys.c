/* The real program under a stranger's fingers: keys, pastes, escape sequences
 * in pieces, answers that a terminal gives late, other sizes. Whatever comes,
 * nothing is changed in Azure, nothing crashes, and the terminal comes back.
 * The same on every run: the seed is in the table. KVGOV_FUZZ_ACTS makes it
 * longer. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base.h"
#include "kvgov_console.h"

#define VAULT "kv-pay-prod-weu"
#define ROWS 24
#define COLUMNS 80
#define ACTS_OF_ROUND 400
/* Of a long run: as fast as a stuck key or a cat on the keys, and in rounds of
 * which the start does not take most of the time. */
#define LONG_RUN 10000
#define LONG_BURST 16
#define LONG_ROUNDS 50
/* Of one act; an act is answered while the next is made. */
#define BREATH_MS 1
/* Longer than the program waits for the rest of an escape sequence. */
#define SPLIT_MS 60
#define SETTLE_MS 10

struct fuzz_row {
    const char *name;
    const char *option; /* of kvgov; NULL: none */
    uint64_t seed;
    unsigned acts; /* of all rounds, unless KVGOV_FUZZ_ACTS says another */
};

/* A number from 0 to sides - 1: Marsaglia's xorshift64. */
static uint32_t roll(uint64_t *seed, size_t sides)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)((*seed >> 32) % sides);
}

/* ---- acts ---- */

/* Never y, which is all that a safe remedy asks for, and never what ends or
 * stops the program. */
static const char plain[] = "jkhlgGnN/?!:pxvuUaceorsRSwtWfFdDiI0123456789 =<>"
                            "[]~;,.-+*#%&()'\"\\{}|^_`@$AZKVM";
static const char *const named[] = { "<Enter>", "<Esc>", "<Tab>", "<S-Tab>",
    "<Space>", "<Up>", "<Down>", "<Left>", "<Right>", "<Home>", "<End>",
    "<PgUp>", "<PgDn>", "<BS>", "<F1>", "<C-l>", "<C-u>", "<C-w>" };

/* What terminals say of themselves, and what only looks so. */
static const char *const replies[] = { "\033[?1;2c", "\033[>0;276;0c",
    "\033[24;80R", "\033[?2026;2$y", "\033[0n", "\033[I", "\033[O",
    "\033]11;rgb:0000/0000/0000\033\\", "\033]10;rgb:ffff/ffff/ffff\a",
    "\033P>|xterm(379)\033\\", "\033P1+r436f=323536\033\\", "\033[<0;5;5M",
    "\033[<0;5;5m", "\033[M !!", "\033OP", "\033OA", "\033[1;5A", "\033[200",
    "\033[201~", "\033[27;5;13~", "\033[57399u", "\033_Gi=1;OK\033\\",
    "\033[8;24;80t", "\302\233A", "\302\2331;2c" };

static const char *const pastes[] = { VAULT, VAULT "\r", "y", "y\r", "\r\r\r",
    "yes\n", "apply 1\r", ":write\r", "q", "q\rq\r", "\033[31mred\033[0m",
    "\033]0;owned\a", "\xE2\x80\xAErtl", "line\nline\ny\n", "\x03\x1a\x04" };

static const char *const broken[] = { "\xff", "\xc3", "\xe6\x97",
    "\xf0\x9f\x98\x80", "\xed\xa0\x80", "e\xcc\x81\xcc\x82", "\x80\x80",
    "\xe6\x97\xa5\xe6\x9c\xac", "\x01\x02\x05\x06", "\x7f\x08" };

#define PICK(seed, array) ((array)[roll(seed, LENGTH(array))])

static void send_text(struct terminal *terminal, const char *text)
{
    terminal_send(terminal, text, strlen(text));
}

/* Its end comes when nobody waits for it any more. None ends in y: who typed
 * that could not be told. */
static void send_split(struct terminal *terminal, uint64_t *seed)
{
    const char *text = PICK(seed, replies);
    size_t size = strlen(text);
    size_t at = 1 + roll(seed, size - 1);

    if (text[size - 1] == 'y')
        return;
    terminal_send(terminal, text, at);
    terminal_watch(terminal, roll(seed, 4) ? BREATH_MS : SPLIT_MS);
    terminal_send(terminal, text + at, size - at);
}

static void send_size(struct terminal *terminal, uint64_t *seed)
{
    static const int rows[] = { 1, 2, 10, 14, 15, 24, 50, 120 };
    static const int columns[] = { 1, 2, 20, 59, 60, 80, 132, 250 };

    /* What was drawn for one size is read at that size: libvterm does not take
     * all of it at a smaller one. */
    terminal_watch(terminal, SETTLE_MS);
    terminal_resize(terminal, PICK(seed, rows), PICK(seed, columns));
    terminal_watch(terminal, SETTLE_MS);
}

static void act(struct terminal *terminal, uint64_t *seed, bool breathes)
{
    char key[2] = "";
    uint32_t kind = roll(seed, 100);

    if (kind < 45) {
        key[0] = plain[roll(seed, sizeof plain - 1)];
        terminal_send(terminal, key, 1);
    } else if (kind < 78) {
        terminal_keys(terminal, PICK(seed, named));
    } else if (kind < 84) {
        send_text(terminal, PICK(seed, replies));
    } else if (kind < 88) {
        send_split(terminal, seed);
    } else if (kind < 94) {
        terminal_paste(terminal, PICK(seed, pastes));
    } else if (kind < 98) {
        send_text(terminal, PICK(seed, broken));
    } else {
        send_size(terminal, seed);
    }
    if (breathes)
        terminal_watch(terminal, BREATH_MS);
}

/* ---- what must hold ---- */

/* The one string that a key may ask for: a copy (OSC 52). A terminal's answer
 * that ends in y asks for it too, and so it may be there. */
static bool writes_copies_only(struct terminal *terminal)
{
    struct view rest = terminal_output(terminal);
    const char *osc;

    while ((osc = memmem(rest.data, rest.size, "\033]", 2))) {
        rest.size -= (size_t)(osc - rest.data) + 2;
        rest.data = osc + 2;
        if (!view_starts_nocase(rest, view_of("52;")))
            return false;
    }
    return true;
}

static bool is_foreign(struct terminal *terminal, const char *what)
{
    return what && (strcmp(what, "OSC") != 0 || !writes_copies_only(terminal));
}

static void expect_unchanged(
    struct console *console, const struct fuzz_row *row, unsigned round)
{
    static const char *const methods[] = { "PATCH", "PUT", "DELETE" };
    const char *foreign = terminal_foreign(console->terminal);

    for (size_t i = 0; i < LENGTH(methods); i++)
        if (cloud_requests(console->cloud, methods[i]) != 0)
            fail_with("%s, round %u: a %s was sent; the screen is:\n%s",
                row->name, round, methods[i], terminal_text(console->terminal));
    if (is_foreign(console->terminal, foreign))
        fail_with(
            "%s, round %u: the program wrote %s", row->name, round, foreign);
}

/* Looks, but leaves the end for whoever waits for it. */
static bool has_ended(const struct terminal *terminal)
{
    siginfo_t info = { 0 };

    return waitid(P_PID, (id_t)terminal_pid(terminal), &info,
               WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid != 0;
}

static void expect_restored(
    struct console *console, const struct fuzz_row *row, unsigned round)
{
    int status = terminal_expect_exit(console->terminal);
    struct terminal_modes modes = terminal_modes(console->terminal);

    /* By a key, or by the signal that it takes as a wish to end. */
    if (!WIFEXITED(status) ||
        (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 128 + SIGTERM))
        fail_with("%s, round %u: status 0x%x; the screen is:\n%s", row->name,
            round, (unsigned)status, terminal_text(console->terminal));
    if (modes.alternate || !modes.cursor_visible || modes.mouse ||
        modes.paste_marked || !modes.canonical || !modes.echo)
        fail_with(
            "%s, round %u: the terminal was not restored", row->name, round);
}

/* ---- a round ---- */

/* To the question that must not be answered by chance, write mode on where it
 * may be. */
static void go_to_question(struct console *console, unsigned round)
{
    static const char *const findings[] = { "Audit logs are sent nowhere",
        "Any address on the internet gets in", "Purge protection is off" };

    /* Looking into a vault may have shown one unknown more. */
    terminal_expect(console->terminal, "/47 k");
    console_visit(console, VAULT);
    console_plan(console, findings[round % LENGTH(findings)]);
}

static unsigned acts_of(const struct fuzz_row *row)
{
    const char *text = getenv("KVGOV_FUZZ_ACTS");

    return text && *text ? (unsigned)strtoul(text, NULL, 10) : row->acts;
}

/* How many acts it took until its end, or the program's. */
static unsigned play(
    struct console *console, const struct fuzz_row *row, unsigned round)
{
    unsigned all = acts_of(row);
    unsigned most = all > LONG_RUN ? all / LONG_ROUNDS : ACTS_OF_ROUND;
    unsigned burst = all > LONG_RUN ? LONG_BURST : 1;
    uint64_t seed = row->seed + round;
    unsigned done = 0;

    terminal_blind(console->terminal, all > LONG_RUN);
    while (done < most && !has_ended(console->terminal)) {
        act(console->terminal, &seed, done % burst == 0);
        /* The first pieces meet the question itself. */
        if (done++ == 0)
            terminal_watch(console->terminal, SPLIT_MS);
    }
    terminal_watch(console->terminal, SPLIT_MS);
    terminal_blind(console->terminal, false);
    return done;
}

/* In a home of its own: what keys of an earlier one left does not matter. */
static unsigned check_round(const struct fuzz_row *row, unsigned round)
{
    const char *const arguments[] = { row->option, NULL };
    struct console console;
    unsigned done;

    console_open(&console,
        &(struct console_options){
            .arguments = arguments, .rows = ROWS, .columns = COLUMNS });
    go_to_question(&console, round);
    done = play(&console, row, round);
    expect_unchanged(&console, row, round);
    if (!has_ended(console.terminal))
        terminal_signal(console.terminal, SIGTERM);
    expect_restored(&console, row, round);
    console_done(&console);
    return done;
}

static void check_row(const struct fuzz_row *row)
{
    unsigned all = acts_of(row);
    unsigned done = 0;

    for (unsigned round = 0; done < all; round++)
        done += check_round(row, round);
}

static void test_read_only(void **state)
{
    (void)state;
    check_row(&(struct fuzz_row){ .name = "read-only",
        .option = "--read-only",
        .seed = 20261122,
        .acts = 800 });
}

static void test_write_mode(void **state)
{
    (void)state;
    check_row(&(struct fuzz_row){
        .name = "write mode", .seed = 20261123, .acts = 1200 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_write_mode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
