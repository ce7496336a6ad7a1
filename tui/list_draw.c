/* Drawing a list: heads, the visible rows, and the row that says where one
 * is. */
#include "list_inside.h"

#include <string.h>

#include "heap.h"

/* '>', '*', and a blank, before the first column. */
#define GUTTER 3
#define COLUMNS_MAX 24
/* The least that the column which takes what is left is worth drawing at. */
#define FLEXIBLE 12
/* What it needs when it does not say. */
#define FLEXIBLE_FULL 32

struct picked {
    size_t column[COLUMNS_MAX];
    int width[COLUMNS_MAX];
    size_t count;
};

static bool asked_for(const struct list *list, size_t column)
{
    return list->columns_on >> column & 1;
}

static bool appears(const struct list *list, size_t column, int width)
{
    const struct list_column *one = &list->ops->columns[column];

    if (list->columns_off >> column & 1)
        return false;
    return asked_for(list, column) || list->scrolled > 0 ||
           one->appears_at <= width;
}

static int least_of(const struct list_column *column)
{
    return column->width_cells ? column->width_cells : FLEXIBLE;
}

/* What columns further right take that somebody asked for. */
static int reserved(const struct list *list, size_t column)
{
    int cells = 0;

    for (size_t i = column + 1; i < list->ops->column_count; i++)
        if (asked_for(list, i))
            cells += least_of(&list->ops->columns[i]) + 1;
    return cells;
}

/* How many cells a picked column lacks for its texts; 0: none. */
static int lack(const struct list *list, const struct picked *picked, size_t at)
{
    int full = list->ops->columns[picked->column[at]].full_cells;

    return full > picked->width[at] ? full - picked->width[at] : 0;
}

/* The one that lacks least; the flexible one gets what is left anyway. */
static size_t next_to_widen(
    const struct list *list, const struct picked *picked, size_t flexible)
{
    size_t found = flexible;

    for (size_t i = 0; i < picked->count; i++) {
        int cells = i == flexible ? 0 : lack(list, picked, i);

        if (cells && (found == flexible || cells < lack(list, picked, found)))
            found = i;
    }
    return found;
}

/* The flexible column first has what its texts need, then the others have that,
 * and what is left after all is the flexible one's again. */
static void share(
    const struct list *list, int room, size_t flexible, struct picked *picked)
{
    int full = list->ops->columns[picked->column[flexible]].full_cells;
    int spare = picked->width[flexible] + room - (full ? full : FLEXIBLE_FULL);
    int more;

    picked->width[flexible] += room;
    for (; spare > 0; spare -= more) {
        size_t at = next_to_widen(list, picked, flexible);

        if (at == flexible)
            return;
        more = lack(list, picked, at);
        more = more < spare ? more : spare;
        picked->width[at] += more;
        picked->width[flexible] -= more;
    }
}

/* Left to right while there is room. */
static void pick(const struct list *list, int width, struct picked *out)
{
    size_t skip = list->scrolled;
    int left = width - GUTTER;
    size_t flexible = COLUMNS_MAX;

    out->count = 0;
    for (size_t i = 0; i < list->ops->column_count; i++) {
        int cells = least_of(&list->ops->columns[i]);

        if (i != list->ops->name_column && skip > 0) {
            skip--;
            continue;
        }
        if (!appears(list, i, width) || out->count == COLUMNS_MAX ||
            cells > left - (asked_for(list, i) ? 0 : reserved(list, i)))
            continue;
        if (!list->ops->columns[i].width_cells)
            flexible = out->count;
        out->column[out->count] = i;
        out->width[out->count++] = cells;
        left -= cells + 1;
    }
    if (flexible < COLUMNS_MAX && left + 1 > 0)
        share(list, left + 1, flexible, out);
}

static void put_field(struct canvas *canvas, enum role role, int width,
    bool right, const char *text)
{
    if (right)
        canvas_put_right(canvas, role, width, text);
    else
        canvas_put_left(canvas, role, width, text);
}

/* Where a column that sorts carries a 'v', or a '^' in reverse: behind its title,
 * or in the blank behind the column where the title ends there; before the title
 * where the screen ends too. */
static int mark_column(
    const struct list_column *column, int width, int start, int columns)
{
    int title = (int)strlen(column->title);
    int mark = column->right || title > width ? width : title;

    return start + mark < columns || title >= width ? start + mark
                                                    : start + width - title - 1;
}

static void draw_heads(
    const struct list *list, struct canvas *canvas, const struct picked *picked)
{
    canvas_move(canvas, 0, GUTTER);
    for (size_t i = 0; i < picked->count; i++) {
        const struct list_column *column =
            &list->ops->columns[picked->column[i]];
        int start = canvas->pen_column;

        put_field(canvas, ROLE_HEADER, picked->width[i], column->right,
            column->title);
        canvas_fill(canvas, ROLE_TEXT, 1, ' ');
        if (!list->ops->order || picked->column[i] != list->sort_column)
            continue;
        canvas->pen_column = mark_column(
            column, picked->width[i], start, canvas->columns);
        canvas_fill(canvas, ROLE_HEADER, 1, list->descending ? '^' : 'v');
        canvas->pen_column = start + picked->width[i] + 1;
    }
}

