/* A way through screens that stay the same once all is read, and what a
 * terminal showed there: to be compared across terminals and locales. */
#ifndef SUPPORT_WALK_H
#define SUPPORT_WALK_H

#include "kvgov_console.h"

#define WALK_SCREENS 5
/* What is the same however long the notice below is. */
#define WALK_ROWS 14

struct walk_stop {
    const char *keys;
    const char *says; /* then the screen is there */
};
extern const struct walk_stop walk_stops[WALK_SCREENS];

/* Calls `look` at each stop; what is on the screen is settled then. */
void walk(struct console *console,
    void (*look)(struct console *console, size_t stop, void *context),
    void *context);

/* Ages change from one start to the next: an age becomes "#", and so does each
 * digit of another number. */
void walk_steady(char *text);

/* ---- texts of one start against those of another ---- */

struct walk_texts {
    const char *name; /* of the start that is under way */
    char *screens[WALK_SCREENS];
};
/* Of the first start they are kept, those of others have to be the same.
 * `context` is a struct walk_texts. */
void walk_take_text(struct console *console, size_t stop, void *context);
void walk_texts_done(struct walk_texts *texts);

#endif
