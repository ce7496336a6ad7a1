/* keys.ini: which keys it may give to which action, and that no map puts a
 * change on one key. */
#include "test.h"

#include "actions.h"
#include "base.h"
#include "console.h"
#include "temp.h"

#include <string.h>

static void load(
    const char *text, struct keymap *map, struct keymap_problems *problems)
{
    char *folder = temp_new();
    char *path = temp_path(folder, "keys.ini");

    *map = (struct keymap){ 0 };
    *problems = (struct keymap_problems){ 0 };
    test_write_file(path, text);
    keymap_load_file(map, path, problems);
    mem_free(path);
    temp_done(folder);
}

/* ---- the tables ---- */

static bool is_name(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz-") == strlen(text);
}

static void every_row_has_a_name(void **state)
{
    struct action_group group;

    (void)state;
    for (size_t i = 0; actions_group(i, &group); i++)
        for (const struct binding *at = group.bindings; at && at->key; at++) {
            if (!at->name || !is_name(at->name))
                fail_with("%s: the row \"%s\" has no name of an action",
                    group.title, at->help);
            if (prompt_knows(view_of(at->name)) &&
                strcmp(at->name, "matrix") != 0)
                fail_with("%s: \"%s\" is a command too", group.title, at->name);
        }
}

/* What is one action has one pair of keys. */
static void one_name_has_the_same_keys(void **state)
{
    struct action_group group;

    (void)state;
    for (size_t i = 0; actions_group(i, &group); i++)
        for (const struct binding *at = group.bindings; at && at->key; at++) {
            const struct binding *first = actions_known(view_of(at->name));

            if (first->key != at->key)
                fail_with("%s: \"%s\" has another key elsewhere", group.title,
                    at->name);
        }
}

/* ---- reading ---- */

struct load_row {
    const char *text;
    const char *problem; /* NULL: none */
    const char *action;
    const char *keys; /* that it then has */
};

static const struct load_row load_rows[] = {
    { "mark = M\n", NULL, "mark", "M" },
    { "[keys]\nmark = M m2\n", "keys.ini:2: \"M m2\" is not", "mark", "Space" },
    { "mark = Ctrl-T Home\n", "has that key for \"first\"", "mark", "Space" },
    { "first = F5\nrescan = R\nreread = R\n", NULL, "first", "F5" },
    { "mark = é\n", NULL, "mark", "é" },
    { "mark = Semicolon PgUp\npage-up = Ctrl-B\n", NULL, "mark", "; PgUp" },
    { "; nothing\n\nmark = x\n", "keys.ini:3: the screen Vaults has that key",
        "mark", "Space" },
    { "mark = X\nfix = X\n", "keys.ini:1: the screen Vaults", "fix", "X" },
    { "fix = m\nmatrix = X\n", NULL, "fix", "m" },
    { "nosuch = a\nmark = M\n", "keys.ini:1: there is no action \"nosuch\"",
        "mark", "M" },
    { "mark = M\nmark = N\n", "keys.ini:2: \"mark\" is set in line 1", "mark",
        "M" },
    { "mark\nfix = X\n", "keys.ini:1: is not", "fix", "X" },
    { "mark =\n", "is not one or two keys", "mark", "Space" },
    { "back = b\n", "\"back\" keeps its keys", "back", "Esc Backspace" },
    { "fix = Esc\n", "has that key for \"back\"", "fix", "x" },
    { "stop = x\n", "\"stop\" keeps its keys", "stop", "Ctrl-C" },
    { "write = w\n", "\"write\" is a command", "mark", "Space" },
    { "\x1b[2J = w\n", "there is no action \"<U+001B>[2J\"", "mark", "Space" },
};

static void loading(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(load_rows); i++) {
        const struct load_row *row = &load_rows[i];
        struct keymap map;
        struct keymap_problems problems;
        struct buf keys = { .limit = 64 };

        load(row->text, &map, &problems);
        keymap_put(&map, actions_known(view_of(row->action)), &keys);
        if (row->problem && !problems.count)
            fail_with("%s: no problem", row->text);
        if (row->problem && !strstr(problems.items[0], row->problem))
            fail_with("%s: %s", row->text, problems.items[0]);
        if (problems.count > (row->problem != NULL))
            fail_with(
                "%s: also %s", row->text, problems.items[row->problem != NULL]);
        if (strcmp(buf_text(&keys), row->keys) != 0)
            fail_with("%s: %s has the keys %s", row->text, row->action,
                buf_text(&keys));
        buf_done(&keys);
        keymap_problems_done(&problems);
        keymap_done(&map);
    }
}

/* What is printed can be read, and says the same. */
static void printing(void **state)
{
    struct keymap map;
    struct keymap_problems problems;
    struct buf first = { .limit = 65536 };
    struct buf again = { .limit = 65536 };

    (void)state;
    load("mark = M\nfix = X Semicolon\n", &map, &problems);
    keymap_print(&map, &first);
    assert_contains(buf_text(&first), "\nmark = M\n");
    assert_contains(buf_text(&first), "\n; back = Esc Backspace\n");
    keymap_done(&map);
    load(buf_text(&first), &map, &problems);
    assert_int_equal(problems.count, 0);
    keymap_print(&map, &again);
    assert_string_equal(buf_text(&again), buf_text(&first));
    keymap_done(&map);
    buf_done(&again);
    buf_done(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_name),
        cmocka_unit_test(one_name_has_the_same_keys),
        cmocka_unit_test(loading),
        cmocka_unit_test(printing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
