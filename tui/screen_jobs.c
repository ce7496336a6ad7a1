/* Jobs: the scan, and every run of this session, also those whose screen was
 * left. Enter opens a run again where it is now. */
#include "app.h"
#include "heap.h"
#include "list.h"
#include "screen_wizard.h"

/* Item 0 is the scan, the n-th run is item n: no number ever changes. */
#define SCAN 0

struct jobs {
    struct screen screen;
    struct list list;
};

enum jobs_column {
    COLUMN_JOB,
    COLUMN_STATE,
    COLUMN_WHAT,
    COLUMN_PROGRESS,
};

static const struct list_column columns[] = {
    [COLUMN_JOB] = { .title = "JOB", .width_cells = 7 },
    [COLUMN_STATE] = { .title = "STATE", .width_cells = 9 },
    [COLUMN_WHAT] = {
        .title = "WHAT",
        .width_cells = 30,
        .full_cells = 48,
        .appears_at = 70,
    },
    [COLUMN_PROGRESS] = { .title = "PROGRESS" },
};

static const struct jobs *const_of(const void *screen)
{
    return screen;
}

/* NULL for the scan. */
static const struct app_run *run_of(const struct jobs *jobs, uint32_t item)
{
    return item == SCAN || item == KV_NONE
               ? NULL
               : app_run(jobs->screen.app, item - 1);
}

/* ---- the rows ---- */

static const char *scan_state(enum kv_scan_state state)
{
    switch (state) {
    case KV_SCAN_NONE:
        return "none yet";
    case KV_SCAN_STORED:
        return "stored";
    case KV_SCAN_RUNNING:
        return "running";
    case KV_SCAN_DONE:
        return "done";
    case KV_SCAN_STOPPED:
        return "stopped";
    case KV_SCAN_FAILED:
        return "failed";
    }
    return "?";
}

static void put_scan_progress(struct buf *out, const struct kv_scan *scan)
{
    buf_put_of(out, scan->done, scan->total);
    buf_puts(out, " reads");
    if (scan->failures) {
        buf_puts(out, ", ");
        buf_put_count(out, scan->failures);
        buf_puts(out, " denied or failed");
    }
    if (scan->waiting_s)
        buf_putf(out, ", throttled for %us", scan->waiting_s);
}

static void scan_cell(
    const struct kv_scan *scan, enum jobs_column column, struct buf *out)
{
    bool running = scan->state == KV_SCAN_RUNNING;

    switch (column) {
    case COLUMN_JOB:
        buf_puts(out, "scan");
        break;
    case COLUMN_STATE:
        buf_puts(out, scan_state(scan->state));
        break;
    case COLUMN_WHAT:
        buf_putf(out, "reading %s",
            running && scan->stage ? scan->stage : "the estate");
        break;
    case COLUMN_PROGRESS:
        put_scan_progress(out, scan);
        break;
    }
}

static void run_cell(
    const struct kv_plan *plan, enum jobs_column column, struct buf *out)
{
    switch (column) {
    case COLUMN_JOB:
        buf_puts(out, kv_plan_id(plan));
        break;
    case COLUMN_STATE:
        buf_puts(out, wizard_state_words(kv_plan_state(plan)));
        break;
    case COLUMN_WHAT:
        buf_putf(out, "%s%s", kv_plan_is_undo(plan) ? "undo: " : "",
            kv_plan_remedy(plan)->title);
        break;
    case COLUMN_PROGRESS:
        wizard_put_counts(out, plan);
        break;
    }
}

static void jobs_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct jobs *jobs = const_of(context);
    const struct app_run *run = run_of(jobs, item);

    if (run)
        run_cell(run->plan, (enum jobs_column)column, &out->text);
    else
        scan_cell(kv_session_scan(app_session(jobs->screen.app)),
            (enum jobs_column)column, &out->text);
}

static const struct list_ops jobs_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .name_column = COLUMN_JOB,
    .cell = jobs_cell,
    .no_marks = true,
};

/* ---- the screen ---- */

static void jobs_close(struct screen *screen)
{
    list_done(&((struct jobs *)screen)->list);
    heap_free(screen);
}

static void jobs_layout(struct screen *screen, int rows, int width)
{
    (void)width;
    list_layout(&((struct jobs *)screen)->list, rows - 1);
}

