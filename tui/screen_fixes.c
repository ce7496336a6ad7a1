/* Fixes: one row a recommendation that fails somewhere, over all vaults: how
 * many, how dangerous its remedy is, how many it may help, and what stands in
 * the way of the rest. */
#include "app.h"
#include "empty.h"
#include "fixes.h"
#include "heap.h"
#include "list.h"
#include "sheet.h"
#include "slices.h"

#include <string.h>

#define INDENT 10
/* Resources between two looks at the clock. */
#define STRIDE 64
/* A preview of fewer rows says nothing. */
#define PREVIEW_MIN 4
#define PREVIEW_MOST 14

struct fixes_screen {
    struct screen base;
    struct list list;
    struct fixes fixes;
    struct slices slices;
};

enum fixes_column {
    COLUMN_SEVERITY,
    COLUMN_TITLE,
    COLUMN_VAULTS,
    COLUMN_GRADE,
    COLUMN_FIXABLE,
    COLUMN_BLOCKED,
    COLUMN_ID,
};
#define COLUMN_COUNT 7

static const struct list_column columns[COLUMN_COUNT] = {
    [COLUMN_SEVERITY] = { .title = "SEV", .width_cells = 4 },
    [COLUMN_TITLE] = { .title = "RECOMMENDATION" },
    [COLUMN_VAULTS] = { .title = "FAIL", .width_cells = 8, .right = true },
    [COLUMN_GRADE] = { .title = "GRADE", .width_cells = 10 },
    [COLUMN_FIXABLE] = { .title = "CAN FIX", .width_cells = 8, .right = true },
    [COLUMN_BLOCKED] = { .title = "BLOCKED",
        .width_cells = 22,
        .appears_at = 100 },
    [COLUMN_ID] = { .title = "ID", .width_cells = 7, .appears_at = 90 },
};

static const struct fixes_screen *const_of(const void *screen)
{
    return screen;
}

static struct fixes_screen *fixes_of(struct screen *screen)
{
    return (struct fixes_screen *)screen;
}

/* ---- words ---- */

/* As narrow as a column; kv_remedy_danger() says it in full. */
static const char *grade_word(enum kv_grade grade)
{
    switch (grade) {
    case KV_GRADE_SAFE:
        return "G1 safe";
    case KV_GRADE_ACCESS:
        return "G2 access";
    case KV_GRADE_ONE_WAY:
        return "G3 one-way";
    }
    return "";
}

static void put_reason(
    struct buf *out, uint32_t count, const char *reason, bool last)
{
    if (!count)
        return;
    buf_put_count(out, count);
    buf_putf(out, " %s%s", reason, last ? "" : ", ");
}

static void put_blocked(struct buf *out, const struct fix_count *count)
{
    put_reason(
        out, count->no_right, "no right", !count->locked && !count->no_way);
    put_reason(out, count->locked, "locked", !count->no_way);
    put_reason(out, count->no_way, "by hand only", true);
}

static const struct fix_count *count_of(const void *context, uint32_t item)
{
    return &const_of(context)->fixes.rows[item];
}

/* ---- what the list asks ---- */

static bool fixes_exists(const void *context, uint32_t item)
{
    const struct app *app = const_of(context)->base.app;

    return kv_row_asks(&kv_catalogue[item],
               kv_session_policy(app_session(app))->baseline) !=
               KV_ASKS_NOTHING &&
           count_of(context, item)->failing > 0;
}

/* With its unit where it does not count vaults and HSMs. */
static void put_failing(const void *context, uint32_t item, struct buf *out)
{
    uint32_t failing = count_of(context, item)->failing;

    switch (kv_row_level(&kv_catalogue[item])) {
    case KV_LEVEL_RESOURCE:
        buf_put_count(out, failing);
        return;
    case KV_LEVEL_SUBSCRIPTION:
        buf_put_count(out, failing);
        buf_puts(out, failing == 1 ? " sub" : " subs");
        return;
    case KV_LEVEL_TENANT:
        buf_puts(out, "tenant");
    }
}

