/* Azure's built-in roles: the rows that matter to vaults and to those who
 * govern them, with their exact actions. Lists are separated by '|'. */
#include "roles.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"

/* What every Key Vault role that can look at vaults has in common. */
#define VAULT_SHARED                                                           \
    "Microsoft.Authorization/*/read|"                                          \
    "Microsoft.Insights/alertRules/*|"                                         \
    "Microsoft.Resources/deployments/*|"                                       \
    "Microsoft.Resources/subscriptions/resourceGroups/read|"                   \
    "Microsoft.Support/*|"                                                     \
    "Microsoft.KeyVault/checkNameAvailability/read|"                           \
    "Microsoft.KeyVault/deletedVaults/read|"                                   \
    "Microsoft.KeyVault/locations/*/read|"                                     \
    "Microsoft.KeyVault/vaults/*/read|"                                        \
    "Microsoft.KeyVault/operations/read"

static const struct {
    const char *guid;
    const char *name;
    const char *description;
    const char *actions;
    const char *not_actions;
    const char *data_actions;
} built_in[] = {
    {
        .guid = "b24988ac-6180-42a0-ab88-20f7382dd24c",
        .name = "Contributor",
        .description = "Lets you manage everything except access to resources.",
        .actions = "*",
        .not_actions =
            "Microsoft.Authorization/*/Delete|"
            "Microsoft.Authorization/*/Write|"
            "Microsoft.Authorization/elevateAccess/Action|"
            "Microsoft.Blueprint/blueprintAssignments/write|"
            "Microsoft.Blueprint/blueprintAssignments/delete|"
            "Microsoft.Compute/galleries/share/action|"
            "Microsoft.Purview/consents/write|"
            "Microsoft.Purview/consents/delete|"
            "Microsoft.Resources/deploymentStacks/manageDenySetting/action|"
            "Microsoft.Subscription/cancel/action|"
            "Microsoft.Subscription/enable/action",
        .data_actions = "",
    },
    {
        .guid = "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        .name = "Key Vault Administrator",
        .description = "Perform all data plane operations on a key vault and "
                       "all objects in it.",
        .actions = VAULT_SHARED,
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/*",
    },
    {
        .guid = "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
        .name = "Key Vault Certificate User",
        .description = "Read certificate contents.",
        .actions = "",
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/certificates/read|"
                        "Microsoft.KeyVault/vaults/secrets/getSecret/action|"
                        "Microsoft.KeyVault/vaults/secrets/readMetadata/action|"
                        "Microsoft.KeyVault/vaults/keys/read",
    },
    {
        .guid = "a4417e6f-fecd-4de8-b567-7b0420556985",
        .name = "Key Vault Certificates Officer",
        .description = "Perform any action on the certificates of a key vault, "
                       "except manage permissions.",
        .actions = VAULT_SHARED,
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/certificatecas/*|"
                        "Microsoft.KeyVault/vaults/certificates/*|"
                        "Microsoft.KeyVault/vaults/certificatecontacts/write",
    },
    {
        .guid = "f25e0fa2-a7c8-4377-a976-54943a77a395",
        .name = "Key Vault Contributor",
        .description = "Lets you manage key vaults, but not access to them.",
        .actions = "Microsoft.Authorization/*/read|"
                   "Microsoft.Insights/alertRules/*|"
                   "Microsoft.KeyVault/*|"
                   "Microsoft.Resources/deployments/*|"
                   "Microsoft.Resources/subscriptions/resourceGroups/read|"
                   "Microsoft.Support/*",
        .not_actions =
            "Microsoft.KeyVault/locations/deletedVaults/purge/action|"
            "Microsoft.KeyVault/hsmPools/*|"
            "Microsoft.KeyVault/managedHsms/*",
        .data_actions = "",
    },
    {
        .guid = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
        .name = "Key Vault Crypto Officer",
        .description = "Perform any action on the keys of a key vault, except "
                       "manage permissions.",
        .actions = VAULT_SHARED,
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/keys/*|"
                        "Microsoft.KeyVault/vaults/keyrotationpolicies/*",
    },
    {
        .guid = "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        .name = "Key Vault Crypto Service Encryption User",
        .description =
            "Read metadata of keys and perform wrap/unwrap operations.",
        .actions = "Microsoft.EventGrid/eventSubscriptions/write|"
                   "Microsoft.EventGrid/eventSubscriptions/read|"
                   "Microsoft.EventGrid/eventSubscriptions/delete",
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/keys/read|"
                        "Microsoft.KeyVault/vaults/keys/wrap/action|"
                        "Microsoft.KeyVault/vaults/keys/unwrap/action",
    },
    {
        .guid = "08bbd89e-9f13-488c-ac41-acfcb10c90ab",
        .name = "Key Vault Crypto Service Release User",
        .description = "Release keys.",
        .actions = "",
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/keys/release/action",
    },
    {
        .guid = "12338af0-0e69-4776-bea7-57ae8d297424",
        .name = "Key Vault Crypto User",
        .description = "Perform cryptographic operations using keys.",
        .actions = "",
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/keys/read|"
                        "Microsoft.KeyVault/vaults/keys/update/action|"
                        "Microsoft.KeyVault/vaults/keys/backup/action|"
                        "Microsoft.KeyVault/vaults/keys/encrypt/action|"
                        "Microsoft.KeyVault/vaults/keys/decrypt/action|"
                        "Microsoft.KeyVault/vaults/keys/wrap/action|"
                        "Microsoft.KeyVault/vaults/keys/unwrap/action|"
                        "Microsoft.KeyVault/vaults/keys/sign/action|"
                        "Microsoft.KeyVault/vaults/keys/verify/action",
    },
    {
        .guid = "8b54135c-b56d-4d72-a534-26097cfdc8d8",
        .name = "Key Vault Data Access Administrator",
        .description = "Manage access to a key vault by adding or removing "
                       "role assignments for the key vault roles.",
        .actions = "Microsoft.Authorization/roleAssignments/write|"
                   "Microsoft.Authorization/roleAssignments/delete|"
                   "Microsoft.Authorization/*/read|"
                   "Microsoft.Resources/deployments/*|"
                   "Microsoft.Resources/subscriptions/resourceGroups/read|"
                   "Microsoft.Resources/subscriptions/read|"
                   "Microsoft.Management/managementGroups/read|"
                   "Microsoft.Support/*|"
                   "Microsoft.KeyVault/vaults/*/read",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "a68e7c17-0ab2-4c09-9a58-125dae29748c",
        .name = "Key Vault Purge Operator",
        .description = "Allows permanent deletion of soft-deleted vaults.",
        .actions = "Microsoft.KeyVault/locations/deletedVaults/read|"
                   "Microsoft.KeyVault/locations/deletedVaults/purge/action|"
                   "Microsoft.KeyVault/locations/operationResults/read",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "21090545-7ca7-4776-b22c-e363652d74d2",
        .name = "Key Vault Reader",
        .description = "Read metadata of key vaults and their certificates, "
                       "keys, and secrets.",
        .actions = VAULT_SHARED,
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/*/read|"
                        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    },
    {
        .guid = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        .name = "Key Vault Secrets Officer",
        .description = "Perform any action on the secrets of a key vault, "
                       "except manage permissions.",
        .actions = VAULT_SHARED,
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/secrets/*",
    },
    {
        .guid = "4633458b-17de-408a-b874-0445c86b69e6",
        .name = "Key Vault Secrets User",
        .description = "Read secret contents.",
        .actions = "",
        .not_actions = "",
        .data_actions = "Microsoft.KeyVault/vaults/secrets/getSecret/action|"
                        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    },
    {
        .guid = "28bf596f-4eb7-45ce-b5bc-6cf482fec137",
        .name = "Locks Contributor",
        .description = "Can manage locks operations.",
        .actions = "Microsoft.Authorization/locks/*",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "92aaf0da-9dab-42b6-94a3-d43ce8d16293",
        .name = "Log Analytics Contributor",
        .description = "Log Analytics Contributor can read all monitoring data "
                       "and edit monitoring settings.",
        .actions =
            "*/read|"
            "Microsoft.Automation/automationAccounts/*|"
            "Microsoft.ClassicCompute/virtualMachines/extensions/*|"
            "Microsoft.ClassicStorage/storageAccounts/listKeys/action|"
            "Microsoft.Compute/virtualMachines/extensions/*|"
            "Microsoft.Insights/alertRules/*|"
            "Microsoft.Insights/diagnosticSettings/*|"
            "Microsoft.OperationalInsights/*|"
            "Microsoft.OperationsManagement/*|"
            "Microsoft.Resources/deployments/*|"
            "Microsoft.Resources/subscriptions/resourcegroups/deployments/*|"
            "Microsoft.Storage/storageAccounts/listKeys/action|"
            "Microsoft.Support/*",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "3b03c2da-16b3-4a49-8834-0f8130efdd3b",
        .name = "Log Analytics Data Reader",
        .description = "Query and read log data by table.",
        .actions = "Microsoft.OperationalInsights/workspaces/query/read|"
                   "Microsoft.OperationalInsights/workspaces/read",
        .not_actions = "",
        .data_actions =
            "Microsoft.OperationalInsights/workspaces/tables/data/read",
    },
    {
        .guid = "73c42c96-874c-492b-b04d-ab87d138a893",
        .name = "Log Analytics Reader",
        .description =
            "Log Analytics Reader can view and search all monitoring data as "
            "well as and view monitoring settings, including viewing the "
            "configuration of Azure diagnostics on all Azure resources.",
        .actions =
            "*/read|"
            "Microsoft.OperationalInsights/workspaces/analytics/query/action|"
            "Microsoft.OperationalInsights/workspaces/search/action|"
            "Microsoft.Support/*",
        .not_actions =
            "Microsoft.OperationalInsights/workspaces/sharedKeys/read",
        .data_actions = "",
    },
    {
        .guid = "18500a29-7fe2-46b2-a342-b16a415e101d",
        .name = "Managed HSM contributor",
        .description =
            "Lets you manage managed HSM pools, but not access to them.",
        .actions =
            "Microsoft.KeyVault/managedHSMs/*|"
            "Microsoft.KeyVault/deletedManagedHsms/read|"
            "Microsoft.KeyVault/locations/deletedManagedHsms/read|"
            "Microsoft.KeyVault/locations/deletedManagedHsms/purge/action|"
            "Microsoft.KeyVault/locations/managedHsmOperationResults/read",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "ac63b705-f282-497d-ac71-919bf39d939d",
        .name = "Management Group Reader",
        .description = "Management Group Reader Role.",
        .actions = "Microsoft.Management/managementGroups/read",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "749f88d5-cbae-40b8-bcfc-e573ddc772fa",
        .name = "Monitoring Contributor",
        .description =
            "Can read all monitoring data and update monitoring settings.",
        .actions =
            "*/read|"
            "Microsoft.AlertsManagement/alerts/*|"
            "Microsoft.AlertsManagement/alertsSummary/*|"
            "Microsoft.Insights/actiongroups/*|"
            "Microsoft.Insights/activityLogAlerts/*|"
            "Microsoft.Insights/AlertRules/*|"
            "Microsoft.Insights/components/*|"
            "Microsoft.Insights/DiagnosticSettings/*|"
            "Microsoft.Insights/eventtypes/*|"
            "Microsoft.Insights/LogDefinitions/*|"
            "Microsoft.Insights/metricalerts/*|"
            "Microsoft.Insights/MetricDefinitions/*|"
            "Microsoft.Insights/Metrics/*|"
            "Microsoft.Insights/Register/Action|"
            "Microsoft.Insights/scheduledqueryrules/*|"
            "Microsoft.Insights/webtests/*|"
            "Microsoft.OperationalInsights/workspaces/intelligencepacks/*|"
            "Microsoft.OperationalInsights/workspaces/savedSearches/*|"
            "Microsoft.OperationalInsights/workspaces/search/action|"
            "Microsoft.OperationalInsights/workspaces/sharedKeys/action|"
            "Microsoft.OperationalInsights/workspaces/storageinsightconfigs/*|"
            "Microsoft.Support/*|"
            "Microsoft.WorkloadMonitor/monitors/*|"
            "Microsoft.WorkloadMonitor/notificationSettings/*",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
        .name = "Monitoring Reader",
        .description = "Can read all monitoring data.",
        .actions = "*/read|"
                   "Microsoft.OperationalInsights/workspaces/search/action|"
                   "Microsoft.Support/*",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "4d97b98b-1d4f-4787-a291-c67834d212e7",
        .name = "Network Contributor",
        .description = "Lets you manage networks, but not access to them.",
        .actions = "Microsoft.Authorization/*/read|"
                   "Microsoft.Insights/alertRules/*|"
                   "Microsoft.Network/*|"
                   "Microsoft.ResourceHealth/availabilityStatuses/read|"
                   "Microsoft.Resources/deployments/*|"
                   "Microsoft.Resources/subscriptions/resourceGroups/read|"
                   "Microsoft.Support/*",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        .name = "Owner",
        .description =
            "Lets you manage everything, including access to resources.",
        .actions = "*",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        .name = "Reader",
        .description = "View all resources, but not to make any changes.",
        .actions = "*/read",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        .name = "Role Based Access Control Administrator",
        .description = "Manage access to Azure resources by assigning roles "
                       "using Azure RBAC.",
        .actions = "Microsoft.Authorization/roleAssignments/write|"
                   "Microsoft.Authorization/roleAssignments/delete|"
                   "*/read|"
                   "Microsoft.Support/*",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "fb1c8493-542b-48eb-b624-b4c8fea62acd",
        .name = "Security Admin",
        .description = "Security Admin Role.",
        .actions = "Microsoft.Authorization/*/read|"
                   "Microsoft.Authorization/policyAssignments/*|"
                   "Microsoft.Authorization/policyDefinitions/*|"
                   "Microsoft.Authorization/policySetDefinitions/*|"
                   "Microsoft.Insights/alertRules/*|"
                   "Microsoft.Management/managementGroups/read|"
                   "Microsoft.operationalInsights/workspaces/*/read|"
                   "Microsoft.Resources/deployments/*|"
                   "Microsoft.Resources/subscriptions/resourceGroups/read|"
                   "Microsoft.Security/*|"
                   "Microsoft.Support/*",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "39bc4728-0917-49c7-9d2c-d95423bc2eb4",
        .name = "Security Reader",
        .description = "Security Reader Role.",
        .actions = "Microsoft.Authorization/*/read|"
                   "Microsoft.Insights/alertRules/*|"
                   "Microsoft.operationalInsights/workspaces/*/read|"
                   "Microsoft.Resources/deployments/*|"
                   "Microsoft.Resources/subscriptions/resourceGroups/read|"
                   "Microsoft.Security/*/read|"
                   "Microsoft.Support/*|"
                   "Microsoft.Management/managementGroups/read",
        .not_actions = "",
        .data_actions = "",
    },
    {
        .guid = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        .name = "Storage Blob Data Reader",
        .description =
            "Allows for read access to Azure Storage blob containers and data.",
        .actions =
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
        .not_actions = "",
        .data_actions = "Microsoft.Storage/storageAccounts/blobServices/"
                        "containers/blobs/read",
    },
    {
        .guid = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        .name = "User Access Administrator",
        .description = "Lets you manage user access to Azure resources.",
        .actions = "*/read|"
                   "Microsoft.Authorization/*|"
                   "Microsoft.Support/*",
        .not_actions = "",
        .data_actions = "",
    },
};

