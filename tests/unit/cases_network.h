/* What the rows on perimeters, private endpoints and firewall rules say, case
 * by case. Part of test_posture_rows. */
#ifndef CASES_NETWORK_H
#define CASES_NETWORK_H

#include "posture_case.h"

#define NETWORK_ID(type)                                                       \
    "/subscriptions/" SCENE_HUB "/resourceGroups/rg-net/providers/"            \
    "Microsoft.Network/" type
#define PEP NETWORK_ID("privateEndpoints/pep-pay")
#define NSP NETWORK_ID("networkSecurityPerimeters/nsp-pay")
#define VAULT_ZONE                                                             \
    NETWORK_ID("privateDnsZones/PrivateLink.vaultcore.usgovcloudapi.net")
#define HSM_ZONE NETWORK_ID("privateDnsZones/privatelink.managedhsm.azure.net")

#define PERIMETER(...)                                                         \
    (const struct kv_perimeter)                                                \
    {                                                                          \
        .id = NSP "/resourceAssociations/a", .scope = SCENE_VAULT,             \
        .perimeter_id = NSP, __VA_ARGS__                                       \
    }
#define SUCCEEDED .provisioning_state = "Succeeded"
static const struct kv_perimeter enforced =
    PERIMETER(.mode = KV_PERIMETER_ENFORCED, SUCCEEDED);
static const struct kv_perimeter learning =
    PERIMETER(.mode = KV_PERIMETER_LEARNING, SUCCEEDED);
static const struct kv_perimeter auditing =
    PERIMETER(.mode = KV_PERIMETER_AUDIT, SUCCEEDED);
static const struct kv_perimeter unheard_of =
    PERIMETER(.mode = KV_PERIMETER_OTHER, SUCCEEDED);
static const struct kv_perimeter troubled =
    PERIMETER(.mode = KV_PERIMETER_ENFORCED, .has_issues = true, SUCCEEDED);
static const struct kv_perimeter failed =
    PERIMETER(.mode = KV_PERIMETER_ENFORCED, .provisioning_state = "Failed");
#define IN(perimeter) .around = { { KV_SET_PERIMETERS, &(perimeter) } }

static const struct kv_endpoint connected[] = {
    { .name = "pep-pay", .endpoint_id = PEP, .state = KV_ENDPOINT_APPROVED },
};
static const struct kv_endpoint away[] = {
    { .name = "pep-pay", .endpoint_id = PEP, .state = KV_ENDPOINT_APPROVED },
    { .name = "pep-away",
        .endpoint_id = "/subscriptions/" SCENE_AWAY "/x",
        .state = KV_ENDPOINT_APPROVED,
        .foreign = true },
};
static const struct kv_endpoint waits[] = {
    { .name = "pep-new", .endpoint_id = PEP, .state = KV_ENDPOINT_PENDING },
};
static const char *const vault_zones[] = { HSM_ZONE, VAULT_ZONE };
#define ENDPOINT(...)                                                          \
    (const struct kv_private_endpoint)                                         \
    {                                                                          \
        .id = PEP, .scope = SCENE_VAULT, .endpoint_id = PEP, __VA_ARGS__       \
    }
#define READ .dns = { .state = KV_FACET_READY }
static const struct kv_private_endpoint zoned =
    ENDPOINT(.zones = vault_zones, .zone_count = 2, READ);
static const struct kv_private_endpoint zoned_for_hsm =
    ENDPOINT(.zones = vault_zones, .zone_count = 1, READ);
static const struct kv_private_endpoint zoneless = ENDPOINT(READ);
static const struct kv_private_endpoint hidden_dns =
    ENDPOINT(.dns = { KV_FACET_DENIED, 0,
                 "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/"
                 "read" });
#define WITH(endpoints_of, endpoint)                                           \
    {                                                                          \
        .resource = { .endpoints = endpoints_of,                               \
            .endpoint_count = LENGTH(endpoints_of) },                          \
        .around = {                                                            \
            { KV_SET_ENDPOINTS, &(endpoint) }                                  \
        }                                                                      \
    }

static const struct kv_ip_rule two_offices[] = {
    { "203.0.113.0/28", 0xcb007100, 0xcb00710f, true },
    { "198.51.100.7", 0xc6336407, 0xc6336407, true },
};
static const struct kv_ip_rule not_understood[] = {
    { "somewhere", 0, 0, false },
};
static const char *const subnets[] = { "/vnet/subnets/apps" };
#define DENY .default_action = KV_DEFAULT_DENY
#define RULES(rules) .ip_rules = rules, .ip_rule_count = LENGTH(rules)

