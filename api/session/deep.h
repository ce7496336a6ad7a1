/* Reading inside one vault or HSM: a task from its first read to its last.
 * Between the files that share it: deep.c keeps tasks and facets, deep_reads.c
 * knows which read follows which. */
#ifndef DEEP_H
#define DEEP_H

#include "inside.h"

struct deep_task {
    struct deep_task *next;
    struct kv_session *session;
    char *id; /* of the resource; its index may change with the tenant */
    enum kv_kind kind;
    bool interactive;
    uint64_t wanted; /* facets, KV_FACET_BIT added up */
    uint32_t scan;    /* 0: somebody looks at it */
    uint32_t pending; /* reads */
    uint32_t details; /* reads of single objects so far */
    uint64_t asked;   /* bits: reads, from AZURE_KEYS on */
    void (*done)(void *context); /* NULL: nobody waits */
    void *context;
    struct {
        uint32_t pending;    /* reads, and one more while others may follow */
        struct kv_error err; /* of the first that failed; KV_OK: none */
        bool ended;
    } facets[KV_FACET_RESOURCE_COUNT];
};

/* ---- deep.c ---- */

/* Whether the task reads the facet. */
bool deep_wants(const struct deep_task *task, enum kv_facet facet);

/* One more read of a facet. `subject` NULL: the resource. */
struct deep_ask {
    enum azure_read read;
    const char *subject;
    const char *place;
    const char *const *ids;
    size_t id_count;
};
void deep_ask(struct deep_task *task, const struct deep_ask *ask);
/* A facet that waits for another one does not end before its release. */
void deep_hold(struct deep_task *task, enum kv_facet facet);
void deep_release(struct deep_task *task, enum kv_facet facet);
/* The facet cannot be known. */
void deep_refuse(
    struct deep_task *task, enum kv_facet facet, const struct kv_error *err);

/* ---- deep_reads.c ---- */

/* The reads that a task begins with. */
void deep_ask_first(struct deep_task *task);
/* What follows from a read that has ended; `err` NULL: well. */
void deep_follow(struct deep_task *task, const struct reading *reading,
    const struct kv_error *err);
/* What is asked when a facet's reads have ended; true: it has more to do. */
bool deep_complete(struct deep_task *task, enum kv_facet facet);

#endif
