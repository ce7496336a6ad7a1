/* The arena, and the two hash tables over texts that live in it. */
#include "arena.h"

#include <string.h>

#define BLOCK_BYTES (256u * 1024u)
#define ALIGNMENT 8u

struct arena_block {
    struct arena_block *older;
    size_t size;
    _Alignas(ALIGNMENT) char data[];
};

static void arena_add_block(struct arena *arena, size_t least)
{
    size_t size = least > BLOCK_BYTES ? least : BLOCK_BYTES;
    struct arena_block *block = mem_alloc(sizeof *block + size);

    block->older = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->used = 0;
    arena->bytes += size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t wanted = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    void *memory;

    if (!arena->blocks || arena->blocks->size - arena->used < wanted)
        arena_add_block(arena, wanted);
    memory = arena->blocks->data + arena->used;
    arena->used += wanted;
    return memory;
}

void arena_done(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->older;
        mem_free(block);
    }
    *arena = (struct arena){ 0 };
}

/* FNV-1a. Texts come from the cloud that the operator signed in to; a bad
 * hash costs time, never correctness. */
static uint64_t hash_bytes(struct view text, bool nocase)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];

        if (nocase && byte >= 'A' && byte <= 'Z')
            byte = (unsigned char)(byte + 32);
        hash = (hash ^ byte) * 1099511628211u;
    }
    return hash ^ hash >> 29;
}

/* Tables double at three quarters full, so that a free slot always ends a
 * search. */
static bool is_full(size_t count, size_t slot_count)
{
    return (count + 1) * 4 > slot_count * 3;
}

static const char **strings_slot(
    const struct strings *strings, struct view text)
{
    size_t mask = strings->slot_count - 1;
    size_t i = (size_t)hash_bytes(text, false) & mask;

    while (strings->slots[i] && !view_equal(view_of(strings->slots[i]), text))
        i = (i + 1) & mask;
    return &strings->slots[i];
}

static void strings_widen(struct strings *strings)
{
    struct strings wider = *strings;

    wider.slot_count = strings->slot_count ? strings->slot_count * 2 : 256;
    wider.slots = mem_alloc(wider.slot_count * sizeof *wider.slots);
    for (size_t i = 0; i < strings->slot_count; i++)
        if (strings->slots[i])
            *strings_slot(&wider, view_of(strings->slots[i])) =
                strings->slots[i];
    mem_free(strings->slots);
    *strings = wider;
}

const char *strings_take(struct strings *strings, struct view text)
{
    const char **slot;
    char *copy;

    if (is_full(strings->count, strings->slot_count))
        strings_widen(strings);
    slot = strings_slot(strings, text);
    if (*slot)
        return *slot;
    copy = arena_alloc(strings->arena, text.size + 1);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    strings->count++;
    return *slot = copy;
}

void strings_done(struct strings *strings)
{
    mem_free(strings->slots);
    *strings = (struct strings){ .arena = strings->arena };
}

static struct index_slot *index_slot_of(
    const struct index *index, struct view key)
{
    size_t mask = index->slot_count - 1;
    size_t i = (size_t)hash_bytes(key, true) & mask;

    while (index->slots[i].key &&
           !view_equal_nocase(view_of(index->slots[i].key), key))
        i = (i + 1) & mask;
    return &index->slots[i];
}

uint32_t index_find(const struct index *index, struct view key)
{
    struct index_slot *slot;

    if (index->count == 0)
        return UINT32_MAX;
    slot = index_slot_of(index, key);
    return slot->key ? slot->value : UINT32_MAX;
}

static void index_widen(struct index *index)
{
    struct index wider = { .count = index->count };

    wider.slot_count = index->slot_count ? index->slot_count * 2 : 64;
    wider.slots = mem_alloc(wider.slot_count * sizeof *wider.slots);
    for (size_t i = 0; i < index->slot_count; i++)
        if (index->slots[i].key)
            *index_slot_of(&wider, view_of(index->slots[i].key)) =
                index->slots[i];
    mem_free(index->slots);
    *index = wider;
}

void index_put(struct index *index, const char *key, uint32_t value)
{
    struct index_slot *slot;

    if (is_full(index->count, index->slot_count))
        index_widen(index);
    slot = index_slot_of(index, view_of(key));
    if (!slot->key)
        index->count++;
    slot->key = key;
    slot->value = value;
}

void index_done(struct index *index)
{
    mem_free(index->slots);
    *index = (struct index){ 0 };
}
