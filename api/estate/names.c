/* The words for the estate's enums, and what each facet needs to be read. */
#include "kvgov/estate.h"

#define VAULTS (1u << KV_KIND_VAULT)
#define HSMS (1u << KV_KIND_HSM)
#define BOTH (VAULTS | HSMS)

const struct kv_facet_info kv_facets[KV_FACET_COUNT] = {
    [KV_FACET_PROPERTIES] = {
        .name = "properties",
        .permission = "Microsoft.KeyVault/vaults/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = BOTH,
    },
    [KV_FACET_DIAGNOSTICS] = {
        .name = "diagnostic settings",
        .permission = "Microsoft.Insights/diagnosticSettings/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = BOTH,
    },
    [KV_FACET_REGIONS] = {
        .name = "regions of the HSM",
        .permission = "Microsoft.KeyVault/managedHSMs/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = HSMS,
    },
    [KV_FACET_KEYS] = {
        .name = "keys",
        .permission = "Microsoft.KeyVault/vaults/keys/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = BOTH,
        .deep = true,
    },
    [KV_FACET_SECRETS] = {
        .name = "names of secrets",
        .permission = "Microsoft.KeyVault/vaults/secrets/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = VAULTS,
        .deep = true,
    },
    [KV_FACET_CERTIFICATES] = {
        .name = "certificates",
        .permission = "Microsoft.KeyVault/vaults/certificates/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = VAULTS,
        .deep = true,
    },
    [KV_FACET_DELETED_OBJECTS] = {
        .name = "deleted objects",
        .permission = "Microsoft.KeyVault/vaults/keys/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = BOTH,
        .deep = true,
    },
    [KV_FACET_LOCAL_ROLES] = {
        .name = "local roles of the HSM",
        .permission = "Managed HSM Crypto Auditor at /",
        .level = KV_LEVEL_RESOURCE,
        .kinds = HSMS,
        .deep = true,
    },
    [KV_FACET_SETTINGS] = {
        .name = "settings of the HSM",
        .permission = "Managed HSM Crypto Auditor at /",
        .level = KV_LEVEL_RESOURCE,
        .kinds = HSMS,
        .deep = true,
    },
    [KV_FACET_USAGE] = {
        .name = "audit log",
        .permission = "Microsoft.OperationalInsights/workspaces/query/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = BOTH,
        .deep = true,
    },
    [KV_FACET_METRICS] = {
        .name = "metrics",
        .permission = "Microsoft.Insights/metrics/read",
        .level = KV_LEVEL_RESOURCE,
        .kinds = BOTH,
        .deep = true,
    },
    [KV_FACET_INVENTORY] = {
        .name = "list of vaults",
        .permission = "Microsoft.KeyVault/vaults/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_CONTAINERS] = {
        .name = "management groups and tags",
        .permission = "Microsoft.Resources/subscriptions/resourceGroups/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_ASSIGNMENTS] = {
        .name = "role assignments",
        .permission = "Microsoft.Authorization/roleAssignments/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_ROLES] = {
        .name = "role definitions",
        .permission = "Microsoft.Authorization/roleDefinitions/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_LOCKS] = {
        .name = "locks",
        .permission = "Microsoft.Authorization/locks/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_SINKS] = {
        .name = "log destinations",
        .permission = "Microsoft.OperationalInsights/workspaces/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_DELETED] = {
        .name = "deleted vaults",
        .permission = "Microsoft.KeyVault/deletedVaults/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_SCHEDULES] = {
        .name = "eligible and active assignments",
        .permission = "Microsoft.Authorization/roleEligibilityScheduleInstances/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_ROLE_RULES] = {
        .name = "activation rules",
        .permission = "Microsoft.Authorization/roleManagementPolicyAssignments/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_DENIALS] = {
        .name = "deny assignments",
        .permission = "Microsoft.Authorization/denyAssignments/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_POLICIES] = {
        .name = "policy assignments",
        .permission = "Microsoft.Authorization/policyAssignments/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_POLICY_STATES] = {
        .name = "policy states",
        .permission = "Microsoft.PolicyInsights/policyStates/queryResults/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_PLANS] = {
        .name = "Defender plans",
        .permission = "Microsoft.Security/pricings/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_ASSESSMENTS] = {
        .name = "Defender assessments",
        .permission = "Microsoft.Security/assessments/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_ALERTS] = {
        .name = "alert rules",
        .permission = "Microsoft.Insights/metricAlerts/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_EVENTS] = {
        .name = "event subscriptions",
        .permission = "Microsoft.EventGrid/eventSubscriptions/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_ENDPOINTS] = {
        .name = "private endpoints",
        .permission = "Microsoft.Network/privateEndpoints/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_PERIMETERS] = {
        .name = "network security perimeters",
        .permission = "Microsoft.Network/networkSecurityPerimeters/resourceAssociations/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_LOCATIONS] = {
        .name = "regions",
        .permission = "Microsoft.Resources/subscriptions/locations/read",
        .level = KV_LEVEL_SUBSCRIPTION,
        .kinds = HSMS, /* none but those are judged by zones */
    },
    [KV_FACET_ACTIVITY_LOG] = {
        .name = "activity log settings",
        .permission = "Microsoft.Insights/diagnosticSettings/read",
        .level = KV_LEVEL_SUBSCRIPTION,
    },
    [KV_FACET_MEMBERS] = {
        .name = "group members",
        .permission = "Microsoft Graph GroupMember.Read.All",
        .level = KV_LEVEL_TENANT,
    },
    [KV_FACET_PRINCIPALS] = {
        .name = "names of principals",
        .permission = "Microsoft Graph Directory.Read.All",
        .level = KV_LEVEL_TENANT,
    },
    [KV_FACET_CREDENTIALS] = {
        .name = "credentials of applications",
        .permission = "Microsoft Graph Application.Read.All",
        .level = KV_LEVEL_TENANT,
    },
    [KV_FACET_CONDITIONAL_ACCESS] = {
        .name = "Conditional Access policies",
        .permission = "Microsoft Graph Policy.Read.All",
        .level = KV_LEVEL_TENANT,
    },
    [KV_FACET_IDENTITIES] = {
        .name = "managed identities",
        .permission = "Microsoft.ManagedIdentity/userAssignedIdentities/read",
        .level = KV_LEVEL_TENANT,
    },
};

