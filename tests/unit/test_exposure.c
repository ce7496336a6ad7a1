/* Exposure: who can reach a vault, from every combination of switches that
 * Azure knows and from address rules as people write them. */
#include "test.h"

#include <inttypes.h>
#include <string.h>

#include "estate.h"
#include "kvgov/posture.h"

#define RULES_MAX 6
#define HOME "11111111-1111-1111-1111-111111111111"
#define ID(type)                                                               \
    "/subscriptions/" HOME "/resourceGroups/rg/providers/Microsoft." type
#define VAULT ID("KeyVault/vaults/kv")

struct exposure_row {
    const char *name;
    enum kv_public_access public_access;
    enum kv_default_action action;
    enum kv_bypass bypass;
    struct kv_ip_rule rules[RULES_MAX];
    uint32_t rule_count;
    uint32_t approved;
    struct kv_perimeter perimeter; /* none without a state */
    bool perimeters_denied;
    struct kv_exposure expected;
    const char *says; /* part of the reasons */
};

#define RULE(text, first, last)                                                \
    {                                                                          \
        text, first, last, true                                                \
    }
#define BROKEN(text)                                                           \
    {                                                                          \
        text, 0, 0, false                                                      \
    }

#define ENFORCED                                                               \
    {                                                                          \
        .mode = KV_PERIMETER_ENFORCED, .provisioning_state = "succeeded"       \
    }

