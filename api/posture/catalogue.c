/* The catalogue: one complete row for each recommendation, in the order of the
 * screens and reports. What a row means is decided by its evaluate function, in
 * the file of its area. */
#include "evaluate.h"

#define NEEDS_PROPERTIES KV_FACET_BIT(KV_FACET_PROPERTIES)
#define NEEDS_ROLES                                                            \
    (KV_FACET_BIT(KV_FACET_ASSIGNMENTS) | KV_FACET_BIT(KV_FACET_ROLES))

/* A NULL-terminated list of ids, as a row holds them. */
#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_REMEDY ((const char *const[]){ NULL })

const struct kv_recommendation kv_catalogue[] = {
    {
        .id = "ACC-1",
        .title = "Access is granted by Azure roles",
        .fails = "Access is granted by access policies",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_VAULT,
        .needs = NEEDS_PROPERTIES,
        .sources = LIST("S1", "S3", "N1", "P"),
        .superseded = LIST("S0"),
        .remedies = NO_REMEDY,
        .why = "An access policy opens a whole vault at once, cannot be held "
               "just in time, and can be written by anybody who may write the "
               "vault. Roles are granted in one place, can be limited in time "
               "and narrowed to one vault. In 2019 (S0) Microsoft asked for an "
               "access policy on every vault; that advice is withdrawn.",
        .verify = "az keyvault show --name NAME --query "
                  "properties.enableRbacAuthorization prints true. Portal: "
                  "vault, Settings, Access configuration.",
        .fix = "List who uses the vault, give each of them the narrowest role "
               "that covers its access policy, wait until the roles are in "
               "effect, then switch the permission model. The switch takes "
               "effect at once: whoever has no role then is locked out.",
        .also = "Azure Policy 12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5; MCSB PA-7; "
                "CIS Azure 2.0 8.6, 3.0 3.3.6, 5.0 8.3.6; Prowler "
                "keyvault_rbac_enabled; PSRule Azure.KeyVault.RBAC",
        .evaluate = access_model,
    },
    {
        .id = "ACC-3",
        .title = "Few hold privileged roles over it",
        .fails = "Too many privileged roles, or too high",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_RESOURCES,
        .needs = NEEDS_ROLES,
        .sources = LIST("S0", "S1", "S2"),
        .remedies = NO_REMEDY,
        .why = "Whoever may assign roles, write or delete the resource can "
               "give itself everything in it or take it away. Each such "
               "principal is one more account to steal, and one at a "
               "management group or the tenant root reaches every vault below "
               "it. Roles are judged by what they allow, not by their names.",
        .verify =
            "az role assignment list --scope RESOURCE-ID "
            "--include-inherited, then read the actions of each role with "
            "az role definition list. Portal: Access "
            "control (IAM), Role assignments.",
        .fix = "Remove assignments that nobody needs, move those at a "
               "management group down to the subscription or resource group "
               "that they are for, and make what remains eligible in "
               "Privileged Identity Management instead of standing.",
        .also = "MCSB PA-1, PA-7; Prowler "
                "iam_role_user_access_admin_restricted (whole subscription "
                "only)",
        .evaluate = access_privileged,
    },
    {
        .id = "ACC-4",
        .title = "Few Contributors can change the vault",
        .fails = "Too many Contributors can change it",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_VAULT,
        .needs = NEEDS_PROPERTIES | NEEDS_ROLES,
        .sources = LIST("S4"),
        .remedies = NO_REMEDY,
        .why = "A Contributor has no right to the data, yet can open the "
               "firewall, and on a vault with access policies can write "
               "itself a policy and read every secret. Custom roles that "
               "allow the same count as well.",
        .verify = "az role assignment list --scope VAULT-ID "
                  "--include-inherited; count those whose role allows "
                  "Microsoft.KeyVault/vaults/write or .../accessPolicies/write "
                  "and who hold no data role.",
        .fix = "Replace Contributor by a role that holds only what the work "
               "needs, or assign it where the vault is not. Moving the vault "
               "to Azure roles (ACC-1) takes away the way to the data.",
        .also = "MCSB PA-7",
        .evaluate = access_contributors,
    },
    {
        .id = "NET-1",
        .title = "Public network access is off",
        .fails = "Public network access is on",
        .severity = KV_SEVERITY_MEDIUM,
        .kinds = KV_ON_VAULT,
        .needs = NEEDS_PROPERTIES,
        .sources = LIST("S1", "S3", "N1", "P"),
        .remedies = NO_REMEDY,
        .why = "A vault that has no public path cannot be reached with a "
               "stolen token from outside. Private endpoints carry the same "
               "traffic inside your own networks.",
        .verify = "az keyvault show --name NAME --query "
                  "properties.publicNetworkAccess prints Disabled or "
                  "SecuredByPerimeter, in any casing; nothing means Enabled.",
        .fix = "Make sure that an approved private endpoint serves every "
               "caller and that its name resolves there, then set public "
               "network access to Disabled, or put the vault into a network "
               "security perimeter.",
        .also = "Azure Policy 405c5871-3e91-4644-8a63-58e19d68ff5b (counts a "
                "perimeter as public); MCSB v2 NS-2; CIS Azure 4.0 9.3.7, 5.0 "
                "8.3.7; Prowler "
                "keyvault_access_only_through_private_endpoints",
        .evaluate = network_public_off,
    },
    {
        .id = "NET-2",
        .title = "The firewall limits public access",
        .fails = "Any address on the internet gets in",
        .severity = KV_SEVERITY_CRITICAL,
        .kinds = KV_ON_VAULT,
        .needs = NEEDS_PROPERTIES,
        .sources = LIST("S0", "S1", "S3", "S4", "N1", "P"),
        .remedies = LIST("firewall-on"),
        .why = "Without a firewall a leaked credential is enough from anywhere "
               "in the world. Rules on an open vault do nothing: only the "
               "default action decides what happens to everybody else.",
        .verify = "az keyvault show --name NAME --query "
                  "properties.networkAcls.defaultAction prints Deny, or "
                  "publicNetworkAccess is Disabled or SecuredByPerimeter; "
                  "nothing means Allow.",
        .fix = "Collect the addresses and networks that callers come from, add "
               "them as rules, then set the default action to Deny. Callers "
               "that no rule names are cut off at once.",
        .also = "Azure Policy 55615ac9-af46-4a59-874e-391cc3dfb490; MCSB NS-2, "
                "DP-8; PSRule Azure.KeyVault.Firewall; ScoutSuite "
                "keyvault-public-traffic-allowed",
        .evaluate = network_firewall_on,
    },
    {
        .id = "NET-3",
        .title = "Firewall rules are narrow",
        .fails = "Firewall rules let too many addresses in",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_VAULT,
        .needs = NEEDS_PROPERTIES,
        .sources = LIST("S0", "S3", "S4", "N1", "P"),
        .remedies = NO_REMEDY,
        .why = "A rule for a whole provider's range, or two halves of the "
               "internet, satisfies a checker and stops nobody. What counts is "
               "how many addresses all rules let in together, each counted "
               "once.",
        .verify = "az keyvault network-rule list --name NAME; add up the "
                  "addresses of properties.networkAcls.ipRules and look for "
                  "short prefixes.",
        .fix = "Replace wide rules by the addresses that your callers really "
               "have, by virtual network rules, or by a private endpoint.",
        .also = "Azure Policy 55615ac9-af46-4a59-874e-391cc3dfb490 with "
                "restrictIPAddresses; Cloud Custodian firewall-rules",
        .evaluate = network_rules_narrow,
    },
    {
        .id = "NET-6",
        .title = "An approved private endpoint exists",
        .fails = "No approved private endpoint exists",
        .severity = KV_SEVERITY_MEDIUM,
        .kinds = KV_ON_VAULT,
        .needs = NEEDS_PROPERTIES,
        .sources = LIST("S1", "S3", "N1", "P"),
        .remedies = NO_REMEDY,
        .why = "Public access can only be closed when callers have another way "
               "in. A connection that waits for approval, or was rejected, "
               "carries no traffic, although a mere count includes it.",
        .verify = "az keyvault show --name NAME --query "
                  "properties.privateEndpointConnections shows one whose "
                  "status is Approved. Portal: Networking, Private endpoint "
                  "connections.",
        .fix = "Create a private endpoint in the callers' network with a zone "
               "group for privatelink.vaultcore.azure.net, or approve a "
               "pending connection after checking who asks for it.",
        .also = "Azure Policy a6abeaec-4d90-4a02-805f-6b26c4d3fbe9; MCSB NS-2, "
                "DP-8; CIS Azure 2.0 8.7, 3.0 3.3.7, 5.0 8.3.8; Prowler "
                "keyvault_private_endpoints (counts connections in any state)",
        .evaluate = network_endpoint,
    },
    {
        .id = "PRO-1",
        .title = "Soft delete is on",
        .fails = "Soft delete is off or unknown",
        .severity = KV_SEVERITY_CRITICAL,
        .kinds = KV_ON_VAULT,
        .needs = NEEDS_PROPERTIES,
        .sources = LIST("S0", "S3", "S4", "N1", "P"),
        .remedies = NO_REMEDY,
        .why = "Without soft delete a deleted key, secret or vault is gone for "
               "good, and with the key all data that it encrypts. Azure turns "
               "it on for every vault that is written today; one that was not "
               "written for years may still be without it.",
        .verify = "az keyvault show --name NAME --query "
                  "properties.enableSoftDelete prints true; nothing on a vault "
                  "that was last written before December 2020 tells nothing.",
        .fix = "az keyvault update --name NAME --set "
               "properties.enableSoftDelete=true, or any other write to the "
               "vault. It cannot be turned off again.",
        .also = "Azure Policy 1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d (calls "
                "absent a deviation), 0b60c0b2-2dc2-4e1c-b5c9-abbed971de53; "
                "MCSB DP-8; CIS Azure 2.0 8.5, 3.0 3.3.5, 5.0 8.3.5; Prowler "
                "keyvault_recoverable; PSRule Azure.KeyVault.SoftDelete",
        .evaluate = protection_soft_delete,
    },
    {
        .id = "PRO-2",
        .title = "Deleted objects are kept long enough",
        .fails = "Deleted objects are kept too short",
        .severity = KV_SEVERITY_LOW,
        .kinds = KV_ON_RESOURCES,
        .needs = NEEDS_PROPERTIES,
        .sources = LIST("S1", "S3", "N1", "N2"),
        .remedies = NO_REMEDY,
        .why = "A deletion by mistake or in malice is often noticed weeks "
               "later. After the retention period nobody can bring the object "
               "back.",
        .verify = "az keyvault show --name NAME (or --hsm-name NAME) --query "
                  "properties.softDeleteRetentionInDays prints 90 or nothing, "
                  "which means 90.",
        .fix = "The period is fixed when the resource is created. Create a new "
               "one with 90 days and move the objects, or accept the shorter "
               "period knowingly.",
        .also = "no built-in Azure Policy and no common tool looks at it",
        .evaluate = protection_retention,
    },
    {
        .id = "PRO-3",
        .title = "Purge protection is on",
        .fails = "Purge protection is off",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_VAULT,
        .needs = NEEDS_PROPERTIES,
        .sources = LIST("S0", "S1", "S3", "N1", "P"),
        .remedies = LIST("purge-protection-on"),
        .why = "Soft delete alone lets an administrator, or whoever stole the "
               "account, delete and purge within a minute. Purge protection "
               "holds everything for the whole retention period, against "
               "everybody.",
        .verify = "az keyvault show --name NAME --query "
                  "properties.enablePurgeProtection prints true; nothing means "
                  "off.",
        .fix = "az keyvault update --name NAME --enable-purge-protection true. "
               "Nobody, Microsoft included, can turn it off again.",
        .also = "Azure Policy 0b60c0b2-2dc2-4e1c-b5c9-abbed971de53; MCSB DP-8; "
                "CIS Azure 2.0 8.5, 3.0 3.3.5, 5.0 8.3.5; Prowler "
                "keyvault_recoverable; PSRule Azure.KeyVault.PurgeProtect",
        .evaluate = protection_purge,
    },
    {
        .id = "LOG-1",
        .title = "Audit logs are sent somewhere",
        .fails = "Audit logs are sent nowhere",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_VAULT,
        /* Not the sinks: without an audit row there is nothing to look up. */
        .needs = KV_FACET_BIT(KV_FACET_DIAGNOSTICS),
        .sources = LIST("S0", "S1", "S3", "S4", "N1", "P"),
        .remedies = LIST("diagnostics-on"),
        .why = "Azure keeps no record of who read which secret unless a "
               "diagnostic setting sends it to a sink. A setting that sends "
               "only metrics, or to a workspace that was deleted, looks like "
               "logging and is none.",
        .verify = "az monitor diagnostic-settings list --resource VAULT-ID "
                  "shows an enabled log of category AuditEvent or group audit "
                  "or allLogs, and its workspace, storage account or event "
                  "hub exists.",
        .fix = "Create a diagnostic setting with the group audit and a "
               "workspace in an allowed region. First records take up to 90 "
               "minutes.",
        .also = "Azure Policy cf820ca0-f99e-4f3e-84fb-66e913812d21 (any "
                "category passes); MCSB DP-8, LT-3; CIS Azure 2.0 5.1.5, 3.0 "
                "6.1.4, 5.0 6.1.1.4; Prowler keyvault_logging_enabled; PSRule "
                "Azure.KeyVault.Logs",
        .evaluate = logging_audit,
    },
    {
        .id = "GOV-3",
        .title = "A lock guards it against deletion",
        .fails = "No lock guards it against deletion",
        .severity = KV_SEVERITY_LOW,
        .kinds = KV_ON_RESOURCES,
        .needs = KV_FACET_BIT(KV_FACET_LOCKS),
        .sources = LIST("P"),
        .remedies = NO_REMEDY,
        .why = "A deleted vault can be recovered, but until somebody does, "
               "everything that depends on it stands still, and its role "
               "assignments do not come back. A lock stops the deletion, "
               "also that of the resource group around it. It does not guard "
               "single keys and secrets.",
        .verify = "az lock list --resource RESOURCE-ID, and for the resource "
                  "group and the subscription, shows CanNotDelete or "
                  "ReadOnly.",
        .fix = "az lock create --name keep --lock-type CanNotDelete --resource "
               "RESOURCE-ID. A ReadOnly lock also blocks most repairs.",
        .also = "Cloud Custodian resource-lock; no built-in Azure Policy",
        .evaluate = governance_lock,
    },
};
const size_t kv_catalogue_count = sizeof kv_catalogue / sizeof kv_catalogue[0];

uint32_t kv_catalogue_find(const char *id)
{
    for (uint32_t i = 0; i < kv_catalogue_count; i++)
        if (text_equal_nocase(kv_catalogue[i].id, id))
            return i;
    return KV_NONE;
}
