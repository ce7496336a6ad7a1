/* Microsoft.Network: private endpoints with their DNS, and network security
 * perimeters. */
#ifndef NETWORK_H
#define NETWORK_H

#include "azure.h"

/* A row for each vault or HSM that an endpoint leads to. */
bool endpoint_take(const struct azure_context *context, const json_t *item);
/* The zone groups of the endpoint that is the subject. */
bool zone_groups_take_all(
    const struct azure_context *context, const json_t *items);
/* The same where they were not readable: `dns` says why. */
void zone_groups_fail(struct kv_estate *estate, const char *endpoint_id,
    struct kv_facet_status dns);
/* Appends the subject of AZURE_ZONE_GROUPS; false for an id that is none of a
 * private endpoint. */
bool zone_groups_subject(struct buf *out, struct view endpoint_id);

bool perimeter_take(const struct azure_context *context, const json_t *item);

#endif
