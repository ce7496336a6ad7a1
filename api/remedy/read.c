/* From the live reads of a target to its preview. The reads are started here,
 * and the pure plan function is asked when the last one is in. */
#include "plan.h"

#include <string.h>

#define ADDRESS_LIMIT 8192
#define BODY_LIMIT (1u << 20)

/* ---- composing, from what was read ---- */

static const char *subscription_state(
    const struct kv_estate *estate, uint32_t resource)
{
    uint32_t index = kv_estate_resource(estate, resource)->subscription;

    if (index >= kv_estate_subscription_count(estate))
        return NULL;
    return kv_estate_subscription(estate, index)->state;
}

static void ask_work(struct kv_plan *plan, struct target *target)
{
    const struct remedy_port *port = plan->port;
    const struct kv_estate *estate = port->estate(port->context);
    const struct live_answer *answers = target->live.answers;
    struct plan_input input = {
        .estate = estate,
        .policy = port->policy(port->context),
        .resource = kv_estate_resource(estate, target->view.resource),
        .subject = answers[LIVE_SUBJECT].body,
        .settings = answers[LIVE_SETTINGS].body,
        .option = plan->option.value ? plan->option.value : "",
    };

    plan->work->plan(&target->step, &target->preview, &input);
}

/* That a setting is gone is an answer to whoever wants to remove it. */
static bool is_subject_known(
    const struct kv_plan *plan, const struct live_answer *subject)
{
    return subject->body || (plan->undo_of && subject->status == KV_NOT_FOUND);
}

static void describe(struct kv_plan *plan, struct target *target)
{
    const struct live_answer *subject = &target->live.answers[LIVE_SUBJECT];
    const struct kv_estate *estate = plan->port->estate(plan->port->context);

    if (!is_subject_known(plan, subject)) {
        preview_check(&target->preview, KV_CHECK_BLOCK,
            "it could not be read: %s", subject->why ? subject->why : "");
        return;
    }
    if (plan->undo_of)
        undo_plan(&target->step, &target->preview, plan, subject->body);
    else
        ask_work(plan, target);
    if (!target->step.method)
        return;
    preview_show(&target->preview, &target->step);
    preflight(&target->preview, &target->step, &target->live,
        subscription_state(estate, target->view.resource));
}

static char *text_of(const struct step *step,
    void (*put)(const struct step *step, struct buf *out))
{
    struct buf text = { .limit = BODY_LIMIT };
    char *copy = NULL;

    if (step->method)
        put(step, &text);
    if (text.size > 0)
        copy = mem_copy_text(buf_text(&text));
    buf_done(&text);
    return copy;
}

static void put_body(const struct step *step, struct buf *out)
{
    step_body(step, out, JSON_INDENT(2));
}

static void show_request(struct target *target)
{
    mem_free(target->path);
    mem_free(target->body);
    mem_free(target->az);
    target->path = text_of(&target->step, step_address);
    target->body = text_of(&target->step, put_body);
    target->az = text_of(&target->step, step_az);
    target->view.method = target->step.method;
    target->view.path = target->path;
    target->view.body = target->body;
    target->view.az = target->az;
}

static void show_preview(struct target *target)
{
    const struct preview *preview = &target->preview;

    target->view.undo = preview->undo;
    target->view.takes = preview->takes;
    target->view.impact = preview->impact;
    target->view.changes = preview->changes;
    target->view.change_count = (uint32_t)preview->change_count;
    target->view.checks = preview->checks;
    target->view.check_count = (uint32_t)preview->check_count;
}

static const char *first_block(const struct preview *preview)
{
    for (size_t i = 0; i < preview->check_count; i++) {
        if (preview->checks[i].state == KV_CHECK_BLOCK)
            return preview->checks[i].text;
    }
    return NULL;
}

static bool changes_nothing(const struct step *step)
{
    for (size_t i = 0; i < step->change_count; i++) {
        if (!value_same(step->changes[i].before, step->changes[i].after))
            return false;
    }
    return step->change_count > 0;
}

