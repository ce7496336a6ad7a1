/* What an empty list says. Five reasons, five texts: an empty list that is
 * still loading must never look like one that has nothing to show. */
#ifndef EMPTY_H
#define EMPTY_H

#include "app.h"
#include "list.h"

/* Draws why there are no rows, from sign-in, scan and filter. `noun` is the
 * plural: "vaults"; `none` what it means that truly none exist. */
void empty_draw(const struct app *app, const struct list *list,
    const char *noun, const char *none, struct canvas *canvas);

#endif
