/* What the rows on policies, tags and names say, case by case. Part of
 * test_posture_rows. */
#ifndef CASES_GOVERNANCE_H
#define CASES_GOVERNANCE_H

#include "posture_case.h"

#define ABOVE "/providers/Microsoft.Management/managementGroups/mg-contoso"
#define AUTHORIZATION "/providers/Microsoft.Authorization/"
#define BASE_SET ABOVE AUTHORIZATION "policySetDefinitions/base"
#define BASE_ID ABOVE AUTHORIZATION "policyAssignments/base"
#define DEFINITION(guid) AUTHORIZATION "policyDefinitions/" guid
#define ROLES_GUID "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5"
#define FIREWALL_GUID "55615ac9-af46-4a59-874e-391cc3dfb490"
#define PURGE_GUID "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53"
#define LOGS_GUID "cf820ca0-f99e-4f3e-84fb-66e913812d21"
#define PUBLIC_GUID "405c5871-3e91-4644-8a63-58e19d68ff5b"
#define HSM_PURGE_GUID "c39ba22d-4428-4149-b981-70acb31fc383"
#define HSM_LOGS_GUID "a2a5b911-5617-447e-a49e-59dbe0e0434b"

/* ---- a set and how it is assigned ---- */

#define MEMBER(guid, of)                                                       \
    {                                                                          \
        .definition_id = DEFINITION(guid), .name = guid, .reference = of,      \
        .parameter = of                                                        \
    }
static const struct kv_policy_member base_members[] = {
    MEMBER(PURGE_GUID, "purge"),
    MEMBER(ROLES_GUID, "roles"),
    MEMBER(FIREWALL_GUID, "firewall"),
    MEMBER(HSM_LOGS_GUID, "hsm-logs"),
    MEMBER(HSM_PURGE_GUID, "hsm-purge"),
    MEMBER(LOGS_GUID, "logs"),
};
static const struct kv_policy_set base_set = {
    .id = BASE_SET,
    .scope = ABOVE,
    .name = "Vault baseline",
    .members = base_members,
    .member_count = 6,
};
#define BASE(...)                                                              \
    (const struct kv_policy_assignment)                                        \
    {                                                                          \
        .id = BASE_ID, .scope = ABOVE, .name = "Baseline",                     \
        .definition_id = BASE_SET, __VA_ARGS__                                 \
    }
static const char *const not_group[] = { "/SUBSCRIPTIONS/" SCENE_HOME
                                         "/resourcegroups/RG-PAY/" };
static const char *const not_nearly[] = { "/subscriptions/" SCENE_HOME
                                          "/resourceGroups/rg-p" };
static const char *const not_above[] = { ABOVE };
static const struct kv_policy_effect no_purge[] = { { "PURGE", true } };
static const struct kv_policy_effect with_purge[] = { { "purge", false } };
static const struct kv_policy_member off_members[] = {
    { .definition_id = DEFINITION(PURGE_GUID),
        .name = PURGE_GUID,
        .parameter = "purge",
        .disabled = true },
};
static const struct kv_policy_set off_set = {
    .id = BASE_SET,
    .scope = ABOVE,
    .name = "Off unless asked for",
    .members = off_members,
    .member_count = 1,
};
#define IN_FORCE .enforced = true
static const struct kv_policy_assignment base = BASE(IN_FORCE);
static const struct kv_policy_assignment base_not_enforced =
    BASE(.enforced = false);
static const struct kv_policy_assignment base_but_group =
    BASE(.not_scopes = not_group, .not_scope_count = 1, IN_FORCE);
static const struct kv_policy_assignment base_but_nearly =
    BASE(.not_scopes = not_nearly, .not_scope_count = 1, IN_FORCE);
static const struct kv_policy_assignment base_but_all =
    BASE(.not_scopes = not_above, .not_scope_count = 1, IN_FORCE);
static const struct kv_policy_assignment base_narrowed =
    BASE(.narrowed = true, IN_FORCE);
static const struct kv_policy_assignment base_no_purge =
    BASE(.effects = no_purge, .effect_count = 1, IN_FORCE);
static const struct kv_policy_assignment base_with_purge =
    BASE(.effects = with_purge, .effect_count = 1, IN_FORCE);
