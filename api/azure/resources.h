/* Microsoft.Resources and Microsoft.Management: who and where everything is
 * under. */
#ifndef RESOURCES_H
#define RESOURCES_H

#include "azure.h"

bool tenant_take(const struct azure_context *context, const json_t *item);
bool subscription_take(const struct azure_context *context, const json_t *item);
/* A subscription's row of Resource Graph, with its management groups and tags;
 * a resource group's, with its tags. */
bool container_take(const struct azure_context *context, const json_t *item);
/* A region as one subscription sees it. */
bool location_take(const struct azure_context *context, const json_t *item);
bool group_take(const struct azure_context *context, const json_t *item);
/* A resource that has a managed identity, or is one. */
bool identity_take(const struct azure_context *context, const json_t *item);

#endif
