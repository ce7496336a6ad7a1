/* Cases of the rows on logging and detection: a setting, what it reaches, and
 * who is told. */
#ifndef CASES_LOGGING_H
#define CASES_LOGGING_H

#include "posture_case.h"

#define LOG_SPACE SCENE_WORKSPACE(SCENE_HUB)
#define LOG_STORE                                                              \
    "/subscriptions/" SCENE_HUB "/resourceGroups/rg-log/providers/"            \
    "Microsoft.Storage/storageAccounts/stlog"
#define LOG_HUB_RULE SCENE_HUB_SPACE "/authorizationRules/send"
#define LOG_HOME "/subscriptions/" SCENE_HOME
#define LOG_GROUP_ID LOG_HOME "/ag"
#define LOG_READY                                                              \
    {                                                                          \
        KV_FACET_READY, SCENE_READ_AT_S, NULL                                  \
    }

/* ---- destinations ---- */

#define TO_SPACE(own)                                                          \
    .diagnostics = { { .name = "audit",                                        \
        .audit = true,                                                         \
        .dedicated = own,                                                      \
        .workspace_id = LOG_SPACE } },                                         \
    .diagnostic_count = 1
#define TO_STORE                                                               \
    .diagnostics = { { .name = "audit",                                        \
        .audit = true,                                                         \
        .storage_id = LOG_STORE } },                                           \
    .diagnostic_count = 1
#define TO_HUB                                                                 \
    .diagnostics = { { .name = "audit",                                        \
        .audit = true,                                                         \
        .event_hub_rule_id = LOG_HUB_RULE } },                                 \
    .diagnostic_count = 1

static const struct kv_sink log_space = { .id = LOG_SPACE,
    .scope = LOG_SPACE,
    .name = "log-weu",
    .kind = KV_SINK_WORKSPACE,
    .retention = { LOG_READY, 180, "table AZKVAuditLogs" },
    .shared_retention = { LOG_READY, 730, "table AzureDiagnostics" } };
static const struct kv_sink log_space_by_resource = { .id = LOG_SPACE,
    .scope = LOG_SPACE,
    .name = "log-weu",
    .kind = KV_SINK_WORKSPACE,
    .by_resource = true };
static const struct kv_sink log_space_denied = { .id = LOG_SPACE,
    .scope = LOG_SPACE,
    .name = "log-weu",
    .kind = KV_SINK_WORKSPACE,
    .shared_retention = {
        { KV_FACET_DENIED, 0, "workspaces/tables/read" }, 0, NULL } };
static const struct kv_sink log_store = { .id = LOG_STORE,
    .scope = LOG_STORE,
    .name = "stlog",
    .kind = KV_SINK_STORAGE,
    .retention = { LOG_READY, KV_RETENTION_UNLIMITED, "no lifecycle rule" } };
static const struct kv_sink log_store_short = { .id = LOG_STORE,
    .scope = LOG_STORE,
    .name = "stlog",
    .kind = KV_SINK_STORAGE,
    .retention = { LOG_READY, 90, "lifecycle rule audit-90" } };
static const struct kv_sink log_hub = { .id = SCENE_HUB_SPACE,
    .scope = SCENE_HUB_SPACE,
    .name = "ehns",
    .kind = KV_SINK_EVENT_HUB };

#define SINK(name)                                                             \
    {                                                                          \
        KV_SET_SINKS, &name                                                    \
    }

/* ---- who is told ---- */

static const struct kv_action_group log_group = { LOG_GROUP_ID, LOG_HOME, "ag",
    true, 1 };
static const struct kv_action_group log_group_empty = { LOG_GROUP_ID, LOG_HOME,
    "ag", true, 0 };
#define GROUP                                                                  \
    {                                                                          \
        KV_SET_ACTION_GROUPS, &log_group                                       \
    }
#define EMPTY_GROUP                                                            \
    {                                                                          \
        KV_SET_ACTION_GROUPS, &log_group_empty                                 \
    }

