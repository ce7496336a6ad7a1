/* Policy, its states, and Defender's plans. */
#include "shapes_ids.h"
#include "test.h"

#define A "Microsoft.Authorization/"
#define P "Microsoft.PolicyInsights/"
#define S "Microsoft.Security/"
#define INSIGHT "/providers/Microsoft.PolicyInsights/"
#define STATES INSIGHT "policyStates/latest/"
#define SECURITY "/providers/Microsoft.Security/"
#define POST(example, path) ASK(example, "POST", path, "")
#define BASELINE                                                               \
    "/providers/Microsoft.Management/managementGroups/mg-contoso-prod"

#define ENABLE_FIREWALL                                                        \
    "{\"location\":\"westeurope\",\"identity\":{\"type\":\"SystemAssigned\"}," \
    "\"properties\":{\"policyDefinitionId\":\"" AUTH                           \
    "policyDefinitions/ac673a9a-f77d-4846-b2d8-a57f8e1c01dc\"}}"
#define EXEMPTION                                                              \
    "{\"properties\":{\"policyAssignmentId\":\"" PAY AUTH                      \
    "policyAssignments/remedy\",\"exemptionCategory\":\"Waiver\"}}"

static const struct cloud_shape rows[] = {
    GET(A "PolicyAssignments_ListForManagementGroup",
        BASELINE AUTH "policyAssignments"),
    PUT(A "PolicyAssignments_Create", PAY AUTH "policyAssignments/shape"),
    PUT(A "PolicyAssignments_Create.createPolicyAssignmentWithIdentity",
        PAY AUTH "policyAssignments/shape"),
    PUT(A "PolicyAssignments_Create.createPolicyAssignmentWithOverrides",
        PAY AUTH "policyAssignments/other"),
    GET(A "PolicyAssignments_List", PAY AUTH "policyAssignments"),
    GET(A "PolicyAssignments_ListForResourceGroup",
        GROUP AUTH "policyAssignments"),
    GET(A "PolicyAssignments_ListForResource", CORE AUTH "policyAssignments"),
    GET(A "PolicyAssignments_Get", PAY AUTH "policyAssignments/shape"),
    GET(NONE, V(AUTH "policyDefinitions", "2025-03-01")),
    GET(NONE, V(PAY AUTH "policyDefinitions", "2025-03-01")),
    GET(NONE, V(PAY AUTH "policyDefinitions/<value.0.name>", "2025-03-01")),
    GET(NONE, V(AUTH "policySetDefinitions", "2025-03-01")),
    GET(NONE, V(PAY AUTH "policySetDefinitions", "2025-03-01")),
    GET(NONE,
        V(BASELINE AUTH "policySetDefinitions/<value.0.name>", "2025-03-01")),
    ASK(A "PolicyAssignments_Delete", "DELETE",
        PAY AUTH "policyAssignments/shape", NULL),

    POST(P "PolicyStates_ListQueryResultsForSubscription."
           "PolicyStates_QuerySubscriptionScope",
        PAY STATES "queryResults"),
    POST(P "PolicyStates_ListQueryResultsForSubscription."
           "PolicyStates_QuerySubscriptionScopeNextLink",
        PAY STATES "queryResults?$top=1"),
    POST(P "PolicyStates_ListQueryResultsForResourceGroup",
        GROUP STATES "queryResults"),
    POST(P "PolicyStates_ListQueryResultsForResource."
           "PolicyStates_QueryResourceScope",
        CORE STATES "queryResults"),
    POST(P "PolicyStates_SummarizeForSubscription."
           "PolicyStates_SummarizeSubscriptionScope",
        PAY STATES "summarize"),
    POST(P "PolicyStates_SummarizeForResource", CORE STATES "summarize"),

    ASK(NONE, "PUT", V(PAY AUTH "policyAssignments/remedy", "2025-03-01"),
        ENABLE_FIREWALL),
    PUT(P "Remediations_CreateOrUpdateAtSubscription."
          "Remediations_CreateSubscriptionScope",
        PAY INSIGHT "remediations/shape"),
    PUT(P "Remediations_CreateOrUpdateAtSubscription."
          "Remediations_CreateSubscriptionScope_AllProperties",
        PAY INSIGHT "remediations/all"),
    PUT(P "Remediations_CreateOrUpdateAtResourceGroup",
        GROUP INSIGHT "remediations/shape"),
    PUT(P "Remediations_CreateOrUpdateAtResource",
        CORE INSIGHT "remediations/shape"),
    GET(NONE, V(PAY INSIGHT "remediations/shape", "2024-10-01")),
    GET(P "Remediations_ListForSubscription", PAY INSIGHT "remediations"),
    ASK(NONE, "DELETE", V(PAY INSIGHT "remediations/shape", "2024-10-01"),
        NULL),
    ASK(NONE, "PUT",
        V(CORE AUTH "policyExemptions/shape", "2022-07-01-preview"), EXEMPTION),
    GET(NONE, V(CORE AUTH "policyExemptions/shape", "2022-07-01-preview")),
    GET(NONE, V(PAY AUTH "policyExemptions", "2022-07-01-preview")),
    ASK(NONE, "DELETE",
        V(CORE AUTH "policyExemptions/shape", "2022-07-01-preview"), NULL),

    GET(S "Pricings_List.ListPricings_example", PAY SECURITY "pricings"),
    GET(S "Pricings_Get.GetPricingByNameStorageAccounts_example",
        PAY SECURITY "pricings/StorageAccounts"),
    PUT(S "Pricings_Update.PutPricingByName_example",
        DATA SECURITY "pricings/KeyVaults"),
};

const struct cloud_shapes shapes_policy = { rows, LENGTH(rows) };
