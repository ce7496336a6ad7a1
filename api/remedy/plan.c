/* A plan: the resources that were chosen, what was read of them and what would
 * be done. Its life, its options, and the calls of the port that it waits for. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#define ADDRESS_LIMIT 8192

/* ---- targets and options ---- */

void plan_add_target(
    struct kv_plan *plan, const char *id, const char *name, uint32_t resource)
{
    struct target *target = &plan->targets[plan->target_count++];

    plan->counts[KV_TARGET_READING]++;
    target->id = mem_copy_text(id);
    target->name = mem_copy_text(name);
    target->draft.live = &target->live;
    target->view = (struct kv_target){
        .resource = resource,
        .resource_id = target->id,
        .name = target->name,
        .state = KV_TARGET_READING,
    };
}

static void target_done(struct target *target)
{
    target_forget_requests(target);
    live_done(&target->live);
    draft_done(&target->draft);
    mem_free(target->id);
    mem_free(target->name);
    mem_free(target->message);
}

void target_enter(
    struct kv_plan *plan, struct target *target, enum kv_target_state state)
{
    if ((target->view.state == KV_TARGET_STOPPED) !=
        (state == KV_TARGET_STOPPED))
        plan->peers_known = false;
    plan->counts[target->view.state]--;
    plan->counts[state]++;
    target->view.state = state;
}

void target_set(struct kv_plan *plan, struct target *target,
    enum kv_target_state state, const char *message)
{
    char *copy = mem_copy_text(message);

    target_enter(plan, target, state);
    mem_free(target->message);
    target->message = copy;
    target->view.message = copy;
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

uint32_t plan_resource_of(const struct kv_estate *estate, const char *id)
{
    uint32_t index = kv_estate_find(estate, id);

    for (uint32_t i = 0;
         index == KV_NONE && i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *resource = kv_estate_resource(estate, i);

        if (!resource->gone &&
            view_starts_nocase(view_of(resource->id), view_of(id)) &&
            resource->id[strlen(id)] == '/')
            index = i;
    }
    return index;
}

/* ---- life ---- */

struct kv_plan *plan_make(const struct remedy_port *port, const char *id,
    const struct kv_remedy *remedy, size_t count)
{
    struct kv_plan *plan = mem_alloc(sizeof *plan);

    plan->port = port;
    plan->id = mem_copy_text(id);
    plan->remedy = remedy;
    plan->row = remedy->recommendation;
    plan->targets = mem_alloc(count * sizeof *plan->targets);
    plan->peers = mem_alloc(count * sizeof *plan->peers);
    plan->turns = mem_alloc(count * sizeof *plan->turns);
    plan->state = KV_PLAN_READING;
    return plan;
}

static void plan_destroy(struct kv_plan *plan)
{
    for (size_t i = 0; i < plan->target_count; i++)
        target_done(&plan->targets[i]);
    for (size_t i = 0; i < plan->option_count; i++)
        option_done(&plan->options[i]);
    for (size_t i = 0; i < plan->undo_count; i++)
        step_done(&plan->undo[i]);
    mem_free(plan->options);
    mem_free(plan->undo);
    mem_free(plan->targets);
    mem_free(plan->peers);
    mem_free(plan->turns);
    mem_free(plan->id);
    mem_free(plan->undo_action);
    plan_file_free(plan->file);
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
    if (!(remedy->kinds & (KV_ON_SUBSCRIPTION | (1u << resource->kind))))
        return kv_error_set(err, KV_BAD_INPUT,
            "\"%s\" is not for %s: it is of kind %s.", remedy->title,
            resource->name, kv_kind_name(resource->kind));
    return KV_OK;
}

static enum kv_status order_check(const struct kv_remedy *remedy,
    const struct kv_estate *estate, const struct kv_plan_order *order,
    struct kv_error *err)
{
    if (order->count == 0)
        return kv_error_set(err, KV_BAD_INPUT, "No target was chosen.");
    if (order->row && kv_catalogue_find(order->row) == KV_NONE)
        return kv_error_set(
            err, KV_BAD_INPUT, "There is no recommendation %s.", order->row);
    for (size_t i = 0; i < order->count; i++) {
        enum kv_status status =
            target_check(remedy, estate, order->resources[i], err);

        if (status != KV_OK)
            return status;
    }
    return KV_OK;
}

static void take_resource(
    struct kv_plan *plan, const struct kv_estate *estate, uint32_t index)
{
    const struct kv_resource *resource = kv_estate_resource(estate, index);

