/* Taking a journalled change back: the reverse step, shown and guarded as any
 * other. If the resource is no longer as the change left it, the undo would
 * overwrite somebody's work and is blocked. */
#include "plan.h"

#define WHY_LIMIT 4096

static enum kv_status refuse(
    struct kv_error *err, const struct kv_journal_entry *entry, const char *why)
{
    return kv_error_set(err, KV_REFUSED,
        "Entry #%lld on %s cannot be undone: %s.", (long long)entry->number,
        entry->target_name, why);
}

static enum kv_status entry_check(
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

enum kv_status plan_new_undo(struct kv_plan **out,
    const struct remedy_port *port, const char *id,
    const struct kv_journal_entry *entry, struct kv_error *err)
{
    const struct kv_estate *estate = port->estate(port->context);
    const struct kv_remedy *remedy = kv_remedy_find(entry->remedy);
    uint32_t index = kv_estate_find(estate, entry->target_id);
    enum kv_status status = entry_check(entry, err);
    struct step step = { 0 };
    struct kv_plan *plan;

    if (status != KV_OK)
        return status;
    if (!remedy)
        return refuse(err, entry, "this version does not know its remedy");
    if (index == KV_NONE)
        return refuse(
            err, entry, "it is not in the estate; read the estate again first");
    status = step_parse(&step, entry->change, entry->target_id, err);
    if (status != KV_OK)
        return status;

    plan = plan_make(port, id, remedy, 1);
    plan->undo = step;
    plan->undo_of = entry->number;
    plan->undo_action = action_of(entry->number);
    plan->target_count = 1;
    target_init(&plan->targets[0], kv_estate_resource(estate, index), index);
    plan_start_reads(plan);
    *out = plan;
    return KV_OK;
}

static void check_drift(
    struct step *step, struct preview *preview, json_t *subject)
{
    struct buf why = { .limit = WHY_LIMIT };

    if (step_is(step, LIKENESS_AFTER, subject, value_same, &why)) {
        preview->nothing = "it is already as it was before the change";
    } else {
        buf_clear(&why);
        if (step_is(step, LIKENESS_BEFORE, subject, value_same, &why))
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

void undo_plan(struct step *step, struct preview *preview,
    const struct kv_plan *plan, json_t *subject)
{
    const struct work_undo *undo = &plan->work->undo;

    step_reverse(step, &plan->undo);
    preview->takes = "usually under a minute";
    preview->undo = "no, but the remedy can be run again";
    preview->impact = undo->impact;
    check_drift(step, preview, subject);
    if (undo->warning)
        preview_check(preview, KV_CHECK_WARN, "%s", undo->warning);
}
