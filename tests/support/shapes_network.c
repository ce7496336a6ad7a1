/* Private endpoints and perimeters. */
#include "shapes_ids.h"
#include "test.h"

#define N "Microsoft.Network/"
#define NETWORK "/providers/Microsoft.Network/"
#define PERIMETER                                                              \
    PLAT "/resourceGroups/rg-platform-weu" NETWORK                             \
         "networkSecurityPerimeters/nsp-contoso"

#define ENDPOINT                                                               \
    "{\"location\":\"westeurope\",\"properties\":{\"subnet\":{\"id\":\"/s\"}," \
    "\"privateLinkServiceConnections\":[{\"name\":\"pep-shape\","              \
    "\"properties\":{"                                                         \
    "\"privateLinkServiceId\":\"" CORE "\",\"groupIds\":[\"vault\"]}}]}}"
#define ZONES                                                                  \
    "{\"properties\":{\"privateDnsZoneConfigs\":[{\"name\":\"vault\","         \
    "\"properties\":{\"privateDnsZoneId\":\"/z\"}}]}}"

static const struct cloud_shape rows[] = {
    GET(N "PrivateEndpoints_ListBySubscription",
        PAY NETWORK "privateEndpoints"),
    GET(N "PrivateEndpoints_List", GROUP NETWORK "privateEndpoints"),
    GET(N "PrivateEndpoints_Get.PrivateEndpointGet",
        GROUP NETWORK "privateEndpoints/pep-pay-core-weu"),
    GET(N "PrivateEndpoints_Get.PrivateEndpointGetForManualApproval",
        SHOP "/resourceGroups/rg-partner-neu" NETWORK
             "privateEndpoints/pep-partner-test-neu"),

    GET(N "NetworkSecurityPerimeters_ListBySubscription",
        PLAT NETWORK "networkSecurityPerimeters"),
    GET(N "NetworkSecurityPerimeters_Get", PERIMETER),
    GET(NONE, V(PLAT "/resourceGroups/rg-platform-weu" NETWORK
                     "networkSecurityPerimeters",
                  "2025-09-01")),
    GET(N "NetworkSecurityPerimeterAssociations_List",
        PERIMETER "/resourceAssociations"),
    ASK(N "NspAssociations_CreateOrUpdate", "PUT",
        PERIMETER "/resourceAssociations/assoc-data-lake",
        "{\"properties\":{\"privateLinkResource\":{\"id\":\"" CORE
        "\"},\"profile\":{\"id\":\"" PERIMETER
        "/profiles/vaults\"},\"accessMode\":\"Enforced\"}}"),
    GET(N "NspAssociations_Get",
        PERIMETER "/resourceAssociations/assoc-data-lake"),
    GET(N "NspProfiles_List", PERIMETER "/profiles"),
    GET(NONE, V(PERIMETER "/profiles/vaults", "2025-09-01")),
    GET(NONE, V(PERIMETER "/profiles/vaults/accessRules/office", "2025-09-01")),
    ASK(NONE, "PUT", V(PERIMETER "/profiles/shape", "2025-09-01"),
        "{\"properties\":{}}"),
    ASK(NONE, "PUT",
        V(PERIMETER "/profiles/shape/accessRules/in", "2025-09-01"),
        "{\"properties\":{\"direction\":\"Inbound\",\"addressPrefixes\":[\"203."
        "0.113.0/24\"]}}"),
    ASK(NONE, "PUT",
        V(PLAT "/resourceGroups/rg-platform-weu" NETWORK
               "networkSecurityPerimeters/nsp-shape",
            "2025-09-01"),
        "{\"location\":\"westeurope\",\"properties\":{}}"),
    ASK(NONE, "PUT",
        V(GROUP NETWORK "privateEndpoints/pep-shape", "2024-05-01"), ENDPOINT),
    GET(NONE, V(GROUP NETWORK
                  "privateEndpoints/pep-pay-core-weu/privateDnsZoneGroups",
                  "2024-05-01")),
    GET(NONE,
        V(GROUP NETWORK
            "privateEndpoints/pep-pay-core-weu/privateDnsZoneGroups/default",
            "2024-05-01")),
    ASK(NONE, "PUT",
        V(GROUP NETWORK
            "privateEndpoints/pep-shape/privateDnsZoneGroups/default",
            "2024-05-01"),
        ZONES),
    GET(N "NspAccessRules_List", PERIMETER "/profiles/vaults/accessRules"),
};

const struct cloud_shapes shapes_network = { rows, LENGTH(rows) };
