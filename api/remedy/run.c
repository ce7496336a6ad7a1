/* The runner: one target after the other is read again, journalled, written,
 * waited for and verified. It is the only code that writes; what is not as the
 * preview showed it is left alone, and whatever goes wrong ends the run. */
#include "plan.h"

#include <string.h>

#define TEXT_LIMIT 4096
#define CHANGE_LIMIT (1u << 20)
#define BODY_LIMIT (64u << 20) /* 500 versions of one object */
#define ADDRESS_LIMIT 8192

/* Retry-After is heeded up to that; without it is waited a little. */
#define THROTTLED_MOST 10
#define THROTTLED_DEFAULT_S 10
#define THROTTLED_LONGEST_S 300

static void run_next(struct kv_plan *plan);

struct target *run_target(struct kv_plan *plan)
{
    return &plan->targets[plan->run.current];
}

struct step *run_step(struct kv_plan *plan)
{
    return &run_target(plan)->draft.steps[plan->run.step];
}

bool run_is_last_step(const struct kv_plan *plan)
{
    return plan->run.step + 1 ==
           plan->targets[plan->run.current].draft.step_count;
}

/* ---- ending a step, a target and the run ---- */

static void clear_step(struct run *run)
{
    mem_free(run->body);
    mem_free(run->operation);
    mem_free(run->request_id);
    mem_free(run->refusal);
    *run = (struct run){
        .current = run->current,
        .step = run->step,
        .reason = run->reason,
    };
}

static void conclude(
    struct kv_plan *plan, enum kv_journal_result result, const char *message)
{
    const struct remedy_port *port = plan->port;
    struct run *run = &plan->run;
    struct kv_error err = { 0 };

    if (run->number == 0 || port->conclude(port->context, run->number, result,
                                message, run->request_id ? run->request_id : "",
                                run->settled, &err) == KV_OK)
        return;
    plan->state = KV_PLAN_STOPPING;
    port->message(port->context, true,
        "The outcome of a change could not be written to the journal.",
        err.text);
}

static bool is_failure(enum kv_target_state state)
{
    return state != KV_TARGET_DONE && state != KV_TARGET_SKIPPED;
}

/* What is in doubt stops the run at any pace. */
static bool is_enough(const struct course *course, enum kv_target_state state)
{
    return state == KV_TARGET_IN_DOUBT ||
           course->failed * 100 > course->begun * course->pace.failed_percent;
}

static void finish_target(
    struct kv_plan *plan, enum kv_target_state state, const char *message)
{
    plan->course.failed += is_failure(state);
    if (is_failure(state) && is_enough(&plan->course, state))
        plan->state = KV_PLAN_STOPPING;
    clear_step(&plan->run);
    target_set(plan, run_target(plan), state, message);
    run_next(plan);
}

/* Of several steps the first ones stay as they are. */
static void put_steps_done(struct buf *out, struct kv_plan *plan)
{
    if (plan->run.step > 0)
        buf_putf(out,
            " (%zu of %zu steps took effect: the journal can take them back)",
            plan->run.step, run_target(plan)->draft.step_count);
}

void run_finish(struct kv_plan *plan, enum kv_target_state state,
    enum kv_journal_result result, const char *message)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_puts(&text, message);
    if (is_failure(state))
        put_steps_done(&text, plan);
    conclude(plan, result, message);
    finish_target(plan, state, buf_text(&text));
    buf_done(&text);
}

static void settled(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer)
{
    (void)target;
    (void)tag;
    if (answer->status == KV_CANCELLED)
        finish_target(plan, KV_TARGET_STOPPED,
            "kvgov was closed between two steps; the journal has those that "
            "took effect");
    else
        recheck_start(plan);
}

static void settle(struct kv_plan *plan, int64_t wait_s)
{
    struct target *target = run_target(plan);
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text,
        "step %zu of %zu took effect; waiting %lld s until it "
        "counts everywhere",
        plan->run.step + 1, target->draft.step_count, (long long)wait_s);
    target_set(plan, target, KV_TARGET_SETTLING, buf_text(&text));
    buf_done(&text);
    plan_wait(plan, wait_s * 1000,
        &(struct plan_call){ .target = target, .done = settled });
}

void run_step_done(struct kv_plan *plan)
{
    int64_t wait_s = run_step(plan)->wait_s;
    bool settles = run_step(plan)->settles;

    conclude(plan, KV_JOURNAL_DONE,
        plan->run.settled ? "it took effect (no answer came; found by reading)"
                          : "it took effect");
    clear_step(&plan->run);
    if (wait_s > 0)
        settle(plan, wait_s);
    else if (settles)
        recheck_start(plan);
    else
        run_next_step(plan);
}

