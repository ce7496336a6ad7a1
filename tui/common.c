/* The keys that hold on every screen: the ways to the main screens, and what
 * can always be done. */
#include "console.h"

/* The first one is home: there is nothing to open on it. */
static void go(struct screen *screen, void (*open)(struct app *app))
{
    struct app *app = screen->app;

    if (app_go_home(app) && open)
        open(app);
}

static void go_posture(struct screen *screen)
{
    go(screen, NULL);
}

static void open_all_vaults(struct app *app)
{
    screen_open_vaults(app, KV_NONE);
}

static void go_vaults(struct screen *screen)
{
    go(screen, open_all_vaults);
}

static void go_fixes(struct screen *screen)
{
    go(screen, screen_open_fixes);
}

static void go_access(struct screen *screen)
{
    go(screen, screen_open_access);
}

static void go_jobs(struct screen *screen)
{
    go(screen, screen_open_jobs);
}

static void go_journal(struct screen *screen)
{
    go(screen, screen_open_journal);
}

const struct binding main_bindings[] = {
    {
        .name = "posture",
        .key = '1',
        .hint = "Posture",
        .help = "one row a recommendation, across all vaults",
        .run = go_posture,
    },
    {
        .name = "vaults",
        .key = '2',
        .hint = "Vaults",
        .help = "every vault and managed HSM",
        .run = go_vaults,
    },
    {
        .name = "fixes",
        .key = '3',
        .hint = "Fixes",
        .help = "what can be put right, across all vaults",
        .run = go_fixes,
    },
    {
        .name = "access",
        .key = '4',
        .hint = "Access",
        .help = "who can do what, across all vaults",
        .run = go_access,
    },
    {
        .name = "jobs",
        .key = '5',
        .hint = "Jobs",
        .help = "the scan and the runs of this session",
        .run = go_jobs,
    },
    {
        .name = "journal",
        .key = '6',
        .hint = "Journal",
        .help = "what was changed from here",
        .run = go_journal,
    },
    { 0 },
};

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

/* A run or a scan is worth one question; what was read is kept anyway, and what
 * was sent is waited for. */
static bool is_worth_a_question(const struct app *app)
{
    return app_is_changing(app) ||
           kv_session_scan(app->session)->state == KV_SCAN_RUNNING;
}

static void quit_or_back(struct screen *screen)
{
    struct app *app = screen->app;

    if (screen->below) {
        back(screen);
    } else if (!is_worth_a_question(app) || app->asked_to_quit) {
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
    prompt_start(screen->app, "");
}

static void palette(struct screen *screen)
{
    palette_start(screen->app);
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
        .name = "command",
        .key = ':',
        .hint = "command",
        .help = "command line, Tab completes",
        .run = command,
    },
    {
        .name = "palette",
        .key = CODE_CTRL('P'),
        .help = "all that can be done here, by name",
        .run = palette,
    },
    {
        .name = "help",
        .key = '?',
        .also = CODE_F1,
        .hint = "help",
        .help = "this help",
        .run = help,
    },
    {
        .name = "messages",
        .key = '!',
        .help = "messages: all that was said, with details",
        .run = messages,
    },
    {
        .name = "rescan",
        .key = 'r',
        .also = CODE_F5,
        .help = "read everything again",
        .run = rescan,
    },
    {
        .name = "back",
        .key = CODE_ESCAPE,
        .also = CODE_BACKSPACE,
        .help = "back one level; always cancels",
        .run = back,
        .fixed = true,
    },
    {
        .name = "leave",
        .key = 'q',
        .help = "back one level; on the first screen quit",
        .run = quit_or_back,
    },
    {
        .name = "redraw",
        .key = CODE_CTRL('L'),
        .help = "draw the screen again",
        .run = redraw,
    },
    {
        .name = "suspend",
        .key = CODE_CTRL('Z'),
        .help = "suspend, fg comes back",
        .run = suspend,
    },
    {
        .name = "stop",
        .key = CODE_CTRL('C'),
        .help = "stop what runs here; twice quits",
        .fixed = true,
    },
    { 0 },
};
