/* Microsoft Graph v1.0: names of principals, members of groups,
 * applications, Conditional Access. */
#ifndef MSGRAPH_H
#define MSGRAPH_H

#include "azure.h"

void principals_body(struct buf *out, const struct azure_ask *ask);
bool principal_take(const struct azure_context *context, const json_t *item);
/* App registrations of this tenant. Writes the subject of AZURE_APPLICATIONS:
 * a few of them by application id, at most AZURE_APPLICATION_IDS. */
void applications_subject(
    struct buf *out, const char *const *ids, size_t count);
bool application_take(const struct azure_context *context, const json_t *item);
bool conditional_access_take(
    const struct azure_context *context, const json_t *item);
/* The context's subject is the group. */
bool member_take(const struct azure_context *context, const json_t *item);

#endif
