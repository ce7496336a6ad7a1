/* What trips clients of the real services up, one row each: the request, the
 * status and the code. Where only rights differ, the cloud's own client asks,
 * who may change vaults and little else. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define PAY "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define DATA "/subscriptions/ce2513b4-87d8-413e-9c7e-a3511cd39cb7"
#define CORE                                                                   \
    PAY "/resourceGroups/rg-payments-weu/providers/Microsoft.KeyVault/vaults/" \
        "kv-pay-core-weu"
#define LAKE                                                                   \
    DATA "/resourceGroups/rg-data-weu/providers/Microsoft.Storage/"            \
         "storageAccounts/stcontosolakeweu/managementPolicies/default"         \
         "?api-version=2025-08-01"
#define NEU                                                                    \
    "/subscriptions/1efdfa4c-1db1-4e35-8d2c-3a665f62c412/resourceGroups/"      \
    "rg-monitoring-weu/providers/Microsoft.Storage/storageAccounts/"           \
    "stcontosoauditneu"
#define LOGS "/v1/workspaces/fc4f423f-5033-4353-b554-3cafd0613d11/query"

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

static const struct {
    const char *name;
    struct owner_ask ask;
    int status;
    const char *code; /* at error.code; "" for none */
} rows[] = {
    { "a vault without an api-version",
        { PLANE_VAULT, "kv-pay-core-weu", "GET", "/keys", NULL }, 400,
        "BadParameter" },
    { "a vault with one that it does not know",
        { PLANE_VAULT, "kv-pay-core-weu", "GET", "/keys?api-version=9.9",
            NULL },
        400, "BadParameter" },
    { "Resource Manager without one", { PLANE_ARM, NULL, "GET", CORE, NULL },
        400, "MissingApiVersionParameter" },
    { "Resource Manager with one that it does not know",
        { PLANE_ARM, NULL, "GET", CORE "?api-version=2001-01-01", NULL }, 400,
        "NoRegisteredProviderFound" },
    { "an account without a lifecycle policy",
        { PLANE_ARM, NULL, "GET", LAKE, NULL }, 404,
        "ManagementPolicyNotFound" },
    { "issuers are no certificate of that name",
        { PLANE_VAULT, "kv-pay-core-weu", "GET",
            "/certificates/issuers?api-version=7.4", NULL },
        200, "" },
    { "a renewal after the end",
        { PLANE_VAULT, "kv-pay-core-weu", "PATCH",
            "/certificates/pay-api/policy?api-version=7.4",
            "{\"lifetime_actions\":[{\"trigger\":{\"lifetime_percentage\":100},"
            "\"action\":{\"action_type\":\"AutoRenew\"}}]}" },
        400, "BadParameter" },
    { "logs to storage of another region",
        { PLANE_ARM, NULL, "PUT",
            CORE "/providers/Microsoft.Insights/diagnosticSettings/far"
                 "?api-version=2021-05-01-preview",
            "{\"properties\":{\"storageAccountId\":\"" NEU
            "\",\"logs\":[{\"category\":\"AuditEvent\",\"enabled\":true}]}}" },
        400, "BadRequest" },
    { "a list's size",
        { PLANE_VAULT, "kv-pay-core-weu", "GET",
            "/keys?api-version=7.4&maxresults=26", NULL },
        400, "BadParameter" },
    { "a key that never was",
        { PLANE_VAULT, "kv-pay-core-weu", "GET",
            "/keys/never-was?api-version=7.4", NULL },
        404, "KeyNotFound" },
};

static void check_row(const struct owner *owner, size_t i)
{
    struct answer answer = owner_send(owner, &rows[i].ask);

    if (answer.status != rows[i].status ||
        strcmp(answer_text(&answer, "error.code"), rows[i].code) != 0)
        fail_with("%s: %d '%s', expected %d '%s'", rows[i].name, answer.status,
            answer_text(&answer, "error.code"), rows[i].status, rows[i].code);
    answer_done(&answer);
}

static void test_rows(void **state)
{
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_row(*state, i);
}

