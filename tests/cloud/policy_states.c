/* Microsoft.PolicyInsights: policy states, one by one and summed up. */
#include <stdlib.h>
#include <string.h>

#include "cloud.h"
#include "handlers.h"
#include "policy.h"
#include "scopes.h"

/* States on a page. */
#define PAGE_SIZE 1000
#define BUILT_IN "/providers/microsoft.authorization/policydefinitions/"

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static json_t *part_or_empty(char *part)
{
    json_t *json = json_string(part ? part : "");

    free(part);
    return json;
}

/* The names of the management groups over a subscription, nearest first. */
static json_t *groups_above(const struct estate *estate, const char *key)
{
    char *subscription = id_subscription(key);
    char *start =
        alloc_format("/subscriptions/%s", subscription ? subscription : "");
    const struct item *group = estate_parent(estate, start);
    struct buffer names = { 0 };
    json_t *json;

    for (; group; group = estate_parent(estate, group->key))
        buffer_putf(&names, "%s%s", names.length ? "," : "", group->name);
    json = json_string(names.data ? names.data : "");
    buffer_done(&names);
    free(subscription);
    free(start);
    return json;
}

/* What the assignment's effect parameter says, else what the built-in does. */
static json_t *effect_of(const struct item *assignment)
{
    char *effect = item_copy(assignment, "properties.parameters.effect.value");
    json_t *json;

    text_lower(effect);
    json = json_string(*effect ? effect : "audit");
    free(effect);
    return json;
}

static void state_put_policy(json_t *row, const struct policy_state *state)
{
    char *definition = alloc_format(BUILT_IN "%s", state->definition);
    char *scope = item_copy(state->assignment, "properties.scope");
    struct span parameters =
        scan_path(state->assignment->text, "properties.parameters");
    char *text = parameters.at ? alloc_slice(parameters.at, parameters.length)
                               : alloc_text("");

    json_object_set_new(
        row, "policyAssignmentId", json_string(state->assignment->key));
    json_object_set_new(row, "policyDefinitionId", json_string(definition));
    json_object_set_new(
        row, "policyAssignmentName", json_string(state->assignment->name));
    json_object_set_new(row, "policyAssignmentOwner", json_string("tbd"));
    json_object_set_new(row, "policyAssignmentParameters", text_or_null(text));
    json_object_set_new(row, "policyAssignmentScope", json_string(scope));
    json_object_set_new(
        row, "policyDefinitionName", json_string(state->definition));
    json_object_set_new(
        row, "policyDefinitionAction", effect_of(state->assignment));
    json_object_set_new(row, "policyDefinitionCategory", json_string("tbd"));
    json_object_set_new(
        row, "policySetDefinitionId", text_or_null(state->set_id));
    json_object_set_new(row, "policySetDefinitionName",
        text_or_null(*state->set_id ? id_last(state->set_id) : ""));
    json_object_set_new(
        row, "policyDefinitionReferenceId", text_or_null(state->reference));
    free(definition);
    free(scope);
    free(text);
}

static void state_put_resource(
    json_t *row, const struct estate *estate, const struct policy_state *state)
{
    const struct item *resource = state->resource;
    char *location = item_copy(resource, "location");
    char when[40];

    time_now_text(when);
    json_object_set_new(row, "timestamp", json_string(when));
    json_object_set_new(row, "resourceId", json_string(resource->key));
    json_object_set_new(row, "resourceType", json_string(resource->type));
    json_object_set_new(row, "resourceLocation", json_string(location));
    json_object_set_new(
        row, "resourceGroup", part_or_empty(id_group(resource->key)));
    json_object_set_new(
        row, "subscriptionId", part_or_empty(id_subscription(resource->key)));
    json_object_set_new(row, "resourceTags", json_string("tbd"));
    json_object_set_new(
        row, "managementGroupIds", groups_above(estate, resource->key));
    json_object_set_new(row, "isCompliant", json_boolean(state->compliant));
    json_object_set_new(row, "complianceState",
        json_string(state->exempt      ? "Exempt"
                    : state->compliant ? "Compliant"
                                       : "NonCompliant"));
    free(location);
}

