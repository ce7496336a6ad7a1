/* An estate in which the cloud's first client may do everything. */
#include "cloud_owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "temp.h"
#include "test.h"

#define ASSIGNMENTS "/providers/Microsoft.Authorization/roleAssignments/"
#define OWNER_ROLE "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define DATA_ROLE "00482a5a-887f-4fb3-b363-3b7fe8e74483"
#define HSM_ADMIN "a290e904-7015-4bba-90c8-60543313cdb4"
#define HSM_USER "21dbd100-6940-42c2-9190-5d6cb909625b"

static const struct {
    const char *audience;
    const char *suffix; /* of a vault's host */
} planes[PLANE_COUNT] = {
    [PLANE_ARM] = { "https://management.azure.com", NULL },
    [PLANE_VAULT] = { "https://vault.azure.net", "vault.localhost" },
    [PLANE_HSM] = { "https://managedhsm.azure.net", "managedhsm.localhost" },
    [PLANE_GRAPH] = { "https://graph.microsoft.com", NULL },
    [PLANE_LOGS] = { "https://api.loganalytics.io", NULL },
};

static const char *client_id(const json_t *estate)
{
    return json_string_value(json_object_get(
        json_array_get(json_object_get(estate, "clients"), 0), "principalId"));
}

static void grant(json_t *estate, const char *scope, const char *role)
{
    char id[300];

    (void)snprintf(id, sizeof id, "%s" ASSIGNMENTS "%s", scope, role);
    json_array_append_new(json_object_get(estate, "roleAssignments"),
        json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "id", id, "name",
            role, "type", "Microsoft.Authorization/roleAssignments",
            "properties", "roleDefinitionId", role, "principalId",
            client_id(estate), "principalType", "ServicePrincipal", "scope",
            *scope ? scope : "/"));
}

static void grant_local(json_t *estate, const char *name, const char *role)
{
    json_t *hsm =
        json_object_get(json_object_get(estate, "dataPlane"), name);

    json_array_append_new(json_object_get(hsm, "roleAssignments"),
        json_pack("{s:s, s:s, s:s, s:s}", "name", role, "scope", "/", "role",
            role, "principalId", client_id(estate)));
}

/* Where access policies decide. */
static void grant_policy(json_t *estate, const char *name)
{
    size_t index;
    json_t *resource;

    json_array_foreach(json_object_get(estate, "resources"), index, resource)
    {
        const char *id = json_string_value(json_object_get(resource, "id"));
        json_t *properties = json_object_get(resource, "properties");

        if (!id || !strrchr(id, '/') || strcmp(strrchr(id, '/') + 1, name) != 0)
            continue;
        json_array_append_new(json_object_get(properties, "accessPolicies"),
            json_pack("{s:O, s:s, s:{s:[s], s:[s], s:[s]}}", "tenantId",
                json_object_get(properties, "tenantId"), "objectId",
                client_id(estate), "permissions", "keys", "all", "secrets",
                "all", "certificates", "all"));
    }
}

/* What an HSM writes backups with. */
static void give_identity(json_t *estate, const char *name)
{
    size_t index;
    json_t *resource;

    json_array_foreach(json_object_get(estate, "resources"), index, resource)
    {
        const char *id = json_string_value(json_object_get(resource, "id"));

        if (id && strrchr(id, '/') && strcmp(strrchr(id, '/') + 1, name) == 0)
            json_object_set_new(resource, "identity",
                json_pack("{s:s, s:{s:{}}}", "type", "UserAssigned",
                    "userAssignedIdentities",
                    "/subscriptions/9c9a5161-c283-457d-b063-bc2b270de9ac/"
                    "resourceGroups/rg-hsm-legal-neu/providers/"
                    "Microsoft.ManagedIdentity/userAssignedIdentities/"
                    "id-hsm-backup-neu"));
    }
}

static char *estate_write(const char *folder)
{
    char *from = temp_path(test_source(), "tests/cloud/estates/contoso.json");
    char *to = temp_path(folder, "estate.json");
    json_t *estate = json_load_file(from, 0, NULL);
    size_t index;
    json_t *subscription;

    assert_non_null(estate);
    grant(estate, "", OWNER_ROLE);
    json_array_foreach(
        json_object_get(estate, "subscriptions"), index, subscription)
    {
        const char *id = json_string_value(json_object_get(subscription, "id"));

        grant(estate, id, DATA_ROLE);
    }
    grant_local(estate, "hsm-pay-prod-weu", HSM_ADMIN);
    grant_local(estate, "hsm-pay-prod-weu", HSM_USER);
    grant_local(estate, "hsm-legal-neu", HSM_ADMIN);
    grant_local(estate, "hsm-legal-neu", HSM_USER);
    grant_policy(estate, "kv-plat-ci-weu");
    give_identity(estate, "hsm-legal-neu");
    assert_int_equal(json_dump_file(estate, to, 0), 0);
    json_decref(estate);
    mem_free(from);
    return to;
}

static struct owner *open(const char *suffix)
{
    struct owner *owner = mem_alloc(sizeof *owner);

    *owner = (struct owner){ .folder = temp_new() };
    char *path = estate_write(owner->folder);
    owner->cloud = cloud_start(
        suffix ? (const char *const[]){ "--estate", path, "--suffix", suffix,
                     NULL }
               : (const char *const[]){ "--estate", path, NULL });
    for (size_t i = 0; i < PLANE_COUNT; i++)
        owner->bearers[i] = cloud_bearer(owner->cloud, planes[i].audience);
    mem_free(path);
    return owner;
}

struct owner *owner_open(void)
{
    return open(NULL);
}

struct owner *owner_open_named(void)
{
    return open("localhost");
}

void owner_close(struct owner *owner)
{
    cloud_stop(owner->cloud);
    for (size_t i = 0; i < PLANE_COUNT; i++)
        mem_free(owner->bearers[i]);
    temp_done(owner->folder);
    mem_free(owner);
}

struct answer owner_send(const struct owner *owner, const struct owner_ask *ask)
{
    char host[120] = "";

    if (ask->vault)
        (void)snprintf(
            host, sizeof host, "%s.%s", ask->vault, planes[ask->plane].suffix);
    return cloud_ask(
        owner->cloud, &(struct web_request){
                          .method = ask->method,
                          .path = ask->path,
                          .authorization = owner->bearers[ask->plane],
                          .body = ask->body,
                          .host = ask->vault ? host : NULL,
                      });
}

struct answer owner_expect(
    const struct owner *owner, const struct owner_ask *ask, int status)
{
    struct answer answer = owner_send(owner, ask);

    if (answer.status != status) {
        char *text = json_dumps(answer.body, JSON_ENCODE_ANY);

        fail_with("%s %s answered %d, not %d: %s", ask->method, ask->path,
            answer.status, status, text ? text : "");
    }
    return answer;
}
