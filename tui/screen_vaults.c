/* Vaults: every vault and HSM, one row each, worst first. */
#include "app.h"
#include "empty.h"
#include "heap.h"
#include "list.h"
#include "unlisted.h"
#include "vault_row.h"

#include <string.h>

/* Above this many resources the list is brought up to date once a second while
 * a scan streams in, so that keys stay quick. */
#define LARGE 5000
#define LARGE_REFRESH_MS 1000
#define UNLISTED_FROM 6 /* rows; a list of fewer keeps them all */
#define PREVIEW_ROWS 7

struct vaults_screen {
    struct screen base;
    struct list list;
    uint32_t row; /* of the catalogue; KV_NONE: every resource */
    bool stale;
    bool preview;
    int rows; /* of the body */
    int64_t refreshed_ms;
};

static const struct vaults_screen *const_of(const void *screen)
{
    return screen;
}

static struct vaults_screen *vaults_of(struct screen *screen)
{
    return (struct vaults_screen *)screen;
}

/* ---- what the list asks ---- */

/* What somebody has to look at; also what is accepted for now. */
static bool is_open(enum kv_verdict verdict)
{
    return verdict == KV_VERDICT_FAIL || verdict == KV_VERDICT_UNKNOWN ||
           verdict == KV_VERDICT_EXCEPTED || verdict == KV_VERDICT_MANUAL;
}

static bool vaults_exists(const void *context, uint32_t item)
{
    const struct vaults_screen *vaults = context;
    const struct app *app = vaults->base.app;

    if (kv_estate_resource(app_estate(app), item)->gone)
        return false;
    return vaults->row == KV_NONE ||
           is_open(kv_posture_verdict(app_posture(app), vaults->row, item));
}

static void vaults_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    struct vault_row row = vault_row_of(context, item);

    vault_row_cell(&row, (enum vault_column)column, out);
}

static struct list_order vaults_order(
    const void *context, uint32_t item, size_t column)
{
    struct vault_row row = vault_row_of(context, item);

    return vault_row_order(&row, (enum vault_column)column);
}

static const struct list_ops vaults_list = {
    .columns = vault_columns,
    .column_count = VAULT_COLUMN_COUNT,
    .sort_column = VAULT_COLUMN_SEVERITY,
    .name_column = VAULT_COLUMN_NAME,
    .exists = vaults_exists,
    .cell = vaults_cell,
    .order = vaults_order,
    .fields = vault_fields,
    .word = vault_row_word,
};

/* ---- the screen ---- */

static void vaults_close(struct screen *screen)
{
    list_done(&vaults_of(screen)->list);
    heap_free(screen);
}

/* One row tells of subscriptions that are missing, where some are. */
static int unlisted_rows(const struct vaults_screen *vaults, int rows)
{
    return rows > UNLISTED_FROM && unlisted_any(app_estate(vaults->base.app));
}

static int list_rows(const struct vaults_screen *vaults, int rows)
{
    rows -= unlisted_rows(vaults, rows);
    return vaults->preview && rows > PREVIEW_ROWS * 2 ? rows - PREVIEW_ROWS
                                                      : rows;
}

static void vaults_layout(struct screen *screen, int rows, int columns)
{
    struct vaults_screen *vaults = vaults_of(screen);

    (void)columns;
    vaults->rows = rows;
    list_layout(&vaults->list, list_rows(vaults, rows));
}

static void vaults_news(struct screen *screen, unsigned news)
{
    if (news & (KV_NEWS_ESTATE | KV_NEWS_POSTURE | KV_NEWS_SCAN))
        vaults_of(screen)->stale = true;
}

static int wait_ms(const struct vaults_screen *vaults)
{
    int64_t next = vaults->refreshed_ms + LARGE_REFRESH_MS;
    int64_t now_ms = app_steady_ms(vaults->base.app);

    if (vaults->list.item_count < LARGE || next <= now_ms)
        return 0;
    return (int)(next - now_ms);
}

static void vaults_prepare(struct screen *screen)
{
    struct vaults_screen *vaults = vaults_of(screen);

    if (!vaults->stale || wait_ms(vaults) > 0)
        return;
    vaults->stale = false;
    list_refresh(
        &vaults->list, kv_estate_resource_count(app_estate(screen->app)));
    vaults->refreshed_ms = app_steady_ms(screen->app);
}

static int vaults_due_ms(const struct screen *screen)
{
    const struct vaults_screen *vaults = const_of(screen);

    return vaults->stale ? wait_ms(vaults) : -1;
}

static bool vaults_key(struct screen *screen, struct key key)
{
    return list_key(&vaults_of(screen)->list, key);
}

