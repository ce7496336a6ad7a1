/* What the real service answered to others, each body through the decoder
 * that would meet it; and what its errors come to. */
#include "test.h"

#include <string.h>

#include "decode.h"

#define SUBSCRIPTION "ea42f556-5106-4743-99b0-c129bfa71a47"
#define BELOW(group)                                                           \
    "/subscriptions/" SUBSCRIPTION "/resourceGroups/" group                    \
    "/providers/Microsoft.KeyVault/vaults/kv-below"
/* The vault of most recordings: made in 2022, with half the internet in eight
 * rules and no word on soft delete, roles or public access. */
#define OLD_VAULT(tags)                                                        \
    "vault cckeyvault1yghq6zt4ewg2e in " SUBSCRIPTION                          \
    "/test_keyvault southcentralus sku Standard roles - soft - purge - days "  \
    "0 state Succeeded activation - tags " tags "\n"
#define EMPTY_PAGE(name)                                                       \
    {                                                                          \
        name, 1, AZURE_VAULTS, 0, NULL,                                        \
        {                                                                      \
            NULL                                                               \
        }                                                                      \
    }
#define TEST_LOCK                                                              \
    "  lock cctestlockfilter CanNotDelete at resource group on "               \
    "/subscriptions/" SUBSCRIPTION "/resourcegroups/test_locked\n"

#define ACCOUNT                                                                \
    "/subscriptions/dd3ce4b8-093a-40da-8369-d50149d0f84a/resourceGroups/"      \
    "369-rg-green/providers/Microsoft.Storage/storageAccounts/sa369green"

