/* Microsoft.EventGrid: system topics and the subscriptions to their events. */
#ifndef EVENTGRID_H
#define EVENTGRID_H

#include "azure.h"

bool topic_take(const struct azure_context *context, const json_t *item);
/* The context's subject is where it was made: a topic, or its source. */
bool event_subscription_take(
    const struct azure_context *context, const json_t *item);

#endif
