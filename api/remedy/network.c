/* Remedies of the network area. */
#include "plan.h"

#define PROPERTIES "properties."
#define ACLS PROPERTIES "networkAcls"
#define ADDRESS_RULES_MAX 1000 /* of one vault: Key Vault's own limit */

/* ---- the option: addresses to let in ---- */

static bool next_address(struct view *list, struct view *out)
{
    while (list->size > 0) {
        *out = view_trim(view_cut(list, ','));
        if (out->size > 0)
            return true;
    }
    return false;
}

static bool same_range(
    const struct address_range *a, const struct address_range *b)
{
    return a->first == b->first && a->last == b->last;
}

/* The list up to `end` holds the range already; all before it was parsed. */
static bool listed_before(
    const char *value, const char *end, const struct address_range *range)
{
    struct view list = { value, (size_t)(end - value) };
    struct view text;
    struct address_range other;

    while (next_address(&list, &text)) {
        if (address_parse(&other, text, NULL) == KV_OK &&
            same_range(&other, range))
            return true;
    }
    return false;
}

static enum kv_status firewall_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct view list = view_of(value);
    struct address_range range;
    struct view text;
    size_t count = 0;

    (void)option;
    while (next_address(&list, &text)) {
        enum kv_status status = address_parse(&range, text, err);

        if (status != KV_OK)
            return status;
        if (listed_before(value, text.data, &range))
            return kv_error_set(err, KV_BAD_INPUT, "%.*s is listed twice.",
                (int)text.size, text.data);
        if (++count > ADDRESS_RULES_MAX)
            return kv_error_set(err, KV_BAD_INPUT,
                "A vault takes at most %d address rules.", ADDRESS_RULES_MAX);
    }
    return KV_OK;
}

const struct option_row firewall_options[] = {
    {
        .name = "allow",
        .label = "Addresses to let in",
        .help = "IPv4 addresses or ranges, separated by commas; they are "
                "added to the rules that a vault has",
        .accept = firewall_accept,
    },
    { 0 },
};

/* ---- the object that is sent ---- */

static bool has_rule(json_t *rules, const struct address_range *range)
{
    struct address_range other;
    size_t index;
    json_t *rule;

    json_array_foreach(rules, index, rule)
    {
        const char *text = value_text(rule, "value");

        if (text && address_parse(&other, view_of(text), NULL) == KV_OK &&
            same_range(&other, range))
            return true;
    }
    return false;
}

static void add_rules(json_t *rules, const char *allow)
{
    struct view list = view_of(allow);
    struct address_range range;
    struct view text;

    while (next_address(&list, &text)) {
        if (address_parse(&range, text, NULL) != KV_OK ||
            has_rule(rules, &range))
            continue;
        (void)json_array_append_new(
            rules, json_pack("{s:s%}", "value", text.data, text.size));
    }
}

/* Without networkAcls a vault behaves as these values say, and Azure takes no
 * request to make the object absent again. */
static json_t *acls_open(void)
{
    return json_pack("{s:s, s:s, s:[], s:[]}", "bypass", "AzureServices",
        "defaultAction", "Allow", "ipRules", "virtualNetworkRules");
}

static void complete(json_t *acls)
{
    json_t *defaults = acls_open();

    (void)json_object_update_missing(acls, defaults);
    json_decref(defaults);
}

/* The object is replaced as a whole, so all that was read goes back. */
static json_t *acls_closed(json_t *before, const char *allow)
{
    json_t *acls = before ? json_deep_copy(before) : json_object();

    complete(acls);
    (void)json_object_set_new(acls, "defaultAction", json_string("Deny"));
    add_rules(json_object_get(acls, "ipRules"), allow);
    return acls;
}

static json_t *acls_restored(json_t *before)
{
    json_t *acls = before ? json_deep_copy(before) : json_object();

    complete(acls);
    return acls;
}

static bool is_closed(json_t *before, json_t *after)
{
    return text_equal_nocase(value_text(before, "defaultAction"), "Deny") &&
           json_array_size(value_at(before, "ipRules")) ==
               json_array_size(value_at(after, "ipRules"));
}

/* ---- what a person must know ---- */

struct remains {
    size_t addresses;
    size_t subnets;
    size_t endpoints; /* approved private endpoints */
    const char *bypass;
};

