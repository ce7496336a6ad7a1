/* Private endpoints: deciding about a connection that waits, giving one its
 * DNS zone, and making one. */
#include "plan.h"

#include <string.h>

#include "estate.h"

#define NETWORK_API "2024-05-01"
#define STATE "properties.privateLinkServiceConnectionState"

/* ---- endpoint-approve ---- */

#define EVERY "all"

static void decision_offer(
    struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, "Approved", "approve it");
    option_add_choice(out, "Rejected", "reject it");
    option_set_value(out, "Approved");
}

static void connection_offer(
    struct option *out, const struct plan_targets *targets)
{
    const struct kv_resource *resource =
        kv_estate_resource(targets->estate, targets->resources[0]);

    option_add_choice(out, EVERY,
        "every one that waits, asked for from a subscription that was read");
    for (uint32_t i = 0; targets->count == 1 && i < resource->endpoint_count;
         i++)
        if (resource->endpoints[i].state == KV_ENDPOINT_PENDING)
            option_add_choice(out, resource->endpoints[i].name,
                resource->endpoints[i].name);
    option_set_value(out, EVERY);
}

const struct option_row approve_options[] = {
    {
        .name = "connection",
        .label = "Which connection",
        .help = "those from foreign subscriptions are decided one by one",
        .offer = connection_offer,
    },
    {
        .name = "decision",
        .label = "Decision",
        .help = "approved, the network of the endpoint reaches the vault",
        .offer = decision_offer,
    },
    { 0 },
};

static bool is_decided(
    const struct plan_input *input, const struct kv_endpoint *one)
{
    const char *chosen = input_option(input, "connection");

    if (one->state != KV_ENDPOINT_PENDING)
        return false;
    return text_equal_nocase(chosen, EVERY) ? !one->foreign
                                            : text_equal_nocase(
                                                  chosen, one->name);
}

static void tell_asker(struct draft *draft, const struct plan_input *input,
    const struct kv_endpoint *one)
{
    struct arm_id id = arm_id_parse(view_of(one->endpoint_id));
    uint32_t index = estate_find_subscription(input->estate, id.subscription);
    const struct kv_subscription *home =
        index == KV_NONE ? NULL : kv_estate_subscription(input->estate, index);

    preview_check(&draft->preview, one->foreign ? KV_CHECK_WARN : KV_CHECK_OK,
        "%s is asked for by %s in subscription %s%s%.*s%s", one->name,
        one->endpoint_id ? one->endpoint_id : "an endpoint that is not shown",
        home && home->name ? home->name : "", home && home->name ? " " : "",
        (int)id.subscription.size, id.subscription.data ? id.subscription.data
                                                        : "",
        one->foreign ? ", which is none of those that were read: make sure "
                       "who that is"
                     : "");
    if (one->foreign)
        draft_raise(draft, KV_GRADE_ACCESS,
            "a network of a subscription that was not read gets in");
}

static void decide(struct draft *draft, const struct plan_input *input,
    const struct kv_endpoint *one)
{
    const char *decision = input_option(input, "decision");
    const char *type = input->resource->kind == KV_KIND_HSM
                           ? "Microsoft.KeyVault/managedHSMs"
                           : "Microsoft.KeyVault/vaults";
    struct buf path = { .limit = 4096 };
    struct buf action = { .limit = 256 };
    json_t *pending = json_string("Pending");
    struct step *step;

    buf_putf(&path, "%s/privateEndpointConnections/%s", input->resource->id,
        one->name);
    buf_putf(
        &action, "%s/PrivateEndpointConnectionsApproval/action", type);
    step = draft_step(draft, "PUT", buf_text(&path), KEY_VAULT_API);
    step_what(step, "%s %s",
        text_equal_nocase(decision, "Approved") ? "approve" : "reject",
        one->name);
    step_action_is(step, buf_text(&action), false);
    step_set(step, STATE ".status", pending, json_string(decision),
        json_string("Rejected"));
    step->reversible = text_equal_nocase(decision, "Approved");
    tell_asker(draft, input, one);
    json_decref(pending);
    buf_done(&action);
    buf_done(&path);
}

