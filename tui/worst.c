/* The subscriptions in which most fails. */
#include "worst.h"

/* A blank, the heads, four subscriptions, how many more. */
#define SHOWN 4
#define ROWS (SHOWN + 3)
/* The least of a body that has them to spare, and of its width. */
#define BODY_ROWS 31
#define COLUMNS 80
#define NAME_MOST 40
#define NUMBER_CELLS 8

int worst_rows(int rows, int columns)
{
    return rows >= BODY_ROWS && columns >= COLUMNS ? ROWS : 0;
}

/* Keeps the worst of those that have anything in them, the very worst first;
 * returns how many have. */
static uint32_t find_worst(const struct subscriptions *all, uint32_t *worst)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < all->count; i++) {
        uint32_t at = found < SHOWN ? found : SHOWN;

        if (!all->counts[i].resources)
            continue;
        for (; at > 0 && subscription_is_worse(
                             &all->counts[i], &all->counts[worst[at - 1]]);
             at--)
            if (at < SHOWN)
                worst[at] = worst[at - 1];
        if (at < SHOWN)
            worst[at] = i;
        found++;
    }
    return found;
}

static void draw_heads(struct canvas *canvas, int name_cells)
{
    canvas_move(canvas, 1, 1);
    canvas_put_left(canvas, ROLE_TITLE, name_cells, "WORST SUBSCRIPTIONS");
    for (int at = KV_SEVERITY_CRITICAL; at >= KV_SEVERITY_LOW; at--)
        canvas_put_right(canvas, ROLE_HEADER, NUMBER_CELLS,
            kv_severity_mark((enum kv_severity)at));
    canvas_put_right(canvas, ROLE_HEADER, NUMBER_CELLS, "KNOWN");
    canvas_put_right(canvas, ROLE_HEADER, NUMBER_CELLS, "VAULTS");
}

static void draw_known(
    struct canvas *canvas, const struct subscription_count *count)
{
    struct buf known = { .limit = 32 };

    buf_putf(&known, "%.1f%%", subscription_known_percent(count));
    canvas_put_right(canvas, ROLE_TEXT, NUMBER_CELLS, buf_text(&known));
    buf_done(&known);
}

static void draw_subscription(struct canvas *canvas,
    const struct subscription_count *count, const char *name, int name_cells)
{
    canvas_put_left(canvas, ROLE_TEXT, name_cells, name);
    for (int at = KV_SEVERITY_CRITICAL; at >= KV_SEVERITY_LOW; at--)
        canvas_put_count(canvas,
            count->fail[at] ? role_of_severity((enum kv_severity)at)
                            : ROLE_TEXT,
            NUMBER_CELLS, count->fail[at]);
    draw_known(canvas, count);
    canvas_put_count(canvas, ROLE_TEXT, NUMBER_CELLS, count->resources);
}

void worst_draw(const struct subscriptions *all, const struct kv_estate *estate,
    struct canvas *canvas)
{
    uint32_t worst[SHOWN] = { 0 };
    uint32_t count = find_worst(all, worst);
    int name_cells = canvas->columns - 2 - 6 * NUMBER_CELLS;

    if (name_cells > NAME_MOST)
        name_cells = NAME_MOST;
    draw_heads(canvas, name_cells);
    for (uint32_t i = 0; i < count && i < SHOWN; i++) {
        canvas_move(canvas, 2 + (int)i, 1);
        draw_subscription(canvas, &all->counts[worst[i]],
            kv_estate_subscription(estate, worst[i])->name, name_cells);
    }
    canvas_move(canvas, 2 + SHOWN, 1);
    if (!all->counts)
        canvas_puts(canvas, ROLE_DIM, "Counting ..");
    else if (count > SHOWN)
        canvas_putf(canvas, ROLE_DIM, "%u more", count - SHOWN);
}
