/* The generator's principals, and the roles that it gives them. */
#include "generate_maker.h"

#include <stdio.h>

static void make_principals(struct maker *maker)
{
    json_t *list = json_array();
    char name[64];

    json_array_append_new(
        list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "@odata.type",
                  "#microsoft.graph.servicePrincipal", "id", maker->operator_id,
                  "displayName", "kvgov-operator", "appId", maker->operator_id,
                  "servicePrincipalType", "Application", "accountEnabled", 1));
    for (unsigned i = 0; i < USERS; i++) {
        char upn[96];

        snprintf(name, sizeof name, "Person %03u", i + 1);
        snprintf(upn, sizeof upn, "person%03u@generated.example", i + 1);
        json_array_append_new(list,
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "@odata.type",
                "#microsoft.graph.user", "id", maker->users[i], "displayName",
                name, "userPrincipalName", upn, "mail", upn));
    }
    for (unsigned i = 0; i < APPS; i++) {
        snprintf(name, sizeof name, "app-%s-%03u", random_teams[i % 8], i + 1);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "@odata.type",
                      "#microsoft.graph.servicePrincipal", "id", maker->apps[i],
                      "displayName", name, "appId", maker->apps[i],
                      "servicePrincipalType",
                      i % 2 ? "ManagedIdentity" : "Application",
                      "accountEnabled", 1));
    }
    for (unsigned i = 0; i < GROUPS; i++) {
        json_t *members = json_array();

        for (unsigned j = i; j < USERS; j += GROUPS)
            json_array_append_new(members, json_string(maker->users[j]));
        snprintf(name, sizeof name, "grp-%s-%02u", random_teams[i % 8], i + 1);
        json_array_append_new(list,
            json_pack("{s:s, s:s, s:s, s:b, s:o}", "@odata.type",
                "#microsoft.graph.group", "id", maker->groups[i], "displayName",
                name, "securityEnabled", 1, "members", members));
    }
    json_object_set_new(maker->estate->file, "principals", list);
}

void make_identity(struct maker *maker)
{
    json_t *file = maker->estate->file;

    json_object_set_new(file, "tenant",
        json_pack("{s:s+, s:s, s:s, s:s, s:[s], s:s, s:s, s:s}", "id",
            "/tenants/", maker->tenant, "tenantId", maker->tenant,
            "countryCode", "DE", "displayName", "Generated Ltd.", "domains",
            "generated.example", "tenantCategory", "Home", "defaultDomain",
            "generated.example", "tenantType", "AAD"));
    json_object_set_new(file, "clients",
        json_pack("[{s:s, s:s, s:s}]", "appId", maker->operator_id, "secret",
            "generated-secret", "principalId", maker->operator_id));
    json_object_set_new(file, "deviceUser",
        json_pack("{s:s}", "principalId", maker->operator_id));
    make_principals(maker);
}

void make_assignment(struct maker *maker, const char *scope, const char *role,
    const char *principal, const char *type)
{
    struct buffer text = { 0 };
    char name[40];
    char when[32];

    random_guid(maker, name);
    random_time(maker, 900, when);
    buffer_putf(&text,
        "{\"properties\":{\"roleDefinitionId\":\"/providers/Microsoft."
        "Authorization/roleDefinitions/%s\",\"principalId\":\"%s\","
        "\"principalType\":\"%s\",\"scope\":\"%s\",\"condition\":null,"
        "\"conditionVersion\":null,\"createdOn\":\"%s\",\"updatedOn\":\"%s\","
        "\"createdBy\":\"%s\",\"updatedBy\":\"%s\","
        "\"delegatedManagedIdentityResourceId\":null,\"description\":null},"
        "\"id\":\"%s/providers/Microsoft.Authorization/roleAssignments/%s\","
        "\"type\":\"Microsoft.Authorization/roleAssignments\",\"name\":\"%s\"}",
        role, principal, type, *scope ? scope : "/", when, when,
        maker->users[0], maker->users[0], scope, name, name);
    item_take(maker, KIND_ROLE_ASSIGNMENT, &text);
}

void make_someone(struct maker *maker, const char *scope, const char *role)
{
    unsigned kind = random_below(maker, 3);

    if (kind == 0)
        make_assignment(maker, scope, role,
            maker->users[random_below(maker, USERS)], "User");
    else if (kind == 1)
        make_assignment(maker, scope, role,
            maker->groups[random_below(maker, GROUPS)], "Group");
    else
        make_assignment(maker, scope, role,
            maker->apps[random_below(maker, APPS)], "ServicePrincipal");
}
