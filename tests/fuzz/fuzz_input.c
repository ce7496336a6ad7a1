/* A text field and the names of keys. The first byte says how full the field
 * is, then come three bytes a key: any code point, typed or pasted. The text
 * stays UTF-8 with the cursor between its characters. */
#include "fuzz.h"

#include <locale.h>

#include "input.h"

#define LONGEST 240

static uint32_t take_code(struct view *rest)
{
    uint32_t high = fuzz_take_byte(rest);
    uint32_t low = fuzz_take_byte(rest);
    uint32_t code = (high & 0x1f) << 8 | low;

    if (high & 0x80)
        return CODE_ENTER + low % (CODE_OTHER - CODE_ENTER + 1);
    return high & 0x40 ? code << 8 | low : code;
}

static void check_cursor(const struct input *input)
{
    fuzz_check(input->size < INPUT_BYTES && input->cursor <= input->size);
    fuzz_check(input->text[input->size] == '\0');
    fuzz_check((input->text[input->cursor] & 0xc0) != 0x80);
}

static void check_text(const struct input *input)
{
    fuzz_check(strlen(input->text) == input->size);
    fuzz_check_utf8(view_of(input->text));
}

static void draw(const struct input *input)
{
    struct grid grid = { 0 };
    struct canvas canvas;

    grid_resize(&grid, 1, 12);
    canvas = canvas_of(&grid);
    input_draw(input, &canvas, 10);
    fuzz_check(grid.cursor_column >= 0 && grid.cursor_column < 12);
    grid_done(&grid);
}

/* Two bytes each, so that the field's end is inside of a character. */
static void fill(struct input *input, unsigned count)
{
    struct buf text = { .limit = INPUT_BYTES };

    while (count-- > 0)
        buf_puts(&text, "\xc3\xa9");
    input_set(input, buf_text(&text));
    check_cursor(input);
    buf_done(&text);
}

static void press(struct input *input, struct view *rest)
{
    bool pasted = fuzz_take_byte(rest) & 1;
    struct key key = { .code = take_code(rest), .pasted = pasted };
    enum input_result result = input_key(input, key);

    /* A paste neither ends a field nor leaves it. */
    fuzz_check(!pasted || (result != INPUT_ENTER && result != INPUT_ESCAPE));
    check_cursor(input);
}

/* A name leads to a key, whose name is shown as text. */
static void check_name(struct view name)
{
    uint32_t code = key_code_of(name);
    struct buf shown = { .limit = 64 };

    if (code != CODE_NONE) {
        key_put_name(&shown, code);
        fuzz_check(shown.size > 0 && !shown.failed);
        fuzz_check_visible(buf_view(&shown), false);
    }
    buf_done(&shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view rest = fuzz_view(data, size < LONGEST ? size : LONGEST);
    struct input input = { 0 };

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    check_name(rest);
    fill(&input, fuzz_take_byte(&rest));
    while (rest.size > 0)
        press(&input, &rest);
    check_text(&input);
    draw(&input);
    return 0;
}
