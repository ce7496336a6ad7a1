/* Vaults and managed HSMs themselves, each on its own host. What would answer
 * with a secret's value or a key's material has no row in the table of reads;
 * what changes something is sent for a confirmed plan only. */
#ifndef DATAPLANE_H
#define DATAPLANE_H

#include "auth.h"
#include "http.h"

struct dataplane;

struct dataplane_request {
    enum auth_audience service; /* AUTH_VAULT or AUTH_HSM */
    enum http_method method;
    const char *url;  /* absolute */
    struct view body; /* JSON; copied */
    bool interactive;
    bool once; /* a write: never sent twice by the transport */
    /* Called exactly once, later. A host that is not a vault or HSM of this
     * cloud, and one that asks for a token for somebody else, give
     * KV_FOREIGN_HOST; the first is sent nothing at all. */
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
};

/* Borrows both, which must outlive it. */
struct dataplane *dataplane_new(struct http *http, struct auth *auth);
/* What is still waiting sees KV_CANCELLED. End the transport first. */
void dataplane_free(struct dataplane *plane); /* NULL is allowed */

/* The first request to a host goes without a token: the host's challenge is
 * checked, then remembered for the host. A later 401 is heeded once. */
void dataplane_send(
    struct dataplane *plane, const struct dataplane_request *request);
/* Calls back what failed before it could be sent. */
void dataplane_step(struct dataplane *plane);
bool dataplane_busy(const struct dataplane *plane);

#endif