static const struct kv_policy_assignment roles_alone = {
    .id = "/subscriptions/" SCENE_HOME AUTHORIZATION "policyAssignments/roles",
    .scope = "/subscriptions/" SCENE_HOME,
    .name = "Roles on vaults",
    .definition_id = DEFINITION(ROLES_GUID),
    .enforced = true,
};
static const struct kv_policy_assignment public_alone = {
    .id = "/subscriptions/" SCENE_HUB AUTHORIZATION "policyAssignments/public",
    .scope = "/subscriptions/" SCENE_HUB,
    .name = "Elsewhere",
    .definition_id = DEFINITION(PUBLIC_GUID),
    .enforced = true,
};
#define SET(assignment)                                                        \
    { KV_SET_POLICIES, &(assignment) },                                        \
    {                                                                          \
        KV_SET_POLICY_SETS, &base_set                                          \
    }

#define EXEMPTION(...)                                                         \
    (const struct kv_exemption)                                                \
    {                                                                          \
        .id = SCENE_VAULT AUTHORIZATION "policyExemptions/e",                  \
        .scope = SCENE_VAULT, .name = "legacy", .assignment_id = BASE_ID,      \
        __VA_ARGS__                                                            \
    }
static const char *const only_roles[] = { "ROLES" };
static const char *const only_others[] = { "keys" };
static const struct kv_exemption exempt = EXEMPTION(.waiver = true);
static const struct kv_exemption exempt_once =
    EXEMPTION(.ends_at_s = SCENE_READ_AT_S);
static const struct kv_exemption exempt_roles =
    EXEMPTION(.references = only_roles, .reference_count = 1);
static const struct kv_exemption exempt_others =
    EXEMPTION(.references = only_others, .reference_count = 1);

/* ---- what Azure found ---- */

#define STATE(guid, says, good)                                                \
    (const struct kv_policy_state)                                             \
    {                                                                          \
        .id = "/state/" guid, .scope = SCENE_VAULT, .assignment_id = BASE_ID,  \
        .definition_id = DEFINITION(guid), .state = says, .compliant = good    \
    }
static const struct kv_policy_state roles_good =
    STATE(ROLES_GUID, "Compliant", true);
static const struct kv_policy_state roles_bad =
    STATE(ROLES_GUID, "NonCompliant", false);
static const struct kv_policy_state public_bad =
    STATE(PUBLIC_GUID, "NonCompliant", false);
static const struct kv_policy_state roles_exempt =
    STATE(ROLES_GUID, "Exempt", false);
static const struct kv_policy_state unheard_state =
    STATE("99999999-0000-0000-0000-000000000000", "NonCompliant", false);
#define ASSESSMENT(says)                                                       \
    (const struct kv_assessment)                                               \
    {                                                                          \
        .id = SCENE_VAULT "/providers/Microsoft.Security/assessments/"         \
                          "4ed62ae4-5072-f9e7-8d94-51c76c48159a",              \
        .scope = SCENE_VAULT, .status = says                                   \
    }
static const struct kv_assessment purge_unhealthy = ASSESSMENT("Unhealthy");
static const struct kv_assessment purge_healthy = ASSESSMENT("Healthy");
static const struct kv_assessment purge_skipped = ASSESSMENT("NotApplicable");

/* ---- tags and names ---- */

static const struct kv_tag both_tags[] = {
    { "Owner", "payments" },
    { "ENVIRONMENT", "prod" },
};
static const struct kv_tag empty_tag[] = {
    { "owner", " " },
    { "environment", "prod" },
};
static const struct kv_policy no_lists = { .baseline = KV_BASELINE_CURRENT };
static const struct kv_policy named = { .name_pattern = "kv-*-???" };
static const struct kv_policy named_otherwise = { .name_pattern = "vault-*" };

#define NOTHING                                                                \
    {                                                                          \
        .resource = {.kind = KV_KIND_VAULT }                                   \
    }

