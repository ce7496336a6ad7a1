/* The console as a whole: what screens ask of it, and the stack that they are
 * on. Knows no terminal. */
#include "console.h"

#include <stdarg.h>
#include <time.h>

#include "clip.h"
#include "heap.h"

struct kv_session *app_session(const struct app *app)
{
    return app->session;
}

const struct kv_estate *app_estate(const struct app *app)
{
    return kv_session_estate(app->session);
}

const struct kv_posture *app_posture(const struct app *app)
{
    return kv_session_posture(app->session);
}

int64_t app_now_s(const struct app *app)
{
    return kv_session_now(app->session);
}

int64_t app_steady_ms(const struct app *app)
{
    struct timespec now;

    (void)app;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct notice_time app_time(const struct app *app)
{
    return (struct notice_time){ app_now_s(app), app_steady_ms(app) };
}

/* ---- telling the person ---- */

void app_notice(struct app *app, enum kv_notice level, const char *format, ...)
{
    struct buf text = { .limit = NOTICE_BYTES };
    va_list args;

    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    notices_add(&app->notices, level, buf_text(&text), app_time(app));
    buf_done(&text);
    app->dirty = true;
}

void app_notice_error(struct app *app, const struct kv_error *err)
{
    notices_add(&app->notices, KV_NOTICE_ERROR, err->text, app_time(app));
    app->dirty = true;
}

void app_dirty(struct app *app)
{
    app->dirty = true;
}

void app_discard_input(struct app *app, int hold_ms)
{
    app->ignore_until_ms = app_steady_ms(app) + hold_ms;
    app->requests |= APP_FLUSH;
}

bool app_can_write(const struct app *app)
{
    return kv_session_mode(app->session)->write;
}

bool app_write_on(struct app *app, const char *reason)
{
    struct kv_error err = { 0 };

    if (kv_session_write_on(app->session, reason, &err) != KV_OK) {
        app_notice_error(app, &err);
        return false;
    }
    app_notice(
        app, KV_NOTICE_DONE, "write mode is on for 30 minutes; :ro ends it");
    return true;
}

void app_quit(struct app *app, int exit_code)
{
    app->done = true;
    app->exit_code = exit_code;
}

void app_set_theme(struct app *app, const char *name)
{
    struct kv_error err = { 0 };

    if (!app->colour) {
        app_notice(app, KV_NOTICE_INFO,
            "no colours here: the terminal has none, or NO_COLOR or "
            "--no-color is set");
        return;
    }
    if (theme_load(&app->theme, name, &err) != KV_OK) {
        app_notice_error(app, &err);
        return;
    }
    app->requests |= APP_THEME | APP_REDRAW;
    app->dirty = true;
}

void app_mask(struct app *app, struct mask *mask)
{
    app->mask = mask;
    app->grid.mask = mask;
    app->mask_stale = true;
}

void app_mask_text(struct app *app, struct buf *text)
{
    struct buf masked = { .limit = text->limit };

    if (!app->mask)
        return;
    if (app->mask_stale)
        mask_learn(app->mask, app->session);
    app->mask_stale = false;
    mask_put(app->mask, buf_view(text), &masked);
    masked.failed = masked.failed || text->failed;
    buf_done(text);
    *text = masked;
}

/* ---- runs ---- */

void app_keep_run(struct app *app, struct kv_plan *plan)
{
    struct app_run *run = heap_new(sizeof(*run));

    run->plan = plan;
    run->started_ms = app_steady_ms(app);
    app->runs = heap_grow(
        app->runs, app->run_count, &app->run_capacity, sizeof(*app->runs));
    app->runs[app->run_count++] = run;
}

const struct app_run *app_run(const struct app *app, size_t index)
{
    return index < app->run_count ? app->runs[index] : NULL;
}

/* ---- the stack ---- */

/* The body's size is the same for every screen; it is told before anything
 * else so that the first frame is right. */
void app_lay_out(struct app *app)
{
    struct screen *top = app->top;

    app->dirty = true;
    if (top && top->ops->layout && !app->small)
        top->ops->layout(top, app->grid.rows - FRAME_TOP - app_bottom_rows(app),
            app->grid.columns);
}

int app_bottom_rows(const struct app *app)
{
    return app->notice_rows + 1;
}

void app_push(struct app *app, struct screen *screen)
{
    screen->app = app;
    screen->below = app->top;
    app->top = screen;
    app_lay_out(app);
}

static void close_top(struct app *app)
{
    struct screen *top = app->top;

    app->top = top->below;
    top->ops->close(top);
}

static void come_back(struct app *app)
{
    app_lay_out(app);
    if (app->top && app->top->ops->news)
        app->top->ops->news(app->top, ~0u);
}

void app_pop(struct app *app)
{
    if (!app->top || !app->top->below)
        return;
    close_top(app);
    come_back(app);
}

void app_replace(struct app *app, struct screen *screen)
{
    if (app->top)
        close_top(app);
    app_push(app, screen);
}

bool app_go_home(struct app *app)
{
    while (app->top->below) {
        struct screen *top = app->top;

        if (top->ops->leave && !top->ops->leave(top))
            return false;
        close_top(app);
    }
    come_back(app);
    return true;
}

struct app *app_new(struct kv_session *session)
{
    struct app *app = heap_new(sizeof(*app));

    app->session = session;
    app->dirty = true;
    app->asked_to_stop_ms = -1;
    app->notice_rows = 1;
    app->clip.limit = CLIP_BYTES;
    theme_default(&app->theme);
    app_resize(app, 24, 80);
    return app;
}

void app_free(struct app *app)
{
    if (!app)
        return;
    while (app->top)
        close_top(app);
    for (size_t i = 0; i < app->run_count; i++)
        heap_free(app->runs[i]);
    heap_free(app->runs);
    mask_free(app->mask);
    keymap_done(&app->keymap);
    recall_done(&app->commands);
    recall_done(&app->filters);
    buf_done(&app->clip);
    notices_done(&app->notices);
    grid_done(&app->grid);
    heap_free(app);
}
