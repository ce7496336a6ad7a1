/* Code points and UTF-8. */
#include "point.h"

uint32_t point_take(struct view *text)
{
    const unsigned char *bytes = (const unsigned char *)text->data;
    size_t size = bytes[0] < 0x80   ? 1
                  : bytes[0] < 0xe0 ? 2
                  : bytes[0] < 0xf0 ? 3
                                    : 4;
    uint32_t point = size == 1 ? bytes[0] : bytes[0] & (0x7fu >> size);

    if (size > text->size)
        size = text->size;
    for (size_t i = 1; i < size; i++)
        point = point << 6 | (bytes[i] & 0x3fu);
    text->data += size;
    text->size -= size;
    return point;
}

void point_put(struct buf *out, uint32_t point)
{
    static const uint32_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t size = point < 0x80      ? 1
                  : point < 0x800   ? 2
                  : point < 0x10000 ? 3
                                    : 4;
    char text[4];

    for (size_t i = size; i-- > 1; point >>= 6)
        text[i] = (char)(0x80 | (point & 0x3f));
    text[0] = (char)(lead[size] | point);
    buf_put(out, (struct view){ text, size });
}
