/* Microsoft.PolicyInsights: remediations, which make resources as a policy
 * wants them, and evaluations on demand. A remediation goes on from one GET to
 * the next: accepted, evaluating, succeeded. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "faults.h"
#include "handlers.h"
#include "policy.h"
#include "things.h"

#define TYPE "Microsoft.PolicyInsights/remediations"
#define COUNT_STANDARD 500
/* Polls until an evaluation is done. */
#define EVALUATION_POLLS 2

/* The policies of this cloud that change resources, and how. */
static void firewall_on(json_t *vault)
{
    json_t *properties = json_object_get(vault, "properties");
    json_t *rules = json_object_get(properties, "networkAcls");

    if (!json_is_object(rules)) {
        rules = json_pack("{s:s, s:[], s:[]}", "bypass", "AzureServices",
            "ipRules", "virtualNetworkRules");
        json_object_set_new(properties, "networkAcls", rules);
    }
    json_object_set_new(rules, "defaultAction", json_string("Deny"));
}

static const struct {
    const char *guid;
    void (*change)(json_t *resource);
} modifiers[] = {
    { "ac673a9a-f77d-4846-b2d8-a57f8e1c01dc", firewall_on },
};
#define MODIFIER_COUNT (sizeof modifiers / sizeof *modifiers)

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static size_t modifier_find(const char *definition)
{
    size_t i = 0;

    while (i < MODIFIER_COUNT &&
           !text_same(modifiers[i].guid, id_last(definition)))
        i++;
    return i;
}

/* ---- what there is to do ---- */

struct work {
    json_t *given; /* the remediation's properties */
    json_t *ids;   /* of resources, at most as many as it may change */
    size_t limit;
    const char *assignment;
};

static bool in_list(json_t *list, const char *text)
{
    size_t index;
    json_t *one;

    json_array_foreach(list, index, one)
    {
        if (text_same(json_string_value(one), text))
            return true;
    }
    return json_array_size(list) == 0;
}

static void work_take(void *taker, const struct policy_state *state)
{
    struct work *work = taker;
    json_t *filters = json_object_get(work->given, "filters");
    char *location = item_copy(state->resource, "location");
    const char *reference =
        member_text(work->given, "policyDefinitionReferenceId");

    if (!state->compliant && !state->exempt &&
        text_same(state->assignment->id, work->assignment) &&
        (!*reference || text_same(reference, state->reference)) &&
        modifier_find(state->definition) < MODIFIER_COUNT &&
        in_list(json_object_get(filters, "locations"), location) &&
        in_list(json_object_get(filters, "resourceIds"), state->resource->id) &&
        json_array_size(work->ids) < work->limit)
        json_array_append_new(work->ids, json_string(state->resource->id));
    free(location);
}

static json_t *work_find(struct call *call, json_t *given)
{
    char *scope = alloc_lower(call->captures[0]);
    struct work work = {
        .given = given,
        .ids = json_array(),
        .limit =
            (size_t)json_integer_value(json_object_get(given, "resourceCount")),
        .assignment = member_text(given, "policyAssignmentId"),
    };

    policy_judge(&call->cloud->estate, scope, work_take, &work);
    free(scope);
    return work.ids;
}

static void work_do(struct call *call, json_t *ids, size_t modifier)
{
    size_t index;
    json_t *id;

    json_array_foreach(ids, index, id)
    {
        const struct item *item = estate_find(
            &call->cloud->estate, KIND_RESOURCE, json_string_value(id));
        json_t *resource = item ? item_json(item) : NULL;

        if (!resource)
            continue;
        modifiers[modifier].change(resource);
        change_store(call, KIND_RESOURCE, resource);
    }
}

/* ---- starting ---- */

static bool refuse(struct call *call, const char *message)
{
    answer_error(call, 400, "InvalidCreateRemediationRequest", "%s", message);
    return false;
}

/* The id of the definition that the assignment assigns, or of the member of
 * its set that the remediation names; the caller frees it. */
static char *definition_of(
    struct call *call, const struct item *assignment, json_t *given)
{
    const char *reference = member_text(given, "policyDefinitionReferenceId");
    char *id = item_copy(assignment, "properties.policyDefinitionId");
    const struct item *set =
        estate_find(&call->cloud->estate, KIND_POLICY_DEFINITION, id);
    json_t *json = set ? item_json(set) : NULL;
    size_t index;
    json_t *member;

    json_array_foreach(json_object_get(json_object_get(json, "properties"),
                           "policyDefinitions"),
        index, member)
    {
        if (!text_same(
                member_text(member, "policyDefinitionReferenceId"), reference))
            continue;
        free(id);
        id = alloc_text(member_text(member, "policyDefinitionId"));
        break;
    }
    json_decref(json);
    return id;
}

static bool remediation_check(struct call *call, json_t *given)
{
    const struct item *assignment = estate_find(&call->cloud->estate,
        KIND_POLICY_ASSIGNMENT, member_text(given, "policyAssignmentId"));
    json_t *filters = json_object_get(given, "filters");
    char *definition;
    bool modifies;

    if (!assignment)
        return refuse(call, "The policy assignment could not be found.");
    if (text_same(member_text(given, "resourceDiscoveryMode"),
            "ReEvaluateCompliance") &&
        text_holds(call->captures[0], "/managementGroups/"))
        return refuse(call,
            "Compliance cannot be evaluated again at a management group.");
    if (json_array_size(json_object_get(filters, "resourceIds")) > 100)
        return refuse(call, "A remediation names at most 100 resources.");
    definition = definition_of(call, assignment, given);
    modifies = modifier_find(definition) < MODIFIER_COUNT;
    free(definition);
    return modifies ||
           refuse(call, "The policy assignment has no policy whose effect is "
                        "deployIfNotExists or modify.");
}

