/* Checks that many entries share, and how they look at their bytes. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

void fuzz_checked(bool holds, const char *what, const char *file, int line)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

struct view fuzz_view(const uint8_t *data, size_t size)
{
    return (struct view){ (const char *)data, size };
}

uint8_t fuzz_take_byte(struct view *rest)
{
    uint8_t byte;

    if (rest->size == 0)
        return 0;
    byte = (uint8_t)*rest->data;
    rest->data++;
    rest->size--;
    return byte;
}

char *fuzz_text(struct view text)
{
    return mem_copy_view(text);
}

void fuzz_check_within(struct view whole, struct view part)
{
    if (part.size > 0)
        fuzz_check(part.data >= whole.data && part.size <= whole.size &&
                   part.data + part.size <= whole.data + whole.size);
}

/* A decoder of its own, so that an error in the program's cannot hide here. */
static uint32_t take_point(struct view *text)
{
    uint32_t first = fuzz_take_byte(text);
    int more = first < 0x80   ? 0
               : first < 0xc2 ? -1
               : first < 0xe0 ? 1
               : first < 0xf0 ? 2
               : first < 0xf5 ? 3
                              : -1;
    uint32_t point = more > 0 ? first & (0x3fu >> more) : first;

    fuzz_check(more >= 0 && text->size >= (size_t)more);
    for (int i = 0; i < more; i++) {
        uint8_t byte = fuzz_take_byte(text);

        fuzz_check((byte & 0xc0) == 0x80);
        point = point << 6 | (byte & 0x3fu);
    }
    fuzz_check(more != 2 || point >= 0x800);
    fuzz_check(more != 3 || point >= 0x10000);
    fuzz_check(point <= 0x10ffff);
    return point;
}

void fuzz_check_utf8(struct view text)
{
    while (text.size > 0)
        (void)take_point(&text);
}

static bool hides(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) ||
           (point >= 0xd800 && point <= 0xdfff) || point == 0xfeff;
}

void fuzz_check_visible(struct view text, bool lines)
{
    while (text.size > 0) {
        uint32_t point = take_point(&text);

        fuzz_check(!hides(point) || (lines && point == '\n'));
    }
}

/* Most entries have none. */
__attribute__((weak)) void fuzz_seeds(fuzz_take_fn *take, void *context)
{
    (void)take;
    (void)context;
}
