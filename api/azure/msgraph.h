/* Microsoft Graph v1.0: names of principals, members of groups. */
#ifndef MSGRAPH_H
#define MSGRAPH_H

#include "azure.h"

void principals_body(struct buf *out, const struct azure_ask *ask);
bool principal_take(const struct azure_context *context, const json_t *item);
/* The context's subject is the group. */
bool member_take(const struct azure_context *context, const json_t *item);

#endif
