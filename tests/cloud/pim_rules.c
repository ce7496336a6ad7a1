/* Role management policies: what it takes to become, or to be made, a holder
 * of a role at a scope. Every role has one at every scope; only what differs
 * from Azure's own rules is kept, in the estate's "roleManagementPolicies". */
#include <stdlib.h>
#include <string.h>

#include "handlers.h"
#include "pim.h"
#include "scopes.h"

#define TYPE "Microsoft.Authorization/roleManagementPolicies"

#define EXPIRES(days)                                                          \
    "{\"isExpirationRequired\":true,\"maximumDuration\":\"" days "\"}"
#define MAIL(to)                                                               \
    "{\"notificationType\":\"Email\",\"recipientType\":\"" to "\","            \
    "\"isDefaultRecipientsEnabled\":true,\"notificationLevel\":\"All\","       \
    "\"notificationRecipients\":[]}"

/* Azure's rules for a role that nobody touched. */
static const struct {
    const char *id;
    const char *type; /* between RoleManagementPolicy and Rule */
    const char *caller;
    const char *level;
    const char *body;
} rule_rows[] = {
    { "Enablement_Admin_Eligibility", "Enablement", "Admin", "Eligibility",
        "{\"enabledRules\":[]}" },
    { "Expiration_Admin_Eligibility", "Expiration", "Admin", "Eligibility",
        EXPIRES("P365D") },
    { "Notification_Admin_Admin_Eligibility", "Notification", "Admin",
        "Eligibility", MAIL("Admin") },
    { "Notification_Requestor_Admin_Eligibility", "Notification", "Admin",
        "Eligibility", MAIL("Requestor") },
    { "Notification_Approver_Admin_Eligibility", "Notification", "Admin",
        "Eligibility", MAIL("Approver") },
    { "Enablement_Admin_Assignment", "Enablement", "Admin", "Assignment",
        "{\"enabledRules\":[\"Justification\"]}" },
    { "Expiration_Admin_Assignment", "Expiration", "Admin", "Assignment",
        EXPIRES("P180D") },
    { "Notification_Admin_Admin_Assignment", "Notification", "Admin",
        "Assignment", MAIL("Admin") },
    { "Notification_Requestor_Admin_Assignment", "Notification", "Admin",
        "Assignment", MAIL("Requestor") },
    { "Notification_Approver_Admin_Assignment", "Notification", "Admin",
        "Assignment", MAIL("Approver") },
    { "Approval_EndUser_Assignment", "Approval", "EndUser", "Assignment",
        "{\"setting\":{\"isApprovalRequired\":false,"
        "\"isApprovalRequiredForExtension\":false,"
        "\"isRequestorJustificationRequired\":true,"
        "\"approvalMode\":\"SingleStage\",\"approvalStages\":[{"
        "\"approvalStageTimeOutInDays\":1,"
        "\"isApproverJustificationRequired\":true,"
        "\"escalationTimeInMinutes\":0,\"primaryApprovers\":[],"
        "\"isEscalationEnabled\":false,\"escalationApprovers\":null}]}}" },
    { "AuthenticationContext_EndUser_Assignment", "AuthenticationContext",
        "EndUser", "Assignment", "{\"isEnabled\":false,\"claimValue\":\"\"}" },
    { "Enablement_EndUser_Assignment", "Enablement", "EndUser", "Assignment",
        "{\"enabledRules\":[\"MultiFactorAuthentication\","
        "\"Justification\"]}" },
    { "Expiration_EndUser_Assignment", "Expiration", "EndUser", "Assignment",
        EXPIRES("PT8H") },
    { "Notification_Admin_EndUser_Assignment", "Notification", "EndUser",
        "Assignment", MAIL("Admin") },
    { "Notification_Requestor_EndUser_Assignment", "Notification", "EndUser",
        "Assignment", MAIL("Requestor") },
    { "Notification_Approver_EndUser_Assignment", "Notification", "EndUser",
        "Assignment", MAIL("Approver") },
};
#define RULE_COUNT (sizeof rule_rows / sizeof *rule_rows)

static json_t *rule_new(size_t i)
{
    json_t *rule = json_loads(rule_rows[i].body, 0, NULL);

    json_object_set_new(rule, "id", json_string(rule_rows[i].id));
    json_object_set_new(rule, "ruleType",
        json_sprintf("RoleManagementPolicy%sRule", rule_rows[i].type));
    json_object_set_new(rule, "target",
        json_pack("{s:s, s:[s], s:s, s:n, s:n, s:n}", "caller",
            rule_rows[i].caller, "operations", "All", "level",
            rule_rows[i].level, "targetObjects", "inheritableSettings",
            "enforcedSettings"));
    return rule;
}

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

