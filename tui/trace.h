/* --trace-requests: a line for each request, and at the end how many there
 * were for whom. */
#ifndef TRACE_H
#define TRACE_H

#include "kvgov/session.h"

struct trace;

/* To the file, made new for its owner alone, or to stderr where `path` is "".
 * NULL in *out where `path` is NULL: everything below allows it. The caller
 * ends *out with trace_close(). Fails with KV_BAD_INPUT. */
KV_NODISCARD enum kv_status trace_open(
    struct trace **out, const char *path, struct kv_error *err);
/* Writes the counts. Close the session first: its last requests end there. */
void trace_close(struct trace *trace);

/* Lets a session tell `trace` of its requests. */
void trace_attach(struct trace *trace, struct kv_session_options *options);

/* The line of one request, without its end. */
void trace_put_line(struct buf *out, const struct kv_trace *trace);

#endif