    plan_add_target(plan, resource->id, resource->name, index);
}

static void take_subscription(
    struct kv_plan *plan, const struct kv_estate *estate, uint32_t index)
{
    const struct kv_subscription *subscription = kv_estate_subscription(
        estate, kv_estate_resource(estate, index)->subscription);
    struct buf id = { .limit = 128 };

    buf_putf(&id, "/subscriptions/%s", subscription->id);
    plan_add_target(plan, buf_text(&id),
        subscription->name ? subscription->name : subscription->id, index);
    buf_done(&id);
}

/* Its targets are the subscriptions of what was chosen: its remedy is for those
 * alone, or for those too and so is the row that is to pass. */
static bool is_above(const struct kv_plan *plan)
{
    uint32_t row = kv_catalogue_find(plan->row);

    if (!(plan->remedy->kinds & KV_ON_RESOURCES))
        return plan->remedy->kinds & KV_ON_SUBSCRIPTION;
    return row != KV_NONE &&
           plan->remedy->kinds & kv_catalogue[row].kinds & KV_ON_SUBSCRIPTION;
}

/* What was chosen twice, or stands for what was, is changed once. */
static void targets_take(struct kv_plan *plan, const struct kv_estate *estate,
    const struct kv_plan_order *order)
{
    bool above = is_above(plan);
    uint32_t count = above ? kv_estate_subscription_count(estate)
                           : kv_estate_resource_count(estate);
    bool *taken = mem_alloc(count);

    for (size_t i = 0; i < order->count; i++) {
        uint32_t index = order->resources[i];
        uint32_t place =
            above ? kv_estate_resource(estate, index)->subscription : index;

        if (taken[place])
            continue;
        taken[place] = true;
        (above ? take_subscription : take_resource)(plan, estate, index);
    }
    mem_free(taken);
}

static void options_take(
    struct kv_plan *plan, const struct plan_targets *targets)
{
    const struct option_row *rows = plan->remedy->work->options;
    size_t count = 0;

