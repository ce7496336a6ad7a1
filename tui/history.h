/* What was typed into a field before, newest last; Up and Down walk it. */
#ifndef HISTORY_H
#define HISTORY_H

#include "input.h"

#define HISTORY_TEXTS 50

/* Zero-initialise. */
struct history {
    char *texts[HISTORY_TEXTS];
    size_t count;
    size_t back;             /* steps from the newest; 0: what is being typed */
    char typed[INPUT_BYTES]; /* that, while older ones are looked at */
};

/* Keeps a text as the newest, each only once; an empty one is not kept. */
void history_add(struct history *history, const char *text);
/* Up and Down put an older or a newer text into the field; false for every
 * other key, and at both ends. */
bool history_key(struct history *history, struct input *input, struct key key);
/* The field is another one now: Up begins at the newest. */
void history_start(struct history *history);
void history_done(struct history *history);

#endif
