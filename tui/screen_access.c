/* Access: who can do what over all vaults and HSMs, one row a principal: of how
 * many it reads the secrets, uses the keys, changes what is inside, or says who
 * may. */
#include "access_words.h"
#include "app.h"
#include "empty.h"
#include "heap.h"
#include "list.h"
#include "sheet.h"
#include "slices.h"

#include <string.h>

/* Resources between two looks at the clock. */
#define STRIDE 32
#define INDENT 10
/* Rows above the list: what the numbers count; and below it. */
#define ABOVE 1
#define BELOW 5

struct access_screen {
    struct screen base;
    struct list list;
    struct slices slices;
    struct kv_reaches *shown; /* NULL until it was counted once */
    struct kv_reaches *counting;
};

enum access_column {
    COLUMN_WHO,
    COLUMN_TYPE,
    COLUMN_SECRETS,
    COLUMN_KEYS,
    COLUMN_CHANGES,
    COLUMN_CONTROLS,
    COLUMN_ELIGIBLE,
    COLUMN_IDLE,
    COLUMN_THROUGH,
};
#define COLUMN_COUNT 9

static const struct list_column columns[COLUMN_COUNT] = {
    [COLUMN_WHO] = { .title = "WHO" },
    [COLUMN_TYPE] = { .title = "TYPE", .width_cells = 7 },
    [COLUMN_SECRETS] = { .title = "SECRETS", .width_cells = 7, .right = true },
    [COLUMN_KEYS] = { .title = "KEYS", .width_cells = 7, .right = true },
    [COLUMN_CHANGES] = { .title = "CHANGES", .width_cells = 7, .right = true },
    [COLUMN_CONTROLS] = { .title = "CONTROLS",
        .width_cells = 8,
        .right = true },
    [COLUMN_ELIGIBLE] = { .title = "ELIGIBLE",
        .width_cells = 8,
        .appears_at = 90,
        .right = true },
    [COLUMN_IDLE] = { .title = "ASLEEP",
        .width_cells = 7,
        .appears_at = 100,
        .right = true },
    [COLUMN_THROUGH] = { .title = "THROUGH",
        .width_cells = 22,
        .appears_at = 118,
        .unsorted = true },
};

static const struct access_screen *const_of(const void *screen)
{
    return screen;
}

static struct access_screen *access_of(struct screen *screen)
{
    return (struct access_screen *)screen;
}

static const struct kv_reach_row *row_of(const void *context, uint32_t item)
{
    return kv_reaches_row(const_of(context)->shown, item);
}

/* ---- words ---- */

static void put_part(struct buf *out, size_t before, const char *part)
{
    buf_putf(out, "%s%s", out->size > before ? ", " : "", part);
}

/* "Owner, mgmt grp, sub, policies, groups" */
static void put_through(struct buf *out, const struct kv_reach_row *row)
{
    size_t before = out->size;

    for (unsigned at = KV_SCOPE_ROOT; at <= KV_SCOPE_OBJECT; at++)
        if (row->levels >> at & 1 &&
            !(at == KV_SCOPE_RESOURCE && row->by_policy && !row->widest))
            put_part(out, before, access_level_word((enum kv_scope_level)at));
    if (row->by_policy)
        put_part(out, before, "policies");
    if (row->by_local)
        put_part(out, before, "HSM roles");
    if (row->by_group)
        put_part(out, before, "groups");
}

/* ---- what the list asks ---- */

/* The columns that count, in the order of enum kv_reach. */
static bool counts(enum access_column column, enum kv_reach *out)
{
    if (column < COLUMN_SECRETS || column > COLUMN_IDLE)
        return false;
    *out = (enum kv_reach)(column - COLUMN_SECRETS);
    return true;
}

static void access_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct kv_reach_row *row = row_of(context, item);
    enum kv_reach reach;

    if (counts((enum access_column)column, &reach)) {
        if (row->count[reach])
            buf_put_count(&out->text, row->count[reach]);
    } else if (column == COLUMN_WHO) {
        access_put_who(
            &out->text, app_estate(const_of(context)->base.app), row->id);
    } else if (column == COLUMN_TYPE) {
        buf_puts(&out->text, access_type_word(row->type));
    } else {
        put_through(&out->text, row);
    }
}

static const char *name_of(const void *context, uint32_t item)
{
    const struct kv_reach_row *row = row_of(context, item);
    const struct kv_principal *principal =
        kv_estate_principal(app_estate(const_of(context)->base.app), row->id);

    return principal && principal->name ? principal->name : row->id;
}

/* The most first; among equals who reaches the most in any way. */
static struct list_order access_order(
    const void *context, uint32_t item, size_t column)
{
    const struct kv_reach_row *row = row_of(context, item);
    struct list_order order = { .text = name_of(context, item) };
    enum kv_reach reach;

    if (counts((enum access_column)column, &reach))
        order.number = (uint64_t)(UINT32_MAX - row->count[reach]) << 32 |
                       (UINT32_MAX - row->resources);
    else if (column == COLUMN_TYPE)
        order.number = (uint64_t)row->type;
    return order;
}

