/* Rights as front ends see them: on one vault or HSM, and over all. */
#include "kvgov/access.h"

#include "posture_scene.h"

#define P1 "00000000-aaaa-bbbb-cccc-000000000001"

#define BIT(reach) (1u << KV_REACH_##reach)

static const struct kv_access_policy reads_secrets[] = {
    { .object_id = P1, .secrets = 1u << 0 },
};
static const char *const all_data[] = {
    "Microsoft.KeyVault/managedHsm/keys/*"
};
static const struct kv_permission_block all_keys = {
    .data_actions = all_data,
    .data_action_count = 1,
};
static const struct kv_local_role crypto_user = {
    .id = "role-1",
    .scope = SCENE_HSM,
    .guid = "crypto",
    .name = "Crypto User",
    .block_count = 1,
    .blocks = &all_keys,
};
static const struct kv_local_assignment uses_keys = {
    .id = "local-1",
    .scope = SCENE_HSM,
    .within = "/keys",
    .principal_id = P1,
    .role_guid = "crypto",
};
static const struct kv_local_assignment holds_unknown = {
    .id = "local-1",
    .scope = SCENE_HSM,
    .within = "/",
    .principal_id = P1,
    .role_guid = "nobody-read-it",
};
static const struct kv_schedule eligible_owner = {
    .id = "schedule-1",
    .scope = "/subscriptions/" SCENE_HOME,
    .principal_id = P1,
    .principal_type = KV_PRINCIPAL_USER,
    .role_guid = "Owner",
    .eligible = true,
    .ends_at_s = SCENE_READ_AT_S + 86400,
};

struct reach_case {
    const char *name;
    struct scene scene;
    uint32_t reach; /* of P1 */
    bool whole;
};

#define ROLE(role_name)                                                        \
    {                                                                          \
        {                                                                      \
            .level = KV_SCOPE_SUBSCRIPTION, .role = (role_name),               \
            .principal = P1, .type = KV_PRINCIPAL_USER                         \
        }                                                                      \
    }

static const struct reach_case reach_cases[] = {
    { "a data role on a vault that uses roles",
        { .resource = { .rbac = KV_TRI_TRUE },
            .assignments = ROLE("Secrets User") },
        BIT(SECRETS), true },
    { "a data role on a vault that uses policies sleeps",
        { .resource = { .rbac = KV_TRI_FALSE },
            .assignments = ROLE("Secrets User") },
        BIT(IDLE), true },
    { "a policy on a vault that uses policies",
        { .resource = { .policies = reads_secrets, .policy_count = 1 } },
        BIT(SECRETS), true },
    { "a policy on a vault that uses roles sleeps",
        { .resource = { .rbac = KV_TRI_TRUE,
              .policies = reads_secrets,
              .policy_count = 1 } },
        BIT(IDLE), true },
    { "an owner controls", { .assignments = ROLE("Owner") }, BIT(CONTROLS),
        true },
    { "a reader reaches nothing", { .assignments = ROLE("Reader") }, 0, true },
    { "an eligible owner",
        { .around = { { KV_SET_SCHEDULES, &eligible_owner } } }, BIT(ELIGIBLE),
        true },
    { "a role of the HSM's own",
        { .resource = { .kind = KV_KIND_HSM },
            .around = { { KV_SET_LOCAL_ROLES, &crypto_user },
                { KV_SET_LOCAL_ASSIGNMENTS, &uses_keys } } },
        BIT(KEYS) | BIT(CHANGES), true },
    { "an HSM whose own roles were not read",
        { .resource = { .kind = KV_KIND_HSM },
            .not_ready = KV_FACET_BIT(KV_FACET_LOCAL_ROLES),
            .state = KV_FACET_ABSENT,
            .assignments = ROLE("Owner") },
        BIT(CONTROLS), false },
    { "management groups that were not read",
        { .assignments = ROLE("Owner"), .groups_unread = true }, BIT(CONTROLS),
        false },
};