/* What was backed up and deleted says that it is still there. */
static void test_deleted(void **state)
{
    struct owner *owner = *state;
    struct answer backup = owner_expect(owner,
        &(struct owner_ask){ PLANE_VAULT, "kv-pay-core-weu", "POST",
            "/secrets/ledger-db/backup?api-version=7.4", "" },
        200);
    struct answer gone = owner_expect(owner,
        &(struct owner_ask){ PLANE_VAULT, "kv-pay-core-weu", "DELETE",
            "/secrets/ledger-db?api-version=7.4", NULL },
        200);
    struct buf body = { .limit = 1u << 16 };

    buf_putf(&body, "{\"value\":\"%s\"}", answer_text(&backup, "value"));
    struct answer answer = owner_expect(owner,
        &(struct owner_ask){ PLANE_VAULT, "kv-pay-core-weu", "POST",
            "/secrets/restore?api-version=7.4", buf_text(&body) },
        409);
    assert_string_equal(answer_text(&answer, "error.innererror.code"),
        "ObjectIsDeletedButRecoverable");
    answer_done(&answer);
    answer_done(&gone);
    answer_done(&backup);
    buf_done(&body);
}

/* ---- rights on what a request refers to ---- */

static struct answer plain_ask(const struct cloud *cloud, const char *bearer,
    const char *method, const char *path, const char *body)
{
    return cloud_ask(cloud, &(struct web_request){
                                .method = method,
                                .path = path,
                                .authorization = bearer,
                                .body = body,
                            });
}

#define DRIVE_VAULT                                                            \
    "/subscriptions/e41928b0-83f7-43f7-881f-54ea20c823b4/resourceGroups/"      \
    "rg-dev-weu/providers/Microsoft.KeyVault/vaults/kv-web-dev-weu"
#define SUBNET_RULE(id)                                                        \
    "{\"properties\":{\"networkAcls\":{\"bypass\":\"AzureServices\","          \
    "\"defaultAction\":\"Deny\",\"ipRules\":[],\"virtualNetworkRules\":[{"     \
    "\"id\":\"" id "\"}]}}}"

/* The demo client may join subnets of Contoso's subscriptions, not others. */
static void test_linked(void **state)
{
    struct cloud *cloud = cloud_start(NULL);
    char *bearer = cloud_bearer(cloud, "https://management.azure.com");
    struct answer good =
        plain_ask(cloud, bearer, "PATCH", DRIVE_VAULT "?api-version=2026-02-01",
            SUBNET_RULE(PAY "/resourceGroups/rg-payments-weu/providers/"
                            "Microsoft.Network/virtualNetworks/v/subnets/s"));
    struct answer bad =
        plain_ask(cloud, bearer, "PATCH", DRIVE_VAULT "?api-version=2026-02-01",
            SUBNET_RULE("/subscriptions/00000000-0000-0000-0000-000000000001/"
                        "resourceGroups/rg/providers/Microsoft.Network/"
                        "virtualNetworks/v/subnets/s"));

    (void)state;
    assert_int_equal(good.status, 200);
    assert_int_equal(bad.status, 403);
    assert_string_equal(
        answer_text(&bad, "error.code"), "LinkedAuthorizationFailed");
    answer_done(&good);
    answer_done(&bad);
    mem_free(bearer);
    cloud_stop(cloud);
}

/* An enforced perimeter decides alone: the vault's own settings, open or
 * closed, no longer count. */
#define PERIMETER                                                              \
    "/subscriptions/1efdfa4c-1db1-4e35-8d2c-3a665f62c412/resourceGroups/"      \
    "rg-platform-weu/providers/Microsoft.Network/networkSecurityPerimeters/"   \
    "nsp-contoso"

