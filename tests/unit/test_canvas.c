/* The canvas: cells, clipping, wide text, and that nothing of a stranger's
 * text reaches a cell that a terminal would obey. */
#include "test.h"

#include "canvas.h"

#include <locale.h>
#include <string.h>

static struct grid grid_of(int rows, int columns)
{
    struct grid grid = { 0 };

    grid_resize(&grid, rows, columns);
    return grid;
}

/* Compares the whole grid as text and ends it. */
static void assert_grid(
    struct grid *grid, const char *name, const char *expected)
{
    struct buf text = { .limit = 65536 };

    grid_dump(grid, &text);
    if (strcmp(buf_text(&text), expected) != 0)
        fail_with("%s: expected\n%s\ngot\n%s", name, expected, buf_text(&text));
    buf_done(&text);
    grid_done(grid);
}

static void text_becomes_cells(void **state)
{
    static const struct {
        const char *name;
        int column;
        const char *text;
        const char *expected;
    } rows[] = {
        { "plain", 0, "kv-pay", "kv-pay\n" },
        { "cut at the right edge", 5, "kv-pay-prod", "     kv-pa\n" },
        { "cut at the left edge", -3, "kv-pay", "pay\n" },
        { "outside", 10, "kv", "\n" },
        { "wide", 0, "\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac\n" },
        { "no half characters", 9, "\xe6\x97\xa5", "\n" },
        { "combining", 0, "e\xcc\x81x", "e\xcc\x81x\n" },
        { "escape sequence", 0, "\x1b[2J", "<U+001B>[2\n" },
        { "right to left", 0, "\xe2\x80\xae", "<U+202E>\n" },
        { "line break", 0, "a\nb", "a<U+000A>b\n" },
        { "invalid", 0, "\xff", "<0xFF>\n" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct grid grid = grid_of(1, 10);
        struct canvas canvas = canvas_of(&grid);

        canvas_move(&canvas, 0, rows[i].column);
        canvas_puts(&canvas, ROLE_TEXT, rows[i].text);
        assert_grid(&grid, rows[i].name, rows[i].expected);
    }
}

static void fields(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        bool right;
        const char *expected;
    } rows[] = {
        { "left", "ab", false, "ab   |\n" },
        { "right", "ab", true, "   ab|\n" },
        { "exact", "abcde", false, "abcde|\n" },
        { "cut", "abcdef", false, "abcd~|\n" },
        { "cut right", "abcdef", true, "abcd~|\n" },
        { "cut before a wide one", "abc\xe6\x97\xa5\xe6\x97\xa5", false,
            "abc~ |\n" },
        { "empty", "", false, "     |\n" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct grid grid = grid_of(1, 10);
        struct canvas canvas = canvas_of(&grid);

        if (rows[i].right)
            canvas_put_right(&canvas, ROLE_TEXT, 5, rows[i].text);
        else
            canvas_put_left(&canvas, ROLE_TEXT, 5, rows[i].text);
        canvas_puts(&canvas, ROLE_TEXT, "|");
        assert_grid(&grid, rows[i].name, rows[i].expected);
    }
}

static void wrapping(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        int used;
        const char *expected;
    } rows[] = {
        { "one line", "kv pay", 1, "kv pay\n\n\n" },
        { "at a blank", "kv pay prod", 2, "kv pay\nprod\n\n" },
        { "no blank", "kv-pay-prod", 2, "kv-pay-p\nrod\n\n" },
        { "line breaks", "a\nb", 2, "a\nb\n\n" },
        { "more than fits", "a b c\nd\ne\nf", 4, "a b c\nd\ne\n" },
        { "empty", "", 1, "\n\n\n" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct grid grid = grid_of(3, 8);
        struct canvas canvas = canvas_of(&grid);
        int used = canvas_put_wrapped(&canvas, ROLE_TEXT, rows[i].text);

        if (used != rows[i].used)
            fail_with("%s: expected %d rows, got %d", rows[i].name,
                rows[i].used, used);
        assert_grid(&grid, rows[i].name, rows[i].expected);
    }
}

static void writing_over_half_of_a_wide_one(void **state)
{
    struct grid grid = grid_of(1, 6);
    struct canvas canvas = canvas_of(&grid);

    (void)state;
    canvas_puts(&canvas, ROLE_TEXT, "\xe6\x97\xa5\xe6\x9c\xac");
    canvas_move(&canvas, 0, 1);
    canvas_puts(&canvas, ROLE_TEXT, "x");
    assert_grid(&grid, "right half", " x\xe6\x9c\xac\n");
    grid = grid_of(1, 6);
    canvas = canvas_of(&grid);
    canvas_puts(&canvas, ROLE_TEXT, "\xe6\x97\xa5");
    canvas_move(&canvas, 0, 0);
    canvas_puts(&canvas, ROLE_TEXT, "x");
    assert_grid(&grid, "left half", "x\n");
}

static void parts_clip(void **state)
{
    struct grid grid = grid_of(4, 10);
    struct canvas whole = canvas_of(&grid);
    struct canvas part = canvas_part(&whole, 1, 2, 2, 4);
    struct canvas none = canvas_part(&part, 5, 9, 3, 3);

    (void)state;
    for (int row = -1; row < 4; row++) {
        canvas_move(&part, row, -1);
        canvas_puts(&part, ROLE_TEXT, "abcdefgh");
    }
    canvas_puts(&none, ROLE_TEXT, "never");
    canvas_cursor(&part, 1, 3);
    assert_int_equal(grid.cursor_row, 2);
    assert_int_equal(grid.cursor_column, 5);
    canvas_cursor(&part, 99, 99);
    assert_int_equal(grid.cursor_row, 2);
    assert_grid(&grid, "part", "\n  bcde\n  bcde\n\n");
}

/* In a locale without Unicode everything above ASCII is spelled out. */
static void ascii(void **state)
{
    struct grid grid = grid_of(1, 20);
    struct canvas canvas = canvas_of(&grid);

    (void)state;
    grid.ascii = true;
    canvas_puts(&canvas, ROLE_TEXT, "d\xc3\xa9j\xc3\xa0");
    assert_grid(&grid, "ascii", "d<U+00E9>j<U+00E0>\n");
    assert_int_equal(text_cells(view_of("\xc3\xa9"), true), 8);
    assert_int_equal(text_cells(view_of("\xc3\xa9"), false), 1);
}

static void roles(void **state)
{
    struct grid grid = grid_of(1, 4);
    struct canvas canvas = canvas_of(&grid);

    (void)state;
    canvas_puts(&canvas, ROLE_CRITICAL, "ab");
    canvas_move(&canvas, 0, 1);
    canvas_paint(&canvas, ROLE_SELECTED, 9);
    assert_int_equal(grid_cell(&grid, 0, 0)->role, ROLE_CRITICAL);
    assert_int_equal(grid_cell(&grid, 0, 1)->role, ROLE_SELECTED);
    assert_int_equal(grid_cell(&grid, 0, 3)->role, ROLE_SELECTED);
    canvas_move(&canvas, 0, 0);
    canvas_put_count(&canvas, ROLE_TEXT, 4, 17);
    assert_grid(&grid, "count", "  17\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_becomes_cells),
        cmocka_unit_test(fields),
        cmocka_unit_test(wrapping),
        cmocka_unit_test(writing_over_half_of_a_wide_one),
        cmocka_unit_test(parts_clip),
        cmocka_unit_test(ascii),
        cmocka_unit_test(roles),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
