/* Azure Policy: what is assigned, what sets hold, what is exempted, and what
 * the service found. */
#ifndef AZURE_POLICY_H
#define AZURE_POLICY_H

#include "azure.h"

/* An assignment or an exemption, by its type. */
bool policy_take(const struct azure_context *context, const json_t *item);
bool policy_set_take(const struct azure_context *context, const json_t *item);
/* Appends the subject of AZURE_POLICY_SET; false for an id of anything else. */
bool policy_set_subject(struct buf *out, struct view definition_id);
bool policy_state_take(const struct azure_context *context, const json_t *item);

#endif
