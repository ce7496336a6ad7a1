/* Buckets. Sizes are facts of the services, but only where to begin: what their
 * answers say counts. */
#include "bucket.h"

#define WHOLE 1000 /* thousandths */
#define RESERVE 10 /* the part of a bucket that is kept back */

struct bucket_row {
    int64_t size;      /* requests */
    int64_t refill;    /* a second; as many thousandths a millisecond */
    int64_t window_ms; /* else it is full again after so long a rest */
    bool told;         /* answers tell how much is left */
};

/* Azure Resource Manager, request limits and throttling; Resource Graph,
 * guidance for throttled requests: 15 queries in 5 s; Log Analytics: 200
 * queries in 30 s. A vault takes 4,000 in 10 s from all who use it: a small
 * part of that is ours, so that no application is throttled because somebody
 * looks. */
static const struct bucket_row rows[BUCKET_KIND_COUNT] = {
    [BUCKET_READS] = { .size = 250, .refill = 25, .told = true },
    [BUCKET_WRITES] = { .size = 200, .refill = 10, .told = true },
    [BUCKET_DELETES] = { .size = 200, .refill = 10, .told = true },
    [BUCKET_QUERIES] = { .size = 15, .window_ms = 5000, .told = true },
    [BUCKET_VAULT] = { .size = 100, .refill = 10 },
    [BUCKET_LOGS] = { .size = 200, .refill = 6 },
};

struct bucket *bucket_new(
    enum bucket_kind kind, struct view scope, int64_t now_ms)
{
    struct bucket *bucket = mem_alloc(sizeof *bucket);

    bucket->kind = kind;
    bucket->scope = mem_copy_view(scope);
    bucket->level = rows[kind].size * WHOLE;
    bucket->filled_ms = now_ms;
    return bucket;
}

void bucket_free(struct bucket *bucket)
{
    if (!bucket)
        return;
    mem_free(bucket->scope);
    mem_free(bucket);
}

/* A service may have told of more than the bucket's size: that is kept. */
static void fill(struct bucket *bucket, int64_t now_ms)
{
    const struct bucket_row *row = &rows[bucket->kind];
    int64_t full = row->size * WHOLE;

    if (now_ms <= bucket->filled_ms)
        return;
    if (row->window_ms) {
        if (now_ms >= bucket->renewed_ms && bucket->level < full)
            bucket->level = full;
    } else if (bucket->level < full) {
        bucket->level += (now_ms - bucket->filled_ms) * row->refill;
        if (bucket->level > full)
            bucket->level = full;
    }
    bucket->filled_ms = now_ms;
}

/* What must be in it for `count` to go. More than it ever holds must not wait
 * for ever. */
static int64_t needed(
    const struct bucket *bucket, uint32_t count, bool interactive)
{
    int64_t size = rows[bucket->kind].size;
    int64_t wanted = count;

    if (!interactive)
        wanted += (size + RESERVE - 1) / RESERVE;
    return (wanted < size ? wanted : size) * WHOLE;
}

/* The first goes alone: its answer tells how many may. */
static bool asks_first(const struct bucket *bucket, bool interactive)
{
    return rows[bucket->kind].told && !bucket->answered &&
           bucket->unanswered > 0 && !interactive;
}

bool bucket_has(
    struct bucket *bucket, uint32_t count, bool interactive, int64_t now_ms)
{
    fill(bucket, now_ms);
    if (asks_first(bucket, interactive))
        return false;
    return bucket->held_until_ms <= now_ms &&
           bucket->level >= needed(bucket, count, interactive);
}

int64_t bucket_due_ms(
    struct bucket *bucket, uint32_t count, bool interactive, int64_t now_ms)
{
    const struct bucket_row *row = &rows[bucket->kind];
    int64_t due_ms = now_ms;
    int64_t missing;

    fill(bucket, now_ms);
    if (asks_first(bucket, interactive))
        return INT64_MAX;
    missing = needed(bucket, count, interactive) - bucket->level;
    if (missing > 0 && row->window_ms)
        due_ms = bucket->renewed_ms;
    else if (missing > 0)
        due_ms += (missing + row->refill - 1) / row->refill;
    return due_ms > bucket->held_until_ms ? due_ms : bucket->held_until_ms;
}

void bucket_take(struct bucket *bucket, uint32_t count, int64_t now_ms)
{
    fill(bucket, now_ms);
    bucket->level -= (int64_t)count * WHOLE;
    bucket->unanswered += count;
    bucket->renewed_ms = now_ms + rows[bucket->kind].window_ms;
}

void bucket_settle(struct bucket *bucket, uint32_t count)
{
    bucket->unanswered -= count;
    bucket->answered = true;
}

void bucket_learn(
    struct bucket *bucket, const struct bucket_told *told, int64_t now_ms)
{
    int64_t left = told->left - bucket->unanswered;

    fill(bucket, now_ms);
    bucket->answered = true;
    bucket->level = left > 0 ? left * WHOLE : 0;
    bucket->renewed_ms =
        now_ms +
        (told->resets_ms > 0 ? told->resets_ms : rows[bucket->kind].window_ms);
}

void bucket_hold(struct bucket *bucket, int64_t until_ms, int64_t now_ms)
{
    fill(bucket, now_ms);
    bucket->level = 0;
    if (bucket->held_until_ms < until_ms)
        bucket->held_until_ms = until_ms;
}

bool bucket_is_full(struct bucket *bucket, int64_t now_ms)
{
    fill(bucket, now_ms);
    return bucket->held_until_ms <= now_ms &&
           bucket->level >= rows[bucket->kind].size * WHOLE;
}
