/* Adding up what could not be read. */
#include "lacks.h"

#include "facts.h"
#include "stream.h"

void facet_put_reason(
    struct buf *out, enum kv_facet facet, const struct kv_facet_status *status)
{
    switch (status->state) {
    case KV_FACET_DENIED:
        buf_putf(out, "denied, needs %s", facts_permission(facet, status));
        break;
    case KV_FACET_FAILED:
        buf_putf(out, "failed: %s", status->why ? status->why : "no reason");
        break;
    case KV_FACET_ABSENT:
    case KV_FACET_LOADING:
        buf_puts(out, "not read yet");
        break;
    case KV_FACET_READY:
    case KV_FACET_UNREGISTERED:
        break;
    }
}

static void take(struct lacks *lacks, const struct kv_report_input *input,
    const struct kv_resource *resource)
{
    uint64_t needed = facts_needed(input, resource->kind);

    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++) {
        struct kv_facet_status status =
            kv_estate_facet(input->estate, resource, (enum kv_facet)facet);
        struct lack *lack = &lacks->of[facet][status.state];

        if (!(needed & KV_FACET_BIT(facet)) ||
            !facet_is_gap(resource, (enum kv_facet)facet, &status))
            continue;
        if (lack->resources++ == 0)
            lack->example = status;
    }
}

void lacks_init(struct lacks *lacks, const struct kv_report *report)
{
    struct place place = PLACE_FIRST;

    *lacks = (struct lacks){ 0 };
    while (place_next(report->input, &report->sums, &place))
        if (place.level == KV_LEVEL_RESOURCE)
            take(lacks, report->input,
                kv_estate_resource(report->input->estate, place.index));
}

bool lacks_next(const struct lacks *lacks, unsigned *next, enum kv_facet *facet,
    const struct lack **lack)
{
    while (*next < KV_FACET_COUNT * LACK_STATES) {
        unsigned at = (*next)++;

        *facet = (enum kv_facet)(at / LACK_STATES);
        *lack = &lacks->of[*facet][at % LACK_STATES];
        if ((*lack)->resources > 0)
            return true;
    }
    return false;
}