#define RULE(variable, what, on, ...)                                          \
    static const struct kv_alert variable = { .id = #variable,                 \
        .scope = on,                                                           \
        .rule_id = #variable,                                                  \
        .name = #variable,                                                     \
        .kind = what,                                                          \
        .enabled = true,                                                       \
        .action_groups = (const char *const[]){ LOG_GROUP_ID },                \
        .action_group_count = 1,                                               \
        __VA_ARGS__ }
#define WATCHES(...)                                                           \
    .watches = (const char *const[]){ __VA_ARGS__ },                           \
    .watch_count =                                                             \
        sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)
#define FOR_TYPE(type)                                                         \
    .target_types = (const char *const[]){ type }, .target_type_count = 1

RULE(rule_metrics, KV_ALERT_METRIC, LOG_HOME,
    FOR_TYPE("microsoft.keyvault/VAULTS"), .target_region = "West Europe",
    WATCHES("Availability", "SaturationShoebox", "ServiceApiLatency",
        "ServiceApiResult"));
RULE(rule_availability, KV_ALERT_METRIC, SCENE_VAULT, WATCHES("Availability"));
RULE(rule_north, KV_ALERT_METRIC, LOG_HOME, WATCHES("Availability"),
    .target_region = "northeurope");
RULE(rule_machines, KV_ALERT_METRIC, LOG_HOME, WATCHES("Availability"),
    FOR_TYPE("Microsoft.Compute/virtualMachines"));
RULE(rule_hsm, KV_ALERT_METRIC, SCENE_HSM,
    WATCHES("Availability", "ServiceApiLatency"));
RULE(rule_delete, KV_ALERT_ACTIVITY_LOG, LOG_HOME, .category = "Administrative",
    WATCHES("microsoft.keyvault/vaults/DELETE",
        "Microsoft.KeyVault/managedHSMs/delete"));
RULE(rule_write, KV_ALERT_ACTIVITY_LOG, LOG_HOME, .category = "Administrative",
    WATCHES("Microsoft.KeyVault/vaults/write"));
RULE(rule_one_caller, KV_ALERT_ACTIVITY_LOG, LOG_HOME,
    .category = "Administrative", .limit = "caller");
RULE(rule_policy, KV_ALERT_ACTIVITY_LOG, LOG_HOME, .category = "Policy");
RULE(rule_failures, KV_ALERT_LOG, LOG_SPACE, .query = "q",
    .looks_at = KV_QUERY_SHARED_TABLE | KV_QUERY_FAILURES);
RULE(rule_deletions, KV_ALERT_LOG, LOG_SPACE, .query = "q",
    .looks_at = KV_QUERY_SHARED_TABLE | KV_QUERY_DELETIONS);
RULE(rule_own_table, KV_ALERT_LOG, LOG_SPACE, .query = "q",
    .looks_at = KV_QUERY_OWN_TABLE | KV_QUERY_FAILURES | KV_QUERY_DELETIONS);
RULE(rule_other_vault, KV_ALERT_LOG, LOG_SPACE,
    .query = "where Resource == 'KV-OTHER'",
    .looks_at = KV_QUERY_SHARED_TABLE | KV_QUERY_FAILURES | KV_QUERY_CHOSEN);
RULE(rule_stored, KV_ALERT_LOG, LOG_SPACE, .query = "VaultFailures()",
    .looks_at = KV_QUERY_UNCLEAR);

#define ALERT(name)                                                            \
    {                                                                          \
        KV_SET_ALERTS, &name                                                   \
    }
#define WEST .resource = { .location = "westeurope" }

/* ---- a subscription ---- */

static const struct kv_plan_tier log_plan = { LOG_HOME "/plan", LOG_HOME,
    "KeyVaults", true, "PerKeyVault" };
static const struct kv_plan_tier log_plan_free = { LOG_HOME "/plan", LOG_HOME,
    "KeyVaults", false, NULL };
static const struct kv_policy log_wants_plan = { .defender_plan =
                                                     "perkeyvault" };
static const struct kv_policy log_wants_other_plan = { .defender_plan =
                                                           "PerTransaction" };
static const struct kv_policy log_wants_space = {
    .log_sinks = { (const char *const[]){ LOG_SPACE }, 1 }
};

