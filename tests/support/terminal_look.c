/* What can be seen: text, attributes, cursor, modes, and the bytes that
 * should never have been sent. */
#include "terminal.h"

#include <string.h>
#include <termios.h>

#include "base.h"
#include "terminal_inside.h"

static void put_code_point(struct buf *out, uint32_t c)
{
    if (c < 0x80) {
        buf_putc(out, (char)c);
    } else if (c < 0x800) {
        buf_putc(out, (char)(0xC0 | (c >> 6)));
        buf_putc(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        buf_putc(out, (char)(0xE0 | (c >> 12)));
        buf_putc(out, (char)(0x80 | ((c >> 6) & 0x3F)));
        buf_putc(out, (char)(0x80 | (c & 0x3F)));
    } else {
        buf_putc(out, (char)(0xF0 | (c >> 18)));
        buf_putc(out, (char)(0x80 | ((c >> 12) & 0x3F)));
        buf_putc(out, (char)(0x80 | ((c >> 6) & 0x3F)));
        buf_putc(out, (char)(0x80 | (c & 0x3F)));
    }
}

static void put_cell(struct buf *out, const VTermScreenCell *cell)
{
    if (cell->chars[0] == 0)
        buf_putc(out, ' ');
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
        put_code_point(out, cell->chars[i]);
}

static void cut_blanks(struct buf *out, size_t from)
{
    while (out->size > from && out->data[out->size - 1] == ' ')
        out->data[--out->size] = '\0';
}

static void put_row(struct terminal *terminal, struct buf *out, int row)
{
    size_t from = out->size;
    VTermPos at = { .row = row };

    while (at.col < terminal->columns) {
        VTermScreenCell cell = { 0 };

        (void)vterm_screen_get_cell(terminal->screen, at, &cell);
        put_cell(out, &cell);
        at.col += cell.width > 1 ? cell.width : 1;
    }
    cut_blanks(out, from);
}

const char *terminal_text(struct terminal *terminal)
{
    terminal_take(terminal);
    buf_clear(&terminal->text);
    for (int row = 0; row < terminal->rows; row++) {
        put_row(terminal, &terminal->text, row);
        buf_putc(&terminal->text, '\n');
    }
    return buf_text(&terminal->text);
}

const char *terminal_row(struct terminal *terminal, int row)
{
    terminal_take(terminal);
    buf_clear(&terminal->row);
    put_row(terminal, &terminal->row, row);
    return buf_text(&terminal->row);
}

bool terminal_shows(struct terminal *terminal, const char *text)
{
    return strstr(terminal_text(terminal), text) != NULL;
}

int terminal_find_row(struct terminal *terminal, const char *text)
{
    for (int row = 0; row < terminal->rows; row++)
        if (strstr(terminal_row(terminal, row), text))
            return row;
    return -1;
}

static int palette_index(const VTermColor *colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour))
        return -1;
    return VTERM_COLOR_IS_INDEXED(colour) ? colour->indexed.idx : -2;
}

struct terminal_cell terminal_cell(
    struct terminal *terminal, int row, int column)
{
    VTermScreenCell cell = { 0 };

    terminal_take(terminal);
    (void)vterm_screen_get_cell(
        terminal->screen, (VTermPos){ row, column }, &cell);
    return (struct terminal_cell){
        .bold = cell.attrs.bold,
        .underline = cell.attrs.underline != 0,
        .reverse = cell.attrs.reverse,
        .foreground = palette_index(&cell.fg),
        .background = palette_index(&cell.bg),
    };
}

uint32_t terminal_point(struct terminal *terminal, int row, int column)
{
    VTermScreenCell cell = { 0 };

    terminal_take(terminal);
    (void)vterm_screen_get_cell(
        terminal->screen, (VTermPos){ row, column }, &cell);
    if (cell.chars[0] == UINT32_MAX)
        return 0;
    return cell.chars[0] ? cell.chars[0] : ' ';
}

void terminal_cursor(struct terminal *terminal, int *row, int *column)
{
    VTermPos at;

    terminal_take(terminal);
    vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &at);
    *row = at.row;
    *column = at.col;
}

/* libvterm does not tell whether bracketed paste is on, and of several modes in
 * one sequence it takes the first; the last switch in the output tells. */
static bool is_on(const struct buf *output, const char *mode)
{
    const char *text = buf_text(output);
    const char *last = NULL;

    for (const char *at = text; (at = strstr(at, mode)); at++)
        last = at;
    return last && last[strlen(mode)] == 'h';
}

struct terminal_modes terminal_modes(struct terminal *terminal)
{
    struct termios line = { 0 };

    terminal_take(terminal);
    (void)tcgetattr(terminal->fd, &line);
    return (struct terminal_modes){
        .alternate = terminal->alternate,
        .cursor_visible = terminal->cursor_visible,
        .mouse = is_on(&terminal->output, "1006;1000"),
        .canonical = (line.c_lflag & ICANON) != 0,
        .echo = (line.c_lflag & ECHO) != 0,
        .paste_marked = is_on(&terminal->output, "\033[?2004"),
    };
}

struct view terminal_output(struct terminal *terminal)
{
    terminal_take(terminal);
    return buf_view(&terminal->output);
}

bool terminal_wrote(struct terminal *terminal, const char *bytes, size_t size)
{
    struct view output = terminal_output(terminal);

    return size > 0 && output.size >= size &&
           memmem(output.data, output.size, bytes, size) != NULL;
}

const char *terminal_foreign(struct terminal *terminal)
{
    static const struct {
        const char *bytes;
        const char *name;
    } rows[] = {
        { "\033]", "OSC" },
        { "\033P", "DCS" },
        { "\033_", "APC" },
        { "\033^", "PM" },
        { "\033X", "SOS" },
        { "\033c", "full reset" },
        { "\033#", "screen alignment" },
        { "\033[5n", "status request" },
        { "\033[6n", "position request" },
        { "\033[c", "identity request" },
        { "\xC2\x9B", "C1 CSI" },
        { "\xC2\x9D", "C1 OSC" },
        { "\xC2\x90", "C1 DCS" },
        { "\xC2\x85", "C1 NEL" },
        { "\xE2\x80\x8B", "zero width space" },
        { "\xE2\x80\x8E", "left-to-right mark" },
        { "\xE2\x80\x8F", "right-to-left mark" },
        { "\xE2\x80\xAA", "left-to-right embedding" },
        { "\xE2\x80\xAB", "right-to-left embedding" },
        { "\xE2\x80\xAD", "left-to-right override" },
        { "\xE2\x80\xAE", "right-to-left override" },
        { "\xE2\x81\xA6", "left-to-right isolate" },
        { "\xE2\x81\xA7", "right-to-left isolate" },
        { "\xEF\xBB\xBF", "byte order mark" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (terminal_wrote(terminal, rows[i].bytes, strlen(rows[i].bytes)))
            return rows[i].name;
    return NULL;
}