static json_t *state_json(
    const struct estate *estate, const struct policy_state *state)
{
    static const char *const absent[] = { "effectiveParameters",
        "policySetDefinitionOwner", "policySetDefinitionCategory",
        "policySetDefinitionParameters", "policyDefinitionVersion",
        "policySetDefinitionVersion", "policyAssignmentVersion" };
    json_t *row = json_object();

    state_put_resource(row, estate, state);
    state_put_policy(row, state);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        json_object_set_new(row, absent[i], json_null());
    json_object_set_new(row, "policyDefinitionGroupNames", json_array());
    return row;
}

/* ---- queryResults ---- */

struct query {
    struct call *call;
    json_t *list;
    char *filter; /* or NULL */
    char *context;
};

/* The filters that clients send: comparisons of one of these with a text,
 * joined by "and". */
static bool query_wants(const struct query *query, json_t *row)
{
    static const char *const names[] = { "resourceId", "policyAssignmentId",
        "policyDefinitionId", "complianceState", "policyDefinitionName",
        "resourceType" };
    bool wants = true;

    for (size_t i = 0; query->filter && i < sizeof names / sizeof *names; i++) {
        char *word = alloc_format("%s eq", names[i]);
        char *value = filter_word(query->filter, word);

        if (value)
            wants =
                wants && text_same(value,
                             json_string_value(json_object_get(row, names[i])));
        free(value);
        free(word);
    }
    return wants;
}

static void query_take(void *taker, const struct policy_state *state)
{
    struct query *query = taker;
    json_t *row = state_json(&query->call->cloud->estate, state);

    if (!query_wants(query, row)) {
        json_decref(row);
        return;
    }
    json_object_set_new(row, "@odata.id", json_null());
    json_object_set_new(
        row, "@odata.context", json_sprintf("%s/$entity", query->context));
    json_array_append_new(query->list, row);
}

/* Cuts the list to the page that was asked for. Takes nothing; the link to
 * the next page, or null. A $top is the end of it. */
static json_t *page_cut(struct call *call, json_t *list)
{
    const char *top = call_query(call, "$top");
    const char *token = call_query(call, "$skiptoken");
    size_t first = token ? strtoul(token, NULL, 10) : 0;
    size_t size = top ? strtoul(top, NULL, 10) : PAGE_SIZE;
    bool more = !top && json_array_size(list) > first + size;

    while (json_array_size(list) > first + size)
        json_array_remove(list, json_array_size(list) - 1);
    for (size_t i = 0; i < first && json_array_size(list) > 0; i++)
        json_array_remove(list, 0);
    return more ? json_sprintf("%s%s&$skiptoken=%zu", call->origin, call->link,
                      first + size)
                : json_null();
}

void policy_states_query(struct call *call)
{
    const char *filter = call_query(call, "$filter");
    char *scope = alloc_lower(call->captures[0]);
    json_t *link;
    struct query query = {
        .call = call,
        .list = json_array(),
        .filter = filter ? alloc_text(filter) : NULL,
        .context = alloc_format("%s%s/providers/Microsoft.PolicyInsights/"
                                "policyStates/$metadata#latest",
            call->origin, call->captures[0]),
    };

    policy_judge(&call->cloud->estate, scope, query_take, &query);
    link = page_cut(call, query.list);
    answer_json(call, 200,
        json_pack("{s:o, s:s, s:I, s:o}", "@odata.nextLink", link,
            "@odata.context", query.context, "@odata.count",
            (json_int_t)json_array_size(query.list), "value", query.list));
    free(query.filter);
    free(query.context);
    free(scope);
}

/* ---- summarize ---- */

struct summary {
    json_t *bad_resources; /* sets: their members count */
    json_t *good_resources;
    json_t *bad_policies;
    json_t *good_policies;
    json_t *assignments; /* key to the summary's own row */
};

static void summary_take(void *taker, const struct policy_state *state)
{
    struct summary *summary = taker;
    char *policy;
    json_t *bad = json_object_get(summary->assignments, state->assignment->key);

    if (state->exempt)
        return;
    policy = alloc_format("%s %s", state->assignment->key, state->definition);
    if (!bad) {
        bad = json_pack("{s:{}, s:{}, s:{}, s:s}", "bad", "good", "policies",
            "set", state->set_id);
        json_object_set_new(summary->assignments, state->assignment->key, bad);
    }
    json_object_set_new(json_object_get(bad, state->compliant ? "good" : "bad"),
        state->resource->key, json_true());
    if (!state->compliant)
        json_object_set_new(
            json_object_get(bad, "policies"), state->definition, json_true());
    json_object_set_new(
        state->compliant ? summary->good_resources : summary->bad_resources,
        state->resource->key, json_true());
    json_object_set_new(
        state->compliant ? summary->good_policies : summary->bad_policies,
        policy, json_true());
    free(policy);
}

