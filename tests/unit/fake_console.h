/* A console and a session that do nothing but remember: what the screens ask
 * of them is answered from plain fields, and counted. A program that includes
 * this links the screens without the real ones. */
#ifndef FAKE_CONSOLE_H
#define FAKE_CONSOLE_H

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "base.h"
#include "estate.h"
#include "plan.h"
#include "posture.h"

#define FAKE_NOW_S 1790000000
#define FAKE_ENTRIES 4

struct kv_session {
    struct kv_estate *estate;
    struct kv_posture *posture;
    struct kv_mode mode;
    struct kv_sign_in sign_in;
    struct kv_scan scan;
    struct kv_trend_day days[KV_TREND_DAYS]; /* of whatever is asked for */
    uint32_t trend_row;
    char trend_subject[512];
    struct kv_plan *plan; /* what the next call for a plan gets; not owned */
    struct kv_journal_entry entries[FAKE_ENTRIES]; /* newest first */
    uint32_t entry_count;
    int64_t broken_at;     /* of the journal's chain */
    struct kv_since since; /* of every finding */

    int plans;
    int undos;
    int pauses;
    bool interrupted;
    int resumes;
    int runs;
    int stops;
    int drops; /* of targets */
    int dropped_plans;
    int rereads;
    int looks;
    char remedy[64];
    char typed[128];
    char reason[128];
    char value[128];
};

struct app {
    struct kv_session session;
    struct grid grid;
    struct screen *top;
    int64_t steady_ms;
    int discarded;
    int kept; /* runs */
    struct app_run run;
    char notice[512];
    char copied[512];
};

/* ---- the console ---- */

struct kv_session *app_session(const struct app *app)
{
    return (struct kv_session *)&app->session;
}

const struct kv_estate *app_estate(const struct app *app)
{
    return app->session.estate;
}

const struct kv_posture *app_posture(const struct app *app)
{
    return app->session.posture;
}

int64_t app_now_s(const struct app *app)
{
    (void)app;
    return FAKE_NOW_S;
}

int64_t app_steady_ms(const struct app *app)
{
    return app->steady_ms;
}

static inline void fake_layout(struct app *app)
{
    if (app->top && app->top->ops->layout)
        app->top->ops->layout(app->top, app->grid.rows, app->grid.columns);
}

void app_push(struct app *app, struct screen *screen)
{
    screen->app = app;
    screen->below = app->top;
    app->top = screen;
    fake_layout(app);
}

void app_pop(struct app *app)
{
    struct screen *top = app->top;

    app->top = top->below;
    top->ops->close(top);
    fake_layout(app);
    if (app->top && app->top->ops->news)
        app->top->ops->news(app->top, ~0u);
}

void app_dirty(struct app *app)
{
    (void)app;
}

void app_notice(struct app *app, enum kv_notice level, const char *format, ...)
{
    va_list args;

    (void)level;
    va_start(args, format);
    vsnprintf(app->notice, sizeof(app->notice), format, args);
    va_end(args);
}

void app_notice_error(struct app *app, const struct kv_error *err)
{
    app_notice(app, KV_NOTICE_ERROR, "%s", err->text);
}

void app_discard_input(struct app *app, int hold_ms)
{
    assert_true(hold_ms >= 400);
    app->discarded++;
}

/* The one run that is kept. */
void app_keep_run(struct app *app, struct kv_plan *plan)
{
    app->run = (struct app_run){ plan, app->steady_ms };
    app->kept++;
}

const struct app_run *app_run(const struct app *app, size_t index)
{
    return index < (size_t)app->kept ? &app->run : NULL;
}

bool app_copy(struct app *app, struct view text)
{
    snprintf(
        app->copied, sizeof(app->copied), "%.*s", (int)text.size, text.data);
    return true;
}

bool app_can_write(const struct app *app)
{
    return app->session.mode.write;
}

bool app_write_on(struct app *app, const char *reason)
{
    (void)reason;
    app->session.mode.write = true;
    return true;
}

/* ---- the session ---- */

