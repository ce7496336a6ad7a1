/* Mutations of bytes and of JSON values. */
#include "mutate.h"

#include <jansson.h>
#include <stdlib.h>

#define PLACES 2048
#define WRONGS 3 /* at most, in one mutation */

struct dice dice_of(const char *seed)
{
    struct dice dice = { 0xcbf29ce484222325u }; /* FNV-1a */

    for (; *seed; seed++)
        dice.state = (dice.state ^ (uint8_t)*seed) * 0x100000001b3u;
    return dice;
}

/* Marsaglia's xorshift64*, which never leaves zero. */
uint32_t dice_roll(struct dice *dice, uint32_t sides)
{
    if (dice->state == 0)
        dice->state = 1;
    dice->state ^= dice->state >> 12;
    dice->state ^= dice->state << 25;
    dice->state ^= dice->state >> 27;
    return (uint32_t)((dice->state * 0x2545f4914f6cdd1du) >> 33) % sides;
}

/* ---- bytes ---- */

static const char *const words[] = { "\"", "\\", "{", "}", "[", "]", ":", ",",
    "/", "//", "..", "*", "%s", "%n", "\n", "\r\n", "\t", " ", "<", ">", "=",
    "-1", "0", "9223372036854775808", "1e999", "null", "\033[2J", "\033]0;x\a",
    "\302\233", "\xE2\x80\xAE", "\xE2\x80\x8B", "\xFF", "\xC0\x80", "https://",
    "@", "#", "?", "&", ";", "!", "'" };

/* Opens or closes a gap at `at`; returns the new size. */
static size_t gap(
    uint8_t *data, size_t size, size_t limit, size_t at, size_t bytes)
{
    if (size + bytes > limit)
        return size;
    memmove(data + at + bytes, data + at, size - at);
    return size + bytes;
}

static size_t drop(uint8_t *data, size_t size, size_t at, size_t bytes)
{
    if (bytes > size - at)
        bytes = size - at;
    memmove(data + at, data + at + bytes, size - at - bytes);
    return size - bytes;
}

static size_t insert_word(
    uint8_t *data, size_t size, size_t limit, struct dice *dice)
{
    const char *word = words[dice_roll(dice, LENGTH(words))];
    size_t at = dice_roll(dice, (uint32_t)size + 1);
    size_t grown = gap(data, size, limit, at, strlen(word));

    if (grown > size)
        memcpy(data + at, word, grown - size);
    return grown;
}

/* Says a piece once more, right behind itself. */
static size_t repeat_piece(
    uint8_t *data, size_t size, size_t limit, struct dice *dice)
{
    size_t at = dice_roll(dice, (uint32_t)size);
    size_t bytes = 1 + dice_roll(dice, (uint32_t)(size - at));

    return gap(data, size, limit, at, bytes);
}

static size_t mutate_bytes(
    uint8_t *data, size_t size, size_t limit, struct dice *dice)
{
    size_t at = size > 0 ? dice_roll(dice, (uint32_t)size) : 0;

    if (size == 0)
        return insert_word(data, size, limit, dice);
    switch (dice_roll(dice, 6)) {
    case 0:
        data[at] ^= (uint8_t)(1u << dice_roll(dice, 8));
        return size;
    case 1:
        data[at] = (uint8_t)dice_roll(dice, 256);
        return size;
    case 2:
        return drop(data, size, at, 1 + dice_roll(dice, 16));
    case 3:
        return repeat_piece(data, size, limit, dice);
    case 4:
        return dice_roll(dice, 4) ? size : at; /* cut off */
    default:
        return insert_word(data, size, limit, dice);
    }
}

/* ---- JSON ---- */

/* Where a value hangs. */
struct place {
    json_t *parent;
    const char *key; /* in an object */
    size_t index;    /* in an array */
};

struct places {
    struct place items[PLACES];
    size_t count;
};

