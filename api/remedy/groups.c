/* Action groups: whom alerts and events tell. */
#include "groups.h"

static uint32_t uses_of(const struct kv_estate *estate, const char *id)
{
    uint32_t count = kv_estate_row_count(estate, KV_SET_ALERTS);
    uint32_t uses = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_alert *row = kv_estate_row(estate, KV_SET_ALERTS, i);

        for (uint32_t g = 0; row && g < row->action_group_count; g++)
            uses += text_equal_nocase(row->action_groups[g], id);
    }
    return uses;
}

static bool reaches(const struct kv_action_group *group)
{
    return group && group->enabled && group->receivers > 0;
}

void groups_offer(struct option *out, const struct plan_targets *targets)
{
    uint32_t count = kv_estate_row_count(targets->estate, KV_SET_ACTION_GROUPS);
    const struct kv_action_group *best = NULL;
    uint32_t most = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_action_group *group =
            kv_estate_row(targets->estate, KV_SET_ACTION_GROUPS, i);
        struct buf label = { .limit = 512 };
        uint32_t uses;

        if (!reaches(group))
            continue;
        uses = uses_of(targets->estate, group->id);
        buf_putf(&label, "%s, %u receivers", group->name, group->receivers);
        option_add_choice(out, group->id, buf_text(&label));
        buf_done(&label);
        if (!best || uses > most) {
            best = group;
            most = uses;
        }
    }
    if (best)
        option_set_value(out, best->id);
}

bool groups_check(struct draft *draft, const struct plan_input *input)
{
    const char *id = input_option(input, "group");

    if (reaches(kv_estate_find_row(input->estate, KV_SET_ACTION_GROUPS, id)))
        return true;
    preview_check(&draft->preview, KV_CHECK_BLOCK,
        "no enabled action group with a receiver was read: create one "
        "(alerts-create makes one with an e-mail address), then read the "
        "estate again");
    return false;
}
