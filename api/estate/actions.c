/* Actions: their names, which of them a pattern covers, and what the words of
 * access policies mean in them. */
#include "model.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define B(action) KV_ACTION_BIT(KV_ACTION_##action)

const char *const kv_actions[KV_ACTION_COUNT] = {
    [KV_ACTION_ASSIGN] = "Microsoft.Authorization/roleAssignments/write",
    [KV_ACTION_DEFINE] = "Microsoft.Authorization/roleDefinitions/write",
    [KV_ACTION_ELEVATE] = "Microsoft.Authorization/elevateAccess/action",
    [KV_ACTION_MAKE_ELIGIBLE] =
        "Microsoft.Authorization/roleEligibilityScheduleRequests/write",
    [KV_ACTION_MAKE_ACTIVE] =
        "Microsoft.Authorization/roleAssignmentScheduleRequests/write",
    [KV_ACTION_VAULT_WRITE] = "Microsoft.KeyVault/vaults/write",
    [KV_ACTION_POLICY_WRITE] = "Microsoft.KeyVault/vaults/accessPolicies/write",
    [KV_ACTION_VAULT_DELETE] = "Microsoft.KeyVault/vaults/delete",
    [KV_ACTION_VAULT_PURGE] =
        "Microsoft.KeyVault/locations/deletedVaults/purge/action",
    [KV_ACTION_HSM_WRITE] = "Microsoft.KeyVault/managedHSMs/write",
    [KV_ACTION_HSM_DELETE] = "Microsoft.KeyVault/managedHSMs/delete",
    [KV_ACTION_KEY_READ] = "Microsoft.KeyVault/vaults/keys/read",
    [KV_ACTION_KEY_UPDATE] = "Microsoft.KeyVault/vaults/keys/update/action",
    [KV_ACTION_KEY_CREATE] = "Microsoft.KeyVault/vaults/keys/create/action",
    [KV_ACTION_KEY_IMPORT] = "Microsoft.KeyVault/vaults/keys/import/action",
    [KV_ACTION_KEY_DELETE] = "Microsoft.KeyVault/vaults/keys/delete",
    [KV_ACTION_KEY_RECOVER] = "Microsoft.KeyVault/vaults/keys/recover/action",
    [KV_ACTION_KEY_BACKUP] = "Microsoft.KeyVault/vaults/keys/backup/action",
    [KV_ACTION_KEY_RESTORE] = "Microsoft.KeyVault/vaults/keys/restore/action",
    [KV_ACTION_KEY_PURGE] = "Microsoft.KeyVault/vaults/keys/purge/action",
    [KV_ACTION_KEY_ENCRYPT] = "Microsoft.KeyVault/vaults/keys/encrypt/action",
    [KV_ACTION_KEY_DECRYPT] = "Microsoft.KeyVault/vaults/keys/decrypt/action",
    [KV_ACTION_KEY_WRAP] = "Microsoft.KeyVault/vaults/keys/wrap/action",
    [KV_ACTION_KEY_UNWRAP] = "Microsoft.KeyVault/vaults/keys/unwrap/action",
    [KV_ACTION_KEY_SIGN] = "Microsoft.KeyVault/vaults/keys/sign/action",
    [KV_ACTION_KEY_VERIFY] = "Microsoft.KeyVault/vaults/keys/verify/action",
    [KV_ACTION_KEY_RELEASE] = "Microsoft.KeyVault/vaults/keys/release/action",
    [KV_ACTION_KEY_ROTATE] = "Microsoft.KeyVault/vaults/keys/rotate/action",
    [KV_ACTION_ROTATION_READ] =
        "Microsoft.KeyVault/vaults/keyrotationpolicies/read",
    [KV_ACTION_ROTATION_WRITE] =
        "Microsoft.KeyVault/vaults/keyrotationpolicies/write",
    [KV_ACTION_SECRET_READ] =
        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    [KV_ACTION_SECRET_GET] =
        "Microsoft.KeyVault/vaults/secrets/getSecret/action",
    [KV_ACTION_SECRET_SET] =
        "Microsoft.KeyVault/vaults/secrets/setSecret/action",
    [KV_ACTION_SECRET_UPDATE] =
        "Microsoft.KeyVault/vaults/secrets/update/action",
    [KV_ACTION_SECRET_DELETE] = "Microsoft.KeyVault/vaults/secrets/delete",
    [KV_ACTION_SECRET_RECOVER] =
        "Microsoft.KeyVault/vaults/secrets/recover/action",
    [KV_ACTION_SECRET_BACKUP] =
        "Microsoft.KeyVault/vaults/secrets/backup/action",
    [KV_ACTION_SECRET_RESTORE] =
        "Microsoft.KeyVault/vaults/secrets/restore/action",
    [KV_ACTION_SECRET_PURGE] = "Microsoft.KeyVault/vaults/secrets/purge/action",
    [KV_ACTION_CERTIFICATE_READ] =
        "Microsoft.KeyVault/vaults/certificates/read",
    [KV_ACTION_CERTIFICATE_CREATE] =
        "Microsoft.KeyVault/vaults/certificates/create/action",
    [KV_ACTION_CERTIFICATE_IMPORT] =
        "Microsoft.KeyVault/vaults/certificates/import/action",
    [KV_ACTION_CERTIFICATE_UPDATE] =
        "Microsoft.KeyVault/vaults/certificates/update/action",
    [KV_ACTION_CERTIFICATE_DELETE] =
        "Microsoft.KeyVault/vaults/certificates/delete",
    [KV_ACTION_CERTIFICATE_RECOVER] =
        "Microsoft.KeyVault/vaults/certificates/recover/action",
    [KV_ACTION_CERTIFICATE_BACKUP] =
        "Microsoft.KeyVault/vaults/certificates/backup/action",
    [KV_ACTION_CERTIFICATE_RESTORE] =
        "Microsoft.KeyVault/vaults/certificates/restore/action",
    [KV_ACTION_CERTIFICATE_PURGE] =
        "Microsoft.KeyVault/vaults/certificates/purge/action",
    [KV_ACTION_CONTACTS_WRITE] =
        "Microsoft.KeyVault/vaults/certificatecontacts/write",
    [KV_ACTION_ISSUER_READ] = "Microsoft.KeyVault/vaults/certificatecas/read",
    [KV_ACTION_ISSUER_WRITE] = "Microsoft.KeyVault/vaults/certificatecas/write",
    [KV_ACTION_ISSUER_DELETE] =
        "Microsoft.KeyVault/vaults/certificatecas/delete",
};

