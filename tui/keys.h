/* Keys and bindings: what was pressed, and the tables that say what it does.
 * One bindings table drives dispatch, footer and help. */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kvgov/text.h"

/* A key is a Unicode code point, or one of these, which lie above them all.
 * Ctrl with a letter is the control character, CODE_CTRL('L'). */
enum code {
    CODE_NONE = 0,
    CODE_ENTER = 0x110000,
    CODE_ESCAPE,
    CODE_TAB,
    CODE_BACK_TAB,
    CODE_BACKSPACE,
    CODE_DELETE,
    CODE_UP,
    CODE_DOWN,
    CODE_LEFT,
    CODE_RIGHT,
    CODE_PAGE_UP,
    CODE_PAGE_DOWN,
    CODE_HOME,
    CODE_END,
    CODE_F1,
    CODE_F5,
    CODE_CLICK, /* of the mouse, which is off unless asked for */
    CODE_WHEEL_UP,
    CODE_WHEEL_DOWN,
    CODE_OTHER, /* a key that the terminal knows and we do not use */
};
#define CODE_CTRL(letter) ((uint32_t)(letter)&0x1fu)

/* `pasted` text never triggers a binding and never confirms; only a text field
 * takes it, and there a pasted line break is a blank. */
struct key {
    uint32_t code;
    bool pasted;
    int row; /* of a click, on the screen from 0 */
    int column;
};

/* "Enter", "Ctrl-L", "x"; what help and footer print. */
void key_put_name(struct buf *out, uint32_t code);
/* The reverse, also as scripts say it: "Enter", "Esc", "PgDn", "Ctrl-L" or
 * "C-l", "Space", "F5", any one character. CODE_NONE when there is no such
 * name. */
uint32_t key_code_of(struct view name);
/* A character that can stand in a text: no control character, no code. */
bool key_is_text(struct key key);

struct screen;

/* A row of a bindings table; a zeroed row ends it. The keys are those that it
 * has unless keys.ini gives it others. */
struct binding {
    const char *name; /* of the action: keys.ini, command line, palette; rows
                         of one name are one action and share their keys */
    uint32_t key;
    uint32_t also;    /* a second key for the same, 0: none */
    const char *hint; /* word in the footer; NULL: only in help */
    const char *help; /* what it does, one line */
    void (*run)(struct screen *screen); /* NULL: documented here, done in the
                                           screen's `key` */
    /* NULL: always. False hides the hint and ignores the key. */
    bool (*allowed)(const struct screen *screen);
    const char *why_not; /* then: what is missing; NULL: nothing to say */
    bool fixed; /* its keys stay, so that they always mean the same */
};

/* The row for a key, NULL when there is none or it is pasted. */
const struct binding *binding_find(
    const struct binding *bindings, struct key key);

#endif
