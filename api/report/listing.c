/* Rows of cells as a table, as a record and as JSON. */
#include "listing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "line.h"
#include "node.h"

enum cell_kind {
    CELL_NONE,
    CELL_UNKNOWN,
    CELL_TEXT,
    CELL_COUNT,
    CELL_TIME,
    CELL_FLAG,
};

struct cell {
    enum cell_kind kind;
    union {
        char *text; /* owned */
        int64_t number;
    };
};

struct listing listing_new(
    const struct listing_column *columns, size_t column_count)
{
    return (struct listing){
        .columns = columns,
        .column_count = column_count,
    };
}

void listing_done(struct listing *listing)
{
    for (size_t i = 0; i < listing->count; i++)
        if (listing->cells[i].kind == CELL_TEXT)
            mem_free(listing->cells[i].text);
    mem_free(listing->cells);
    *listing = (struct listing){ 0 };
}

/* ---- filling ---- */

static struct cell *add(struct listing *listing, enum cell_kind kind)
{
    struct cell *cell;

    listing->cells = mem_grow(listing->cells, listing->count,
        &listing->capacity, sizeof *listing->cells);
    cell = &listing->cells[listing->count++];
    *cell = (struct cell){ .kind = kind };
    return cell;
}

void listing_text(struct listing *listing, const char *text)
{
    if (text && *text)
        add(listing, CELL_TEXT)->text = mem_copy_text(text);
    else
        listing_none(listing);
}

void listing_count(struct listing *listing, uint64_t count)
{
    add(listing, CELL_COUNT)->number = (int64_t)count;
}

void listing_time(struct listing *listing, int64_t time_s)
{
    if (time_s != 0)
        add(listing, CELL_TIME)->number = time_s;
    else
        listing_none(listing);
}

void listing_flag(struct listing *listing, bool flag)
{
    add(listing, CELL_FLAG)->number = flag;
}

void listing_tri(struct listing *listing, enum kv_tri tri)
{
    if (tri == KV_TRI_ABSENT)
        listing_none(listing);
    else
        listing_flag(listing, tri == KV_TRI_TRUE);
}

void listing_none(struct listing *listing)
{
    add(listing, CELL_NONE);
}

void listing_unknown(struct listing *listing)
{
    add(listing, CELL_UNKNOWN);
}

size_t listing_rows(const struct listing *listing)
{
    assert(listing->count % listing->column_count == 0);
    return listing->count / listing->column_count;
}

/* ---- as text ---- */

static void put_text(struct buf *out, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_NONE:
        buf_putc(out, '-');
        break;
    case CELL_UNKNOWN:
        buf_putc(out, '?');
        break;
    case CELL_TEXT:
        buf_puts(out, cell->text);
        break;
    case CELL_COUNT:
        buf_putf(out, "%lld", (long long)cell->number);
        break;
    case CELL_TIME:
        buf_put_time(out, cell->number);
        break;
    case CELL_FLAG:
        buf_puts(out, cell->number ? "yes" : "no");
        break;
    }
}

/* ---- order ---- */

struct sorting {
    const struct listing *listing;
    size_t columns;
};