static void judge(struct kv_plan *plan, struct target *target)
{
    const char *nothing = target->preview.nothing;
    const char *block = first_block(&target->preview);

    if (!nothing && changes_nothing(&target->step))
        nothing = "it is already as wanted";
    if (nothing)
        target_set(plan, target, KV_TARGET_NOTHING, nothing);
    else if (block)
        target_set(plan, target, KV_TARGET_BLOCKED, block);
    else
        target_set(plan, target, KV_TARGET_READY, NULL);
}

static void compose(struct kv_plan *plan, struct target *target)
{
    step_done(&target->step);
    preview_done(&target->preview);
    describe(plan, target);
    show_request(target);
    show_preview(target);
    judge(plan, target);
}

void plan_note_read(struct kv_plan *plan)
{
    bool reading = kv_plan_count(plan, KV_TARGET_READING) > 0;

    if (!plan_is_open(plan))
        return;
    plan->state = reading ? KV_PLAN_READING : KV_PLAN_READY;
    plan_changed(plan);
}

void plan_compose(struct kv_plan *plan)
{
    if (!plan_is_open(plan))
        return;
    for (size_t i = 0; i < plan->target_count; i++) {
        struct target *target = &plan->targets[i];

        if (target->pending == 0 && target->view.state != KV_TARGET_STOPPED)
            compose(plan, target);
    }
    plan_note_read(plan);
}

/* ---- reading ---- */

static void put_address(struct buf *out, const struct kv_plan *plan,
    const struct target *target, enum live_read read)
{
    switch (read) {
    case LIVE_SUBJECT:
        if (plan->undo_of)
            step_address(&plan->undo, out);
        else
            buf_putf(out, "%s?api-version=" KEY_VAULT_API, target->id);
        return;
    case LIVE_PERMISSIONS:
        buf_putf(out, "%s" PERMISSIONS_QUERY, target->id);
        return;
    case LIVE_LOCKS:
        buf_putf(out, "%s" LOCKS_QUERY, target->id);
        return;
    case LIVE_SETTINGS:
        buf_putf(
            out, "%s" SETTINGS_PATH "?api-version=" INSIGHTS_API, target->id);
        return;
    }
}

static void page_read(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer);

static void read_page(struct kv_plan *plan, struct target *target,
    unsigned read, const char *address)
{
    plan_read(plan, address,
        &(struct plan_call){
            .target = target,
            .tag = read,
            .done = page_read,
        });
}

static void page_read(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer)
{
    struct buf next = { .limit = ADDRESS_LIMIT };

    if (live_take(&target->live, (enum live_read)tag, answer, &next)) {
        read_page(plan, target, tag, buf_text(&next));
        buf_done(&next);
        return;
    }
    buf_done(&next);
    if (--target->pending > 0 || answer->status == KV_CANCELLED ||
        target->view.state == KV_TARGET_STOPPED)
        return;
    target->view.read_at_s = plan->port->now_s(plan->port->context);
    compose(plan, target);
    plan_note_read(plan);
}

/* The journal has what an undo needs, so only the common reads remain. */
static unsigned reads_of(const struct kv_plan *plan)
{
    return plan->undo_of ? LIVE_COMMON : plan->work->reads;
}

static void start_reads(struct kv_plan *plan, struct target *target)
{
    live_done(&target->live);
    target->pending = 0;
    target_set(plan, target, KV_TARGET_READING, NULL);
    for (unsigned read = 0; read < LIVE_COUNT; read++) {
        struct buf address = { .limit = ADDRESS_LIMIT };

        if (!(reads_of(plan) & LIVE_BIT(read)))
            continue;
        target->pending++;
        put_address(&address, plan, target, (enum live_read)read);
        read_page(plan, target, read, buf_text(&address));
        buf_done(&address);
    }
}

void plan_start_reads(struct kv_plan *plan)
{
    plan->round++;
    plan->state = KV_PLAN_READING;
    for (size_t i = 0; i < plan->target_count; i++) {
        if (plan->targets[i].view.state != KV_TARGET_STOPPED)
            start_reads(plan, &plan->targets[i]);
    }
    plan_changed(plan);
}