/* What was changed for a role at a scope, or NULL. */
static json_t *change_find(
    const struct estate *estate, const char *scope, const char *role)
{
    size_t index;
    json_t *change;

    json_array_foreach(estate_member(estate, "roleManagementPolicies"), index,
        change) if (text_same(member_text(change, "scope"), scope) &&
                    text_same(id_last(member_text(change, "roleDefinitionId")),
                        id_last(role))) return change;
    return NULL;
}

json_t *pim_rule(json_t *rules, const char *id)
{
    size_t index;
    json_t *rule;

    json_array_foreach(rules, index,
        rule) if (text_same(member_text(rule, "id"), id)) return rule;
    return NULL;
}

json_t *pim_rules(
    const struct estate *estate, const char *scope, const char *role)
{
    json_t *changed =
        json_object_get(change_find(estate, scope, role), "rules");
    json_t *rules = json_array();
    size_t index;
    json_t *rule;

    for (size_t i = 0; i < RULE_COUNT; i++)
        json_array_append_new(rules, rule_new(i));
    json_array_foreach(changed, index, rule)
        json_object_update(pim_rule(rules, member_text(rule, "id")), rule);
    return rules;
}

/* The policy's own guid, which follows from scope and role. */
static char *policy_guid(const char *scope, const char *role)
{
    char *text = alloc_format("%s|%s", scope, id_last(role));
    unsigned long long hash[2] = { 14695981039346656037ull,
        88172645463325252ull };

    text_lower(text);
    for (const char *at = text; *at; at++)
        for (size_t i = 0; i < 2; i++)
            hash[i] = (hash[i] ^ (unsigned char)*at) * 1099511628211ull;
    free(text);
    return alloc_format("%08llx-%04llx-4%03llx-8%03llx-%012llx", hash[0] >> 32,
        hash[0] >> 16 & 0xffff, hash[0] & 0xfff, hash[1] >> 52,
        hash[1] & 0xffffffffffff);
}

static json_t *modified_by(const char *who)
{
    return json_pack(
        "{s:n, s:s, s:n, s:n}", "id", "displayName", who, "type", "email");
}

static json_t *policy_json(
    struct call *call, const char *scope, const char *role)
{
    const struct estate *estate = &call->cloud->estate;
    json_t *change = change_find(estate, scope, role);
    json_t *rules = pim_rules(estate, scope, role);
    char *guid = policy_guid(scope, role);
    char *id = alloc_format("%s/providers/" TYPE "/%s", scope, guid);
    json_t *when = json_object_get(change, "lastModifiedDateTime");
    json_t *policy = json_pack(
        "{s:{s:s, s:n, s:n, s:b, s:o, s:o, s:O, s:o, s:{s:o}}, s:s, s:s, s:s}",
        "properties", "scope", scope, "displayName", "description",
        "isOrganizationDefault", 0, "lastModifiedDateTime",
        when ? json_incref(when) : json_null(), "lastModifiedBy",
        modified_by("Admin"), "rules", rules, "effectiveRules", rules,
        "policyProperties", "scope", scope_describe(call, scope), "name", guid,
        "id", id, "type", "Microsoft.Authorization/RoleManagementPolicies");

    free(guid);
    free(id);
    return policy;
}

static json_t *assignment_json(
    struct call *call, const char *scope, const struct item *role)
{
    const struct estate *estate = &call->cloud->estate;
    json_t *change = change_find(estate, scope, role->id);
    json_t *when = json_object_get(change, "lastModifiedDateTime");
    char *guid = policy_guid(scope, role->id);
    char *policy = alloc_format("%s/providers/" TYPE "/%s", scope, guid);
    char *name = alloc_format("%s_%s", guid, id_last(role->id));
    char *id = alloc_format("%s/providers/Microsoft.Authorization/"
                            "roleManagementPolicyAssignment/%s",
        scope, name);
    char *role_id = pim_role_id(scope, id_last(role->id));
    json_t *expanded = pim_expanded(call, scope, role_id, "");
    json_t *result;

    json_object_set_new(expanded, "policy",
        json_pack("{s:s, s:o, s:o}", "id", policy, "lastModifiedBy",
            modified_by("Admin"), "lastModifiedDateTime",
            when ? json_incref(when) : json_null()));
    result = json_pack("{s:{s:s, s:s, s:s, s:o, s:o}, s:s, s:s, s:s}",
        "properties", "scope", scope, "roleDefinitionId", role_id, "policyId",
        policy, "effectiveRules", pim_rules(estate, scope, role->id),
        "policyAssignmentProperties", expanded, "name", name, "id", id, "type",
        "Microsoft.Authorization/RoleManagementPolicyAssignment");
    free(guid);
    free(policy);
    free(name);
    free(id);
    free(role_id);
    return result;
}

