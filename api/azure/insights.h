/* Microsoft.Insights: diagnostic settings; and the places that they name. */
#ifndef INSIGHTS_H
#define INSIGHTS_H

#include "azure.h"

/* All settings of the resource that is the context's subject. */
bool diagnostics_take_all(
    const struct azure_context *context, const json_t *items);
bool sink_take(const struct azure_context *context, const json_t *item);

#endif
