/* A host: what waits for it, how much may be on the wire at once, and until
 * when it asked to be left alone. */
#ifndef HOST_H
#define HOST_H

#include "bucket.h"

struct host {
    char *origin;
    struct host *next;
    struct job_list queues[2][JOB_KIND_COUNT]; /* [interactive][kind] */
    int64_t held_until_ms[JOB_KIND_COUNT];
    uint32_t jobs;   /* queued, sent or resting */
    uint32_t sent;   /* on the wire */
    uint32_t window; /* of which there may be this many, */
    uint32_t limit;  /* and never more than this */
    struct bucket *buckets;
    uint32_t waiting; /* jobs, for buckets */
};

struct host *host_new(const char *origin, uint32_t limit);
void host_free(struct host *host); /* NULL is allowed */

void host_queue(struct host *host, struct job *job);
/* A try that is due again goes before what is younger. */
void host_queue_again(struct host *host, struct job *job);
void host_unqueue(struct host *host, struct job *job);

/* The bucket of that kind and scope, made where there is none. */
struct bucket *host_bucket(struct host *host, enum bucket_kind kind,
    struct view scope, int64_t now_ms);

/* Queues whoever waits for a bucket that has enough again. */
void host_wake(struct host *host, int64_t now_ms);

/* Takes the job that should be sent now out of its queue, and what it costs out
 * of its buckets: interactive ones first, then the oldest of a kind that is not
 * held back. What finds too little in a bucket waits there. NULL when there is
 * none or the window is full. */
struct job *host_take(struct host *host, int64_t now_ms);

/* The service asked for a pause. */
struct host_pause {
    enum job_kind kind;
    bool all; /* every kind, not only that one */
    int64_t now_ms;
    int64_t until_ms;
};
/* Holds back what the pause is for. Says whether that is news: several answers
 * may announce the same pause. */
bool host_hold(struct host *host, const struct host_pause *pause);

/* The window halves when the service is short of something, and widens by one
 * with every answer that it gave willingly. */
void host_narrow(struct host *host);
void host_widen(struct host *host);

/* When a pause ends that the service asked for and that jobs wait for;
 * INT64_MAX when there is none. */
int64_t host_held_ms(const struct host *host, int64_t now_ms);
/* When something can go that is held back now, by a pause or by a bucket;
 * INT64_MAX when there is none. */
int64_t host_due_ms(const struct host *host, int64_t now_ms);
/* Nothing would be lost by forgetting it. */
bool host_is_idle(const struct host *host, int64_t now_ms);

#endif
