/* A job: one request from http_start() to its callback, with the lists and the
 * table that jobs are kept in. */
#ifndef JOB_H
#define JOB_H

#include "http.h"

struct bucket;
struct host;
struct transfer;

/* In which hands a job is; for all but the sent, also in which list. */
enum job_state {
    JOB_REFUSED, /* never to be sent; waits for its callback */
    JOB_QUEUED,  /* in its host's queue */
    JOB_WAITING, /* for a bucket to fill */
    JOB_SENT,    /* libcurl has it */
    JOB_RESTING, /* until the next try */
};

/* Azure counts these apart, so one that is throttled holds back its own kind
 * only (Azure Resource Manager, request limits and throttling). */
enum job_kind {
    JOB_READ,
    JOB_QUERY, /* a POST that only reads */
    JOB_WRITE,
    JOB_DELETE,
};
#define JOB_KIND_COUNT 4

/* What a job takes of a bucket of its host. */
struct job_cost {
    struct bucket *bucket;
    uint32_t count;
};

struct job {
    uint64_t id;
    uint64_t order; /* of asking; an older job goes first */
    enum job_state state;
    enum job_kind kind;
    struct http_request request;    /* url, content_type and body are ours */
    char *fields[HTTP_FIELD_LIMIT]; /* "Name: value"; NULL after the last */
    struct host *host;              /* NULL when refused */
    struct job_cost *costs;         /* the first is the job's own */
    size_t cost_count;
    size_t cost_capacity;
    struct bucket *lacking;    /* while waiting */
    struct transfer *transfer; /* while sent */
    struct kv_error *refusal;  /* while refused */
    uint32_t tries;
    bool throttled; /* rests because of a 429 or 503 */
    int64_t due_ms; /* while resting */
    struct job *previous;
    struct job *next;
};

struct job *job_new(const struct http_request *request);
void job_free(struct job *job); /* NULL is allowed */
/* Whether each field is one line. */
bool job_fields_are_plain(const struct job *job);

struct job_list {
    struct job *first;
    struct job *last;
};

void job_list_append(struct job_list *list, struct job *job);
/* Before the first that is younger, as `order` says. */
void job_list_insert(struct job_list *list, struct job *job);
void job_list_remove(struct job_list *list, struct job *job);

/* All jobs by id. An id is a place and how often that place was given out, so
 * the id of a job that ended finds nothing, at no cost. */
struct job_place;
struct job_table {
    struct job_place *places;
    size_t count;
    size_t capacity;
    uint32_t free; /* number of the first free place; 0 none */
    uint32_t jobs;
    uint64_t asked; /* jobs ever */
};

/* Gives the job its id and its order. */
void job_table_add(struct job_table *table, struct job *job);
struct job *job_table_find(const struct job_table *table, uint64_t id);
void job_table_remove(struct job_table *table, struct job *job);
struct job *job_table_any(const struct job_table *table); /* NULL when empty */
void job_table_done(struct job_table *table);

#endif
