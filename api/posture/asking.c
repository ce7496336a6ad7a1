/* What can be asked of who may do what: plain words for Azure's actions, and
 * patterns over both. */
#include "kvgov/who_can.h"

#include "estate.h"
#include "kvgov/actions.h"

#define LOCAL "Microsoft.KeyVault/managedHsm/"

/* As an administrator says it. */
static const char *const action_words[KV_ACTION_COUNT] = {
    [KV_ACTION_ASSIGN] = "assign-roles",
    [KV_ACTION_DEFINE] = "define-roles",
    [KV_ACTION_ELEVATE] = "elevate-access",
    [KV_ACTION_MAKE_ELIGIBLE] = "make-eligible",
    [KV_ACTION_MAKE_ACTIVE] = "make-active",
    [KV_ACTION_VAULT_WRITE] = "write-vault",
    [KV_ACTION_POLICY_WRITE] = "write-policies",
    [KV_ACTION_VAULT_DELETE] = "delete-vault",
    [KV_ACTION_VAULT_PURGE] = "purge-vault",
    [KV_ACTION_HSM_WRITE] = "write-hsm",
    [KV_ACTION_HSM_DELETE] = "delete-hsm",
    [KV_ACTION_KEY_READ] = "read-key get-key list-keys",
    [KV_ACTION_KEY_UPDATE] = "update-key",
    [KV_ACTION_KEY_CREATE] = "create-key",
    [KV_ACTION_KEY_IMPORT] = "import-key",
    [KV_ACTION_KEY_DELETE] = "delete-key",
    [KV_ACTION_KEY_RECOVER] = "recover-key",
    [KV_ACTION_KEY_BACKUP] = "backup-key",
    [KV_ACTION_KEY_RESTORE] = "restore-key",
    [KV_ACTION_KEY_PURGE] = "purge-key",
    [KV_ACTION_KEY_ENCRYPT] = "encrypt",
    [KV_ACTION_KEY_DECRYPT] = "decrypt",
    [KV_ACTION_KEY_WRAP] = "wrap",
    [KV_ACTION_KEY_UNWRAP] = "unwrap",
    [KV_ACTION_KEY_SIGN] = "sign",
    [KV_ACTION_KEY_VERIFY] = "verify",
    [KV_ACTION_KEY_RELEASE] = "release-key",
    [KV_ACTION_KEY_ROTATE] = "rotate-key",
    [KV_ACTION_ROTATION_READ] = "read-rotation-policy",
    [KV_ACTION_ROTATION_WRITE] = "write-rotation-policy",
    [KV_ACTION_SECRET_READ] = "list-secrets read-secret-metadata",
    [KV_ACTION_SECRET_GET] = "get-secret",
    [KV_ACTION_SECRET_SET] = "set-secret",
    [KV_ACTION_SECRET_UPDATE] = "update-secret",
    [KV_ACTION_SECRET_DELETE] = "delete-secret",
    [KV_ACTION_SECRET_RECOVER] = "recover-secret",
    [KV_ACTION_SECRET_BACKUP] = "backup-secret",
    [KV_ACTION_SECRET_RESTORE] = "restore-secret",
    [KV_ACTION_SECRET_PURGE] = "purge-secret",
    [KV_ACTION_CERTIFICATE_READ] =
        "read-certificate get-certificate list-certificates",
    [KV_ACTION_CERTIFICATE_CREATE] = "create-certificate",
    [KV_ACTION_CERTIFICATE_IMPORT] = "import-certificate",
    [KV_ACTION_CERTIFICATE_UPDATE] = "update-certificate",
    [KV_ACTION_CERTIFICATE_DELETE] = "delete-certificate",
    [KV_ACTION_CERTIFICATE_RECOVER] = "recover-certificate",
    [KV_ACTION_CERTIFICATE_BACKUP] = "backup-certificate",
    [KV_ACTION_CERTIFICATE_RESTORE] = "restore-certificate",
    [KV_ACTION_CERTIFICATE_PURGE] = "purge-certificate",
    [KV_ACTION_CONTACTS_WRITE] = "write-contacts",
    [KV_ACTION_ISSUER_READ] = "read-issuer",
    [KV_ACTION_ISSUER_WRITE] = "write-issuer",
    [KV_ACTION_ISSUER_DELETE] = "delete-issuer",
};

