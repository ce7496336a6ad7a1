/* What the three files of the terminal share; tests do not look in here. */
#ifndef SUPPORT_TERMINAL_INSIDE_H
#define SUPPORT_TERMINAL_INSIDE_H

#include <vterm.h>

#include "terminal.h"

struct terminal {
    int fd; /* the master side; -1 after a hang-up */
    pid_t pid;
    bool ended;
    bool blind; /* what is written is kept, and not drawn */
    VTerm *vterm;
    VTermScreen *screen; /* the emulator's */
    int rows;
    int columns;
    int limit_ms;
    bool alternate;
    bool cursor_visible;
    int64_t wrote_at_ms;
    struct buf output; /* every byte */
    struct buf text;   /* of terminal_text() */
    struct buf row;
};

/* Feeds the emulator what was written so far. */
void terminal_take(struct terminal *terminal);

#endif
