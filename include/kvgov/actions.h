/* Actions: what a role or an access policy may allow, as far as that decides
 * over a vault or HSM. Each is a bit, so that who may do what is one word that
 * is added up, taken away and compared. Names are from Microsoft's permissions
 * reference for Microsoft.Authorization and Microsoft.KeyVault. */
#ifndef KVGOV_ACTIONS_H
#define KVGOV_ACTIONS_H

#include "kvgov/rows.h"

/* Control plane first; from KV_ACTION_KEY_READ on, data. The managed storage
 * accounts of old vaults are left out: the service has retired them. */
enum kv_action {
    KV_ACTION_ASSIGN,
    KV_ACTION_DEFINE,
    KV_ACTION_ELEVATE,
    KV_ACTION_MAKE_ELIGIBLE,
    KV_ACTION_MAKE_ACTIVE,
    KV_ACTION_VAULT_WRITE,
    KV_ACTION_POLICY_WRITE,
    KV_ACTION_VAULT_DELETE,
    KV_ACTION_VAULT_PURGE,
    KV_ACTION_HSM_WRITE,
    KV_ACTION_HSM_DELETE,
    KV_ACTION_KEY_READ,
    KV_ACTION_KEY_UPDATE,
    KV_ACTION_KEY_CREATE,
    KV_ACTION_KEY_IMPORT,
    KV_ACTION_KEY_DELETE,
    KV_ACTION_KEY_RECOVER,
    KV_ACTION_KEY_BACKUP,
    KV_ACTION_KEY_RESTORE,
    KV_ACTION_KEY_PURGE,
    KV_ACTION_KEY_ENCRYPT,
    KV_ACTION_KEY_DECRYPT,
    KV_ACTION_KEY_WRAP,
    KV_ACTION_KEY_UNWRAP,
    KV_ACTION_KEY_SIGN,
    KV_ACTION_KEY_VERIFY,
    KV_ACTION_KEY_RELEASE,
    KV_ACTION_KEY_ROTATE,
    KV_ACTION_ROTATION_READ,
    KV_ACTION_ROTATION_WRITE,
    KV_ACTION_SECRET_READ,
    KV_ACTION_SECRET_GET,
    KV_ACTION_SECRET_SET,
    KV_ACTION_SECRET_UPDATE,
    KV_ACTION_SECRET_DELETE,
    KV_ACTION_SECRET_RECOVER,
    KV_ACTION_SECRET_BACKUP,
    KV_ACTION_SECRET_RESTORE,
    KV_ACTION_SECRET_PURGE,
    KV_ACTION_CERTIFICATE_READ,
    KV_ACTION_CERTIFICATE_CREATE,
    KV_ACTION_CERTIFICATE_IMPORT,
    KV_ACTION_CERTIFICATE_UPDATE,
    KV_ACTION_CERTIFICATE_DELETE,
    KV_ACTION_CERTIFICATE_RECOVER,
    KV_ACTION_CERTIFICATE_BACKUP,
    KV_ACTION_CERTIFICATE_RESTORE,
    KV_ACTION_CERTIFICATE_PURGE,
    KV_ACTION_CONTACTS_WRITE,
    KV_ACTION_ISSUER_READ,
    KV_ACTION_ISSUER_WRITE,
    KV_ACTION_ISSUER_DELETE,
};
#define KV_ACTION_COUNT 52
#define KV_ACTION_BIT(action) (UINT64_C(1) << (action))
/* The bits of all from the first to the last. */
#define KV_ACTION_BITS(first, last)                                            \
    ((KV_ACTION_BIT(last) | (KV_ACTION_BIT(last) - 1)) &                       \
        ~(KV_ACTION_BIT(first) - 1))
extern const char *const kv_actions[KV_ACTION_COUNT]; /* their names */

/* ---- what they come to ---- */

#define KV_ACTIONS_ASSIGN                                                      \
    KV_ACTION_BITS(KV_ACTION_ASSIGN, KV_ACTION_MAKE_ACTIVE)
#define KV_ACTIONS_CONTROL                                                     \
    KV_ACTION_BITS(KV_ACTION_ASSIGN, KV_ACTION_HSM_DELETE)
