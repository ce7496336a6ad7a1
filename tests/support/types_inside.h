/* What the two files that read resource types share. */
#ifndef SUPPORT_TYPES_INSIDE_H
#define SUPPORT_TYPES_INSIDE_H

#include "types.h"

struct types {
    json_t *files; /* name to array, of each file */
};

/* What {"$ref": "#/N"} points to in a file; NULL for nothing. */
const json_t *types_follow(const json_t *items, const json_t *reference);
/* A resource type's body, and in whose file it is; NULL when none has it. */
const json_t *types_find(
    const struct types *types, const char *resource_type, const json_t **items);

#endif
