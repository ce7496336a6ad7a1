/* Taking a journalled change back: the reverse step, shown and guarded as any
 * other. If the resource is no longer as the change left it, the undo would
 * overwrite somebody's work and is blocked. */
#include "plan.h"

#include <string.h>

#define WHY_LIMIT 8192

static enum kv_status refuse(
    struct kv_error *err, const struct kv_journal_entry *entry, const char *why)
{
    return kv_error_set(err, KV_REFUSED,
        "Entry #%lld on %s cannot be undone: %s.", (long long)entry->number,
        entry->target_name, why);
}

enum kv_status undo_check(
    const struct kv_journal_entry *entry, struct kv_error *err)
{
    if (entry->undone_by)
        return refuse(err, entry, "it was undone already");
    if (entry->undo_of)
        return refuse(
            err, entry, "it is an undo itself; run the remedy again instead");
    if (entry->result == KV_JOURNAL_IN_DOUBT)
        return refuse(err, entry,
            "it is not known whether it took effect; settle it first");
    if (entry->result != KV_JOURNAL_DONE &&
        entry->result != KV_JOURNAL_UNVERIFIED)
        return refuse(err, entry, "it changed nothing");
    if (!entry->reversible)
        return refuse(err, entry, "Azure has no way back from it");
    return KV_OK;
}

static char *action_of(int64_t number)
{
    struct buf text = { .limit = 64 };
    char *copy;

    buf_putf(&text, "undo of #%lld", (long long)number);
    copy = mem_copy_text(buf_text(&text));
    buf_done(&text);
    return copy;
}

static enum kv_status steps_parse(struct step **out,
    const struct kv_journal_entry *const *entries, size_t count,
    const struct kv_estate *estate, struct kv_error *err)
{
    struct step *steps = mem_alloc(count * sizeof *steps);
    enum kv_status status = KV_OK;
    size_t parsed = 0;

    while (parsed < count && status == KV_OK) {
        const struct kv_journal_entry *entry = entries[parsed];
        struct step_owner owner = step_owner_of(estate, entry);

        status = undo_check(entry, err);
        if (status == KV_OK)
            status =
                step_parse(&steps[parsed], entry->change, &owner, err);
        if (status == KV_OK)
            steps[parsed++].undo_of = entry->number;
    }
    if (status == KV_OK) {
        *out = steps;
        return KV_OK;
    }
    while (parsed > 0)
        step_done(&steps[--parsed]);
    mem_free(steps);
    return status;
}

enum kv_status plan_new_undo(struct kv_plan **out,
    const struct remedy_port *port, const char *id,
    const struct kv_journal_entry *const *entries, size_t count,
    struct kv_error *err)
{
    const struct kv_journal_entry *last = entries[count - 1];
    const struct kv_estate *estate = port->estate(port->context);
    const struct kv_remedy *remedy = kv_remedy_find(last->remedy);
    uint32_t index = plan_resource_of(estate, last->target_id);
    enum kv_status status = undo_check(last, err);
    struct step *steps = NULL;
    struct kv_plan *plan;

    if (status != KV_OK)
        return status;
    if (!remedy)
        return refuse(err, last, "this version does not know its remedy");
    if (index == KV_NONE)
        return refuse(
            err, last, "it is not in the estate; read the estate again first");
    status = steps_parse(&steps, entries, count, estate, err);
    if (status != KV_OK)
        return status;

    plan = plan_make(port, id, remedy, 1);
    plan->undo = steps;
    plan->undo_count = count;
    plan->undo_action = action_of(last->number);
    plan_add_target(plan, last->target_id, last->target_name, index);
    plan_start_reads(plan);
    *out = plan;
    return KV_OK;
}

/* Whether the step's resource is still as the change left it. */
static void check_drift(struct draft *draft, struct step *step, json_t *found)
{
    struct preview *preview = &draft->preview;
    struct buf why = { .limit = WHY_LIMIT };

    if (step_is(step, LIKENESS_AFTER, found, value_same, &why)) {
        preview->nothing = "it is already as it was before the change";
    } else {
        buf_clear(&why);
        if (step_is(step, LIKENESS_BEFORE, found, step_alike(step), &why))
            preview_check(
                preview, KV_CHECK_OK, "it is still as the change left it");
        else
            preview_check(preview, KV_CHECK_BLOCK,
                "it is not as the change left it: %s; undoing would overwrite "
                "that, so change it by hand or run a remedy",
                buf_text(&why));
    }
    buf_done(&why);
}

static void plan_one(struct draft *draft, const struct step *made)
{
    struct buf address = { .limit = WHY_LIMIT };
    const struct live_answer *found;
    struct step *step;

    step_found_at(made, &address);
    found = draft_read(draft, "%s", buf_text(&address));
    buf_done(&address);
    if (!found)
        return;
    if (!found->body && found->status != KV_NOT_FOUND) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "it could not be read: %s", found->why ? found->why : "");
        return;
    }
    step = draft_step(draft, made->call.method, made->call.path,
        made->call.api_version);
    step_done(step);
    step_reverse(step, made);
    check_drift(draft, step, found->body);
}

/* The last step is taken back first. That one was taken back already, by hand
 * perhaps, leaves the others to do. */
void undo_plan(struct draft *draft, const struct kv_plan *plan)
{
    const struct work_undo *undo = &plan->remedy->work->undo;
    struct preview *preview = &draft->preview;
    size_t nothing = 0;

    for (size_t i = plan->undo_count; i-- > 0;) {
        preview->nothing = NULL;
        plan_one(draft, &plan->undo[i]);
        if (preview->nothing && plan->undo_count > 1)
            step_done(&draft->steps[--draft->step_count]);
        nothing += preview->nothing != NULL;
    }
    if (nothing < plan->undo_count)
        preview->nothing = NULL;
    preview->takes = "usually under a minute";
    preview->undo = "no, but the remedy can be run again";
    preview->impact = undo->impact;
    if (undo->warning)
        preview_check(preview, KV_CHECK_WARN, "%s", undo->warning);
}
