/* What each row of the catalogue says of one resource: the rows that read its
 * own properties case by case, those of the areas from cases_*.h, and for every
 * row that it has a passing, a failing, an unreadable and, where it is not for
 * all kinds, a not applicable case. Access and logging have more cases in tests
 * of their own. */
#include <string.h>

#include "cases_access.h"
#include "cases_governance.h"
#include "cases_hsm.h"
#include "cases_logging.h"
#include "cases_network.h"
#include "cases_separation.h"
#include "cases_privilege.h"

#define OLD_S 1530000000   /* 2018-06-26 */
#define SINCE_S 1606780800 /* 2020-12-01 */

static const struct kv_ip_rule office[] = {
    { "203.0.113.7", 0xcb007107, 0xcb007107, true },
    { "198.51.100.0/28", 0xc6336400, 0xc633640f, true },
};
static const struct kv_ip_rule provider[] = {
    { "20.0.0.0/8", 0x14000000, 0x14ffffff, true },
    { "not-a-range", 0, 0, false },
};
static const struct kv_ip_rule garbled[] = {
    { "203.0.113.7\n", 0, 0, false },
};
static const struct kv_endpoint waiting[] = {
    { .name = "pe-partner", .state = KV_ENDPOINT_PENDING, .foreign = true },
    { .name = "pe-old", .state = KV_ENDPOINT_DISCONNECTED },
};
static const struct kv_endpoint approved[] = {
    { .name = "pe-pay", .state = KV_ENDPOINT_APPROVED },
    { .name = "pe-no", .state = KV_ENDPOINT_REJECTED },
};

#define OF(...)                                                                \
    {                                                                          \
        .resource = { __VA_ARGS__ }                                            \
    }

