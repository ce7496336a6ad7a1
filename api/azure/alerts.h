/* Microsoft.Insights: alert rules of three kinds, and action groups. */
#ifndef ALERTS_H
#define ALERTS_H

#include "azure.h"

/* Any of the four types; another one is passed over. */
bool alert_take(const struct azure_context *context, const json_t *item);

#endif
