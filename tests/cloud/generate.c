/* Estates of any size from a seed: the same options give the same estate. This
 * file builds the tree of groups and subscriptions and fills it. */
#include "generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "generate_maker.h"
#include "load.h"

#define VAULTS_A_GROUP 25

#define READER "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define CONTRIBUTOR "b24988ac-6180-42a0-ab88-20f7382dd24c"
#define VAULT_CONTRIBUTOR "f25e0fa2-a7c8-4377-a976-54943a77a395"
#define HSM_CONTRIBUTOR "18500a29-7fe2-46b2-a342-b16a415e101d"
#define MONITORING "749f88d5-cbae-40b8-bcfc-e573ddc772fa"
#define LOCKS "28bf596f-4eb7-45ce-b5bc-6cf482fec137"

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
        scope, place->subscription, maker->tenant,
        RANDOM_OF(maker, random_teams), RANDOM_OF(maker, random_environments),
        number);
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
