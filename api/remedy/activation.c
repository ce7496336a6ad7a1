/* Remedies that change what it takes to activate a role: Privileged Identity
 * Management keeps rules for each role at each scope, of which one is sent. */
#include "access.h"

#include <string.h>

#include "estate.h"
#include "evaluate.h"

#define PIM_API "2020-10-01"
#define ASSIGNED                                                               \
    "/providers/Microsoft.Authorization/roleManagementPolicyAssignments"
#define TEXT_LIMIT 8192

/* ---- which rules ---- */

/* What is to become of one rule; NULL: nothing, which was said. */
struct activation;
typedef json_t *rule_change_fn(
    struct activation *activation, json_t *rules, json_t *rule);

struct activation {
    struct draft *draft;
    const struct plan_input *input;
    const struct kv_role_rules *rules; /* of the one role that it is about */
    const char *rule;                  /* id of the rule that changes */
    const char *field;                 /* the field of it */
    rule_change_fn *change;
};

/* Shared by all that lies below: the first target that has them does it. */
static uint32_t owner_of(
    const struct plan_input *input, const struct kv_role_rules *rules)
{
    uint32_t owner = input->index;
    bool found = false;

    for (size_t i = 0; i < input->peer_count && !found; i++) {
        struct faults faults;

        if (input->peers[i] == input->index)
            break;
        choice_faults(&faults, input, input->peers[i]);
        for (size_t f = 0; f < faults.count && !found; f++)
            found = faults.items[f].rules == rules;
        faults_done(&faults);
        if (found)
            owner = input->peers[i];
    }
    return owner;
}

static void put_role(
    struct buf *out, const struct plan_input *input,
    const struct kv_role_rules *rules)
{
    const struct kv_role *role =
        kv_estate_find_role(input->estate, rules->role_guid);
    struct arm_id id = arm_id_parse(view_of(rules->scope));

    evidence_put_text(out, role ? role->name : rules->role_guid);
    buf_putf(out, " at the %s", kv_scope_level_name(arm_id_level(&id)));
}

static void put_address(struct buf *out, const struct kv_role_rules *rules)
{
    buf_putf(out,
        "%s" ASSIGNED "?api-version=" PIM_API
        "&$filter=roleDefinitionId%%20eq%%20'" DEFINITIONS_PATH "/%s'",
        strcmp(rules->scope, "/") == 0 ? "" : rules->scope, rules->role_guid);
}

static json_t *find_by(json_t *list, const char *path, const char *end)
{
    size_t index;
    json_t *item;

    json_array_foreach(list, index, item)
    {
        const char *text = value_text(item, path);

        if (text && text_equal_nocase(arm_id_last(view_of(text)).data, end))
            return item;
    }
    return NULL;
}

/* ---- the step ---- */

static json_t *body_of(json_t *rule)
{
    return json_pack("{s:{s:[o]}}", "properties", "rules", rule);
}

static json_t *rule_with(json_t *rule, const char *field, json_t *value)
{
    json_t *copy = json_deep_copy(rule);

    (void)json_object_set(copy, field, value);
    return copy;
}

static void add_step(struct activation *activation, json_t *assigned,
    json_t *rule, json_t *after)
{
    const struct kv_role_rules *rules = activation->rules;
    const char *policy = value_text(assigned, "properties.policyId");
    struct buf text = { .limit = TEXT_LIMIT };
    struct step *step =
        draft_step(activation->draft, "PATCH", policy, PIM_API);

    put_address(&text, rules);
    step_find_at(step, "%s", buf_text(&text));
    buf_clear(&text);
    buf_putf(&text,
        "value[properties.roleDefinitionId$=%s].properties."
        "effectiveRules[id=%s].%s",
        rules->role_guid, activation->rule, activation->field);
    step_set(step, buf_text(&text), json_object_get(rule, activation->field),
        json_incref(after),
        json_deep_copy(json_object_get(rule, activation->field)));
    step_body_is(step, body_of(rule_with(rule, activation->field, after)));
    step_back(step, "PATCH", policy, PIM_API, body_of(json_deep_copy(rule)));
    step_scope_is(step, rules->scope);
    step->reversible = true;
    buf_clear(&text);
    put_role(&text, activation->input, rules);
    step_what(step, "change what activating %s takes", buf_text(&text));
    buf_done(&text);
}

static void say(struct activation *activation, enum kv_check_state state,
    const char *what)
{
    struct buf text = { .limit = TEXT_LIMIT };

    put_role(&text, activation->input, activation->rules);
    preview_check(&activation->draft->preview, state, "%s: %s",
        buf_text(&text), what);
    buf_done(&text);
}

