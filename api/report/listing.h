/* Rows of cells under fixed columns, for scripts and for people: a table with a
 * row a line, a record with a field a line, or JSON. */
#ifndef REPORT_LISTING_H
#define REPORT_LISTING_H

#include "kvgov/report.h"

struct listing_column {
    const char *title;  /* in a table */
    const char *member; /* in JSON */
};

struct cell;

struct listing {
    const struct listing_column *columns;
    size_t column_count;
    struct cell *cells; /* row by row */
    size_t count;
    size_t capacity;
};

/* Borrows the columns for good. */
struct listing listing_new(
    const struct listing_column *columns, size_t column_count);
void listing_done(struct listing *listing);

/* Each puts the next cell of the row, and after the last one begins another.
 * Texts are copied. */
void listing_text(struct listing *listing, const char *text); /* NULL: none */
void listing_count(struct listing *listing, uint64_t count);
void listing_time(struct listing *listing, int64_t time_s); /* 0: none */
void listing_flag(struct listing *listing, bool flag);
void listing_tri(struct listing *listing, enum kv_tri tri); /* absent: none */
void listing_none(struct listing *listing);
/* What could not be read: "?", and null in JSON, where the row's member
 * "unknown" names it too. */
void listing_unknown(struct listing *listing);
size_t listing_rows(const struct listing *listing);
/* By the text of the first `columns` cells; rows that are the same there stay
 * in their order. */
void listing_sort(struct listing *listing, size_t columns);

/* Nothing at all without a row. Cut at the edge of a terminal of so many cells;
 * whole for 0. */
void listing_put_table(
    struct buf *out, const struct listing *listing, uint32_t width_cells);
/* The first row, a line for each field that has a value or should have one. */
void listing_put_record(struct buf *out, const struct listing *listing);
/* "[...]", with a row a line; the first row alone, or null. */
void listing_put_json(struct buf *out, const struct listing *listing);
void listing_put_json_record(struct buf *out, const struct listing *listing);

#endif
