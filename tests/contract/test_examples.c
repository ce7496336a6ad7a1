/* Microsoft's own examples of answers, each through the decoder that would
 * meet it. A file that is in neither table fails the test, so that a new
 * example cannot go unseen. */
#include "test.h"

#include "decode.h"

#define ZERO "00000000-0000-0000-0000-000000000000"
#define KEYVAULT "Microsoft.KeyVault/"
#define AUTHORIZATION "Microsoft.Authorization/"
#define GRAPH "Microsoft.ResourceGraph/Resources."
#define BELOW(subscription, group)                                             \
    "/subscriptions/" subscription "/resourceGroups/" group                    \
    "/providers/Microsoft.KeyVault/vaults/kv-below"
#define SCOPED BELOW("a925f2f7-5c63-4b7b-8799-25a5f97bc3b2", "testrg")
#define LOCKED BELOW("subscriptionId", "resourcegroupname")
#define INSIGHTS "Microsoft.Insights/"
#define EVENTS "Microsoft.EventGrid/"
#define SECURITY "Microsoft.Security/"
#define GIG                                                                    \
    "14ddf0c5-77c5-4b53-84f6-e1fa43ad68f7/resourceGroups/gigtest/providers/"   \
    "Microsoft.Compute"
#define ANY_ACCOUNT                                                            \
    "/subscriptions/" ZERO                                                     \
    "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
#define ANY_VAULT BELOW(ZERO, "rg")
#define ANY_HSM                                                                \
    "/subscriptions/" ZERO "/resourceGroups/rg/providers/"                     \
    "Microsoft.KeyVault/managedHSMs/hsm-below"
#define AE640 "ae640e6b-ba3e-4256-9d62-2993eecfa6f2"
#define HSM(state, tags)                                                       \
    "hsm hsm1 in " ZERO "/hsm-group westus sku Standard_B1 roles - soft y "    \
    "purge n days 90 state " state " activation - tags " tags "\n"
#define READER_OF                                                              \
    "is ce2ce14e-85d7-4629-bdbc-454d0519d987 of "                              \
    "0b5fe924-9a61-425c-96af-cfe6e287ca2d\n"

