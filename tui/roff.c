/* Writing man(7). */
#include "roff.h"

#include <stdlib.h>
#include <string.h>

#ifndef KVGOV_VERSION
#define KVGOV_VERSION "unknown"
#endif

/* A hyphen in an option is to be copied as it is; a point or an apostrophe at
 * the beginning of a line would be a request. */
void roff_put(struct buf *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '\\':
            buf_puts(out, "\\e");
            break;
        case '-':
            buf_puts(out, "\\-");
            break;
        case '\'':
            buf_puts(out, "\\(aq");
            break;
        case '"':
            buf_puts(out, "\\(dq");
            break;
        case '~':
            buf_puts(out, "\\(ti");
            break;
        case '^':
            buf_puts(out, "\\(ha");
            break;
        case '`':
            buf_puts(out, "\\(ga");
            break;
        case '.':
            buf_puts(out, "\\&.");
            break;
        case '\n':
            buf_putc(out, ' ');
            break;
        default:
            buf_putc(out, *text);
        }
}

static void put_date(struct buf *out)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    struct buf time = { .limit = 64 };
    struct view rest;

    buf_put_time(&time, epoch ? strtoll(epoch, NULL, 10) : 0);
    rest = buf_view(&time);
    if (time.size > 1)
        buf_put(out, view_cut(&rest, 'T'));
    buf_done(&time);
}

void roff_head(
    struct buf *out, const char *name, const char *section, const char *about)
{
    buf_putf(out, ".TH %s %s \"", name, section);
    put_date(out);
    buf_puts(out, "\" \"kvgov " KVGOV_VERSION "\" \"kvgov\"\n");
    roff_section(out, "NAME");
    roff_put(out, name);
    buf_puts(out, " \\- ");
    roff_put(out, about);
    buf_putc(out, '\n');
}

void roff_section(struct buf *out, const char *title)
{
    buf_putf(out, ".SH \"%s\"\n", title);
}

void roff_text(struct buf *out, const char *text)
{
    roff_put(out, text);
    buf_putc(out, '\n');
}

void roff_paragraph(struct buf *out, const char *text)
{
    buf_puts(out, ".PP\n");
    roff_text(out, text);
}

void roff_term(struct buf *out, const char *term, const char *argument)
{
    buf_puts(out, ".TP\n\\fB");
    roff_put(out, term);
    buf_puts(out, "\\fR");
    if (*argument) {
        buf_puts(out, "\\fI");
        roff_put(out, argument);
        buf_puts(out, "\\fR");
    }
    buf_putc(out, '\n');
}