/* Permitted data actions of local roles, from Microsoft's page on the built-in
 * roles of managed HSMs. */
static const struct local_row {
    const char *words;
    const char *name;
} local_rows[] = {
    { "read-key get-key list-keys", LOCAL "keys/read/action" },
    { "update-key", LOCAL "keys/write/action" },
    { "create-key", LOCAL "keys/create" },
    { "import-key", LOCAL "keys/import/action" },
    { "rotate-key", LOCAL "keys/rotate/action" },
    { "delete-key", LOCAL "keys/delete" },
    { "read-deleted-key", LOCAL "keys/deletedKeys/read/action" },
    { "recover-key", LOCAL "keys/deletedKeys/recover/action" },
    { "purge-key", LOCAL "keys/deletedKeys/delete" },
    { "backup-key", LOCAL "keys/backup/action" },
    { "restore-key", LOCAL "keys/restore/action" },
    { "release-key", LOCAL "keys/release/action" },
    { "export-key", LOCAL "keys/export/action" },
    { "encrypt", LOCAL "keys/encrypt/action" },
    { "decrypt", LOCAL "keys/decrypt/action" },
    { "wrap", LOCAL "keys/wrap/action" },
    { "unwrap", LOCAL "keys/unwrap/action" },
    { "sign", LOCAL "keys/sign/action" },
    { "verify", LOCAL "keys/verify/action" },
    { "assign-local-roles", LOCAL "roleAssignments/write/action" },
    { "delete-local-roles", LOCAL "roleAssignments/delete/action" },
    { "read-local-roles", LOCAL "roleAssignments/read/action" },
    { "define-local-roles", LOCAL "roleDefinitions/write/action" },
    { "download-security-domain", LOCAL "securitydomain/download/action" },
    { "upload-security-domain", LOCAL "securitydomain/upload/action" },
    { "backup-hsm", LOCAL "backup/start/action" },
    { "restore-hsm", LOCAL "restore/start/action" },
};
#define LOCAL_COUNT (sizeof local_rows / sizeof *local_rows)
_Static_assert(LOCAL_COUNT <= 64, "a question has 64 bits for them");

static uint64_t actions_on(enum kv_kind kind)
{
    return kind == KV_KIND_HSM
               ? KV_ACTIONS_ASSIGN | KV_ACTIONS_HSM
               : KV_ACTIONS_ASSIGN | KV_ACTIONS_VAULT | KV_ACTIONS_DATA;
}

bool kv_askable(enum kv_kind kind, size_t index, struct kv_askable *out)
{
    for (unsigned action = 0; action < KV_ACTION_COUNT; action++) {
        if (!(actions_on(kind) & KV_ACTION_BIT(action)) || index-- > 0)
            continue;
        *out = (struct kv_askable){
            .words = action_words[action],
            .name = kv_actions[action],
            .question.actions = KV_ACTION_BIT(action),
        };
        return true;
    }
    if (kind != KV_KIND_HSM || index >= LOCAL_COUNT)
        return false;
    *out = (struct kv_askable){
        .words = local_rows[index].words,
        .name = local_rows[index].name,
        .question.local = UINT64_C(1) << index,
    };
    return true;
}

static bool is_meant(const struct kv_askable *row, const char *text)
{
    struct view rest = view_of(row->words);
    bool meant = role_pattern_matches(text, row->name);

    while (rest.size > 0 && !meant) {
        char *word = mem_copy_view(view_cut(&rest, ' '));

        meant = role_pattern_matches(text, word);
        mem_free(word);
    }
    return meant;
}

enum kv_status kv_question_parse(struct kv_question *out, enum kv_kind kind,
    const char *text, struct kv_error *err)
{
    struct kv_question question = { 0 };
    struct kv_askable row;

    for (size_t i = 0; kv_askable(kind, i, &row); i++) {
        if (!is_meant(&row, text))
            continue;
        question.actions |= row.question.actions;
        question.local |= row.question.local;
    }
    if (!question.actions && !question.local)
        return kv_error_set(err, KV_BAD_INPUT,
            "\"%s\" is no action on %s; kvgov who-can --list shows the words "
            "and Azure's names that are, and * stands for any text",
            text, kind == KV_KIND_HSM ? "a managed HSM" : "a vault");
    *out = question;
    return KV_OK;
}
