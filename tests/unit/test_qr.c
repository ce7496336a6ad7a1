/* The QR code as cells: what every reader looks for first (ISO 18004), where it
 * stands, and when there is none. */
#include "qr.h"

#include <locale.h>

#include "test.h"

#define ADDRESS "https://microsoft.com/devicelogin"
#define ROWS 20
#define COLUMNS 80
#define LEFT 44

static struct grid grid_of(int rows, int columns, bool ascii)
{
    struct grid grid = { .ascii = ascii };

    grid_resize(&grid, rows, columns);
    return grid;
}

static int draw(struct grid *grid, const char *text)
{
    struct canvas canvas = canvas_of(grid);

    return qr_draw(&canvas, 1, LEFT, text);
}

/* A module of the picture whose corner is at (1, left). */
static bool is_dark(const struct grid *grid, int left, int x, int y)
{
    const struct cell *cell = grid_cell(grid, 1 + y / 2, left + x);
    wchar_t block = cell->text[0];

    assert_int_equal(cell->role, ROLE_CODE);
    return block == 0x2588 || block == (y % 2 ? 0x2584 : 0x2580);
}

/* Rings of dark, light and dark around a dark middle, and light outside. */
static void check_finder(const struct grid *grid, int left, int x, int y)
{
    for (int row = -1; row < 8; row++)
        for (int column = -1; column < 8; column++) {
            int from_middle_x = column > 3 ? column - 3 : 3 - column;
            int from_middle_y = row > 3 ? row - 3 : 3 - row;
            int ring =
                from_middle_x > from_middle_y ? from_middle_x : from_middle_y;

            assert_int_equal(is_dark(grid, left, x + column, y + row),
                ring != 2 && ring != 4);
        }
}

static void draws_what_readers_look_for(void **state)
{
    struct grid grid = grid_of(ROWS, COLUMNS, false);
    int columns = draw(&grid, ADDRESS);
    int left = COLUMNS - columns;
    int size = columns - 1 - 4; /* the air, the quiet zone */

    (void)state;
    assert_int_equal(columns, 34); /* 29 modules hold 33 bytes */
    check_finder(&grid, left, 2, 2);
    check_finder(&grid, left, 2 + size - 7, 2);
    check_finder(&grid, left, 2, 2 + size - 7);
    for (int i = 8; i < size - 8; i++) { /* the timing patterns */
        assert_int_equal(is_dark(&grid, left, 2 + i, 8), i % 2 == 0);
        assert_int_equal(is_dark(&grid, left, 8, 2 + i), i % 2 == 0);
    }
    for (int i = 0; i < columns - 1; i++) { /* the quiet zone */
        assert_false(is_dark(&grid, left, i, 0));
        assert_false(is_dark(&grid, left, 0, i));
        assert_false(is_dark(&grid, left, i, columns - 2));
    }
    assert_int_equal(grid_cell(&grid, 5, left - 1)->role, ROLE_TEXT);
    grid_done(&grid);
}

static void wants_room(void **state)
{
    static const struct {
        const char *name;
        int rows;
        int columns;
        bool ascii;
        const char *text;
        bool drawn;
    } rows[] = {
        { "just enough", 18, LEFT + 34, false, ADDRESS, true },
        { "too narrow", 18, LEFT + 33, false, ADDRESS, false },
        { "too low", 17, LEFT + 34, false, ADDRESS, false },
        { "no blocks", 18, LEFT + 34, true, ADDRESS, false },
        { "no text", 18, LEFT + 34, false, "", false },
        { "more than fits", 18, LEFT + 34, false,
            ADDRESS ADDRESS ADDRESS ADDRESS, false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct grid grid =
            grid_of(rows[i].rows, rows[i].columns, rows[i].ascii);
        int columns = draw(&grid, rows[i].text);

        if ((columns > 0) != rows[i].drawn)
            fail_with("%s: %d columns", rows[i].name, columns);
        grid_done(&grid);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_what_readers_look_for),
        cmocka_unit_test(wants_room),
    };

    assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
