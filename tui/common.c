/* The keys that hold on every screen. */
#include "console.h"

static void back(struct screen *screen)
{
    struct app *app = screen->app;

    if (screen->ops->leave && !screen->ops->leave(screen))
        return;
    if (screen->below)
        app_pop(app);
    else
        app_notice(app, KV_NOTICE_INFO, "this is the first screen; q quits");
}

/* What is under way is worth one question; what was read is kept anyway, and
 * what was sent is waited for. */
static void quit_or_back(struct screen *screen)
{
    struct app *app = screen->app;

    if (screen->below) {
        back(screen);
    } else if (kv_session_idle(app->session) || app->asked_to_quit) {
        app_quit(app, 0);
    } else {
        app->asked_to_quit = true;
        app_notice(app, KV_NOTICE_INFO, "%s",
            app_is_changing(app)
                ? "a run is under way; q again ends it after its target"
                : "still reading; q again quits, what was read is kept");
    }
}

static void command(struct screen *screen)
{
    prompt_start(&screen->app->prompt);
}

static void help(struct screen *screen)
{
    screen_open_help(screen->app, screen);
}

static void messages(struct screen *screen)
{
    screen_open_messages(screen->app);
}

static void rescan(struct screen *screen)
{
    kv_session_rescan(screen->app->session);
}

static void redraw(struct screen *screen)
{
    screen->app->requests |= APP_REDRAW;
}

static void suspend(struct screen *screen)
{
    screen->app->requests |= APP_SUSPEND;
}

const struct binding common_bindings[] = {
    {
        .key = ':',
        .hint = "command",
        .help = "command line, Tab completes",
        .run = command,
    },
    {
        .key = '?',
        .also = CODE_F1,
        .hint = "help",
        .help = "this help",
        .run = help,
    },
    {
        .key = '!',
        .help = "messages: all that was said, with details",
        .run = messages,
    },
    {
        .key = 'r',
        .also = CODE_F5,
        .help = "read everything again",
        .run = rescan,
    },
    {
        .key = CODE_ESCAPE,
        .also = CODE_BACKSPACE,
        .help = "back one level; always cancels",
        .run = back,
    },
    {
        .key = 'q',
        .help = "back one level; on the first screen quit",
        .run = quit_or_back,
    },
    {
        .key = CODE_CTRL('L'),
        .help = "draw the screen again",
        .run = redraw,
    },
    {
        .key = CODE_CTRL('Z'),
        .help = "suspend, fg comes back",
        .run = suspend,
    },
    {
        .key = CODE_CTRL('C'),
        .help = "stop what runs here; twice quits",
    },
    { 0 },
};
