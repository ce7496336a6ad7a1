/* Subscriptions: one row each, with what fails in it, the worst first. */
#include "app.h"
#include "empty.h"
#include "heap.h"
#include "list.h"
#include "slices.h"
#include "subscriptions.h"

struct subscriptions_screen {
    struct screen base;
    struct list list; /* items are subscriptions of the estate */
    struct slices slices;
    struct subscriptions all;
};

enum subscriptions_column {
    COLUMN_NAME,
    COLUMN_CRITICAL,
    COLUMN_HIGH,
    COLUMN_MEDIUM,
    COLUMN_LOW,
    COLUMN_UNKNOWN,
    COLUMN_KNOWN,
    COLUMN_VAULTS,
    COLUMN_ID,
};
#define COLUMN_COUNT 9

#define NUMBER(name, cells)                                                    \
    {                                                                          \
        .title = name, .width_cells = cells, .right = true,                    \
    }

static const struct list_column columns[COLUMN_COUNT] = {
    [COLUMN_NAME] = { .title = "SUBSCRIPTION" },
    [COLUMN_CRITICAL] = NUMBER("CRIT", 6),
    [COLUMN_HIGH] = NUMBER("HIGH", 6),
    [COLUMN_MEDIUM] = NUMBER("MED", 7),
    [COLUMN_LOW] = NUMBER("LOW", 7),
    [COLUMN_UNKNOWN] = NUMBER("UNKNOWN", 7),
    [COLUMN_KNOWN] = { .title = "KNOWN",
        .width_cells = 6,
        .appears_at = 70,
        .right = true },
    [COLUMN_VAULTS] = NUMBER("VAULTS", 7),
    [COLUMN_ID] = { .title = "ID", .width_cells = 36, .appears_at = 118 },
};

static const struct subscriptions_screen *const_of(const void *screen)
{
    return screen;
}

static struct subscriptions_screen *subscriptions_of(struct screen *screen)
{
    return (struct subscriptions_screen *)screen;
}

static const struct subscription_count *count_of(
    const void *context, uint32_t item)
{
    return &const_of(context)->all.counts[item];
}

static const struct kv_subscription *subscription_of(
    const void *context, uint32_t item)
{
    return kv_estate_subscription(
        app_estate(const_of(context)->base.app), item);
}

/* ---- what the list asks ---- */

/* One without vaults and HSMs is in nobody's way. */
static bool subscription_exists(const void *context, uint32_t item)
{
    return count_of(context, item)->resources > 0;
}

/* The columns from critical to low. */
static bool is_severity(size_t column, enum kv_severity *out)
{
    *out = (enum kv_severity)(KV_SEVERITY_CRITICAL + COLUMN_CRITICAL - column);
    return column >= COLUMN_CRITICAL && column <= COLUMN_LOW;
}

static void subscription_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct subscription_count *count = count_of(context, item);
    uint32_t unknown = count->all.count[KV_VERDICT_UNKNOWN];
    enum kv_severity severity;

    if (is_severity(column, &severity)) {
        buf_put_count(&out->text, count->fail[severity]);
        if (count->fail[severity])
            out->role = role_of_severity(severity);
    } else if (column == COLUMN_NAME) {
        buf_puts(&out->text, subscription_of(context, item)->name);
    } else if (column == COLUMN_UNKNOWN) {
        buf_put_count(&out->text, unknown);
        if (unknown)
            out->role = ROLE_UNKNOWN;
    } else if (column == COLUMN_KNOWN) {
        buf_putf(&out->text, "%.1f%%", subscription_known_percent(count));
    } else if (column == COLUMN_VAULTS) {
        buf_put_count(&out->text, count->resources);
    } else {
        buf_puts(&out->text, subscription_of(context, item)->id);
    }
}

/* How many are worse: what a column of criticals alone would leave open. */
static uint64_t place_of(const struct subscriptions_screen *screen,
    const struct subscription_count *count)
{
    uint64_t worse = 0;

    for (uint32_t i = 0; i < screen->all.count; i++)
        worse += subscription_is_worse(&screen->all.counts[i], count);
    return worse;
}

static struct list_order subscription_order(
    const void *context, uint32_t item, size_t column)
{
    const struct subscription_count *count = count_of(context, item);
    struct list_order order = { .text = subscription_of(context, item)->name };
    enum kv_severity severity;

    if (column == COLUMN_CRITICAL)
        order.number = place_of(const_of(context), count);
    else if (is_severity(column, &severity))
        order.number = UINT32_MAX - count->fail[severity];
    else if (column == COLUMN_UNKNOWN)
        order.number = UINT32_MAX - count->all.count[KV_VERDICT_UNKNOWN];
    else if (column == COLUMN_KNOWN)
        order.number = (uint64_t)(subscription_known_percent(count) * 1000);
    else if (column == COLUMN_VAULTS)
        order.number = UINT32_MAX - count->resources;
    else if (column == COLUMN_ID)
        order.text = subscription_of(context, item)->id;
    return order;
}

