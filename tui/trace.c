/* Requests as lines. What a line says was made harmless by the session: here
 * it is only written down and counted. */
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "heap.h"

/* How often one of Azure's services was asked. */
struct count {
    char *provider;
    uint64_t sent;
    uint64_t inside; /* of batches */
};

struct trace {
    FILE *file;
    struct count *counts; /* in the order of the first request */
    size_t count;
    size_t capacity;
};

/* ---- lines ---- */

void trace_put_line(struct buf *out, const struct kv_trace *trace)
{
    buf_putf(out, "%s%s %s%s ", trace->inside ? "  " : "", trace->method,
        trace->host, *trace->path ? trace->path : "/");
    if (*trace->failure)
        buf_putf(out, "failed: %s", trace->failure);
    else
        buf_putf(out, "%ld", trace->code);
    buf_putf(out, ", %zu bytes", trace->bytes);
    if (!trace->inside)
        buf_putf(out, ", %lld ms", (long long)trace->elapsed_ms);
}

static struct count *count_of(struct trace *trace, const char *provider)
{
    struct count *count;

    for (size_t i = 0; i < trace->count; i++)
        if (text_equal_nocase(trace->counts[i].provider, provider))
            return &trace->counts[i];
    trace->counts = heap_grow(
        trace->counts, trace->count, &trace->capacity, sizeof(*trace->counts));
    count = &trace->counts[trace->count++];
    *count = (struct count){ .provider = heap_copy(provider) };
    return count;
}

static void take(void *context, const struct kv_trace *request)
{
    struct trace *trace = context;
    struct count *count = count_of(trace, request->provider);
    struct buf line = { .limit = 16384 };

    if (request->inside)
        count->inside++;
    else
        count->sent++;
    trace_put_line(&line, request);
    fprintf(trace->file, "%s\n", buf_text(&line));
    buf_done(&line);
}

/* ---- counts ---- */

static void write_counts(const struct trace *trace)
{
    uint64_t sent = 0;

    for (size_t i = 0; i < trace->count; i++)
        sent += trace->counts[i].sent;
    fprintf(trace->file, "%llu requests\n", (unsigned long long)sent);
    for (size_t i = 0; i < trace->count; i++) {
        const struct count *count = &trace->counts[i];

        fprintf(trace->file, "%8llu  %s", (unsigned long long)count->sent,
            count->provider);
        if (count->inside)
            fprintf(trace->file, ", and %llu inside of batches",
                (unsigned long long)count->inside);
        fputc('\n', trace->file);
    }
}

/* ---- both ends ---- */

/* A link in its place would have another file overwritten. */
static FILE *open_file(const char *path)
{
    int fd = open(path,
        O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    if (fd >= 0 && !file)
        close(fd);
    return file;
}

enum kv_status trace_open(
    struct trace **out, const char *path, struct kv_error *err)
{
    struct trace *trace;
    FILE *file = stderr;

    *out = NULL;
    if (!path)
        return KV_OK;
    if (*path)
        file = open_file(path);
    if (!file)
        return kv_error_set(err, KV_BAD_INPUT,
            "%s cannot be written: %s; name another file with "
            "--trace-requests=FILE",
            path, strerror(errno));
    setvbuf(file, NULL, _IOLBF, BUFSIZ);
    trace = heap_new(sizeof(*trace));
    trace->file = file;
    *out = trace;
    return KV_OK;
}

void trace_close(struct trace *trace)
{
    if (!trace)
        return;
    write_counts(trace);
    if (trace->file != stderr)
        fclose(trace->file);
    for (size_t i = 0; i < trace->count; i++)
        heap_free(trace->counts[i].provider);
    heap_free(trace->counts);
    heap_free(trace);
}

void trace_attach(struct trace *trace, struct kv_session_options *options)
{
    if (!trace)
        return;
    options->trace = take;
    options->trace_context = trace;
}
