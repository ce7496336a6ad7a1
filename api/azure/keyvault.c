/* Microsoft.KeyVault, api-version 2026-02-01. Absent and null mean what the
 * service means by them; casing varies and says nothing. */
#include "keyvault.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

static enum kv_public_access public_access_of(const json_t *item)
{
    static const char *const words[] = {
        [KV_PUBLIC_ENABLED] = "Enabled",
        [KV_PUBLIC_DISABLED] = "Disabled",
        [KV_PUBLIC_PERIMETER] = "SecuredByPerimeter",
    };
    struct view text = field_text(item, "properties.publicNetworkAccess");

    if (text.size == 0)
        return KV_PUBLIC_ABSENT;
    /* The count of the words is the number of "another value". */
    return (enum kv_public_access)word_find(text, words, COUNT(words));
}

static enum kv_default_action default_action_of(const json_t *item)
{
    static const char *const words[] = {
        [KV_DEFAULT_ALLOW] = "Allow",
        [KV_DEFAULT_DENY] = "Deny",
    };
    struct view text = field_text(item, "properties.networkAcls.defaultAction");

    if (text.size == 0)
        return KV_DEFAULT_ABSENT;
    return (enum kv_default_action)word_find(text, words, COUNT(words));
}

static enum kv_bypass bypass_of(const json_t *item)
{
    struct view text = field_text(item, "properties.networkAcls.bypass");

    if (text.size == 0)
        return KV_BYPASS_ABSENT;
    return view_equal_nocase(text, view_of("None")) ? KV_BYPASS_NONE
                                                    : KV_BYPASS_AZURE_SERVICES;
}

static void take_ip_rules(
    struct kv_estate *estate, struct kv_resource *row, const json_t *item)
{
    const json_t *rules = field_array(item, "properties.networkAcls.ipRules");
    size_t count = json_array_size(rules);
    struct kv_ip_rule *kept = estate_array(estate, count, sizeof *kept);

    for (size_t i = 0; i < count; i++) {
        struct view text = field_text(json_array_get(rules, i), "value");

        kept[i].text = estate_text(estate, text.data ? text : view_of(""));
        kept[i].valid = ipv4_range_parse(text, &kept[i].first, &kept[i].last);
    }
    row->ip_rules = kept;
    row->ip_rule_count = (uint32_t)count;
}

/* A list of objects of which one text field counts. */
static const char *const *take_texts(struct kv_estate *estate,
    const json_t *items, const char *name, uint32_t *count)
{
    size_t size = json_array_size(items);
    const char **texts = estate_array(estate, size, sizeof *texts);

    *count = 0;
    for (size_t i = 0; i < size; i++) {
        const char *text = field_keep(estate, json_array_get(items, i), name);

        if (text)
            texts[(*count)++] = text;
    }
    return texts;
}

static enum kv_endpoint_state endpoint_state_of(struct view text)
{
    static const char *const words[] = {
        [KV_ENDPOINT_APPROVED] = "Approved",
        [KV_ENDPOINT_PENDING] = "Pending",
        [KV_ENDPOINT_REJECTED] = "Rejected",
        [KV_ENDPOINT_DISCONNECTED] = "Disconnected",
    };

    return (enum kv_endpoint_state)word_find(text, words, COUNT(words));
}

static void take_endpoints(
    struct kv_estate *estate, struct kv_resource *row, const json_t *item)
{
    const json_t *list =
        field_array(item, "properties.privateEndpointConnections");
    size_t count = json_array_size(list);
    struct kv_endpoint *kept = estate_array(estate, count, sizeof *kept);

    for (size_t i = 0; i < count; i++) {
        const json_t *from = json_array_get(list, i);
        const char *state = "properties.privateLinkServiceConnectionState";
        const json_t *link = field(from, state);
        struct arm_id id;

        kept[i].endpoint_id =
            field_keep(estate, from, "properties.privateEndpoint.id");
        kept[i].name = field_keep(estate, from, "name");
        if (!kept[i].name)
            kept[i].name =
                estate_text(estate, arm_id_last(field_text(from, "id")));
        kept[i].description = field_keep(estate, link, "description");
        kept[i].state = endpoint_state_of(field_text(link, "status"));
        id = arm_id_parse(view_of(kept[i].endpoint_id));
        kept[i].foreign =
            id.subscription.size > 0 &&
            estate_find_subscription(estate, id.subscription) == KV_NONE;
    }
    row->endpoints = kept;
    row->endpoint_count = (uint32_t)count;
}

static uint32_t permission_bits(
    const json_t *permissions, const char *name, enum kv_object_kind kind)
{
    const json_t *words = field_array(permissions, name);
    uint32_t bits = 0;

    for (size_t i = 0; i < json_array_size(words); i++)
        bits |= kv_permission_bit(
            kind, view_of(json_string_value(json_array_get(words, i))));
    return bits;
}

static void take_policies(
    struct kv_estate *estate, struct kv_resource *row, const json_t *item)
{
    const json_t *list = field_array(item, "properties.accessPolicies");
    size_t count = json_array_size(list);
    struct kv_access_policy *kept = estate_array(estate, count, sizeof *kept);

