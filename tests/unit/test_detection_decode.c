/* What watches and what keeps, as Azure writes it: conditions of alert rules,
 * states of event subscriptions, lifecycle rules and retention of tables. */
#include "test.h"

#include <string.h>

#include "azure.h"
#include "describe.h"
#include "retention.h"

#define PAY "11111111-0000-0000-0000-000000000001"
#define GROUP "/subscriptions/" PAY "/resourceGroups/rg-pay"
#define VAULT GROUP "/providers/Microsoft.KeyVault/vaults/kv-pay"
#define ACCOUNT GROUP "/providers/Microsoft.Storage/storageAccounts/stlog"
#define WORKSPACE                                                              \
    GROUP "/providers/Microsoft.OperationalInsights/workspaces/log-weu"
#define READ_AT_S 1790000000

struct decode_case {
    const char *name;
    enum azure_read read;
    const char *subject;
    const char *body;
    const char *says;   /* in the estate, described; NULL: refused */
    const char *silent; /* must not be there; may be NULL */
};

/* A rule on the activity log with these conditions. */
#define ACTIVITY(conditions)                                                   \
    "{\"data\":[{\"id\":\"" GROUP "/providers/microsoft.insights/"             \
    "activityLogAlerts/rule\",\"name\":\"rule\",\"type\":"                     \
    "\"Microsoft.Insights/ActivityLogAlerts\",\"properties\":{\"scopes\":"     \
    "[\"subscriptions/" PAY "\"],\"condition\":{\"allOf\":[" conditions        \
    "]},\"actions\":{\"actionGroups\":[{\"actionGroupId\":\"/ag\"}]},"         \
    "\"enabled\":true}}]}"
#define IS(name, value) "{\"field\":\"" name "\",\"equals\":\"" value "\"}"
#define ANY_OF(name, a, b)                                                     \
    "{\"field\":\"" name "\",\"containsAny\":[\"" a "\",\"" b "\"]}"
#define ON_PAY "alert activity rule enabled y on /subscriptions/" PAY

#define EVENT(state, destination)                                              \
    "{\"value\":[{\"id\":\"" VAULT "/providers/Microsoft.EventGrid/"           \
    "eventSubscriptions/es\",\"name\":\"es\",\"properties\":{" state           \
        destination "\"filter\":{\"includedEventTypes\":null}}}]}"
#define STATE(text) "\"provisioningState\":\"" text "\","
#define TO_QUEUE                                                               \
    "\"destination\":{\"endpointType\":\"StorageQueue\",\"properties\":{}},"

#define RULE(name, enabled, filters, actions)                                  \
    "{\"name\":\"" name "\",\"enabled\":" enabled                              \
    ",\"type\":\"Lifecycle\",\"definition\":{\"filters\":{" filters            \
    "},\"actions\":{\"baseBlob\":{" actions "}}}}"
#define RULES(rules) "{\"properties\":{\"policy\":{\"rules\":[" rules "]}}}"
#define APPEND "\"blobTypes\":[\"blockBlob\",\"appendBlob\"]"
#define PREFIX(text) ",\"prefixMatch\":[\"" text "\"]"
#define DELETE(days)                                                           \
    "\"delete\":{\"daysAfterModificationGreaterThan\":" days "}"
#define FOR_EVER "  keeps audit logs for ever by no lifecycle rule\n"

