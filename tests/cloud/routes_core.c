/* The routes of the tests' own handles, of signing in, of Resource Manager
 * itself and of vaults and managed HSMs in it. */
#include "routes.h"

#define V_CORE                                                                 \
    "2015-11-01 2016-06-01 2018-05-01 2019-06-01 2019-10-01 2020-01-01 "       \
    "2020-06-01 2020-10-01 2021-01-01 2021-04-01 2022-09-01 2022-12-01 "       \
    "2023-07-01 2024-03-01 2024-07-01 2024-11-01 2025-03-01 2025-04-01"
#define V_GROUPS "2020-02-01 2020-05-01 2020-10-01 2021-04-01 2023-04-01"
#define V_VAULT                                                                \
    "2015-06-01 2016-10-01 2018-02-14 2018-02-14-preview 2019-09-01 "          \
    "2020-04-01-preview 2021-04-01-preview 2021-06-01-preview 2021-10-01 "     \
    "2021-11-01-preview 2022-02-01-preview 2022-07-01 2022-11-01 2023-02-01 "  \
    "2023-07-01 2024-04-01-preview 2024-11-01 2024-12-01-preview 2025-05-01 "  \
    "2026-02-01 2026-03-01-preview 2026-04-01-preview"
#define V_PERIMETER                                                            \
    "2026-02-01 2026-03-01-preview 2026-04-01-preview 2026-04-01"
#define V_ASSIGN                                                               \
    "2015-07-01 2017-10-01-preview 2018-01-01-preview 2018-07-01 "             \
    "2018-09-01-preview 2020-03-01-preview 2020-04-01-preview "                \
    "2020-08-01-preview 2020-10-01-preview 2021-04-01-preview 2022-04-01"
#define V_DEFINE                                                               \
    "2015-07-01 2018-01-01-preview 2018-07-01 2022-04-01 2022-05-01-preview"
#define V_DENY "2018-07-01-preview 2022-04-01 2024-07-01-preview"
#define V_LOCK "2015-01-01 2016-09-01 2017-04-01 2020-05-01"
#define V_SETTING "2017-05-01-preview 2021-05-01-preview"
#define V_GRAPH                                                                \
    "2018-09-01-preview 2019-04-01 2020-04-01-preview 2021-03-01 "             \
    "2021-06-01-preview 2022-10-01 2024-04-01"
#define V_ANY "" /* other providers: only that there is one is checked */

#define SUB "/subscriptions/{}"
#define RG SUB "/resourceGroups/{}"
#define KV "/providers/Microsoft.KeyVault"
#define VAULT RG KV "/vaults/{}"
#define HSM RG KV "/managedHSMs/{}"
#define PERIMETERS "/networkSecurityPerimeterConfigurations"
#define AUTH "{+}/providers/Microsoft.Authorization"
#define SETTINGS "{+}/providers/Microsoft.Insights/diagnosticSettings"
#define MG "/providers/Microsoft.Management/managementGroups"
#define A_AUTH "Microsoft.Authorization/"
#define A_KV "Microsoft.KeyVault/"
#define A_PERIMETERS A_KV "vaults" PERIMETERS "/"
#define A_SETTING "Microsoft.Insights/diagnosticSettings/"