static const struct verdict_case cases[] = {
    { "roles", "ACC-1", OF(.rbac = KV_TRI_TRUE, .policy_count = 2),
        KV_VERDICT_PASS, "2 access policy entries stored but without effect" },
    { "policies", "ACC-1", OF(.rbac = KV_TRI_FALSE), KV_VERDICT_FAIL,
        "enableRbacAuthorization is false" },
    { "model absent", "ACC-1", OF(.policy_count = 1), KV_VERDICT_FAIL,
        "is absent, which means access policies; 1 access policy entry" },

    { "public absent", "NET-1", OF(.bypass = KV_BYPASS_NONE), KV_VERDICT_FAIL,
        "publicNetworkAccess is absent (Enabled), networkAcls absent: any "
        "address on the internet" },
    { "public but denied", "NET-1", OF(.default_action = KV_DEFAULT_DENY),
        KV_VERDICT_FAIL, "networkAcls.defaultAction is Deny" },
    { "closed", "NET-1", OF(.public_access = KV_PUBLIC_DISABLED),
        KV_VERDICT_PASS, "publicNetworkAccess is Disabled: no network path" },
    { "private", "NET-1",
        OF(.public_access = KV_PUBLIC_DISABLED, .endpoints = approved,
            .endpoint_count = 2),
        KV_VERDICT_PASS, "only through private endpoints (1 approved)" },
    { "perimeter", "NET-1", OF(.public_access = KV_PUBLIC_PERIMETER),
        KV_VERDICT_PASS, "locked, neither public traffic nor" },
    { "public other", "NET-1", OF(.public_access = KV_PUBLIC_OTHER),
        KV_VERDICT_UNKNOWN, "publicNetworkAccess has a value" },
    { "public with an action not known", "NET-1",
        OF(.default_action = KV_DEFAULT_OTHER), KV_VERDICT_FAIL, "" },

    { "open", "NET-2", OF(.public_access = KV_PUBLIC_ENABLED), KV_VERDICT_FAIL,
        "publicNetworkAccess is Enabled, networkAcls absent: any address on "
        "the internet" },
    { "rules on an open vault", "NET-2",
        OF(.default_action = KV_DEFAULT_ALLOW, .ip_rules = office,
            .ip_rule_count = 2),
        KV_VERDICT_FAIL, "its 2 rules have no effect" },
    { "open but disabled", "NET-2",
        OF(.public_access = KV_PUBLIC_DISABLED,
            .default_action = KV_DEFAULT_ALLOW),
        KV_VERDICT_PASS, "no network path" },
    { "restricted", "NET-2",
        OF(.default_action = KV_DEFAULT_DENY, .ip_rules = office,
            .ip_rule_count = 2, .vnet_rule_count = 1),
        KV_VERDICT_PASS,
        "2 address rules with 17 addresses in all, the widest a /28, 1 virtual "
        "network rule; trusted Microsoft services come in as well" },
    { "wide", "NET-2",
        OF(.default_action = KV_DEFAULT_DENY, .ip_rules = provider,
            .ip_rule_count = 1),
        KV_VERDICT_PASS, "by wide rules" },
    { "action other", "NET-2", OF(.default_action = KV_DEFAULT_OTHER),
        KV_VERDICT_UNKNOWN, "networkAcls.defaultAction has a value" },
    { "action other behind disabled", "NET-2",
        OF(.public_access = KV_PUBLIC_DISABLED,
            .default_action = KV_DEFAULT_OTHER),
        KV_VERDICT_PASS, "no network path" },

    { "narrow", "NET-3",
        OF(.default_action = KV_DEFAULT_DENY, .ip_rules = office,
            .ip_rule_count = 2),
        KV_VERDICT_PASS, "rules: 203.0.113.7, 198.51.100.0/28" },
    { "too wide", "NET-3",
        OF(.default_action = KV_DEFAULT_DENY, .ip_rules = provider,
            .ip_rule_count = 1),
        KV_VERDICT_FAIL, "with 16,777,216 addresses in all, the widest a /8" },
    { "wide whatever the other rule says", "NET-3",
        OF(.default_action = KV_DEFAULT_DENY, .ip_rules = provider,
            .ip_rule_count = 2),
        KV_VERDICT_FAIL, "not-a-range (not understood)" },
    { "rule not understood", "NET-3",
        OF(.default_action = KV_DEFAULT_DENY, .ip_rules = garbled,
            .ip_rule_count = 1),
        KV_VERDICT_UNKNOWN, "rules: 203.0.113.7<U+000A> (not understood)" },
    { "no rules in force", "NET-3", OF(.public_access = KV_PUBLIC_ENABLED),
        KV_VERDICT_NOT_APPLICABLE, "no address rules are in force" },
    { "behind disabled", "NET-3",
        OF(.public_access = KV_PUBLIC_DISABLED,
            .default_action = KV_DEFAULT_DENY, .ip_rules = provider,
            .ip_rule_count = 1),
        KV_VERDICT_NOT_APPLICABLE, "publicNetworkAccess is Disabled" },
    { "width behind a value not known", "NET-3",
        OF(.public_access = KV_PUBLIC_OTHER, .default_action = KV_DEFAULT_DENY),
        KV_VERDICT_UNKNOWN, "publicNetworkAccess has a value" },

    { "approved", "NET-6", OF(.endpoints = approved, .endpoint_count = 2),
        KV_VERDICT_PASS,
        "1 of 2 private endpoint connections approved\n"
        "pe-pay is approved\npe-no is rejected" },
    { "waiting", "NET-6", OF(.endpoints = waiting, .endpoint_count = 2),
        KV_VERDICT_FAIL,
        "pe-partner is pending, from a subscription that is not part of the "
        "estate\npe-old is disconnected" },
    { "none", "NET-6", OF(.endpoint_count = 0), KV_VERDICT_FAIL,
        "0 of 0 private endpoint connections approved" },

    { "soft delete", "PRO-1", OF(.soft_delete = KV_TRI_TRUE), KV_VERDICT_PASS,
        "enableSoftDelete is true" },
    { "no soft delete", "PRO-1",
        OF(.soft_delete = KV_TRI_FALSE, .modified_at_s = SCENE_READ_AT_S),
        KV_VERDICT_FAIL, "enableSoftDelete is false" },
    { "absent and old", "PRO-1", OF(.modified_at_s = OLD_S), KV_VERDICT_FAIL,
        "absent, last written 2018-06-26: off or unknown" },
    { "absent, a second before", "PRO-1", OF(.modified_at_s = SINCE_S - 1),
        KV_VERDICT_FAIL, "last written 2020-11-30" },
    { "absent and new", "PRO-1", OF(.modified_at_s = SINCE_S), KV_VERDICT_PASS,
        "last written 2020-12-01: on by default" },
    { "absent and undated", "PRO-1", OF(.modified_at_s = 0), KV_VERDICT_UNKNOWN,
        "does not say when the vault was last written" },

    { "retention absent", "PRO-2", OF(.retention_days = 0), KV_VERDICT_PASS,
        "is absent, which means 90 days" },
    { "retention full", "PRO-2", OF(.kind = KV_KIND_HSM, .retention_days = 90),
        KV_VERDICT_PASS, "softDeleteRetentionInDays is 90" },
    { "retention short", "PRO-2", OF(.kind = KV_KIND_HSM, .retention_days = 89),
        KV_VERDICT_FAIL, "is 89, wanted at least 90" },
    { "retention of nothing", "PRO-2",
        OF(.retention_days = 90, .soft_delete = KV_TRI_FALSE), KV_VERDICT_FAIL,
        "nothing is kept" },

    { "purge protected", "PRO-3", OF(.purge_protection = KV_TRI_TRUE),
        KV_VERDICT_PASS, "enablePurgeProtection is true" },
    { "purge absent", "PRO-3", OF(.purge_protection = KV_TRI_ABSENT),
        KV_VERDICT_FAIL, "is absent, which means off" },
    { "purge false", "PRO-3", OF(.purge_protection = KV_TRI_FALSE),
        KV_VERDICT_FAIL, "is false" },

    { "locked above", "GOV-3",
        { .lock = { .id = "l", .name = "keep", .scope = SCENE_GROUP } },
        KV_VERDICT_PASS, "CanNotDelete lock keep on the resource group" },
    { "locked itself", "GOV-3",
        { .resource = { .kind = KV_KIND_HSM },
            .lock = { .id = "l",
                .name = "frozen",
                .scope = SCENE_HSM,
                .read_only = true } },
        KV_VERDICT_PASS, "ReadOnly lock frozen on the resource" },
    { "another group's lock", "GOV-3",
        { .lock = { .id = "l", .name = "keep", .scope = SCENE_GROUP "-2" } },
        KV_VERDICT_FAIL, "no lock on the vault, its resource group" },

    /* One of each for the rows whose cases are in files of their own. */
    { "nobody", "ACC-3", { .groups_unread = false }, KV_VERDICT_PASS,
        "0 principals hold privileged roles, allowed are 5" },
    { "owner of all", "ACC-3",
        { .assignments = { { KV_SCOPE_ROOT, "Owner", "p1", KV_PRINCIPAL_USER,
              false } } },
        KV_VERDICT_FAIL, "user p1: Owner at the tenant root" },
    { "no contributor", "ACC-4", { .groups_unread = false }, KV_VERDICT_PASS,
        "0 principals may write the vault" },
    { "four contributors", "ACC-4",
        { .assignments = { { KV_SCOPE_RESOURCE, "Contributor", "p1",
                               KV_PRINCIPAL_USER, false },
              { KV_SCOPE_RESOURCE, "Contributor", "p2", KV_PRINCIPAL_USER,
                  false },
              { KV_SCOPE_RESOURCE, "Contributor", "p3", KV_PRINCIPAL_USER,
                  false },
              { KV_SCOPE_RESOURCE, "Contributor", "p4", KV_PRINCIPAL_USER,
                  false } } },
        KV_VERDICT_FAIL, "4 principals may write the vault" },
    { "no settings", "LOG-1", { .diagnostic_count = 0 }, KV_VERDICT_FAIL,
        "no diagnostic settings" },
    { "logged", "LOG-1",
        { .diagnostics = { { .name = "all",
              .workspace_id = SCENE_WORKSPACE(SCENE_HUB),
              .audit = true,
              .audit_row = "allLogs" } },
            .diagnostic_count = 1,
            .sinks = { SCENE_WORKSPACE(SCENE_HUB) } },
        KV_VERDICT_PASS, "all sends allLogs\nto workspace log-weu" },
};

