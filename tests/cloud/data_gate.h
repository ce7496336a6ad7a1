#ifndef CLOUD_DATA_GATE_H
#define CLOUD_DATA_GATE_H

#include "cloud.h"

/* What a caller of the data plane needs, in both permission models. */
enum right {
    RIGHT_KEYS_READ,
    RIGHT_KEYS_LIST,
    RIGHT_KEYS_UPDATE,
    RIGHT_KEYS_ROTATE,
    RIGHT_KEYS_CREATE,
    RIGHT_KEYS_BACKUP,
    RIGHT_KEYS_RESTORE,
    RIGHT_KEYS_RECOVER,
    RIGHT_KEYS_DELETE,
    RIGHT_KEYS_PURGE,
    RIGHT_ROTATION_READ,
    RIGHT_ROTATION_WRITE,
    RIGHT_SECRETS_GET,
    RIGHT_SECRETS_LIST,
    RIGHT_SECRETS_UPDATE,
    RIGHT_SECRETS_BACKUP,
    RIGHT_SECRETS_RESTORE,
    RIGHT_SECRETS_RECOVER,
    RIGHT_SECRETS_DELETE,
    RIGHT_SECRETS_PURGE,
    RIGHT_CERTIFICATES_READ,
    RIGHT_CERTIFICATES_LIST,
    RIGHT_CERTIFICATES_UPDATE,
    RIGHT_CERTIFICATES_BACKUP,
    RIGHT_CERTIFICATES_RESTORE,
    RIGHT_CERTIFICATES_RECOVER,
    RIGHT_CERTIFICATES_DELETE,
    RIGHT_CERTIFICATES_PURGE,
    RIGHT_ROLES_READ,
    RIGHT_ROLES_WRITE,
    RIGHT_ROLES_DELETE,
    RIGHT_SETTINGS_READ,
    RIGHT_SETTINGS_WRITE,
    RIGHT_BACKUP_START,
    RIGHT_BACKUP_STATUS,
    RIGHT_RESTORE_START,
    RIGHT_RESTORE_STATUS,
    RIGHT_ISSUERS_LIST,
    RIGHT_CONTACTS_READ,
};
#define RIGHT_COUNT 39

/* The vault or HSM whose host was asked, if network and permissions let the
 * caller do this to the object (NULL: to the collection); otherwise answers
 * and returns NULL. */
const struct item *data_gate(
    struct call *call, enum right right, const char *object);

/* As the data plane words them, with an inner code or NULL. */
void data_error(struct call *call, unsigned status, const char *code,
    const char *inner, const char *message);

#endif
