/* Pages in the man(7) macros: texts that cannot be taken for requests. */
#ifndef ROFF_H
#define ROFF_H

#include "kvgov/text.h"

void roff_put(struct buf *out, const char *text); /* escaped, in the line */
/* ".TH", then NAME; the date is $SOURCE_DATE_EPOCH's, none without it. */
void roff_head(struct buf *out, const char *name, const char *section,
    const char *about);
void roff_section(struct buf *out, const char *title);
void roff_paragraph(struct buf *out, const char *text);
/* A term in bold, with an argument in italics behind it ("" for none). */
void roff_term(struct buf *out, const char *term, const char *argument);
void roff_text(struct buf *out, const char *text); /* a line of its own */

#endif
