/* Texts as other formats take them: nothing in them is taken for the format's
 * own. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "kvgov/text.h"

/* Made visible, in XML and HTML, also inside of quotes. */
void escape_put_xml(struct buf *out, const char *text);
/* Likewise, line by line, with `between` as it is. */
void escape_put_xml_lines(
    struct buf *out, const char *text, const char *between);
/* Made visible, as the path of an address; "/" stays. */
void escape_put_path(struct buf *out, const char *text);
/* Made visible, as code in Markdown, in which nothing else is looked for: no
 * mention of a person, no link. For cells of tables too. */
void escape_put_code(struct buf *out, const char *text);
/* Made visible, and its lines as one with "; " between. */
void escape_put_line(struct buf *out, const char *text);

#endif
