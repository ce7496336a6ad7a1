/* The local roles of a managed HSM, who holds them, and the calls that list,
 * give and take them. */
#include "hsm_roles.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access.h"
#include "data_gate.h"
#include "handlers.h"
#include "scopes.h"

#define DEFINITIONS                                                            \
    "Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/"
#define MH "Microsoft.KeyVault/managedHsm/"
#define ROLES_READ                                                             \
    MH "roleAssignments/read/action|" MH "roleDefinitions/read/action"
#define ROLES_ALL                                                              \
    ROLES_READ "|" MH "roleAssignments/write/action|" MH                       \
               "roleAssignments/delete/action|" MH                             \
               "roleDefinitions/write/action|" MH                              \
               "roleDefinitions/delete/action"

/* Data actions are separated by '|'. */
static const struct role {
    const char *guid;
    const char *name;
    const char *actions;
} roles[] = {
    { "a290e904-7015-4bba-90c8-60543313cdb4", "Managed HSM Administrator",
        ROLES_ALL "|" MH "securitydomain/download/action|" MH
                  "securitydomain/upload/action|" MH
                  "securitydomain/transferkey/read|" MH
                  "backup/start/action|" MH "backup/status/action|" MH
                  "restore/start/action|" MH "restore/status/action|" MH
                  "settings/read|" MH "settings/write" },
    { "515eb02d-2335-4d2d-92f2-b1cbdf9c3778", "Managed HSM Crypto Officer",
        ROLES_ALL "|" MH "keys/deletedKeys/read/action|" MH
                  "keys/deletedKeys/recover/action|" MH
                  "keys/deletedKeys/delete|" MH "settings/read" },
    { "21dbd100-6940-42c2-9190-5d6cb909625b", "Managed HSM Crypto User",
        ROLES_READ "|" MH "keys/read/action|" MH "keys/write/action|" MH
                   "keys/rotate/action|" MH "keys/create|" MH "keys/delete|" MH
                   "keys/import/action|" MH "keys/backup/action|" MH
                   "keys/restore/action|" MH "keys/release/action|" MH
                   "keys/encrypt/action|" MH "keys/decrypt/action|" MH
                   "keys/wrap/action|" MH "keys/unwrap/action|" MH
                   "keys/sign/action|" MH "keys/verify/action" },
    { "4bd23610-cdcf-4971-bdee-bdc562cc28e4",
        "Managed HSM Policy Administrator", ROLES_ALL },
    { "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3", "Managed HSM Crypto Auditor",
        ROLES_READ "|" MH "keys/read/action|" MH "settings/read" },
    { "33413926-3206-4cdd-b39a-83574fe37a17",
        "Managed HSM Crypto Service Encryption User",
        MH "keys/read/action|" MH "keys/wrap/action|" MH "keys/unwrap/action" },
    { "21dbd100-6940-42c2-9190-5d6cb909625c",
        "Managed HSM Crypto Service Release User", MH "keys/release/action" },
    { "7b127d3c-77bd-4e3e-bbe0-dbb8971fa7f8", "Managed HSM Backup",
        MH "backup/start/action|" MH "backup/status/action|" MH
           "keys/backup/action" },
    { "6efe6056-5259-49d2-8b3d-d3d73544b20b", "Managed HSM Restore",
        MH "restore/start/action|" MH "restore/status/action|" MH
           "keys/restore/action" },
};
#define ROLE_COUNT (sizeof roles / sizeof *roles)

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

json_t *hsm_member(struct call *call, const char *name, json_t *fresh)
{
    json_t *file = call->cloud->estate.file;
    json_t *plane = json_object_get(file, "dataPlane");
    char *key = alloc_lower(call->vault);
    json_t *own;
    json_t *member;

    if (!plane) {
        plane = json_object();
        json_object_set_new(file, "dataPlane", plane);
    }
    own = json_object_get(plane, key);
    if (!own) {
        own = json_object();
        json_object_set_new(plane, key, own);
    }
    free(key);
    member = json_object_get(own, name);
    if (!member)
        json_object_set(own, name, fresh);
    json_decref(fresh);
    return json_object_get(own, name);
}