static uint32_t reach_on(const struct kv_estate *estate)
{
    const struct kv_resource *resource = kv_estate_resource(estate, 0);
    struct kv_access *access = kv_access_new(estate, resource);
    uint32_t index = kv_access_find(access, P1);
    uint32_t reach = 0;

    if (index != KV_NONE) {
        struct kv_holder holder = kv_access_holder(access, index);

        reach = kv_reach_of(&holder, resource->kind);
    }
    kv_access_free(access);
    return reach;
}

static void test_reach(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(reach_cases); i++) {
        const struct reach_case *row = &reach_cases[i];
        struct kv_estate *estate = scene_estate(&row->scene);
        struct kv_reaches *reaches = kv_reaches_new(estate);
        uint32_t reach = reach_on(estate);
        bool whole = kv_access_is_whole(estate, kv_estate_resource(estate, 0));

        if (reach != row->reach || whole != row->whole)
            fail_with("%s: %x instead of %x, whole %d", row->name, reach,
                row->reach, whole);
        assert_true(kv_reaches_step(reaches, 10));
        assert_int_equal(kv_reaches_partly(reaches), !row->whole);
        assert_int_equal(kv_reaches_count(reaches), row->reach != 0);
        for (unsigned bit = 0; row->reach && bit < KV_REACH_COUNT; bit++)
            assert_int_equal(
                kv_reaches_row(reaches, 0)->count[bit], row->reach >> bit & 1);
        kv_reaches_free(reaches);
        estate_free(estate);
    }
}

/* Every way is told, and an unknown role is no right but is not hidden. */
static void test_grants(void **state)
{
    const struct scene scene = { .resource = { .kind = KV_KIND_HSM },
        .assignments = ROLE("Owner"),
        .around = { { KV_SET_LOCAL_ASSIGNMENTS, &holds_unknown },
            { KV_SET_SCHEDULES, &eligible_owner } } };
    struct kv_estate *estate = scene_estate(&scene);
    struct kv_access *access =
        kv_access_new(estate, kv_estate_resource(estate, 0));
    uint32_t index = kv_access_find(access, P1);
    struct kv_grant grants[4];
    uint32_t place = 0;
    size_t count = 0;

    (void)state;
    assert_int_not_equal(index, KV_NONE);
    while (count < LENGTH(grants) &&
           kv_access_next_grant(access, index, &place, &grants[count]))
        count++;
    assert_int_equal(count, 3);
    assert_string_equal(grants[0].role->name, "Owner");
    assert_int_equal(grants[0].level, KV_SCOPE_SUBSCRIPTION);
    assert_int_equal(grants[1].hold, KV_HOLD_ELIGIBLE);
    assert_int_equal(grants[1].ends_at_s, eligible_owner.ends_at_s);
    assert_string_equal(grants[2].within, "/");
    assert_null(grants[2].local);
    assert_true(kv_access_holder(access, index).undefined);
    assert_false(kv_access_next_grant(access, index, &place, &grants[0]));
    kv_access_free(access);
    estate_free(estate);
}

/* One row for who is met on many, and slices that come to the same. */
static void test_slices(void **state)
{
    const struct scene scene = { .assignments = ROLE("Owner") };
    struct kv_estate *estate = scene_estate(&scene);
    struct kv_reaches *reaches = kv_reaches_new(estate);

    (void)state;
    for (unsigned i = 0; i < 9; i++) {
        struct buf id = { .limit = 512 };

        buf_putf(&id, SCENE_VAULT "-%u", i);
        estate_take_resource(
            estate, &(struct kv_resource){ .id = buf_text(&id) });
        buf_done(&id);
    }
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(kv_reaches_step(reaches, 3), i == 3);
    assert_int_equal(kv_reaches_count(reaches), 1);
    assert_int_equal(kv_reaches_row(reaches, 0)->count[KV_REACH_CONTROLS], 10);
    assert_string_equal(kv_reaches_row(reaches, 0)->widest, "Owner");
    assert_int_equal(
        kv_reaches_row(reaches, 0)->levels, 1u << KV_SCOPE_SUBSCRIPTION);
    kv_reaches_free(reaches);
    estate_free(estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reach),
        cmocka_unit_test(test_grants),
        cmocka_unit_test(test_slices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
