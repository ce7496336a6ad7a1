/* Step 5: the run. Each target's state as it changes, a stop after the one
 * that is under way, and what came of it at the end. */
#include "screen_wizard.h"

#define INTRO_ROWS 3
#define BELOW_ROWS 4

static enum kv_plan_state state_of(const struct wizard *wizard)
{
    return kv_plan_state(wizard->plan);
}

static bool is_running(const struct wizard *wizard)
{
    return state_of(wizard) == KV_PLAN_RUNNING ||
           state_of(wizard) == KV_PLAN_STOPPING;
}

static bool is_paused(const struct wizard *wizard)
{
    return state_of(wizard) == KV_PLAN_PAUSED;
}

static void apply_enter(struct wizard *wizard)
{
    wizard->opened_ms = app_steady_ms(wizard->screen.app);
    wizard_refresh_targets(wizard);
}

static int list_rows(const struct wizard *wizard)
{
    int rows = wizard->rows - WIZARD_TOP_ROWS - INTRO_ROWS - BELOW_ROWS;
    int wanted = (int)kv_plan_target_count(wizard->plan) + 2;

    if (rows < WIZARD_LIST_ROWS_MIN)
        rows = WIZARD_LIST_ROWS_MIN;
    return wanted < rows ? wanted : rows;
}

static void apply_layout(struct screen *screen, int rows, int columns)
{
    struct wizard *wizard = (struct wizard *)screen;

    wizard->rows = rows;
    wizard->columns = columns;
    list_layout(&wizard->targets, list_rows(wizard));
}

static void apply_news(struct screen *screen, unsigned news)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (news & KV_NEWS_PLAN)
        wizard_refresh_targets(wizard);
}

/* ---- drawing ---- */

/* A green wave is looked at before the next, larger one begins. */
static void draw_pause(const struct wizard *wizard, struct canvas *row)
{
    struct kv_wave wave = kv_plan_wave(wizard->plan);
    struct buf next = { .limit = 64 };

    buf_put_of(&next, wave.next, wave.left);
    canvas_putf(row, ROLE_TITLE, "Paused after wave %u.", wave.number);
    canvas_putf(row, ROLE_TEXT,
        "  Enter goes on with the next %s, a with all.",
        buf_text(&next));
    buf_done(&next);
}

static void draw_state(const struct wizard *wizard, struct canvas *row)
{
    int64_t elapsed_ms = app_steady_ms(wizard->screen.app) - wizard->opened_ms;

    canvas_move(row, 0, 1);
    switch (state_of(wizard)) {
    case KV_PLAN_READING:
    case KV_PLAN_READY:
        canvas_puts(row, ROLE_TEXT, "Not started.");
        break;
    case KV_PLAN_RUNNING:
        canvas_putf(row, ROLE_TITLE, "Running, %ds.", (int)(elapsed_ms / 1000));
        canvas_puts(
            row, ROLE_TEXT, "  Leaving this screen does not stop it; s does.");
        break;
    case KV_PLAN_PAUSED:
        draw_pause(wizard, row);
        break;
    case KV_PLAN_STOPPING:
        canvas_puts(
            row, ROLE_TITLE, "Stopping after the target that is under way.");
        break;
    case KV_PLAN_ENDED:
        canvas_puts(row, ROLE_TITLE, "Ended.");
        canvas_puts(row, ROLE_TEXT,
            kv_plan_is_undo(wizard->plan)
                ? "  All of it is in the journal."
                : "  All of it is in the journal, with undo where there is "
                  "one.");
        break;
    }
}

static void draw_summary(const struct wizard *wizard, struct canvas *body)
{
    struct buf counts = { .limit = 256 };

    wizard_put_counts(&counts, wizard->plan);
    canvas_move(body, 1, 1);
    canvas_puts(body, ROLE_TEXT, buf_text(&counts));
    buf_done(&counts);
}

static void apply_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    struct canvas body = wizard_draw_bar(wizard, canvas);
    int rows = list_rows(wizard);
    struct canvas list = canvas_part(&body, INTRO_ROWS, 0, rows, body.columns);
    struct canvas below = canvas_part(&body, INTRO_ROWS + rows, 0,
        body.rows - INTRO_ROWS - rows, body.columns);

    draw_state(wizard, &body);
    draw_summary(wizard, &body);
    wizard_draw_target(wizard, &below);
    list_draw(&wizard->targets, &list);
}

