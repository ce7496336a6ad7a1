/* Is a theme readable? Computed on palettes that people have, not on one. */
#ifndef THEME_CHECK_H
#define THEME_CHECK_H

#include "kvgov/text.h"
#include "theme.h"

/* Appends a line for each role that could not be read: where its two colours
 * are one on one of the palettes, or, for colours of the 256 that are the same
 * everywhere, where their contrast is below 4.5 to 1. Returns how many. */
size_t theme_check(const struct theme *theme, struct buf *out);

#endif
