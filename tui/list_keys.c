/* The keys of every list. */
#include "recall.h"
#include "list_inside.h"

#include <string.h>

const struct binding list_bindings[] = {
    { .name = "filter",
        .key = '/',
        .hint = "filter",
        .help = "filter; Esc clears it" },
    { .name = "sort", .key = 's', .hint = "sort", .help = "sort by a column" },
    { .name = "reverse", .key = 'S', .help = "reverse the order" },
    { .name = "resort", .key = '=', .help = "sort again now" },
    { .name = "columns", .key = 'c', .help = "choose the columns" },
    { .name = "down", .key = 'j', .also = CODE_DOWN, .help = "one row down" },
    { .name = "up", .key = 'k', .also = CODE_UP, .help = "one row up" },
    { .name = "half-page-down",
        .key = CODE_CTRL('D'),
        .help = "half a page down" },
    { .name = "half-page-up", .key = CODE_CTRL('U'), .help = "half a page up" },
    { .name = "page-down",
        .key = CODE_PAGE_DOWN,
        .also = CODE_CTRL('F'),
        .help = "one page down" },
    { .name = "page-up",
        .key = CODE_PAGE_UP,
        .also = CODE_CTRL('B'),
        .help = "one page up" },
    { .name = "first", .key = 'g', .also = CODE_HOME, .help = "first row" },
    { .name = "last", .key = 'G', .also = CODE_END, .help = "last row" },
    { .name = "scroll-right",
        .key = 'l',
        .also = CODE_RIGHT,
        .help = "scroll columns right" },
    { .name = "scroll-left",
        .key = 'h',
        .also = CODE_LEFT,
        .help = "scroll columns left" },
    { 0 },
};

const struct binding list_mark_bindings[] = {
    { .name = "mark", .key = ' ', .hint = "mark", .help = "mark this row" },
    { .name = "mark-range",
        .key = 'v',
        .help = "mark a range: press at both ends" },
    { .name = "mark-all", .key = '*', .help = "mark all rows shown" },
    { .name = "unmark", .key = 'u', .help = "clear the marks; again: restore" },
    { .name = "next-marked", .key = 'n', .help = "next marked row" },
    { .name = "previous-marked", .key = 'N', .help = "previous marked row" },
    { 0 },
};

static long page(const struct list *list)
{
    return list->page_rows > 1 ? list->page_rows - 1 : 1;
}

/* How many rows a key moves the cursor by; false: it does not move it. */
static bool find_step(const struct list *list, uint32_t code, long *rows)
{
    switch (code) {
    case 'j':
    case CODE_DOWN:
        *rows = 1;
        return true;
    case 'k':
    case CODE_UP:
        *rows = -1;
        return true;
    case CODE_CTRL('D'):
        *rows = (page(list) + 1) / 2;
        return true;
    case CODE_CTRL('U'):
        *rows = -(page(list) + 1) / 2;
        return true;
    case CODE_PAGE_DOWN:
    case CODE_CTRL('F'):
        *rows = page(list);
        return true;
    case CODE_PAGE_UP:
    case CODE_CTRL('B'):
        *rows = -page(list);
        return true;
    case 'g':
    case CODE_HOME:
        *rows = -(long)list->shown_count;
        return true;
    case 'G':
    case CODE_END:
        *rows = (long)list->shown_count;
        return true;
    default:
        return false;
    }
}

static bool move_key(struct list *list, uint32_t code)
{
    long rows;

    if (!find_step(list, code, &rows))
        return false;
    list_move_by(list, rows);
    list->moves++;
    return true;
}

static bool scroll_key(struct list *list, uint32_t code)
{
    if (code == 'l' || code == CODE_RIGHT) {
        if (list->scrolled + 2 < list->ops->column_count)
            list->scrolled++;
    } else if (code == 'h' || code == CODE_LEFT) {
        if (list->scrolled)
            list->scrolled--;
    } else {
        return false;
    }
    return true;
}

/* ---- marks ---- */

static void toggle(struct list *list)
{
    uint32_t item = list_current(list);

    if (item == KV_NONE)
        return;
    list_mark(list, item, !list_is_marked(list, item));
    list_move_by(list, 1);
}

static void range(struct list *list)
{
    uint32_t item = list_current(list);
    uint32_t from = list->range_from;

    list->frozen = true;
    list->range_from = KV_NONE;
    if (item == KV_NONE)
        return;
    for (size_t row = 0; row < list->shown_count && from != KV_NONE; row++)
        if (list->shown[row] == from) {
            list_mark_range(list, row, list->cursor, true);
            return;
        }
    list->range_from = item;
    list_mark(list, item, true);
}

