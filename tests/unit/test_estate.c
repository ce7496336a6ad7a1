/* The estate: ids in any casing, what reaches a resource, what roles allow,
 * and sets that change as a whole. */
#include "test.h"

#include "estate.h"

#include <string.h>

#define SUB "/subscriptions/11111111-1111-1111-1111-111111111111"
#define GROUP SUB "/resourceGroups/rg-pay"
#define VAULT GROUP "/providers/Microsoft.KeyVault/vaults/kv-pay"

static void ids(void **state)
{
    static const struct {
        const char *id;
        enum kv_scope_level level;
        const char *name;
        const char *resource;
        const char *object;
    } rows[] = {
        { "/", KV_SCOPE_ROOT, "", "", "" },
        { "/providers/Microsoft.Management/managementGroups/mg-prod",
            KV_SCOPE_MANAGEMENT_GROUP, "mg-prod",
            "/providers/Microsoft.Management/managementGroups/mg-prod", "" },
        { SUB, KV_SCOPE_SUBSCRIPTION, "", "", "" },
        { GROUP, KV_SCOPE_RESOURCE_GROUP, "", "", "" },
        { GROUP "/", KV_SCOPE_RESOURCE_GROUP, "", "", "" },
        { VAULT, KV_SCOPE_RESOURCE, "kv-pay", VAULT, "" },
        { VAULT "/secrets/db", KV_SCOPE_OBJECT, "kv-pay", VAULT, "secrets/db" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct arm_id id = arm_id_parse(view_of(rows[i].id));

        if (arm_id_level(&id) != rows[i].level ||
            !view_equal(id.name, view_of(rows[i].name)) ||
            !view_equal(id.resource, view_of(rows[i].resource)) ||
            !view_equal(id.object, view_of(rows[i].object)))
            fail_with("%s: level %d, name %.*s", rows[i].id,
                (int)arm_id_level(&id), (int)id.name.size,
                id.name.data ? id.name.data : "");
    }
}

static uint32_t take_vault(struct kv_estate *estate)
{
    struct kv_resource row = {
        .id = VAULT,
        .properties = { .state = KV_FACET_READY, .read_at_s = 1 },
    };

    return estate_take_resource(estate, &row);
}

static void resources_are_found_in_any_casing(void **state)
{
    struct kv_estate *estate = estate_new();
    uint32_t index = take_vault(estate);

    (void)state;
    assert_int_equal(index, 0);
    assert_int_equal(take_vault(estate), 0);
    assert_int_equal(
        kv_estate_find(estate, "/SUBSCRIPTIONS/11111111-1111-1111-1111-"
                               "111111111111/resourcegroups/RG-PAY/providers/"
                               "microsoft.keyvault/Vaults/KV-pay"),
        0);
    assert_int_equal(kv_estate_find_name(estate, "KV-PAY"), 0);
    assert_int_equal(kv_estate_find(estate, GROUP), KV_NONE);
    assert_int_equal(kv_estate_subscription_count(estate), 1);
    assert_int_equal(estate_refer_resource(estate, view_of(GROUP)), KV_NONE);
    assert_int_equal(
        estate_refer_resource(estate, view_of(VAULT "/secrets/db")), 0);
    estate_free(estate);
}

static void take_assignment(
    struct kv_estate *estate, const char *id, const char *scope)
{
    estate_take_assignment(estate, &(struct kv_assignment){
                                       .id = id,
                                       .scope = scope,
                                       .principal_id = id,
                                       .role_guid = "g",
                                   });
}

static void assignments_reach_a_resource(void **state)
{
    static const char *const groups[] = { "mg-prod", "root" };
    static const struct {
        const char *id;
        enum kv_scope_level level;
    } expected[] = {
        { "root", KV_SCOPE_ROOT },
        { "mg-root", KV_SCOPE_MANAGEMENT_GROUP },
        { "mg-prod", KV_SCOPE_MANAGEMENT_GROUP },
        { "sub", KV_SCOPE_SUBSCRIPTION },
        { "group", KV_SCOPE_RESOURCE_GROUP },
        { "vault", KV_SCOPE_RESOURCE },
        { "secret", KV_SCOPE_OBJECT },
    };
    struct kv_estate *estate = estate_new();
    struct kv_walk walk = { 0 };
    const struct kv_resource *vault;
    const struct kv_assignment *row;
    size_t count = 0;

    (void)state;
    take_vault(estate);
    estate_set_groups(estate, 0, groups, 2);
    estate_begin(estate, KV_FACET_ASSIGNMENTS);
    take_assignment(estate, "secret", VAULT "/secrets/db");
    take_assignment(estate, "vault",
        SUB
        "/resourcegroups/RG-pay/providers/microsoft.keyvault/vaults/KV-PAY");
    take_assignment(estate, "group", GROUP "/");
    take_assignment(estate, "sub", SUB);
    take_assignment(estate, "sub", SUB);
    take_assignment(estate, "mg-prod",
        "/providers/Microsoft.Management/managementGroups/MG-PROD");
    take_assignment(estate, "mg-root",
        "/providers/Microsoft.Management/managementGroups/root");
    take_assignment(estate, "root", "/");
    take_assignment(estate, "elsewhere", SUB "/resourceGroups/rg-other");
    take_assignment(estate, "sibling", VAULT "-2");
    assert_true(estate_gathered_at(estate, KV_SET_ASSIGNMENTS, SUB));
    assert_int_equal(kv_estate_row_count(estate, KV_SET_ASSIGNMENTS), 0);
    estate_commit(estate, KV_FACET_ASSIGNMENTS);

    vault = kv_estate_resource(estate, 0);
    while ((row = kv_estate_next_assignment(estate, vault, &walk))) {
        if (count == LENGTH(expected) ||
            strcmp(row->id, expected[count].id) != 0 ||
            walk.level != expected[count].level)
            fail_with(
                "row %zu is %s at level %d", count, row->id, (int)walk.level);
        count++;
    }
    assert_int_equal(count, LENGTH(expected));

    /* A subscription has no group to look at. */
    walk = (struct kv_walk){ 0 };
    for (count = 0; (row = kv_estate_next_row(
                         estate, KV_SET_ASSIGNMENTS, SUB, &walk));
         count++)
        assert_string_equal(row->id, expected[count].id);
    assert_int_equal(count, 4);
    estate_free(estate);
}

static void patterns(void **state)
{
    static const struct {
        const char *pattern;
        const char *action;
        bool expected;
    } rows[] = {
        { "*", "Microsoft.KeyVault/vaults/write", true },
        { "*/read", "Microsoft.KeyVault/vaults/read", true },
        { "*/read", "Microsoft.KeyVault/vaults/write", false },
        { "microsoft.keyvault/*", "Microsoft.KeyVault/vaults/write", true },
        { "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/roleAssignments/write", true },
        { "Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/read",
            false },
        { "Microsoft.KeyVault/vaults/write",
            "Microsoft.KeyVault/vaults/write/more", false },
        { "", "x", false },
        { "a*b*c", "aXbXbc", true },
        { "a*b*c", "aXbX", false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        if (role_pattern_matches(rows[i].pattern, rows[i].action) !=
            rows[i].expected)
            fail_with("%s against %s: expected %d", rows[i].pattern,
                rows[i].action, rows[i].expected);
}

static uint32_t powers_of(
    const struct kv_permission_block *blocks, uint32_t count)
{
    struct kv_estate *estate = estate_new();
    uint32_t powers;

    estate_take_role(estate, &(struct kv_role){
                                 .guid = "g",
                                 .name = "role",
                                 .blocks = blocks,
                                 .block_count = count,
                             });
    powers = kv_estate_role(estate, 0)->powers;
    estate_free(estate);
    return powers;
}

static void powers(void **state)
{
    static const char *const all[] = { "*" };
    static const char *const no_grants[] = { "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action" };
    static const char *const secrets[] = {
        "Microsoft.KeyVault/vaults/secrets/getSecret/action"
    };
    static const char *const hsm[] = { "Microsoft.KeyVault/managedHSMs/*" };
    const struct kv_permission_block owner = { .actions = all,
        .action_count = 1 };
    const struct kv_permission_block contributor = { .actions = all,
        .action_count = 1,
        .not_actions = no_grants,
        .not_action_count = 2 };
    const struct kv_permission_block reader = { .data_actions = secrets,
        .data_action_count = 1 };
    const struct kv_permission_block hsm_admin = { .actions = hsm,
        .action_count = 1 };
    const struct kv_permission_block both[] = { contributor, owner };

    (void)state;
    assert_true(powers_of(&owner, 1) & KV_POWER_ASSIGN);
    assert_true(powers_of(&owner, 1) & KV_POWER_VAULT_WRITE);
    assert_false(powers_of(&owner, 1) & KV_POWER_DATA);
    assert_false(powers_of(&contributor, 1) & KV_POWER_ASSIGN);
    assert_true(powers_of(&contributor, 1) & KV_POWER_POLICY_WRITE);
    /* notActions of one block take nothing from another. */
    assert_true(powers_of(both, 2) & KV_POWER_ASSIGN);
    assert_int_equal(
        powers_of(&reader, 1), KV_POWER_DATA | KV_POWER_SECRET_GET);
    assert_int_equal(
        powers_of(&hsm_admin, 1), KV_POWER_HSM_WRITE | KV_POWER_HSM_DELETE);
}

static void touched_once(void **state)
{
    struct kv_estate *estate = estate_new();
    uint64_t facets = 0;
    uint32_t resource;

    (void)state;
    take_vault(estate);
    take_vault(estate);
    estate_touch_all(estate, KV_FACET_BIT(KV_FACET_LOCKS));
    assert_true(estate_next_touched(estate, &resource, &facets));
    assert_int_equal(resource, 0);
    assert_false(estate_next_touched(estate, &resource, &facets));
    estate_touch_all(estate, KV_FACET_BIT(KV_FACET_LOCKS));
    estate_touch_all(estate, KV_FACET_BIT(KV_FACET_ROLES));
    assert_true(estate_next_touched(estate, &resource, &facets));
    assert_true(facets == (KV_FACET_BIT(KV_FACET_LOCKS) |
                              KV_FACET_BIT(KV_FACET_ROLES)));
    assert_false(estate_next_touched(estate, &resource, &facets));
    estate_set_gone(estate, 0, true);
    assert_true(estate_next_touched(estate, &resource, &facets));
    estate_free(estate);
}

static void many_resources(void **state)
{
    struct kv_estate *estate = estate_new();
    enum { COUNT = 20000 };

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        struct buf id = { .limit = 256 };

        buf_putf(&id, GROUP "/providers/Microsoft.KeyVault/vaults/kv-%d", i);
        assert_int_equal(estate_refer_resource(estate, buf_view(&id)), i);
        buf_done(&id);
    }
    assert_int_equal(kv_estate_find(estate,
                         GROUP "/providers/Microsoft.KeyVault/vaults/KV-777"),
        777);
    assert_int_equal(kv_estate_subscription(estate, 0)->resource_count, COUNT);
    estate_free(estate);
}

/* One definition judges every vault: its id is unique at each of them. */
static void ids_within_a_scope(void **state)
{
    static const char *const scopes[] = { "/a", "/b", "/A" };
    struct kv_estate *estate = estate_new();
    size_t kept = 0;

    (void)state;
    estate_begin(estate, KV_FACET_ASSESSMENTS);
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        kept += estate_take_row(estate, KV_SET_ASSESSMENTS,
                    &(struct kv_assessment){ .id = "definition",
                        .scope = scopes[i],
                        .status = "Healthy" }) != NULL;
    estate_commit(estate, KV_FACET_ASSESSMENTS);
    assert_int_equal(kept, 2); /* "/A" is "/a" */
    assert_int_equal(kv_estate_row_count(estate, KV_SET_ASSESSMENTS), 2);
    estate_free(estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids),
        cmocka_unit_test(resources_are_found_in_any_casing),
        cmocka_unit_test(assignments_reach_a_resource),
        cmocka_unit_test(patterns),
        cmocka_unit_test(powers),
        cmocka_unit_test(touched_once),
        cmocka_unit_test(many_resources),
        cmocka_unit_test(ids_within_a_scope),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
