/* One principal: all vaults and HSMs that it reaches, with what right, and
 * below the chain that each right comes through. */
#include "access_words.h"
#include "app.h"
#include "empty.h"
#include "heap.h"
#include "list.h"
#include "sheet.h"
#include "slices.h"
#include "vault_row.h"

#include <string.h>

#define STRIDE 32
#define INDENT 10
#define BELOW 7
/* A chain of more says no more. */
#define GRANTS_SHOWN 12

/* What it has on one resource; `holder.id` NULL: nothing. */
struct held {
    struct kv_holder holder;
    uint32_t reach;
    enum kv_scope_level widest;
};

struct principal_screen {
    struct screen base;
    struct list list;
    struct slices slices;
    const char *id;    /* in the estate's memory */
    struct held *held; /* by resource */
    size_t room;
    uint32_t next; /* resource */
    bool known;
};

enum principal_column {
    COLUMN_NAME,
    COLUMN_KIND,
    COLUMN_SUBSCRIPTION,
    COLUMN_RIGHT,
    COLUMN_FROM,
};
#define COLUMN_COUNT 5

static const struct list_column columns[COLUMN_COUNT] = {
    [COLUMN_NAME] = { .title = "NAME", .width_cells = 24 },
    [COLUMN_KIND] = { .title = "KIND", .width_cells = 5, .appears_at = 90 },
    [COLUMN_SUBSCRIPTION] = { .title = "SUBSCRIPTION",
        .width_cells = 24,
        .appears_at = 110 },
    [COLUMN_RIGHT] = { .title = "RIGHT" },
    [COLUMN_FROM] = { .title = "FROM", .width_cells = 8 },
};

static const struct principal_screen *const_of(const void *screen)
{
    return screen;
}

static struct principal_screen *principal_of(struct screen *screen)
{
    return (struct principal_screen *)screen;
}

/* ---- looking at one resource after the other ---- */

static enum kv_scope_level widest_of(
    const struct kv_access *access, uint32_t index)
{
    enum kv_scope_level widest = KV_SCOPE_OBJECT;
    struct kv_grant grant;
    uint32_t place = 0;

    while (kv_access_next_grant(access, index, &place, &grant))
        if (grant.level < widest)
            widest = grant.level;
    return widest;
}

static struct held held_on(const struct kv_estate *estate,
    const struct kv_resource *resource, const char *id)
{
    struct kv_access *access = kv_access_new(estate, resource);
    uint32_t index = kv_access_find(access, id);
    struct held held = { 0 };

    if (index != KV_NONE) {
        held.holder = kv_access_holder(access, index);
        held.reach = kv_reach_of(&held.holder, resource->kind);
        held.widest = widest_of(access, index);
    }
    kv_access_free(access);
    return held;
}

static void start_looking(struct screen *screen)
{
    principal_of(screen)->next = 0;
}

static void make_room(struct principal_screen *screen, size_t count)
{
    size_t old = screen->room;

    if (count <= old)
        return;
    screen->room = count + count / 8;
    screen->held =
        heap_resize(screen->held, screen->room * sizeof(*screen->held));
    memset(screen->held + old, 0, (screen->room - old) * sizeof(*screen->held));
}

static bool look_at_some(struct screen *base)
{
    struct principal_screen *screen = principal_of(base);
    const struct kv_estate *estate = app_estate(base->app);
    uint32_t all = kv_estate_resource_count(estate);

    make_room(screen, all);
    for (int i = 0; i < STRIDE && screen->next < all; i++, screen->next++) {
        const struct kv_resource *resource =
            kv_estate_resource(estate, screen->next);

        screen->held[screen->next] =
            resource->gone ? (struct held){ 0 }
                           : held_on(estate, resource, screen->id);
    }
    return screen->next >= all;
}

/* ---- what the list asks ---- */

static const struct kv_resource *resource_of(const void *context, uint32_t item)
{
    return kv_estate_resource(app_estate(const_of(context)->base.app), item);
}

static bool principal_exists(const void *context, uint32_t item)
{
    const struct principal_screen *screen = const_of(context);

    return item < screen->room && screen->held[item].holder.id;
}