static const struct kv_activity_log log_activity = { .id = "a",
    .scope = LOG_HOME,
    .name = "export",
    .workspace_id = LOG_SPACE,
    .categories =
        (const char *const[]){ "administrative", "Security", "Alert" },
    .category_count = 3 };
static const struct kv_activity_log log_activity_rest = { .id = "b",
    .scope = LOG_HOME,
    .name = "rest",
    .workspace_id = LOG_SPACE,
    .categories = (const char *const[]){ "Policy" },
    .category_count = 1 };
static const struct kv_activity_log log_activity_lost = { .id = "c",
    .scope = LOG_HOME,
    .name = "lost",
    .workspace_id = SCENE_WORKSPACE(SCENE_AWAY),
    .categories = (const char *const[]){ "allLogs" },
    .category_count = 1 };

static const struct kv_topic log_topic = { LOG_HOME "/topic", SCENE_VAULT,
    "egst", "Microsoft.KeyVault.vaults" };
static const struct kv_topic log_policy_topic = { LOG_HOME "/topic", LOG_HOME,
    "egst", "Microsoft.PolicyInsights.PolicyStates" };
#define EVENTS_TO(variable, on, ...)                                           \
    static const struct kv_event_subscription variable = { .id = "es",         \
        .scope = on,                                                           \
        .name = "es",                                                          \
        .destination = "StorageQueue",                                         \
        __VA_ARGS__ }
EVENTS_TO(log_events, LOG_HOME "/topic", .live = true);
EVENTS_TO(log_events_direct, SCENE_VAULT, .live = true);
EVENTS_TO(log_events_waiting, SCENE_VAULT, .live = false);
EVENTS_TO(log_events_expired, SCENE_VAULT, .live = true,
    .expires_at_s = SCENE_READ_AT_S);

