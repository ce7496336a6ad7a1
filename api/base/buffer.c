/* Buffers: text that grows up to a stated limit and remembers a failure. */
#include "base.h"

#include <stdio.h>
#include <string.h>

static bool buf_reserve(struct buf *buf, size_t more)
{
    size_t wanted = buf->capacity ? buf->capacity : 64;

    if (buf->failed || more > buf->limit || buf->size > buf->limit - more) {
        buf->failed = true;
        return false;
    }
    while (wanted < buf->size + more + 1)
        wanted *= 2;
    if (wanted > buf->capacity) {
        buf->data = mem_resize(buf->data, wanted);
        buf->capacity = wanted;
    }
    return true;
}

void buf_put(struct buf *buf, struct view text)
{
    if (!buf || !buf_reserve(buf, text.size))
        return;
    if (text.size > 0)
        memcpy(buf->data + buf->size, text.data, text.size);
    buf->size += text.size;
    buf->data[buf->size] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
    buf_put(buf, view_of(text));
}

void buf_putc(struct buf *buf, char byte)
{
    buf_put(buf, (struct view){ &byte, 1 });
}

void buf_putv(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    int length;

    if (!buf)
        return;
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0 || !buf_reserve(buf, (size_t)length)) {
        buf->failed = true;
        return;
    }
    vsnprintf(buf->data + buf->size, (size_t)length + 1, format, args);
    buf->size += (size_t)length;
}

void buf_putf(struct buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_putv(buf, format, args);
    va_end(args);
}

void buf_clear(struct buf *buf)
{
    buf->size = 0;
    buf->failed = false;
    if (buf->data)
        buf->data[0] = '\0';
}

void buf_done(struct buf *buf)
{
    if (!buf)
        return;
    mem_free(buf->data);
    *buf = (struct buf){ .limit = buf->limit };
}

struct view buf_view(const struct buf *buf)
{
    return (struct view){ buf->data, buf->size };
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}

void buf_put_count(struct buf *buf, uint64_t count)
{
    char digits[24];
    int length =
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            buf_putc(buf, ',');
        buf_putc(buf, digits[i]);
    }
}

void buf_put_of(struct buf *buf, uint64_t count, uint64_t all)
{
    buf_put_count(buf, count);
    buf_puts(buf, " of ");
    buf_put_count(buf, all);
}
