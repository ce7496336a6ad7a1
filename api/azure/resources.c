/* Tenants, subscriptions with the management groups above them, resource groups
 * with their tags, and which resources managed identities are of. */
#include "resources.h"

#include <string.h>

/* GET /tenants lists every tenant of a user; the one of the token is named by
 * the context's subject, where it is known. */
bool tenant_take(const struct azure_context *context, const json_t *item)
{
    struct view id = field_text(item, "tenantId");
    struct view name = field_text(item, "defaultDomain");
    struct kv_estate *estate = context->estate;
    bool wanted = *context->subject == '\0' ||
                  view_equal_nocase(id, view_of(context->subject));

    if (id.size == 0)
        return false;
    if (name.size == 0)
        name = field_text(item, "displayName");
    if (wanted)
        estate_set_tenant(estate, estate_text(estate, id),
            name.size > 0 ? estate_text(estate, name)
                          : estate_text(estate, id));
    return true;
}

bool subscription_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const char *id = field_keep(estate, item, "subscriptionId");

    if (!id)
        return false;
    estate_take_subscription(estate, id,
        field_keep(estate, item, "displayName"),
        field_keep(estate, item, "state"));
    return true;
}

bool group_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct kv_container row = { 0 };

    row.id = row.scope = field_keep(estate, item, "id");
    if (!row.id)
        return false;
    row.tags = field_tags(estate, item, &row.tag_count);
    estate_take_row(estate, KV_SET_CONTAINERS, &row);
    return true;
}

bool container_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *chain =
        field_array(item, "properties.managementGroupAncestorsChain");
    size_t size = json_array_size(chain);
    const char **groups = estate_array(estate, size, sizeof *groups);
    uint32_t subscription =
        estate_find_subscription(estate, field_text(item, "subscriptionId"));
    uint32_t count = 0;

    if (subscription == KV_NONE)
        return true;
    (void)group_take(context, item);
    for (size_t i = 0; i < size; i++) {
        const char *name = field_keep(estate, json_array_get(chain, i), "name");

        if (name)
            groups[count++] = name;
    }
    if (count > 0)
        estate_set_groups(estate, subscription, groups, count);
    /* A row proves that Resource Graph shows this subscription. */
    estate_set_subscription_facet(estate, subscription, KV_FACET_CONTAINERS,
        (struct kv_facet_status){ KV_FACET_READY, context->read_at_s, NULL });
    return true;
}

bool location_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *pair =
        json_array_get(field_array(item, "metadata.pairedRegion"), 0);
    struct buf text = { .limit = 1024 };
    struct kv_location row = {
        .name = field_keep(estate, item, "name"),
        .geography = field_keep(estate, item, "metadata.geography"),
        .paired = field_keep(estate, pair, "name"),
        /* Absent: none, or none that this subscription may use. */
        .zones = (uint32_t)json_array_size(
            field_array(item, "availabilityZoneMappings")),
    };

    if (!row.name)
        return false;
    buf_putf(&text, "/subscriptions/%s", context->subject);
    row.scope = estate_text(estate, buf_view(&text));
    buf_putf(&text, "/locations/%s", row.name);
    row.id = estate_text(estate, buf_view(&text));
    estate_take_row(estate, KV_SET_LOCATIONS, &row);
    buf_done(&text);
    return true;
}

/* ---- managed identities ---- */

static void take_identity(
    struct kv_estate *estate, struct kv_identity row, struct view principal_id)
{
    struct buf id = { .limit = 4096 };

    if (principal_id.size == 0)
        return;
    buf_putf(&id, "%.*s %s", (int)principal_id.size, principal_id.data,
        row.resource_id);
    row.id = estate_text(estate, buf_view(&id));
    row.scope = estate_text(estate, principal_id);
    if (!id.failed)
        estate_take_row(estate, KV_SET_IDENTITIES, &row);
    buf_done(&id);
}

bool identity_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    json_t *assigned = (json_t *)field(item, "identity.userAssignedIdentities");
    struct kv_identity row = { 0 };
    const char *name;
    json_t *value;

    row.resource_id = field_keep(estate, item, "id");
    if (!row.resource_id)
        return false;
    row.location = field_keep(estate, item, "location");
    row.tags = field_tags(estate, item, &row.tag_count);
    take_identity(estate, row, field_text(item, "identity.principalId"));
    take_identity(estate, row, field_text(item, "principalId"));
    json_object_foreach(assigned, name, value)
        take_identity(estate, row, field_text(value, "principalId"));
    return true;
}
