/* Plans as text: the same words as the console's preview, one below the other. */
#include "plan_text.h"

#define ID_CELLS 22

static void put_line(struct buf *out, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    buf_putf(out, "  %-8s", label);
    buf_put_visible(out, view_of(text), false);
    buf_putc(out, '\n');
}

static void put_value(struct buf *out, const char *mark, const char *value)
{
    buf_putf(out, "      %s ", mark);
    buf_put_visible(out, view_of(value ? value : "(absent)"), false);
    buf_putc(out, '\n');
}

static void put_change(struct buf *out, const struct kv_change *change)
{
    bool kept = change->before && change->after &&
                text_equal_nocase(change->before, change->after);

    buf_puts(out, "    ");
    buf_put_visible(out, view_of(change->path), false);
    buf_putc(out, '\n');
    if (kept) {
        put_value(out, "=", change->before);
    } else {
        put_value(out, "-", change->before);
        put_value(out, "+", change->after);
    }
    if (change->note)
        put_value(out, " ", change->note);
}

static void put_request(
    struct buf *out, const struct kv_target *target, uint32_t place)
{
    const struct kv_request *request = &target->requests[place];

    buf_putf(out, "  %u of %u  %s ", place + 1, target->request_count,
        request->method);
    buf_put_visible(out, view_of(request->path), false);
    buf_putc(out, '\n');
    put_line(out, "", request->what);
    for (uint32_t i = 0; i < target->change_count; i++)
        if (target->changes[i].request == place)
            put_change(out, &target->changes[i]);
    if (request->wait_s > 0)
        buf_putf(out, "    then waits %lld s until it is in effect\n",
            (long long)request->wait_s);
}

static void put_checks(struct buf *out, const struct kv_target *target)
{
    for (uint32_t i = 0; i < target->check_count; i++) {
        buf_putf(out, "  %-8s", kv_check_state_mark(target->checks[i].state));
        buf_put_visible(out, view_of(target->checks[i].text), false);
        buf_putc(out, '\n');
    }
}

static void put_target(struct buf *out, const struct kv_target *target)
{
    plan_text_put_target(out, target);
    for (uint32_t i = 0; i < target->request_count; i++)
        put_request(out, target, i);
    put_line(out, "impact", target->impact);
    put_line(out, "undo", target->undo);
    put_line(out, "takes", target->takes);
    put_line(out, "raised", target->raised);
    put_checks(out, target);
}

void plan_text_put(struct buf *out, const struct kv_plan *plan)
{
    const struct kv_remedy *remedy = kv_plan_remedy(plan);

    buf_putf(out, "plan %s  %s%s (%s), %s\n", kv_plan_id(plan),
        kv_plan_is_undo(plan) ? "undo: " : "", remedy->title, kv_plan_row(plan),
        kv_remedy_danger(remedy));
    put_line(out, "effect", remedy->effect);
    put_line(out, "cost", remedy->cost);
    for (uint32_t i = 0; i < kv_plan_option_count(plan); i++)
        put_line(
            out, kv_plan_option(plan, i)->name, kv_plan_option(plan, i)->value);
    for (uint32_t i = 0; i < kv_plan_target_count(plan); i++) {
        buf_putc(out, '\n');
        put_target(out, kv_plan_target(plan, i));
    }
    buf_putc(out, '\n');
    plan_text_put_counts(out, plan);
    buf_putc(out, '\n');
}

void plan_text_put_target(struct buf *out, const struct kv_target *target)
{
    buf_put_visible(out, view_of(target->name), false);
    buf_putf(out, "  %s", kv_target_state_name(target->state));
    if (target->message) {
        buf_puts(out, ": ");
        buf_put_visible(out, view_of(target->message), false);
    }
    buf_putc(out, '\n');
}

void plan_text_put_counts(struct buf *out, const struct kv_plan *plan)
{
    const char *gap = "";

    for (unsigned state = 0; state < KV_TARGET_STATE_COUNT; state++) {
        uint32_t count = kv_plan_count(plan, (enum kv_target_state)state);

        if (!count)
            continue;
        buf_puts(out, gap);
        buf_put_count(out, count);
        buf_putf(out, " %s", kv_target_state_name((enum kv_target_state)state));
        gap = ", ";
    }
}

void plan_text_put_question(struct buf *out, const struct kv_plan *plan)
{
    struct kv_confirmation ask;

    kv_plan_confirmation(plan, &ask);
    if (ask.cannot_be_undone)
        buf_puts(out,
            "####  THIS CANNOT BE UNDONE - by you, by your administrators, or "
            "by Microsoft  ####\n");
    buf_putf(out, "%s: %s ", kv_grade_name(ask.grade),
        kv_plan_is_undo(plan) ? "take back on"
                              : kv_plan_remedy(plan)->sentence);
    buf_put_count(out, ask.targets);
    buf_puts(out, ask.targets == 1 ? " target.\n" : " targets.\n");
    if (*ask.raised) {
        buf_put_visible(out, view_of(ask.raised), false);
        buf_putc(out, '\n');
    }
    if (*ask.expect) {
        buf_puts(out, "Type ");
        buf_put_visible(out, view_of(ask.expect), false);
        buf_puts(out, " to apply it, anything else to leave all as it is: ");
    }
}

void plan_text_put_remedies(struct buf *out)
{
    for (size_t i = 0; i < kv_remedies_count; i++) {
        const struct kv_remedy *remedy = &kv_remedies[i];

        buf_putf(out, "%-*s %-7s %-26s %s\n", ID_CELLS, remedy->id,
            remedy->recommendation, kv_remedy_danger(remedy), remedy->title);
    }
}
