/* Names of keys, and finding a key in a table. */
#include "keys.h"

#include "point.h"

struct key_row {
    uint32_t code;
    const char *name;   /* as people read it */
    const char *script; /* as a script says it, when that is another word */
};

static const struct key_row names[] = {
    { CODE_ENTER, "Enter", NULL },
    { CODE_ESCAPE, "Esc", NULL },
    { CODE_TAB, "Tab", NULL },
    { CODE_BACK_TAB, "Shift-Tab", "S-Tab" },
    { CODE_BACKSPACE, "Backspace", "BS" },
    { CODE_DELETE, "Delete", "Del" },
    { CODE_UP, "Up", NULL },
    { CODE_DOWN, "Down", NULL },
    { CODE_LEFT, "Left", NULL },
    { CODE_RIGHT, "Right", NULL },
    { CODE_PAGE_UP, "PgUp", NULL },
    { CODE_PAGE_DOWN, "PgDn", NULL },
    { CODE_HOME, "Home", NULL },
    { CODE_END, "End", NULL },
    { CODE_F1, "F1", NULL },
    { CODE_F5, "F5", NULL },
    { ' ', "Space", NULL },
    { '<', "<", "lt" },
    { ';', ";", "Semicolon" }, /* which begins a comment in keys.ini */
};

#define NAME_COUNT (sizeof(names) / sizeof *(names))

void key_put_name(struct buf *out, uint32_t code)
{
    for (size_t i = 0; i < NAME_COUNT; i++)
        if (names[i].code == code) {
            buf_puts(out, names[i].name);
            return;
        }
    if (code < ' ')
        buf_putf(out, "Ctrl-%c", (char)(code + '@'));
    else if (code < CODE_ENTER)
        point_put(out, code);
    else
        buf_puts(out, "?");
}

/* The letter is the last of the name. */
static uint32_t control(struct view name, size_t at)
{
    char letter = name.size == at + 1 ? name.data[at] | 0x20 : '\0';

    return letter >= 'a' && letter <= 'z' ? CODE_CTRL(letter) : CODE_NONE;
}

/* A file may hold what is no UTF-8, or a character that nobody sees: what does
 * not come back the same is not a key. */
static uint32_t character(struct view name)
{
    struct buf again = { .limit = 16 };
    struct view rest = name;
    uint32_t code = point_take(&rest);

    buf_put_visible(&again, name, false);
    if (rest.size > 0 || !view_equal(buf_view(&again), name) ||
        !key_is_text((struct key){ .code = code }))
        code = CODE_NONE;
    buf_done(&again);
    return code;
}

uint32_t key_code_of(struct view name)
{
    for (size_t i = 0; i < NAME_COUNT; i++)
        if (view_equal_nocase(name, view_of(names[i].name)) ||
            (names[i].script &&
                view_equal_nocase(name, view_of(names[i].script))))
            return names[i].code;
    if (view_starts_nocase(name, view_of("C-")))
        return control(name, 2);
    if (view_starts_nocase(name, view_of("Ctrl-")))
        return control(name, 5);
    return name.size && name.size <= 4 ? character(name) : CODE_NONE;
}

bool key_is_text(struct key key)
{
    return key.code >= ' ' && key.code < CODE_ENTER && key.code != 0x7f;
}

const struct binding *binding_find(
    const struct binding *bindings, struct key key)
{
    if (!bindings || key.pasted)
        return NULL;
    for (; bindings->key; bindings++)
        if (key.code == bindings->key ||
            (bindings->also && key.code == bindings->also))
            return bindings;
    return NULL;
}
