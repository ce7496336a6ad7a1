/* What reaches the console: keys, news, sizes, time; and the frame that shows
 * it. Knows no terminal. */
#include "console.h"

#include "actions.h"
#include "due.h"
#include "list.h"

/* The most that a notice takes, and the window that has so much. */
#define NOTICE_ROWS 3
#define ROWS_ROOMY 24
/* Within this time a second Ctrl-C that finds nothing to stop quits. */
#define STOP_TWICE_MS 2000
/* Ages are said in seconds at least. */
#define STEADY_MS 1000

/* ---- keys ---- */

static bool scan_runs(const struct app *app)
{
    return kv_session_scan(app->session)->state == KV_SCAN_RUNNING;
}

static void stop_key(struct app *app)
{
    int64_t now_ms = app_steady_ms(app);
    struct screen *top = app->top;

    if (app->prompt.open || app->palette.open || app->menu) {
        app->prompt.open = false;
        app->palette.open = false;
        app->menu = TAKE_NOTHING;
    } else if (top->ops->stop && top->ops->stop(top)) {
        return;
    } else if (scan_runs(app)) {
        kv_session_stop_scan(app->session);
        app_notice(app, KV_NOTICE_INFO,
            "reading stopped; what was read is kept, r reads again");
    } else if (app->asked_to_stop_ms >= 0 &&
               now_ms - app->asked_to_stop_ms < STOP_TWICE_MS) {
        app_quit(app, 0);
    } else {
        app->asked_to_stop_ms = now_ms;
        app_notice(
            app, KV_NOTICE_INFO, "nothing to stop here; Ctrl-C again quits");
    }
}

static bool run_binding(struct app *app, const struct binding *binding)
{
    if (!binding || (binding->allowed && !binding->allowed(app->top)))
        return false;
    if (binding->run)
        binding->run(app->top);
    return binding->run;
}

struct list *app_list(const struct app *app)
{
    const struct screen *top = app->top;

    /* The screen's own, which is not const here. */
    return top->ops->list ? (struct list *)top->ops->list(top) : NULL;
}

bool app_is_typing(const struct app *app)
{
    const struct list *list = app_list(app);

    return (list && (list->filtering || list->choosing)) ||
           (app->top->ops->typing && app->top->ops->typing(app->top));
}

/* The key that the action has in its table; CODE_NONE for one that keys.ini
 * has taken away. */
static uint32_t translate(const struct app *app, uint32_t code)
{
    static const struct keymap none = { 0 };
    struct actions actions = actions_of(app->top->ops);
    const struct binding *binding =
        actions_pressed(&actions, &app->keymap, code);

    if (!app->keymap.count)
        return code;
    if (binding)
        return binding->key;
    return actions_pressed(&actions, &none, code) ? CODE_NONE : code;
}

/* Below the least size nothing is visible, so nothing but leaving works. */
static void small_key(struct app *app, struct key key)
{
    if (key.code == 'q' && !key.pasted)
        app_quit(app, 0);
}

/* ---- for screen readers ---- */

#define HELD (KV_NEWS_ESTATE | KV_NEWS_POSTURE | KV_NEWS_SCAN)

/* A screen that changes by itself is read out again and again: what a scan
 * brings waits, and one line says so when the scan has ended. */
static unsigned hold(struct app *app, unsigned news)
{
    if (!app->quiet || !(news & HELD))
        return news;
    app->held |= news & HELD;
    app->held_count++;
    if (!scan_runs(app))
        app_notice(app, KV_NOTICE_INFO, "%u change%s, %s shows %s",
            app->held_count, app->held_count == 1 ? "" : "s", "r",
            app->held_count == 1 ? "it" : "them");
    return news & ~(unsigned)HELD;
}

/* True when something waited. */
static bool release(struct app *app)
{
    unsigned held = app->held;

    app->held = 0;
    app->held_count = 0;
    if (held && app->top->ops->news)
        app->top->ops->news(app->top, held);
    return held;
}

/* ---- dispatch ---- */

