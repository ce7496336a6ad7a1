/* The data planes: who gets in and in which words the others are kept out,
 * pages, versions, backups; and the directory and the audit log beside them. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define CORE "kv-pay-core-weu"
#define V "?api-version=7.4"

static int start(void **state)
{
    *state = owner_open();
    return 0;
}

static int stop(void **state)
{
    owner_close(*state);
    return 0;
}

/* The cloud with the rights that Contoso gives its console. */
static int start_plain(void **state)
{
    struct owner *owner = mem_alloc(sizeof *owner);

    *owner = (struct owner){ .cloud = cloud_start(NULL) };
    owner->bearers[PLANE_VAULT] =
        cloud_bearer(owner->cloud, "https://vault.azure.net");
    owner->bearers[PLANE_GRAPH] =
        cloud_bearer(owner->cloud, "https://graph.microsoft.com");
    *state = owner;
    return 0;
}

static int stop_plain(void **state)
{
    struct owner *owner = *state;

    cloud_stop(owner->cloud);
    mem_free(owner->bearers[PLANE_VAULT]);
    mem_free(owner->bearers[PLANE_GRAPH]);
    mem_free(owner);
    return 0;
}

static struct answer vault(const struct owner *owner, const char *name,
    const char *method, const char *path, const char *body)
{
    return owner_send(
        owner, &(struct owner_ask){ PLANE_VAULT, name, method, path, body });
}

static struct answer vault_good(const struct owner *owner, const char *name,
    const char *method, const char *path, const char *body)
{
    return owner_expect(owner,
        &(struct owner_ask){ PLANE_VAULT, name, method, path, body }, 200);
}

/* ---- the doors ---- */

static const struct {
    const char *vault;
    const char *path;
    int status;
    const char *inner; /* error.innererror.code, else error.code */
    const char *says;
} doors[] = {
    { CORE, "/keys" V, 200, "", "" },
    { CORE, "/secrets/ledger-db" V, 403, "ForbiddenByRbac",
        "secrets/getSecret/action" },
    { CORE, "/keys/none" V, 404, "", "KeyNotFound" },
    { "kv-plat-certs-weu", "/keys" V, 403, "ForbiddenByRbac",
        "DeniedWithNoValidRBAC" },
    { "kv-pay-prod-weu", "/secrets" V, 403, "AccessDenied",
        "secrets list permission" },
    { "kv-shop-cdn-neu", "/keys" V, 403, "ForbiddenByFirewall",
        "203.0.113.100" },
    { "kv-pay-fraud-weu", "/keys" V, 403, "ForbiddenByConnection",
        "Public network access is disabled" },
    { "kv-of-nobody", "/keys" V, 404, "", "VaultNotFound" },
};

static void test_doors(void **state)
{
    for (size_t i = 0; i < LENGTH(doors); i++) {
        struct answer answer =
            vault(*state, doors[i].vault, "GET", doors[i].path, NULL);
        char *text = json_dumps(answer.body, JSON_ENCODE_ANY);

        if (answer.status != doors[i].status ||
            strcmp(answer_text(&answer, "error.innererror.code"),
                doors[i].inner) != 0)
            fail_with("%s%s answered %d %s", doors[i].vault, doors[i].path,
                answer.status, text);
        assert_contains(text, doors[i].says);
        free(text);
        answer_done(&answer);
    }
}

static void test_challenge(void **state)
{
    const struct owner *owner = *state;
    struct answer answer =
        cloud_ask(owner->cloud, &(struct web_request){ .path = "/keys" V,
                                    .host = CORE ".vault.localhost" });
    char *challenge = answer_header(&answer, "WWW-Authenticate");

    assert_int_equal(answer.status, 401);
    assert_contains(challenge, "authorization=\"");
    assert_contains(challenge, "resource=\"https://vault.localhost\"");
    mem_free(challenge);
    answer_done(&answer);
}

/* ---- objects ---- */

