/* What the screens show of the Contoso estate, at the sizes and in the
 * terminals that people have, and what showing it costs. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base.h"
#include "kvgov_console.h"

#define VAULT "kv-pay-prod-weu"
#define SAYS 8

struct screen_row {
    const char *name;
    int rows;
    int columns;
    const char *keys;
    const char *says[SAYS];
};

static const struct screen_row screen_rows[] = {
    { "posture at 80x24", 24, 80, "",
        { " kvgov ", "READ-ONLY", "contoso.com", CONSOLE_KNOWN, "CRIT ",
            "UNKNOWN is never counted as PASS",
            "Any address on the internet gets in", "97.7%" } },
    { "posture at 120x40", 40, 120, "",
        { " kvgov ", "READ-ONLY", CONSOLE_KNOWN,
            "Any address on the internet gets in", "NET-2   ####?.........",
            "ACC-6   ############?.", "Microsoft.KeyVault/vaults/read",
            "Microsoft.Insights/diagnosticSettings/read" } },
    { "vaults at 80x24", 24, 80, "2",
        { "Posture > Vaults", "NAME", VAULT, "open", "CRIT", "row 1 of 47" } },
    { "vaults at 120x40", 40, 120, "2",
        { "Posture > Vaults", "SUBSCRIPTION", "Contoso Payment",
            "kv-shop-prod-weu" } },
    { "a filter", 24, 80, "2/name:pay net:open<Enter>", { "1 of 47", VAULT } },
    { "a filter that hides all", 24, 80, "2/nosuchvault<Enter>",
        { "No vault", "47" } },
    { "a denied vault", 24, 80, "2/kv-legal-hold<Enter>",
        { "kv-legal-hold-weu", " ? ", "403" } },
    { "a denied vault's detail", 24, 80, "2/kv-legal-hold<Enter><Enter>",
        { "Vaults > kv-legal-hold-weu", "?",
            "Microsoft.KeyVault/vaults/read" } },
    { "the vault's network", 24, 80, "2/kv-pay-prod<Enter><Enter><Tab><Tab>",
        { "[Network", "any address on the internet" } },
    { "the vault's access", 24, 80, "2/kv-pay-prod<Enter><Enter><Tab>",
        { "[Access", "access policies" } },
    { "where the vault's logs go", 24, 80, "2/kv-pay-core<Enter><Enter>[[[",
        { "[Logging 1]", "365 days, says table AZKVAuditLogs", "READ THERE",
            "alert-pay-core-availability" } },
    { "what is in the vault", 24, 80, "2/kv-pay-core<Enter><Enter>[[",
        { "[Objects 11]", "4 keys   5 secrets   2 certificates",
            "settlement-sftp", "at 80%" } },
    { "what happened to the vault", 24, 80, "2/kv-pay-core<Enter><Enter>[",
        { "[History", "audit log", "SecretBackup" } },
    { "the worst subscriptions", 40, 120, "",
        { "WORST SUBSCRIPTIONS", "Contoso Dev Test", "100.0%", "2 more",
            "w worst" } },
    { "subscriptions", 24, 80, "w",
        { "Posture > Subscriptions", "6 subscriptions", "Contoso Data Prod" } },
    { "the vaults of the worst one", 24, 80, "w<Enter>",
        { "/ sub=\"Contoso Dev Test\"", "10 of 47", "row 1 of 10" } },
    { "the matrix", 24, 80, "m",
        { "Posture > Matrix", "column 1 of", "SEP   ACC",
            "SEP-1 not applicable: One vault per application", "C H M l i fail",
            "d vault" } },
    { "the matrix, to the right", 24, 80, "m<Right>l<Down>",
        { "column 3 of", "ACC-1" } },
    { "a cell of the matrix", 24, 80, "m<Enter>",
        { "Matrix > SEP-1", "EVIDENCE", "WHY" } },
    { "fixes at 80x24", 24, 80, "3",
        { "Posture > Fixes", "Any address on the internet gets in", "G2 access",
            "blocked  1 locked", "change   Turn the firewall on" } },
    { "fixes at 120x40", 40, 120, "3", { "BLOCKED", "NET-2", "1 locked" } },
    { "the vaults behind a fix", 24, 80, "3<Enter>",
        { "NET-2: Any address", VAULT } },
    { "the trend of a row", 24, 80, "t",
        { "Posture > Trend: NET-2", "2 days a column", "today",
            "no scan up to this day is kept" } },
    { "access at 80x24", 24, 80, "4",
        { "Posture > Access", "principals", "id-data-etl-weu",
            "Counts are vaults and HSMs", "reads the values in 8 vaults" } },
    { "one principal", 24, 80, "4/id-data-etl<Enter><Enter>",
        { "Access > id-data-etl-weu", "8 vaults", "kv-data-bi-weu",
            "reads secret values",
            "Key Vault Secrets User at the subscription Contoso Data Prod" } },
    { "help", 24, 80, "2?", { "THIS SCREEN", "Space", "mark this row" } },
    { "messages", 24, 80, "!", { "not permitted; it needs" } },
    { "the journal, empty", 24, 80, "6", { "Journal" } },
    { "help at 60x15", 15, 60, "?", { "One row", "THIS SCREEN", "rows 1 to" } },
    { "the baselines", 24, 80, ":baseline 2018<Enter>",
        { "there is no baseline \"2018\"" } },
    { "what HSMs were asked in 2020", 24, 80, ":baseline 2020-hsm<Enter>",
        { "judged by 2020-hsm" } },
    { "who, at 60x15", 15, 60, ":signin<Enter>", { "2a1997b41ee2)" } },
    { "smallest", 15, 60, "2", { "Vaults", VAULT } },
};

static void check_screen(const struct screen_row *row)
{
    struct console console;

    console_open_ready(&console, &(struct console_options){ .rows = row->rows,
                                     .columns = row->columns });
    terminal_keys(console.terminal, row->keys);
    for (size_t i = 0; i < SAYS && row->says[i]; i++)
        if (!terminal_wait_text(console.terminal, row->says[i], 10000))
            fail_with("%s does not show: %s\n%s", row->name, row->says[i],
                terminal_text(console.terminal));
    console_done(&console);
}

static void test_screens(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(screen_rows); i++)
        check_screen(&screen_rows[i]);
}

/* ---- sizes ---- */

