/* A small estate in which every kind of answer occurs once, for reports. */
#ifndef UNIT_REPORT_SCENE_H
#define UNIT_REPORT_SCENE_H

#include "test.h"

#include "estate.h"
#include "kvgov/report.h"
#include "posture.h"

#define NOW_S 1795305600 /* 2026-11-22T00:00:00Z */
#define READ_S (NOW_S - 720)
#define SUBSCRIPTION "aaaaaaaa-0000-4000-8000-000000000001"
#define GROUP_ID                                                               \
    "/subscriptions/" SUBSCRIPTION                                             \
    "/resourceGroups/rg-pay/providers/Microsoft.KeyVault/"

struct scene {
    struct kv_estate *estate;
    struct kv_posture *posture;
    struct kv_scan scan;
    struct kv_report_input input;
};

static struct kv_facet_status ready(void)
{
    return (struct kv_facet_status){ KV_FACET_READY, READ_S, NULL };
}

/* Fails whatever it can. */
static const struct kv_resource open_vault = {
    .kind = KV_KIND_VAULT,
    .id = GROUP_ID "vaults/kv-pay-prod-weu",
    .name = "kv-pay-prod-weu",
    .location = "westeurope",
    .sku = "standard",
    .uri = "https://kv-pay-prod-weu.vault.azure.net/",
    .provisioning_state = "Succeeded",
    .rbac = KV_TRI_FALSE,
    .soft_delete = KV_TRI_TRUE,
    .retention_days = 7,
};

static const struct kv_endpoint approved[] = {
    { .name = "pe-1", .endpoint_id = "/e/1", .state = KV_ENDPOINT_APPROVED },
};

/* Passes whatever its own properties decide. */
static const struct kv_resource closed_vault = {
    .kind = KV_KIND_VAULT,
    .id = GROUP_ID "vaults/kv-pay-core-weu",
    .name = "kv-pay-core-weu",
    .location = "westeurope",
    .sku = "premium",
    .uri = "https://kv-pay-core-weu.vault.azure.net/",
    .provisioning_state = "Succeeded",
    .rbac = KV_TRI_TRUE,
    .soft_delete = KV_TRI_TRUE,
    .purge_protection = KV_TRI_TRUE,
    .retention_days = 90,
    .public_access = KV_PUBLIC_DISABLED,
    .default_action = KV_DEFAULT_DENY,
    .endpoint_count = 1,
    .endpoints = approved,
};

static const struct kv_resource hsm = {
    .kind = KV_KIND_HSM,
    .id = GROUP_ID "managedHSMs/hsm-core-weu",
    .name = "hsm-core-weu",
    .location = "westeurope",
    .sku = "Standard_B1",
    .uri = "https://hsm-core-weu.managedhsm.azure.net/",
    .provisioning_state = "Succeeded",
    .activation = "Active",
    .soft_delete = KV_TRI_TRUE,
    .purge_protection = KV_TRI_TRUE,
    .retention_days = 90,
    .public_access = KV_PUBLIC_DISABLED,
};

static uint32_t add(struct scene *scene, const struct kv_resource *row)
{
    struct kv_resource copy = *row;

    copy.properties = ready();
    return estate_take_resource(scene->estate, &copy);
}

static void read_around(struct scene *scene, uint32_t subscription)
{
    for (unsigned i = KV_FACET_RESOURCE_COUNT; i < KV_FACET_COUNT; i++)
        estate_set_subscription_facet(
            scene->estate, subscription, (enum kv_facet)i, ready());
    estate_set_subscription_facet(scene->estate, subscription, KV_FACET_LOCKS,
        (struct kv_facet_status){
            KV_FACET_DENIED, READ_S, "Microsoft.Authorization/locks/read" });
}

/* One vault may not be read, one is gone, one nobody judged. */
static void scene_fill(struct scene *scene, const char *name)
{
    static const struct kv_diagnostic none[1];
    static const char *const groups[] = { "root" };
    uint32_t subscription = estate_take_subscription(
        scene->estate, SUBSCRIPTION, name, "Enabled");
    uint32_t open = add(scene, &open_vault);
    uint32_t closed = add(scene, &closed_vault);
    uint32_t module = add(scene, &hsm);
    uint32_t denied = estate_refer_resource(
        scene->estate, view_of(GROUP_ID "vaults/kv-pay-secret-weu"));
    uint32_t gone = estate_refer_resource(
        scene->estate, view_of(GROUP_ID "vaults/kv-pay-gone-weu"));

    estate_set_groups(scene->estate, subscription, groups, 1);
    read_around(scene, subscription);
    estate_take_diagnostics(scene->estate, open, none, 0, ready());
    estate_take_diagnostics(scene->estate, closed, none, 0,
        (struct kv_facet_status){
            KV_FACET_FAILED, READ_S, "ARM answered 500 three times" });
    estate_take_diagnostics(scene->estate, module, none, 0, ready());
    estate_set_properties(scene->estate, denied,
        (struct kv_facet_status){ KV_FACET_DENIED, READ_S, NULL });
    estate_set_gone(scene->estate, gone, true);

    for (uint32_t i = 0; i < kv_estate_resource_count(scene->estate); i++)
        posture_judge(scene->posture, i, NOW_S);
    estate_refer_resource(
        scene->estate, view_of(GROUP_ID "vaults/kv-pay-new-weu"));
}

/* `name` is the subscription's; NULL: nothing was read. */
static void scene_new_called(struct scene *scene, const char *name)
{
    bool filled = name != NULL;

    *scene = (struct scene){ .estate = estate_new() };
    scene->posture = posture_new(scene->estate, &kv_policy_default);
    estate_set_tenant(
        scene->estate, "bbbbbbbb-0000-4000-8000-000000000002", "contoso.com");
    if (filled)
        scene_fill(scene, name);
    scene->scan = (struct kv_scan){
        .state = filled ? KV_SCAN_DONE : KV_SCAN_NONE,
        .data_at_s = filled ? READ_S : 0,
        .failures = filled ? 3 : 0,
    };
    scene->input = (struct kv_report_input){
        .estate = scene->estate,
        .posture = scene->posture,
        .scan = &scene->scan,
        .cloud = "AzureCloud",
        .now_s = NOW_S,
    };
}

static void scene_new(struct scene *scene, bool filled)
{
    scene_new_called(scene, filled ? "Pay\x1b[2J\xe2\x80\xaements" : NULL);
}

static void scene_done(struct scene *scene)
{
    posture_free(scene->posture);
    estate_free(scene->estate);
}

#endif
