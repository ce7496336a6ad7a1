/* What a list holds: items that the filter lets through, in an order that
 * keeps still while a person moves, and marks. */
#include "list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"
#include "list_inside.h"

void list_init(
    struct list *list, const struct list_ops *ops, const void *context)
{
    *list = (struct list){
        .ops = ops,
        .context = context,
        .sort_column = ops->sort_column,
        .page_rows = 1,
        .range_from = KV_NONE,
    };
}

void list_done(struct list *list)
{
    heap_free(list->shown);
    heap_free(list->order);
    heap_free(list->marks);
    heap_free(list->undone_marks);
    list_kept_free(list->kept);
    *list = (struct list){ 0 };
}

/* ---- where things are ---- */

static void settle(struct list *list)
{
    size_t page = (size_t)list->page_rows;

    if (list->cursor >= list->shown_count)
        list->cursor = list->shown_count ? list->shown_count - 1 : 0;
    if (list->top + page > list->shown_count)
        list->top = list->shown_count > page ? list->shown_count - page : 0;
    if (list->top > list->cursor)
        list->top = list->cursor;
    if (list->cursor >= list->top + page)
        list->top = list->cursor - page + 1;
}

void list_layout(struct list *list, int rows)
{
    list->page_rows = rows > 3 ? rows - 2 : 1;
    if (!list->kept)
        list->kept = list_kept_new();
    settle(list);
}

uint32_t list_current(const struct list *list)
{
    return list->shown_count ? list->shown[list->cursor] : KV_NONE;
}

static bool find_row(const struct list *list, uint32_t item, size_t *row)
{
    for (size_t i = 0; i < list->shown_count; i++)
        if (list->shown[i] == item) {
            *row = i;
            return true;
        }
    return false;
}

void list_move_to(struct list *list, uint32_t item)
{
    if (find_row(list, item, &list->cursor))
        settle(list);
}

void list_move_by(struct list *list, long rows)
{
    size_t last = list->shown_count ? list->shown_count - 1 : 0;

    list->frozen = true;
    if (rows < 0 && (size_t)-rows > list->cursor)
        list->cursor = 0;
    else if (rows > 0 && (size_t)rows > last - list->cursor)
        list->cursor = last;
    else
        list->cursor = (size_t)((long)list->cursor + rows);
    settle(list);
}

void list_click(struct list *list, int lines)
{
    long line = (long)(list->cursor - list->top) + lines;

    if (line >= 0 && line < list->page_rows &&
        list->top + (size_t)line < list->shown_count)
        list_move_by(list, lines);
}

/* ---- marks ---- */

bool list_is_marked(const struct list *list, uint32_t item)
{
    return item / 8 < list->mark_bytes &&
           (list->marks[item / 8] >> item % 8 & 1);
}

void list_mark(struct list *list, uint32_t item, bool marked)
{
    if (item / 8 >= list->mark_bytes || list_is_marked(list, item) == marked)
        return;
    list->marks[item / 8] ^= (uint8_t)(1u << item % 8);
    list->mark_count += marked ? 1u : UINT32_MAX;
}

void list_mark_range(struct list *list, size_t from, size_t to, bool marked)
{
    if (from > to) {
        size_t other = from;

        from = to;
        to = other;
    }
    for (size_t row = from; row <= to && row < list->shown_count; row++)
        list_mark(list, list->shown[row], marked);
}

static uint32_t count_marks(const uint8_t *marks, uint32_t bytes)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < bytes; i++)
        count += (uint32_t)__builtin_popcount(marks[i]);
    return count;
}

/* `u` clears; pressed again it brings back what it cleared. */
void list_swap_marks(struct list *list)
{
    uint8_t *undone = list->undone_marks;

    if (list->mark_count) {
        memset(undone, 0, list->mark_bytes);
    }
    list->undone_marks = list->marks;
    list->marks = undone;
    list->mark_count = count_marks(list->marks, list->mark_bytes);
}

static void grow_marks(struct list *list, uint32_t item_count)
{
    uint32_t bytes = item_count / 8 + 1;
    uint32_t more;

    if (bytes <= list->mark_bytes)
        return;
    more = bytes - list->mark_bytes;
    list->marks = heap_resize(list->marks, bytes);
    list->undone_marks = heap_resize(list->undone_marks, bytes);
    memset(list->marks + list->mark_bytes, 0, more);
    memset(list->undone_marks + list->mark_bytes, 0, more);
    list->mark_bytes = bytes;
}

uint32_t list_hidden_marks(const struct list *list)
{
    uint32_t visible = 0;

    for (size_t i = 0; i < list->shown_count && list->mark_count; i++)
        visible += list_is_marked(list, list->shown[i]);
    return list->mark_count - visible;
}

