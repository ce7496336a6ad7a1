/* Sorting for reports. */
#include "order.h"

#include "base.h"
#include "sums.h"

#include <stdlib.h>
#include <string.h>

/* What nobody has judged may be anything, so it ranks as an unknown does. */
static uint32_t rank_of(const struct kv_standing *standing)
{
    struct kv_standing open = *standing;

    if (open.not_judged > 0)
        open.unknown = 1;
    return kv_standing_rank(&open);
}

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    int order;

    if (a->rank != b->rank)
        return a->rank > b->rank ? -1 : 1;
    for (unsigned severity = KV_SEVERITY_COUNT; severity-- > 0;) {
        order = b->standing.fail[severity] - a->standing.fail[severity];
        if (order != 0)
            return order;
    }
    order = strcmp(a->name, b->name);
    if (order != 0)
        return order;
    return (a->resource > b->resource) - (a->resource < b->resource);
}

static void rank_resources(
    struct order *order, const struct kv_report_input *input)
{
    uint32_t count = kv_estate_resource_count(input->estate);
    struct kv_tally severities[KV_SEVERITY_COUNT];

    order->resources = mem_alloc(count * sizeof *order->resources);
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);
        struct ranked *ranked = &order->resources[order->resource_count];

        if (resource->gone || !kv_selection_has_resource(input->selection, i))
            continue;
        sums_of_subject(input, KV_LEVEL_RESOURCE, i, severities);
        ranked->resource = i;
        ranked->standing = sums_standing(severities);
        ranked->rank = rank_of(&ranked->standing);
        ranked->name = resource->name ? resource->name : "";
        order->resource_count++;
    }
    qsort(order->resources, order->resource_count, sizeof *order->resources,
        compare_ranked);
}

/* Worst severity first, within one in the order of the catalogue. */
static void rank_rows(struct order *order, const struct kv_report_input *input)
{
    order->rows = mem_alloc(kv_catalogue_count * sizeof *order->rows);
    for (unsigned severity = KV_SEVERITY_COUNT; severity-- > 0;)
        for (uint32_t row = 0; row < kv_catalogue_count; row++)
            if (kv_catalogue[row].severity == severity &&
                kv_selection_has_row(input->selection, row))
                order->rows[order->row_count++] = row;
}

void order_init(struct order *order, const struct kv_report_input *input)
{
    *order = (struct order){ 0 };
    rank_resources(order, input);
    rank_rows(order, input);
}

void order_done(struct order *order)
{
    mem_free(order->resources);
    mem_free(order->rows);
    *order = (struct order){ 0 };
}
