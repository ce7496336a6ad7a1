/* Tenants, subscriptions, management groups and Resource Graph. */
#include "shapes_ids.h"
#include "test.h"

#define MANAGEMENT "/providers/Microsoft.Management/"
#define TOP MANAGEMENT "managementGroups/" TENANT
#define RESOURCES "Microsoft.ResourceGraph/Resources."
#define QUERY(example)                                                         \
    ASK(RESOURCES example, "POST",                                             \
        "/providers/Microsoft.ResourceGraph/resources", EXAMPLE_BODY)

#define GRAPH "/providers/Microsoft.ResourceGraph/resources"
#define PAGED(options)                                                         \
    "{\"subscriptions\":[\"7b00b078-3524-4a0a-bb02-404ae3a344fb\"],"           \
    "\"query\":\"Resources | where name contains 'kv' | project id, name, "    \
    "type, location\",\"options\":" options "}"
/* That version knew one table only and did not name it. */
#define TABLE                                                                  \
    "{\"subscriptions\":[\"7b00b078-3524-4a0a-bb02-404ae3a344fb\"],"           \
    "\"query\":\"Resources | project id, name, type, location, tags | limit 3" \
    "\"}"
#define NEXT_PAGE PAGED("{\"$top\":1,\"$skipToken\":\"<$skipToken>\"}")
#define RANDOM_PAGE PAGED("{\"$top\":2,\"$skip\":2}")

static const struct cloud_shape rows[] = {
    GET("Microsoft.Resources/Tenants_List", "/tenants"),
    GET("Microsoft.Resources/Subscriptions_List", "/subscriptions"),
    GET("Microsoft.Resources/Subscriptions_Get", PAY),
    GET("Microsoft.Resources/Subscriptions_ListLocations.GetLocations",
        PAY "/locations"),
    GET("Microsoft.Resources/ResourceGroups_Get", GROUP),
    GET("Microsoft.KeyVault/Vaults_List",
        PAY "/resources?$filter=resourceType%20eq%20'Microsoft.KeyVault/"
            "vaults'&api-version=2021-04-01"),
    GET("(no example)", PAY "/resourceGroups?api-version=2021-04-01"),

    GET(NONE, V(PAY "/providers", "2021-04-01")),
    GET(NONE, V(PAY "/providers/Microsoft.KeyVault", "2021-04-01")),
    ASK(NONE, "POST",
        V(PAY "/providers/Microsoft.KeyVault/register", "2021-04-01"), ""),
    GET(NONE, V(GROUP "/providers/Microsoft.Web/sites", "2024-04-01")),
    GET(NONE, V(GROUP "/providers/Microsoft.Web/sites/app-payments-api-weu",
                  "2024-04-01")),

    ASK("Microsoft.Management/Entities_List", "POST", MANAGEMENT "getEntities",
        ""),
    GET("Microsoft.Management/ManagementGroups_List",
        MANAGEMENT "managementGroups"),
    GET("Microsoft.Management/ManagementGroups_Get.GetManagementGroup", TOP),
    GET("Microsoft.Management/ManagementGroups_Get."
        "GetManagementGroupWithExpandAndRecurse",
        TOP "?$expand=children&$recurse=true"),
    GET("Microsoft.Management/ManagementGroups_GetDescendants",
        TOP "/descendants"),
    GET(NONE, V(MANAGEMENT "managementGroups/mg-contoso-prod/subscriptions",
                  "2023-04-01")),

    QUERY("ResourcesBasicQuery"),
    QUERY("ResourcesFirstPageQuery"),
    ASK(RESOURCES "ResourcesNextPageQuery", "POST", GRAPH, NEXT_PAGE),
    ASK(RESOURCES "ResourcesRandomPageQuery", "POST", GRAPH, RANDOM_PAGE),
    ASK(RESOURCES "ResourcesBasicQuery.table-2019-04-01", "POST", GRAPH, TABLE),
    QUERY("ResourcesMgBasicQuery"),
    QUERY("ResourcesTenantBasicQuery"),
    QUERY("ResourcesFilterQuery"),
};

const struct cloud_shapes shapes_resources = { rows, LENGTH(rows) };