static void change_rules(struct activation *activation)
{
    struct buf address = { .limit = TEXT_LIMIT };
    const struct live_answer *read;
    json_t *assigned;
    json_t *rules;
    json_t *rule;
    json_t *after;

    put_address(&address, activation->rules);
    read = draft_list(activation->draft, "%s", buf_text(&address));
    buf_done(&address);
    if (!read)
        return;
    assigned = find_by(value_at(read->body, "value"),
        "properties.roleDefinitionId", activation->rules->role_guid);
    rules = value_at(assigned, "properties.effectiveRules");
    rule = find_by(rules, "id", activation->rule);
    if (!rule || !value_text(assigned, "properties.policyId")) {
        say(activation, KV_CHECK_BLOCK,
            read->why ? read->why : "its rules could not be read");
        return;
    }
    after = activation->change(activation, rules, rule);
    if (after)
        add_step(activation, assigned, rule, after);
    json_decref(after);
}

/* Who is eligible there has to do more from now on. */
static void say_who(struct activation *activation)
{
    const struct plan_input *input = activation->input;
    struct kv_walk walk = { 0 };
    const struct kv_schedule *row;
    struct buf text = { .limit = TEXT_LIMIT };

    while ((row = kv_estate_next_at(input->estate, KV_SET_SCHEDULES,
                activation->rules->scope, &walk))) {
        if (!row->eligible ||
            !text_equal_nocase(row->role_guid, activation->rules->role_guid))
            continue;
        buf_puts(&text, text.size > 0 ? "; " : "");
        principal_put(
            &text, input->estate, row->principal_id, row->principal_type);
    }
    if (text.size > 0)
        preview_check(&activation->draft->preview, KV_CHECK_WARN,
            "who is eligible has to do it from now on: %s", buf_text(&text));
    buf_done(&text);
}

static void activation_plan(
    struct activation *activation, const char *impact)
{
    const struct plan_input *input = activation->input;
    struct preview *preview = &activation->draft->preview;
    struct faults faults;
    size_t count = 0;
    size_t elsewhere = 0;

    choice_faults(&faults, input, input->index);
    for (size_t i = 0; i < faults.count; i++) {
        activation->rules = faults.items[i].rules;
        if (!activation->rules)
            continue;
        count++;
        if (owner_of(input, activation->rules) != input->index) {
            elsewhere++;
            continue;
        }
        change_rules(activation);
        say_who(activation);
    }
    faults_done(&faults);
    if (elsewhere > 0 && elsewhere == count)
        preview->nothing = "what it shares with another target of this plan is "
                           "changed there";
    else if (count == 0)
        preview->nothing = preview_text(
            preview, "%s finds no such rule here", input->row);
    preview->takes = "minutes, for the next activation";
    preview->undo = "yes, the rule read now comes back";
    preview->impact = impact;
}

/* ---- approval ---- */

static void approvers_offer(
    struct option *out, const struct plan_targets *targets)
{
    const struct kv_estate *estate = targets->estate;

    for (uint32_t i = 0; i < estate_principal_count(estate); i++) {
        const struct kv_principal *who =
            estate_principal((struct kv_estate *)estate, i);
        struct buf label = { .limit = TEXT_LIMIT };

        if (who->type != KV_PRINCIPAL_GROUP || who->missing)
            continue;
        principal_put(&label, estate, who->id, who->type);
        option_add_choice(out, who->id, buf_text(&label));
        buf_done(&label);
    }
}

static enum kv_status approvers_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct view list = view_of(value);

    (void)option;
    while (list.size > 0) {
        struct view id = view_trim(view_cut(&list, ','));

        if (id.size != 36)
            return kv_error_set(err, KV_BAD_INPUT,
                "\"%.*s\" is not the object id of a group.", (int)id.size,
                id.data);
    }
    return KV_OK;
}

const struct option_row approval_options[] = {
    {
        .name = "approvers",
        .label = "Who approves",
        .help = "object ids of groups, separated by commas; without, those "
                "that a rule names already",
        .offer = approvers_offer,
        .accept = approvers_accept,
    },
    { 0 },
};

