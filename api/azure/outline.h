/* Where the list of an answer lies in its text, so that the items can be parsed
 * one by one: a page of a thousand is many times longer than a slice of work
 * may take, and as a tree many times larger than all that is kept of it. */
#ifndef OUTLINE_H
#define OUTLINE_H

#include "base.h"

/* {"totalRecords":2,"data":[{},{}],"facets":[]}: the items
 * are {},{}]. */
struct outline {
    struct view before;
    struct view items; /* behind the bracket, the closing one included */
    struct view after;
};

/* The value of the last member called `name`, where that is a list and the
 * whole is one object, as far as brackets and quotes tell: the rest is the
 * parser's to judge. */
bool outline_find(struct outline *out, struct view body, const char *name);

/* Cuts the next item off those that are left, of which there is one. A comma
 * that is missing, or has nothing behind it, makes the rest an item that is no
 * JSON. */
struct view outline_take(struct view *rest);

#endif
