/* A stranger's text never drives the terminal: vaults whose tags and names
 * hold escape sequences are shown everywhere, and every byte that the program
 * wrote is looked through. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "kvgov_console.h"

#define VAULT "kv-tag-esc-neu"

/* What the tags of the vault would do to a terminal. */
static const char *const payloads[] = {
    "\033[31mplatform",
    "\033]0;owned",
    "\302\2332J", /* octal, for a hexadecimal escape would take the 2 */
    "\033[2Jclear",
    "shared\xE2\x80\xAE",
    "rtl\xE2\x80\xAE",
    "plat\xE2\x80\x8B",
    "\007",
};

static void expect_clean(struct console *console, const char *where)
{
    const char *foreign = terminal_foreign(console->terminal);

    if (foreign)
        fail_with("on %s the program wrote: %s", where, foreign);
    for (size_t i = 0; i < LENGTH(payloads); i++)
        if (terminal_wrote(console->terminal, payloads[i], strlen(payloads[i])))
            fail_with("on %s the program wrote payload %zu", where, i);
}

struct visit_row {
    const char *where;
    const char *keys;
    const char *text; /* proof that it is shown */
};

static const struct visit_row visit_rows[] = {
    { "the list", "2/" VAULT "<Enter>", "1 of 47" },
    { "its preview", "p", VAULT },
    { "the detail", "<Enter>", "<U+001B>" },
    { "access", "<Tab>", "[Access" },
    { "network", "<Tab>", "[Network" },
    { "protection", "<Tab>", "[Protection" },
    { "logging", "<Tab>", "[Logging" },
    { "the vaults again", "2", "Posture > Vaults" },
    { "a filter by tag", "/tag:owner=\033[31m<Enter>", "Vaults" },
    { "messages", "!", "essages" },
};

static void test_tags(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(
        &console, &(struct console_options){ .rows = 40, .columns = 120 });
    for (size_t i = 0; i < LENGTH(visit_rows); i++) {
        console_go(&console, visit_rows[i].keys, visit_rows[i].text);
        terminal_settle(console.terminal, 100);
        expect_clean(&console, visit_rows[i].where);
    }
    console_done(&console);
}

/* What comes from a server's error or a page that is none. */
static void test_error_texts(void **state)
{
    const char *const cloud[] = { "--fault", "bad-json:match=/locks", NULL };
    struct console console;

    (void)state;
    console_open(&console, &(struct console_options){ .cloud = cloud });
    terminal_expect(console.terminal, "known");
    console_go(&console, "!", "JSON");
    expect_clean(&console, "messages");
    console_done(&console);
}

/* Pasted escape sequences are text too. */
static void test_pasted(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_go(&console, "2", "Posture > Vaults");
    terminal_keys(console.terminal, "/");
    terminal_paste(console.terminal, "kv-pay\033]0;owned\007\xE2\x80\xAE");
    terminal_settle(console.terminal, 300);
    expect_clean(&console, "the filter");
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_pasted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
