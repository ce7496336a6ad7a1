/* Trend: what failed on each of the last 90 days, as a chart of characters and
 * as numbers: of one recommendation, of one vault, or of everything. */
#include "app.h"
#include "heap.h"

#include <string.h>

/* Left of the chart: a number and a bar. */
#define AXIS 9
/* Below it: the base line, dates, a blank and the table. */
#define TABLE_ROWS 6
#define UNDER (3 + TABLE_ROWS)
/* Fewer rows draw no chart, only numbers. */
#define CHART_MIN 4

struct trend_screen {
    struct screen base;
    uint32_t row;  /* of the catalogue; KV_NONE: all */
    char *subject; /* id; NULL: everything */
    char *name;    /* of the subject */
    struct kv_trend_day days[KV_TREND_DAYS];
    bool stale;
};

static const struct trend_screen *const_of(const struct screen *screen)
{
    return (const struct trend_screen *)screen;
}

static struct trend_screen *trend_of(struct screen *screen)
{
    return (struct trend_screen *)screen;
}

/* ---- what is drawn ---- */

static uint32_t fails(const struct kv_trend_day *day)
{
    return day->tally.count[KV_VERDICT_FAIL];
}

static uint32_t unknown(const struct kv_trend_day *day)
{
    return day->tally.count[KV_VERDICT_UNKNOWN];
}

static uint32_t top_of(const struct trend_screen *trend)
{
    uint32_t top = 0;

    for (size_t i = 0; i < KV_TREND_DAYS; i++)
        if (trend->days[i].known &&
            fails(&trend->days[i]) + unknown(&trend->days[i]) > top)
            top = fails(&trend->days[i]) + unknown(&trend->days[i]);
    return top;
}

static bool any_known(const struct trend_screen *trend)
{
    return trend->days[KV_TREND_DAYS - 1].known;
}

/* How many days share a column, so that all fit. */
static int days_a_column(int columns)
{
    int room = columns - AXIS - 1;
    int days = 1;

    while (room > 0 && (KV_TREND_DAYS + days - 1) / days > room)
        days++;
    return days;
}

/* Rows of `height` that a count fills; whatever there is fills one. */
static int rows_of(uint32_t count, uint32_t top, int height)
{
    return (int)(((uint64_t)count * (uint64_t)height + top - 1) / top);
}

/* What stands in one cell of the chart, `level` rows above its base. */
static char mark_at(
    const struct kv_trend_day *day, uint32_t top, int height, int level)
{
    int failing;

    if (!day->known)
        return level == 0 ? '.' : ' ';
    if (!top)
        return ' ';
    failing = rows_of(fails(day), top, height);
    if (level < failing)
        return '#';
    return level < rows_of(fails(day) + unknown(day), top, height) ? '?' : ' ';
}

static void draw_bars(const struct trend_screen *trend, struct canvas *canvas,
    uint32_t top, int height)
{
    int step = days_a_column(canvas->columns);

    for (int line = 0; line < height; line++) {
        canvas_move(canvas, line, AXIS);
        /* The last day of each column is the one that it shows. */
        for (int day = (KV_TREND_DAYS - 1) % step; day < KV_TREND_DAYS;
             day += step) {
            char mark =
                mark_at(&trend->days[day], top, height, height - 1 - line);
            char text[2] = { mark, '\0' };

            canvas_puts(canvas,
                mark == '?'   ? ROLE_UNKNOWN
                : mark == '#' ? ROLE_HIGH
                              : ROLE_DIM,
                text);
        }
    }
}

static void draw_axis(struct canvas *canvas, uint32_t top, int height)
{
    for (int line = 0; line < height; line++) {
        canvas_move(canvas, line, AXIS - 1);
        canvas_puts(canvas, ROLE_RULE, "|");
    }
    canvas_move(canvas, 0, 0);
    canvas_put_count(canvas, ROLE_TEXT, AXIS - 2, top);
    canvas_move(canvas, height, 0);
    canvas_put_count(canvas, ROLE_TEXT, AXIS - 2, 0);
    canvas_puts(canvas, ROLE_RULE, " +");
}

