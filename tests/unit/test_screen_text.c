/* The screen that shows one document: scrolling and searching. */
#include "fake_console.h"

#include "screen_text.h"

#define LINES_ALL 40

/* Every line says its number; every tenth is about a firewall. */
static void open_text(struct app *app)
{
    struct sheet sheet = { 0 };

    fake_open(app, 12, 60);
    for (int i = 0; i < LINES_ALL; i++)
        sheet_putf(&sheet, ROLE_TEXT, 1, "line %d%s", i,
            i % 10 == 9 ? " of the Firewall" : "");
    screen_open_text(app, "Details", &sheet);
}

static void type(struct app *app, const char *keys)
{
    for (; *keys; keys++)
        fake_key(app,
            *keys == '\n' ? (uint32_t)CODE_ENTER : (uint32_t)(uint8_t)*keys);
}

struct search_case {
    const char *keys;
    const char *shown;
    int cursor_row;
};

/* Lines 9, 19, 29 and 39 hold it; 11 rows are shown at a time. */
static const struct search_case search_cases[] = {
    { "/firewall\n", "line 9 of", 9 },
    { "/firewall\nn", "line 19 of", 0 },
    { "/firewall\nnn", "line 29 of", 10 },
    { "/firewall\nnnn", "line 39 of", 10 },
    { "/firewall\nnnnn", "line 9 of", 0 },
    { "/firewall\nN", "line 39 of", 10 },
    { "/firewall\nnN", "line 9 of", 0 },
    { "/line 33\n", "line 33", 4 },
};

static void test_search(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(search_cases); i++) {
        struct app app;

        open_text(&app);
        type(&app, search_cases[i].keys);
        fake_expect(&app, search_cases[i].shown);
        if (app.grid.cursor_row != search_cases[i].cursor_row)
            fail_with("%s: the cursor is on row %d, expected %d",
                search_cases[i].keys, app.grid.cursor_row,
                search_cases[i].cursor_row);
        fake_close(&app);
    }
}

static void test_not_found(void **state)
{
    struct app app;

    (void)state;
    open_text(&app);
    type(&app, "/purge\n");
    assert_contains(app.notice, "no line here holds \"purge\"");
    fake_expect(&app, "line 0");
    fake_close(&app);
}

/* Escape ends the search and not the screen; n means nothing then. */
static void test_escape(void **state)
{
    struct app app;

    (void)state;
    open_text(&app);
    type(&app, "/fire");
    fake_key(&app, CODE_ESCAPE);
    assert_non_null(app.top);
    type(&app, "n");
    fake_expect(&app, "line 0");
    fake_close(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_not_found),
        cmocka_unit_test(test_escape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
