#ifndef CLOUD_SECURITY_H
#define CLOUD_SECURITY_H

#include "graph_rows.h"

/* What Microsoft.Security knows, for ARM and for Resource Graph alike. */

/* Every plan of a subscription, by its id. */
void security_plans(
    const struct estate *estate, const char *subscription, struct rows *out);
/* The assessments of the vaults at and below a scope. */
void security_assessments(
    const struct estate *estate, const char *scope, struct rows *out);

#endif
