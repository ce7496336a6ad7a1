/* Where scanners disagree about one vault: bodies as Azure sends them, judged
 * by the row in question, with the answer that the service's own behaviour
 * bears out. Each case names who says otherwise. */
#include "test.h"

#include <string.h>

#include "azure.h"
#include "base.h"
#include "kvgov/posture.h"

#define SUBSCRIPTION "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define VAULT                                                                  \
    SUBSCRIPTION "/resourceGroups/rg-payments-weu/providers/"                  \
                 "Microsoft.KeyVault/vaults/kv-pay-prod-weu"
#define WORKSPACE                                                              \
    SUBSCRIPTION "/resourceGroups/rg-logs-weu/providers/"                      \
                 "Microsoft.OperationalInsights/workspaces/law-pay-weu"
#define NOW_S 1790000000 /* in September 2026 */

/* One diagnostic setting to a workspace that exists, with these rows. */
#define SENDS(rows)                                                            \
    "[{\"name\":\"audit\",\"properties\":{\"workspaceId\":\"" WORKSPACE        \
    "\",\"logs\":[" rows "],\"metrics\":[]}}]"
#define ENDPOINT(state)                                                        \
    "\"privateEndpointConnections\":[{\"id\":\"" VAULT                         \
    "/privateEndpointConnections/pe\",\"properties\":{\"privateEndpoint\":{"   \
    "\"id\":\"" SUBSCRIPTION "/resourceGroups/rg-payments-weu/providers/"      \
    "Microsoft.Network/privateEndpoints/pe\"},"                                \
    "\"privateLinkServiceConnectionState\":{\"status\":\"" state "\"}}}]"

struct peer_case {
    const char *others;     /* who says what */
    const char *properties; /* of the vault, without braces */
    const char *settings;   /* its diagnostic settings; NULL: may not be read */
    const char *row;
    enum kv_verdict verdict;
};

static const struct peer_case cases[] = {
    { "Prowler fails: it compares the casing",
        "\"publicNetworkAccess\":\"disabled\"", "[]", "NET-1",
        KV_VERDICT_PASS },
    { "Azure Policy 405c5871 fails: it knows Disabled only",
        "\"publicNetworkAccess\":\"SecuredByPerimeter\"", "[]", "NET-1",
        KV_VERDICT_PASS },
    { "Steampipe, ScoutSuite and PSRule fail: they look at Allow only",
        "\"publicNetworkAccess\":\"Disabled\",\"networkAcls\":{"
        "\"defaultAction\":\"Allow\",\"bypass\":\"None\"}," ENDPOINT(
            "Approved"),
        "[]", "NET-2", KV_VERDICT_PASS },
    { "Steampipe, ScoutSuite and PSRule pass: they look at Deny only",
        "\"networkAcls\":{\"defaultAction\":\"Deny\",\"bypass\":\"None\","
        "\"ipRules\":[{\"value\":\"0.0.0.0/1\"},{\"value\":\"128.0.0.0/1\"}]}",
        "[]", "NET-3", KV_VERDICT_FAIL },
    { "PSRule passes: it compares the whole list with one word",
        "\"enableRbacAuthorization\":false,\"accessPolicies\":[{\"tenantId\":"
        "\"f3f4fea8-f8ac-405d-870c-71db0a55bd7a\",\"objectId\":"
        "\"cc0a7f2e-c6d9-4ea0-aa29-49e4b749b1c5\",\"permissions\":{"
        "\"secrets\":[\"Get\",\"Purge\"]}}]",
        "[]", "ACC-2", KV_VERDICT_FAIL },
    { "Prowler passes: it does not look at the connection's state",
        "\"publicNetworkAccess\":\"Disabled\"," ENDPOINT("Pending"), "[]",
        "NET-6", KV_VERDICT_FAIL },
    { "Prowler and Steampipe fail: they want group audit beside it",
        "\"enableRbacAuthorization\":true",
        SENDS("{\"categoryGroup\":\"allLogs\",\"enabled\":true}"), "LOG-1",
        KV_VERDICT_PASS },
    { "Steampipe fails: it knows category groups only",
        "\"enableRbacAuthorization\":true",
        SENDS("{\"category\":\"AuditEvent\",\"enabled\":true}"), "LOG-1",
        KV_VERDICT_PASS },
    { "azqr passes: any setting will do", "\"enableRbacAuthorization\":true",
        SENDS("{\"category\":\"AuditEvent\",\"enabled\":false}"), "LOG-1",
        KV_VERDICT_FAIL },
    { "Azure Policy cf820ca0 passes: any category will do",
        "\"enableRbacAuthorization\":true",
        SENDS(
            "{\"category\":\"AzurePolicyEvaluationDetails\",\"enabled\":true}"),
        "LOG-1", KV_VERDICT_FAIL },
    { "azqr and Prowler fail: unreadable is none to them",
        "\"enableRbacAuthorization\":true", NULL, "LOG-1", KV_VERDICT_UNKNOWN },
    { "Prowler, ScoutSuite, PSRule and 1e66c121 fail: absent is off to them",
        "\"enablePurgeProtection\":true", "[]", "PRO-1", KV_VERDICT_PASS },
    { "Prowler and ScoutSuite fail soft delete for want of purge protection",
        "\"enableSoftDelete\":true", "[]", "PRO-1", KV_VERDICT_PASS },
    { "the other half of their one verdict", "\"enableSoftDelete\":true", "[]",
        "PRO-3", KV_VERDICT_FAIL },
};

