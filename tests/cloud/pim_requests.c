/* Requests to PIM: making somebody eligible, giving a role for a while, and
 * taking either back. They are carried out at once. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "change.h"
#include "handlers.h"
#include "pim.h"

struct request {
    bool eligible; /* else an active assignment */
    const char *type;
    const char *principal;
    const char *role;
    const char *scope;
    json_t *given;
    time_t end; /* 0: never */
};

long pim_duration_s(const char *text)
{
    static const struct {
        char letter;
        bool after_t;
        long seconds;
    } units[] = { { 'Y', false, 31536000 }, { 'M', false, 2592000 },
        { 'W', false, 604800 }, { 'D', false, 86400 }, { 'H', true, 3600 },
        { 'M', true, 60 }, { 'S', true, 1 } };
    bool after_t = false;
    long sum = 0;

    if (!text || *text++ != 'P')
        return 0;
    while (*text) {
        char *end;
        long number;

        if (*text == 'T') {
            after_t = true;
            text++;
            continue;
        }
        number = strtol(text, &end, 10);
        if (end == text || !*end)
            return 0;
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            if (units[i].letter == *end && units[i].after_t == after_t)
                sum += number * units[i].seconds;
        text = end + 1;
    }
    return sum;
}

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static bool request_refuse(
    struct call *call, const char *code, const char *message)
{
    answer_error(call, 400, code, "%s", message);
    return false;
}

static bool request_principal(struct call *call, const struct request *request)
{
    json_t *principal =
        estate_principal(&call->cloud->estate, request->principal);

    if (!principal)
        return request_refuse(
            call, "SubjectNotFound", "The subject is not found in the tenant.");
    if (request->eligible && text_same(member_text(principal, "@odata.type"),
                                 "#microsoft.graph.servicePrincipal"))
        return request_refuse(call, "InvalidPrincipalType",
            "A service principal cannot be eligible for a role.");
    return true;
}

/* When the assignment ends; the policy may not allow it to last for ever. */
static bool request_time(struct call *call, struct request *request)
{
    json_t *expiration = json_object_get(
        json_object_get(request->given, "scheduleInfo"), "expiration");
    json_t *rules =
        pim_rules(&call->cloud->estate, request->scope, request->role);
    json_t *rule =
        pim_rule(rules, request->eligible ? "Expiration_Admin_Eligibility"
                                          : "Expiration_Admin_Assignment");
    bool required = json_is_true(json_object_get(rule, "isExpirationRequired"));
    long most = pim_duration_s(member_text(rule, "maximumDuration"));
    long seconds = pim_duration_s(member_text(expiration, "duration"));
    struct tm parts = { 0 };

    if (strptime(member_text(expiration, "endDateTime"), "%Y-%m-%dT%H:%M:%S",
            &parts))
        seconds = (long)(timegm(&parts) - time(NULL));
    json_decref(rules);
    request->end = seconds > 0 ? time(NULL) + seconds : 0;
    if (required && (seconds <= 0 || seconds > most))
        return request_refuse(call,
            "RoleAssignmentRequestPolicyValidationFailed",
            "The following policy rules failed: [\"ExpirationRule\"]");
    return true;
}

static const struct item *request_standing(
    struct call *call, const struct request *request)
{
    enum kind kind =
        request->eligible ? KIND_ELIGIBILITY : KIND_ROLE_ASSIGNMENT;
    const struct table *table = &call->cloud->estate.tables[kind];
    const struct item *found = NULL;

    for (size_t i = 0; i < table->count && !found; i++) {
        const struct item *item = table->items[i];
        char *role = item_copy(item, "properties.roleDefinitionId");
        char *scope = item_copy(item, "properties.scope");

        if (text_same(item->principal, request->principal) &&
            text_same(id_last(role), id_last(request->role)) &&
            text_same(scope, request->scope))
            found = item;
        free(role);
        free(scope);
    }
    return found;
}

static bool request_adds(const struct request *request)
{
    return text_same(request->type, "AdminAssign") ||
           text_same(request->type, "SelfActivate");
}

static bool request_check(struct call *call, struct request *request)
{
    const struct item *standing;

    if (!estate_role(&call->cloud->estate, request->role))
        return request_refuse(call, "RoleDefinitionDoesNotExist",
            "The specified role definition does not exist.");
    if (!request_principal(call, request))
        return false;
    standing = request_standing(call, request);
    if (text_same(request->type, "AdminRemove") ||
        text_same(request->type, "SelfDeactivate"))
        return standing || request_refuse(call, "RoleAssignmentDoesNotExist",
                               "The Role assignment does not exist.");
    if (!request_adds(request) && !text_same(request->type, "AdminUpdate") &&
        !text_same(request->type, "AdminExtend"))
        return request_refuse(
            call, "InvalidRequestType", "The request type is not supported.");
    if (standing && request_adds(request))
        return request_refuse(call, "RoleAssignmentExists",
            "The Role assignment already exists.");
    return request_time(call, request);
}

static json_t *time_json(time_t when)
{
    char text[32];

    if (when == 0)
        return json_null();
    time_text(when, text);
    return json_string(text);
}

