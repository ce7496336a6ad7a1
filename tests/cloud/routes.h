#ifndef CLOUD_ROUTES_H
#define CLOUD_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "cloud.h"
#include "handlers.h"

enum route_flags {
    ROUTE_OPEN = 1,     /* needs no token, no api-version */
    ROUTE_FILTERED = 2, /* the handler itself checks access, item by item */
    ROUTE_LOCKLESS = 4, /* a lock does not stop it */
    ROUTE_VAULT = 8,    /* only on a vault's own host name ... */
    ROUTE_HSM = 16,     /* ... or on a managed HSM's; others never on these */
    ROUTE_UNNUMBERED = 32, /* a header led there, without api-version */
};

struct route {
    const char *method;
    const char *pattern; /* {} is one segment, {+} any number of leading ones */
    const char *versions; /* separated by spaces; "": any */
    const char *action;   /* NULL: none is needed */
    handler *handle;
    unsigned flags;
};

/* Tables are searched one after the other, each from its start. */
struct route_table {
    const struct route *rows;
    size_t count;
};
extern const struct route_table routes_core, routes_data, routes_governance;

/* The route of the request, whose parts go to call->captures; NULL when there
 * is none. *known tells a wrong method from an unknown path. */
const struct route *route_find(struct call *call, bool *known);

/* The namespaces of Resource Manager that there are routes for, each to true. */
json_t *routes_providers(void);
/* The resource types of one, as Resource Manager lists them. */
json_t *routes_types(const char *provider);

/* Counts a request that went to the route. */
void route_visit(struct cloud *cloud, const struct route *route);
/* Every route to its number of requests: "GET /tenants", and with the host's
 * kind in front "GET //vault/keys" or "GET //hsm/settings". */
json_t *routes_visits(const struct cloud *cloud);

#endif
