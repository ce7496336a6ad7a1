/* Remedies that take ways in away: rules that let too many in, the public
 * path, the bypass of trusted services. */
#include "network_side.h"

#include <string.h>

/* ---- firewall-rules: which rules go ---- */

#define WORD_WIDE "wide"
#define WORD_OUTSIDE "outside"
#define WORD_UNUSED "unused"

static const char *const rule_words[] = { WORD_WIDE, WORD_OUTSIDE,
    WORD_UNUSED };

static bool is_rule_word(struct view text)
{
    for (size_t i = 0; i < sizeof rule_words / sizeof *rule_words; i++)
        if (view_equal_nocase(text, view_of(rule_words[i])))
            return true;
    return false;
}

static enum kv_status remove_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct view list = view_of(value);
    uint32_t first, last;

    (void)option;
    while (list.size > 0) {
        struct view text = view_trim(view_cut(&list, ','));

        if (text.size > 0 && !is_rule_word(text) &&
            !ipv4_range_parse(text, &first, &last))
            return kv_error_set(err, KV_BAD_INPUT,
                "\"%.*s\" is neither an address or range nor one of " WORD_WIDE
                ", " WORD_OUTSIDE " and " WORD_UNUSED ".",
                text.size > 64 ? 64 : (int)text.size, text.data);
    }
    return KV_OK;
}

static void remove_offer(
    struct option *out, const struct plan_targets *targets)
{
    option_set_value(out,
        text_equal_nocase(targets->row, "NET-9") ? WORD_OUTSIDE : WORD_WIDE);
}

const struct option_row firewall_rules_options[] = {
    {
        .name = "remove",
        .label = "Rules to take out",
        .help = "addresses or ranges as they stand in the rules, separated by "
                "commas; \"wide\" stands for those wider than allowed, "
                "\"outside\" for those outside the organisation's ranges, "
                "\"unused\" for those that nobody came in by in 30 days",
        .offer = remove_offer,
        .accept = remove_accept,
    },
    {
        .name = "allow",
        .label = "Addresses to let in instead",
        .help = "IPv4 addresses or ranges, separated by commas",
        .accept = addresses_accept,
    },
    {
        .name = "callers",
        .label = "Keep recent callers",
        .help = "the addresses that came in by the rules taken out become "
                "rules of their own; from the audit log, where it can be read",
        .offer = callers_offer,
    },
    { 0 },
};

struct range_view {
    uint32_t first;
    uint32_t last;
};

static uint64_t range_size(const struct range_view *range)
{
    return (uint64_t)range->last - range->first + 1;
}

static bool is_wide(
    const struct plan_input *input, const struct range_view *range)
{
    return range_size(range) >
           (uint64_t)1 << (32 - input->policy->widest_prefix);
}

static bool in_ranges(const struct kv_ranges *ranges, uint64_t number)
{
    for (uint32_t i = 0; i < ranges->count; i++)
        if (number >= ranges->items[i].first && number <= ranges->items[i].last)
            return true;
    return false;
}

static bool overlaps(
    const struct kv_ranges *ranges, const struct range_view *range)
{
    for (uint32_t i = 0; i < ranges->count; i++)
        if (range->first <= ranges->items[i].last &&
            range->last >= ranges->items[i].first)
            return true;
    return false;
}

/* Not wholly inside: its ends are, or a gap between allowed ranges is not
 * looked for, since the rule that judges it does. */
static bool is_outside(
    const struct plan_input *input, const struct range_view *range)
{
    const struct kv_ranges *allowed = &input->policy->allowed_ranges;

    if (overlaps(&input->policy->forbidden_ranges, range))
        return true;
    return allowed->count > 0 && (!in_ranges(allowed, range->first) ||
                                     !in_ranges(allowed, range->last));
}

static bool is_used(
    const struct plan_input *input, const struct range_view *range)
{
    struct kv_walk walk = { 0 };
    const struct kv_caller *row;
    uint32_t first, last;

    while ((row = kv_estate_next_at(input->estate, KV_SET_CALLERS,
                input->resource->id, &walk)))
        if (row->failures < row->calls && row->address &&
            ipv4_range_parse(view_of(row->address), &first, &last) &&
            first >= range->first && first <= range->last)
            return true;
    return false;
}

struct removal {
    const struct plan_input *input;
    bool log_known;
};

static bool word_takes(const struct removal *removal, struct view word,
    const struct range_view *range)
{
    if (view_equal_nocase(word, view_of(WORD_WIDE)))
        return is_wide(removal->input, range);
    if (view_equal_nocase(word, view_of(WORD_OUTSIDE)))
        return is_outside(removal->input, range);
    if (view_equal_nocase(word, view_of(WORD_UNUSED)))
        return removal->log_known && !is_used(removal->input, range);
    return false;
}