static const struct route rows[] = {
    { "POST", "/_cloud/fault", "", NULL, control_fault_add, ROUTE_OPEN },
    { "DELETE", "/_cloud/fault", "", NULL, control_fault_clear, ROUTE_OPEN },
    { "GET", "/_cloud/state", "", NULL, control_state, ROUTE_OPEN },
    { "GET", "/_cloud/requests", "", NULL, control_requests, ROUTE_OPEN },
    { "GET", "/_cloud/routes", "", NULL, control_routes, ROUTE_OPEN },
    { "POST", "/_cloud/client", "", NULL, control_client, ROUTE_OPEN },
    { "GET", "/_cloud/stories", "", NULL, control_stories, ROUTE_OPEN },
    { "GET", "/metadata/endpoints", "", NULL, endpoints_get, ROUTE_OPEN },
    { "GET", "/devicelogin", "", NULL, device_login, ROUTE_OPEN },
    { "GET", "/metadata/identity/oauth2/token", "", NULL, machine_token_get,
        ROUTE_OPEN },
    { "GET", "/msi/token", "", NULL, app_service_token_get, ROUTE_OPEN },
    { "GET", "/{}/v2.0/.well-known/openid-configuration", "", NULL,
        identity_configuration, ROUTE_OPEN },
    { "GET", "/{}/discovery/v2.0/keys", "", NULL, identity_keys, ROUTE_OPEN },
    { "POST", "/{}/oauth2/v2.0/token", "", NULL, identity_token, ROUTE_OPEN },
    { "POST", "/{}/oauth2/v2.0/devicecode", "", NULL, device_code, ROUTE_OPEN },
    { "POST", "/v1.0/directoryObjects/getByIds", V_ANY, NULL,
        directory_get_by_ids, ROUTE_LOCKLESS },
    { "GET", "/v1.0/directoryObjects/{}", V_ANY, NULL, directory_get, 0 },

    { "POST", "/batch", "2020-06-01", NULL, batch_post, ROUTE_LOCKLESS },
    { "GET", "/tenants", V_CORE, NULL, tenants_list, 0 },
    { "GET", "/subscriptions", V_CORE, NULL, subscriptions_list, 0 },
    { "GET", SUB, V_CORE, NULL, subscription_get, ROUTE_FILTERED },
    { "GET", SUB "/locations", V_CORE,
        "Microsoft.Resources/subscriptions/locations/read", locations_list, 0 },
    { "GET", SUB "/resourceGroups", V_CORE, NULL, groups_list, ROUTE_FILTERED },
    { "GET", RG, V_CORE,
        "Microsoft.Resources/subscriptions/resourceGroups/read", group_get, 0 },
    { "GET", SUB "/resources", V_CORE, NULL, resources_list, ROUTE_FILTERED },
    { "GET", SUB "/providers", V_CORE,
        "Microsoft.Resources/subscriptions/providers/read", providers_list, 0 },
    { "GET", SUB "/providers/{}", V_CORE,
        "Microsoft.Resources/subscriptions/providers/read", provider_get, 0 },
    { "POST", SUB "/providers/{}/register", V_CORE,
        "Microsoft.Resources/subscriptions/providers/register/action",
        provider_register, ROUTE_LOCKLESS },
    { "POST", "/providers/Microsoft.Management/getEntities", V_GROUPS, NULL,
        entities_list, ROUTE_LOCKLESS },
    { "GET", MG, V_GROUPS, NULL, management_list, ROUTE_FILTERED },
    { "GET", MG "/{}", V_GROUPS, "Microsoft.Management/managementGroups/read",
        management_get, 0 },
    { "GET", MG "/{}/descendants", V_GROUPS,
        "Microsoft.Management/managementGroups/descendants/read",
        management_descendants, 0 },
    { "GET", MG "/{}/subscriptions", V_GROUPS,
        "Microsoft.Management/managementGroups/subscriptions/read",
        management_subscriptions, 0 },
    { "POST", "/providers/Microsoft.ResourceGraph/resources", V_GRAPH, NULL,
        graph_query, ROUTE_LOCKLESS },

    { "GET", SUB KV "/vaults", V_VAULT, NULL, vaults_list, ROUTE_FILTERED },
    { "GET", RG KV "/vaults", V_VAULT, NULL, vaults_list, ROUTE_FILTERED },
    { "GET", VAULT, V_VAULT, A_KV "vaults/read", vault_get, 0 },
    { "PATCH", VAULT, V_VAULT, A_KV "vaults/write", vault_patch, 0 },
    { "PUT", VAULT, V_VAULT, A_KV "vaults/write", vault_put, 0 },
    { "DELETE", VAULT, V_VAULT, A_KV "vaults/delete", vault_delete, 0 },
    { "PUT", VAULT "/accessPolicies/{}", V_VAULT,
        A_KV "vaults/accessPolicies/write", vault_policies_put, 0 },
    { "GET", VAULT "/privateEndpointConnections", V_VAULT,
        A_KV "vaults/privateEndpointConnections/read", connections_list, 0 },
    { "GET", VAULT "/privateEndpointConnections/{}", V_VAULT,
        A_KV "vaults/privateEndpointConnections/read", connection_get, 0 },
    { "PUT", VAULT "/privateEndpointConnections/{}", V_VAULT,
        A_KV "vaults/privateEndpointConnections/write", connection_put, 0 },
    { "DELETE", VAULT "/privateEndpointConnections/{}", V_VAULT,
        A_KV "vaults/privateEndpointConnections/delete", connection_delete, 0 },
    { "GET", VAULT "/privateLinkResources", V_VAULT,
        A_KV "vaults/privateLinkResources/read", link_resources_list, 0 },
    { "GET", VAULT PERIMETERS, V_PERIMETER, A_PERIMETERS "read",
        perimeter_configurations_list, 0 },
    { "GET", VAULT PERIMETERS "/{}", V_PERIMETER, A_PERIMETERS "read",
        perimeter_configuration_get, 0 },
    { "POST", VAULT PERIMETERS "/{}/reconcile", V_PERIMETER,
        A_PERIMETERS "reconcile/action", perimeter_configuration_reconcile, 0 },
    { "GET", SUB KV "/deletedVaults", V_VAULT, A_KV "deletedVaults/read",
        deleted_vaults_list, 0 },
    { "GET", SUB KV "/locations/{}/deletedVaults/{}", V_VAULT,
        A_KV "locations/deletedVaults/read", deleted_vault_get, 0 },
    { "POST", SUB KV "/locations/{}/deletedVaults/{}/purge", V_VAULT,
        A_KV "locations/deletedVaults/purge/action", deleted_vault_purge, 0 },
    { "POST", SUB KV "/checkNameAvailability", V_VAULT,
        A_KV "checkNameAvailability/read", name_check, ROUTE_LOCKLESS },

    { "GET", SUB KV "/managedHSMs", V_VAULT, NULL, hsms_list, ROUTE_FILTERED },
    { "GET", RG KV "/managedHSMs", V_VAULT, NULL, hsms_list, ROUTE_FILTERED },
    { "GET", HSM, V_VAULT, A_KV "managedHSMs/read", hsm_get, 0 },
    { "PATCH", HSM, V_VAULT, A_KV "managedHSMs/write", hsm_patch, 0 },
    { "PUT", HSM, V_VAULT, A_KV "managedHSMs/write", hsm_put, 0 },
    { "DELETE", HSM, V_VAULT, A_KV "managedHSMs/delete", hsm_delete, 0 },
    { "GET", HSM "/regions", V_VAULT, A_KV "managedHSMs/read", hsm_regions, 0 },
    { "GET", HSM "/privateEndpointConnections", V_VAULT,
        A_KV "managedHSMs/privateEndpointConnections/read", connections_list,
        0 },
    { "GET", HSM "/privateEndpointConnections/{}", V_VAULT,
        A_KV "managedHSMs/privateEndpointConnections/read", connection_get, 0 },
    { "PUT", HSM "/privateEndpointConnections/{}", V_VAULT,
        A_KV "managedHSMs/privateEndpointConnections/write", connection_put,
        0 },
    { "DELETE", HSM "/privateEndpointConnections/{}", V_VAULT,
        A_KV "managedHSMs/privateEndpointConnections/delete", connection_delete,
        0 },
    { "GET", HSM "/privateLinkResources", V_VAULT,
        A_KV "managedHSMs/privateLinkResources/read", link_resources_list, 0 },
    { "GET", SUB KV "/deletedManagedHSMs", V_VAULT,
        A_KV "deletedManagedHsms/read", deleted_hsms_list, 0 },
    { "GET", SUB KV "/locations/{}/deletedManagedHSMs/{}", V_VAULT,
        A_KV "locations/deletedManagedHsms/read", deleted_hsm_get, 0 },
    { "GET", SUB KV "/locations/{}/managedHsmOperationResults/{}", V_VAULT,
        A_KV "locations/managedHsmOperationResults/read", operation_result, 0 },
    { "GET", SUB KV "/locations/{}/operationStatuses/{}", V_VAULT,
        A_KV "locations/operationResults/read", operation_status, 0 },

    { "GET", AUTH "/roleAssignments", V_ASSIGN, A_AUTH "roleAssignments/read",
        assignments_list, 0 },
    { "GET", AUTH "/roleAssignments/{}", V_ASSIGN,
        A_AUTH "roleAssignments/read", assignment_get, 0 },
    { "PUT", AUTH "/roleAssignments/{}", V_ASSIGN,
        A_AUTH "roleAssignments/write", assignment_put, 0 },
    { "DELETE", AUTH "/roleAssignments/{}", V_ASSIGN,
        A_AUTH "roleAssignments/delete", assignment_delete, 0 },
    { "GET", AUTH "/roleDefinitions", V_DEFINE, A_AUTH "roleDefinitions/read",
        definitions_list, 0 },
    { "GET", AUTH "/roleDefinitions/{}", V_DEFINE,
        A_AUTH "roleDefinitions/read", definition_get, 0 },
    { "PUT", AUTH "/roleDefinitions/{}", V_DEFINE,
        A_AUTH "roleDefinitions/write", definition_put, 0 },
    { "DELETE", AUTH "/roleDefinitions/{}", V_DEFINE,
        A_AUTH "roleDefinitions/delete", definition_delete, 0 },
    { "GET", AUTH "/permissions", V_DEFINE, NULL, permissions_list, 0 },
    { "GET", AUTH "/denyAssignments", V_DENY, A_AUTH "denyAssignments/read",
        denials_list, 0 },
    { "GET", AUTH "/denyAssignments/{}", V_DENY, A_AUTH "denyAssignments/read",
        denial_get, 0 },
    { "GET", AUTH "/locks", V_LOCK, A_AUTH "locks/read", locks_list, 0 },
    { "GET", AUTH "/locks/{}", V_LOCK, A_AUTH "locks/read", lock_get, 0 },
    { "PUT", AUTH "/locks/{}", V_LOCK, A_AUTH "locks/write", lock_put,
        ROUTE_LOCKLESS },
    { "DELETE", AUTH "/locks/{}", V_LOCK, A_AUTH "locks/delete", lock_delete,
        ROUTE_LOCKLESS },

    { "GET", SETTINGS, V_SETTING, A_SETTING "read", settings_list, 0 },
    { "GET", SETTINGS "/{}", V_SETTING, A_SETTING "read", setting_get, 0 },
    { "PUT", SETTINGS "/{}", V_SETTING, A_SETTING "write", setting_put, 0 },
    { "DELETE", SETTINGS "/{}", V_SETTING, A_SETTING "delete", setting_delete,
        0 },
    { "GET", "{+}/providers/Microsoft.Insights/diagnosticSettingsCategories",
        V_SETTING, "Microsoft.Insights/diagnosticSettingsCategories/read",
        setting_categories, 0 },

    /* Whatever else an estate holds can be listed and read. */
    { "GET", SUB "/providers/{}/{}", V_ANY, NULL, typed_list, ROUTE_FILTERED },
    { "GET", RG "/providers/{}/{}", V_ANY, NULL, typed_list, ROUTE_FILTERED },
    { "GET", RG "/providers/{}/{}/{}", V_ANY, NULL, resource_get,
        ROUTE_FILTERED },
};

const struct route_table routes_core = { rows, sizeof rows / sizeof *rows };
