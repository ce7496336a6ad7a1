/* keys.ini: which keys an action has. A row is the name of an action and one or
 * two keys; what has no row keeps the keys of its bindings table. */
#ifndef KEYMAP_H
#define KEYMAP_H

#include "keys.h"
#include "kvgov/error.h"

struct keymap_row {
    char *name;
    uint32_t keys[2]; /* the second may be CODE_NONE */
    unsigned line;
};

/* Zero-initialised, every action has its own keys. */
struct keymap {
    struct keymap_row *rows;
    size_t count;
    size_t capacity;
};

/* What could not be used, a sentence each: file, line, why, what holds. */
struct keymap_problems {
    char **items;
    size_t count;
    size_t capacity;
};

/* Reads the person's keys.ini; without one the map stays empty. A row that
 * cannot be used is a problem and left out: an unknown name, a key that is none,
 * a key that something else on the same screen has, and whatever would let one
 * key change something. */
void keymap_load(struct keymap *map, struct keymap_problems *problems);
void keymap_load_file(
    struct keymap *map, const char *path, struct keymap_problems *problems);
void keymap_done(struct keymap *map);
void keymap_problems_done(struct keymap_problems *problems);

/* The keys of an action; the second may be CODE_NONE. */
struct keymap_keys {
    uint32_t first;
    uint32_t second;
};
struct keymap_keys keymap_of(
    const struct keymap *map, const struct binding *binding);
bool keymap_takes(
    const struct keymap *map, const struct binding *binding, uint32_t code);
/* "Space", "j Down" */
void keymap_put(const struct keymap *map, const struct binding *binding,
    struct buf *out);

/* A keys.ini that says what is, for every action. */
void keymap_print(const struct keymap *map, struct buf *out);

#endif