void approve_plan(struct draft *draft, const struct plan_input *input)
{
    const struct kv_resource *resource = input->resource;
    struct preview *preview = &draft->preview;
    uint32_t waiting = 0;

    for (uint32_t i = 0; i < resource->endpoint_count; i++) {
        const struct kv_endpoint *one = &resource->endpoints[i];

        waiting += one->state == KV_ENDPOINT_PENDING;
        if (is_decided(input, one))
            decide(draft, input, one);
    }
    preview->takes = "seconds; names resolve when the endpoint has its zone";
    preview->undo =
        "yes, by rejecting it: Azure takes no request to let it wait again";
    preview->impact = "Whoever is in the network of an approved endpoint can "
                      "reach the vault, past its firewall; roles and access "
                      "policies still decide what they may do. Nobody loses "
                      "access.";
    if (draft->step_count == 0 && waiting > 0)
        preview_check(preview, KV_CHECK_BLOCK,
            "%u wait from subscriptions that were not read: choose one by its "
            "name, alone",
            waiting);
    else if (draft->step_count == 0)
        preview->nothing = "no connection waits";
}

/* ---- zones ---- */

static bool is_zone_of(const char *id, enum kv_kind kind)
{
    return text_contains_nocase(id, kind == KV_KIND_HSM
                                        ? "/privatelink.managedhsm."
                                        : "/privatelink.vaultcore.");
}

static bool has_choice(const struct option *option, const char *value)
{
    for (size_t i = 0; i < option->choice_count; i++)
        if (text_equal_nocase(option->choices[i].value, value))
            return true;
    return false;
}

static enum kv_kind kind_of(const struct plan_targets *targets)
{
    return kv_estate_resource(targets->estate, targets->resources[0])->kind;
}

/* Zones that other endpoints use. */
static void add_zones(struct option *out, const struct plan_targets *targets)
{
    uint32_t count = kv_estate_row_count(targets->estate, KV_SET_ENDPOINTS);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_private_endpoint *row =
            kv_estate_row(targets->estate, KV_SET_ENDPOINTS, i);

        for (uint32_t z = 0; row && z < row->zone_count; z++)
            if (is_zone_of(row->zones[z], kind_of(targets)) &&
                !has_choice(out, row->zones[z]))
                option_add_choice(out, row->zones[z], row->zones[z]);
    }
}

static void zone_offer(struct option *out, const struct plan_targets *targets)
{
    add_zones(out, targets);
    if (out->choice_count > 0)
        option_set_value(out, out->choices[0].value);
}

static enum kv_status zone_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct arm_id id = arm_id_parse(view_of(value));

    if (!*value || has_choice(option, value) ||
        (view_equal_nocase(id.type, view_of("privateDnsZones")) &&
            view_starts_nocase(id.name, view_of("privatelink."))))
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "\"%.200s\" is not the id of a private DNS zone "
        "(/subscriptions/.../privateDnsZones/privatelink...).",
        value);
}

const struct option_row zone_options[] = {
    {
        .name = "zone",
        .label = "Private DNS zone",
        .help = "the zone that the networks of the endpoints are linked to; "
                "those that other endpoints use come first",
        .offer = zone_offer,
        .accept = zone_accept,
    },
    { 0 },
};

static json_t *zone_config(const char *zone)
{
    struct view last = arm_id_last(view_of(zone));
    char *name = mem_copy_view(last);
    json_t *config;

    for (char *at = name; *at; at++)
        *at = *at == '.' ? '-' : *at;
    config = json_pack("{s:s, s:{s:s}}", "name", name, "properties",
        "privateDnsZoneId", zone);
    mem_free(name);
    return config;
}

/* Only what may be written: the group is replaced as a whole. */
static json_t *zone_configs(json_t *group, const char *zone)
{
    json_t *configs = json_array();
    size_t index;
    json_t *one;

    json_array_foreach(
        value_at(group, "properties.privateDnsZoneConfigs"), index, one)
    {
        json_t *copy = json_pack("{s:O?, s:{s:O?}}", "name",
            value_at(one, "name"), "properties", "privateDnsZoneId",
            value_at(one, "properties.privateDnsZoneId"));

        (void)json_array_append_new(configs, copy);
    }
    if (zone)
        (void)json_array_append_new(configs, zone_config(zone));
    return configs;
}

static void put_zone_group(struct draft *draft, const char *endpoint,
    json_t *group, const char *zone)
{
    const char *name = value_text(group, "name");
    struct buf path = { .limit = 4096 };
    struct step *step;

    buf_putf(&path, "%s/privateDnsZoneGroups/%s", endpoint,
        name ? name : "default");
    step = draft_step(draft, "PUT", buf_text(&path), NETWORK_API);
    step_what(step, "give the endpoint its DNS zone");
    step_scope_is(step, endpoint);
    step_set(step, "properties.privateDnsZoneConfigs",
        value_at(group, "properties.privateDnsZoneConfigs"),
        zone_configs(group, zone), group ? zone_configs(group, NULL) : NULL);
    step->reversible = step->loose = true;
    buf_done(&path);
}

