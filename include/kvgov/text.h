/* Text: views that borrow, buffers that own, and the one way to show a
 * stranger's text. */
#ifndef KVGOV_TEXT_H
#define KVGOV_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes, not terminated. {NULL, 0} is the empty view. */
struct view {
    const char *data;
    size_t size;
};

struct view view_of(const char *text); /* NULL gives the empty view */
bool view_equal(struct view a, struct view b);
bool view_equal_nocase(struct view a, struct view b); /* ASCII case only */
bool view_starts_nocase(struct view text, struct view prefix);
/* Cuts at the first `separator`: returns what is before it, leaves the rest in
 * *text. Without a separator everything is returned and *text is empty. */
struct view view_cut(struct view *text, char separator);
struct view view_trim(struct view text);

/* ASCII case-insensitive comparison, for ARM ids and enum values. NULL equals
 * only NULL. */
bool text_equal_nocase(const char *a, const char *b);
bool text_contains_nocase(const char *text, const char *part);

/* Grows up to `limit` bytes; the write that would pass it sets `failed`, which
 * stays, so one check at the end is enough. `data` is always terminated once
 * something was put. Zero-initialise with .limit set. */
struct buf {
    char *data;
    size_t size;
    size_t capacity;
    size_t limit;
    bool failed;
};

void buf_put(struct buf *buf, struct view text);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char byte);
void buf_putf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buf_putv(struct buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
void buf_clear(struct buf *buf); /* keeps the memory, forgets the failure */
void buf_done(struct buf *buf);
struct view buf_view(const struct buf *buf);
/* The text, "" when nothing was put. Borrowed until the next put. */
const char *buf_text(const struct buf *buf);

/* Appends a stranger's text as valid UTF-8 in which nothing hides: control
 * characters, DEL, bidirectional and zero-width characters become <U+XXXX>,
 * invalid bytes <0xXX>. `ascii` also escapes everything above U+007E. */
void buf_put_visible(struct buf *buf, struct view text, bool ascii);

/* 1234567 as "1,234,567". */
void buf_put_count(struct buf *buf, uint64_t count);
/* "1,203 of 39,883" */
void buf_put_of(struct buf *buf, uint64_t count, uint64_t all);

/* Seconds since 1970 as "2026-11-22T00:08:30Z"; "-" for 0. */
void buf_put_time(struct buf *buf, int64_t time_s);

/* An age as a person says it: "40s", "12m", "3h", "14d". */
void buf_put_age(struct buf *buf, int64_t age_s);
/* The same by the minute, "<1m" before the first: an age that ticks would send
 * bytes with every key. */
void buf_put_age_minutes(struct buf *buf, int64_t age_s);

/* ISO 8601 date and time with Z or an offset; 0 when it is not one. */
int64_t time_parse(struct view text);

#endif
