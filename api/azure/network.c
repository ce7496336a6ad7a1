/* Microsoft.Network: private endpoints 2024-05-01 and, as Resource Graph has
 * them, the associations of network security perimeters. */
#include "network.h"

#include <string.h>

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

/* An endpoint leads to one resource; the service's type allows for a list. */
#define CONNECTIONS_MAX 16u

/* ---- endpoints ---- */

/* The id of the endpoint's row number `index`: the endpoint's own, and with
 * the number behind it from the second on. */
static void put_row_id(struct buf *out, struct view endpoint, uint32_t index)
{
    buf_put(out, endpoint);
    if (index > 0)
        buf_putf(out, "#%u", index + 1);
}

static bool leads_to_us(const char *resource_id)
{
    struct arm_id id = arm_id_parse(view_of(resource_id));
    enum kv_kind kind;

    return arm_id_is_governed(&id, &kind);
}

/* Adds the rows of one list of connections; *count goes on from list to list.
 */
static void take_connections(struct kv_estate *estate,
    struct kv_private_endpoint row, const json_t *list, uint32_t *count)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct buf id = { .limit = 4096 };

        row.scope = field_keep(
            estate, json_array_get(list, i), "properties.privateLinkServiceId");
        if (!leads_to_us(row.scope) || *count == CONNECTIONS_MAX)
            continue;
        put_row_id(&id, view_of(row.endpoint_id), (*count)++);
        row.id = estate_text(estate, buf_view(&id));
        estate_take_row(estate, KV_SET_ENDPOINTS, &row);
        buf_done(&id);
    }
}

bool endpoint_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct kv_private_endpoint row = {
        .endpoint_id = field_keep(estate, item, "id"),
        .location = field_keep(estate, item, "location"),
        .subnet_id = field_keep(estate, properties, "subnet.id"),
    };
    uint32_t count = 0;

    if (!row.endpoint_id || !json_is_object(properties))
        return false;
    take_connections(estate, row,
        field_array(properties, "privateLinkServiceConnections"), &count);
    take_connections(estate, row,
        field_array(properties, "manualPrivateLinkServiceConnections"), &count);
    return true;
}

/* ---- their DNS ---- */

/* What follows goes into a path: nothing that would end or change one. */
static bool is_plain(struct view id)
{
    for (size_t i = 0; i < id.size; i++) {
        unsigned char byte = (unsigned char)id.data[i];

        if (byte <= ' ' || byte >= 0x7f || strchr("?#%\\\"<>", byte))
            return false;
    }
    return true;
}

bool zone_groups_subject(struct buf *out, struct view endpoint_id)
{
    struct arm_id id = arm_id_parse(endpoint_id);

    if (!view_equal_nocase(id.provider, view_of("Microsoft.Network")) ||
        !view_equal_nocase(id.type, view_of("privateEndpoints")) ||
        id.name.size == 0 || id.object.size > 0 || !is_plain(endpoint_id))
        return false;
    buf_put(out, id.resource);
    return !out->failed;
}

/* The row waits for the commit while a scan or a replay goes on. */
static struct kv_private_endpoint *row_of(
    struct kv_estate *estate, const char *endpoint_id, uint32_t index)
{
    struct buf id = { .limit = 4096 };
    struct kv_private_endpoint *row;

    put_row_id(&id, view_of(endpoint_id), index);
    row = estate_gathered_row(estate, KV_SET_ENDPOINTS, buf_text(&id));
    if (!row)
        row = estate_row(estate, KV_SET_ENDPOINTS, buf_text(&id));
    buf_done(&id);
    return row;
}

static uint32_t count_configs(const json_t *groups)
{
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(groups); i++)
        count += json_array_size(field_array(
            json_array_get(groups, i), "properties.privateDnsZoneConfigs"));
    return (uint32_t)count;
}

static const char *const *take_zones(
    struct kv_estate *estate, const json_t *groups, uint32_t *count)
{
    const char **zones =
        estate_array(estate, count_configs(groups), sizeof *zones);

    *count = 0;
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *configs = field_array(
            json_array_get(groups, i), "properties.privateDnsZoneConfigs");

        for (size_t j = 0; j < json_array_size(configs); j++) {
            const char *zone = field_keep(estate, json_array_get(configs, j),
                "properties.privateDnsZoneId");

            if (zone)
                zones[(*count)++] = zone;
        }
    }
    return zones;
}

bool zone_groups_take_all(
    const struct azure_context *context, const json_t *items)
{
    struct kv_private_endpoint *row;
    uint32_t count;
    const char *const *zones = take_zones(context->estate, items, &count);

    for (uint32_t i = 0; (row = row_of(context->estate, context->subject, i));
         i++) {
        row->zones = zones;
        row->zone_count = count;
        row->dns = (struct kv_facet_status){ KV_FACET_READY, context->read_at_s,
            NULL };
    }
    return true;
}

void zone_groups_fail(struct kv_estate *estate, const char *endpoint_id,
    struct kv_facet_status dns)
{
    struct kv_private_endpoint *row;

    dns.why = estate_text(estate, view_of(dns.why));
    for (uint32_t i = 0; (row = row_of(estate, endpoint_id, i)); i++)
        row->dns = dns;
}

/* ---- perimeters ---- */

static enum kv_perimeter_mode mode_of(struct view text)
{
    static const char *const words[] = {
        [KV_PERIMETER_LEARNING] = "Learning",
        [KV_PERIMETER_ENFORCED] = "Enforced",
        [KV_PERIMETER_AUDIT] = "Audit",
    };

    /* The count of the words is the number of "another one". */
    return (enum kv_perimeter_mode)word_find(text, words, COUNT(words));
}

/* The perimeter is the association's id up to its own segment. */
static const char *perimeter_of(struct kv_estate *estate, const char *id)
{
    struct arm_id parts = arm_id_parse(view_of(id));

    return estate_text(estate, parts.resource);
}

bool perimeter_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct kv_perimeter row = {
        .id = field_keep(estate, item, "id"),
        .scope = field_keep(estate, properties, "privateLinkResource.id"),
        .profile_id = field_keep(estate, properties, "profile.id"),
        .mode = mode_of(field_text(properties, "accessMode")),
        .provisioning_state =
            field_keep(estate, properties, "provisioningState"),
        /* "yes" or "no", not a bool. */
        .has_issues = view_equal_nocase(
            field_text(properties, "hasProvisioningIssues"), view_of("yes")),
    };

    if (!row.id || !json_is_object(properties))
        return false;
    row.perimeter_id = perimeter_of(estate, row.id);
    if (leads_to_us(row.scope))
        estate_take_row(estate, KV_SET_PERIMETERS, &row);
    return true;
}
