/* Times and ages as text, and back. Always UTC. */
#include "kvgov/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void buf_put_time(struct buf *buf, int64_t time_s)
{
    time_t seconds = (time_t)time_s;
    struct tm tm;
    char text[32];

    if (time_s == 0 || !gmtime_r(&seconds, &tm) ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        buf_putc(buf, '-');
    else
        buf_puts(buf, text);
}

void buf_put_age(struct buf *buf, int64_t age_s)
{
    static const struct {
        int64_t below_s;
        int64_t unit_s;
        char letter;
    } steps[] = {
        { 120, 1, 's' },
        { 2 * 3600, 60, 'm' },
        { 2 * 86400, 3600, 'h' },
        { INT64_MAX, 86400, 'd' },
    };
    size_t i = 0;

    if (age_s < 0)
        age_s = 0;
    while (age_s >= steps[i].below_s)
        i++;
    buf_putf(
        buf, "%lld%c", (long long)(age_s / steps[i].unit_s), steps[i].letter);
}

void buf_put_age_minutes(struct buf *buf, int64_t age_s)
{
    if (age_s < 60)
        buf_puts(buf, "<1m");
    else if (age_s < 120)
        buf_puts(buf, "1m");
    else
        buf_put_age(buf, age_s);
}

/* Seconds east of Greenwich of "Z", "+02:00", "+0200" or nothing; false when
 * it is something else. */
static bool offset_parse(const char *text, int64_t *offset_s)
{
    int hours, minutes;
    char sign;
    int end = 0;

    *offset_s = 0;
    if (*text == '\0' || strcmp(text, "Z") == 0)
        return true;
    if (sscanf(text, "%c%2d:%2d%n", &sign, &hours, &minutes, &end) != 3 &&
        sscanf(text, "%c%2d%2d%n", &sign, &hours, &minutes, &end) != 3)
        return false;
    if ((sign != '+' && sign != '-') || text[end] != '\0')
        return false;
    *offset_s = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
    return true;
}

int64_t time_parse(struct view text)
{
    struct tm tm = { 0 };
    char copy[48];
    const char *rest;
    int64_t offset_s;

    if (text.size == 0 || text.size >= sizeof copy)
        return 0;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    rest = strptime(copy, "%Y-%m-%dT%H:%M:%S", &tm);
    if (!rest)
        return 0;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (!offset_parse(rest, &offset_s))
        return 0;
    return (int64_t)timegm(&tm) - offset_s;
}