void run_leave_in_doubt(struct kv_plan *plan, const char *message)
{
    finish_target(plan, KV_TARGET_IN_DOUBT, message);
}

static void put_count(
    struct buf *out, const struct kv_plan *plan, enum kv_target_state state)
{
    uint32_t count = kv_plan_count(plan, state);

    if (count > 0)
        buf_putf(out, ", %u %s", (unsigned)count, kv_target_state_name(state));
}

static void say_end(struct kv_plan *plan)
{
    const struct remedy_port *port = plan->port;
    uint32_t done = kv_plan_count(plan, KV_TARGET_DONE);
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "Plan %s has ended: %u done", plan->id, (unsigned)done);
    put_count(&text, plan, KV_TARGET_UNVERIFIED);
    put_count(&text, plan, KV_TARGET_FAILED);
    put_count(&text, plan, KV_TARGET_IN_DOUBT);
    put_count(&text, plan, KV_TARGET_SKIPPED);
    put_count(&text, plan, KV_TARGET_STOPPED);
    port->message(port->context,
        kv_plan_count(plan, KV_TARGET_FAILED) > 0 ||
            kv_plan_count(plan, KV_TARGET_IN_DOUBT) > 0,
        buf_text(&text), NULL);
    buf_done(&text);
}

static void end_run(struct kv_plan *plan)
{
    for (size_t i = 0; i < plan->target_count; i++) {
        struct target *target = &plan->targets[i];

        if (target->view.state == KV_TARGET_WAITING)
            target_set(plan, target, KV_TARGET_STOPPED,
                "not started: the run ended before its turn");
    }
    plan->run.step = 0;
    plan->state = KV_PLAN_ENDED;
    say_end(plan);
    plan_changed(plan);
}

/* ---- reading again ---- */

void run_read(struct kv_plan *plan, plan_answered_fn *done)
{
    struct target *target = run_target(plan);
    struct buf address = { .limit = ADDRESS_LIMIT };

    step_found_at(run_step(plan), &address);
    plan_read(plan, buf_text(&address),
        &(struct plan_call){ .target = target, .done = done });
    buf_done(&address);
}

bool run_again(struct kv_plan *plan, uint32_t attempts, plan_answered_fn *done)
{
    if (plan->run.attempt >= attempts)
        return false;
    plan_wait(plan, 1000ll << plan->run.attempt++,
        &(struct plan_call){ .target = run_target(plan), .done = done });
    return true;
}

/* ---- the write ---- */

/* The transport refused it before it reached the network. */
static bool was_not_sent(const struct remedy_answer *answer)
{
    return answer->code == 0 &&
           (answer->status == KV_SIGN_IN || answer->status == KV_REFUSED ||
               answer->status == KV_FOREIGN_HOST ||
               answer->status == KV_BAD_INPUT ||
               answer->status == KV_BAD_CONFIG);
}

/* Without an answer, or with one from a server in trouble, the change may
 * have happened. */
static bool is_doubtful(const struct remedy_answer *answer)
{
    if (answer->code == 0)
        return !was_not_sent(answer);
    return answer->code == 408 || answer->code >= 500;
}

static void keep_refusal(
    struct kv_plan *plan, const struct remedy_answer *answer)
{
    struct buf text = { .limit = TEXT_LIMIT };

    refusal_put(&text, answer, run_step(plan));
    mem_free(plan->run.refusal);
    plan->run.refusal = mem_copy_text(buf_text(&text));
    plan->run.was_answered = answer->code != 0;
    buf_done(&text);
}

static void finish_refused(struct kv_plan *plan)
{
    char *message = mem_copy_text(plan->run.refusal);

    run_finish(plan, KV_TARGET_FAILED, KV_JOURNAL_FAILED, message);
    mem_free(message);
}

static void locks_read(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    json_t *locks =
        json_loadb(answer->body.data, answer->body.size, JSON_ALLOW_NUL, NULL);
    struct buf names = { .limit = TEXT_LIMIT };
    struct buf text = { .limit = TEXT_LIMIT };

    (void)target;
    (void)tag;
    preflight_put_locks(&names, locks, run_step(plan)->call.method);
    if (names.size > 0)
        buf_putf(&text, "the lock %s is in the way. ", buf_text(&names));
    buf_puts(&text, plan->run.refusal);
    run_finish(plan, KV_TARGET_FAILED, KV_JOURNAL_FAILED, buf_text(&text));
    json_decref(locks);
    buf_done(&names);
    buf_done(&text);
}

