/* The table of reads: where to ask, and who takes the answer. */
#include "alerts.h"
#include "authorization.h"
#include "azure.h"
#include "eventgrid.h"
#include "hsm.h"
#include "insights.h"
#include "keyvault.h"
#include "logs.h"
#include "metrics.h"
#include "msgraph.h"
#include "network.h"
#include "pim.h"
#include "policy.h"
#include "objects.h"
#include "resources.h"
#include "retention.h"
#include "security.h"

#define GRAPH                                                                  \
    "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01"
#define SUBSCRIPTION "/subscriptions/%s/providers/"
/* Of the host of a vault or HSM; the newest that sovereign clouds have too. */
#define PLANE "?api-version=7.6"
#define PLANE_LIST PLANE "&maxresults=25"
#define VAULTS (1u << KV_KIND_VAULT)
#define HSMS (1u << KV_KIND_HSM)

const struct azure_read_row azure_reads[AZURE_READ_COUNT] = {
    [AZURE_TENANTS] =
        {
            .name = "tenants",
.facet = AZURE_ACCOUNT,
            .path = "/tenants%s?api-version=2022-12-01",
            .take = tenant_take,
        },
    [AZURE_SUBSCRIPTIONS] =
        {
            .name = "subscriptions",
.facet = AZURE_ACCOUNT,
            .path = "/subscriptions%s?api-version=2022-12-01",
            .take = subscription_take,
        },
    [AZURE_GRAPH_CONTAINERS] =
        {
            .name = "management groups",
.spread = AZURE_BULK,
.facet = KV_FACET_CONTAINERS,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "resourcecontainers | where type =~ "
                     "'microsoft.resources/subscriptions' | project id, "
                     "name, subscriptionId, tags, properties | order by id asc",
            .take = container_take,
        },
    [AZURE_GRAPH_RESOURCES] =
        {
            .name = "vaults and managed HSMs",
.spread = AZURE_BULK,
.facet = KV_FACET_INVENTORY,
.instead = { AZURE_VAULTS, AZURE_HSMS },
            .path = GRAPH,
            .put_body = azure_graph_body,
            .wide = true,
            .query = "resources | where type in~ "
                     "('microsoft.keyvault/vaults', "
                     "'microsoft.keyvault/managedhsms') | project id, name, "
                     "type, location, tags, sku, properties "
                     "| order by id asc",
            .take = resource_take,
        },
    [AZURE_GRAPH_ASSIGNMENTS] =
        {
            .name = "role assignments",
.spread = AZURE_BULK,
.facet = KV_FACET_ASSIGNMENTS,
.instead = { AZURE_ASSIGNMENTS },
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "authorizationresources | where type =~ "
                     "'microsoft.authorization/roleassignments' | project "
                     "id, name, properties | order by id asc",
            .take = assignment_take,
        },
    [AZURE_GRAPH_ROLES] =
        {
            .name = "role definitions",
.spread = AZURE_BULK,
.facet = KV_FACET_ROLES,
.instead = { AZURE_ROLES },
            .path = GRAPH,
            .put_body = azure_graph_body,
            .wide = true,
            .query = "authorizationresources | where type =~ "
                     "'microsoft.authorization/roledefinitions' | project "
                     "id, name, properties | order by id asc",
            .take = role_take,
        },
    [AZURE_GRAPH_SINKS] =
        {
            .name = "log destinations",
.spread = AZURE_BULK,
.facet = KV_FACET_SINKS,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "resources | where type in~ "
                     "('microsoft.operationalinsights/workspaces', "
                     "'microsoft.storage/storageaccounts', "
                     "'microsoft.eventhub/namespaces') | project id, name, "
                     "type, location, customerId = properties.customerId, "
                     "retentionInDays = properties.retentionInDays, features "
                     "= properties.features | order by id asc",
            .take = sink_take,
        },
    [AZURE_VAULTS] =
        {
            .name = "vaults",
.facet = KV_FACET_INVENTORY,
            .path = SUBSCRIPTION "Microsoft.KeyVault/vaults?api-version="
                AZURE_KEYVAULT_VERSION,
            .take = resource_take,
        },
    [AZURE_HSMS] =
        {
            .name = "managed HSMs",
.facet = KV_FACET_INVENTORY,
            .path = SUBSCRIPTION "Microsoft.KeyVault/managedHSMs?api-version="
                AZURE_KEYVAULT_VERSION,
            .take = resource_take,
        },
    [AZURE_ASSIGNMENTS] =
        {
            .name = "role assignments",
.facet = KV_FACET_ASSIGNMENTS,
            .path = SUBSCRIPTION "Microsoft.Authorization/roleAssignments"
                                 "?api-version=2022-04-01",
            .take = assignment_take,
        },
    [AZURE_ROLES] =
        {
            .name = "role definitions",
.facet = KV_FACET_ROLES,
            .path = SUBSCRIPTION "Microsoft.Authorization/roleDefinitions"
                                 "?api-version=2022-04-01",
            .take = role_take,
        },
    [AZURE_LOCKS] =
        {
            .name = "locks",
.spread = AZURE_EACH_SUBSCRIPTION,
.facet = KV_FACET_LOCKS,
            .path = SUBSCRIPTION "Microsoft.Authorization/locks"
                                 "?api-version=2020-05-01",
            .take = lock_take,
        },
    [AZURE_DELETED_VAULTS] =
        {
            .name = "deleted vaults",
.spread = AZURE_EACH_SUBSCRIPTION,
.facet = KV_FACET_DELETED,
            .path = SUBSCRIPTION "Microsoft.KeyVault/deletedVaults"
                                 "?api-version=" AZURE_KEYVAULT_VERSION,
            .take = deleted_take,
        },
    [AZURE_DELETED_HSMS] =
        {
            .name = "deleted managed HSMs",
.spread = AZURE_EACH_SUBSCRIPTION,
.facet = KV_FACET_DELETED,
            .path = SUBSCRIPTION "Microsoft.KeyVault/deletedManagedHSMs"
                                 "?api-version=" AZURE_KEYVAULT_VERSION,
            .take = deleted_take,
        },
    [AZURE_RESOURCE] =
        {
            .name = "properties",
.facet = KV_FACET_PROPERTIES,
            .path = "%s?api-version=" AZURE_KEYVAULT_VERSION,
            .single = true,
            .take = resource_take,
        },
    [AZURE_DIAGNOSTICS] =
        {
            .name = "diagnostic settings",
.spread = AZURE_EACH_RESOURCE,
.facet = KV_FACET_DIAGNOSTICS,
.kinds = 1u << KV_KIND_VAULT | 1u << KV_KIND_HSM,
            .path = "%s/providers/Microsoft.Insights/diagnosticSettings"
                    "?api-version=" AZURE_DIAGNOSTICS_VERSION,
            .take_all = diagnostics_take_all,
        },
    [AZURE_SINK] =
        {
            .name = "log destination",
.facet = KV_FACET_SINKS,
            .path = "%s",
            .single = true,
            .take = sink_take_single,
        },
    [AZURE_PRINCIPALS] =
        {
            .name = "names of principals",
.facet = KV_FACET_PRINCIPALS,
            .service = AUTH_GRAPH,
            .path = "/v1.0/directoryObjects/getByIds",
            .put_body = principals_body,
            .take = principal_take,
        },
    [AZURE_MEMBERS] =
        {
            .name = "group members",
.facet = KV_FACET_MEMBERS,
            .service = AUTH_GRAPH,
            .path = "/v1.0/groups/%s/transitiveMembers?$select=id,displayName"
                    "&$top=999",
            .take = member_take,
        },
    [AZURE_GRAPH_GROUPS] =
        {
            .name = "tags of resource groups",
            .spread = AZURE_BULK,
            .facet = KV_FACET_CONTAINERS,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "resourcecontainers | where type =~ "
                     "'microsoft.resources/subscriptions/resourcegroups' and "
                     "isnotempty(tags) | project id, tags | order by id asc",
            .take = group_take,
        },
    [AZURE_GRAPH_IDENTITIES] =
        {
            .name = "resources with managed identities",
            .spread = AZURE_BULK,
            .facet = KV_FACET_IDENTITIES,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "resources | where isnotempty(identity) or type =~ "
                     "'microsoft.managedidentity/userassignedidentities' | "
                     "project id, location, tags, identity, principalId = "
                     "properties.principalId | order by id asc",
            .take = identity_take,
        },
    [AZURE_ELIGIBLE] =
        {
            .name = "eligible assignments",
            .spread = AZURE_EACH_SUBSCRIPTION,
            .facet = KV_FACET_SCHEDULES,
            .path = SUBSCRIPTION "Microsoft.Authorization/"
                                 "roleEligibilityScheduleInstances"
                                 "?api-version=2020-10-01",
            .take = eligible_take,
        },
    [AZURE_ACTIVE] =
        {
            .name = "active assignments",
            .spread = AZURE_EACH_SUBSCRIPTION,
            .facet = KV_FACET_SCHEDULES,
            .path = SUBSCRIPTION "Microsoft.Authorization/"
                                 "roleAssignmentScheduleInstances"
                                 "?api-version=2020-10-01",
            .take = active_take,
        },
    [AZURE_ROLE_RULES] =
        {
            .name = "activation rules",
            .facet = KV_FACET_ROLE_RULES,
            .path = "%s",
            .take = role_rules_take,
        },
    [AZURE_DENIALS] =
        {
            .name = "deny assignments",
            .spread = AZURE_EACH_SUBSCRIPTION,
            .facet = KV_FACET_DENIALS,
            .path = SUBSCRIPTION "Microsoft.Authorization/denyAssignments"
                                 "?api-version=2022-04-01",
            .take = denial_take,
        },
    [AZURE_APPLICATIONS] =
        {
            .name = "app registrations",
            .facet = KV_FACET_CREDENTIALS,
            .service = AUTH_GRAPH,
            .path = "/v1.0/applications?%s",
            .take = application_take,
        },
    [AZURE_CONDITIONAL_ACCESS] =
        {
            .name = "Conditional Access policies",
            .spread = AZURE_ONCE,
            .facet = KV_FACET_CONDITIONAL_ACCESS,
            .service = AUTH_GRAPH,
            .path = "/v1.0/identity/conditionalAccess/policies",
            .take = conditional_access_take,
        },
    /* Resource Graph looks through the whole text: only those whose
     * connections name a vault or an HSM are of use, among all that a company
     * has. */
    [AZURE_GRAPH_ENDPOINTS] =
        {
            .name = "private endpoints",
            .spread = AZURE_BULK,
            .facet = KV_FACET_ENDPOINTS,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "resources | where type =~ "
                     "'microsoft.network/privateendpoints' | where "
                     "tostring(properties) contains 'microsoft.keyvault' "
                     "| project id, name, location, properties "
                     "| order by id asc",
            .take = endpoint_take,
        },
    [AZURE_ZONE_GROUPS] =
        {
            .name = "DNS zone groups of a private endpoint",
            .facet = KV_FACET_ENDPOINTS,
            .path = "%s/privateDnsZoneGroups?api-version="
                AZURE_NETWORK_VERSION,
            .take_all = zone_groups_take_all,
        },
    [AZURE_GRAPH_PERIMETERS] =
        {
            .name = "network security perimeters",
            .spread = AZURE_BULK,
            .facet = KV_FACET_PERIMETERS,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "networkresources | where type =~ "
                     "'microsoft.network/networksecurityperimeters/"
                     "resourceassociations' | where tostring(properties) "
                     "contains 'microsoft.keyvault' | project id, name, "
                     "properties | order by id asc",
            .take = perimeter_take,
        },
    [AZURE_GRAPH_POLICIES] =
        {
            .name = "policy assignments",
            .spread = AZURE_BULK,
            .facet = KV_FACET_POLICIES,
            .instead = { AZURE_POLICIES, AZURE_EXEMPTIONS },
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "policyresources | where type in~ "
                     "('microsoft.authorization/policyassignments', "
                     "'microsoft.authorization/policyexemptions') | project "
                     "id, name, type, properties | order by id asc",
            .take = policy_take,
        },
    [AZURE_POLICIES] =
        {
            .name = "policy assignments",
            .facet = KV_FACET_POLICIES,
            .path = SUBSCRIPTION "Microsoft.Authorization/policyAssignments"
                                 "?api-version=" AZURE_POLICY_VERSION,
            .take = policy_take,
        },
    [AZURE_EXEMPTIONS] =
        {
            .name = "policy exemptions",
            .facet = KV_FACET_POLICIES,
            .path = SUBSCRIPTION "Microsoft.Authorization/policyExemptions"
                                 "?api-version=2022-07-01-preview",
            .take = policy_take,
        },
    [AZURE_POLICY_SET] =
        {
            .name = "policy set",
            .facet = KV_FACET_POLICIES,
            .path = "%s?api-version=" AZURE_POLICY_VERSION,
            .single = true,
            .take = policy_set_take,
        },
    /* Columns by name: the rest of a state is long, and there is one for each
     * resource and definition. */
    [AZURE_GRAPH_POLICY_STATES] =
        {
            .name = "policy states",
            .spread = AZURE_BULK,
            .facet = KV_FACET_POLICY_STATES,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "policyresources | where type =~ "
                     "'microsoft.policyinsights/policystates' | where "
                     "properties.resourceType in~ "
                     "('microsoft.keyvault/vaults', "
                     "'microsoft.keyvault/managedhsms') | project id, "
                     "resourceId = properties.resourceId, assignmentId = "
                     "properties.policyAssignmentId, definitionId = "
                     "properties.policyDefinitionId, complianceState = "
                     "properties.complianceState | order by id asc",
            .take = policy_state_take,
        },
    [AZURE_LOCATIONS] =
        {
            .name = "regions",
            .facet = KV_FACET_LOCATIONS,
            .path = "/subscriptions/%s/locations?api-version=2022-12-01",
            .take = location_take,
        },
    [AZURE_REGIONS] =
        {
            .name = "regions of the HSM",
            .spread = AZURE_EACH_RESOURCE,
            .facet = KV_FACET_REGIONS,
            .kinds = 1u << KV_KIND_HSM,
            .path = "%s/regions?api-version=" AZURE_KEYVAULT_VERSION,
            .take = region_take,
        },
    [AZURE_KEYS] =
        {
            .name = "keys",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_KEYS,
            .kinds = VAULTS,
            .path = "%s/keys?api-version=" AZURE_KEYVAULT_VERSION,
            .take = arm_key_take,
        },
    [AZURE_KEY] =
        {
            .name = "key",
            .facet = KV_FACET_KEYS,
            .path = "%s?api-version=" AZURE_KEYVAULT_VERSION,
            .single = true,
            .take = arm_key_detail_take,
        },
    [AZURE_SECRETS] =
        {
            .name = "names of secrets",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_SECRETS,
            .kinds = VAULTS,
            .path = "%s/secrets?api-version=" AZURE_KEYVAULT_VERSION,
            .take = arm_secret_take,
        },
    [AZURE_PLANE_KEYS] =
        {
            .name = "keys",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_KEYS,
            .kinds = HSMS,
            .service = AUTH_VAULT,
            .path = "/keys" PLANE_LIST,
            .take = key_take,
        },
    [AZURE_PLANE_SECRETS] =
        {
            .name = "names of secrets",
            .facet = KV_FACET_SECRETS,
            .service = AUTH_VAULT,
            .path = "/secrets" PLANE_LIST,
            .take = secret_take,
        },
    [AZURE_PLANE_KEY] =
        {
            .name = "key",
            .facet = KV_FACET_KEYS,
            .service = AUTH_VAULT,
            .path = "/keys/%s" PLANE,
            .single = true,
            .clean = key_clean,
            .take = key_detail_take,
        },
    [AZURE_KEY_ROTATION] =
        {
            .name = "rotation of a key",
            .facet = KV_FACET_KEYS,
            .service = AUTH_VAULT,
            .path = "/keys/%s/rotationpolicy" PLANE,
            .single = true,
            .take = key_rotation_take,
        },
    [AZURE_CERTIFICATES] =
        {
            .name = "certificates",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_CERTIFICATES,
            .kinds = VAULTS,
            .service = AUTH_VAULT,
            .path = "/certificates" PLANE_LIST,
            .take = certificate_take,
        },
    [AZURE_CERTIFICATE_POLICY] =
        {
            .name = "policy of a certificate",
            .facet = KV_FACET_CERTIFICATES,
            .service = AUTH_VAULT,
            .path = "/certificates/%s/policy" PLANE,
            .single = true,
            .take = certificate_policy_take,
        },
    [AZURE_ISSUERS] =
        {
            .name = "issuers of certificates",
            .facet = KV_FACET_CERTIFICATES,
            .service = AUTH_VAULT,
            .path = "/certificates/issuers" PLANE_LIST,
            .take = issuer_take,
        },
    [AZURE_DELETED_KEYS] =
        {
            .name = "deleted keys",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_DELETED_OBJECTS,
            .kinds = VAULTS | HSMS,
            .service = AUTH_VAULT,
            .path = "/deletedkeys" PLANE_LIST,
            .take = deleted_key_take,
        },
    [AZURE_DELETED_SECRETS] =
        {
            .name = "deleted secrets",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_DELETED_OBJECTS,
            .kinds = VAULTS,
            .service = AUTH_VAULT,
            .path = "/deletedsecrets" PLANE_LIST,
            .take = deleted_secret_take,
        },
    [AZURE_DELETED_CERTIFICATES] =
        {
            .name = "deleted certificates",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_DELETED_OBJECTS,
            .kinds = VAULTS,
            .service = AUTH_VAULT,
            .path = "/deletedcertificates" PLANE_LIST,
            .take = deleted_certificate_take,
        },
    [AZURE_LOCAL_ROLES] =
        {
            .name = "local roles",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_LOCAL_ROLES,
            .kinds = HSMS,
            .service = AUTH_VAULT,
            .path =
                "/providers/Microsoft.Authorization/roleDefinitions" PLANE,
            .take = local_role_take,
        },
    [AZURE_LOCAL_ASSIGNMENTS] =
        {
            .name = "local role assignments",
            .facet = KV_FACET_LOCAL_ROLES,
            .service = AUTH_VAULT,
            .path =
                "%s/providers/Microsoft.Authorization/roleAssignments" PLANE,
            .take = local_assignment_take,
        },
    [AZURE_SETTINGS] =
        {
            .name = "settings",
            .spread = AZURE_EACH_RESOURCE_DEEP,
            .facet = KV_FACET_SETTINGS,
            .kinds = HSMS,
            .service = AUTH_VAULT,
            .path = "/settings" PLANE,
            .single = true,
            .take = settings_take,
        },
    [AZURE_CALLERS] =
        {
            .name = "audit log",
            .facet = KV_FACET_USAGE,
            .service = AUTH_LOGS,
            .path = "/v1/workspaces/%s/query",
            .put_body = callers_body,
            .single = true,
            .take = callers_take,
        },
    [AZURE_OPERATIONS] =
        {
            .name = "audit log",
            .facet = KV_FACET_USAGE,
            .service = AUTH_LOGS,
            .path = "/v1/workspaces/%s/query",
            .put_body = operations_body,
            .single = true,
            .take = operations_take,
        },
    [AZURE_METRICS] =
        {
            .name = "metrics",
            .facet = KV_FACET_METRICS,
            .path = "%s",
            .single = true,
            .take = metrics_take,
        },
    [AZURE_GRAPH_ALERTS] =
        {
            .name = "alert rules",
            .spread = AZURE_BULK,
            .facet = KV_FACET_ALERTS,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "resources | where type in~ "
                     "('microsoft.insights/metricalerts', "
                     "'microsoft.insights/activitylogalerts', "
                     "'microsoft.insights/scheduledqueryrules', "
                     "'microsoft.insights/actiongroups') | project id, name, "
                     "type, properties | order by id asc",
            .take = alert_take,
        },
    [AZURE_GRAPH_TOPICS] =
        {
            .name = "event topics",
            .spread = AZURE_BULK,
            .facet = KV_FACET_EVENTS,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "resources | where type =~ "
                     "'microsoft.eventgrid/systemtopics' and "
                     "tostring(properties.topicType) in~ "
                     "('Microsoft.KeyVault.vaults', "
                     "'Microsoft.PolicyInsights.PolicyStates') | project id, "
                     "name, properties | order by id asc",
            .take = topic_take,
        },
    [AZURE_TOPIC_EVENTS] =
        {
            .name = "event subscriptions",
            .facet = KV_FACET_EVENTS,
            .path = "%s/eventSubscriptions?api-version=2025-02-15",
            .take = event_subscription_take,
        },
    [AZURE_SOURCE_EVENTS] =
        {
            .name = "event subscriptions",
            .facet = KV_FACET_EVENTS,
            .path = "%s/providers/Microsoft.EventGrid/eventSubscriptions"
                    "?api-version=2025-02-15",
            .take = event_subscription_take,
        },
    [AZURE_GRAPH_PLANS] =
        {
            .name = "Defender plans",
            .spread = AZURE_BULK,
            .facet = KV_FACET_PLANS,
            .instead = { AZURE_PLAN },
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "securityresources | where type =~ "
                     "'microsoft.security/pricings' and name =~ 'KeyVaults' | "
                     "project id, name, properties | order by id asc",
            .take = plan_take,
        },
    [AZURE_PLAN] =
        {
            .name = "Defender plan",
            .facet = KV_FACET_PLANS,
            .path = SUBSCRIPTION "Microsoft.Security/pricings/KeyVaults"
                                 "?api-version=2024-01-01",
            .single = true,
            .take = plan_take,
        },
    [AZURE_GRAPH_ASSESSMENTS] =
        {
            .name = "Defender assessments",
            .spread = AZURE_BULK,
            .facet = KV_FACET_ASSESSMENTS,
            .path = GRAPH,
            .put_body = azure_graph_body,
            .query = "securityresources | where type =~ "
                     "'microsoft.security/assessments' and id contains "
                     "'/providers/Microsoft.KeyVault/' | project id, name, "
                     "displayName = properties.displayName, status = "
                     "properties.status | order by id asc",
            .take = assessment_take,
        },
    [AZURE_ACTIVITY_LOG] =
        {
            .name = "activity log settings",
            .spread = AZURE_EACH_SUBSCRIPTION,
            .facet = KV_FACET_ACTIVITY_LOG,
            .path = SUBSCRIPTION "Microsoft.Insights/diagnosticSettings"
                                 "?api-version=" AZURE_DIAGNOSTICS_VERSION,
            .take = activity_log_take,
        },
    [AZURE_TABLE] =
        {
            .name = "retention of a table",
            .facet = KV_FACET_SINKS,
            .path = "%s?api-version=2025-07-01",
            .single = true,
            .take = table_take,
        },
    [AZURE_LIFECYCLE] =
        {
            .name = "lifecycle rules",
            .facet = KV_FACET_SINKS,
            .path = "%s/managementPolicies/default?api-version=2025-08-01",
            .single = true,
            .take = lifecycle_take,
        },
};
