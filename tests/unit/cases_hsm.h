/* What the rows on managed HSMs and on deleted vaults say, case by case. Part
 * of test_posture_rows. */
#ifndef CASES_HSM_H
#define CASES_HSM_H

#include "posture_case.h"

#define HSM_OF(...)                                                            \
    {                                                                          \
        .resource = {.kind = KV_KIND_HSM, __VA_ARGS__ }                        \
    }
#define HOME_SCOPE "/subscriptions/" SCENE_HOME
#define DAY_S 86400

static const struct kv_location with_zones = {
    .id = HOME_SCOPE "/locations/westeurope",
    .scope = HOME_SCOPE,
    .name = "westeurope",
    .zones = 3,
};
static const struct kv_location without_zones = {
    .id = HOME_SCOPE "/locations/ukwest",
    .scope = HOME_SCOPE,
    .name = "ukwest",
};
static const struct kv_region first_region = {
    .id = SCENE_HSM "/regions/westeurope",
    .scope = SCENE_HSM,
    .name = "westeurope",
    .provisioning_state = "Succeeded",
    .primary = true,
};
static const struct kv_region second_region = {
    .id = SCENE_HSM "/regions/northeurope",
    .scope = SCENE_HSM,
    .name = "northeurope",
    .provisioning_state = "Succeeded",
};
static const struct kv_region failed_region = {
    .id = SCENE_HSM "/regions/northeurope",
    .scope = SCENE_HSM,
    .name = "northeurope",
    .provisioning_state = "Failed",
};
static const struct kv_endpoint hsm_endpoint[] = {
    { .name = "pep-hsm", .state = KV_ENDPOINT_APPROVED },
};

#define DELETED(...)                                                           \
    (const struct kv_deleted)                                                  \
    {                                                                          \
        .id = HOME_SCOPE "/deletedVaults/kv-gone", .scope = HOME_SCOPE,        \
        .name = "kv-gone", .deleted_at_s = SCENE_READ_AT_S - 80 * DAY_S,       \
        __VA_ARGS__                                                            \
    }
static const struct kv_deleted due =
    DELETED(.purge_at_s = SCENE_READ_AT_S + 7 * DAY_S);
static const struct kv_deleted due_later =
    DELETED(.purge_at_s = SCENE_READ_AT_S + 7 * DAY_S + 1);
static const struct kv_deleted due_protected =
    DELETED(.purge_at_s = SCENE_READ_AT_S + DAY_S, .purge_protection = true);
static const struct kv_deleted undated = DELETED(.purge_at_s = 0);
static const struct kv_deleted away_deleted = {
    .id = "/subscriptions/" SCENE_HUB "/deletedVaults/kv-gone",
    .scope = "/subscriptions/" SCENE_HUB,
    .name = "kv-gone",
    .purge_at_s = SCENE_READ_AT_S,
};

