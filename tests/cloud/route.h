#ifndef CLOUD_ROUTE_H
#define CLOUD_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "cloud.h"

/* Takes the request apart and decides which faults hit it; before this, only
 * method, target, body and authorization are set. */
void route_prepare(struct call *call);

/* Carries the request out and completes the answer. */
void route_serve(struct call *call);

/* Percent-decoding; in a form a plus sign is a space. */
char *route_decode(const char *text, size_t length, bool form);
/* Splits a=b&c=d; appends to *out. */
void route_parameters(const char *text, struct parameter **out, size_t *count);

#endif
