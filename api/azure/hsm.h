/* A managed HSM's own administration: local roles and settings. */
#ifndef HSM_H
#define HSM_H

#include "azure.h"

bool local_role_take(const struct azure_context *context, const json_t *item);
bool local_assignment_take(
    const struct azure_context *context, const json_t *item);
/* The whole body: {"settings":[...]}. */
bool settings_take(const struct azure_context *context, const json_t *body);

#endif