static const struct decode_row rows[] = {
    /* ---- vaults and managed HSMs ---- */
    { KEYVAULT "Vaults_Get.json", 200, AZURE_RESOURCE, 1, NULL,
        { "vault sample-vault in " ZERO "/sample-resource-group westus sku "
          "standard roles - soft - purge - days 0 state Succeeded",
            "  network public enabled default - bypass -\n",
            "; secrets get list set delete recover backup restore purge; " } },
    { KEYVAULT "Vaults_Update.json", 200, AZURE_RESOURCE, 1, NULL,
        { "  network public enabled default deny bypass services\n",
            "  address  00000000-00000000 invalid\n",
            "  endpoint - approved" } },
    { KEYVAULT "Vaults_Update.json", 201, AZURE_RESOURCE, 1, NULL,
        { "  network public enabled default - bypass -\n" } },
    { KEYVAULT "Vaults_CreateOrUpdate.createVault.json", 200, AZURE_RESOURCE, 1,
        NULL, { "  network public enabled default deny bypass services" } },
    { KEYVAULT "Vaults_CreateOrUpdate.createVault.json", 201, AZURE_RESOURCE, 1,
        NULL, { "vault sample-vault in " ZERO } },
    { KEYVAULT "Vaults_CreateOrUpdate.createVaultWithNetworkAcls.json", 200,
        AZURE_RESOURCE, 1, NULL,
        { "  address 124.56.78.91/32 7c384e5b-7c384e5b\n",
            "  address '10.91.4.0/24' 00000000-00000000 invalid\n",
            "  subnet /subscriptions/subid/resourcegroups/rg1/providers/"
            "microsoft.network/virtualnetworks/test-vnet/subnets/subnet1\n" } },
    { KEYVAULT "Vaults_CreateOrUpdate.createVaultWithNetworkAcls.json", 201,
        AZURE_RESOURCE, 1, NULL,
        { "  network public - default deny bypass services\n" } },
    { KEYVAULT "Vaults_ListByResourceGroup.json", 200, AZURE_VAULTS, 1, NULL,
        { "vault sample-vault in " ZERO "/sample-group westus sku premium "
          "roles - soft y purge - days 0 state Succeeded" } },
    { KEYVAULT "Vaults_ListBySubscription.json", 200, AZURE_VAULTS, 1, NULL,
        { "  address https://sample-vault.vault.azure.net/\n" } },
    { KEYVAULT "ManagedHsms_Get.json", 200, AZURE_RESOURCE, 1, NULL,
        { HSM("Succeeded", "2"),
            "  address https://westus.hsm1.managedhsm.azure.net\n" } },
    { KEYVAULT "ManagedHsms_Update.json", 200, AZURE_RESOURCE, 1, NULL,
        { HSM("Succeeded", "3") } },
    { KEYVAULT "ManagedHsms_Update.json", 202, AZURE_RESOURCE, 1, NULL,
        { HSM("Updating", "3") } },
    { KEYVAULT "ManagedHsms_CreateOrUpdate.json", 200, AZURE_RESOURCE, 1, NULL,
        { HSM("Succeeded", "2") } },
    { KEYVAULT "ManagedHsms_CreateOrUpdate.json", 202, AZURE_RESOURCE, 1, NULL,
        { HSM("Provisioning", "2") "  address -\n" } },
    { KEYVAULT "ManagedHsms_ListByResourceGroup.json", 200, AZURE_HSMS, 2, NULL,
        { HSM("Succeeded", "2"), "\nhsm hsm2 in " } },
    { KEYVAULT "ManagedHsms_ListBySubscription.json", 200, AZURE_HSMS, 2, NULL,
        { HSM("Succeeded", "2"), "\nhsm hsm2 in " } },
    { KEYVAULT "Vaults_ListDeleted.json", 200, AZURE_DELETED_VAULTS, 1, NULL,
        { "deleted vault vault-agile-drawer-6404 westus on "
          "2017-01-01T00:00:59Z purged 2017-04-01T00:00:59Z protected\n" } },
    { KEYVAULT "ManagedHsms_ListDeleted.json", 200, AZURE_DELETED_HSMS, 2, NULL,
        { "deleted hsm vault-agile-drawer-6404 westus on "
          "2021-04-01T00:00:59Z purged 2021-04-01T00:00:59Z protected\n" } },

    /* ---- who may, and what is locked ---- */
    { AUTHORIZATION "RoleAssignments_ListForResource.json", 200,
        AZURE_ASSIGNMENTS, 3, SCOPED,
        { "  assignment at subscription user " READER_OF,
            "  assignment at resource group user " READER_OF } },
    { AUTHORIZATION "RoleAssignments_ListForResourceGroup.json", 200,
        AZURE_ASSIGNMENTS, 2, SCOPED,
        { "  assignment at subscription user " READER_OF,
            "  assignment at resource group user " READER_OF } },
    { AUTHORIZATION "RoleAssignments_ListForScope.json", 200, AZURE_ASSIGNMENTS,
        1, SCOPED, { "  assignment at subscription user " READER_OF } },
    { AUTHORIZATION "RoleAssignments_ListForSubscription.json", 200,
        AZURE_ASSIGNMENTS, 1, SCOPED,
        { "  assignment at subscription user " READER_OF } },
    { AUTHORIZATION "RoleDefinitions_List.json", 200, AZURE_ROLES, 1, NULL,
        { "role roleDefinitionId 'Role name' powers 000\n"
          "  block actions action data dataAction\n" } },
    { AUTHORIZATION "ManagementLocks_ListAtResourceGroupLevel.json", 200,
        AZURE_LOCKS, 1, LOCKED,
        { "  lock testlock ReadOnly at resource group on "
          "/subscriptions/subscriptionId/resourceGroups/"
          "resourcegroupname\n" } },
    { AUTHORIZATION "ManagementLocks_ListAtResourceLevel.json", 200,
        AZURE_LOCKS, 1, LOCKED, { "  lock testlock ReadOnly at " } },
    { AUTHORIZATION "ManagementLocks_ListAtSubscriptionLevel.json", 200,
        AZURE_LOCKS, 1, LOCKED, { "  lock testlock ReadOnly at " } },
    { AUTHORIZATION "ManagementLocks_ListByScope.json", 200, AZURE_LOCKS, 1,
        LOCKED, { "  lock testlock ReadOnly at " } },

    /* ---- policies; another type's exemption does not count ---- */
    { AUTHORIZATION "PolicyAssignments_List.json", 200, AZURE_POLICIES, 2, NULL,
        { "policy 'Storage Cost Management' at /subscriptions/" AE640
          " of /subscriptions/" AE640 "/providers/Microsoft.Authorization/"
          "policyDefinitions/storageSkus enforced allowedSkus\n",
            "policy 'Enforces a tag key and value' at /subscriptions/" AE640
            " of /subscriptions/" AE640 "/providers/Microsoft.Authorization/"
            "policyDefinitions/TagKeyValue enforced\n" } },
    { AUTHORIZATION "PolicyAssignments_ListForManagementGroup.json", 200,
        AZURE_POLICIES, 2, NULL,
        { "at /providers/Microsoft.Management/managementGroups/" } },
    { AUTHORIZATION "PolicyAssignments_ListForResource.json", 200,
        AZURE_POLICIES, 2, NULL, { "policy '" } },
    { AUTHORIZATION "PolicyAssignments_ListForResourceGroup.json", 200,
        AZURE_POLICIES, 2, NULL, { "policy '" } },

    /* ---- networks: none of these leads to a vault ---- */
    { "Microsoft.Network/NetworkSecurityPerimeterAssociations_List.json", 200,
        AZURE_GRAPH_PERIMETERS, 3, NULL, { NULL } },
    { "Microsoft.Network/PrivateEndpoints_List.json", 200,
        AZURE_GRAPH_ENDPOINTS, 2, NULL, { NULL } },
    { "Microsoft.Network/PrivateEndpoints_ListBySubscription.json", 200,
        AZURE_GRAPH_ENDPOINTS, 3, NULL, { NULL } },

    /* ---- regions ---- */
    { KEYVAULT "MHSMRegions_ListByResource.json", 200, AZURE_REGIONS, 2,
        ANY_HSM,
        { "region sample-region1 Succeeded primary of " ANY_HSM "\n",
            "region sample-region2 Succeeded of " ANY_HSM "\n" } },
    { "Microsoft.Resources/Subscriptions_ListLocations.GetLocations.json", 200,
        AZURE_LOCATIONS, 2, ZERO,
        { "location eastus of /subscriptions/" ZERO
          " in United States paired westus zones 3\n",
            "location eastus2 of /subscriptions/" ZERO
            " in United States paired centralus zones 3\n" } },
    { "Microsoft.Resources/"
      "Subscriptions_ListLocations.GetLocationsWithExtendedLocations.json",
        200, AZURE_LOCATIONS, 4, ZERO, { "location eastus of " } },

    /* ---- logs; an empty text names no workspace ---- */
    { "Microsoft.Insights/DiagnosticSettings_List.listDiagnosticSettings.json",
        200, AZURE_DIAGNOSTICS, 1, ANY_VAULT,
        { "  setting mysetting audit allLogs all y metrics y workspace - "
          "storage /subscriptions/df602c9c-7aa0-407d-a6fb-eb20c8bd1192/",
            "namespaces/andy1101/authorizationrules/RootManageSharedAccessKey "
            "partner /subscriptions/abcdeabc-1234-1234-ab12-123a1234567a/" } },
    { "Microsoft.Insights/DiagnosticSettings_List"
      ".listDiagnosticSettingsCategory.json",
        200, AZURE_DIAGNOSTICS, 1, ANY_VAULT,
        { "  setting mysetting audit - all n metrics y workspace - " } },
    { "Microsoft.OperationalInsights/Workspaces_List.json", 200,
        AZURE_GRAPH_SINKS, 1, NULL,
        { "workspace AzTest2170 in australiasoutheast\n",
            "  AzTest2170 keeps 30 days customer "
            "bc089d7b-485c-4aff-a71e-c00f362d8d2f by resource n\n" } },
    { "Microsoft.OperationalInsights/Workspaces_ListByResourceGroup.json", 200,
        AZURE_GRAPH_SINKS, 1, NULL,
        { "workspace AzTest2170 in australiasoutheast\n" } },

    { "Microsoft.Insights/SubscriptionDiagnosticSettings_List.json", 200,
        AZURE_ACTIVITY_LOG, 1, "fb9f25f9-5785-4510-a38f-a62f188eb9f8",
        { "activity log ds4 of /subscriptions/"
          "fb9f25f9-5785-4510-a38f-a62f188eb9f8 workspace /subscriptions/"
          "fb9f25f9-5785-4510-a38f-a62f188eb9f8/resourceGroups/apptest/",
            "storageAccounts/appteststorage1 category allLogs\n" } },

    /* ---- detection ---- */
    { INSIGHTS "MetricAlerts_ListBySubscription.json", 200, AZURE_GRAPH_ALERTS,
        2, NULL,
        { "alert metric highcpu enabled y on /subscriptions/" GIG
          "/virtualMachines/gigwadme watches CustomMetric_\\Processor(_Total)"
          "\\% Processor Time tells /subscriptions/",
            "actiongroups/group2\nalert metric mediumcpu " } },
    { INSIGHTS "ActivityLogAlerts_ListBySubscriptionId.json", 200,
        AZURE_GRAPH_ALERTS, 2, NULL,
        { "alert activity SampleActivityLogAlertRule1 enabled y on "
          "/subscriptions/187f412d-1758-44d9-b052-169e2564721d category "
          "Administrative limit level tells ",
            "alert activity SampleActivityLogAlertRule2 enabled y on "
            "/subscriptions/187f412d-1758-44d9-b052-169e2564721d/"
            "resourceGroups/MyResourceGroup2 category Administrative "
            "tells " } },
    { INSIGHTS "ActivityLogAlerts_ListByResourceGroup.json", 200,
        AZURE_GRAPH_ALERTS, 2, NULL, { "alert activity Sample" } },
    { INSIGHTS "ScheduledQueryRules_ListBySubscription.json", 200,
        AZURE_GRAPH_ALERTS, 2, NULL,
        { "alert log perf enabled y on /subscriptions/"
          "aaf177ed-1330-a9f2-80ea-fd3d7783b147 type "
          "Microsoft.Compute/virtualMachines looks 00 at Perf | where",
            "microsoft.insights/actiongroups/myactiongroup\n" } },
    { INSIGHTS "ScheduledQueryRules_ListByResourceGroup.json", 200,
        AZURE_GRAPH_ALERTS, 2, NULL, { "alert log " } },
    { INSIGHTS "ActionGroups_ListBySubscriptionId.json", 200,
        AZURE_GRAPH_ALERTS, 2, NULL,
        { "action group SampleActionGroup enabled y receivers 4\n",
            "action group SampleActionGroup2 enabled n receivers 2\n" } },
    { EVENTS "SystemTopics_ListBySubscription.json", 200, AZURE_GRAPH_TOPICS, 1,
        NULL,
        { "topic exampleSystemTopic2 microsoft.storage.storageaccounts of "
          "/subscriptions/5b4b650e-28b9-4790-b3ab-ddbd88d727c4/" } },
    { EVENTS "SystemTopics_ListByResourceGroup.json", 200, AZURE_GRAPH_TOPICS,
        1, NULL,
        { "topic pubstgrunnerb71cd29e-86fad330-7bac-4238-8cab-9e46b75165aa "
          "microsoft.storage.storageaccounts of " } },
    { EVENTS "EventSubscriptions_ListByResource.json", 200, AZURE_SOURCE_EVENTS,
        3, ANY_VAULT, { "events examplesubscription1 to WebHook live y\n" } },
    { EVENTS "SystemTopicEventSubscriptions_ListBySystemTopic.json", 200,
        AZURE_TOPIC_EVENTS, 2, ANY_VAULT,
        { "events examplesubscription1 to StorageQueue live y\n",
            "events examplesubscription2 to StorageQueue live y type "
            "Microsoft.Storage.BlobCreated type "
            "Microsoft.Storage.BlobDeleted\n" } },
    { SECURITY "Pricings_List.ListPricings_example.json", 200,
        AZURE_GRAPH_PLANS, 14, NULL,
        { "plan SqlServers standard y sub - on /subscriptions/"
          "20ff7fc3-e762-44dd-bd96-b71116dcdc23\n" } },
    { SECURITY "Pricings_List.ListPricingsWithPlanFilter_example.json", 200,
        AZURE_GRAPH_PLANS, 2, NULL,
        { "plan KeyVaults standard y sub PerKeyVault on /subscriptions/"
          "d34fd44c-ebfa-4a9c-bceb-9eeafe72ac15\n" } },
    /* Plans of one resource are not the subscription's. */
    { SECURITY "Pricings_List.ListResourcePricings_example.json", 200,
        AZURE_GRAPH_PLANS, 2, NULL, { NULL } },
    { SECURITY "Pricings_Get.GetPricingByNameStorageAccounts_example.json", 200,
        AZURE_PLAN, 1, NULL,
        { "plan StorageAccounts standard y sub PerStorageAccount on " } },
    { SECURITY "Pricings_Get.GetPricingByNameCloudPosture_example.json", 200,
        AZURE_PLAN, 1, NULL, { "plan CloudPosture standard y sub - on " } },
    { SECURITY "Pricings_Get.GetPricingByNameDns_example.json", 200, AZURE_PLAN,
        1, NULL, { "plan Dns standard y sub - on " } },
    { "Microsoft.Storage/ManagementPolicies_Get.json", 200, AZURE_LIFECYCLE, 1,
        ANY_ACCOUNT, { NULL } },

    /* ---- who and where ---- */
    { "Microsoft.Resources/Subscriptions_List.json", 200, AZURE_SUBSCRIPTIONS,
        2, NULL,
        { "subscription 291bba3f-e0a5-47bc-a099-3bdcb2a50a05 "
          "'Example Subscription' Enabled groups\n",
            "subscription 72ac930a-f34e-42d8-b06d-dc2a9e12ed71 "
            "'Example Subscription2' Enabled groups\n" } },
    { "Microsoft.Resources/Tenants_List.json", 200, AZURE_TENANTS, 3, NULL,
        { "tenant " } },

    /* ---- Resource Graph, in both formats; other kinds are passed over ---- */
    { GRAPH "ResourcesBasicQuery.json", 200, AZURE_GRAPH_SINKS, 3, NULL,
        { NULL } },
    { GRAPH "ResourcesBasicQuery.table-2019-04-01.json", 200, AZURE_GRAPH_SINKS,
        3, NULL, { NULL } },
    { GRAPH "ResourcesFacetQuery.json", 200, AZURE_GRAPH_SINKS, 5, NULL,
        { NULL } },
    { GRAPH "ResourcesFilterQuery.json", 200, AZURE_GRAPH_SINKS, 3, NULL,
        { NULL } },
    { GRAPH "ResourcesFirstPageQuery.json", 200, AZURE_GRAPH_SINKS, 3, NULL,
        { NULL } },
    { GRAPH "ResourcesMgBasicQuery.json", 200, AZURE_GRAPH_SINKS, 3, NULL,
        { NULL } },
    { GRAPH "ResourcesNextPageQuery.json", 200, AZURE_GRAPH_SINKS, 3, NULL,
        { NULL } },
    { GRAPH "ResourcesNextPageQuery.table-2019-04-01.json", 200,
        AZURE_GRAPH_SINKS, 3, NULL, { NULL } },
    { GRAPH "ResourcesQueryOptions.table-2019-04-01.json", 200,
        AZURE_GRAPH_SINKS, 3, NULL, { NULL } },
    { GRAPH "ResourcesRandomPageQuery.json", 200, AZURE_GRAPH_SINKS, 2, NULL,
        { NULL } },
    { GRAPH "ResourcesTenantBasicQuery.json", 200, AZURE_GRAPH_SINKS, 3, NULL,
        { NULL } },
    /* ---- who may become what ---- */
    { AUTHORIZATION "RoleEligibilityScheduleInstances_ListForScope.json", 200,
        AZURE_ELIGIBLE, 1, NULL,
        { "eligible user a3bb8764-cb92-4276-9d2a-ca1e895e55ea 'User Account' "
          "of b24988ac-6180-42a0-ab88-20f7382dd24c on "
          "/subscriptions/dfa2a084-766f-4003-8ae1-c4aeb893a99f from - until "
          "2021-09-10T00:31:41Z\n" } },
    { AUTHORIZATION "RoleAssignmentScheduleInstances_ListForScope.json", 200,
        AZURE_ACTIVE, 1, NULL,
        { "assigned user a3bb8764-cb92-4276-9d2a-ca1e895e55ea 'User Account' "
          "of c8d4ff99-41c3-41a8-9f60-21dfdad59608 on /subscriptions/",
            "roleAssignments/ed9b8180-cef7-4c77-a63c-b8566ecfc412 until "
            "2020-09-10T05:35:17Z\n" } },
    { AUTHORIZATION "RoleManagementPolicyAssignments_ListForScope.json", 200,
        AZURE_ROLE_RULES, 1, NULL,
        { "rules of a1705bd2-3a8f-45a5-8683-466fcfd5cc24 on "
          "/subscriptions/129ff972-28f8-46b8-a726-e497be039368 approval y by "
          "2 mfa y context - for 25200 s\n" } },
    { AUTHORIZATION "DenyAssignments_List.json", 200, AZURE_DENIALS, 1, NULL,
        { "denial 'Deny assignment name' on /subscriptions/subId for some 1 "
          "but 1 takes 0\n" } },
    { AUTHORIZATION "DenyAssignments_ListForScope.json", 200, AZURE_DENIALS, 1,
        NULL, { "denial 'Deny assignment name' on /subscriptions/subId " } },
    { AUTHORIZATION "DenyAssignments_ListForResource.json", 200, AZURE_DENIALS,
        1, NULL, { "denial 'Deny assignment name' on " } },
    { AUTHORIZATION "DenyAssignments_ListForResourceGroup.json", 200,
        AZURE_DENIALS, 1, NULL, { "denial 'Deny assignment name' on " } },
};

