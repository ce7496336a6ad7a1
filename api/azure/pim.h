/* Privileged Identity Management for Azure resources, 2020-10-01. */
#ifndef PIM_H
#define PIM_H

#include "azure.h"

/* Instances of schedules: who may activate a role, and who holds one now. */
bool eligible_take(const struct azure_context *context, const json_t *item);
bool active_take(const struct azure_context *context, const json_t *item);

/* Writes the subject of AZURE_ROLE_RULES: one role at one scope. */
void role_rules_subject(struct buf *out, const char *scope, const char *guid);
/* Takes that role's rules only, for a service may not heed the filter. */
bool role_rules_take(const struct azure_context *context, const json_t *item);

#endif
