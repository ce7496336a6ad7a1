/* Lines of aligned columns, measured in terminal cells, and lists that wrap.
 * Every text that goes through here is made visible first. */
#ifndef REPORT_LINE_H
#define REPORT_LINE_H

#include "kvgov/text.h"

struct line {
    struct buf *out;
    size_t width_cells; /* of the page */
    bool ascii;         /* the reader's locale shows nothing else */
    size_t at;          /* cells written on this line */
    size_t pending;     /* blanks owed before the next text */
};

/* Starts at the left margin. */
struct line line_new(struct buf *out, size_t width_cells);

/* How many cells the text fills once it is made visible. */
size_t line_cells(const struct line *line, const char *text);

/* One column: cut with "~" to `width` cells or filled up to them, then one
 * blank. Blanks at the end of a line are never written. */
void line_left(struct line *line, const char *text, size_t width);
void line_right(struct line *line, const char *text, size_t width);
void line_count(struct line *line, uint64_t count, size_t width);
void line_end(struct line *line);

/* A phrase at the current place, in one piece: one that does not fit begins a
 * new line at `indent`. Longer than a line it stays whole, to be copied. */
void line_phrase(struct line *line, const char *text, size_t indent);
/* Each word as a phrase. */
void line_words(struct line *line, const char *text, size_t indent);

#endif
