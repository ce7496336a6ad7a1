/* The subscriptions in which most fails, a block of a few rows. */
#ifndef WORST_H
#define WORST_H

#include "canvas.h"
#include "kvgov/estate.h"
#include "subscriptions.h"

/* Rows that the block takes below a list, of a body of that size; 0 where the
 * list needs them all. */
int worst_rows(int rows, int columns);
void worst_draw(const struct subscriptions *all, const struct kv_estate *estate,
    struct canvas *canvas);

#endif
