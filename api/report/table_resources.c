/* The resources of the posture report, worst first, each with why. */
#include "table.h"

#include "facts.h"
#include "lacks.h"
#include "line.h"

/* Columns. A name has at most 24 letters, a region's about 18; subscription and
 * region share what is left. */
#define SEVERITY_CELLS 4
#define NAME_CELLS 24
#define KIND_CELLS 5
#define REGION_CELLS 18
#define EXPOSURE_CELLS 10
#define FAILS_CELLS 7
#define UNKNOWN_CELLS 3
#define FIXED_CELLS                                                            \
    (SEVERITY_CELLS + NAME_CELLS + KIND_CELLS + EXPOSURE_CELLS + FAILS_CELLS + \
        UNKNOWN_CELLS + 7)
#define INDENT_CELLS (SEVERITY_CELLS + 1)

/* Failing titles under one resource; more are counted. */
#define TITLES 3

struct columns {
    size_t subscription;
    size_t region;
};

static struct columns columns_for(size_t width_cells)
{
    size_t room = width_cells - FIXED_CELLS;
    size_t half = room / 2;
    size_t region = half < REGION_CELLS ? half : REGION_CELLS;

    return (struct columns){ .subscription = room - region, .region = region };
}

static void put_heads(struct line *line, const struct columns *columns)
{
    line_end(line);
    line_left(line, "SEV", SEVERITY_CELLS);
    line_left(line, "NAME", NAME_CELLS);
    line_left(line, "KIND", KIND_CELLS);
    line_left(line, "SUBSCR.", columns->subscription);
    line_left(line, "REGION", columns->region);
    line_left(line, "EXPOSURE", EXPOSURE_CELLS);
    line_left(line, "C/H/M", FAILS_CELLS);
    line_right(line, "UNK", UNKNOWN_CELLS);
    line_end(line);
}

/* An open question hides what is below it, as in the order of the list. */
static const char *mark_of(const struct ranked *ranked)
{
    const struct kv_standing *standing = &ranked->standing;
    bool open = standing->unknown > 0 || standing->not_judged > 0;

    for (unsigned i = KV_SEVERITY_COUNT; i-- > 0;) {
        if (open && i < KV_SEVERITY_HIGH)
            return "?";
        if (standing->fail[i] > 0)
            return kv_severity_mark((enum kv_severity)i);
    }
    return "ok";
}

static void put_columns(struct line *line, const struct table *table,
    const struct ranked *ranked, const struct columns *columns)
{
    const struct kv_report_input *input = table->input;
    const struct kv_resource *resource =
        kv_estate_resource(input->estate, ranked->resource);
    const struct kv_subscription *subscription =
        kv_estate_subscription(input->estate, resource->subscription);
    const struct kv_standing *standing = &ranked->standing;
    const char *exposure = facts_exposure(input, resource);
    struct buf fails = { .limit = 64 };

    buf_putf(&fails, "%u/%u/%u", standing->fail[KV_SEVERITY_CRITICAL],
        standing->fail[KV_SEVERITY_HIGH], standing->fail[KV_SEVERITY_MEDIUM]);
    line_left(line, mark_of(ranked), SEVERITY_CELLS);
    line_left(line, ranked->name, NAME_CELLS);
    line_left(line, kv_kind_name(resource->kind), KIND_CELLS);
    line_left(line, subscription->name ? subscription->name : subscription->id,
        columns->subscription);
    line_left(
        line, resource->location ? resource->location : "?", columns->region);
    line_left(line, exposure ? exposure : "?", EXPOSURE_CELLS);
    line_left(line, buf_text(&fails), FAILS_CELLS);
    line_count(line, standing->unknown + standing->not_judged, UNKNOWN_CELLS);
    line_end(line);
    buf_done(&fails);
}

static void put_title(struct line *line, const char *title, bool more)
{
    struct buf text = { .limit = 512 };

    buf_putf(&text, "%s%s", title, more ? ";" : "");
    line_phrase(line, buf_text(&text), INDENT_CELLS);
    buf_done(&text);
}

/* The worst failing ones by name, the others by number. */
static void put_fails(
    struct line *line, const struct table *table, const struct ranked *ranked)
{
    struct buf more = { .limit = 64 };
    unsigned left = 0;
    unsigned put = 0;

    for (unsigned i = 0; i < KV_SEVERITY_COUNT; i++)
        left += ranked->standing.fail[i];
    if (left == 0)
        return;
    for (size_t i = 0; left > 0 && put < TITLES; i++) {
        uint32_t row = table->order.rows[i];

        if (kv_row_level(&kv_catalogue[row]) != KV_LEVEL_RESOURCE ||
            kv_posture_verdict(table->input->posture, row, ranked->resource) !=
                KV_VERDICT_FAIL)
            continue;
        put++;
        left--;
        put_title(line, kv_catalogue[row].fails, left > 0);
    }
    if (left > 0) {
        buf_putf(&more, "and %u more", left);
        line_phrase(line, buf_text(&more), INDENT_CELLS);
    }
    line_end(line);
    buf_done(&more);
}

/* Only what is read for this resource alone; what is missing for a whole
 * subscription was said once, above. */
static void put_unread(
    struct line *line, const struct table *table, const struct ranked *ranked)
{
    const struct kv_resource *resource =
        kv_estate_resource(table->input->estate, ranked->resource);
    uint64_t needed = facts_needed(table->input, resource->kind);
    struct buf text = { .limit = 4096 };

    for (unsigned i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;
        struct kv_facet_status status =
            kv_estate_facet(table->input->estate, resource, facet);

        if (!(needed & KV_FACET_BIT(facet)) ||
            !facet_is_gap(resource, facet, &status) ||
            kv_facets[facet].level != KV_LEVEL_RESOURCE)
            continue;
        buf_clear(&text);
        buf_putf(&text, "%s: ", kv_facets[facet].name);
        facet_put_reason(&text, facet, &status);
        line_phrase(line, "?", INDENT_CELLS);
        line_words(line, buf_text(&text), INDENT_CELLS + 2);
        line_end(line);
    }
    buf_done(&text);
}

void table_put_resources(const struct table *table)
{
    struct line line = line_new(table->out, table->width_cells);
    struct columns columns = columns_for(table->width_cells);

    if (table->order.resource_count == 0)
        return;
    put_heads(&line, &columns);
    for (size_t i = 0; i < table->order.resource_count; i++) {
        const struct ranked *ranked = &table->order.resources[i];

        put_columns(&line, table, ranked, &columns);
        put_fails(&line, table, ranked);
        put_unread(&line, table, ranked);
        report_pass(table->report);
    }
}