#define NOT_ASKED "an operation that kvgov does not call"
#define NOT_BUILT "a provider that is not built"

static const struct decode_excuse excuses[] = {
    { "KeyVault.DataPlane/", NOT_BUILT },
    { "Microsoft.Network/NetworkSecurityPerimeters_", NOT_ASKED },
    { "Microsoft.Network/NspA", "read in bulk" },
    { "Microsoft.Network/NspProfiles_", NOT_ASKED },
    { "Microsoft.Network/PrivateEndpoints_Get", "read in bulk" },
    { "Microsoft.PolicyInsights/", "states are read in bulk" },
    { EVENTS "EventSubscriptions_CreateOrUpdate", NOT_ASKED },
    { EVENTS "SystemTopicEventSubscriptions_CreateOrUpdate", NOT_ASKED },
    { EVENTS "SystemTopics_CreateOrUpdate", NOT_ASKED },
    { INSIGHTS "MetricAlerts_Get", NOT_ASKED },
    { INSIGHTS "ActivityLogAlerts_Get", NOT_ASKED },
    { INSIGHTS "ScheduledQueryRules_Get", NOT_ASKED },
    { INSIGHTS "ActionGroups_Get", NOT_ASKED },
    { EVENTS "SystemTopics_Get", NOT_ASKED },
    { EVENTS "SystemTopicEventSubscriptions_Get", NOT_ASKED },
    { SECURITY "Pricings_Update", NOT_ASKED },
    { "Microsoft.Storage/ManagementPolicies_CreateOrUpdate", NOT_ASKED },
    { KEYVAULT "Keys_", NOT_ASKED },
    { KEYVAULT "Secrets_", NOT_ASKED },
    { KEYVAULT "ManagedHsmKeys_", NOT_ASKED },
    { KEYVAULT "ManagedHsms_GetDeleted", "deleted ones are listed only" },
    { KEYVAULT "MHSMPrivate", "endpoints are read with their HSM" },
    { KEYVAULT "NetworkSecurityPerimeterConfigurations_", NOT_ASKED },
    { KEYVAULT "PrivateEndpointConnections_", "read with their vault" },
    { KEYVAULT "PrivateLinkResources_", NOT_ASKED },
    { KEYVAULT "Vaults_Delete.", NOT_ASKED },
    { KEYVAULT "Vaults_GetDeleted", "deleted ones are listed only" },
    { KEYVAULT "Vaults_List.", "the generic list, which has no properties" },
    { KEYVAULT "Vaults_PurgeDeleted", NOT_ASKED },
    { KEYVAULT "Vaults_UpdateAccessPolicy", NOT_ASKED },
    { AUTHORIZATION "DenyAssignments_Get", NOT_ASKED },
    { AUTHORIZATION "ManagementLocks_CreateOrUpdate", NOT_ASKED },
    { AUTHORIZATION "ManagementLocks_Delete", NOT_ASKED },
    { AUTHORIZATION "Permissions_", "read by the preview: test_remedies" },
    { AUTHORIZATION "PolicyAssignments_Create", NOT_ASKED },
    { AUTHORIZATION "PolicyAssignments_Delete", NOT_ASKED },
    { AUTHORIZATION "PolicyAssignments_Get", NOT_ASKED },
    { AUTHORIZATION "ProviderOperationsMetadata_", NOT_BUILT },
    { AUTHORIZATION "RoleAssignmentScheduleRequests_", NOT_ASKED },
    { AUTHORIZATION "RoleAssignments_Create", NOT_ASKED },
    { AUTHORIZATION "RoleAssignments_Delete", NOT_ASKED },
    { AUTHORIZATION "RoleAssignments_Get", NOT_ASKED },
    { AUTHORIZATION "RoleDefinitions_CreateOrUpdate", NOT_ASKED },
    { AUTHORIZATION "RoleDefinitions_Get", NOT_ASKED },
    { AUTHORIZATION "RoleEligibilitySchedule", NOT_ASKED },
    { AUTHORIZATION "RoleManagementPolicies_", NOT_ASKED },
    { INSIGHTS "ActionGroups_CreateOrUpdate", NOT_ASKED },
    { INSIGHTS "ActivityLogAlerts_CreateOrUpdate", NOT_ASKED },
    { "Microsoft.Insights/DiagnosticSettingsCategory_", NOT_ASKED },
    { "Microsoft.Insights/DiagnosticSettings_CreateOrUpdate",
        "the bodies are checked by test_types" },
    { "Microsoft.Insights/DiagnosticSettings_Delete", "it has no body" },
    { "Microsoft.Insights/DiagnosticSettings_Get", NOT_ASKED },
    { INSIGHTS "MetricAlerts_CreateOrUpdate", NOT_ASKED },
    { INSIGHTS "ScheduledQueryRules_CreateOrUpdate", NOT_ASKED },
    { "Microsoft.Management/", "ancestors come from Resource Graph" },
    { "Microsoft.OperationalInsights/Workspaces_Get", NOT_ASKED },
    { "Microsoft.Resources/ResourceGroups_", NOT_ASKED },
    { "Microsoft.Resources/Subscriptions_Get", NOT_ASKED },
    { GRAPH "ResourcesComplexQuery", "columns of another query: no id" },
    { GRAPH "ResourcesPropertiesQuery", "columns of another query: no id" },
    { GRAPH "ResourcesSummarizeQuery", "columns of another query: no id" },
};

