/* How a session begins: nobody signed in, the device code, a stored estate,
 * and what a kill in the middle of a change left behind. */
#include "test.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base.h"
#include "kvgov_console.h"
#include "process.h"
#include "program.h"
#include "temp.h"
#include "web.h"

#define VAULT "kv-pay-prod-weu"
#define OPEN_FINDING "Any address on the internet gets in"

/* The user code: nine capitals and digits, alone between blanks. */
static void find_code(struct terminal *terminal, char code[10])
{
    /* What stands below the code is drawn after it. */
    terminal_expect(terminal, "Waiting for you");
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    for (int row = 0; row < 24; row++) {
        const char *at = terminal_row(terminal, row);

        while (*(at += strspn(at, " "))) {
            size_t word = strcspn(at, " ");

            if (word == 9 && strspn(at, letters) == 9) {
                memcpy(code, at, 9);
                code[9] = '\0';
                return;
            }
            at += word;
        }
    }
    fail_with("no code on\n%s", terminal_text(terminal));
}

static void test_device_code(void **state)
{
    const char *const cloud[] = { "--fault", "device-interval=1", NULL };
    struct console console;
    struct buf path = { .limit = 256 };
    char code[10];

    (void)state;
    console_open(
        &console, &(struct console_options){ .cloud = cloud, .nobody = true });
    /* What was tried comes first, then what a person can do. */
    terminal_expect(console.terminal, "AZURE_CLIENT_ID");
    console_go(&console, "<Enter>", "/devicelogin");
    find_code(console.terminal, code);
    buf_putf(&path, "/devicelogin?code=%s&answer=approve", code);
    json_decref(web_get(console.cloud->origin, buf_text(&path)));
    buf_done(&path);
    terminal_expect(console.terminal, CONSOLE_KNOWN);
    console_done(&console);
}

static void test_device_declined(void **state)
{
    const char *const cloud[] = { "--fault", "device-interval=1", "--fault",
        "device=declined", NULL };
    struct console console;

    (void)state;
    console_open(
        &console, &(struct console_options){ .cloud = cloud, .nobody = true });
    terminal_expect(console.terminal, "AZURE_CLIENT_ID");
    terminal_keys(console.terminal, "<Enter>");
    terminal_expect(console.terminal, "declined");
    console_done(&console);
}

/* A theme or a terminal that nobody knows is said. */
static void test_wrong_looks(void **state)
{
    static const struct {
        const char *arguments[3];
        const char *said;
    } rows[] = {
        { { "--theme", "nosuch" }, "there is no theme \"nosuch\"" },
        { { "--term", "nosuch" }, "--term takes" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct console console;

        console_open(
            &console, &(struct console_options){
                          .arguments = rows[i].arguments, .nobody = true });
        terminal_expect(console.terminal, rows[i].said);
        console_done(&console);
    }
}

/* A wrong secret is said with Entra's number, and stays on the screen. */
static void test_wrong_secret(void **state)
{
    const char *const environment[] = { "AZURE_CLIENT_SECRET=wrong", NULL };
    struct console console;

    (void)state;
    console_open(
        &console, &(struct console_options){ .environment = environment });
    terminal_expect(console.terminal, "AADSTS7000215");
    terminal_watch(console.terminal, 1000);
    assert_true(terminal_shows(console.terminal, "AADSTS7000215"));
    console_done(&console);
}

/* The last estate is there before the cloud has answered. */
static void test_stored(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    terminal_keys(console.terminal, "q");
    (void)terminal_expect_exit(console.terminal);
    cloud_fault(console.cloud, "hold=20");
    console_reopen(&console);
    terminal_expect(console.terminal, "Any address on the internet");
    console_go(&console, "2", "row 1 of 47");
    cloud_mend(console.cloud);
    console_done(&console);
}

static void verify_journal(const struct console *console, const char *says)
{
    char *journal = temp_path(console->home, "state/journal.db");
    const char *const argv[] = { test_setting("KVGOV"), "journal", "verify",
        journal, NULL };
    struct program ran;

    program_run(&ran, &(struct program_options){ .argv = argv });
    if (ran.code != 0 || !text_contains_nocase(buf_text(&ran.out), says))
        fail_with("journal verify: %d, %s%s", ran.code, buf_text(&ran.out),
            buf_text(&ran.err));
    program_done(&ran);
    mem_free(journal);
}

/* Killed after the request was sent and before its answer: the journal knows
 * the intent, and the next start finds out by reading. */
static void test_killed(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    console_plan(&console, OPEN_FINDING);
    cloud_fault(console.cloud, "hold-answer=30:method=PATCH");
    console_confirm(&console, VAULT);
    terminal_expect(console.terminal, "[5 APPLY]");
    while (cloud_requests(console.cloud, "PATCH") == 0)
        terminal_watch(console.terminal, 20);
    terminal_signal(console.terminal, SIGKILL);
    (void)terminal_expect_exit(console.terminal);
    verify_journal(&console, "1 without an outcome");

    cloud_mend(console.cloud);
    console_reopen(&console);
    /* The firewall is on now, and who passes it is another question. */
    terminal_expect(console.terminal, "/47 known");
    console_go(&console, "6", "DONE");
    terminal_expect(console.terminal, "Turn the firewall on");
    console_visit(&console, VAULT);
    terminal_expect_gone(console.terminal, OPEN_FINDING);
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_device_code),
        cmocka_unit_test(test_device_declined),
        cmocka_unit_test(test_wrong_looks),
        cmocka_unit_test(test_wrong_secret),
        cmocka_unit_test(test_stored),
        cmocka_unit_test(test_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