size_t list_copy_chosen(const struct list *list, uint32_t **out)
{
    size_t count = 0;

    *out = NULL;
    if (!list->mark_count && !list->shown_count)
        return 0;
    *out = heap_new((list->mark_count + 1) * sizeof(**out));
    if (!list->mark_count)
        (*out)[count++] = list_current(list);
    for (uint32_t item = 0; item < list->item_count; item++)
        if (list_is_marked(list, item))
            (*out)[count++] = item;
    return count;
}

/* ---- sorting ---- */

/* The first letters stand beside the number, as a number: most texts differ
 * there, and those of 100,000 items lie far apart in memory. */
struct sort_row {
    uint64_t number;
    uint64_t head[2];
    const char *text;
    uint32_t item;
};

/* Up to eight bytes in the order of strcmp(); *text is what is left. */
static uint64_t take_head(const char **text)
{
    uint64_t head = 0;

    for (int i = 0; i < 8; i++) {
        unsigned char byte = (unsigned char)**text;

        head = head << 8 | byte;
        *text += byte != 0;
    }
    return head;
}

static struct sort_row sort_row_of(const struct list *list, uint32_t item)
{
    struct list_order order =
        list->ops->order(list->context, item, list->sort_column);
    struct sort_row row = { .number = order.number, .item = item };