static json_t *role_list(const char *text)
{
    json_t *list = json_array();

    while (*text) {
        size_t length = strcspn(text, "|");

        json_array_append_new(list, json_stringn(text, length));
        text += length + (text[length] == '|');
    }
    return list;
}

void roles_add(struct estate *estate)
{
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
        char *id = alloc_format(
            "/providers/Microsoft.Authorization/roleDefinitions/%s",
            built_in[i].guid);
        json_t *role;

        if (!estate_role(estate, id)) {
            role = json_pack("{s:{s:s, s:s, s:s, s:[s], s:[{s:o, s:o, s:o, "
                             "s:[]}], s:s, s:s, s:n, s:n}, s:s, s:s, s:s}",
                "properties", "roleName", built_in[i].name, "type",
                "BuiltInRole", "description", built_in[i].description,
                "assignableScopes", "/", "permissions", "actions",
                role_list(built_in[i].actions), "notActions",
                role_list(built_in[i].not_actions), "dataActions",
                role_list(built_in[i].data_actions), "notDataActions",
                "createdOn", "2015-02-02T21:55:09.8806423Z", "updatedOn",
                "2021-11-11T20:13:35.6418780Z", "createdBy", "updatedBy", "id",
                id, "type", "Microsoft.Authorization/roleDefinitions", "name",
                built_in[i].guid);
            estate_append(estate, KIND_ROLE_DEFINITION, item_new(role));
            json_decref(role);
        }
        free(id);
    }
}
