/* Parts of the manual page kvgov(1): what no table says, in short texts, and the
 * keys. */
#ifndef MANUAL_TEXT_H
#define MANUAL_TEXT_H

#include <stddef.h>

struct manual_term {
    const char *term;
    const char *text;
};

struct manual_section {
    const char *title;
    const char *text; /* before the terms; NULL: none */
    const struct manual_term *terms;
    size_t term_count;
};

extern const struct manual_section manual_sections[];
extern const size_t manual_section_count;

struct buf;
/* The section on keys, from the tables that dispatch them. */
void manual_put_keys(struct buf *out);

#endif
