/* Alert rules, action groups, diagnostic settings, workspaces, what becomes
 * of stored logs, and events. */
#include "shapes_ids.h"
#include "test.h"

#define I "Microsoft.Insights/"
#define E "Microsoft.EventGrid/"
#define BLOBS                                                                  \
    STORAGE "/blobServices/default/containers/insights-logs-auditevent/"
#define OTHER_BLOBS                                                            \
    STORAGE "/blobServices/default/containers/insights-logs-other/"
#define TOPICS GROUP "/providers/Microsoft.EventGrid/systemTopics"
#define TOPIC TOPICS "/egst-pay-core-weu"
#define EVENTS CORE "/providers/Microsoft.EventGrid/eventSubscriptions"

#define HUB                                                                    \
    PLATFORM "/providers/Microsoft.EventHub/namespaces/"                       \
             "evhns-contoso-audit-weu/authorizationRules/all"
#define SETTING                                                                \
    "{\"properties\":{\"storageAccountId\":\"" STORAGE "\",\"workspaceId\":"   \
    "\"\",\"eventHubAuthorizationRuleId\":\"" HUB "\",\"eventHubName\":\"h\"," \
    "\"marketplacePartnerId\":\"\",\"logAnalyticsDestinationType\":"           \
    "\"Dedicated\","                                                           \
    "\"logs\":[{\"category\":\"AuditEvent\",\"enabled\":true,"                 \
    "\"retentionPolicy\":{\"enabled\":false,\"days\":0}}],\"metrics\":[{"      \
    "\"category\":\"AllMetrics\",\"enabled\":true,\"retentionPolicy\":{"       \
    "\"enabled\":false,\"days\":0}}]}}"