/* Nobody approves for himself, and one may be away. */
static void check_group(struct activation *activation, const char *id)
{
    const struct kv_principal *who =
        kv_estate_principal(activation->input->estate, id);
    struct preview *preview = &activation->draft->preview;

    if (!who || !kv_facet_known(&who->members_status))
        preview_check(preview, KV_CHECK_UNKNOWN,
            "how many may approve in %s is UNKNOWN: its members were not read",
            id);
    else if (who->member_count == 0)
        preview_check(preview, KV_CHECK_BLOCK,
            "%s has no members: nobody could activate the role any more",
            who->name ? who->name : id);
    else if (who->member_count == 1)
        preview_check(preview, KV_CHECK_WARN,
            "%s has one member, who cannot approve for himself",
            who->name ? who->name : id);
}

static json_t *approvers_of(struct activation *activation)
{
    struct view list = view_of(input_option(activation->input, "approvers"));
    json_t *approvers = json_array();

    while (list.size > 0) {
        struct view id = view_trim(view_cut(&list, ','));
        char *copy = mem_copy_view(id);
        const struct kv_principal *who =
            kv_estate_principal(activation->input->estate, copy);

        check_group(activation, copy);
        (void)json_array_append_new(approvers,
            json_pack("{s:s, s:s, s:s, s:b}", "id", copy, "userType", "Group",
                "description", who && who->name ? who->name : copy, "isBackup",
                0));
        mem_free(copy);
    }
    return approvers;
}

static json_t *stage_new(void)
{
    return json_pack("{s:i, s:b, s:i, s:b, s:[], s:[]}",
        "approvalStageTimeOutInDays", 1, "isApproverJustificationRequired", 1,
        "escalationTimeInMinutes", 0, "isEscalationEnabled", 0,
        "primaryApprovers", "escalationApprovers");
}

/* The first stage gets them; what else the rule says stays. */
static json_t *require_approval(
    struct activation *activation, json_t *rules, json_t *rule)
{
    json_t *setting = json_deep_copy(json_object_get(rule, "setting"));
    json_t *approvers = approvers_of(activation);
    json_t *stage;

    (void)rules;
    if (!setting)
        setting = json_object();
    if (json_array_size(json_object_get(setting, "approvalStages")) == 0)
        (void)json_object_set_new(
            setting, "approvalStages", json_pack("[o]", stage_new()));
    stage = json_array_get(json_object_get(setting, "approvalStages"), 0);
    if (json_array_size(approvers) > 0)
        (void)json_object_set(stage, "primaryApprovers", approvers);
    json_decref(approvers);
    (void)json_object_set_new(setting, "isApprovalRequired", json_true());
    (void)json_object_set_new(
        setting, "approvalMode", json_string("SingleStage"));
    if (json_array_size(json_object_get(stage, "primaryApprovers")) > 0)
        return setting;
    say(activation, KV_CHECK_BLOCK,
        "no approver is named: choose groups with the option \"approvers\"");
    json_decref(setting);
    return NULL;
}

void require_approval_plan(struct draft *draft, const struct plan_input *input)
{
    struct activation activation = {
        .draft = draft,
        .input = input,
        .rule = "Approval_EndUser_Assignment",
        .field = "setting",
        .change = require_approval,
    };

    activation_plan(&activation,
        "Nobody loses a role. Whoever activates one waits until somebody else "
        "approves, in emergencies too: break_glass accounts must not depend on "
        "it.");
    if (input->policy->break_glass.count == 0)
        preview_check(&draft->preview, KV_CHECK_UNKNOWN,
            "whether somebody can act without approval is UNKNOWN: no "
            "break_glass accounts are configured");
}

/* ---- second factor ---- */

static json_t *require_mfa(
    struct activation *activation, json_t *rules, json_t *rule)
{
    static const char mfa[] = "MultiFactorAuthentication";
    json_t *context = find_by(rules, "id",
        "AuthenticationContext_EndUser_Assignment");
    json_t *enabled = json_deep_copy(json_object_get(rule, "enabledRules"));

    if (json_is_true(value_at(context, "isEnabled"))) {
        say(activation, KV_CHECK_OK,
            "an authentication context is required, which takes the place of "
            "the second factor: it stays as it is");
        json_decref(enabled);
        return NULL;
    }
    if (!json_is_array(enabled)) {
        json_decref(enabled);
        enabled = json_array();
    }
    (void)json_array_append_new(enabled, json_string(mfa));
    return enabled;
}

void require_mfa_plan(struct draft *draft, const struct plan_input *input)
{
    struct activation activation = {
        .draft = draft,
        .input = input,
        .rule = "Enablement_EndUser_Assignment",
        .field = "enabledRules",
        .change = require_mfa,
    };

    activation_plan(&activation,
        "Nobody loses a role. Whoever has no second factor registered cannot "
        "activate one any more; one shown earlier in the session counts.");
}
