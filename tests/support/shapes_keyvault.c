/* Vaults and managed HSMs in Resource Manager. What deletes comes last. */
#include "shapes_ids.h"
#include "test.h"

#define K "Microsoft.KeyVault/"
#define NEW GROUP KEYVAULT "vaults/kv-shape-weu"
#define NEW_HSM GROUP KEYVAULT "managedHSMs/hsm-shape-weu"
#define PERIMETERS "/networkSecurityPerimeterConfigurations"
#define FIREWALL                                                               \
    "{\"location\":\"westus\",\"properties\":{\"tenantId\":\"" TENANT          \
    "\",\"sku\":{\"family\":\"A\",\"name\":\"standard\"},"                     \
    "\"enabledForDeployment\":true,\"enabledForDiskEncryption\":true,"         \
    "\"enabledForTemplateDeployment\":true,\"accessPolicies\":[],"             \
    "\"networkAcls\":{\"bypass\":\"AzureServices\",\"defaultAction\":"         \
    "\"Deny\","                                                                \
    "\"ipRules\":[{\"value\":\"124.56.78.91\"}],\"virtualNetworkRules\":[{"    \
    "\"id\":\"" GROUP "/providers/Microsoft.Network/virtualNetworks/"          \
    "vnet-payments-weu/subnets/snet-apps\"}]}}}"

static const struct cloud_shape rows[] = {
    PUT(K "Vaults_CreateOrUpdate.createVault", NEW),
    ASK(K "Vaults_CreateOrUpdate.createVaultWithNetworkAcls", "PUT", NEW,
        FIREWALL),
    ASK(K "Vaults_Update", "PATCH", NEW, EXAMPLE_BODY),
    PUT(K "Vaults_UpdateAccessPolicy", NEW "/accessPolicies/add"),
    GET(K "Vaults_Get", NEW),
    GET(K "Vaults_ListByResourceGroup", GROUP KEYVAULT "vaults"),
    GET(K "Vaults_ListBySubscription", PAY KEYVAULT "vaults"),
    ASK(K "Vaults_Delete", "DELETE", NEW, NULL),
    GET(K "Vaults_GetDeleted",
        PLAT KEYVAULT "locations/northeurope/deletedVaults/kv-gone-late"),
    GET(K "Vaults_ListDeleted", PLAT KEYVAULT "deletedVaults"),
    ASK(K "Vaults_PurgeDeleted", "POST",
        PAY KEYVAULT "locations/westus/deletedVaults/kv-shape-weu/purge", ""),

    GET(K "Keys_List", CORE "/keys"),
    GET(K "Keys_Get", CORE "/keys/card-vault-wrap"),
    GET(NONE, V(CORE "/keys/card-vault-wrap/versions", "2026-02-01")),
    GET(NONE,
        V(CORE "/keys/card-vault-wrap/versions/<value.0.name>", "2026-02-01")),
    GET(K "Secrets_List", CORE "/secrets"),
    GET(K "Secrets_Get", CORE "/secrets/ledger-db"),
    GET(K "PrivateLinkResources_ListByVault", CORE "/privateLinkResources"),
    GET(K "PrivateEndpointConnections_ListByResource",
        CORE "/privateEndpointConnections"),
    GET(K "PrivateEndpointConnections_Get",
        CORE "/privateEndpointConnections/<value.0.name>"),
    PUT(K "PrivateEndpointConnections_Put",
        CORE "/privateEndpointConnections/<name>"),
    ASK(K "PrivateEndpointConnections_Delete", "DELETE",
        CORE "/privateEndpointConnections/<name>", NULL),

    GET(K "NetworkSecurityPerimeterConfigurations_ListConfigurations",
        CORE PERIMETERS),
    GET(K "NetworkSecurityPerimeterConfigurations_GetConfiguration",
        CORE PERIMETERS "/<value.0.name>"),
    ASK(K "NetworkSecurityPerimeterConfigurations_ReconcileConfiguration",
        "POST", CORE PERIMETERS "/<name>/reconcile", ""),

    PUT(K "ManagedHsms_CreateOrUpdate", NEW_HSM),
    ASK(K "ManagedHsms_Update", "PATCH", NEW_HSM, EXAMPLE_BODY),
    GET(K "ManagedHsms_Get", PAY_HSM),
    GET(K "ManagedHsms_ListByResourceGroup",
        PAY "/resourceGroups/rg-hsm-weu" KEYVAULT "managedHSMs"),
    GET(K "ManagedHsms_ListBySubscription", PAY KEYVAULT "managedHSMs"),
    GET(K "ManagedHsms_ListDeleted", DEV KEYVAULT "deletedManagedHSMs"),
    GET(K "ManagedHsms_GetDeleted", DEV KEYVAULT
        "locations/westeurope/deletedManagedHSMs/hsm-gone-lab-weu"),
    GET(K "MHSMRegions_ListByResource", HSM "/regions"),
    GET(K "ManagedHsmKeys_List", HSM "/keys"),
    GET(K "MHSMPrivateLinkResources_ListByMHSMResource",
        PAY_HSM "/privateLinkResources"),
    GET(K "MHSMPrivateEndpointConnections_ListByResource",
        PAY_HSM "/privateEndpointConnections"),
    GET(K "MHSMPrivateEndpointConnections_Get",
        PAY_HSM "/privateEndpointConnections/<value.0.name>"),
    PUT(K "MHSMPrivateEndpointConnections_Put",
        PAY_HSM "/privateEndpointConnections/<name>"),
    ASK(K "MHSMPrivateEndpointConnections_Delete", "DELETE",
        PAY_HSM "/privateEndpointConnections/<name>", NULL),
    ASK("(no example)", "POST",
        PAY KEYVAULT "checkNameAvailability?api-version=2026-02-01",
        "{\"name\":\"kv-none\",\"type\":\"Microsoft.KeyVault/vaults\"}"),
    GET("(no example)", HSM "/keys/notary?api-version=2026-02-01"),
};

const struct cloud_shapes shapes_keyvault = { rows, LENGTH(rows) };
