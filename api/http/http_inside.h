/* The inside of the transport, for the two files that share it: http.c starts
 * and cancels jobs, flow.c moves them. */
#ifndef HTTP_INSIDE_H
#define HTTP_INSIDE_H

#include "host.h"
#include "job.h"
#include "transfer.h"

struct http {
    CURLM *multi;
    char *user_agent;
    char *ca_file; /* NULL: the system's */
    char *ca_dir;
    struct transfer_settings settings;
    struct transfer_pool pool;
    uint32_t per_host;
    uint32_t retries;
    uint32_t backoff_ms;
    http_trace_fn *trace; /* NULL: none */
    void *trace_context;
    unsigned short dice[3]; /* nrand48's state; jitter needs no secrecy */

    struct job_table jobs;
    struct job_list refused;
    struct job_list resting;
    struct host *hosts;
    uint32_t host_count;
    uint32_t on_wire;
    uint64_t sent;
    bool unfinished; /* the last step stopped at the end of its slice */
    bool wanted;     /* something was queued since the last step */

    struct curl_waitfd *waits;
    size_t wait_capacity;
};

/* Takes a job out of whatever holds it. */
void http_withdraw(struct http *http, struct job *job);
/* The last thing that happens to a withdrawn job: its callback. */
void http_deliver(
    struct http *http, struct job *job, const struct http_answer *answer);
/* Tells of a try that has ended. */
void http_tell(const struct http *http, const struct job *job,
    const struct http_answer *answer);
void http_tell_part(const struct http *http, const struct http_part *part);

#endif
