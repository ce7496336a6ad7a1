/* Hosts: two priorities, four kinds, one window, and buckets. */
#include "host.h"

#include "charge.h"

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
    while (host->buckets) {
        struct bucket *bucket = host->buckets;

        host->buckets = bucket->next;
        bucket_free(bucket);
    }
    mem_free(host->origin);
    mem_free(host);
}

struct bucket *host_bucket(
    struct host *host, enum bucket_kind kind, struct view scope, int64_t now_ms)
{
    struct bucket *bucket = host->buckets;

    while (bucket && (bucket->kind != kind ||
                         !view_equal_nocase(view_of(bucket->scope), scope)))
        bucket = bucket->next;
    if (!bucket) {
        bucket = bucket_new(kind, scope, now_ms);
        bucket->next = host->buckets;
        host->buckets = bucket;
    }
    return bucket;
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

static struct job_list *waiting_of(struct bucket *bucket, const struct job *job)
{
    return &bucket->waiting[job->request.interactive];
}

void host_unqueue(struct host *host, struct job *job)
{
    if (job->state == JOB_WAITING) {
        job_list_remove(waiting_of(job->lacking, job), job);
        host->waiting--;
    } else {
        job_list_remove(queue_of(host, job), job);
    }
}

static void host_wait(struct host *host, struct job *job, struct bucket *bucket)
{
    host_unqueue(host, job);
    job->state = JOB_WAITING;
    job->lacking = bucket;
    job_list_insert(waiting_of(bucket, job), job);
    host->waiting++;
}

/* As many as the bucket has enough for; another bucket may stop them again. */
static void wake(struct host *host, struct bucket *bucket, int64_t now_ms)
{
    uint32_t promised = 0;

    for (int urgent = 1; urgent >= 0; urgent--)
        while (bucket->waiting[urgent].first) {
            struct job *job = bucket->waiting[urgent].first;

            promised += charge_of(job, bucket);
            if (!bucket_has(bucket, promised, urgent, now_ms))
                return;
            host_unqueue(host, job);
            host_queue_again(host, job);
        }
}

void host_wake(struct host *host, int64_t now_ms)
{
    for (struct bucket *at = host->buckets; at && host->waiting; at = at->next)
        wake(host, at, now_ms);
}

static struct job *next_of(const struct host *host, int64_t now_ms)
{
    struct job *oldest = NULL;

    for (int urgent = 1; urgent >= 0 && !oldest; urgent--)
        for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
            struct job *job = host->queues[urgent][kind].first;

            if (!job || host->held_until_ms[kind] > now_ms)
                continue;
            if (!oldest || job->order < oldest->order)
                oldest = job;
        }
    return oldest;
}

struct job *host_take(struct host *host, int64_t now_ms)
{
    struct job *job;
    struct bucket *lacking;

    if (host->sent >= host->window)
        return NULL;
    while ((job = next_of(host, now_ms)) != NULL) {
        lacking = charge_missing(job, now_ms);
        if (!lacking) {
            host_unqueue(host, job);
            charge_take(job, now_ms);
            return job;
        }
        host_wait(host, job, lacking);
    }
    return NULL;
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

static int64_t kinds_held_ms(const struct host *host, int64_t now_ms)
{
    int64_t held_ms = INT64_MAX;

    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        int64_t until_ms = host->held_until_ms[kind];

        if (!host->queues[0][kind].first && !host->queues[1][kind].first)
            continue;
        if (until_ms > now_ms && until_ms < held_ms)
            held_ms = until_ms;
    }
    return held_ms;
}

int64_t host_held_ms(const struct host *host, int64_t now_ms)
{
    int64_t held_ms = kinds_held_ms(host, now_ms);

    for (const struct bucket *at = host->buckets; at && host->waiting;
         at = at->next) {
        if (!at->waiting[0].first && !at->waiting[1].first)
            continue;
        if (at->held_until_ms > now_ms && at->held_until_ms < held_ms)
            held_ms = at->held_until_ms;
    }
    return held_ms;
}

/* Of the first who waits: the others come after it. */
static int64_t bucket_first_ms(struct bucket *bucket, int64_t now_ms)
{
    int64_t first_ms = INT64_MAX;

    for (int urgent = 0; urgent < 2; urgent++) {
        const struct job *job = bucket->waiting[urgent].first;
        int64_t due_ms =
            job ? bucket_due_ms(bucket, charge_of(job, bucket), urgent, now_ms)
                : INT64_MAX;

        if (due_ms < first_ms)
            first_ms = due_ms;
    }
    return first_ms;
}

/* With a full window no bucket matters: an answer comes first. Nor does one
 * while a kind is held back: what it lets go may be of that kind. */
int64_t host_due_ms(const struct host *host, int64_t now_ms)
{
    int64_t due_ms = kinds_held_ms(host, now_ms);

    if (host->sent >= host->window || due_ms < INT64_MAX)
        return due_ms;
    for (struct bucket *at = host->buckets; at && host->waiting;
         at = at->next) {
        int64_t first_ms = bucket_first_ms(at, now_ms);

        if (first_ms < due_ms)
            due_ms = first_ms;
    }
    return due_ms;
}

bool host_is_idle(const struct host *host, int64_t now_ms)
{
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++)
        if (host->held_until_ms[kind] > now_ms)
            return false;
    for (struct bucket *at = host->buckets; at; at = at->next)
        if (!bucket_is_full(at, now_ms))
            return false;
    return host->jobs == 0;
}
