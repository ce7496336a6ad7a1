/* What the real service answered to others. */
#include "shapes_ids.h"
#include "test.h"

#define R "recorded/"
#define VAULT(example, method, path, body)                                     \
    {                                                                          \
        R example, method, path, body, PLANE_VAULT, "kv-data-etl-weu"          \
    }
#define ETL DATA "/resourceGroups/rg-data-weu" KEYVAULT "vaults/kv-data-etl-weu"
#define LAKE                                                                   \
    DATA "/resourceGroups/rg-data-weu/providers/Microsoft.Storage/"            \
         "storageAccounts/stcontosolakeweu"
#define EVENTS "/providers/Microsoft.EventGrid/eventSubscriptions"

static const struct cloud_shape rows[] = {
    GET(R "KeyVaultTest.common#0", PAY KEYVAULT "vaults"),
    GET(R "KeyVaultTest.common#1", PAY KEYVAULT "vaults"),
    GET(R "KeyVaultTest.test_whitelist#2", ETL),
    GET(R "KeyVaultTest.test_update_access_policy#0", PAY KEYVAULT "vaults"),
    ASK(R "KeyVaultTest.test_update_access_policy#2", "PUT",
        PLAT "/resourceGroups/rg-hr-weu" KEYVAULT
             "vaults/kv-old-hr-weu/accessPolicies/add",
        "{\"properties\":{\"accessPolicies\":[{\"tenantId\":\"" TENANT
        "\",\"objectId\":\"" PERSON "\",\"permissions\":{\"keys\":[\"get\"],"
        "\"secrets\":[],\"certificates\":[]}}]}}"),
    GET(R "KeyVaultTest.test_update_access_policy#3",
        SHOP "/resourceGroups/rg-shop-weu" KEYVAULT "vaults/kv-shop-merge-weu"),
    VAULT(
        "KeyVaultKeyTest.test_key_vault_keys_keyvault#3", "GET", "/keys", NULL),
    VAULT("KeyVaultKeyTest.test_key_vault_keys_type#4", "GET", "/keys/etl-wrap",
        NULL),
    VAULT("KeyVaultKeyTest."
          "test_key_vault_key_update_expires_on_not_before_action#6",
        "PATCH", "/keys/etl-wrap",
        "{\"attributes\":{\"exp\":1900000000,\"nbf\":1500000000}}"),
    VAULT("KeyVaultKeyTest."
          "test_key_vault_key_update_expires_on_not_before_action#7",
        "GET", "/keys/etl-wrap", NULL),
    VAULT("KeyVaultSecretsTest.test_key_vault_secrets_keyvault#3", "GET",
        "/secrets", NULL),

    GET(R "AccessControlTest.test_find_assignments_by_resources#0",
        PAY AUTH "roleAssignments"),
    GET(R "AccessControlTest.test_find_definition_by_name#0",
        PAY AUTH "roleDefinitions"),
    GET(R "PolicyAssignmentTest.test_find_by_name#0",
        PLAT AUTH "policyAssignments"),
    GET(R "ResourceLockFilter.test_find_by_lock#2",
        DATA "/resourceGroups/rg-data-neu" AUTH "locks"),
    GET(R "DiagnosticSettingsFilterTest."
          "test_filter_diagnostic_settings_enabled#1",
        ETL INSIGHTS "diagnosticSettings"),
    GET(R "DefenderTest.test_azure_defender_assessments#0",
        PAY "/providers/Microsoft.Security/assessments"),

    GET(R "ResourceGroupTest.test_delete_resource_group#0",
        PAY "/resourceGroups"),
    GET(R "SubscriptionTaggingTest.test_subscription_mark_for_op#0", PAY),
    ASK(R "ResourceGraphSource."
          "test_resource_graph_and_arm_sources_storage_are_equivalent#1",
        "POST", "/providers/Microsoft.ResourceGraph/resources",
        "{\"subscriptions\":[\"ce2513b4-87d8-413e-9c7e-a3511cd39cb7\"],"
        "\"query\":\"Resources | where type =~ "
        "'Microsoft.Storage/storageAccounts'\"}"),
    GET(R "StorageTest.test_storage_management_policy_rules_filter#0",
        DATA "/providers/Microsoft.Storage/storageAccounts"),
    GET(R "StorageTest.test_storage_management_policy_rules_filter#1",
        V(LAKE "/managementPolicies/default", "2025-08-01")),
    GET(R "StorageTest.test_storage_management_policy_rules_filter#2",
        V(STORAGE "/managementPolicies/default", "2025-08-01")),
    ASK(R "AzureEventSubscriptionsTest.test_azure_event_subscription_delete#2",
        "PUT", PAY EVENTS "/shape",
        "{\"properties\":{\"destination\":{\"endpointType\":\"StorageQueue\","
        "\"properties\":{\"resourceId\":\"" STORAGE
        "\",\"queueName\":\"q\"}},\"filter\":{\"subjectBeginsWith\":\"\","
        "\"subjectEndsWith\":\"\",\"includedEventTypes\":[\"a\"]}}}"),
    GET(R "AzureEventSubscriptionsTest.test_azure_event_subscription_delete#4",
        PAY EVENTS "/shape"),
    GET(R "AzureEventSubscriptionsTest.test_azure_event_subscription_delete#5",
        PAY EVENTS),
};

const struct cloud_shapes shapes_recorded = { rows, LENGTH(rows) };