static const struct decode_case cases[] = {
    { "any operation", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(IS("category", "Administrative")),
        ON_PAY " category Administrative tells /ag\n", "limit" },
    { "one of two operations", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(ANY_OF("operationName", "Microsoft.KeyVault/vaults/delete",
            "Microsoft.KeyVault/managedHSMs/delete")),
        ON_PAY " watches Microsoft.KeyVault/vaults/delete watches "
               "Microsoft.KeyVault/managedHSMs/delete",
        "limit" },
    { "written as a list of conditions", AZURE_GRAPH_ALERTS, "",
        ACTIVITY("{\"anyOf\":[" IS("operationName", "a/delete") "," IS(
            "operationname", "b/delete") "]}"),
        " watches a/delete watches b/delete", "limit" },
    { "fields mixed in one list", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(
            "{\"anyOf\":[" IS("operationName", "a") "," IS("caller", "b") "]}"),
        " limit several fields at once", NULL },
    { "success passes", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(ANY_OF("status", "failed", "succeeded") "," IS(
            "level", "Informational")),
        ON_PAY " tells", "limit" },
    { "only what failed", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(IS("status", "Failed")), " limit status", NULL },
    { "only one caller", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(IS("caller", "ops@contoso.com")), " limit caller", NULL },
    { "only one resource", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(IS("resourceId", VAULT)), "enabled y on " VAULT " ", "limit" },
    { "only one group", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(IS("resourceGroup", "rg-other")),
        "on /subscriptions/" PAY "/resourceGroups/rg-other ", "limit" },
    { "only one type", AZURE_GRAPH_ALERTS, "",
        ACTIVITY(IS("resourceType", "Microsoft.KeyVault/vaults")),
        ON_PAY " type Microsoft.KeyVault/vaults", "limit" },
    { "another type of resource", AZURE_GRAPH_ALERTS, "",
        "{\"data\":[{\"id\":\"" VAULT "\",\"name\":\"kv\",\"type\":"
        "\"microsoft.insights/components\"}]}",
        "", "alert" },
    { "a rule without an id", AZURE_GRAPH_ALERTS, "",
        "{\"data\":[{\"type\":\"microsoft.insights/metricalerts\"}]}", NULL,
        NULL },
    { "a receiver that is switched off", AZURE_GRAPH_ALERTS, "",
        "{\"data\":[{\"id\":\"" GROUP "/providers/microsoft.insights/"
        "actionGroups/ag\",\"name\":\"ag\",\"type\":"
        "\"Microsoft.Insights/ActionGroups\",\"properties\":{\"enabled\":true,"
        "\"emailReceivers\":[{\"status\":\"Disabled\"}],"
        "\"incidentReceivers\":[{}],\"groupShortName\":\"x\"}}]}",
        "action group ag enabled y receivers 1\n", NULL },

    { "live", AZURE_SOURCE_EVENTS, VAULT, EVENT(STATE("Succeeded"), TO_QUEUE),
        "events es to StorageQueue live y\n", NULL },
    { "waits for a handshake", AZURE_SOURCE_EVENTS, VAULT,
        EVENT(STATE("AwaitingManualAction"), TO_QUEUE),
        "events es to StorageQueue live n\n", NULL },
    { "failed", AZURE_TOPIC_EVENTS, VAULT, EVENT(STATE("failed"), TO_QUEUE),
        " live n\n", NULL },
    { "leads nowhere", AZURE_SOURCE_EVENTS, VAULT,
        EVENT(STATE("Succeeded"), "\"destination\":null,"),
        "events es to - live n\n", NULL },
    { "by an identity", AZURE_SOURCE_EVENTS, VAULT,
        EVENT("", "\"deliveryWithResourceIdentity\":{" TO_QUEUE "\"x\":1},"),
        "events es to StorageQueue live y\n", NULL },

    { "no rule for append blobs", AZURE_LIFECYCLE, ACCOUNT,
        RULES(RULE("r", "true", "\"blobTypes\":[\"blockBlob\"]", DELETE("7"))),
        FOR_EVER, NULL },
    { "a rule for all", AZURE_LIFECYCLE, ACCOUNT,
        RULES(RULE("r", "true", APPEND, DELETE("90.0"))),
        "  keeps audit logs 90 days by lifecycle rule r\n", NULL },
    { "the shortest rule counts", AZURE_LIFECYCLE, ACCOUNT,
        RULES(RULE("long", "true", APPEND, DELETE("400")) "," RULE(
            "short", "true", APPEND PREFIX("INSIGHTS-logs"), DELETE("30"))),
        " 30 days by lifecycle rule short\n", NULL },
    { "another container", AZURE_LIFECYCLE, ACCOUNT,
        RULES(RULE("r", "true", APPEND PREFIX("backups/"), DELETE("1"))),
        FOR_EVER, NULL },
    { "switched off", AZURE_LIFECYCLE, ACCOUNT,
        RULES(RULE("r", "false", APPEND, DELETE("1"))), FOR_EVER, NULL },
    { "moves only", AZURE_LIFECYCLE, ACCOUNT,
        RULES(RULE("r", "true", APPEND,
            "\"tierToCool\":{\"daysAfterModificationGreaterThan\":1}")),
        FOR_EVER, NULL },
    { "by an index tag", AZURE_LIFECYCLE, ACCOUNT,
        RULES(RULE("r", "true", APPEND ",\"blobIndexMatch\":[{\"name\":\"x\"}]",
            DELETE("1"))),
        FOR_EVER, NULL },
    { "some vaults' logs only", AZURE_LIFECYCLE, ACCOUNT,
        RULES(RULE("one", "true",
            APPEND PREFIX("insights-logs-auditevent/resourceId=/X"),
            DELETE("1"))),
        "not known: lifecycle rule one deletes some of the audit logs", NULL },
    { "no policy in the answer", AZURE_LIFECYCLE, ACCOUNT, "{}", NULL, NULL },

    { "a table of its own", AZURE_TABLE, WORKSPACE "/tables/AZKVAuditLogs",
        "{\"properties\":{\"retentionInDays\":90,\"totalRetentionInDays\":"
        "730}}",
        "  keeps audit logs 730 days by table AZKVAuditLogs\n", "shared" },
    { "the shared table", AZURE_TABLE, WORKSPACE "/tables/AzureDiagnostics",
        "{\"properties\":{\"retentionInDays\":90}}",
        "  keeps shared logs 90 days by table AzureDiagnostics\n", "audit" },
    { "a table without days", AZURE_TABLE, WORKSPACE "/tables/AZKVAuditLogs",
        "{\"properties\":{\"totalRetentionInDays\":-1}}", NULL, NULL },
};

