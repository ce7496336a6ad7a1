/* Microsoft.Insights metrics: how often a vault was called. */
#ifndef METRICS_H
#define METRICS_H

#include "azure.h"

/* Writes what AZURE_METRICS asks of a resource: requests a day, back to
 * `from_s`, which Azure keeps for 93 days at most. */
void metrics_path(
    struct buf *out, const char *resource, int64_t from_s, int64_t now_s);
bool metrics_take(const struct azure_context *context, const json_t *body);

#endif
