/* Comparing the shapes of two JSON bodies: which members there are and of
 * which JSON type, not what they say. */
#ifndef SUPPORT_SHAPES_H
#define SUPPORT_SHAPES_H

#include <jansson.h>

#include "kvgov/text.h"
#include "shapes_places.h"
#include "types.h"

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
    bool *used; /* one for each exception: set where it was needed; or NULL */
    const struct types *types;   /* NULL: no resource type is known */
    const struct places *places; /* NULL: no other answers are known */
    const char *provider;        /* whose answer it is, for those */
    struct buf *problems;        /* one line each: name, path, what differs */
};

/* Members that one has and the other lacks, and members of another type. null
 * is of any type; a list is what all its elements together are; an object
 * whose members are names that somebody chose (tags, parameters) is not looked
 * into. What the answer has beyond the example is right where Microsoft's
 * resource type or another published answer has it: examples leave out. */
void shape_compare(const struct shape_check *check, const json_t *example,
    const json_t *answer);

/* The resource type that a resource, or a list of them, says that it is;
 * NULL for another body. */
const char *shape_type(const json_t *answer);

#endif
