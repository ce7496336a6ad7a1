/* What a list could not know: one line for each kind of fact and reason, with
 * how many resources it is about. */
#include "lists.h"

#include "lacks.h"

#define STATE_COUNT (KV_FACET_UNREGISTERED + 1)

struct gap {
    uint32_t resources;
    struct kv_facet_status example;
};

static bool concerns(
    const struct kv_resource *resource, enum kv_facet facet, uint32_t kinds)
{
    uint32_t having = kv_facets[facet].kinds;

    return (having == 0 || having & 1u << resource->kind) &&
           kinds & 1u << resource->kind;
}

static void count_gaps(struct gap gaps[STATE_COUNT], enum kv_facet facet,
    const struct kv_report_input *input, const struct kv_asked *asked,
    uint32_t kinds)
{
    for (uint32_t i = KV_NONE; (i = asked_next(input, asked, i)) != KV_NONE;) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);
        struct kv_facet_status status =
            kv_estate_facet(input->estate, resource, facet);

        if (!concerns(resource, facet, kinds) || kv_facet_known(&status))
            continue;
        if (gaps[status.state].resources++ == 0)
            gaps[status.state].example = status;
    }
}

static void put_gap(struct buf *out, enum kv_facet facet, const struct gap *gap)
{
    struct buf reason = { .limit = 4096 };

    if (gap->example.state == KV_FACET_ABSENT && kv_facets[facet].deep)
        buf_puts(&reason, "not read; add --deep");
    else
        facet_put_reason(&reason, facet, &gap->example);
    buf_putf(out, "%s of ", kv_facets[facet].name);
    buf_put_count(out, gap->resources);
    buf_puts(
        out, gap->resources == 1 ? " vault or HSM: " : " vaults or HSMs: ");
    buf_put_visible(out, buf_view(&reason), false);
    buf_putc(out, '\n');
    buf_done(&reason);
}

bool gaps_put(const struct kv_report_input *input, const struct kv_asked *asked,
    uint32_t kinds, uint64_t needs)
{
    bool none = true;

    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++) {
        struct gap gaps[STATE_COUNT] = { 0 };

        if (!(needs & KV_FACET_BIT(facet)))
            continue;
        count_gaps(gaps, (enum kv_facet)facet, input, asked, kinds);
        for (unsigned state = 0; state < STATE_COUNT; state++) {
            if (gaps[state].resources == 0)
                continue;
            put_gap(asked->gaps, (enum kv_facet)facet, &gaps[state]);
            none = false;
        }
    }
    return none;
}

/* Of one resource that is there it does not matter which others are. */
bool gaps_put_unlisted(
    const struct kv_report_input *input, const struct kv_asked *asked)
{
    bool none = true;

    if (asked->resource != KV_NONE)
        return true;
    for (uint32_t i = KV_NONE;
         (i = kv_estate_unlisted(input->estate, i)) != KV_NONE;) {
        kv_subscription_put_unlisted(
            asked->gaps, kv_estate_subscription(input->estate, i));
        buf_putc(asked->gaps, '\n');
        none = false;
    }
    return none;
}
