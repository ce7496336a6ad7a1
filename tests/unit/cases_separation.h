/* What the rows on separation say, case by case: who shares a vault, by the tags
 * of resources, groups and subscriptions. Part of test_posture_rows. */
#ifndef CASES_SEPARATION_H
#define CASES_SEPARATION_H

#include "posture_case.h"

#define TAGS(...)                                                              \
    .tags = (const struct kv_tag[]){ __VA_ARGS__ },                            \
    .tag_count =                                                               \
        sizeof((const struct kv_tag[]){ __VA_ARGS__ }) / sizeof(struct kv_tag)
#define WORK_GROUP "/subscriptions/" SCENE_HUB "/resourceGroups/rg-work"
#define WORK(name) WORK_GROUP "/providers/Microsoft.Web/sites/" name
/* A resource of a workload, and a resource group or subscription. */
#define RESOURCE_OF(principal, name, where, ...)                               \
    {                                                                          \
        KV_SET_IDENTITIES, &(const struct kv_identity)                         \
        {                                                                      \
            .id = principal " " name, .scope = principal,                      \
            .resource_id = WORK(name), .location = where, __VA_ARGS__          \
        }                                                                      \
    }
#define CONTAINER(of, ...)                                                     \
    {                                                                          \
        KV_SET_CONTAINERS, &(const struct kv_container)                        \
        {                                                                      \
            .id = of, .scope = of, __VA_ARGS__                                 \
        }                                                                      \
    }
#define PAY                                                                    \
    {                                                                          \
        "application", "pay"                                                   \
    }
#define SHOP                                                                   \
    {                                                                          \
        "application", "shop"                                                  \
    }
#define PROD                                                                   \
    {                                                                          \
        "environment", "prod"                                                  \
    }
#define DEV                                                                    \
    {                                                                          \
        "Env", "dev"                                                           \
    }

#define SHARED_BY(...) .assignments = { __VA_ARGS__ }
#define USES(principal)                                                        \
    {                                                                          \
        KV_SCOPE_RESOURCE, "Secrets User", principal, KV_PRINCIPAL_SERVICE,    \
            false                                                              \
    }
#define PAY_VAULT                                                              \
    .resource = {                                                              \
        .rbac = KV_TRI_TRUE, .location = "westeurope", TAGS(PAY, PROD)         \
    }

static const char *const customer_names[] = { "tenant", "customer" };
static const struct kv_policy multitenant = {
    .multitenant = true,
    .tenant_tags = { customer_names, LENGTH(customer_names) },
};

