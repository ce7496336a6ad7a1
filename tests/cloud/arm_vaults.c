/* Microsoft.KeyVault/vaults: list, read, change, create, recover, delete. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "change.h"
#include "faults.h"
#include "handlers.h"
#include "page.h"
#include "service.h"
#include "vault_rules.h"

#define TYPE "Microsoft.KeyVault/vaults"
/* The first api-version that tells publicNetworkAccess. */
#define ACCESS_SINCE "2021-06-01"
/* From here on a new vault uses Azure roles unless it says otherwise. */
#define ROLES_SINCE "2026-02-01"

static bool version_before(struct call *call, const char *date)
{
    const char *version = call_query(call, "api-version");

    return version && strncmp(version, date, 10) < 0;
}

static void vault_render(
    struct call *call, const struct item *item, struct buffer *out)
{
    json_t *vault;
    char *text;

    if (!version_before(call, ACCESS_SINCE)) {
        buffer_put(out, item->text.at, item->text.length);
        return;
    }
    vault = item_json(item);
    json_object_del(
        json_object_get(vault, "properties"), "publicNetworkAccess");
    text = json_dumps(vault, JSON_COMPACT);
    buffer_puts(out, text);
    free(text);
    json_decref(vault);
}

static void vault_answer(
    struct call *call, unsigned status, const struct item *item)
{
    answer_empty(call, status);
    vault_render(call, item, &call->answer);
}

void vaults_list(struct call *call)
{
    bool grouped = strcasestr(call->path, "/resourceGroups/") != NULL;
    char *scope = grouped ? path_group(call) : path_subscription(call);
    struct page page = { .style = PAGE_VAULTS, .render = vault_render };

    if (page_add_readable(&page, call, KIND_RESOURCE, scope,
            "microsoft.keyvault/vaults", TYPE "/read"))
        page_answer(&page, call);
    free(scope);
}

void vault_get(struct call *call)
{
    const struct item *vault = resource_find(call, TYPE);

    if (vault)
        vault_answer(call, 200, vault);
}

/* What the service writes itself and ignores in a request. */
static void properties_drop_own(json_t *given)
{
    static const char *const own[] = { "vaultUri", "provisioningState",
        "privateEndpointConnections", "hsmPoolResourceId", "createMode" };

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        json_object_del(given, own[i]);
}

/* A single address is kept as a range of one, as the service does. */
static void rules_widen(json_t *rules)
{
    size_t index;
    json_t *rule;

    json_array_foreach(rules, index, rule)
    {
        const char *value = json_string_value(json_object_get(rule, "value"));

        if (value && !strchr(value, '/'))
            json_object_set_new(rule, "value", json_sprintf("%s/32", value));
    }
}

/* The ids of subnets come back in small letters. */
static void rules_lower(json_t *rules)
{
    size_t index;
    json_t *rule;

    json_array_foreach(rules, index, rule)
    {
        const char *id = json_string_value(json_object_get(rule, "id"));
        char *lower = id ? alloc_lower(id) : NULL;

        if (lower)
            json_object_set_new(rule, "id", json_string(lower));
        free(lower);
    }
}

static void properties_fill_network(json_t *properties)
{
    json_t *acls = json_object_get(properties, "networkAcls");

    if (!json_is_object(acls))
        return;
    rules_widen(json_object_get(acls, "ipRules"));
    rules_lower(json_object_get(acls, "virtualNetworkRules"));
    if (!json_object_get(acls, "bypass"))
        json_object_set_new(acls, "bypass", json_string("AzureServices"));
    if (!json_object_get(acls, "defaultAction"))
        json_object_set_new(acls, "defaultAction", json_string("Allow"));
    if (!json_is_array(json_object_get(acls, "ipRules")))
        json_object_set_new(acls, "ipRules", json_array());
    if (!json_is_array(json_object_get(acls, "virtualNetworkRules")))
        json_object_set_new(acls, "virtualNetworkRules", json_array());
}