static void jobs_prepare(struct screen *screen)
{
    uint32_t count = 1;

    while (app_run(screen->app, count - 1))
        count++;
    list_refresh(&((struct jobs *)screen)->list, count);
}

static void jobs_draw(const struct screen *screen, struct canvas *canvas)
{
    struct canvas list =
        canvas_part(canvas, 0, 0, canvas->rows - 1, canvas->columns);

    canvas_move(canvas, canvas->rows - 1, 1);
    canvas_puts(canvas, ROLE_DIM,
        "Leaving stops nothing. Older runs are in the journal.");
    list_draw(&const_of(screen)->list, &list);
}

static bool jobs_key(struct screen *screen, struct key key)
{
    return list_key(&((struct jobs *)screen)->list, key);
}

static const struct list *jobs_list_of(const struct screen *screen)
{
    return &const_of(screen)->list;
}

/* ---- its keys ---- */

static const struct app_run *current(const struct screen *screen)
{
    const struct jobs *jobs = const_of(screen);

    return run_of(jobs, list_current(&jobs->list));
}

static bool is_run(const struct screen *screen)
{
    return current(screen);
}

static void open_run(struct screen *screen)
{
    screen_open_run(screen->app, current(screen));
}

static bool can_stop(const struct screen *screen)
{
    const struct app_run *run = current(screen);

    if (run)
        return kv_plan_state(run->plan) == KV_PLAN_RUNNING ||
               kv_plan_state(run->plan) == KV_PLAN_PAUSED;
    return kv_session_scan(app_session(screen->app))->state == KV_SCAN_RUNNING;
}

static void stop(struct screen *screen)
{
    const struct app_run *run = current(screen);

    if (run)
        kv_session_run_stop(app_session(screen->app), run->plan);
    else
        kv_session_stop_scan(app_session(screen->app));
}

/* ---- a run that ended with its process ---- */

static bool has_interrupted(const struct screen *screen)
{
    struct kv_interrupted found;

    return kv_session_interrupted(app_session(screen->app), 0, &found);
}

static void resume(struct screen *screen)
{
    struct kv_interrupted found;

    if (kv_session_interrupted(app_session(screen->app), 0, &found))
        screen_open_plan(screen->app, found.path);
}

static void forget(struct screen *screen)
{
    struct kv_interrupted found;

    if (!kv_session_interrupted(app_session(screen->app), 0, &found))
        return;
    app_notice(screen->app, KV_NOTICE_DONE,
        "run %s is given up; what it changed is in the journal", found.plan);
    kv_session_forget_interrupted(app_session(screen->app), found.plan);
}

static const struct binding jobs_bindings[] = {
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "open",
        .help = "the run: every target and what came of it",
        .run = open_run,
        .allowed = is_run,
        .why_not = "only a run can be opened",
    },
    {
        .name = "stop-run",
        .key = 's',
        .hint = "stop",
        .help = "stop this one after what is under way",
        .run = stop,
        .allowed = can_stop,
        .why_not = "it does not run",
    },
    {
        .name = "resume-run",
        .key = 'r',
        .hint = "go on",
        .help = "a run that was interrupted: its plan, from the preview on",
        .run = resume,
        .allowed = has_interrupted,
        .why_not = "no run was interrupted",
    },
    {
        .name = "give-up-run",
        .key = 'X',
        .help = "a run that was interrupted: leave the rest as it is",
        .run = forget,
        .allowed = has_interrupted,
        .why_not = "no run was interrupted",
    },
    { .name = "down", .key = 'j', .also = CODE_DOWN, .help = "one row down" },
    { .name = "up", .key = 'k', .also = CODE_UP, .help = "one row up" },
    { 0 },
};

const struct screen_ops jobs_screen = {
    .title = "Jobs",
    .about = "The scan and every run of this session. A run goes on when its "
             "screen is left; Enter opens it again.",
    .close = jobs_close,
    .layout = jobs_layout,
    .prepare = jobs_prepare,
    .draw = jobs_draw,
    .key = jobs_key,
    .list = jobs_list_of,
    .bindings = jobs_bindings,
};

void screen_open_jobs(struct app *app)
{
    struct jobs *jobs = heap_new(sizeof(*jobs));

    jobs->screen.ops = &jobs_screen;
    jobs->screen.app = app;
    list_init(&jobs->list, &jobs_list, jobs);
    jobs_prepare(&jobs->screen);
    app_push(app, &jobs->screen);
}
