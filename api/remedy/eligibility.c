/* The remedy that lets persons take a role when they need it instead of holding
 * it: made eligible first, and when that shows the standing assignment goes. */
#include "access.h"

#include <stdlib.h>
#include <string.h>

#include "estate.h"

#define PIM_API "2020-10-01"
#define REQUESTS                                                               \
    "/providers/Microsoft.Authorization/roleEligibilityScheduleRequests"
#define INSTANCES                                                              \
    "/providers/Microsoft.Authorization/roleEligibilityScheduleInstances"
#define RULES                                                                  \
    "/providers/Microsoft.Authorization/roleManagementPolicyAssignments"
#define DAYS "180"
#define DAYS_MOST 3650
#define TEXT_LIMIT 8192

/* ---- options ---- */

static void eligible_offer(
    struct option *out, const struct plan_targets *targets)
{
    choice_offer(out, targets, FAULT_ENDLESS | (uint32_t)FAULT_HIGH);
}

static void days_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_set_value(out, DAYS);
}

static enum kv_status days_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    size_t digits = strspn(value, "0123456789");
    long days = digits > 0 && digits < 6 ? strtol(value, NULL, 10) : 0;

    (void)option;
    if (value[digits] == '\0' && days >= 1 && days <= DAYS_MOST)
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "\"%s\" is no number of days from 1 to %d.", value, DAYS_MOST);
}

/* Kept as a value, so that a plan made again is the same. */
static void from_offer(struct option *out, const struct plan_targets *targets)
{
    struct buf text = { .limit = 64 };

    buf_put_time(&text, targets->now_s);
    option_set_value(out, buf_text(&text));
    buf_done(&text);
}

static enum kv_status from_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    (void)option;
    return time_parse(view_of(value)) > 0
               ? KV_OK
               : kv_error_set(err, KV_BAD_INPUT,
                     "\"%s\" is no time: write 2026-11-30T18:00:00Z.", value);
}

static void justification_offer(
    struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_set_value(out, "Held just in time instead of for ever");
}

static enum kv_status justification_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    (void)option;
    return *value ? KV_OK
                  : kv_error_set(err, KV_BAD_INPUT,
                        "Azure asks for a justification: say why.");
}

const struct option_row eligible_options[] = {
    {
        .name = "assignments",
        .label = "Role assignments to make eligible",
        .help = "auto, or ids of role assignments, separated by commas",
        .offer = eligible_offer,
        .accept = choice_accept,
    },
    {
        .name = "days",
        .label = "Days that they stay eligible",
        .help = "the rules of the role may allow fewer",
        .offer = days_offer,
        .accept = days_accept,
    },
    {
        .name = "from",
        .label = "Eligible from",
        .help = "a time, as 2026-11-30T18:00:00Z",
        .offer = from_offer,
        .accept = from_accept,
    },
    {
        .name = "justification",
        .label = "Justification",
        .help = "kept by Azure with the request",
        .offer = justification_offer,
        .accept = justification_accept,
    },
    { 0 },
};

/* ---- what the rules of the role allow ---- */

/* Days of "P365D", "P6M", "P1Y"; 0 for anything else. */
static long days_of(const char *text)
{
    char *end;
    long number;

    if (!text || text[0] != 'P')
        return 0;
    number = strtol(text + 1, &end, 10);
    if (*end == 'Y')
        return number * 365;
    if (*end == 'M')
        return number * 30;
    return *end == 'D' ? number : 0;
}

static json_t *expiration_rule(json_t *list, const char *guid)
{
    size_t index;
    json_t *item;

    json_array_foreach(value_at(list, "value"), index, item)
    {
        const char *id = value_text(item, "properties.roleDefinitionId");

        if (id && text_equal_nocase(arm_id_last(view_of(id)).data, guid))
            return value_at(item,
                "properties.effectiveRules[id=Expiration_Admin_Eligibility]");
    }
    return NULL;
}

/* False while they are not read. */
static bool check_rules(struct draft *draft, const struct plan_input *input,
    const struct kv_assignment *assignment)
{
    long days = strtol(input_option(input, "days"), NULL, 10);
    const struct live_answer *read = draft_list(draft,
        "%s" RULES "?api-version=" PIM_API
        "&$filter=roleDefinitionId%%20eq%%20'" DEFINITIONS_PATH "/%s'",
        strcmp(assignment->scope, "/") == 0 ? "" : assignment->scope,
        assignment->role_guid);
    json_t *rule;
    long most;

    if (!read)
        return false;
    rule = expiration_rule(read->body, assignment->role_guid);
    most = days_of(value_text(rule, "maximumDuration"));
    if (!rule)
        preview_check(&draft->preview, KV_CHECK_UNKNOWN,
            "how long one may be eligible there is UNKNOWN: the rules could "
            "not be read (%s); Privileged Identity Management needs Microsoft "
            "Entra ID P2 or Governance",
            read->why ? read->why : "no such rule");
    else if (json_is_true(value_at(rule, "isExpirationRequired")) &&
             most > 0 && days > most)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "the rules of the role allow %ld days, not %ld: choose fewer with "
            "the option \"days\"",
            most, days);
    return true;
}

