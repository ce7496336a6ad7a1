/* Why things are unknown. */
#include "coverage.h"

#include "role_for.h"

struct gap {
    uint32_t count;
    const char *what; /* six cells each */
    enum kv_facet facet;
    bool denied;
};

#define GAPS_MAX (KV_FACET_COUNT * 3)

/* What no recommendation asks for is no gap. */
static uint64_t needed(void)
{
    uint64_t needs = 0;

    for (size_t i = 0; i < kv_catalogue_count; i++)
        needs |= kv_catalogue[i].needs;
    return needs;
}

void coverage_count(struct coverage *out, const struct kv_estate *estate)
{
    uint32_t count = kv_estate_resource_count(estate);

    *out = (struct coverage){ 0 };
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_resource *resource = kv_estate_resource(estate, i);

        if (resource->gone)
            continue;
        for (int facet = 0; facet < KV_FACET_COUNT; facet++) {
            if (!kv_facet_asked(resource->kind, (enum kv_facet)facet))
                continue;
            switch (
                kv_estate_facet(estate, resource, (enum kv_facet)facet).state) {
            case KV_FACET_DENIED:
                out->denied[facet]++;
                break;
            case KV_FACET_FAILED:
                out->failed[facet]++;
                break;
            case KV_FACET_ABSENT:
            case KV_FACET_LOADING:
                out->missing[facet]++;
                break;
            case KV_FACET_READY:
            case KV_FACET_UNREGISTERED:
                break;
            }
        }
    }
}

/* Keeps the gaps sorted, the largest first; there are few. */
static void add(struct gap *gaps, int *count, struct gap gap)
{
    int at = *count;

    if (!gap.count)
        return;
    for (; at > 0 && gaps[at - 1].count < gap.count; at--)
        gaps[at] = gaps[at - 1];
    gaps[at] = gap;
    ++*count;
}

/* The permission, and the role to ask for where both have room. */
static void put_help(struct canvas *canvas, const char *permission)
{
    struct buf text = { .limit = 512 };
    int room = canvas->columns - canvas->pen_column;

    buf_putf(&text, "%s; ask for %s", permission, role_for(permission));
    canvas_put_left(canvas, ROLE_DIM, room,
        (int)text.size <= room ? buf_text(&text) : permission);
    buf_done(&text);
}

static void draw_gap(struct canvas *canvas, int row, const struct gap *gap)
{
    const struct kv_facet_info *info = &kv_facets[gap->facet];

    canvas_move(canvas, row, 0);
    canvas_put_count(canvas, ROLE_UNKNOWN, 6, gap->count);
    canvas_putf(canvas, ROLE_TEXT, "  %s  %s", gap->what, info->name);
    if (gap->denied && info->permission) {
        canvas_puts(canvas, ROLE_TEXT, ": ");
        put_help(canvas, info->permission);
    }
}

int coverage_draw(const struct coverage *coverage, struct canvas *canvas)
{
    struct gap gaps[GAPS_MAX + 1];
    int count = 0;

    for (int i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;

        if (!(needed() & KV_FACET_BIT(facet)))
            continue;
        add(gaps, &count,
            (struct gap){ coverage->denied[i], "denied", facet, true });
        add(gaps, &count,
            (struct gap){ coverage->failed[i], "failed", facet, false });
        add(gaps, &count,
            (struct gap){ coverage->missing[i], "unread", facet, false });
    }
    for (int row = 0; row < count && row < canvas->rows; row++)
        draw_gap(canvas, row, &gaps[row]);
    return count;
}