/* Azure says which scope is locked, not by which lock. */
static void name_the_lock(struct kv_plan *plan)
{
    struct target *target = run_target(plan);
    struct buf address = { .limit = TEXT_LIMIT };

    buf_putf(&address, "%s" LOCKS_QUERY,
        run_step(plan)->scope ? run_step(plan)->scope : target->id);
    plan_read(plan, buf_text(&address),
        &(struct plan_call){ .target = target, .done = locks_read });
    buf_done(&address);
}

/* True unless the value was to be kept and could not be. */
static bool keep_value(struct kv_plan *plan, const struct remedy_answer *answer)
{
    const struct remedy_port *port = plan->port;
    struct buf what = { .limit = TEXT_LIMIT };
    struct kv_error err = { 0 };
    enum kv_status status;

    if (!run_step(plan)->keep)
        return true;
    value_dump(&what, run_step(plan)->keep, JSON_COMPACT);
    status = port->keep(port->context, run_target(plan)->view.resource,
        buf_text(&what), answer->body, &err);
    buf_done(&what);
    if (status != KV_OK)
        run_finish(plan, KV_TARGET_FAILED, KV_JOURNAL_FAILED, err.text);
    return status == KV_OK;
}

static void write_accepted(
    struct kv_plan *plan, const struct remedy_answer *answer)
{
    if (!keep_value(plan, answer))
        return;
    if (operation_pending(answer))
        operation_start(plan, answer);
    else
        verify_start(plan);
}

static void write_answered(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer);

static void write_again(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    (void)tag;
    if (answer->status == KV_CANCELLED) {
        run_finish(plan, KV_TARGET_STOPPED, KV_JOURNAL_NOT_APPLIED,
            "Azure was too busy to take it, and kvgov was closed");
        return;
    }
    target_set(plan, target, KV_TARGET_WRITING, NULL);
    plan_write(
        plan, &(struct plan_call){ .target = target, .done = write_answered });
}

/* Azure refused to look at it for now, so that it is certain that nothing
 * happened: it is sent again when Azure says, some times. */
static bool wait_for_room(
    struct kv_plan *plan, const struct remedy_answer *answer)
{
    struct target *target = run_target(plan);
    int64_t wait_s = answer->retry_after_s;
    struct buf text = { .limit = TEXT_LIMIT };

    if (answer->code != 429 || plan->run.throttled == THROTTLED_MOST)
        return false;
    plan->run.throttled++;
    if (wait_s < 1)
        wait_s = THROTTLED_DEFAULT_S;
    if (wait_s > THROTTLED_LONGEST_S)
        wait_s = THROTTLED_LONGEST_S;
    buf_putf(
        &text, "Azure is busy (429): sent again in %lld s", (long long)wait_s);
    target_set(plan, target, KV_TARGET_WRITING, buf_text(&text));
    buf_done(&text);
    plan_wait(plan, wait_s * 1000,
        &(struct plan_call){ .target = target, .done = write_again });
    return true;
}

static void write_answered(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    (void)target;
    (void)tag;
    if (wait_for_room(plan, answer))
        return;
    mem_free(plan->run.request_id);
    plan->run.request_id = mem_copy_text(answer->request_id);
    if (answer->code / 100 == 2) {
        write_accepted(plan, answer);
        return;
    }
    if (answer->status == KV_CANCELLED) {
        run_leave_in_doubt(plan, "kvgov was closed before Azure answered");
        return;
    }
    keep_refusal(plan, answer);
    if (is_doubtful(answer))
        doubt_start(plan);
    else if (refusal_is(answer, REFUSAL_LOCKED))
        name_the_lock(plan);
    else
        finish_refused(plan);
}

/* What the journal says was done: with several steps, which one. */
static const char *action_of(
    const struct kv_plan *plan, const struct step *step)
{
    if (plan->undo)
        return plan->undo_action;
    return step->what ? step->what : plan->remedy->title;
}

static enum kv_status intend(
    struct kv_plan *plan, bool reversible, struct kv_error *err)
{
    const struct remedy_port *port = plan->port;
    const struct target *target = run_target(plan);
    const struct step *step = run_step(plan);
    struct buf change = { .limit = CHANGE_LIMIT };
    enum kv_status status;

