/* The types of ARM objects that can be made and changed: what a body must say
 * and what answers add to it. */
#include <stdlib.h>
#include <string.h>

#include "thing_checks.h"
#include "things.h"

#define STATE "{\"provisioningState\":\"Succeeded\"}"

static const struct thing_type types[] = {
    {
        .type = "Microsoft.Insights/metricAlerts",
        .required = "scopes severity enabled evaluationFrequency windowSize "
                    "criteria",
        .defaults = "{\"actions\":[]}",
        .tracked = true,
        .check = check_metric_alert,
    },
    {
        .type = "Microsoft.Insights/activityLogAlerts",
        .required = "scopes condition actions",
        .defaults = "{\"enabled\":true}",
        .tracked = true,
        .check = check_alert_groups,
    },
    {
        .type = "microsoft.insights/scheduledqueryrules",
        .required = "scopes criteria",
        .defaults = "{\"enabled\":true,\"autoMitigate\":true,"
                    "\"isWorkspaceAlertsStorageConfigured\":false}",
        .tracked = true,
        .check = check_alert_groups,
    },
    {
        .type = "Microsoft.Insights/ActionGroups",
        .required = "groupShortName enabled",
        .defaults = "{\"emailReceivers\":[],\"smsReceivers\":[],"
                    "\"webhookReceivers\":[],\"itsmReceivers\":[],"
                    "\"azureAppPushReceivers\":[],"
                    "\"automationRunbookReceivers\":[],\"voiceReceivers\":[],"
                    "\"logicAppReceivers\":[],\"azureFunctionReceivers\":[],"
                    "\"armRoleReceivers\":[],\"eventHubReceivers\":[]}",
        .tracked = true,
        .check = check_action_group,
    },
    {
        .type = "Microsoft.EventGrid/systemTopics",
        .required = "source topicType",
        .defaults = "{}",
        .fixed = STATE,
        .tracked = true,
        .check = check_source,
    },
    {
        .type = "Microsoft.EventGrid/systemTopics/eventSubscriptions",
        .required = "destination",
        .defaults = "{\"labels\":[],\"eventDeliverySchema\":"
                    "\"EventGridSchema\",\"retryPolicy\":{"
                    "\"maxDeliveryAttempts\":30,"
                    "\"eventTimeToLiveInMinutes\":1440}}",
        .fixed = STATE,
        .slow = true,
        .check = check_event_subscription,
    },
    {
        .type = "Microsoft.EventGrid/eventSubscriptions",
        .required = "destination",
        .defaults = "{\"labels\":[],\"eventDeliverySchema\":"
                    "\"EventGridSchema\",\"retryPolicy\":{"
                    "\"maxDeliveryAttempts\":30,"
                    "\"eventTimeToLiveInMinutes\":1440}}",
        .fixed = STATE,
        .slow = true,
        .check = check_event_subscription,
    },
    {
        .type = "Microsoft.Network/privateEndpoints",
        .required = "subnet",
        .defaults = "{\"privateLinkServiceConnections\":[],"
                    "\"manualPrivateLinkServiceConnections\":[],"
                    "\"networkInterfaces\":[],\"customDnsConfigs\":[],"
                    "\"applicationSecurityGroups\":[],"
                    "\"ipConfigurations\":[]}",
        .fixed = STATE,
        .tracked = true,
        .slow = true,
        .check = check_private_endpoint,
    },
    {
        .type = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        .required = "privateDnsZoneConfigs",
        .defaults = "{}",
        .fixed = STATE,
        .check = check_zone_group,
    },
    {
        .type = "Microsoft.Network/networkSecurityPerimeters",
        .required = "",
        .defaults = "{}",
        .fixed = STATE,
        .tracked = true,
        .check = check_perimeter,
    },
    {
        .type = "Microsoft.Network/networkSecurityPerimeters/profiles",
        .required = "",
        .defaults = "{\"accessRulesVersion\":\"0\","
                    "\"diagnosticSettingsVersion\":\"0\"}",
    },
    {
        .type = "Microsoft.Network/networkSecurityPerimeters/profiles/"
                "accessRules",
        .required = "direction",
        .defaults = "{\"addressPrefixes\":[],\"fullyQualifiedDomainNames\":[],"
                    "\"subscriptions\":[],\"networkSecurityPerimeters\":[],"
                    "\"emailAddresses\":[],\"phoneNumbers\":[],"
                    "\"serviceTags\":[]}",
        .fixed = STATE,
    },
    {
        .type = "Microsoft.Network/networkSecurityPerimeters/"
                "resourceAssociations",
        .required = "privateLinkResource profile",
        .defaults = "{\"accessMode\":\"Learning\"}",
        .fixed = "{\"provisioningState\":\"Succeeded\","
                 "\"hasProvisioningIssues\":\"no\"}",
        .check = check_association,
    },
    {
        .type = "Microsoft.OperationalInsights/workspaces",
        .required = "",
        .defaults = "{\"sku\":{\"name\":\"PerGB2018\"},"
                    "\"retentionInDays\":30,"
                    "\"publicNetworkAccessForQuery\":\"Enabled\","
                    "\"publicNetworkAccessForIngestion\":\"Enabled\"}",
        .fixed = STATE,
        .tracked = true,
        .check = check_workspace,
    },
    {
        .type = "Microsoft.Storage/storageAccounts/managementPolicies",
        .required = "policy",
        .defaults = "{}",
        .check = check_lifecycle,
    },
    {
        .type = "Microsoft.Storage/storageAccounts/blobServices/containers/"
                "immutabilityPolicies",
        .required = "immutabilityPeriodSinceCreationInDays",
        .defaults = "{\"allowProtectedAppendWrites\":false,"
                    "\"allowProtectedAppendWritesAll\":false}",
        .fixed = "{\"state\":\"Unlocked\"}",
    },
};

const struct thing_type *thing_type_find(const char *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (text_same(types[i].type, type))
            return &types[i];
    return NULL;
}