static bool is_removed(const struct removal *removal, json_t *rule)
{
    const char *text = value_text(rule, "value");
    struct view list = view_of(input_option(removal->input, "remove"));
    struct range_view range, other;

    if (!ipv4_range_parse(view_of(text), &range.first, &range.last))
        return false;
    while (list.size > 0) {
        struct view word = view_trim(view_cut(&list, ','));

        if (word_takes(removal, word, &range))
            return true;
        if (ipv4_range_parse(word, &other.first, &other.last) &&
            other.first == range.first && other.last == range.last)
            return true;
    }
    return false;
}

static json_t *rules_kept(const struct removal *removal, json_t *rules)
{
    json_t *kept = json_array();
    size_t index;
    json_t *rule;

    json_array_foreach(rules, index, rule)
    {
        if (!is_removed(removal, rule))
            (void)json_array_append_new(kept, json_deep_copy(rule));
    }
    return kept;
}

/* A caller whose address the catalogue would find outside stays out. */
static bool caller_wanted(const char *address, const void *context)
{
    const struct removal *removal = context;
    const struct way_in before = way_in_of(
        value_at(removal->input->subject, "properties"));
    struct range_view range;

    return ipv4_range_parse(view_of(address), &range.first, &range.last) &&
           way_in_has_address(&before, address) &&
           !is_outside(removal->input, &range);
}

static json_t *acls_narrowed(
    const struct removal *removal, json_t *before)
{
    const struct plan_input *input = removal->input;
    json_t *acls = acls_copy(before);
    json_t *rules = rules_kept(removal, value_at(before, "ipRules"));

    rules_add(rules, input_option(input, "allow"));
    if (text_equal_nocase(input_option(input, "callers"), "recent"))
        rules_add_callers(rules, input, caller_wanted, removal);
    (void)json_object_set_new(acls, "ipRules", rules);
    return acls;
}

/* ---- how many addresses that is ---- */

static struct kv_exposure exposure_with(
    const struct plan_input *input, json_t *rules)
{
    struct kv_resource resource = *input->resource;
    size_t count = json_array_size(rules);
    struct kv_ip_rule *items = mem_alloc((count + 1) * sizeof *items);
    struct kv_exposure exposure;

    for (size_t i = 0; i < count; i++) {
        struct kv_ip_rule *item = &items[i];

        item->text = value_text(json_array_get(rules, i), "value");
        item->valid =
            ipv4_range_parse(view_of(item->text), &item->first, &item->last);
    }
    resource.ip_rules = items;
    resource.ip_rule_count = (uint32_t)count;
    exposure = kv_exposure_of(input->estate, &resource, input->policy, NULL);
    mem_free(items);
    return exposure;
}

static void check_union(struct draft *draft, const struct plan_input *input,
    json_t *before, json_t *after)
{
    struct kv_exposure from = exposure_with(input, before);
    struct kv_exposure to = exposure_with(input, after);
    bool wide = to.widest_prefix < input->policy->widest_prefix ||
                to.addresses > input->policy->max_public_addresses;
    struct buf text = { .limit = 512 };

    buf_putf(&text, "the rules let in ");
    buf_put_count(&text, from.addresses);
    buf_puts(&text, " addresses now and ");
    buf_put_count(&text, to.addresses);
    buf_putf(&text, " afterwards, the widest by a /%u", to.widest_prefix);
    if (wide)
        buf_putf(&text,
            ": still more than the /%u and %u addresses allowed; name further "
            "rules to take out",
            input->policy->widest_prefix, input->policy->max_public_addresses);
    preview_check(&draft->preview, wide ? KV_CHECK_WARN : KV_CHECK_OK, "%s",
        buf_text(&text));
    buf_done(&text);
}

static void check_unused(struct draft *draft, const struct removal *removal)
{
    if (!removal->log_known && text_contains_nocase(input_option(removal->input,
                                                        "remove"),
                                   WORD_UNUSED))
        preview_check(&draft->preview, KV_CHECK_UNKNOWN,
            "which rules are unused is UNKNOWN without an audit log: none was "
            "taken out for that");
}

void firewall_rules_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    json_t *before = value_at(input->subject, ACLS);
    struct way_in from = way_in_of(value_at(input->subject, "properties"));
    struct removal removal = { .input = input };
    struct network_facts facts;
    struct way_in to;
    struct step *step;
    json_t *after;

    if (!network_ask(draft, input, &facts))
        return;
    if (!before) {
        preview->nothing = "it has no rules; turn the firewall on first";
        return;
    }
    removal.log_known = kv_facet_known(&facts.log);
    after = acls_narrowed(&removal, before);
    to = way_after(input->subject, after);
    step = draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);
    step_set(step, ACLS, before, after, acls_copy(before));
    step->reversible = true;
    preview->takes = "usually under a minute";
    preview->undo = "yes, the rules read now come back";
    check_union(draft, input, value_at(before, "ipRules"),
        value_at(after, "ipRules"));
    check_unused(draft, &removal);
    acls_check(preview, input, after);
    network_tell(draft, input, &facts, &from, &to, ways_words(preview, &to));
}