static void vaults_head(const struct screen *screen, struct screen_head *out)
{
    const struct vaults_screen *vaults = const_of(screen);

    if (vaults->row != KV_NONE)
        buf_putf(&out->crumb, "%s: %s", kv_catalogue[vaults->row].id,
            kv_catalogue[vaults->row].fails);
    if (vaults->list.filter.size)
        buf_putf(&out->filter, "/ %s", vaults->list.filter.text);
    if (vaults->list.filtering)
        out->input = &vaults->list.filter;
    list_put_counts(&vaults->list, "vaults", &out->counts);
}

static const char *mark_of(enum kv_verdict verdict, enum kv_severity severity)
{
    switch (verdict) {
    case KV_VERDICT_UNKNOWN:
        return "?";
    case KV_VERDICT_EXCEPTED:
        return "exc";
    case KV_VERDICT_MANUAL:
        return "ask";
    case KV_VERDICT_NONE:
    case KV_VERDICT_UNREAD:
    case KV_VERDICT_PASS:
    case KV_VERDICT_FAIL:
    case KV_VERDICT_NOT_APPLICABLE:
        break;
    }
    return kv_severity_mark(severity);
}

/* One row of the preview, the first line of the evidence; false when the
 * recommendation holds. */
static bool draw_finding(const struct vaults_screen *vaults,
    struct canvas *canvas, uint32_t row, uint32_t item)
{
    const struct kv_posture *posture = app_posture(vaults->base.app);
    enum kv_verdict verdict = kv_posture_verdict(posture, row, item);
    enum kv_severity severity = kv_catalogue[row].severity;
    struct buf evidence = { .limit = 4096 };
    struct buf first = { .limit = 4096 };
    struct view text;

    if (!is_open(verdict))
        return false;
    kv_posture_evidence(posture, row, item, &evidence);
    text = buf_view(&evidence);
    buf_put(&first, view_cut(&text, '\n'));
    canvas_put_left(canvas, role_of_verdict(verdict, severity), 5,
        mark_of(verdict, severity));
    canvas_put_left(canvas, ROLE_TEXT, canvas->columns - 7, buf_text(&first));
    buf_done(&first);
    buf_done(&evidence);
    return true;
}

/* What fails and what is unknown of the row under the cursor, worst first. */
static void draw_preview(
    const struct vaults_screen *vaults, struct canvas *canvas)
{
    uint32_t item = list_current(&vaults->list);
    int line = 1;

    canvas_rule(canvas, 0);
    canvas_move(canvas, line, 1);
    for (int at = KV_SEVERITY_CRITICAL; at >= 0 && item != KV_NONE; at--)
        for (uint32_t row = 0; row < kv_catalogue_count; row++)
            if ((int)kv_catalogue[row].severity == at &&
                draw_finding(vaults, canvas, row, item))
                canvas_move(canvas, ++line, 1);
    if (line == 1 && item != KV_NONE)
        canvas_puts(canvas, ROLE_DIM, "Nothing fails, nothing is unknown.");
}

static void vaults_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct vaults_screen *vaults = const_of(screen);
    int rows = list_rows(vaults, canvas->rows);
    struct canvas list = canvas_part(canvas, 0, 0, rows, canvas->columns);
    int missing = unlisted_rows(vaults, canvas->rows);
    struct canvas below = canvas_part(canvas, rows + missing, 0,
        canvas->rows - rows - missing, canvas->columns);

    canvas_move(canvas, rows, 1);
    if (missing)
        unlisted_draw(app_estate(screen->app), canvas);
    if (below.rows)
        draw_preview(vaults, &below);
    list_draw(&vaults->list, &list);
    if (!vaults->list.shown_count) {
        struct canvas body =
            canvas_part(&list, 1, 0, list.rows - 1, list.columns);

        empty_draw(screen->app, &vaults->list, "vaults",
            vaults->row == KV_NONE
                ? "There are no vaults and no managed HSMs here."
                : "No vault fails this and none is unknown.",
            &body);
    }
}

/* ---- its keys ---- */

static bool has_current(const struct screen *screen)
{
    return list_current(&const_of(screen)->list) != KV_NONE;
}

static void open_current(struct screen *screen)
{
    screen_open_detail(screen->app, list_current(&vaults_of(screen)->list));
}

static void fix(struct screen *screen)
{
    struct vaults_screen *vaults = vaults_of(screen);
    uint32_t *chosen;
    size_t count = list_copy_chosen(&vaults->list, &chosen);
    uint32_t hidden = list_hidden_marks(&vaults->list);

    if (hidden)
        app_notice(screen->app, KV_NOTICE_INFO,
            "%zu marked, %u of them outside the filter: all are listed here",
            count, hidden);
    screen_open_fix(screen->app, chosen, count, vaults->row);
    heap_free(chosen);
}