static const char *subscription_of(const void *context, uint32_t item)
{
    const struct kv_subscription *row =
        kv_estate_subscription(app_estate(const_of(context)->base.app),
            resource_of(context, item)->subscription);

    return row->name ? row->name : row->id;
}

static void principal_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct held *held = &const_of(context)->held[item];

    switch ((enum principal_column)column) {
    case COLUMN_NAME:
        buf_puts(&out->text, resource_of(context, item)->name);
        break;
    case COLUMN_KIND:
        buf_puts(&out->text, kv_kind_name(resource_of(context, item)->kind));
        break;
    case COLUMN_SUBSCRIPTION:
        buf_puts(&out->text, subscription_of(context, item));
        break;
    case COLUMN_RIGHT:
        access_put_right(&out->text, &held->holder);
        if (held->holder.undefined)
            out->role = ROLE_UNKNOWN;
        else if (!(held->holder.actions | held->holder.objects))
            out->role = ROLE_DIM;
        break;
    case COLUMN_FROM:
        buf_puts(&out->text, access_level_word(held->widest));
        break;
    }
}

/* What reads secrets first, then keys, changes, controls: the bits as they
 * come, the lowest weighing most. */
static uint64_t weight(uint32_t reach)
{
    uint64_t number = 0;

    for (unsigned i = 0; i < KV_REACH_COUNT; i++)
        number = number << 1 | !(reach >> i & 1);
    return number;
}

static struct list_order principal_order(
    const void *context, uint32_t item, size_t column)
{
    const struct held *held = &const_of(context)->held[item];
    struct list_order order = { .text = resource_of(context, item)->name };

    switch ((enum principal_column)column) {
    case COLUMN_NAME:
        break;
    case COLUMN_KIND:
        order.number = (uint64_t)resource_of(context, item)->kind;
        break;
    case COLUMN_SUBSCRIPTION:
        order.text = subscription_of(context, item);
        break;
    case COLUMN_RIGHT:
        order.number = weight(held->reach);
        break;
    case COLUMN_FROM:
        order.number = (uint64_t)held->widest;
        break;
    }
    return order;
}

static const struct list_ops principal_list = {
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .sort_column = COLUMN_RIGHT,
    .name_column = COLUMN_NAME,
    .exists = principal_exists,
    .cell = principal_cell,
    .order = principal_order,
    .fields = vault_fields,
    .no_marks = true,
};

/* ---- the screen ---- */

static void principal_close(struct screen *screen)
{
    heap_free(principal_of(screen)->held);
    list_done(&principal_of(screen)->list);
    heap_free(screen);
}

static int below(int rows)
{
    return rows >= BELOW + 8 ? BELOW : 0;
}

static void principal_layout(struct screen *screen, int rows, int width)
{
    (void)width;
    list_layout(&principal_of(screen)->list, rows - below(rows));
}

static void principal_news(struct screen *screen, unsigned news)
{
    if (news & KV_NEWS_ESTATE)
        principal_of(screen)->slices.stale = true;
}

static void show_found(struct screen *screen)
{
    principal_of(screen)->known = true;
    list_refresh(&principal_of(screen)->list,
        kv_estate_resource_count(app_estate(screen->app)));
}

static bool principal_work(struct screen *screen)
{
    static const struct slices_ops ops = { start_looking, look_at_some,
        show_found };

    return slices_run(&principal_of(screen)->slices, &ops, screen);
}

static int principal_due_ms(const struct screen *screen)
{
    return slices_due_ms(&const_of(screen)->slices, screen->app);
}

static bool principal_key(struct screen *screen, struct key key)
{
    return list_key(&principal_of(screen)->list, key);
}

static void principal_head(const struct screen *screen, struct screen_head *out)
{
    const struct principal_screen *principal = const_of(screen);

    access_put_who(&out->crumb, app_estate(screen->app), principal->id);
    if (principal->list.filter.size)
        buf_putf(&out->filter, "/ %s", principal->list.filter.text);
    if (principal->list.filtering)
        out->input = &principal->list.filter;
    if (principal->known)
        list_put_counts(&principal->list, "vaults", &out->counts);
    else
        buf_puts(&out->counts, "looking ..");
}