static void fixes_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct kv_recommendation *row = &kv_catalogue[item];
    const struct fix_count *count = count_of(context, item);
    const struct kv_remedy *remedy = fixes_remedy(item, 0);

    switch ((enum fixes_column)column) {
    case COLUMN_SEVERITY:
        buf_puts(&out->text, kv_severity_mark(row->severity));
        out->role = role_of_severity(row->severity);
        break;
    case COLUMN_TITLE:
        buf_puts(&out->text, row->fails);
        break;
    case COLUMN_VAULTS:
        put_failing(context, item, &out->text);
        break;
    case COLUMN_GRADE:
        buf_puts(&out->text, remedy ? grade_word(remedy->grade) : "guide only");
        if (!remedy)
            out->role = ROLE_DIM;
        break;
    case COLUMN_FIXABLE:
        if (remedy)
            buf_put_count(&out->text, count->fixable);
        if (count->unsure)
            buf_putc(&out->text, '?');
        break;
    case COLUMN_BLOCKED:
        put_blocked(&out->text, count);
        break;
    case COLUMN_ID:
        buf_puts(&out->text, row->id);
        break;
    }
}

/* Worst first, then the most. */
static uint64_t weight(const void *context, uint32_t item)
{
    return (uint64_t)(KV_SEVERITY_COUNT - kv_catalogue[item].severity) << 32 |
           (UINT32_MAX - count_of(context, item)->failing);
}

static struct list_order fixes_order(
    const void *context, uint32_t item, size_t column)
{
    const struct fix_count *count = count_of(context, item);
    const struct kv_remedy *remedy = fixes_remedy(item, 0);
    struct list_order order = { .text = kv_catalogue[item].id };

    switch ((enum fixes_column)column) {
    case COLUMN_SEVERITY:
        order.number = weight(context, item);
        break;
    case COLUMN_TITLE:
        order.text = kv_catalogue[item].fails;
        break;
    case COLUMN_VAULTS:
        order.number = UINT32_MAX - count->failing;
        break;
    case COLUMN_GRADE:
        order.number = remedy ? (uint64_t)remedy->grade : KV_GRADE_ONE_WAY + 1;
        break;
    case COLUMN_FIXABLE:
        order.number =
            (uint64_t)(count->fixable == 0) << 40 | weight(context, item);
        break;
    case COLUMN_BLOCKED:
        order.number = UINT32_MAX - (count->failing - count->fixable);
        break;
    case COLUMN_ID:
        break;
    }
    return order;
}

static bool fixes_word(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct kv_recommendation *row = &kv_catalogue[item];

    (void)context;
    return filter_finds(term, row->fails) || filter_finds(term, row->title) ||
           filter_finds(term, row->id);
}

static enum filter_answer match_severity(
    const void *context, uint32_t item, const struct filter_term *term)
{
    (void)context;
    return filter_answer(term->mask >> kv_catalogue[item].severity & 1);
}

static const struct filter_field fields[] = {
    { "sev", "how bad it is", filter_severities, match_severity },
    { 0 },
};

static const struct list_ops fixes_list = {
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .sort_column = COLUMN_SEVERITY,
    .name_column = COLUMN_TITLE,
    .exists = fixes_exists,
    .cell = fixes_cell,
    .order = fixes_order,
    .fields = fields,
    .word = fixes_word,
    .no_marks = true,
};

/* ---- the preview ---- */

static void put_remedy(struct sheet *out, const struct kv_remedy *remedy)
{
    struct buf text = { .limit = 1024 };

    buf_putf(&text, "%s  (%s)", remedy->title, kv_remedy_danger(remedy));
    sheet_pair(out, ROLE_TEXT, INDENT, "change", buf_text(&text));
    buf_done(&text);
    sheet_pair(out, ROLE_TEXT, INDENT, "impact", remedy->effect);
    sheet_pair(out, ROLE_TEXT, INDENT, "undo",
        remedy->undo ? "yes, from the journal: the values before are kept"
                     : "no: it cannot be taken back");
    if (remedy->cost)
        sheet_pair(out, ROLE_TEXT, INDENT, "cost", remedy->cost);
}

