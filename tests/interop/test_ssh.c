/* kvgov through OpenSSH, as those use it who look after vaults from afar: it
 * starts, follows the window, is used to the end of a remedy; and when the line
 * drops amid a change it is gone soon, with the journal whole. */
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base.h"
#include "kvgov_console.h"
#include "process.h"
#include "program.h"
#include "ssh_server.h"
#include "temp.h"

#define VAULT "kv-pay-prod-weu"
#define FINDING "Any address on the internet gets in"
#define FIREWALL "properties.networkAcls.defaultAction"
#define TEXT_LIMIT 16384
/* Ten seconds for the answer to a change that was sent, and some for a busy
 * machine. */
#define GONE_LIMIT_MS 14000
#define ALL_SETTLED " 0 without an outcome"
#define ONE_IN_DOUBT " 1 without an outcome"

/* What the login shell runs: the words come from the cloud and have no quotes.
 * `pid` and `code` tell from afar what became of the program. */
#define AS_SESSION "echo $$ >\"$HOME/pid\"\nexec \"$KVGOV\"\n"
#define UNDER_SHELL                                                            \
    "sh -c 'echo $$ >\"$HOME/pid\"; exec \"$KVGOV\"'\n"                        \
    "echo $? >\"$HOME/code\"\n"
/* The shell lives on, so that only the terminal's end tells of it. */
#define OUTLIVED "trap : HUP\n" UNDER_SHELL

struct line {
    struct ssh_server *server;
    struct console console;
    char *login; /* the script */
};

/* ---- the way in ---- */

static void put_setting(struct buf *out, const char *item)
{
    size_t name = strcspn(item, "=");

    buf_putf(out, "export %.*s='%s'\n", (int)name, item, &item[name + 1]);
}

static void login_write(const struct line *line, const char *how)
{
    const struct console *console = &line->console;
    const char *sanitizer = getenv("ASAN_OPTIONS");
    struct buf text = { .limit = TEXT_LIMIT };

    for (size_t i = 0; console->cloud->environment[i]; i++)
        put_setting(&text, console->cloud->environment[i]);
    buf_putf(&text,
        "export HOME='%s' KVGOV='%s' ASAN_OPTIONS='%s' LANG=C.UTF-8\n"
        "export KVGOV_STATE=\"$HOME/state\"\n%s",
        console->home, test_setting("KVGOV"), sanitizer ? sanitizer : "", how);
    test_write_file(line->login, buf_text(&text));
    buf_done(&text);
}

static void line_connect(struct line *line)
{
    struct buf command = { .limit = TEXT_LIMIT };

    buf_putf(&command, "exec sh %s", line->login);
    const char **argv = ssh_server_words(line->server, buf_text(&command));
    line->console.terminal =
        terminal_open(&(struct terminal_options){ .argv = argv });
    mem_free(argv);
    buf_done(&command);
}

static void line_open(struct line *line, const char *how)
{
    *line = (struct line){ .server = ssh_server_start() };
    line->console.cloud =
        cloud_start((const char *const[]){ "--suffix", "localhost", NULL });
    line->console.home = temp_new();
    line->login = temp_path(line->console.home, "login");
    login_write(line, how);
    line_connect(line);
}

static void line_await_ready(struct line *line)
{
    terminal_expect(line->console.terminal, CONSOLE_KNOWN);
    terminal_expect_gone(line->console.terminal, "reading ");
}

/* As when the machine at the other end is gone. */
static void line_drop(struct line *line)
{
    terminal_signal(line->console.terminal, SIGKILL);
    (void)terminal_expect_exit(line->console.terminal);
}

static void line_done(struct line *line)
{
    console_done(&line->console);
    ssh_server_stop(line->server);
    mem_free(line->login);
}

/* ---- what is left over there ---- */

/* The number in a file of the home; -1 while there is none. */
static int number_in(const struct line *line, const char *name)
{
    char *path = temp_path(line->console.home, name);
    int number = -1;

    if (access(path, R_OK) == 0) {
        char *text = test_read_file(path, NULL);

        number = *text ? atoi(text) : -1;
        mem_free(text);
    }
    mem_free(path);
    return number;
}

static void await_gone(const struct line *line)
{
    int64_t end_ms = clock_steady_ms() + GONE_LIMIT_MS;
    pid_t pid = number_in(line, "pid");

    assert_in_range(pid, 2, INT32_MAX);
    while (kill(pid, 0) == 0) {
        if (clock_steady_ms() >= end_ms)
            fail_with("process %d has outlived its line", (int)pid);
        pause_ms(10);
    }
    assert_int_equal(errno, ESRCH);
}

/* What the shell saw; it writes that down after the program's end. */
static int await_code(const struct line *line)
{
    int64_t end_ms = clock_steady_ms() + GONE_LIMIT_MS;

    while (number_in(line, "code") < 0 && clock_steady_ms() < end_ms)
        pause_ms(10);
    return number_in(line, "code");
}