static enum filter_answer match_id(
    const void *context, uint32_t item, const struct filter_term *term)
{
    return filter_answer(filter_finds(term, row_of(context, item)->id));
}

static const struct filter_field fields[] = {
    { "id", "the object id", NULL, match_id },
    { 0 },
};

static bool access_word(
    const void *context, uint32_t item, const struct filter_term *term)
{
    return filter_finds(term, name_of(context, item)) ||
           filter_finds(term, row_of(context, item)->id);
}

static const struct list_ops access_list = {
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .sort_column = COLUMN_SECRETS,
    .name_column = COLUMN_WHO,
    .cell = access_cell,
    .order = access_order,
    .fields = fields,
    .word = access_word,
    .no_marks = true,
};

/* ---- counting ---- */

static void start_counting(struct screen *screen)
{
    struct access_screen *access = access_of(screen);

    kv_reaches_free(access->counting);
    access->counting = kv_reaches_new(app_estate(screen->app));
}

static bool count_some(struct screen *screen)
{
    return kv_reaches_step(access_of(screen)->counting, STRIDE);
}

/* Numbers stand for other principals then: the cursor goes by id. */
static void show_counted(struct screen *screen)
{
    struct access_screen *access = access_of(screen);
    uint32_t item = list_current(&access->list);
    const char *id =
        item == KV_NONE ? NULL : kv_reaches_row(access->shown, item)->id;
    struct kv_reaches *old = access->shown;

    access->shown = access->counting;
    access->counting = NULL;
    list_refresh(&access->list, kv_reaches_count(access->shown));
    for (uint32_t i = 0; id && i < kv_reaches_count(access->shown); i++)
        if (text_equal_nocase(kv_reaches_row(access->shown, i)->id, id))
            list_move_to(&access->list, i);
    kv_reaches_free(old);
}

static bool access_work(struct screen *screen)
{
    static const struct slices_ops ops = { start_counting, count_some,
        show_counted };

    return slices_run(&access_of(screen)->slices, &ops, screen);
}

static int access_due_ms(const struct screen *screen)
{
    return slices_due_ms(&const_of(screen)->slices, screen->app);
}

/* ---- the screen ---- */

static void access_close(struct screen *screen)
{
    kv_reaches_free(access_of(screen)->shown);
    kv_reaches_free(access_of(screen)->counting);
    list_done(&access_of(screen)->list);
    heap_free(screen);
}

static int below(int rows)
{
    return rows >= ABOVE + BELOW + 9 ? BELOW : 0;
}

static void access_layout(struct screen *screen, int rows, int width)
{
    (void)width;
    list_layout(&access_of(screen)->list, rows - ABOVE - below(rows));
}

static void access_news(struct screen *screen, unsigned news)
{
    if (news & KV_NEWS_ESTATE)
        access_of(screen)->slices.stale = true;
}

static bool access_key(struct screen *screen, struct key key)
{
    return list_key(&access_of(screen)->list, key);
}

static void access_head(const struct screen *screen, struct screen_head *out)
{
    const struct access_screen *access = const_of(screen);

    if (access->list.filter.size)
        buf_putf(&out->filter, "/ %s", access->list.filter.text);
    if (access->list.filtering)
        out->input = &access->list.filter;
    if (access->shown)
        list_put_counts(&access->list, "principals", &out->counts);
    else
        buf_puts(&out->counts, "counting ..");
}

static void put_principals(
    const struct access_screen *access, struct canvas *canvas)
{
    const struct kv_estate *estate = app_estate(access->base.app);
    uint32_t partly = kv_reaches_partly(access->shown);
    struct buf text = { .limit = 256 };

    canvas_puts(canvas, ROLE_DIM, "Counts are vaults and HSMs. ");
    if (!partly)
        return;
    buf_puts(&text, "PARTIAL: ");
    buf_put_of(&text, partly, kv_estate_resource_count(estate));
    buf_puts(&text, " are not wholly read.");
    canvas_puts(canvas, ROLE_UNKNOWN, buf_text(&text));
    buf_done(&text);
}

static void put_secrets(struct sheet *out, const struct kv_reach_row *row)
{
    uint32_t of = row->count[KV_REACH_SECRETS];
    struct buf text = { .limit = 256 };

    if (!of)
        return;
    buf_puts(&text, "reads the values in ");
    buf_put_count(&text, of);
    buf_puts(&text, of == 1 ? " vault" : " vaults");
    if (row->unlisted < of) {
        buf_puts(&text, ", ");
        buf_put_count(&text, row->secrets);
        buf_puts(&text, row->secrets == 1 ? " secret" : " secrets");
    }
    if (row->unlisted) {
        buf_puts(&text, "; how many is not known of ");
        buf_put_count(&text, row->unlisted);
        buf_puts(&text, " (--deep lists them)");
    }
    sheet_pair(out, ROLE_TEXT, INDENT, "secrets", buf_text(&text));
    buf_done(&text);
}

