/* Microsoft.Resources and Microsoft.Management: who and where everything is
 * under. */
#ifndef RESOURCES_H
#define RESOURCES_H

#include "azure.h"

bool tenant_take(const struct azure_context *context, const json_t *item);
bool subscription_take(const struct azure_context *context, const json_t *item);
/* A subscription's row of Resource Graph, with its management groups. */
bool container_take(const struct azure_context *context, const json_t *item);
/* A region as one subscription sees it. */
bool location_take(const struct azure_context *context, const json_t *item);

#endif