static const struct verdict_case cases_governance[] = {
    /* ---- policies ---- */
    { "all in a set above", "GOV-1", { .around = { SET(base) } },
        KV_VERDICT_PASS,
        "12d4fa5e (permission model): Baseline at mg-contoso in the set Vault "
        "baseline" },
    { "the HSM's own", "GOV-1",
        { .resource = { .kind = KV_KIND_HSM }, .around = { SET(base) } },
        KV_VERDICT_PASS, "c39ba22d" },
    { "nothing", "GOV-1", NOTHING, KV_VERDICT_FAIL,
        "12d4fa5e (permission model): not assigned" },
    { "one alone, one elsewhere", "GOV-1",
        { .around = { { KV_SET_POLICIES, &roles_alone },
              { KV_SET_POLICIES, &public_alone } } },
        KV_VERDICT_FAIL, "55615ac9|405c5871 (firewall): not assigned" },
    { "one alone", "GOV-1", { .around = { { KV_SET_POLICIES, &roles_alone } } },
        KV_VERDICT_FAIL, "Roles on vaults at Payments-Prod" },
    { "not enforced", "GOV-1", { .around = { SET(base_not_enforced) } },
        KV_VERDICT_FAIL, "which is not enforced" },
    { "left out", "GOV-1", { .around = { SET(base_but_group) } },
        KV_VERDICT_FAIL, "which leaves this scope out" },
    { "all left out", "GOV-1", { .around = { SET(base_but_all) } },
        KV_VERDICT_FAIL, "which leaves this scope out" },
    { "another group left out", "GOV-1", { .around = { SET(base_but_nearly) } },
        KV_VERDICT_PASS, "Baseline at mg-contoso" },
    { "one effect is off", "GOV-1", { .around = { SET(base_no_purge) } },
        KV_VERDICT_FAIL, "with the effect Disabled" },
    { "off unless asked for, and asked for", "GOV-1",
        { .around = { { KV_SET_POLICIES, &base_with_purge },
              { KV_SET_POLICY_SETS, &off_set } } },
        KV_VERDICT_FAIL,
        "0b60c0b2 (deletion protection): Baseline at mg-contoso in the set "
        "Off unless asked for\n" },
    { "off unless asked for", "GOV-1",
        { .around = { { KV_SET_POLICIES, &base },
              { KV_SET_POLICY_SETS, &off_set } } },
        KV_VERDICT_FAIL, "Off unless asked for, with the effect Disabled" },
    { "exempted", "GOV-1",
        { .around = { SET(base), { KV_SET_EXEMPTIONS, &exempt } } },
        KV_VERDICT_FAIL, "exempted by legacy" },
    { "no longer exempted", "GOV-1",
        { .around = { SET(base), { KV_SET_EXEMPTIONS, &exempt_once } } },
        KV_VERDICT_PASS, "Baseline" },
    { "exempted from one of them", "GOV-1",
        { .around = { SET(base), { KV_SET_EXEMPTIONS, &exempt_roles } } },
        KV_VERDICT_FAIL,
        "12d4fa5e (permission model): Baseline at mg-contoso "
        "in the set Vault baseline, exempted by legacy" },
    { "exempted from others", "GOV-1",
        { .around = { SET(base), { KV_SET_EXEMPTIONS, &exempt_others } } },
        KV_VERDICT_PASS, "Baseline" },
    { "exempted, and assigned once more", "GOV-1",
        { .around = { SET(base), { KV_SET_EXEMPTIONS, &exempt_roles },
              { KV_SET_POLICIES, &roles_alone } } },
        KV_VERDICT_PASS, "Roles on vaults at " },
    { "selected", "GOV-1", { .around = { SET(base_narrowed) } },
        KV_VERDICT_UNKNOWN, "it selects resources" },
    { "a set that is not readable", "GOV-1",
        { .around = { { KV_SET_POLICIES, &base } } }, KV_VERDICT_UNKNOWN,
        "its set is not readable" },
    { "what Azure judged was in the set", "GOV-1",
        { .around = { { KV_SET_POLICIES, &base },
              { KV_SET_POLICY_STATES, &roles_bad } } },
        KV_VERDICT_UNKNOWN,
        "12d4fa5e (permission model): Baseline at mg-contoso\n" },
    { "groups not read", "GOV-1",
        { .around = { { KV_SET_POLICIES, &roles_alone } },
            .groups_unread = true },
        KV_VERDICT_UNKNOWN, "Microsoft.Management/managementGroups/read" },
    { "nothing wanted", "GOV-1",
        { .resource = { .kind = KV_KIND_VAULT }, .policy = &no_lists },
        KV_VERDICT_NOT_APPLICABLE, "no definition is configured" },

    /* ---- tags ---- */
    { "tagged, in any casing", "GOV-4",
        { .resource = { .tags = both_tags, .tag_count = 2 } }, KV_VERDICT_PASS,
        "owner is payments\nenvironment is prod" },
    { "untagged", "GOV-4", NOTHING, KV_VERDICT_FAIL,
        "owner is missing\nenvironment is missing" },
    { "tagged with nothing", "GOV-4",
        { .resource = { .tags = empty_tag, .tag_count = 2 } }, KV_VERDICT_FAIL,
        "owner is empty" },
    { "no tag wanted", "GOV-4",
        { .resource = { .kind = KV_KIND_VAULT }, .policy = &no_lists },
        KV_VERDICT_NOT_APPLICABLE, "no tag is configured" },

    /* ---- names ---- */
    { "too short", "GOV-5",
        { .resource = { .kind = KV_KIND_VAULT }, .policy = &named },
        KV_VERDICT_FAIL, "kv-pay does not fit the pattern kv-*-???" },
    { "fits the pattern", "GOV-5",
        { .resource = { .kind = KV_KIND_VAULT },
            .policy = &(const struct kv_policy){ .name_pattern = "KV-???" } },
        KV_VERDICT_PASS, "kv-pay fits the pattern KV-???" },
    { "fits not", "GOV-5",
        { .resource = { .kind = KV_KIND_VAULT }, .policy = &named_otherwise },
        KV_VERDICT_FAIL, "does not fit" },
    { "no pattern", "GOV-5", NOTHING, KV_VERDICT_NOT_APPLICABLE,
        "name_pattern is not configured" },

    /* ---- Azure's own ---- */
    { "agrees", "GOV-7",
        { .resource = { .rbac = KV_TRI_TRUE },
            .around = { { KV_SET_POLICY_STATES, &roles_good },
                { KV_SET_ASSESSMENTS, &purge_unhealthy } } },
        KV_VERDICT_PASS, "2 of 2 comparable answers of Azure agree" },
    { "agrees that it is wrong", "GOV-7",
        { .around = { { KV_SET_POLICY_STATES, &roles_bad } } }, KV_VERDICT_PASS,
        "1 of 1 comparable answer of Azure agrees" },
    { "another answer", "GOV-7",
        { .resource = { .rbac = KV_TRI_TRUE },
            .around = { { KV_SET_POLICY_STATES, &roles_bad } } },
        KV_VERDICT_FAIL,
        "permission model: Azure says NonCompliant, ACC-1 says pass (both "
        "read enableRbacAuthorization" },
    { "a perimeter is public to Azure", "GOV-7",
        { .resource = { .public_access = KV_PUBLIC_PERIMETER },
            .around = { { KV_SET_POLICY_STATES, &public_bad } } },
        KV_VERDICT_FAIL, "Azure passes Disabled alone, and no perimeter" },
    { "Defender says otherwise", "GOV-7",
        { .around = { { KV_SET_ASSESSMENTS, &purge_healthy } } },
        KV_VERDICT_FAIL, "Azure says Healthy, PRO-3 says fail" },
    { "nothing to compare", "GOV-7",
        { .around = { { KV_SET_POLICY_STATES, &roles_exempt },
              { KV_SET_POLICY_STATES, &unheard_state },
              { KV_SET_ASSESSMENTS, &purge_skipped } } },
        KV_VERDICT_NOT_APPLICABLE, "0 of 0 comparable answers" },
    { "our own answer is open", "GOV-7",
        { .resource = { .public_access = KV_PUBLIC_OTHER },
            .around = { { KV_SET_POLICY_STATES, &public_bad },
                { KV_SET_ASSESSMENTS, &purge_unhealthy } } },
        KV_VERDICT_UNKNOWN, "Azure says NonCompliant, NET-1 says unknown" },
    { "Defender not readable", "GOV-7",
        { .resource = { .rbac = KV_TRI_TRUE },
            .around = { { KV_SET_POLICY_STATES, &roles_good } },
            .not_ready = KV_FACET_BIT(KV_FACET_ASSESSMENTS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_UNKNOWN, "Defender assessments: not readable" },
    { "not readable, and yet a difference", "GOV-7",
        { .resource = { .rbac = KV_TRI_TRUE },
            .around = { { KV_SET_POLICY_STATES, &roles_bad } },
            .not_ready = KV_FACET_BIT(KV_FACET_ASSESSMENTS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_FAIL, "Defender assessments: not readable" },
};

#endif
