/* Log Analytics: what the audit log of a vault or HSM says. */
#ifndef LOGS_H
#define LOGS_H

#include "azure.h"

/* What is asked of the workspace; `ids` is the resource. */
void callers_body(struct buf *out, const struct azure_ask *ask);
void operations_body(struct buf *out, const struct azure_ask *ask);
/* Bodies: {"tables":[{"columns":[{"name"}],"rows":[[...]]}]}. */
bool callers_take(const struct azure_context *context, const json_t *body);
bool operations_take(const struct azure_context *context, const json_t *body);

#endif