    step_format(step, &change);
    status = port->intend(port->context,
        &(struct remedy_intent){
            .plan = plan->id,
            .remedy = plan->remedy->id,
            .action = action_of(plan, step),
            .target_id = target->id,
            .target_name = target->name,
            .reason = plan->run.reason,
            .change = buf_text(&change),
            .reversible = reversible,
            .undo_of = step->undo_of,
        },
        &plan->run.number, err);
    if (change.failed)
        status = kv_error_set(err, KV_TOO_LARGE,
            "The change to %s is too large for the journal.", target->name);
    buf_done(&change);
    return status;
}

static void finish_unsent(
    struct kv_plan *plan, enum kv_target_state state, const char *why)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "%s; nothing was sent", why);
    run_finish(plan, state,
        state == KV_TARGET_SKIPPED ? KV_JOURNAL_SKIPPED : KV_JOURNAL_FAILED,
        buf_text(&text));
    buf_done(&text);
}

/* Only now is it taken from the archive, so that it is in memory no longer
 * than it takes to send it. */
static enum kv_status take_from_archive(
    struct kv_plan *plan, struct kv_error *err)
{
    const struct remedy_port *port = plan->port;
    struct buf what = { .limit = TEXT_LIMIT };
    struct buf body = { .limit = BODY_LIMIT };
    enum kv_status status;

    if (!run_step(plan)->give)
        return KV_OK;
    value_dump(&what, run_step(plan)->give, JSON_COMPACT);
    status = port->give(port->context, run_target(plan)->view.resource,
        buf_text(&what), &body, err);
    if (status == KV_OK)
        plan->run.body = mem_copy_text(buf_text(&body));
    buf_done(&what);
    buf_done(&body);
    return status;
}

static void send(struct kv_plan *plan, struct target *target)
{
    struct kv_error err = { 0 };

    if (take_from_archive(plan, &err) != KV_OK) {
        plan->run.number = 0;
        finish_unsent(plan, KV_TARGET_FAILED, err.text);
        return;
    }
    if (intend(plan, run_step(plan)->reversible, &err) != KV_OK) {
        plan->run.number = 0;
        finish_unsent(plan, KV_TARGET_FAILED, err.text);
        return;
    }
    target_set(plan, target, KV_TARGET_WRITING, NULL);
    plan_write(
        plan, &(struct plan_call){ .target = target, .done = write_answered });
}

/* ---- the guard ---- */

static void skip(struct kv_plan *plan, const char *what)
{
    struct buf text = { .limit = TEXT_LIMIT };
    struct kv_error err = { 0 };

    buf_putf(&text, "it changed since the preview: %s", what);
    if (intend(plan, false, &err) != KV_OK) {
        plan->run.number = 0;
        plan->port->message(plan->port->context, true,
            "A skipped target could not be written to the journal.", err.text);
    }
    finish_unsent(plan,
        plan->run.step > 0 ? KV_TARGET_FAILED : KV_TARGET_SKIPPED,
        buf_text(&text));
    buf_done(&text);
}

static void guard_answered(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    const struct step *step = run_step(plan);
    struct buf why = { .limit = TEXT_LIMIT };
    json_t *found = NULL;

    (void)tag;
    if (answer->status == KV_CANCELLED)
        finish_unsent(plan, KV_TARGET_STOPPED, "kvgov was closed");
    else if (!step_found(&found, step, answer, &why))
        finish_unsent(plan, KV_TARGET_FAILED, buf_text(&why));
    else if (!step_is(step, LIKENESS_BEFORE, found, step_alike(step), &why))
        skip(plan, buf_text(&why));
    else
        send(plan, target);
    json_decref(found);
    buf_done(&why);
}

static void guard_start(struct kv_plan *plan)
{
    struct target *target = run_target(plan);

    target->view.request = (uint32_t)plan->run.step;
    target_set(plan, target, KV_TARGET_GUARD, NULL);
    run_read(plan, guard_answered);
}

void run_next_step(struct kv_plan *plan)
{
    plan->run.step++;
    guard_start(plan);
}

/* ---- the run ---- */

/* Targets of the waves; after the last of them all that is left. */
static const uint32_t waves[] = { 1, 10, 100 };
#define WAVE_COUNT (sizeof waves / sizeof waves[0])

static uint32_t wave_size(uint32_t number, uint32_t left)
{
    uint32_t size = number <= WAVE_COUNT ? waves[number - 1] : left;

    return size < left ? size : left;
}

