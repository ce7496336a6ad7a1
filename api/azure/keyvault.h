/* Microsoft.KeyVault: vaults, managed HSMs and deleted ones. */
#ifndef KEYVAULT_H
#define KEYVAULT_H

#include "azure.h"

/* An item of a list, of Resource Graph, or a single GET. */
bool resource_take(const struct azure_context *context, const json_t *item);
bool deleted_take(const struct azure_context *context, const json_t *item);
/* Where an HSM is replicated to. */
bool region_take(const struct azure_context *context, const json_t *item);

#endif
