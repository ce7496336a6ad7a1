/* What decides from where each vault and HSM is reached: a row for each
 * setting, rule, endpoint and perimeter, with what it does there. */
#include "lists.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct listing_column columns[] = {
    { "NAME", "name" },
    { "EXPOSURE", "exposure" },
    { "WHAT", "what" },
    { "VALUE", "value" },
    { "EFFECT", "effect" },
    { "ID", "id" },
};

struct network {
    struct listing *listing;
    const struct kv_resource *resource;
    struct kv_exposure exposure;
    bool rules_count; /* there is a public path, denied by default */
};

static void put(const struct network *network, const char *what,
    const char *value, const char *effect)
{
    listing_text(network->listing, network->resource->name);
    listing_text(network->listing, kv_exposure_name(network->exposure.kind));
    listing_text(network->listing, what);
    listing_text(network->listing, value);
    listing_text(network->listing, effect);
    listing_text(network->listing, network->resource->id);
}

static void put_unread(
    struct listing *listing, const struct kv_resource *resource)
{
    listing_text(listing, resource->name);
    listing_unknown(listing);
    listing_unknown(listing);
    listing_unknown(listing);
    listing_unknown(listing);
    listing_text(listing, resource->id);
}

/* ---- settings ---- */

static void put_public(const struct network *network)
{
    static const char *const values[] = {
        [KV_PUBLIC_ABSENT] = "absent, which means Enabled",
        [KV_PUBLIC_ENABLED] = "Enabled",
        [KV_PUBLIC_DISABLED] = "Disabled",
        [KV_PUBLIC_PERIMETER] = "SecuredByPerimeter",
        [KV_PUBLIC_OTHER] = "a value that kvgov does not know",
    };
    static const char *const effects[] = {
        [KV_PUBLIC_ABSENT] = "public path",
        [KV_PUBLIC_ENABLED] = "public path",
        [KV_PUBLIC_DISABLED] = "no public path",
        [KV_PUBLIC_PERIMETER] = "a perimeter decides",
        [KV_PUBLIC_OTHER] = "unknown",
    };

    put(network, "public access", values[network->resource->public_access],
        effects[network->resource->public_access]);
}

static void put_default(const struct network *network)
{
    static const char *const values[] = {
        [KV_DEFAULT_ABSENT] = "absent, which means Allow",
        [KV_DEFAULT_ALLOW] = "Allow",
        [KV_DEFAULT_DENY] = "Deny",
        [KV_DEFAULT_OTHER] = "a value that kvgov does not know",
    };
    enum kv_default_action action = network->resource->default_action;
    const char *effect = "no effect";

    if (action == KV_DEFAULT_OTHER)
        effect = "unknown";
    else if (network->exposure.kind == KV_EXPOSURE_OPEN)
        effect = "any address";
    else if (network->rules_count)
        effect = "only what a rule names";
    put(network, "default action", values[action], effect);
}

static void put_bypass(const struct network *network)
{
    static const char *const values[] = {
        [KV_BYPASS_ABSENT] = "absent, which means AzureServices",
        [KV_BYPASS_AZURE_SERVICES] = "AzureServices",
        [KV_BYPASS_NONE] = "None",
    };

    put(network, "bypass", values[network->resource->bypass],
        network->exposure.trusted_services ? "trusted services come in"
                                           : "no effect");
}

/* ---- rules ---- */

static void put_rules(const struct network *network)
{
    const struct kv_resource *resource = network->resource;
    const char *effect = network->rules_count ? "allow" : "no effect";

    for (uint32_t i = 0; i < resource->ip_rule_count; i++)
        put(network, "address rule", resource->ip_rules[i].text,
            resource->ip_rules[i].valid ? effect : "unknown");
    for (uint32_t i = 0; i < resource->vnet_rule_count; i++)
        put(network, "network rule", resource->vnet_rules[i], effect);
    for (uint32_t i = 0; i < resource->service_tag_count; i++)
        put(network, "service tag", resource->service_tags[i], effect);
}

static void put_endpoints(const struct network *network)
{
    const struct kv_resource *resource = network->resource;

    for (uint32_t i = 0; i < resource->endpoint_count; i++) {
        const struct kv_endpoint *row = &resource->endpoints[i];
        struct buf effect = { .limit = 256 };

        buf_puts(&effect, kv_endpoint_state_name(row->state));
        if (row->foreign)
            buf_puts(&effect, ", of a foreign subscription");
        put(network, "private endpoint",
            row->endpoint_id ? row->endpoint_id : row->name, buf_text(&effect));
        buf_done(&effect);
    }
}

static void put_perimeter(const struct network *network)
{
    static const char *const modes[] = {
        [KV_PERIMETER_LEARNING] = "only logs",
        [KV_PERIMETER_ENFORCED] = "decides",
        [KV_PERIMETER_AUDIT] = "only logs",
        [KV_PERIMETER_OTHER] = "unknown",
    };
    const struct kv_perimeter *row = network->exposure.perimeter;

    if (row)
        put(network, "perimeter", row->perimeter_id, modes[row->mode]);
}

static void fill(struct listing *listing, const struct kv_report_input *input,
    const struct kv_asked *asked)
{
    const struct kv_policy *policy =
        input->policy ? input->policy : &kv_policy_default;

    for (uint32_t i = KV_NONE; (i = asked_next(input, asked, i)) != KV_NONE;) {
        struct network network = {
            .listing = listing,
            .resource = kv_estate_resource(input->estate, i),
        };

        if (network.resource->properties.state != KV_FACET_READY) {
            put_unread(listing, network.resource);
            continue;
        }
        network.exposure =
            kv_exposure_of(input->estate, network.resource, policy, NULL);
        network.rules_count = network.exposure.kind == KV_EXPOSURE_RESTRICTED ||
                              network.exposure.kind == KV_EXPOSURE_WIDE;
        put_public(&network);
        put_default(&network);
        put_bypass(&network);
        put_rules(&network);
        put_endpoints(&network);
        put_perimeter(&network);
    }
}

const struct list_row list_network = {
    .name = "network",
    .columns = columns,
    .column_count = LENGTH(columns),
    .sorted_by = 1,
    .kinds = LIST_BOTH,
    .rows_need =
        KV_FACET_BIT(KV_FACET_PROPERTIES) | KV_FACET_BIT(KV_FACET_PERIMETERS),
    .fill = fill,
};