static const struct exposure_row exposure_rows[] = {
    { .name = "nothing said",
        .expected = { .kind = KV_EXPOSURE_OPEN, .widest_prefix = 32 },
        .says = "publicNetworkAccess is absent, which means Enabled\n"
                "networkAcls is absent, which means Allow" },
    { .name = "allow with rules",
        .public_access = KV_PUBLIC_ENABLED,
        .action = KV_DEFAULT_ALLOW,
        .rules = { RULE("203.0.113.7", 0xcb007107, 0xcb007107) },
        .rule_count = 1,
        .expected = { .kind = KV_EXPOSURE_OPEN,
            .addresses = 1,
            .widest_prefix = 32 },
        .says = "its 1 rule has no effect" },
    { .name = "disabled with endpoint",
        .public_access = KV_PUBLIC_DISABLED,
        .approved = 1,
        .bypass = KV_BYPASS_NONE,
        .expected = { .kind = KV_EXPOSURE_PRIVATE,
            .widest_prefix = 32,
            .approved = 1 },
        .says = "no public path" },
    { .name = "disabled without endpoint",
        .public_access = KV_PUBLIC_DISABLED,
        .action = KV_DEFAULT_ALLOW,
        .expected = { .kind = KV_EXPOSURE_CLOSED,
            .widest_prefix = 32,
            .trusted_services = true },
        .says = "networkAcls.bypass is absent, which means AzureServices: "
                "trusted Microsoft services come in" },
    { .name = "a perimeter overrides the bypass",
        .public_access = KV_PUBLIC_PERIMETER,
        .action = KV_DEFAULT_ALLOW,
        .bypass = KV_BYPASS_AZURE_SERVICES,
        .perimeter = ENFORCED,
        .expected = { .kind = KV_EXPOSURE_PERIMETER, .widest_prefix = 32 },
        .says = "no effect under a perimeter" },
    { .name = "left to a perimeter and in none",
        .public_access = KV_PUBLIC_PERIMETER,
        .expected = { .kind = KV_EXPOSURE_CLOSED,
            .widest_prefix = 32,
            .locked = true },
        .says = "locked, neither public traffic nor trusted services" },
    { .name = "locked, with an endpoint",
        .public_access = KV_PUBLIC_PERIMETER,
        .approved = 1,
        .expected = { .kind = KV_EXPOSURE_PRIVATE,
            .widest_prefix = 32,
            .approved = 1,
            .locked = true },
        .says = "no effect on a locked vault" },
    { .name = "perimeters are not readable",
        .public_access = KV_PUBLIC_PERIMETER,
        .perimeters_denied = true,
        .expected = { .kind = KV_EXPOSURE_PERIMETER,
            .widest_prefix = 32,
            .perimeter_unknown = true },
        .says = "network security perimeters: not readable: needs" },
    { .name = "enforced, whatever public access says",
        .public_access = KV_PUBLIC_ENABLED,
        .perimeter = ENFORCED,
        .expected = { .kind = KV_EXPOSURE_PERIMETER, .widest_prefix = 32 },
        .says = "publicNetworkAccess is Enabled\nperimeter nsp, enforced: its "
                "access rules decide" },
    { .name = "enforced, and access off",
        .public_access = KV_PUBLIC_DISABLED,
        .perimeter = ENFORCED,
        .approved = 1,
        .expected = { .kind = KV_EXPOSURE_PERIMETER,
            .widest_prefix = 32,
            .approved = 1 },
        .says = "its access rules decide" },
    { .name = "a perimeter that learns changes nothing",
        .perimeter = { .mode = KV_PERIMETER_LEARNING,
            .provisioning_state = "Succeeded" },
        .expected = { .kind = KV_EXPOSURE_OPEN, .widest_prefix = 32 },
        .says = "perimeter nsp, in learning mode: it only logs\n"
                "networkAcls is absent" },
    { .name = "one that learns, on a vault that is left to it",
        .public_access = KV_PUBLIC_PERIMETER,
        .perimeter = { .mode = KV_PERIMETER_LEARNING,
            .provisioning_state = "Succeeded" },
        .expected = { .kind = KV_EXPOSURE_PERIMETER, .widest_prefix = 32 },
        .says = "in learning mode" },
    { .name = "enforced, but perhaps not in force",
        .perimeter = { .mode = KV_PERIMETER_ENFORCED,
            .provisioning_state = "Succeeded",
            .has_issues = true },
        .expected = { .kind = KV_EXPOSURE_OPEN,
            .widest_prefix = 32,
            .perimeter_unknown = true },
        .says = "Succeeded with provisioning issues" },
    { .name = "a mode of the future",
        .perimeter = { .mode = KV_PERIMETER_OTHER,
            .provisioning_state = "Succeeded" },
        .expected = { .kind = KV_EXPOSURE_OPEN,
            .widest_prefix = 32,
            .perimeter_unknown = true },
        .says = "in a mode that kvgov does not know" },
    { .name = "deny without rules",
        .action = KV_DEFAULT_DENY,
        .bypass = KV_BYPASS_NONE,
        .expected = { .kind = KV_EXPOSURE_RESTRICTED, .widest_prefix = 32 },
        .says = "0 address rules, 0 virtual network rules" },
    { .name = "deny with endpoint is still public",
        .action = KV_DEFAULT_DENY,
        .bypass = KV_BYPASS_NONE,
        .approved = 2,
        .expected = { .kind = KV_EXPOSURE_RESTRICTED,
            .widest_prefix = 32,
            .approved = 2 },
        .says = "2 approved private endpoints" },
    { .name = "a /24 is narrow",
        .action = KV_DEFAULT_DENY,
        .rules = { RULE("203.0.113.0/24", 0xcb007100, 0xcb0071ff) },
        .rule_count = 1,
        .expected = { .kind = KV_EXPOSURE_RESTRICTED,
            .addresses = 256,
            .widest_prefix = 24,
            .trusted_services = true },
        .says = "1 address rule with 256 addresses in all, the widest a /24" },
    { .name = "a /23 is wide",
        .action = KV_DEFAULT_DENY,
        .rules = { RULE("203.0.112.0/23", 0xcb007000, 0xcb0071ff) },
        .rule_count = 1,
        .expected = { .kind = KV_EXPOSURE_WIDE,
            .addresses = 512,
            .widest_prefix = 23,
            .trusted_services = true },
        .says = "the widest a /23" },
    { .name = "everything",
        .action = KV_DEFAULT_DENY,
        .rules = { RULE("0.0.0.0/0", 0, 0xffffffff) },
        .rule_count = 1,
        .expected = { .kind = KV_EXPOSURE_WIDE,
            .addresses = 4294967296,
            .widest_prefix = 0,
            .trusted_services = true },
        .says = "4,294,967,296 addresses in all, the widest a /0" },
    { .name = "everything in halves and again",
        .action = KV_DEFAULT_DENY,
        .rules = { RULE("128.0.0.0/1", 0x80000000, 0xffffffff),
            RULE("0.0.0.0/1", 0, 0x7fffffff),
            RULE("255.255.255.255", 0xffffffff, 0xffffffff) },
        .rule_count = 3,
        .expected = { .kind = KV_EXPOSURE_WIDE,
            .addresses = 4294967296,
            .widest_prefix = 1,
            .trusted_services = true },
        .says = "4,294,967,296 addresses" },
    { .name = "overlaps, repeats and neighbours count once",
        .action = KV_DEFAULT_DENY,
        .rules = { RULE("198.51.100.128/25", 0xc6336480, 0xc63364ff),
            RULE("198.51.100.0/25", 0xc6336400, 0xc633647f),
            RULE("198.51.100.0/24", 0xc6336400, 0xc63364ff),
            RULE("198.51.100.0/24", 0xc6336400, 0xc63364ff),
            RULE("198.51.100.9", 0xc6336409, 0xc6336409),
            RULE("198.51.101.0", 0xc6336500, 0xc6336500) },
        .rule_count = 6,
        .expected = { .kind = KV_EXPOSURE_RESTRICTED,
            .addresses = 257,
            .widest_prefix = 24,
            .trusted_services = true },
        .says = "6 address rules with 257 addresses" },
    { .name = "1,024 addresses are allowed",
        .action = KV_DEFAULT_DENY,
        .rules = { RULE("192.0.2.0/24", 0xc0000200, 0xc00002ff),
            RULE("198.51.100.0/24", 0xc6336400, 0xc63364ff),
            RULE("203.0.113.0/24", 0xcb007100, 0xcb0071ff),
            RULE("203.0.115.0/24", 0xcb007300, 0xcb0073ff) },
        .rule_count = 4,
        .expected = { .kind = KV_EXPOSURE_RESTRICTED,
            .addresses = 1024,
            .widest_prefix = 24,
            .trusted_services = true },
        .says = "1,024 addresses" },
    { .name = "1,025 are not",
        .action = KV_DEFAULT_DENY,
        .rules = { RULE("192.0.2.0/24", 0xc0000200, 0xc00002ff),
            RULE("198.51.100.0/24", 0xc6336400, 0xc63364ff),
            RULE("203.0.113.0/24", 0xcb007100, 0xcb0071ff),
            RULE("203.0.115.0/24", 0xcb007300, 0xcb0073ff),
            RULE("192.0.2.255", 0xc00002ff, 0xc00002ff),
            RULE("192.0.3.0", 0xc0000300, 0xc0000300) },
        .rule_count = 6,
        .expected = { .kind = KV_EXPOSURE_WIDE,
            .addresses = 1025,
            .widest_prefix = 24,
            .trusted_services = true },
        .says = "1,025 addresses" },
    { .name = "a rule that is no address",
        .action = KV_DEFAULT_DENY,
        .rules = { BROKEN("2001:db8::/32") },
        .rule_count = 1,
        .expected = { .kind = KV_EXPOSURE_RESTRICTED,
            .widest_prefix = 32,
            .unreadable_rule = true,
            .trusted_services = true },
        .says = "1 address rule with 0 addresses" },
    { .name = "a range that ends before it starts",
        .action = KV_DEFAULT_DENY,
        .rules = { RULE("9-1", 9, 1) },
        .rule_count = 1,
        .expected = { .kind = KV_EXPOSURE_RESTRICTED,
            .widest_prefix = 32,
            .unreadable_rule = true,
            .trusted_services = true },
        .says = "0 addresses" },
    { .name = "a public access that is not known is taken for the weakest",
        .public_access = KV_PUBLIC_OTHER,
        .expected = { .kind = KV_EXPOSURE_OPEN, .widest_prefix = 32 },
        .says = "a value that kvgov does not know" },
};

