/* The console's loop. Nothing in it blocks but the one wait; it draws only
 * what is dirty, and sleeps for ever when nothing is due. */
#include "loop.h"

#include <signal.h>
#include <unistd.h>

#include "due.h"
#include "signals.h"
#include "term.h"

/* Frames that only data asked for come at most this often. */
#define DATA_FRAME_MS 100
/* Bursts of resizing become one. */
#define RESIZE_MS 50
/* How long a leaving program waits for the request that is under way. */
#define LEAVE_MS 10000
/* The most keys taken before a frame, so that a stuck key still shows. */
#define KEYS_A_FRAME 256

struct loop {
    struct app *app;
    struct term *term;
    int signal_fd;
    bool key_seen;
    bool resized;
    bool working; /* the screen has more to count */
    bool gone; /* hang-up: there is no terminal to draw on */
    int64_t framed_ms;
    int64_t resized_ms;
    int64_t due_at_ms; /* the next frame that only time asks for; -1: none */
};

static int left_ms(int64_t deadline_ms, int64_t now_ms)
{
    return deadline_ms > now_ms ? (int)(deadline_ms - now_ms) : 0;
}

/* -1, for ever, in an idle console. */
static int timeout_of(const struct loop *loop)
{
    int64_t now_ms = app_steady_ms(loop->app);
    int timeout = -1;

    if (loop->working)
        return 0;
    if (loop->due_at_ms >= 0)
        timeout = left_ms(loop->due_at_ms, now_ms);
    if (app_frame_is_due(loop->app))
        timeout = due_sooner(timeout,
            loop->key_seen ? 0
                           : left_ms(loop->framed_ms + DATA_FRAME_MS, now_ms));
    if (loop->resized)
        timeout =
            due_sooner(timeout, left_ms(loop->resized_ms + RESIZE_MS, now_ms));
    return timeout;
}

/* ---- leaving ---- */

/* No further change is started; the one that was sent may still be answered
 * and journalled. */
static void wind_down(struct loop *loop)
{
    int64_t until_ms = app_steady_ms(loop->app) + LEAVE_MS;
    struct kv_session *session = loop->app->session;

    app_stop_all(loop->app);
    while (!kv_session_idle(session)) {
        int left = left_ms(until_ms, app_steady_ms(loop->app));

        if (!left)
            return;
        kv_session_wait(session, NULL, 0, left);
        kv_session_step(session);
    }
}

static void leave(struct loop *loop, int signal_number)
{
    loop->gone = loop->gone || signal_number == SIGHUP;
    app_interrupt(loop->app);
    app_quit(loop->app, 128 + signal_number);
}

/* ---- signals ---- */

static void resize(struct loop *loop)
{
    int rows;
    int columns;

    loop->resized = false;
    term_size(loop->term, &rows, &columns);
    term_resize(loop->term, rows, columns);
    app_resize(loop->app, rows, columns);
    loop->key_seen = true; /* drawn at once */
}

static void suspend(struct loop *loop)
{
    app_interrupt(loop->app);
    term_suspend(loop->term);
    resize(loop);
}

static void take_signal(struct loop *loop, int number)
{
    switch (number) {
    case SIGWINCH:
        if (!loop->resized)
            loop->resized_ms = app_steady_ms(loop->app);
        loop->resized = true;
        break;
    case SIGTSTP:
        suspend(loop);
        break;
    case SIGCONT:
        loop->app->dirty = true;
        term_redraw(loop->term);
        break;
    default: /* TERM, INT, HUP */
        leave(loop, number);
        break;
    }
}

/* ---- keys ---- */

static void take_requests(struct loop *loop)
{
    unsigned requests = loop->app->requests;

    loop->app->requests = 0;
    if (requests & APP_FLUSH)
        term_flush_input(loop->term);
    if (requests & APP_THEME)
        term_set_theme(loop->term, &loop->app->theme);
    if (requests & APP_COPY)
        term_copy(loop->term, buf_view(&loop->app->clip));
    if (requests & APP_MOUSE)
        term_mouse(loop->term, loop->app->mouse);
    if (requests & APP_REDRAW)
        term_redraw(loop->term);
    if (requests & APP_SUSPEND)
        suspend(loop);
}

