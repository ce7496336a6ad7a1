/* Microsoft.Security: Defender for Cloud's plans and what it found. */
#ifndef SECURITY_H
#define SECURITY_H

#include "azure.h"

bool plan_take(const struct azure_context *context, const json_t *item);
bool assessment_take(const struct azure_context *context, const json_t *item);

#endif
