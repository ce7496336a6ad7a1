/* Code points and UTF-8, for text that is already known to be valid. */
#ifndef POINT_H
#define POINT_H

#include "kvgov/text.h"

/* Takes one code point off valid UTF-8; `text` must not be empty. */
uint32_t point_take(struct view *text);
void point_put(struct buf *out, uint32_t point);

#endif
