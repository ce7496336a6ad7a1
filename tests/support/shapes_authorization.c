/* Roles, permissions, deny assignments, locks and just-in-time access. */
#include "shapes_ids.h"
#include "test.h"

#define A "Microsoft.Authorization/"
#define DENIED                                                                 \
    LEGAL "/resourceGroups/rg-legal-weu/providers/Microsoft.KeyVault/vaults/"  \
          "kv-legal-docs-weu"
#define DENIAL "3ed0a137-4e9a-4d96-8b1a-2f666a66abbd"
#define OTHER "766c7a17-7a03-4eac-98fd-ed4be8bab8be"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

#define CUSTOM                                                                 \
    "{\"properties\":{\"roleName\":\"Shape\",\"description\":\"x\","           \
    "\"assignableScopes\":[\"" PAY "\"],\"permissions\":[{\"actions\":["       \
    "\"Microsoft.KeyVault/vaults/read\"],\"notActions\":[],"                   \
    "\"dataActions\":[],\"notDataActions\":[]}]}}"

#define REQUEST                                                                \
    "{\"properties\":{\"principalId\":\"" OTHER                                \
    "\",\"roleDefinitionId\":\"" CONTRIBUTOR                                   \
    "\",\"requestType\":\"AdminAssign\",\"justification\":\"x\","              \
    "\"scheduleInfo\":{\"startDateTime\":null,\"expiration\":{\"type\":"       \
    "\"AfterDuration\",\"duration\":\"P90D\"}}}}"

