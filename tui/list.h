/* The one list of every screen: virtual rows, a cursor that stays with its
 * item, marks, columns by width, sorting, a live filter. It holds item numbers
 * only; what they are is told by the screen's table of functions. 100,000 rows
 * cost no more to draw than twenty. */
#ifndef LIST_H
#define LIST_H

#include "canvas.h"
#include "filter.h"
#include "input.h"
#include "kvgov/estate.h"

#define LIST_PROBLEM_BYTES 512

struct recall;

struct list_column {
    const char *title;
    int width_cells; /* at least; 0: it takes what is left, one column at most */
    int full_cells;  /* all that its texts need, given where room is left; 0: no
                        more than the least */
    int appears_at;  /* drawn when the list is at least this wide; 0: always */
    bool right;      /* numbers */
    bool unsorted;   /* not offered by the sort menu */
};

/* What one cell shows. `text` comes empty with a limit; never leave it blank:
 * ".." is loading, "?" unknown, "-" not applicable. */
struct list_cell {
    struct buf text;
    enum role role;
};

/* Where an item stands when a column sorts: by number, then by text, then by
 * item. Asked once an item and sort. Borrowed for the sort. */
struct list_order {
    uint64_t number;
    const char *text;
};

/* `context` is what list_init() was given, usually the screen. Items are
 * numbers from 0; a number never stands for another item later. */
struct list_ops {
    const struct list_column *columns;
    size_t column_count;
    size_t sort_column; /* at first, ascending */
    size_t name_column; /* reversed in the selected row; never scrolled away */
    /* NULL: every number below the count exists. */
    bool (*exists)(const void *context, uint32_t item);
    void (*cell)(const void *context, uint32_t item, size_t column,
        struct list_cell *out);
    /* NULL: the list keeps the order of numbers and has no sort keys. */
    struct list_order (*order)(
        const void *context, uint32_t item, size_t column);
    /* What a filter can ask for, besides the columns; NULL: no filter. */
    const struct filter_field *fields;
    /* Does a plain word find the item? NULL: when it is in a cell. */
    bool (*word)(
        const void *context, uint32_t item, const struct filter_term *term);
    bool no_marks;
};

/* What a digit or letter chooses from, on the last rows of the list. */
enum list_menu {
    LIST_NO_MENU,
    LIST_SORT_MENU,
    LIST_COLUMN_MENU,
};

/* Read freely; change only through the calls below. */
struct list {
    const struct list_ops *ops;
    const void *context;

    uint32_t *shown; /* items in their order on the screen */
    size_t shown_count;
    size_t shown_capacity;
    uint32_t item_count; /* numbers below this may exist */
    uint32_t existing;   /* how many do, whatever the filter hides */

    uint32_t *order;    /* of all items, until one of them may have changed */
    size_t order_count; /* 0: not known */
    size_t order_capacity;

    size_t cursor; /* row in `shown` */
    size_t top;    /* first visible row */
    int page_rows; /* visible item rows, from list_layout() */

    uint8_t *marks;        /* one bit an item */
    uint8_t *undone_marks; /* what `u` cleared, for the second `u` */
    uint32_t mark_count;
    uint32_t mark_bytes;
    uint32_t range_from; /* item where `v` was pressed, KV_NONE */

    size_t sort_column;
    bool descending;
    size_t scrolled; /* columns that Right has moved out, the name apart */
    bool frozen;     /* the person has moved: rows keep their places */
    enum list_menu choosing;
    uint32_t columns_on;  /* one bit a column that was asked for */
    uint32_t columns_off; /* and that was put away; others go by the width */
    int width;            /* of the window, for what a menu says */

    struct input filter;
    bool filtering; /* the filter field has the keys */
    char filter_before[INPUT_BYTES];
    struct recall *recall; /* of filters; borrowed, NULL: none is kept */
    uint32_t moves;         /* keys that did nothing but move the cursor */
    struct list_kept *kept; /* the rows of the last frame, see list_draw.c */
    /* Of a filter that shows nothing: why, or what may have been meant. */
    char problem[LIST_PROBLEM_BYTES];
    char suggestion[INPUT_BYTES]; /* a whole filter, "" for none */
    uint32_t suggested;           /* items that it would show */
};

void list_init(
    struct list *list, const struct list_ops *ops, const void *context);
void list_done(struct list *list);

/* Tells how many rows of the canvas the list will get, before keys and
 * drawing; heads and the status row are the list's own business. */
void list_layout(struct list *list, int rows);

/* The items may have changed: numbers 0 to `item_count` - 1 are asked for. The
 * cursor stays on its item and, once the person has moved, on its place on the
 * screen: known rows keep their order, new ones come last, until '='. */
void list_refresh(struct list *list, uint32_t item_count);
/* As if chosen from the menus. */
void list_sort_by(struct list *list, size_t column, bool descending);
void list_show_column(struct list *list, size_t column, bool shown);
/* There is one, or would be with enough room. */
bool list_shows_column(const struct list *list, size_t column);
/* Sets the filter as if it had been typed. */
void list_set_filter(struct list *list, const char *text);

/* True when the key was the list's. While the filter field is open, all are. */
bool list_key(struct list *list, struct key key);

/* Column heads, rows, and the status row at the bottom. Rests the hardware
 * cursor on the cursor's row. Draws no rows when the list is empty: the screen
 * says why (empty.h). */
void list_draw(const struct list *list, struct canvas *canvas);

/* A click so many lines below the cursor's row, or above it: goes there where a
 * row is on the screen. */
void list_click(struct list *list, int lines);

/* The item under the cursor; KV_NONE in an empty list. */
uint32_t list_current(const struct list *list);
void list_move_to(struct list *list, uint32_t item);
bool list_is_marked(const struct list *list, uint32_t item);
uint32_t list_hidden_marks(const struct list *list); /* by the filter */
/* The marked items in the order of their numbers, or the one under the cursor
 * when nothing is marked. Returns how many; the caller frees *out with
 * heap_free(). */
size_t list_copy_chosen(const struct list *list, uint32_t **out);

/* "412 of 100,000 vaults  3 marked, 1 hidden"; `noun` is for several. */
void list_put_counts(
    const struct list *list, const char *noun, struct buf *out);

/* The keys of every list, for help; and those that mark. */
extern const struct binding list_bindings[];
extern const struct binding list_mark_bindings[];

#endif