static const struct decode_row rows[] = {
    /* ---- policies; a version that knew no enforcement modes ---- */
    { "PolicyAssignmentTest.test_find_by_name.json", 0, AZURE_POLICIES, 3, NULL,
        { "policy 'cctestpolicy' at /subscriptions/" SUBSCRIPTION
          " of /providers/Microsoft.Authorization/policyDefinitions/"
          "06a78e20-9358-41c9-923c-fb736d382a4d enforced\n" } },

    /* ---- vaults ---- */
    { "KeyVaultTest.common.json", 0, AZURE_VAULTS, 1, NULL,
        { OLD_VAULT("1"), "  network public - default deny bypass services\n",
            "  address 128.0.0.0/1 80000000-ffffffff\n" } },
    EMPTY_PAGE("KeyVaultTest.common.json"),
    { "KeyVaultTest.test_whitelist.json", 0, AZURE_VAULTS, 1, NULL,
        { OLD_VAULT("1") } },
    EMPTY_PAGE("KeyVaultTest.test_whitelist.json"),
    { "KeyVaultTest.test_whitelist.json", 2, AZURE_RESOURCE, 1, NULL,
        { OLD_VAULT("1"), "  address 126.0.0.0/8 7e000000-7effffff\n",
            "  policy cfb71ed8-fcd0-4fe2-8384-7076080a219b keys get list "
            "update create import delete recover backup restore; secrets " } },
    { "KeyVaultTest.test_whitelist_not_authorized.json", 0, AZURE_VAULTS, 1,
        NULL, { OLD_VAULT("1") } },
    EMPTY_PAGE("KeyVaultTest.test_whitelist_not_authorized.json"),
    { "KeyVaultTest.test_whitelist_not_authorized.json", 2, AZURE_RESOURCE, 1,
        NULL, { OLD_VAULT("1") } },
    { "KeyVaultTest.test_update_access_policy_action.json", 0, AZURE_VAULTS, 1,
        NULL, { OLD_VAULT("1") } },
    EMPTY_PAGE("KeyVaultTest.test_update_access_policy_action.json"),
    { "KeyVaultTest.test_update_access_policy.json", 0, AZURE_VAULTS, 5, NULL,
        { "vault CMKVaultStacklet in " SUBSCRIPTION
          "/jamison-policy-testing eastus sku Standard roles - soft y purge y "
          "days 10 ",
            "  subnet /subscriptions/" SUBSCRIPTION
            "/resourcegroups/stacklet-marketplace/providers/microsoft.network/"
            "virtualnetworks/stacklet-vnet/subnets/web\n",
            "  policy 1f537904-396d-40b3-a7c0-720f9fb33c6b keys all; secrets "
            "all; certificates all\n" } },
    EMPTY_PAGE("KeyVaultTest.test_update_access_policy.json"),
    { "KeyVaultTest.test_update_access_policy.json", 3, AZURE_RESOURCE, 1, NULL,
        { "vault cckeyvault1zd2yzvhwvtnsu in ",
            "  policy 11111111-1111-1111-1111-111111111111 keys get; secrets "
            "; certificates \n" } },
    { "KeyVaultKeyTest.test_key_vault_key_update_expires_on_not_before_action"
      ".json",
        0, AZURE_VAULTS, 1, NULL,
        { "vault c7ntestvault in " SUBSCRIPTION "/c7ntest eastus sku Standard "
          "roles y soft y purge - days 90 " } },
    { "KeyVaultKeyTest.test_key_vault_key_update_expires_on_not_before_action"
      ".json",
        5, AZURE_VAULTS, 0, NULL, { NULL } },
    { "KeyVaultKeyTest.test_key_vault_keys_keyvault.json", 0, AZURE_VAULTS, 1,
        NULL, { "vault cckeyvault1yghq6zt4ewg2e in " } },
    EMPTY_PAGE("KeyVaultKeyTest.test_key_vault_keys_keyvault.json"),
    { "KeyVaultKeyTest.test_key_vault_keys_type.json", 0, AZURE_VAULTS, 1, NULL,
        { "vault cckeyvault1yghq6zt4ewg2e in " } },
    { "KeyVaultSecretsTest.test_key_vault_secrets_expiry.json", 0, AZURE_VAULTS,
        1, NULL,
        { "vault cfb-txqrNpDc-nRBAC-vault in " SUBSCRIPTION
          "/cfb-txqrNpDc-test-group centralus sku standard roles n soft y "
          "purge - days 7 state Succeeded activation - tags 2\n" } },
    { "KeyVaultSecretsTest.test_key_vault_secrets_keyvault.json", 0,
        AZURE_VAULTS, 1, NULL, { "vault cfb-txqrNpDc-nRBAC-vault in " } },
    { "ParentFilterFunctionalTest.keyvault-keys.json", 0, AZURE_VAULTS, 1, NULL,
        { OLD_VAULT("1") } },

    /* ---- roles: the powers of the well-known ones, from their actions ---- */
    { "AccessControlTest.test_find_definition_by_name.json", 0, AZURE_ROLES,
        128, NULL,
        { "role 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 'Owner' powers 03f\n",
            "role b24988ac-6180-42a0-ab88-20f7382dd24c 'Contributor' powers "
            "03e\n",
            "role 18d7d88d-d35e-4fb5-a5c3-7773c20a72d9 'User Access "
            "Administrator' powers 001\n" } },
    { "AccessControlTest.test_find_definition_by_name.json", 0, AZURE_ROLES,
        128, NULL,
        { "role f25e0fa2-a7c8-4377-a976-54943a77a395 'Key Vault Contributor' "
          "powers 03e\n",
            "role acdd72a7-3385-48ef-bd42-f606fba81ae7 'Reader' powers 000\n",
            "  block actions * but Microsoft.Authorization/*/Delete "
            "Microsoft.Authorization/*/Write " } },
    { "AccessControlTest.test_find_assignments_by_resources.json", 0,
        AZURE_ASSIGNMENTS, 74, BELOW("test_vm"),
        { "  assignment at tenant root service principal is "
          "5c617d2b-99f8-4c90-98fe-dfe040fa33c1 of "
          "acdd72a7-3385-48ef-bd42-f606fba81ae7\n",
            "  assignment at subscription user is " } },

    /* ---- locks ---- */
    { "ResourceLockFilter.test_find_by_lock.json", 1, AZURE_LOCKS, 0,
        BELOW("TEST_DISK-LOCKED"), { NULL } },
    { "ResourceLockFilter.test_find_by_lock.json", 2, AZURE_LOCKS, 1,
        BELOW("TEST_LOCKED"), { TEST_LOCK } },
    { "ResourceLockFilter.test_find_by_lock_type_absent.json", 1, AZURE_LOCKS,
        0, BELOW("test_cosmosdb"), { NULL } },
    { "ResourceLockFilter.test_find_by_lock_type_any.json", 2, AZURE_LOCKS, 1,
        BELOW("TEST_LOCKED"), { TEST_LOCK } },

    /* ---- logs ---- */
    { "DiagnosticSettingsFilterTest.test_filter_diagnostic_settings_enabled"
      ".json",
        1, AZURE_DIAGNOSTICS, 1, BELOW("rg"),
        { "  setting ccdiagnosticsettingtest audit - all n metrics n "
          "workspace - storage /subscriptions/" SUBSCRIPTION
          "/resourceGroups/test_diagnostic-settings/providers/"
          "Microsoft.Storage/storageAccounts/diagnosticruwy74fd3rqea hub - "
          "partner -\n" } },
    { "DiagnosticSettingsFilterTest.test_filter_diagnostic_settings_present"
      ".json",
        1, AZURE_DIAGNOSTICS, 1, BELOW("rg"),
        { "  setting ccdiagnosticsettingtest audit - " } },
    { "ResourceGraphSource.test_resource_graph_and_arm_sources_storage_are_"
      "equivalent.json",
        0, AZURE_GRAPH_SINKS, 1, NULL,
        { "storage account cctstoragey6akyqpagdt3o in southcentralus\n" } },
    { "ResourceGraphSource.test_resource_graph_and_arm_sources_storage_are_"
      "equivalent.json",
        1, AZURE_GRAPH_SINKS, 1, NULL,
        { "storage account cctstoragey6akyqpagdt3o in southcentralus\n" } },
    { "StorageTest.test_storage_management_policy_rules_filter.json", 0,
        AZURE_GRAPH_SINKS, 2, NULL,
        { "storage account cloudcustodiantest in westus2\n" } },
    { "AzureEventSubscriptionsTest.test_azure_event_subscription_delete.json",
        0, AZURE_GRAPH_SINKS, 8, NULL,
        { "storage account 45mqcga7pkswisalinuxvm in southcentralus\n" } },

    /* ---- detection; assessments of machines are passed over ---- */
    { "AzureEventSubscriptionsTest.test_azure_event_subscription_policy_run"
      ".json",
        6, AZURE_SOURCE_EVENTS, 1,
        "/subscriptions/ea42f556-5106-4743-99b0-c129bfa71a47",
        { "events custodiantestsubscription to StorageQueue live y type "
          "Microsoft.Resources.ResourceWriteSuccess type " } },
    { "DefenderTest.test_azure_defender_assessments.json", 0,
        AZURE_GRAPH_ASSESSMENTS, 1, NULL, { NULL } },
    /* Days of a rule come as 3.0. */
    { "StorageTest.test_storage_management_policy_rules_filter.json", 2,
        AZURE_LIFECYCLE, 1, ACCOUNT, { NULL } },
};

