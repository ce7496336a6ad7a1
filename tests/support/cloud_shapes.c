/* The table of operations that are compared, and the table of exceptions. */
#include "cloud_shapes.h"

#define PAY "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define PLAT "/subscriptions/1efdfa4c-1db1-4e35-8d2c-3a665f62c412"
#define DATA "/subscriptions/ce2513b4-87d8-413e-9c7e-a3511cd39cb7"
#define LEGAL "/subscriptions/9c9a5161-c283-457d-b063-bc2b270de9ac"
#define GROUP PAY "/resourceGroups/rg-payments-weu"
#define CORE GROUP "/providers/Microsoft.KeyVault/vaults/kv-pay-core-weu"
#define HSM                                                                    \
    LEGAL "/resourceGroups/rg-legal-neu/providers/Microsoft.KeyVault/"         \
          "managedHSMs/hsm-legal-neu"
#define AUTH "/providers/Microsoft.Authorization/"
#define INSIGHTS "/providers/Microsoft.Insights/"
#define PLATFORM PLAT "/resourceGroups/rg-monitoring-weu"
#define TOPIC                                                                  \
    GROUP "/providers/Microsoft.EventGrid/systemTopics/egst-pay-core-weu"
#define PERIMETER                                                              \
    PLAT "/resourceGroups/rg-platform-weu/providers/Microsoft.Network/"        \
         "networkSecurityPerimeters/nsp-contoso"
#define STORAGE                                                                \
    DATA "/resourceGroups/rg-data-weu/providers/Microsoft.Storage/"            \
         "storageAccounts/stcontosoauditweu"
#define STATES PAY "/providers/Microsoft.PolicyInsights/policyStates/latest/"
#define CONTRIBUTOR                                                            \
    PAY AUTH "roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"
#define PERSON "84172879-0fbf-4359-b381-d80a0a6d01a2"
#define GUID "0f0f0f0f-1111-4222-8333-444444444444"

#define ARM(example, method, path, version, body)                              \
    {                                                                          \
        example, method, path, version, body, PLANE_ARM, NULL                  \
    }
#define KEYS(example, method, path, body)                                      \
    {                                                                          \
        "KeyVault.DataPlane/" example ".json", method, path, "7.4", body,      \
            PLANE_VAULT, "kv-pay-core-weu"                                     \
    }
#define LOCAL(example, method, path, body)                                     \
    {                                                                          \
        "KeyVault.DataPlane/" example ".json", method, path, "7.4", body,      \
            PLANE_HSM, "hsm-pay-prod-weu"                                      \
    }

#define REQUEST                                                                \
    "{\"properties\":{\"principalId\":\"" PERSON                               \
    "\",\"roleDefinitionId\":\"" CONTRIBUTOR                                   \
    "\",\"requestType\":\"AdminAssign\",\"justification\":\"x\","              \
    "\"scheduleInfo\":{\"startDateTime\":null,\"expiration\":{\"type\":"       \
    "\"AfterDuration\",\"duration\":\"P90D\"}}}}"
#define LOCAL_ROLE                                                             \
    "{\"properties\":{\"roleDefinitionId\":\"Microsoft.KeyVault/providers/"    \
    "Microsoft.Authorization/roleDefinitions/"                                 \
    "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3\",\"principalId\":\"" PERSON "\"}}"

