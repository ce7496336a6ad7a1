#ifndef CLOUD_CLOUD_H
#define CLOUD_CLOUD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include "buffer.h"
#include "estate.h"

struct access;
struct faults;
struct graph;
struct identity;
struct limits;
struct machine;

/* A long-running operation of a managed HSM. */
struct operation {
    char *id;
    char *item_id;      /* what is being changed */
    long long ready_ms; /* monotonic; 0: only polls bring it on */
    long polls_left;
    struct item *before; /* what a failing one goes back to; or NULL */
    bool fails;
    bool done;
};

/* Everything that one running cloud knows; the server is single-threaded, so
 * nothing here is locked. */
struct cloud {
    struct estate estate;
    struct access *access;
    struct identity *identity;
    struct faults *faults;
    struct limits *limits;
    struct machine *machine;
    struct graph *graph;
    struct operation *operations;
    size_t operation_count;
    json_t *counts; /* "GET Microsoft.KeyVault" to number of requests */
    json_t *visits; /* the name of a route to the number of its requests */
    char *origin;   /* http://127.0.0.1:PORT, or https with TLS */
    char *suffix;   /* of NAME.vault.SUFFIX and its like */
    unsigned port;
    bool tls;
    bool suffix_told; /* /metadata/endpoints names it */
    size_t page_size;
    long latency_ms;
    FILE *log;
};

/* What faults do to one request; see faults.h. */
#define EFFECT_LIMIT 32
struct effect {
    bool on;
    double number;
    double retry_after; /* seconds; 0: no such header */
    char text[200];
};

struct parameter {
    char *name;
    char *value;
};

struct header {
    char *name;
    char *value;
};

#define CAPTURE_LIMIT 8

/* Which of Azure's services a request is for; see service.h. */
enum service {
    SERVICE_ARM, /* and sign-in, which needs no token */
    SERVICE_VAULT,
    SERVICE_HSM,
    SERVICE_GRAPH,
    SERVICE_LOGS,
};
#define SERVICE_COUNT 5

/* One request and the answer that grows for it. */
struct call {
    struct cloud *cloud;
    char *method;
    char *path;   /* decoded, without a trailing slash */
    char *target; /* path and query as they came */
    char *link;   /* the same without a skip token, for nextLink */
    struct parameter *query;
    size_t query_count;
    struct buffer body;
    char *authorization;
    struct header *asked; /* the request's headers */
    size_t asked_count;
    char *origin; /* this service as the caller names it; for links */
    enum service service;
    char *vault;                   /* NAME of the vault or HSM, or NULL */
    json_t *principal;             /* who asks; borrowed, NULL before sign-in */
    char *captures[CAPTURE_LIMIT]; /* what the route's {parts} matched */
    struct effect effects[EFFECT_LIMIT];

    unsigned status;
    struct buffer answer;
    struct header *headers;
    size_t header_count;
};

/* The value of a query parameter, in any case of its name, or NULL. */
const char *call_query(const struct call *call, const char *name);
/* A header of the request, in any case of its name, or NULL. */
const char *call_asked(const struct call *call, const char *name);
const char *call_object_id(const struct call *call);
/* Parses the body; answers 400 and returns NULL when it is not an object. */
json_t *call_json(struct call *call);
bool call_is(const struct call *call, const char *method);
void call_done(struct call *call);

void call_header(struct call *call, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void call_drop_header(struct call *call, const char *name);
/* Each of these completes the answer. */
void answer_json(struct call *call, unsigned status, json_t *body); /* takes */
void answer_item(struct call *call, unsigned status, const struct item *item);
void answer_empty(struct call *call, unsigned status);
void answer_error(struct call *call, unsigned status, const char *code,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A random version 4 guid; the caller frees it. */
char *guid_new(void);
/* 64 hexadecimal digits that nobody can guess; likewise. */
char *secret_new(void);
/* Seconds since 1970 as YYYY-MM-DDTHH:MM:SSZ, and as now with fractions. */
void time_text(time_t when, char out[32]);
void time_now_text(char out[40]);
long long time_monotonic_ms(void);

#endif
