/* What could not be read, as a section of the table. */
#include "table.h"

#include "lacks.h"
#include "line.h"

#define NAME_CELLS 20
#define COUNT_CELLS 7

static void put_gap(
    struct line *line, enum kv_facet facet, const struct lack *lack)
{
    struct buf reason = { .limit = 4096 };

    facet_put_reason(&reason, facet, &lack->example);
    line_left(line, kv_facets[facet].name, NAME_CELLS);
    line_count(line, lack->resources, COUNT_CELLS);
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
        if (!kv_selection_has_subscription(table->input->selection, i))
            continue;
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
    struct lacks lacks;
    const struct lack *lack;
    enum kv_facet facet;
    unsigned next = 0;
    bool any = false;

    put_unlisted(table);
    lacks_init(&lacks, table->report);
    while (lacks_next(&lacks, &next, &facet, &lack)) {
        if (!any)
            put_heads(&line);
        any = true;
        put_gap(&line, facet, lack);
    }
}
