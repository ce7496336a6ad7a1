/* A network security perimeter that only learns is made to refuse. */
#include "network_side.h"

/* The first stable version that has perimeters. */
#define PERIMETER_API "2024-07-01"
#define MODE "properties.accessMode"

static const struct kv_perimeter *association_of(
    const struct plan_input *input)
{
    struct kv_walk walk = { 0 };

    return kv_estate_next_at(
        input->estate, KV_SET_PERIMETERS, input->resource->id, &walk);
}

/* Address prefixes of inbound rules; other kinds of rule cannot be matched
 * against an address. */
static json_t *prefixes_of(json_t *rules, bool *unsure)
{
    static const char *const others[] = { "subscriptions",
        "networkSecurityPerimeters", "serviceTags" };
    json_t *prefixes = json_array();
    size_t index;
    json_t *rule;

    json_array_foreach(value_at(rules, "value"), index, rule)
    {
        json_t *properties = value_at(rule, "properties");

        if (!text_equal_nocase(value_text(properties, "direction"), "Inbound"))
            continue;
        (void)json_array_extend(
            prefixes, value_at(properties, "addressPrefixes"));
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            *unsure |= json_array_size(value_at(properties, others[i])) > 0;
    }
    return prefixes;
}

/* PUT replaces the association: all that may be written goes back. */
static json_t *association_body(json_t *found, const char *mode)
{
    return json_pack("{s:{s:{s:O}, s:{s:O}, s:s}}", "properties",
        "privateLinkResource", "id",
        value_at(found, "properties.privateLinkResource.id"), "profile", "id",
        value_at(found, "properties.profile.id"), "accessMode", mode);
}

static bool is_whole(json_t *found)
{
    return value_text(found, "properties.privateLinkResource.id") &&
           value_text(found, "properties.profile.id") &&
           value_text(found, MODE);
}

static void make_step(struct draft *draft, const struct kv_perimeter *row,
    json_t *found)
{
    const char *mode = value_text(found, MODE);
    struct step *step = draft_step(draft, "PUT", row->id, PERIMETER_API);

    step_scope_is(step, row->perimeter_id);
    step_body_is(step, association_body(found, "Enforced"));
    step_set(step, MODE, value_at(found, MODE), json_string("Enforced"),
        json_string(mode));
    step_back(step, "PUT", row->id, PERIMETER_API,
        association_body(found, mode));
    step->reversible = true;
}

static void check_learned(
    struct preview *preview, const struct live_answer *settings)
{
    if (!settings->body)
        preview_check(preview, KV_CHECK_UNKNOWN,
            "what it would have refused while learning is UNKNOWN: its "
            "diagnostic settings could not be read (%s)",
            settings->why ? settings->why : "not read");
    else if (json_array_size(value_at(settings->body, "value")) == 0)
        preview_check(preview, KV_CHECK_UNKNOWN,
            "what it would have refused while learning is UNKNOWN: the "
            "perimeter has no diagnostic setting, so it wrote nothing down");
    else
        preview_check(preview, KV_CHECK_UNKNOWN,
            "what it would have refused while learning is UNKNOWN here: look "
            "into NSPAccessLogs, where its %zu diagnostic settings send it",
            json_array_size(value_at(settings->body, "value")));
}

static void tell(struct draft *draft, const struct plan_input *input,
    const struct network_facts *facts, const struct live_answer *rules)
{
    struct way_in before = way_in_of(value_at(input->subject, "properties"));
    bool unsure = !rules->body;
    json_t *prefixes = prefixes_of(rules->body, &unsure);
    struct way_in after = { .rules = true,
        .unsure = unsure,
        .addresses = prefixes,
        .endpoints = before.endpoints };

    before.unsure = false;
    if (!rules->body)
        preview_check(&draft->preview, KV_CHECK_UNKNOWN,
            "the perimeter's access rules could not be read (%s)",
            rules->why ? rules->why : "not read");
    network_tell(draft, input, facts, &before, &after,
        preview_text(&draft->preview,
            "From then on the perimeter decides: %zu inbound address prefixes "
            "and %zu approved private endpoints come in; the vault's own rules "
            "and the bypass of trusted services have no effect.",
            json_array_size(prefixes), after.endpoints));
    json_decref(prefixes);
}

void perimeter_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    const struct kv_perimeter *row = association_of(input);
    const struct live_answer *found, *rules, *settings;
    struct network_facts facts;
    bool asked = network_ask(draft, input, &facts);

    if (!row) {
        preview_check(preview, KV_CHECK_BLOCK,
            "it is in no perimeter that was read: associate it with one "
            "first");
        return;
    }
    found = draft_read(draft, "%s?api-version=" PERIMETER_API, row->id);
    rules = draft_list(draft, "%s/accessRules?api-version=" PERIMETER_API,
        row->profile_id ? row->profile_id : row->perimeter_id);
    settings = draft_list(draft,
        "%s/providers/Microsoft.Insights/diagnosticSettings"
        "?api-version=" INSIGHTS_API,
        row->perimeter_id);
    if (!found || !rules || !settings || !asked)
        return;
    if (is_whole(found->body))
        make_step(draft, row, found->body);
    else
        preview_check(preview, KV_CHECK_BLOCK,
            "the association could not be read: %s",
            found->why ? found->why : "it does not say what it is of");
    preview->takes = "minutes";
    preview->undo = "yes, the association goes back to its mode";
    check_learned(preview, settings);
    tell(draft, input, &facts, rules);
}
