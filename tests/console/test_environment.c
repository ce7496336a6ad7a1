/* PROD in the first row: wherever production is on the screen, as a word and in
 * reverse, and above all where a change is confirmed. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "kvgov_console.h"

#define PRODUCTION "kv-pay-prod-weu"
#define DEVELOPMENT "kv-team-dev-weu"
#define FINDING "Any address on the internet gets in"

static void expect_label(
    struct console *console, const char *where, const char *label)
{
    const char *row;
    const char *at;
    int column;

    terminal_settle(console->terminal, 100);
    row = terminal_row(console->terminal, 0);
    at = strstr(row, "PROD");
    if (!label && at)
        fail_with("%s is called production: %s", where, row);
    if (!label)
        return;
    if (!at || strncmp(at, label, strlen(label)) != 0)
        fail_with("%s is not called %s: %s", where, label, row);
    column = (int)(at - row);
    if (!terminal_cell(console->terminal, 0, column).reverse ||
        terminal_cell(console->terminal, 0, column - 1).reverse)
        fail_with("%s: %s does not stand out", where, label);
}

static void check_everywhere(struct console *console)
{
    terminal_expect(console->terminal, CONSOLE_KNOWN);
    terminal_expect_gone(console->terminal, "reading ");
    expect_label(console, "an estate with production in it", "PROD ");
    console_visit(console, DEVELOPMENT);
    expect_label(console, "a vault for development", NULL);
    console_go(console, "?", "THIS SCREEN");
    expect_label(console, "help about it", NULL);
    console_visit(console, PRODUCTION);
    expect_label(console, "a vault in production", "PROD ");
    console_plan(console, FINDING);
    expect_label(console, "the confirmation", "PROD ");
    terminal_expect(console->terminal, "1 target, in production");
    terminal_resize(console->terminal, 15, 60);
    terminal_expect(console->terminal, "> ");
    expect_label(console, "the smallest confirmation", "PROD ");
    terminal_expect(console->terminal, "1 target, in production");
}

static void test_label(void **state)
{
    static const char *const no_colour[] = { "--no-color", NULL };
    struct console console;

    (void)state;
    console_open(&console, &(struct console_options){ 0 });
    check_everywhere(&console);
    console.options.arguments = no_colour;
    console_reopen(&console);
    check_everywhere(&console);
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_label),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