static bool lacks_zone(
    const struct plan_input *input, const struct kv_private_endpoint *row)
{
    for (uint32_t i = 0; i < row->zone_count; i++)
        if (is_zone_of(row->zones[i], input->resource->kind))
            return false;
    return true;
}

/* False: not read yet. */
static bool zone_for(struct draft *draft, const struct kv_endpoint *one,
    const char *zone)
{
    const struct live_answer *groups = draft_list(draft,
        "%s/privateDnsZoneGroups?api-version=" NETWORK_API, one->endpoint_id);

    if (!groups)
        return false;
    if (!groups->body)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "the zone groups of %s could not be read: %s", one->name,
            groups->why ? groups->why : "");
    else
        put_zone_group(draft, one->endpoint_id,
            json_array_get(value_at(groups->body, "value"), 0), zone);
    return true;
}

void zone_plan(struct draft *draft, const struct plan_input *input)
{
    const struct kv_resource *resource = input->resource;
    struct preview *preview = &draft->preview;
    const char *zone = input_option(input, "zone");
    uint32_t lacking = 0;

    for (uint32_t i = 0; i < resource->endpoint_count; i++) {
        const struct kv_endpoint *one = &resource->endpoints[i];
        const struct kv_private_endpoint *row =
            one->endpoint_id && one->state == KV_ENDPOINT_APPROVED
                ? kv_estate_find_row(
                      input->estate, KV_SET_ENDPOINTS, one->endpoint_id)
                : NULL;

        if (!row || !lacks_zone(input, row))
            continue;
        lacking++;
        if (*zone)
            (void)zone_for(draft, one, zone);
    }
    if (lacking == 0)
        preview->nothing = "every approved endpoint that was read has its zone";
    else if (!*zone)
        preview_check(preview, KV_CHECK_BLOCK,
            "no zone is known: give the id of the private DNS zone that the "
            "networks of the endpoints are linked to");
    preview->takes = "minutes; cached answers live up to their TTL";
    preview->undo = "yes, the zone groups are as they were";
    preview->impact =
        "In networks linked to the zone the name leads to the private address "
        "from then on: callers there go by the endpoint. Whoever is linked to "
        "the zone but cannot reach that address loses access; which networks "
        "those are is UNKNOWN: look at the zone's virtual network links.";
}

/* ---- endpoint-create ---- */

static void add_subnet(struct option *out, const char *subnet)
{
    if (subnet && !has_choice(out, subnet))
        option_add_choice(out, subnet, subnet);
}

/* Where other endpoints are, those of the same region first. */
static void subnet_offer(struct option *out, const struct plan_targets *targets)
{
    const struct kv_resource *resource =
        kv_estate_resource(targets->estate, targets->resources[0]);
    uint32_t count = kv_estate_row_count(targets->estate, KV_SET_ENDPOINTS);

    for (int near = 1; near >= 0; near--)
        for (uint32_t i = 0; i < count; i++) {
            const struct kv_private_endpoint *row =
                kv_estate_row(targets->estate, KV_SET_ENDPOINTS, i);

            if (row && near == text_equal_nocase(
                                   row->location, resource->location))
                add_subnet(out, row->subnet_id);
        }
    if (out->choice_count > 0)
        option_set_value(out, out->choices[0].value);
}

static enum kv_status subnet_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct arm_id id = arm_id_parse(view_of(value));

    if (!*value || has_choice(option, value) ||
        (view_equal_nocase(id.type, view_of("virtualNetworks")) &&
            text_contains_nocase(value, "/subnets/")))
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "\"%.200s\" is not the id of a subnet "
        "(/subscriptions/.../virtualNetworks/NAME/subnets/NAME).",
        value);
}

static void own_zone_offer(
    struct option *out, const struct plan_targets *targets)
{
    option_add_choice(out, "none", "none: records are kept by hand");
    add_zones(out, targets);
    option_set_value(
        out, out->choices[out->choice_count > 1 ? 1 : 0].value);
}

const struct option_row endpoint_options[] = {
    {
        .name = "subnet",
        .label = "Subnet of the endpoint",
        .help = "the endpoint takes an address there; who reaches that "
                "address reaches the vault",
        .offer = subnet_offer,
        .accept = subnet_accept,
    },
    {
        .name = "zone",
        .label = "Private DNS zone",
        .help = "the zone that the callers' networks are linked to",
        .offer = own_zone_offer,
        .accept = zone_accept,
    },
    { 0 },
};

