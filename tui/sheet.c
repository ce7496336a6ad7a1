/* Making, measuring, drawing and scrolling a document. */
#include "sheet.h"

#include "heap.h"
#include "keys.h"

#define TEXT_LIMIT ((size_t)64 * 1024)

void sheet_done(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        heap_free(sheet->lines[i].label);
        heap_free(sheet->lines[i].text);
    }
    heap_free(sheet->lines);
    *sheet = (struct sheet){ 0 };
}

void sheet_pair(struct sheet *sheet, enum role role, int indent,
    const char *label, const char *text)
{
    sheet->lines = heap_grow(
        sheet->lines, sheet->count, &sheet->capacity, sizeof(*sheet->lines));
    sheet->lines[sheet->count++] = (struct sheet_line){
        .label = heap_copy(label),
        .text = heap_copy(text ? text : ""),
        .indent = indent,
        .role = role,
    };
}

void sheet_put(
    struct sheet *sheet, enum role role, int indent, const char *text)
{
    sheet_pair(sheet, role, indent, NULL, text);
}

void sheet_putf(
    struct sheet *sheet, enum role role, int indent, const char *format, ...)
{
    struct buf text = { .limit = TEXT_LIMIT };
    va_list args;

    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    sheet_put(sheet, role, indent, buf_text(&text));
    buf_done(&text);
}

void sheet_gap(struct sheet *sheet)
{
    sheet_put(sheet, ROLE_TEXT, 0, "");
}

/* ---- drawing ---- */

/* Rows above and below the canvas are clipped by it. */
static void draw_line(const struct sheet_line *line, struct canvas *canvas)
{
    if (line->label) {
        canvas->pen_column = 1;
        canvas_puts(canvas, ROLE_TITLE, line->label);
    }
    canvas->pen_column = line->indent;
    canvas_put_wrapped(canvas, line->role, line->text);
}

void sheet_draw(const struct sheet *sheet, struct canvas *canvas, int top)
{
    canvas_move(canvas, -top, 0);
    for (size_t i = 0; i < sheet->count; i++)
        draw_line(&sheet->lines[i], canvas);
}

/* A canvas without rows wraps as the real one does and draws nothing. */
int sheet_rows(const struct sheet *sheet, int columns)
{
    struct grid grid = { 0 };
    struct canvas canvas = { .grid = &grid, .columns = columns };

    sheet_draw(sheet, &canvas, 0);
    grid_done(&grid);
    return canvas.pen_row;
}

static bool holds(const struct sheet_line *line, const char *part)
{
    return text_contains_nocase(line->text, part) ||
           (line->label && text_contains_nocase(line->label, part));
}

int sheet_find(const struct sheet *sheet, int columns, const char *part,
    int from, int step)
{
    struct grid grid = { 0 };
    struct canvas canvas = { .grid = &grid, .columns = columns };
    int nearest = -1; /* behind `from` in the direction of the step */
    int other = -1;   /* the farthest on the other side */

    for (size_t i = 0; i < sheet->count; i++) {
        int row = canvas.pen_row;

        draw_line(&sheet->lines[i], &canvas);
        if (!holds(&sheet->lines[i], part))
            continue;
        if (step > 0 ? row > from && nearest < 0 : row < from)
            nearest = row;
        if (step > 0 ? other < 0 : true)
            other = row;
    }
    grid_done(&grid);
    return nearest >= 0 ? nearest : other;
}

void sheet_draw_place(
    const struct sheet *sheet, struct canvas *row, int top, int rows)
{
    int all = sheet_rows(sheet, row->columns);
    int last = top + rows < all ? top + rows : all;

    if (all <= rows)
        return;
    canvas_move(row, 0, 1);
    canvas_putf(row, ROLE_DIM, "rows %d to %d of %d%s", top + 1, last, all,
        last < all ? ", Down shows more" : "");
}

/* ---- scrolling ---- */

static int step_of(uint32_t code, int page)
{
    switch (code) {
    case 'j':
    case CODE_DOWN:
        return 1;
    case 'k':
    case CODE_UP:
        return -1;
    case CODE_CTRL('D'):
        return (page + 1) / 2;
    case CODE_CTRL('U'):
        return -(page + 1) / 2;
    case CODE_PAGE_DOWN:
    case CODE_CTRL('F'):
        return page;
    case CODE_PAGE_UP:
    case CODE_CTRL('B'):
        return -page;
    default:
        return 0;
    }
}

void sheet_fit(const struct sheet *sheet, struct sheet_view *view)
{
    int last = sheet_rows(sheet, view->columns) - view->rows;

    if (view->top > last)
        view->top = last;
    if (view->top < 0)
        view->top = 0;
}

bool sheet_key(
    const struct sheet *sheet, struct sheet_view *view, uint32_t code)
{
    int step = step_of(code, view->rows > 1 ? view->rows - 1 : 1);

    if (code == 'g' || code == CODE_HOME)
        view->top = 0;
    else if (code == 'G' || code == CODE_END)
        view->top = sheet_rows(sheet, view->columns);
    else if (step)
        view->top += step;
    else
        return false;
    sheet_fit(sheet, view);
    return true;
}