static bool subscription_word(
    const void *context, uint32_t item, const struct filter_term *term)
{
    return filter_finds(term, subscription_of(context, item)->name) ||
           filter_finds(term, subscription_of(context, item)->id);
}

static const struct list_ops subscriptions_list = {
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .sort_column = COLUMN_CRITICAL,
    .name_column = COLUMN_NAME,
    .exists = subscription_exists,
    .cell = subscription_cell,
    .order = subscription_order,
    .fields = filter_columns,
    .word = subscription_word,
    .no_marks = true,
};

/* ---- counting ---- */

static void start_counting(struct screen *screen)
{
    subscriptions_start(
        &subscriptions_of(screen)->all, app_estate(screen->app));
}

static bool count_some(struct screen *screen)
{
    return subscriptions_step(&subscriptions_of(screen)->all,
        app_estate(screen->app), app_posture(screen->app));
}

static void show_counted(struct screen *screen)
{
    struct subscriptions_screen *self = subscriptions_of(screen);

    list_refresh(&self->list, self->all.count);
}

static bool subscriptions_work(struct screen *screen)
{
    static const struct slices_ops ops = { start_counting, count_some,
        show_counted };

    return slices_run(&subscriptions_of(screen)->slices, &ops, screen);
}

static int subscriptions_due_ms(const struct screen *screen)
{
    return slices_due_ms(&const_of(screen)->slices, screen->app);
}

/* ---- the screen ---- */

static void subscriptions_close(struct screen *screen)
{
    list_done(&subscriptions_of(screen)->list);
    subscriptions_done(&subscriptions_of(screen)->all);
    heap_free(screen);
}

static void subscriptions_layout(struct screen *screen, int rows, int width)
{
    (void)width;
    list_layout(&subscriptions_of(screen)->list, rows - 1);
}

static void subscriptions_news(struct screen *screen, unsigned news)
{
    if (news & (KV_NEWS_ESTATE | KV_NEWS_POSTURE))
        subscriptions_of(screen)->slices.stale = true;
}

static bool subscriptions_key(struct screen *screen, struct key key)
{
    return list_key(&subscriptions_of(screen)->list, key);
}

static void subscriptions_head(
    const struct screen *screen, struct screen_head *out)
{
    const struct subscriptions_screen *self = const_of(screen);

    if (self->list.filter.size)
        buf_putf(&out->filter, "/ %s", self->list.filter.text);
    if (self->list.filtering)
        out->input = &self->list.filter;
    if (self->all.counts)
        list_put_counts(&self->list, "subscriptions", &out->counts);
    else
        buf_puts(&out->counts, "counting ..");
}

static void subscriptions_draw(
    const struct screen *screen, struct canvas *canvas)
{
    const struct subscriptions_screen *self = const_of(screen);
    struct canvas list =
        canvas_part(canvas, 1, 0, canvas->rows - 1, canvas->columns);
    struct canvas body =
        canvas_part(canvas, 2, 0, canvas->rows - 2, canvas->columns);

    canvas_rule(canvas, 0);
    list_draw(&self->list, &list);
    if (!self->list.shown_count)
        empty_draw(screen->app, &self->list, "subscriptions",
            "No subscription has a vault or a managed HSM.", &body);
}

/* ---- its keys ---- */

static bool has_current(const struct screen *screen)
{
    return list_current(&const_of(screen)->list) != KV_NONE;
}

static void open_current(struct screen *screen)
{
    screen_open_vaults_of(
        screen->app, list_current(&subscriptions_of(screen)->list));
}

static const struct binding subscriptions_bindings[] = {
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "vaults",
        .help = "the vaults and HSMs in it",
        .run = open_current,
        .allowed = has_current,
        .why_not = "there is no row here",
    },
    { 0 },
};

static const struct list *subscriptions_list_of(const struct screen *screen)
{
    return const_of(screen)->all.counts ? &const_of(screen)->list : NULL;
}

const struct screen_ops subscriptions_screen = {
    .title = "Subscriptions",
    .about = "One row a subscription that has vaults or HSMs, the worst first. "
             "CRIT to LOW count what fails in it, UNKNOWN what could not be "
             "judged; KNOWN is the share that could be, of what was read for. "
             "VAULTS counts HSMs too. Enter lists them.",
    .close = subscriptions_close,
    .layout = subscriptions_layout,
    .draw = subscriptions_draw,
    .head = subscriptions_head,
    .key = subscriptions_key,
    .news = subscriptions_news,
    .due_ms = subscriptions_due_ms,
    .work = subscriptions_work,
    .list = subscriptions_list_of,
    .bindings = subscriptions_bindings,
    .lists = true,
};

void screen_open_subscriptions(struct app *app)
{
    struct subscriptions_screen *self = heap_new(sizeof(*self));

    self->base.ops = &subscriptions_screen;
    self->slices.stale = true;
    list_init(&self->list, &subscriptions_list, self);
    app_push(app, &self->base);
    (void)subscriptions_work(&self->base); /* keys typed ahead find rows */
}