static void dispatch(struct app *app, struct key key)
{
    struct screen *top = app->top;
    struct list *list = app_list(app);

    if (list) {
        list->recall = &app->filters;
        list->width = app->grid.columns;
    }
    if (!key.pasted && !app_is_typing(app))
        key.code = translate(app, key.code);
    if (key.code == CODE_NONE)
        return;
    if (key.code == 'r' && !key.pasted && !app_is_typing(app) && release(app))
        return;
    if (top->ops->key && top->ops->key(top, key))
        return;
    if (key.pasted)
        return;
    if (run_binding(app, binding_find(top->ops->bindings, key)) ||
        run_binding(app, binding_find(take_bindings, key)) ||
        run_binding(app, binding_find(main_bindings, key)))
        return;
    run_binding(app, binding_find(common_bindings, key));
}

/* What has no function of its own is done where the screen takes keys. */
void app_act(struct app *app, const struct binding *binding)
{
    app->dirty = true;
    if (binding->run)
        run_binding(app, binding);
    else if (binding->key == CODE_CTRL('C'))
        stop_key(app);
    else if (app->top->ops->key)
        app->top->ops->key(app->top, (struct key){ .code = binding->key });
}

static void give_key(struct app *app, struct key key)
{
    if (mouse_key(app, key))
        return;
    if (app->small)
        small_key(app, key);
    else if (key.code == CODE_CTRL('C') && !key.pasted)
        stop_key(app);
    else if (app->prompt.open)
        prompt_key(app, key);
    else if (app->palette.open)
        palette_key(app, key);
    else if (app->menu)
        take_key(app, key);
    else
        dispatch(app, key);
}

void app_key(struct app *app, struct key key)
{
    const struct list *list = app_list(app);
    uint32_t moves = list ? list->moves : 0;

    if (app_steady_ms(app) < app->ignore_until_ms)
        return;
    if (app->asked_to_quit && key.code != 'q') {
        app->asked_to_quit = false;
        app->dirty = true;
    }
    give_key(app, key);
    if (list && app_list(app) == list && list->moves != moves)
        app->moved = true;
    else
        app->dirty = true;
}

/* ---- what happens without keys ---- */

void app_resize(struct app *app, int rows, int columns)
{
    bool small = rows < ROWS_MIN || columns < COLUMNS_MIN;

    if (small && !app->small)
        app_interrupt(app);
    app->small = small;
    grid_resize(&app->grid, rows, columns);
    app_lay_out(app);
}

void app_interrupt(struct app *app)
{
    for (struct screen *at = app->top; at; at = at->below)
        if (at->ops->interrupted)
            at->ops->interrupted(at);
}

static bool is_under_way(const struct app_run *run)
{
    enum kv_plan_state state = kv_plan_state(run->plan);

    return state == KV_PLAN_RUNNING || state == KV_PLAN_STOPPING;
}

bool app_is_changing(const struct app *app)
{
    for (size_t i = 0; i < app->run_count; i++)
        if (is_under_way(app->runs[i]))
            return true;
    return false;
}

void app_stop_all(struct app *app)
{
    for (size_t i = 0; i < app->run_count; i++)
        if (is_under_way(app->runs[i]))
            kv_session_run_interrupt(app->session, app->runs[i]->plan);
    for (struct screen *at = app->top; at; at = at->below)
        if (at->ops->stop)
            at->ops->stop(at);
    if (scan_runs(app))
        kv_session_stop_scan(app->session);
}

static bool is_open(const struct app *app, const struct screen_ops *ops)
{
    for (const struct screen *at = app->top; at; at = at->below)
        if (at->ops == ops)
            return true;
    return false;
}

/* Whoever is not signed in can do nothing else: the screen comes by itself. */
static void offer_sign_in(struct app *app)
{
    enum kv_sign_in_state state = kv_session_sign_in(app->session)->state;

    if (is_open(app, &sign_in_screen))
        return;
    if (state == KV_SIGN_IN_NEEDED || state == KV_SIGN_IN_FAILED ||
        state == KV_SIGN_IN_DEVICE)
        screen_open_sign_in(app);
}

