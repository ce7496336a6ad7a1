/* The tab Network: what can reach the resource in one sentence, then the rules
 * and private endpoints that this follows from. */
#include "screen_detail.h"

#include <stdio.h>

#define TEXT_LIMIT 4096

/* ---- settings ---- */

static const char *public_access_word(enum kv_public_access access)
{
    switch (access) {
    case KV_PUBLIC_ABSENT:
        return "Enabled (absent)";
    case KV_PUBLIC_ENABLED:
        return "Enabled";
    case KV_PUBLIC_DISABLED:
        return "Disabled";
    case KV_PUBLIC_PERIMETER:
        return "SecuredByPerimeter";
    case KV_PUBLIC_OTHER:
        return "UNKNOWN value";
    }
    return "?";
}

static const char *default_action_word(enum kv_default_action action)
{
    switch (action) {
    case KV_DEFAULT_ABSENT:
        return "Allow (absent)";
    case KV_DEFAULT_ALLOW:
        return "Allow";
    case KV_DEFAULT_DENY:
        return "Deny";
    case KV_DEFAULT_OTHER:
        return "UNKNOWN value";
    }
    return "?";
}

static const char *bypass_word(enum kv_bypass bypass)
{
    switch (bypass) {
    case KV_BYPASS_ABSENT:
        return "AzureServices (absent)";
    case KV_BYPASS_AZURE_SERVICES:
        return "AzureServices";
    case KV_BYPASS_NONE:
        return "None";
    }
    return "?";
}

/* Rules mean something only where there is a public path, it is denied by
 * default, and no perimeter decides instead. */
static bool rules_count(const struct kv_exposure *exposure)
{
    return exposure->kind == KV_EXPOSURE_RESTRICTED ||
           exposure->kind == KV_EXPOSURE_WIDE;
}

static bool is_readable(
    const struct kv_resource *resource, const struct kv_exposure *exposure)
{
    return exposure->kind == KV_EXPOSURE_PERIMETER ||
           (resource->public_access != KV_PUBLIC_OTHER &&
               resource->default_action != KV_DEFAULT_OTHER);
}

/* ---- rows ---- */

static struct detail_row *add_row(struct detail_page *page, const char *name,
    const char *type, const char *state)
{
    struct detail_row *row = detail_page_add(page);

    detail_cell(row, "%s", name);
    detail_cell(row, "%s", type);
    detail_cell(row, "%s", state);
    return row;
}

static void add_address(
    struct detail_page *page, const struct kv_ip_rule *rule, bool counts)
{
    struct detail_row *row = add_row(page, rule->text, "ipv4",
        !rule->valid ? "?"
        : counts     ? "allow"
                     : "no effect");
    struct buf note = { .limit = 128 };

    if (rule->valid) {
        uint64_t count = (uint64_t)rule->last - rule->first + 1;

        buf_put_count(&note, count);
        buf_puts(&note, count == 1 ? " address" : " addresses");
    } else {
        buf_puts(&note, "not understood: UNKNOWN");
    }
    detail_cell(row, "%s", buf_text(&note));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "RULE", rule->text);
    sheet_put(&row->below, ROLE_TEXT, DETAIL_INDENT, buf_text(&note));
    buf_done(&note);
}

/* ".../virtualNetworks/app/subnets/web" as "app/web". */
static void put_subnet(struct buf *out, const char *id)
{
    static const char part[] = "/virtualnetworks/";
    struct view rest = view_of(id);

    while (rest.size && !view_starts_nocase(rest, view_of(part))) {
        rest.data++;
        rest.size--;
    }
    if (!rest.size) {
        buf_puts(out, id);
        return;
    }
    rest.data += sizeof(part) - 1;
    rest.size -= sizeof(part) - 1;
    buf_put(out, view_cut(&rest, '/'));
    view_cut(&rest, '/');
    buf_putc(out, '/');
    buf_put(out, rest);
}

static void add_subnet(struct detail_page *page, const char *id, bool counts)
{
    struct buf name = { .limit = 512 };
    struct detail_row *row;

    put_subnet(&name, id);
    row =
        add_row(page, buf_text(&name), "vnet", counts ? "allow" : "no effect");
    detail_cell(row, "by service endpoint");
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "RULE", id);
    buf_done(&name);
}