/* Sixty secrets are three pages of at most twenty-five. */
static void test_pages(void **state)
{
    const struct owner *owner = *state;
    char path[600] = "/secrets" V;
    size_t pages = 0;
    size_t seen = 0;

    /* Its firewall lets only a partner in. */
    cloud_change(owner->cloud, "PATCH",
        "/subscriptions/92a688d5-ec6c-4d8e-a64f-4e92884c73cb/resourceGroups/"
        "rg-partner-neu/providers/Microsoft.KeyVault/vaults/"
        "kv-partner-prod-neu?api-version=2026-02-01",
        "{\"properties\":{\"networkAcls\":{\"defaultAction\":\"Allow\"}}}");
    while (*path) {
        struct answer answer =
            vault_good(owner, "kv-partner-prod-neu", "GET", path, NULL);
        const char *link =
            json_string_value(json_object_get(answer.body, "nextLink"));
        const char *rest = link ? strstr(link, "/secrets") : "";

        pages++;
        seen += json_array_size(json_object_get(answer.body, "value"));
        (void)snprintf(path, sizeof path, "%s", rest);
        answer_done(&answer);
    }
    assert_int_equal(pages, 3);
    assert_int_equal(seen, 60);
}

static size_t versions(const struct owner *owner, const char *path)
{
    struct answer answer = vault_good(owner, CORE, "GET", path, NULL);
    size_t count = json_array_size(json_object_get(answer.body, "value"));

    answer_done(&answer);
    return count;
}

static void test_rotate(void **state)
{
    const struct owner *owner = *state;

    assert_int_equal(versions(owner, "/keys/payments-signing/versions" V), 2);
    struct answer answer =
        vault_good(owner, CORE, "POST", "/keys/payments-signing/rotate" V, "");
    answer_done(&answer);
    assert_int_equal(versions(owner, "/keys/payments-signing/versions" V), 3);
}

/* A backup goes into a vault of the same subscription, and only once. */
static void test_backup(void **state)
{
    const struct owner *owner = *state;
    struct answer answer =
        vault_good(owner, CORE, "POST", "/secrets/acquirer-api/backup" V, "");
    char *body = json_dumps(answer.body, 0);

    answer_done(&answer);
    answer = vault(owner, CORE, "POST", "/secrets/restore" V, body);
    assert_int_equal(answer.status, 409);
    answer_done(&answer);
    answer =
        vault(owner, "kv-plat-keys-weu", "POST", "/secrets/restore" V, body);
    assert_int_equal(answer.status, 403);
    answer_done(&answer);
    answer = vault(owner, CORE, "POST", "/keys/restore" V, body);
    assert_int_equal(answer.status, 400);
    answer_done(&answer);
    free(body);
}

static void test_delete(void **state)
{
    const struct owner *owner = *state;
    struct answer answer =
        vault_good(owner, CORE, "DELETE", "/keys/card-vault-wrap" V, NULL);

    assert_contains(answer_text(&answer, "recoveryId"), "/deletedkeys/");
    answer_done(&answer);
    answer =
        vault(owner, CORE, "DELETE", "/deletedkeys/card-vault-wrap" V, NULL);
    assert_int_equal(answer.status, 403); /* purge protection */
    answer_done(&answer);
    answer = vault_good(
        owner, CORE, "POST", "/deletedkeys/card-vault-wrap/recover" V, "");
    answer_done(&answer);
    answer = vault_good(owner, CORE, "GET", "/keys/card-vault-wrap" V, NULL);
    answer_done(&answer);
}

/* Reading a value is possible, and told apart from all other reading. */
static void test_value(void **state)
{
    const struct owner *owner = *state;
    struct answer answer = vault_good(owner, CORE, "GET", "/secrets" V, NULL);

    answer_done(&answer);
    answer = vault_good(owner, CORE, "GET", "/secrets/ledger-db" V, NULL);
    assert_true(strlen(answer_text(&answer, "value")) > 20);
    answer_done(&answer);
    json_t *counts = web_get(owner->cloud->origin, "/_cloud/requests");
    assert_int_equal(
        json_integer_value(json_object_get(counts, "GET secret value")), 1);
    json_decref(counts);
}

/* ---- managed HSM ---- */

#define LOCAL "/keys/providers/Microsoft.Authorization/roleAssignments/"
#define LOCAL_GUID LOCAL "33333333-3333-4333-8333-333333333333" V

