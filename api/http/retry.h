/* When to try again, and how long to wait before. Pure: the time and the dice
 * are arguments. */
#ifndef RETRY_H
#define RETRY_H

#include "http.h"

/* A request that may be sent twice without doing something twice. */
bool retry_is_safe(const struct http_request *request);
bool retry_is_worth(long code);    /* 408, 429, 500, 502, 503, 504 */
bool retry_is_throttle(long code); /* 429, 503 */

/* A Retry-After field: seconds, or a date that is counted from `date_s` (the
 * answer's Date) or, where that is 0, from `now_s`. -1 when it is neither. */
int64_t retry_parse_after(const char *text, int64_t date_s, int64_t now_s);

/* An HTTP date as seconds since 1970; 0 when it is none. */
int64_t retry_parse_date(const char *text);

/* A number of requests that are left; -1 when it is none. */
int64_t retry_parse_count(const char *text);
/* "00:00:05" of x-ms-user-quota-resets-after, in seconds; -1 when it is not. */
int64_t retry_parse_clock(const char *text);

/* The wait before try number `tries` + 1: what the service asked for, at most
 * 120 s, or else backoff_ms doubled with every try. */
int64_t retry_pause_ms(
    uint32_t backoff_ms, uint32_t tries, int64_t retry_after_s);
/* Up to a fifth more, so that many clients do not come back at once. `dice` is
 * any number from 0 to 2^31 - 1. */
int64_t retry_jitter_ms(int64_t pause_ms, long dice);

#endif