static void take_keys(struct loop *loop)
{
    struct key key;
    int count = 0;

    while (!loop->app->done && count < KEYS_A_FRAME &&
           term_read(loop->term, &key)) {
        app_key(loop->app, key);
        take_requests(loop);
        count++;
    }
    if (count)
        loop->key_seen = true;
    else if (term_is_gone(loop->term))
        leave(loop, SIGHUP);
}

/* ---- frames ---- */

static void draw_if_due(struct loop *loop)
{
    int64_t now_ms = app_steady_ms(loop->app);
    int due;

    if (loop->resized && now_ms >= loop->resized_ms + RESIZE_MS)
        resize(loop);
    if (!app_frame_is_due(loop->app) || loop->gone || loop->app->done)
        return;
    if (!loop->key_seen && now_ms < loop->framed_ms + DATA_FRAME_MS)
        return;
    app_draw(loop->app);
    term_draw(loop->term, &loop->app->grid);
    loop->key_seen = false;
    loop->framed_ms = now_ms;
    due = app_due_ms(loop->app);
    loop->due_at_ms = due < 0 ? -1 : now_ms + due;
}

static void let_time_pass(struct loop *loop)
{
    if (loop->due_at_ms < 0 || app_steady_ms(loop->app) < loop->due_at_ms)
        return;
    loop->due_at_ms = -1;
    app_tick(loop->app);
    app_dirty(loop->app);
}

static void turn(struct loop *loop)
{
    struct kv_wait_fd fds[] = {
        { .fd = STDIN_FILENO },
        { .fd = loop->signal_fd },
    };
    int number;

    kv_session_wait(loop->app->session, fds, 2, timeout_of(loop));
    while (fds[1].readable && !loop->app->done &&
           (number = signals_read(loop->signal_fd)) != 0)
        take_signal(loop, number);
    if (fds[0].readable && !loop->app->done)
        take_keys(loop);
    if (loop->app->done)
        return;
    app_news(loop->app, kv_session_step(loop->app->session));
    loop->working = app_work(loop->app);
    let_time_pass(loop);
    draw_if_due(loop);
}

/* ---- opening ---- */

static void choose_theme(struct loop *loop, const struct loop_options *options)
{
    struct app *app = loop->app;

    app->colour = term_has_colour(loop->term) && !options->no_colour;
    if (!app->colour)
        theme_mono(&app->theme);
    else if (options->theme)
        app_set_theme(app, options->theme);
    term_set_theme(loop->term, &app->theme);
}

enum kv_status loop_run(struct app *app, const struct loop_options *options,
    int *exit_code, struct kv_error *err)
{
    struct loop loop = {
        .app = app, .signal_fd = signals_open(), .due_at_ms = -1
    };
    enum kv_status status = KV_OK;

    if (loop.signal_fd < 0)
        return kv_error_set(err, KV_BAD_CONFIG,
            "no pipe for signals could be opened; close some programs and "
            "try again");
    status = term_open(&loop.term, options->term, err);
    if (status == KV_OK) {
        choose_theme(&loop, options);
        app->has_mouse = term_has_mouse(loop.term);
        if (options->mouse)
            mouse_switch(app, true);
        take_requests(&loop);
        if (term_fallback(loop.term))
            app_notice(app, KV_NOTICE_INFO,
                "this system does not know your terminal's name; taking %s, "
                "--term takes another",
                term_fallback(loop.term));
        resize(&loop);
        while (!app->done)
            turn(&loop);
        if (app_is_changing(app))
            wind_down(&loop);
        term_close(loop.term);
        *exit_code = app->exit_code;
    }
    close(loop.signal_fd);
    return status;
}