const struct cloud_shape cloud_shapes[] = {
    ARM("Microsoft.Authorization/"
        "RoleEligibilityScheduleInstances_ListForScope.json",
        "GET", LEGAL AUTH "roleEligibilityScheduleInstances", "2020-10-01",
        NULL),
    ARM("Microsoft.Authorization/"
        "RoleAssignmentScheduleInstances_ListForScope.json",
        "GET", LEGAL AUTH "roleAssignmentScheduleInstances", "2020-10-01",
        NULL),
    ARM("Microsoft.Authorization/"
        "RoleManagementPolicyAssignments_ListForScope.json",
        "GET", LEGAL AUTH "roleManagementPolicyAssignments", "2020-10-01",
        NULL),
    ARM("Microsoft.Authorization/RoleManagementPolicies_ListForScope.json",
        "GET", LEGAL AUTH "roleManagementPolicies", "2020-10-01", NULL),
    ARM("Microsoft.Authorization/RoleEligibilityScheduleRequests_Create.json",
        "PUT", PAY AUTH "roleEligibilityScheduleRequests/" GUID, "2020-10-01",
        REQUEST),
    ARM("Microsoft.Authorization/RoleAssignmentScheduleRequests_Create.json",
        "PUT", PAY AUTH "roleAssignmentScheduleRequests/" GUID, "2020-10-01",
        REQUEST),
    ARM("Microsoft.Authorization/DenyAssignments_List.json", "GET",
        LEGAL AUTH "denyAssignments", "2022-04-01", NULL),
    ARM("Microsoft.Authorization/PolicyAssignments_List.json", "GET",
        PLAT AUTH "policyAssignments", "2025-03-01", NULL),
    ARM("Microsoft.Authorization/PolicyAssignments_Create."
        "createPolicyAssignmentWithIdentity.json",
        "PUT", PAY AUTH "policyAssignments/shape", "2025-03-01",
        "{\"location\":\"westeurope\",\"identity\":{\"type\":"
        "\"SystemAssigned\"},\"properties\":{\"displayName\":\"Shape\","
        "\"description\":\"\",\"policyDefinitionId\":\"/providers/"
        "Microsoft.Authorization/policyDefinitions/"
        "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5\",\"parameters\":{}}}"),
    ARM("Microsoft.Authorization/PolicyAssignments_Delete.json", "DELETE",
        PAY AUTH "policyAssignments/shape", "2025-03-01", NULL),

    ARM("Microsoft.PolicyInsights/PolicyStates_ListQueryResultsForSubscription."
        "PolicyStates_QuerySubscriptionScope.json",
        "POST", STATES "queryResults", "2024-10-01", ""),
    ARM("Microsoft.PolicyInsights/PolicyStates_SummarizeForSubscription."
        "PolicyStates_SummarizeSubscriptionScope.json",
        "POST", STATES "summarize", "2024-10-01", ""),
    ARM("Microsoft.Security/Pricings_List.ListPricings_example.json", "GET",
        PAY "/providers/Microsoft.Security/pricings", "2024-01-01", NULL),
    ARM("Microsoft.Security/"
        "Pricings_Get.GetPricingByNameStorageAccounts_example.json",
        "GET", PAY "/providers/Microsoft.Security/pricings/StorageAccounts",
        "2024-01-01", NULL),
    ARM("Microsoft.Security/Pricings_Update.PutPricingByName_example.json",
        "PUT", DATA "/providers/Microsoft.Security/pricings/KeyVaults",
        "2024-01-01",
        "{\"properties\":{\"pricingTier\":\"Standard\",\"subPlan\":"
        "\"PerKeyVault\"}}"),

    ARM("Microsoft.Insights/MetricAlerts_ListBySubscription.json", "GET",
        PAY INSIGHTS "metricAlerts", "2018-03-01", NULL),
    ARM("Microsoft.Insights/MetricAlerts_Get.json", "GET",
        GROUP INSIGHTS "metricAlerts/alert-pay-core-latency", "2018-03-01",
        NULL),
    ARM("Microsoft.Insights/ActivityLogAlerts_ListBySubscriptionId.json", "GET",
        PAY INSIGHTS "activityLogAlerts", "2020-10-01", NULL),
    ARM("Microsoft.Insights/ActivityLogAlerts_Get.json", "GET",
        PLATFORM INSIGHTS "activityLogAlerts/alert-platform-vault-delete",
        "2020-10-01", NULL),
    ARM("Microsoft.Insights/ScheduledQueryRules_ListBySubscription.json", "GET",
        PLAT INSIGHTS "scheduledQueryRules", "2023-12-01", NULL),
    ARM("Microsoft.Insights/ScheduledQueryRules_Get.json", "GET",
        PLATFORM INSIGHTS "scheduledQueryRules/alert-vault-failures-weu",
        "2023-12-01", NULL),
    ARM("Microsoft.Insights/ActionGroups_ListBySubscriptionId.json", "GET",
        PAY INSIGHTS "actionGroups", "2023-01-01", NULL),
    ARM("Microsoft.Insights/ActionGroups_Get.json", "GET",
        GROUP INSIGHTS "actionGroups/ag-payments-duty", "2023-01-01", NULL),
    ARM("Microsoft.Insights/ActionGroups_CreateOrUpdate.json", "PUT",
        GROUP INSIGHTS "actionGroups/ag-shape", "2023-01-01",
        "{\"location\":\"Global\",\"tags\":{},\"properties\":{"
        "\"groupShortName\":\"shape\",\"enabled\":true,\"emailReceivers\":[{"
        "\"name\":\"a\",\"emailAddress\":\"a@contoso.com\","
        "\"useCommonAlertSchema\":false}]}}"),
    ARM("Microsoft.Insights/SubscriptionDiagnosticSettings_List.json", "GET",
        PAY INSIGHTS "diagnosticSettings", "2021-05-01-preview", NULL),

    ARM("Microsoft.OperationalInsights/Workspaces_List.json", "GET",
        PLAT "/providers/Microsoft.OperationalInsights/workspaces",
        "2025-07-01", NULL),
    ARM("Microsoft.Storage/ManagementPolicies_Get.json", "GET",
        STORAGE "/managementPolicies/default", "2025-08-01", NULL),
    ARM("Microsoft.Storage/ManagementPolicies_CreateOrUpdate.json", "PUT",
        STORAGE "/managementPolicies/default", "2025-08-01",
        "{\"properties\":{\"policy\":{\"rules\":[{\"enabled\":true,\"name\":"
        "\"year\",\"type\":\"Lifecycle\",\"definition\":{\"filters\":{"
        "\"blobTypes\":[\"appendBlob\"],\"prefixMatch\":[\"insights\"]},"
        "\"actions\":{\"baseBlob\":{\"delete\":{"
        "\"daysAfterModificationGreaterThan\":400}}}}}]}}}"),

    ARM("Microsoft.EventGrid/SystemTopics_ListBySubscription.json", "GET",
        PAY "/providers/Microsoft.EventGrid/systemTopics", "2025-02-15", NULL),
    ARM("Microsoft.EventGrid/SystemTopics_Get.json", "GET", TOPIC, "2025-02-15",
        NULL),
    ARM("Microsoft.EventGrid/"
        "SystemTopicEventSubscriptions_ListBySystemTopic.json",
        "GET", TOPIC "/eventSubscriptions", "2025-02-15", NULL),
    ARM("Microsoft.EventGrid/SystemTopicEventSubscriptions_CreateOrUpdate.json",
        "PUT", TOPIC "/eventSubscriptions/shape", "2025-02-15",
        "{\"properties\":{\"destination\":{\"endpointType\":\"StorageQueue\","
        "\"properties\":{\"resourceId\":\"" STORAGE "\",\"queueName\":\"q\"}},"
        "\"filter\":{\"subjectBeginsWith\":\"\",\"subjectEndsWith\":\"\"}}}"),

    ARM("Microsoft.Network/PrivateEndpoints_ListBySubscription.json", "GET",
        PAY "/providers/Microsoft.Network/privateEndpoints", "2024-05-01",
        NULL),
    ARM("Microsoft.Network/NetworkSecurityPerimeters_ListBySubscription.json",
        "GET", PLAT "/providers/Microsoft.Network/networkSecurityPerimeters",
        "2025-09-01", NULL),
    ARM("Microsoft.Network/NetworkSecurityPerimeterAssociations_List.json",
        "GET", PERIMETER "/resourceAssociations", "2025-09-01", NULL),
    ARM("Microsoft.Network/NspAssociations_CreateOrUpdate.json", "PUT",
        PERIMETER "/resourceAssociations/assoc-data-lake", "2025-09-01",
        "{\"properties\":{\"privateLinkResource\":{\"id\":\"" CORE
        "\"},\"profile\":{\"id\":\"" PERIMETER
        "/profiles/vaults\"},\"accessMode\":\"Enforced\"}}"),
    ARM("Microsoft.Network/NspProfiles_List.json", "GET", PERIMETER "/profiles",
        "2025-09-01", NULL),
    ARM("Microsoft.Network/NspAccessRules_List.json", "GET",
        PERIMETER "/profiles/vaults/accessRules", "2025-09-01", NULL),

    ARM("Microsoft.KeyVault/Keys_List.json", "GET", CORE "/keys", "2026-02-01",
        NULL),
    ARM("Microsoft.KeyVault/Keys_Get.json", "GET", CORE "/keys/card-vault-wrap",
        "2026-02-01", NULL),
    ARM("Microsoft.KeyVault/Secrets_List.json", "GET", CORE "/secrets",
        "2026-02-01", NULL),
    ARM("Microsoft.KeyVault/Secrets_Get.json", "GET", CORE "/secrets/ledger-db",
        "2026-02-01", NULL),
    ARM("Microsoft.KeyVault/ManagedHsmKeys_List.json", "GET", HSM "/keys",
        "2026-02-01", NULL),
    ARM("Microsoft.KeyVault/MHSMRegions_ListByResource.json", "GET",
        HSM "/regions", "2026-02-01", NULL),
    ARM("Microsoft.Resources/Subscriptions_ListLocations.GetLocations.json",
        "GET", PAY "/locations", "2022-12-01", NULL),
    ARM("Microsoft.Resources/Tenants_List.json", "GET", "/tenants",
        "2022-12-01", NULL),
    ARM("Microsoft.Resources/Subscriptions_List.json", "GET", "/subscriptions",
        "2022-12-01", NULL),

    KEYS("GetKeys", "GET", "/keys", NULL),
    KEYS("GetKey", "GET", "/keys/card-vault-wrap", NULL),
    KEYS("GetKeyVersions", "GET", "/keys/payments-signing/versions", NULL),
    KEYS("GetKeyRotationPolicy", "GET", "/keys/card-vault-wrap/rotationpolicy",
        NULL),
    KEYS("UpdateKeyRotationPolicy", "PUT",
        "/keys/card-vault-wrap/rotationpolicy",
        "{\"lifetimeActions\":[{\"trigger\":{\"timeAfterCreate\":\"P90D\"},"
        "\"action\":{\"type\":\"Rotate\"}},{\"trigger\":{\"timeBeforeExpiry\":"
        "\"P30D\"},\"action\":{\"type\":\"Notify\"}}],\"attributes\":{"
        "\"expiryTime\":"
        "\"P2Y\"}}"),
    KEYS("UpdateKey", "PATCH", "/keys/card-vault-wrap",
        "{\"attributes\":{\"nbf\":1500000000,\"exp\":1900000000}}"),
    KEYS("RotateKey", "POST", "/keys/card-vault-wrap/rotate", ""),
    KEYS("BackupKey", "POST", "/keys/card-vault-wrap/backup", ""),
    KEYS("GetSecrets", "GET", "/secrets", NULL),
    KEYS("GetSecretVersions", "GET", "/secrets/ledger-db/versions", NULL),
    KEYS("GetCertificates", "GET", "/certificates", NULL),
    KEYS("GetCertificate", "GET", "/certificates/pay-api", NULL),
    KEYS("GetCertificateVersions", "GET", "/certificates/pay-api/versions",
        NULL),
    KEYS("GetCertificatePolicy", "GET", "/certificates/pay-api/policy", NULL),
    KEYS("UpdateCertificatePolicy", "PATCH", "/certificates/pay-api/policy",
        "{\"lifetime_actions\":[{\"trigger\":{\"lifetime_percentage\":70},"
        "\"action\":{\"action_type\":\"AutoRenew\"}}]}"),
    /* A key is deleted, looked at, and comes back. */
    KEYS("GetDeletedKey", "DELETE", "/keys/card-vault-wrap", NULL),
    KEYS("GetDeletedKeys", "GET", "/deletedkeys", NULL),
    KEYS("GetDeletedKey", "GET", "/deletedkeys/card-vault-wrap", NULL),
    KEYS("RecoverDeletedKey", "POST", "/deletedkeys/card-vault-wrap/recover",
        ""),

    LOCAL("GetSettings", "GET", "/settings", NULL),
    LOCAL("UpdateSetting", "PATCH",
        "/settings/AllowKeyManagementOperationsThroughARM",
        "{\"value\":\"true\"}"),
    LOCAL("RoleDefinitions_List", "GET", AUTH "roleDefinitions", NULL),
    LOCAL("RoleDefinitions_Get", "GET",
        AUTH "roleDefinitions/2c18b078-7c48-4d3a-af88-5a3a1b3f82b3", NULL),
    LOCAL("RoleAssignments_ListForScope", "GET", AUTH "roleAssignments", NULL),
    LOCAL("RoleAssignments_Create", "PUT", "/keys" AUTH "roleAssignments/" GUID,
        LOCAL_ROLE),
    LOCAL("RoleAssignments_Get", "GET", "/keys" AUTH "roleAssignments/" GUID,
        NULL),
    LOCAL("RoleAssignments_Delete", "DELETE",
        "/keys" AUTH "roleAssignments/" GUID, NULL),
    LOCAL("FullBackup", "POST", "/backup",
        "{\"storageResourceUri\":\"https://a.blob.core.windows.net/c\","
        "\"useManagedIdentity\":true}"),
};

