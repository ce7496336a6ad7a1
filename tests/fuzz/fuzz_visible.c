/* A stranger's text on the screen: it becomes visible, it stays so, and it
 * fills just the cells that it was given. */
#include "fuzz.h"

#include <locale.h>

#include "canvas.h"

#define ROWS 4
#define COLUMNS 20
#define LINE (16u << 20)

static void check_put(struct view text, bool ascii)
{
    struct buf once = { .limit = LINE };
    struct buf twice = { .limit = LINE };

    buf_put_visible(&once, text, ascii);
    fuzz_check(!once.failed);
    fuzz_check_visible(buf_view(&once), false);
    for (size_t i = 0; ascii && i < once.size; i++)
        fuzz_check((unsigned char)once.data[i] < 0x7f);
    buf_put_visible(&twice, buf_view(&once), ascii);
    fuzz_check(view_equal(buf_view(&once), buf_view(&twice)));
    buf_done(&twice);
    buf_done(&once);
}

/* Each wide character has its right half, and no half stands alone. */
static void check_cells(const struct grid *grid)
{
    for (int row = 0; row < grid->rows; row++)
        for (int column = 0; column < grid->columns; column++) {
            const struct cell *cell = grid_cell(grid, row, column);

            fuzz_check(cell->width <= 2);
            if (cell->width == 2)
                fuzz_check(column + 1 < grid->columns &&
                           grid_cell(grid, row, column + 1)->width == 0);
            if (cell->width == 0)
                fuzz_check(
                    column > 0 && grid_cell(grid, row, column - 1)->width == 2);
        }
}

static void check_dump(const struct grid *grid)
{
    struct buf text = { .limit = LINE };

    grid_dump(grid, &text);
    fuzz_check_visible(buf_view(&text), true);
    buf_done(&text);
}

static void draw(struct grid *grid, struct view text)
{
    struct canvas canvas = canvas_of(grid);
    struct canvas part = canvas_part(&canvas, 1, 3, 2, 11);
    char *copy = fuzz_text(text);

    canvas_put(&canvas, ROLE_TEXT, text);
    check_cells(grid);
    canvas_move(&canvas, 3, 2);
    canvas_put_left(&canvas, ROLE_DIM, 7, copy);
    fuzz_check(canvas.pen_column == 9);
    canvas_put_right(&canvas, ROLE_DIM, 6, copy);
    fuzz_check(canvas.pen_column == 15);
    check_cells(grid);
    canvas_put_before(&part, ROLE_TEXT, 5, copy);
    check_cells(grid);
    canvas_move(&part, 0, 1);
    fuzz_check(canvas_put_wrapped(&part, ROLE_TEXT, copy) >= 1);
    check_cells(grid);
    mem_free(copy);
}

static void check_canvas(struct view text, bool ascii)
{
    struct grid grid = { .ascii = ascii };

    grid_resize(&grid, ROWS, COLUMNS);
    draw(&grid, text);
    check_dump(&grid);
    fuzz_check(text_cells(text, ascii) >= 0);
    grid_done(&grid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view text = fuzz_view(data, size);

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    check_put(text, false);
    check_put(text, true);
    check_canvas(text, false);
    check_canvas(text, true);
    return 0;
}