/* ---- public-access-off ---- */

/* Callers in those networks go on to ask for the public address. */
static void check_dns(struct draft *draft, const struct plan_input *input)
{
    const struct kv_resource *resource = input->resource;

    for (uint32_t i = 0; i < resource->endpoint_count; i++) {
        const struct kv_endpoint *one = &resource->endpoints[i];
        const struct kv_private_endpoint *row =
            one->endpoint_id && one->state == KV_ENDPOINT_APPROVED
                ? kv_estate_find_row(
                      input->estate, KV_SET_ENDPOINTS, one->endpoint_id)
                : NULL;

        if (one->state != KV_ENDPOINT_APPROVED)
            continue;
        if (!row || !kv_facet_known(&row->dns))
            preview_check(&draft->preview, KV_CHECK_UNKNOWN,
                "whether the name resolves to the private endpoint %s in its "
                "network is UNKNOWN: its DNS zone group was not read",
                one->name);
        else if (row->zone_count == 0)
            preview_check(&draft->preview, KV_CHECK_WARN,
                "the private endpoint %s has no DNS zone group: unless records "
                "are kept by hand, callers there go on to the public address "
                "and are refused (endpoint-dns)",
                one->name);
    }
}

static void check_perimeter(struct preview *preview, const char *access)
{
    if (text_equal_nocase(access, "SecuredByPerimeter"))
        preview_check(preview, KV_CHECK_WARN,
            "a network security perimeter decides here now: what its rules let "
            "in is refused afterwards");
}

void public_access_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    json_t *before = value_at(input->subject, PUBLIC_ACCESS);
    struct way_in from = way_in_of(value_at(input->subject, "properties"));
    struct way_in to = from;
    struct network_facts facts;
    struct step *step;

    if (!network_ask(draft, input, &facts))
        return;
    to.open = to.rules = to.unsure = false;
    step = draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);
    step_set(step, PUBLIC_ACCESS, before, json_string("Disabled"),
        before ? json_incref(before) : json_string("Enabled"));
    step->reversible = true;
    preview->takes = "seconds to minutes";
    preview->undo = before ? "yes, the value read now comes back"
                           : "yes, as an explicit Enabled, which absent means";
    check_perimeter(preview, json_string_value(before));
    check_dns(draft, input);
    network_tell(draft, input, &facts, &from, &to,
        preview_text(preview,
            "Everybody who does not come through an approved private endpoint "
            "(%zu)%s loses access to keys, secrets and certificates; address "
            "and subnet rules have no effect any more.",
            to.endpoints,
            to.trusted ? " and is no trusted Azure service" : ""));
}

/* ---- bypass-off ---- */

struct flag {
    const char *path;
    const char *who;
};

static const struct flag flags[] = {
    { "properties.enabledForDeployment", "virtual machines" },
    { "properties.enabledForDiskEncryption", "Azure Disk Encryption" },
    { "properties.enabledForTemplateDeployment", "template deployments" },
};

static void check_services(struct draft *draft, const struct plan_input *input)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (json_is_true(value_at(input->subject, flags[i].path)))
            preview_check(&draft->preview, KV_CHECK_WARN,
                "%s is true: %s may come in by the bypass", flags[i].path,
                flags[i].who);
    preview_check(&draft->preview, KV_CHECK_UNKNOWN,
        "services that encrypt their data with a key from here (storage, SQL, "
        "disks) are UNKNOWN: they call only now and then, and take the data "
        "offline when they cannot. Look at their encryption settings first");
}

void bypass_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    json_t *before = value_at(input->subject, ACLS);
    struct way_in from = way_in_of(value_at(input->subject, "properties"));
    struct network_facts facts;
    struct way_in to;
    struct step *step;
    json_t *after;

    if (!network_ask(draft, input, &facts))
        return;
    after = acls_copy(before);
    (void)json_object_set_new(after, "bypass", json_string("None"));
    to = way_after(input->subject, after);
    step = draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);
    step_set(step, ACLS, before, after, acls_copy(before));
    step->reversible = true;
    preview->takes = "usually under a minute; services notice at their next "
                     "call, which may be a day later";
    preview->undo =
        before ? "yes, the values read now come back"
               : "yes, with the same effect: absent rules come back as an "
                 "explicit Allow with the bypass";
    check_services(draft, input);
    acls_check(preview, input, after);
    network_tell(draft, input, &facts, &from, &to,
        to.open
            ? "Nobody loses access while every address is let in; once the "
              "firewall is on, trusted Microsoft services do."
            : "Trusted Microsoft services that no rule lets in lose access: "
              "deployments, backups, and services that encrypt with a key from "
              "here.");
}