static const struct {
    const struct verdict_case *items;
    size_t count;
} areas[] = {
    { cases, LENGTH(cases) },
    { cases_separation, LENGTH(cases_separation) },
    { cases_access, LENGTH(cases_access) },
    { cases_network, LENGTH(cases_network) },
    { cases_logging, LENGTH(cases_logging) },
    { cases_governance, LENGTH(cases_governance) },
    { cases_hsm, LENGTH(cases_hsm) },
    { cases_privilege, LENGTH(cases_privilege) },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(areas); i++)
        for (size_t j = 0; j < areas[i].count; j++)
            verdict_case_check(&areas[i].items[j]);
}

static bool has_case(const char *row, enum kv_verdict expected)
{
    for (size_t i = 0; i < LENGTH(areas); i++)
        for (size_t j = 0; j < areas[i].count; j++)
            if (strcmp(areas[i].items[j].row, row) == 0 &&
                areas[i].items[j].expected == expected)
                return true;
    return false;
}

/* What is inside vaults and HSMs has its stage, and this proof, in
 * test_posture_inside.c. */
static bool is_inside(const struct kv_recommendation *row)
{
    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++)
        if (kv_facets[facet].deep &&
            (row->needs | row->looks_at) & KV_FACET_BIT(facet))
            return true;
    return false;
}

