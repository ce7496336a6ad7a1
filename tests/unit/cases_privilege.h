/* What the rows on privileged roles held just in time, and on Conditional
 * Access, say, case by case. Part of test_posture_rows. */
#ifndef CASES_PRIVILEGE_H
#define CASES_PRIVILEGE_H

#include "posture_case.h"

#define PRIVILEGE_SUBSCRIPTION "/subscriptions/" SCENE_HOME
#define PRIVILEGE_END_S (SCENE_READ_AT_S + 3600)

/* What Privileged Identity Management says of the first role assignment. */
#define FIRST_IS(...)                                                          \
    {                                                                          \
        KV_SET_SCHEDULES, &(const struct kv_schedule)                          \
        {                                                                      \
            .id = "active-0", .scope = PRIVILEGE_SUBSCRIPTION,                 \
            .principal_id = "p1", .role_guid = "Owner",                        \
            .assignment_id = "assignment-0", __VA_ARGS__                       \
        }                                                                      \
    }
#define ELIGIBLE(who, role, where)                                             \
    {                                                                          \
        KV_SET_SCHEDULES, &(const struct kv_schedule)                          \
        {                                                                      \
            .id = "eligible-" who role where, .scope = where,                  \
            .principal_id = who, .role_guid = role, .eligible = true,          \
            .principal_type = KV_PRINCIPAL_USER,                               \
        }                                                                      \
    }
#define ACTIVATION(role, where, ...)                                           \
    {                                                                          \
        KV_SET_ROLE_RULES, &(const struct kv_role_rules)                       \
        {                                                                      \
            .id = "rules-" role where, .scope = where, .role_guid = role,      \
            __VA_ARGS__                                                        \
        }                                                                      \
    }
#define CONDITIONAL(title, ...)                                                \
    {                                                                          \
        KV_SET_CONDITIONAL_ACCESS, &(const struct kv_conditional_access)       \
        {                                                                      \
            .id = title, .scope = "/", .name = title, __VA_ARGS__              \
        }                                                                      \
    }
#define ONE_OWNER(type)                                                        \
    .assignments = {                                                           \
        { KV_SCOPE_SUBSCRIPTION, "Owner", "p1", type, false }                  \
    }
#define DATA_VAULT .resource = { .rbac = KV_TRI_TRUE }

static const struct kv_policy privilege_break_glass = {
    .break_glass = { (const char *const[]){ "P1" }, 1 },
};