static size_t approved_endpoints(json_t *subject)
{
    json_t *list = value_at(subject, PROPERTIES "privateEndpointConnections");
    size_t count = 0;
    size_t index;
    json_t *item;

    json_array_foreach(list, index, item)
    {
        const char *status = value_text(
            item, PROPERTIES "privateLinkServiceConnectionState.status");

        count += text_equal_nocase(status, "Approved");
    }
    return count;
}

static struct remains remains_of(json_t *subject, json_t *acls)
{
    const char *bypass = value_text(acls, "bypass");

    return (struct remains){
        .addresses = json_array_size(value_at(acls, "ipRules")),
        .subnets = json_array_size(value_at(acls, "virtualNetworkRules")),
        .endpoints = approved_endpoints(subject),
        .bypass = bypass ? bypass : "AzureServices",
    };
}

static bool trusts_services(const struct remains *remains)
{
    return text_equal_nocase(remains->bypass, "AzureServices");
}

static void tell_impact(struct preview *preview, const struct remains *remains)
{
    preview->impact = preview_text(preview,
        "Every caller loses access to keys, secrets and certificates unless "
        "its address is in the rules, it comes through an approved private "
        "endpoint%s. What remains: %zu address rules, %zu subnet rules, %zu "
        "approved private endpoints. Who called recently is UNKNOWN: no audit "
        "log was read.",
        trusts_services(remains) ? " or it is a trusted Azure service" : "",
        remains->addresses, remains->subnets, remains->endpoints);
}

static void check_remains(
    struct preview *preview, const struct remains *remains)
{
    if (remains->addresses > ADDRESS_RULES_MAX)
        preview_check(preview, KV_CHECK_BLOCK,
            "%zu address rules are more than the %d that a vault takes: let "
            "fewer in",
            remains->addresses, ADDRESS_RULES_MAX);
    if (remains->addresses + remains->subnets + remains->endpoints == 0)
        preview_check(preview, KV_CHECK_WARN,
            "no rule and no approved private endpoint: %s reaches the data "
            "afterwards",
            trusts_services(remains) ? "nobody but trusted Azure services"
                                     : "nobody");
    if (remains->subnets > 0)
        preview_check(preview, KV_CHECK_WARN,
            "%zu subnet rules are sent back as read: Azure may ask for "
            "joinViaServiceEndpoint/action on those subnets",
            remains->subnets);
}

static void check_public_access(struct preview *preview, json_t *subject)
{
    const char *access = value_text(subject, PROPERTIES "publicNetworkAccess");

    if (text_equal_nocase(access, "Disabled"))
        preview_check(preview, KV_CHECK_WARN,
            "public access is Disabled: the firewall has no effect until "
            "somebody enables it");
    else if (text_equal_nocase(access, "SecuredByPerimeter"))
        preview_check(preview, KV_CHECK_WARN,
            "a network security perimeter decides here: the firewall has no "
            "effect");
}

static void check_operator(struct preview *preview)
{
    preview_check(preview, KV_CHECK_OK,
        "kvgov works through Azure Resource Manager, which the firewall does "
        "not stop: it keeps seeing the vault and can undo this");
    preview_check(preview, KV_CHECK_UNKNOWN,
        "your own access to the data from this machine is UNKNOWN: the "
        "address that the vault sees is not known here");
    preview_check(preview, KV_CHECK_UNKNOWN,
        "recent callers are UNKNOWN: no audit log was read");
}

void firewall_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    json_t *before = value_at(input->subject, ACLS);
    json_t *after = acls_closed(before, input_option(input, "allow"));
    struct remains remains = remains_of(input->subject, after);
    struct step *step =
        draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);

    step_set(step, ACLS, before, after, acls_restored(before));
    step->reversible = true;

    if (is_closed(before, after))
        preview->nothing = "the firewall is on already";
    preview->takes = "usually under a minute; subnet rules up to 15 minutes";
    preview->undo =
        before ? "yes, the values read now come back"
               : "yes, with the same effect: the absent rules come back as an "
                 "explicit Allow";
    preview_note(preview, ACLS ".bypass",
        trusts_services(&remains) ? "stays: trusted Azure services still pass"
                                  : "stays: no service passes by");
    tell_impact(preview, &remains);
    check_remains(preview, &remains);
    check_public_access(preview, input->subject);
    check_operator(preview);
}
