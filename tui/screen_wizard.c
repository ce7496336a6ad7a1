/* The fix wizard as a whole: opening it, the way from step to step, and what
 * all steps draw alike. */
#include "screen_wizard.h"

#include <string.h>

#include "environment.h"
#include "heap.h"

/* The bar has gaps from this width on. */
#define WIDE_BAR 70

struct step_row {
    const struct wizard_page *page;
    const char *title;  /* in the bar; NULL: not a step of its own */
    const char *active; /* the same, where one is */
};

static const struct step_row steps[] = {
    [WIZARD_MENU] = { &wizard_menu, NULL, NULL },
    [WIZARD_TARGETS] = { &wizard_targets, "1 Targets", "1 TARGETS" },
    [WIZARD_OPTIONS] = { &wizard_options, "2 Options", "2 OPTIONS" },
    [WIZARD_PREVIEW] = { &wizard_preview, "3 Preview", "3 PREVIEW" },
    [WIZARD_CONFIRM] = { &wizard_confirm, "4 Confirm", "4 CONFIRM" },
    [WIZARD_APPLY] = { &wizard_apply, "5 Apply", "5 APPLY" },
};

/* From then on the plan is the console's, see app_keep_run(). */
static bool was_run(const struct wizard *wizard)
{
    enum kv_plan_state state = kv_plan_state(wizard->plan);

    return state == KV_PLAN_RUNNING || state == KV_PLAN_PAUSED ||
           state == KV_PLAN_STOPPING ||
           state == KV_PLAN_ENDED;
}

static bool has_options(const struct wizard *wizard)
{
    return wizard->plan && kv_plan_option_count(wizard->plan) > 0;
}

/* ---- the way through ---- */

void wizard_go(struct wizard *wizard, enum wizard_step step)
{
    const struct wizard_page *page = steps[step].page;

    wizard->step = step;
    wizard->wants_confirm = false;
    wizard->screen.ops = &page->ops;
    if (page->enter)
        page->enter(wizard);
    if (page->ops.layout)
        page->ops.layout(&wizard->screen, wizard->rows, wizard->columns);
}

void wizard_forward(struct wizard *wizard)
{
    switch (wizard->step) {
    case WIZARD_TARGETS:
        wizard->option = 0;
        wizard_go(
            wizard, has_options(wizard) ? WIZARD_OPTIONS : WIZARD_PREVIEW);
        break;
    case WIZARD_OPTIONS:
        wizard_go(wizard, WIZARD_PREVIEW);
        break;
    case WIZARD_PREVIEW:
        wizard->wants_confirm = wizard_still_reading(wizard);
        if (wizard->wants_confirm)
            app_notice(wizard->screen.app, KV_NOTICE_INFO,
                "the targets are still being read; the confirmation opens "
                "after that");
        else
            wizard_go(wizard, WIZARD_CONFIRM);
        break;
    case WIZARD_MENU:
    case WIZARD_CONFIRM:
    case WIZARD_APPLY:
        break; /* these end in a choice, not in a next step */
    }
}

static void back_to_menu(struct wizard *wizard)
{
    if (!wizard->has_menu) {
        app_notice(wizard->screen.app, KV_NOTICE_INFO,
            "this is the first step; Esc cancels");
        return;
    }
    kv_session_drop_plan(app_session(wizard->screen.app), wizard->plan);
    wizard->plan = NULL;
    wizard_go(wizard, WIZARD_MENU);
}

void wizard_backward(struct wizard *wizard)
{
    switch (wizard->step) {
    case WIZARD_TARGETS:
        back_to_menu(wizard);
        break;
    case WIZARD_OPTIONS:
        wizard_go(wizard, WIZARD_TARGETS);
        break;
    case WIZARD_PREVIEW:
        wizard->option = 0;
        wizard_go(
            wizard, has_options(wizard) ? WIZARD_OPTIONS : WIZARD_TARGETS);
        break;
    case WIZARD_CONFIRM:
        wizard_go(wizard, WIZARD_PREVIEW);
        break;
    case WIZARD_MENU:
    case WIZARD_APPLY:
        break;
    }
}