static int compare_cells(const struct cell *a, const struct cell *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == CELL_TEXT)
        return strcasecmp(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

static int compare_rows(const void *left, const void *right, void *context)
{
    const struct sorting *sorting = context;
    const struct listing *listing = sorting->listing;
    size_t a = *(const size_t *)left;
    size_t b = *(const size_t *)right;

    for (size_t i = 0; i < sorting->columns; i++) {
        int order =
            compare_cells(&listing->cells[a * listing->column_count + i],
                &listing->cells[b * listing->column_count + i]);

        if (order != 0)
            return order;
    }
    return (a > b) - (a < b);
}

void listing_sort(struct listing *listing, size_t columns)
{
    struct sorting sorting = { listing, columns };
    size_t rows = listing_rows(listing);
    size_t *order = mem_alloc(rows * sizeof *order);
    size_t row_bytes = listing->column_count * sizeof *listing->cells;
    struct cell *sorted = mem_alloc(rows * row_bytes);

    for (size_t i = 0; i < rows; i++)
        order[i] = i;
    qsort_r(order, rows, sizeof *order, compare_rows, &sorting);
    for (size_t i = 0; i < rows; i++)
        memcpy(&sorted[i * listing->column_count],
            &listing->cells[order[i] * listing->column_count], row_bytes);
    mem_free(order);
    mem_free(listing->cells);
    listing->cells = sorted;
    listing->capacity = listing->count;
}

static void measure(
    const struct listing *listing, const struct line *line, size_t *widths)
{
    struct buf text = { .limit = SIZE_MAX };

    for (size_t i = 0; i < listing->column_count; i++)
        widths[i] = line_cells(line, listing->columns[i].title);
    for (size_t i = 0; i < listing->count; i++) {
        size_t *width = &widths[i % listing->column_count];
        size_t cells;

        buf_clear(&text);
        put_text(&text, &listing->cells[i]);
        cells = line_cells(line, buf_text(&text));
        if (cells > *width)
            *width = cells;
    }
    buf_done(&text);
}

/* Two blanks lie between columns. What a terminal has no room for is cut off at
 * its edge. */
static void put_field(struct line *line, const char *text, size_t width)
{
    size_t left = line->width_cells > line->at + line->pending
                      ? line->width_cells - line->at - line->pending
                      : 0;

    if (left == 0)
        return;
    line_left(line, text, width < left ? width : left);
    line->pending++;
}

void listing_put_table(
    struct buf *out, const struct listing *listing, uint32_t width_cells)
{
    struct line line = line_new(out, width_cells ? width_cells : SIZE_MAX / 2);
    struct buf text = { .limit = SIZE_MAX };
    size_t *widths;

    if (listing_rows(listing) == 0)
        return;
    widths = mem_alloc(listing->column_count * sizeof *widths);
    measure(listing, &line, widths);
    for (size_t i = 0; i < listing->column_count; i++)
        put_field(&line, listing->columns[i].title, widths[i]);
    for (size_t i = 0; i < listing->count; i++) {
        if (i % listing->column_count == 0)
            line_end(&line);
        buf_clear(&text);
        put_text(&text, &listing->cells[i]);
        put_field(&line, buf_text(&text), widths[i % listing->column_count]);
    }
    line_end(&line);
    buf_done(&text);
    mem_free(widths);
}

void listing_put_record(struct buf *out, const struct listing *listing)
{
    struct line line = line_new(out, SIZE_MAX / 2);
    size_t width = 0;

    if (listing_rows(listing) == 0)
        return;
    for (size_t i = 0; i < listing->column_count; i++)
        if (line_cells(&line, listing->columns[i].title) > width)
            width = line_cells(&line, listing->columns[i].title);
    for (size_t i = 0; i < listing->column_count; i++) {
        struct buf text = { .limit = SIZE_MAX };

        put_text(&text, &listing->cells[i]);
        line_left(&line, listing->columns[i].title, width + 1);
        line_phrase(&line, buf_text(&text), 0);
        line_end(&line);
        buf_done(&text);
    }
}

/* ---- as JSON ---- */

static json_t *node_of(const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_NONE:
    case CELL_UNKNOWN:
        break;
    case CELL_TEXT:
        return node_text(cell->text);
    case CELL_COUNT:
        return json_integer(cell->number);
    case CELL_TIME:
        return node_time(cell->number);
    case CELL_FLAG:
        return json_boolean(cell->number);
    }
    return json_null();
}

static json_t *row_of(const struct listing *listing, size_t row)
{
    const struct cell *cells = &listing->cells[row * listing->column_count];
    json_t *object = json_object();
    json_t *unknown = json_array();

    for (size_t i = 0; i < listing->column_count; i++) {
        const char *member = listing->columns[i].member;

        node_set(object, member, node_of(&cells[i]));
        if (cells[i].kind == CELL_UNKNOWN)
            json_array_append_new(unknown, node_text(member));
    }
    if (json_array_size(unknown) > 0)
        node_set(object, "unknown", unknown);
    else
        json_decref(unknown);
    return object;
}

void listing_put_json(struct buf *out, const struct listing *listing)
{
    size_t rows = listing_rows(listing);

    buf_putc(out, '[');
    for (size_t i = 0; i < rows; i++) {
        buf_puts(out, i == 0 ? "\n" : ",\n");
        node_put(out, row_of(listing, i), JSON_COMPACT);
    }
    buf_puts(out, "\n]");
}

void listing_put_json_record(struct buf *out, const struct listing *listing)
{
    node_put(out, listing_rows(listing) ? row_of(listing, 0) : json_null(),
        JSON_COMPACT);
}
