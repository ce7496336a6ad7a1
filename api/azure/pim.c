/* Privileged Identity Management: who may hold a role for a while, who does,
 * and what activating one takes. Every role has its own rules at every scope;
 * they are asked for only where somebody is eligible. */
#include "pim.h"

#include "authorization.h"

#include <string.h>

#define DAY_S 86400u

static bool schedule_take(const struct azure_context *context,
    const json_t *item, struct kv_schedule *row)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");

    row->id = field_keep(estate, item, "id");
    row->scope = field_keep(estate, properties, "scope");
    row->principal_id = field_keep(estate, properties, "principalId");
    row->role_guid = estate_text(
        estate, arm_id_last(field_text(properties, "roleDefinitionId")));
    if (!row->id || !row->scope || !row->principal_id || !row->role_guid)
        return false;
    row->principal_name = field_keep(
        estate, properties, "expandedProperties.principal.displayName");
    row->principal_type =
        principal_type_of(field_text(properties, "principalType"));
    row->ends_at_s = field_time(properties, "endDateTime");
    estate_take_row(estate, KV_SET_SCHEDULES, row);
    return true;
}

bool eligible_take(const struct azure_context *context, const json_t *item)
{
    struct kv_schedule row = { .eligible = true };

    return schedule_take(context, item, &row);
}

/* Every role assignment has an active instance. Most say nothing that it does
 * not say itself, and are not kept, unless one takes the place of another. */
bool active_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    char *id = mem_copy_view(field_text(item, "id"));
    struct kv_schedule row = {
        .activated = view_equal_nocase(
            field_text(properties, "assignmentType"), view_of("Activated")),
    };
    bool told = row.activated || field_time(properties, "endDateTime") != 0 ||
                (id && estate_row(estate, KV_SET_SCHEDULES, id));

    mem_free(id);
    if (!told)
        return true;
    row.assignment_id =
        field_keep(estate, properties, "originRoleAssignmentId");
    return schedule_take(context, item, &row);
}

/* ---- what activating takes ---- */

void role_rules_subject(struct buf *out, const char *scope, const char *guid)
{
    buf_putf(out,
        "%s/providers/Microsoft.Authorization/"
        "roleManagementPolicyAssignments?api-version=2020-10-01&$filter="
        "roleDefinitionId%%20eq%%20'/providers/Microsoft.Authorization/"
        "roleDefinitions/%s'",
        strcmp(scope, "/") == 0 ? "" : scope, guid);
}

static bool is_wanted(const char *subject, const char *guid)
{
    for (; *subject; subject++)
        if (view_starts_nocase(view_of(subject), view_of(guid)))
            return true;
    return false;
}

/* An ISO 8601 duration of days, hours and minutes; 0 for anything else. */
static uint32_t duration_s(struct view text)
{
    static const struct {
        char unit;
        uint32_t s;
    } units[] = { { 'D', DAY_S }, { 'H', 3600 }, { 'M', 60 } };
    uint64_t total = 0;
    uint64_t number = 0;

    for (size_t i = 0; i < text.size && total < UINT32_MAX; i++) {
        char c = text.data[i];

        if (c >= '0' && c <= '9' && number < DAY_S)
            number = number * 10 + (uint64_t)(c - '0');
        for (size_t j = 0; j < sizeof units / sizeof *units; j++)
            if (c == units[j].unit) {
                total += number * units[j].s;
                number = 0;
            }
    }
    return total < UINT32_MAX ? (uint32_t)total : 0;
}

static void take_approval(struct kv_role_rules *row, const json_t *rule)
{
    const json_t *stages = field_array(rule, "setting.approvalStages");

    row->approval =
        field_tri(rule, "setting.isApprovalRequired") == KV_TRI_TRUE;
    for (size_t i = 0; i < json_array_size(stages); i++)
        row->approvers += (uint32_t)json_array_size(
            field_array(json_array_get(stages, i), "primaryApprovers"));
}

/* Only rules of the holder who activates; those of the administrator who
 * assigns are named alike but for "Admin". */
static void take_rule(
    struct kv_estate *estate, struct kv_role_rules *row, const json_t *rule)
{
    struct view id = field_text(rule, "id");

    if (view_equal_nocase(id, view_of("Approval_EndUser_Assignment")))
        take_approval(row, rule);
    else if (view_equal_nocase(
                 id, view_of("AuthenticationContext_EndUser_Assignment")))
        row->authentication_context =
            field_tri(rule, "isEnabled") == KV_TRI_TRUE
                ? field_keep(estate, rule, "claimValue")
                : NULL;
    else if (view_equal_nocase(id, view_of("Enablement_EndUser_Assignment")))
        row->mfa =
            field_has_word(rule, "enabledRules", "MultiFactorAuthentication");
    else if (view_equal_nocase(id, view_of("Expiration_EndUser_Assignment")))
        row->longest_s = duration_s(field_text(rule, "maximumDuration"));
}

bool role_rules_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    const json_t *rules = field_array(properties, "effectiveRules");
    struct kv_role_rules row = { 0 };

    row.id = field_keep(estate, item, "id");
    row.scope = field_keep(estate, properties, "scope");
    row.role_guid = estate_text(
        estate, arm_id_last(field_text(properties, "roleDefinitionId")));
    if (!row.id || !row.scope || !row.role_guid || !rules)
        return false;
    if (*context->subject && !is_wanted(context->subject, row.role_guid))
        return true;
    row.policy_id = field_keep(estate, properties, "policyId");
    for (size_t i = 0; i < json_array_size(rules); i++)
        take_rule(estate, &row, json_array_get(rules, i));
    estate_take_row(estate, KV_SET_ROLE_RULES, &row);
    return true;
}
