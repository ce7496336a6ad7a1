#ifndef CLOUD_BUFFER_H
#define CLOUD_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Growing text, and the allocations that end the program when memory is out:
 * a test server has nothing better to do then. */
struct buffer {
    char *data;
    size_t length;
    size_t capacity;
};

void buffer_put(struct buffer *buffer, const char *data, size_t length);
void buffer_puts(struct buffer *buffer, const char *text);
void buffer_putc(struct buffer *buffer, char c);
void buffer_putf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes text as a JSON string, quotes included. */
void buffer_put_string(struct buffer *buffer, const char *text);

/* Hands the text over, NUL-terminated; the buffer is empty afterwards. */
char *buffer_take(struct buffer *buffer);
void buffer_done(struct buffer *buffer);

void *alloc_zero(size_t count, size_t size);
void *alloc_grow(void *old, size_t count, size_t size);
char *alloc_text(const char *text);
char *alloc_slice(const char *text, size_t length);
char *alloc_lower(const char *text);
char *alloc_format(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

void text_lower(char *text);
bool text_same(const char *a, const char *b);
bool text_starts(const char *text, const char *start);
/* Contains, ignoring case. */
bool text_holds(const char *text, const char *part);

#endif
