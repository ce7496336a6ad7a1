/* Calls to Azure Resource Manager and to the services beside it: the token, the
 * host and one new try after a 401, for every read and write. */
#ifndef ARM_H
#define ARM_H

#include "auth.h"
#include "http.h"

struct arm;

struct arm_request {
    enum http_method method;
    enum auth_audience service; /* AUTH_ARM unless another is meant */
    const char *path; /* "/subscriptions...", or a whole address of its own */
    struct view body; /* JSON; copied */
    bool interactive;
    bool repeatable; /* a POST that only reads */
    bool once;       /* a write: never sent twice by the transport */
    bool batch;      /* a GET that may travel with others */
    /* Of a batch: the paths of its calls, which must outlive it. */
    const char *const *parts;
    size_t part_count;
    /* Called exactly once, later; a foreign address gives KV_FOREIGN_HOST. */
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
};

/* Borrows both, which must outlive it. */
struct arm *arm_new(struct http *http, struct auth *auth);
/* What is still waiting sees KV_CANCELLED. End the transport first. */
void arm_free(struct arm *arm);

void arm_send(struct arm *arm, const struct arm_request *request);
/* Where a service of this cloud is: "https://graph.microsoft.com". */
const char *arm_origin(const struct arm *arm, enum auth_audience service);
/* Calls back what failed before it could be sent, and until the deadline what
 * the answers to batches hold; the rest is left to the next step. */
void arm_step(struct arm *arm, int64_t deadline_ms);
bool arm_has_work(const struct arm *arm);
/* Sends what still waits for company, unless much is under way; at the end of
 * a slice of work. */
void arm_flush(struct arm *arm);
bool arm_busy(const struct arm *arm);

#endif