static void put_sink(
    struct kv_estate *estate, const char *id, enum kv_sink_kind kind)
{
    estate_add_row(estate, KV_SET_SINKS,
        &(struct kv_sink){ .id = id,
            .scope = id,
            .name = "sink",
            .kind = kind,
            .default_days = 31 });
}

static struct kv_estate *estate_made(void)
{
    struct kv_estate *estate = estate_new();

    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        estate_begin(estate, (enum kv_facet)facet);
    estate_commit(estate, KV_FACET_SINKS);
    put_sink(estate, ACCOUNT, KV_SINK_STORAGE);
    put_sink(estate, WORKSPACE, KV_SINK_WORKSPACE);
    return estate;
}

static enum kv_status take(
    struct kv_estate *estate, const struct decode_case *row)
{
    struct azure_context context = { estate, row->subject, READ_AT_S };
    struct azure_page page;
    struct kv_error err = { 0 };
    enum kv_status status =
        azure_page_open(&page, row->read, view_of(row->body), &err);

    if (status != KV_OK)
        fail_with("%s: %s", row->name, err.text);
    while (status == KV_OK && !azure_page_ended(&page))
        status = azure_page_take(&page, row->read, &context, 1, &err);
    azure_page_done(&page);
    return status;
}

static void check_case(const struct decode_case *row)
{
    struct kv_estate *estate = estate_made();
    struct buf text = { .limit = 1u << 16 };
    enum kv_status status = take(estate, row);

    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        estate_commit(estate, (enum kv_facet)facet);
    describe_detection(&text, estate);
    if ((status == KV_OK) != (row->says != NULL))
        fail_with("%s: status %d", row->name, (int)status);
    if (row->says && !strstr(buf_text(&text), row->says))
        fail_with(
            "%s: expected '%s' in\n%s", row->name, row->says, buf_text(&text));
    if (row->silent && strstr(buf_text(&text), row->silent))
        fail_with("%s: did not expect '%s' in\n%s", row->name, row->silent,
            buf_text(&text));
    buf_done(&text);
    estate_free(estate);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        check_case(&cases[i]);
}

/* ---- what could not be read ---- */

static const struct {
    const char *name;
    enum azure_read read;
    const char *subject;
    enum kv_status status;
    const char *says;
} failures[] = {
    { "no lifecycle: nothing deletes", AZURE_LIFECYCLE, ACCOUNT, KV_NOT_FOUND,
        FOR_EVER },
    { "no such table: the workspace's days", AZURE_TABLE,
        WORKSPACE "/tables/AZKVAuditLogs", KV_NOT_FOUND,
        "  keeps audit logs 31 days by the workspace\n" },
    { "a denied table", AZURE_TABLE, WORKSPACE "/tables/AzureDiagnostics",
        KV_DENIED, "  keeps shared logs not known: some/action\n" },
    { "a denied lifecycle", AZURE_LIFECYCLE, ACCOUNT, KV_DENIED,
        "  keeps audit logs not known: some/action\n" },
};

