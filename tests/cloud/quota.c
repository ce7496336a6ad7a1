/* Throttling by token buckets. */
#include "quota.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

/* Resource Manager's, per caller and subscription or tenant; all callers of a
 * subscription together have GLOBAL times as much. A vault's, per vault. What
 * Graph knows of Conditional Access, per tenant, whoever asks. */
#define GLOBAL 15

enum operation_kind {
    OPERATION_READ,
    OPERATION_WRITE,
    OPERATION_DELETE,
    OPERATION_VAULT,
    OPERATION_ACCESS,
};

static const struct {
    const char *name; /* in headers */
    double size;
    double refill; /* a second */
} limit_rows[] = {
    [OPERATION_READ] = { "reads", 250, 25 },
    [OPERATION_WRITE] = { "writes", 200, 10 },
    [OPERATION_DELETE] = { "deletes", 200, 10 },
    [OPERATION_VAULT] = { "transactions", 4000, 400 },
    [OPERATION_ACCESS] = { "requests", 1, 1 },
};

struct bucket {
    double left;
    long long filled_ms; /* monotonic */
};

struct limits {
    json_t *index; /* key to position */
    struct bucket *buckets;
    size_t count;
};

struct limits *limits_new(void)
{
    struct limits *limits = alloc_zero(1, sizeof *limits);

    limits->index = json_object();
    return limits;
}

void limits_free(struct limits *limits)
{
    if (!limits)
        return;
    json_decref(limits->index);
    free(limits->buckets);
    free(limits);
}

static enum operation_kind call_kind(const struct call *call)
{
    if (call->service == SERVICE_VAULT)
        return OPERATION_VAULT;
    if (call->service == SERVICE_GRAPH)
        return OPERATION_ACCESS;
    if (call_is(call, "GET") || call_is(call, "HEAD"))
        return OPERATION_READ;
    return call_is(call, "DELETE") ? OPERATION_DELETE : OPERATION_WRITE;
}

static bool limits_apply(const struct call *call)
{
    return call->effects[FAULT_LIMITS].on &&
           (call->service == SERVICE_ARM || call->service == SERVICE_VAULT ||
               text_holds(call->path, "/conditionalAccess/"));
}

/* The subscription, the vault, or the tenant where it is neither. */
static char *call_scope(const struct call *call)
{
    char *key;
    char *subscription;

    if (call->vault)
        return alloc_text(call->vault);
    key = alloc_lower(call->path);
    subscription = id_subscription(key);
    free(key);
    return subscription;
}

/* The bucket, filled up to now; `times` is how many of it there are in one. */
static struct bucket *bucket_find(
    struct call *call, const char *who, const char *scope, double times)
{
    struct limits *limits = call->cloud->limits;
    enum operation_kind kind = call_kind(call);
    double scale = call->effects[FAULT_LIMITS].number * times;
    double size = fmax(1, limit_rows[kind].size * scale);
    long long now_ms = time_monotonic_ms();
    char *key = alloc_format("%s %s %s", who, scope, limit_rows[kind].name);
    json_t *known = json_object_get(limits->index, key);
    struct bucket *bucket;

    if (!known) {
        limits->buckets = alloc_grow(
            limits->buckets, limits->count + 1, sizeof *limits->buckets);
        limits->buckets[limits->count] = (struct bucket){
            .left = size,
            .filled_ms = now_ms,
        };
        known = json_integer((json_int_t)limits->count++);
        json_object_set_new(limits->index, key, known);
    }
    free(key);
    bucket = &limits->buckets[json_integer_value(known)];
    bucket->left =
        fmin(size, bucket->left + (double)(now_ms - bucket->filled_ms) / 1000 *
                                      limit_rows[kind].refill * scale);
    bucket->filled_ms = now_ms;
    return bucket;
}

static double bucket_wait_s(const struct call *call, const struct bucket *empty)
{
    double refill =
        limit_rows[call_kind(call)].refill * call->effects[FAULT_LIMITS].number;

    return refill > 0 ? fmax(1, ceil((1 - empty->left) / refill)) : 3600;
}

static void answer_limit(struct call *call, const struct bucket *empty)
{
    if (call->service == SERVICE_VAULT) /* without Retry-After, as documented */
        answer_error(call, 429, "Throttled",
            "Request was not processed because too many requests were "
            "received. Reason: VaultRequestTypeLimitReached");
    else if (call->service == SERVICE_GRAPH)
        answer_error(call, 429, "TooManyRequests", "Too many requests.");
    else
        answer_error(call, 429, "SubscriptionRequestsThrottled",
            "Number of requests exceeded the limit for operation type %s. "
            "Please try again after the time in the Retry-After header.",
            limit_rows[call_kind(call)].name);
    if (call->service == SERVICE_ARM)
        call_header(call, "Retry-After", "%.0f", bucket_wait_s(call, empty));
}

bool limits_take(struct call *call)
{
    char *scope;
    struct bucket *own;
    struct bucket *all = NULL;

    if (!limits_apply(call))
        return true;
    scope = call_scope(call);
    /* Making the second bucket would move the first one. */
    if (scope && !call->vault)
        bucket_find(call, "*", scope, GLOBAL);
    own = bucket_find(call,
        call->service == SERVICE_ARM ? call_object_id(call) : "*",
        scope ? scope : "tenant", 1);
    if (scope && !call->vault)
        all = bucket_find(call, "*", scope, GLOBAL);
    free(scope);
    if (own->left < 1 || (all && all->left < 1)) {
        answer_limit(call, own->left < 1 ? own : all);
        return false;
    }
    own->left -= 1;
    if (all)
        all->left -= 1;
    return true;
}

static void limits_header(
    struct call *call, const char *scope, const char *which, double times)
{
    enum operation_kind kind = call_kind(call);
    const char *who = times > 1 ? "*" : call_object_id(call);
    double left = limit_rows[kind].size * times - 1;
    char *name = alloc_format(
        "x-ms-ratelimit-remaining-%s-%s", which, limit_rows[kind].name);

    if (limits_apply(call))
        left = bucket_find(call, who, scope, times)->left;
    call_header(call, name, "%.0f", floor(fmax(0, left)));
    free(name);
}

/* What Graph counts a request as. */
static int resource_units(const struct call *call)
{
    static const struct {
        const char *part;
        int units;
    } costs[] = { { "/transitiveMembers", 5 }, { "/members", 3 },
        { "/getByIds", 3 }, { "/applications", 2 }, { "", 1 } };
    size_t i = 0;

    while (!text_holds(call->path, costs[i].part))
        i++;
    return costs[i].units;
}

void limits_headers(struct call *call)
{
    char *scope;

    if (call->service == SERVICE_GRAPH)
        call_header(call, "x-ms-resource-unit", "%d", resource_units(call));
    if (call->service != SERVICE_ARM)
        return;
    scope = call_scope(call);
    if (scope && text_holds(call->path, "/providers/Microsoft.Security/")) {
        /* This provider counts by itself, under a name of its own. */
        call_header(call,
            "x-ms-ratelimit-remaining-subscription-resource-requests", "749");
    } else if (scope) {
        limits_header(call, scope, "subscription", 1);
        limits_header(call, scope, "subscription-global", GLOBAL);
    } else {
        limits_header(call, "tenant", "tenant", 1);
    }
    free(scope);
}