static void toggle_preview(struct screen *screen)
{
    struct vaults_screen *vaults = vaults_of(screen);

    vaults->preview = !vaults->preview;
    list_layout(&vaults->list, list_rows(vaults, vaults->rows));
}

static void reread(struct screen *screen)
{
    uint32_t item = list_current(&vaults_of(screen)->list);

    kv_session_reread(app_session(screen->app), item);
    app_notice(screen->app, KV_NOTICE_INFO, "reading %s again",
        kv_estate_resource(app_estate(screen->app), item)->name);
}

static void open_matrix(struct screen *screen)
{
    screen_open_matrix(screen->app);
}

static void open_trend(struct screen *screen)
{
    screen_open_trend(
        screen->app, KV_NONE, list_current(&vaults_of(screen)->list));
}

static const struct binding vaults_bindings[] = {
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "open",
        .help = "everything about this one",
        .run = open_current,
        .allowed = has_current,
        .why_not = "there is no vault here",
    },
    {
        .name = "fix",
        .key = 'x',
        .hint = "fix",
        .help = "fix the marked ones, or this one; asks before it changes",
        .run = fix,
        .allowed = has_current,
        .why_not = "there is no vault here",
    },
    {
        .name = "matrix",
        .key = 'm',
        .help = "the same as a matrix: vaults by recommendations",
        .run = open_matrix,
    },
    {
        .name = "trend",
        .key = 't',
        .help = "what failed here on each of the last 90 days",
        .run = open_trend,
        .allowed = has_current,
        .why_not = "there is no vault here",
    },
    {
        .name = "preview",
        .key = 'p',
        .hint = "preview",
        .help = "show below what fails here",
        .run = toggle_preview,
    },
    {
        .name = "reread",
        .key = 'r',
        .also = CODE_F5,
        .hint = "re-read",
        .help = "read this one again",
        .run = reread,
        .allowed = has_current,
        .why_not = "there is no vault here",
    },
    { 0 },
};

static const struct list *vaults_list_of(const struct screen *screen)
{
    return &const_of(screen)->list;
}

static uint32_t vaults_resource(const struct screen *screen)
{
    return list_current(&const_of(screen)->list);
}

const struct screen_ops vaults_screen = {
    .title = "Vaults",
    .about = "Every vault and managed HSM, worst first. SEV is the worst "
             "that fails; C/H/M/? counts what fails by severity, then what is "
             "unknown. Filters: words, name:, "
             "sev>=high, net:open, tag:env=prod, fail:NET-2, changed<7d, "
             "!word. They keep what is unknown unless known: is there.",
    .close = vaults_close,
    .layout = vaults_layout,
    .prepare = vaults_prepare,
    .draw = vaults_draw,
    .head = vaults_head,
    .key = vaults_key,
    .news = vaults_news,
    .due_ms = vaults_due_ms,
    .list = vaults_list_of,
    .resource = vaults_resource,
    .bindings = vaults_bindings,
    .lists = true,
    .marks = true,
};

static struct vaults_screen *open_vaults(struct app *app, uint32_t row)
{
    struct vaults_screen *vaults = heap_new(sizeof(*vaults));

    vaults->base.ops = &vaults_screen;
    vaults->row = row;
    vaults->stale = true;
    list_init(&vaults->list, &vaults_list, vaults);
    app_push(app, &vaults->base);
    vaults_prepare(&vaults->base);
    return vaults;
}

void screen_open_vaults(struct app *app, uint32_t row)
{
    (void)open_vaults(app, row);
}

/* Names need not be told apart by anything but their ids, nor fit between
 * quotes. */
static bool is_unmistakable(const struct kv_estate *estate, const char *name)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++)
        count +=
            text_equal_nocase(kv_estate_subscription(estate, i)->name, name);
    return count == 1 && !strchr(name, '"');
}

void screen_open_vaults_of(struct app *app, uint32_t subscription)
{
    const struct kv_estate *estate = app_estate(app);
    const struct kv_subscription *one =
        kv_estate_subscription(estate, subscription);
    struct buf filter = { .limit = INPUT_BYTES };

    buf_putf(&filter, "sub=\"%s\"",
        is_unmistakable(estate, one->name) ? one->name : one->id);
    list_set_filter(&open_vaults(app, KV_NONE)->list, buf_text(&filter));
    buf_done(&filter);
}