static void put_chain(const struct kv_estate *estate,
    const struct kv_access *access, const char *id, struct sheet *out)
{
    uint32_t index = kv_access_find(access, id);
    struct kv_grant grant;
    uint32_t place = 0;

    for (int i = 0; index != KV_NONE && i < GRANTS_SHOWN &&
                    kv_access_next_grant(access, index, &place, &grant);
         i++) {
        struct buf text = { .limit = 2048 };

        access_put_grant(&text, estate, &grant, id);
        sheet_pair(out, ROLE_TEXT, INDENT, i ? "" : "through", buf_text(&text));
        buf_done(&text);
    }
}

static void draw_preview(
    const struct principal_screen *principal, struct canvas *canvas)
{
    const struct kv_estate *estate = app_estate(principal->base.app);
    struct canvas body =
        canvas_part(canvas, 1, 0, canvas->rows - 1, canvas->columns);
    uint32_t item = list_current(&principal->list);
    struct buf right = { .limit = 1024 };
    struct sheet sheet = { 0 };
    struct kv_access *access;

    if (!canvas->rows || item == KV_NONE)
        return;
    canvas_rule(canvas, 0);
    access = kv_access_new(estate, kv_estate_resource(estate, item));
    access_put_right(&right, &principal->held[item].holder);
    sheet_pair(&sheet, ROLE_TEXT, INDENT, "may", buf_text(&right));
    put_chain(estate, access, principal->id, &sheet);
    if (!kv_access_is_whole(estate, kv_estate_resource(estate, item)))
        sheet_put(&sheet, ROLE_UNKNOWN, INDENT,
            "PARTIAL: not all that rights come from could be read here.");
    sheet_draw(&sheet, &body, 0);
    sheet_done(&sheet);
    buf_done(&right);
    kv_access_free(access);
}

static void principal_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct principal_screen *principal = const_of(screen);
    int under = below(canvas->rows);
    struct canvas list =
        canvas_part(canvas, 0, 0, canvas->rows - under, canvas->columns);
    struct canvas preview =
        canvas_part(canvas, list.rows, 0, under, canvas->columns);
    struct canvas body = canvas_part(&list, 1, 0, list.rows - 1, list.columns);

    draw_preview(principal, &preview);
    list_draw(&principal->list, &list);
    if (principal->list.shown_count)
        return;
    if (principal->known) {
        empty_draw(screen->app, &principal->list, "vaults",
            "It has no right on any vault or HSM any more.", &body);
        return;
    }
    canvas_move(&body, 1, 3);
    canvas_puts(&body, ROLE_DIM, "Looking at all vaults ..");
}

/* ---- its keys ---- */

static bool has_current(const struct screen *screen)
{
    return list_current(&const_of(screen)->list) != KV_NONE;
}

static uint32_t principal_resource(const struct screen *screen)
{
    return list_current(&const_of(screen)->list);
}

static void open_current(struct screen *screen)
{
    screen_open_detail(screen->app, principal_resource(screen));
}

static const struct binding principal_bindings[] = {
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "open",
        .help = "everything about this vault",
        .run = open_current,
        .allowed = has_current,
        .why_not = "there is no vault here",
    },
    { 0 },
};

static const struct list *principal_list_of(const struct screen *screen)
{
    return &const_of(screen)->list;
}

const struct screen_ops principal_screen = {
    .title = "Principal",
    .about = "All vaults and HSMs on which it has a right, the most dangerous "
             "first: what is in force, or may be activated (eligible), or "
             "would hold under the other access model (asleep). Below, the "
             "chain that it comes through.",
    .close = principal_close,
    .layout = principal_layout,
    .draw = principal_draw,
    .head = principal_head,
    .key = principal_key,
    .news = principal_news,
    .due_ms = principal_due_ms,
    .work = principal_work,
    .list = principal_list_of,
    .resource = principal_resource,
    .bindings = principal_bindings,
    .lists = true,
};

void screen_open_principal(struct app *app, const char *id)
{
    struct principal_screen *principal = heap_new(sizeof(*principal));

    principal->base.ops = &principal_screen;
    principal->id = id;
    principal->slices.stale = true;
    list_init(&principal->list, &principal_list, principal);
    app_push(app, &principal->base);
    (void)principal_work(&principal->base);
}
