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
/* The same for a part of a batch, which is not counted on its own. */
void route_carry_out(struct call *call);

/* Writes the line of the log, marked where it is not a request of its own. */
void route_log(const struct call *call, const char *mark);

/* Percent-decoding; in a form a plus sign is a space. */
char *route_decode(const char *text, size_t length, bool form);
/* Splits a=b&c=d; appends to *out. */
void route_parameters(const char *text, struct parameter **out, size_t *count);

#endif