static void jump(struct list *list, int step)
{
    size_t row = list->cursor;

    for (size_t i = 0; i < list->shown_count; i++) {
        row = step > 0 ? row + 1 : row + list->shown_count - 1;
        row %= list->shown_count;
        if (list_is_marked(list, list->shown[row])) {
            list_move_by(list, (long)row - (long)list->cursor);
            return;
        }
    }
}

static bool mark_key(struct list *list, uint32_t code)
{
    if (list->ops->no_marks)
        return false;
    switch (code) {
    case ' ':
        toggle(list);
        return true;
    case 'v':
        range(list);
        return true;
    case '*':
        list->frozen = true;
        list_mark_range(list, 0, list->shown_count, true);
        return true;
    case 'u':
        list_swap_marks(list);
        return true;
    case 'n':
        jump(list, 1);
        return true;
    case 'N':
        jump(list, -1);
        return true;
    default:
        return false;
    }
}

/* ---- order ---- */

static bool column_key(struct list *list, uint32_t code)
{
    if (code != 'c' || list->ops->column_count < 2)
        return false;
    list->choosing = LIST_COLUMN_MENU;
    return true;
}

static bool sort_key(struct list *list, uint32_t code)
{
    if (!list->ops->order)
        return false;
    switch (code) {
    case 's':
        list->choosing = LIST_SORT_MENU;
        return true;
    case 'S':
        list->descending = !list->descending;
        list_resort(list);
        return true;
    case '=':
        list_resort(list);
        return true;
    default:
        return false;
    }
}

uint32_t list_menu_key(const struct list *list, size_t column)
{
    uint32_t number = 0;

    for (size_t i = 0; i <= column; i++)
        number += list_is_choice(list, i);
    return number < 10 ? '0' + number : 'a' + number - 10;
}

bool list_is_choice(const struct list *list, size_t column)
{
    return list->choosing == LIST_SORT_MENU
               ? !list->ops->columns[column].unsorted
               : column != list->ops->name_column;
}

/* A column that already sorts does so the other way round. */
static void choose(struct list *list, size_t column)
{
    if (list->choosing == LIST_COLUMN_MENU) {
        list_show_column(list, column, !list_shows_column(list, column));
        return;
    }
    list->choosing = LIST_NO_MENU;
    list_sort_by(
        list, column, list->sort_column == column && !list->descending);
}

/* Columns are chosen until another key closes their menu. */
static void choose_key(struct list *list, uint32_t code)
{
    for (size_t i = 0; i < list->ops->column_count; i++)
        if (list_is_choice(list, i) && list_menu_key(list, i) == code) {
            choose(list, i);
            return;
        }
    list->choosing = LIST_NO_MENU;
}

/* ---- filter ---- */

/* A filter that shows nothing gives way to the one that was meant. */
static void filter_take(struct list *list)
{
    list->filtering = false;
    if (*list->suggestion)
        list_set_filter(list, list->suggestion);
    if (list->recall)
        recall_add(list->recall, list->filter.text);
}

static void filter_key(struct list *list, struct key key)
{
    if (list->recall && recall_key(list->recall, &list->filter, key)) {
        list_narrow(list);
        return;
    }
    switch (input_key(&list->filter, key)) {
    case INPUT_CHANGED:
        list_narrow(list);
        break;
    case INPUT_ENTER:
        filter_take(list);
        break;
    case INPUT_ESCAPE:
        list->filtering = false;
        list_set_filter(list, list->filter_before);
        break;
    case INPUT_IGNORED:
        move_key(list, key.code);
        break;
    }
}

static bool filter_start(struct list *list, uint32_t code)
{
    if (!list->ops->fields)
        return false;
    if (code == '/') {
        memcpy(list->filter_before, list->filter.text,
            sizeof(list->filter_before));
        list->filtering = true;
        list_order(list);
        if (list->recall)
            recall_start(list->recall);
        return true;
    }
    if (code == CODE_ESCAPE && list->filter.size) {
        list_set_filter(list, "");
        return true;
    }
    return false;
}

bool list_key(struct list *list, struct key key)
{
    if (list->filtering) {
        filter_key(list, key);
        return true;
    }
    if (key.pasted)
        return false;
    if (list->choosing) {
        choose_key(list, key.code);
        return true;
    }
    return move_key(list, key.code) || mark_key(list, key.code) ||
           sort_key(list, key.code) || column_key(list, key.code) ||
           filter_start(list, key.code) || scroll_key(list, key.code);
}
