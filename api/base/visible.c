/* A stranger's text, made visible: what would steer a terminal, change the
 * direction of reading or hide is shown by its code point instead. */
#include "kvgov/text.h"

struct range {
    uint32_t first;
    uint32_t last;
};

/* Code points that a reader cannot see or that reorder what he sees: controls,
 * soft hyphen, Arabic and Mongolian marks, zero-width and bidirectional
 * controls, fillers, line separators, variation selectors, surrogates,
 * non-characters, interlinear marks, tags, private use. From the Unicode
 * character database, general categories Cc, Cf, Co, Cs, Zl, Zp. */
static const struct range hidden[] = {
    { 0x0000, 0x001f },
    { 0x007f, 0x009f },
    { 0x00ad, 0x00ad },
    { 0x034f, 0x034f },
    { 0x0600, 0x0605 },
    { 0x061c, 0x061c },
    { 0x06dd, 0x06dd },
    { 0x070f, 0x070f },
    { 0x0890, 0x0891 },
    { 0x08e2, 0x08e2 },
    { 0x115f, 0x1160 },
    { 0x17b4, 0x17b5 },
    { 0x180b, 0x180f },
    { 0x200b, 0x200f },
    { 0x2028, 0x202e },
    { 0x2060, 0x206f },
    { 0x3164, 0x3164 },
    { 0xd800, 0xf8ff },
    { 0xfe00, 0xfe0f },
    { 0xfeff, 0xfeff },
    { 0xffa0, 0xffa0 },
    { 0xfff0, 0xfffb },
    { 0xfffe, 0xffff },
    { 0x110bd, 0x110bd },
    { 0x13430, 0x1345f },
    { 0x1bca0, 0x1bca3 },
    { 0x1d173, 0x1d17a },
    { 0xe0000, 0x10ffff },
};

static bool is_hidden(uint32_t point)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (point >= hidden[i].first && point <= hidden[i].last)
            return true;
    return false;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The bytes of one valid UTF-8 sequence at the start of `text`, 0 when it is
 * not one: overlong forms, surrogates and what is cut off are not. */
static size_t point_parse(struct view text, uint32_t *point)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char first = (unsigned char)text.data[0];
    size_t length = first < 0x80   ? 1
                    : first < 0xc2 ? 0
                    : first < 0xe0 ? 2
                    : first < 0xf0 ? 3
                    : first < 0xf5 ? 4
                                   : 0;

    if (length == 0 || length > text.size)
        return 0;
    *point = length == 1 ? first : first & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(text.data[i]))
            return 0;
        *point = *point << 6 | ((unsigned char)text.data[i] & 0x3f);
    }
    if (*point < least[length] || *point > 0x10ffff ||
        (*point >= 0xd800 && *point <= 0xdfff))
        return 0;
    return length;
}

/* The bytes at the start of `text` that are shown as they are, whatever the
 * locale: nearly all there are. */
static size_t plain_bytes(struct view text)
{
    size_t count = 0;

    while (count < text.size && text.data[count] >= ' ' &&
           text.data[count] <= '~')
        count++;
    return count;
}

void buf_put_visible(struct buf *buf, struct view text, bool ascii)
{
    while (buf && text.size > 0) {
        uint32_t point = 0;
        size_t plain = plain_bytes(text);
        size_t length = plain ? plain : point_parse(text, &point);

        if (length == 0) {
            buf_putf(buf, "<0x%02X>", (unsigned char)text.data[0]);
            length = 1;
        } else if (!plain && (is_hidden(point) || (ascii && point > 0x7e))) {
            buf_putf(buf, "<U+%04X>", (unsigned)point);
        } else {
            buf_put(buf, (struct view){ text.data, length });
        }
        text.data += length;
        text.size -= length;
    }
}
