/* From the live reads of a target to its preview: the pure plan function is
 * asked, what it wants to know is read, and it is asked again, until it has
 * all. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#define ADDRESS_LIMIT 8192
#define BODY_LIMIT (1u << 20)
/* More would only wait, and the first ones with them. */
#define READS_AT_ONCE 128
#define PASSES_LIMIT 16 /* a plan function that asks on and on is wrong */

#define SUBSCRIPTION_API "2022-12-01"

/* ---- composing, from what was read ---- */

static const struct kv_subscription *subscription_of(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    if (resource->subscription >= kv_estate_subscription_count(estate))
        return NULL;
    return kv_estate_subscription(estate, resource->subscription);
}

/* Once, not for each of 40,000 targets. */
static void find_peers(struct kv_plan *plan)
{
    if (plan->peers_known)
        return;
    plan->peer_count = 0;
    for (size_t i = 0; i < plan->target_count; i++)
        if (plan->targets[i].view.state != KV_TARGET_STOPPED)
            plan->peers[plan->peer_count++] = plan->targets[i].view.resource;
    plan->peers_known = true;
}

static struct plan_input input_of(
    struct kv_plan *plan, const struct target *target)
{
    const struct remedy_port *port = plan->port;
    const struct kv_estate *estate = port->estate(port->context);
    const struct kv_resource *resource =
        kv_estate_resource(estate, target->view.resource);

    find_peers(plan);
    return (struct plan_input){
        .estate = estate,
        .policy = port->policy(port->context),
        .row = plan->row,
        .resource = resource,
        .index = target->view.resource,
        .subscription = subscription_of(estate, resource),
        .options = plan->options,
        .option_count = plan->option_count,
        .peers = plan->peers,
        .peer_count = plan->peer_count,
        .operator_id = port->operator_id(port->context),
        .now_s = port->now_s(port->context),
    };
}

static bool is_above(const struct target *target)
{
    return !text_contains_nocase(target->id, "/providers/");
}

/* Steps that change nothing are not sent. */
static bool changes_nothing(const struct step *step)
{
    if (step->proof == PROOF_ANSWER)
        return false;
    for (size_t i = 0; i < step->change_count; i++) {
        if (!value_same(step->changes[i].before, step->changes[i].after))
            return false;
    }
    return step->change_count > 0;
}

static void describe(struct kv_plan *plan, struct target *target)
{
    struct draft *draft = &target->draft;
    struct plan_input input = input_of(plan, target);
    const struct live_answer *subject =
        draft_read(draft, "%s?api-version=%s", target->id,
            is_above(target) ? SUBSCRIPTION_API : KEY_VAULT_API);

    draft->grade =
        plan->undo ? plan->remedy->work->undo.grade : plan->remedy->grade;
    if (!subject)
        return;
    if (!subject->body) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "it could not be read: %s", subject->why ? subject->why : "");
        return;
    }
    input.subject = subject->body;
    input.above = is_above(target);
    if (plan->undo)
        undo_plan(draft, plan);
    else
        plan->remedy->work->plan(draft, &input);
    for (size_t i = 0; i < draft->step_count; i++)
        preview_show(&draft->preview, &draft->steps[i], (uint32_t)i);
    if (draft->step_count > 0)
        preflight(draft, &input);
}

/* ---- the view ---- */

static char *text_of(const struct step *step,
    void (*put)(const struct step *step, struct buf *out))
{
    struct buf text = { .limit = BODY_LIMIT };
    char *copy = NULL;

    put(step, &text);
    if (text.size > 0 && !text.failed)
        copy = mem_copy_text(buf_text(&text));
    buf_done(&text);
    return copy;
}

static void put_body(const struct step *step, struct buf *out)
{
    step_body(step, out, JSON_INDENT(2));
}

void target_forget_requests(struct target *target)
{
    for (uint32_t i = 0; i < target->view.request_count; i++) {
        mem_free((char *)target->requests[i].path);
        mem_free((char *)target->requests[i].body);
        mem_free((char *)target->requests[i].az);
    }
    mem_free(target->requests);
    target->requests = NULL;
    target->view.requests = NULL;
    target->view.request_count = 0;
}

static void show_requests(struct target *target)
{
    const struct draft *draft = &target->draft;

    target->requests = mem_alloc(draft->step_count * sizeof *target->requests);
    for (size_t i = 0; i < draft->step_count; i++) {
        const struct step *step = &draft->steps[i];

        target->requests[i] = (struct kv_request){
            .what = step->what,
            .method = step->call.method,
            .path = text_of(step, step_address),
            .body = text_of(step, put_body),
            .az = text_of(step, step_az),
            .wait_s = step->wait_s,
        };
    }
    target->view.requests = target->requests;
    target->view.request_count = (uint32_t)draft->step_count;
}

