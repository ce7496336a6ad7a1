/* What a frame is drawn on: a grid of cells, and canvases, rectangles of it
 * that clip. Knows no terminal: a grid can be tested and dumped as text.
 * Every text is taken for a stranger's and made visible before it lands in a
 * cell. Widths count cells, not bytes. */
#ifndef CANVAS_H
#define CANVAS_H

#include <wchar.h>

#include "kvgov/text.h"
#include "theme.h"

#define CELL_POINTS 4

/* One character cell: a base and up to three combining points. The right half
 * of a wide character has `width` 0. An untouched cell is a blank in ROLE_TEXT.
 */
struct cell {
    wchar_t text[CELL_POINTS]; /* zero-filled after the last */
    uint8_t width;             /* 1, 2, or 0 for a right half */
    uint8_t role;
};

struct mask;

struct grid {
    struct cell *cells;
    int rows;
    int columns;
    int cursor_row; /* where the hardware cursor rests */
    int cursor_column;
    bool ascii;         /* the locale shows nothing above U+007E */
    const struct mask *mask; /* what hides names, or NULL */
    bool steady;        /* since the last frame only a cursor has moved */
    bool numbered;      /* rows are chosen by number, see plain.h */
    struct buf masked; /* a text on its way into the cells: without names */
    struct buf scratch; /* and without what hides */
};

/* Zero-initialise, set `ascii`, resize; end with grid_done(). Resizing blanks
 * everything. */
void grid_resize(struct grid *grid, int rows, int columns);
void grid_clear(struct grid *grid);
void grid_done(struct grid *grid);
const struct cell *grid_cell(const struct grid *grid, int row, int column);
/* The rows as plain text, blanks at line ends cut, '\n' after each. */
void grid_dump(const struct grid *grid, struct buf *out);

/* A rectangle of a grid with a pen. Rows and columns count from 0 inside it;
 * whatever would fall outside is not drawn. Copying one is fine. */
struct canvas {
    struct grid *grid;
    int row; /* of the rectangle, in the grid */
    int column;
    int rows;
    int columns;
    int pen_row; /* in the rectangle */
    int pen_column;
};

struct canvas canvas_of(struct grid *grid);
/* A rectangle inside `canvas`, cut to it. */
struct canvas canvas_part(
    const struct canvas *canvas, int row, int column, int rows, int columns);

void canvas_move(struct canvas *canvas, int row, int column);

/* A row as it is, `columns` cells: out of the canvas, and into it again. */
void canvas_read_row(
    const struct canvas *canvas, int row, struct cell *out);
void canvas_write_row(
    const struct canvas *canvas, int row, const struct cell *cells);

/* Each draws at the pen and leaves it behind the text, on the same row. A line
 * break in a text becomes visible like any control character. */
void canvas_put(struct canvas *canvas, enum role role, struct view text);
void canvas_puts(struct canvas *canvas, enum role role, const char *text);
void canvas_putf(struct canvas *canvas, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Exactly `width_cells`: cut with a final '~' where it is longer, filled with
 * blanks of the same role where it is shorter. */
void canvas_put_left(
    struct canvas *canvas, enum role role, int width_cells, const char *text);
void canvas_put_right(
    struct canvas *canvas, enum role role, int width_cells, const char *text);
/* 12,345 in `width_cells`, right-aligned. */
void canvas_put_count(
    struct canvas *canvas, enum role role, int width_cells, uint64_t count);
/* Ends at column `end` (exclusive) of the pen's row, wherever the pen was. */
void canvas_put_before(
    struct canvas *canvas, enum role role, int end, const char *text);
/* Breaks at blanks, and at line breaks, between the pen's column and the right
 * edge; goes on at the same column. The pen ends at that column on the first
 * row below. Returns the rows used, also those that did not fit. */
int canvas_put_wrapped(struct canvas *canvas, enum role role, const char *text);
/* Repeats an ASCII character. */
void canvas_fill(
    struct canvas *canvas, enum role role, int width_cells, char character);
/* A line of '-' over the whole width. */
void canvas_rule(struct canvas *canvas, int row);
/* Gives the cells that are there another role; the text stays. */
void canvas_paint(struct canvas *canvas, enum role role, int width_cells);

/* Where the hardware cursor rests after this frame: the focused row or field.
 * The last call of a frame wins. */
void canvas_cursor(struct canvas *canvas, int row, int column);

/* Cells that a text will take, after making it visible. */
int text_cells(struct view text, bool ascii);
/* The same for what this grid will make of it. */
int grid_cells(const struct grid *grid, struct view text);
/* Rows that canvas_put_wrapped() takes for it at this width. */
int text_rows(const char *text, int width_cells, bool ascii);

#endif
