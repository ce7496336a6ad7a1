/* The generator's vaults and managed HSMs, with what hangs on them. Written as
 * text at once: a tree for each of 100,000 would take too long and too much. */
#include "generate_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cloud.h"

static const char *const vault_roles[] = {
    "4633458b-17de-408a-b874-0445c86b69e6",
    "4633458b-17de-408a-b874-0445c86b69e6",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    "12338af0-0e69-4776-bea7-57ae8d297424",
    "21090545-7ca7-4776-b22c-e363652d74d2",
    "e147488a-f6f5-4113-8e2d-b22465e65bf6",
};

static void put_policies(struct maker *maker, struct buffer *text)
{
    unsigned count = 1 + random_below(maker, 3);

    for (unsigned i = 0; i < count; i++)
        buffer_putf(text,
            "%s{\"tenantId\":\"%s\",\"objectId\":\"%s\",\"permissions\":{"
            "\"keys\":[\"Get\",\"List\"],\"secrets\":[%s],"
            "\"certificates\":[]}}",
            i ? "," : "", maker->tenant, maker->apps[random_below(maker, APPS)],
            random_percent(maker, 20) ? "\"all\"" : "\"Get\",\"List\"");
}

static void put_rules(struct maker *maker, struct buffer *text, bool wide)
{
    unsigned count = 1 + random_below(maker, 4);

    buffer_puts(text, ",\"networkAcls\":{\"bypass\":");
    buffer_puts(
        text, random_percent(maker, 80) ? "\"AzureServices\"" : "\"None\"");
    buffer_puts(text, ",\"defaultAction\":\"Deny\",\"ipRules\":[");
    if (wide)
        buffer_puts(text, "{\"value\":\"0.0.0.0/1\"},"
                          "{\"value\":\"128.0.0.0/1\"}");
    for (unsigned i = 0; i < count && !wide; i++)
        buffer_putf(text, "%s{\"value\":\"203.0.113.%u/32\"}", i ? "," : "",
            random_below(maker, 256));
    buffer_puts(text, "],\"virtualNetworkRules\":[]}");
}

static void put_connection(struct maker *maker, struct buffer *text,
    const char *id, const struct place *place)
{
    bool pending = random_percent(maker, 10);
    char name[40];

    random_guid(maker, name);
    buffer_putf(text,
        ",\"privateEndpointConnections\":[{\"id\":\"%s/"
        "privateEndpointConnections/%s\",\"properties\":{\"provisioningState\""
        ":\"Succeeded\",\"privateEndpoint\":{\"id\":\"%s/providers/"
        "Microsoft.Network/privateEndpoints/pe-%s\"},"
        "\"privateLinkServiceConnectionState\":{\"status\":\"%s\","
        "\"description\":\"\",\"actionsRequired\":\"None\"}}}]",
        id, name, place->group, name, pending ? "Pending" : "Approved");
}

static void put_network(struct maker *maker, struct buffer *text,
    const char *id, const struct place *place)
{
    unsigned shape = random_below(maker, 100);

    if (shape < 35) {
        buffer_puts(text, ",\"publicNetworkAccess\":\"Enabled\"");
    } else if (shape < 60) {
        put_rules(maker, text, random_percent(maker, 10));
        buffer_puts(text, ",\"publicNetworkAccess\":\"Enabled\"");
    } else if (shape < 95) {
        put_connection(maker, text, id, place);
        buffer_puts(text, ",\"publicNetworkAccess\":\"Disabled\"");
    }
    /* The rest is old and says nothing. */
}

static void put_protection(struct maker *maker, struct buffer *text)
{
    static const char *const days[] = { "7", "30", "90", "90", "90" };
    unsigned kind = random_below(maker, 100);

    if (kind >= 3)
        buffer_puts(text, ",\"enableSoftDelete\":true");
    if (kind >= 8)
        buffer_putf(
            text, ",\"softDeleteRetentionInDays\":%s", RANDOM_OF(maker, days));
    if (kind >= 45)
        buffer_puts(text, ",\"enablePurgeProtection\":true");
}

static void put_vault(struct maker *maker, struct buffer *text,
    const char *name, const char *id, const struct place *place)
{
    bool roles = random_percent(maker, 65);
    char when[32];

    random_time(maker, 1500, when);
    buffer_putf(text,
        "{\"id\":\"%s\",\"name\":\"%s\",\"type\":\"Microsoft.KeyVault/vaults\""
        ",\"location\":\"%s\",\"tags\":{\"env\":\"%s\",\"team\":\"%s\"},"
        "\"systemData\":{\"createdBy\":\"%s\",\"createdByType\":\"User\","
        "\"createdAt\":\"%s\",\"lastModifiedBy\":\"%s\","
        "\"lastModifiedByType\":\"User\",\"lastModifiedAt\":\"%s\"},"
        "\"properties\":{\"sku\":{\"family\":\"A\",\"name\":\"%s\"},"
        "\"tenantId\":\"%s\",\"accessPolicies\":[",
        id, name, RANDOM_OF(maker, random_regions),
        RANDOM_OF(maker, random_environments), RANDOM_OF(maker, random_teams),
        maker->users[0], when, maker->users[0], when,
        random_percent(maker, 25) ? "premium" : "standard", maker->tenant);
    if (!roles)
        put_policies(maker, text);
    buffer_puts(text, "],\"enabledForDeployment\":false,"
                      "\"enabledForDiskEncryption\":false,"
                      "\"enabledForTemplateDeployment\":false");
    if (roles || random_percent(maker, 50))
        buffer_putf(
            text, ",\"enableRbacAuthorization\":%s", roles ? "true" : "false");
    put_protection(maker, text);
    put_network(maker, text, id, place);
    buffer_putf(text,
        ",\"vaultUri\":\"https://%s.vault.azure.net/\","
        "\"provisioningState\":\"Succeeded\"}}",
        name);
}

