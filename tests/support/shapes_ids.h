/* Where things lie in the Contoso estate, and short ways to write rows. */
#ifndef SUPPORT_SHAPES_IDS_H
#define SUPPORT_SHAPES_IDS_H

#include "cloud_shapes.h"

#define PAY "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define SHOP "/subscriptions/92a688d5-ec6c-4d8e-a64f-4e92884c73cb"
#define PLAT "/subscriptions/1efdfa4c-1db1-4e35-8d2c-3a665f62c412"
#define DATA "/subscriptions/ce2513b4-87d8-413e-9c7e-a3511cd39cb7"
#define DEV "/subscriptions/e41928b0-83f7-43f7-881f-54ea20c823b4"
#define LEGAL "/subscriptions/9c9a5161-c283-457d-b063-bc2b270de9ac"
#define GROUP PAY "/resourceGroups/rg-payments-weu"
#define KEYVAULT "/providers/Microsoft.KeyVault/"
#define CORE GROUP KEYVAULT "vaults/kv-pay-core-weu"
#define HSM                                                                    \
    LEGAL "/resourceGroups/rg-legal-neu/providers/Microsoft.KeyVault/"         \
          "managedHSMs/hsm-legal-neu"
#define PAY_HSM                                                                \
    PAY "/resourceGroups/rg-hsm-weu" KEYVAULT "managedHSMs/hsm-pay-prod-weu"
#define AUTH "/providers/Microsoft.Authorization/"
#define INSIGHTS "/providers/Microsoft.Insights/"
#define PLATFORM PLAT "/resourceGroups/rg-monitoring-weu"
#define WORKSPACE                                                              \
    PLATFORM "/providers/Microsoft.OperationalInsights/workspaces/"            \
             "law-platform-weu"
#define ACTIONS GROUP "/providers/microsoft.insights/actionGroups/"
#define STORAGE                                                                \
    DATA "/resourceGroups/rg-data-weu/providers/Microsoft.Storage/"            \
         "storageAccounts/stcontosoauditweu"
#define TENANT "f3f4fea8-f8ac-405d-870c-71db0a55bd7a"
#define CONTRIBUTOR                                                            \
    PAY AUTH "roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"
#define PERSON "84172879-0fbf-4359-b381-d80a0a6d01a2"
#define GUID "0f0f0f0f-1111-4222-8333-444444444444"

#define ASK(example, method, path, body)                                       \
    {                                                                          \
        example, method, path, body, PLANE_ARM, NULL                           \
    }
/* Where nobody published an example. */
#define NONE "(no example)"
#define V(path, version) path "?api-version=" version
#define GET(example, path) ASK(example, "GET", path, NULL)
#define PUT(example, path) ASK(example, "PUT", path, EXAMPLE_BODY)

#endif
