/* The routes of what surrounds vaults in Resource Manager: just-in-time
 * access, policy, Defender, monitoring, events and networks. */
#include "routes.h"

#define V_PIM                                                                  \
    "2020-10-01-preview 2020-10-01 2022-04-01-preview 2024-09-01-preview"
#define V_POLICY                                                               \
    "2018-03-01 2019-09-01 2020-09-01 2021-06-01 2022-06-01 2023-04-01 "       \
    "2024-04-01 "                                                              \
    "2024-05-01 2025-01-01 2025-03-01 2025-11-01 2026-07-01"
#define V_STATES "2018-07-01-preview 2019-10-01 2022-04-01 2024-10-01"
#define V_EXEMPTION "2020-07-01-preview 2022-07-01-preview 2024-12-01-preview"
#define V_REMEDY "2019-07-01 2021-10-01 2024-10-01"
#define V_PRICE "2018-06-01 2022-03-01 2023-01-01 2024-01-01"
#define V_ASSESS "2019-01-01-preview 2020-01-01 2021-06-01 2025-05-04"
#define V_METRIC "2018-03-01 2026-01-01"
#define V_MEASURE "2018-01-01 2019-07-01 2021-05-01 2023-10-01 2024-02-01"
#define V_ACTIVITY "2017-04-01 2020-10-01 2026-01-01"
#define V_QUERY "2021-08-01 2022-06-15 2023-03-15-preview 2023-12-01 2026-03-01"
#define V_ACTION                                                               \
    "2019-06-01 2021-09-01 2022-06-01 2023-01-01 2024-10-01-preview"
#define V_EVENT                                                                \
    "2018-09-15-preview 2021-10-15-preview 2021-12-01 2022-06-15 "             \
    "2024-06-01-preview 2025-02-15"
#define V_NETWORK                                                              \
    "2022-07-01 2023-04-01 2023-08-01-preview 2023-09-01 2023-11-01 "          \
    "2024-01-01 2024-03-01 2024-05-01 2024-07-01 2024-10-01 2025-01-01 "       \
    "2025-05-01 2025-09-01 2026-01-01"
#define V_LOGS                                                                 \
    "2020-08-01 2021-12-01-preview 2022-10-01 2023-09-01 2025-02-01 "          \
    "2025-07-01 2026-03-01"
#define V_STORAGE                                                              \
    "2019-06-01 2021-09-01 2022-09-01 2023-01-01 2023-05-01 2024-01-01 "       \
    "2025-01-01 2025-06-01 2025-08-01 2026-04-01"
#define V_VAULT                                                                \
    "2021-06-01-preview 2021-10-01 2022-07-01 2023-02-01 2023-07-01 "          \
    "2024-11-01 2025-05-01 2026-02-01 2026-04-01-preview"

#define SUB "/subscriptions/{}"
#define RG SUB "/resourceGroups/{}"
#define AUTH "{+}/providers/Microsoft.Authorization"
#define BUILT_IN "/providers/Microsoft.Authorization"
#define A "Microsoft.Authorization/"
#define INSIGHT "{+}/providers/Microsoft.PolicyInsights/"
#define STATES "{+}/providers/Microsoft.PolicyInsights/policyStates/latest"
#define KV RG "/providers/Microsoft.KeyVault"

/* One resource or child, wherever it lies. */
#define ONE(path, type, versions)                                              \
    { "GET", path, versions, type "/read", thing_get, 0 },                     \
        { "PUT", path, versions, type "/write", thing_put, 0 },                \
        { "PATCH", path, versions, type "/write", thing_patch, 0 },            \
    {                                                                          \
        "DELETE", path, versions, type "/delete", thing_delete, 0              \
    }