/* ---- keys ---- */

static bool apply_key(struct screen *screen, struct key key)
{
    return list_key(&((struct wizard *)screen)->targets, key);
}

static bool apply_stop(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (!is_running(wizard) && !is_paused(wizard))
        return false;
    kv_session_run_stop(app_session(screen->app), wizard->plan);
    app_notice(screen->app, KV_NOTICE_INFO,
        "stopping: the target that is under way is finished, no other is "
        "started");
    return true;
}

static void stop_key(struct screen *screen)
{
    apply_stop(screen);
}

static bool can_stop(const struct screen *screen)
{
    const struct wizard *wizard = (const struct wizard *)screen;

    return state_of(wizard) == KV_PLAN_RUNNING || is_paused(wizard);
}

static bool can_pause(const struct screen *screen)
{
    return state_of((const struct wizard *)screen) == KV_PLAN_RUNNING &&
           kv_plan_wave(((const struct wizard *)screen)->plan).left > 0;
}

static void pause_run(struct screen *screen)
{
    kv_session_run_pause(
        app_session(screen->app), ((struct wizard *)screen)->plan);
    app_notice(screen->app, KV_NOTICE_INFO,
        "pausing: the target that is under way is finished first");
}

static bool can_go_on(const struct screen *screen)
{
    return is_paused((const struct wizard *)screen);
}

static void go_on_alone(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;
    struct kv_pace pace = kv_plan_pace(wizard->plan);

    pace.automatic = true;
    kv_session_run_pace(app_session(screen->app), wizard->plan, &pace);
    kv_session_run_go_on(app_session(screen->app), wizard->plan);
}

static void open_target(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (is_paused(wizard)) {
        kv_session_run_go_on(app_session(screen->app), wizard->plan);
        return;
    }
    wizard_open_target(wizard, list_current(&wizard->targets));
}

/* Nothing is cancelled by leaving: say what goes on. */
static bool apply_leave(struct screen *screen)
{
    if (is_running((struct wizard *)screen))
        app_notice(screen->app, KV_NOTICE_INFO,
            "the run goes on; 5 (Jobs) opens it again");
    return true;
}

static int apply_due_ms(const struct screen *screen)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    int64_t elapsed_ms = app_steady_ms(screen->app) - wizard->opened_ms;

    return is_running(wizard) ? 1000 - (int)(elapsed_ms % 1000) : -1;
}

static const struct binding apply_bindings[] = {
    {
        .name = "go-on",
        .fixed = true,
        .key = CODE_ENTER,
        .hint = "go on, or target in full",
        .help = "paused: the next wave; else the target under the cursor",
        .run = open_target,
    },
    {
        .name = "pause",
        .key = 'p',
        .hint = "pause",
        .help = "finish the target that is under way, then wait",
        .run = pause_run,
        .allowed = can_pause,
        .why_not = "nothing runs",
    },
    {
        .name = "all-waves",
        .fixed = true,
        .key = 'a',
        .hint = "all waves",
        .help = "paused: the next waves begin by themselves; a failure stops",
        .run = go_on_alone,
        .allowed = can_go_on,
        .why_not = "no wave is waited for",
    },
    {
        .name = "stop-run",
        .key = 's',
        .hint = "stop after this one",
        .help = "finish the target that is under way, start no other",
        .run = stop_key,
        .allowed = can_stop,
        .why_not = "nothing runs",
    },
    { .name = "down", .key = 'j', .also = CODE_DOWN, .help = "one row down" },
    { .name = "up", .key = 'k', .also = CODE_UP, .help = "one row up" },
    { 0 },
};

const struct wizard_page wizard_apply = {
    .ops = {
        .title = "Fix",
        .about = "Step 5: what is being changed now, and what came of it.",
        .close = wizard_close,
        .layout = apply_layout,
        .draw = apply_draw,
        .head = wizard_head,
        .key = apply_key,
        .news = apply_news,
        .stop = apply_stop,
        .due_ms = apply_due_ms,
        .leave = apply_leave,
        .environment = wizard_environment,
        .bindings = apply_bindings,
    },
    .enter = apply_enter,
};
