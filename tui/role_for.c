/* Which role holds a permission that is missing. */
#include "role_for.h"

#include <string.h>

struct role_row {
    const char *permission; /* its beginning */
    const char *role;
};

/* Microsoft's built-in roles; the first that fits. */
static const struct role_row role_rows[] = {
    { "Microsoft.KeyVault/vaults/keys/", "Key Vault Reader" },
    { "Microsoft.KeyVault/vaults/secrets/", "Key Vault Reader" },
    { "Microsoft.KeyVault/vaults/certificates/", "Key Vault Reader" },
    { "Microsoft.OperationalInsights/workspaces/query/",
        "Log Analytics Reader" },
    { "Microsoft.OperationalInsights/", "Log Analytics Reader or Reader" },
    { "Microsoft.Insights/", "Monitoring Reader or Reader" },
    { "Microsoft.Security/", "Security Reader or Reader" },
    { "Microsoft.Management/", "Management Group Reader" },
    { "Managed HSM ", "Managed HSM Crypto Auditor, a local role of the HSM" },
    { "Microsoft Graph Policy.", "Security Reader, a role of Entra" },
    { "Microsoft Graph ",
        "Directory Readers, a role of Entra, or the permission itself for an "
        "application" },
    { "Microsoft.", "Reader" },
};

const char *role_for(const char *permission)
{
    for (size_t i = 0; i < sizeof(role_rows) / sizeof *(role_rows); i++)
        if (strncmp(permission, role_rows[i].permission,
                strlen(role_rows[i].permission)) == 0)
            return role_rows[i].role;
    return "a role that has it";
}
