/* The fix wizard in the real program: to the end, back again, and everything
 * that must not confirm. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "kvgov_console.h"

#define VAULT "kv-pay-prod-weu"
#define OPEN_FINDING "Any address on the internet gets in"
#define PURGE_FINDING "Purge protection is off"
#define LOG_FINDING "Audit logs are sent nowhere"
#define FIREWALL "properties.networkAcls.defaultAction"

static void expect_vault(
    const struct console *console, const char *path, const char *expected)
{
    char *value = cloud_value(console->cloud, VAULT, path);

    if (strcmp(value, expected) != 0)
        fail_with("%s is %s, expected %s", path, value, expected);
    mem_free(value);
}

static long writes(const struct console *console)
{
    return cloud_requests(console->cloud, "PATCH") +
           cloud_requests(console->cloud, "PUT") +
           cloud_requests(console->cloud, "DELETE");
}

/* Find, look, fix, see it pass, see it in the journal, undo, see it fail. */
static void test_firewall_and_back(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    terminal_expect(console.terminal, OPEN_FINDING);
    terminal_expect(console.terminal, "G2 can cut access");
    console_plan(&console, OPEN_FINDING);
    terminal_expect(console.terminal, VAULT);
    assert_int_equal(writes(&console), 0);
    console_confirm(&console, VAULT);
    terminal_expect(console.terminal, "[5 APPLY]");
    terminal_expect(console.terminal, "Ended.");
    expect_vault(&console, FIREWALL, "\"Deny\"");
    assert_int_equal(writes(&console), 1);

    console_go(&console, "<Esc>", "[Findings");
    terminal_expect_gone(console.terminal, OPEN_FINDING);
    console_go(&console, "6", "Journal");
    terminal_expect(console.terminal, VAULT);
    terminal_expect(console.terminal, "Turn the firewall on");

    console_go(&console, "U", "[1 TARGETS]");
    console_go(&console, "<Enter>", "[3 PREVIEW]");
    console_go(&console, "<Enter>", "[4 CONFIRM]");
    console_confirm(&console, VAULT);
    terminal_expect(console.terminal, "[5 APPLY]");
    terminal_expect(console.terminal, "Ended.");
    expect_vault(&console, FIREWALL, "\"Allow\"");
    console_visit(&console, VAULT);
    terminal_expect(console.terminal, OPEN_FINDING);
    console_done(&console);
}

/* One way: the banner, the whole name, the wait, and no undo afterwards. */
static void test_purge_protection(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    console_plan(&console, PURGE_FINDING);
    terminal_expect(console.terminal, "CANNOT BE UNDONE");
    /* The name alone is not enough before the time has passed. */
    console_confirm(&console, VAULT);
    assert_int_equal(writes(&console), 0);
    terminal_watch(console.terminal, 3500);
    terminal_keys(console.terminal, "<Enter>");
    terminal_expect(console.terminal, "[5 APPLY]");
    terminal_expect(console.terminal, "Ended.");
    expect_vault(&console, "properties.enablePurgeProtection", "true");
    console_go(&console, "<Esc>", "[Findings");
    console_go(&console, "6", "Turn purge protection on");
    terminal_keys(console.terminal, "U");
    terminal_watch(console.terminal, 300);
    assert_false(terminal_shows(console.terminal, "[1 TARGETS]"));
    console_done(&console);
}

/* Safe: the key y and nothing else. */
static void test_diagnostics(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    console_plan(&console, LOG_FINDING);
    terminal_watch(console.terminal, 600);
    terminal_keys(console.terminal, "<Enter>xnY <Enter>");
    terminal_watch(console.terminal, 300);
    assert_int_equal(writes(&console), 0);
    terminal_expect(console.terminal, "[4 CONFIRM]");
    console_go(&console, "y", "[5 APPLY]");
    terminal_expect(console.terminal, "Ended.");
    assert_int_equal(cloud_requests(console.cloud, "PUT"), 1);
    console_done(&console);
}

/* ---- what never confirms ---- */

struct refusal_row {
    const char *name;
    const char *keys;
    const char *paste;
};