static void add_tag(struct detail_page *page, const char *tag, bool counts)
{
    struct detail_row *row =
        add_row(page, tag, "tag", counts ? "allow" : "no effect");

    detail_cell(row, "how many addresses: UNKNOWN");
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "RULE", tag);
}

/* Where the endpoint is, and whether names lead to it. */
static void put_place(struct sheet *out, const struct kv_estate *estate,
    const struct kv_endpoint *endpoint)
{
    const struct kv_private_endpoint *row =
        endpoint->endpoint_id ? kv_estate_find_row(estate, KV_SET_ENDPOINTS,
                                    endpoint->endpoint_id)
                              : NULL;
    struct buf subnet = { .limit = 512 };

    if (!row) {
        sheet_pair(out, ROLE_UNKNOWN, DETAIL_INDENT, "DNS",
            "UNKNOWN whether names lead to it: the endpoint itself was not "
            "read");
        return;
    }
    put_subnet(&subnet, row->subnet_id ? row->subnet_id : "not said");
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "SUBNET", buf_text(&subnet));
    buf_done(&subnet);
    if (!kv_facet_known(&row->dns))
        sheet_pair(out, ROLE_UNKNOWN, DETAIL_INDENT, "DNS",
            row->dns.why ? row->dns.why : "not read yet");
    else if (row->zone_count == 0)
        sheet_pair(out, ROLE_LOW, DETAIL_INDENT, "DNS",
            "no zone group: names go on leading to the public address");
    for (uint32_t i = 0; i < row->zone_count; i++)
        sheet_pair(
            out, ROLE_TEXT, DETAIL_INDENT, "DNS", detail_last(row->zones[i]));
}

static void add_endpoint(struct detail_page *page,
    const struct kv_estate *estate, const struct kv_endpoint *endpoint)
{
    struct detail_row *row = add_row(page,
        endpoint->endpoint_id ? detail_last(endpoint->endpoint_id)
                              : endpoint->name,
        "private", kv_endpoint_state_name(endpoint->state));
    const char *text = endpoint->description;

    detail_cell(row, "%s",
        endpoint->foreign ? "FOREIGN subscription"
        : text && *text   ? text
                          : "-");
    sheet_pair(
        &row->below, ROLE_TEXT, DETAIL_INDENT, "CONNECTION", endpoint->name);
    sheet_put(&row->below, ROLE_TEXT, DETAIL_INDENT,
        endpoint->endpoint_id ? endpoint->endpoint_id
                              : "Azure does not show which endpoint it is");
    if (endpoint->foreign)
        sheet_pair(&row->below, ROLE_UNKNOWN, DETAIL_INDENT, "FOREIGN",
            "its subscription is none of those that were read: find out whose "
            "it is before you trust it");
    if (text && *text)
        sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "SAYS", text);
    put_place(&row->below, estate, endpoint);
}

static void add_perimeter(
    struct detail_page *page, const struct kv_perimeter *perimeter)
{
    static const char *const modes[] = {
        [KV_PERIMETER_LEARNING] = "learning",
        [KV_PERIMETER_ENFORCED] = "enforced",
        [KV_PERIMETER_AUDIT] = "audit",
        [KV_PERIMETER_OTHER] = "?",
    };
    struct detail_row *row = add_row(page,
        perimeter->perimeter_id ? detail_last(perimeter->perimeter_id) : "?",
        "perim.", modes[perimeter->mode]);

    detail_cell(row, "%s",
        perimeter->has_issues           ? "provisioning issues"
        : perimeter->provisioning_state ? perimeter->provisioning_state
                                        : "-");
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "PROFILE",
        perimeter->profile_id ? perimeter->profile_id : "not said");
}