void wizard_next_key(struct screen *screen)
{
    wizard_forward((struct wizard *)screen);
}

void wizard_previous_key(struct screen *screen)
{
    wizard_backward((struct wizard *)screen);
}

bool wizard_make_plan(struct wizard *wizard, const struct kv_remedy *remedy,
    const uint32_t *resources, size_t count)
{
    struct app *app = wizard->screen.app;
    struct kv_error err = { 0 };
    struct kv_plan_order order = {
        .remedy = remedy->id,
        .row = wizard->row == KV_NONE ? NULL : kv_catalogue[wizard->row].id,
        .resources = resources,
        .count = count,
    };

    wizard->reading_ms = app_steady_ms(app);
    if (kv_session_plan(app_session(app), &wizard->plan, &order, &err) == KV_OK)
        return true;
    app_notice_error(app, &err);
    return false;
}

/* ---- what every step does alike ---- */

/* A run goes on without its screen, and can be opened again. */
void wizard_close(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (wizard->plan && !was_run(wizard))
        kv_session_drop_plan(app_session(screen->app), wizard->plan);
    list_done(&wizard->menu);
    list_done(&wizard->targets);
    sheet_done(&wizard->intro);
    sheet_done(&wizard->sheet);
    sheet_done(&wizard->right);
    heap_free(wizard->fits);
    heap_free(wizard->offered);
    heap_free(wizard->resources);
    heap_free(wizard);
}

const char *wizard_state_words(enum kv_plan_state state)
{
    switch (state) {
    case KV_PLAN_READING:
        return "reading";
    case KV_PLAN_READY:
        return "not applied";
    case KV_PLAN_RUNNING:
        return "running";
    case KV_PLAN_PAUSED:
        return "paused";
    case KV_PLAN_STOPPING:
        return "stopping";
    case KV_PLAN_ENDED:
        return "ended";
    }
    return "";
}

void wizard_head(const struct screen *screen, struct screen_head *out)
{
    const struct wizard *wizard = (const struct wizard *)screen;

    if (!wizard->plan) {
        buf_puts(&out->crumb, "Fix");
        return;
    }
    buf_putf(&out->crumb, "%s: %s",
        kv_plan_is_undo(wizard->plan) ? "Undo" : "Fix",
        kv_plan_remedy(wizard->plan)->title);
    buf_putf(&out->right, "plan %s  %s", kv_plan_id(wizard->plan),
        wizard_state_words(kv_plan_state(wizard->plan)));
}

static enum kv_environment environment_at(
    const struct wizard *wizard, uint32_t index)
{
    return environment_of(app_session(wizard->screen.app),
        wizard->plan ? kv_plan_target(wizard->plan, index)->resource
                     : wizard->resources[index]);
}

enum kv_environment wizard_environment(const struct screen *screen)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    uint32_t count = wizard->plan ? kv_plan_target_count(wizard->plan)
                                  : (uint32_t)wizard->count;
    enum kv_environment worst = KV_ENVIRONMENT_OTHER;

    for (uint32_t i = 0; i < count && worst < KV_ENVIRONMENT_PRODUCTION; i++) {
        enum kv_environment one = environment_at(wizard, i);

        if (one > worst)
            worst = one;
    }
    return worst;
}

uint32_t wizard_count_in(
    const struct wizard *wizard, enum kv_environment environment)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < kv_plan_target_count(wizard->plan); i++)
        count += kv_plan_target(wizard->plan, i)->state == KV_TARGET_READY &&
                 environment_at(wizard, i) == environment;
    return count;
}

bool wizard_leave(struct screen *screen)
{
    app_notice(screen->app, KV_NOTICE_INFO, "cancelled, nothing was changed");
    return true;
}