static void put_counts(struct sheet *out, const struct fix_count *count)
{
    struct buf text = { .limit = 512 };

    put_blocked(&text, count);
    if (text.size)
        sheet_pair(out, ROLE_TEXT, INDENT, "blocked", buf_text(&text));
    buf_clear(&text);
    if (count->unsure) {
        buf_put_count(&text, count->unsure);
        buf_puts(&text,
            " may turn out blocked: who you are, your roles or the locks are "
            "not all readable. The preview asks Azure.");
        sheet_pair(out, ROLE_UNKNOWN, INDENT, "unsure", buf_text(&text));
    }
    buf_done(&text);
}

static void build_preview(
    const struct fixes_screen *fixes, uint32_t item, struct sheet *out)
{
    const struct kv_recommendation *row = &kv_catalogue[item];
    const struct kv_remedy *remedy;

    sheet_pair(out, ROLE_TITLE, INDENT, row->id, row->title);
    put_counts(out, count_of(fixes, item));
    for (size_t i = 0; (remedy = fixes_remedy(item, i)); i++)
        put_remedy(out, remedy);
    if (!fixes_remedy(item, 0) && row->fix)
        sheet_pair(out, ROLE_TEXT, INDENT, "by hand", row->fix);
    if (row->why)
        sheet_pair(out, ROLE_TEXT, INDENT, "why", row->why);
}

static int preview_rows(const struct fixes_screen *fixes, int rows)
{
    int most = rows * 9 / 20;

    if (!fixes->list.shown_count || most < PREVIEW_MIN)
        return 0;
    return most < PREVIEW_MOST ? most : PREVIEW_MOST;
}

static void draw_preview(
    const struct fixes_screen *fixes, struct canvas *canvas)
{
    struct canvas body =
        canvas_part(canvas, 1, 0, canvas->rows - 1, canvas->columns);
    uint32_t item = list_current(&fixes->list);
    struct sheet sheet = { 0 };

    if (!canvas->rows || item == KV_NONE)
        return;
    canvas_rule(canvas, 0);
    build_preview(fixes, item, &sheet);
    sheet_draw(&sheet, &body, 0);
    sheet_done(&sheet);
}

/* ---- the screen ---- */

static void fixes_close(struct screen *screen)
{
    fixes_done(&fixes_of(screen)->fixes);
    list_done(&fixes_of(screen)->list);
    heap_free(screen);
}

static void lay_out(struct fixes_screen *fixes, int rows)
{
    list_layout(&fixes->list, rows - preview_rows(fixes, rows));
}

static void fixes_layout(struct screen *screen, int rows, int width)
{
    (void)width;
    lay_out(fixes_of(screen), rows);
}

static void fixes_news(struct screen *screen, unsigned news)
{
    if (news & (KV_NEWS_ESTATE | KV_NEWS_POSTURE | KV_NEWS_SIGN_IN))
        fixes_of(screen)->slices.stale = true;
}

static void start_counting(struct screen *screen)
{
    fixes_start(&fixes_of(screen)->fixes);
}

static bool count_some(struct screen *screen)
{
    return fixes_step(&fixes_of(screen)->fixes, STRIDE);
}

static void show_counted(struct screen *screen)
{
    list_refresh(&fixes_of(screen)->list, (uint32_t)kv_catalogue_count);
}

static bool fixes_work(struct screen *screen)
{
    static const struct slices_ops ops = { start_counting, count_some,
        show_counted };

    return slices_run(&fixes_of(screen)->slices, &ops, screen);
}

