/* From where one vault or HSM can be reached over the network, and why. */
#include "lists.h"

#include "node.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct listing_column columns[] = {
    { "NAME", "name" },
    { "EXPOSURE", "exposure" },
    { "REACHABLE-FROM", "reachable_from" },
    { "TRUSTED-SERVICES", "trusted_services" },
    { "ADDRESSES", "addresses" },
    { "PRIVATE-ENDPOINTS", "private_endpoints" },
    { "PERIMETER", "perimeter" },
    { "ID", "id" },
};

/* How many a rule without addresses lets in is nowhere to be read. */
static void put_addresses(struct listing *listing,
    const struct kv_resource *resource, const struct kv_exposure *exposure)
{
    if (exposure->unreadable_rule)
        listing_unknown(listing);
    else if (resource->ip_rule_count > 0)
        listing_count(listing, exposure->addresses);
    else
        listing_none(listing);
}

static void put_perimeter(
    struct listing *listing, const struct kv_exposure *exposure)
{
    if (exposure->perimeter)
        listing_text(listing, exposure->perimeter->perimeter_id);
    else if (exposure->perimeter_unknown)
        listing_unknown(listing);
    else
        listing_none(listing);
}

static struct listing exposure_listing(
    const struct kv_resource *resource, const struct kv_exposure *exposure)
{
    struct listing listing = listing_new(columns, LENGTH(columns));

    listing_text(&listing, resource->name);
    listing_text(&listing, kv_exposure_name(exposure->kind));
    listing_text(&listing, kv_exposure_sentence(exposure->kind));
    listing_flag(&listing, exposure->trusted_services);
    put_addresses(&listing, resource, exposure);
    listing_count(&listing, exposure->approved);
    put_perimeter(&listing, exposure);
    listing_text(&listing, resource->id);
    return listing;
}

/* Nothing of it is known without its properties. */
static struct listing unread_listing(const struct kv_resource *resource)
{
    struct listing listing = listing_new(columns, LENGTH(columns));

    listing_text(&listing, resource->name);
    for (size_t i = 2; i < LENGTH(columns); i++)
        listing_unknown(&listing);
    listing_text(&listing, resource->id);
    return listing;
}

static void put_reasons_text(struct buf *out, struct view rest)
{
    while (rest.size > 0) {
        buf_puts(out, "BECAUSE           ");
        buf_put_visible(out, view_cut(&rest, '\n'), false);
        buf_putc(out, '\n');
    }
}

static void put_reasons_json(struct buf *out, struct view rest)
{
    json_t *list = json_array();

    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');

        json_array_append_new(list, json_stringn(line.data, line.size));
    }
    answer_member(out, "because");
    node_put(out, list, JSON_COMPACT);
}

static void put_json(struct buf *out, const struct kv_report_input *input,
    const struct kv_asked *asked, const struct listing *listing)
{
    struct listing rules = list_make(&list_network, input, asked);

    answer_open(out, input);
    answer_member(out, "reachable");
    listing_put_json_record(out, listing);
    answer_member(out, "network");
    listing_put_json(out, &rules);
    listing_done(&rules);
}

bool kv_report_reachable(struct buf *out, const struct kv_report_input *input,
    const struct kv_asked *asked)
{
    const struct kv_resource *resource = asked_resource(input, asked);
    const struct kv_policy *policy =
        input->policy ? input->policy : &kv_policy_default;
    bool read = resource->properties.state == KV_FACET_READY;
    bool complete = gaps_put(input, asked, LIST_BOTH, list_network.rows_need);
    struct buf reasons = { .limit = 65536 };
    struct listing listing;

    if (read) {
        struct kv_exposure exposure =
            kv_exposure_of(input->estate, resource, policy, &reasons);

        listing = exposure_listing(resource, &exposure);
    } else {
        listing = unread_listing(resource);
    }
    if (asked->json) {
        put_json(out, input, asked, &listing);
        put_reasons_json(out, buf_view(&reasons));
        answer_close(out, asked, complete);
    } else {
        listing_put_record(out, &listing);
        put_reasons_text(out, buf_view(&reasons));
    }
    listing_done(&listing);
    buf_done(&reasons);
    return complete;
}