static void deployments_set(json_t *given, size_t total, size_t done)
{
    json_object_set_new(given, "deploymentStatus",
        json_pack("{s:I, s:I, s:i}", "totalDeployments", (json_int_t)total,
            "successfulDeployments", (json_int_t)done, "failedDeployments", 0));
}

static void state_set(json_t *given, const char *state)
{
    char now[40];

    time_now_text(now);
    json_object_set_new(given, "provisioningState", json_string(state));
    json_object_set_new(given, "lastUpdatedOn", json_string(now));
}

static json_t *remediation_new(struct call *call, json_t *given)
{
    json_t *standard = json_pack("{s:s, s:i, s:i, s:{s:f}, s:s}",
        "resourceDiscoveryMode", "ExistingNonCompliant", "resourceCount",
        COUNT_STANDARD, "parallelDeployments", 10, "failureThreshold",
        "percentage", 1.0, "statusMessage", "");
    json_t *properties = json_deep_copy(given);
    char *correlation = guid_new();
    char now[40];
    json_t *ids;

    time_now_text(now);
    json_add_missing(properties, standard);
    json_decref(standard);
    ids = work_find(call, properties);
    deployments_set(properties, json_array_size(ids), 0);
    json_decref(ids);
    json_object_set_new(properties, "createdOn", json_string(now));
    json_object_set_new(properties, "correlationId", json_string(correlation));
    free(correlation);
    state_set(properties, "Accepted");
    return json_pack("{s:o, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:s, s:s}}",
        "properties", properties, "id", call->path, "name", call->captures[1],
        "type", TYPE, "systemData", "createdBy", call_object_id(call),
        "createdByType", "Application", "createdAt", now, "lastModifiedBy",
        call_object_id(call), "lastModifiedByType", "Application",
        "lastModifiedAt", now);
}

static struct item *remediation_find(struct call *call)
{
    return estate_find(&call->cloud->estate, KIND_EXTENSION, call->path);
}

void remediation_put(struct call *call)
{
    json_t *body = call_json(call);
    json_t *given = json_object_get(body, "properties");

    if (body && remediation_check(call, given))
        change_answer(call, remediation_find(call) ? 200 : 201, KIND_EXTENSION,
            remediation_new(call, given));
    json_decref(body);
}

/* ---- going on ---- */

static void remediation_finish(struct call *call, json_t *given)
{
    const struct item *assignment = estate_find(&call->cloud->estate,
        KIND_POLICY_ASSIGNMENT, member_text(given, "policyAssignmentId"));
    char *definition =
        assignment ? definition_of(call, assignment, given) : alloc_text("");
    size_t modifier = modifier_find(definition);
    json_t *ids = work_find(call, given);

    if (modifier < MODIFIER_COUNT)
        work_do(call, ids, modifier);
    deployments_set(given, json_array_size(ids), json_array_size(ids));
    state_set(given, "Succeeded");
    json_decref(ids);
    free(definition);
}

void remediation_get(struct call *call)
{
    const struct item *item = remediation_find(call);
    json_t *remediation = item ? item_json(item) : NULL;
    json_t *given = json_object_get(remediation, "properties");
    const char *state = member_text(given, "provisioningState");

    if (!item) {
        answer_error(call, 404, "RemediationNotFound",
            "The remediation '%s' could not be found.", call->captures[1]);
        return;
    }
    answer_item(call, 200, item);
    if (strcmp(state, "Accepted") == 0)
        state_set(given, "Evaluating");
    else if (strcmp(state, "Evaluating") == 0)
        remediation_finish(call, given);
    change_store(call, KIND_EXTENSION, remediation);
}

/* ---- evaluations ---- */

static json_t *evaluations(struct call *call)
{
    json_t *file = call->cloud->estate.file;

    if (!json_object_get(file, "evaluations"))
        json_object_set_new(file, "evaluations", json_object());
    return json_object_get(file, "evaluations");
}

static void answer_evaluating(struct call *call, const char *id)
{
    answer_empty(call, 202);
    call_header(call, "Location",
        "%s%s/providers/Microsoft.PolicyInsights/asyncOperationResults/%s"
        "?api-version=%s",
        call->origin, call->captures[0], id, call_query(call, "api-version"));
    call_header(call, "Retry-After", "1");
}

void policy_evaluation_start(struct call *call)
{
    const struct effect *slow = &call->effects[FAULT_SLOW_OPERATION];
    char *id = guid_new();

    json_object_set_new(evaluations(call), id,
        json_integer(slow->on ? (json_int_t)slow->number : EVALUATION_POLLS));
    answer_evaluating(call, id);
    free(id);
}

void policy_evaluation_get(struct call *call)
{
    const char *id = call->captures[1];
    json_t *polls = json_object_get(evaluations(call), id);
    json_int_t left = json_integer_value(polls) - 1;

    if (!polls) {
        answer_error(call, 404, "NotFound",
            "The operation '%s' could not be found.", id);
        return;
    }
    json_object_set_new(
        evaluations(call), id, json_integer(left > 0 ? left : 0));
    if (left > 0)
        answer_evaluating(call, id);
    else
        answer_empty(call, 200);
}
