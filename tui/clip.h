/* Copying over any line: the text goes to the terminal as OSC 52, which puts
 * it on the clipboard of the person's own machine, or does not and says
 * nothing of it. */
#ifndef CLIP_H
#define CLIP_H

#include <stdbool.h>

#include "kvgov/text.h"

/* The most that terminals are known to take, encoded. */
#define CLIP_ENCODED_BYTES 74994
#define CLIP_BYTES ((size_t)CLIP_ENCODED_BYTES / 4 * 3)

/* Appends the sequence. `screen`: GNU screen passes only short strings on, so
 * it gets several, each in an envelope of its own. */
void clip_put(struct buf *out, struct view text, bool screen);

#endif
