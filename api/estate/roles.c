/* Role definitions: what their patterns allow, and so what power they give. */
#include "model.h"

bool role_pattern_matches(const char *pattern, const char *action)
{
    const char *star = NULL;
    const char *resume = NULL;

    while (*action) {
        if (*pattern == '*') {
            star = pattern++;
            resume = action;
        } else if (*pattern && view_equal_nocase((struct view){ pattern, 1 },
                                   (struct view){ action, 1 })) {
            pattern++;
            action++;
        } else if (star) {
            pattern = star + 1;
            action = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool role_any_matches(
    const char *const *patterns, uint32_t count, const char *action)
{
    for (uint32_t i = 0; i < count; i++)
        if (role_pattern_matches(patterns[i], action))
            return true;
    return false;
}

/* notActions take away within their own block only. */
bool role_allows(const struct kv_role *role, const char *action, bool data)
{
    for (uint32_t i = 0; i < role->block_count; i++) {
        const struct kv_permission_block *block = &role->blocks[i];

        if (data ? role_any_matches(
                       block->data_actions, block->data_action_count, action) &&
                       !role_any_matches(block->not_data_actions,
                           block->not_data_action_count, action)
                 : role_any_matches(
                       block->actions, block->action_count, action) &&
                       !role_any_matches(
                           block->not_actions, block->not_action_count, action))
            return true;
    }
    return false;
}

struct power_row {
    enum kv_power power;
    bool data;
    const char *action;
};

/* The actions that make a role powerful: Microsoft's permissions reference for
 * Microsoft.Authorization and Microsoft.KeyVault; and those that read logs
 * where they are kept. */
static const struct power_row power_rows[] = {
    { KV_POWER_ASSIGN, false, "Microsoft.Authorization/roleAssignments/write" },
    { KV_POWER_ASSIGN, false, "Microsoft.Authorization/roleDefinitions/write" },
    { KV_POWER_ASSIGN, false, "Microsoft.Authorization/elevateAccess/action" },
    { KV_POWER_ASSIGN, false,
        "Microsoft.Authorization/roleEligibilityScheduleRequests/write" },
    { KV_POWER_ASSIGN, false,
        "Microsoft.Authorization/roleAssignmentScheduleRequests/write" },
    { KV_POWER_VAULT_WRITE, false, "Microsoft.KeyVault/vaults/write" },
    { KV_POWER_POLICY_WRITE, false,
        "Microsoft.KeyVault/vaults/accessPolicies/write" },
    { KV_POWER_VAULT_DELETE, false, "Microsoft.KeyVault/vaults/delete" },
    { KV_POWER_VAULT_DELETE, false,
        "Microsoft.KeyVault/locations/deletedVaults/purge/action" },
    { KV_POWER_HSM_WRITE, false, "Microsoft.KeyVault/managedHSMs/write" },
    { KV_POWER_HSM_DELETE, false, "Microsoft.KeyVault/managedHSMs/delete" },
    { KV_POWER_SECRET_GET, true,
        "Microsoft.KeyVault/vaults/secrets/getSecret/action" },
    { KV_POWER_DATA_WRITE, true,
        "Microsoft.KeyVault/vaults/secrets/setSecret/action" },
    { KV_POWER_DATA_WRITE, true,
        "Microsoft.KeyVault/vaults/keys/create/action" },
    { KV_POWER_DATA_WRITE, true, "Microsoft.KeyVault/vaults/keys/delete" },
    { KV_POWER_DATA_WRITE, true,
        "Microsoft.KeyVault/vaults/certificates/create/action" },
    { KV_POWER_DATA_WRITE, true, "Microsoft.KeyVault/vaults/secrets/delete" },
    { KV_POWER_READ_WORKSPACE, false,
        "Microsoft.OperationalInsights/workspaces/query/AZKVAuditLogs/read" },
    { KV_POWER_READ_WORKSPACE, false,
        "Microsoft.OperationalInsights/workspaces/search/action" },
    { KV_POWER_READ_WORKSPACE, false,
        "Microsoft.OperationalInsights/workspaces/analytics/query/action" },
    { KV_POWER_READ_WORKSPACE, true,
        "Microsoft.OperationalInsights/workspaces/tables/data/read" },
    { KV_POWER_READ_BLOBS, false,
        "Microsoft.Storage/storageAccounts/listKeys/action" },
    { KV_POWER_READ_BLOBS, false,
        "Microsoft.Storage/storageAccounts/ListAccountSas/action" },
    { KV_POWER_READ_BLOBS, true,
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/"
        "read" },
    { KV_POWER_READ_EVENTS, false,
        "Microsoft.EventHub/namespaces/authorizationRules/listkeys/action" },
    { KV_POWER_READ_EVENTS, false,
        "Microsoft.EventHub/namespaces/eventhubs/authorizationRules/"
        "listkeys/action" },
    { KV_POWER_READ_EVENTS, true,
        "Microsoft.EventHub/namespaces/messages/receive/action" },
    { KV_POWER_READ_OWN_LOGS, false,
        "Microsoft.Insights/logs/AZKVAuditLogs/read" },
};

/* Any data action at all on vaults: known without listing every one. */
static bool role_touches_data(const struct kv_role *role)
{
    static const char prefix[] = "Microsoft.KeyVault/vaults/";

    for (uint32_t i = 0; i < role->block_count; i++)
        for (uint32_t j = 0; j < role->blocks[i].data_action_count; j++) {
            const char *pattern = role->blocks[i].data_actions[j];

            if (*pattern == '*' ||
                view_starts_nocase(view_of(pattern), view_of(prefix)) ||
                role_pattern_matches(pattern, "Microsoft.KeyVault/vaults/x"))
                return true;
        }
    return false;
}

static uint32_t role_powers(const struct kv_role *role)
{
    uint32_t powers = role_touches_data(role) ? KV_POWER_DATA : 0;

    for (size_t i = 0; i < sizeof power_rows / sizeof *power_rows; i++)
        if (!(powers & power_rows[i].power) &&
            role_allows(role, power_rows[i].action, power_rows[i].data))
            powers |= power_rows[i].power;
    return powers;
}

void estate_take_role(struct kv_estate *estate, const struct kv_role *row)
{
    uint32_t index = index_find(&estate->role_by_guid, view_of(row->guid));
    struct kv_role *kept;

    if (index == KV_NONE) {
        index = (uint32_t)estate->roles.count;
        rows_add(&estate->roles, sizeof *kept);
        index_put(&estate->role_by_guid, row->guid, index);
    }
    kept = (struct kv_role *)estate->roles.items + index;
    *kept = *row;
    kept->powers = role_powers(kept);
    kept->actions = kv_actions_of(kept->blocks, kept->block_count);
}

const struct kv_role *kv_estate_role(
    const struct kv_estate *estate, uint32_t index)
{
    return index < estate->roles.count
               ? (struct kv_role *)estate->roles.items + index
               : NULL;
}

const struct kv_role *kv_estate_find_role(
    const struct kv_estate *estate, const char *guid)
{
    return kv_estate_role(
        estate, index_find(&estate->role_by_guid, view_of(guid)));
}