#define KV_ACTIONS_VAULT                                                       \
    KV_ACTION_BITS(KV_ACTION_VAULT_WRITE, KV_ACTION_VAULT_PURGE)
#define KV_ACTIONS_HSM KV_ACTION_BITS(KV_ACTION_HSM_WRITE, KV_ACTION_HSM_DELETE)
/* On an access-policy vault, either ends in every secret. */
#define KV_ACTIONS_VAULT_WRITE                                                 \
    (KV_ACTION_BIT(KV_ACTION_VAULT_WRITE) |                                    \
        KV_ACTION_BIT(KV_ACTION_POLICY_WRITE))

#define KV_ACTIONS_KEYS                                                        \
    KV_ACTION_BITS(KV_ACTION_KEY_READ, KV_ACTION_ROTATION_WRITE)
#define KV_ACTIONS_SECRETS                                                     \
    KV_ACTION_BITS(KV_ACTION_SECRET_READ, KV_ACTION_SECRET_PURGE)
#define KV_ACTIONS_CERTIFICATES                                                \
    KV_ACTION_BITS(KV_ACTION_CERTIFICATE_READ, KV_ACTION_ISSUER_DELETE)
#define KV_ACTIONS_DATA                                                        \
    (KV_ACTIONS_KEYS | KV_ACTIONS_SECRETS | KV_ACTIONS_CERTIFICATES)

/* Names, attributes, public keys: nothing that is secret. */
#define KV_ACTIONS_LOOK                                                        \
    (KV_ACTION_BIT(KV_ACTION_KEY_READ) |                                       \
        KV_ACTION_BIT(KV_ACTION_ROTATION_READ) |                               \
        KV_ACTION_BIT(KV_ACTION_SECRET_READ) |                                 \
        KV_ACTION_BIT(KV_ACTION_CERTIFICATE_READ) |                            \
        KV_ACTION_BIT(KV_ACTION_ISSUER_READ))
/* What an application needs of what others manage: secret values, and keys
 * without having them. */
#define KV_ACTIONS_USE                                                         \
    (KV_ACTION_BIT(KV_ACTION_SECRET_GET) |                                     \
        KV_ACTION_BITS(KV_ACTION_KEY_ENCRYPT, KV_ACTION_KEY_RELEASE))
#define KV_ACTIONS_PURGE                                                       \
    (KV_ACTION_BIT(KV_ACTION_KEY_PURGE) |                                      \
        KV_ACTION_BIT(KV_ACTION_SECRET_PURGE) |                                \
        KV_ACTION_BIT(KV_ACTION_CERTIFICATE_PURGE))
#define KV_ACTIONS_DELETE                                                      \
    (KV_ACTION_BIT(KV_ACTION_KEY_DELETE) |                                     \
        KV_ACTION_BIT(KV_ACTION_SECRET_DELETE) |                               \
        KV_ACTION_BIT(KV_ACTION_CERTIFICATE_DELETE))
/* What sets an administrator or officer of data apart: it can take away. */
#define KV_ACTIONS_MANAGE (KV_ACTIONS_PURGE | KV_ACTIONS_DELETE)
/* Everything else of data: making, changing, copying, destroying. */
#define KV_ACTIONS_CHANGE                                                      \
    (KV_ACTIONS_DATA & ~(KV_ACTIONS_LOOK | KV_ACTIONS_USE))

/* "Privileged" of the catalogue, for a vault (enum kv_kind 0) and an HSM. */
static inline uint64_t kv_actions_privileged(unsigned kind)
{
    return KV_ACTIONS_ASSIGN | (kind == 0 ? KV_ACTIONS_VAULT : KV_ACTIONS_HSM);
}

/* What blocks of permissions allow, wildcards and exceptions included. */
uint64_t kv_actions_of(
    const struct kv_permission_block *blocks, uint32_t count);
/* What the words of an access policy allow: bits of kv_permission_bit(). */
uint64_t kv_actions_of_words(enum kv_object_kind kind, uint32_t words);

/* "reads secret values, manages keys": what a set of data actions comes to, in
 * words; "nothing" for none. */
void kv_actions_put(struct buf *out, uint64_t actions);

#endif
