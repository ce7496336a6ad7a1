/* Holding ARM objects that the simulated cloud has or answers against their
 * resource types, with the differences that are right. */
#ifndef SUPPORT_TYPE_FINDINGS_H
#define SUPPORT_TYPE_FINDINGS_H

#include <jansson.h>

#include "kvgov/text.h"
#include "types.h"

#define TYPE_EXCUSE_LIMIT 32

struct type_findings {
    const struct types *types;
    json_t *seen; /* "TYPE PROBLEM" to the first id */
    bool used[TYPE_EXCUSE_LIMIT];
    size_t checked;
};

void type_findings_init(
    struct type_findings *findings, const struct types *types);
void type_findings_done(struct type_findings *findings);

/* Looks at the object if its "type" is a published one. */
void type_findings_check(struct type_findings *findings, const json_t *object);

/* One line for each kind of problem of each type, with the id of the first. */
void type_findings_put(const struct type_findings *findings, struct buf *out);
/* Fails the test when an excuse was not needed: it hides the next mistake. */
void type_findings_check_excuses(const struct type_findings *findings);

#endif
