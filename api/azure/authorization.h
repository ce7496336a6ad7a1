/* Microsoft.Authorization: role assignments, role definitions, locks. */
#ifndef AUTHORIZATION_H
#define AUTHORIZATION_H

#include "azure.h"

bool assignment_take(const struct azure_context *context, const json_t *item);
bool role_take(const struct azure_context *context, const json_t *item);
bool lock_take(const struct azure_context *context, const json_t *item);

#endif
