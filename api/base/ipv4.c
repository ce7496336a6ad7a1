/* IPv4 addresses and ranges in text. */
#include "base.h"

#include <stdio.h>
#include <string.h>

bool ipv4_range_parse(struct view text, uint32_t *first, uint32_t *last)
{
    unsigned part[4], prefix = 32;
    char copy[32];
    uint32_t mask;
    int end = 0;

    if (text.size == 0 || text.size >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    /* sscanf() would pass over blanks and signs. */
    if (strspn(copy, "0123456789./") != text.size)
        return false;
    if (sscanf(copy, "%3u.%3u.%3u.%3u%n", &part[0], &part[1], &part[2],
            &part[3], &end) != 4)
        return false;
    if (copy[end] == '/') {
        int more = 0;

        if (sscanf(copy + end, "/%2u%n", &prefix, &more) != 1)
            return false;
        end += more;
    }
    if (copy[end] != '\0' || prefix > 32)
        return false;
    for (int i = 0; i < 4; i++)
        if (part[i] > 255)
            return false;
    mask = prefix == 0 ? 0 : UINT32_MAX << (32 - prefix);
    *first = (part[0] << 24 | part[1] << 16 | part[2] << 8 | part[3]) & mask;
    *last = *first | ~mask;
    return true;
}
