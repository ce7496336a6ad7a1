/* A plan: the resources that were chosen, what was read of them and what would
 * be done. Its life, its options, and the calls of the port that it waits for. */
#include "plan.h"

#include <string.h>

/* ---- targets and options ---- */

void target_init(
    struct target *target, const struct kv_resource *resource, uint32_t index)
{
    target->id = mem_copy_text(resource->id);
    target->name = mem_copy_text(resource->name);
    target->view = (struct kv_target){
        .resource = index,
        .resource_id = target->id,
        .name = target->name,
        .state = KV_TARGET_READING,
    };
}

static void target_done(struct target *target)
{
    live_done(&target->live);
    step_done(&target->step);
    preview_done(&target->preview);
    mem_free(target->id);
    mem_free(target->name);
    mem_free(target->message);
    mem_free(target->path);
    mem_free(target->body);
    mem_free(target->az);
}

void target_set(struct kv_plan *plan, struct target *target,
    enum kv_target_state state, const char *message)
{
    char *copy = mem_copy_text(message);

    mem_free(target->message);
    target->message = copy;
    target->view.message = copy;
    target->view.state = state;
    plan_changed(plan);
}

void option_add_choice(
    struct option *option, const char *value, const char *label)
{
    option->choices = mem_grow(option->choices, option->choice_count,
        &option->choice_capacity, sizeof *option->choices);
    option->choices[option->choice_count++] = (struct kv_choice){
        .value = mem_copy_text(value),
        .label = mem_copy_text(label),
    };
    option->view.choices = option->choices;
    option->view.choice_count = (uint32_t)option->choice_count;
}

void option_set_value(struct option *option, const char *value)
{
    char *copy = mem_copy_text(value);

    mem_free(option->value);
    option->value = copy;
    option->view.value = copy;
}

static void option_done(struct option *option)
{
    for (size_t i = 0; i < option->choice_count; i++) {
        mem_free((char *)option->choices[i].value);
        mem_free((char *)option->choices[i].label);
    }
    mem_free(option->choices);
    mem_free(option->value);
}

/* ---- life ---- */

struct kv_plan *plan_make(const struct remedy_port *port, const char *id,
    const struct kv_remedy *remedy, size_t count)
{
    struct kv_plan *plan = mem_alloc(sizeof *plan);

    plan->port = port;
    plan->id = mem_copy_text(id);
    plan->remedy = remedy;
    plan->work = remedy_work(remedy);
    plan->targets = mem_alloc(count * sizeof *plan->targets);
    plan->state = KV_PLAN_READING;
    return plan;
}

static void plan_destroy(struct kv_plan *plan)
{
    for (size_t i = 0; i < plan->target_count; i++)
        target_done(&plan->targets[i]);
    option_done(&plan->option);
    step_done(&plan->undo);
    mem_free(plan->targets);
    mem_free(plan->id);
    mem_free(plan->undo_action);
    mem_free(plan->run.reason);
    mem_free(plan->run.operation);
    mem_free(plan->run.request_id);
    mem_free(plan->run.refusal);
    mem_free(plan);
}

static enum kv_status target_check(const struct kv_remedy *remedy,
    const struct kv_estate *estate, uint32_t index, struct kv_error *err)
{
    const struct kv_resource *resource;

    if (index >= kv_estate_resource_count(estate))
        return kv_error_set(
            err, KV_BAD_INPUT, "A target is not in the estate.");
    resource = kv_estate_resource(estate, index);
    if (resource->gone)
        return kv_error_set(err, KV_BAD_INPUT,
            "%s is no longer there: it was not found when it was last read.",
            resource->name);
    if (!(remedy->kinds & (1u << resource->kind)))
        return kv_error_set(err, KV_BAD_INPUT,
            "\"%s\" is not for %s: it is of kind %s.", remedy->title,
            resource->name, kv_kind_name(resource->kind));
    return KV_OK;
}

static enum kv_status targets_check(const struct kv_remedy *remedy,
    const struct plan_targets *targets, struct kv_error *err)
{
    if (targets->count == 0)
        return kv_error_set(err, KV_BAD_INPUT, "No target was chosen.");
    for (size_t i = 0; i < targets->count; i++) {
        enum kv_status status =
            target_check(remedy, targets->estate, targets->resources[i], err);

        if (status != KV_OK)
            return status;
    }
    return KV_OK;
}

/* A resource that was chosen twice is changed once. */
static void targets_take(
    struct kv_plan *plan, const struct plan_targets *targets)
{
    uint32_t count = kv_estate_resource_count(targets->estate);
    bool *taken = mem_alloc(count);

    for (size_t i = 0; i < targets->count; i++) {
        uint32_t index = targets->resources[i];

        if (taken[index])
            continue;
        taken[index] = true;
        target_init(&plan->targets[plan->target_count++],
            kv_estate_resource(targets->estate, index), index);
    }
    mem_free(taken);
}