struct kv_since kv_session_since(
    const struct kv_session *session, uint32_t row, uint32_t index)
{
    (void)row;
    (void)index;
    return session->since;
}

int64_t kv_session_now(const struct kv_session *session)
{
    (void)session;
    return FAKE_NOW_S;
}

const struct kv_policy *kv_session_policy(const struct kv_session *session)
{
    (void)session;
    return &kv_policy_default;
}

const struct kv_estate *kv_session_estate(const struct kv_session *session)
{
    return session->estate;
}

const struct kv_posture *kv_session_posture(const struct kv_session *session)
{
    return session->posture;
}

const struct kv_sign_in *kv_session_sign_in(const struct kv_session *session)
{
    return &session->sign_in;
}

const struct kv_scan *kv_session_scan(const struct kv_session *session)
{
    return &session->scan;
}

void kv_session_trend(const struct kv_session *session, uint32_t row,
    const char *subject, struct kv_trend_day *days, size_t count)
{
    struct kv_session *asked = (struct kv_session *)session;

    memcpy(days, session->days + KV_TREND_DAYS - count, count * sizeof(*days));
    asked->trend_row = row;
    snprintf(asked->trend_subject, sizeof(asked->trend_subject), "%s",
        subject ? subject : "");
}

const struct kv_mode *kv_session_mode(const struct kv_session *session)
{
    return &session->mode;
}

const char *kv_session_cloud(const struct kv_session *session)
{
    (void)session;
    return "TEST";
}

void kv_session_reread(struct kv_session *session, uint32_t resource)
{
    (void)resource;
    session->rereads++;
}

void kv_session_look(struct kv_session *session, uint32_t resource)
{
    (void)resource;
    session->looks++;
}

static enum kv_status fake_plan(
    struct kv_session *session, struct kv_plan **out, struct kv_error *err)
{
    if (!session->plan)
        return kv_error_set(err, KV_BAD_INPUT, "no plan can be made");
    *out = session->plan;
    return KV_OK;
}

enum kv_status kv_session_plan(struct kv_session *session, struct kv_plan **out,
    const struct kv_plan_order *order, struct kv_error *err)
{
    session->plans++;
    snprintf(session->remedy, sizeof(session->remedy), "%s", order->remedy);
    return fake_plan(session, out, err);
}

enum kv_status kv_session_plan_load(struct kv_session *session,
    struct kv_plan **out, const char *path, struct kv_error *err)
{
    (void)path;
    return fake_plan(session, out, err);
}

bool kv_session_interrupted(struct kv_session *session, uint32_t index,
    struct kv_interrupted *out)
{
    if (!session->interrupted || index > 0)
        return false;
    *out = (struct kv_interrupted){
        .plan = "p-0142", .remedy = "firewall-on", .path = "/p", .targets = 3
    };
    return true;
}

void kv_session_forget_interrupted(struct kv_session *session, const char *plan)
{
    (void)plan;
    session->interrupted = false;
}

void kv_session_run_pace(struct kv_session *session, struct kv_plan *plan,
    const struct kv_pace *pace)
{
    (void)session;
    (void)plan;
    (void)pace;
}

void kv_session_run_pause(struct kv_session *session, struct kv_plan *plan)
{
    (void)plan;
    session->pauses++;
}

void kv_session_run_go_on(struct kv_session *session, struct kv_plan *plan)
{
    (void)plan;
    session->resumes++;
}

enum kv_status kv_session_plan_undo(struct kv_session *session,
    struct kv_plan **out, int64_t entry, struct kv_error *err)
{
    (void)entry;
    session->undos++;
    return fake_plan(session, out, err);
}

enum kv_status kv_session_plan_set(struct kv_session *session,
    struct kv_plan *plan, const char *option, const char *value,
    struct kv_error *err)
{
    (void)plan;
    (void)option;
    snprintf(session->value, sizeof(session->value), "%s", value);
    return strcmp(value, "bad") == 0
               ? kv_error_set(err, KV_BAD_INPUT, "bad is no address")
               : KV_OK;
}

