/* How vaults and HSMs refuse: what is missing, in words that say what helps. */
#ifndef PLANE_ERROR_H
#define PLANE_ERROR_H

#include "azure.h"

/* What a refused read needs, put behind "it needs "; false for a refusal that
 * is none of a vault's own. */
bool plane_error_needs(struct buf *out, const struct azure_error *error);

#endif
