/* What is typed behind a colon, beside the actions of the screen, which have
 * the names of their bindings. */
#include "console.h"
#include "entries.h"
#include "saved.h"

#include <limits.h>
#include <string.h>

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

static void run_mouse(struct app *app, const char *argument)
{
    (void)argument;
    mouse_switch(app, !app->mouse);
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

/* ---- saved views ---- */

/* What the person's file has; says what is wrong with it. */
static bool load_views(struct app *app, struct saved *saved, struct buf *path)
{
    struct kv_error err = { 0 };

    if (!saved_path(path))
        kv_error_set(&err, KV_BAD_CONFIG,
            "there is no folder for views: neither HOME nor XDG_CONFIG_HOME "
            "is set");
    else if (saved_load(saved, buf_text(path), &err) == KV_OK)
        return true;
    app_notice_error(app, &err);
    saved_done(saved);
    return false;
}

static void save_view(
    struct app *app, struct saved *saved, const char *path, const char *name)
{
    const struct list *list = app_list(app);
    struct kv_error err = { 0 };

    if (!list)
        app_notice(app, KV_NOTICE_INFO, "there is no list here to be saved");
    else if (saved_take(saved, name, app->top->ops->title, list, &err) ==
                 KV_OK &&
             saved_store(saved, path, &err) == KV_OK)
        app_notice(app, KV_NOTICE_DONE, "saved; :view %s shows it again", name);
    else
        app_notice_error(app, &err);
}

static void run_save(struct app *app, const char *argument)
{
    struct saved saved = { 0 };
    struct buf path = { .limit = PATH_MAX };

    if (load_views(app, &saved, &path))
        save_view(app, &saved, buf_text(&path), argument);
    saved_done(&saved);
    buf_done(&path);
}

static void forget_view(
    struct app *app, struct saved *saved, const char *path, const char *name)
{
    struct saved_view *view = saved_find(saved, name);
    struct kv_error err = { 0 };

    if (!view) {
        app_notice(app, KV_NOTICE_INFO, "there is no view \"%s\"", name);
        return;
    }
    saved_drop(saved, view);
    if (saved_store(saved, path, &err) == KV_OK)
        app_notice(app, KV_NOTICE_DONE, "the view %s is forgotten", name);
    else
        app_notice_error(app, &err);
}

static void run_forget(struct app *app, const char *argument)
{
    struct saved saved = { 0 };
    struct buf path = { .limit = PATH_MAX };

    if (load_views(app, &saved, &path))
        forget_view(app, &saved, buf_text(&path), argument);
    saved_done(&saved);
    buf_done(&path);
}

/* To the screen that the view is of, where a key leads there. */
static bool go_to(struct app *app, const char *title)
{
    if (title && strcmp(app->top->ops->title, title) == 0)
        return true;
    for (const struct binding *at = main_bindings; at->key && title; at++)
        if (strcmp(at->hint, title) == 0) {
            app_act(app, at);
            return strcmp(app->top->ops->title, title) == 0;
        }
    return false;
}

static void show_view(
    struct app *app, const struct saved_view *view, const char *name)
{
    if (!view)
        app_notice(app, KV_NOTICE_INFO,
            "there is no view \"%s\"; :save NAME makes one of this list", name);
    else if (!go_to(app, view->screen) || !app_list(app))
        app_notice(app, KV_NOTICE_INFO,
            "\"%s\" is a view of the screen %s: open that first", view->name,
            view->screen ? view->screen : "?");
    else
        saved_apply(view, app_list(app));
}

static void run_view(struct app *app, const char *argument)
{
    struct saved saved = { 0 };
    struct buf path = { .limit = PATH_MAX };

    if (load_views(app, &saved, &path))
        show_view(app, saved_find(&saved, argument), argument);
    saved_done(&saved);
    buf_done(&path);
}

static bool view_choice(const struct app *app, size_t index, struct buf *out)
{
    struct saved saved = { 0 };
    struct buf path = { .limit = PATH_MAX };
    struct kv_error err = { 0 };
    bool found = saved_path(&path) &&
                 saved_load(&saved, buf_text(&path), &err) == KV_OK &&
                 index < saved.count;

    (void)app;
    if (found)
        buf_puts(out, saved.views[index].name);
    saved_done(&saved);
    buf_done(&path);
    return found;
}

/* In alphabetical order. */
const struct typed_command typed_commands[] = {
    {
        .name = "baseline",
        .argument = "[NAME]",
        .help = "judge by what was recommended then",
        .run = run_baseline,
        .choice = baseline_choice,
    },
    {
        .name = "forget",
        .argument = "VIEW",
        .help = "forget a saved view",
        .run = run_forget,
        .choice = view_choice,
    },
    {
        .name = "matrix",
        .help = "vaults by recommendations, one mark a cell",
        .run = run_matrix,
    },
    {
        .name = "mouse",
        .help = "the mouse chooses rows and tabs, or no longer",
        .run = run_mouse,
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
        .name = "save",
        .argument = "NAME",
        .help = "save this list's filter, order and columns as a view",
        .run = run_save,
        .choice = view_choice,
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
        .name = "view",
        .argument = "NAME",
        .help = "show a saved view",
        .run = run_view,
        .choice = view_choice,
    },
    {
        .name = "write",
        .argument = "[reason]",
        .help = "write mode on for 30 minutes",
        .run = run_write,
    },
};
const size_t typed_count = sizeof(typed_commands) / sizeof *(typed_commands);
