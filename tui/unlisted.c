/* Which subscription is missing from the list, and what would bring it. */
#include "unlisted.h"

bool unlisted_any(const struct kv_estate *estate)
{
    return kv_estate_unlisted(estate, KV_NONE) != KV_NONE;
}

void unlisted_draw(const struct kv_estate *estate, struct canvas *canvas)
{
    uint32_t first = kv_estate_unlisted(estate, KV_NONE);
    struct buf line = { .limit = 2048 };
    uint32_t more = 0;

    if (first == KV_NONE)
        return;
    for (uint32_t i = first; (i = kv_estate_unlisted(estate, i)) != KV_NONE;)
        more++;
    kv_subscription_put_unlisted(&line, kv_estate_subscription(estate, first));
    canvas_puts(canvas, ROLE_UNKNOWN, "?  ");
    if (more > 0)
        canvas_putf(canvas, ROLE_UNKNOWN, "%u subscriptions, ", more + 1);
    canvas_put_left(canvas, ROLE_UNKNOWN, canvas->columns - canvas->pen_column,
        buf_text(&line));
    buf_done(&line);
}