static const struct role *role_find(const char *id)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (text_same(roles[i].guid, id_last(id)))
            return &roles[i];
    return NULL;
}

static bool role_has(const struct role *role, const char *action)
{
    const char *at = role ? role->actions : "";
    size_t length = strlen(action);

    while (*at) {
        size_t one = strcspn(at, "|");

        if (one == length && strncasecmp(at, action, length) == 0)
            return true;
        at += one + (at[one] == '|');
    }
    return false;
}

/* "/" is over all, "/keys" over every key. */
static bool local_over(const char *above, const char *scope)
{
    size_t length = strlen(above);

    if (strcmp(above, "/") == 0 || !*above)
        return true;
    return strncasecmp(above, scope, length) == 0 &&
           (scope[length] == '\0' || scope[length] == '/');
}

static json_t *assignments(struct call *call)
{
    return hsm_member(call, "roleAssignments", json_array());
}

bool hsm_roles_allow(struct call *call, const char *scope, const char *action)
{
    size_t index;
    json_t *assignment;

    json_array_foreach(assignments(call), index, assignment)
    {
        const struct role *role = role_find(member_text(assignment, "role"));

        if (local_over(member_text(assignment, "scope"), scope) &&
            access_is_member(&call->cloud->estate,
                member_text(assignment, "principalId"), call_object_id(call)) &&
            role_has(role, action))
            return true;
    }
    return false;
}

/* The scope before "/providers/" in the path: "" and "/" are the same. */
static char *local_scope(struct call *call)
{
    const char *at = call->captures[0];

    while (at[0] == '/' && at[1] == '/')
        at++;
    return alloc_text(*at ? at : "/");
}

static json_t *assignment_json(json_t *assignment)
{
    const char *scope = member_text(assignment, "scope");
    const char *name = member_text(assignment, "name");

    return json_pack("{s:{s:o, s:s, s:s}, s:o, s:s, s:s}", "properties",
        "roleDefinitionId",
        json_sprintf(DEFINITIONS "%s", member_text(assignment, "role")),
        "principalId", member_text(assignment, "principalId"), "scope", scope,
        "id",
        json_sprintf("%s/providers/Microsoft.Authorization/roleAssignments/%s",
            strcmp(scope, "/") == 0 ? "" : scope, name),
        "type", "Microsoft.Authorization/roleAssignments", "name", name);
}

/* At and above the scope; with a principal also below. */
static bool assignment_wanted(
    json_t *assignment, const char *scope, const char *principal)
{
    const char *own = member_text(assignment, "scope");

    if (principal)
        return text_same(member_text(assignment, "principalId"), principal) &&
               (local_over(own, scope) || local_over(scope, own));
    return local_over(own, scope);
}

void hsm_assignments_list(struct call *call)
{
    char *scope = local_scope(call);
    char *principal =
        filter_word(call_query(call, "$filter"), "principalId eq");
    json_t *list;
    size_t index;
    json_t *assignment;

    if (data_gate(call, RIGHT_ROLES_READ, NULL)) {
        list = json_array();
        json_array_foreach(assignments(call), index,
            assignment) if (assignment_wanted(assignment, scope, principal))
            json_array_append_new(list, assignment_json(assignment));
        answer_json(call, 200, json_pack("{s:o}", "value", list));
    }
    free(principal);
    free(scope);
}

static json_t *assignment_find(struct call *call, size_t *at)
{
    size_t index;
    json_t *assignment;

    json_array_foreach(assignments(call), index,
        assignment) if (text_same(member_text(assignment, "name"),
                            call->captures[1]))
    {
        *at = index;
        return assignment;
    }
    data_error(call, 404, "RoleAssignmentNotFound", NULL,
        "Requested role assignment not found.");
    return NULL;
}