static json_t *details(json_t *good, json_t *bad)
{
    const char *key;
    json_t *value;
    size_t only_good = 0;

    json_object_foreach(good, key, value) if (!json_object_get(bad, key))
        only_good++;
    return json_pack("[{s:s, s:I}, {s:s, s:I}]", "complianceState", "compliant",
        "count", (json_int_t)only_good, "complianceState", "noncompliant",
        "count", (json_int_t)json_object_size(bad));
}

static json_t *results(
    const struct call *call, json_t *good, json_t *bad, json_int_t policies)
{
    json_t *uri = json_sprintf(
        "%s%s/providers/Microsoft.PolicyInsights/policyStates/latest/"
        "queryResults?api-version=2024-10-01",
        call->origin, call->captures[0]);

    return json_pack("{s:o, s:I, s:I, s:o, s:[{s:s, s:I}], s:[]}",
        "queryResultsUri", uri, "nonCompliantResources",
        (json_int_t)json_object_size(bad), "nonCompliantPolicies", policies,
        "resourceDetails", details(good, bad), "policyDetails",
        "complianceState", "noncompliant", "count", policies,
        "policyGroupDetails");
}

static json_t *summary_assignments(
    const struct call *call, const struct summary *summary)
{
    json_t *list = json_array();
    const char *key;
    json_t *row;

    json_object_foreach(summary->assignments, key, row) json_array_append_new(
        list,
        json_pack("{s:s, s:O, s:o, s:[], s:[]}", "policyAssignmentId", key,
            "policySetDefinitionId", json_object_get(row, "set"), "results",
            results(call, json_object_get(row, "good"),
                json_object_get(row, "bad"),
                (json_int_t)json_object_size(json_object_get(row, "policies"))),
            "policyDefinitions", "policyGroups"));
    return list;
}

void policy_states_summarize(struct call *call)
{
    struct summary summary = { json_object(), json_object(), json_object(),
        json_object(), json_object() };
    char *scope = alloc_lower(call->captures[0]);
    char *context = alloc_format("%s%s/providers/Microsoft.PolicyInsights/"
                                 "policyStates/$metadata#summary",
        call->origin, call->captures[0]);

    policy_judge(&call->cloud->estate, scope, summary_take, &summary);
    answer_json(call, 200,
        json_pack("{s:s, s:i, s:[{s:n, s:s+, s:o, s:o}]}", "@odata.context",
            context, "@odata.count", 1, "value", "@odata.id", "@odata.context",
            context, "/$entity", "results",
            results(call, summary.good_resources, summary.bad_resources,
                (json_int_t)json_object_size(summary.bad_policies)),
            "policyAssignments", summary_assignments(call, &summary)));
    json_decref(summary.bad_resources);
    json_decref(summary.good_resources);
    json_decref(summary.bad_policies);
    json_decref(summary.good_policies);
    json_decref(summary.assignments);
    free(scope);
    free(context);
}

/* ---- Resource Graph ---- */

struct row_taker {
    const struct estate *estate;
    struct rows *rows;
};

static void row_take(void *taker, const struct policy_state *state)
{
    struct row_taker *to = taker;
    char *id = alloc_format("%s/providers/microsoft.policyinsights/"
                            "policystates/%s-%s-%s",
        state->resource->key, state->assignment->name, state->definition,
        state->reference);
    json_t *row = json_pack("{s:s, s:s, s:s, s:o}", "id", id, "name",
        id_last(id), "type", "microsoft.policyinsights/policystates",
        "properties", state_json(to->estate, state));

    rows_push(to->rows, item_new(row));
    json_decref(row);
    free(id);
}

void policy_state_rows(const struct estate *estate, struct rows *out)
{
    struct row_taker taker = { estate, out };

    policy_judge(estate, "", row_take, &taker);
}
