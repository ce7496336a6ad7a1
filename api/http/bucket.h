/* A bucket: how many requests a service still takes, which grows again with
 * time. Slowing down by it costs less than being refused. Pure: the time is an
 * argument. */
#ifndef BUCKET_H
#define BUCKET_H

#include "job.h"

/* What Azure counts apart. */
enum bucket_kind {
    BUCKET_READS, /* of Resource Manager, in a subscription or the tenant */
    BUCKET_WRITES,
    BUCKET_DELETES,
    BUCKET_QUERIES, /* of Resource Graph */
    BUCKET_VAULT,
    BUCKET_LOGS, /* queries of Log Analytics */
};
#define BUCKET_KIND_COUNT 6

struct bucket {
    struct bucket *next; /* of the same host */
    enum bucket_kind kind;
    char *scope;                /* a subscription; "" where there is but one */
    int64_t level;              /* thousandths of a request */
    int64_t filled_ms;          /* when that was so */
    int64_t held_until_ms;      /* nothing goes before */
    int64_t renewed_ms;         /* of one with a window: full again */
    bool answered;              /* one has been */
    uint32_t unanswered;        /* that an answer's count may not know of yet */
    struct job_list waiting[2]; /* [interactive]: who found too little */
};

/* Full. */
struct bucket *bucket_new(
    enum bucket_kind kind, struct view scope, int64_t now_ms);
void bucket_free(struct bucket *bucket); /* nobody may wait */

/* Whether `count` requests may go. A tenth is kept for interactive ones, so
 * that a person does not wait for a scan. Where answers tell what is left, the
 * first goes alone. */
bool bucket_has(
    struct bucket *bucket, uint32_t count, bool interactive, int64_t now_ms);
/* From when on they may, if nothing else goes; not before `now_ms`. INT64_MAX:
 * when an answer comes. */
int64_t bucket_due_ms(
    struct bucket *bucket, uint32_t count, bool interactive, int64_t now_ms);

/* Counts requests that go, and that their answer came or never will. */
void bucket_take(struct bucket *bucket, uint32_t count, int64_t now_ms);
void bucket_settle(struct bucket *bucket, uint32_t count);

/* What the service says is so, whatever was believed. */
struct bucket_told {
    int64_t left;      /* requests */
    int64_t resets_ms; /* until all are there again; 0: not told */
};
void bucket_learn(
    struct bucket *bucket, const struct bucket_told *told, int64_t now_ms);
/* The service asked for a pause. */
void bucket_hold(struct bucket *bucket, int64_t until_ms, int64_t now_ms);

/* Forgetting it would change nothing. */
bool bucket_is_full(struct bucket *bucket, int64_t now_ms);

#endif
