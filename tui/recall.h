/* What was typed into a field before, newest last; Up and Down walk it. */
#ifndef RECALL_H
#define RECALL_H

#include "input.h"

#define RECALL_TEXTS 50

/* Zero-initialise. */
struct recall {
    char *texts[RECALL_TEXTS];
    size_t count;
    size_t back;             /* steps from the newest; 0: what is being typed */
    char typed[INPUT_BYTES]; /* that, while older ones are looked at */
};

/* Keeps a text as the newest, each only once; an empty one is not kept. */
void recall_add(struct recall *recall, const char *text);
/* Up and Down put an older or a newer text into the field; false for every
 * other key, and at both ends. */
bool recall_key(struct recall *recall, struct input *input, struct key key);
/* The field is another one now: Up begins at the newest. */
void recall_start(struct recall *recall);
void recall_done(struct recall *recall);

#endif
