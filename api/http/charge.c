/* Charges: Resource Manager counts by subscription and kind, Resource Graph by
 * person, a vault all that comes. Whether it counts what is inside of a batch
 * is not documented; that it does is the safe belief. */
#include "charge.h"

#include "address.h"

#include <string.h>

#define SUBSCRIPTIONS "/subscriptions/"
#define RESOURCE_GRAPH "/providers/Microsoft.ResourceGraph/"

/* "" is the tenant. */
static struct view subscription_of(struct view path)
{
    struct view none = { NULL, 0 };

    if (!view_starts_nocase(path, view_of(SUBSCRIPTIONS)))
        return none;
    path.data += strlen(SUBSCRIPTIONS);
    path.size -= strlen(SUBSCRIPTIONS);
    return view_cut(&path, '/');
}

static enum bucket_kind kind_of(const struct job *job)
{
    static const enum bucket_kind kinds[JOB_KIND_COUNT] = {
        [JOB_READ] = BUCKET_READS,
        [JOB_QUERY] = BUCKET_WRITES,
        [JOB_WRITE] = BUCKET_WRITES,
        [JOB_DELETE] = BUCKET_DELETES,
    };

    return kinds[job->kind];
}

static void add(struct job *job, struct bucket *bucket)
{
    for (size_t i = 0; i < job->cost_count; i++)
        if (job->costs[i].bucket == bucket) {
            job->costs[i].count++;
            return;
        }
    job->costs = mem_grow(
        job->costs, job->cost_count, &job->cost_capacity, sizeof *job->costs);
    job->costs[job->cost_count++] = (struct job_cost){ bucket, 1 };
}

static struct bucket *own_of(struct job *job, int64_t now_ms)
{
    struct view path = address_path(job->request.url);
    struct view none = { NULL, 0 };

    switch (job->request.quota) {
    case HTTP_QUOTA_NONE:
        return NULL;
    case HTTP_QUOTA_VAULT:
        return host_bucket(job->host, BUCKET_VAULT, none, now_ms);
    case HTTP_QUOTA_LOGS:
        return host_bucket(job->host, BUCKET_LOGS, none, now_ms);
    case HTTP_QUOTA_ARM:
        break;
    }
    if (view_starts_nocase(path, view_of(RESOURCE_GRAPH)))
        return host_bucket(job->host, BUCKET_QUERIES, none, now_ms);
    return host_bucket(job->host, kind_of(job), subscription_of(path), now_ms);
}

struct bucket *charge_part(struct host *host, const char *path, int64_t now_ms)
{
    return host_bucket(
        host, BUCKET_READS, subscription_of(view_of(path)), now_ms);
}

void charge_set(struct job *job, int64_t now_ms)
{
    struct bucket *own = own_of(job, now_ms);

    if (!own)
        return;
    add(job, own);
    for (size_t i = 0; i < job->request.part_count; i++)
        add(job, charge_part(job->host, job->request.parts[i], now_ms));
}

void charge_take(struct job *job, int64_t now_ms)
{
    for (size_t i = 0; i < job->cost_count; i++)
        bucket_take(job->costs[i].bucket, job->costs[i].count, now_ms);
}

void charge_settle(struct job *job)
{
    for (size_t i = 0; i < job->cost_count; i++)
        bucket_settle(job->costs[i].bucket, job->costs[i].count);
}

struct bucket *charge_missing(const struct job *job, int64_t now_ms)
{
    for (size_t i = 0; i < job->cost_count; i++)
        if (!bucket_has(job->costs[i].bucket, job->costs[i].count,
                job->request.interactive, now_ms))
            return job->costs[i].bucket;
    return NULL;
}

uint32_t charge_of(const struct job *job, const struct bucket *bucket)
{
    for (size_t i = 0; i < job->cost_count; i++)
        if (job->costs[i].bucket == bucket)
            return job->costs[i].count;
    return 0;
}

struct bucket *charge_own(const struct job *job)
{
    return job->cost_count > 0 ? job->costs[0].bucket : NULL;
}
