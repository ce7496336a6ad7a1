#ifndef CLOUD_PROVIDERS_H
#define CLOUD_PROVIDERS_H

#include <stdbool.h>

struct call;

/* Whether the subscription of the path is registered for the path's provider,
 * as every subscription is for all of them unless the estate's "unregistered"
 * or a fault says otherwise; if not, answers 409. */
bool providers_check(struct call *call);

#endif