static const struct verdict_case cases_logging[] = {
    { "a shared table", "LOG-2",
        { TO_SPACE(false), .around = { SINK(log_space) } }, KV_VERDICT_PASS,
        "keeps them 730 days, by table AzureDiagnostics" },
    { "its own table", "LOG-2",
        { TO_SPACE(true), .around = { SINK(log_space) } }, KV_VERDICT_FAIL,
        "180 days, by table AZKVAuditLogs\nwanted are 365 days" },
    { "a denied table", "LOG-2",
        { TO_SPACE(false), .around = { SINK(log_space_denied) } },
        KV_VERDICT_UNKNOWN, "not known, it needs workspaces/tables/read" },
    { "nothing deletes", "LOG-2", { TO_STORE, .around = { SINK(log_store) } },
        KV_VERDICT_PASS, "keeps them for ever" },
    { "a short rule", "LOG-2",
        { TO_STORE, .around = { SINK(log_store_short) } }, KV_VERDICT_FAIL,
        "90 days, by lifecycle rule audit-90" },
    { "an event hub alone", "LOG-2", { TO_HUB, .around = { SINK(log_hub) } },
        KV_VERDICT_UNKNOWN, "whoever receives from it" },
    { "the longest counts", "LOG-2",
        { .diagnostics = { { .name = "a",
              .audit = true,
              .storage_id = LOG_STORE,
              .workspace_id = LOG_SPACE } },
            .diagnostic_count = 1,
            .around = { SINK(log_space), SINK(log_store_short) } },
        KV_VERDICT_PASS, "730 days" },
    { "nothing is sent", "LOG-2", { .diagnostic_count = 0 }, KV_VERDICT_FAIL,
        "none is kept" },
    { "for an HSM, too", "LOG-2",
        { .resource = { .kind = KV_KIND_HSM },
            TO_STORE,
            .around = { SINK(log_store) } },
        KV_VERDICT_PASS, "for ever" },

    { "nobody reads", "LOG-3",
        { TO_SPACE(false), .around = { SINK(log_space) } }, KV_VERDICT_PASS,
        "0 principals can read the audit logs, allowed are 10" },
    { "a reader of the vault, where that is enough", "LOG-3",
        { TO_SPACE(false), .around = { SINK(log_space_by_resource) },
            .assignments = { { KV_SCOPE_RESOURCE, "Reader", "p1",
                KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_PASS, "1 principal can read the audit logs" },
    { "a reader of the vault, where it is not", "LOG-3",
        { TO_SPACE(false), .around = { SINK(log_space) },
            .assignments = { { KV_SCOPE_RESOURCE, "Reader", "p1",
                KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_PASS, "0 principals can read" },
    { "a group that is not opened", "LOG-3",
        { TO_SPACE(false), .around = { SINK(log_space_by_resource) },
            .assignments = { { KV_SCOPE_RESOURCE, "Reader", "g1",
                KV_PRINCIPAL_GROUP, false } } },
        KV_VERDICT_UNKNOWN, "a group whose members were not read" },
    { "more than allowed", "LOG-3",
        { TO_SPACE(false), .around = { SINK(log_space_by_resource) },
            .policy = &(const struct kv_policy){ .max_log_readers = 1 },
            .assignments = { { KV_SCOPE_RESOURCE, "Reader", "p1",
                                 KV_PRINCIPAL_USER, false },
                { KV_SCOPE_ROOT, "Owner", "p2", KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_FAIL,
        "2 principals can read the audit logs, allowed are 1" },
    { "no log, no readers", "LOG-3", { .diagnostic_count = 0 },
        KV_VERDICT_NOT_APPLICABLE, "no audit log is kept" },

    { "a wide metric rule", "LOG-4",
        { WEST, .around = { ALERT(rule_metrics), GROUP } }, KV_VERDICT_PASS,
        "metric rule rule_metrics" },
    { "no receiver", "LOG-4",
        { WEST, .around = { ALERT(rule_metrics), EMPTY_GROUP } },
        KV_VERDICT_FAIL, "no enabled action group with a receiver" },
    { "an action group that is gone", "LOG-4",
        { WEST, .around = { ALERT(rule_metrics) } }, KV_VERDICT_FAIL,
        "no enabled action group" },
    { "another region", "LOG-4",
        { WEST, .around = { ALERT(rule_north), GROUP } }, KV_VERDICT_FAIL,
        "is only for northeurope" },
    { "another type", "LOG-4",
        { WEST, .around = { ALERT(rule_machines), GROUP } }, KV_VERDICT_FAIL,
        "no alert rule covers the vault" },
    { "one caller only", "LOG-4",
        { WEST, .around = { ALERT(rule_one_caller), GROUP } }, KV_VERDICT_FAIL,
        "fires only by a condition on caller" },
    { "a log rule on its workspace", "LOG-4",
        { WEST, TO_SPACE(false), .around = { ALERT(rule_failures), GROUP } },
        KV_VERDICT_PASS, "log rule rule_failures" },
    { "a stored function", "LOG-4",
        { WEST, TO_SPACE(false), .around = { ALERT(rule_stored), GROUP } },
        KV_VERDICT_UNKNOWN, "a query that names no table" },
    { "settings denied", "LOG-4",
        { WEST, .not_ready = KV_FACET_BIT(KV_FACET_DIAGNOSTICS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_UNKNOWN, "diagnostic settings: not readable" },

    { "both halves", "LOG-5",
        { WEST, TO_SPACE(false),
            .around = { ALERT(rule_failures), ALERT(rule_deletions), GROUP } },
        KV_VERDICT_PASS, "log rule rule_deletions" },
    { "one half", "LOG-5",
        { WEST, TO_SPACE(false), .around = { ALERT(rule_deletions), GROUP } },
        KV_VERDICT_FAIL, "no log rule that works looks for refused access" },
    { "the other table", "LOG-5",
        { WEST, TO_SPACE(false), .around = { ALERT(rule_own_table), GROUP } },
        KV_VERDICT_FAIL, "no log rule that works looks for deletions" },
    { "its own table", "LOG-5",
        { WEST, TO_SPACE(true), .around = { ALERT(rule_own_table), GROUP } },
        KV_VERDICT_PASS, "log rule rule_own_table" },
    { "another vault's", "LOG-5",
        { WEST, TO_SPACE(false),
            .around = { ALERT(rule_other_vault), ALERT(rule_deletions),
                GROUP } },
        KV_VERDICT_FAIL, "refused access" },
    { "no workspace", "LOG-5", { WEST, TO_STORE }, KV_VERDICT_FAIL,
        "audit logs go to no workspace" },
    { "a stored function", "LOG-5",
        { WEST, TO_SPACE(false),
            .around = { ALERT(rule_stored), ALERT(rule_deletions), GROUP } },
        KV_VERDICT_UNKNOWN, "whether a log rule looks for refused access" },

    { "standard", "LOG-6", { .around = { { KV_SET_PLANS, &log_plan } } },
        KV_VERDICT_PASS, "KeyVaults is Standard, PerKeyVault" },
    { "free", "LOG-6", { .around = { { KV_SET_PLANS, &log_plan_free } } },
        KV_VERDICT_FAIL, "KeyVaults is Free" },
    { "not shown", "LOG-6", { .diagnostic_count = 0 }, KV_VERDICT_UNKNOWN,
        "Microsoft.Security/pricings/read" },
    { "denied", "LOG-6",
        { .not_ready = KV_FACET_BIT(KV_FACET_PLANS), .state = KV_FACET_DENIED },
        KV_VERDICT_UNKNOWN, "Defender plans: not readable" },
    { "not registered", "LOG-6",
        { .not_ready = KV_FACET_BIT(KV_FACET_PLANS),
            .state = KV_FACET_UNREGISTERED },
        KV_VERDICT_FAIL, "is not registered" },
    { "another cloud", "LOG-6",
        { .resource = { .uri = "https://kv-pay.vault.usgovcloudapi.net/" } },
        KV_VERDICT_NOT_APPLICABLE, "in this cloud" },
    { "the intended plan", "LOG-8",
        { .around = { { KV_SET_PLANS, &log_plan } },
            .policy = &log_wants_plan },
        KV_VERDICT_PASS, "wanted is perkeyvault" },
    { "another plan", "LOG-8",
        { .around = { { KV_SET_PLANS, &log_plan } },
            .policy = &log_wants_other_plan },
        KV_VERDICT_FAIL, "wanted is PerTransaction" },
    { "no plan named", "LOG-8", { .diagnostic_count = 0 },
        KV_VERDICT_NOT_APPLICABLE, "defender_plan names none" },

    { "on a topic", "LOG-7",
        { .around = { { KV_SET_TOPICS, &log_topic },
              { KV_SET_EVENT_SUBSCRIPTIONS, &log_events } } },
        KV_VERDICT_PASS, "event subscription es to StorageQueue" },
    { "on the vault, though topics are denied", "LOG-7",
        { .around = { { KV_SET_EVENT_SUBSCRIPTIONS, &log_events_direct } },
            .not_ready = KV_FACET_BIT(KV_FACET_EVENTS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_PASS, "event subscription es" },
    { "a handshake is open", "LOG-7",
        { .around = { { KV_SET_EVENT_SUBSCRIPTIONS, &log_events_waiting } } },
        KV_VERDICT_FAIL, "is not in effect" },
    { "expired", "LOG-7",
        { .around = { { KV_SET_EVENT_SUBSCRIPTIONS, &log_events_expired } } },
        KV_VERDICT_FAIL, "has expired" },
    { "nobody subscribed", "LOG-7",
        { .around = { { KV_SET_TOPICS, &log_topic } } }, KV_VERDICT_FAIL,
        "nobody subscribed on topic egst" },
    { "events denied", "LOG-7",
        { .not_ready = KV_FACET_BIT(KV_FACET_EVENTS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_UNKNOWN, "event subscriptions: not readable" },

    { "deletion is watched", "LOG-9",
        { WEST, .around = { ALERT(rule_delete), GROUP } }, KV_VERDICT_PASS,
        "activity-log rule rule_delete" },
    { "writing is watched", "LOG-9",
        { WEST, .around = { ALERT(rule_write), GROUP } }, KV_VERDICT_FAIL,
        "no activity-log rule that works watches "
        "Microsoft.KeyVault/vaults/delete" },
    { "deletion of an HSM", "LOG-9",
        { .resource = { .kind = KV_KIND_HSM },
            .around = { ALERT(rule_delete), GROUP } },
        KV_VERDICT_PASS, "rule_delete" },

    { "all metrics", "LOG-10",
        { WEST, .around = { ALERT(rule_metrics), GROUP } }, KV_VERDICT_PASS,
        "metric rule rule_metrics" },
    { "one metric", "LOG-10",
        { WEST, .around = { ALERT(rule_availability), GROUP } },
        KV_VERDICT_FAIL, "watches SaturationShoebox" },
    { "the two of an HSM", "LOG-10",
        { .resource = { .kind = KV_KIND_HSM },
            .around = { ALERT(rule_hsm), GROUP } },
        KV_VERDICT_PASS, "rule_hsm" },

    { "in two settings", "LOG-11",
        { .around = { { KV_SET_ACTIVITY_LOGS, &log_activity },
              { KV_SET_ACTIVITY_LOGS, &log_activity_rest }, SINK(log_space) } },
        KV_VERDICT_PASS, "rest sends\nto workspace log-weu" },
    { "one is missing", "LOG-11",
        { .around = { { KV_SET_ACTIVITY_LOGS, &log_activity },
              SINK(log_space) } },
        KV_VERDICT_FAIL, "sent nowhere: Policy" },
    { "to where nobody read", "LOG-11",
        { .around = { { KV_SET_ACTIVITY_LOGS, &log_activity_lost } } },
        KV_VERDICT_UNKNOWN, "perhaps sent: Administrative" },
    { "not at all", "LOG-11", { .diagnostic_count = 0 }, KV_VERDICT_FAIL,
        "sent nowhere: Administrative, Security, Alert, Policy" },

    { "the designated one", "LOG-12",
        { TO_SPACE(false), .around = { SINK(log_space) },
            .policy = &log_wants_space },
        KV_VERDICT_PASS, "log-weu: designated" },
    { "another one", "LOG-12",
        { TO_STORE, .around = { SINK(log_store) }, .policy = &log_wants_space },
        KV_VERDICT_FAIL, "stlog: not designated" },
    { "none is designated", "LOG-12", { TO_STORE }, KV_VERDICT_NOT_APPLICABLE,
        "log_sinks names none" },

    { "policy events", "GOV-2",
        { .around = { { KV_SET_TOPICS, &log_policy_topic },
              { KV_SET_EVENT_SUBSCRIPTIONS, &log_events } } },
        KV_VERDICT_PASS, "event subscription es" },
    { "a rule on policy", "GOV-2", { .around = { ALERT(rule_policy), GROUP } },
        KV_VERDICT_PASS, "activity-log rule rule_policy" },
    { "a rule that reaches nobody", "GOV-2",
        { .around = { ALERT(rule_policy), EMPTY_GROUP } }, KV_VERDICT_FAIL,
        "no event subscription on policy states" },

    { "logged and watched", "HSM-7",
        { .resource = { .kind = KV_KIND_HSM },
            TO_STORE,
            .around = { SINK(log_store), ALERT(rule_hsm), GROUP } },
        KV_VERDICT_PASS, "metric rule rule_hsm" },
    { "logged only", "HSM-7",
        { .resource = { .kind = KV_KIND_HSM },
            TO_STORE,
            .around = { SINK(log_store) } },
        KV_VERDICT_FAIL, "no alert rule covers the hsm" },
    { "no log, alerts denied", "HSM-7",
        { .resource = { .kind = KV_KIND_HSM },
            .not_ready = KV_FACET_BIT(KV_FACET_ALERTS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_FAIL, "alert rules: not readable" },
    { "logged, alerts denied", "HSM-7",
        { .resource = { .kind = KV_KIND_HSM },
            TO_STORE,
            .around = { SINK(log_store) },
            .not_ready = KV_FACET_BIT(KV_FACET_ALERTS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_UNKNOWN, "alert rules: not readable" },
};

#endif
