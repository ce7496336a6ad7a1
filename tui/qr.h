/* A text as a QR code, two modules in a cell. */
#ifndef QR_H
#define QR_H

#include "canvas.h"

/* Draws it at the right edge from `row` on, when at least `left_columns`
 * remain beside it. Returns the columns that it took; 0 when there is no room,
 * the locale has no blocks to draw with, or the text is too long. */
int qr_draw(struct canvas *canvas, int row, int left_columns, const char *text);

#endif
