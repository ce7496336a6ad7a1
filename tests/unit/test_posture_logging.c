/* Whether audit logs arrive somewhere: what a diagnostic setting sends, and
 * whether the sink that it names exists, is gone, or cannot be told. */
#include <string.h>

#include "posture_case.h"

#define HUB_RULE SCENE_HUB_SPACE "/authorizationRules/RootManageSharedAccessKey"
#define HUB_RULE_LOWER SCENE_HUB_SPACE "/authorizationrules/send"
#define STORAGE                                                                \
    "/subscriptions/" SCENE_HOME "/resourceGroups/rg-log/providers/"           \
    "Microsoft.Storage/storageAccounts/stlog"
#define PARTNER                                                                \
    "/subscriptions/" SCENE_AWAY "/resourceGroups/rg/providers/"               \
    "Microsoft.Datadog/monitors/dd"

/* One setting that carries the audit log by AuditEvent. */
#define AUDIT(...)                                                             \
    {                                                                          \
        .name = "audit", .audit = true, .audit_row = "AuditEvent", __VA_ARGS__ \
    }
#define ONE(...) .diagnostics = { __VA_ARGS__ }, .diagnostic_count = 1
#define SINKS_NOT(facet_state)                                                 \
    .not_ready = KV_FACET_BIT(KV_FACET_SINKS), .state = (facet_state)

static const struct verdict_case cases[] = {
    { "workspace in any casing", "LOG-1",
        { ONE(AUDIT(.workspace_id =
                        "/SUBSCRIPTIONS/" SCENE_HUB
                        "/resourcegroups/RG-LOG/providers/"
                        "microsoft.operationalinsights/workspaces/LOG-WEU")),
            .sinks = { SCENE_WORKSPACE(SCENE_HUB) } },
        KV_VERDICT_PASS, "audit sends AuditEvent\nto workspace LOG-WEU" },
    { "storage account", "LOG-1",
        { ONE(AUDIT(.storage_id = STORAGE)), .sinks = { STORAGE } },
        KV_VERDICT_PASS, "to storage account stlog" },
    { "event hub rule stands for its namespace", "LOG-1",
        { ONE(AUDIT(.event_hub_rule_id = HUB_RULE)),
            .sinks = { SCENE_HUB_SPACE } },
        KV_VERDICT_PASS, "to event hub ehns" },
    { "event hub rule in lower case", "LOG-1",
        { ONE(AUDIT(.event_hub_rule_id = HUB_RULE_LOWER)),
            .sinks = { SCENE_HUB_SPACE } },
        KV_VERDICT_PASS, "to event hub ehns" },
    { "event hub is gone", "LOG-1",
        { ONE(AUDIT(.event_hub_rule_id = HUB_RULE)) }, KV_VERDICT_FAIL,
        "to event hub ehns, which does not exist" },
    { "partner cannot be looked up", "LOG-1",
        { ONE(AUDIT(.partner_id = PARTNER)) }, KV_VERDICT_PASS,
        "to partner dd" },
    { "workspace is gone", "LOG-1",
        { ONE(AUDIT(.workspace_id = SCENE_WORKSPACE(SCENE_HUB))) },
        KV_VERDICT_FAIL, "to workspace log-weu, which does not exist" },
    { "workspace where nobody read", "LOG-1",
        { ONE(AUDIT(.workspace_id = SCENE_WORKSPACE(SCENE_AWAY))) },
        KV_VERDICT_UNKNOWN,
        "which may or may not exist: its subscription is not part of what was "
        "read" },
    { "sinks denied", "LOG-1",
        { ONE(AUDIT(.workspace_id = SCENE_WORKSPACE(SCENE_HUB))),
            SINKS_NOT(KV_FACET_DENIED) },
        KV_VERDICT_UNKNOWN,
        "not readable: needs Microsoft.OperationalInsights/workspaces/read "
        "(denied)" },
    { "sinks denied, but this one was seen", "LOG-1",
        { ONE(AUDIT(.workspace_id = SCENE_WORKSPACE(SCENE_HUB))),
            .sinks = { SCENE_WORKSPACE(SCENE_HUB) },
            SINKS_NOT(KV_FACET_DENIED) },
        KV_VERDICT_PASS, "audit sends AuditEvent\nto workspace log-weu" },
    { "one that is asked for and not shown", "LOG-1",
        { ONE(AUDIT(.workspace_id = SCENE_WORKSPACE(SCENE_HUB))),
            .sinks = { SCENE_WORKSPACE(SCENE_HUB) }, .sinks_hidden = true },
        KV_VERDICT_UNKNOWN,
        "which may or may not exist: it is not shown to this account" },
    { "a sink that exists settles it", "LOG-1",
        { ONE(AUDIT(.workspace_id = SCENE_WORKSPACE(SCENE_AWAY),
              .storage_id = STORAGE)),
            .sinks = { STORAGE } },
        KV_VERDICT_PASS, "to storage account stlog" },
    { "one unknown is not a failure", "LOG-1",
        { .diagnostics = { AUDIT(.storage_id = STORAGE),
              AUDIT(.workspace_id = SCENE_WORKSPACE(SCENE_AWAY)) },
            .diagnostic_count = 2 },
        KV_VERDICT_UNKNOWN, "stlog, which does not exist" },
    { "no audit row needs no sinks", "LOG-1",
        { ONE({ .name = "metrics",
              .metrics = true,
              .workspace_id = SCENE_WORKSPACE(SCENE_AWAY) }),
            SINKS_NOT(KV_FACET_DENIED) },
        KV_VERDICT_FAIL, "metrics sends metrics but no audit log" },
    { "audit switched off", "LOG-1",
        { ONE({ .name = "quiet", .storage_id = STORAGE }),
            .sinks = { STORAGE } },
        KV_VERDICT_FAIL, "quiet sends no audit log" },
    { "audit without a destination", "LOG-1", { ONE(AUDIT(.metrics = true)) },
        KV_VERDICT_FAIL, "audit sends AuditEvent nowhere" },
    { "an id that is none", "LOG-1", { ONE(AUDIT(.workspace_id = "log-weu")) },
        KV_VERDICT_UNKNOWN, "to workspace log-weu" },
    { "a name that forges a line", "LOG-1",
        { ONE({ .name = "x\nall is well" }) }, KV_VERDICT_FAIL,
        "x<U+000A>all is well sends no audit log" },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        verdict_case_check(&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests_name("posture logging", tests, NULL, NULL);
}
