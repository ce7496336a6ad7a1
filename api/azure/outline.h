/* Where a part of an answer lies in its text, so that it can be left to whoever
 * asked for it, or the items of a list be parsed one by one: a page of a
 * thousand is many times longer than a slice of work may take, and as a tree
 * many times larger than all that is kept of it. */
#ifndef OUTLINE_H
#define OUTLINE_H

#include "base.h"

struct outline {
    struct view before;
    struct view value;
    struct view after;
};

/* The last member called `name`, where the whole is one object, as far as
 * brackets and quotes tell: the rest is the parser's to judge. */
bool outline_member(struct outline *out, struct view body, const char *name);

/* The same where that is a list. Its value begins behind the bracket; the
 * closing one is included: {"totalRecords":2,"data":[{},{}],"facets":[]} has
 * the data {},{}]. */
bool outline_list(struct outline *out, struct view body, const char *name);

/* Cuts the next item off those that are left, of which there is one. A comma
 * that is missing, or has nothing behind it, makes the rest an item that is no
 * JSON. */
struct view outline_take(struct view *rest);

#endif