/* The item that comes to be: an eligibility, or a role assignment. */
static json_t *standing_new(struct call *call, const struct request *request)
{
    json_t *principal =
        estate_principal(&call->cloud->estate, request->principal);
    bool group = text_same(
        member_text(principal, "@odata.type"), "#microsoft.graph.group");
    const char *type = request->eligible ? "RoleEligibilityScheduleInstances"
                                         : "roleAssignments";
    char *guid = guid_new();
    json_t *now = time_json(time(NULL));
    json_t *object = json_pack("{s:{s:s, s:s, s:s, s:s, s:O}, s:s, s:o, s:o}",
        "properties", "scope", request->scope, "roleDefinitionId",
        request->role, "principalId", request->principal, "principalType",
        group ? "Group" : "User", "createdOn", now, "name", guid, "id",
        json_sprintf("%s/providers/Microsoft.Authorization/%s/%s",
            request->scope, type, guid),
        "type", json_sprintf("Microsoft.Authorization/%s", type));
    json_t *properties = json_object_get(object, "properties");

    if (request->eligible) {
        json_object_set_new(properties, "status", json_string("Provisioned"));
        json_object_set_new(properties, "memberType", json_string("Direct"));
        json_object_set(properties, "startDateTime", now);
        json_object_set_new(properties, "endDateTime", time_json(request->end));
    }
    json_decref(now);
    free(guid);
    return object;
}

static void activation_note(struct call *call, const struct request *request,
    const struct item *assignment)
{
    json_t *file = call->cloud->estate.file;
    json_t *list = json_object_get(file, "activations");
    json_t *linked =
        json_object_get(request->given, "linkedRoleEligibilityScheduleId");

    if (!list) {
        list = json_array();
        json_object_set_new(file, "activations", list);
    }
    json_array_append_new(list,
        json_pack("{s:s, s:o, s:o, s:o}", "roleAssignmentId", assignment->id,
            "startDateTime", time_json(time(NULL)), "endDateTime",
            time_json(request->end), "linkedRoleEligibilityScheduleId",
            linked ? json_incref(linked) : json_null()));
}

static void request_apply(struct call *call, const struct request *request)
{
    enum kind kind =
        request->eligible ? KIND_ELIGIBILITY : KIND_ROLE_ASSIGNMENT;
    const struct item *standing = request_standing(call, request);

    if (standing)
        estate_remove(&call->cloud->estate, kind, standing->id);
    if (text_same(request->type, "AdminRemove") ||
        text_same(request->type, "SelfDeactivate"))
        return;
    standing = change_store(call, kind, standing_new(call, request));
    if (!request->eligible)
        activation_note(call, request, standing);
}

static json_t *member_or_null(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    return value ? json_deep_copy(value) : json_null();
}

static json_t *request_schedule(const struct request *request)
{
    json_t *info = member_or_null(request->given, "scheduleInfo");
    json_t *expiration = json_object_get(info, "expiration");
    static const char *const names[] = { "endDateTime", "duration" };

    for (size_t i = 0; expiration && i < 2; i++)
        if (!json_object_get(expiration, names[i]))
            json_object_set_new(expiration, names[i], json_null());
    return info;
}

static json_t *request_answer(
    struct call *call, const struct request *request, const char *status)
{
    const char *kind = request->eligible ? "Eligibility" : "Assignment";
    const struct item *standing = request_standing(call, request);
    char *target = alloc_format("targetRole%sScheduleId", kind);
    char *instance = alloc_format("targetRole%sScheduleInstanceId", kind);
    char *type =
        alloc_format("Microsoft.Authorization/Role%sScheduleRequests", kind);
    json_t *ticket = json_object_get(request->given, "ticketInfo");
    json_t *answer = json_pack(
        "{s:{s:o, s:n, s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:o, s:{s:o, s:o},"
        " s:o, s:s, s:o, s:o, s:o, s:o}, s:s, s:s, s:s}",
        "properties", target,
        standing ? json_string(standing->name) : json_null(), instance, "scope",
        request->scope, "roleDefinitionId", request->role, "principalId",
        request->principal, "principalType", "User", "requestType",
        request->type, "status", status, "approvalId", "scheduleInfo",
        request_schedule(request), "ticketInfo", "ticketNumber",
        member_or_null(ticket, "ticketNumber"), "ticketSystem",
        member_or_null(ticket, "ticketSystem"), "justification",
        member_or_null(request->given, "justification"), "requestorId",
        call_object_id(call), "createdOn", time_json(time(NULL)), "condition",
        member_or_null(request->given, "condition"), "conditionVersion",
        member_or_null(request->given, "conditionVersion"),
        "expandedProperties",
        pim_expanded(call, request->scope, request->role, request->principal),
        "name", call->captures[1], "id", call->path, "type", type);

    free(target);
    free(instance);
    free(type);
    return answer;
}

static void request_serve(struct call *call, bool really)
{
    json_t *body = call_json(call);
    json_t *given = json_object_get(body, "properties");
    struct request request = {
        .eligible = text_holds(call->path, "/roleEligibilityScheduleRequests/"),
        .type = member_text(given, "requestType"),
        .principal = member_text(given, "principalId"),
        .role = member_text(given, "roleDefinitionId"),
        .scope = call->captures[0],
        .given = given,
    };

    if (body && request_check(call, &request)) {
        json_t *answer;

        if (really)
            request_apply(call, &request);
        answer =
            request_answer(call, &request, really ? "Provisioned" : "Accepted");
        if (really)
            json_object_set_new(json_object_get(answer, "properties"),
                "principalType",
                json_string(
                    text_same(member_text(estate_principal(&call->cloud->estate,
                                              request.principal),
                                  "@odata.type"),
                        "#microsoft.graph.group")
                        ? "Group"
                        : "User"));
        if (really)
            change_answer(call, 201, KIND_EXTENSION, answer);
        else
            answer_json(call, 200, answer);
    }
    json_decref(body);
}

void pim_request_put(struct call *call)
{
    request_serve(call, true);
}

void pim_request_validate(struct call *call)
{
    request_serve(call, false);
}
