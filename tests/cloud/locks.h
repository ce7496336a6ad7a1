#ifndef CLOUD_LOCKS_H
#define CLOUD_LOCKS_H

#include <stdbool.h>

struct call;

/* Whether no lock at or above the path stands against the request's method;
 * otherwise answers 409 ScopeLocked. */
bool locks_check(struct call *call);

#endif