void app_news(struct app *app, unsigned news)
{
    app->mask_stale = app->mask_stale || news;
    if (news & (KV_NEWS_ESTATE | KV_NEWS_SCAN))
        environment_look(&app->environment, app->session);
    news = hold(app, news);
    if (!news)
        return;
    app->dirty = true;
    if (news & KV_NEWS_MESSAGE)
        notices_take(&app->notices, app->session, app_time(app));
    if (news & KV_NEWS_SIGN_IN)
        offer_sign_in(app);
    if (app->top->ops->news)
        app->top->ops->news(app->top, news);
}

bool app_work(struct app *app)
{
    return !app->small && app->top->ops->work && app->top->ops->work(app->top);
}

void app_tick(struct app *app)
{
    if (notices_fade(&app->notices, app_steady_ms(app)))
        app->dirty = true;
}

/* What the frame shows that changes by itself: the seconds of a scan, the
 * minutes of write mode. */
static int frame_due_ms(const struct app *app)
{
    const struct kv_mode *mode = kv_session_mode(app->session);
    int64_t left_s = mode->write_until_s - app_now_s(app);

    if (scan_runs(app) && !app->quiet)
        return 1000;
    if (!mode->write)
        return -1;
    return left_s > 0 ? (int)(left_s % 60 + 1) * 1000 : 1000;
}

int app_due_ms(const struct app *app)
{
    const struct screen *top = app->top;
    int due = notices_due_ms(&app->notices, app_steady_ms(app));

    due = due_sooner(due, frame_due_ms(app));
    if (top->ops->due_ms)
        due = due_sooner(due, top->ops->due_ms(top));
    return due;
}

static void draw_small(const struct app *app, struct canvas *canvas)
{
    canvas_move(canvas, 0, 0);
    canvas_putf(canvas, ROLE_TEXT,
        "kvgov needs %dx%d, this window is %dx%d. "
        "q quits.",
        COLUMNS_MIN, ROWS_MIN, app->grid.columns, app->grid.rows);
}

/* A long notice takes rows from the body for as long as it is there. */
static void fit_notice(struct app *app)
{
    int most = app->grid.rows >= ROWS_ROOMY ? NOTICE_ROWS : NOTICE_ROWS - 1;
    int rows =
        app->prompt.open || app->menu
            ? 1
            : notices_rows(&app->notices, app->grid.columns, app->grid.ascii);

    if (rows > most)
        rows = most;
    if (rows == app->notice_rows)
        return;
    app->notice_rows = rows;
    app_lay_out(app);
}

bool app_frame_is_due(const struct app *app)
{
    return app->dirty || app->moved;
}

/* What was drawn a moment ago still holds, ages of things as well. */
static bool is_steady(struct app *app)
{
    int64_t now_ms = app_steady_ms(app);
    bool steady =
        app->moved && !app->dirty && now_ms - app->whole_ms < STEADY_MS;

    if (!steady)
        app->whole_ms = now_ms;
    return steady;
}

void app_draw(struct app *app)
{
    struct canvas canvas = canvas_of(&app->grid);
    struct canvas body;

    if (app->mask && app->mask_stale) {
        mask_learn(app->mask, app->session);
        app->dirty = true;
    }
    app->mask_stale = false;
    grid_clear(&app->grid);
    fit_notice(app);
    app->grid.steady = is_steady(app);
    app->moved = false;
    app->dirty = false;
    if (app->small) {
        draw_small(app, &canvas);
        return;
    }
    if (app->top->ops->prepare)
        app->top->ops->prepare(app->top);
    body = canvas_part(&canvas, FRAME_TOP, 0,
        canvas.rows - FRAME_TOP - app_bottom_rows(app), canvas.columns);
    if (app->palette.open)
        palette_draw(app, &body);
    else
        app->top->ops->draw(app->top, &body);
    frame_draw(app, &canvas);
}
