/* What fails in each subscription: counted over all vaults and HSMs in it, and
 * over what is judged of the subscription itself. */
#ifndef SUBSCRIPTIONS_H
#define SUBSCRIPTIONS_H

#include "kvgov/posture.h"

struct subscription_count {
    uint32_t fail[KV_SEVERITY_COUNT]; /* findings, by severity */
    struct kv_tally all;              /* findings, by verdict */
    uint32_t resources;
};

/* By the estate's index. Zero-initialise. */
struct subscriptions {
    struct subscription_count *counts; /* NULL until it was counted once */
    uint32_t count;
    struct subscription_count *counting;
    uint32_t counting_count;
    uint32_t next; /* resource; behind the last one subscriptions */
};

void subscriptions_start(
    struct subscriptions *all, const struct kv_estate *estate);
/* Counts some; true when that was the last, and `counts` are the new ones. */
bool subscriptions_step(struct subscriptions *all,
    const struct kv_estate *estate, const struct kv_posture *posture);
void subscriptions_done(struct subscriptions *all);

/* Of what was asked for, the share that could be judged. What nobody looked at,
 * and what a person has to answer, was not. */
double subscription_known_percent(const struct subscription_count *count);

/* The worst first: by critical ones, then by high ones and so on. */
bool subscription_is_worse(const struct subscription_count *a,
    const struct subscription_count *b);

#endif