static bool is_data(unsigned action)
{
    return (KV_ACTIONS_DATA & KV_ACTION_BIT(action)) != 0;
}

/* notActions take away within their own block only. */
static bool block_allows(
    const struct kv_permission_block *block, const char *action, bool data)
{
    return data ? role_any_matches(
                      block->data_actions, block->data_action_count, action) &&
                      !role_any_matches(block->not_data_actions,
                          block->not_data_action_count, action)
                : role_any_matches(
                      block->actions, block->action_count, action) &&
                      !role_any_matches(
                          block->not_actions, block->not_action_count, action);
}

uint64_t kv_actions_of(const struct kv_permission_block *blocks, uint32_t count)
{
    uint64_t actions = 0;

    for (uint32_t i = 0; i < count; i++)
        for (unsigned action = 0; action < KV_ACTION_COUNT; action++)
            if (!(actions & KV_ACTION_BIT(action)) &&
                block_allows(&blocks[i], kv_actions[action], is_data(action)))
                actions |= KV_ACTION_BIT(action);
    return actions;
}

/* In the order of the words' bits, which is Azure's own. */
static const uint64_t key_words[] = {
    B(KEY_READ), /* get */
    B(KEY_READ), /* list */
    B(KEY_UPDATE),
    B(KEY_CREATE),
    B(KEY_IMPORT),
    B(KEY_DELETE),
    B(KEY_RECOVER),
    B(KEY_BACKUP),
    B(KEY_RESTORE),
    B(KEY_DECRYPT),
    B(KEY_ENCRYPT),
    B(KEY_UNWRAP),
    B(KEY_WRAP),
    B(KEY_VERIFY),
    B(KEY_SIGN),
    B(KEY_PURGE),
    B(KEY_RELEASE),
    B(KEY_ROTATE),
    B(ROTATION_READ),
    B(ROTATION_WRITE),
};
static const uint64_t secret_words[] = {
    B(SECRET_GET),
    B(SECRET_READ), /* list */
    B(SECRET_SET) | B(SECRET_UPDATE),
    B(SECRET_DELETE),
    B(SECRET_RECOVER),
    B(SECRET_BACKUP),
    B(SECRET_RESTORE),
    B(SECRET_PURGE),
};
static const uint64_t certificate_words[] = {
    B(CERTIFICATE_READ), /* get */
    B(CERTIFICATE_READ), /* list */
    B(CERTIFICATE_UPDATE),
    B(CERTIFICATE_CREATE),
    B(CERTIFICATE_IMPORT),
    B(CERTIFICATE_DELETE),
    B(CERTIFICATE_RECOVER),
    B(CERTIFICATE_BACKUP),
    B(CERTIFICATE_RESTORE),
    B(CONTACTS_WRITE),
    B(ISSUER_WRITE), /* manageissuers */
    B(ISSUER_READ),  /* getissuers */
    B(ISSUER_READ),  /* listissuers */
    B(ISSUER_WRITE), /* setissuers */
    B(ISSUER_DELETE),
    B(CERTIFICATE_PURGE),
};