static const struct refusal_row refusal_rows[] = {
    { "Enter alone", "<Enter><Enter>", NULL },
    { "another text", "kv-pay-prod-we<Enter>", NULL },
    { "other case", "KV-PAY-PROD-WEU<Enter>", NULL },
    { "a blank more", "kv-pay-prod-weu <Enter>", NULL },
    { "yes", "yes<Enter>", NULL },
    { "pasted with its line end", NULL, "kv-pay-prod-weu\r" },
    { "pasted with line feeds", NULL, "kv-pay-prod-weu\n\n" },
    { "the key that opened it", "xxx", NULL },
};

static void check_refusal(
    struct console *console, const struct refusal_row *row)
{
    console_plan(console, OPEN_FINDING);
    terminal_watch(console->terminal, 600);
    if (row->keys)
        terminal_keys(console->terminal, row->keys);
    if (row->paste)
        terminal_paste(console->terminal, row->paste);
    terminal_watch(console->terminal, 400);
    if (writes(console) != 0 || terminal_shows(console->terminal, "[5 APPLY]"))
        fail_with("%s confirmed; the screen is:\n%s", row->name,
            terminal_text(console->terminal));
    terminal_press_until(console->terminal, "<Esc>", "[Findings");
}

static void test_refusals(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    for (size_t i = 0; i < LENGTH(refusal_rows); i++)
        check_refusal(&console, &refusal_rows[i]);
    console_done(&console);
}

/* Everything typed before the question was on the screen is thrown away. */
static void test_type_ahead(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    console_plan(&console, OPEN_FINDING);
    terminal_press_until(console.terminal, "<Esc>", "[Findings");
    /* Write mode is on now; the rest is sent in one breath. */
    console_go(&console, "x", "[1 TARGETS]");
    terminal_expect(console.terminal, "1 ready");
    terminal_keys(
        console.terminal, "<Enter><Enter><Enter>" VAULT "<Enter>yyy<Enter>");
    terminal_watch(console.terminal, 1500);
    assert_int_equal(writes(&console), 0);
    assert_false(terminal_shows(console.terminal, "[5 APPLY]"));
    console_done(&console);
}

/* Esc leaves from every step, with nothing sent. */
static void test_escape(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    console_plan(&console, OPEN_FINDING);
    terminal_watch(console.terminal, 600);
    terminal_keys(console.terminal, "kv-pay");
    terminal_press_until(console.terminal, "<Esc>", "[Findings");
    assert_int_equal(writes(&console), 0);
    console_done(&console);
}

static void test_read_only(void **state)
{
    const char *const arguments[] = { "--read-only", NULL };
    struct console console;

    (void)state;
    console_open_ready(
        &console, &(struct console_options){ .arguments = arguments });
    console_visit(&console, VAULT);
    console_go(&console, "x", "[1 TARGETS]");
    terminal_expect(console.terminal, "1 ready");
    for (int i = 0; i < 6; i++) {
        terminal_keys(console.terminal, "<Enter>");
        terminal_watch(console.terminal, 600);
    }
    terminal_keys(console.terminal, VAULT "<Enter>:write test<Enter>");
    terminal_watch(console.terminal, 500);
    assert_false(terminal_shows(console.terminal, "*WRITE*"));
    assert_int_equal(writes(&console), 0);
    console_done(&console);
}

/* Changed between preview and confirmation by somebody else: left alone. */
static void test_changed_meanwhile(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    console_plan(&console, OPEN_FINDING);
    cloud_patch(console.cloud, VAULT,
        "{\"properties\":{\"networkAcls\":{\"bypass\":\"None\","
        "\"defaultAction\":\"Allow\",\"ipRules\":[{\"value\":"
        "\"203.0.113.99\"}],\"virtualNetworkRules\":[]}}}");
    console_confirm(&console, VAULT);
    terminal_expect(console.terminal, "skipped");
    assert_int_equal(writes(&console), 1);
    expect_vault(&console, FIREWALL, "\"Allow\"");
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_firewall_and_back),
        cmocka_unit_test(test_purge_protection),
        cmocka_unit_test(test_diagnostics),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_type_ahead),
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_changed_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
