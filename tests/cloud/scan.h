#ifndef CLOUD_SCAN_H
#define CLOUD_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Reads members out of compact JSON text that this program wrote itself,
 * without building a tree: a Resource Graph page over 100,000 vaults is then
 * a matter of copying slices. */
struct span {
    const char *at; /* NULL: not there */
    size_t length;
};

struct member {
    struct span name; /* without quotes */
    struct span value;
};

/* Fills at most limit members of an object; returns how many. */
size_t scan_members(struct span object, struct member *out, size_t limit);

/* The value at a dotted path such as "properties.scope". */
struct span scan_path(struct span object, const char *path);

/* The text of a JSON string, or of any other value as written; the caller
 * frees it. An absent value or null gives "". */
char *scan_copy(struct span value);

bool span_is(struct span span, const char *text);

#endif
