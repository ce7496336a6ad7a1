/* The grid: the cells of one frame, and the frame as plain text. */
#include "canvas.h"

#include <assert.h>
#include <string.h>

#include "heap.h"
#include "point.h"

static void blank(struct cell *cell)
{
    *cell = (struct cell){ .text = { L' ' }, .width = 1, .role = ROLE_TEXT };
}

void grid_clear(struct grid *grid)
{
    size_t columns = (size_t)grid->columns;

    for (size_t i = 0; i < columns; i++)
        blank(&grid->cells[i]);
    for (size_t row = 1; row < (size_t)grid->rows; row++)
        memcpy(grid->cells + row * columns, grid->cells,
            columns * sizeof(*grid->cells));
    grid->cursor_row = 0;
    grid->cursor_column = 0;
}

void grid_resize(struct grid *grid, int rows, int columns)
{
    assert(rows > 0 && columns > 0);
    grid->rows = rows;
    grid->columns = columns;
    grid->cells = heap_resize(
        grid->cells, (size_t)rows * (size_t)columns * sizeof(*grid->cells));
    grid_clear(grid);
}

void grid_done(struct grid *grid)
{
    heap_free(grid->cells);
    buf_done(&grid->masked);
    buf_done(&grid->scratch);
    *grid = (struct grid){ 0 };
}

const struct cell *grid_cell(const struct grid *grid, int row, int column)
{
    assert(row >= 0 && row < grid->rows);
    assert(column >= 0 && column < grid->columns);
    return &grid->cells[(size_t)row * (size_t)grid->columns + (size_t)column];
}

static int row_end(const struct grid *grid, int row)
{
    int end = grid->columns;

    while (end > 0 && grid_cell(grid, row, end - 1)->text[0] == L' ')
        end--;
    return end;
}

void grid_dump(const struct grid *grid, struct buf *out)
{
    for (int row = 0; row < grid->rows; row++) {
        int end = row_end(grid, row);

        for (int column = 0; column < end; column++) {
            const struct cell *cell = grid_cell(grid, row, column);

            for (int i = 0; i < CELL_POINTS && cell->text[i]; i++)
                point_put(out, (uint32_t)cell->text[i]);
        }
        buf_putc(out, '\n');
    }
}
