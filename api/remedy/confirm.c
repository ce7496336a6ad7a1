/* How a plan must be confirmed: computed from what it does and to how many,
 * never chosen. */
#include "plan.h"

#include <stdio.h>
#include <string.h>

#define NARROW_TARGETS 10 /* more of them is wide, however safe each is */
#define WIDE_TARGETS 1000 /* more of them is beyond one confirmation */
#define ONE_WAY_HOLD_MS 3000
#define REVIEWED_SIZE 12 /* of a plan file's hash, typed by who reviewed it */

/* The worst of what is done to any target that is ready. */
static void own_grade(struct kv_confirmation *out, const struct kv_plan *plan)
{
    out->grade =
        plan->undo ? plan->remedy->work->undo.grade : plan->remedy->grade;
    for (size_t i = 0; i < plan->target_count; i++) {
        const struct kv_target *target = &plan->targets[i].view;

        if (target->state != KV_TARGET_READY || target->grade <= out->grade)
            continue;
        out->grade = target->grade;
        snprintf(out->raised, sizeof out->raised, "%s: %s", target->name,
            target->raised ? target->raised : "");
    }
}

#define BY_FILE "or save the plan, review it and run the file"

static void raise_grade(
    struct kv_confirmation *out, const struct kv_plan *plan)
{
    bool reviewed = kv_plan_hash(plan) != NULL; /* as a file */
    struct buf why = { .limit = sizeof out->raised - 1 };

    if (out->targets > WIDE_TARGETS && out->grade < KV_GRADE_ONE_WAY &&
        !reviewed) {
        out->grade = KV_GRADE_ONE_WAY;
        buf_put_count(&why, out->targets);
        buf_puts(&why, " targets are more than ");
        buf_put_count(&why, WIDE_TARGETS);
        buf_puts(&why, ": drop some, " BY_FILE);
    } else if (out->targets > NARROW_TARGETS && out->grade < KV_GRADE_ACCESS) {
        out->grade = KV_GRADE_ACCESS;
        buf_put_count(&why, out->targets);
        buf_putf(&why, " targets are more than %d", NARROW_TARGETS);
    } else if (out->targets > 1 && out->grade == KV_GRADE_ONE_WAY && !reviewed) {
        buf_puts(&why, "one target a confirmation: drop the other ");
        buf_put_count(&why, out->targets - 1);
        buf_puts(&why, ", " BY_FILE);
    }
    if (why.size)
        snprintf(out->raised, sizeof out->raised, "%s", buf_text(&why));
    buf_done(&why);
}

/* The site may ask for more than the remedy does. */
static void raise_by_policy(
    struct kv_confirmation *out, const struct kv_plan *plan)
{
    const struct kv_policy *policy = plan->port->policy(plan->port->context);

    if (out->grade < KV_GRADE_ONE_WAY &&
        kv_texts_match(&policy->raised_remedies, plan->remedy->id)) {
        out->grade = (enum kv_grade)(out->grade + 1);
        snprintf(out->raised, sizeof out->raised,
            "the configuration raises %s (raised_remedies)", plan->remedy->id);
    }
    out->reason_required = policy->reason_pattern != NULL;
    out->second_person = policy->second_person > 0 &&
                         (uint32_t)out->grade >= policy->second_person &&
                         !kv_plan_approved_by(plan);
    if (out->second_person)
        snprintf(out->raised, sizeof out->raised,
            "the configuration asks for a second person from grade %u on: "
            "save the plan, have it approved, run the file",
            (unsigned)policy->second_person);
}

static const char *only_name(const struct kv_plan *plan)
{
    for (size_t i = 0; i < plan->target_count; i++) {
        if (plan->targets[i].view.state == KV_TARGET_READY)
            return plan->targets[i].name;
    }
    return "";
}

/* Left empty where nothing that is typed may confirm. */
static void expect(struct kv_confirmation *out, const struct kv_plan *plan)
{
    if (out->targets == 0 || out->second_person)
        return;
    if (kv_plan_hash(plan) && out->targets > 1)
        snprintf(out->expect, sizeof out->expect, "%.*s", REVIEWED_SIZE,
            kv_plan_hash(plan));
    else if (out->grade == KV_GRADE_SAFE)
        snprintf(out->expect, sizeof out->expect, "y");
    else if (out->targets == 1)
        snprintf(out->expect, sizeof out->expect, "%s", only_name(plan));
    else if (out->grade == KV_GRADE_ACCESS)
        snprintf(out->expect, sizeof out->expect, "%s %u", plan->remedy->verb,
            (unsigned)out->targets);
}

void kv_plan_confirmation(
    const struct kv_plan *plan, struct kv_confirmation *out)
{
    *out = (struct kv_confirmation){
        .targets = kv_plan_count(plan, KV_TARGET_READY) +
                   kv_plan_count(plan, KV_TARGET_READING),
    };
    own_grade(out, plan);
    raise_by_policy(out, plan);
    raise_grade(out, plan);
    out->kind = out->grade == KV_GRADE_SAFE ? KV_CONFIRM_KEY : KV_CONFIRM_TEXT;
    out->hold_ms = out->grade == KV_GRADE_ONE_WAY ? ONE_WAY_HOLD_MS : 0;
    out->cannot_be_undone = !plan->undo && !plan->remedy->undo;
    expect(out, plan);
}