/* What stands around the vault of a row; nothing for an empty one. */
static struct kv_estate *estate_of(const struct exposure_row *row)
{
    struct kv_estate *estate = estate_new();
    uint32_t home =
        estate_take_subscription(estate, HOME, "Payments", "Enabled");
    struct kv_perimeter perimeter = row->perimeter;

    perimeter.id = ID("Network/networkSecurityPerimeters/nsp/x/a");
    perimeter.scope = VAULT;
    perimeter.perimeter_id = ID("Network/networkSecurityPerimeters/nsp");
    if (perimeter.provisioning_state)
        estate_add_row(estate, KV_SET_PERIMETERS, &perimeter);
    estate_set_subscription_facet(estate, home, KV_FACET_PERIMETERS,
        (struct kv_facet_status){ .state = row->perimeters_denied
                                               ? KV_FACET_DENIED
                                               : KV_FACET_READY });
    return estate;
}

/* A resource as the row says, over endpoints of which some are approved. */
static struct kv_exposure exposure_of_row(
    const struct exposure_row *row, struct buf *reasons)
{
    static const struct kv_endpoint endpoints[] = {
        { .name = "one", .state = KV_ENDPOINT_APPROVED },
        { .name = "two", .state = KV_ENDPOINT_APPROVED },
    };
    const struct kv_resource resource = {
        .id = VAULT,
        .public_access = row->public_access,
        .default_action = row->action,
        .bypass = row->bypass,
        .ip_rules = row->rules,
        .ip_rule_count = row->rule_count,
        .endpoints = endpoints,
        .endpoint_count = row->approved,
    };
    struct kv_estate *estate = estate_of(row);
    struct kv_exposure exposure =
        kv_exposure_of(estate, &resource, &kv_policy_default, reasons);

    exposure.perimeter = NULL; /* it goes with the estate */
    estate_free(estate);
    return exposure;
}

