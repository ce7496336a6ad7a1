/* Names of ways to sign in: ours and those of Microsoft's libraries, which say
 * what AZURE_TOKEN_CREDENTIALS may hold. */
#include "choice.h"

#include "auth.h"

#include <strings.h>

struct choice_row {
    const char *name;
    const char *credential; /* Microsoft's name */
    unsigned ways;
};

#define SECRET WAY_BIT(WAY_SECRET)
#define CERTIFICATE WAY_BIT(WAY_CERTIFICATE)
#define FEDERATED WAY_BIT(WAY_FEDERATED)
#define MANAGED WAY_BIT(WAY_MANAGED)
#define CLI WAY_BIT(WAY_CLI)
#define DEVICE WAY_BIT(WAY_DEVICE)

static const struct choice_row rows[] = {
    { "environment", "EnvironmentCredential", SECRET | CERTIFICATE },
    { "environment-secret", "ClientSecretCredential", SECRET },
    { "certificate", "ClientCertificateCredential", CERTIFICATE },
    { "workload-identity", "WorkloadIdentityCredential", FEDERATED },
    { "managed-identity", "ManagedIdentityCredential", MANAGED },
    { "azure-cli", "AzureCliCredential", CLI },
    { "device-code", "DeviceCodeCredential", DEVICE },
    { "prod", "prod", SECRET | CERTIFICATE | FEDERATED | MANAGED },
    { "dev", "dev", CLI },
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

static const struct choice_row *row_find(const char *name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strcasecmp(rows[i].name, name) == 0 ||
            strcasecmp(rows[i].credential, name) == 0)
            return &rows[i];
    return NULL;
}

static enum kv_status refuse(
    const char *name, bool forced, struct kv_error *err)
{
    struct buf names = { .limit = 256 };

    for (size_t i = 0; i < ROW_COUNT; i++)
        buf_putf(&names, "%s%s", i > 0 ? ", " : "", rows[i].name);
    kv_error_set(err, KV_BAD_CONFIG,
        "%s is %.60s, which is no way to sign in that kvgov has; it has %s",
        forced ? "--auth" : "AZURE_TOKEN_CREDENTIALS", name, buf_text(&names));
    buf_done(&names);
    return KV_BAD_CONFIG;
}

enum kv_status choice_read(struct choice *out, const char *name,
    const char *credentials, struct kv_error *err)
{
    bool forced = name && *name;
    const char *said = forced ? name : credentials;
    const struct choice_row *row;

    if (!said || !*said) {
        *out = (struct choice){ .ways = WAY_BIT(WAY_COUNT) - 1 };
        return KV_OK;
    }
    row = row_find(said);
    if (!row)
        return refuse(said, forced, err);
    *out = (struct choice){
        .ways = forced ? row->ways : row->ways | DEVICE,
        .forced = forced,
    };
    return KV_OK;
}

enum kv_status auth_check_way(const char *way, struct kv_error *err)
{
    struct choice choice;

    return choice_read(&choice, way, NULL, err);
}

bool choice_is_single(const struct choice *choice)
{
    unsigned ways = choice->ways & ~DEVICE;

    return ways != 0 && (ways & (ways - 1)) == 0;
}