static int fixes_due_ms(const struct screen *screen)
{
    return slices_due_ms(&const_of(screen)->slices, screen->app);
}

static bool fixes_key(struct screen *screen, struct key key)
{
    return list_key(&fixes_of(screen)->list, key);
}

static void fixes_head(const struct screen *screen, struct screen_head *out)
{
    const struct fixes_screen *fixes = const_of(screen);

    if (fixes->list.filter.size)
        buf_putf(&out->filter, "/ %s", fixes->list.filter.text);
    if (fixes->list.filtering)
        out->input = &fixes->list.filter;
    if (!fixes->fixes.known)
        buf_puts(&out->counts, "counting ..");
    else
        list_put_counts(&fixes->list, "recommendations", &out->counts);
}

static void fixes_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct fixes_screen *fixes = const_of(screen);
    int below = preview_rows(fixes, canvas->rows);
    struct canvas list =
        canvas_part(canvas, 0, 0, canvas->rows - below, canvas->columns);
    struct canvas preview =
        canvas_part(canvas, list.rows, 0, below, canvas->columns);
    struct canvas body = canvas_part(&list, 1, 0, list.rows - 1, list.columns);

    draw_preview(fixes, &preview);
    list_draw(&fixes->list, &list);
    if (fixes->list.shown_count)
        return;
    if (!fixes->fixes.known &&
        kv_estate_resource_count(app_estate(screen->app))) {
        canvas_move(&body, 1, 3);
        canvas_puts(&body, ROLE_DIM, "Counting over all vaults ..");
        return;
    }
    empty_draw(screen->app, &fixes->list, "recommendations",
        "Nothing fails: there is nothing to put right.", &body);
}

/* ---- its keys ---- */

static bool has_current(const struct screen *screen)
{
    return list_current(&const_of(screen)->list) != KV_NONE;
}

static void open_current(struct screen *screen)
{
    screen_open_vaults(screen->app, list_current(&fixes_of(screen)->list));
}

static void fix(struct screen *screen)
{
    uint32_t row = list_current(&fixes_of(screen)->list);
    uint32_t *failing;
    size_t count = fixes_copy_failing(app_session(screen->app), row, &failing);

    screen_open_fix(screen->app, failing, count, row);
    heap_free(failing);
}

static const struct binding fixes_bindings[] = {
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "vaults",
        .help = "the vaults that fail this or are unknown",
        .run = open_current,
        .allowed = has_current,
        .why_not = "there is no row here",
    },
    {
        .name = "fix",
        .key = 'x',
        .hint = "fix",
        .help = "start the fix for all that fail it; asks before it changes",
        .run = fix,
        .allowed = has_current,
        .why_not = "there is no row here",
    },
    { 0 },
};

static const struct list *fixes_list_of(const struct screen *screen)
{
    return &const_of(screen)->list;
}

const struct screen_ops fixes_screen = {
    .title = "Fixes",
    .about = "One row a recommendation that fails, over all vaults. GRADE is "
             "how dangerous its remedy is, guide only: it is put right by "
             "hand. CAN FIX counts those that no lock and no missing right is "
             "known to stand in the way of; ? some of that is not readable.",
    .close = fixes_close,
    .layout = fixes_layout,
    .draw = fixes_draw,
    .head = fixes_head,
    .key = fixes_key,
    .news = fixes_news,
    .due_ms = fixes_due_ms,
    .work = fixes_work,
    .list = fixes_list_of,
    .bindings = fixes_bindings,
    .lists = true,
};

void screen_open_fixes(struct app *app)
{
    struct fixes_screen *fixes = heap_new(sizeof(*fixes));

    fixes->base.ops = &fixes_screen;
    fixes_init(&fixes->fixes, app_session(app));
    fixes->slices.stale = true;
    list_init(&fixes->list, &fixes_list, fixes);
    app_push(app, &fixes->base);
    (void)fixes_work(&fixes->base); /* keys typed ahead find rows */
}
