/* Keys, secrets and certificates on a vault's own host. */
#include "shapes_ids.h"
#include "test.h"

#define D "KeyVault.DataPlane/"
#define KEYS(example, method, path, body)                                      \
    {                                                                          \
        example, method, path, body, PLANE_VAULT, "kv-pay-core-weu"            \
    }
#define READ(example, path) KEYS(D example, "GET", path, NULL)
/* In a vault without purge protection. */
#define DEVV(example, method, path, body)                                      \
    {                                                                          \
        example, method, path, body, PLANE_VAULT, "kv-web-dev-weu"             \
    }
#define MORE(method, path, body) DEVV(NONE, method, V(path, "7.4"), body)
#define DATA_ROW(example, method, path, body)                                  \
    DEVV(D example, method, path, body)
#define WRAP "/keys/card-vault-wrap"

static const struct cloud_shape rows[] = {
    READ("GetKeys", "/keys"),
    READ("GetKey", WRAP),
    READ("GetKeyVersions", "/keys/payments-signing/versions"),
    READ("GetKeyRotationPolicy", WRAP "/rotationpolicy"),
    KEYS(D "UpdateKeyRotationPolicy", "PUT", WRAP "/rotationpolicy",
        EXAMPLE_BODY),
    READ("GetKey", WRAP "/<key.kid/>"),
    KEYS(D "UpdateKey", "PATCH", WRAP "/<key.kid/>", EXAMPLE_BODY),
    KEYS(D "UpdateKey", "PATCH", WRAP, "{\"attributes\":{\"enabled\":true}}"),
    KEYS(D "RotateKey", "POST", WRAP "/rotate", ""),
    READ("GetSecrets", "/secrets"),
    READ("GetSecretVersions", "/secrets/ledger-db/versions"),
    READ("GetCertificates", "/certificates"),
    READ("GetCertificate", "/certificates/pay-api"),
    READ("GetCertificateVersions", "/certificates/pay-api/versions"),
    READ("GetCertificatePolicy", "/certificates/pay-api/policy"),
    KEYS(D "UpdateCertificatePolicy", "PATCH", "/certificates/pay-api/policy",
        EXAMPLE_BODY),
    /* A key is backed up and deleted, looked at, and comes back. */
    KEYS(D "BackupKey", "POST", WRAP "/backup", ""),
    KEYS(D "GetDeletedKey", "DELETE", WRAP, NULL),
    READ("GetDeletedKeys", "/deletedkeys"),
    READ("GetDeletedKey", "/deletedkeys/card-vault-wrap"),
    KEYS(D "RecoverDeletedKey", "POST", "/deletedkeys/card-vault-wrap/recover",
        ""),
    KEYS(NONE, "GET", V("/certificates/contacts", "7.4"), NULL),
    KEYS(NONE, "GET", V("/certificates/issuers", "7.4"), NULL),

    /* One of each kind goes away for good and comes back from its backup. */
    DATA_ROW("BackupKey", "POST", "/keys/web-protect/backup", ""),
    MORE("DELETE", "/keys/web-protect", NULL),
    DATA_ROW("PurgeDeletedKey", "DELETE", "/deletedkeys/web-protect", NULL),
    DATA_ROW("RestoreKey", "POST", "/keys/restore", "{\"value\":\"<value>\"}"),
    MORE("POST", "/secrets/web-db/backup", ""),
    MORE("DELETE", "/secrets/web-db", NULL),
    DATA_ROW("GetDeletedSecrets", "GET", "/deletedsecrets", NULL),
    MORE("GET", "/deletedsecrets/web-db", NULL),
    MORE("DELETE", "/deletedsecrets/web-db", NULL),
    MORE("POST", "/secrets/restore", "{\"value\":\"<value>\"}"),
    MORE("GET", "/secrets/web-db/versions", NULL),
    MORE("PATCH", "/secrets/web-db/<value.0.id/>", "{\"tags\":{\"a\":\"b\"}}"),
    MORE("PATCH", "/secrets/web-db", "{\"contentType\":\"text/plain\"}"),
    MORE("DELETE", "/secrets/web-db", NULL),
    MORE("POST", "/deletedsecrets/web-db/recover", ""),
    MORE("POST", "/certificates/web-dev/backup", ""),
    MORE("DELETE", "/certificates/web-dev", NULL),
    DATA_ROW("GetDeletedCertificates", "GET", "/deletedcertificates", NULL),
    MORE("GET", "/deletedcertificates/web-dev", NULL),
    MORE("POST", "/deletedcertificates/web-dev/recover", ""),
    MORE("GET", "/certificates/web-dev/versions", NULL),
    DATA_ROW(
        "GetCertificate", "GET", "/certificates/web-dev/<value.0.id/>", NULL),
    MORE("PATCH", "/certificates/web-dev/<id/>", "{\"tags\":{\"a\":\"b\"}}"),
    MORE("PATCH", "/certificates/web-dev", "{\"tags\":{\"a\":\"b\"}}"),
    MORE("DELETE", "/certificates/web-dev", NULL),
    MORE("DELETE", "/deletedcertificates/web-dev", NULL),
    MORE("POST", "/certificates/restore", "{\"value\":\"<value>\"}"),
};

const struct cloud_shapes shapes_objects = { rows, LENGTH(rows) };