struct canvas wizard_draw_bar(
    const struct wizard *wizard, struct canvas *canvas)
{
    canvas_move(canvas, 0, 1);
    for (size_t i = WIZARD_TARGETS; i < WIZARD_STEP_COUNT; i++) {
        bool active = i == wizard->step;

        enum role role = active ? ROLE_TAB_ACTIVE : ROLE_TAB;

        if (i == WIZARD_OPTIONS && !has_options(wizard))
            role = ROLE_DIM; /* passed over: there is nothing to set */
        canvas_putf(canvas, role, "%s%s%s", active ? "[" : " ",
            active ? steps[i].active : steps[i].title, active ? "]" : " ");
        if (canvas->columns >= WIDE_BAR)
            canvas_puts(canvas, ROLE_TEXT, "  ");
    }
    canvas_rule(canvas, 1);
    return canvas_part(canvas, WIZARD_TOP_ROWS, 0,
        canvas->rows - WIZARD_TOP_ROWS, canvas->columns);
}

/* ---- opening ---- */

static struct wizard *wizard_new(struct app *app)
{
    struct wizard *wizard = heap_new(sizeof(*wizard));

    wizard->screen.app = app;
    wizard->row = KV_NONE;
    wizard->screen.ops = &wizard_targets.ops;
    return wizard;
}

static void show(struct wizard *wizard, enum wizard_step step)
{
    wizard_go(wizard, step);
    app_push(wizard->screen.app, &wizard->screen);
}

/* The remedies of a row that there are; without a row all. */
static void offer(struct wizard *wizard)
{
    const char *const *ids =
        wizard->row == KV_NONE ? NULL : kv_catalogue[wizard->row].remedies;

    wizard->offered = heap_new(kv_remedies_count * sizeof *wizard->offered);
    for (size_t i = 0; !ids && i < kv_remedies_count; i++)
        wizard->offered[wizard->offered_count++] = &kv_remedies[i];
    for (size_t i = 0; ids && ids[i]; i++) {
        const struct kv_remedy *remedy = kv_remedy_find(ids[i]);

        if (remedy)
            wizard->offered[wizard->offered_count++] = remedy;
    }
}

static void begin(struct wizard *wizard)
{
    if (wizard->offered_count == 0) {
        app_notice(wizard->screen.app, KV_NOTICE_INFO,
            "%s is put right by hand: Enter on a vault, then on the finding, "
            "says how",
            kv_catalogue[wizard->row].id);
        wizard_close(&wizard->screen);
        return;
    }
    wizard->has_menu = wizard->offered_count > 1;
    if (wizard->has_menu)
        show(wizard, WIZARD_MENU);
    else if (wizard_make_plan(wizard, wizard->offered[0], wizard->resources,
                 wizard->count))
        show(wizard, WIZARD_TARGETS);
    else
        wizard_close(&wizard->screen);
}

void screen_open_fix(
    struct app *app, const uint32_t *resources, size_t count, uint32_t row)
{
    struct wizard *wizard;

    if (!count) {
        app_notice(app, KV_NOTICE_INFO, "nothing is chosen to be put right");
        return;
    }
    wizard = wizard_new(app);
    wizard->row = row;
    wizard->resources = heap_new(count * sizeof(*resources));
    memcpy(wizard->resources, resources, count * sizeof(*resources));
    wizard->count = count;
    offer(wizard);
    begin(wizard);
}

void screen_open_run(struct app *app, const struct app_run *run)
{
    struct wizard *wizard = wizard_new(app);

    wizard->plan = run->plan;
    show(wizard, WIZARD_APPLY);
    wizard->opened_ms = run->started_ms;
}

void screen_open_plan(struct app *app, const char *path)
{
    struct wizard *wizard = wizard_new(app);
    struct kv_error err = { 0 };

    if (kv_session_plan_load(app_session(app), &wizard->plan, path, &err) ==
        KV_OK) {
        show(wizard, WIZARD_TARGETS);
        return;
    }
    app_notice_error(app, &err);
    wizard_close(&wizard->screen);
}

void screen_open_undo(struct app *app, int64_t entry)
{
    struct wizard *wizard = wizard_new(app);
    struct kv_error err = { 0 };

    if (kv_session_plan_undo(app_session(app), &wizard->plan, entry, &err) ==
        KV_OK) {
        show(wizard, WIZARD_TARGETS);
        return;
    }
    app_notice_error(app, &err);
    wizard_close(&wizard->screen);
}