static void show_preview(struct target *target)
{
    const struct preview *preview = &target->draft.preview;

    target->view.grade = target->draft.grade;
    target->view.raised = target->draft.raised;
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

static bool all_change_nothing(const struct draft *draft)
{
    for (size_t i = 0; i < draft->step_count; i++) {
        if (!changes_nothing(&draft->steps[i]))
            return false;
    }
    return true;
}

static void judge(struct kv_plan *plan, struct target *target)
{
    const struct draft *draft = &target->draft;
    const char *nothing = draft->preview.nothing;
    const char *block = first_block(&draft->preview);
    struct buf why = { .limit = 4096 };

    if (!nothing && (draft->step_count > 0 || !block) &&
        all_change_nothing(draft))
        nothing = "it is already as wanted";
    if (nothing)
        target_set(plan, target, KV_TARGET_NOTHING, nothing);
    else if (block)
        target_set(plan, target, KV_TARGET_BLOCKED, block);
    else if (!plan_file_fits(plan, target, &why))
        target_set(plan, target, KV_TARGET_BLOCKED, buf_text(&why));
    else
        target_set(plan, target, KV_TARGET_READY, NULL);
    buf_done(&why);
}

static void compose(struct kv_plan *plan, struct target *target);

/* ---- reading ---- */

static void page_read(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer);

static void read_page(struct kv_plan *plan, struct target *target,
    unsigned place, const char *address)
{
    plan_read(plan, address,
        &(struct plan_call){
            .target = target,
            .tag = place,
            .done = page_read,
        });
}

/* The last of what was under way. */
static void read_ended(struct kv_plan *plan, struct target *target,
    const struct remedy_answer *answer)
{
    plan->halted = plan->halted || answer->status == KV_CANCELLED;
    if (--target->pending > 0 || answer->status == KV_CANCELLED ||
        target->view.state == KV_TARGET_STOPPED)
        return;
    compose(plan, target);
    plan_note_read(plan);
}

static void page_read(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer)
{
    struct buf next = { .limit = ADDRESS_LIMIT };

    if (live_take(target->live.answers[tag], answer, &next)) {
        read_page(plan, target, tag, buf_text(&next));
        buf_done(&next);
        return;
    }
    buf_done(&next);
    read_ended(plan, target, answer);
}

static void looked(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer)
{
    (void)tag;
    target->live.looked = target->live.looks;
    read_ended(plan, target, answer);
}

static void read_wanted(struct kv_plan *plan, struct target *target)
{
    size_t count = target->live.count;
    uint64_t looks = target->live.looks & ~target->live.looked;

    for (size_t i = 0; i < count; i++)
        target->pending += !target->live.answers[i]->ended;
    target->pending += looks != 0;
    if (looks != 0)
        plan_look(plan, looks,
            &(struct plan_call){ .target = target, .done = looked });
    for (size_t i = 0; i < count; i++) {
        if (!target->live.answers[i]->ended)
            read_page(plan, target, (unsigned)i,
                target->live.answers[i]->address);
    }
}

static void compose(struct kv_plan *plan, struct target *target)
{
    struct draft *draft = &target->draft;

    target_forget_requests(target);
    draft_done(draft);
    describe(plan, target);
    if (draft->wanted > 0 && ++target->passes < PASSES_LIMIT) {
        draft_done(draft);
        show_preview(target);
        if (target->view.state != KV_TARGET_READING)
            target_set(plan, target, KV_TARGET_READING, NULL);
        read_wanted(plan, target);
        return;
    }
    if (draft->wanted > 0)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "its preview asks for more and more: it cannot be planned");
    target->view.read_at_s = plan->port->now_s(plan->port->context);
    show_requests(target);
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
    plan->halted = false;
    for (size_t i = 0; i < plan->begun; i++) {
        struct target *target = &plan->targets[plan->turns[i]];

        target->passes = 0;
        if (target->pending == 0 && target->view.state != KV_TARGET_STOPPED)
            compose(plan, target);
    }
    plan_read_on(plan);
    plan_note_read(plan);
}

void plan_read_on(struct kv_plan *plan)
{
    size_t before = plan->begun;

    if (!plan_is_open(plan) || plan->halted)
        return;
    while (plan->begun < plan->target_count &&
           plan->in_flight < READS_AT_ONCE) {
        struct target *target = &plan->targets[plan->turns[plan->begun++]];

        if (target->view.state != KV_TARGET_STOPPED)
            compose(plan, target);
    }
    if (plan->begun > before)
        plan_note_read(plan);
}

static int compare_turns(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

/* Azure lets so many requests a second through for each subscription: the first
 * target of each has its turn before the second of any. */
static void find_turns(struct kv_plan *plan)
{
    const struct kv_estate *estate = plan->port->estate(plan->port->context);
    uint32_t subscriptions = kv_estate_subscription_count(estate);
    uint64_t *taken = mem_alloc((subscriptions + 1) * sizeof *taken);
    uint64_t *turns = mem_alloc(plan->target_count * sizeof *turns);

    for (size_t i = 0; i < plan->target_count; i++) {
        uint32_t place =
            kv_estate_resource(estate, plan->targets[i].view.resource)
                ->subscription;

        if (place > subscriptions)
            place = subscriptions; /* of one that is not listed */
        turns[i] = taken[place]++ << 32 | i;
    }
    qsort(turns, plan->target_count, sizeof *turns, compare_turns);
    for (size_t i = 0; i < plan->target_count; i++)
        plan->turns[i] = (uint32_t)turns[i];
    mem_free(turns);
    mem_free(taken);
}

void plan_start_reads(struct kv_plan *plan)
{
    find_turns(plan);
    plan->round++;
    plan->begun = 0;
    plan->halted = false;
    plan->state = KV_PLAN_READING;
    for (size_t i = 0; i < plan->target_count; i++) {
        struct target *target = &plan->targets[i];

        if (target->view.state == KV_TARGET_STOPPED)
            continue;
        live_done(&target->live);
        target->pending = 0;
        target->passes = 0;
        target_set(plan, target, KV_TARGET_READING, NULL);
    }
    plan_read_on(plan);
    plan_changed(plan);
}
