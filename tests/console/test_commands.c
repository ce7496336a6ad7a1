/* Doing things by name: the command line, the palette, and keys that were given
 * to other actions. */
#include "test.h"

#include "base.h"
#include "kvgov_console.h"
#include "temp.h"

#include <string.h>
#include <sys/stat.h>

struct typed_row {
    const char *name;
    const char *before; /* pressed first */
    const char *keys;
    const char *says;
};

static const struct typed_row typed_rows[] = {
    { "a screen", "", ":vaults<Enter>", "Posture > Vaults" },
    { "completed", "", ":matr<Tab><Enter>", "Posture > Matrix" },
    { "as far as it goes", "2", ":mar<Tab>", "mark-range" },
    { "an action of the screen", "2", ":mark-all<Enter>", "47 marked" },
    { "one that a key only moves", "2", ":last<Enter>", "row 47 of 47" },
    { "what cannot be done", "", ":portal<Enter>",
        "portal: no vault is under the cursor" },
    { "what needs a row", "2/nosuch<Enter>", ":fix<Enter>",
        "fix: there is no vault here" },
    { "what was typed before", "", ":vaults<Enter>:mark-all<Enter>:<Up><Up>",
        ":vaults" },
    { "a word that is none", "", ":nosuch<Enter>",
        "there is no command \"nosuch\"" },
    { "too short", "", ":m<Enter>", "more than one command starts" },
    { "a view that is saved", "2/pay net:open<Enter>", ":save open pay<Enter>",
        "saved; :view open pay" },
    { "a view that is shown", "", ":view op<Tab><Enter>",
        "Posture > Vaults   / pay net:open" },
    { "a view that is forgotten", "", ":forget open pay<Enter>:view x<Enter>",
        "there is no view \"x\"" },
    { "columns", "2", ":columns<Enter>", "columns  1 + SEV" },
    { "true hints", "2", "s", " Esc closes\n" },
    { "a theme's name", "", ":theme mo<Tab><Enter>:theme<Enter>",
        "the theme is mono" },
    { "the palette", "2", "<C-p>", "mark this row" },
    { "a palette that is narrowed", "2", "<C-p>by recommendations<Enter>",
        "> Matrix" },
    { "why an entry is grey", "2/nosuch<Enter>", "<C-p>fix",
        "(not now: there is no vault here)" },
    { "what needs a word", "", "<C-p>another theme<Enter>", ":theme " },
    { "what the palette has not", "2", "<C-p>nosuch",
        "Nothing here is called" },
    { "a closed palette", "2", "<C-p><Esc>", "row 1 of 47" },
};

static void by_name(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    for (size_t i = 0; i < LENGTH(typed_rows); i++) {
        const struct typed_row *row = &typed_rows[i];

        terminal_keys(console.terminal, row->before);
        terminal_settle(console.terminal, 80);
        terminal_keys(console.terminal, row->keys);
        if (!terminal_wait_text(console.terminal, row->says, 5000))
            fail_with("%s does not show: %s\n%s", row->name, row->says,
                terminal_text(console.terminal));
        terminal_keys(console.terminal, "<Esc><Esc><Esc>1");
        terminal_expect(console.terminal, "1Posture");
    }
    console_done(&console);
}

/* A pasted line runs nothing, neither here nor there. */
static void a_paste_runs_nothing(void **state)
{
    struct console console;

    (void)state;
    console_open_ready(&console, &(struct console_options){ 0 });
    console_go(&console, "<C-p>", "What can be done here");
    terminal_paste(console.terminal, "vaults\r");
    terminal_expect(console.terminal, "every vault and managed HSM");
    terminal_keys(console.terminal, "<Esc>:");
    terminal_paste(console.terminal, "vaults\r");
    terminal_settle(console.terminal, 200);
    assert_false(terminal_shows(console.terminal, "Posture > Vaults"));
    console_done(&console);
}

static void write_keys(const char *folder, const char *text)
{
    char *kvgov = temp_path(folder, "kvgov");
    char *path = temp_path(folder, "kvgov/keys.ini");

    assert_int_equal(mkdir(kvgov, 0700), 0);
    test_write_file(path, text);
    mem_free(path);
    mem_free(kvgov);
}

static void other_keys(void **state)
{
    char *folder = temp_new();
    struct buf config = { .limit = 4096 };
    struct console console;

    (void)state;
    buf_putf(&config, "XDG_CONFIG_HOME=%s", folder);
    const char *const environment[] = { buf_text(&config), NULL };
    write_keys(folder, "down = J\nfix = K\nnosuch = Q\nwrite = W\n");
    console_open_ready(
        &console, &(struct console_options){ .environment = environment });
    terminal_expect(console.terminal, "\"write\" is a command");
    console_go(&console, "!/nosuch<Enter>", "there is no action \"nosuch\"");
    console_go(&console, "<Esc>2", "K fix");
    console_go(&console, "J", "row 2 of 47");
    /* What was taken away does nothing more, and nothing else. */
    console_go(&console, "jxJ", "row 3 of 47");
    /* A letter is a letter where text is typed. */
    console_go(&console, "/Kj", "/ Kj");
    console_go(&console, "<Esc>K", "Fix");
    console_done(&console);
    buf_done(&config);
    temp_done(folder);
}

/* "copy" shares its first key with an answer, and letters of the name have other
 * keys: none of that reaches the question. */
static void no_map_answers(void **state)
{
    char *folder = temp_new();
    struct buf config = { .limit = 4096 };
    struct console console;

    (void)state;
    buf_putf(&config, "XDG_CONFIG_HOME=%s", folder);
    const char *const environment[] = { buf_text(&config), NULL };
    write_keys(folder, "copy = Z\nlast = k\nup = y\n");
    console_open_ready(
        &console, &(struct console_options){ .environment = environment });
    console_visit(&console, "kv-pay-prod-weu");
    console_plan(&console, "Any address on the internet gets in");
    terminal_watch(console.terminal, 600);
    console_go(&console, "Zkv-pay-prod-weu", "> Zkv-pay-prod-weu");
    terminal_expect_gone(console.terminal, ":command");
    console_go(&console, "<C-u>kv-pay-prod-weu", "the text matches");
    assert_int_equal(cloud_requests(console.cloud, "PATCH"), 0);
    console_done(&console);
    buf_done(&config);
    temp_done(folder);
}

/* What a scan brings waits until it is asked for; a line says so. */
static void for_a_screen_reader(void **state)
{
    const char *const arguments[] = { "--screen-reader", NULL };
    struct console console;

    (void)state;
    console_open(&console, &(struct console_options){ .arguments = arguments });
    terminal_expect(console.terminal, "r shows them");
    console_go(&console, "r", "1  denied  properties");
    console_go(&console, "2", "row 1 of 47");
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_name),
        cmocka_unit_test(a_paste_runs_nothing),
        cmocka_unit_test(other_keys),
        cmocka_unit_test(no_map_answers),
        cmocka_unit_test(for_a_screen_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
