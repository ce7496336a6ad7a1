/* Views: borrowed text, compared and cut without copying. */
#include "kvgov/text.h"

#include <string.h>
#include <strings.h>

struct view view_of(const char *text)
{
    struct view view = { text, text ? strlen(text) : 0 };

    return view;
}

bool view_equal(struct view a, struct view b)
{
    return a.size == b.size &&
           (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static unsigned char lower(char byte)
{
    unsigned char c = (unsigned char)byte;

    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static bool bytes_equal_nocase(const char *a, const char *b, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

bool view_equal_nocase(struct view a, struct view b)
{
    return a.size == b.size && bytes_equal_nocase(a.data, b.data, a.size);
}

bool view_starts_nocase(struct view text, struct view prefix)
{
    return text.size >= prefix.size &&
           bytes_equal_nocase(text.data, prefix.data, prefix.size);
}

struct view view_cut(struct view *text, char separator)
{
    const char *end =
        text->size ? memchr(text->data, separator, text->size) : NULL;
    struct view head = *text;

    if (!end) {
        *text = (struct view){ NULL, 0 };
        return head;
    }
    head.size = (size_t)(end - text->data);
    text->data = end + 1;
    text->size -= head.size + 1;
    return head;
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct view view_trim(struct view text)
{
    while (text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* Most pairs differ early, so neither is measured first. */
bool text_equal_nocase(const char *a, const char *b)
{
    if (!a || !b || a == b)
        return a == b;
    for (; lower(*a) == lower(*b); a++, b++)
        if (*a == '\0')
            return true;
    return false;
}

bool text_contains_nocase(const char *text, const char *part)
{
    struct view haystack = view_of(text);
    struct view needle = view_of(part);

    while (haystack.size >= needle.size) {
        if (view_starts_nocase(haystack, needle))
            return true;
        if (haystack.size == 0)
            break;
        haystack.data++;
        haystack.size--;
    }
    return false;
}