static void test_resize(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_visit(&console, VAULT);
    terminal_resize(console.terminal, 40, 120);
    terminal_expect(console.terminal, "Contoso Payments Prod  westeurope");
    terminal_resize(console.terminal, 12, 50);
    terminal_expect(console.terminal, "60x15");
    terminal_expect(console.terminal, "50x12");
    terminal_resize(console.terminal, 24, 80);
    terminal_expect(console.terminal, "[Findings");
    /* Nothing of the notice is left behind. */
    assert_false(terminal_shows(console.terminal, "60x15"));
    console_done(&console);
}

/* After many sizes the screen is what a redraw from nothing would be. */
static void test_resize_often(void **state)
{
    struct console console;
    unsigned seed = 1;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_go(&console, "2", "Posture > Vaults");
    for (int i = 0; i < 60; i++) {
        seed = seed * 1103515245 + 12345;
        terminal_resize(console.terminal, 10 + (int)(seed >> 16) % 60,
            40 + (int)(seed >> 8) % 160);
        terminal_watch(console.terminal, 10);
    }
    terminal_resize(console.terminal, 24, 80);
    terminal_expect(console.terminal, "Esc back");
    terminal_settle(console.terminal, 300);
    char *before = mem_copy_text(terminal_text(console.terminal));
    terminal_keys(console.terminal, "<C-l>");
    terminal_settle(console.terminal, 300);
    assert_string_equal(terminal_text(console.terminal), before);
    mem_free(before);
    console_done(&console);
}

/* ---- the cursor, colours, and bytes ---- */

/* After a cursor has moved the screen is what a redraw from nothing would be. */
static void test_moves(void **state)
{
    static const struct {
        const char *keys;
        const char *says;
    } rows[] = {
        { "", "Posture" },
        { "2", "Posture > Vaults" },
        { "3", "Posture > Fixes" },
        { "4", "Posture > Access" },
        { "!", "Messages" },
        { "1m", "Matrix" },
        { "2<Enter>", "[Findings" },
        { "2<Enter><Tab>", "[Access" },
        { "2/net:open<Enter>", "of 47" },
        { "13x", "[1 TARGETS]" },
    };
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    for (size_t i = 0; i < LENGTH(rows); i++) {
        terminal_keys(console.terminal, "<Esc><Esc><Esc>1g");
        terminal_settle(console.terminal, 100);
        terminal_keys(console.terminal, rows[i].keys);
        terminal_expect(console.terminal, rows[i].says);
        terminal_settle(console.terminal, 200);
        for (const char *key = "jjjkjGkkgjj"; *key; key++) {
            const char keys[] = { *key, '\0' };

            terminal_keys(console.terminal, keys);
            terminal_settle(console.terminal, 20);
        }
        char *before = mem_copy_text(terminal_text(console.terminal));
        terminal_keys(console.terminal, "<C-l>");
        terminal_settle(console.terminal, 100);
        assert_string_equal(terminal_text(console.terminal), before);
        mem_free(before);
    }
    console_done(&console);
}

static void expect_cursor_on(struct console *console, const char *text)
{
    int row;
    int column;

    terminal_settle(console->terminal, 100);
    terminal_cursor(console->terminal, &row, &column);
    if (!strstr(terminal_row(console->terminal, row), text))
        fail_with("the cursor is on row %d, not on %s:\n%s", row, text,
            terminal_text(console->terminal));
}

