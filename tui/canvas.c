/* Drawing into cells: the pen, clipping, fields and wrapping. The only place
 * where text becomes cells, so the only one that must make it visible. */
#include "canvas.h"

#include <stdio.h>
#include <string.h>

#include "mask.h"
#include "point.h"

/* Longer texts are cut before they are looked at; no screen is that large. */
#define TEXT_BYTES ((size_t)64 * 1024)
/* A byte becomes at most "<U+XXXXXX>". */
#define SCRATCH_BYTES (TEXT_BYTES * 10)

struct canvas canvas_of(struct grid *grid)
{
    return (struct canvas){
        .grid = grid,
        .rows = grid->rows,
        .columns = grid->columns,
    };
}

static int clamp(int value, int low, int high)
{
    if (value > high)
        value = high;
    return value < low ? low : value;
}

struct canvas canvas_part(
    const struct canvas *canvas, int row, int column, int rows, int columns)
{
    int top = clamp(row, 0, canvas->rows);
    int left = clamp(column, 0, canvas->columns);

    return (struct canvas){
        .grid = canvas->grid,
        .row = canvas->row + top,
        .column = canvas->column + left,
        .rows = clamp(rows, 0, canvas->rows - top),
        .columns = clamp(columns, 0, canvas->columns - left),
    };
}

void canvas_move(struct canvas *canvas, int row, int column)
{
    canvas->pen_row = row;
    canvas->pen_column = column;
}

/* NULL outside of the canvas. */
static struct cell *cell_at(const struct canvas *canvas, int row, int column)
{
    if (row < 0 || row >= canvas->rows || column < 0 ||
        column >= canvas->columns)
        return NULL;
    return &canvas->grid->cells[(size_t)(canvas->row + row) *
                                    (size_t)canvas->grid->columns +
                                (size_t)(canvas->column + column)];
}

void canvas_read_row(const struct canvas *canvas, int row, struct cell *out)
{
    const struct cell *first = cell_at(canvas, row, 0);

    if (first)
        memcpy(out, first, (size_t)canvas->columns * sizeof(*out));
}

void canvas_write_row(
    const struct canvas *canvas, int row, const struct cell *cells)
{
    struct cell *first = cell_at(canvas, row, 0);

    if (first)
        memcpy(first, cells, (size_t)canvas->columns * sizeof(*first));
}

static void set_blank(struct cell *cell)
{
    memset(cell->text, 0, sizeof(cell->text));
    cell->text[0] = L' ';
    cell->width = 1;
}

/* Writing over one half of a wide character takes the other half with it. */
static void free_cell(const struct canvas *canvas, int row, int column)
{
    struct cell *cell = cell_at(canvas, row, column);
    struct cell *other = NULL;

    if (!cell)
        return;
    if (cell->width != 1)
        other = cell_at(canvas, row, cell->width ? column + 1 : column - 1);
    if (other)
        set_blank(other);
    set_blank(cell);
}

/* A point without width joins the cell before it, where there is room. */
static void put_combining(const struct canvas *canvas, wchar_t point)
{
    struct cell *cell =
        cell_at(canvas, canvas->pen_row, canvas->pen_column - 1);

    if (cell && cell->width == 0)
        cell = cell_at(canvas, canvas->pen_row, canvas->pen_column - 2);
    if (!cell)
        return;
    for (int i = 1; i < CELL_POINTS; i++)
        if (!cell->text[i]) {
            cell->text[i] = point;
            return;
        }
}

static void put_cell(
    struct canvas *canvas, enum role role, wchar_t point, int width)
{
    int row = canvas->pen_row;
    int column = canvas->pen_column;
    struct cell *cell = cell_at(canvas, row, column);
    struct cell *right = width == 2 ? cell_at(canvas, row, column + 1) : NULL;

    canvas->pen_column += width;
    if (!cell)
        return;
    free_cell(canvas, row, column);
    cell->role = (uint8_t)role;
    if (width == 2 && !right)
        return; /* half a character cannot be drawn */
    cell->text[0] = point;
    cell->width = (uint8_t)width;
    if (width == 2) {
        free_cell(canvas, row, column + 1);
        memset(right->text, 0, sizeof(right->text));
        right->width = 0;
        right->role = (uint8_t)role;
    }
}

/* ---- what takes one cell a byte ---- */

/* The cells from the pen on that are inside the canvas; NULL: none, or one half
 * of a wide character would be left behind. */
static struct cell *plain_cells(
    const struct canvas *canvas, int width, int *skipped, int *count)
{
    int left = clamp(canvas->pen_column, 0, canvas->columns);
    int right = clamp(canvas->pen_column + width, 0, canvas->columns);
    struct cell *first = cell_at(canvas, canvas->pen_row, left);

    *skipped = left - canvas->pen_column;
    *count = right - left;
    if (!first || *count <= 0 || first->width == 0 ||
        first[*count - 1].width == 2)
        return NULL;
    return first;
}

