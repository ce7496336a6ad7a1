/* Posture: the first screen. Totals by severity, one row a recommendation,
 * and why what is unknown is unknown. */
#include "app.h"
#include "coverage.h"
#include "due.h"
#include "empty.h"
#include "heap.h"
#include "list.h"
#include "slices.h"
#include "unlisted.h"
#include "worst.h"

#include <stdio.h>
#include <string.h>

/* Rows above the list: rule, totals, blank. */
#define ABOVE 3
/* Rows below it, where there is room: the note and the gaps. */
#define BELOW 5
#define SHARE_CELLS 14
#define SHARE_COLUMNS 118 /* of the screen, for it to appear */

struct posture_screen {
    struct screen base;
    struct list list;
    struct coverage coverage;
    bool stale;
    struct slices slices; /* of `weeks` */
    struct week *weeks;   /* by row of the catalogue */
    uint32_t next_week;
    int worst_rows;         /* of the worst subscriptions; 0: not shown */
    struct slices counting; /* of `subscriptions`, where they are shown */
    struct subscriptions subscriptions;
};

/* What failed seven days ago. */
struct week {
    uint32_t fail;
    bool known; /* a scan before its end is kept */
};
#define WEEK_DAYS 8

enum posture_column {
    COLUMN_SEVERITY,
    COLUMN_TITLE,
    COLUMN_FAIL,
    COLUMN_UNKNOWN,
    COLUMN_PASS,
    COLUMN_KNOWN,
    COLUMN_WEEK,
    COLUMN_ID,
    COLUMN_SHARE,
};
#define COLUMN_COUNT 9

static const struct list_column columns[COLUMN_COUNT] = {
    [COLUMN_SEVERITY] = { .title = "SEV", .width_cells = 4 },
    [COLUMN_TITLE] = { .title = "RECOMMENDATION" },
    [COLUMN_FAIL] = { .title = "FAIL", .width_cells = 8, .right = true },
    [COLUMN_UNKNOWN] = { .title = "UNKNOWN",
        .width_cells = 7,
        .right = true },
    [COLUMN_PASS] = { .title = "PASS",
        .width_cells = 7,
        .appears_at = 70,
        .right = true },
    [COLUMN_KNOWN] = { .title = "KNOWN",
        .width_cells = 7,
        .appears_at = 70,
        .right = true },
    [COLUMN_WEEK] = { .title = "7 DAYS",
        .width_cells = 7,
        .appears_at = 100,
        .right = true },
    [COLUMN_ID] = { .title = "ID", .width_cells = 7, .appears_at = 90 },
    [COLUMN_SHARE] = {
        .title = "SHARE",
        .width_cells = SHARE_CELLS,
        .appears_at = SHARE_COLUMNS,
        .unsorted = true,
    },
};

static const struct posture_screen *const_of(const void *screen)
{
    return screen;
}

static struct posture_screen *posture_of(struct screen *screen)
{
    return (struct posture_screen *)screen;
}

/* ---- what the list asks ---- */

static const struct kv_tally *tally_of(const void *context, uint32_t item)
{
    return kv_posture_row(app_posture(const_of(context)->base.app), item);
}

static uint32_t applies(const struct kv_tally *tally)
{
    return tally->count[KV_VERDICT_FAIL] + tally->count[KV_VERDICT_PASS] +
           tally->count[KV_VERDICT_UNKNOWN] + tally->count[KV_VERDICT_UNREAD] +
           tally->count[KV_VERDICT_EXCEPTED] + tally->count[KV_VERDICT_MANUAL];
}

static void put_known(const struct kv_tally *tally, struct list_cell *out)
{
    if (tally->count[KV_VERDICT_NONE]) {
        buf_puts(&out->text, "reading");
        out->role = ROLE_UNKNOWN;
    } else if (applies(tally) &&
               tally->count[KV_VERDICT_UNREAD] == applies(tally)) {
        buf_puts(&out->text, "unread");
        out->role = ROLE_UNKNOWN;
    } else if (applies(tally)) {
        buf_putf(&out->text, "%.1f%%", kv_tally_known_percent(tally));
    }
}