static void put_day(struct buf *out, int64_t day_s)
{
    struct buf text = { .limit = 64 };
    struct view rest;

    buf_put_time(&text, day_s);
    rest = buf_view(&text);
    buf_put(out, view_cut(&rest, 'T'));
    buf_done(&text);
}

/* The first day, the middle one, today. */
static void draw_dates(
    const struct trend_screen *trend, struct canvas *canvas, int line)
{
    int step = days_a_column(canvas->columns);
    int width = (KV_TREND_DAYS + step - 1) / step;
    struct buf text = { .limit = 64 };

    canvas_move(canvas, line, AXIS);
    canvas_fill(canvas, ROLE_RULE, width, '-');
    canvas_move(canvas, line + 1, AXIS);
    put_day(&text, trend->days[0].day_s);
    canvas_puts(canvas, ROLE_DIM, buf_text(&text));
    canvas_move(canvas, line + 1, AXIS + width / 2 - 5);
    buf_clear(&text);
    put_day(&text, trend->days[KV_TREND_DAYS / 2].day_s);
    canvas_puts(canvas, ROLE_DIM, buf_text(&text));
    canvas_move(canvas, line + 1, AXIS + width - 5);
    canvas_puts(canvas, ROLE_DIM, "today");
    buf_done(&text);
}

/* ---- the numbers ---- */

static void put_change(struct canvas *canvas, const struct kv_trend_day *then,
    const struct kv_trend_day *today)
{
    int64_t change = (int64_t)fails(today) - (int64_t)fails(then);
    struct buf text = { .limit = 32 };

    buf_puts(&text, change < 0 ? "-" : change > 0 ? "+" : "");
    buf_put_count(&text, (uint64_t)(change < 0 ? -change : change));
    canvas_put_right(
        canvas, ROLE_TEXT, 9, then == today ? "" : buf_text(&text));
    buf_done(&text);
}

static void draw_number(const struct trend_screen *trend, struct canvas *canvas,
    const char *when, int days_ago)
{
    const struct kv_trend_day *today = &trend->days[KV_TREND_DAYS - 1];
    const struct kv_trend_day *then = today - days_ago;
    struct buf day = { .limit = 64 };

    put_day(&day, then->day_s);
    canvas_put_left(canvas, ROLE_TEXT, 14, when);
    canvas_put_left(canvas, ROLE_DIM, 12, buf_text(&day));
    buf_done(&day);
    if (!then->known) {
        canvas_puts(canvas, ROLE_TEXT, "  ");
        canvas_puts(canvas, ROLE_UNKNOWN, "no scan up to this day is kept");
        return;
    }
    canvas_put_count(canvas, ROLE_TEXT, 9, fails(then));
    canvas_put_count(canvas, ROLE_TEXT, 9, unknown(then));
    canvas_put_count(canvas, ROLE_TEXT, 9, then->tally.count[KV_VERDICT_PASS]);
    put_change(canvas, then, today);
}

static void draw_numbers(
    const struct trend_screen *trend, struct canvas *canvas, int line)
{
    static const struct {
        const char *when;
        int days_ago;
    } rows[] = {
        { "today", 0 },
        { "7 days ago", 7 },
        { "30 days ago", 30 },
        { "89 days ago", KV_TREND_DAYS - 1 },
    };

    canvas_move(canvas, line, 1);
    canvas_put_left(canvas, ROLE_HEADER, 26, "WHEN");
    canvas_put_right(canvas, ROLE_HEADER, 9, "FAIL");
    canvas_put_right(canvas, ROLE_HEADER, 9, "UNKNOWN");
    canvas_put_right(canvas, ROLE_HEADER, 9, "PASS");
    canvas_put_right(canvas, ROLE_HEADER, 9, "TO TODAY");
    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++) {
        canvas_move(canvas, line + 1 + (int)i, 1);
        draw_number(trend, canvas, rows[i].when, rows[i].days_ago);
    }
}

static void put_legend(const struct trend_screen *trend, struct canvas *canvas)
{
    int step = days_a_column(canvas->columns);

    canvas_move(canvas, 0, 1);
    canvas_putf(canvas, ROLE_DIM,
        "%s a day (UTC): # fail  ? unknown  . no scan kept",
        trend->row == KV_NONE ? "findings"
                              : kv_row_subjects(&kv_catalogue[trend->row]));
    if (step > 1)
        canvas_putf(canvas, ROLE_DIM, "; %d days a column", step);
}

