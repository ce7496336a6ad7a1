/* Estates of any size from a seed: the same options give the same estate. The
 * items are written as text at once; a tree for each of 100,000 vaults would
 * take too long and too much. */
#include "generate.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buffer.h"
#include "cloud.h"
#include "load.h"

#define VAULTS_A_GROUP 25
#define USERS 200
#define APPS 120
#define GROUPS 30

struct maker {
    struct estate *estate;
    uint64_t random;
    char tenant[40];
    char operator_id[40];
    char (*users)[40];
    char (*apps)[40];
    char (*groups)[40];
    unsigned long vaults;
    unsigned long hsms;
};

/* One subscription while it is filled. */
struct place {
    char subscription[40];
    char group[256]; /* the id of the current resource group */
    char workspace[400];
    char storage[400];
};

/* splitmix64: small, and the same everywhere. */
static uint64_t random_next(struct maker *maker)
{
    uint64_t z = maker->random += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned random_below(struct maker *maker, unsigned limit)
{
    return (unsigned)(random_next(maker) % limit);
}

static bool random_percent(struct maker *maker, unsigned percent)
{
    return random_below(maker, 100) < percent;
}

static const char *random_of(
    struct maker *maker, const char *const *words, size_t count)
{
    return words[random_below(maker, (unsigned)count)];
}
#define RANDOM_OF(maker, words)                                                \
    random_of(maker, words, sizeof(words) / sizeof *(words))

static void random_guid(struct maker *maker, char out[40])
{
    uint64_t a = random_next(maker);
    uint64_t b = random_next(maker);

    snprintf(out, 40, "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(a >> 32),
        (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
        (unsigned)(b >> 52), (unsigned long long)(b & 0xffffffffffffu));
}

static void random_time(struct maker *maker, unsigned days, char out[32])
{
    time_text(time(NULL) - 86400 * (time_t)random_below(maker, days), out);
}

static void item_take(struct maker *maker, enum kind kind, struct buffer *text)
{
    size_t length = text->length;

    estate_append(
        maker->estate, kind, item_new_text(buffer_take(text), length));
}

static const char *const regions[] = { "westeurope", "northeurope", "eastus",
    "eastus2", "uksouth", "germanywestcentral", "swedencentral", "westus3" };
static const char *const environments[] = { "prod", "prod", "test", "dev" };
static const char *const teams[] = { "payments", "identity", "retail", "data",
    "platform", "logistics", "hr", "web" };

static void make_principals(struct maker *maker)
{
    json_t *list = json_array();
    char name[64];

    json_array_append_new(
        list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "@odata.type",
                  "#microsoft.graph.servicePrincipal", "id", maker->operator_id,
                  "displayName", "kvgov-operator", "appId", maker->operator_id,
                  "servicePrincipalType", "Application", "accountEnabled", 1));
    for (unsigned i = 0; i < USERS; i++) {
        char upn[96];

        snprintf(name, sizeof name, "Person %03u", i + 1);
        snprintf(upn, sizeof upn, "person%03u@generated.example", i + 1);
        json_array_append_new(list,
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "@odata.type",
                "#microsoft.graph.user", "id", maker->users[i], "displayName",
                name, "userPrincipalName", upn, "mail", upn));
    }
    for (unsigned i = 0; i < APPS; i++) {
        snprintf(name, sizeof name, "app-%s-%03u", teams[i % 8], i + 1);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "@odata.type",
                      "#microsoft.graph.servicePrincipal", "id", maker->apps[i],
                      "displayName", name, "appId", maker->apps[i],
                      "servicePrincipalType",
                      i % 2 ? "ManagedIdentity" : "Application",
                      "accountEnabled", 1));
    }
    for (unsigned i = 0; i < GROUPS; i++) {
        json_t *members = json_array();

        for (unsigned j = i; j < USERS; j += GROUPS)
            json_array_append_new(members, json_string(maker->users[j]));
        snprintf(name, sizeof name, "grp-%s-%02u", teams[i % 8], i + 1);
        json_array_append_new(list,
            json_pack("{s:s, s:s, s:s, s:b, s:o}", "@odata.type",
                "#microsoft.graph.group", "id", maker->groups[i], "displayName",
                name, "securityEnabled", 1, "members", members));
    }
    json_object_set_new(maker->estate->file, "principals", list);
}

