/* Taking role assignments away: the remedy that does only that, and what those
 * share that do it after something else. */
#include "access.h"

#include <string.h>

#include "estate.h"
#include "evaluate.h"

#define TEXT_LIMIT 4096
/* ---- assignment-remove ---- */

#define REMOVES                                                                \
    (FAULT_GONE | FAULT_TWICE | FAULT_UNLISTED | FAULT_HIGH |                  \
        (uint32_t)FAULT_ENDLESS)

static void remove_offer(struct option *out, const struct plan_targets *targets)
{
    choice_offer(out, targets, REMOVES | FAULT_MUCH);
}

const struct option_row remove_options[] = {
    {
        .name = "assignments",
        .label = "Role assignments to remove",
        .help = "auto, or ids of role assignments, separated by commas",
        .offer = remove_offer,
        .accept = choice_accept,
    },
    { 0 },
};

static void put_who(struct buf *out, const struct plan_input *input,
    const struct kv_assignment *assignment)
{
    const struct kv_role *role =
        assignment->role == KV_NONE
            ? NULL
            : kv_estate_role(input->estate, assignment->role);

    evidence_put_text(out, role ? role->name : assignment->role_guid);
    buf_puts(out, " of ");
    principal_put(out, input->estate, assignment->principal_id,
        assignment->principal_type);
}

void removal_leave(struct draft *draft, const struct plan_input *input,
    const struct kv_assignment *assignment, const char *why)
{
    struct buf who = { .limit = TEXT_LIMIT };

    put_who(&who, input, assignment);
    preview_check(&draft->preview, KV_CHECK_WARN, "%s is left alone: %s",
        buf_text(&who), why);
    buf_done(&who);
}

/* Why one that is there now cannot be removed; NULL: it can. */
static const char *hindrance(struct taking *taking,
    const struct kv_assignment *assignment, const struct live_answer *found)
{
    if (!found->body)
        return found->status == KV_NOT_FOUND
                   ? "it is no longer there"
                   : "it could not be read";
    if (assignment->activated)
        return "it was activated for a while and ends by itself";
    return taking_refusal(taking, assignment);
}

/* What assigns roles further up than to one subscription may lock many out. */
static void weigh(struct draft *draft, const struct plan_input *input,
    const struct kv_assignment *assignment)
{
    const struct kv_role *role =
        assignment->role == KV_NONE
            ? NULL
            : kv_estate_role(input->estate, assignment->role);
    struct arm_id id = arm_id_parse(view_of(assignment->scope));

    if (role && (role->actions & KV_ACTIONS_ASSIGN) &&
        arm_id_level(&id) <= KV_SCOPE_MANAGEMENT_GROUP)
        draft_raise(draft, KV_GRADE_ONE_WAY,
            "it takes a right to assign roles above all subscriptions");
}

json_t *removal_find(
    struct taking *taking, const struct kv_assignment *assignment)
{
    const struct live_answer *found = draft_read(taking->draft,
        "%s?api-version=" AUTHORIZATION_API, assignment->id);
    const char *why;

    if (!found)
        return NULL;
    why = hindrance(taking, assignment, found);
    if (taking->draft->wanted > 0)
        return NULL;
    if (!why)
        return found->body;
    removal_leave(taking->draft, taking->input, assignment, why);
    return NULL;
}

void removal_make(const struct taking *taking,
    const struct kv_assignment *assignment, json_t *found)
{
    struct buf who = { .limit = TEXT_LIMIT };
    struct step *step =
        assignment_unmake(taking->draft, assignment->id, found);

    put_who(&who, taking->input, assignment);
    step_what(step, "remove %s", buf_text(&who));
    weigh(taking->draft, taking->input, assignment);
    buf_done(&who);
}

void removal_block_if_none(struct draft *draft, const struct choice *choice)
{
    if (draft->wanted == 0 && draft->step_count == 0 && choice->count > 0)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "each of the %zu assignments has to stay as it is: choose others "
            "with the option \"assignments\"",
            choice->count);
}

void assignment_remove_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct taking taking = { .draft = draft, .input = input };
    struct choice choice;

    choice_make(&choice, draft, input, REMOVES);
    for (size_t i = 0; i < choice.count; i++) {
        json_t *found = removal_find(&taking, choice.items[i]);

        if (!found)
            continue;
        taking_add(&taking, choice.items[i], 0);
        removal_make(&taking, choice.items[i], found);
    }
    removal_block_if_none(draft, &choice);
    preview->takes = ASSIGNMENTS_TAKE;
    preview->undo = "yes, each is made again with its id; by whom and when it "
                    "was made first is lost";
    preview->impact = preview_text(preview,
        "%zu role assignments are removed. Who loses what is said below, for "
        "each. Who used them lately is UNKNOWN where no audit log was read.",
        taking.count);
    choice_done(&choice);
    taking_done(&taking);
}
