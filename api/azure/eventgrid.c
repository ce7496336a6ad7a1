/* Microsoft.EventGrid 2025-02-15. Whatever publishes events has a system topic,
 * also where a subscription was made on the source itself: Event Grid then
 * makes the topic of its own accord (its page "System topics"). So the topics,
 * which Resource Graph lists, tell whom to ask for subscriptions. */
#include "eventgrid.h"

bool topic_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct kv_topic row = {
        .id = field_keep(estate, item, "id"),
        .scope = field_keep(estate, item, "properties.source"),
        .name = field_keep(estate, item, "name"),
        .topic_type = field_keep(estate, item, "properties.topicType"),
    };

    if (!row.id || !row.name)
        return false;
    if (row.scope && row.topic_type)
        estate_take_row(estate, KV_SET_TOPICS, &row);
    return true;
}

/* Others lie between being made and being there, wait for a handshake that
 * nobody answered, or failed. Without a word the provisioning is over. */
static bool is_provisioned(const json_t *properties)
{
    struct view state = field_text(properties, "provisioningState");

    return state.size == 0 || view_equal_nocase(state, view_of("Succeeded")) ||
           view_equal_nocase(state, view_of("Updating"));
}

/* By an identity the destination stands one level deeper. */
static struct view destination_of(const json_t *properties)
{
    struct view type = field_text(properties, "destination.endpointType");

    if (type.size == 0)
        type = field_text(properties,
            "deliveryWithResourceIdentity.destination.endpointType");
    return type;
}

static void take_types(struct kv_estate *estate,
    struct kv_event_subscription *row, const json_t *list)
{
    size_t size = json_array_size(list);
    const char **types = estate_array(estate, size, sizeof *types);

    for (size_t i = 0; i < size; i++) {
        const char *type = json_string_value(json_array_get(list, i));

        if (type)
            types[row->event_type_count++] = estate_text(estate, view_of(type));
    }
    if (row->event_type_count > 0)
        row->event_types = types;
}

bool event_subscription_take(
    const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct kv_event_subscription row = {
        .id = field_keep(estate, item, "id"),
        .scope = estate_text(estate, view_of(context->subject)),
        .name = field_keep(estate, item, "name"),
        .destination = estate_text(estate, destination_of(properties)),
        .expires_at_s = field_time(properties, "expirationTimeUtc"),
    };

    if (!row.id || !row.name)
        return false;
    row.live = is_provisioned(properties) && row.destination;
    take_types(
        estate, &row, field_array(properties, "filter.includedEventTypes"));
    estate_take_row(estate, KV_SET_EVENT_SUBSCRIPTIONS, &row);
    return true;
}
