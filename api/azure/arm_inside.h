/* ARM from the inside: what single calls and batches share. */
#ifndef ARM_INSIDE_H
#define ARM_INSIDE_H

#include "arm.h"

/* What ARM takes in one POST /batch: the portal's own limit. */
#define ARM_BATCH_CALLS 20

/* One call from arm_send() to its answer. It is in the list of its arm all
 * that time, so that the end of the session finds it. */
struct arm_call {
    struct arm *arm;
    struct arm_call *next;
    struct arm_call **link;
    enum http_method method;
    enum auth_audience service;
    char *path;
    char *body;
    size_t body_bytes;
    const char *parts[ARM_BATCH_CALLS]; /* borrowed */
    size_t part_count;
    bool interactive;
    bool repeatable;
    bool once;
    bool refreshed;  /* a new token was already asked for */
    bool throttled;  /* in the batch that was answered last */
    uint8_t travels; /* in batches where it was throttled */
    bool failed;     /* `error` waits for arm_step() */
    struct kv_error error;
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
};

struct arm {
    struct http *http;
    struct auth *auth;
    struct arm_call *calls;
    uint32_t failed;
    uint32_t count;
    bool batches; /* until a batch was refused: it is no documented API */
    struct arm_call *gathered[ARM_BATCH_CALLS];
    size_t gathered_count;
    struct batch *answered; /* whose responses are being taken */
    struct batch *last_answered;
};

void arm_call_end(struct arm_call *call, const struct http_answer *answer);
/* By itself, with a token of its own. */
void arm_call_send(struct arm_call *call);

/* batch.c */
void arm_gather(struct arm_call *call);
void arm_take_answered(struct arm *arm, int64_t deadline_ms);
void arm_drop_answered(struct arm *arm); /* at the end: calls end elsewhere */

#endif
