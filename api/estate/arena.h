/* Memory that lives and dies together, and two tables over texts in it. */
#ifndef ARENA_H
#define ARENA_H

#include "base.h"

struct arena_block;

/* Bump allocation; nothing is freed on its own. Zero-initialise. */
struct arena {
    struct arena_block *blocks;
    size_t used;  /* in the newest block */
    size_t bytes; /* in all, for measuring */
};
void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned */
void arena_done(struct arena *arena);

/* A set of texts in an arena: equal texts are one pointer. Hashes lie side by
 * side, so that a search reads no text but the one that it finds: texts are
 * long, begin alike and lie far apart. */
struct strings {
    struct arena *arena;
    const char **slots;
    uint32_t *hashes; /* of each slot */
    size_t slot_count;
    size_t count;
};
const char *strings_take(struct strings *strings, struct view text);
void strings_done(struct strings *strings);

/* From a text, any ASCII casing, to a number. Keys are borrowed. */
struct index_slot {
    const char *key;
    uint32_t value;
    uint32_t hash; /* of the key, looked at before it */
};
struct index {
    struct index_slot *slots;
    size_t slot_count;
    size_t count;
};
/* KV_NONE (UINT32_MAX) when there is no such key. */
uint32_t index_find(const struct index *index, struct view key);
void index_put(struct index *index, const char *key, uint32_t value);
void index_done(struct index *index);

#endif