static void set_plain(struct cell *cell, enum role role, char character)
{
    *cell = (struct cell){
        .text = { (wchar_t)character },
        .width = 1,
        .role = (uint8_t)role,
    };
}

/* The bytes of `text`, or `character` over and over where there is none. */
static void put_plain(struct canvas *canvas, enum role role, const char *text,
    char character, int width)
{
    int skipped;
    int count;
    struct cell *cells = plain_cells(canvas, width, &skipped, &count);

    for (int i = 0; cells && i < count; i++)
        set_plain(&cells[i], role, text ? text[skipped + i] : character);
    for (int i = 0; !cells && i < width; i++)
        put_cell(canvas, role, (wchar_t)(text ? text[i] : character), 1);
    if (cells)
        canvas->pen_column += width;
}

/* ---- text to points ---- */

/* Nothing in it but what takes one cell a byte, in every locale. */
static bool is_plain(struct view text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    return true;
}

/* What the C library has no width for could be anything on the terminal. */
static int point_width(uint32_t point, char escape[16])
{
    int width;

    escape[0] = 0;
    if (point < 0x7f)
        return 1;
    width = wcwidth((wchar_t)point);
    if (width >= 0)
        return width;
    return snprintf(escape, 16, "<U+%04X>", (unsigned)point);
}

/* Most texts are visible as they are. */
static struct view visible(struct buf *scratch, struct view text, bool ascii)
{
    if (text.size > TEXT_BYTES)
        text.size = TEXT_BYTES;
    if (is_plain(text))
        return text;
    scratch->limit = SCRATCH_BYTES;
    buf_clear(scratch);
    buf_put_visible(scratch, text, ascii);
    return buf_view(scratch);
}

/* As it will be in the grid's cells; names are hidden first. */
static struct view prepared(struct grid *grid, struct view text)
{
    if (grid->mask) {
        grid->masked.limit = SCRATCH_BYTES;
        buf_clear(&grid->masked);
        mask_put(grid->mask, text, &grid->masked);
        text = buf_view(&grid->masked);
    }
    return visible(&grid->scratch, text, grid->ascii);
}

static void put_point(struct canvas *canvas, enum role role, uint32_t point)
{
    char escape[16];
    int width = point_width(point, escape);

    if (escape[0])
        for (const char *at = escape; *at; at++)
            put_cell(canvas, role, (wchar_t)*at, 1);
    else if (width == 0)
        put_combining(canvas, (wchar_t)point);
    else
        put_cell(canvas, role, (wchar_t)point, width);
}

/* Text that went through prepared(). */
static void put_prepared(
    struct canvas *canvas, enum role role, struct view text)
{
    if (is_plain(text))
        put_plain(canvas, role, text.data, 0, (int)text.size);
    else
        while (text.size)
            put_point(canvas, role, point_take(&text));
}

static int visible_cells(struct view text)
{
    int cells = 0;
    char escape[16];

    if (is_plain(text))
        return (int)text.size;
    while (text.size)
        cells += point_width(point_take(&text), escape);
    return cells;
}

int text_cells(struct view text, bool ascii)
{
    struct buf scratch = { 0 };
    int cells = visible_cells(visible(&scratch, text, ascii));

    buf_done(&scratch);
    return cells;
}

int grid_cells(const struct grid *grid, struct view text)
{
    struct grid other = { .ascii = grid->ascii, .mask = grid->mask };
    int cells = visible_cells(prepared(&other, text));

    grid_done(&other);
    return cells;
}

/* ---- drawing ---- */

void canvas_put(struct canvas *canvas, enum role role, struct view text)
{
    put_prepared(canvas, role, prepared(canvas->grid, text));
}

void canvas_puts(struct canvas *canvas, enum role role, const char *text)
{
    canvas_put(canvas, role, view_of(text));
}

void canvas_putf(struct canvas *canvas, enum role role, const char *format, ...)
{
    struct buf text = { .limit = TEXT_BYTES };
    va_list args;

    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    canvas_put(canvas, role, buf_view(&text));
    buf_done(&text);
}

void canvas_fill(
    struct canvas *canvas, enum role role, int width_cells, char character)
{
    put_plain(canvas, role, NULL, character, width_cells);
}

/* Draws what fits into `width` and marks a cut; returns the cells used. */
static int put_cut(
    struct canvas *canvas, enum role role, int width, struct view text)
{
    int used = visible_cells(text);
    char escape[16];

    if (used <= width) {
        put_prepared(canvas, role, text);
        return used;
    }
    used = 0;
    while (text.size) {
        uint32_t point = point_take(&text);
        int cells = point_width(point, escape);

        if (used + cells > width - 1)
            break;
        put_point(canvas, role, point);
        used += cells;
    }
    if (width > 0) {
        put_cell(canvas, role, L'~', 1);
        used++;
    }
    return used;
}