#define NOT_BUILT "a provider that is not built"
#define NOT_ASKED "an operation that kvgov does not call"

static const struct decode_excuse excuses[] = {
    { "AzureEventSubscriptionsTest.test_event_subscription_schema_validate",
        "the same accounts as in the recording that is read" },
    { "DefenderTest.test_azure_defender_autoprovisioning", NOT_ASKED },
    { "DefenderTest.test_azure_defender_setting", NOT_ASKED },
    { "PolicyCompliance.", "virtual machines only" },
    { "ResourceGroupTest.", "resource groups are not listed" },
    { "SubscriptionTaggingTest.", "a single subscription is not read" },
};

static void test_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        decode_check("recorded", &rows[i]);
}

static void test_covered(void **state)
{
    (void)state;
    decode_check_covered(
        "recorded", rows, LENGTH(rows), excuses, LENGTH(excuses));
}

/* ---- errors ---- */

struct error_row {
    const char *name;
    const char *body; /* NULL: the recording of `file` and `answer` */
    const char *file;
    int answer;
    long code;
    enum kv_status status;
    const char *says;
};

#define DENIED_BODY                                                            \
    "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The client "   \
    "'ops@contoso.com' with object id '1' does not have authorization to "     \
    "perform action 'Microsoft.KeyVault/vaults/read' over scope "              \
    "'/subscriptions/1' or the scope is invalid.\"}}"

static const struct error_row error_rows[] = {
    { "recorded 404", NULL,
        "StorageTest.test_storage_management_policy_rules_filter.json", 1, 404,
        KV_NOT_FOUND, "404 " },
    { "recorded 401", NULL, "ParentFilterFunctionalTest.keyvault-keys.json", 2,
        401, KV_SIGN_IN, "401 Unauthorized" },
    { "403 names the action", DENIED_BODY, NULL, 0, 403, KV_DENIED,
        "needs Microsoft.KeyVault/vaults/read" },
    { "403 without an action",
        "{\"error\":{\"code\":\"RequestDisallowedByPolicy\",\"message\":"
        "\"Resource 'kv' was disallowed by policy.\"}}",
        NULL, 0, 403, KV_DENIED, "RequestDisallowedByPolicy" },
    { "at the top level",
        "{\"code\":\"BadRequest\",\"message\":\"Not a valid property.\"}", NULL,
        0, 400, KV_SERVICE, "400 BadRequest: Not a valid property." },
    { "conflict",
        "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"The scope is "
        "locked.\"}}",
        NULL, 0, 409, KV_CONFLICT, "ScopeLocked" },
    { "throttled",
        "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"Slow.\"}}",
        NULL, 0, 429, KV_THROTTLED, "TooManyRequests" },
    { "no JSON", "<html>Bad gateway</html>", NULL, 0, 502, KV_SERVICE, "502" },
    { "nothing", "", NULL, 0, 500, KV_SERVICE, "500" },
    { "another shape", "{\"error\":\"text\"}", NULL, 0, 500, KV_SERVICE,
        "500" },
    { "redirect", "", NULL, 0, 302, KV_FOREIGN_HOST, "302" },
};

static void check_error(const struct error_row *row)
{
    char *body = row->body ? mem_copy_text(row->body)
                           : decode_body("recorded", row->file, row->answer);
    struct kv_error err = { 0 };
    enum kv_status status =
        azure_error_set(&err, row->code, view_of(body), "vaults");

    if (status != row->status || err.status != row->status ||
        !strstr(err.text, row->says))
        fail_with("%s: status %d, '%s', expected %d and '%s'", row->name,
            (int)status, err.text, (int)row->status, row->says);
    mem_free(body);
}

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(error_rows); i++)
        check_error(&error_rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_covered),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