static const char *const known_properties[] = {
    "sku",
    "tenantId",
    "networkAcls",
    "accessPolicies",
    "enabledForDeployment",
    "enabledForDiskEncryption",
    "enabledForTemplateDeployment",
    "enableSoftDelete",
    "softDeleteRetentionInDays",
    "enableRbacAuthorization",
    "enablePurgeProtection",
    "publicNetworkAccess",
};

/* Lays what was given over what is there; null means "not said". Members that
 * Key Vault does not know are ignored. */
static void properties_merge(json_t *properties, json_t *given)
{
    for (size_t i = 0; i < sizeof known_properties / sizeof *known_properties;
         i++) {
        json_t *value = json_object_get(given, known_properties[i]);

        if (value && !json_is_null(value))
            json_object_set(properties, known_properties[i], value);
    }
    properties_fill_network(properties);
}

static void vault_merge(struct call *call, json_t *vault, json_t *body)
{
    json_t *given = json_object_get(body, "properties");
    json_t *tags = json_object_get(body, "tags");
    json_t *properties = json_object_get(vault, "properties");

    properties_drop_own(given);
    if (call->effects[FAULT_POLICY_MODIFY].on)
        json_object_del(given, "publicNetworkAccess");
    properties_merge(properties, given);
    if (json_is_object(tags))
        json_object_set(vault, "tags", tags);
}

void vault_patch(struct call *call)
{
    const struct item *item = resource_find(call, TYPE);
    json_t *body = item ? call_json(call) : NULL;
    json_t *vault;

    if (!body)
        return;
    vault = item_json(item);
    if (vault_rules_check(call, json_object_get(vault, "properties"),
            json_object_get(body, "properties"))) {
        vault_merge(call, vault, body);
        vault_answer(
            call, 200, change_store(call, KIND_RESOURCE, json_incref(vault)));
    }
    json_decref(vault);
    json_decref(body);
}

static const struct item *vault_deleted(
    struct call *call, const char *name, const char *location)
{
    char *id = alloc_format("/subscriptions/%s/providers/Microsoft.KeyVault"
                            "/locations/%s/deletedVaults/%s",
        call->captures[0], location, name);
    const struct item *deleted =
        estate_find(&call->cloud->estate, KIND_DELETED_VAULT, id);

    free(id);
    return deleted;
}

/* A deleted vault comes back as it was: it is kept inside the deleted item
 * under a member of this program's own, or rebuilt from what is known. */
static json_t *vault_revive(
    struct call *call, const struct item *deleted, json_t *body)
{
    char *id = item_copy(deleted, "properties.vaultId");
    json_t *kept = json_object_get(
        json_object_get(call->cloud->estate.file, "_recoverable"), id);
    json_t *vault = kept ? json_deep_copy(kept) : NULL;
    char *uri;

    if (!vault) {
        vault = json_pack("{s:s, s:s, s:s, s:O, s:{}, s:{s:O*, s:O*, s:[], "
                          "s:b, s:s}}",
            "id", id, "name", deleted->name, "type", TYPE, "location",
            json_object_get(body, "location"), "tags", "properties", "sku",
            json_object_get(json_object_get(body, "properties"), "sku"),
            "tenantId",
            json_object_get(json_object_get(body, "properties"), "tenantId"),
            "accessPolicies", "enableSoftDelete", 1, "provisioningState",
            "Succeeded");
        uri = service_address(call->cloud, SERVICE_VAULT, deleted->name);
        json_object_set_new(
            json_object_get(vault, "properties"), "vaultUri", json_string(uri));
        free(uri);
    }
    free(id);
    return vault;
}

static void vault_recover(struct call *call, json_t *body)
{
    const char *location = json_string_value(json_object_get(body, "location"));
    const struct item *deleted =
        vault_deleted(call, call->captures[2], location ? location : "");
    json_t *vault;
    char *id;

    if (!deleted) {
        answer_error(call, 404, "DeletedVaultNotFound",
            "The specified deleted vault '%s' does not exist.",
            call->captures[2]);
        return;
    }
    vault = vault_revive(call, deleted, body);
    id = alloc_text(deleted->id);
    estate_remove(&call->cloud->estate, KIND_DELETED_VAULT, id);
    free(id);
    vault_answer(call, 200, change_store(call, KIND_RESOURCE, vault));
}