static enum role cell_role(
    const struct list *list, size_t row, size_t column, enum role own)
{
    if (column != list->ops->name_column)
        return own;
    if (row == list->cursor)
        return ROLE_SELECTED;
    return list_is_marked(list, list->shown[row]) ? ROLE_MARKED : own;
}

/* Three cells: where the cursor is, or the number on the page; marks. */
static void draw_gutter(
    const struct list *list, struct canvas *canvas, size_t row)
{
    uint32_t item = list->shown[row];
    bool marked = list_is_marked(list, item);

    if (canvas->grid->numbered) {
        canvas_putf(canvas, ROLE_TEXT, "%2zu", (row - list->top + 1) % 100);
        canvas_puts(canvas, ROLE_MARKED, marked ? "*" : " ");
        return;
    }
    canvas_puts(canvas, ROLE_TEXT, row == list->cursor ? ">" : " ");
    canvas_puts(canvas, ROLE_MARKED, marked ? "*" : " ");
    canvas_puts(canvas, ROLE_TEXT, item == list->range_from ? "v" : " ");
}

/* With `name_only`, over a row as it was: the cursor shows in the gutter and in
 * the name. */
static void draw_row(const struct list *list, struct canvas *canvas,
    const struct picked *picked, size_t row, bool name_only)
{
    uint32_t item = list->shown[row];
    struct list_cell cell = { .text.limit = 4096 };

    draw_gutter(list, canvas, row);
    for (size_t i = 0; i < picked->count; i++) {
        size_t column = picked->column[i];

        if (name_only && column != list->ops->name_column) {
            canvas->pen_column += picked->width[i] + 1;
            continue;
        }
        buf_clear(&cell.text);
        cell.role = ROLE_TEXT;
        list->ops->cell(list->context, item, column, &cell);
        put_field(canvas, cell_role(list, row, column, cell.role),
            picked->width[i], list->ops->columns[column].right,
            cell.text.size ? buf_text(&cell.text) : "-");
        canvas_fill(canvas, ROLE_TEXT, 1, ' ');
    }
    buf_done(&cell.text);
}

/* ---- the rows of the last frame ---- */

/* While nothing but the cursor moves, rows look as they did, but for the names
 * that it left and came to: they are taken over, wherever they stand now. */
struct list_kept {
    struct cell *cells; /* `rows` of them, `columns` wide; the heads first */
    int rows;
    int columns;
    size_t top; /* the first of them */
    size_t end; /* behind the last one that was drawn */
    size_t cursor;
    uint32_t moves;
};

struct list_kept *list_kept_new(void)
{
    return heap_new(sizeof(struct list_kept));
}

void list_kept_free(struct list_kept *kept)
{
    if (kept)
        heap_free(kept->cells);
    heap_free(kept);
}

/* Of two lists on a screen, what the one says may hang on the cursor of the
 * other: only the one that was moved takes rows over. */
static bool may_take_over(const struct list *list, const struct canvas *canvas)
{
    const struct list_kept *kept = list->kept;

    return kept && canvas->grid->steady && !canvas->grid->numbered &&
           kept->moves != list->moves && kept->rows == canvas->rows &&
           kept->columns == canvas->columns;
}

/* NULL: it has to be drawn. */
static const struct cell *kept_row(const struct list_kept *kept, size_t row)
{
    if (row < kept->top || row >= kept->end)
        return NULL;
    return kept->cells + (row - kept->top + 1) * (size_t)kept->columns;
}

static void keep_rows(
    const struct list *list, const struct canvas *canvas, int lines)
{
    struct list_kept *kept = list->kept;
    size_t cells = (size_t)canvas->rows * (size_t)canvas->columns;

    if (kept->rows != canvas->rows || kept->columns != canvas->columns)
        kept->cells = heap_resize(kept->cells, cells * sizeof(*kept->cells));
    kept->rows = canvas->rows;
    kept->columns = canvas->columns;
    kept->top = list->top;
    kept->end = list->top + (size_t)lines;
    kept->cursor = list->cursor;
    kept->moves = list->moves;
    for (int line = 0; line <= lines; line++)
        canvas_read_row(canvas, line,
            kept->cells + (size_t)line * (size_t)canvas->columns);
}

static bool take_over(
    const struct list *list, struct canvas *canvas, int line, size_t row)
{
    const struct cell *cells = kept_row(list->kept, row);

    if (cells)
        canvas_write_row(canvas, line, cells);
    return cells;
}

static void draw_rows(
    const struct list *list, struct canvas *canvas, const struct picked *picked)
{
    bool taking = may_take_over(list, canvas);
    int lines = canvas->rows - 2;
    int line;

    if (taking)
        canvas_write_row(canvas, 0, list->kept->cells);
    else
        draw_heads(list, canvas, picked);
    for (line = 0; line < lines; line++) {
        size_t row = list->top + (size_t)line;
        bool taken;

        if (row >= list->shown_count)
            break;
        taken = taking && take_over(list, canvas, line + 1, row);
        canvas_move(canvas, line + 1, 0);
        if (!taken || row == list->cursor || row == list->kept->cursor)
            draw_row(list, canvas, picked, row, taken);
    }
    if (list->kept)
        keep_rows(list, canvas, line);
}