static void test_cursor(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_go(&console, "2/kv-pay<Enter>", "5 of 47");
    assert_true(terminal_modes(console.terminal).cursor_visible);
    expect_cursor_on(&console, "> ");
    terminal_keys(console.terminal, "<Down>");
    expect_cursor_on(&console, "> ");
    terminal_keys(console.terminal, "<End>");
    expect_cursor_on(&console, "> ");
    console_done(&console);
}

struct cost_row {
    const char *name;
    const char *before; /* pressed once */
    const char *keys;
    size_t most;
};

#define DOWN_5 "<Down><Down><Down><Down><Down>"
#define DOWN_20 DOWN_5 DOWN_5 DOWN_5 DOWN_5

/* Bars of the design's speed table, for 80x24. */
static const struct cost_row cost_rows[] = {
    { "one row down", "<Down><Down>", "<Down>", 120 },
    { "one row up", "", "<Up>", 120 },
    { "scrolling by one", DOWN_20, "<Down>", 300 },
    { "the last row", "", "<End>", 3000 },
    { "a whole frame", "", "<C-l>", 3000 },
};

/* The least of a few: an age may grow by a second in the same frame. */
static size_t cost_of(struct terminal *terminal, const char *keys)
{
    size_t least = SIZE_MAX;

    for (int i = 0; i < 3; i++) {
        size_t before = terminal_output(terminal).size;

        terminal_keys(terminal, keys);
        terminal_settle(terminal, 150);
        size_t cost = terminal_output(terminal).size - before;
        if (cost > 0 && cost < least)
            least = cost;
    }
    return least;
}

static void test_bytes(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_go(&console, "2", "Posture > Vaults");
    for (size_t i = 0; i < LENGTH(cost_rows); i++) {
        terminal_keys(console.terminal, cost_rows[i].before);
        terminal_settle(console.terminal, 300);
        size_t cost = cost_of(console.terminal, cost_rows[i].keys);

        if (cost > cost_rows[i].most)
            fail_with("%s: %zu bytes, at most %zu", cost_rows[i].name, cost,
                cost_rows[i].most);
    }
    console_done(&console);
}

/* With nothing under way nothing is written. The age of the data is a whole
 * minute only later. */
static void test_idle(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    terminal_settle(console.terminal, 1500);
    size_t before = terminal_output(console.terminal).size;
    terminal_watch(console.terminal, 3000);
    assert_in_range(terminal_output(console.terminal).size - before, 0, 60);
    console_done(&console);
}

static bool uses_colour(struct terminal *terminal)
{
    for (int row = 0; row < 24; row++)
        for (int column = 0; column < 80; column++) {
            struct terminal_cell cell = terminal_cell(terminal, row, column);

            if (cell.foreground != -1 || cell.background != -1)
                return true;
        }
    return false;
}

struct colour_row {
    const char *name;
    const char *argument;
    const char *environment;
    bool colour;
};

static const struct colour_row colour_rows[] = {
    { "as it comes", NULL, NULL, true },
    { "NO_COLOR", NULL, "NO_COLOR=1", false },
    { "--no-color", "--no-color", NULL, false },
};

static void test_colours(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(colour_rows); i++) {
        const struct colour_row *row = &colour_rows[i];
        const char *const arguments[] = { row->argument, NULL };
        const char *const environment[] = { row->environment, NULL };
        struct console console;

        console_open_ready(
            &console, &(struct console_options){
                          .arguments = arguments, .environment = environment });
        /* The whole frame, however slowly it comes. */
        for (int tries = 0;
             tries < 25 && uses_colour(console.terminal) != row->colour;
             tries++)
            terminal_settle(console.terminal, 200);
        terminal_settle(console.terminal, 200);
        if (uses_colour(console.terminal) != row->colour)
            fail_with("%s: colours are %s", row->name,
                row->colour ? "missing" : "there");
        console_done(&console);
    }
}

/* ---- terminals ---- */

static const char *const terminals[] = { "xterm", "xterm-256color", "vt100",
    "vt220", "linux", "screen-256color", "tmux-256color", "rxvt", "xterm-kitty",
    "foot", "alacritty", "xterm-ghostty", "wezterm", "putty-256color",
    "konsole-256color", "no-such-terminal" };

static void test_terminals(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(terminals); i++) {
        struct console console;

        console_open(
            &console, &(struct console_options){ .term = terminals[i] });
        if (!terminal_wait_text(console.terminal, CONSOLE_KNOWN, 20000))
            fail_with("TERM=%s shows:\n%s", terminals[i],
                terminal_text(console.terminal));
        console_go(&console, "2", "Posture > Vaults");
        console_go(&console, "<Down><Down>", "row 3 of 47");
        console_done(&console);
    }
}

static void test_dumb(void **state)
{
    struct console console;

    (void)state;
    console_open(&console, &(struct console_options){ .term = "dumb" });
    int status = terminal_expect_exit(console.terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    assert_contains(terminal_text(console.terminal), "kvgov --plain");
    assert_contains(terminal_text(console.terminal), "kvgov list");
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_screens),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_resize_often),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_terminals),
        cmocka_unit_test(test_dumb),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