/* The first rule only fits both ranges taken together. */
static const struct kv_ip_rule halves[] = {
    { "203.0.113.8/29", 0xcb007108, 0xcb00710f, true },
    { "203.0.113.0/29", 0xcb007100, 0xcb007107, true },
};
static const struct kv_ip_rule wider[] = {
    { "198.51.100.0/24", 0xc6336400, 0xc63364ff, true },
    { "203.0.113.0/24", 0xcb007100, 0xcb0071ff, true },
};
static const struct kv_policy only_halves = {
    .widest_prefix = 24,
    .max_public_addresses = 1024,
    .allowed_ranges = { halves, 2 },
};
static const struct kv_policy only_ours = {
    .widest_prefix = 24,
    .max_public_addresses = 1024,
    .allowed_ranges = { wider, 2 },
};
static const struct kv_policy never_there = {
    .widest_prefix = 24,
    .max_public_addresses = 1024,
    .forbidden_ranges = { wider, 1 },
};

#define NO_PERIMETERS                                                          \
    .not_ready = KV_FACET_BIT(KV_FACET_PERIMETERS), .state = KV_FACET_DENIED
#define PERIMETERS_DENIED "network security perimeters: not readable: needs"

static const struct verdict_case cases_network[] = {
    /* ---- what perimeters change ---- */
    { "enforced", "NET-1", { IN(enforced) }, KV_VERDICT_PASS,
        "perimeter nsp-pay, enforced: its access rules decide" },
    { "enforced", "NET-2", { IN(enforced) }, KV_VERDICT_PASS,
        "what a network security perimeter lets in" },
    { "enforced, with wide rules of its own", "NET-3",
        { .resource = { DENY, RULES(wider) }, IN(enforced) },
        KV_VERDICT_NOT_APPLICABLE, "no address rules are in force" },
    { "a value of the future under a perimeter", "NET-1",
        { .resource = { .public_access = KV_PUBLIC_OTHER }, IN(enforced) },
        KV_VERDICT_PASS, "enforced" },
    { "learning", "NET-1", { IN(learning) }, KV_VERDICT_FAIL,
        "any address on the internet\nperimeter nsp-pay, in learning mode" },
    { "learning", "NET-2", { IN(learning) }, KV_VERDICT_FAIL, "it only logs" },
    { "perhaps enforced", "NET-2", { IN(troubled) }, KV_VERDICT_UNKNOWN,
        "its association is Succeeded with provisioning issues" },
    { "open, perimeters not readable", "NET-2", { NO_PERIMETERS },
        KV_VERDICT_UNKNOWN, PERIMETERS_DENIED },
    { "public, perimeters not readable", "NET-1",
        { .resource = { DENY }, NO_PERIMETERS }, KV_VERDICT_UNKNOWN,
        PERIMETERS_DENIED },
    { "closed, perimeters not readable", "NET-1",
        { .resource = { .public_access = KV_PUBLIC_DISABLED }, NO_PERIMETERS },
        KV_VERDICT_PASS, "no network path" },
    { "too wide, perimeters not readable", "NET-3",
        { .resource = { DENY, RULES(wider) },
            NO_PERIMETERS,
            .policy = &(const struct kv_policy){ .widest_prefix = 28 } },
        KV_VERDICT_UNKNOWN, PERIMETERS_DENIED },

    /* ---- trusted services ---- */
    { "no bypass", "NET-4", { .resource = { .bypass = KV_BYPASS_NONE } },
        KV_VERDICT_PASS, "networkAcls.bypass is None" },
    { "bypass", "NET-4", { .resource = { .bypass = KV_BYPASS_AZURE_SERVICES } },
        KV_VERDICT_MANUAL, "bypass is AzureServices: every trusted" },
    { "bypass not said", "NET-4", { .resource = { DENY } }, KV_VERDICT_MANUAL,
        "absent, which means AzureServices" },
    { "bypass under a perimeter", "NET-4", { IN(enforced) }, KV_VERDICT_PASS,
        "which has no effect\nperimeter nsp-pay, enforced" },
    { "bypass while it learns", "NET-4", { IN(learning) }, KV_VERDICT_MANUAL,
        "every trusted" },
    { "bypass on a locked vault", "NET-4",
        { .resource = { .public_access = KV_PUBLIC_PERIMETER } },
        KV_VERDICT_PASS, "which has no effect\nin no network security" },
    { "bypass, perimeters not readable", "NET-4", { NO_PERIMETERS },
        KV_VERDICT_UNKNOWN, PERIMETERS_DENIED },
    { "bypass of a vault left to a perimeter, not readable", "NET-4",
        { .resource = { .public_access = KV_PUBLIC_PERIMETER }, NO_PERIMETERS },
        KV_VERDICT_UNKNOWN, PERIMETERS_DENIED },
    { "no bypass, perimeters not readable", "NET-4",
        { .resource = { .bypass = KV_BYPASS_NONE }, NO_PERIMETERS },
        KV_VERDICT_PASS, "networkAcls.bypass is None" },
    { "bypass of an HSM", "NET-4", { .resource = { .kind = KV_KIND_HSM } },
        KV_VERDICT_MANUAL, "every trusted" },

    /* ---- the perimeter itself ---- */
    { "in force", "NET-5", { IN(enforced) }, KV_VERDICT_PASS,
        "perimeter nsp-pay, enforced" },
    { "learns", "NET-5", { IN(learning) }, KV_VERDICT_FAIL,
        "in learning mode: it only logs" },
    { "audits", "NET-5", { IN(auditing) }, KV_VERDICT_FAIL, "in audit mode" },
    { "has issues", "NET-5", { IN(troubled) }, KV_VERDICT_FAIL,
        "with provisioning issues" },
    { "failed", "NET-5", { IN(failed) }, KV_VERDICT_FAIL,
        "its association is Failed" },
    { "mode of the future", "NET-5", { IN(unheard_of) }, KV_VERDICT_UNKNOWN,
        "in a mode that kvgov does not know" },
    { "in none", "NET-5", { .resource = { DENY } }, KV_VERDICT_NOT_APPLICABLE,
        "in no network security perimeter" },
    { "locked", "NET-5",
        { .resource = { .public_access = KV_PUBLIC_PERIMETER } },
        KV_VERDICT_FAIL, "SecuredByPerimeter, and in no network security" },

    /* ---- DNS ---- */
    { "zone group", "NET-7", WITH(connected, zoned), KV_VERDICT_PASS,
        "DNS of pep-pay: a zone group" },
    { "no zone group", "NET-7", WITH(connected, zoneless), KV_VERDICT_FAIL,
        "DNS of pep-pay: no zone group" },
    { "zone of another service", "NET-7", WITH(connected, zoned_for_hsm),
        KV_VERDICT_FAIL, "only zones of other services: " HSM_ZONE },
    { "zone group not readable", "NET-7", WITH(connected, hidden_dns),
        KV_VERDICT_UNKNOWN, "privateDnsZoneGroups/read (denied)" },
    { "one of two in a subscription that is not read", "NET-7",
        WITH(away, zoned), KV_VERDICT_UNKNOWN,
        "DNS of pep-away cannot be told: it is in no subscription" },
    { "one fails, the other cannot be told", "NET-7", WITH(away, zoneless),
        KV_VERDICT_FAIL, "DNS of pep-away cannot be told" },
    { "nothing approved", "NET-7", WITH(waits, zoneless),
        KV_VERDICT_NOT_APPLICABLE, "no approved private endpoint" },

    /* ---- virtual networks ---- */
    { "a subnet", "NET-8",
        { .resource = { DENY, .vnet_rules = subnets, .vnet_rule_count = 1 } },
        KV_VERDICT_PASS, "1 virtual network rule" },
    { "addresses only", "NET-8", { .resource = { DENY, RULES(two_offices) } },
        KV_VERDICT_FAIL, "2 address rules with 17 addresses" },
    { "addresses only, perimeters not readable", "NET-8",
        { .resource = { DENY, RULES(two_offices) }, NO_PERIMETERS },
        KV_VERDICT_UNKNOWN, PERIMETERS_DENIED },
    { "no firewall", "NET-8", { .resource = { .default_action = 0 } },
        KV_VERDICT_NOT_APPLICABLE, "any address on the internet" },

    /* ---- ranges ---- */
    { "no ranges", "NET-9", { .resource = { DENY, RULES(two_offices) } },
        KV_VERDICT_NOT_APPLICABLE, "is configured" },
    { "inside", "NET-9",
        { .resource = { DENY, RULES(two_offices) }, .policy = &only_ours },
        KV_VERDICT_PASS, "2 address rules" },
    { "inside two ranges that meet", "NET-9",
        { .resource = { DENY, .ip_rules = two_offices, .ip_rule_count = 1 },
            .policy = &only_halves },
        KV_VERDICT_PASS, "1 address rule" },
    { "outside", "NET-9",
        { .resource = { DENY, RULES(two_offices) }, .policy = &only_halves },
        KV_VERDICT_FAIL, "198.51.100.7 is outside the allowed ranges" },
    { "forbidden", "NET-9",
        { .resource = { DENY, RULES(two_offices) }, .policy = &never_there },
        KV_VERDICT_FAIL,
        "198.51.100.7 lets in addresses of the forbidden range "
        "198.51.100.0/24" },
    { "not understood", "NET-9",
        { .resource = { DENY, RULES(not_understood) }, .policy = &only_ours },
        KV_VERDICT_UNKNOWN, "was not understood" },
    { "of no effect", "NET-9",
        { .resource = { RULES(two_offices) }, .policy = &only_halves },
        KV_VERDICT_NOT_APPLICABLE, "no firewall rule is in force" },
    { "outside, perimeters not readable", "NET-9",
        { .resource = { DENY, RULES(two_offices) },
            NO_PERIMETERS,
            .policy = &only_halves },
        KV_VERDICT_UNKNOWN, PERIMETERS_DENIED },
};

#endif
