/* The way through the screens, and comparing what stands there. */
#include "walk.h"

#include <ctype.h>
#include <string.h>

#include "base.h"
#include "test.h"

const struct walk_stop walk_stops[WALK_SCREENS] = {
    { "2=", "row 1 of 47" },
    { "/name:pay<Enter>", "/ name:pay" },
    { "m", "> Matrix" },
    { "<C-p>", "What can be done here" },
    { "<Esc>?", "THIS SCREEN" },
};

/* "<1m", "14d": digits and a unit that ends a word. */
static size_t age_size(const char *text)
{
    size_t from = *text == '<';
    size_t size = from + strspn(text + from, "0123456789");

    if (size == from || !text[size] || !strchr("smhd", text[size]) ||
        isalnum((unsigned char)text[size + 1]))
        return 0;
    return size + 1;
}

void walk_steady(char *text)
{
    char *out = text;

    while (*text) {
        size_t age = age_size(text);

        *out++ = age || isdigit((unsigned char)*text) ? '#' : *text;
        text += age ? age : 1;
    }
    *out = '\0';
}

void walk(struct console *console,
    void (*look)(struct console *console, size_t stop, void *context),
    void *context)
{
    terminal_expect(console->terminal, CONSOLE_KNOWN);
    terminal_expect_gone(console->terminal, "reading ");
    for (size_t i = 0; i < WALK_SCREENS; i++) {
        console_go(console, walk_stops[i].keys, walk_stops[i].says);
        terminal_settle(console->terminal, 200);
        look(console, i, context);
    }
}

/* The first row tells ages. */
static void compare(
    const char *name, const char *keys, const char *expected, const char *text)
{
    struct view left = view_of(expected);
    struct view right = view_of(text);

    for (int row = 0; row < WALK_ROWS; row++) {
        struct view a = view_cut(&left, '\n');
        struct view b = view_cut(&right, '\n');

        if (row > 0 && !view_equal(a, b))
            fail_with("%s after %s, row %d: %.*s\nexpected: %.*s", name, keys,
                row, (int)b.size, b.data, (int)a.size, a.data);
    }
}

void walk_take_text(struct console *console, size_t stop, void *context)
{
    struct walk_texts *texts = context;
    char *text = mem_copy_text(terminal_text(console->terminal));

    walk_steady(text);
    if (texts->screens[stop]) {
        compare(texts->name, walk_stops[stop].keys, texts->screens[stop],
            text);
        mem_free(text);
    } else {
        texts->screens[stop] = text;
    }
}

void walk_texts_done(struct walk_texts *texts)
{
    for (size_t i = 0; i < WALK_SCREENS; i++)
        mem_free(texts->screens[i]);
}
