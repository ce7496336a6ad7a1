#ifndef CLOUD_PIM_H
#define CLOUD_PIM_H

#include "cloud.h"

/* Privileged Identity Management for Azure resources. */

/* The rules for a role at a scope: Azure's own, and what was changed. */
json_t *pim_rules(
    const struct estate *estate, const char *scope, const char *role);
/* One of them by its id; borrowed from rules. */
json_t *pim_rule(json_t *rules, const char *id);

/* {scope}/providers/Microsoft.Authorization/roleDefinitions/{guid}, as ARM
 * gives it: in a subscription, else at the tenant. */
char *pim_role_id(const char *scope, const char *guid);

/* Scope, role and principal with their names; principal "" leaves it out. */
json_t *pim_expanded(struct call *call, const char *scope, const char *role_id,
    const char *principal_id);

/* Seconds in an ISO 8601 duration of days, hours or the like; 0: none. */
long pim_duration_s(const char *text);

#endif