/* Against seven days ago; nothing where no scan of then is kept. */
static void put_week(
    const struct posture_screen *posture, uint32_t item, struct buf *out)
{
    const struct week *week = &posture->weeks[item];
    int64_t change =
        (int64_t)tally_of(posture, item)->count[KV_VERDICT_FAIL] - week->fail;

    if (!week->known)
        return;
    buf_puts(out, change < 0 ? "-" : change > 0 ? "+" : "");
    buf_put_count(out, (uint64_t)(change < 0 ? -change : change));
}

/* With its unit where it does not count vaults and HSMs. */
static void put_failing(const struct kv_recommendation *row,
    const struct kv_tally *tally, struct buf *out)
{
    uint32_t count = tally->count[KV_VERDICT_FAIL];

    buf_put_count(out, count);
    switch (kv_row_level(row)) {
    case KV_LEVEL_RESOURCE:
        break;
    case KV_LEVEL_SUBSCRIPTION:
        buf_puts(out, count == 1 ? " sub" : " subs");
        break;
    case KV_LEVEL_TENANT:
        buf_puts(out, " tenant");
    }
}

/* Of the whole, rounded up, but so that `others` keep a cell each. */
static uint64_t share_cells(uint64_t part, uint64_t all, uint64_t others)
{
    uint64_t cells = (part * SHARE_CELLS + all - 1) / all;

    return cells + others > SHARE_CELLS ? SHARE_CELLS - others : cells;
}

/* A bar in which every part that exists gets at least one cell. */
static void put_share(const struct kv_tally *tally, struct list_cell *out)
{
    uint64_t all = applies(tally);
    uint64_t fail = tally->count[KV_VERDICT_FAIL];
    uint64_t unknown = tally->count[KV_VERDICT_UNKNOWN];
    bool rest = all > fail + unknown;
    uint64_t fail_end;
    uint64_t unknown_end;

    if (!all)
        return;
    fail_end = share_cells(fail, all, (uint64_t)rest + (unknown > 0));
    unknown_end = fail_end + share_cells(unknown, all, fail_end + rest);
    for (uint64_t i = 0; i < SHARE_CELLS; i++)
        buf_putc(&out->text, i < fail_end ? '#' : i < unknown_end ? '?' : '.');
}

/* What the baseline does not ask is no row. */
static bool posture_exists(const void *context, uint32_t item)
{
    const struct app *app = const_of(context)->base.app;

    return kv_row_asks(&kv_catalogue[item],
               kv_session_policy(app_session(app))->baseline) !=
           KV_ASKS_NOTHING;
}

static void posture_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct kv_recommendation *row = &kv_catalogue[item];
    const struct kv_tally *tally = tally_of(context, item);

    switch ((enum posture_column)column) {
    case COLUMN_SEVERITY:
        buf_puts(&out->text, kv_severity_mark(row->severity));
        out->role = role_of_severity(row->severity);
        break;
    case COLUMN_TITLE:
        buf_puts(&out->text, row->fails);
        break;
    case COLUMN_FAIL:
        put_failing(row, tally, &out->text);
        if (tally->count[KV_VERDICT_FAIL])
            out->role = role_of_severity(row->severity);
        break;
    case COLUMN_UNKNOWN:
        buf_put_count(&out->text, tally->count[KV_VERDICT_UNKNOWN]);
        if (tally->count[KV_VERDICT_UNKNOWN])
            out->role = ROLE_UNKNOWN;
        break;
    case COLUMN_PASS:
        buf_put_count(&out->text, tally->count[KV_VERDICT_PASS]);
        break;
    case COLUMN_KNOWN:
        put_known(tally, out);
        break;
    case COLUMN_WEEK:
        put_week(const_of(context), item, &out->text);
        break;
    case COLUMN_ID:
        buf_puts(&out->text, row->id);
        break;
    case COLUMN_SHARE:
        put_share(tally, out);
        break;
    }
}