static void wave_begin(struct kv_plan *plan)
{
    struct course *course = &plan->course;

    course->wave++;
    course->wave_left =
        wave_size(course->wave, kv_plan_count(plan, KV_TARGET_WAITING));
}

static void rest(struct kv_plan *plan)
{
    plan->course.pause = false;
    plan->state = KV_PLAN_PAUSED;
    plan_changed(plan);
}

static void run_next(struct kv_plan *plan)
{
    struct course *course = &plan->course;
    size_t i = 0;

    while (i < plan->target_count &&
           plan->targets[i].view.state != KV_TARGET_WAITING)
        i++;
    plan->run.step = 0;
    if (i == plan->target_count || plan->state != KV_PLAN_RUNNING) {
        end_run(plan);
        return;
    }
    if (course->pause || (course->wave_left == 0 && !course->pace.automatic)) {
        rest(plan);
        return;
    }
    if (course->wave_left == 0)
        wave_begin(plan);
    course->wave_left--;
    course->begun++;
    plan->run.current = i;
    guard_start(plan);
}

struct kv_wave kv_plan_wave(const struct kv_plan *plan)
{
    const struct course *course = &plan->course;
    uint32_t left = kv_plan_count(plan, KV_TARGET_WAITING);

    return (struct kv_wave){
        .number = course->wave,
        .next = course->wave_left > 0 ? course->wave_left
                                      : wave_size(course->wave + 1, left),
        .left = left,
    };
}

void plan_go_on(struct kv_plan *plan)
{
    if (plan->state != KV_PLAN_PAUSED)
        return;
    plan->state = KV_PLAN_RUNNING;
    if (plan->course.wave_left == 0)
        wave_begin(plan);
    run_next(plan);
}

void plan_pause(struct kv_plan *plan)
{
    if (plan->state != KV_PLAN_RUNNING)
        return;
    plan->course.pause = true;
    plan_changed(plan);
}

void plan_set_pace(struct kv_plan *plan, const struct kv_pace *pace)
{
    plan->course.pace = *pace;
}

static bool reason_fits(const struct kv_plan *plan, const char *reason)
{
    const char *pattern =
        plan->port->policy(plan->port->context)->reason_pattern;

    return !pattern || kv_pattern_matches(pattern, reason ? reason : "");
}

static enum kv_status confirm_check(const struct kv_plan *plan,
    const char *typed, const char *reason, struct kv_error *err)
{
    struct kv_confirmation wanted;

    kv_plan_confirmation(plan, &wanted);
    if (plan->state != KV_PLAN_READY)
        return kv_error_set(err, KV_REFUSED,
            "Plan %s is not ready to run: its targets are being read, or it "
            "was run already.",
            plan->id);
    if (wanted.targets == 0)
        return kv_error_set(err, KV_REFUSED,
            "Plan %s changes nothing: no target is ready.", plan->id);
    if (!wanted.expect[0])
        return kv_error_set(
            err, KV_REFUSED, "Plan %s: %s.", plan->id, wanted.raised);
    if (!reason_fits(plan, reason))
        return kv_error_set(err, KV_REFUSED,
            "Not confirmed: the configuration asks for a reason like %s "
            "(reason_pattern).",
            plan->port->policy(plan->port->context)->reason_pattern);
    if (!typed || strcmp(typed, wanted.expect) != 0)
        return kv_error_set(err, KV_REFUSED,
            "Not confirmed: type %s to run plan %s.", wanted.expect, plan->id);
    return KV_OK;
}

enum kv_status plan_run(struct kv_plan *plan, const char *typed,
    const char *reason, struct kv_error *err)
{
    enum kv_status status = confirm_check(plan, typed, reason, err);

    if (status != KV_OK)
        return status;
    plan->run.reason = mem_copy_text(reason ? reason : "");
    for (size_t i = 0; i < plan->target_count; i++) {
        if (plan->targets[i].view.state == KV_TARGET_READY)
            target_enter(plan, &plan->targets[i], KV_TARGET_WAITING);
    }
    plan->state = KV_PLAN_RUNNING;
    wave_begin(plan);
    run_next(plan);
    return KV_OK;
}

void plan_stop(struct kv_plan *plan)
{
    if (plan->state == KV_PLAN_PAUSED) {
        end_run(plan);
        return;
    }
    if (plan->state != KV_PLAN_RUNNING)
        return;
    plan->state = KV_PLAN_STOPPING;
    plan_changed(plan);
}
