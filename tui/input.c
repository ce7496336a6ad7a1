/* A one-line text field. */
#include "input.h"

#include <string.h>

#include "point.h"

void input_set(struct input *input, const char *text)
{
    size_t size = strlen(text);

    *input = (struct input){ 0 };
    if (size >= INPUT_BYTES)
        return; /* cut in the middle it would say something else */
    memcpy(input->text, text, size);
    input->size = size;
    input->cursor = size;
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t previous(const struct input *input, size_t at)
{
    while (at > 0 && continues(input->text[--at]))
        continue;
    return at;
}

static size_t next(const struct input *input, size_t at)
{
    if (at < input->size)
        at++;
    while (at < input->size && continues(input->text[at]))
        at++;
    return at;
}

static void cut(struct input *input, size_t from, size_t to)
{
    memmove(input->text + from, input->text + to, input->size - to + 1);
    input->size -= to - from;
    input->cursor = from;
    if (!input->size)
        input->pasted = false;
}

static void insert(struct input *input, struct key key)
{
    struct buf text = { .limit = 8 };
    size_t size;

    point_put(&text, key.code);
    size = text.size;
    if (!text.failed && input->size + size < INPUT_BYTES) {
        memmove(input->text + input->cursor + size, input->text + input->cursor,
            input->size - input->cursor + 1);
        memcpy(input->text + input->cursor, buf_text(&text), size);
        input->size += size;
        input->cursor += size;
        input->pasted = input->pasted || key.pasted;
    }
    buf_done(&text);
}

/* The start of the word before the cursor. */
static size_t word_start(const struct input *input)
{
    size_t at = input->cursor;

    while (at > 0 && input->text[at - 1] == ' ')
        at--;
    while (at > 0 && input->text[at - 1] != ' ')
        at--;
    return at;
}

static enum input_result edit(struct input *input, uint32_t code)
{
    switch (code) {
    case CODE_BACKSPACE:
        cut(input, previous(input, input->cursor), input->cursor);
        return INPUT_CHANGED;
    case CODE_DELETE: {
        size_t at = input->cursor;

        cut(input, at, next(input, at));
        return INPUT_CHANGED;
    }
    case CODE_LEFT:
        input->cursor = previous(input, input->cursor);
        return INPUT_CHANGED;
    case CODE_RIGHT:
        input->cursor = next(input, input->cursor);
        return INPUT_CHANGED;
    case CODE_HOME:
        input->cursor = 0;
        return INPUT_CHANGED;
    case CODE_END:
        input->cursor = input->size;
        return INPUT_CHANGED;
    case CODE_CTRL('U'):
        cut(input, 0, input->cursor);
        return INPUT_CHANGED;
    case CODE_CTRL('W'):
        cut(input, word_start(input), input->cursor);
        return INPUT_CHANGED;
    default:
        return INPUT_IGNORED;
    }
}

enum input_result input_key(struct input *input, struct key key)
{
    if (key.pasted && (key.code == CODE_ENTER || key.code == CODE_TAB))
        key.code = ' ';
    if (key_is_text(key)) {
        insert(input, key);
        return INPUT_CHANGED;
    }
    if (key.pasted)
        return INPUT_CHANGED; /* a pasted control character is dropped */
    if (key.code == CODE_ENTER)
        return INPUT_ENTER;
    if (key.code == CODE_ESCAPE)
        return INPUT_ESCAPE;
    return edit(input, key.code);
}

void input_draw(
    const struct input *input, struct canvas *canvas, int width_cells)
{
    int row = canvas->pen_row;
    int column = canvas->pen_column;
    bool ascii = canvas->grid->ascii;
    size_t from = 0;
    struct view text;

    /* Scrolled a code point at a time: a field is short. */
    for (;;) {
        text = (struct view){ input->text + from, input->cursor - from };
        if (from >= input->cursor || text_cells(text, ascii) < width_cells)
            break;
        from = next(input, from);
    }
    canvas_put_left(canvas, ROLE_INPUT, width_cells, input->text + from);
    canvas_cursor(canvas, row, column + text_cells(text, ascii));
}
