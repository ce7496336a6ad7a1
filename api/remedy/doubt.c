/* A write without a usable answer: the resource is read to find out whether it
 * took. Only what reading shows is written to the journal. */
#include "plan.h"

#include <string.h>

#define TEXT_LIMIT 4096
#define ATTEMPTS 3 /* 1 + 2 + 4 s: a request may still be on its way */

static void doubt_read(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer);

static void read_again(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    (void)target;
    (void)tag;
    if (answer->status == KV_CANCELLED)
        run_leave_in_doubt(plan, "kvgov was closed before Azure answered");
    else
        run_read(plan, doubt_read);
}

static void finish_unchanged(struct kv_plan *plan)
{
    enum kv_journal_result result =
        plan->run.was_answered ? KV_JOURNAL_FAILED : KV_JOURNAL_NOT_APPLIED;
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "%s (read again: it is unchanged)", plan->run.refusal);
    plan->run.settled = true;
    run_finish(plan, KV_TARGET_FAILED, result, buf_text(&text));
    buf_done(&text);
}

static void finish_unclear(struct kv_plan *plan, const char *why)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "%s, and it is neither as before nor as wanted: %s",
        plan->run.refusal, why);
    plan->run.settled = true;
    run_finish(plan, KV_TARGET_IN_DOUBT, KV_JOURNAL_UNCLEAR, buf_text(&text));
    buf_done(&text);
}

static void leave(struct kv_plan *plan, const char *why)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "%s, and it could not be read whether it took effect: %s",
        plan->run.refusal, why);
    run_leave_in_doubt(plan, buf_text(&text));
    buf_done(&text);
}

static void conclude(
    struct kv_plan *plan, enum likeness likeness, const char *why)
{
    switch (likeness) {
    case LIKENESS_AFTER:
        plan->run.settled = true;
        verify_start(plan);
        return;
    case LIKENESS_BEFORE:
        if (!run_again(plan, ATTEMPTS, read_again))
            finish_unchanged(plan);
        return;
    case LIKENESS_NEITHER:
        finish_unclear(plan, why);
        return;
    case LIKENESS_UNREAD:
        if (!run_again(plan, ATTEMPTS, read_again))
            leave(plan, why);
        return;
    }
}

static void doubt_read(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    struct buf why = { .limit = TEXT_LIMIT };
    enum likeness likeness = step_compare(run_step(plan), answer, &why);

    (void)target;
    (void)tag;
    if (answer->status == KV_CANCELLED)
        run_leave_in_doubt(plan, "kvgov was closed before Azure answered");
    else
        conclude(plan, likeness, buf_text(&why));
    buf_done(&why);
}

void doubt_start(struct kv_plan *plan)
{
    plan->run.attempt = 0;
    target_set(plan, run_target(plan), KV_TARGET_VERIFYING,
        "no clear answer: reading whether it took effect");
    run_read(plan, doubt_read);
}
