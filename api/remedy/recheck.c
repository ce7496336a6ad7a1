/* Between two steps of which one builds on the other: those so far are read
 * again. What somebody took back meanwhile is not built on. */
#include "plan.h"

#define TEXT_LIMIT 4096
#define ADDRESS_LIMIT 8192
#define ATTEMPTS 3 /* 1 + 2 + 4 s */

static void reread(struct kv_plan *plan, unsigned at);

static void give_up(struct kv_plan *plan, unsigned at, const char *why)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "step %u of %zu does not hold any more: %s", at + 1,
        run_target(plan)->draft.step_count, why);
    run_finish(plan, KV_TARGET_FAILED, KV_JOURNAL_FAILED, buf_text(&text));
    buf_done(&text);
}

static void waited(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer)
{
    (void)target;
    if (answer->status == KV_CANCELLED)
        run_finish(plan, KV_TARGET_STOPPED, KV_JOURNAL_FAILED,
            "kvgov was closed between two steps");
    else
        reread(plan, tag);
}

static void again(struct kv_plan *plan, unsigned at, const char *why)
{
    if (plan->run.attempt >= ATTEMPTS) {
        give_up(plan, at, why);
        return;
    }
    plan_wait(plan, 1000ll << plan->run.attempt++,
        &(struct plan_call){
            .target = run_target(plan),
            .tag = at,
            .done = waited,
        });
}

static void go_on(struct kv_plan *plan, unsigned at)
{
    plan->run.attempt = 0;
    if (at < plan->run.step)
        reread(plan, at + 1);
    else
        run_next_step(plan);
}

static void answered(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer)
{
    struct buf why = { .limit = TEXT_LIMIT };
    enum likeness likeness =
        step_compare(&target->draft.steps[tag], answer, &why);

    if (answer->status == KV_CANCELLED)
        run_finish(plan, KV_TARGET_STOPPED, KV_JOURNAL_FAILED,
            "kvgov was closed between two steps");
    else if (likeness == LIKENESS_AFTER)
        go_on(plan, tag);
    else
        again(plan, tag, buf_text(&why));
    buf_done(&why);
}

static void reread(struct kv_plan *plan, unsigned at)
{
    struct target *target = run_target(plan);
    struct buf address = { .limit = ADDRESS_LIMIT };

    step_found_at(&target->draft.steps[at], &address);
    plan_read(plan, buf_text(&address),
        &(struct plan_call){
            .target = target,
            .tag = at,
            .done = answered,
        });
    buf_done(&address);
}

void recheck_start(struct kv_plan *plan)
{
    plan->run.attempt = 0;
    target_set(plan, run_target(plan), KV_TARGET_GUARD,
        "reading again what the steps so far made");
    reread(plan, 0);
}