static void build_preview(const struct access_screen *access,
    const struct kv_reach_row *row, struct sheet *out)
{
    struct buf text = { .limit = 1024 };

    access_put_who(&text, app_estate(access->base.app), row->id);
    buf_putf(&text, "   %s", kv_principal_type_name(row->type));
    if (!text_contains_nocase(buf_text(&text), row->id))
        buf_putf(&text, " %s", row->id);
    sheet_pair(out, ROLE_TEXT, INDENT, "who", buf_text(&text));
    put_secrets(out, row);
    buf_clear(&text);
    if (row->widest)
        buf_putf(&text, "%s is its widest role; ", row->widest);
    buf_puts(&text, "from ");
    put_through(&text, row);
    sheet_pair(out, ROLE_TEXT, INDENT, "through", buf_text(&text));
    if (row->kind == KV_HOLDER_CROWD)
        sheet_put(out, ROLE_UNKNOWN, INDENT,
            "a group whose members are not readable: it stands for all of "
            "them");
    buf_done(&text);
}

static void draw_preview(
    const struct access_screen *access, struct canvas *canvas)
{
    struct canvas body =
        canvas_part(canvas, 1, 0, canvas->rows - 1, canvas->columns);
    uint32_t item = list_current(&access->list);
    struct sheet sheet = { 0 };

    if (!canvas->rows || item == KV_NONE)
        return;
    canvas_rule(canvas, 0);
    build_preview(access, kv_reaches_row(access->shown, item), &sheet);
    sheet_draw(&sheet, &body, 0);
    sheet_done(&sheet);
}

static void draw_empty(
    const struct access_screen *access, struct canvas *canvas)
{
    if (!access->shown &&
        kv_estate_resource_count(app_estate(access->base.app))) {
        canvas_move(canvas, 1, 3);
        canvas_puts(canvas, ROLE_DIM, "Counting over all vaults ..");
    } else if (access->shown && !access->list.existing &&
               kv_reaches_partly(access->shown)) {
        canvas_move(canvas, 1, 3);
        canvas_put_wrapped(canvas, ROLE_UNKNOWN,
            "Nobody is known to have a right, because role assignments or "
            "role definitions could not be read. This does NOT mean that "
            "nobody has. Coverage on the first screen says what is missing.");
    } else {
        empty_draw(access->base.app, &access->list, "principals",
            "Nobody has a right on any vault or HSM.", canvas);
    }
}

static void access_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct access_screen *access = const_of(screen);
    int under = below(canvas->rows);
    struct canvas list = canvas_part(
        canvas, ABOVE, 0, canvas->rows - ABOVE - under, canvas->columns);
    struct canvas preview =
        canvas_part(canvas, ABOVE + list.rows, 0, under, canvas->columns);
    struct canvas body = canvas_part(&list, 1, 0, list.rows - 1, list.columns);

    canvas_move(canvas, 0, 1);
    if (access->shown && access->list.existing)
        put_principals(access, canvas);
    draw_preview(access, &preview);
    list_draw(&access->list, &list);
    if (!access->list.shown_count)
        draw_empty(access, &body);
}

/* ---- its keys ---- */

static bool has_current(const struct screen *screen)
{
    return list_current(&const_of(screen)->list) != KV_NONE;
}

static void open_current(struct screen *screen)
{
    struct access_screen *access = access_of(screen);

    screen_open_principal(screen->app,
        kv_reaches_row(access->shown, list_current(&access->list))->id);
}

static const struct binding access_bindings[] = {
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "vaults",
        .help = "all vaults and HSMs that it reaches, and through what",
        .run = open_current,
        .allowed = has_current,
        .why_not = "there is nobody here",
    },
    { 0 },
};

static const struct list *access_list_of(const struct screen *screen)
{
    return const_of(screen)->shown ? &const_of(screen)->list : NULL;
}

const struct screen_ops access_screen = {
    .title = "Access",
    .about = "One row a principal; numbers count vaults and HSMs. SECRETS: "
             "reads secret values. KEYS: decrypts, signs or unwraps with keys. "
             "CHANGES: makes, copies or destroys what is inside. CONTROLS: "
             "reconfigures or deletes it, or says who may do what. ELIGIBLE: "
             "may activate more than it holds. ASLEEP: would have data if the "
             "vault used the other access model. Filters: words, type:app.",
    .close = access_close,
    .layout = access_layout,
    .draw = access_draw,
    .head = access_head,
    .key = access_key,
    .news = access_news,
    .due_ms = access_due_ms,
    .work = access_work,
    .list = access_list_of,
    .bindings = access_bindings,
    .lists = true,
};

void screen_open_access(struct app *app)
{
    struct access_screen *access = heap_new(sizeof(*access));

    access->base.ops = &access_screen;
    access->slices.stale = true;
    list_init(&access->list, &access_list, access);
    app_push(app, &access->base);
    (void)access_work(&access->base); /* keys typed ahead find rows */
}