static void make_identity(struct maker *maker)
{
    json_t *file = maker->estate->file;

    json_object_set_new(file, "tenant",
        json_pack("{s:s+, s:s, s:s, s:s, s:[s], s:s, s:s, s:s}", "id",
            "/tenants/", maker->tenant, "tenantId", maker->tenant,
            "countryCode", "DE", "displayName", "Generated Ltd.", "domains",
            "generated.example", "tenantCategory", "Home", "defaultDomain",
            "generated.example", "tenantType", "AAD"));
    json_object_set_new(file, "clients",
        json_pack("[{s:s, s:s, s:s}]", "appId", maker->operator_id, "secret",
            "generated-secret", "principalId", maker->operator_id));
    json_object_set_new(file, "deviceUser",
        json_pack("{s:s}", "principalId", maker->operator_id));
    make_principals(maker);
}

static void make_assignment(struct maker *maker, const char *scope,
    const char *role, const char *principal, const char *type)
{
    struct buffer text = { 0 };
    char name[40];
    char when[32];

    random_guid(maker, name);
    random_time(maker, 900, when);
    buffer_putf(&text,
        "{\"properties\":{\"roleDefinitionId\":\"/providers/Microsoft."
        "Authorization/roleDefinitions/%s\",\"principalId\":\"%s\","
        "\"principalType\":\"%s\",\"scope\":\"%s\",\"condition\":null,"
        "\"conditionVersion\":null,\"createdOn\":\"%s\",\"updatedOn\":\"%s\","
        "\"createdBy\":\"%s\",\"updatedBy\":\"%s\","
        "\"delegatedManagedIdentityResourceId\":null,\"description\":null},"
        "\"id\":\"%s/providers/Microsoft.Authorization/roleAssignments/%s\","
        "\"type\":\"Microsoft.Authorization/roleAssignments\",\"name\":\"%s\"}",
        role, principal, type, *scope ? scope : "/", when, when,
        maker->users[0], maker->users[0], scope, name, name);
    item_take(maker, KIND_ROLE_ASSIGNMENT, &text);
}

#define READER "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define CONTRIBUTOR "b24988ac-6180-42a0-ab88-20f7382dd24c"
#define VAULT_CONTRIBUTOR "f25e0fa2-a7c8-4377-a976-54943a77a395"
#define HSM_CONTRIBUTOR "18500a29-7fe2-46b2-a342-b16a415e101d"
#define MONITORING "749f88d5-cbae-40b8-bcfc-e573ddc772fa"
#define LOCKS "28bf596f-4eb7-45ce-b5bc-6cf482fec137"

static const char *const vault_roles[] = {
    "4633458b-17de-408a-b874-0445c86b69e6",
    "4633458b-17de-408a-b874-0445c86b69e6",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    "12338af0-0e69-4776-bea7-57ae8d297424",
    "21090545-7ca7-4776-b22c-e363652d74d2",
    "e147488a-f6f5-4113-8e2d-b22465e65bf6",
};

static void make_someone(
    struct maker *maker, const char *scope, const char *role)
{
    unsigned kind = random_below(maker, 3);

    if (kind == 0)
        make_assignment(maker, scope, role,
            maker->users[random_below(maker, USERS)], "User");
    else if (kind == 1)
        make_assignment(maker, scope, role,
            maker->groups[random_below(maker, GROUPS)], "Group");
    else
        make_assignment(maker, scope, role,
            maker->apps[random_below(maker, APPS)], "ServicePrincipal");
}

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
        id, name, RANDOM_OF(maker, regions), RANDOM_OF(maker, environments),
        RANDOM_OF(maker, teams), maker->users[0], when, maker->users[0], when,
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

static void make_vault(struct maker *maker, const struct place *place)
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

static void make_hsm(struct maker *maker, const struct place *place)
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
        place->group, name, name, RANDOM_OF(maker, regions), maker->tenant,
        name, maker->users[0], random_percent(maker, 60) ? "true" : "false",
        random_percent(maker, 50) ? "Disabled" : "Enabled");
    item_take(maker, KIND_RESOURCE, &text);
}

static void make_deleted(struct maker *maker, const struct place *place)
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

static void make_sinks(
    struct maker *maker, struct place *place, unsigned long number)
{
    struct buffer text = { 0 };
    char customer[40];