static void test_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        decode_check("examples", &rows[i]);
}

static void test_covered(void **state)
{
    (void)state;
    decode_check_covered(
        "examples", rows, LENGTH(rows), excuses, LENGTH(excuses));
}

/* ---- paging ---- */

struct page_row {
    const char *file;
    enum azure_read read;
    const char *link;  /* how it starts; NULL: none */
    const char *token; /* NULL: none */
};

static const struct page_row page_rows[] = {
    { KEYVAULT "Vaults_ListDeleted.json", AZURE_DELETED_VAULTS,
        "https://management.azure.com/subscriptions/" ZERO
        "/providers/Microsoft.KeyVault/deletedVaults?api-version=2026-02-01",
        NULL },
    { KEYVAULT "Vaults_ListBySubscription.json", AZURE_VAULTS,
        "https://management.azure.com/subscriptions/", NULL },
    { "Microsoft.Resources/Tenants_List.json", AZURE_TENANTS, "...", NULL },
    { AUTHORIZATION "RoleDefinitions_List.json", AZURE_ROLES, NULL, NULL },
    { GRAPH "ResourcesFirstPageQuery.json", AZURE_GRAPH_RESOURCES, NULL,
        "eyAibm8iOiAibHVjayIsICJidXQiOiAibmljZSIsICJ0cnkiOiAiISIgfQ==" },
    { GRAPH "ResourcesNextPageQuery.table-2019-04-01.json",
        AZURE_GRAPH_RESOURCES, NULL,
        "eyAibm8yIjogImx1Y2syIiwgImJ1dDIiOiAibmljZTIiLCAidHJ5MiI6ICIhIiB9" },
    { GRAPH "ResourcesBasicQuery.json", AZURE_GRAPH_RESOURCES, NULL, NULL },
};

static void check_page(const struct page_row *row)
{
    char *body = decode_body("examples", row->file, 200);
    struct azure_page page;
    struct kv_error err = { 0 };

    if (azure_page_open(&page, row->read, view_of(body), &err) != KV_OK)
        fail_with("%s: %s", row->file, err.text);
    struct view link = azure_page_next_link(&page);
    struct view token = azure_page_skip_token(&page);
    if (row->link ? !view_starts_nocase(link, view_of(row->link))
                  : link.size > 0)
        fail_with("%s: next link '%.*s'", row->file, (int)link.size, link.data);
    if (!view_equal(token, view_of(row->token)))
        fail_with("%s: token '%.*s'", row->file, (int)token.size, token.data);
    azure_page_done(&page);
    mem_free(body);
}

static void test_pages(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(page_rows); i++)
        check_page(&page_rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_covered),
        cmocka_unit_test(test_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
