/* Escaping for CSV, Markdown, XML, HTML and addresses. */
#include "escape.h"

#include "kvgov/report.h"

#include <ctype.h>
#include <string.h>

/* ---- CSV ---- */

/* The signs in their full width too, which some spreadsheets take likewise. */
static const char *const formula_signs[] = {
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\xef\xbc\x9d",
    "\xef\xbc\x8b",
    "\xef\xbc\x8d",
    "\xef\xbc\xa0",
};

/* A lone "-" says that nothing applies; no spreadsheet computes with it. */
static bool is_formula(struct view text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text.data++;
        text.size--;
    }
    for (size_t i = 0; i < sizeof formula_signs / sizeof *formula_signs; i++) {
        size_t size = strlen(formula_signs[i]);

        if (text.size > 1 && text.size >= size &&
            memcmp(text.data, formula_signs[i], size) == 0)
            return true;
    }
    return false;
}

void kv_report_put_csv(struct buf *out, struct view text)
{
    buf_putc(out, '"');
    if (is_formula(text))
        buf_putc(out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, text.data[i]);
    }
    buf_putc(out, '"');
}

/* ---- Markdown ---- */

/* What Markdown or the HTML made from it would take for its own. */
void kv_report_put_markdown(struct buf *out, struct view text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (strchr("\\|`*_[]<>#", text.data[i]))
            buf_putc(out, '\\');
        buf_putc(out, text.data[i]);
    }
}

static size_t longest_run(struct view text, char byte)
{
    size_t longest = 0;
    size_t run = 0;

    for (size_t i = 0; i < text.size; i++) {
        run = text.data[i] == byte ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* A fence longer than any inside holds. Tables are cut into cells before code
 * is looked for, hence the \ before a bar. */
void escape_put_code(struct buf *out, const char *text)
{
    struct buf visible = { .limit = SIZE_MAX };
    size_t fence;

    buf_put_visible(&visible, view_of(text), false);
    fence = longest_run(buf_view(&visible), '`') + 1;
    for (size_t i = 0; i < fence; i++)
        buf_putc(out, '`');
    buf_puts(out, fence > 1 ? " " : "");
    for (size_t i = 0; i < visible.size; i++) {
        if (visible.data[i] == '|')
            buf_putc(out, '\\');
        buf_putc(out, visible.data[i]);
    }
    buf_puts(out, fence > 1 ? " " : "");
    for (size_t i = 0; i < fence; i++)
        buf_putc(out, '`');
    buf_done(&visible);
}

/* ---- XML, HTML ---- */

static const char *entity_of(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_xml(struct buf *out, struct view text)
{
    struct buf visible = { .limit = SIZE_MAX };

    buf_put_visible(&visible, text, false);
    for (size_t i = 0; i < visible.size; i++) {
        const char *entity = entity_of(visible.data[i]);

        if (entity)
            buf_puts(out, entity);
        else
            buf_putc(out, visible.data[i]);
    }
    buf_done(&visible);
}

void escape_put_xml(struct buf *out, const char *text)
{
    put_xml(out, view_of(text));
}

void escape_put_xml_lines(
    struct buf *out, const char *text, const char *between)
{
    struct view rest = view_of(text);

    while (rest.size > 0) {
        put_xml(out, view_cut(&rest, '\n'));
        if (rest.size > 0)
            buf_puts(out, between);
    }
}

/* ---- addresses, lines ---- */

void escape_put_path(struct buf *out, const char *text)
{
    struct buf visible = { .limit = SIZE_MAX };

    buf_put_visible(&visible, view_of(text), false);
    for (size_t i = 0; i < visible.size; i++) {
        unsigned char byte = (unsigned char)visible.data[i];

        if (isalnum(byte) || strchr("-._~/", byte))
            buf_putc(out, (char)byte);
        else
            buf_putf(out, "%%%02X", byte);
    }
    buf_done(&visible);
}

void escape_put_line(struct buf *out, const char *text)
{
    struct view rest = view_of(text);

    while (rest.size > 0) {
        buf_put_visible(out, view_cut(&rest, '\n'), false);
        if (rest.size > 0)
            buf_puts(out, "; ");
    }
}