static void take(struct kv_estate *estate, enum azure_read read,
    const char *subject, struct view body)
{
    struct azure_context context = {
        .estate = estate,
        .subject = subject,
        .read_at_s = NOW_S,
    };
    struct azure_page page;
    struct kv_error err = { 0 };

    if (azure_page_open(&page, read, body, &err) != KV_OK ||
        azure_page_take(&page, read, &context, SIZE_MAX, &err) != KV_OK)
        fail_with("%s in %.*s", err.text, (int)body.size, body.data);
    azure_page_done(&page);
}

static void take_vault(struct kv_estate *estate, const struct peer_case *peer)
{
    struct buf body = { .limit = 1u << 16 };

    buf_putf(&body,
        "{\"id\":\"%s\",\"name\":\"kv-pay-prod-weu\",\"type\":"
        "\"Microsoft.KeyVault/vaults\",\"location\":\"westeurope\","
        "\"systemData\":{\"createdAt\":\"2024-03-01T00:00:00Z\","
        "\"lastModifiedAt\":\"2026-03-01T00:00:00Z\"},"
        "\"properties\":{\"vaultUri\":"
        "\"https://kv-pay-prod-weu.vault.azure.net/\",%s}}",
        VAULT, peer->properties);
    take(estate, AZURE_RESOURCE, VAULT, buf_view(&body));
    buf_done(&body);
}

static void take_settings(
    struct kv_estate *estate, const struct peer_case *peer)
{
    struct buf body = { .limit = 1u << 16 };

    if (!peer->settings) {
        estate_take_diagnostics(estate, kv_estate_find(estate, VAULT), NULL, 0,
            (struct kv_facet_status){ KV_FACET_DENIED, NOW_S,
                "Microsoft.Insights/diagnosticSettings/read" });
        return;
    }
    buf_putf(&body, "{\"value\":%s}", peer->settings);
    take(estate, AZURE_DIAGNOSTICS, VAULT, buf_view(&body));
    buf_done(&body);
}

/* All around the vault was read, and there is a workspace. */
static void take_around(struct kv_estate *estate)
{
    static const char body[] =
        "{\"data\":[{\"id\":\"" WORKSPACE "\",\"name\":\"law-pay-weu\","
        "\"type\":\"microsoft.operationalinsights/workspaces\","
        "\"location\":\"westeurope\"}]}";
    struct kv_facet_status ready = { KV_FACET_READY, NOW_S, NULL };
    uint32_t home = estate_take_subscription(estate,
        "7b00b078-3524-4a0a-bb02-404ae3a344fb", "Contoso Payments", "Enabled");

    for (int i = KV_FACET_RESOURCE_COUNT; i < KV_FACET_COUNT; i++)
        if (kv_facets[i].level == KV_LEVEL_SUBSCRIPTION)
            estate_set_subscription_facet(
                estate, home, (enum kv_facet)i, ready);
        else
            estate_set_tenant_facet(estate, (enum kv_facet)i, ready);
    estate_begin(estate, KV_FACET_SINKS);
    take(estate, AZURE_GRAPH_SINKS, "", view_of(body));
    estate_commit(estate, KV_FACET_SINKS);
}

static void check_case(const struct peer_case *peer)
{
    struct kv_estate *estate = estate_new();
    struct buf evidence = { .limit = 1u << 16 };
    uint32_t row = kv_catalogue_find(peer->row);
    enum kv_verdict verdict;

    take_around(estate);
    take_vault(estate, peer);
    take_settings(estate, peer);
    verdict = kv_judge(&kv_catalogue[row],
        &(struct kv_subject){
            .estate = estate,
            .resource = kv_estate_resource(estate, 0),
            .subscription = 0,
            .policy = &kv_policy_default,
            .now_s = NOW_S,
        },
        &evidence);
    if (verdict != peer->verdict)
        fail_with("%s is %s, expected %s (%s): %s", peer->row,
            kv_verdict_name(verdict), kv_verdict_name(peer->verdict),
            peer->others, buf_text(&evidence));
    buf_done(&evidence);
    estate_free(estate);
}

static void test_disagreements(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        check_case(&cases[i]);
}

/* A reader with two reports side by side is told why. */
static void test_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        if (!kv_row_others(&kv_catalogue[kv_catalogue_find(cases[i].row)]))
            fail_with("%s does not say why others differ", cases[i].row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disagreements),
        cmocka_unit_test(test_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