static void test_failures(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(failures); i++) {
        struct kv_estate *estate = estate_made();
        struct buf text = { .limit = 1u << 16 };

        retention_fail(
            &(struct azure_context){ estate, failures[i].subject, READ_AT_S },
            failures[i].read,
            &(struct kv_error){ .status = failures[i].status },
            &(struct kv_facet_status){
                KV_FACET_DENIED, READ_AT_S, "some/action" });
        describe_detection(&text, estate);
        if (!strstr(buf_text(&text), failures[i].says))
            fail_with("%s: expected '%s' in\n%s", failures[i].name,
                failures[i].says, buf_text(&text));
        buf_done(&text);
        estate_free(estate);
    }
}

/* ---- queries of log alerts ---- */

#define OWN KV_QUERY_OWN_TABLE
#define SHARED KV_QUERY_SHARED_TABLE
#define FAILURES KV_QUERY_FAILURES
#define DELETIONS KV_QUERY_DELETIONS
#define CHOSEN KV_QUERY_CHOSEN
#define UNCLEAR KV_QUERY_UNCLEAR

static const struct {
    const char *query;
    uint32_t bits;
} queries[] = {
    { "", 0 },
    { "Perf | where Counter > 403", FAILURES },
    { "AZKVAuditLogs | where HttpStatusCode == 403", OWN | FAILURES },
    { "azkvauditlogs\n| where toint(HttpStatusCode) >= 400", OWN | FAILURES },
    { "AZKVAuditLogs | where HttpStatusCode != 403", OWN },
    { "AZKVAuditLogs | where HttpStatusCode == 401", OWN },
    { "AZKVAuditLogs | where DurationMs > 1403", OWN },
    { "AZKVAuditLogs // 403\n| count", OWN },
    { "AZKVAuditLogs | where ResultSignature =~ 'Forbidden'", OWN | FAILURES },
    { "AzureDiagnostics | where ResourceProvider == 'MICROSOFT.KEYVAULT' | "
      "where httpStatusCode_d >= 300",
        SHARED | FAILURES },
    { "AzureDiagnostics | where ResourceProvider == 'MICROSOFT.SQL' | where "
      "x == 403",
        FAILURES },
    { "union AZKVAuditLogs, AzureDiagnostics | where OperationName has "
      "\"Purge\"",
        OWN | SHARED | DELETIONS },
    { "AZKVAuditLogs | where OperationName in ('SecretDelete', 'KeyDelete')",
        OWN | DELETIONS },
    { "AZKVAuditLogs | where OperationName !in ('SecretDelete', 'KeyDelete')",
        OWN },
    { "AZKVAuditLogs | where OperationName != 'SecretDelete'", OWN },
    { "AZKVAuditLogs | where HttpStatusCode != 200 and OperationName == "
      "'VaultDelete'",
        OWN | FAILURES | DELETIONS },
    { "AZKVAuditLogs | where OperationName == 'SecretListDeleted'", OWN },
    { "AzureActivity | where OperationNameValue =~ "
      "'Microsoft.KeyVault/vaults/delete'",
        UNCLEAR },
    { "AZKVAuditLogs | where _ResourceId has '/vaults/kv-pay' | where "
      "HttpStatusCode == 403",
        OWN | FAILURES | CHOSEN },
    { "AZKVAuditLogs | summarize count() by _ResourceId", OWN },
    { "AZKVAuditLogs | where Resource != 'KV-NOISY'", OWN },
    { "VaultFailures(30m)", UNCLEAR },
    { "AZKVAuditLogs | where x == 'not closed", OWN },
};

static void test_queries(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(queries); i++) {
        uint32_t bits = log_query_looks_at(view_of(queries[i].query));

        if (bits != queries[i].bits)
            fail_with("%s: %02x, expected %02x", queries[i].query, bits,
                queries[i].bits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_queries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
