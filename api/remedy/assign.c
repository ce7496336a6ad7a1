/* Azure Policy: the core definitions are assigned where they are missing. */
#include "plan.h"

#include <string.h>

#include "estate.h"

#define POLICY_API "2025-03-01"
#define DEFINITIONS "/providers/Microsoft.Authorization/policyDefinitions/"
#define ASSIGNMENTS "/providers/Microsoft.Authorization/policyAssignments"
#define GROUPS "/providers/Microsoft.Management/managementGroups/"
#define DEFINITION_MAX 64

/* How a configured id begins, and the built-in that it stands for. */
static const char *const built_in[] = {
    "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5",
    "405c5871-3e91-4644-8a63-58e19d68ff5b",
    "55615ac9-af46-4a59-874e-391cc3dfb490",
    "a6abeaec-4d90-4a02-805f-6b26c4d3fbe9",
    "1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d",
    "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53",
    "cf820ca0-f99e-4f3e-84fb-66e913812d21",
    "c39ba22d-4428-4149-b981-70acb31fc383",
    "a2a5b911-5617-447e-a49e-59dbe0e0434b",
};

/* ---- options ---- */

static void put_core(struct buf *out, const struct kv_texts *core)
{
    for (uint32_t i = 0; i < core->count; i++) {
        struct view rest = view_of(core->items[i]);
        struct view first = view_trim(view_cut(&rest, '|'));

        buf_puts(out, out->size > 0 ? ", " : "");
        buf_put(out, first);
    }
}

/* Those of HSMs only where there is one. */
static void definitions_offer(
    struct option *out, const struct plan_targets *targets)
{
    struct buf text = { .limit = 4096 };
    bool hsm = false;

    for (size_t i = 0; i < targets->count; i++)
        hsm |= kv_estate_resource(targets->estate, targets->resources[i])
                   ->kind == KV_KIND_HSM;
    put_core(&text, &targets->policy->policy_core);
    if (hsm)
        put_core(&text, &targets->policy->policy_core_hsm);
    option_set_value(out, buf_text(&text));
    buf_done(&text);
}

static bool is_definition(struct view text)
{
    static const char plain[] = "0123456789abcdefABCDEF-";

    for (size_t i = 0; i < text.size; i++)
        if (!strchr(plain, text.data[i]))
            return false;
    return text.size >= 8 && text.size <= DEFINITION_MAX;
}

static enum kv_status definitions_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct view list = view_of(value);

    (void)option;
    while (list.size > 0) {
        struct view text = view_trim(view_cut(&list, ','));

        if (text.size > 0 && !is_definition(text))
            return kv_error_set(err, KV_BAD_INPUT,
                "\"%.*s\" is not the id of a built-in definition, such as "
                "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5.",
                text.size > 64 ? 64 : (int)text.size, text.data);
    }
    return KV_OK;
}

static void effect_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, "Audit", "Audit: deviations are only noted");
    option_add_choice(out, "Deny", "Deny: writes that deviate are refused");
    option_set_value(out, "Audit");
}

/* Management groups above all that was chosen. */
static void scope_offer(struct option *out, const struct plan_targets *targets)
{
    const struct kv_subscription *first = kv_estate_subscription(
        targets->estate,
        kv_estate_resource(targets->estate, targets->resources[0])
            ->subscription);

    option_add_choice(out, "subscription", "the subscription");
    for (uint32_t i = 0; i < first->group_count; i++) {
        struct buf label = { .limit = 256 };

        buf_putf(&label, "management group %s and all below it",
            first->groups[i]);
        option_add_choice(out, first->groups[i], buf_text(&label));
        buf_done(&label);
    }
    option_set_value(out, "subscription");
}

const struct option_row assign_options[] = {
    {
        .name = "definitions",
        .label = "Definitions to assign",
        .help = "ids of built-in definitions, separated by commas; those that "
                "are assigned already are left out",
        .offer = definitions_offer,
        .accept = definitions_accept,
    },
    {
        .name = "effect",
        .label = "Effect",
        .help = "begin with Audit: Deny also refuses changes to vaults that "
                "deviate already",
        .offer = effect_offer,
    },
    {
        .name = "scope",
        .label = "Where",
        .help = "everything below is judged",
        .offer = scope_offer,
    },
    { 0 },
};

/* ---- what is there ---- */

static bool names_definition(const char *id, const char *definition)
{
    return view_equal_nocase(arm_id_last(view_of(id)), view_of(definition));
}

static bool leaves_out(
    const struct kv_policy_assignment *row, const char *scope)
{
    for (uint32_t i = 0; i < row->not_scope_count; i++)
        if (view_starts_nocase(view_of(scope), view_of(row->not_scopes[i])))
            return true;
    return false;
}

static bool in_set(
    const struct plan_input *input, const char *set_id, const char *definition)
{
    const struct kv_policy_set *set =
        kv_estate_find_row(input->estate, KV_SET_POLICY_SETS, set_id);

    for (uint32_t i = 0; set && i < set->member_count; i++)
        if (names_definition(set->members[i].definition_id, definition))
            return true;
    return false;
}