/* ---- the screen ---- */

static void trend_close(struct screen *screen)
{
    heap_free(trend_of(screen)->subject);
    heap_free(trend_of(screen)->name);
    heap_free(screen);
}

/* A scan that ends is what changes it. */
static void trend_news(struct screen *screen, unsigned news)
{
    if (news & KV_NEWS_SCAN)
        trend_of(screen)->stale = true;
}

static void trend_prepare(struct screen *screen)
{
    struct trend_screen *trend = trend_of(screen);

    if (!trend->stale ||
        kv_session_scan(app_session(screen->app))->state == KV_SCAN_RUNNING)
        return;
    trend->stale = false;
    kv_session_trend(app_session(screen->app), trend->row, trend->subject,
        trend->days, KV_TREND_DAYS);
}

static void trend_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct trend_screen *trend = const_of(screen);
    int height = canvas->rows - 1 - UNDER;
    struct canvas chart =
        canvas_part(canvas, 1, 0, canvas->rows - 1, canvas->columns);
    uint32_t top = top_of(trend);

    canvas_cursor(canvas, 0, 0);
    if (!any_known(trend)) {
        canvas_move(canvas, 1, 3);
        canvas_put_wrapped(canvas, ROLE_TEXT,
            "No scan of this tenant and baseline is kept yet, so nothing is "
            "known of earlier days. Each scan that ends adds to the history.");
        return;
    }
    put_legend(trend, canvas);
    if (height < CHART_MIN) {
        draw_numbers(trend, &chart, 1);
        return;
    }
    draw_axis(&chart, top, height);
    draw_bars(trend, &chart, top, height);
    draw_dates(trend, &chart, height);
    draw_numbers(trend, &chart, height + 3);
}

static void trend_head(const struct screen *screen, struct screen_head *out)
{
    const struct trend_screen *trend = const_of(screen);

    buf_puts(&out->crumb, "Trend: ");
    if (trend->row != KV_NONE)
        buf_putf(&out->crumb, "%s %s", kv_catalogue[trend->row].id,
            kv_catalogue[trend->row].fails);
    else
        buf_puts(&out->crumb, "all recommendations");
    if (trend->name)
        buf_putf(&out->crumb, ", %s", trend->name);
}

/* ---- its keys ---- */

static bool is_narrow(const struct screen *screen)
{
    return const_of(screen)->row != KV_NONE || const_of(screen)->subject;
}

static void widen(struct screen *screen)
{
    struct trend_screen *trend = trend_of(screen);

    heap_free(trend->subject);
    heap_free(trend->name);
    trend->subject = NULL;
    trend->name = NULL;
    trend->row = KV_NONE;
    trend->stale = true;
}

static const struct binding trend_bindings[] = {
    {
        .name = "widen",
        .key = 'a',
        .hint = "all",
        .help = "all recommendations, all vaults",
        .run = widen,
        .allowed = is_narrow,
        .why_not = "these are all",
    },
    { 0 },
};

const struct screen_ops trend_screen = {
    .title = "Trend",
    .about = "What failed on each of the last 90 days, as the last scan up to "
             "its end left it. A day with no scan on it or before is not "
             "known, and is no zero.",
    .close = trend_close,
    .prepare = trend_prepare,
    .draw = trend_draw,
    .head = trend_head,
    .news = trend_news,
    .bindings = trend_bindings,
};

void screen_open_trend(struct app *app, uint32_t row, uint32_t resource)
{
    struct trend_screen *trend = heap_new(sizeof(*trend));

    trend->base.ops = &trend_screen;
    trend->row = row;
    if (resource != KV_NONE) {
        const struct kv_resource *one =
            kv_estate_resource(app_estate(app), resource);

        trend->subject = heap_copy(one->id);
        trend->name = heap_copy(one->name);
    }
    app_push(app, &trend->base);
    kv_session_trend(
        app_session(app), row, trend->subject, trend->days, KV_TREND_DAYS);
}