static const struct verdict_case cases_hsm[] = {
    { "zones", "HSM-5",
        { .resource = { .kind = KV_KIND_HSM, .location = "West Europe" },
            .around = { { KV_SET_LOCATIONS, &with_zones } } },
        KV_VERDICT_PASS, "West Europe has 3 availability zones" },
    { "no zones", "HSM-5",
        { .resource = { .kind = KV_KIND_HSM, .location = "ukwest" },
            .around = { { KV_SET_LOCATIONS, &without_zones } } },
        KV_VERDICT_FAIL, "ukwest has no availability zones" },
    { "a region that is not listed", "HSM-5",
        { .resource = { .kind = KV_KIND_HSM, .location = "mars" },
            .around = { { KV_SET_LOCATIONS, &with_zones } } },
        KV_VERDICT_UNKNOWN, "mars is not among the regions" },

    { "protected", "HSM-8",
        HSM_OF(.soft_delete = KV_TRI_TRUE, .purge_protection = KV_TRI_TRUE),
        KV_VERDICT_PASS, "enablePurgeProtection is true" },
    { "protected, and no word on soft delete", "HSM-8",
        HSM_OF(.purge_protection = KV_TRI_TRUE), KV_VERDICT_PASS,
        "absent (always on)" },
    { "not protected", "HSM-8", HSM_OF(.soft_delete = KV_TRI_TRUE),
        KV_VERDICT_FAIL, "enablePurgeProtection is absent" },

    { "off", "HSM-9", HSM_OF(.public_access = KV_PUBLIC_DISABLED),
        KV_VERDICT_PASS, "publicNetworkAccess is Disabled" },
    { "limited", "HSM-9", HSM_OF(.default_action = KV_DEFAULT_DENY),
        KV_VERDICT_PASS, "networkAcls.defaultAction is Deny" },
    { "open", "HSM-9", HSM_OF(.default_action = KV_DEFAULT_ALLOW),
        KV_VERDICT_FAIL, "any address on the internet" },
    { "open, perimeters not readable", "HSM-9",
        { .resource = { .kind = KV_KIND_HSM },
            .not_ready = KV_FACET_BIT(KV_FACET_PERIMETERS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_FAIL, "any address on the internet" },

    { "endpoint", "HSM-10",
        HSM_OF(.endpoints = hsm_endpoint, .endpoint_count = 1), KV_VERDICT_PASS,
        "1 of 1 private endpoint connection approved" },
    { "no endpoint", "HSM-10", HSM_OF(.default_action = KV_DEFAULT_DENY),
        KV_VERDICT_FAIL, "0 of 0 private endpoint connections" },

    { "a vault only", "HSM-17", { .resource = { .kind = KV_KIND_VAULT } },
        KV_VERDICT_MANUAL, "0 managed HSMs and 1 vault here" },

    { "activated", "HSM-19", HSM_OF(.activation = "Active"), KV_VERDICT_MANUAL,
        "say how many persons hold parts" },
    { "not activated", "HSM-19", HSM_OF(.activation = "NotActivated"),
        KV_VERDICT_FAIL, "never downloaded" },
    { "activation failed", "HSM-19", HSM_OF(.activation = "Failed"),
        KV_VERDICT_FAIL, "activationStatus is Failed" },
    { "activation not said", "HSM-19", HSM_OF(.activation = NULL),
        KV_VERDICT_UNKNOWN, "Azure does not say" },
    { "activation of the future", "HSM-19", HSM_OF(.activation = "Paused"),
        KV_VERDICT_UNKNOWN, "activationStatus is Paused" },

    { "two regions", "HSM-21",
        { .resource = { .kind = KV_KIND_HSM },
            .around = { { KV_SET_REGIONS, &first_region },
                { KV_SET_REGIONS, &second_region } } },
        KV_VERDICT_PASS,
        "northeurope, Succeeded\nwesteurope, primary, Succeeded\n1 further "
        "region" },
    { "the second failed", "HSM-21",
        { .resource = { .kind = KV_KIND_HSM },
            .around = { { KV_SET_REGIONS, &first_region },
                { KV_SET_REGIONS, &failed_region } } },
        KV_VERDICT_FAIL,
        "northeurope, Failed\nwesteurope, primary, Succeeded\nin no region" },
    { "one region", "HSM-21", HSM_OF(.location = "westeurope"), KV_VERDICT_FAIL,
        "in no region but its own" },

    /* ---- deleted ones, of the subscription ---- */
    { "nothing deleted", "PRO-4", { .resource = { .kind = KV_KIND_VAULT } },
        KV_VERDICT_PASS, "nothing is deleted" },
    { "due within a week", "PRO-4", { .around = { { KV_SET_DELETED, &due } } },
        KV_VERDICT_FAIL, "kv-gone, deleted 2026-" },
    { "due a second later", "PRO-4",
        { .around = { { KV_SET_DELETED, &due_later } } }, KV_VERDICT_PASS,
        "anybody may purge it before" },
    { "due but protected", "PRO-4",
        { .around = { { KV_SET_DELETED, &due_protected } } }, KV_VERDICT_PASS,
        "purged for good on 2026-" },
    { "no date", "PRO-4", { .around = { { KV_SET_DELETED, &undated } } },
        KV_VERDICT_UNKNOWN, "Azure does not say when" },
    { "of another subscription", "PRO-4",
        { .around = { { KV_SET_DELETED, &away_deleted } } }, KV_VERDICT_PASS,
        "nothing is deleted" },
};

#endif
