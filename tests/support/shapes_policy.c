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

    GET(S "Pricings_List.ListPricings_example", PAY SECURITY "pricings"),
    GET(S "Pricings_Get.GetPricingByNameStorageAccounts_example",
        PAY SECURITY "pricings/StorageAccounts"),
    PUT(S "Pricings_Update.PutPricingByName_example",
        DATA SECURITY "pricings/KeyVaults"),
};

const struct cloud_shapes shapes_policy = { rows, LENGTH(rows) };