/* What grew most first; what is not known last. */
static uint64_t week_order(const struct posture_screen *posture, uint32_t item)
{
    const struct week *week = &posture->weeks[item];
    uint64_t now = tally_of(posture, item)->count[KV_VERDICT_FAIL];

    return week->known ? (uint64_t)UINT32_MAX + week->fail - now : UINT64_MAX;
}

static struct list_order posture_order(
    const void *context, uint32_t item, size_t column)
{
    const struct kv_recommendation *row = &kv_catalogue[item];
    const struct kv_tally *tally = tally_of(context, item);
    struct list_order order = { .text = row->id };
    uint64_t least = UINT32_MAX;

    switch ((enum posture_column)column) {
    case COLUMN_SEVERITY:
        order.number = (uint64_t)(KV_SEVERITY_COUNT - row->severity) << 32 |
                       (least - tally->count[KV_VERDICT_FAIL]);
        break;
    case COLUMN_TITLE:
        order.text = row->fails;
        break;
    case COLUMN_FAIL:
        order.number = least - tally->count[KV_VERDICT_FAIL];
        break;
    case COLUMN_UNKNOWN:
        order.number = least - tally->count[KV_VERDICT_UNKNOWN];
        break;
    case COLUMN_PASS:
        order.number = tally->count[KV_VERDICT_PASS];
        break;
    case COLUMN_KNOWN:
        order.number = (uint64_t)(kv_tally_known_percent(tally) * 1000);
        break;
    case COLUMN_WEEK:
        order.number = week_order(const_of(context), item);
        break;
    case COLUMN_ID:
    case COLUMN_SHARE:
        break;
    }
    return order;
}

static enum filter_answer match_severity(
    const void *context, uint32_t item, const struct filter_term *term)
{
    (void)context;
    return filter_answer(term->mask >> kv_catalogue[item].severity & 1);
}

static enum filter_answer match_unknown(
    const void *context, uint32_t item, const struct filter_term *term)
{
    (void)term;
    return filter_answer(
        tally_of(context, item)->count[KV_VERDICT_UNKNOWN] > 0);
}

static enum filter_answer match_known(
    const void *context, uint32_t item, const struct filter_term *term)
{
    (void)term;
    return filter_answer(
        kv_tally_known_percent(tally_of(context, item)) >= 100);
}

static const struct filter_field fields[] = {
    { "sev", "how bad it is", filter_severities, match_severity },
    { "unknown", "not known of all", NULL, match_unknown },
    { "known", "known of all", NULL, match_known },
    { 0 },
};

/* A vault's name is not here; what passes has another name than what fails. */
static bool posture_word(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct kv_recommendation *row = &kv_catalogue[item];

    (void)context;
    return filter_finds(term, row->fails) || filter_finds(term, row->title) ||
           filter_finds(term, row->id);
}

static const struct list_ops posture_list = {
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .sort_column = COLUMN_SEVERITY,
    .name_column = COLUMN_TITLE,
    .exists = posture_exists,
    .cell = posture_cell,
    .order = posture_order,
    .fields = fields,
    .word = posture_word,
    .no_marks = true,
};

/* ---- the screen ---- */

static int below(int rows)
{
    return rows >= ABOVE + BELOW + 10 ? BELOW : 0;
}

static void posture_close(struct screen *screen)
{
    list_done(&posture_of(screen)->list);
    subscriptions_done(&posture_of(screen)->subscriptions);
    heap_free(posture_of(screen)->weeks);
    heap_free(screen);
}

static void posture_layout(struct screen *screen, int rows, int width)
{
    struct posture_screen *posture = posture_of(screen);

    posture->worst_rows = worst_rows(rows, width);
    list_layout(
        &posture->list, rows - ABOVE - posture->worst_rows - below(rows));
}

