/* Microsoft Defender for Key Vault: a plan of the whole subscription. */
#include "plan.h"

#define PRICING "/providers/Microsoft.Security/pricings/KeyVaults"
#define PRICING_API "2024-01-01"
#define TIER "properties.pricingTier"
#define SUB_PLAN "properties.subPlan"

static void plan_offer(struct option *out, const struct plan_targets *targets)
{
    const char *wanted = targets->policy->defender_plan;

    option_add_choice(
        out, "PerKeyVault", "PerKeyVault: a price for each vault and month");
    option_add_choice(out, "PerTransaction",
        "PerTransaction: the older one, by the number of calls");
    option_set_value(out, text_equal_nocase(wanted, "PerTransaction")
                              ? "PerTransaction"
                              : "PerKeyVault");
}

const struct option_row defender_options[] = {
    {
        .name = "plan",
        .label = "Plan",
        .help = "billed for every vault of the subscription",
        .offer = plan_offer,
    },
    { 0 },
};

static uint32_t vaults_of(const struct plan_input *input, bool *offered)
{
    uint32_t vaults = 0;

    for (uint32_t i = 0; i < kv_estate_resource_count(input->estate); i++) {
        const struct kv_resource *one = kv_estate_resource(input->estate, i);

        if (one->gone || one->kind != KV_KIND_VAULT ||
            one->subscription != input->resource->subscription)
            continue;
        vaults++;
        *offered &= !one->uri ||
                    (!text_contains_nocase(one->uri, ".usgovcloudapi.net") &&
                        !text_contains_nocase(one->uri, ".azure.cn"));
    }
    return vaults;
}

/* Without a plan of its own the tier alone goes back. */
static json_t *body_before(json_t *found)
{
    json_t *properties = json_object();
    const char *tier = value_text(found, TIER);

    (void)json_object_set_new(
        properties, "pricingTier", json_string(tier ? tier : "Free"));
    if (value_text(found, SUB_PLAN))
        (void)json_object_set(
            properties, "subPlan", value_at(found, SUB_PLAN));
    return json_pack("{s:o}", "properties", properties);
}

static void make_step(struct draft *draft, const struct plan_input *input,
    const char *scope, json_t *found)
{
    struct buf path = { .limit = 512 };
    const char *tier = value_text(found, TIER);
    struct step *step;

    buf_putf(&path, "%s" PRICING, scope);
    step = draft_step(draft, "PUT", buf_text(&path), PRICING_API);
    step_scope_is(step, scope);
    step_set(step, TIER, value_at(found, TIER), json_string("Standard"),
        json_string(tier ? tier : "Free"));
    step_set(step, SUB_PLAN, value_at(found, SUB_PLAN),
        json_string(input_option(input, "plan")),
        json_incref(value_at(found, SUB_PLAN)));
    step_back(step, "PUT", buf_text(&path), PRICING_API, body_before(found));
    step->reversible = true;
    buf_done(&path);
}

void defender_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct buf scope = { .limit = 256 };
    const struct live_answer *found;
    bool offered = true;
    uint32_t vaults = vaults_of(input, &offered);

    buf_putf(&scope, "/subscriptions/%s", input->subscription->id);
    found = draft_read(
        draft, "%s" PRICING "?api-version=" PRICING_API, buf_text(&scope));
    if (found && !found->body)
        preview_check(preview, KV_CHECK_BLOCK,
            "the plan could not be read (%s): register Microsoft.Security in "
            "the subscription, or ask for Microsoft.Security/pricings/read",
            found->why ? found->why : "not read");
    else if (found)
        make_step(draft, input, buf_text(&scope), found->body);
    preview->takes = "seconds; first findings within a day";
    preview->undo = "yes, the plan read now comes back; what it found stays";
    preview->impact = preview_text(preview,
        "Nobody loses access. Microsoft looks for unusual calls on every vault "
        "of the subscription, now and later: %u that are known here, and all "
        "are billed.",
        vaults);
    if (!offered)
        preview_check(preview, KV_CHECK_BLOCK,
            "Defender for Key Vault is not known to be offered in this cloud");
    buf_done(&scope);
}
