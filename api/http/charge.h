/* Which buckets a request draws from. */
#ifndef CHARGE_H
#define CHARGE_H

#include "host.h"

/* By its address and what is in it. The job's host must be known. */
void charge_set(struct job *job, int64_t now_ms);

/* Once the job was sent, and once that try has ended. */
void charge_take(struct job *job, int64_t now_ms);
void charge_settle(struct job *job);

/* The first bucket that has too little for it; NULL: it may go. */
struct bucket *charge_missing(const struct job *job, int64_t now_ms);
/* How much it takes of a bucket. */
uint32_t charge_of(const struct job *job, const struct bucket *bucket);

/* The bucket of its own, not those of what is inside; NULL: none. */
struct bucket *charge_own(const struct job *job);

/* The bucket of a GET inside of a batch. */
struct bucket *charge_part(struct host *host, const char *path, int64_t now_ms);

#endif