/* What fills a cell up to its width: of bars and fields, as the text itself; a
 * meaning belongs to the words alone, where it may be an underline. */
static enum role pad_role(enum role role)
{
    static const bool bars[ROLE_COUNT] = {
        [ROLE_ENVIRONMENT] = true,
        [ROLE_WRITE] = true,
        [ROLE_RULE] = true,
        [ROLE_SELECTED] = true,
        [ROLE_BANNER] = true,
        [ROLE_INPUT] = true,
        [ROLE_TAB_ACTIVE] = true,
        [ROLE_CODE] = true,
    };

    return bars[role] ? role : ROLE_TEXT;
}

void canvas_put_left(
    struct canvas *canvas, enum role role, int width_cells, const char *text)
{
    struct grid *grid = canvas->grid;
    struct view view = prepared(grid, view_of(text));
    int used = put_cut(canvas, role, width_cells, view);

    canvas_fill(canvas, pad_role(role), width_cells - used, ' ');
}

void canvas_put_right(
    struct canvas *canvas, enum role role, int width_cells, const char *text)
{
    struct grid *grid = canvas->grid;
    struct view view = prepared(grid, view_of(text));

    int pad = width_cells - visible_cells(view);

    canvas_fill(canvas, pad_role(role), pad, ' ');
    if (visible_cells(view) > width_cells)
        canvas_put_left(canvas, role, width_cells, text);
    else
        put_cut(canvas, role, width_cells, view);
}

void canvas_put_count(
    struct canvas *canvas, enum role role, int width_cells, uint64_t count)
{
    struct buf text = { .limit = 64 };

    buf_put_count(&text, count);
    canvas_put_right(canvas, role, width_cells, buf_text(&text));
    buf_done(&text);
}

void canvas_put_before(
    struct canvas *canvas, enum role role, int end, const char *text)
{
    int cells = text_cells(view_of(text), canvas->grid->ascii);

    canvas->pen_column = end - cells;
    canvas_puts(canvas, role, text);
}

void canvas_rule(struct canvas *canvas, int row)
{
    canvas_move(canvas, row, 0);
    canvas_fill(canvas, ROLE_RULE, canvas->columns, '-');
}

void canvas_paint(struct canvas *canvas, enum role role, int width_cells)
{
    for (int i = 0; i < width_cells; i++) {
        struct cell *cell =
            cell_at(canvas, canvas->pen_row, canvas->pen_column++);

        if (cell)
            cell->role = (uint8_t)role;
    }
}

void canvas_cursor(struct canvas *canvas, int row, int column)
{
    canvas->grid->cursor_row =
        canvas->row + clamp(row, 0, canvas->rows ? canvas->rows - 1 : 0);
    canvas->grid->cursor_column =
        canvas->column +
        clamp(column, 0, canvas->columns ? canvas->columns - 1 : 0);
}

/* ---- wrapping ---- */

/* The longest start of `text` that fits, ending at a blank where there is one.
 * Takes it and the blanks behind it; always takes something. */
static struct view take_line(struct view *text, int width)
{
    struct view rest = *text;
    struct view line = { text->data, 0 };
    size_t blank_at = 0;
    int used = 0;
    char escape[16];

    while (rest.size) {
        const char *start = rest.data;
        uint32_t point = point_take(&rest);

        used += point_width(point, escape);
        if (used > width && line.size)
            break;
        if (point == ' ')
            blank_at = line.size;
        line.size += (size_t)(rest.data - start);
    }
    if (line.size < text->size && text->data[line.size] != ' ' && blank_at)
        line.size = blank_at;
    if (line.size == 0)
        return line;
    text->data += line.size;
    text->size -= line.size;
    while (text->size && *text->data == ' ') {
        text->data++;
        text->size--;
    }
    return line;
}

static int put_paragraph(
    struct canvas *canvas, enum role role, struct view text)
{
    struct grid *grid = canvas->grid;
    int column = canvas->pen_column;
    int width = canvas->columns - column > 0 ? canvas->columns - column : 1;
    int rows = 0;

    text = prepared(grid, text);
    do {
        struct view line = take_line(&text, width);

        put_prepared(canvas, role, line);
        canvas_move(canvas, canvas->pen_row + 1, column);
        rows++;
    } while (text.size);
    return rows;
}

int canvas_put_wrapped(struct canvas *canvas, enum role role, const char *text)
{
    struct view rest = view_of(text);
    int rows = 0;

    do
        rows += put_paragraph(canvas, role, view_cut(&rest, '\n'));
    while (rest.size);
    return rows;
}

/* A canvas without rows wraps as the real one does and draws nothing. */
int text_rows(const char *text, int width_cells, bool ascii)
{
    struct grid grid = { .ascii = ascii };
    struct canvas canvas = { .grid = &grid, .columns = width_cells };
    int rows = canvas_put_wrapped(&canvas, ROLE_TEXT, text);

    grid_done(&grid);
    return rows;
}