/* ---- the step ---- */

static void put_request(struct buf *out,
    const struct kv_assignment *assignment, const char *what, const char *from)
{
    const char *const parts[] = { assignment->scope, assignment->principal_id,
        assignment->role_guid, what, from };

    buf_putf(out, "%s" REQUESTS "/",
        strcmp(assignment->scope, "/") == 0 ? "" : assignment->scope);
    guid_put(out, parts, 5);
}

static json_t *request_body(const struct plan_input *input, json_t *found,
    const char *type, bool timed)
{
    json_t *properties = json_pack("{s:s, s:s, s:s, s:s}", "principalId",
        value_text(found, "properties.principalId"), "roleDefinitionId",
        value_text(found, "properties.roleDefinitionId"), "requestType", type,
        "justification", input_option(input, "justification"));
    int64_t from_s = time_parse(view_of(input_option(input, "from")));
    struct buf until = { .limit = 64 };

    buf_put_time(&until,
        from_s + 86400 * strtol(input_option(input, "days"), NULL, 10));
    if (timed)
        (void)json_object_set_new(properties, "scheduleInfo",
            json_pack("{s:s, s:{s:s, s:s}}", "startDateTime",
                input_option(input, "from"), "expiration", "type",
                "AfterDateTime", "endDateTime", buf_text(&until)));
    buf_done(&until);
    return json_pack("{s:o}", "properties", properties);
}

static void make_eligible(struct draft *draft, const struct plan_input *input,
    const struct kv_assignment *assignment, json_t *found)
{
    const char *from = input_option(input, "from");
    struct buf text = { .limit = TEXT_LIMIT };
    struct step *step;

    put_request(&text, assignment, "assign", from);
    step = draft_step(draft, "PUT", buf_text(&text), PIM_API);
    step_body_is(step, request_body(input, found, "AdminAssign", true));
    buf_clear(&text);
    put_request(&text, assignment, "remove", from);
    step_back(step, "PUT", buf_text(&text), PIM_API,
        request_body(input, found, "AdminRemove", false));
    step_find_at(step,
        "%s" INSTANCES "?api-version=" PIM_API
        "&$filter=principalId%%20eq%%20'%s'",
        strcmp(assignment->scope, "/") == 0 ? "" : assignment->scope,
        assignment->principal_id);
    buf_clear(&text);
    buf_putf(&text,
        "value[properties.principalId=%s,properties.roleDefinitionId$=%s,"
        "properties.scope=%s].properties.principalId",
        assignment->principal_id, assignment->role_guid, assignment->scope);
    step_set(step, buf_text(&text), NULL,
        json_string(assignment->principal_id), NULL);
    step_scope_is(step, assignment->scope);
    step->reversible = true;
    step->settles = true;
    buf_clear(&text);
    principal_put(&text, input->estate, assignment->principal_id,
        assignment->principal_type);
    step_what(step, "make %s eligible", buf_text(&text));
    buf_done(&text);
}

/* ---- the plan ---- */

static bool is_eligible_already(
    const struct plan_input *input, const struct kv_assignment *assignment)
{
    struct kv_walk walk = { 0 };
    const struct kv_schedule *row;

    while ((row = kv_estate_next_at(
                input->estate, KV_SET_SCHEDULES, assignment->scope, &walk)))
        if (row->eligible &&
            text_equal_nocase(row->principal_id, assignment->principal_id) &&
            text_equal_nocase(row->role_guid, assignment->role_guid))
            return true;
    return false;
}

/* A workload cannot activate anything. */
static bool can_activate(json_t *found)
{
    const char *type = value_text(found, "properties.principalType");

    return text_equal_nocase(type, "User") || text_equal_nocase(type, "Group");
}

static void exchange_one(struct taking *taking,
    const struct kv_assignment *assignment, json_t *found)
{
    if (!can_activate(found)) {
        removal_leave(taking->draft, taking->input, assignment,
            "only persons and groups can activate a role");
        return;
    }
    if (!check_rules(taking->draft, taking->input, assignment))
        return;
    if (!is_eligible_already(taking->input, assignment))
        make_eligible(taking->draft, taking->input, assignment, found);
    taking_add(taking, assignment, 0);
    removal_make(taking, assignment, found);
}

void make_eligible_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct taking taking = { .draft = draft, .input = input };
    struct choice choice;

    choice_make(
        &choice, draft, input, FAULT_ENDLESS | (uint32_t)FAULT_HIGH);
    for (size_t i = 0; i < choice.count; i++) {
        json_t *found = removal_find(&taking, choice.items[i]);

        if (found)
            exchange_one(&taking, choice.items[i], found);
    }
    removal_block_if_none(draft, &choice);
    preview->takes = "minutes; the standing role counts for up to 10 minutes "
                     "more";
    preview->undo = "yes, but not within 5 minutes: the assignments are made "
                    "again, then the eligibility goes";
    preview->impact = preview_text(preview,
        "%zu role assignments become eligible: who holds them now has to "
        "activate the role before using it, and keeps what is said below only "
        "then. Tell them.",
        taking.count);
    choice_done(&choice);
    taking_done(&taking);
}
