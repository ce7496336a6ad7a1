/* Columns and cells. */
#include "line.h"

#include "base.h"

#include <langinfo.h>
#include <string.h>
#include <wchar.h>

#define CUT_MARK '~'

struct line line_new(struct buf *out, size_t width_cells)
{
    return (struct line){
        .out = out,
        .width_cells = width_cells,
        .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
    };
}

/* Takes one character off valid UTF-8, which is what buf_put_visible() makes,
 * and says how many cells it fills. */
static size_t next_cells(struct view *text, size_t *bytes)
{
    unsigned char lead = (unsigned char)text->data[0];
    wchar_t point = lead;
    int cells;

    *bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (*bytes > text->size)
        *bytes = text->size;
    if (*bytes > 1)
        point = lead & (0xff >> (*bytes + 1));
    for (size_t i = 1; i < *bytes; i++)
        point = point << 6 | (text->data[i] & 0x3f);
    text->data += *bytes;
    text->size -= *bytes;

    cells = wcwidth(point);
    return cells < 0 ? 1 : (size_t)cells;
}

static size_t cells_of(struct view text)
{
    size_t cells = 0;
    size_t bytes;

    while (text.size > 0)
        cells += next_cells(&text, &bytes);
    return cells;
}

size_t line_cells(const struct line *line, const char *text)
{
    struct buf visible = { .limit = SIZE_MAX };
    size_t cells;

    buf_put_visible(&visible, view_of(text), line->ascii);
    cells = cells_of(buf_view(&visible));
    buf_done(&visible);
    return cells;
}

/* The longest beginning that fits into `width` cells. */
static struct view beginning(struct view text, size_t width, size_t *cells)
{
    struct view rest = text;
    size_t bytes = 0;
    size_t kept = 0;

    *cells = 0;
    while (rest.size > 0) {
        size_t next = next_cells(&rest, &bytes);

        if (*cells + next > width)
            break;
        *cells += next;
        kept += bytes;
    }
    return (struct view){ text.data, kept };
}

static void put_blanks(struct line *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_putc(line->out, ' ');
    line->at += count;
}

static void put_text(struct line *line, struct view text, size_t cells)
{
    if (text.size == 0)
        return;
    put_blanks(line, line->pending);
    line->pending = 0;
    buf_put(line->out, text);
    line->at += cells;
}

static void put_column(
    struct line *line, const char *text, size_t width, bool right)
{
    struct buf visible = { .limit = SIZE_MAX };
    struct view shown;
    size_t cells;
    bool cut;

    buf_put_visible(&visible, view_of(text), line->ascii);
    shown = buf_view(&visible);
    cells = cells_of(shown);
    cut = cells > width;
    if (cut)
        shown = beginning(shown, width - 1, &cells);

    if (right && !cut)
        line->pending += width - cells;
    put_text(line, shown, cells);
    if (cut)
        put_text(line, (struct view){ (const char[]){ CUT_MARK }, 1 }, 1);
    line->pending += (right && !cut ? 0 : width - cells - cut) + 1;
    buf_done(&visible);
}

void line_left(struct line *line, const char *text, size_t width)
{
    put_column(line, text, width, false);
}

void line_right(struct line *line, const char *text, size_t width)
{
    put_column(line, text, width, true);
}

void line_count(struct line *line, uint64_t count, size_t width)
{
    struct buf text = { .limit = 64 };

    buf_put_count(&text, count);
    put_column(line, buf_text(&text), width, true);
    buf_done(&text);
}

void line_end(struct line *line)
{
    buf_putc(line->out, '\n');
    line->at = 0;
    line->pending = 0;
}

void line_phrase(struct line *line, const char *text, size_t indent)
{
    struct buf visible = { .limit = SIZE_MAX };
    size_t cells;

    buf_put_visible(&visible, view_of(text), line->ascii);
    cells = cells_of(buf_view(&visible));
    if (line->at > indent &&
        line->at + line->pending + cells > line->width_cells)
        line_end(line);
    if (line->at == 0)
        line->pending = indent;
    put_text(line, buf_view(&visible), cells);
    line->pending = 1;
    buf_done(&visible);
}

void line_words(struct line *line, const char *text, size_t indent)
{
    struct view rest = view_of(text);

    while (rest.size > 0) {
        struct view word = view_cut(&rest, ' ');
        char *copy = mem_copy_view(word);

        line_phrase(line, copy, indent);
        mem_free(copy);
    }
}