static void add_rows(struct detail_page *page, const struct kv_estate *estate,
    const struct kv_resource *resource, const struct kv_exposure *exposure)
{
    bool counts = rules_count(exposure);

    if (exposure->perimeter)
        add_perimeter(page, exposure->perimeter);
    for (uint32_t i = 0; i < resource->endpoint_count; i++)
        if (resource->endpoints[i].foreign)
            add_endpoint(page, estate, &resource->endpoints[i]);
    for (uint32_t i = 0; i < resource->ip_rule_count; i++)
        add_address(page, &resource->ip_rules[i], counts);
    for (uint32_t i = 0; i < resource->vnet_rule_count; i++)
        add_subnet(page, resource->vnet_rules[i], counts);
    for (uint32_t i = 0; i < resource->service_tag_count; i++)
        add_tag(page, resource->service_tags[i], counts);
    for (uint32_t i = 0; i < resource->endpoint_count; i++)
        if (!resource->endpoints[i].foreign)
            add_endpoint(page, estate, &resource->endpoints[i]);
}

/* ---- the page ---- */

static enum role role_of_exposure(enum kv_exposure_kind kind)
{
    switch (kind) {
    case KV_EXPOSURE_OPEN:
        return ROLE_CRITICAL;
    case KV_EXPOSURE_WIDE:
        return ROLE_HIGH;
    case KV_EXPOSURE_PRIVATE:
    case KV_EXPOSURE_CLOSED:
    case KV_EXPOSURE_PERIMETER:
    case KV_EXPOSURE_RESTRICTED:
        return ROLE_TEXT;
    }
    return ROLE_UNKNOWN;
}

static void put_intro(struct sheet *out, const struct kv_resource *resource,
    const struct kv_exposure *exposure)
{
    struct buf text = { .limit = TEXT_LIMIT };

    if (!is_readable(resource, exposure))
        buf_puts(&text, "UNKNOWN: a setting has a value that kvgov does not "
                        "know. Taken for the weakest: ");
    buf_puts(&text, kv_exposure_sentence(exposure->kind));
    if (exposure->unreadable_rule)
        buf_puts(&text, ", and what a rule that is not understood lets in");
    if (exposure->trusted_services)
        buf_puts(&text, ", and trusted Microsoft services");
    if (exposure->perimeter_unknown)
        buf_puts(&text, ", unless a network security perimeter holds it, "
                        "which is UNKNOWN");
    sheet_pair(out,
        is_readable(resource, exposure) ? role_of_exposure(exposure->kind)
                                        : ROLE_UNKNOWN,
        17, "REACHABLE FROM", buf_text(&text));
    sheet_putf(out, ROLE_TEXT, 1, "public access %s  default %s  bypass %s",
        public_access_word(resource->public_access),
        default_action_word(resource->default_action),
        bypass_word(resource->bypass));
    buf_done(&text);
}

static void network_build(
    struct detail_page *page, const struct detail_facts *facts)
{
    const struct kv_resource *resource = facts->resource;
    struct buf reasons = { .limit = TEXT_LIMIT };
    struct kv_exposure exposure;

    if (!detail_ready(&page->intro, facts, KV_FACET_PROPERTIES)) {
        snprintf(page->badge, sizeof(page->badge), "?");
        return;
    }
    exposure = kv_exposure_of(facts->estate, resource, facts->policy, &reasons);
    put_intro(&page->intro, resource, &exposure);
    add_rows(page, facts->estate, resource, &exposure);
    for (size_t i = 0; i < page->count; i++)
        sheet_pair(&page->rows[i].below, ROLE_TEXT, DETAIL_INDENT, "BECAUSE",
            buf_text(&reasons));
    sheet_put(&page->empty, ROLE_TEXT, 1,
        "No firewall rule and no private endpoint connection exists.");
    sheet_gap(&page->empty);
    sheet_pair(
        &page->empty, ROLE_TEXT, DETAIL_INDENT, "BECAUSE", buf_text(&reasons));
    buf_done(&reasons);
}

static const struct list_column columns[] = {
    { .title = "RULE", .width_cells = 26 },
    { .title = "TYPE", .width_cells = 7 },
    { .title = "STATE", .width_cells = 12 },
    { .title = "NOTE" },
};

static const struct list_ops network_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .sort_column = 1,
    .name_column = 0,
    .cell = detail_list_cell,
    .order = detail_list_order,
    .fields = filter_columns,
    .no_marks = true,
};

const struct detail_tab detail_network = {
    .title = "Network",
    .list = &network_list,
    .build = network_build,
};
