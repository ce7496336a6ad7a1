/* The transport: many requests on one curl multi handle, with queueing,
 * retries, throttling and cancellation. The only room that knows libcurl. A
 * token is bound to its origin here, so no caller can send it elsewhere. */
#ifndef HTTP_H
#define HTTP_H

#include "base.h"

/* ---- tokens ---- */

/* A bearer token and the one origin (scheme://host:port) that may see it.
 * Counted; its text is cleansed when the last holder drops it, and no call
 * gives it back. */
struct http_token;

struct http_token *http_token_new(struct view secret, const char *origin);
struct http_token *http_token_hold(struct http_token *token);
void http_token_drop(struct http_token *token); /* NULL is allowed */
const char *http_token_origin(const struct http_token *token);

/* ---- addresses ---- */

/* Writes "https://host:port" (port only when it is not the default), lower
 * case. Fails with KV_BAD_INPUT when `url` is no absolute http(s) address,
 * holds credentials, or is plain http to another host than loopback. */
KV_NODISCARD enum kv_status http_origin(
    struct buf *out, const char *url, struct kv_error *err);
bool http_same_origin(const char *a, const char *b);
/* The same for a service of the machine itself: this host, or 169.254.169.254,
 * which every Azure machine reaches its metadata at; no other passes. */
KV_NODISCARD enum kv_status http_machine_origin(
    struct buf *out, const char *url, struct kv_error *err);

/* ---- requests ---- */

enum http_method {
    HTTP_GET,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
};
const char *http_method_name(enum http_method method);

/* What came back. Views are borrowed for the length of the callback. */
struct http_answer {
    enum kv_status status; /* KV_OK: an HTTP answer came, whatever its code */
    long code;
    struct view body;
    const char *content_type;    /* the header fields, "" when absent */
    const char *location;        /* never followed by the transport */
    const char *async_operation; /* Azure-AsyncOperation */
    const char *request_id;      /* x-ms-request-id */
    const char *www_authenticate;
    const char *network_info; /* x-ms-keyvault-network-info */
    int64_t retry_after_s; /* -1 when absent */
    int64_t date_s;        /* Date header; 0 when absent */
    struct kv_error error; /* when status is not KV_OK */
};

/* Nothing came: an answer that holds only the error. */
struct http_answer http_no_answer(const struct kv_error *err);

/* A header field of the caller's own. */
struct http_field {
    const char *name;
    const char *value; /* without control characters */
};
#define HTTP_FIELD_LIMIT 4

/* How the service counts what it is asked. */
enum http_quota {
    HTTP_QUOTA_NONE,  /* nothing is known of that */
    HTTP_QUOTA_ARM,   /* by subscription and kind; Resource Graph by person */
    HTTP_QUOTA_VAULT, /* by vault */
    HTTP_QUOTA_LOGS,  /* by person */
};

struct http_request {
    enum http_method method;
    const char *url;          /* absolute */
    struct http_token *token; /* NULL: none. A reference is taken */
    const char *content_type; /* NULL without a body */
    struct view body;         /* copied */
    /* Copied, and overwritten after use; a NULL name ends them. */
    struct http_field fields[HTTP_FIELD_LIMIT];
    bool secret_body; /* cleansed after use, never logged */
    bool interactive; /* overtakes what is queued */
    bool repeatable;  /* a POST that only reads */
    bool once;        /* never retried, whatever happens */
    bool machine;     /* to http_machine_origin(), past any proxy */
    enum http_quota quota;
    /* The paths of the GETs inside of a batch, which are counted too. */
    const char *const *parts; /* borrowed for the call */
    size_t part_count;
    uint32_t timeout_ms; /* 0: 60 s */
    uint32_t connect_ms; /* of which to connect; 0: 15 s */
    size_t answer_limit; /* bytes; 0: 64 MiB */
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
};

/* One request that was sent, once it was answered or failed; a retry is one
 * more. Texts are borrowed for the call. */
struct http_trace {
    enum http_method method;
    const char *origin;    /* "" inside of a batch: that of the batch */
    struct view path;      /* without the query, which may hold a signature */
    enum kv_status status; /* KV_OK: an answer came */
    long code;
    const char *error; /* why none came; "" else */
    size_t bytes;      /* of the answer's body */
    int64_t elapsed_ms;
    bool inside; /* one of the calls in the batch that was told of last */
};
typedef void http_trace_fn(void *context, const struct http_trace *trace);

struct http_options {
    const char *user_agent;
    uint32_t per_host;    /* requests in flight at once; 0: 32 */
    uint32_t retries;     /* 0: 4 */
    uint32_t backoff_ms;  /* first wait without Retry-After; 0: 1000 */
    http_trace_fn *trace; /* NULL: nobody wants to know */
    void *trace_context;
};

struct http;

struct http *http_new(const struct http_options *options);
/* Callbacks of what is still there see KV_CANCELLED. NULL is allowed. */
void http_free(struct http *http);

/* Queues a request; `done` is called exactly once, from http_step() or
 * http_free() or http_cancel(), never from here. A token whose origin is not
 * that of the url ends in KV_FOREIGN_HOST without anything being sent.
 * GET, PUT, PATCH, DELETE and repeatable POSTs are retried after 408, 429,
 * 500, 502, 503, 504 and transport errors, at most `retries` times, waiting
 * for Retry-After (capped at 120 s) or 1, 2, 4, 8 s with jitter. Meanwhile a
 * 429, or a quota that is used up, holds back what is counted with it, or
 * without a known quota what is of the same kind (read, query, write, delete)
 * to that host; a 503 holds back everything. Where a quota is known, requests
 * wait before it is used up, background ones first. The last answer is
 * delivered as one, whatever its code. Redirects are answers. */
uint64_t http_start(struct http *http, const struct http_request *request);
void http_cancel(struct http *http, uint64_t id);

/* As poll(2), for the transport's sockets and the caller's descriptors at
 * once; `fds` gets `readable` set. Shortened by the transport's own timers. */
struct http_fd {
    int fd;
    bool readable;
};
void http_wait(
    struct http *http, struct http_fd *fds, size_t count, int timeout_ms);
/* Moves transfers, runs callbacks, starts what is due. */
void http_step(struct http *http);

/* The answer to a GET inside of a batch, which only its sender can take
 * apart. */
struct http_part {
    const char *origin; /* of the batch */
    const char *path;   /* may have its query */
    long code;
    size_t bytes; /* of its body */
    /* Header fields, "" when absent. */
    const char *left; /* x-ms-ratelimit-remaining-subscription-reads */
    const char *retry_after;
};
/* Heeds what it says of the quota, and tells of it. */
void http_take_part(struct http *http, const struct http_part *part);

uint64_t http_sent(const struct http *http);      /* requests, retries too */
uint32_t http_in_flight(const struct http *http); /* queued, sent or waiting */
/* Seconds until the next throttled retry; 0 when none waits. */
uint32_t http_waiting_s(const struct http *http);

#endif
