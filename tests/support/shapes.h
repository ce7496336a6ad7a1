/* Comparing the shapes of two JSON bodies: which members there are and of
 * which JSON type, not what they say. */
#ifndef SUPPORT_SHAPES_H
#define SUPPORT_SHAPES_H

#include <jansson.h>

#include "kvgov/text.h"

/* A difference that is right, and why. */
struct shape_exception {
    const char *name;   /* how the check's name starts; "" for every check */
    const char *path;   /* how the member's path ends: "properties.condition" */
    const char *reason; /* one line */
};

struct shape_check {
    const char *name;
    const struct shape_exception *exceptions;
    size_t exception_count;
    struct buf *problems; /* one line each: name, path, what differs */
};

/* Members that one has and the other lacks, and members of another type. null
 * is of any type; a list is what all its elements together are; an object
 * whose members are names that somebody chose (tags, parameters) is not looked
 * into. */
void shape_compare(const struct shape_check *check, const json_t *example,
    const json_t *answer);

#endif