static void associate(
    const struct owner *owner, const char *profile, const char *mode)
{
    struct buf body = { .limit = 4096 };

    buf_putf(&body,
        "{\"properties\":{\"privateLinkResource\":{\"id\":\"" DRIVE_VAULT
        "\"},\"profile\":{\"id\":\"" PERIMETER
        "/profiles/%s\"},\"accessMode\":\"%s\"}}",
        profile, mode);
    struct answer answer = owner_send(
        owner, &(struct owner_ask){ PLANE_ARM, NULL, "PUT",
                   PERIMETER "/resourceAssociations/dev?api-version=2025-09-01",
                   buf_text(&body) });
    assert_true(answer.status / 100 == 2);
    answer_done(&answer);
    buf_done(&body);
}

static void check_door(const struct owner *owner, const char *inner)
{
    struct answer answer =
        owner_send(owner, &(struct owner_ask){ PLANE_VAULT, "kv-web-dev-weu",
                              "GET", "/keys?api-version=7.4", NULL });

    assert_int_equal(answer.status, *inner ? 403 : 200);
    assert_string_equal(answer_text(&answer, "error.innererror.code"), inner);
    answer_done(&answer);
}

static void test_perimeter(void **state)
{
    struct owner *owner = *state;
    struct answer answer = owner_expect(owner,
        &(struct owner_ask){ PLANE_ARM, NULL, "PUT",
            PERIMETER "/profiles/nobody?api-version=2025-09-01",
            "{\"properties\":{}}" },
        201);

    answer_done(&answer);
    check_door(owner, "");
    associate(owner, "nobody", "Learning");
    check_door(owner, "");
    associate(owner, "nobody", "Enforced");
    check_door(owner, "ForbiddenByConnection");
    associate(owner, "vaults", "Enforced"); /* its rule is for this address */
    check_door(owner, "");
}

/* ---- queries and headers ---- */

static void test_query_type(void **state)
{
    struct owner *owner = *state;
    struct web_request request = {
        .method = "POST",
        .path = LOGS,
        .authorization = owner->bearers[PLANE_LOGS],
        .content_type = "text/plain",
        .body = "{\"query\":\"AZKVAuditLogs | take 1\"}",
    };
    struct answer answer = cloud_ask(owner->cloud, &request);

    assert_int_equal(answer.status, 200);
    assert_null(answer.body);
    answer_done(&answer);
}

static const struct {
    const char *path;
    const char *there;
    const char *absent;
} headers[] = {
    { CORE "?api-version=2026-02-01",
        "x-ms-ratelimit-remaining-subscription-reads",
        "x-ms-ratelimit-remaining-tenant-reads" },
    { CORE "?api-version=2026-02-01",
        "x-ms-ratelimit-remaining-subscription-global-reads", "request-id" },
    { "/tenants?api-version=2022-12-01",
        "x-ms-ratelimit-remaining-tenant-reads",
        "x-ms-ratelimit-remaining-subscription-reads" },
    { PAY "/providers/Microsoft.Security/pricings?api-version=2024-01-01",
        "x-ms-ratelimit-remaining-subscription-resource-requests",
        "x-ms-ratelimit-remaining-subscription-reads" },
};

static void test_headers(void **state)
{
    for (size_t i = 0; i < LENGTH(headers); i++) {
        struct answer answer =
            owner_send(*state, &(struct owner_ask){ PLANE_ARM, NULL, "GET",
                                   headers[i].path, NULL });
        char *there = answer_header(&answer, headers[i].there);
        char *absent = answer_header(&answer, headers[i].absent);

        if (!there || absent)
            fail_with("%s: %s %s, %s %s", headers[i].path, headers[i].there,
                there ? "is there" : "is missing", headers[i].absent,
                absent ? "is there" : "is missing");
        mem_free(there);
        answer_done(&answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, start, stop),
        cmocka_unit_test_setup_teardown(test_deleted, start, stop),
        cmocka_unit_test(test_linked),
        cmocka_unit_test_setup_teardown(test_perimeter, start, stop),
        cmocka_unit_test_setup_teardown(test_query_type, start, stop),
        cmocka_unit_test_setup_teardown(test_headers, start, stop),
    };

    return cmocka_run_group_tests_name("cloud traps", tests, NULL, NULL);
}