/* A resource of its own: listed by subscription and by resource group. */
#define TRACKED(type, versions)                                                \
    { "GET", SUB "/providers/" type, versions, NULL, things_list,              \
        ROUTE_FILTERED },                                                      \
        { "GET", RG "/providers/" type, versions, NULL, things_list,           \
            ROUTE_FILTERED },                                                  \
        ONE(RG "/providers/" type "/{}", type, versions)

/* A child, or what hangs on a scope: listed there. */
#define PARTS(path, type, versions)                                            \
    { "GET", path, versions, type "/read", parts_list, 0 },                    \
        ONE(path "/{}", type, versions)

static const struct route rows[] = {
    { "GET", AUTH "/roleEligibilityScheduleInstances", V_PIM,
        A "roleEligibilityScheduleInstances/read", eligibilities_list, 0 },
    { "GET", AUTH "/roleAssignmentScheduleInstances", V_PIM,
        A "roleAssignmentScheduleInstances/read", actives_list, 0 },
    { "GET", AUTH "/roleEligibilitySchedules", V_PIM,
        A "roleEligibilitySchedules/read", eligibility_schedules_list, 0 },
    { "GET", AUTH "/roleEligibilityScheduleRequests", V_PIM,
        A "roleEligibilityScheduleRequests/read", parts_list, 0 },
    { "PUT", AUTH "/roleEligibilityScheduleRequests/{}", V_PIM,
        A "roleEligibilityScheduleRequests/write", pim_request_put, 0 },
    { "GET", AUTH "/roleEligibilityScheduleRequests/{}", V_PIM,
        A "roleEligibilityScheduleRequests/read", thing_get, 0 },
    { "POST", AUTH "/roleEligibilityScheduleRequests/{}/validate", V_PIM,
        A "roleEligibilityScheduleRequests/write", pim_request_validate,
        ROUTE_LOCKLESS },
    { "PUT", AUTH "/roleAssignmentScheduleRequests/{}", V_PIM,
        A "roleAssignmentScheduleRequests/write", pim_request_put, 0 },
    { "GET", AUTH "/roleAssignmentScheduleRequests/{}", V_PIM,
        A "roleAssignmentScheduleRequests/read", thing_get, 0 },
    { "POST", AUTH "/roleAssignmentScheduleRequests/{}/validate", V_PIM,
        A "roleAssignmentScheduleRequests/write", pim_request_validate,
        ROUTE_LOCKLESS },
    { "GET", AUTH "/roleManagementPolicyAssignments", V_PIM,
        A "roleManagementPolicyAssignments/read", pim_policy_assignments_list,
        0 },
    { "GET", AUTH "/roleManagementPolicies", V_PIM,
        A "roleManagementPolicies/read", pim_policies_list, 0 },
    { "GET", AUTH "/roleManagementPolicies/{}", V_PIM,
        A "roleManagementPolicies/read", pim_policy_get, 0 },
    { "PATCH", AUTH "/roleManagementPolicies/{}", V_PIM,
        A "roleManagementPolicies/write", pim_policy_patch, 0 },

    { "GET", AUTH "/policyAssignments", V_POLICY, A "policyAssignments/read",
        policies_list, 0 },
    { "GET", AUTH "/policyAssignments/{}", V_POLICY, A "policyAssignments/read",
        policy_get, 0 },
    { "PUT", AUTH "/policyAssignments/{}", V_POLICY,
        A "policyAssignments/write", policy_put, 0 },
    { "DELETE", AUTH "/policyAssignments/{}", V_POLICY,
        A "policyAssignments/delete", policy_delete, 0 },
    { "GET", BUILT_IN "/policyDefinitions", V_POLICY, NULL,
        policy_definitions_list, 0 },
    { "GET", AUTH "/policyDefinitions", V_POLICY, A "policyDefinitions/read",
        policy_definitions_list, 0 },
    { "GET", AUTH "/policyDefinitions/{}", V_POLICY, NULL,
        policy_definition_get, 0 },
    { "GET", BUILT_IN "/policySetDefinitions", V_POLICY, NULL, policy_sets_list,
        0 },
    { "GET", AUTH "/policySetDefinitions", V_POLICY,
        A "policySetDefinitions/read", policy_sets_list, 0 },
    { "GET", AUTH "/policySetDefinitions/{}", V_POLICY, NULL, policy_set_get,
        0 },
    { "GET", AUTH "/policyExemptions", V_EXEMPTION, A "policyExemptions/read",
        exemptions_list, 0 },
    { "GET", AUTH "/policyExemptions/{}", V_EXEMPTION,
        A "policyExemptions/read", exemption_get, 0 },
    { "PUT", AUTH "/policyExemptions/{}", V_EXEMPTION,
        A "policyExemptions/write", exemption_put, 0 },
    { "DELETE", AUTH "/policyExemptions/{}", V_EXEMPTION,
        A "policyExemptions/delete", exemption_delete, 0 },
    { "POST", STATES "/triggerEvaluation", V_STATES,
        "Microsoft.PolicyInsights/policyStates/triggerEvaluation/action",
        policy_evaluation_start, ROUTE_LOCKLESS },
    { "GET", INSIGHT "asyncOperationResults/{}", V_STATES,
        "Microsoft.PolicyInsights/asyncOperationResults/read",
        policy_evaluation_get, 0 },
    { "GET", INSIGHT "remediations", V_REMEDY,
        "Microsoft.PolicyInsights/remediations/read", parts_list, 0 },
    { "GET", INSIGHT "remediations/{}", V_REMEDY,
        "Microsoft.PolicyInsights/remediations/read", remediation_get, 0 },
    { "PUT", INSIGHT "remediations/{}", V_REMEDY,
        "Microsoft.PolicyInsights/remediations/write", remediation_put, 0 },
    { "DELETE", INSIGHT "remediations/{}", V_REMEDY,
        "Microsoft.PolicyInsights/remediations/delete", thing_delete, 0 },
    { "POST", STATES "/queryResults", V_STATES,
        "Microsoft.PolicyInsights/policyStates/queryResults/read",
        policy_states_query, ROUTE_LOCKLESS },
    { "POST", STATES "/summarize", V_STATES,
        "Microsoft.PolicyInsights/policyStates/summarize/read",
        policy_states_summarize, ROUTE_LOCKLESS },

    { "GET", SUB "/providers/Microsoft.Security/pricings", V_PRICE,
        "Microsoft.Security/pricings/read", pricings_list, 0 },
    { "GET", SUB "/providers/Microsoft.Security/pricings/{}", V_PRICE,
        "Microsoft.Security/pricings/read", pricing_get, 0 },
    { "PUT", SUB "/providers/Microsoft.Security/pricings/{}", V_PRICE,
        "Microsoft.Security/pricings/write", pricing_put, 0 },
    { "GET", "{+}/providers/Microsoft.Security/assessments", V_ASSESS,
        "Microsoft.Security/assessments/read", assessments_list, 0 },

    { "GET", "{+}/providers/Microsoft.Insights/metrics", V_MEASURE,
        "Microsoft.Insights/metrics/read", metrics_list, 0 },
    TRACKED("Microsoft.Insights/metricAlerts", V_METRIC),
    TRACKED("Microsoft.Insights/activityLogAlerts", V_ACTIVITY),
    TRACKED("Microsoft.Insights/scheduledQueryRules", V_QUERY),
    TRACKED("Microsoft.Insights/actionGroups", V_ACTION),

    { "GET", SUB "/providers/{}/operationsStatus/{}", "", NULL,
        thing_operation_status, 0 },
    { "GET", SUB "/providers/{}/operationResults/{}", "", NULL,
        thing_operation_result, 0 },
    TRACKED("Microsoft.EventGrid/systemTopics", V_EVENT),
    PARTS(RG "/providers/Microsoft.EventGrid/systemTopics/{}/"
             "eventSubscriptions",
        "Microsoft.EventGrid/systemTopics/eventSubscriptions", V_EVENT),
    PARTS("{+}/providers/Microsoft.EventGrid/eventSubscriptions",
        "Microsoft.EventGrid/eventSubscriptions", V_EVENT),

    TRACKED("Microsoft.Network/privateEndpoints", V_NETWORK),
    PARTS(RG "/providers/Microsoft.Network/privateEndpoints/{}/"
             "privateDnsZoneGroups",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", V_NETWORK),
    TRACKED("Microsoft.Network/networkSecurityPerimeters", V_NETWORK),
    PARTS(RG "/providers/Microsoft.Network/networkSecurityPerimeters/{}/"
             "resourceAssociations",
        "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
        V_NETWORK),
    PARTS(RG "/providers/Microsoft.Network/networkSecurityPerimeters/{}/"
             "profiles",
        "Microsoft.Network/networkSecurityPerimeters/profiles", V_NETWORK),
    PARTS(RG "/providers/Microsoft.Network/networkSecurityPerimeters/{}/"
             "profiles/{}/accessRules",
        "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules",
        V_NETWORK),

    TRACKED("Microsoft.OperationalInsights/workspaces", V_LOGS),
    { "GET", RG "/providers/Microsoft.OperationalInsights/workspaces/{}/tables",
        V_LOGS, "Microsoft.OperationalInsights/workspaces/tables/read",
        tables_list, 0 },
    { "GET",
        RG "/providers/Microsoft.OperationalInsights/workspaces/{}/tables/{}",
        V_LOGS, "Microsoft.OperationalInsights/workspaces/tables/read",
        table_get, 0 },
    { "PATCH",
        RG "/providers/Microsoft.OperationalInsights/workspaces/{}/tables/{}",
        V_LOGS, "Microsoft.OperationalInsights/workspaces/tables/write",
        table_patch, 0 },

    ONE(RG "/providers/Microsoft.Storage/storageAccounts/{}/"
           "managementPolicies/{}",
        "Microsoft.Storage/storageAccounts/managementPolicies", V_STORAGE),
    ONE(RG "/providers/Microsoft.Storage/storageAccounts/{}/blobServices/{}/"
           "containers/{}/immutabilityPolicies/{}",
        "Microsoft.Storage/storageAccounts/blobServices/containers/"
        "immutabilityPolicies",
        V_STORAGE),

    { "GET", KV "/vaults/{}/keys", V_VAULT,
        "Microsoft.KeyVault/vaults/keys/read", arm_objects_list, 0 },
    { "GET", KV "/vaults/{}/keys/{}", V_VAULT,
        "Microsoft.KeyVault/vaults/keys/read", arm_object_get, 0 },
    { "GET", KV "/vaults/{}/keys/{}/versions", V_VAULT,
        "Microsoft.KeyVault/vaults/keys/versions/read", arm_versions_list, 0 },
    { "GET", KV "/vaults/{}/keys/{}/versions/{}", V_VAULT,
        "Microsoft.KeyVault/vaults/keys/versions/read", arm_version_get, 0 },
    { "GET", KV "/vaults/{}/secrets", V_VAULT,
        "Microsoft.KeyVault/vaults/secrets/read", arm_objects_list, 0 },
    { "GET", KV "/vaults/{}/secrets/{}", V_VAULT,
        "Microsoft.KeyVault/vaults/secrets/read", arm_object_get, 0 },
    { "GET", KV "/managedHSMs/{}/keys", V_VAULT,
        "Microsoft.KeyVault/managedHSMs/keys/read", arm_objects_list, 0 },
    { "GET", KV "/managedHSMs/{}/keys/{}", V_VAULT,
        "Microsoft.KeyVault/managedHSMs/keys/read", arm_object_get, 0 },
};

const struct route_table routes_governance = { rows,
    sizeof rows / sizeof *rows };
