/* Members of compact JSON text, found without building a tree. The text comes
 * from json_dumps or from the generator, so it is well-formed. */
#include "scan.h"

#include <jansson.h>
#include <string.h>

#include "buffer.h"

bool span_is(struct span span, const char *text)
{
    return span.at && strlen(text) == span.length &&
           memcmp(span.at, text, span.length) == 0;
}

/* From the opening quote to just behind the closing one. */
static const char *scan_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at < end ? at + 1 : end;
}

static const char *scan_value(const char *at, const char *end)
{
    int depth = 0;

    while (at < end) {
        if (*at == '"') {
            at = scan_string(at, end);
            if (depth == 0)
                return at;
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == '}' || *at == ']'))
            return at;
        if (*at == '{' || *at == '[')
            depth++;
        else if ((*at == '}' || *at == ']') && --depth == 0)
            return at + 1;
        at++;
    }
    return end;
}

/* Reads one member at *at, and moves *at behind it and its comma. */
static bool scan_next(const char **at, const char *end, struct member *member)
{
    const char *start = *at;

    if (start >= end || *start != '"')
        return false;
    member->name.at = start + 1;
    start = scan_string(start, end);
    member->name.length = (size_t)(start - member->name.at) - 1;
    if (start >= end || *start != ':')
        return false;
    member->value.at = ++start;
    start = scan_value(start, end);
    member->value.length = (size_t)(start - member->value.at);
    *at = start < end && *start == ',' ? start + 1 : start;
    return true;
}

size_t scan_members(struct span object, struct member *out, size_t limit)
{
    const char *at = object.at;
    const char *end = object.at + object.length;
    size_t count = 0;

    if (!object.at || object.length < 2 || *at != '{')
        return 0;
    at++;
    while (count < limit && scan_next(&at, end, &out[count]))
        count++;
    return count;
}

static struct span scan_member(
    struct span object, const char *name, size_t length)
{
    const char *at = object.at;
    const char *end = object.at + object.length;
    struct member member;

    if (!object.at || object.length < 2 || *at != '{')
        return (struct span){ 0 };
    at++;
    while (scan_next(&at, end, &member))
        if (member.name.length == length &&
            memcmp(member.name.at, name, length) == 0)
            return member.value;
    return (struct span){ 0 };
}

struct span scan_path(struct span object, const char *path)
{
    struct span value = object;

    while (*path && value.at) {
        size_t length = strcspn(path, ".");

        value = scan_member(value, path, length);
        path += length + (path[length] == '.');
    }
    return value;
}

char *scan_copy(struct span value)
{
    json_t *json;
    char *text;

    if (!value.at || span_is(value, "null"))
        return alloc_text("");
    if (*value.at != '"')
        return alloc_slice(value.at, value.length);
    if (!memchr(value.at, '\\', value.length))
        return alloc_slice(value.at + 1, value.length - 2);
    json = json_loadb(value.at, value.length, JSON_DECODE_ANY, NULL);
    text = alloc_text(json_string_value(json));
    json_decref(json);
    return text;
}
