/* Microsoft.Authorization: role assignments, role definitions, deny
 * assignments, locks. */
#ifndef AUTHORIZATION_H
#define AUTHORIZATION_H

#include "azure.h"

/* "User", "ServicePrincipal", ... in any casing. */
enum kv_principal_type principal_type_of(struct view text);

bool assignment_take(const struct azure_context *context, const json_t *item);
bool role_take(const struct azure_context *context, const json_t *item);
bool denial_take(const struct azure_context *context, const json_t *item);
bool lock_take(const struct azure_context *context, const json_t *item);

/* The blocks of a role, a deny assignment or a local role of an HSM. */
const struct kv_permission_block *take_permissions(
    struct kv_estate *estate, const json_t *properties, uint32_t *count);

#endif