static const struct {
    const uint64_t *words;
    size_t count;
    uint64_t all;
} kinds[] = {
    [KV_OBJECT_KEY] = { key_words, COUNT(key_words), KV_ACTIONS_KEYS },
    [KV_OBJECT_SECRET] = { secret_words, COUNT(secret_words),
        KV_ACTIONS_SECRETS },
    [KV_OBJECT_CERTIFICATE] = { certificate_words, COUNT(certificate_words),
        KV_ACTIONS_CERTIFICATES },
    [KV_OBJECT_STORAGE] = { NULL, 0, 0 },
};

uint64_t kv_actions_of_words(enum kv_object_kind kind, uint32_t words)
{
    uint64_t actions = 0;

    if (words & KV_PERMISSION_ALL)
        return kinds[kind].all;
    for (size_t i = 0; i < kinds[kind].count; i++)
        if (words & 1u << i)
            actions |= kinds[kind].words[i];
    return actions;
}

/* ---- in words ---- */

/* A phrase stands for its kind when one of `any` is there; the first row of a
 * kind that fits says the most and ends it. */
static const struct {
    uint64_t kind;
    uint64_t any;
    const char *verb;
    const char *noun;
} phrases[] = {
    { KV_ACTIONS_KEYS, B(KEY_PURGE), "manages and purges", "keys" },
    { KV_ACTIONS_KEYS, KV_ACTIONS_CHANGE & ~B(KEY_BACKUP), "changes", "keys" },
    { KV_ACTIONS_KEYS, B(KEY_BACKUP), "uses and backs up", "keys" },
    { KV_ACTIONS_KEYS, KV_ACTIONS_USE, "uses", "keys" },
    { KV_ACTIONS_KEYS, KV_ACTIONS_KEYS, "sees", "keys" },
    { KV_ACTIONS_SECRETS, B(SECRET_PURGE), "manages and purges", "secrets" },
    { KV_ACTIONS_SECRETS, KV_ACTIONS_CHANGE, "changes", "secrets" },
    { KV_ACTIONS_SECRETS, B(SECRET_GET), "reads", "secret values" },
    { KV_ACTIONS_SECRETS, KV_ACTIONS_SECRETS, "sees", "names of secrets" },
    { KV_ACTIONS_CERTIFICATES, B(CERTIFICATE_PURGE), "manages and purges",
        "certificates" },
    { KV_ACTIONS_CERTIFICATES, KV_ACTIONS_CHANGE, "changes", "certificates" },
    { KV_ACTIONS_CERTIFICATES, KV_ACTIONS_CERTIFICATES, "sees",
        "certificates" },
};

/* What is done to several kinds is said once: "changes keys and secrets". */
void kv_actions_put(struct buf *out, uint64_t actions)
{
    size_t said[COUNT(phrases)];
    size_t count = 0;
    uint64_t done = 0;

    for (size_t i = 0; i < COUNT(phrases); i++) {
        if (done & phrases[i].kind ||
            !(actions & phrases[i].kind & phrases[i].any))
            continue;
        done |= phrases[i].kind;
        said[count++] = i;
    }
    for (size_t i = 0; i < count; i++) {
        const char *verb = phrases[said[i]].verb;
        bool again = i && strcmp(phrases[said[i - 1]].verb, verb) == 0;
        bool more =
            i + 1 < count && strcmp(phrases[said[i + 1]].verb, verb) == 0;

        if (again)
            buf_puts(out, more ? ", " : " and ");
        else
            buf_putf(out, "%s%s ", i ? ", " : "", verb);
        buf_puts(out, phrases[said[i]].noun);
    }
    if (!count)
        buf_puts(out, "nothing");
}