    while (rows && rows[count].name)
        count++;
    plan->options = mem_alloc(count * sizeof *plan->options);
    plan->option_count = count;
    for (size_t i = 0; i < count; i++) {
        struct option *option = &plan->options[i];

        option->row = &rows[i];
        option->view = (struct kv_option){
            .name = rows[i].name,
            .label = rows[i].label,
            .help = rows[i].help,
        };
        option_set_value(option, "");
        if (rows[i].offer)
            rows[i].offer(option, targets);
        option->view.kind =
            option->choice_count > 0 ? KV_OPTION_CHOICE : KV_OPTION_TEXT;
    }
}

enum kv_status plan_new(struct kv_plan **out, const struct remedy_port *port,
    const char *id, const struct kv_plan_order *order, struct kv_error *err)
{
    const struct kv_remedy *remedy = kv_remedy_find(order->remedy);
    const struct kv_estate *estate = port->estate(port->context);
    struct plan_targets targets = {
        .estate = estate,
        .policy = port->policy(port->context),
        .resources = order->resources,
        .count = order->count,
        .now_s = port->now_s(port->context),
    };
    enum kv_status status;
    struct kv_plan *plan;

    if (!remedy)
        return kv_error_set(err, KV_BAD_INPUT, "There is no remedy \"%s\".",
            order->remedy ? order->remedy : "");
    if (kv_texts_match(&targets.policy->forbidden_remedies, remedy->id))
        return kv_error_set(err, KV_REFUSED,
            "The configuration forbids %s here (forbidden_remedies).",
            remedy->id);
    status = order_check(remedy, estate, order, err);
    if (status != KV_OK)
        return status;

    plan = plan_make(port, id, remedy, order->count);
    if (order->row)
        plan->row = kv_catalogue[kv_catalogue_find(order->row)].id;
    targets.row = plan->row;
    targets_take(plan, estate, order);
    options_take(plan, &targets);
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
    if (!plan->dropped)
        plan_read_on(plan);
    else if (plan->in_flight == 0)
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
    plan->port->read(plan->port->context, call->target->view.resource, path,
        answered, wait_for(plan, call));
}

void plan_write(struct kv_plan *plan, const struct plan_call *call)
{
    const struct target *target = call->target;
    const struct kv_request *request = &target->requests[plan->run.step];

    plan->port->write(plan->port->context,
        &(struct remedy_write){
            .resource = target->view.resource,
            .method = request->method,
            .path = request->path,
            .body = plan->run.body ? plan->run.body : request->body,
        },
        answered, wait_for(plan, call));
}

void plan_wait(struct kv_plan *plan, int64_t ms, const struct plan_call *call)
{
    plan->port->after(plan->port->context, ms, answered, wait_for(plan, call));
}

void plan_reread(struct kv_plan *plan, const struct plan_call *call)
{
    plan->port->reread(plan->port->context, plan->row,
        call->target->view.resource, answered, wait_for(plan, call));
}

void plan_look(
    struct kv_plan *plan, uint64_t facets, const struct plan_call *call)
{
    plan->port->look(plan->port->context, call->target->view.resource, facets,
        answered, wait_for(plan, call));
}

void plan_found(struct kv_plan *plan, const struct step *step, json_t *found)
{
    struct buf address = { .limit = ADDRESS_LIMIT };
    char *text = found ? json_dumps(found, JSON_COMPACT) : NULL;

    step_found_at(step, &address);
    plan->port->take(plan->port->context, buf_text(&address), text);
    free(text);
    buf_done(&address);
}

void plan_changed(struct kv_plan *plan)
{
    plan->port->changed(plan->port->context);
}

bool plan_running(const struct kv_plan *plan)
{
    return plan->state == KV_PLAN_RUNNING || plan->state == KV_PLAN_PAUSED ||
           plan->state == KV_PLAN_STOPPING;
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

static struct option *option_find(struct kv_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->option_count; i++) {
        if (text_equal_nocase(plan->options[i].view.name, name))
            return &plan->options[i];
    }
    return NULL;
}

static enum kv_status option_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    if (option->row->accept)
        return option->row->accept(option, value, err);
    for (size_t i = 0; i < option->choice_count; i++) {
        if (text_equal_nocase(option->choices[i].value, value))
            return KV_OK;
    }
    if (option->choice_count == 0)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "%s is none of the choices for \"%s\".", value, option->view.label);
}

enum kv_status plan_set(struct kv_plan *plan, const char *name,
    const char *value, struct kv_error *err)
{
    struct option *option = option_find(plan, name);
    enum kv_status status;

    if (!plan_is_open(plan))
        return kv_error_set(
            err, KV_REFUSED, "Plan %s has been run: make a new one.", plan->id);
    if (!option)
        return kv_error_set(err, KV_BAD_INPUT, "\"%s\" has no option \"%s\".",
            plan->remedy->title, name ? name : "");
    status = option_accept(option, value ? value : "", err);
    if (status != KV_OK)
        return status;
    option_set_value(option, value ? value : "");
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
    if (plan_is_open(plan)) /* what it would have done for others is theirs */
        plan_compose(plan);
    plan_note_read(plan);
}

void plan_refresh(struct kv_plan *plan)
{
    if (plan_is_open(plan))
        plan_start_reads(plan);
}
