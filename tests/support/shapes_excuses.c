/* Which differences between the cloud's answers and Microsoft's are right, and
 * what is not compared at all. */
#include "cloud_shapes.h"
#include "test.h"

#define LAST_PAGE "nothing follows the last page"
#define CHOICE "only where somebody set it"
#define OWN "Contoso has no such thing"
#define NEWER "newer than the examples, as the facts have it"

const struct shape_exception cloud_shape_exceptions[] = {
    { "", "nextLink", LAST_PAGE },
    { "Microsoft.Resources/Tenants", "tenantBrandingLogoUrl", OWN },
    { "Microsoft.Management/Entities", "count", NEWER },
    { "Microsoft.Management/", "children.children.children", OWN },
    { "Microsoft.Authorization/DenyAssignments", "rincipals.displayName",
        NEWER },
    { "Microsoft.Authorization/PolicyAssignments_ListForManagementGroup",
        "location", "only with an identity" },
    { "Microsoft.Authorization/PolicyAssignments_ListForManagementGroup",
        "identity", "only where the policy needs one" },
    { "Microsoft.Authorization/PolicyAssignments", "efinitionVersion",
        "only when it is asked for" },
    { "Microsoft.Security/Pricings_List", "properties.deprecated", OWN },
    { "Microsoft.Security/Pricings_List", "properties.replacedBy", OWN },
    { "Microsoft.Security/Pricings_Update", "extensions",
        "the plan for vaults has none" },
    { "Microsoft.Insights/ScheduledQueryRules", "tags", CHOICE },
    { "Microsoft.Insights/ScheduledQueryRules", "targetResourceTypes", CHOICE },
    { "Microsoft.EventGrid/SystemTopicEvent", "isSubjectCaseSensitive",
        CHOICE },
    { "Microsoft.Network/PrivateEndpoints", "requestMessage", CHOICE },
    { "Microsoft.KeyVault/Vaults_", "hsmPoolResourceId", OWN },
    { "Microsoft.KeyVault/Vaults_CreateOrUpdate.createVault",
        "properties.networkAcls", CHOICE },
    { "Microsoft.KeyVault/Vaults_", "ignoreMissingVnetServiceEndpoint",
        CHOICE },
    { "Microsoft.KeyVault/Vaults_", "properties.privateEndpointConnections",
        CHOICE },
    { "Microsoft.KeyVault/Vaults_", "properties.tags", CHOICE },
    { "KeyVault.DataPlane/Get", "value.subject", NEWER },
    { "KeyVault.DataPlane/GetCertificate", "key_props.key_size",
        "another kind of key" },
    { "KeyVault.DataPlane/GetCertificate", "key_props.crv",
        "another kind of key" },
    { "KeyVault.DataPlane/RestoreKey", "nbf", CHOICE },
    { "KeyVault.DataPlane/RestoreKey", "key.n", "another kind of key" },
    { "KeyVault.DataPlane/RestoreKey", "key.e", "another kind of key" },
    { "recorded/KeyVault", "tags", CHOICE },
    { "recorded/KeyVault", "nbf", CHOICE },
    { "recorded/PolicyAssignmentTest.", "value.sku", "gone since 2019" },
    { "recorded/DefenderTest.", "resourceDetails.ResourceName", NEWER },
    { "recorded/StorageTest.", "minimumTlsVersion", NEWER },
    { "recorded/StorageTest.", "allowBlobPublicAccess", NEWER },
    { "recorded/StorageTest.", "publicNetworkAccess", NEWER },
    { "recorded/StorageTest.", "accessTier", CHOICE },
    { "recorded/StorageTest.", "value.identity", CHOICE },
    { "KeyVault.DataPlane/", "x509_props.sans", CHOICE },
    { "KeyVault.DataPlane/", "x509_props.basic_constraints", NEWER },
};
const size_t cloud_shape_exception_count = LENGTH(cloud_shape_exceptions);

#define TESTS_OWN "the tests' own"
#define SIGN_IN "signing in: the tests of tokens and claims"
#define OPERATIONS "what a write leads to: the tests of faults"
#define ONE_HANDLER "one handler for all types, in test_cloud_governance"

