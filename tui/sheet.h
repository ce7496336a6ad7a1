/* A document: paragraphs that each have a role, with a label before them or
 * not, wrapped to whatever width they are drawn at. Owns its texts. */
#ifndef SHEET_H
#define SHEET_H

#include "canvas.h"

struct sheet_line {
    char *label; /* at column 1; NULL: none */
    char *text;  /* may be several lines; "" is an empty row */
    int indent;  /* the column that the text is wrapped at */
    enum role role;
};

/* Zero-initialise for an empty one. */
struct sheet {
    struct sheet_line *lines;
    size_t count;
    size_t capacity;
};

void sheet_done(struct sheet *sheet); /* also makes it empty again */

void sheet_put(
    struct sheet *sheet, enum role role, int indent, const char *text);
void sheet_putf(struct sheet *sheet, enum role role, int indent,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "LABEL  text": the text stands at `indent`, its further rows below it. */
void sheet_pair(struct sheet *sheet, enum role role, int indent,
    const char *label, const char *text);
void sheet_gap(struct sheet *sheet);

/* Rows that it takes at this width. */
int sheet_rows(const struct sheet *sheet, int columns);
/* Draws it from row `top` on. */
void sheet_draw(const struct sheet *sheet, struct canvas *canvas, int top);
/* One row: which rows are visible, drawn only when they are not all. */
void sheet_draw_place(
    const struct sheet *sheet, struct canvas *row, int top, int rows);

/* The row at which the next line (step 1) or the one before (-1) begins that
 * holds `part` in any case, seen from row `from`; goes on at the other end. -1
 * when no line does. */
int sheet_find(const struct sheet *sheet, int columns, const char *part,
    int from, int step);

/* Where a person is in a sheet that may be longer than its room. */
struct sheet_view {
    int top;
    int rows;    /* of the room */
    int columns; /* likewise */
};
/* After another size or text: the end stays at the bottom of the room. */
void sheet_fit(const struct sheet *sheet, struct sheet_view *view);
/* True when the key scrolls. */
bool sheet_key(
    const struct sheet *sheet, struct sheet_view *view, uint32_t code);

#endif
