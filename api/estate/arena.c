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

/* Eight bytes at a time: ids are long. The bit that tells "A" from "a" is
 * always set, which makes one hash of any casing (and of a few signs, as "["
 * and "{"). Texts come from the cloud that the operator signed in to; a bad
 * hash costs time, never correctness. */
static uint32_t hash_of(struct view text)
{
    uint64_t hash = text.size;

    while (text.size > 0) {
        uint64_t bytes = 0;
        size_t size = text.size < sizeof bytes ? text.size : sizeof bytes;

        memcpy(&bytes, text.data, size);
        text.data += size;
        text.size -= size;
        hash = (hash ^ (bytes | 0x2020202020202020u)) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return (uint32_t)(hash ^ hash >> 15);
}

/* Tables double at three quarters full, so that a free slot always ends a
 * search. */
static bool is_full(size_t count, size_t slot_count)
{
    return (count + 1) * 4 > slot_count * 3;
}

static bool is_text(const char *kept, struct view text)
{
    return (text.size == 0 || strncmp(kept, text.data, text.size) == 0) &&
           kept[text.size] == '\0';
}

/* What is looked up has the casing of what is kept, but for a few. */
static bool is_text_nocase(const char *kept, struct view text)
{
    return is_text(kept, text) || view_equal_nocase(view_of(kept), text);
}

/* The place of the text, or the empty one where it belongs. */
static size_t strings_place(
    const struct strings *strings, struct view text, uint32_t hash)
{
    size_t mask = strings->slot_count - 1;
    size_t i = hash & mask;

    while (strings->slots[i] &&
           (strings->hashes[i] != hash || !is_text(strings->slots[i], text)))
        i = (i + 1) & mask;
    return i;
}

static void strings_put(
    struct strings *strings, size_t place, const char *text, uint32_t hash)
{
    strings->slots[place] = text;
    strings->hashes[place] = hash;
}

/* All that are kept differ, so an empty place is enough. */
static void strings_move(struct strings *wider, const char *text, uint32_t hash)
{
    size_t mask = wider->slot_count - 1;
    size_t i = hash & mask;

    while (wider->slots[i])
        i = (i + 1) & mask;
    strings_put(wider, i, text, hash);
}

static void strings_widen(struct strings *strings)
{
    struct strings wider = *strings;

    wider.slot_count = strings->slot_count ? strings->slot_count * 2 : 256;
    wider.slots = mem_alloc(wider.slot_count * sizeof *wider.slots);
    wider.hashes = mem_alloc(wider.slot_count * sizeof *wider.hashes);
    for (size_t i = 0; i < strings->slot_count; i++)
        if (strings->slots[i])
            strings_move(&wider, strings->slots[i], strings->hashes[i]);
    mem_free(strings->slots);
    mem_free(strings->hashes);
    *strings = wider;
}

const char *strings_take(struct strings *strings, struct view text)
{
    uint32_t hash = hash_of(text);
    size_t place;
    char *copy;

    if (is_full(strings->count, strings->slot_count))
        strings_widen(strings);
    place = strings_place(strings, text, hash);
    if (strings->slots[place])
        return strings->slots[place];
    copy = arena_alloc(strings->arena, text.size + 1);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    strings->count++;
    strings_put(strings, place, copy, hash);
    return copy;
}

void strings_done(struct strings *strings)
{
    mem_free(strings->slots);
    mem_free(strings->hashes);
    *strings = (struct strings){ .arena = strings->arena };
}

static struct index_slot *index_slot_of(
    const struct index *index, struct view key, uint32_t hash)
{
    size_t mask = index->slot_count - 1;
    size_t i = hash & mask;

    while (
        index->slots[i].key && (index->slots[i].hash != hash ||
                                   !is_text_nocase(index->slots[i].key, key)))
        i = (i + 1) & mask;
    return &index->slots[i];
}

uint32_t index_find(const struct index *index, struct view key)
{
    struct index_slot *slot;

    if (index->count == 0)
        return UINT32_MAX;
    slot = index_slot_of(index, key, hash_of(key));
    return slot->key ? slot->value : UINT32_MAX;
}

static void index_widen(struct index *index)
{
    struct index wider = { .count = index->count };

    wider.slot_count = index->slot_count ? index->slot_count * 2 : 64;
    wider.slots = mem_alloc(wider.slot_count * sizeof *wider.slots);
    for (size_t i = 0; i < index->slot_count; i++)
        if (index->slots[i].key)
            *index_slot_of(&wider, view_of(index->slots[i].key),
                index->slots[i].hash) = index->slots[i];
    mem_free(index->slots);
    *index = wider;
}

void index_put(struct index *index, const char *key, uint32_t value)
{
    uint32_t hash = hash_of(view_of(key));
    struct index_slot *slot;

    if (is_full(index->count, index->slot_count))
        index_widen(index);
    slot = index_slot_of(index, view_of(key), hash);
    if (!slot->key)
        index->count++;
    *slot = (struct index_slot){ .key = key, .value = value, .hash = hash };
}

void index_done(struct index *index)
{
    mem_free(index->slots);
    *index = (struct index){ 0 };
}