    row.text = order.text ? order.text : "";
    row.head[0] = take_head(&row.text);
    row.head[1] = take_head(&row.text);
    return row;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_rows(const void *left, const void *right)
{
    const struct sort_row *a = left;
    const struct sort_row *b = right;
    int order = compare_numbers(a->number, b->number);

    for (int i = 0; i < 2 && !order; i++)
        order = compare_numbers(a->head[i], b->head[i]);
    if (!order)
        order = strcmp(a->text, b->text);
    return order ? order : compare_numbers(a->item, b->item);
}

static void reserve(uint32_t **rows, size_t *capacity, size_t count)
{
    if (count <= *capacity)
        return;
    *capacity = count + count / 4;
    *rows = heap_resize(*rows, *capacity * sizeof(**rows));
}

/* While nothing is filtered out, the rows are the order of all: a filter then
 * takes some of them in turn, and at each of its keys nothing is sorted. */
static void keep_order(struct list *list)
{
    if (!list->shown_count || list->shown_count != list->existing)
        return;
    reserve(&list->order, &list->order_capacity, list->shown_count);
    memcpy(list->order, list->shown, list->shown_count * sizeof(*list->order));
    list->order_count = list->shown_count;
}

/* Keys are asked once an item, not once a comparison. */
static void sort(const struct list *list, uint32_t *items, size_t count)
{
    struct sort_row *rows;

    if (!list->ops->order || count < 2)
        return;
    rows = heap_new(count * sizeof(*rows));
    for (size_t i = 0; i < count; i++)
        rows[i] = sort_row_of(list, items[i]);
    qsort(rows, count, sizeof(*rows), compare_rows);
    for (size_t i = 0; i < count; i++)
        items[list->descending ? count - 1 - i : i] = rows[i].item;
    heap_free(rows);
}

/* ---- which items are shown ---- */

static bool exists(const struct list *list, uint32_t item)
{
    return !list->ops->exists || list->ops->exists(list->context, item);
}

void list_order(struct list *list)
{
    size_t count = 0;

    if (list->order_count)
        return;
    reserve(&list->order, &list->order_capacity, list->item_count);
    for (uint32_t item = 0; item < list->item_count; item++)
        if (exists(list, item))
            list->order[count++] = item;
    sort(list, list->order, count);
    list->order_count = count;
}

/* What a filter means here, and whether it means anything. */
static bool understand(
    const struct list *list, struct filter *filter, struct buf *problem)
{
    *filter = (struct filter){ 0 };
    if (!list->ops->fields)
        return true;
    filter_parse(filter, (struct view){ list->filter.text, list->filter.size });
    return filter_resolve(filter, list, problem);
}

/* Gives every item that is to be shown a set bit, and counts. A filter that
 * means nothing shows nothing, and says so. */
static uint8_t *find_wanted(struct list *list, size_t *count)
{
    uint8_t *wanted = heap_new(list->mark_bytes);
    struct buf problem = { .limit = LIST_PROBLEM_BYTES };
    struct filter filter;
    bool understood = understand(list, &filter, &problem);

    *count = 0;
    list->existing = 0;
    for (uint32_t item = 0; item < list->item_count; item++) {
        if (!exists(list, item))
            continue;
        list->existing++;
        if (!understood || !filter_passes(&filter, list, item))
            continue;
        wanted[item / 8] |= (uint8_t)(1u << item % 8);
        ++*count;
    }
    snprintf(list->problem, sizeof(list->problem), "%s", buf_text(&problem));
    buf_done(&problem);
    return wanted;
}

static uint32_t count_passing(const struct list *list, struct view text)
{
    struct buf problem = { .limit = LIST_PROBLEM_BYTES };
    struct filter filter;
    uint32_t count = 0;

    filter_parse(&filter, text);
    if (filter_resolve(&filter, list, &problem))
        for (uint32_t item = 0; item < list->item_count; item++)
            count += exists(list, item) && filter_passes(&filter, list, item);
    buf_done(&problem);
    return count;
}

/* Only what would show something is worth suggesting. */
static void suggest(struct list *list)
{
    struct view text = { list->filter.text, list->filter.size };

    list->suggested = 0;
    *list->suggestion = '\0';
    if (list->shown_count || !list->existing || !text.size)
        return;
    for (size_t i = 0; i < FILTER_TERMS && !list->suggested; i++) {
        struct buf better = { .limit = INPUT_BYTES };

        if (filter_suggest(list, text, i, &better) && !better.failed)
            list->suggested = count_passing(list, buf_view(&better));
        if (list->suggested)
            snprintf(list->suggestion, sizeof(list->suggestion), "%s",
                buf_text(&better));
        buf_done(&better);
    }
}

/* The rows of `placed` keep its order, others come last; every row that is
 * placed loses its bit. */
static void place_rows(struct list *list, uint8_t *wanted,
    const uint32_t *placed, size_t placed_count)
{
    size_t kept = 0;

    for (size_t i = 0; i < placed_count; i++) {
        uint32_t item = placed[i];
        uint8_t bit = (uint8_t)(1u << item % 8);

        if (item < list->item_count && wanted[item / 8] & bit) {
            wanted[item / 8] &= (uint8_t)~bit;
            list->shown[kept++] = item;
        }
    }
    for (uint32_t item = 0; item < list->item_count; item++)
        if (wanted[item / 8] >> item % 8 & 1)
            list->shown[kept++] = item;
    list->shown_count = kept;
}

/* In the order that is there, or in a new one. */
static void place(struct list *list, uint8_t *wanted)
{
    if (list->frozen) {
        place_rows(list, wanted, list->shown, list->shown_count);
        return;
    }
    place_rows(list, wanted, list->order, list->order_count);
    if (list->order_count)
        return;
    sort(list, list->shown, list->shown_count);
    keep_order(list);
}

/* What the filter lets through of what is there. */
static void show(struct list *list)
{
    uint32_t current = list_current(list);
    size_t line = list->cursor - list->top;
    size_t count;
    uint8_t *wanted = find_wanted(list, &count);

    reserve(&list->shown, &list->shown_capacity, count);
    place(list, wanted);
    heap_free(wanted);
    if (list->frozen && find_row(list, current, &list->cursor))
        list->top = list->cursor > line ? list->cursor - line : 0;
    suggest(list);
    settle(list);
}

void list_refresh(struct list *list, uint32_t item_count)
{
    list->item_count = item_count;
    list->order_count = 0;
    grow_marks(list, item_count);
    show(list);
}

void list_narrow(struct list *list)
{
    uint32_t current = list_current(list);

    list->frozen = false;
    show(list);
    list_move_to(list, current);
}

void list_resort(struct list *list)
{
    list->order_count = 0;
    list_narrow(list);
}

void list_sort_by(struct list *list, size_t column, bool descending)
{
    list->sort_column = column;
    list->descending = descending;
    list_resort(list);
}

void list_show_column(struct list *list, size_t column, bool shown)
{
    uint32_t bit = 1u << column;

    if (column == list->ops->name_column)
        return; /* a row without its name is none */
    list->columns_on = shown ? list->columns_on | bit : list->columns_on & ~bit;
    list->columns_off =
        shown ? list->columns_off & ~bit : list->columns_off | bit;
}

bool list_shows_column(const struct list *list, size_t column)
{
    uint32_t bit = 1u << column;

    if ((list->columns_on | list->columns_off) & bit)
        return list->columns_on & bit;
    return list->ops->columns[column].appears_at <= list->width;
}

void list_set_filter(struct list *list, const char *text)
{
    input_set(&list->filter, text);
    list_narrow(list);
}

/* What the filter hides is marked all the same, and counts in what is done. */
static void put_hidden(const struct list *list, struct buf *out)
{
    uint32_t hidden = list->mark_count && list->shown_count < list->existing
                          ? list_hidden_marks(list)
                          : 0;

    if (!hidden)
        return;
    buf_puts(out, ", ");
    buf_put_count(out, hidden);
    buf_puts(out, " hidden");
}

void list_put_counts(const struct list *list, const char *noun, struct buf *out)
{
    if (list->shown_count == list->existing)
        buf_put_count(out, list->existing);
    else
        buf_put_of(out, list->shown_count, list->existing);
    buf_putf(out, " %.*s", (int)strlen(noun) - (list->existing == 1), noun);
    if (list->mark_count) {
        buf_puts(out, "  ");
        buf_put_count(out, list->mark_count);
        buf_puts(out, " marked");
    }
    put_hidden(list, out);
}