    random_guid(maker, customer);
    snprintf(place->workspace, sizeof place->workspace,
        "%s/providers/Microsoft.OperationalInsights/workspaces/log-%04lu",
        place->group, number);
    buffer_putf(&text,
        "{\"properties\":{\"customerId\":\"%s\",\"provisioningState\":"
        "\"Succeeded\",\"sku\":{\"name\":\"PerGB2018\"},\"retentionInDays\":"
        "%d,\"publicNetworkAccessForIngestion\":\"Enabled\","
        "\"publicNetworkAccessForQuery\":\"Enabled\"},\"id\":\"%s\",\"name\":"
        "\"log-%04lu\",\"type\":\"Microsoft.OperationalInsights/workspaces\","
        "\"location\":\"westeurope\"}",
        customer, random_percent(maker, 50) ? 30 : 365, place->workspace,
        number);
    item_take(maker, KIND_RESOURCE, &text);
    snprintf(place->storage, sizeof place->storage,
        "%s/providers/Microsoft.Storage/storageAccounts/stlogs%06lu",
        place->group, number);
    buffer_putf(&text,
        "{\"sku\":{\"name\":\"Standard_LRS\",\"tier\":\"Standard\"},\"kind\":"
        "\"StorageV2\",\"id\":\"%s\",\"name\":\"stlogs%06lu\",\"type\":"
        "\"Microsoft.Storage/storageAccounts\",\"location\":\"westeurope\","
        "\"tags\":{},\"properties\":{\"supportsHttpsTrafficOnly\":true,"
        "\"provisioningState\":\"Succeeded\"}}",
        place->storage, number);
    item_take(maker, KIND_RESOURCE, &text);
}

static void make_group(
    struct maker *maker, struct place *place, const char *name)
{
    struct buffer text = { 0 };

    snprintf(place->group, sizeof place->group,
        "/subscriptions/%s/resourceGroups/%s", place->subscription, name);
    buffer_putf(&text,
        "{\"id\":\"%s\",\"name\":\"%s\",\"type\":"
        "\"Microsoft.Resources/resourceGroups\",\"location\":\"westeurope\","
        "\"properties\":{\"provisioningState\":\"Succeeded\"}}",
        place->group, name);
    item_take(maker, KIND_RESOURCE_GROUP, &text);
}

static void make_subscription(struct maker *maker, struct place *place,
    unsigned long number, unsigned long vaults)
{
    struct buffer text = { 0 };
    char name[64];
    char *scope;

    random_guid(maker, place->subscription);
    scope = alloc_format("/subscriptions/%s", place->subscription);
    buffer_putf(&text,
        "{\"id\":\"%s\",\"authorizationSource\":\"RoleBased\","
        "\"managedByTenants\":[],\"tags\":{},\"subscriptionId\":\"%s\","
        "\"tenantId\":\"%s\",\"displayName\":\"%s-%s-%04lu\",\"state\":"
        "\"Enabled\",\"subscriptionPolicies\":{\"locationPlacementId\":"
        "\"Public_2014-09-01\",\"quotaId\":\"EnterpriseAgreement_2014-09-01\","
        "\"spendingLimit\":\"Off\"}}",
        scope, place->subscription, maker->tenant, RANDOM_OF(maker, teams),
        RANDOM_OF(maker, environments), number);
    item_take(maker, KIND_SUBSCRIPTION, &text);
    make_assignment(maker, scope, OWNER, maker->users[0], "User");
    make_someone(maker, scope, CONTRIBUTOR);
    make_group(maker, place, "rg-logs");
    make_sinks(maker, place, number);
    for (unsigned long i = 0; i < vaults; i++) {
        if (i % VAULTS_A_GROUP == 0) {
            snprintf(
                name, sizeof name, "rg-%04lu-%lu", number, i / VAULTS_A_GROUP);
            make_group(maker, place, name);
        }
        make_vault(maker, place);
        if (maker->vaults % 100 == 0)
            make_hsm(maker, place);
    }
    if (number % 10 == 0)
        make_deleted(maker, place);
    free(scope);
}

static json_t *management_group(
    const char *name, const char *display, const char *parent)
{
    json_t *group = json_pack("{s:s+, s:s, s:s, s:{s:s, s:{}, s:[]}}", "id",
        "/providers/Microsoft.Management/managementGroups/", name, "type",
        "Microsoft.Management/managementGroups", "name", name, "properties",
        "displayName", display, "details", "children");

    if (parent)
        json_object_set_new(
            json_object_get(json_object_get(group, "properties"), "details"),
            "parent",
            json_pack("{s:s+, s:s, s:s}", "id",
                "/providers/Microsoft.Management/managementGroups/", parent,
                "name", parent, "displayName", parent));
    return group;
}

