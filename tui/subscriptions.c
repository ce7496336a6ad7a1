/* Counting findings by subscription, some at a time. */
#include "subscriptions.h"

#include "heap.h"

/* Resources between two looks at the clock. */
#define STRIDE 64

void subscriptions_start(
    struct subscriptions *all, const struct kv_estate *estate)
{
    heap_free(all->counting);
    all->counting_count = kv_estate_subscription_count(estate);
    all->counting =
        heap_new((all->counting_count + 1) * sizeof(*all->counting));
    all->next = 0;
}

static void count_subject(struct subscription_count *count,
    const struct kv_posture *posture, enum kv_facet_level level, uint32_t index)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict verdict;

        if (kv_row_level(&kv_catalogue[row]) != level)
            continue;
        verdict = kv_posture_subject_verdict(posture, row, index);
        count->all.count[verdict]++;
        count->fail[kv_catalogue[row].severity] += verdict == KV_VERDICT_FAIL;
    }
}

static void count_resource(struct subscriptions *all,
    const struct kv_estate *estate, const struct kv_posture *posture,
    uint32_t index)
{
    const struct kv_resource *resource = kv_estate_resource(estate, index);

    if (resource->gone || resource->subscription >= all->counting_count)
        return;
    all->counting[resource->subscription].resources++;
    count_subject(&all->counting[resource->subscription], posture,
        KV_LEVEL_RESOURCE, index);
}

static void count_themselves(
    struct subscriptions *all, const struct kv_posture *posture)
{
    for (uint32_t i = 0; i < all->counting_count; i++)
        if (all->counting[i].resources > 0)
            count_subject(
                &all->counting[i], posture, KV_LEVEL_SUBSCRIPTION, i);
}

bool subscriptions_step(struct subscriptions *all,
    const struct kv_estate *estate, const struct kv_posture *posture)
{
    uint32_t count = kv_estate_resource_count(estate);
    uint32_t end = count - all->next > STRIDE ? all->next + STRIDE : count;

    while (all->next < end)
        count_resource(all, estate, posture, all->next++);
    if (all->next < count)
        return false;
    count_themselves(all, posture);
    heap_free(all->counts);
    all->counts = all->counting;
    all->count = all->counting_count;
    all->counting = NULL;
    return true;
}

void subscriptions_done(struct subscriptions *all)
{
    heap_free(all->counts);
    heap_free(all->counting);
    *all = (struct subscriptions){ 0 };
}

double subscription_known_percent(const struct subscription_count *count)
{
    struct kv_tally asked = count->all;

    asked.count[KV_VERDICT_NONE] = 0;
    asked.count[KV_VERDICT_UNREAD] = 0;
    asked.count[KV_VERDICT_MANUAL] = 0;
    return kv_tally_known_percent(&asked);
}

bool subscription_is_worse(
    const struct subscription_count *a, const struct subscription_count *b)
{
    for (int at = KV_SEVERITY_CRITICAL; at >= KV_SEVERITY_LOW; at--)
        if (a->fail[at] != b->fail[at])
            return a->fail[at] > b->fail[at];
    return false;
}
