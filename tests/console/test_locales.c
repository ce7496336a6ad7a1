/* Locales: each starts, says the same, and keeps its columns straight, also
 * where names are wide or cannot be shown at all. */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base.h"
#include "program.h"
#include "temp.h"
#include "walk.h"

/* Everybody with a right on a vault fits, the strangest names too. */
#define ROWS 48
#define COLUMNS 100
#define WIDE "\xe6\x97\xa5\xe6\x9c\xac\xe9\x81\x8b\xe7\x94\xa8"

struct locale_row {
    const char *name;
    const char *language; /* what localedef makes it from; NULL: is there */
    const char *charset;
    bool wide; /* shows what is not ASCII */
};

static const struct locale_row locale_rows[] = {
    { "C.UTF-8", NULL, NULL, true },
    { "C", NULL, NULL, false },
    { "ja_JP.UTF-8", "ja_JP", "UTF-8", true },
    { "de_DE.ISO-8859-1", "de_DE", "ISO-8859-1", false },
};

/* Into a folder of the test's own: the system stays as it is. localedef warns
 * about its own data, so what counts is what it left behind. False where the C
 * library has no such program. */
static bool make_locale(const char *folder, const struct locale_row *row)
{
    char *path = temp_path(folder, row->name);
    const char *const argv[] = { "localedef", "--no-archive", "-i",
        row->language, "-f", row->charset, path, NULL };
    struct program made;
    struct stat status;
    bool can;

    program_run(&made, &(struct program_options){ .argv = argv });
    can = made.code != 127;
    if (can && stat(path, &status) != 0)
        fail_with("localedef made no %s: %s", row->name, buf_text(&made.err));
    program_done(&made);
    mem_free(path);
    return can;
}

/* The type of everybody stands below its head. */
static void expect_straight(struct console *console, const char *locale)
{
    const char *heads = terminal_row(console->terminal, 3);
    int column = (int)(strstr(heads, "TYPE") - heads);
    int end = terminal_find_row(console->terminal, " row 1 of 30");
    int rows = 0;

    for (int row = 4; row < end; row++) {
        if (!strstr(terminal_row(console->terminal, row), " user "))
            continue;
        rows++;
        if (terminal_point(console->terminal, row, column - 1) != ' ' ||
            terminal_point(console->terminal, row, column) != 'u')
            fail_with("%s: row %d is not straight: %s", locale, row,
                terminal_row(console->terminal, row));
    }
    assert_true(rows > 20);
}

static void check_names(struct console *console, const struct locale_row *row)
{
    terminal_resize(console->terminal, ROWS, COLUMNS);
    console_go(console, "<Esc>4", "> Access");
    console_go(console, "/type:user<Enter>", "row 1 of 30");
    terminal_settle(console->terminal, 200);
    expect_straight(console, row->name);
    if (terminal_shows(console->terminal, WIDE) != row->wide ||
        terminal_shows(console->terminal, "<U+65E5>") == row->wide)
        fail_with("%s shows a Japanese name like this:\n%s", row->name,
            terminal_text(console->terminal));
    /* Hidden in all of them. */
    terminal_expect(console->terminal, "Contractor <U+001B>");
}

static void check(
    struct console *console, struct walk_texts *texts, const char *folder)
{
    char variable[64];
    char path[4096];
    const char *const environment[] = { variable, path, NULL };

    snprintf(path, sizeof path, "LOCPATH=%s", folder);
    for (size_t i = 0; i < LENGTH(locale_rows); i++) {
        if (locale_rows[i].language && !make_locale(folder, &locale_rows[i]))
            continue;
        snprintf(
            variable, sizeof variable, "LC_ALL=%s", locale_rows[i].name);
        texts->name = locale_rows[i].name;
        console->options.environment = environment;
        console_reopen(console);
        walk(console, walk_take_text, texts);
        check_names(console, &locale_rows[i]);
    }
}

static void test_locales(void **state)
{
    struct walk_texts texts = { 0 };
    char *folder = temp_new();
    struct console console;

    (void)state;
    /* Where bytes are characters curses repeats one by REP, if the terminal can;
     * libvterm counts that one short at the right edge. */
    console_open(
        &console, &(struct console_options){ .term = "screen-256color" });
    check(&console, &texts, folder);
    console_done(&console);
    walk_texts_done(&texts);
    temp_done(folder);
}

/* One that the system does not have is no reason not to start. */
static void test_no_locale(void **state)
{
    const char *const environment[] = { "LC_ALL=xx_XX.nonsense", NULL };
    struct console console;

    (void)state;
    console_open_ready(
        &console, &(struct console_options){ .environment = environment });
    console_go(&console, "2", "Posture > Vaults");
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locales),
        cmocka_unit_test(test_no_locale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
