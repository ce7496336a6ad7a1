/* What can be done on a screen: the rows of all bindings tables that hold
 * there, one after the other. Keys, help, command line and palette all ask
 * here. */
#ifndef ACTIONS_H
#define ACTIONS_H

#include "keymap.h"
#include "screen.h"

/* In the order in which they take a key: the screen's own, marks, lists, what
 * is taken along, the main screens, everywhere. */
#define ACTION_TABLES 6

struct actions {
    const struct binding *tables[ACTION_TABLES];
    size_t count;
};

struct actions actions_of(const struct screen_ops *ops);
/* One after the other; NULL behind the last. */
const struct binding *actions_at(const struct actions *actions, size_t index);
/* The first one of that name, which is what the name means there. */
const struct binding *actions_find(
    const struct actions *actions, struct view name);
/* The first one that a key is for. */
const struct binding *actions_pressed(
    const struct actions *actions, const struct keymap *map, uint32_t code);

/* ---- of the whole program ---- */

struct action_group {
    const char *title; /* "Vaults", "Every list" */
    const struct binding *bindings;
};

/* The tables of all screens that have one, one after the other; false behind
 * the last. */
bool actions_group(size_t index, struct action_group *out);
/* The first row of that name anywhere; NULL without one. */
const struct binding *actions_known(struct view name);
/* Every screen that there is; NULL behind the last. */
const struct screen_ops *actions_screen(size_t index);

#endif
