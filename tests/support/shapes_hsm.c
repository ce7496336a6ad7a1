/* A managed HSM's own host. */
#include "shapes_ids.h"
#include "test.h"

#define LOCAL(example, method, path, body)                                     \
    {                                                                          \
        "KeyVault.DataPlane/" example, method, path, body, PLANE_HSM,          \
            "hsm-pay-prod-weu"                                                 \
    }
#define MORE(method, path, body)                                               \
    {                                                                          \
        NONE, method, V(path, "7.4"), body, PLANE_HSM, "hsm-pay-prod-weu"      \
    }
#define READ(example, path) LOCAL(example, "GET", path, NULL)
#define AUDITOR "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3"
#define LOCAL_ROLE                                                             \
    "{\"properties\":{\"roleDefinitionId\":\"Microsoft.KeyVault" AUTH          \
    "roleDefinitions/" AUDITOR "\",\"principalId\":\"" PERSON "\"}}"
#define STORE                                                                  \
    "{\"storageResourceUri\":\"https://a.blob.core.windows.net/c\","           \
    "\"useManagedIdentity\":true}"

static const struct cloud_shape rows[] = {
    READ("GetSettings", "/settings"),
    LOCAL("UpdateSetting", "PATCH",
        "/settings/AllowKeyManagementOperationsThroughARM", EXAMPLE_BODY),
    READ("RoleDefinitions_List", AUTH "roleDefinitions"),
    READ("RoleDefinitions_Get", AUTH "roleDefinitions/" AUDITOR),
    READ("RoleAssignments_ListForScope", AUTH "roleAssignments"),
    LOCAL("RoleAssignments_Create", "PUT", "/keys" AUTH "roleAssignments/" GUID,
        LOCAL_ROLE),
    READ("RoleAssignments_Get", "/keys" AUTH "roleAssignments/" GUID),
    LOCAL("RoleAssignments_Delete", "DELETE",
        "/keys" AUTH "roleAssignments/" GUID, NULL),
    LOCAL("FullBackup", "POST", "/backup", STORE),
    READ("FullBackupStatus", "/backup/<jobId>/pending"),
    READ("FullBackupStatus", "/backup/<jobId>/pending"),
    MORE("PUT", "/restore",
        "{\"sasTokenParameters\":" STORE ",\"folderToRestore\":\"f\"}"),
    MORE("GET", "/restore/<jobId>/pending", NULL),
    { NONE, "POST", V("/prebackup", "7.6"), STORE, PLANE_HSM,
        "hsm-pay-prod-weu" },
    { NONE, "PUT", V("/prerestore", "7.6"),
        "{\"sasTokenParameters\":" STORE ",\"folderToRestore\":\"f\"}",
        PLANE_HSM, "hsm-pay-prod-weu" },
    MORE("PUT", "/keys/gone/restore",
        "{\"sasTokenParameters\":" STORE ",\"folder\":\"f\"}"),
    MORE("GET", "/settings/AllowKeyManagementOperationsThroughARM", NULL),
};

const struct cloud_shapes shapes_hsm = { rows, LENGTH(rows) };
