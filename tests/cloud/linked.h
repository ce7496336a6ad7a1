#ifndef CLOUD_LINKED_H
#define CLOUD_LINKED_H

#include <stdbool.h>

struct call;

/* Whether the caller may do this to another resource that the request ties to
 * its own; otherwise answers 403 LinkedAuthorizationFailed. */
bool linked_check(struct call *call, const char *id, const char *action);

#endif