void pim_policy_assignments_list(struct call *call)
{
    const struct table *roles =
        &call->cloud->estate.tables[KIND_ROLE_DEFINITION];
    char *wanted =
        filter_word(call_query(call, "$filter"), "roleDefinitionId eq");
    json_t *list = json_array();

    for (size_t i = 0; i < roles->count; i++)
        if (!wanted || text_same(id_last(wanted), id_last(roles->items[i]->id)))
            json_array_append_new(list,
                assignment_json(call, call->captures[0], roles->items[i]));
    answer_json(call, 200, json_pack("{s:o}", "value", list));
    free(wanted);
}

void pim_policies_list(struct call *call)
{
    const struct table *roles =
        &call->cloud->estate.tables[KIND_ROLE_DEFINITION];
    json_t *list = json_array();

    for (size_t i = 0; i < roles->count; i++)
        json_array_append_new(
            list, policy_json(call, call->captures[0], roles->items[i]->id));
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}

/* The role whose policy at the scope has the guid of the path. */
static const char *policy_role(struct call *call)
{
    const struct table *roles =
        &call->cloud->estate.tables[KIND_ROLE_DEFINITION];
    const char *found = NULL;

    for (size_t i = 0; i < roles->count && !found; i++) {
        char *guid = policy_guid(call->captures[0], roles->items[i]->id);

        if (text_same(guid, call->captures[1]))
            found = roles->items[i]->id;
        free(guid);
    }
    if (!found)
        answer_error(call, 404, "RoleManagementPolicyNotFound",
            "The role management policy '%s' is not found.", call->captures[1]);
    return found;
}

void pim_policy_get(struct call *call)
{
    const char *role = policy_role(call);

    if (role)
        answer_json(call, 200, policy_json(call, call->captures[0], role));
}

static bool has_word(json_t *list, const char *word)
{
    size_t index;
    json_t *value;

    json_array_foreach(list, index,
        value) if (text_same(json_string_value(value), word)) return true;
    return false;
}

static bool policy_refuse(struct call *call, const char *message)
{
    answer_error(call, 400, "InvalidRoleManagementPolicy", "%s", message);
    return false;
}

/* An authentication context takes the place of the second factor. */
static bool rules_agree(struct call *call, json_t *rules)
{
    json_t *context =
        pim_rule(rules, "AuthenticationContext_EndUser_Assignment");
    json_t *enabled = json_object_get(
        pim_rule(rules, "Enablement_EndUser_Assignment"), "enabledRules");

    if (json_is_true(json_object_get(context, "isEnabled")) &&
        has_word(enabled, "MultiFactorAuthentication"))
        return policy_refuse(call,
            "MultiFactorAuthentication and an authentication context exclude "
            "each other.");
    return true;
}

static bool rules_known(struct call *call, json_t *rules, json_t *given)
{
    size_t index;
    json_t *rule;

    if (json_array_size(given) == 0)
        return policy_refuse(call, "The policy has no rules.");
    json_array_foreach(given, index, rule)
    {
        json_t *old = pim_rule(rules, member_text(rule, "id"));

        if (!old)
            return policy_refuse(call, "A rule has an id that is not known.");
        if (!text_same(
                member_text(old, "ruleType"), member_text(rule, "ruleType")))
            return policy_refuse(call, "A rule has another type than its id.");
        json_object_update(old, rule);
    }
    return rules_agree(call, rules);
}

static json_t *change_need(struct call *call, const char *role)
{
    const char *scope = call->captures[0];
    json_t *file = call->cloud->estate.file;
    json_t *change = change_find(&call->cloud->estate, scope, role);
    json_t *list = json_object_get(file, "roleManagementPolicies");

    if (change)
        return change;
    if (!list) {
        list = json_array();
        json_object_set_new(file, "roleManagementPolicies", list);
    }
    change = json_pack(
        "{s:s, s:s, s:[]}", "scope", scope, "roleDefinitionId", role, "rules");
    json_array_append_new(list, change);
    return change;
}

static void policy_change(struct call *call, const char *role, json_t *given)
{
    json_t *change = change_need(call, role);
    json_t *kept = json_object_get(change, "rules");
    char when[40];
    size_t index;
    json_t *rule;

    json_array_foreach(given, index, rule)
    {
        json_t *old = pim_rule(kept, member_text(rule, "id"));

        if (old)
            json_object_update(old, rule);
        else
            json_array_append_new(kept, json_deep_copy(rule));
    }
    time_now_text(when);
    json_object_set_new(change, "lastModifiedDateTime", json_string(when));
}

void pim_policy_patch(struct call *call)
{
    const char *role = policy_role(call);
    json_t *body = role ? call_json(call) : NULL;
    json_t *given =
        json_object_get(json_object_get(body, "properties"), "rules");
    json_t *rules;

    if (!body)
        return;
    rules = pim_rules(&call->cloud->estate, call->captures[0], role);
    if (rules_known(call, rules, given)) {
        policy_change(call, role, given);
        answer_json(call, 200, policy_json(call, call->captures[0], role));
    }
    json_decref(rules);
    json_decref(body);
}
