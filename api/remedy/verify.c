/* After a write: reads until the resource has what was sent and the
 * recommendation passes, or until it is time to say that it does not yet. */
#include "plan.h"

#include <string.h>

#define TEXT_LIMIT 4096
#define ATTEMPTS 5 /* 1 + 2 + 4 + 8 + 16 s */

static void values_read(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer);

static void read_values(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    (void)target;
    (void)tag;
    if (answer->status == KV_CANCELLED)
        run_leave_in_doubt(plan, "kvgov was closed before it was verified");
    else
        run_read(plan, values_read);
}

static void again(struct kv_plan *plan, const char *what, const char *detail)
{
    struct buf text = { .limit = TEXT_LIMIT };

    if (run_again(plan, ATTEMPTS, read_values))
        return;
    buf_putf(&text, "%s%s", what, detail);
    run_finish(
        plan, KV_TARGET_UNVERIFIED, KV_JOURNAL_UNVERIFIED, buf_text(&text));
    buf_done(&text);
}

static void finish_done(struct kv_plan *plan, bool passes)
{
    struct buf text = { .limit = TEXT_LIMIT };

    if (plan->undo)
        buf_putf(&text, "%s, verified", plan->undo_action);
    else if (run_step(plan)->proof == PROOF_ANSWER)
        buf_putf(&text, "%s; %s %s",
            run_step(plan)->keep ? "kept in the archive"
                                 : "Azure says that it is done",
            plan->row, passes ? "passes" : "does not pass yet");
    else if (passes)
        buf_putf(&text, "verified: %s", plan->row);
    else
        buf_putf(&text, "values verified; %s still fails", plan->row);
    if (plan->run.settled)
        buf_puts(&text, " (no answer came; found by reading)");
    run_finish(plan, KV_TARGET_DONE, KV_JOURNAL_DONE, buf_text(&text));
    buf_done(&text);
}

/* A row that the remedy is not for before all others may ask for more: an HSM
 * that is logged is not watched yet. There, and where it is said of the remedy,
 * the values are the proof, as they are for an undo. */
static bool proves_by_values(const struct kv_plan *plan)
{
    return plan->undo || plan->remedy->work->partial ||
           strcmp(plan->row, plan->remedy->recommendation) != 0;
}

/* Not every kind has a row that judges it. */
static void judged(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer)
{
    const struct remedy_port *port = plan->port;
    enum kv_verdict verdict;
    bool passes;

    (void)tag;
    if (answer->status == KV_CANCELLED) {
        run_leave_in_doubt(plan, "kvgov was closed before it was verified");
        return;
    }
    verdict = port->verdict(port->context, plan->row, target->view.resource);
    passes = verdict == KV_VERDICT_PASS || verdict == KV_VERDICT_NOT_APPLICABLE;
    if (passes || proves_by_values(plan))
        finish_done(plan, passes);
    else
        again(plan, "Azure has the values sent, but the verdict is still ",
            kv_verdict_name(verdict));
}

/* The last step ends with the verdict, those before it without. */
static void proven(struct kv_plan *plan)
{
    if (run_is_last_step(plan))
        plan_reread(plan, &(struct plan_call){
                              .target = run_target(plan), .done = judged });
    else
        run_step_done(plan);
}

static void values_hold(
    struct kv_plan *plan, const struct remedy_answer *answer)
{
    const struct step *step = run_step(plan);
    struct buf unused = { .limit = TEXT_LIMIT };
    json_t *found = NULL;

    if (step_found(&found, step, answer, &unused))
        plan_found(plan, step, found);
    json_decref(found);
    buf_done(&unused);
    proven(plan);
}

static void values_read(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    struct buf why = { .limit = TEXT_LIMIT };
    enum likeness likeness = step_compare(run_step(plan), answer, &why);

    (void)target;
    (void)tag;
    if (answer->status == KV_CANCELLED)
        run_leave_in_doubt(plan, "kvgov was closed before it was verified");
    else if (likeness == LIKENESS_AFTER)
        values_hold(plan, answer);
    else if (likeness == LIKENESS_UNREAD)
        again(plan, "Azure accepted it, but it could not be read again: ",
            buf_text(&why));
    else
        again(plan, "Azure accepted it, but answered with another value: ",
            buf_text(&why));
    buf_done(&why);
}

void verify_start(struct kv_plan *plan)
{
    plan->run.attempt = 0;
    target_set(plan, run_target(plan), KV_TARGET_VERIFYING, NULL);
    if (run_step(plan)->proof == PROOF_ANSWER)
        proven(plan);
    else
        run_read(plan, values_read);
}
