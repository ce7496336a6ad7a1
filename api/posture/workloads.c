/* What workloads belong to, by the tags around them. */
#include "workloads.h"

#include "evaluate.h"

/* The first name that is there decides, so that their order counts. */
static const char *value_of(
    const struct kv_tag *tags, uint32_t tag_count, const struct kv_texts *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        for (uint32_t j = 0; j < tag_count; j++)
            if (text_equal_nocase(tags[j].name, names->items[i]) &&
                view_trim(view_of(tags[j].value)).size > 0)
                return tags[j].value;
    return NULL;
}

/* The walk goes inwards: what the group says comes after the subscription. */
const char *tagged_value(const struct kv_estate *estate,
    const char *resource_id, const struct kv_tag *tags, uint32_t tag_count,
    const struct kv_texts *names)
{
    struct kv_walk walk = { 0 };
    const struct kv_container *container;
    const char *found = value_of(tags, tag_count, names);

    if (found)
        return found;
    while ((container = kv_estate_next_row(
                estate, KV_SET_CONTAINERS, resource_id, &walk))) {
        const char *value =
            value_of(container->tags, container->tag_count, names);

        if (value)
            found = value;
    }
    return found;
}

bool holder_uses(const struct kv_estate *estate, const struct holder *holder)
{
    return holder->kind == HOLDER_WORKLOAD &&
           (holder_data(holder) & ~KV_ACTIONS_LOOK) &&
           !holder_is_missing(estate, holder);
}

/* ---- what they have in common ---- */

static bool is_same(const char *a, const char *b)
{
    return view_equal_nocase(view_trim(view_of(a)), view_trim(view_of(b)));
}

void strand_take(struct strand *strand, const char *value)
{
    if (!value)
        strand->untold++;
    else if (!strand->value)
        strand->value = value;
    else if (!strand->other && !is_same(strand->value, value))
        strand->other = value;
}

void strand_take_workload(struct strand *strand, const struct kv_estate *estate,
    const struct holder *holder)
{
    struct kv_walk walk = { 0 };
    const struct kv_identity *row;
    bool told = false;

    while ((row = kv_estate_next_at(
                estate, KV_SET_IDENTITIES, holder->id, &walk))) {
        const char *value = tagged_value(
            estate, row->resource_id, row->tags, row->tag_count, strand->names);

        if (value)
            strand_take(strand, value);
        told = told || value;
    }
    if (!told)
        strand_take(strand, NULL);
}

void strand_put(
    const struct strand *strand, const char *value, struct buf *evidence)
{
    buf_putf(evidence, "%s ", strand->word);
    if (value)
        buf_put_visible(evidence, view_trim(view_of(value)), false);
    else
        buf_puts(evidence, "not tagged");
}