enum kv_status plan_new(struct kv_plan **out, const struct remedy_port *port,
    const char *id, const char *remedy, const uint32_t *resources, size_t count,
    struct kv_error *err)
{
    const struct kv_remedy *row = kv_remedy_find(remedy);
    struct plan_targets targets = {
        .estate = port->estate(port->context),
        .resources = resources,
        .count = count,
    };
    enum kv_status status;
    struct kv_plan *plan;

    if (!row)
        return kv_error_set(err, KV_BAD_INPUT, "There is no remedy \"%s\".",
            remedy ? remedy : "");
    status = targets_check(row, &targets, err);
    if (status != KV_OK)
        return status;

    plan = plan_make(port, id, row, count);
    targets_take(plan, &targets);
    if (plan->work->offer) {
        plan->option.view.name = plan->work->option;
        plan->work->offer(&plan->option, &targets);
    }
    plan_start_reads(plan);
    *out = plan;
    return KV_OK;
}

void plan_free(struct kv_plan *plan)
{
    if (!plan)
        return;
    plan_stop(plan);
    if (plan->in_flight == 0)
        plan_destroy(plan);
    else
        plan->dropped = true;
}

/* ---- calls of the port ---- */

struct waiting {
    struct kv_plan *plan;
    struct plan_call call;
    unsigned round;
};

/* A plan that was dropped while it ran still ends the target under way, so
 * that the journal gets its outcome. */
static bool is_awaited(const struct kv_plan *plan, unsigned round)
{
    return round == plan->round && (!plan->dropped || plan_running(plan));
}

static void answered(void *arg, const struct remedy_answer *answer)
{
    struct waiting waiting = *(struct waiting *)arg;
    struct kv_plan *plan = waiting.plan;

    mem_free(arg);
    if (is_awaited(plan, waiting.round))
        waiting.call.done(plan, waiting.call.target, waiting.call.tag, answer);
    plan->in_flight--;
    if (plan->dropped && plan->in_flight == 0)
        plan_destroy(plan);
}

static struct waiting *wait_for(
    struct kv_plan *plan, const struct plan_call *call)
{
    struct waiting *waiting = mem_alloc(sizeof *waiting);

    *waiting = (struct waiting){
        .plan = plan,
        .call = *call,
        .round = plan->round,
    };
    plan->in_flight++;
    return waiting;
}

void plan_read(
    struct kv_plan *plan, const char *path, const struct plan_call *call)
{
    plan->port->read(plan->port->context, path, answered, wait_for(plan, call));
}

void plan_write(struct kv_plan *plan, const struct plan_call *call)
{
    const struct target *target = call->target;

    plan->port->write(plan->port->context, target->step.method, target->path,
        target->body, answered, wait_for(plan, call));
}

void plan_wait(struct kv_plan *plan, int64_t ms, const struct plan_call *call)
{
    plan->port->after(plan->port->context, ms, answered, wait_for(plan, call));
}

void plan_reread(struct kv_plan *plan, const struct plan_call *call)
{
    plan->port->reread(plan->port->context, call->target->view.resource,
        answered, wait_for(plan, call));
}

void plan_changed(struct kv_plan *plan)
{
    plan->port->changed(plan->port->context);
}

bool plan_running(const struct kv_plan *plan)
{
    return plan->state == KV_PLAN_RUNNING || plan->state == KV_PLAN_STOPPING;
}

bool plan_busy(const struct kv_plan *plan)
{
    return plan->in_flight > 0;
}

/* ---- what the session may tell it ---- */

bool plan_is_open(const struct kv_plan *plan)
{
    return plan->state == KV_PLAN_READING || plan->state == KV_PLAN_READY;
}

enum kv_status plan_set(struct kv_plan *plan, const char *option,
    const char *value, struct kv_error *err)
{
    const struct work *work = plan->work;
    enum kv_status status;

    if (!plan_is_open(plan))
        return kv_error_set(
            err, KV_REFUSED, "Plan %s has been run: make a new one.", plan->id);
    if (plan->undo_of || !work->option || !option ||
        strcmp(option, work->option) != 0)
        return kv_error_set(err, KV_BAD_INPUT, "\"%s\" has no option \"%s\".",
            plan->remedy->title, option ? option : "");
    status = work->accept(&plan->option, value ? value : "", err);
    if (status != KV_OK)
        return status;
    option_set_value(&plan->option, value ? value : "");
    plan_compose(plan);
    return KV_OK;
}

void plan_drop_target(struct kv_plan *plan, uint32_t index)
{
    struct target *target;

    if (index >= plan->target_count)
        return;
    target = &plan->targets[index];
    if (plan_is_open(plan) || target->view.state == KV_TARGET_WAITING)
        target_set(plan, target, KV_TARGET_STOPPED, "taken out of the plan");
    plan_note_read(plan);
}

void plan_refresh(struct kv_plan *plan)
{
    if (plan_is_open(plan))
        plan_start_reads(plan);
}