static void group_child(
    json_t *group, const char *type, const char *id, const char *name)
{
    json_array_append_new(
        json_object_get(json_object_get(group, "properties"), "children"),
        json_pack("{s:s, s:s, s:s, s:s}", "type", type, "id", id, "name",
            id_last(id), "displayName", name));
}

static void make_management(struct maker *maker)
{
    static const char *const names[] = { "mg-corp", "mg-online", "mg-sandbox" };
    const struct table *table = &maker->estate->tables[KIND_SUBSCRIPTION];
    json_t *root = management_group(maker->tenant, "Tenant Root Group", NULL);
    json_t *groups[3];

    for (size_t i = 0; i < 3; i++) {
        groups[i] = management_group(names[i], names[i], maker->tenant);
        group_child(root, "Microsoft.Management/managementGroups",
            json_string_value(json_object_get(groups[i], "id")), names[i]);
    }
    for (size_t i = 0; i < table->count; i++) {
        char *display = item_copy(table->items[i], "displayName");

        group_child(
            groups[i % 3], "/subscriptions", table->items[i]->id, display);
        free(display);
    }
    for (size_t i = 0; i < 3; i++) {
        estate_append(
            maker->estate, KIND_MANAGEMENT_GROUP, item_new(groups[i]));
        make_someone(
            maker, json_string_value(json_object_get(groups[i], "id")), READER);
        json_decref(groups[i]);
    }
    estate_append(maker->estate, KIND_MANAGEMENT_GROUP, item_new(root));
    json_decref(root);
}

static void make_operator(struct maker *maker)
{
    static const char *const roles[] = { READER, VAULT_CONTRIBUTOR,
        HSM_CONTRIBUTOR, MONITORING, LOCKS };
    char *root = alloc_format(
        "/providers/Microsoft.Management/managementGroups/%s", maker->tenant);

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        make_assignment(
            maker, root, roles[i], maker->operator_id, "ServicePrincipal");
    free(root);
}

bool generate_parse(
    struct generate_options *options, const char *text, char **problem)
{
    *options = (struct generate_options){ 1000, 10, 1 };
    while (*text) {
        char *end = NULL;
        size_t name = strcspn(text, "=");
        unsigned long number =
            text[name] ? strtoul(text + name + 1, &end, 10) : 0;
        bool good = text[name] && end != text + name + 1 &&
                    (*end == ',' || *end == '\0') && number <= 1000000;

        if (good && name == 6 && strncmp(text, "vaults", 6) == 0)
            options->vaults = number;
        else if (good && name == 13 &&
                 strncmp(text, "subscriptions", 13) == 0 && number > 0)
            options->subscriptions = number;
        else if (good && name == 4 && strncmp(text, "seed", 4) == 0)
            options->seed = number;
        else {
            *problem = alloc_format("--generate does not understand '%s'; "
                                    "write vaults=N,subscriptions=M,seed=S.",
                text);
            return false;
        }
        text = end + (*end == ',');
    }
    return true;
}

bool estate_generate(struct estate *estate,
    const struct generate_options *options, char **problem)
{
    struct maker maker = { .estate = estate, .random = options->seed };
    struct place place;
    bool good;

    estate->file = json_object();
    random_guid(&maker, maker.tenant);
    random_guid(&maker, maker.operator_id);
    maker.users = alloc_zero(USERS, sizeof *maker.users);
    maker.apps = alloc_zero(APPS, sizeof *maker.apps);
    maker.groups = alloc_zero(GROUPS, sizeof *maker.groups);
    for (unsigned i = 0; i < USERS; i++)
        random_guid(&maker, maker.users[i]);
    for (unsigned i = 0; i < APPS; i++)
        random_guid(&maker, maker.apps[i]);
    for (unsigned i = 0; i < GROUPS; i++)
        random_guid(&maker, maker.groups[i]);
    make_identity(&maker);
    for (unsigned long i = 0; i < options->subscriptions; i++)
        make_subscription(&maker, &place, i + 1,
            options->vaults / options->subscriptions +
                (i < options->vaults % options->subscriptions));
    make_management(&maker);
    make_operator(&maker);
    free(maker.users);
    free(maker.apps);
    free(maker.groups);
    good = estate_finish(estate, "--generate", problem);
    return good;
}
