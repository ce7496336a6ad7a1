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

uint32_t key_code_of(struct view name)
{
    for (size_t i = 0; i < NAME_COUNT; i++)
        if (view_equal_nocase(name, view_of(names[i].name)) ||
            (names[i].script &&
                view_equal_nocase(name, view_of(names[i].script))))
            return names[i].code;
    if (name.size == 3 && view_starts_nocase(name, view_of("C-")) &&
        (name.data[2] | 0x20) >= 'a' && (name.data[2] | 0x20) <= 'z')
        return CODE_CTRL(name.data[2]);
    return CODE_NONE;
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
