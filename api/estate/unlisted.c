/* Subscriptions whose vaults could not be listed: what is shown of them may not
 * be all there is. */
#include "kvgov/estate.h"

bool kv_subscription_unlisted(const struct kv_subscription *subscription)
{
    enum kv_facet_state state = subscription->facets[KV_FACET_INVENTORY].state;

    return state == KV_FACET_DENIED || state == KV_FACET_FAILED;
}

uint32_t kv_estate_unlisted(const struct kv_estate *estate, uint32_t after)
{
    uint32_t count = kv_estate_subscription_count(estate);
    uint32_t next = after == KV_NONE ? 0 : after + 1;

    while (next < count &&
           !kv_subscription_unlisted(kv_estate_subscription(estate, next)))
        next++;
    return next < count ? next : KV_NONE;
}

void kv_subscription_put_unlisted(
    struct buf *out, const struct kv_subscription *subscription)
{
    const struct kv_facet_status *status =
        &subscription->facets[KV_FACET_INVENTORY];
    const char *why =
        status->why ? status->why : kv_facets[KV_FACET_INVENTORY].permission;

    buf_put_visible(out,
        view_of(subscription->name ? subscription->name : subscription->id),
        false);
    buf_puts(out, status->state == KV_FACET_DENIED ? ": not listed, needs "
                                                   : ": not listed: ");
    buf_put_visible(out, view_of(why), false);
    /* Reader has it, and what the other facets need as well. */
    if (status->state == KV_FACET_DENIED)
        buf_puts(out, " (ask for the role Reader on it)");
}