static bool vault_create_check(struct call *call, json_t *body, json_t *given)
{
    static const char *const needed[] = { "tenantId", "sku" };

    if (!json_is_string(json_object_get(body, "location"))) {
        answer_error(call, 400, "LocationRequired",
            "The location property is required for this definition.");
        return false;
    }
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!json_object_get(given, needed[i])) {
            answer_error(call, 400, "BadRequest",
                "The property \"%s\" is required.", needed[i]);
            return false;
        }
    return true;
}

static json_t *vault_new(struct call *call, json_t *body, const char *id)
{
    const char *name = call->captures[2];
    char *uri = service_address(call->cloud, SERVICE_VAULT, name);
    char when[40];
    json_t *vault;

    time_now_text(when);
    vault = json_pack("{s:s, s:s, s:s, s:O, s:{}, s:{s:s, s:s, s:s, s:s, s:s, "
                      "s:s}, s:{}}",
        "id", id, "name", name, "type", TYPE, "location",
        json_object_get(body, "location"), "tags", "systemData", "createdBy",
        call_object_id(call), "createdByType", "Application", "createdAt", when,
        "lastModifiedBy", call_object_id(call), "lastModifiedByType",
        "Application", "lastModifiedAt", when, "properties");
    vault_merge(call, vault, body);
    body = json_object_get(vault, "properties");
    if (!json_object_get(body, "accessPolicies"))
        json_object_set_new(body, "accessPolicies", json_array());
    if (!json_object_get(body, "enableRbacAuthorization"))
        json_object_set_new(body, "enableRbacAuthorization",
            json_boolean(!version_before(call, ROLES_SINCE)));
    json_object_set_new(body, "enableSoftDelete", json_true());
    if (!json_object_get(body, "softDeleteRetentionInDays"))
        json_object_set_new(
            body, "softDeleteRetentionInDays", json_integer(90));
    if (!json_object_get(body, "publicNetworkAccess"))
        json_object_set_new(
            body, "publicNetworkAccess", json_string("Enabled"));
    json_object_set_new(body, "vaultUri", json_string(uri));
    json_object_set_new(body, "provisioningState", json_string("Succeeded"));
    free(uri);
    return vault;
}

/* A full replacement: what the request leaves out is gone, access policies
 * included; deletion protection and connections stay. */
static json_t *vault_replace(struct call *call, json_t *vault, json_t *body)
{
    static const char *const kept[] = { "vaultUri", "provisioningState",
        "privateEndpointConnections", "enableSoftDelete",
        "softDeleteRetentionInDays", "enablePurgeProtection",
        "enableRbacAuthorization" };
    json_t *old = json_object_get(vault, "properties");
    json_t *properties = json_pack("{s:[]}", "accessPolicies");

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (json_object_get(old, kept[i]))
            json_object_set(properties, kept[i], json_object_get(old, kept[i]));
    json_object_set_new(vault, "properties", properties);
    json_object_set_new(vault, "tags", json_object());
    vault_merge(call, vault, body);
    return vault;
}

bool vault_name_taken(struct call *call, const char *name)
{
    const struct table *table = &call->cloud->estate.tables[KIND_RESOURCE];

    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->items[i]->type, "microsoft.keyvault/vaults") == 0 &&
            text_same(table->items[i]->name, name))
            return true;
    table = &call->cloud->estate.tables[KIND_DELETED_VAULT];
    for (size_t i = 0; i < table->count; i++)
        if (text_same(table->items[i]->name, name))
            return true;
    return false;
}