static const struct verdict_case cases_separation[] = {
    { "one application, one environment", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a"), USES("b")),
            .around = { RESOURCE_OF(
                            "a", "site-a", "westeurope", TAGS(PAY, PROD)),
                RESOURCE_OF("b", "site-b", "westeurope",
                    TAGS({ "app", " Pay " }, PROD)) } },
        KV_VERDICT_PASS,
        "2 workloads use it; application pay; environment prod\nthe vault: "
        "application pay, environment prod, in westeurope\nservice principal "
        "b, of site-b: application Pay, environment prod, in westeurope" },
    { "another application", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a"), USES("b")),
            .around = { RESOURCE_OF(
                            "a", "site-a", "westeurope", TAGS(PAY, PROD)),
                RESOURCE_OF("b", "site-b", "westeurope", TAGS(SHOP, PROD)) } },
        KV_VERDICT_FAIL, "application pay and shop; environment prod" },
    { "another environment", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")),
            .around = { RESOURCE_OF(
                "a", "site-a", "westeurope", TAGS(PAY, DEV)) } },
        KV_VERDICT_FAIL, "application pay; environment prod and dev" },
    { "the vault's own differs", "SEP-1",
        { .resource = { .rbac = KV_TRI_TRUE, TAGS(SHOP, PROD) },
            SHARED_BY(USES("a")),
            .around = { RESOURCE_OF(
                "a", "site-a", "westeurope", TAGS(PAY, PROD)) } },
        KV_VERDICT_FAIL, "application shop and pay" },
    { "differs, whatever else is not told", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a"), USES("b")),
            .around = { RESOURCE_OF(
                "a", "site-a", "westeurope", TAGS(SHOP)) } },
        KV_VERDICT_FAIL,
        "service principal b: no resource stands behind it" },
    { "another region is told", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")),
            .around = { RESOURCE_OF(
                "a", "site-a", "northeurope", TAGS(PAY, PROD)) } },
        KV_VERDICT_PASS, "in northeurope, another region" },
    { "by the resource group, else the subscription", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")),
            .around = { RESOURCE_OF(
                            "a", "site-a", "westeurope", .tag_count = 0),
                CONTAINER(WORK_GROUP, TAGS(PAY)),
                CONTAINER("/subscriptions/" SCENE_HUB, TAGS(SHOP, PROD)) } },
        KV_VERDICT_PASS, "of site-a: application pay, environment prod" },
    { "an empty tag tells nothing", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")),
            .around = { RESOURCE_OF("a", "site-a", "westeurope",
                            TAGS({ "application", " " }, PROD)),
                CONTAINER(WORK_GROUP, TAGS(SHOP)) } },
        KV_VERDICT_FAIL, "application pay and shop" },
    { "the vault by its group", "SEP-1",
        { .resource = { .rbac = KV_TRI_TRUE },
            SHARED_BY(USES("a")),
            .around = { RESOURCE_OF(
                            "a", "site-a", "westeurope", TAGS(PAY, PROD)),
                CONTAINER(SCENE_GROUP, TAGS(PAY, PROD)) } },
        KV_VERDICT_PASS, "the vault: application pay, environment prod" },
    { "the vault says nothing", "SEP-1",
        { .resource = { .rbac = KV_TRI_TRUE },
            SHARED_BY(USES("a")),
            .around = { RESOURCE_OF(
                "a", "site-a", "westeurope", TAGS(PAY, PROD)) } },
        KV_VERDICT_UNKNOWN,
        "the vault: application not tagged, environment not tagged" },
    { "an application of no resource", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")) }, KV_VERDICT_UNKNOWN,
        "1 workload uses it; application pay; environment prod\nthe vault" },
    { "an identity of two machines", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")),
            .around = { RESOURCE_OF("a", "vm-1", "westeurope", TAGS(PAY, PROD)),
                RESOURCE_OF("a", "vm-2", "westeurope", TAGS(SHOP, PROD)) } },
        KV_VERDICT_FAIL, "; of vm-1: application pay, environment prod" },
    { "an identity without tags, of a machine with", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")),
            .around = { RESOURCE_OF("a", "id-a", "westeurope", .tag_count = 0),
                RESOURCE_OF("a", "vm-1", "westeurope", TAGS(PAY, PROD)) } },
        KV_VERDICT_PASS, "" },
    { "one that only looks", "SEP-1",
        { PAY_VAULT,
            .assignments = { USES("a"),
                { KV_SCOPE_RESOURCE, "Vault Reader", "scanner",
                    KV_PRINCIPAL_SERVICE, false } },
            .around = { RESOURCE_OF(
                "a", "site-a", "westeurope", TAGS(PAY, PROD)) } },
        KV_VERDICT_PASS,
        "1 more sees names and attributes only and is not counted" },
    { "nobody uses it", "SEP-1",
        { PAY_VAULT, .assignments = { { KV_SCOPE_RESOURCE, "Secrets User",
                         "ann", KV_PRINCIPAL_USER, false } } },
        KV_VERDICT_NOT_APPLICABLE, "no workload is known to use it" },
    { "one that is gone", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("old")),
            .principals = { { .id = "old", .missing = true } } },
        KV_VERDICT_NOT_APPLICABLE, "no workload" },
    { "nobody knows who uses it", "SEP-1",
        { PAY_VAULT, .assignments = { { KV_SCOPE_RESOURCE, "Secrets User",
                         "office", KV_PRINCIPAL_GROUP, false } } },
        KV_VERDICT_UNKNOWN, "the members of 1 group are not readable" },
    { "identities not readable", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")),
            .not_ready = KV_FACET_BIT(KV_FACET_IDENTITIES),
            .state = KV_FACET_DENIED },
        KV_VERDICT_UNKNOWN, "managed identities: not readable: needs" },
    { "groups not readable, and not needed", "SEP-1",
        { PAY_VAULT, SHARED_BY(USES("a")),
            .around = { RESOURCE_OF(
                "a", "site-a", "westeurope", TAGS(PAY, PROD)) },
            .not_ready = KV_FACET_BIT(KV_FACET_CONTAINERS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_PASS, "" },

    { "one customer, says the configuration", "SEP-2", { PAY_VAULT },
        KV_VERDICT_NOT_APPLICABLE, "multitenant is no" },
    { "nobody shares", "SEP-2",
        { PAY_VAULT, SHARED_BY(USES("a"), USES("b")),
            .around = { RESOURCE_OF("a", "site-a", "westeurope",
                            TAGS({ "tenant", "x" })),
                RESOURCE_OF(
                    "b", "site-b", "westeurope", TAGS({ "Customer", "X" })) },
            .policy = &multitenant },
        KV_VERDICT_MANUAL,
        "on none of 1 vault tags of workloads name more than one customer" },
    { "two customers", "SEP-2",
        { PAY_VAULT, SHARED_BY(USES("a"), USES("b")),
            .around = { RESOURCE_OF("a", "site-a", "westeurope",
                            TAGS({ "tenant", "x" })),
                RESOURCE_OF(
                    "b", "site-b", "westeurope", TAGS({ "customer", "y" })) },
            .policy = &multitenant },
        KV_VERDICT_FAIL,
        "kv-pay: 2 workloads use it; customer y and x\nservice principal b, "
        "of site-b: customer y" },
    { "tags of groups not readable", "SEP-2",
        { PAY_VAULT, .policy = &multitenant,
            .not_ready = KV_FACET_BIT(KV_FACET_CONTAINERS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_MANUAL, "not readable: needs" },
    { "assignments not readable", "SEP-2",
        { PAY_VAULT, .policy = &multitenant,
            .not_ready = KV_FACET_BIT(KV_FACET_ASSIGNMENTS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_UNKNOWN, "not readable: needs" },
};

#endif
