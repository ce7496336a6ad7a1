/* What could not be read, over the whole estate: one line for each kind of
 * fact and reason, so that one missing role is not told a hundred times. */
#include "table.h"

#include "facts.h"
#include "line.h"

#define NAME_CELLS 20
#define COUNT_CELLS 7

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

#define STATE_COUNT (KV_FACET_UNREGISTERED + 1)

/* Resources by facet and state, with one reason as the example. */
struct gap {
    uint32_t resources;
    struct kv_facet_status example;
};
struct gaps {
    struct gap of[KV_FACET_COUNT][STATE_COUNT];
};

static void gaps_take(struct gaps *gaps, const struct kv_estate *estate,
    const struct kv_resource *resource)
{
    uint64_t needed = facts_needed(resource->kind);

    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++) {
        struct kv_facet_status status =
            kv_estate_facet(estate, resource, (enum kv_facet)facet);
        struct gap *gap = &gaps->of[facet][status.state];

        if (!(needed & KV_FACET_BIT(facet)) ||
            !facet_is_gap(resource, (enum kv_facet)facet, &status))
            continue;
        if (gap->resources++ == 0)
            gap->example = status;
    }
}

static void put_gap(
    struct line *line, enum kv_facet facet, const struct gap *gap)
{
    struct buf reason = { .limit = 4096 };

    facet_put_reason(&reason, facet, &gap->example);
    line_left(line, kv_facets[facet].name, NAME_CELLS);
    line_count(line, gap->resources, COUNT_CELLS);
    line_words(line, buf_text(&reason), NAME_CELLS + COUNT_CELLS + 2);
    line_end(line);
    buf_done(&reason);
}

static void put_heads(struct line *line)
{
    line_end(line);
    line_left(line, "NOT READ", NAME_CELLS);
    line_right(line, "ON", COUNT_CELLS);
    line_left(line, "WHY", NAME_CELLS);
    line_end(line);
}

/* Above all else: vaults that are in no line of the report. */
static void put_unlisted(const struct table *table)
{
    struct line line = line_new(table->out, table->width_cells);
    const struct kv_estate *estate = table->input->estate;
    struct buf text = { .limit = 4096 };

    for (uint32_t i = KV_NONE;
         (i = kv_estate_unlisted(estate, i)) != KV_NONE;) {
        buf_clear(&text);
        kv_subscription_put_unlisted(&text, kv_estate_subscription(estate, i));
        line_phrase(&line, "?", 0);
        line_words(&line, buf_text(&text), 2);
        line_end(&line);
    }
    buf_done(&text);
}

void table_put_gaps(const struct table *table)
{
    struct line line = line_new(table->out, table->width_cells);
    struct gaps gaps = { 0 };
    bool any = false;

    put_unlisted(table);
    for (size_t i = 0; i < table->order.resource_count; i++)
        gaps_take(&gaps, table->input->estate,
            kv_estate_resource(
                table->input->estate, table->order.resources[i].resource));
    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++)
        for (unsigned state = 0; state < STATE_COUNT; state++) {
            const struct gap *gap = &gaps.of[facet][state];

            if (gap->resources == 0)
                continue;
            if (!any)
                put_heads(&line);
            any = true;
            put_gap(&line, (enum kv_facet)facet, gap);
        }
}