void hsm_assignment_get(struct call *call)
{
    size_t at;
    json_t *assignment;

    if (!data_gate(call, RIGHT_ROLES_READ, NULL))
        return;
    assignment = assignment_find(call, &at);
    if (assignment)
        answer_json(call, 200, assignment_json(assignment));
}

static bool assignment_check(
    struct call *call, const char *scope, json_t *given)
{
    const char *principal = member_text(given, "principalId");
    const struct role *role = role_find(member_text(given, "roleDefinitionId"));
    size_t index;
    json_t *other;

    if (!role || !*principal) {
        data_error(call, 400, "BadParameter", NULL,
            "The role assignment needs a known role and a principal.");
        return false;
    }
    json_array_foreach(assignments(call), index, other)
    {
        if (!text_same(member_text(other, "name"), call->captures[1]) &&
            !(text_same(member_text(other, "principalId"), principal) &&
                text_same(member_text(other, "role"), role->guid) &&
                text_same(member_text(other, "scope"), scope)))
            continue;
        data_error(call, 409, "RoleAssignmentExists", NULL,
            "The role assignment already exists.");
        return false;
    }
    return true;
}

void hsm_assignment_put(struct call *call)
{
    const struct item *hsm = data_gate(call, RIGHT_ROLES_WRITE, NULL);
    json_t *body = hsm ? call_json(call) : NULL;
    json_t *given = json_object_get(body, "properties");
    char *scope = local_scope(call);

    if (body && assignment_check(call, scope, given)) {
        const struct role *role =
            role_find(member_text(given, "roleDefinitionId"));
        json_t *fresh = json_pack("{s:s, s:s, s:s, s:s}", "name",
            call->captures[1], "scope", scope, "role", role->guid,
            "principalId", member_text(given, "principalId"));

        json_array_append_new(assignments(call), fresh);
        answer_json(call, 201, assignment_json(fresh));
    }
    free(scope);
    json_decref(body);
}

void hsm_assignment_delete(struct call *call)
{
    size_t at;
    json_t *assignment;

    if (!data_gate(call, RIGHT_ROLES_DELETE, NULL))
        return;
    assignment = assignment_find(call, &at);
    if (!assignment)
        return;
    answer_json(call, 200, assignment_json(assignment));
    json_array_remove(assignments(call), at);
}

static json_t *actions_json(const char *actions)
{
    json_t *list = json_array();

    while (*actions) {
        size_t one = strcspn(actions, "|");

        json_array_append_new(list, json_stringn(actions, one));
        actions += one + (actions[one] == '|');
    }
    return list;
}

static json_t *role_json(const struct role *role)
{
    return json_pack(
        "{s:{s:s, s:s, s:s, s:[s, s], s:[{s:[], s:[], s:o, s:[]}]}, s:o, s:s,"
        " s:s}",
        "properties", "roleName", role->name, "type", "AKVBuiltInRole",
        "description", "", "assignableScopes", "/", "/keys", "permissions",
        "actions", "notActions", "dataActions", actions_json(role->actions),
        "notDataActions", "id", json_sprintf(DEFINITIONS "%s", role->guid),
        "type", "Microsoft.Authorization/roleDefinitions", "name", role->guid);
}

void hsm_definitions_list(struct call *call)
{
    json_t *list;

    if (!data_gate(call, RIGHT_ROLES_READ, NULL))
        return;
    list = json_array();
    for (size_t i = 0; i < ROLE_COUNT; i++)
        json_array_append_new(list, role_json(&roles[i]));
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}

void hsm_definition_get(struct call *call)
{
    const struct role *role = role_find(call->captures[1]);

    if (!data_gate(call, RIGHT_ROLES_READ, NULL))
        return;
    if (role)
        answer_json(call, 200, role_json(role));
    else
        data_error(call, 404, "RoleDefinitionNotFound", NULL,
            "Requested role definition not found.");
}
