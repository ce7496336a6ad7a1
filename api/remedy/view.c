/* What the screens see of a plan. */
#include "plan.h"

const char *kv_plan_id(const struct kv_plan *plan)
{
    return plan->id;
}

const struct kv_remedy *kv_plan_remedy(const struct kv_plan *plan)
{
    return plan->remedy;
}

bool kv_plan_is_undo(const struct kv_plan *plan)
{
    return plan->undo != NULL;
}

const char *kv_plan_row(const struct kv_plan *plan)
{
    return plan->row;
}

struct kv_pace kv_plan_pace(const struct kv_plan *plan)
{
    return plan->course.pace;
}

enum kv_plan_state kv_plan_state(const struct kv_plan *plan)
{
    return plan->state;
}

uint32_t kv_plan_target_count(const struct kv_plan *plan)
{
    return (uint32_t)plan->target_count;
}

const struct kv_target *kv_plan_target(
    const struct kv_plan *plan, uint32_t index)
{
    return &plan->targets[index].view;
}

uint32_t kv_plan_count(const struct kv_plan *plan, enum kv_target_state state)
{
    return plan->counts[state];
}

uint32_t kv_plan_option_count(const struct kv_plan *plan)
{
    return (uint32_t)plan->option_count;
}

const struct kv_option *kv_plan_option(
    const struct kv_plan *plan, uint32_t index)
{
    return &plan->options[index].view;
}

const char *kv_target_state_name(enum kv_target_state state)
{
    switch (state) {
    case KV_TARGET_READING:
        return "reading";
    case KV_TARGET_READY:
        return "ready";
    case KV_TARGET_BLOCKED:
        return "blocked";
    case KV_TARGET_NOTHING:
        return "nothing to do";
    case KV_TARGET_WAITING:
        return "waiting";
    case KV_TARGET_GUARD:
        return "re-reading";
    case KV_TARGET_WRITING:
        return "writing";
    case KV_TARGET_OPERATION:
        return "Azure at work";
    case KV_TARGET_VERIFYING:
        return "verifying";
    case KV_TARGET_SETTLING:
        return "settling";
    case KV_TARGET_DONE:
        return "done";
    case KV_TARGET_UNVERIFIED:
        return "unverified";
    case KV_TARGET_SKIPPED:
        return "skipped";
    case KV_TARGET_FAILED:
        return "failed";
    case KV_TARGET_IN_DOUBT:
        return "in doubt";
    case KV_TARGET_STOPPED:
        return "stopped";
    }
    return "";
}

const char *kv_check_state_mark(enum kv_check_state state)
{
    switch (state) {
    case KV_CHECK_OK:
        return "ok";
    case KV_CHECK_WARN:
        return "!";
    case KV_CHECK_UNKNOWN:
        return "?";
    case KV_CHECK_BLOCK:
        return "X";
    }
    return "";
}
