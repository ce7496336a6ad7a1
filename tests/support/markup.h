/* Whether a text is well-formed XML, as far as our reports use it: no document
 * type but HTML's, no CDATA, no names with prefixes. HTML that is written so is
 * checked alike. */
#ifndef SUPPORT_MARKUP_H
#define SUPPORT_MARKUP_H

#include <stddef.h>

/* Fails the test with the place where it is not. */
void markup_check(const char *text);
/* How often an element occurs. */
size_t markup_count(const char *text, const char *element);
/* Fails the test when an attribute of that name has a value that begins so, or
 * any value at all when `value` is NULL. */
void markup_lacks_attribute(
    const char *text, const char *attribute, const char *value);

#endif
