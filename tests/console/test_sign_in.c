/* The device-code screen in a terminal: the address as a picture where there
 * is room for it, and as text always. */
#include "test.h"

#include "kvgov_console.h"

#define FULL_BLOCK "\xe2\x96\x88"
#define BLACK 0
#define WHITE 7

static void open_code(struct console *console, const char *locale)
{
    static const char *const cloud[] = { "--fault", "device=pending", NULL };
    static const char *const arguments[] = { "--auth", "device-code", NULL };
    const char *const environment[] = { locale, NULL };

    console_open(console, &(struct console_options){
                              .cloud = cloud,
                              .arguments = arguments,
                              .environment = environment,
                          });
    terminal_expect(console->terminal, "Waiting for you");
    assert_true(terminal_shows(console->terminal, "/devicelogin"));
    assert_true(terminal_shows(console->terminal, "2.  Enter this code"));
}

static void test_picture(void **state)
{
    struct console console;
    struct terminal_cell cell;
    int row;

    (void)state;
    open_code(&console, "LC_ALL=C.UTF-8");
    row = terminal_find_row(console.terminal, FULL_BLOCK);
    assert_true(row >= 0);
    cell = terminal_cell(console.terminal, row, 70);
    assert_int_equal(cell.foreground, BLACK);
    assert_int_equal(cell.background, WHITE);
    terminal_resize(console.terminal, 24, 70); /* no room beside the text */
    terminal_expect_gone(console.terminal, FULL_BLOCK);
    terminal_expect(console.terminal, "/devicelogin");
    console_done(&console);
}

static void test_no_picture(void **state)
{
    struct console console;

    (void)state;
    open_code(&console, "LC_ALL=C");
    assert_false(terminal_shows(console.terminal, FULL_BLOCK));
    assert_lacks(terminal_text(console.terminal), "U+25");
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_picture),
        cmocka_unit_test(test_no_picture),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
