/* Keys: names in angle brackets become what a keyboard sends in the modes
 * that the program has set. */
#include "terminal.h"

#include <string.h>

#include "terminal_inside.h"
#include "test.h"

struct key {
    const char *name;
    VTermKey key;
    VTermModifier modifier;
    char plain; /* when `key` is VTERM_KEY_NONE */
};

static const struct key keys_named[] = {
    { "Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE, 0 },
    { "Esc", VTERM_KEY_ESCAPE, VTERM_MOD_NONE, 0 },
    { "Tab", VTERM_KEY_TAB, VTERM_MOD_NONE, 0 },
    { "S-Tab", VTERM_KEY_TAB, VTERM_MOD_SHIFT, 0 },
    { "BS", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE, 0 },
    { "Up", VTERM_KEY_UP, VTERM_MOD_NONE, 0 },
    { "Down", VTERM_KEY_DOWN, VTERM_MOD_NONE, 0 },
    { "Left", VTERM_KEY_LEFT, VTERM_MOD_NONE, 0 },
    { "Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE, 0 },
    { "Home", VTERM_KEY_HOME, VTERM_MOD_NONE, 0 },
    { "End", VTERM_KEY_END, VTERM_MOD_NONE, 0 },
    { "PgUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE, 0 },
    { "PgDn", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE, 0 },
    { "F1", VTERM_KEY_FUNCTION(1), VTERM_MOD_NONE, 0 },
    { "Space", VTERM_KEY_NONE, VTERM_MOD_NONE, ' ' },
    { "lt", VTERM_KEY_NONE, VTERM_MOD_NONE, '<' },
};

static bool press_control(struct terminal *terminal, struct view name)
{
    if (name.size != 3 || name.data[0] != 'C' || name.data[1] != '-')
        return false;
    char byte = (char)(name.data[2] & 0x1F);
    terminal_send(terminal, &byte, 1);
    return true;
}

static void press(struct terminal *terminal, const struct key *key)
{
    if (key->key == VTERM_KEY_NONE)
        terminal_send(terminal, &key->plain, 1);
    else
        vterm_keyboard_key(terminal->vterm, key->key, key->modifier);
}

static void press_named(struct terminal *terminal, struct view name)
{
    if (press_control(terminal, name))
        return;
    for (size_t i = 0; i < LENGTH(keys_named); i++) {
        if (!view_equal(name, view_of(keys_named[i].name)))
            continue;
        press(terminal, &keys_named[i]);
        return;
    }
    fail_with("no key is named <%.*s>", (int)name.size, name.data);
}

void terminal_keys(struct terminal *terminal, const char *keys)
{
    terminal_take(terminal); /* so that the modes are the latest */
    while (*keys) {
        size_t plain = strcspn(keys, "<");

        terminal_send(terminal, keys, plain);
        keys += plain;
        if (!*keys)
            return;
        size_t name = strcspn(keys, ">");
        press_named(terminal, (struct view){ keys + 1, name - 1 });
        keys += name + (keys[name] == '>');
    }
}

void terminal_paste(struct terminal *terminal, const char *text)
{
    terminal_take(terminal);
    vterm_keyboard_start_paste(terminal->vterm);
    terminal_send(terminal, text, strlen(text));
    vterm_keyboard_end_paste(terminal->vterm);
}

/* ---- the mouse ---- */

/* As SGR (1006) has it, which our xterm asks for; counted from 1. */
static void send_mouse(
    struct terminal *terminal, int button, int row, int column, char end)
{
    struct buf report = { .limit = 64 };

    if (terminal_modes(terminal).mouse) {
        buf_putf(
            &report, "\033[<%d;%d;%d%c", button, column + 1, row + 1, end);
        terminal_send(terminal, report.data, report.size);
    }
    buf_done(&report);
}

void terminal_click(struct terminal *terminal, int row, int column)
{
    send_mouse(terminal, 0, row, column, 'M');
    send_mouse(terminal, 0, row, column, 'm');
}

void terminal_wheel(struct terminal *terminal, int row, bool up)
{
    send_mouse(terminal, up ? 64 : 65, row, 0, 'M');
}
