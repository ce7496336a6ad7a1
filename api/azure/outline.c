/* Skipping through JSON without reading it: strings and brackets only. */
#include "outline.h"

#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct view after(struct view text, size_t size)
{
    return (struct view){ text.data + size, text.size - size };
}

static void skip_blanks(struct view *text)
{
    while (text->size > 0 && is_blank(*text->data))
        *text = after(*text, 1);
}

static bool skip_byte(struct view *text, char byte)
{
    skip_blanks(text);
    if (text->size == 0 || *text->data != byte)
        return false;
    *text = after(*text, 1);
    return true;
}

/* ---- how many bytes a value takes; 0 when the text ends within it ---- */

/* A quote behind an odd number of backslashes is a part of the string. */
static bool is_escaped(const char *first, const char *quote)
{
    const char *at = quote;

    while (at > first && at[-1] == '\\')
        at--;
    return (quote - at) % 2 == 1;
}

static size_t string_size(struct view text)
{
    const char *first = text.data + 1;
    const char *end = text.data + text.size;
    const char *quote = text.data;

    while (quote + 1 < end &&
           (quote = memchr(quote + 1, '"', (size_t)(end - quote) - 1)))
        if (!is_escaped(first, quote))
            return (size_t)(quote - text.data) + 1;
    return 0;
}

static size_t nested_size(struct view text)
{
    size_t depth = 0;

    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];

        if (byte == '"') {
            size_t size = string_size(after(text, i));

            if (size == 0)
                return 0;
            i += size - 1;
        } else if (byte == '{' || byte == '[') {
            depth++;
        } else if ((byte == '}' || byte == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

static size_t plain_size(struct view text)
{
    size_t size = 0;

    while (size < text.size && !is_blank(text.data[size]) &&
           !strchr(",]}", text.data[size]))
        size++;
    return size;
}

/* ---- what is where ---- */

static struct view take_value(struct view *text)
{
    struct view value = *text;
    char byte = value.size > 0 ? *value.data : '\0';

    if (byte == '"')
        value.size = string_size(*text);
    else if (byte == '{' || byte == '[')
        value.size = nested_size(*text);
    else
        value.size = plain_size(*text);
    *text = after(*text, value.size);
    return value;
}

/* "name": value */
static bool take_member(
    struct view *text, struct view *name, struct view *value)
{
    skip_blanks(text);
    if (text->size == 0 || *text->data != '"')
        return false;
    *name = take_value(text);
    if (name->size < 2 || !skip_byte(text, ':'))
        return false;
    skip_blanks(text);
    *name = (struct view){ name->data + 1, name->size - 2 };
    *value = take_value(text);
    return value->size > 0;
}

bool outline_member(struct outline *out, struct view body, const char *name)
{
    struct view rest = body;
    struct view found = { NULL, 0 };
    struct view key;
    struct view value;

    if (!skip_byte(&rest, '{'))
        return false;
    do {
        if (!take_member(&rest, &key, &value))
            return false;
        if (view_equal(key, view_of(name)))
            found = value;
    } while (skip_byte(&rest, ','));
    if (!skip_byte(&rest, '}') || found.size == 0)
        return false;
    skip_blanks(&rest);
    out->before = (struct view){ body.data, (size_t)(found.data - body.data) };
    out->value = found;
    out->after = after(body, out->before.size + found.size);
    return rest.size == 0;
}

bool outline_list(struct outline *out, struct view body, const char *name)
{
    if (!outline_member(out, body, name) || *out->value.data != '[')
        return false;
    out->value = after(out->value, 1);
    skip_blanks(&out->value);
    return true;
}

struct view outline_take(struct view *rest)
{
    struct view whole = *rest;
    struct view item;

    skip_blanks(rest);
    item = take_value(rest);
    skip_blanks(rest);
    if (skip_byte(rest, ',')) {
        skip_blanks(rest);
        if (rest->size > 0 && *rest->data != ']')
            return item;
    } else if (rest->size == 0 || *rest->data == ']') {
        return item;
    }
    *rest = after(whole, whole.size);
    return whole;
}
