/* The routes of vault and HSM hosts, Microsoft Graph and Log Analytics. */
#include "routes.h"

#define V_DATA                                                                 \
    "7.0 7.1 7.2 7.3 7.4 7.5-preview.1 7.5 7.6-preview.2 7.6 2025-06-01-preview 2025-07-01 " \
    "2026-04-01"
#define V_CHECK "7.6 2025-06-01-preview 2025-07-01 2026-04-01"
#define KEYS (ROUTE_VAULT | ROUTE_HSM | ROUTE_LOCKLESS)
#define VAULTS (ROUTE_VAULT | ROUTE_LOCKLESS)
#define HSMS (ROUTE_HSM | ROUTE_LOCKLESS)
#define LOCAL "{+}/providers/Microsoft.Authorization"

/* What may be done with keys, secrets and certificates alike. */
#define OBJECTS(name, flags)                                                   \
    { "GET", "/" name, V_DATA, NULL, data_list, flags },                       \
        { "POST", "/" name "/restore", V_DATA, NULL, object_restore, flags },  \
        { "GET", "/" name "/{}/versions", V_DATA, NULL, data_versions,         \
            flags },                                                           \
        { "POST", "/" name "/{}/backup", V_DATA, NULL, object_backup, flags }, \
        { "GET", "/" name "/{}", V_DATA, NULL, data_get, flags },              \
        { "PATCH", "/" name "/{}", V_DATA, NULL, data_patch, flags },          \
        { "DELETE", "/" name "/{}", V_DATA, NULL, object_delete, flags },      \
        { "GET", "/deleted" name, V_DATA, NULL, data_list, flags },            \
        { "GET", "/deleted" name "/{}", V_DATA, NULL, data_get, flags },       \
        { "DELETE", "/deleted" name "/{}", V_DATA, NULL, object_purge,         \
            flags },                                                           \
    {                                                                          \
        "POST", "/deleted" name "/{}/recover", V_DATA, NULL, object_recover,   \
            flags                                                              \
    }

/* Last: a version looks like any other word. */
#define VERSIONS(name, flags)                                                  \
    { "GET", "/" name "/{}/{}", V_DATA, NULL, data_get, flags },               \
    {                                                                          \
        "PATCH", "/" name "/{}/{}", V_DATA, NULL, data_patch, flags            \
    }

#define GRAPH_ROW(path, handle)                                                \
    {                                                                          \
        "GET", "/v1.0/" path, "", NULL, handle, ROUTE_LOCKLESS                 \
    }

static const struct route rows[] = {
    { "GET", "/certificates/contacts", V_DATA, NULL, certificate_contacts_get,
        VAULTS },
    { "GET", "/certificates/issuers", V_DATA, NULL, certificate_issuers_list,
        VAULTS },
    { "GET", "/certificates/{}/policy", V_DATA, NULL, certificate_policy_get,
        VAULTS },
    { "PATCH", "/certificates/{}/policy", V_DATA, NULL,
        certificate_policy_patch, VAULTS },
    { "GET", "/keys/{}/rotationpolicy", V_DATA, NULL, key_rotation_get, KEYS },
    { "PUT", "/keys/{}/rotationpolicy", V_DATA, NULL, key_rotation_put, KEYS },
    { "POST", "/keys/{}/rotate", V_DATA, NULL, key_rotate, KEYS },
    OBJECTS("keys", KEYS),
    OBJECTS("secrets", VAULTS),
    OBJECTS("certificates", VAULTS),
    VERSIONS("keys", KEYS),
    VERSIONS("secrets", VAULTS),
    VERSIONS("certificates", VAULTS),

    { "GET", LOCAL "/roleDefinitions", V_DATA, NULL, hsm_definitions_list,
        HSMS },
    { "GET", LOCAL "/roleDefinitions/{}", V_DATA, NULL, hsm_definition_get,
        HSMS },
    { "GET", LOCAL "/roleAssignments", V_DATA, NULL, hsm_assignments_list,
        HSMS },
    { "GET", LOCAL "/roleAssignments/{}", V_DATA, NULL, hsm_assignment_get,
        HSMS },
    { "PUT", LOCAL "/roleAssignments/{}", V_DATA, NULL, hsm_assignment_put,
        HSMS },
    { "DELETE", LOCAL "/roleAssignments/{}", V_DATA, NULL,
        hsm_assignment_delete, HSMS },
    { "GET", "/settings", V_DATA, NULL, hsm_settings_list, HSMS },
    { "GET", "/settings/{}", V_DATA, NULL, hsm_setting_get, HSMS },
    { "PATCH", "/settings/{}", V_DATA, NULL, hsm_setting_patch, HSMS },
    { "POST", "/backup", V_DATA, NULL, hsm_backup_start, HSMS },
    { "POST", "/prebackup", V_CHECK, NULL, hsm_backup_check, HSMS },
    { "GET", "/backup/{}/pending", V_DATA, NULL, hsm_backup_status,
        HSMS | ROUTE_UNNUMBERED },
    { "PUT", "/restore", V_DATA, NULL, hsm_restore_start, HSMS },
    { "PUT", "/prerestore", V_CHECK, NULL, hsm_restore_check, HSMS },
    { "PUT", "/keys/{}/restore", V_DATA, NULL, hsm_key_restore_start, HSMS },
    { "GET", "/restore/{}/pending", V_DATA, NULL, hsm_restore_status,
        HSMS | ROUTE_UNNUMBERED },

    { "POST", "/v1.0/$batch", "", NULL, directory_batch, ROUTE_LOCKLESS },
    GRAPH_ROW("groups/{}/members", group_members_list),
    GRAPH_ROW("groups/{}/transitiveMembers", group_members_deep),
    GRAPH_ROW("groups/{}/transitiveMembers/$count", group_members_count),
    GRAPH_ROW("servicePrincipals", service_principals_list),
    GRAPH_ROW("servicePrincipals/{}", service_principal_get),
    GRAPH_ROW("applications", applications_list),
    GRAPH_ROW("applications/{}", application_get),
    GRAPH_ROW("applications/{}/federatedIdentityCredentials",
        application_federated_list),
    GRAPH_ROW("identity/conditionalAccess/policies", access_policies_list),
    { "POST", "/v1/workspaces/{}/query", "", NULL, logs_query, ROUTE_LOCKLESS },
};

const struct route_table routes_data = { rows, sizeof rows / sizeof *rows };