const struct shape_excuse shape_route_excuses[] = {
    { "GET /_cloud/", TESTS_OWN },
    { "POST /_cloud/", TESTS_OWN },
    { "DELETE /_cloud/", TESTS_OWN },
    { "GET /metadata/", SIGN_IN },
    { "GET /devicelogin", SIGN_IN },
    { "GET /msi/token", SIGN_IN },
    { "GET /{}/", SIGN_IN },
    { "POST /{}/oauth2/", SIGN_IN },
    { "GET //vault/secrets/{}", "a secret's value: nobody asks for one" },
    { "GET /v1.0/groups/{}/transitiveMembers/$count",
        "a bare number: test_cloud_directory" },
    { "GET /subscriptions/{}/providers/Microsoft.KeyVault/locations/{}/managed"
      "HsmOperationResults/",
        OPERATIONS },
    { "GET /subscriptions/{}/providers/Microsoft.KeyVault/locations/{}/"
      "operationStatuses/",
        OPERATIONS },
    { "POST {+}/providers/Microsoft.PolicyInsights/policyStates/latest/trigger",
        "no body: test_cloud_policy" },
    { "GET {+}/providers/Microsoft.PolicyInsights/asyncOperationResults/",
        "no body: test_cloud_policy" },
    { "GET /subscriptions/{}/providers/{}/operation", OPERATIONS },
    { "POST /v1.0/$batch", "other answers in one: test_cloud_directory" },
    { "POST /batch", "an API without documentation: test_cloud_batch" },
    { "PATCH /subscriptions/{}/resourceGroups/{}/providers/Microsoft.",
        ONE_HANDLER },
    { "DELETE /subscriptions/{}/resourceGroups/{}/providers/Microsoft.",
        ONE_HANDLER },
    { "PATCH {+}/providers/Microsoft.EventGrid/", ONE_HANDLER },
    { "DELETE {+}/providers/Microsoft.EventGrid/", ONE_HANDLER },
};
const size_t shape_route_excuse_count = LENGTH(shape_route_excuses);

#define NOT_SERVED "an operation that the cloud does not serve"
#define QUERIES "an operator that this cloud's language lacks"
#define OTHER_PLANS "a plan for other resources than vaults"

#define SAME "the same answers as in a recording that is used"

const struct shape_excuse shape_example_excuses[] = {
    { "recorded/AzureEventSubscriptionsTest.test_azure_event_subscription_p",
        SAME },
    { "recorded/AzureEventSubscriptionsTest.test_event_subscription_schema",
        SAME },
    { "recorded/DefenderTest.test_azure_defender_autoprovisioning",
        NOT_SERVED },
    { "recorded/DefenderTest.test_azure_defender_setting", NOT_SERVED },
    { "recorded/DiagnosticSettingsFilterTest.test_filter_diagnostic_settings_"
      "present",
        SAME },
    { "recorded/KeyVaultSecretsTest.test_key_vault_secrets_expiry", SAME },
    { "recorded/KeyVaultTest.test_update_access_policy_action", SAME },
    { "recorded/KeyVaultTest.test_whitelist_not_authorized", SAME },
    { "recorded/ParentFilterFunctionalTest.", SAME },
    { "recorded/PolicyCompliance.", "virtual machines only" },
    { "recorded/ResourceLockFilter.test_find_by_lock_type_", SAME },
    { "recorded/SubscriptionTaggingTest.test_subscription_marked", SAME },
    { "recorded/SubscriptionTaggingTest.test_subscription_tag_and", SAME },
    { "Microsoft.Resources/ResourceGroups_CreateOrUpdate", NOT_SERVED },
    { "Microsoft.Resources/Subscriptions_ListLocations."
      "GetLocationsWithExtendedLocations",
        NOT_SERVED },
    { "Microsoft.Authorization/ProviderOperationsMetadata_Get", NOT_SERVED },
    { "KeyVault.DataPlane/CreateKey", NOT_SERVED },
    { "Microsoft.ResourceGraph/Resources.ResourcesFacetQuery", QUERIES },
    { "Microsoft.ResourceGraph/Resources.ResourcesSummarizeQuery", QUERIES },
    { "Microsoft.ResourceGraph/Resources.ResourcesPropertiesQuery", QUERIES },
    { "Microsoft.ResourceGraph/Resources.ResourcesComplexQuery", QUERIES },
    { "Microsoft.ResourceGraph/Resources.ResourcesQueryOptions.table",
        QUERIES },
    { "Microsoft.ResourceGraph/Resources.ResourcesNextPageQuery.table",
        "the page before in objects has the same members" },
    { "Microsoft.Insights/SubscriptionDiagnosticSettings_List",
        "of the api before diagnosticSettings" },
    { "Microsoft.PolicyInsights/ComponentPolicyStates_", NOT_SERVED },
    { "Microsoft.PolicyInsights/PolicyStates_ListQueryResultsForResource."
      "PolicyStates_QueryResourceScopeExpand",
        NOT_SERVED },
    { "Microsoft.PolicyInsights/PolicyStates_ListQueryResultsForSubscription."
      "PolicyStates_FilterAndGroupBy",
        NOT_SERVED },
    { "Microsoft.PolicyInsights/PolicyStates_SummarizeForSubscription."
      "PolicyStates_SummarizeSubscriptionScopeForPolicyGroup",
        NOT_SERVED },
    { "Microsoft.Security/Pricings_List.ListPricingsWithPlanFilter",
        OTHER_PLANS },
    { "Microsoft.Security/Pricings_Get.GetPricingByName", OTHER_PLANS },
    { "Microsoft.Security/Pricings_List.ListResourcePricings", OTHER_PLANS },
    { "Microsoft.Security/Pricings_Update.PutPricingByNamePartial",
        OTHER_PLANS },
};
const size_t shape_example_excuse_count = LENGTH(shape_example_excuses);
