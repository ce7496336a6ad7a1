/* When to try again. The rules are facts of the service: RFC 9110 section
 * 10.2.3 for Retry-After, Key Vault's throttling guidance for 1, 2, 4, 8 s. */
#include "retry.h"

#include <curl/curl.h>
#include <stdio.h>

#define PAUSE_LIMIT_MS 120000 /* longer, and nobody believes in it */
#define DOUBLINGS 16          /* far past the limit, far from an overflow */

bool retry_is_safe(const struct http_request *request)
{
    if (request->once)
        return false;
    return request->method != HTTP_POST || request->repeatable;
}

bool retry_is_worth(long code)
{
    switch (code) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return true;
    default:
        return false;
    }
}

bool retry_is_throttle(long code)
{
    return code == 429 || code == 503;
}

int64_t retry_parse_date(const char *text)
{
    time_t time_s = curl_getdate(text, NULL);

    return time_s > 0 ? (int64_t)time_s : 0;
}

/* Digits only, -1 for all else; what would overflow stays at the limit. */
static int64_t number_parse(struct view text)
{
    int64_t value = 0;

    if (text.size == 0)
        return -1;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return -1;
        if (value < INT32_MAX)
            value = value * 10 + (text.data[i] - '0');
    }
    return value < INT32_MAX ? value : INT32_MAX;
}

int64_t retry_parse_after(const char *text, int64_t date_s, int64_t now_s)
{
    int64_t seconds = number_parse(view_trim(view_of(text)));
    int64_t at_s;

    if (seconds >= 0 || !text || !*text)
        return seconds;
    at_s = retry_parse_date(text);
    if (at_s == 0)
        return -1;
    seconds = at_s - (date_s ? date_s : now_s);
    return seconds > 0 ? seconds : 0;
}

int64_t retry_parse_count(const char *text)
{
    return number_parse(view_trim(view_of(text)));
}

int64_t retry_parse_clock(const char *text)
{
    struct view rest = view_trim(view_of(text));
    int64_t total = 0;

    for (int part = 0; part < 3; part++) {
        int64_t value = number_parse(view_cut(&rest, ':'));

        if (value < 0 || value > 9999)
            return -1;
        total = total * 60 + value;
    }
    return rest.size == 0 ? total : -1;
}

int64_t retry_pause_ms(
    uint32_t backoff_ms, uint32_t tries, int64_t retry_after_s)
{
    uint32_t doublings = tries > 0 ? tries - 1 : 0;
    int64_t pause_ms;

    if (retry_after_s > 0)
        pause_ms = retry_after_s < PAUSE_LIMIT_MS / 1000 ? retry_after_s * 1000
                                                         : PAUSE_LIMIT_MS;
    else
        pause_ms = (int64_t)backoff_ms
                   << (doublings < DOUBLINGS ? doublings : DOUBLINGS);
    return pause_ms < PAUSE_LIMIT_MS ? pause_ms : PAUSE_LIMIT_MS;
}

int64_t retry_jitter_ms(int64_t pause_ms, long dice)
{
    return pause_ms + dice % (pause_ms / 5 + 1);
}