static void posture_news(struct screen *screen, unsigned news)
{
    if (news & (KV_NEWS_ESTATE | KV_NEWS_POSTURE | KV_NEWS_SCAN))
        posture_of(screen)->stale = true;
    if (news & KV_NEWS_SCAN)
        posture_of(screen)->slices.stale = true;
    if (news & (KV_NEWS_ESTATE | KV_NEWS_POSTURE))
        posture_of(screen)->counting.stale = true;
}

/* More comes by itself: what is counted now is counted again soon. */
static bool is_growing(const struct app *app)
{
    const struct kv_scan *scan = kv_session_scan(app_session(app));

    return scan->state == KV_SCAN_RUNNING || scan->loading;
}

/* ---- seven days ago, a row at a time ---- */

static void start_weeks(struct screen *screen)
{
    posture_of(screen)->next_week = 0;
}

static bool look_at_a_week(struct screen *screen)
{
    struct posture_screen *posture = posture_of(screen);
    struct kv_trend_day days[WEEK_DAYS];
    uint32_t row = posture->next_week++;

    kv_session_trend(app_session(screen->app), row, NULL, days, WEEK_DAYS);
    posture->weeks[row] = (struct week){
        .fail = days[0].tally.count[KV_VERDICT_FAIL],
        .known = days[0].known,
    };
    return posture->next_week == kv_catalogue_count;
}

/* ---- subscriptions, some resources at a time ---- */

static void start_counting(struct screen *screen)
{
    subscriptions_start(
        &posture_of(screen)->subscriptions, app_estate(screen->app));
}

static bool count_some(struct screen *screen)
{
    return subscriptions_step(&posture_of(screen)->subscriptions,
        app_estate(screen->app), app_posture(screen->app));
}

static bool posture_work(struct screen *screen)
{
    static const struct slices_ops weeks = { start_weeks, look_at_a_week,
        NULL };
    static const struct slices_ops worst = { start_counting, count_some, NULL };
    struct posture_screen *posture = posture_of(screen);
    bool more = posture->worst_rows > 0 &&
                slices_run(&posture->counting, &worst, screen);

    return more || (!is_growing(screen->app) &&
                       slices_run(&posture->slices, &weeks, screen));
}

static int posture_due_ms(const struct screen *screen)
{
    const struct posture_screen *posture = const_of(screen);

    return due_sooner(posture->worst_rows > 0
                      ? slices_due_ms(&posture->counting, screen->app)
                      : -1,
        is_growing(screen->app)
            ? -1
            : slices_due_ms(&posture->slices, screen->app));
}

static void posture_prepare(struct screen *screen)
{
    struct posture_screen *posture = posture_of(screen);

    if (!posture->stale)
        return;
    posture->stale = false;
    list_refresh(&posture->list, (uint32_t)kv_catalogue_count);
    if (!is_growing(screen->app))
        coverage_count(&posture->coverage, app_estate(screen->app));
}

static bool posture_key(struct screen *screen, struct key key)
{
    return list_key(&posture_of(screen)->list, key);
}

/* "Name (id)" is a name to whoever reads it; :signin shows the id too. */
static void put_account(struct buf *out, const char *account)
{
    const char *id = strstr(account, " (");

    if (id && id > account)
        buf_put(out, (struct view){ account, (size_t)(id - account) });
    else
        buf_puts(out, account);
}

static void posture_head(const struct screen *screen, struct screen_head *out)
{
    const struct posture_screen *posture = const_of(screen);
    const struct kv_sign_in *sign_in =
        kv_session_sign_in(app_session(screen->app));

    if (posture->list.filter.size)
        buf_putf(&out->filter, "/ %s", posture->list.filter.text);
    if (posture->list.filtering)
        out->input = &posture->list.filter;
    if (sign_in->account && *sign_in->account)
        put_account(&out->counts, sign_in->account);
}

