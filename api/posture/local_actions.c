/* A managed HSM's own roles in the terms of a vault's: what they let their
 * holder do with keys. Names are from Microsoft's list of data actions of
 * Managed HSM local RBAC. */
#include "effective.h"

#include "estate.h"

#define MHSM "Microsoft.KeyVault/managedHsm/"

static const struct {
    const char *name;
    enum kv_action action;
} rows[] = {
    { MHSM "keys/read/action", KV_ACTION_KEY_READ },
    { MHSM "keys/write/action", KV_ACTION_KEY_UPDATE },
    { MHSM "keys/create", KV_ACTION_KEY_CREATE },
    { MHSM "keys/import/action", KV_ACTION_KEY_IMPORT },
    { MHSM "keys/delete", KV_ACTION_KEY_DELETE },
    { MHSM "keys/deletedKeys/recover/action", KV_ACTION_KEY_RECOVER },
    { MHSM "keys/deletedKeys/delete", KV_ACTION_KEY_PURGE },
    { MHSM "keys/backup/action", KV_ACTION_KEY_BACKUP },
    { MHSM "keys/restore/action", KV_ACTION_KEY_RESTORE },
    { MHSM "keys/encrypt/action", KV_ACTION_KEY_ENCRYPT },
    { MHSM "keys/decrypt/action", KV_ACTION_KEY_DECRYPT },
    { MHSM "keys/wrap/action", KV_ACTION_KEY_WRAP },
    { MHSM "keys/unwrap/action", KV_ACTION_KEY_UNWRAP },
    { MHSM "keys/sign/action", KV_ACTION_KEY_SIGN },
    { MHSM "keys/verify/action", KV_ACTION_KEY_VERIFY },
    { MHSM "keys/release/action", KV_ACTION_KEY_RELEASE },
    { MHSM "keys/rotate/action", KV_ACTION_KEY_ROTATE },
    { MHSM "roleAssignments/write/action", KV_ACTION_ASSIGN },
};

static bool any_matches(
    const char *const *patterns, uint32_t count, const char *action)
{
    for (uint32_t i = 0; i < count; i++)
        if (role_pattern_matches(patterns[i], action))
            return true;
    return false;
}

static uint64_t block_actions(const struct kv_permission_block *block)
{
    uint64_t actions = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (any_matches(
                block->data_actions, block->data_action_count, rows[i].name) &&
            !any_matches(block->not_data_actions, block->not_data_action_count,
                rows[i].name))
            actions |= KV_ACTION_BIT(rows[i].action);
    return actions;
}

static uint64_t role_actions(const struct kv_local_role *role)
{
    uint64_t actions = 0;

    for (uint32_t i = 0; role && i < role->block_count; i++)
        actions |= block_actions(&role->blocks[i]);
    return actions;
}

static const struct kv_local_role *role_find(
    const struct kv_estate *estate, const char *hsm, const char *guid)
{
    struct kv_walk walk = { 0 };
    const struct kv_local_role *role;

    while ((role = kv_estate_next_at(estate, KV_SET_LOCAL_ROLES, hsm, &walk)))
        if (text_equal_nocase(role->guid, guid))
            return role;
    return NULL;
}

/* "/" and "/keys" are every key there is. */
static enum kv_scope_level level_of(const struct kv_local_assignment *row)
{
    return text_equal_nocase(row->within, "/") ||
                   text_equal_nocase(row->within, "/keys")
               ? KV_SCOPE_RESOURCE
               : KV_SCOPE_OBJECT;
}

void effective_add_local(struct effective *effective,
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    struct kv_walk walk = { 0 };
    const struct kv_local_assignment *row;

    while ((row = kv_estate_next_at(
                estate, KV_SET_LOCAL_ASSIGNMENTS, resource->id, &walk))) {
        const struct kv_local_role *role =
            role_find(estate, resource->id, row->role_guid);
        const struct grant grant = {
            .local = role,
            .within = row->within,
            .scope = resource->id,
            .named_id = row->principal_id,
            .role_guid = row->role_guid,
            .level = level_of(row),
            .actions = role_actions(role),
            .undefined = !role,
        };

        if (row->principal_id)
            effective_give(effective, estate, row->principal_id, &grant);
    }
}
