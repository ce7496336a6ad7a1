/* Microsoft's published resource types, as Bicep has them: may this body be
 * sent, or be answered? Used on every body that a remedy makes, and on what
 * the simulated cloud answers. */
#ifndef SUPPORT_TYPES_H
#define SUPPORT_TYPES_H

#include <jansson.h>

#include "kvgov/text.h"

struct types;

/* Reads $KVGOV_SHARED/azure/types/NAME, failing the test when it cannot. */
struct types *types_open(const char *name);
/* Every file of that folder; of a type in several the newest one counts. */
struct types *types_open_all(void);
void types_close(struct types *types);

/* How much of a resource a body holds. */
enum types_body {
    TYPES_WHOLE,  /* PUT: what is required must be there */
    TYPES_PART,   /* PATCH: only what changes; items of a list are whole */
    TYPES_ANSWER, /* what a GET gives, with what cannot be written */
};

/* Whether a file has the resource type. */
bool types_know(const struct types *types, const char *resource_type);

/* Adds one line to `problems` for each field that is unknown, read-only,
 * missing or of another type or value than the resource type ("Microsoft
 * .KeyVault/vaults", any version of the file) has it. True when there is none. */
bool types_check(const struct types *types, const char *resource_type,
    const json_t *body, enum types_body kind, struct buf *problems);

/* Whether there is such a member, "properties.networkAcls.ipRules.value"; the
 * items of a list are meant by the list's own name. */
bool types_has(
    const struct types *types, const char *resource_type, const char *path);

#endif