static const struct cloud_shape rows[] = {
    PUT(I "ActionGroups_CreateOrUpdate", GROUP INSIGHTS "actionGroups/shape"),
    GET(I "ActionGroups_Get", GROUP INSIGHTS "actionGroups/shape"),
    GET(NONE, V(GROUP INSIGHTS "actionGroups", "2023-01-01")),
    GET(I "ActionGroups_ListBySubscriptionId", PAY INSIGHTS "actionGroups"),

    PUT(I "MetricAlerts_CreateOrUpdate."
          "createOrUpdateMetricAlertSingleResource",
        GROUP INSIGHTS "metricAlerts/shape"),
    PUT(I "MetricAlerts_CreateOrUpdate."
          "createOrUpdateDynamicMetricAlertSingleResource",
        GROUP INSIGHTS "metricAlerts/dynamic"),
    PUT(I "MetricAlerts_CreateOrUpdate."
          "createOrUpdateMetricAlertWithDimensions",
        GROUP INSIGHTS "metricAlerts/dimensions"),
    GET(I "MetricAlerts_Get", GROUP INSIGHTS "metricAlerts/shape"),
    GET(NONE, V(GROUP INSIGHTS "metricAlerts", "2018-03-01")),
    GET(I "MetricAlerts_ListBySubscription", PAY INSIGHTS "metricAlerts"),

    GET(NONE, V(CORE INSIGHTS "metrics", "2023-10-01") "&metricnames="
                                                       "ServiceApiHit"),
    PUT(I "ActivityLogAlerts_CreateOrUpdate."
          "ActivityLogAlertRule_CreateOrUpdate",
        GROUP INSIGHTS "activityLogAlerts/shape"),
    PUT(I "ActivityLogAlerts_CreateOrUpdate."
          "ActivityLogAlertRule_CreateOrUpdateRuleWithAnyOfCondition",
        GROUP INSIGHTS "activityLogAlerts/any"),
    GET(I "ActivityLogAlerts_Get", GROUP INSIGHTS "activityLogAlerts/shape"),
    GET(I "ActivityLogAlerts_ListByResourceGroup",
        GROUP INSIGHTS "activityLogAlerts"),
    GET(I "ActivityLogAlerts_ListBySubscriptionId",
        PAY INSIGHTS "activityLogAlerts"),

    PUT(I "ScheduledQueryRules_CreateOrUpdate",
        GROUP INSIGHTS "scheduledQueryRules/shape"),
    GET(I "ScheduledQueryRules_Get",
        GROUP INSIGHTS "scheduledQueryRules/shape"),
    GET(I "ScheduledQueryRules_ListByResourceGroup",
        GROUP INSIGHTS "scheduledQueryRules"),
    GET(I "ScheduledQueryRules_ListBySubscription",
        PAY INSIGHTS "scheduledQueryRules"),

    PUT(I "DiagnosticSettings_CreateOrUpdate.createOrUpdateDiagnosticSetting",
        CORE INSIGHTS "diagnosticSettings/shape"),
    ASK(I "DiagnosticSettings_CreateOrUpdate."
          "createOrUpdateDiagnosticSettingCategory",
        "PUT", CORE INSIGHTS "diagnosticSettings/category", SETTING),
    GET(I "DiagnosticSettings_Get.getDiagnosticSetting",
        CORE INSIGHTS "diagnosticSettings/shape"),
    GET(I "DiagnosticSettings_Get.getDiagnosticSettingCategory",
        CORE INSIGHTS "diagnosticSettings/category"),
    GET(I "DiagnosticSettings_List.listDiagnosticSettings",
        CORE INSIGHTS "diagnosticSettings"),
    GET(I "DiagnosticSettings_List.listDiagnosticSettingsCategory",
        CORE INSIGHTS "diagnosticSettings"),
    GET(I "DiagnosticSettingsCategory_List",
        CORE INSIGHTS "diagnosticSettingsCategories"),
    ASK(I "DiagnosticSettings_Delete", "DELETE",
        CORE INSIGHTS "diagnosticSettings/shape", NULL),

    GET("Microsoft.OperationalInsights/Workspaces_Get", WORKSPACE),
    GET("Microsoft.OperationalInsights/Workspaces_List",
        PLAT "/providers/Microsoft.OperationalInsights/workspaces"),
    GET("Microsoft.OperationalInsights/Workspaces_ListByResourceGroup",
        PLATFORM "/providers/Microsoft.OperationalInsights/workspaces"),
    GET(NONE, V(WORKSPACE "/tables", "2025-07-01")),
    GET(NONE, V(WORKSPACE "/tables/AZKVAuditLogs", "2025-07-01")),
    ASK(NONE, "PATCH", V(WORKSPACE "/tables/AZKVAuditLogs", "2025-07-01"),
        "{\"properties\":{\"totalRetentionInDays\":400}}"),
    ASK(NONE, "PUT",
        V(PLATFORM
            "/providers/Microsoft.OperationalInsights/workspaces/law-shape",
            "2025-07-01"),
        "{\"location\":\"westeurope\"}"),
    ASK(NONE, "PUT",
        V(OTHER_BLOBS "immutabilityPolicies/default", "2025-08-01"),
        "{\"properties\":{\"immutabilityPeriodSinceCreationInDays\":7}}"),
    GET(NONE, V(BLOBS "immutabilityPolicies/default", "2025-08-01")),
    PUT("Microsoft.Storage/ManagementPolicies_CreateOrUpdate",
        STORAGE "/managementPolicies/default"),
    GET("Microsoft.Storage/ManagementPolicies_Get",
        STORAGE "/managementPolicies/default"),

    PUT(E "SystemTopics_CreateOrUpdate", TOPICS "/shape"),
    GET(E "SystemTopics_Get", TOPIC),
    GET(E "SystemTopics_ListByResourceGroup", TOPICS),
    GET(E "SystemTopics_ListBySubscription",
        PAY "/providers/Microsoft.EventGrid/systemTopics"),
    PUT(E "SystemTopicEventSubscriptions_CreateOrUpdate",
        TOPICS "/shape/eventSubscriptions/shape"),
    GET(E "SystemTopicEventSubscriptions_Get",
        TOPIC "/eventSubscriptions/to-duty"),
    GET(E "SystemTopicEventSubscriptions_ListBySystemTopic",
        TOPIC "/eventSubscriptions"),
    PUT(E "EventSubscriptions_CreateOrUpdate.ForResource", EVENTS "/shape"),
    PUT(E "EventSubscriptions_CreateOrUpdate."
          "EventSubscriptions_CreateOrUpdateForCustomTopic_"
          "StorageQueueDestination",
        EVENTS "/queue"),
    GET(E "EventSubscriptions_ListByResource", EVENTS),
};

const struct cloud_shapes shapes_monitoring = { rows, LENGTH(rows) };