/* An endpoint lies in the region of its network. */
static const char *region_of(
    const struct plan_input *input, const char *subnet, json_t *network)
{
    const char *location = value_text(network, "location");
    uint32_t count = kv_estate_row_count(input->estate, KV_SET_ENDPOINTS);

    for (uint32_t i = 0; !location && i < count; i++) {
        const struct kv_private_endpoint *row =
            kv_estate_row(input->estate, KV_SET_ENDPOINTS, i);

        if (row && text_equal_nocase(row->subnet_id, subnet))
            location = row->location;
    }
    return location;
}

static json_t *endpoint_properties(
    const struct plan_input *input, const char *name, const char *subnet)
{
    bool hsm = input->resource->kind == KV_KIND_HSM;

    return json_pack("{s:{s:s}, s:[{s:s, s:{s:s, s:[s]}}]}", "subnet", "id",
        subnet, "privateLinkServiceConnections", "name", name, "properties",
        "privateLinkServiceId", input->resource->id, "groupIds",
        hsm ? "managedhsm" : "vault");
}

static void make_endpoint(struct draft *draft, const struct plan_input *input,
    json_t *list, const char *location)
{
    const char *subnet = input_option(input, "subnet");
    const char *zone = input_option(input, "zone");
    struct arm_id id = arm_id_parse(view_of(input->resource->id));
    struct buf wanted = { .limit = 128 };
    struct buf name = { .limit = 128 };
    struct buf group = { .limit = 1024 };
    struct buf path = { .limit = 2048 };
    json_t *properties;
    struct step *step;

    buf_putf(&wanted, "pep-%s", input->resource->name);
    list_put_free_name(&name, list, buf_text(&wanted));
    buf_putf(&group, "/subscriptions/%.*s/resourceGroups/%.*s",
        (int)id.subscription.size, id.subscription.data,
        (int)id.resource_group.size, id.resource_group.data);
    buf_putf(&path, "%s/providers/Microsoft.Network/privateEndpoints/%s",
        buf_text(&group), buf_text(&name));
    properties = endpoint_properties(input, buf_text(&name), subnet);
    step = draft_step(draft, "PUT", buf_text(&path), NETWORK_API);
    step_what(step, "create the private endpoint");
    step_scope_is(step, buf_text(&group));
    step_body_is(step, json_pack("{s:s, s:O}", "location", location,
                           "properties", properties));
    step_set(step, "properties", NULL, properties, NULL);
    step->reversible = step->loose = true;
    if (!text_equal_nocase(zone, "none")) {
        put_zone_group(draft, buf_text(&path), NULL, zone);
        step_scope_is(&draft->steps[draft->step_count - 1], buf_text(&group));
    }
    buf_done(&path);
    buf_done(&group);
    buf_done(&name);
    buf_done(&wanted);
}

static void describe_endpoint(struct draft *draft)
{
    struct preview *preview = &draft->preview;

    preview->takes = "a minute or two";
    preview->undo = "yes, the endpoint is removed; the vault keeps a "
                    "disconnected connection in its list until that is deleted";
    preview->impact =
        "Nobody loses access while public access stays as it is. Whoever "
        "reaches the subnet reaches the vault, past its firewall; roles and "
        "access policies still decide. In networks linked to the zone the name "
        "leads to the private address from then on. The endpoint is billed by "
        "the hour and by volume.";
    preview_check(preview, KV_CHECK_UNKNOWN,
        "your right to join the subnet and the zone is UNKNOWN: Azure checks "
        "it when the endpoint is made");
}

void endpoint_plan(struct draft *draft, const struct plan_input *input)
{
    const char *subnet = input_option(input, "subnet");
    struct arm_id id = arm_id_parse(view_of(input->resource->id));
    struct view network = arm_id_parse(view_of(subnet)).resource;
    const struct live_answer *list, *vnet;
    const char *location;

    describe_endpoint(draft);
    if (!*subnet) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "no subnet is known: give the id of the one that the endpoint is "
            "to be in");
        return;
    }
    list = draft_list(draft,
        "/subscriptions/%.*s/resourceGroups/%.*s/providers/Microsoft.Network/"
        "privateEndpoints?api-version=" NETWORK_API,
        (int)id.subscription.size, id.subscription.data,
        (int)id.resource_group.size, id.resource_group.data);
    vnet = draft_read(draft, "%.*s?api-version=" NETWORK_API,
        (int)network.size, network.data);
    if (!list || !vnet)
        return;
    location = region_of(input, subnet, vnet->body);
    if (!location) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "the region of the network could not be read (%s): ask for Reader "
            "on it",
            vnet->why ? vnet->why : "not read");
        return;
    }
    make_endpoint(draft, input, list->body, location);
}