/* A new row does not get by without cases of its own. What only a person can
 * tell passes and fails by what that person says. */
static void test_every_row_has_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++) {
        const struct kv_recommendation *row = &kv_catalogue[i];
        bool asks = row->attests && has_case(row->id, KV_VERDICT_MANUAL);

        if (is_inside(row))
            continue;
        if (!has_case(row->id, KV_VERDICT_PASS) && !asks)
            fail_with("%s has no passing case", row->id);
        if (!has_case(row->id, KV_VERDICT_FAIL) && !asks)
            fail_with("%s has no failing case", row->id);
        if (row->unasked && !has_case(row->id, KV_VERDICT_NOT_APPLICABLE))
            fail_with("%s has no case in which nobody asks", row->id);
    }
}

/* ---- what every row does alike ---- */

static const struct {
    const char *name;
    enum kv_facet_state state;
    const char *why;
    const char *says;
} unreadable[] = {
    { "denied", KV_FACET_DENIED, "Contoso.Custom/things/read",
        "not readable: needs Contoso.Custom/things/read (denied)" },
    { "denied in silence", KV_FACET_DENIED, NULL, " (denied)" },
    { "failed", KV_FACET_FAILED, "the connection was reset",
        "could not be read: the connection was reset" },
    { "absent", KV_FACET_ABSENT, NULL, "not read" },
    { "loading", KV_FACET_LOADING, NULL, "not read yet" },
};

/* What only a deep scan reads, and nobody asked for, is no obstacle. */
static void check_unreadable(
    const struct kv_recommendation *row, unsigned facet, size_t i)
{
    bool unasked =
        kv_facets[facet].deep && unreadable[i].state == KV_FACET_ABSENT;
    struct verdict_case one = {
        .name = unreadable[i].name,
        .row = row->id,
        .scene = { .resource.kind = kv_row_concerns(row, KV_KIND_VAULT)
                                        ? KV_KIND_VAULT
                                        : KV_KIND_HSM,
            .not_ready = KV_FACET_BIT(facet),
            .state = unreadable[i].state,
            .why = unreadable[i].why },
        .expected = unasked ? KV_VERDICT_UNREAD : KV_VERDICT_UNKNOWN,
        .says = unasked ? "--deep" : unreadable[i].says,
    };

    verdict_case_check(&one);
    one.says = kv_facets[facet].name;
    verdict_case_check(&one);
}

/* Takes one needed facet away after the other, on a resource of a kind that the
 * row is for. */
static void test_unreadable_is_unknown(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++)
        for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++)
            for (size_t j = 0; j < LENGTH(unreadable); j++)
                if (kv_catalogue[i].needs & KV_FACET_BIT(facet) &&
                    !kv_catalogue[i].unasked)
                    check_unreadable(&kv_catalogue[i], facet, j);
}

static void test_every_row_needs_a_facet(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++) {
        if ((kv_catalogue[i].needs | kv_catalogue[i].looks_at) == 0 &&
            !kv_catalogue[i].attests)
            fail_with("%s is judged without reading", kv_catalogue[i].id);
        if (kv_catalogue[i].needs & KV_FACET_BIT(KV_FACET_MEMBERS))
            fail_with(
                "%s needs members, which nobody reads", kv_catalogue[i].id);
    }
}

/* Not applicable comes first: what is not read does not matter then. */
static void test_other_kind_is_not_applicable(void **state)
{
    static const struct {
        enum kv_kind kind;
        const char *says;
    } kinds[] = { { KV_KIND_VAULT, "not for kind vault" },
        { KV_KIND_HSM, "not for kind hsm" } };

    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++)
        for (size_t j = 0; j < LENGTH(kinds); j++) {
            if (kv_row_level(&kv_catalogue[i]) != KV_LEVEL_RESOURCE ||
                kv_row_concerns(&kv_catalogue[i], kinds[j].kind))
                continue;
            verdict_case_check(
                &(struct verdict_case){ "other kind", kv_catalogue[i].id,
                    { .resource = { .kind = kinds[j].kind },
                        .not_ready = kv_catalogue[i].needs },
                    KV_VERDICT_NOT_APPLICABLE, kinds[j].says });
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_every_row_has_cases),
        cmocka_unit_test(test_unreadable_is_unknown),
        cmocka_unit_test(test_every_row_needs_a_facet),
        cmocka_unit_test(test_other_kind_is_not_applicable),
    };

    return cmocka_run_group_tests_name("posture rows", tests, NULL, NULL);
}
