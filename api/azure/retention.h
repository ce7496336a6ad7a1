/* How long log destinations keep what is sent there. */
#ifndef RETENTION_H
#define RETENTION_H

#include "azure.h"

/* The context's subject is "WORKSPACE-ID/tables/NAME". */
bool table_take(const struct azure_context *context, const json_t *item);
/* The context's subject is the storage account. */
bool lifecycle_take(const struct azure_context *context, const json_t *item);
/* What a read that failed says of it: that there is no table or no lifecycle
 * of its own is an answer, too. */
void retention_fail(const struct azure_context *context, enum azure_read read,
    const struct kv_error *err, const struct kv_facet_status *status);

/* Writes the subject of AZURE_TABLE for a workspace. */
void table_subject(struct buf *out, const char *workspace, bool dedicated);

#endif
