/* What the rows that judge one subject share, and what lies below it. */
#include "judgement.h"

#include "base.h"
#include "coverage.h"
#include "effective.h"
#include "watch.h"

#include <assert.h>

static void *exposure_make(const struct kv_subject *subject)
{
    struct kv_exposure *exposure = mem_alloc(sizeof *exposure);

    *exposure = kv_exposure_of(
        subject->estate, subject->resource, subject->policy, NULL);
    return exposure;
}

static void *reach_make(const struct kv_subject *subject)
{
    struct reach *reach = mem_alloc(sizeof *reach);
    struct kv_walk walk = { 0 };
    const struct kv_assignment *assignment;

    while ((assignment = kv_estate_next_assignment(
                subject->estate, subject->resource, &walk))) {
        reach->items = mem_grow(
            reach->items, reach->count, &reach->capacity, sizeof *reach->items);
        reach->items[reach->count++] =
            (struct reaching){ assignment, walk.level };
    }
    return reach;
}

static void reach_free(void *value)
{
    struct reach *reach = value;

    mem_free(reach->items);
    mem_free(reach);
}

static void *effective_of_subject(const struct kv_subject *subject)
{
    return effective_make(subject->estate, subject->resource);
}

static void effective_end(void *value)
{
    effective_free(value);
}

static const struct {
    void *(*make)(const struct kv_subject *subject);
    void (*free)(void *value);
} values[JUDGED_COUNT] = {
    [JUDGED_EXPOSURE] = { exposure_make, mem_free },
    [JUDGED_REACH] = { reach_make, reach_free },
    [JUDGED_COVERAGE] = { coverage_make, coverage_free },
    [JUDGED_WATCH] = { watch_make, watch_free },
    [JUDGED_EFFECTIVE] = { effective_of_subject, effective_end },
};

const void *judgement_get(const struct kv_subject *subject, enum judged value)
{
    struct kv_judgement *judgement = subject->judgement;

    assert(judgement);
    if (!judgement->values[value])
        judgement->values[value] = values[value].make(subject);
    return judgement->values[value];
}

void judgement_done(struct kv_judgement *judgement)
{
    for (unsigned i = 0; i < JUDGED_COUNT; i++) {
        if (judgement->values[i])
            values[i].free(judgement->values[i]);
        judgement->values[i] = NULL;
    }
}

/* ---- facets ---- */

static const struct kv_subscription *home_of(const struct kv_subject *subject)
{
    return subject->subscription == KV_NONE
               ? NULL
               : kv_estate_subscription(subject->estate, subject->subscription);
}

struct kv_facet_status subject_facet(
    const struct kv_subject *subject, enum kv_facet facet)
{
    return *kv_estate_facet_at(
        subject->estate, home_of(subject), subject->resource, facet);
}

static const struct kv_judgement *with_facets(const struct kv_subject *subject)
{
    struct kv_judgement *judgement = subject->judgement;
    const struct kv_subscription *home;

    if (judgement->facets_known)
        return judgement;
    home = home_of(subject);
    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++) {
        const struct kv_facet_status *status = kv_estate_facet_at(
            subject->estate, home, subject->resource, (enum kv_facet)facet);

        if (kv_facet_known(status))
            judgement->ready |= KV_FACET_BIT(facet);
        if (status->state == KV_FACET_ABSENT && kv_facets[facet].deep)
            judgement->unread |= KV_FACET_BIT(facet);
    }
    judgement->facets_known = true;
    return judgement;
}

uint64_t subject_ready(const struct kv_subject *subject)
{
    return with_facets(subject)->ready;
}

uint64_t subject_unread(const struct kv_subject *subject)
{
    return with_facets(subject)->unread;
}

/* ---- what lies below ---- */

static void below_grow(struct below *below, const struct kv_estate *estate)
{
    size_t subscriptions = kv_estate_subscription_count(estate);
    size_t resources = kv_estate_resource_count(estate);

    below->first =
        mem_resize(below->first, (subscriptions + 1) * sizeof *below->first);
    below->last =
        mem_resize(below->last, (subscriptions + 1) * sizeof *below->last);
    for (size_t i = below->subscriptions; i < subscriptions; i++)
        below->first[i] = below->last[i] = KV_NONE;
    below->subscriptions = subscriptions;
    if (resources <= below->room)
        return;
    below->room = resources + resources / 2;
    below->next = mem_resize(below->next, below->room * sizeof *below->next);
}

bool below_is_current(const struct below *below, const struct kv_estate *estate)
{
    return below->resources == kv_estate_resource_count(estate) &&
           below->subscriptions == kv_estate_subscription_count(estate);
}

/* Indexes are never reused and a resource keeps its subscription, so only what
 * is new has to be chained. */
void below_update(struct below *below, const struct kv_estate *estate)
{
    uint32_t count = kv_estate_resource_count(estate);

    if (below_is_current(below, estate))
        return;
    below_grow(below, estate);
    for (uint32_t i = (uint32_t)below->resources; i < count; i++) {
        uint32_t home = kv_estate_resource(estate, i)->subscription;

        below->next[i] = KV_NONE;
        if (below->first[home] == KV_NONE)
            below->first[home] = i;
        else
            below->next[below->last[home]] = i;
        below->last[home] = i;
    }
    below->resources = count;
}

void below_done(struct below *below)
{
    mem_free(below->first);
    mem_free(below->last);
    mem_free(below->next);
    *below = (struct below){ 0 };
}

/* The next candidate, whether gone or not. */
static uint32_t next_below(const struct kv_subject *subject, uint32_t after)
{
    const struct below *below = subject->judgement->below;
    uint32_t count = kv_estate_resource_count(subject->estate);
    uint32_t next = after == KV_NONE ? 0 : after + 1;

    if (below && subject->subscription != KV_NONE)
        return after == KV_NONE ? below->first[subject->subscription]
                                : below->next[after];
    while (next < count && subject->subscription != KV_NONE &&
           kv_estate_resource(subject->estate, next)->subscription !=
               subject->subscription)
        next++;
    return next < count ? next : KV_NONE;
}

uint32_t subject_next_resource(const struct kv_subject *subject, uint32_t after)
{
    uint32_t next = next_below(subject, after);

    while (next != KV_NONE && kv_estate_resource(subject->estate, next)->gone)
        next = next_below(subject, next);
    return next;
}
