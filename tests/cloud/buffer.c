/* Growing text and allocations that do not fail; knows only libc. */
#include "buffer.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void *alloc_checked(void *memory)
{
    if (memory)
        return memory;
    fputs("kvgov-cloud: out of memory.\n", stderr);
    exit(1);
}

void *alloc_zero(size_t count, size_t size)
{
    return alloc_checked(calloc(count ? count : 1, size));
}

void *alloc_grow(void *old, size_t count, size_t size)
{
    return alloc_checked(reallocarray(old, count ? count : 1, size));
}

char *alloc_slice(const char *text, size_t length)
{
    char *copy = alloc_checked(malloc(length + 1));

    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *alloc_text(const char *text)
{
    return alloc_slice(text ? text : "", text ? strlen(text) : 0);
}

char *alloc_lower(const char *text)
{
    char *copy = alloc_text(text);

    text_lower(copy);
    return copy;
}

char *alloc_format(const char *format, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    return alloc_checked(text);
}

void text_lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text + 32);
}

bool text_same(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

bool text_starts(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

bool text_holds(const char *text, const char *part)
{
    return strcasestr(text, part) != NULL;
}

static void buffer_room(struct buffer *buffer, size_t more)
{
    size_t need = buffer->length + more + 1;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;

    if (need <= buffer->capacity)
        return;
    while (capacity < need)
        capacity *= 2;
    buffer->data = alloc_grow(buffer->data, capacity, 1);
    buffer->capacity = capacity;
}

void buffer_put(struct buffer *buffer, const char *data, size_t length)
{
    buffer_room(buffer, length);
    if (length)
        memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void buffer_puts(struct buffer *buffer, const char *text)
{
    buffer_put(buffer, text, strlen(text));
}

void buffer_putc(struct buffer *buffer, char c)
{
    buffer_put(buffer, &c, 1);
}

void buffer_putf(struct buffer *buffer, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    int length;

    va_start(args, format);
    length = vasprintf(&text, format, args);
    va_end(args);
    alloc_checked(length < 0 ? NULL : text);
    buffer_put(buffer, text, (size_t)length);
    free(text);
}

void buffer_put_string(struct buffer *buffer, const char *text)
{
    buffer_putc(buffer, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_putf(buffer, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            buffer_putf(buffer, "\\u%04x", (unsigned)*text);
        else
            buffer_putc(buffer, *text);
    }
    buffer_putc(buffer, '"');
}

char *buffer_take(struct buffer *buffer)
{
    char *data = buffer->data ? buffer->data : alloc_text("");

    *buffer = (struct buffer){ 0 };
    return data;
}

void buffer_done(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){ 0 };
}
