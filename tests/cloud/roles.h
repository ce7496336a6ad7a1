#ifndef CLOUD_ROLES_H
#define CLOUD_ROLES_H

#include "estate.h"

/* Appends the built-in definitions that the estate does not bring itself;
 * the table must be sorted afterwards. */
void roles_add(struct estate *estate);

#endif
