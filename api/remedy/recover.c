/* Having a soft-deleted vault back. */
#include "plan.h"

#include <string.h>

#include "estate.h"

#define GROUPS_API "2021-04-01"

/* The one that is lost first comes first. */
static bool is_sooner(const struct kv_deleted *a, const struct kv_deleted *b)
{
    if (a->purge_protection != b->purge_protection)
        return b->purge_protection;
    return a->purge_at_s < b->purge_at_s;
}

static bool is_target(
    const struct plan_targets *targets, const struct kv_deleted *row)
{
    for (size_t i = 0; i < targets->count; i++)
        if (kv_estate_resource(targets->estate, targets->resources[i])
                ->subscription == row->subscription)
            return true;
    return false;
}

static void vault_offer(struct option *out, const struct plan_targets *targets)
{
    uint32_t count = kv_estate_row_count(targets->estate, KV_SET_DELETED);
    const struct kv_deleted *first = NULL;

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_deleted *row =
            kv_estate_row(targets->estate, KV_SET_DELETED, i);
        struct buf label = { .limit = 512 };

        if (!row || row->hsm || !is_target(targets, row))
            continue;
        buf_putf(&label, "%s in %s, gone for good ", row->name, row->location);
        buf_put_time(&label, row->purge_at_s);
        option_add_choice(out, row->id, buf_text(&label));
        buf_done(&label);
        if (!first || is_sooner(row, first))
            first = row;
    }
    if (first)
        option_set_value(out, first->id);
}

const struct option_row recover_options[] = {
    {
        .name = "vault",
        .label = "Deleted vault",
        .help = "it comes back under its name, in the resource group that it "
                "was in",
        .offer = vault_offer,
    },
    { 0 },
};

static json_t *recover_body(const struct plan_input *input, json_t *deleted)
{
    const char *tenant = kv_estate_tenant_id(input->estate);

    return json_pack("{s:O, s:{s:s, s:s, s:{s:s, s:s}}}", "location",
        value_at(deleted, "properties.location"), "properties", "createMode",
        "recover", "tenantId", tenant ? tenant : "", "sku", "family", "A",
        "name", "standard");
}

static void check_group(
    struct draft *draft, const char *group, const struct live_answer *answer)
{
    if (answer->status == KV_NOT_FOUND)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "its resource group %s is not there any more: make it again first",
            group);
    else if (!answer->body)
        preview_check(&draft->preview, KV_CHECK_UNKNOWN,
            "whether its resource group is still there is UNKNOWN (%s)",
            answer->why ? answer->why : "not read");
}

static void describe_recovery(struct preview *preview)
{
    preview->takes = "minutes; it is listed after the next scan";
    preview->undo = "no: deleting it again is not done from here";
    preview->impact =
        "Whoever an access policy names gets in again, and whoever its "
        "firewall lets in. Role assignments on it, Event Grid subscriptions "
        "and private endpoint connections do not come back: make them again.";
    preview_check(preview, KV_CHECK_WARN,
        "it comes back with the settings that it had; look at its posture "
        "after the next scan");
}

static void make_recovery(struct draft *draft, const struct plan_input *input,
    const char *deleted_id, json_t *deleted)
{
    const char *vault = value_text(deleted, "properties.vaultId");
    struct arm_id id = arm_id_parse(view_of(vault));
    struct buf group = { .limit = 1024 };
    const struct live_answer *answer;
    struct step *step;

    if (id.name.size == 0 || !value_text(deleted, "properties.location")) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "Azure does not say what the deleted vault was");
        return;
    }
    buf_putf(&group, "/subscriptions/%.*s/resourceGroups/%.*s",
        (int)id.subscription.size, id.subscription.data,
        (int)id.resource_group.size, id.resource_group.data);
    answer = draft_read(
        draft, "%s?api-version=" GROUPS_API, buf_text(&group));
    step = draft_step(draft, "PUT", vault, KEY_VAULT_API);
    step_what(step, "recover %.*s", (int)id.name.size, id.name.data);
    step_scope_is(step, buf_text(&group));
    step_body_is(step, recover_body(input, deleted));
    step_set(step, "properties.vaultId",
        value_at(deleted, "properties.vaultId"), NULL, NULL);
    step_find_at(step, "%s?api-version=" KEY_VAULT_API, deleted_id);
    if (answer)
        check_group(draft, buf_text(&group), answer);
    buf_done(&group);
}

void recover_plan(struct draft *draft, const struct plan_input *input)
{
    const char *chosen = input_option(input, "vault");
    const struct live_answer *deleted;

    if (!*chosen) {
        draft->preview.nothing = "no deleted vault is known here";
        return;
    }
    deleted =
        draft_read(draft, "%s?api-version=" KEY_VAULT_API, chosen);
    if (!deleted)
        return;
    if (deleted->status == KV_NOT_FOUND)
        draft->preview.nothing = "it is not among the deleted ones any more";
    else if (!deleted->body)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "the deleted vault could not be read: %s",
            deleted->why ? deleted->why : "");
    else
        make_recovery(draft, input, chosen, deleted->body);
    describe_recovery(&draft->preview);
}