static void put_total(
    struct canvas *canvas, enum role role, const char *name, uint32_t total)
{
    struct buf count = { .limit = 32 };

    buf_put_count(&count, total);
    canvas_putf(canvas, role, "%s %s", name, buf_text(&count));
    buf_done(&count);
}

static void draw_totals(const struct app *app, struct canvas *canvas)
{
    const struct kv_posture *posture = app_posture(app);

    canvas_move(canvas, 1, 1);
    for (int at = KV_SEVERITY_CRITICAL; at >= KV_SEVERITY_LOW; at--) {
        enum kv_severity severity = (enum kv_severity)at;

        put_total(canvas, role_of_severity(severity),
            kv_severity_mark(severity),
            kv_posture_severity(posture, severity)->count[KV_VERDICT_FAIL]);
        canvas_puts(canvas, ROLE_TEXT, "   ");
    }
    put_total(
        canvas, ROLE_UNKNOWN, "UNKNOWN", kv_posture_unknown_resources(posture));
    canvas_puts(canvas, ROLE_TEXT, " vaults");
    if (canvas->columns >= SHARE_COLUMNS)
        canvas_put_before(canvas, ROLE_DIM, canvas->columns - 1,
            "SHARE: # fail  ? unknown  . pass");
}

static void draw_unknown(const struct posture_screen *posture,
    struct canvas *canvas, uint32_t unknown)
{
    struct canvas gaps =
        canvas_part(canvas, 2, 1, canvas->rows - 2, canvas->columns - 1);
    struct buf count = { .limit = 32 };

    buf_put_count(&count, unknown);
    canvas_putf(canvas, ROLE_TEXT,
        "UNKNOWN is never counted as PASS. Not known of %s vault%s:",
        buf_text(&count), unknown == 1 ? "" : "s");
    buf_done(&count);
    if (!coverage_draw(&posture->coverage, &gaps)) {
        canvas_move(&gaps, 0, 2);
        canvas_puts(&gaps, ROLE_DIM,
            "the evidence says why: Enter on a row, then on a vault");
    }
}

static void draw_note(
    const struct posture_screen *posture, struct canvas *canvas)
{
    const struct app *app = posture->base.app;
    uint32_t unknown = kv_posture_unknown_resources(app_posture(app));

    canvas_move(canvas, 0, 1);
    unlisted_draw(app_estate(app), canvas);
    canvas_move(canvas, 1, 1);
    if (kv_session_scan(app_session(app))->loading)
        canvas_puts(canvas, ROLE_DIM,
            "As the last scan left it. The vaults are being loaded ..");
    else if (kv_session_scan(app_session(app))->state == KV_SCAN_RUNNING)
        canvas_puts(canvas, ROLE_DIM,
            "Still being read: numbers grow, and unknown ones fall.");
    else if (!unknown && !unlisted_any(app_estate(app)))
        canvas_puts(canvas, ROLE_DIM, "Everything that applies could be read.");
    else if (unknown)
        draw_unknown(posture, canvas, unknown);
}

static bool has_data(const struct app *app)
{
    return kv_session_scan(app_session(app))->loading ||
           kv_estate_resource_count(app_estate(app)) > 0;
}

static void posture_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct posture_screen *posture = const_of(screen);
    int block = worst_rows(canvas->rows, canvas->columns);
    int rows = canvas->rows - ABOVE - block - below(canvas->rows);
    struct canvas list = canvas_part(canvas, ABOVE, 0, rows, canvas->columns);
    struct canvas worst =
        canvas_part(canvas, ABOVE + rows, 0, block, canvas->columns);
    struct canvas note = canvas_part(
        canvas, ABOVE + rows + block, 0, below(canvas->rows), canvas->columns);
    struct canvas body =
        canvas_part(canvas, 1, 0, canvas->rows - 1, canvas->columns);

    canvas_rule(canvas, 0);
    if (!has_data(screen->app)) {
        struct list none = { 0 };

        empty_draw(screen->app, &none, "vaults",
            "There are no vaults and no managed HSMs here.", &body);
        return;
    }
    draw_totals(screen->app, canvas);
    draw_note(posture, &note);
    if (block > 0)
        worst_draw(
            &posture->subscriptions, app_estate(screen->app), &worst);
    list_draw(&posture->list, &list);
    if (!posture->list.shown_count)
        empty_draw(screen->app, &posture->list, "recommendations",
            "There are no recommendations.", &list);
}