static const struct cloud_shape rows[] = {
    GET(A "RoleDefinitions_List", PAY AUTH "roleDefinitions"),
    GET(A "RoleDefinitions_Get", PAY AUTH "roleDefinitions/" OWNER),
    GET(A "RoleDefinitions_GetById", AUTH "roleDefinitions/" OWNER),
    ASK(A "RoleDefinitions_CreateOrUpdate", "PUT",
        PAY AUTH "roleDefinitions/" GUID, CUSTOM),
    ASK("(no example)", "DELETE",
        PAY AUTH "roleDefinitions/" GUID "?api-version=2022-04-01", NULL),
    PUT(A "RoleAssignments_Create.RoleAssignments_CreateForSubscription",
        PAY AUTH "roleAssignments/" GUID),
    PUT(A "RoleAssignments_Create.RoleAssignments_CreateForResourceGroup",
        GROUP AUTH "roleAssignments/" GUID),
    PUT(A "RoleAssignments_Create.RoleAssignments_CreateForResource",
        CORE AUTH "roleAssignments/" GUID),
    GET(A "RoleAssignments_Get", PAY AUTH "roleAssignments/" GUID),
    GET(A "RoleAssignments_ListForSubscription", PAY AUTH "roleAssignments"),
    GET(A "RoleAssignments_ListForResourceGroup", GROUP AUTH "roleAssignments"),
    GET(A "RoleAssignments_ListForResource", CORE AUTH "roleAssignments"),
    GET(A "RoleAssignments_ListForScope", CORE AUTH "roleAssignments"),
    ASK(A "RoleAssignments_Delete", "DELETE", PAY AUTH "roleAssignments/" GUID,
        NULL),
    GET(A "Permissions_ListForResource", CORE AUTH "permissions"),
    GET(A "Permissions_ListForResourceGroup", GROUP AUTH "permissions"),

    GET(A "DenyAssignments_List", LEGAL AUTH "denyAssignments"),
    GET(A "DenyAssignments_ListForResourceGroup",
        LEGAL "/resourceGroups/rg-legal-weu" AUTH "denyAssignments"),
    GET(A "DenyAssignments_ListForResource", DENIED AUTH "denyAssignments"),
    GET(A "DenyAssignments_ListForScope", DENIED AUTH "denyAssignments"),
    GET(A "DenyAssignments_Get", DENIED AUTH "denyAssignments/" DENIAL),

    PUT(A "ManagementLocks_CreateOrUpdateAtResourceGroupLevel",
        GROUP AUTH "locks/shape"),
    PUT(A "ManagementLocks_CreateOrUpdateAtResourceLevel",
        CORE AUTH "locks/shape"),
    PUT(A "ManagementLocks_CreateOrUpdateByScope", PAY AUTH "locks/shape"),
    GET(A "ManagementLocks_ListAtResourceGroupLevel", GROUP AUTH "locks"),
    GET(A "ManagementLocks_ListAtResourceLevel", CORE AUTH "locks"),
    GET(A "ManagementLocks_ListAtSubscriptionLevel", PAY AUTH "locks"),
    GET(A "ManagementLocks_ListByScope", CORE AUTH "locks"),
    GET("(no example)", CORE AUTH "locks/shape?api-version=2020-05-01"),
    /* With these two, so that more can be tried on what they lock. */
    ASK(A "ManagementLocks_DeleteAtResourceLevel", "DELETE",
        CORE AUTH "locks/lock-kv-pay-core", NULL),
    ASK(A "ManagementLocks_DeleteAtResourceLevel", "DELETE",
        PAY_HSM AUTH "locks/lock-hsm-pay", NULL),
    ASK(A "ManagementLocks_DeleteAtResourceLevel", "DELETE",
        CORE AUTH "locks/shape", NULL),
    ASK(A "ManagementLocks_DeleteAtResourceLevel", "DELETE",
        GROUP AUTH "locks/shape", NULL),
    ASK(A "ManagementLocks_DeleteAtResourceLevel", "DELETE",
        PAY AUTH "locks/shape", NULL),

    GET(A "RoleEligibilityScheduleInstances_ListForScope",
        LEGAL AUTH "roleEligibilityScheduleInstances"),
    GET(A "RoleEligibilitySchedules_ListForScope",
        LEGAL AUTH "roleEligibilitySchedules"),
    GET(A "RoleAssignmentScheduleInstances_ListForScope",
        LEGAL AUTH "roleAssignmentScheduleInstances"),
    GET(A "RoleManagementPolicyAssignments_ListForScope",
        LEGAL AUTH "roleManagementPolicyAssignments"),
    GET(A "RoleManagementPolicies_ListForScope",
        LEGAL AUTH "roleManagementPolicies"),
    GET(A "RoleManagementPolicies_Get",
        LEGAL AUTH "roleManagementPolicies/<value.0.name>"),
    ASK(A "RoleManagementPolicies_Update.PatchRoleManagementPolicy", "PATCH",
        LEGAL AUTH "roleManagementPolicies/<name>", EXAMPLE_BODY),
    ASK(A "RoleManagementPolicies_Update.PatchPartialRoleManagementPolicy",
        "PATCH", LEGAL AUTH "roleManagementPolicies/<name>", EXAMPLE_BODY),
    PUT(A "RoleEligibilityScheduleRequests_Create",
        PAY AUTH "roleEligibilityScheduleRequests/" GUID),
    GET("(no example)", PAY AUTH "roleEligibilityScheduleRequests/" GUID
                                 "?api-version=2020-10-01"),
    ASK("(no example)", "POST",
        PAY AUTH "roleEligibilityScheduleRequests/" GUID
                 "/validate?api-version=2020-10-01",
        REQUEST),
    GET(A "RoleEligibilityScheduleRequests_ListForScope",
        PAY AUTH "roleEligibilityScheduleRequests"),
    PUT(A "RoleAssignmentScheduleRequests_Create",
        PAY AUTH "roleAssignmentScheduleRequests/" GUID),
    GET("(no example)", PAY AUTH "roleAssignmentScheduleRequests/" GUID
                                 "?api-version=2020-10-01"),
    ASK("(no example)", "POST",
        PAY AUTH "roleAssignmentScheduleRequests/" GUID
                 "/validate?api-version=2020-10-01",
        REQUEST),
};

const struct cloud_shapes shapes_authorization = { rows, LENGTH(rows) };