void kv_session_plan_drop_target(
    struct kv_session *session, struct kv_plan *plan, uint32_t index)
{
    session->drops++;
    target_enter(plan, &plan->targets[index], KV_TARGET_STOPPED);
}

void kv_session_plan_refresh(struct kv_session *session, struct kv_plan *plan)
{
    (void)session;
    plan->state = KV_PLAN_READING;
}

enum kv_status kv_session_run(struct kv_session *session, struct kv_plan *plan,
    const char *typed, const char *reason, struct kv_error *err)
{
    (void)err;
    session->runs++;
    snprintf(session->typed, sizeof(session->typed), "%s", typed);
    snprintf(session->reason, sizeof(session->reason), "%s", reason);
    plan->state = KV_PLAN_RUNNING;
    return KV_OK;
}

void kv_session_run_stop(struct kv_session *session, struct kv_plan *plan)
{
    session->stops++;
    plan->state = KV_PLAN_STOPPING;
}

void kv_session_drop_plan(struct kv_session *session, struct kv_plan *plan)
{
    (void)plan;
    session->dropped_plans++;
}

uint32_t kv_session_journal_count(const struct kv_session *session)
{
    return session->entry_count;
}

const struct kv_journal_entry *kv_session_journal(
    const struct kv_session *session, uint32_t index)
{
    return &session->entries[index];
}

enum kv_status kv_session_journal_verify(struct kv_session *session,
    struct kv_journal_check *out, struct kv_error *err)
{
    (void)err;
    *out = (struct kv_journal_check){
        .records = session->entry_count,
        .broken_at = session->broken_at,
    };
    return KV_OK;
}

/* ---- what a person does and sees ---- */

static inline void fake_open(struct app *app, int rows, int columns)
{
    *app = (struct app){ .steady_ms = 1000000 };
    grid_resize(&app->grid, rows, columns);
}

static inline void fake_close(struct app *app)
{
    while (app->top) {
        struct screen *top = app->top;

        app->top = top->below;
        top->ops->close(top);
    }
    grid_done(&app->grid);
}

static inline void fake_send(struct app *app, struct key key)
{
    struct screen *top = app->top;
    const struct binding *binding;

    if (top->ops->key && top->ops->key(top, key))
        return;
    binding = binding_find(top->ops->bindings, key);
    if (binding && binding->run && (!binding->allowed || binding->allowed(top)))
        binding->run(top);
    else if (key.code == CODE_ESCAPE && !key.pasted &&
             (!top->ops->leave || top->ops->leave(top)))
        app_pop(app);
}

static inline void fake_key(struct app *app, uint32_t code)
{
    fake_send(app, (struct key){ .code = code });
}

static inline void fake_type(struct app *app, const char *text)
{
    for (; *text; text++)
        fake_key(app, (uint32_t)*text);
}

static inline void fake_paste(struct app *app, const char *text)
{
    for (; *text; text++)
        fake_send(app, (struct key){ .code = (uint32_t)*text, .pasted = true });
}

static inline void fake_draw(struct app *app, struct buf *out)
{
    struct canvas canvas = canvas_of(&app->grid);

    grid_clear(&app->grid);
    while (app->top->ops->work && app->top->ops->work(app->top))
        continue;
    if (app->top->ops->prepare)
        app->top->ops->prepare(app->top);
    app->top->ops->draw(app->top, &canvas);
    grid_dump(&app->grid, out);
}

/* Fails with the whole screen when it does not hold `part`. */
static inline void fake_expect(struct app *app, const char *part)
{
    struct buf screen = { .limit = SIZE_MAX };

    fake_draw(app, &screen);
    assert_contains(buf_text(&screen), part);
    buf_done(&screen);
}

static inline void fake_expect_not(struct app *app, const char *part)
{
    struct buf screen = { .limit = SIZE_MAX };

    fake_draw(app, &screen);
    assert_lacks(buf_text(&screen), part);
    buf_done(&screen);
}

#endif
