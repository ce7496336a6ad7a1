/* Hosts: two priorities, four kinds, one window. */
#include "host.h"

struct host *host_new(const char *origin, uint32_t limit)
{
    struct host *host = mem_alloc(sizeof *host);

    host->origin = mem_copy_text(origin);
    host->limit = limit;
    host->window = limit;
    return host;
}

void host_free(struct host *host)
{
    if (!host)
        return;
    mem_free(host->origin);
    mem_free(host);
}

static struct job_list *queue_of(struct host *host, const struct job *job)
{
    return &host->queues[job->request.interactive][job->kind];
}

void host_queue(struct host *host, struct job *job)
{
    job->state = JOB_QUEUED;
    job_list_append(queue_of(host, job), job);
}

void host_queue_again(struct host *host, struct job *job)
{
    job->state = JOB_QUEUED;
    job_list_insert(queue_of(host, job), job);
}

void host_unqueue(struct host *host, struct job *job)
{
    job_list_remove(queue_of(host, job), job);
}

struct job *host_take(struct host *host, int64_t now_ms)
{
    struct job *oldest = NULL;

    if (host->sent >= host->window)
        return NULL;
    for (int urgent = 1; urgent >= 0 && !oldest; urgent--)
        for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
            struct job *job = host->queues[urgent][kind].first;

            if (!job || host->held_until_ms[kind] > now_ms)
                continue;
            if (!oldest || job->order < oldest->order)
                oldest = job;
        }
    if (oldest)
        host_unqueue(host, oldest);
    return oldest;
}

bool host_hold(struct host *host, const struct host_pause *pause)
{
    bool fresh = false;

    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        int64_t *until_ms = &host->held_until_ms[kind];

        if (!pause->all && kind != (int)pause->kind)
            continue;
        fresh = fresh || *until_ms <= pause->now_ms;
        if (*until_ms < pause->until_ms)
            *until_ms = pause->until_ms;
    }
    return fresh;
}

void host_narrow(struct host *host)
{
    if (host->window > 1)
        host->window /= 2;
}

void host_widen(struct host *host)
{
    if (host->window < host->limit)
        host->window++;
}

int64_t host_due_ms(const struct host *host, int64_t now_ms)
{
    int64_t due_ms = INT64_MAX;

    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        int64_t until_ms = host->held_until_ms[kind];

        if (!host->queues[0][kind].first && !host->queues[1][kind].first)
            continue;
        if (until_ms > now_ms && until_ms < due_ms)
            due_ms = until_ms;
    }
    return due_ms;
}

bool host_is_idle(const struct host *host, int64_t now_ms)
{
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++)
        if (host->held_until_ms[kind] > now_ms)
            return false;
    return host->jobs == 0;
}