static const struct verdict_case cases_privilege[] = {
    /* ---- ACC-6: for ever ---- */
    { "nobody", "ACC-6", { .groups_unread = false }, KV_VERDICT_PASS,
        "0 persons hold a privileged role without end" },
    { "an owner whom PIM has never heard of", "ACC-6",
        { ONE_OWNER(KV_PRINCIPAL_USER) }, KV_VERDICT_FAIL,
        "user p1: Owner at the subscription, without end" },
    { "assigned without end", "ACC-6",
        { ONE_OWNER(KV_PRINCIPAL_USER), .around = { FIRST_IS(.activated = false) } },
        KV_VERDICT_FAIL, "1 person holds a privileged role without end" },
    { "assigned until a date", "ACC-6",
        { ONE_OWNER(KV_PRINCIPAL_USER),
            .around = { FIRST_IS(.ends_at_s = PRIVILEGE_END_S) } },
        KV_VERDICT_PASS, "1 more for a time or on request" },
    { "activated", "ACC-6",
        { ONE_OWNER(KV_PRINCIPAL_USER),
            .around = { FIRST_IS(
                .activated = true, .ends_at_s = PRIVILEGE_END_S) } },
        KV_VERDICT_PASS, "1 more for a time or on request" },
    /* Azure says no end of an activation that its rules leave open. */
    { "activated without end", "ACC-6",
        { ONE_OWNER(KV_PRINCIPAL_USER),
            .around = { FIRST_IS(.activated = true) } },
        KV_VERDICT_PASS, "1 more for a time or on request" },
    { "one activated, one for ever", "ACC-6",
        { .assignments = { { KV_SCOPE_SUBSCRIPTION, "Owner", "p1",
                               KV_PRINCIPAL_USER, false },
              { KV_SCOPE_RESOURCE, "Contributor", "p1", KV_PRINCIPAL_USER,
                  false } },
            .around = { FIRST_IS(.activated = true) } },
        KV_VERDICT_FAIL, "user p1: Contributor at the resource, without end" },
    { "eligible", "ACC-6",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION) } },
        KV_VERDICT_PASS, "0 persons hold" },
    { "a workload", "ACC-6", { ONE_OWNER(KV_PRINCIPAL_SERVICE) },
        KV_VERDICT_PASS, "0 persons hold" },
    { "for emergencies, in any casing", "ACC-6",
        { ONE_OWNER(KV_PRINCIPAL_USER), .policy = &privilege_break_glass },
        KV_VERDICT_PASS, "1 more as break_glass" },
    { "a group", "ACC-6", { ONE_OWNER(KV_PRINCIPAL_GROUP) },
        KV_VERDICT_UNKNOWN, "the members of 1 group are not readable" },
    { "a principal of no stated type", "ACC-6",
        { ONE_OWNER(KV_PRINCIPAL_UNKNOWN) }, KV_VERDICT_UNKNOWN,
        "who is in it is not readable" },
    { "a group for emergencies", "ACC-6",
        { ONE_OWNER(KV_PRINCIPAL_GROUP), .policy = &privilege_break_glass },
        KV_VERDICT_PASS, "1 more as break_glass" },
    { "a reader of secrets is no administrator", "ACC-6",
        { DATA_VAULT,
            .assignments = { { KV_SCOPE_RESOURCE, "Secrets User", "p1",
                KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_PASS, "0 persons hold" },
    { "an officer is", "ACC-6",
        { DATA_VAULT,
            .assignments = { { KV_SCOPE_RESOURCE, "Secrets Officer", "p1",
                KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_FAIL, "user p1: Secrets Officer at the resource" },
    { "be it of one secret", "ACC-6",
        { DATA_VAULT,
            .assignments = { { KV_SCOPE_OBJECT, "Secrets Officer", "p1",
                KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_FAIL, "user p1: Secrets Officer at the single object" },
    { "but not where roles open nothing", "ACC-6",
        { .assignments = { { KV_SCOPE_RESOURCE, "Secrets Officer", "p1",
              KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_PASS, "0 persons hold" },
    { "a role without definition", "ACC-6",
        { .assignments = { { KV_SCOPE_RESOURCE, "Mystery", "p1",
              KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_UNKNOWN, "whose definition was not found" },
    { "management groups not read", "ACC-6", { .groups_unread = true },
        KV_VERDICT_UNKNOWN, "the management groups above" },

    /* ---- ACC-7: an approver ---- */
    { "nobody is eligible", "ACC-7", { ONE_OWNER(KV_PRINCIPAL_USER) },
        KV_VERDICT_NOT_APPLICABLE, "nobody is eligible" },
    { "eligible to read", "ACC-7",
        { .around = { ELIGIBLE("p1", "Reader", PRIVILEGE_SUBSCRIPTION) } },
        KV_VERDICT_NOT_APPLICABLE, "nobody is eligible" },
    { "approved by two", "ACC-7",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", PRIVILEGE_SUBSCRIPTION, .approval = true,
                  .approvers = 2) } },
        KV_VERDICT_PASS,
        "Owner at the subscription: approval by one of 2 approvers" },
    { "approved by nobody", "ACC-7",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", PRIVILEGE_SUBSCRIPTION, .approval = true) } },
        KV_VERDICT_FAIL, "approval is required, but there is no approver" },
    { "approvers of the past", "ACC-7",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", PRIVILEGE_SUBSCRIPTION, .approvers = 2) } },
        KV_VERDICT_FAIL, "no approval is required" },
    { "the rules of another scope", "ACC-7",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", SCENE_GROUP, .approval = true,
                  .approvers = 2) } },
        KV_VERDICT_UNKNOWN, "what activating it takes was not found" },
    { "one of two roles", "ACC-7",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", PRIVILEGE_SUBSCRIPTION, .approval = true,
                  .approvers = 1),
              ELIGIBLE("p1", "Contributor", SCENE_GROUP),
              ACTIVATION("Contributor", SCENE_GROUP, .mfa = true) } },
        KV_VERDICT_FAIL,
        "Contributor at the resource group: no approval is required" },
    { "two for the same role", "ACC-7",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ELIGIBLE("p2", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", PRIVILEGE_SUBSCRIPTION, .approval = true,
                  .approvers = 1) } },
        KV_VERDICT_PASS,
        "Owner at the subscription: approval by one of 1 approver" },
    { "eligible for who knows what", "ACC-7",
        { .around = { ELIGIBLE("p1", "Mystery", PRIVILEGE_SUBSCRIPTION) } },
        KV_VERDICT_UNKNOWN, "the definition of the role was not found" },
    { "perhaps eligible higher up", "ACC-7", { .groups_unread = true },
        KV_VERDICT_UNKNOWN, "the management groups above" },
    { "over an HSM", "ACC-7",
        { .resource = { .kind = KV_KIND_HSM },
            .around = { ELIGIBLE("p1", "HSM Contributor", SCENE_HSM),
                ACTIVATION("HSM Contributor", SCENE_HSM, .mfa = true) } },
        KV_VERDICT_FAIL, "HSM Contributor at the resource: no approval" },

    /* ---- ACC-8: a second factor ---- */
    { "nobody eligible", "ACC-8", { .groups_unread = false },
        KV_VERDICT_NOT_APPLICABLE, "nobody is eligible" },
    { "multifactor", "ACC-8",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", PRIVILEGE_SUBSCRIPTION, .mfa = true) } },
        KV_VERDICT_PASS, "multifactor authentication is required" },
    { "an authentication context", "ACC-8",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", PRIVILEGE_SUBSCRIPTION,
                  .authentication_context = "c1") } },
        KV_VERDICT_PASS, "authentication context c1 is required" },
    { "neither", "ACC-8",
        { .around = { ELIGIBLE("p1", "Owner", PRIVILEGE_SUBSCRIPTION),
              ACTIVATION("Owner", PRIVILEGE_SUBSCRIPTION, .approval = true,
                  .approvers = 2) } },
        KV_VERDICT_FAIL, "neither multifactor authentication nor" },

    /* ---- ACC-9: Conditional Access ---- */
    { "no policy", "ACC-9", { .groups_unread = false }, KV_VERDICT_FAIL,
        "0 of 0 Conditional Access policies" },
    { "covered", "ACC-9",
        { .around = { CONDITIONAL("MFA everywhere", .covers_vaults = true,
              .includes_users = true, .controls = true) } },
        KV_VERDICT_PASS, "MFA everywhere is on and covers Azure Key Vault" },
    { "another application's", "ACC-9",
        { .around = { CONDITIONAL("Management", .includes_users = true,
              .controls = true) } },
        KV_VERDICT_FAIL, "0 of 1 Conditional Access policy covers" },
    { "report-only", "ACC-9",
        { .around = { CONDITIONAL("Trial", .covers_vaults = true,
              .includes_users = true, .controls = true,
              .state = KV_CONDITIONAL_REPORT_ONLY) } },
        KV_VERDICT_FAIL, "Trial is report-only, which stops nobody" },
    { "off", "ACC-9",
        { .around = { CONDITIONAL("Old", .covers_vaults = true,
              .includes_users = true, .controls = true,
              .state = KV_CONDITIONAL_DISABLED) } },
        KV_VERDICT_FAIL, "Old is off" },
    { "for nobody", "ACC-9",
        { .around = { CONDITIONAL(
              "Empty", .covers_vaults = true, .controls = true) } },
        KV_VERDICT_FAIL, "Empty includes no users" },
    { "without a control", "ACC-9",
        { .around = { CONDITIONAL("Bare", .covers_vaults = true,
              .includes_users = true) } },
        KV_VERDICT_FAIL, "Bare asks for nothing" },
    { "by attributes", "ACC-9",
        { .around = { CONDITIONAL("Tagged", .filtered = true,
              .includes_users = true, .controls = true) } },
        KV_VERDICT_UNKNOWN, "Tagged chooses applications by their attributes" },
    { "by attributes, and report-only", "ACC-9",
        { .around = { CONDITIONAL("Tagged", .filtered = true,
              .includes_users = true, .controls = true,
              .state = KV_CONDITIONAL_REPORT_ONLY) } },
        KV_VERDICT_FAIL, "Tagged is report-only" },
    { "one is enough", "ACC-9",
        { .around = { CONDITIONAL("Old", .covers_vaults = true,
                          .state = KV_CONDITIONAL_DISABLED),
              CONDITIONAL("New", .covers_vaults = true, .includes_users = true,
                  .controls = true) } },
        KV_VERDICT_PASS, "1 of 2 Conditional Access policies cover" },

    /* ---- HSM-2: as ACC-3 ---- */
    { "nobody over the HSM", "HSM-2", { .resource = { .kind = KV_KIND_HSM } },
        KV_VERDICT_PASS, "0 principals hold privileged roles" },
    { "an owner above the HSM", "HSM-2",
        { .resource = { .kind = KV_KIND_HSM },
            .assignments = { { KV_SCOPE_MANAGEMENT_GROUP, "HSM Contributor",
                "p1", KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_FAIL, "user p1: HSM Contributor at the management group" },
};

#endif