static void expect_journal(
    const struct line *line, const char *verb, const char *says)
{
    struct buf state = { .limit = TEXT_LIMIT };
    struct program ran;

    buf_putf(&state, "%s/state", line->console.home);
    const char *const argv[] = { test_setting("KVGOV"), "journal", verb,
        "--state-dir", buf_text(&state), NULL };
    const char **environment = cloud_environment(line->console.cloud, NULL);
    program_run(&ran,
        &(struct program_options){ .argv = argv, .environment = environment });
    if (ran.code != 0 || !strstr(buf_text(&ran.out), says))
        fail_with("journal %s: %d, not '%s' but %s%s", verb, ran.code, says,
            buf_text(&ran.out), buf_text(&ran.err));
    program_done(&ran);
    mem_free(environment);
    buf_done(&state);
}

static void expect_firewall(const struct line *line, const char *expected)
{
    char *value = cloud_value(line->console.cloud, VAULT, FIREWALL);

    assert_string_equal(value, expected);
    mem_free(value);
}

/* ---- used to the end ---- */

static void test_used(void **state)
{
    struct line line;
    struct terminal *terminal;

    (void)state;
    line_open(&line, AS_SESSION);
    line_await_ready(&line);
    terminal = line.console.terminal;
    console_go(&line.console, "2", "Posture > Vaults");
    assert_false(terminal_shows(terminal, "SUBSCRIPTION"));
    terminal_resize(terminal, 40, 120);
    terminal_expect(terminal, "SUBSCRIPTION");
    terminal_resize(terminal, 24, 80);
    terminal_expect_gone(terminal, "SUBSCRIPTION");

    console_visit(&line.console, VAULT);
    console_plan(&line.console, FINDING);
    console_confirm(&line.console, VAULT);
    terminal_expect(terminal, "[5 APPLY]");
    terminal_expect(terminal, "Ended.");
    expect_firewall(&line, "\"Deny\"");
    assert_int_equal(cloud_requests(line.console.cloud, "PATCH"), 1);
    console_go(&line.console, "<Esc>", "[Findings");
    terminal_expect_gone(terminal, FINDING);
    terminal_keys(terminal, ":quit<Enter>");
    assert_int_equal(terminal_expect_exit(terminal), 0);
    assert_false(terminal_modes(terminal).alternate);
    expect_journal(&line, "verify", "chain intact");
    line_done(&line);
}

/* ---- dropped amid a change ---- */

/* How the program stands to the shell, and how long the cloud keeps the answer
 * to the change that is under way when the line drops. */
struct drop_row {
    const char *name;
    const char *how;
    const char *answer;
    int code;            /* that a shell sees; -1: no shell is left to see it */
    const char *journal; /* what verify says before the next start */
};

static const struct drop_row drop_rows[] = {
    { "the program is the session", AS_SESSION, "3", -1, ALL_SETTLED },
    { "a shell goes before it", UNDER_SHELL, "3", -1, ALL_SETTLED },
    { "the shell stays", OUTLIVED, "3", 128 + SIGHUP, ALL_SETTLED },
    { "no answer in time", AS_SESSION, "40", -1, ONE_IN_DOUBT },
};

static void await_second_change(const struct line *line)
{
    int64_t end_ms = clock_steady_ms() + GONE_LIMIT_MS;

    while (cloud_requests(line->console.cloud, "PATCH") < 2) {
        if (clock_steady_ms() >= end_ms)
            fail_with("no second change; the screen is:\n%s",
                terminal_text(line->console.terminal));
        terminal_watch(line->console.terminal, 20);
    }
}

/* The firewall of every open vault: the first wave is one vault, and the second
 * has just begun. */
static void begin_run(struct line *line, const struct drop_row *row)
{
    struct console *console = &line->console;
    struct buf fault = { .limit = 128 };

    line_await_ready(line);
    console_go(console, "3", "Posture > Fixes");
    console_plan_many(console, FINDING, "9 ready");
    console_confirm(console, "restrict 9");
    terminal_expect(console->terminal, "Paused after wave 1");
    buf_putf(&fault, "hold-answer=%s:method=PATCH", row->answer);
    cloud_fault(console->cloud, buf_text(&fault));
    terminal_keys(console->terminal, "<Enter>");
    await_second_change(line);
    buf_done(&fault);
}

/* Nothing after the change that was under way; all of it in the journal. */
static void expect_stopped(const struct line *line, const struct drop_row *row)
{
    await_gone(line);
    assert_int_equal(cloud_requests(line->console.cloud, "PATCH"), 2);
    expect_journal(line, "verify", row->journal);
    if (row->code >= 0)
        assert_int_equal(await_code(line), row->code);
}

/* The next start finds out what was in doubt, and offers to go on. */
static void expect_settled(struct line *line)
{
    cloud_mend(line->console.cloud);
    terminal_close(line->console.terminal);
    line_connect(line);
    terminal_expect(line->console.terminal, "/47 known");
    terminal_expect_gone(line->console.terminal, "reading ");
    console_go(&line->console, ":messages<Enter>", "was interrupted");
    expect_journal(line, "verify", ALL_SETTLED);
    assert_int_equal(cloud_requests(line->console.cloud, "PATCH"), 2);
}

static void check_drop(const struct drop_row *row)
{
    struct line line;

    line_open(&line, row->how);
    begin_run(&line, row);
    line_drop(&line);
    expect_stopped(&line, row);
    expect_settled(&line);
    line_done(&line);
}

static void test_dropped(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(drop_rows); i++) {
        print_message("  %s\n", drop_rows[i].name);
        check_drop(&drop_rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_used),
        cmocka_unit_test(test_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