/* Enforced at the scope or above it, alone or in a set. */
static bool is_assigned(const struct plan_input *input, const char *scope,
    const char *definition)
{
    struct kv_walk walk = { 0 };
    const struct kv_policy_assignment *row;

    while ((row = kv_estate_next_row(
                input->estate, KV_SET_POLICIES, scope, &walk)))
        if (row->enforced && !row->narrowed && !leaves_out(row, scope) &&
            walk.level <= KV_SCOPE_SUBSCRIPTION &&
            (names_definition(row->definition_id, definition) ||
                in_set(input, row->definition_id, definition)))
            return true;
    return false;
}

/* ---- steps ---- */

static bool allows(json_t *parameter, const char *effect)
{
    size_t index;
    json_t *value;

    json_array_foreach(value_at(parameter, "allowedValues"), index, value)
    {
        if (text_equal_nocase(json_string_value(value), effect))
            return true;
    }
    return false;
}

/* What changes resources needs an identity with roles, and may do harm: the
 * one that turns the firewall on sets Deny without any rule. */
static bool is_changing(json_t *parameter)
{
    return allows(parameter, "Modify") || allows(parameter, "DeployIfNotExists");
}

static json_t *assignment_properties(const struct plan_input *input,
    const char *definition, json_t *found, bool *denies)
{
    const char *effect = input_option(input, "effect");
    const char *name = value_text(found, "properties.displayName");
    json_t *parameter = value_at(found, "properties.parameters.effect");
    json_t *properties = json_pack("{s:s, s:o, s:s}", "displayName",
        name ? name : definition, "policyDefinitionId",
        json_sprintf(DEFINITIONS "%s", definition), "enforcementMode",
        "Default");

    if (allows(parameter, effect)) {
        *denies |= text_equal_nocase(effect, "Deny");
        (void)json_object_set_new(properties, "parameters",
            json_pack("{s:{s:s}}", "effect", "value", effect));
    }
    return properties;
}

static void assign(struct draft *draft, const struct plan_input *input,
    const char *scope, const char *definition, json_t *found)
{
    struct buf path = { .limit = 1024 };
    bool denies = false;
    struct step *step;

    buf_putf(
        &path, "%s" ASSIGNMENTS "/kvgov-%.8s", scope, definition);
    step = draft_step(draft, "PUT", buf_text(&path), POLICY_API);
    step_what(step, "assign %s", definition);
    step_scope_is(step, scope);
    step_set(step, "properties", NULL,
        assignment_properties(input, definition, found, &denies), NULL);
    step->reversible = step->loose = true;
    if (denies)
        draft_raise(draft, KV_GRADE_ACCESS,
            "Deny refuses writes that deviate, also on what deviates already");
    buf_done(&path);
}

static void assign_one(struct draft *draft, const struct plan_input *input,
    const char *scope, const char *definition)
{
    struct preview *preview = &draft->preview;
    const struct live_answer *found;

    if (is_assigned(input, scope, definition))
        return;
    found = draft_read(draft, DEFINITIONS "%s?api-version=" POLICY_API,
        definition);
    if (!found)
        return;
    if (!found->body)
        preview_check(preview, KV_CHECK_BLOCK,
            "the definition %s could not be read (%s): leave it out, or write "
            "its whole id",
            definition, found->why ? found->why : "not there");
    else if (is_changing(value_at(found->body, "properties.parameters.effect")))
        preview_check(preview, KV_CHECK_BLOCK,
            "%s changes vaults by itself (Modify or DeployIfNotExists): it "
            "takes an identity with roles, and the one that turns the firewall "
            "on sets Deny without a rule; leave it out",
            definition);
    else
        assign(draft, input, scope, definition, found->body);
}

static const char *whole_id(struct view text, struct buf *own)
{
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
        if (view_starts_nocase(view_of(built_in[i]), text))
            return built_in[i];
    buf_put(own, text);
    return buf_text(own);
}

static void describe_assignments(struct draft *draft)
{
    struct preview *preview = &draft->preview;

    preview->takes = "5 minutes until it holds; first results within a day";
    preview->undo = "yes, the assignments that were made are removed";
    preview->impact =
        draft->grade >= KV_GRADE_ACCESS
            ? "Nobody loses access to data. Writes that deviate are refused "
              "with RequestDisallowedByPolicy, pipelines included, also "
              "updates that leave a deviating setting as it is; who would be "
              "refused is UNKNOWN: assign Audit first and read its results."
            : "Nobody loses access. Azure Policy judges everything below and "
              "writes down what deviates.";
}

void assign_plan(struct draft *draft, const struct plan_input *input)
{
    const char *where = input_option(input, "scope");
    struct view list = view_of(input_option(input, "definitions"));
    struct buf scope = { .limit = 512 };

    if (text_equal_nocase(where, "subscription"))
        buf_putf(&scope, "/subscriptions/%s", input->subscription->id);
    else
        buf_putf(&scope, GROUPS "%s", where);
    while (list.size > 0) {
        struct view text = view_trim(view_cut(&list, ','));
        struct buf own = { .limit = 128 };

        if (text.size > 0)
            assign_one(
                draft, input, buf_text(&scope), whole_id(text, &own));
        buf_done(&own);
    }
    if (draft->step_count == 0 && draft->wanted == 0 &&
        draft->preview.check_count == 0)
        draft->preview.nothing = "every one of them is assigned there";
    describe_assignments(draft);
    buf_done(&scope);
}