static void make_setting(
    struct maker *maker, const char *vault, const struct place *place)
{
    bool workspace = random_percent(maker, 80);
    char *key = alloc_lower(vault);
    struct buffer text = { 0 };

    buffer_putf(&text,
        "{\"id\":\"%s/providers/microsoft.insights/diagnosticSettings/logs\","
        "\"type\":\"Microsoft.Insights/diagnosticSettings\",\"name\":\"logs\","
        "\"location\":null,\"kind\":null,\"tags\":null,\"properties\":{"
        "\"storageAccountId\":%s%s%s,\"serviceBusRuleId\":null,"
        "\"workspaceId\":%s%s%s,\"eventHubAuthorizationRuleId\":null,"
        "\"eventHubName\":null,\"metrics\":[],\"logs\":[{\"category\":%s,"
        "\"categoryGroup\":%s,\"enabled\":%s,\"retentionPolicy\":{\"enabled\":"
        "false,\"days\":0}}],\"logAnalyticsDestinationType\":null},"
        "\"identity\":null}",
        key, workspace ? "" : "\"", workspace ? "null" : place->storage,
        workspace ? "" : "\"", workspace ? "\"" : "",
        workspace ? place->workspace : "null", workspace ? "\"" : "",
        workspace ? "null" : "\"AuditEvent\"", workspace ? "\"audit\"" : "null",
        random_percent(maker, 95) ? "true" : "false");
    free(key);
    item_take(maker, KIND_DIAGNOSTIC_SETTING, &text);
}

static void make_lock(struct maker *maker, const char *scope)
{
    struct buffer text = { 0 };

    buffer_putf(&text,
        "{\"properties\":{\"level\":\"CanNotDelete\",\"notes\":\"Kept by "
        "operations.\"},\"id\":\"%s/providers/Microsoft.Authorization/locks/"
        "keep\",\"type\":\"Microsoft.Authorization/locks\",\"name\":\"keep\"}",
        scope);
    item_take(maker, KIND_LOCK, &text);
}

void make_vault(struct maker *maker, const struct place *place)
{
    struct buffer text = { 0 };
    char name[32];
    char *id;

    snprintf(name, sizeof name, "kv-%06lu-%04x", ++maker->vaults,
        random_below(maker, 0x10000));
    id = alloc_format(
        "%s/providers/Microsoft.KeyVault/vaults/%s", place->group, name);
    put_vault(maker, &text, name, id, place);
    item_take(maker, KIND_RESOURCE, &text);
    if (random_percent(maker, 70))
        make_setting(maker, id, place);
    if (random_percent(maker, 3))
        make_lock(maker, id);
    make_someone(maker, id, RANDOM_OF(maker, vault_roles));
    free(id);
}

void make_hsm(struct maker *maker, const struct place *place)
{
    struct buffer text = { 0 };
    char name[32];

    snprintf(name, sizeof name, "hsm-%05lu", ++maker->hsms);
    buffer_putf(&text,
        "{\"id\":\"%s/providers/Microsoft.KeyVault/managedHSMs/%s\","
        "\"name\":\"%s\",\"type\":\"Microsoft.KeyVault/managedHSMs\","
        "\"location\":\"%s\",\"sku\":{\"family\":\"B\",\"name\":"
        "\"Standard_B1\"},\"tags\":{},\"properties\":{\"tenantId\":\"%s\","
        "\"hsmUri\":\"https://%s.managedhsm.azure.net/\","
        "\"initialAdminObjectIds\":[\"%s\"],\"enableSoftDelete\":true,"
        "\"softDeleteRetentionInDays\":90,\"enablePurgeProtection\":%s,"
        "\"publicNetworkAccess\":\"%s\",\"networkAcls\":{\"bypass\":"
        "\"AzureServices\",\"defaultAction\":\"Allow\",\"ipRules\":[],"
        "\"virtualNetworkRules\":[]},\"provisioningState\":\"Succeeded\","
        "\"statusMessage\":\"ManagedHsm is functional.\","
        "\"securityDomainProperties\":{\"activationStatus\":\"Active\","
        "\"activationStatusMessage\":\"Your HSM has been activated and can be "
        "used for cryptographic operations.\"}}}",
        place->group, name, name, RANDOM_OF(maker, random_regions),
        maker->tenant, name, maker->users[0],
        random_percent(maker, 60) ? "true" : "false",
        random_percent(maker, 50) ? "Disabled" : "Enabled");
    item_take(maker, KIND_RESOURCE, &text);
}

void make_deleted(struct maker *maker, const struct place *place)
{
    struct buffer text = { 0 };
    char deleted[32];
    char purge[32];
    char name[32];

    snprintf(name, sizeof name, "kv-gone-%06lu", ++maker->vaults);
    time_text(time(NULL) - 86400 * 10, deleted);
    time_text(time(NULL) + 86400 * 80, purge);
    buffer_putf(&text,
        "{\"id\":\"/subscriptions/%s/providers/Microsoft.KeyVault/locations/"
        "westeurope/deletedVaults/%s\",\"name\":\"%s\",\"type\":"
        "\"Microsoft.KeyVault/deletedVaults\",\"properties\":{\"vaultId\":"
        "\"%s/providers/Microsoft.KeyVault/vaults/%s\",\"location\":"
        "\"westeurope\",\"tags\":{},\"deletionDate\":\"%s\","
        "\"scheduledPurgeDate\":\"%s\"%s}}",
        place->subscription, name, name, place->group, name, deleted, purge,
        random_percent(maker, 50) ? ",\"purgeProtectionEnabled\":true" : "");
    item_take(maker, KIND_DELETED_VAULT, &text);
}
