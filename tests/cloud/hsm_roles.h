#ifndef CLOUD_HSM_ROLES_H
#define CLOUD_HSM_ROLES_H

#include "cloud.h"

/* Local RBAC of a managed HSM: its assignments lie in the estate's dataPlane
 * under the HSM's name, as "roleAssignments" of name, scope, role (a guid) and
 * principalId. */

/* Whether the caller has the data action at "/", "/keys" or "/keys/{name}". */
bool hsm_roles_allow(struct call *call, const char *scope, const char *action);

/* A member of the HSM's own part of dataPlane, made if need be; takes fresh. */
json_t *hsm_member(struct call *call, const char *name, json_t *fresh);

#endif