static void places_find(struct places *places, json_t *parent)
{
    const char *key;
    size_t index;
    json_t *value;

    json_object_foreach(parent, key, value)
    {
        if (places->count < PLACES)
            places->items[places->count++] = (struct place){ parent, key, 0 };
        places_find(places, value);
    }
    if (!json_is_array(parent))
        return;
    json_array_foreach(parent, index, value)
    {
        if (places->count < PLACES)
            places->items[places->count++] =
                (struct place){ parent, NULL, index };
        places_find(places, value);
    }
}

static json_t *place_get(const struct place *place)
{
    return place->key ? json_object_get(place->parent, place->key)
                      : json_array_get(place->parent, place->index);
}

static void place_set(const struct place *place, json_t *value)
{
    if (place->key)
        json_object_set_new(place->parent, place->key, value);
    else
        json_array_set_new(place->parent, place->index, value);
}

/* Values that a service never sends. */
static json_t *wrong_value(struct dice *dice)
{
    static const char *const texts[] = { "null", "true", "false", "0", "-1",
        "90", "9223372036854775807", "-9223372036854775808", "1.5e300", "\"\"",
        "\" \"", "\"/\"", "\"0.0.0.0/0\"", "\"1.2.3.4/33\"",
        "\"\\u001b]0;owned\\u0007\"", "\"\\u202eabc\\u200b\"", "\"a\\u0000b\"",
        "\"\\ud83d\\ude00\"", "\"%s%n\"", "\"all\"", "\"2026-02-30T25:61:61Z\"",
        "\"https://contoso.example@evil\"", "\"https://127.0.0.1:1/x\"",
        "\"../..\"", "[]", "{}", "[null]", "[[[[[[[[]]]]]]]]",
        "{\"\":{\"\":[]}}", "[1,\"2\",{\"value\":3}]" };

    return json_loads(texts[dice_roll(dice, LENGTH(texts))],
        JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

static void mutate_value(const struct places *places, struct dice *dice)
{
    const struct place *place =
        &places->items[dice_roll(dice, (uint32_t)places->count)];
    const struct place *other =
        &places->items[dice_roll(dice, (uint32_t)places->count)];

    switch (dice_roll(dice, 4)) {
    case 0: /* the same again */
        if (!place->key)
            json_array_append_new(
                place->parent, json_deep_copy(place_get(place)));
        return;
    case 1: /* what stands elsewhere */
        place_set(place, json_deep_copy(place_get(other)));
        return;
    default:
        place_set(place, wrong_value(dice));
        return;
    }
}

/* Puts `text` in place of all behind `start`. */
static size_t put_back(
    uint8_t *data, size_t size, size_t limit, size_t start, const char *text)
{
    size_t bytes = text ? strlen(text) : 0;

    if (bytes == 0 || start + bytes > limit)
        return size;
    memcpy(data + start, text, bytes);
    return start + bytes;
}

static size_t json_start(const uint8_t *data, size_t size)
{
    size_t at = 0;

    while (at < size && data[at] != '{' && data[at] != '[')
        at++;
    return at;
}

/* One value only: a place that was written to may have freed others. */
static size_t mutate_json(
    uint8_t *data, size_t size, size_t limit, struct dice *dice)
{
    size_t start = json_start(data, size);
    json_t *root = json_loadb(
        (const char *)data + start, size - start, JSON_ALLOW_NUL, NULL);
    struct places *places = mem_alloc(sizeof *places);
    char *text = NULL;

    places_find(places, root);
    if (places->count > 0) {
        mutate_value(places, dice);
        text = json_dumps(root, JSON_COMPACT);
    }
    size = put_back(data, size, limit, start, text);
    free(text);
    mem_free(places);
    json_decref(root);
    return size;
}

size_t mutate(uint8_t *data, size_t size, size_t limit, struct dice *dice)
{
    bool json = dice_roll(dice, 2) && json_start(data, size) < size;

    for (uint32_t left = 1 + dice_roll(dice, WRONGS); left > 0; left--)
        size = json ? mutate_json(data, size, limit, dice)
                    : mutate_bytes(data, size, limit, dice);
    return size;
}
