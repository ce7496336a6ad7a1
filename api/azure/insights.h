/* Microsoft.Insights: diagnostic settings; and the places that they name. */
#ifndef INSIGHTS_H
#define INSIGHTS_H

#include "azure.h"

/* All settings of the resource that is the context's subject. */
bool diagnostics_take_all(
    const struct azure_context *context, const json_t *items);
/* A setting of the subscription that is the context's subject. */
bool activity_log_take(const struct azure_context *context, const json_t *item);
bool sink_take(const struct azure_context *context, const json_t *item);
/* A single GET: goes to the set in place. */
bool sink_take_single(const struct azure_context *context, const json_t *item);
/* Writes the subject of AZURE_SINK for a destination's id: the resource itself
 * (of an event hub's rule: its namespace) with the api-version of its type.
 * False where kvgov cannot ask for such a thing. */
bool sink_subject(struct buf *out, struct view id);

#endif
