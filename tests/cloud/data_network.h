#ifndef CLOUD_DATA_NETWORK_H
#define CLOUD_DATA_NETWORK_H

#include "cloud.h"

/* Whether the vault's firewall, its perimeter or a private link lets the
 * caller in; otherwise answers the 403 that the service has for it. */
bool network_open(struct call *call, const struct item *vault);

#endif