const size_t cloud_shape_count = sizeof cloud_shapes / sizeof *cloud_shapes;

const struct shape_exception cloud_shape_exceptions[] = {
    { "", "attributes.exp", "the examples' objects never expire" },
    { "", "attributes.recoverableDays", "newer than the examples" },
    { "", "attributes.exportable", "newer than the examples" },
    { "KeyVault.DataPlane/", "attributes.recoveryLevel",
        "newer than some examples" },
    { "KeyVault.DataPlane/", "tags", "only where somebody set some" },
    { "Microsoft.KeyVault/Keys_", "tags", "only where somebody set some" },
    { "KeyVault.DataPlane/", "managed", "the examples back no certificate" },
    { "KeyVault.DataPlane/GetSecret", "contentType", "the example has none" },
    { "KeyVault.DataPlane/GetCertificate", "subject",
        "newer than the example" },
    { "KeyVault.DataPlane/", "x509_props.sans",
        "the example's certificate has none" },
    { "KeyVault.DataPlane/", "x509_props.basic_constraints",
        "newer than the example" },
    { "KeyVault.DataPlane/RoleDefinitions_", "permissions.actions",
        "the service gives all four lists" },
    { "KeyVault.DataPlane/RoleDefinitions_", "permissions.notActions",
        "the service gives all four lists" },
    { "KeyVault.DataPlane/RoleDefinitions_", "permissions.dataActions",
        "the service gives all four lists" },
    { "KeyVault.DataPlane/RoleDefinitions_", "permissions.notDataActions",
        "the service gives all four lists" },
    { "Microsoft.KeyVault/", "properties.contentType", "the example has none" },
    { "Microsoft.KeyVault/Keys_Get", "properties.rotationPolicy",
        "the example has none" },
    { "Microsoft.KeyVault/MHSMRegions", "nextLink",
        "ARM leaves it out at the end" },
    { "Microsoft.Resources/", "nextLink", "ARM leaves it out at the end" },
    { "Microsoft.Network/N", "nextLink", "ARM leaves it out at the end" },
    { "Microsoft.Resources/Tenants", "tenantBrandingLogoUrl",
        "Contoso has no branding" },
    { "Microsoft.Authorization/DenyAssignments", "principals.displayName",
        "the service names them" },
    { "Microsoft.Authorization/DenyAssignments",
        "excludePrincipals.displayName", "the service names them" },
    { "Microsoft.Authorization/DenyAssignments", "createdOn",
        "in the type, not in the example" },
    { "Microsoft.Authorization/DenyAssignments", "updatedOn",
        "in the type, not in the example" },
    { "Microsoft.Authorization/DenyAssignments", "createdBy",
        "in the type, not in the example" },
    { "Microsoft.Authorization/DenyAssignments", "updatedBy",
        "in the type, not in the example" },
    { "Microsoft.Authorization/PolicyAssignments", "enforcementMode",
        "the example leaves out the standard" },
    { "Microsoft.Authorization/PolicyAssignments", "instanceId",
        "newer than the example" },
    { "Microsoft.Authorization/PolicyAssignments", "location",
        "only with an identity" },
    { "Microsoft.Authorization/PolicyAssignments", "identity",
        "only where a policy needs one" },
    { "Microsoft.Authorization/PolicyAssignments", "latestDefinitionVersion",
        "only when it is asked for" },
    { "Microsoft.Authorization/PolicyAssignments", "effectiveDefinitionVersion",
        "only when it is asked for" },
    { "Microsoft.Security/", "properties.extensions",
        "the plan for vaults has none" },
    { "Microsoft.Security/Pricings_List", "properties.deprecated",
        "no plan here is deprecated" },
    { "Microsoft.Security/Pricings_List", "properties.replacedBy",
        "no plan here is deprecated" },
    { "Microsoft.Security/Pricings_Update", "properties.subPlan",
        "the example's plan has none" },
    { "Microsoft.Insights/MetricAlerts", "name",
        "left out of the example only" },
    { "Microsoft.Insights/MetricAlerts", "allOf.metricNamespace",
        "the caller's choice" },
    { "Microsoft.Insights/MetricAlerts", "allOf.skipMetricValidation",
        "in the type, not in the example" },
    { "Microsoft.Insights/MetricAlerts", "properties.autoMitigate",
        "in the type, not in the example" },
    { "Microsoft.Insights/ActivityLogAlerts", "allOf.anyOf",
        "the caller's choice" },
    { "Microsoft.Insights/ScheduledQueryRules",
        "properties.targetResourceTypes", "the caller's choice" },
    { "Microsoft.Insights/ScheduledQueryRules", "allOf.metricMeasureColumn",
        "the caller's choice" },
    { "Microsoft.Insights/ScheduledQueryRules", "allOf.resourceIdColumn",
        "the caller's choice" },
    { "Microsoft.Insights/ScheduledQueryRules",
        "properties.muteActionsDuration", "the caller's choice" },
    { "Microsoft.Insights/ScheduledQueryRules", "actions.actionProperties",
        "newer than the version read" },
    { "Microsoft.Insights/ScheduledQueryRules",
        "properties.resolveConfiguration", "newer than the version read" },
    { "Microsoft.Insights/ScheduledQueryRules", "AlertsStorageConfigured",
        "the caller's choice" },
    { "Microsoft.Insights/ScheduledQueryRules", "properties.autoMitigate",
        "excludes resolveConfiguration" },
    { "Microsoft.Insights/ScheduledQueryRules", "kind",
        "in the type, not in the example" },
    { "Microsoft.Insights/SubscriptionDiagnosticSettings", "",
        "the example is of another api: recorded answers have these" },
    { "Microsoft.OperationalInsights/", "sku.lastSkuUpdate",
        "as recorded, not in the example" },
    { "Microsoft.OperationalInsights/", "properties.features",
        "as recorded, not in the example" },
    { "Microsoft.OperationalInsights/", "properties.workspaceCapping",
        "as recorded, not in the example" },
    { "Microsoft.OperationalInsights/", "properties.createdDate",
        "as recorded, not in the example" },
    { "Microsoft.OperationalInsights/", "properties.modifiedDate",
        "as recorded, not in the example" },
    { "Microsoft.EventGrid/", "filter.includedEventTypes",
        "the caller's choice" },
    { "Microsoft.EventGrid/", "filter.isSubjectCaseSensitive",
        "the caller's choice" },
    { "Microsoft.EventGrid/", "filter.advancedFilters", "the caller's choice" },
    { "Microsoft.Network/PrivateEndpoints", "properties.requestMessage",
        "only with a manual connection" },
    { "Microsoft.Network/PrivateEndpoints",
        "privateLinkServiceConnections.properties.provisioningState",
        "in the type, not in the example" },
    { "Microsoft.Network/PrivateEndpoints",
        "privateLinkServiceConnections.name",
        "in the type, not in the example" },
    { "Microsoft.Network/PrivateEndpoints",
        "properties.applicationSecurityGroups", "Contoso has none" },
    { "Microsoft.Network/PrivateEndpoints", "properties.resourceGuid",
        "as the service has it" },
};

const size_t cloud_shape_exception_count =
    sizeof cloud_shape_exceptions / sizeof *cloud_shape_exceptions;