static void vault_write(struct call *call, json_t *body)
{
    json_t *given = json_object_get(body, "properties");
    char *group = path_group(call);
    char *id =
        alloc_format("%s/providers/" TYPE "/%s", group, call->captures[2]);
    struct item *item = estate_find(&call->cloud->estate, KIND_RESOURCE, id);
    json_t *vault = item ? item_json(item) : NULL;

    if (!estate_find(&call->cloud->estate, KIND_RESOURCE_GROUP, group)) {
        answer_error(call, 404, "ResourceGroupNotFound",
            "Resource group '%s' could not be found.", call->captures[1]);
    } else if (!vault && vault_name_taken(call, call->captures[2])) {
        answer_error(call, 409, "VaultAlreadyExists",
            "The vault name '%s' is already in use. Vault names are globally "
            "unique so it is possible that the name is already taken.",
            call->captures[2]);
    } else if (vault_create_check(call, body, given) &&
               vault_rules_check(
                   call, json_object_get(vault, "properties"), given)) {
        vault = vault ? vault_replace(call, vault, body)
                      : vault_new(call, body, id);
        vault_answer(
            call, 200, change_store(call, KIND_RESOURCE, json_incref(vault)));
    }
    json_decref(vault);
    free(group);
    free(id);
}

void vault_put(struct call *call)
{
    json_t *body = call_json(call);
    const char *mode;

    if (!body)
        return;
    mode = json_string_value(
        json_object_get(json_object_get(body, "properties"), "createMode"));
    if (text_same(mode, "recover"))
        vault_recover(call, body);
    else
        vault_write(call, body);
    json_decref(body);
}

static json_t *deleted_new(struct call *call, json_t *vault)
{
    json_t *properties = json_object_get(vault, "properties");
    json_t *days = json_object_get(properties, "softDeleteRetentionInDays");
    const char *location =
        json_string_value(json_object_get(vault, "location"));
    const char *name = json_string_value(json_object_get(vault, "name"));
    char *id = alloc_format("/subscriptions/%s/providers/Microsoft.KeyVault"
                            "/locations/%s/deletedVaults/%s",
        call->captures[0], location, name);
    time_t now = time(NULL);
    char deleted[32];
    char purge[32];
    json_t *result;

    time_text(now, deleted);
    time_text(
        now + 86400 * (days ? (time_t)json_integer_value(days) : 90), purge);
    result = json_pack("{s:s, s:s, s:s, s:{s:O, s:O, s:O*, s:s, s:s}}", "id",
        id, "name", name, "type", "Microsoft.KeyVault/deletedVaults",
        "properties", "vaultId", json_object_get(vault, "id"), "location",
        json_object_get(vault, "location"), "tags",
        json_object_get(vault, "tags"), "deletionDate", deleted,
        "scheduledPurgeDate", purge);
    if (json_is_true(json_object_get(properties, "enablePurgeProtection")))
        json_object_set_new(json_object_get(result, "properties"),
            "purgeProtectionEnabled", json_true());
    free(id);
    return result;
}

/* Role assignments at the vault and below it are gone for good; recovery
 * does not bring them back. */
static void vault_drop_assignments(struct estate *estate, const char *key)
{
    char *prefix = alloc_format("%s/", key);
    struct range range = estate_below(estate, KIND_ROLE_ASSIGNMENT, prefix);

    while (range.last > range.first) {
        char *id = alloc_text(
            estate->tables[KIND_ROLE_ASSIGNMENT].items[--range.last]->id);

        estate_remove(estate, KIND_ROLE_ASSIGNMENT, id);
        free(id);
    }
    free(prefix);
}

void vault_delete(struct call *call)
{
    struct estate *estate = &call->cloud->estate;
    const struct item *item = estate_find(estate, KIND_RESOURCE, call->path);
    json_t *kept = json_object_get(estate->file, "_recoverable");
    json_t *vault;
    char *id;

    if (!item) {
        answer_empty(call, 204);
        return;
    }
    if (!kept) {
        kept = json_object();
        json_object_set_new(estate->file, "_recoverable", kept);
    }
    vault = item_json(item);
    json_object_set(kept, item->id, vault);
    id = alloc_text(item->id);
    vault_drop_assignments(estate, item->key);
    estate_remove(estate, KIND_RESOURCE, id);
    change_store(call, KIND_DELETED_VAULT, deleted_new(call, vault));
    json_decref(vault);
    free(id);
    answer_empty(call, 200);
}