/* ---- its keys ---- */

static bool has_current(const struct screen *screen)
{
    return has_data(screen->app) &&
           list_current(&const_of(screen)->list) != KV_NONE;
}

static void open_current(struct screen *screen)
{
    screen_open_vaults(screen->app, list_current(&posture_of(screen)->list));
}

/* All that fail the row under the cursor; unknown ones are not touched. */
static void fix(struct screen *screen)
{
    const struct kv_estate *estate = app_estate(screen->app);
    uint32_t row = list_current(&posture_of(screen)->list);
    uint32_t all = kv_estate_resource_count(estate);
    uint32_t *failing = heap_new(all * sizeof(*failing));
    size_t count = 0;

    for (uint32_t i = 0; i < all; i++)
        if (!kv_estate_resource(estate, i)->gone &&
            kv_posture_verdict(app_posture(screen->app), row, i) ==
                KV_VERDICT_FAIL)
            failing[count++] = i;
    screen_open_fix(screen->app, failing, count, row);
    heap_free(failing);
}

static void open_matrix(struct screen *screen)
{
    screen_open_matrix(screen->app);
}

static void open_subscriptions(struct screen *screen)
{
    screen_open_subscriptions(screen->app);
}

static void open_trend(struct screen *screen)
{
    screen_open_trend(
        screen->app, list_current(&posture_of(screen)->list), KV_NONE);
}

static const struct binding posture_bindings[] = {
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
        .name = "matrix",
        .key = 'm',
        .hint = "matrix",
        .help = "vaults by recommendations, one mark a cell",
        .run = open_matrix,
    },
    {
        .name = "fix",
        .key = 'x',
        .hint = "fix",
        .help = "fix this on all that fail it; asks before it changes",
        .run = fix,
        .allowed = has_current,
        .why_not = "there is no row here",
    },
    {
        .name = "trend",
        .key = 't',
        .hint = "trend",
        .help = "how many failed this on each of the last 90 days",
        .run = open_trend,
        .allowed = has_current,
        .why_not = "there is no row here",
    },
    {
        .name = "subscriptions",
        .key = 'w',
        .hint = "worst",
        .help = "what fails in each subscription, the worst first",
        .run = open_subscriptions,
    },
    { 0 },
};

static const struct list *posture_list_of(const struct screen *screen)
{
    return has_data(screen->app) ? &const_of(screen)->list : NULL;
}

const struct screen_ops posture_screen = {
    .title = "Posture",
    .about = "One row a recommendation. FAIL, UNKNOWN and PASS count vaults, "
             "or subscriptions (subs), or the tenant; KNOWN is the share of "
             "those it applies to "
             "that could be "
             "judged. Enter lists the vaults behind a row.",
    .close = posture_close,
    .layout = posture_layout,
    .prepare = posture_prepare,
    .draw = posture_draw,
    .head = posture_head,
    .key = posture_key,
    .news = posture_news,
    .due_ms = posture_due_ms,
    .work = posture_work,
    .list = posture_list_of,
    .bindings = posture_bindings,
    .lists = true,
};

void screen_open_posture(struct app *app)
{
    struct posture_screen *posture = heap_new(sizeof(*posture));

    posture->base.ops = &posture_screen;
    posture->stale = true;
    posture->weeks = heap_new(kv_catalogue_count * sizeof(*posture->weeks));
    list_init(&posture->list, &posture_list, posture);
    app_push(app, &posture->base);
}