static void test_hsm(void **state)
{
    const struct owner *owner = *state;
    struct owner_ask ask = { PLANE_HSM, "hsm-pay-prod-weu", "PUT", LOCAL_GUID,
        "{\"properties\":{\"roleDefinitionId\":\"x/"
        "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3\",\"principalId\":"
        "\"84172879-0fbf-4359-b381-d80a0a6d01a2\"}}" };
    struct answer answer = owner_expect(owner, &ask, 201);

    assert_string_equal(answer_text(&answer, "properties.scope"), "/keys");
    answer_done(&answer);
    ask.method = "DELETE";
    ask.body = NULL;
    answer = owner_expect(owner, &ask, 200);
    answer_done(&answer);
    answer = owner_expect(owner, &ask, 404);
    answer_done(&answer);
}

/* ---- directory and log ---- */

static void test_graph(void **state)
{
    const struct owner *owner = *state;
    struct owner_ask ask = { PLANE_GRAPH, NULL, "GET",
        "/v1.0/groups/740faecd-30af-4891-8641-2d3397941965/transitiveMembers"
        "?$top=5",
        NULL };
    struct answer answer = owner_expect(owner, &ask, 200);

    assert_int_equal(json_array_size(json_object_get(answer.body, "value")), 5);
    /* The name has a dot in it, so it is no path. */
    assert_contains(
        json_string_value(json_object_get(answer.body, "@odata.nextLink")),
        "skiptoken=5");
    answer_done(&answer);
    ask.path = "/v1.0/groups/740faecd-30af-4891-8641-2d3397941965/"
               "transitiveMembers/$count";
    answer = owner_expect(owner, &ask, 400); /* without ConsistencyLevel */
    answer_done(&answer);
}

static const struct {
    const char *query;
    int status;
    size_t rows;
} queries[] = {
    { "AZKVAuditLogs | where OperationName endswith 'Backup' | where "
      "_ResourceId contains 'kv-pay-core-weu' | summarize Last = "
      "max(TimeGenerated) by Id",
        200, 7 },
    { "AZKVAuditLogs | where HttpStatusCode >= 300 and HttpStatusCode != 401",
        200, 1 },
    { "AZKVAuditLogs | where TimeGenerated > ago(100d) | where OperationName "
      "in ('SecretRestore', 'KeyRestore') | project TimeGenerated, Id",
        200, 1 },
    { "AZKVAuditLogs | take 2", 200, 2 },
    { "AZKVAuditLogs | where Nothing == 1", 400, 0 },
    { "AZKVAuditLogs | evaluate bag_unpack(Identity)", 400, 0 },
};

static void test_logs(void **state)
{
    for (size_t i = 0; i < LENGTH(queries); i++) {
        struct buf body = { .limit = 4096 };

        buf_putf(&body, "{\"query\":\"%s\"}", queries[i].query);
        struct answer answer = owner_send(*state,
            &(struct owner_ask){ PLANE_LOGS, NULL, "POST",
                "/v1/workspaces/fc4f423f-5033-4353-b554-3cafd0613d11/query",
                buf_text(&body) });
        json_t *table =
            json_array_get(json_object_get(answer.body, "tables"), 0);
        size_t count = json_array_size(json_object_get(table, "rows"));

        if (answer.status != queries[i].status || count != queries[i].rows)
            fail_with("%s answered %d with %zu rows", queries[i].query,
                answer.status, count);
        answer_done(&answer);
        buf_done(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_doors, start_plain, stop_plain),
        cmocka_unit_test_setup_teardown(
            test_challenge, start_plain, stop_plain),
        cmocka_unit_test_setup_teardown(test_pages, start, stop),
        cmocka_unit_test_setup_teardown(test_rotate, start, stop),
        cmocka_unit_test_setup_teardown(test_backup, start, stop),
        cmocka_unit_test_setup_teardown(test_delete, start, stop),
        cmocka_unit_test_setup_teardown(test_value, start, stop),
        cmocka_unit_test_setup_teardown(test_hsm, start, stop),
        cmocka_unit_test_setup_teardown(test_graph, start_plain, stop_plain),
        cmocka_unit_test_setup_teardown(test_logs, start, stop),
    };

    return cmocka_run_group_tests_name("cloud vaults", tests, NULL, NULL);
}
