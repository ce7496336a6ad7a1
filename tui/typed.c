/* What is typed behind a colon, beside the actions of the screen, which have
 * the names of their bindings. */
#include "console.h"
#include "entries.h"

static void run_write(struct app *app, const char *argument)
{
    app_write_on(app, argument);
}

static void run_read_only(struct app *app, const char *argument)
{
    (void)argument;
    kv_session_write_off(app->session);
    app_notice(app, KV_NOTICE_DONE, "read-only: nothing can be applied");
}

/* Judged again at once, from what was read. */
static void run_baseline(struct app *app, const char *argument)
{
    unsigned now = kv_session_policy(app->session)->baseline;
    unsigned wanted = kv_baseline_find(argument);

    if (!*argument) {
        app_notice(app, KV_NOTICE_INFO,
            "the baseline is %s, %s; :baseline NAME judges by another one",
            kv_baselines[now].name, kv_baselines[now].what);
    } else if (wanted == KV_BASELINE_COUNT) {
        app_notice(app, KV_NOTICE_INFO,
            "there is no baseline \"%s\"; Tab completes those that there are",
            argument);
    } else {
        kv_session_set_baseline(app->session, (enum kv_baseline)wanted);
        app_notice(app, KV_NOTICE_DONE, "judged by %s: %s",
            kv_baselines[wanted].name, kv_baselines[wanted].what);
    }
}

static bool baseline_choice(
    const struct app *app, size_t index, struct buf *out)
{
    (void)app;
    if (index >= KV_BASELINE_COUNT)
        return false;
    buf_puts(out, kv_baselines[index].name);
    return true;
}

static void run_theme(struct app *app, const char *argument)
{
    if (!*argument)
        app_notice(app, KV_NOTICE_INFO,
            "the theme is %s; :theme NAME takes another one", app->theme.name);
    else
        app_set_theme(app, argument);
}

static bool theme_choice(const struct app *app, size_t index, struct buf *out)
{
    (void)app;
    return theme_get_name(index, out);
}

static void run_matrix(struct app *app, const char *argument)
{
    (void)argument;
    screen_open_matrix(app);
}

static void run_sign_in(struct app *app, const char *argument)
{
    (void)argument;
    screen_open_sign_in(app);
}

static void run_quit(struct app *app, const char *argument)
{
    (void)argument;
    if (app_go_home(app))
        app_quit(app, 0);
}

/* In alphabetical order. */
const struct command typed_commands[] = {
    {
        .name = "baseline",
        .argument = "[NAME]",
        .help = "judge by what was recommended then",
        .run = run_baseline,
        .choice = baseline_choice,
    },
    {
        .name = "matrix",
        .help = "vaults by recommendations, one mark a cell",
        .run = run_matrix,
    },
    {
        .name = "quit",
        .help = "end kvgov",
        .run = run_quit,
    },
    {
        .name = "ro",
        .help = "write mode off",
        .run = run_read_only,
    },
    {
        .name = "signin",
        .help = "who is signed in, and how",
        .run = run_sign_in,
    },
    {
        .name = "theme",
        .argument = "[NAME]",
        .help = "take another theme",
        .run = run_theme,
        .choice = theme_choice,
    },
    {
        .name = "write",
        .argument = "[reason]",
        .help = "write mode on for 30 minutes",
        .run = run_write,
    },
};
const size_t typed_count = sizeof(typed_commands) / sizeof *(typed_commands);
