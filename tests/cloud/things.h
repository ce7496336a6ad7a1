#ifndef CLOUD_THINGS_H
#define CLOUD_THINGS_H

#include "cloud.h"

/* ARM objects of which this cloud knows no more than their shape: resources
 * with a place of their own, children of resources, and what hangs on others.
 * The path says which: {scope}/providers/{space}/{type}[/{name}/{type}]… */
struct thing_type {
    const char *type;     /* as answers spell it */
    const char *required; /* members of properties, separated by spaces */
    const char *defaults; /* JSON object: properties that answers always have */
    const char *fixed;    /* the like that a caller cannot choose, or NULL */
    bool tracked;         /* a resource of its own, with location and tags */
    bool slow;            /* written behind the answer: thing_operations.h */
    /* Called before the object is stored; false: answered with an error. */
    bool (*check)(struct call *call, json_t *object, const struct item *old);
};

/* The row of a type in any case, or NULL. */
const struct thing_type *thing_type_find(const char *type);

/* "Microsoft.X/types[/children]" of a path, with or without a last name. */
char *thing_path_type(const char *path);
/* Adds members of the second object that the first one lacks. */
void json_add_missing(json_t *to, json_t *from);
/* Sets members of to as from says; null takes away, objects are merged. */
void json_merge(json_t *to, json_t *from);

#endif