/* ---- what stands below and over them ---- */

static const char *menu_title(const struct list *list)
{
    return list->choosing == LIST_SORT_MENU ? " sort by  " : " columns  ";
}

/* "2 NAME", "3 + KIND", "4 - NET" */
static int menu_cells(const struct list *list, size_t column)
{
    int mark = list->choosing == LIST_COLUMN_MENU ? 2 : 0;

    return list_is_choice(list, column)
               ? (int)strlen(list->ops->columns[column].title) + 4 + mark
               : 0;
}

/* In as many rows as it takes, over the last ones of the list. */
static int menu_rows(const struct list *list, int width)
{
    int indent = (int)strlen(menu_title(list));
    int used = indent;
    int rows = 1;

    for (size_t i = 0; i < list->ops->column_count; i++) {
        if (used + menu_cells(list, i) > width) {
            rows++;
            used = indent;
        }
        used += menu_cells(list, i);
    }
    return rows;
}

static void put_choice(
    const struct list *list, size_t column, struct canvas *canvas)
{
    canvas_putf(canvas, ROLE_HINT_KEY, "%c", (int)list_menu_key(list, column));
    if (list->choosing == LIST_COLUMN_MENU)
        canvas_puts(
            canvas, ROLE_HINT, list_shows_column(list, column) ? " +" : " -");
    canvas_putf(canvas, ROLE_HINT, " %s  ", list->ops->columns[column].title);
}

static void put_menu(const struct list *list, struct canvas *canvas)
{
    int row = canvas->rows - menu_rows(list, canvas->columns);
    int indent = (int)strlen(menu_title(list));

    for (int line = row; line < canvas->rows; line++) {
        canvas_move(canvas, line, 0);
        canvas_fill(canvas, ROLE_TEXT, canvas->columns, ' ');
    }
    canvas_move(canvas, row, 0);
    canvas_puts(canvas, ROLE_TITLE, menu_title(list));
    for (size_t i = 0; i < list->ops->column_count; i++) {
        if (!list_is_choice(list, i))
            continue;
        if (canvas->pen_column + menu_cells(list, i) > canvas->columns)
            canvas_move(canvas, canvas->pen_row + 1, indent);
        put_choice(list, i, canvas);
    }
}

static void put_status(const struct list *list, struct canvas *canvas)
{
    struct buf text = { .limit = 256 };

    buf_puts(&text, " row ");
    buf_put_of(&text, list->cursor + 1, list->shown_count);
    if (list->ops->order) {
        buf_putf(&text, "   sort %s%s",
            list->ops->columns[list->sort_column].title,
            list->descending ? " reversed" : "");
        if (list->frozen)
            buf_puts(&text, "   frozen, = sorts");
    }
    canvas_puts(canvas, ROLE_DIM, buf_text(&text));
    buf_done(&text);
}

/* What can be typed, or why nothing is shown and what would be. */
static void put_filter_words(const struct list *list, struct buf *out)
{
    if (*list->problem)
        buf_putf(out, "%s.  ", list->problem);
    if (*list->suggestion) {
        buf_putf(out, "Did you mean  %s  (", list->suggestion);
        buf_put_count(out, list->suggested);
        buf_putf(out, ")?  %sEnter uses it.", list->filtering ? "" : "/ ");
    }
    if (!out->size)
        filter_put_help(list, out);
}

/* Over the last rows of the list, as many as they take. */
static void draw_filter_words(const struct list *list, struct canvas *canvas)
{
    struct canvas below = *canvas;
    struct buf text = { .limit = 2048 };
    int rows;

    put_filter_words(list, &text);
    rows = text_rows(buf_text(&text), canvas->columns - 1, canvas->grid->ascii);
    if (rows > canvas->rows - 2)
        rows = canvas->rows - 2;
    below = canvas_part(canvas, canvas->rows - rows, 0, rows, canvas->columns);
    for (int row = 0; row < rows; row++) {
        canvas_move(&below, row, 0);
        canvas_fill(&below, ROLE_TEXT, below.columns, ' ');
    }
    canvas_move(&below, 0, 1);
    canvas_put_wrapped(&below, ROLE_DIM, buf_text(&text));
    buf_done(&text);
}

void list_draw(const struct list *list, struct canvas *canvas)
{
    struct picked picked;

    pick(list, canvas->columns, &picked);
    draw_rows(list, canvas, &picked);
    canvas_cursor(canvas, (int)(list->cursor - list->top) + 1, 0);
    canvas_move(canvas, canvas->rows - 1, 0);
    if (list->choosing)
        put_menu(list, canvas);
    else if (list->filtering || *list->problem || *list->suggestion)
        draw_filter_words(list, canvas);
    else if (list->shown_count)
        put_status(list, canvas);
}
