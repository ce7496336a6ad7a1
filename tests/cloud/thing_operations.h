#ifndef CLOUD_THING_OPERATIONS_H
#define CLOUD_THING_OPERATIONS_H

#include "things.h"

/* Objects whose making and changing goes on behind the answer: they say
 * Creating or Updating until they were asked about often enough, themselves or
 * the operation that a header names. Held in the estate's "operations". */

/* Answers with the object, which it takes, as one that is being written. */
void thing_operation_start(struct call *call, unsigned status, enum kind kind,
    json_t *object, bool is_new);

/* Brings on what goes on with the object; returns it as it is then. */
const struct item *thing_operation_settle(
    struct call *call, enum kind kind, const struct item *item);

/* Answers 202 for one that has been removed. */
void thing_operation_removed(struct call *call);

#endif
