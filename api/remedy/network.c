/* The firewall's rules: lists of addresses that a person gives, the object that
 * is sent, and the remedy that turns the firewall on. */
#include "network_side.h"

/* Key Vault's own limits; a managed HSM takes fewer addresses. */
#define ADDRESS_RULES_MAX 1000
#define HSM_ADDRESS_RULES_MAX 10
#define SUBNET_RULES_MAX 200

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

enum kv_status addresses_accept(
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

/* ---- the options: who is let in ---- */

void callers_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, "recent",
        "yes: each address that called successfully in the last 30 days");
    option_add_choice(out, "no", "no: only what is named");
    option_set_value(out, "recent");
}

static void own_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, "no", "no");
    option_add_choice(
        out, "yes", "yes: the address that the resource sees it at");
    option_set_value(out, "no");
}

const struct option_row firewall_options[] = {
    {
        .name = "allow",
        .label = "Addresses to let in",
        .help = "IPv4 addresses or ranges, separated by commas; they are "
                "added to the rules that a vault has",
        .accept = addresses_accept,
    },
    {
        .name = "callers",
        .label = "Let recent callers in",
        .help = "their addresses become rules; from the audit log of each, "
                "where it can be read",
        .offer = callers_offer,
    },
    {
        .name = "own",
        .label = "Let this machine in",
        .help = "its public address becomes a rule, where it is known",
        .offer = own_offer,
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

void rules_add(json_t *rules, const char *allow)
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

json_t *acls_copy(json_t *before)
{
    json_t *acls = before ? json_deep_copy(before) : json_object();

    complete(acls);
    return acls;
}

/* ---- addresses that were found out ---- */

static bool is_let_in(json_t *rules, const char *address)
{
    const struct way_in way = { .addresses = rules };

    return way_in_has_address(&way, address);
}

void rules_add_callers(json_t *rules, const struct plan_input *input,
    rules_wanted_fn *wanted, const void *context)
{
    struct kv_walk walk = { 0 };
    const struct kv_caller *row;

    while ((row = kv_estate_next_at(input->estate, KV_SET_CALLERS,
                input->resource->id, &walk)))
        if (row->address && row->failures < row->calls &&
            !is_let_in(rules, row->address) &&
            (!wanted || wanted(row->address, context)))
            rules_add(rules, row->address);
}

static void add_own(struct draft *draft, json_t *rules,
    const struct network_facts *facts)
{
    struct address_range range;
    struct kv_error err = { 0 };

    if (!facts->own[0])
        preview_check(&draft->preview, KV_CHECK_WARN,
            "this machine's address is not known (%s), so no rule lets it in: "
            "name it yourself",
            facts->own_why);
    else if (address_parse(&range, view_of(facts->own), &err) != KV_OK)
        preview_check(&draft->preview, KV_CHECK_WARN,
            "no rule lets this machine in: %s", err.text);
    else if (!is_let_in(rules, facts->own))
        rules_add(rules, facts->own);
}

/* ---- the remedy ---- */

static bool is_closed(json_t *before, json_t *after)
{
    return text_equal_nocase(value_text(before, "defaultAction"), "Deny") &&
           json_array_size(value_at(before, "ipRules")) ==
               json_array_size(value_at(after, "ipRules"));
}

void acls_check(
    struct preview *preview, const struct plan_input *input, json_t *acls)
{
    bool hsm = input->resource->kind == KV_KIND_HSM;
    size_t most = hsm ? HSM_ADDRESS_RULES_MAX : ADDRESS_RULES_MAX;
    size_t addresses = json_array_size(value_at(acls, "ipRules"));
    size_t subnets = json_array_size(value_at(acls, "virtualNetworkRules"));

    if (addresses > most)
        preview_check(preview, KV_CHECK_BLOCK,
            "%zu address rules are more than the %zu that %s takes: let fewer "
            "in",
            addresses, most, hsm ? "an HSM" : "a vault");
    if (subnets > SUBNET_RULES_MAX)
        preview_check(preview, KV_CHECK_BLOCK,
            "%zu subnet rules are more than the %d that a vault takes", subnets,
            SUBNET_RULES_MAX);
    else if (subnets > 0)
        preview_check(preview, KV_CHECK_WARN,
            "%zu subnet rules are sent back as read: Azure may ask for "
            "joinViaServiceEndpoint/action on those subnets",
            subnets);
}

static void check_public_access(struct preview *preview, json_t *subject)
{
    const char *access = value_text(subject, PUBLIC_ACCESS);

    if (text_equal_nocase(access, "Disabled"))
        preview_check(preview, KV_CHECK_WARN,
            "public access is Disabled: the firewall has no effect until "
            "somebody enables it");
    else if (text_equal_nocase(access, "SecuredByPerimeter"))
        preview_check(preview, KV_CHECK_WARN,
            "a network security perimeter decides here: the firewall has no "
            "effect");
}

struct way_in way_after(json_t *subject, json_t *acls)
{
    json_t *properties = json_copy(value_at(subject, "properties"));
    struct way_in way;

    /* The way borrows of `acls`, which outlives this copy. */
    if (!properties)
        properties = json_object();
    (void)json_object_set(properties, "networkAcls", acls);
    way = way_in_of(properties);
    json_decref(properties);
    return way;
}

const char *ways_words(struct preview *preview, const struct way_in *after)
{
    return preview_text(preview,
        "Every caller loses access to keys, secrets and certificates unless "
        "its address is in the rules, it comes through an approved private "
        "endpoint%s. What remains: %zu address rules, %zu subnet rules, %zu "
        "approved private endpoints.",
        after->trusted ? " or it is a trusted Azure service" : "",
        json_array_size(after->addresses), after->subnets, after->endpoints);
}

static json_t *acls_closed(struct draft *draft, const struct plan_input *input,
    const struct network_facts *facts, json_t *before)
{
    json_t *acls = acls_copy(before);
    json_t *rules = json_object_get(acls, "ipRules");

    (void)json_object_set_new(acls, "defaultAction", json_string("Deny"));
    rules_add(rules, input_option(input, "allow"));
    if (text_equal_nocase(input_option(input, "callers"), "recent"))
        rules_add_callers(rules, input, NULL, NULL);
    if (text_equal_nocase(input_option(input, "own"), "yes"))
        add_own(draft, rules, facts);
    return acls;
}

void firewall_plan(struct draft *draft, const struct plan_input *input)
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
    after = acls_closed(draft, input, &facts, before);
    to = way_after(input->subject, after);
    step = draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);
    step_set(step, ACLS, before, after, acls_copy(before));
    step->reversible = true;

    if (is_closed(before, after))
        preview->nothing = "the firewall is on already";
    preview->takes = "usually under a minute; subnet rules up to 15 minutes";
    preview->undo =
        before ? "yes, the values read now come back"
               : "yes, with the same effect: the absent rules come back as an "
                 "explicit Allow";
    preview_note(preview, ACLS ".bypass",
        to.trusted ? "stays: trusted Azure services still pass"
                   : "stays: no service passes by");
    acls_check(preview, input, after);
    check_public_access(preview, input->subject);
    network_tell(draft, input, &facts, &from, &to, ways_words(preview, &to));
}