    for (size_t i = 0; i < count; i++) {
        const json_t *from = json_array_get(list, i);
        const json_t *may = field(from, "permissions");

        kept[i].tenant_id = field_keep(estate, from, "tenantId");
        kept[i].object_id = field_keep(estate, from, "objectId");
        kept[i].application_id = field_keep(estate, from, "applicationId");
        kept[i].keys = permission_bits(may, "keys", KV_OBJECT_KEY);
        kept[i].secrets = permission_bits(may, "secrets", KV_OBJECT_SECRET);
        kept[i].certificates =
            permission_bits(may, "certificates", KV_OBJECT_CERTIFICATE);
        kept[i].storage = permission_bits(may, "storage", KV_OBJECT_STORAGE);
    }
    row->policies = kept;
    row->policy_count = (uint32_t)count;
}

static void take_network(
    struct kv_estate *estate, struct kv_resource *row, const json_t *item)
{
    const json_t *acls = field(item, "properties.networkAcls");

    row->public_access = public_access_of(item);
    row->default_action = default_action_of(item);
    row->bypass = bypass_of(item);
    take_ip_rules(estate, row, item);
    row->vnet_rules = take_texts(estate,
        field_array(acls, "virtualNetworkRules"), "id", &row->vnet_rule_count);
    row->service_tags = take_texts(estate, field_array(acls, "serviceTags"),
        "tag", &row->service_tag_count);
    take_endpoints(estate, row, item);
}

bool resource_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct kv_resource row = { 0 };
    const json_t *properties = field(item, "properties");
    const json_t *sku = field(properties, "sku.name");

    row.id = field_keep(estate, item, "id");
    if (!row.id || !json_is_object(properties))
        return false;
    row.location = field_keep(estate, item, "location");
    row.sku = sku ? field_keep(estate, properties, "sku.name")
                  : field_keep(estate, item, "sku.name");
    row.uri = field_keep(estate, properties, "vaultUri");
    if (!row.uri)
        row.uri = field_keep(estate, properties, "hsmUri");
    row.provisioning_state =
        field_keep(estate, properties, "provisioningState");
    row.activation = field_keep(
        estate, properties, "securityDomainProperties.activationStatus");
    row.created_at_s = field_time(item, "systemData.createdAt");
    row.modified_at_s = field_time(item, "systemData.lastModifiedAt");
    row.rbac = field_tri(properties, "enableRbacAuthorization");
    row.soft_delete = field_tri(properties, "enableSoftDelete");
    row.purge_protection = field_tri(properties, "enablePurgeProtection");
    row.retention_days = (uint16_t)field_number(
        properties, "softDeleteRetentionInDays", 0, 3650);
    row.for_deployment = field_tri(properties, "enabledForDeployment");
    row.for_disk_encryption = field_tri(properties, "enabledForDiskEncryption");
    row.for_template_deployment =
        field_tri(properties, "enabledForTemplateDeployment");
    row.tags = field_tags(estate, item, &row.tag_count);
    take_network(estate, &row, item);
    take_policies(estate, &row, item);
    row.properties = (struct kv_facet_status){
        .state = KV_FACET_READY,
        .read_at_s = context->read_at_s,
    };
    return estate_take_resource(estate, &row) != KV_NONE;
}

static const char *scope_of_subscription(
    struct kv_estate *estate, uint32_t subscription)
{
    struct buf scope = { .limit = 128 };
    const char *kept;

    buf_puts(&scope, "/subscriptions/");
    if (subscription != KV_NONE)
        buf_puts(&scope, kv_estate_subscription(estate, subscription)->id);
    kept = estate_text(estate, buf_view(&scope));
    buf_done(&scope);
    return kept;
}

bool deleted_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct kv_deleted row = { 0 };
    const char *resource = field_keep(estate, item, "properties.vaultId");
    struct arm_id id;

    if (!resource)
        resource = field_keep(estate, item, "properties.mhsmId");
    row.id = field_keep(estate, item, "id");
    row.name = field_keep(estate, item, "name");
    if (!row.id || !row.name)
        return false;
    id = arm_id_parse(view_of(resource ? resource : row.id));
    row.subscription = estate_find_subscription(estate, id.subscription);
    row.scope = scope_of_subscription(estate, row.subscription);
    row.hsm = text_contains_nocase(row.id, "/deletedManagedHSMs/");
    row.location = field_keep(estate, item, "properties.location");
    row.deleted_at_s = field_time(item, "properties.deletionDate");
    row.purge_at_s = field_time(item, "properties.scheduledPurgeDate");
    row.purge_protection =
        field_tri(item, "properties.purgeProtectionEnabled") == KV_TRI_TRUE;
    estate_take_row(estate, KV_SET_DELETED, &row);
    return true;
}

bool region_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct buf id = { .limit = 4096 };
    struct kv_region row = {
        .scope = estate_text(estate, view_of(context->subject)),
        .name = field_keep(estate, item, "name"),
        .provisioning_state = field_keep(estate, item, "provisioningState"),
        .primary = field_tri(item, "isPrimary") == KV_TRI_TRUE,
    };

    if (!row.name)
        return false;
    buf_putf(&id, "%s/regions/%s", row.scope, row.name);
    row.id = estate_text(estate, buf_view(&id));
    estate_take_row(estate, KV_SET_REGIONS, &row);
    buf_done(&id);
    return true;
}