bool kv_facet_asked(unsigned kind, enum kv_facet facet)
{
    const struct kv_facet_info *info = &kv_facets[facet];

    return !info->deep && (info->kinds == 0 || info->kinds & 1u << kind);
}

const char *kv_kind_name(enum kv_kind kind)
{
    return kind == KV_KIND_HSM ? "hsm" : "vault";
}

const char *kv_principal_type_name(enum kv_principal_type type)
{
    static const char *const names[] = {
        [KV_PRINCIPAL_UNKNOWN] = "unknown",
        [KV_PRINCIPAL_USER] = "user",
        [KV_PRINCIPAL_GROUP] = "group",
        [KV_PRINCIPAL_SERVICE] = "service principal",
        [KV_PRINCIPAL_FOREIGN_GROUP] = "foreign group",
        [KV_PRINCIPAL_DEVICE] = "device",
    };

    return names[type];
}

const char *kv_scope_level_name(enum kv_scope_level level)
{
    static const char *const names[] = {
        [KV_SCOPE_ROOT] = "tenant root",
        [KV_SCOPE_MANAGEMENT_GROUP] = "management group",
        [KV_SCOPE_SUBSCRIPTION] = "subscription",
        [KV_SCOPE_RESOURCE_GROUP] = "resource group",
        [KV_SCOPE_RESOURCE] = "resource",
        [KV_SCOPE_OBJECT] = "single object",
    };

    return names[level];
}

const char *kv_endpoint_state_name(enum kv_endpoint_state state)
{
    static const char *const names[] = {
        [KV_ENDPOINT_APPROVED] = "approved",
        [KV_ENDPOINT_PENDING] = "pending",
        [KV_ENDPOINT_REJECTED] = "rejected",
        [KV_ENDPOINT_DISCONNECTED] = "disconnected",
        [KV_ENDPOINT_OTHER] = "other",
    };

    return names[state];
}

const char *kv_sink_kind_name(enum kv_sink_kind kind)
{
    static const char *const names[] = {
        [KV_SINK_WORKSPACE] = "workspace",
        [KV_SINK_STORAGE] = "storage account",
        [KV_SINK_EVENT_HUB] = "event hub",
        [KV_SINK_PARTNER] = "partner",
    };

    return names[kind];
}

/* ---- access policy permissions ---- */

#define WORDS 22

/* Bits are positions in these rows; the order is Azure's own. */
static const char *const words[4][WORDS] = {
    [KV_OBJECT_KEY] = { "get", "list", "update", "create", "import", "delete",
        "recover", "backup", "restore", "decrypt", "encrypt", "unwrapKey",
        "wrapKey", "verify", "sign", "purge", "release", "rotate",
        "getrotationpolicy", "setrotationpolicy" },
    [KV_OBJECT_SECRET] = { "get", "list", "set", "delete", "recover", "backup",
        "restore", "purge" },
    [KV_OBJECT_CERTIFICATE] = { "get", "list", "update", "create", "import",
        "delete", "recover", "backup", "restore", "managecontacts",
        "manageissuers", "getissuers", "listissuers", "setissuers",
        "deleteissuers", "purge" },
    [KV_OBJECT_STORAGE] = { "get", "list", "update", "set", "delete", "recover",
        "backup", "restore", "purge", "regeneratekey", "getsas", "listsas",
        "setsas", "deletesas" },
};

uint32_t kv_permission_bit(enum kv_object_kind kind, struct view word)
{
    if (view_equal_nocase(word, view_of("all")) ||
        view_equal(word, view_of("*")))
        return KV_PERMISSION_ALL;
    for (uint32_t i = 0; i < WORDS && words[kind][i]; i++)
        if (view_equal_nocase(word, view_of(words[kind][i])))
            return 1u << i;
    return 0;
}

void kv_permissions_put(
    struct buf *out, enum kv_object_kind kind, uint32_t bits)
{
    const char *gap = "";

    if (bits & KV_PERMISSION_ALL) {
        buf_puts(out, "all");
        return;
    }
    for (uint32_t i = 0; i < WORDS && words[kind][i]; i++)
        if (bits & 1u << i) {
            buf_putf(out, "%s%s", gap, words[kind][i]);
            gap = " ";
        }
}
