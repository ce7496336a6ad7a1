/* Microsoft.Authorization/policyExemptions: resources that an assignment does
 * not count against, until a day or for good. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "change.h"
#include "handlers.h"
#include "policy.h"
#include "scopes.h"

#define TYPE "Microsoft.Authorization/policyExemptions"

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static bool prefix_of(const char *above, const char *key)
{
    size_t length = strlen(above);

    return strncmp(above, key, length) == 0 &&
           (key[length] == '\0' || key[length] == '/');
}

/* Whether the exemption is for this assignment of the resource, and of the
 * definition where the assigned thing is a set. */
static bool exempts(const struct item *item, const struct policy_state *state)
{
    json_t *exemption = item_json(item);
    json_t *given = json_object_get(exemption, "properties");
    json_t *references = json_object_get(given, "policyDefinitionReferenceIds");
    const char *end = member_text(given, "expiresOn");
    char *scope = id_scope(item->key);
    bool right = json_array_size(references) == 0;
    char now[32];
    size_t index;
    json_t *one;

    time_text(time(NULL), now);
    json_array_foreach(references, index, one)
    {
        right = right || text_same(json_string_value(one), state->reference);
    }
    right = right && (!*end || strcmp(end, now) > 0) &&
            text_same(member_text(given, "policyAssignmentId"),
                state->assignment->id) &&
            prefix_of(scope, state->resource->key);
    free(scope);
    json_decref(exemption);
    return right;
}

bool policy_exempt(
    const struct estate *estate, const struct policy_state *state)
{
    const struct table *table = &estate->tables[KIND_POLICY_EXEMPTION];

    for (size_t i = 0; i < table->count; i++)
        if (exempts(table->items[i], state))
            return true;
    return false;
}

void exemptions_list(struct call *call)
{
    scoped_list(call, KIND_POLICY_EXEMPTION, NULL);
}

static struct item *exemption_find(struct call *call)
{
    return estate_find(&call->cloud->estate, KIND_POLICY_EXEMPTION, call->path);
}

void exemption_get(struct call *call)
{
    const struct item *item = exemption_find(call);

    if (item)
        answer_item(call, 200, item);
    else
        answer_error(call, 404, "PolicyExemptionNotFound",
            "The policy exemption '%s' is not found.", call->captures[1]);
}

static bool exemption_check(struct call *call, json_t *given)
{
    const char *category = member_text(given, "exemptionCategory");
    const char *assignment = member_text(given, "policyAssignmentId");
    char *above = alloc_lower(assignment);
    char *scope = alloc_lower(call->captures[0]);
    char *assigned = id_scope(above);
    bool known =
        estate_find(&call->cloud->estate, KIND_POLICY_ASSIGNMENT, assignment) &&
        scope_over(call, assigned, scope);

    free(above);
    free(scope);
    free(assigned);
    if (strcmp(category, "Waiver") != 0 && strcmp(category, "Mitigated") != 0)
        answer_error(call, 400, "InvalidPolicyExemption",
            "The exemptionCategory is one of Waiver and Mitigated.");
    else if (!known)
        answer_error(call, 400, "InvalidPolicyExemption",
            "The policy assignment '%s' is not at or above the scope of the "
            "exemption.",
            assignment);
    else
        return true;
    return false;
}

void exemption_put(struct call *call)
{
    json_t *body = call_json(call);
    json_t *given = json_object_get(body, "properties");
    char now[40];

    if (!body)
        return;
    time_now_text(now);
    if (exemption_check(call, given))
        change_answer(call, exemption_find(call) ? 200 : 201,
            KIND_POLICY_EXEMPTION,
            json_pack("{s:O, s:{s:s, s:s, s:s, s:s, s:s, s:s}, s:s, s:s, s:s}",
                "properties", given, "systemData", "createdBy",
                call_object_id(call), "createdByType", "Application",
                "createdAt", now, "lastModifiedBy", call_object_id(call),
                "lastModifiedByType", "Application", "lastModifiedAt", now,
                "id", call->path, "type", TYPE, "name", call->captures[1]));
    json_decref(body);
}

void exemption_delete(struct call *call)
{
    answer_empty(call,
        estate_remove(&call->cloud->estate, KIND_POLICY_EXEMPTION, call->path)
            ? 200
            : 204);
}
