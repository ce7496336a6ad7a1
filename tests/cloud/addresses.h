#ifndef CLOUD_ADDRESSES_H
#define CLOUD_ADDRESSES_H

#include "cloud.h"

/* Gives the vaults and HSMs of the estate the addresses at which this cloud
 * serves them. Call it once the port is known and before the first request. */
void addresses_move(struct cloud *cloud);

#endif