static void put_exposure(struct buf *out, const struct kv_exposure *exposure)
{
    buf_putf(out, "%s, %" PRIu64 " addresses, /%u, %u approved%s%s%s%s",
        kv_exposure_name(exposure->kind), exposure->addresses,
        exposure->widest_prefix, exposure->approved,
        exposure->unreadable_rule ? ", unreadable" : "",
        exposure->trusted_services ? ", trusted" : "",
        exposure->locked ? ", locked" : "",
        exposure->perimeter_unknown ? ", perimeter unknown" : "");
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(exposure_rows); i++) {
        const struct exposure_row *row = &exposure_rows[i];
        struct buf reasons = { .limit = 4096 };
        struct buf expected = { .limit = 256 };
        struct buf actual = { .limit = 256 };
        struct kv_exposure exposure = exposure_of_row(row, &reasons);

        put_exposure(&expected, &row->expected);
        put_exposure(&actual, &exposure);
        if (strcmp(buf_text(&expected), buf_text(&actual)) != 0)
            fail_with("%s: expected %s, is %s", row->name, buf_text(&expected),
                buf_text(&actual));
        if (!strstr(buf_text(&reasons), row->says))
            fail_with("%s: expected '%s' in '%s'", row->name, row->says,
                buf_text(&reasons));
        buf_done(&reasons);
        buf_done(&expected);
        buf_done(&actual);
    }
}

static void test_unreadable_beside_wide(void **state)
{
    const struct exposure_row row = {
        .action = KV_DEFAULT_DENY,
        .rules = { BROKEN("?"), RULE("10.0.0.0/8", 0x0a000000, 0x0affffff) },
        .rule_count = 2,
    };
    struct kv_exposure exposure = exposure_of_row(&row, NULL);

    (void)state;
    assert_int_equal(exposure.kind, KV_EXPOSURE_WIDE);
    assert_true(exposure.unreadable_rule);
}

/* How many addresses a service tag stands for is not in the resource. */
static void test_service_tags(void **state)
{
    static const char *const tags[] = { "AzureCloud" };
    const struct kv_resource resource = {
        .kind = KV_KIND_HSM,
        .default_action = KV_DEFAULT_DENY,
        .service_tags = tags,
        .service_tag_count = 1,
    };
    struct buf reasons = { .limit = 1024 };
    struct kv_estate *estate = estate_new();
    struct kv_exposure exposure =
        kv_exposure_of(estate, &resource, &kv_policy_default, &reasons);

    (void)state;
    assert_true(exposure.unreadable_rule);
    assert_contains(buf_text(&reasons), "1 service tag");
    estate_free(estate);
    buf_done(&reasons);
}

/* An exposure has a name and a sentence, each its own. */
static void test_words(void **state)
{
    (void)state;
    for (int i = KV_EXPOSURE_PRIVATE; i <= KV_EXPOSURE_OPEN; i++)
        for (int j = KV_EXPOSURE_PRIVATE; j < i; j++) {
            enum kv_exposure_kind a = (enum kv_exposure_kind)i;
            enum kv_exposure_kind b = (enum kv_exposure_kind)j;

            assert_string_not_equal(kv_exposure_name(a), kv_exposure_name(b));
            assert_string_not_equal(
                kv_exposure_sentence(a), kv_exposure_sentence(b));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_unreadable_beside_wide),
        cmocka_unit_test(test_service_tags),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests_name("exposure", tests, NULL, NULL);
}
