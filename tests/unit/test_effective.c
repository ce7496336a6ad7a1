/* Who may do what to one resource: groups, deny assignments, the two models of
 * data access, eligibility, break-glass accounts. */
#include "effective.h"

#include "posture_scene.h"

#define OFFICE "aaaaaaaa-0000-0000-0000-000000000001"

static const struct holder *find(
    const struct effective *effective, const char *id)
{
    for (size_t i = 0; i < effective->count; i++)
        if (text_equal_nocase(effective->holders[i].id, id))
            return &effective->holders[i];
    return NULL;
}

static struct effective *make(const struct kv_estate *estate)
{
    return effective_make(estate, kv_estate_resource(estate, 0));
}

static void put_group(struct kv_estate *estate, const char *const *members)
{
    struct kv_principal *group =
        estate_principal(estate, estate_refer_principal(estate, OFFICE));

    group->name = "Office";
    group->type = KV_PRINCIPAL_GROUP;
    group->members = members;
    group->member_count = 2;
    group->members_status.state = KV_FACET_READY;
}

static void put_user(struct kv_estate *estate, const char *id)
{
    struct kv_principal *user =
        estate_principal(estate, estate_refer_principal(estate, id));

    user->name = id;
    user->type = KV_PRINCIPAL_USER;
}

static void put_denial(struct kv_estate *estate, const struct kv_denial *row)
{
    estate_begin(estate, KV_FACET_DENIALS);
    estate_take_row(estate, KV_SET_DENIALS, row);
    estate_commit(estate, KV_FACET_DENIALS);
}

/* A group stands for its members, and each says through whom. */
static void test_group(void **state)
{
    static const char *const members[] = { "p1", "p2" };
    const struct scene scene = { .assignments = {
                                     { KV_SCOPE_SUBSCRIPTION, "Owner", OFFICE,
                                         KV_PRINCIPAL_GROUP, false } } };
    struct kv_estate *estate = scene_estate(&scene);
    struct effective *effective;

    (void)state;
    put_group(estate, members);
    effective = make(estate);
    assert_int_equal(effective->count, 2);
    assert_null(find(effective, OFFICE));
    assert_string_equal(
        holder_next_grant(effective, find(effective, "p2"), NULL)->named_id,
        OFFICE);
    effective_free(effective);
    estate_free(estate);
}

static void test_denied(void **state)
{
    static const char *const spared[] = { "p2" };
    const struct scene scene = {
        .assignments = { { KV_SCOPE_SUBSCRIPTION, "Owner", "p1",
                             KV_PRINCIPAL_USER, false },
            { KV_SCOPE_SUBSCRIPTION, "Owner", "p2", KV_PRINCIPAL_USER, false } }
    };
    const struct kv_denial everyone_but = { .id = "d",
        .scope = SCENE_GROUP,
        .everyone = true,
        .excluded = spared,
        .excluded_count = 1,
        .actions = KV_ACTIONS_VAULT };
    struct kv_estate *estate = scene_estate(&scene);
    struct effective *effective;

    (void)state;
    put_denial(estate, &everyone_but);
    /* As long as nobody says that p2 is no group, p1 may be in it. */
    effective = make(estate);
    assert_true(find(effective, "p1")->actions & KV_ACTIONS_VAULT);
    effective_free(effective);
    put_user(estate, "p2");
    effective = make(estate);
    assert_false(find(effective, "p1")->actions & KV_ACTIONS_VAULT);
    assert_true(find(effective, "p1")->actions & KV_ACTIONS_ASSIGN);
    assert_true(find(effective, "p2")->actions & KV_ACTIONS_VAULT);
    effective_free(effective);
    estate_free(estate);
}

/* One that is for its own scope alone says nothing of what is below. */
static void test_denied_above(void **state)
{
    const struct scene scene = { .assignments = {
                                     { KV_SCOPE_SUBSCRIPTION, "Owner", "p1",
                                         KV_PRINCIPAL_USER, false } } };
    const struct kv_denial above = { .id = "d",
        .scope = SCENE_GROUP,
        .everyone = true,
        .not_below = true,
        .actions = KV_ACTIONS_VAULT };
    struct kv_estate *estate = scene_estate(&scene);
    struct effective *effective;

    (void)state;
    put_denial(estate, &above);
    effective = make(estate);
    assert_true(find(effective, "p1")->actions & KV_ACTIONS_VAULT);
    effective_free(effective);
    estate_free(estate);
}

static const struct kv_access_policy reads[] = {
    { .object_id = "app", .secrets = 1 /* get */ },
};

/* Roles open data where the vault uses roles, policies where it does not. */
static void test_models(void **state)
{
    static const enum kv_tri models[] = { KV_TRI_TRUE, KV_TRI_FALSE };

    (void)state;
    for (size_t i = 0; i < LENGTH(models); i++) {
        const struct scene scene = { .resource = { .rbac = models[i],
                                         .policies = reads,
                                         .policy_count = 1 },
            .assignments = { { KV_SCOPE_RESOURCE, "Secrets User", "p1",
                KV_PRINCIPAL_SERVICE, false } } };
        struct kv_estate *estate = scene_estate(&scene);
        struct effective *effective = make(estate);
        uint64_t gets = KV_ACTION_BIT(KV_ACTION_SECRET_GET);
        bool roles = models[i] == KV_TRI_TRUE;

        assert_true(find(effective, "p1")->actions == (roles ? gets : 0));
        assert_true(find(effective, "p1")->idle == (roles ? 0 : gets));
        assert_true(find(effective, "app")->idle == (roles ? gets : 0));
        assert_int_equal(find(effective, "app")->kind, HOLDER_UNCLEAR);
        effective_free(effective);
        estate_free(estate);
    }
}

/* Who may take a role does not hold it. */
static void test_eligible(void **state)
{
    const struct scene scene = { .groups_unread = false };
    struct kv_estate *estate = scene_estate(&scene);
    struct effective *effective;

    (void)state;
    estate_begin(estate, KV_FACET_SCHEDULES);
    estate_take_row(estate, KV_SET_SCHEDULES,
        &(struct kv_schedule){ .id = "e",
            .scope = SCENE_GROUP,
            .principal_id = "p1",
            .principal_type = KV_PRINCIPAL_USER,
            .role_guid = "Owner",
            .eligible = true });
    estate_commit(estate, KV_FACET_SCHEDULES);
    effective = make(estate);
    assert_true(find(effective, "p1")->eligible & KV_ACTIONS_VAULT);
    assert_true(find(effective, "p1")->actions == 0);
    effective_free(effective);
    estate_free(estate);
}

/* What Azure no longer says of an assignment does not go on to hold. */
static void test_activation_ends(void **state)
{
    const struct scene scene = { .assignments = {
                                     { KV_SCOPE_MANAGEMENT_GROUP, "Owner", "p1",
                                         KV_PRINCIPAL_USER, false } } };
    struct kv_estate *estate = scene_estate(&scene);
    const struct kv_assignment *row =
        kv_estate_row(estate, KV_SET_ASSIGNMENTS, 0);

    (void)state;
    estate_begin(estate, KV_FACET_SCHEDULES);
    estate_take_row(estate, KV_SET_SCHEDULES,
        &(struct kv_schedule){ .id = "a",
            .scope = "/",
            .principal_id = "p1",
            .role_guid = "Owner",
            .assignment_id = row->id,
            .activated = true,
            .ends_at_s = 1 });
    estate_commit(estate, KV_FACET_SCHEDULES);
    assert_true(row->activated && row->ends_at_s == 1);
    estate_begin(estate, KV_FACET_SCHEDULES);
    estate_commit(estate, KV_FACET_SCHEDULES);
    assert_false(row->activated || row->ends_at_s);
    estate_free(estate);
}

/* ACC-3 on one Owner at a management group. */
static enum kv_verdict judge_above(
    const struct kv_policy *policy, const struct scene *scene, bool activated)
{
    struct kv_estate *estate = scene_estate(scene);
    const struct kv_subject subject = { .estate = estate,
        .resource = kv_estate_resource(estate, 0),
        .policy = policy };
    enum kv_verdict verdict;

    estate_begin(estate, KV_FACET_SCHEDULES);
    estate_take_row(estate, KV_SET_SCHEDULES,
        &(struct kv_schedule){ .id = "a",
            .scope = "/",
            .principal_id = "p1",
            .role_guid = "Owner",
            .assignment_id = "assignment-0",
            .activated = activated });
    estate_commit(estate, KV_FACET_SCHEDULES);
    verdict =
        kv_judge(&kv_catalogue[kv_catalogue_find("ACC-3")], &subject, NULL);
    estate_free(estate);
    return verdict;
}

static void test_standing(void **state)
{
    static const char *const emergency[] = { "P1" };
    struct scene scene = { .assignments = { { KV_SCOPE_MANAGEMENT_GROUP,
                               "Owner", "p1", KV_PRINCIPAL_USER, false } } };
    struct kv_policy policy = kv_policy_default;

    (void)state;
    assert_int_equal(
        judge_above(&kv_policy_default, &scene, false), KV_VERDICT_FAIL);
    assert_int_equal(
        judge_above(&kv_policy_default, &scene, true), KV_VERDICT_PASS);
    policy.break_glass = (struct kv_texts){ emergency, 1 };
    assert_int_equal(judge_above(&policy, &scene, false), KV_VERDICT_PASS);
    /* Perhaps it is only for an hour: nobody may say. */
    scene.not_ready = KV_FACET_BIT(KV_FACET_SCHEDULES);
    scene.state = KV_FACET_DENIED;
    assert_int_equal(
        judge_above(&kv_policy_default, &scene, false), KV_VERDICT_UNKNOWN);
}

/* Every word of an access policy has its action, and those of purging are
 * found whatever their place. */
static void test_words(void **state)
{
    uint32_t purge = kv_permission_bit(KV_OBJECT_KEY, view_of("purge"));
    uint32_t set = kv_permission_bit(KV_OBJECT_SECRET, view_of("set"));
    uint32_t issuers =
        kv_permission_bit(KV_OBJECT_CERTIFICATE, view_of("deleteissuers"));

    (void)state;
    assert_true(kv_actions_of_words(KV_OBJECT_KEY, purge) ==
                KV_ACTION_BIT(KV_ACTION_KEY_PURGE));
    assert_true(kv_actions_of_words(KV_OBJECT_SECRET, set) ==
                (KV_ACTION_BIT(KV_ACTION_SECRET_SET) |
                    KV_ACTION_BIT(KV_ACTION_SECRET_UPDATE)));
    assert_true(kv_actions_of_words(KV_OBJECT_CERTIFICATE, issuers) ==
                KV_ACTION_BIT(KV_ACTION_ISSUER_DELETE));
    assert_true(kv_actions_of_words(KV_OBJECT_SECRET, KV_PERMISSION_ALL) ==
                KV_ACTIONS_SECRETS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_group),
        cmocka_unit_test(test_denied),
        cmocka_unit_test(test_denied_above),
        cmocka_unit_test(test_models),
        cmocka_unit_test(test_eligible),
        cmocka_unit_test(test_standing),
        cmocka_unit_test(test_activation_ends),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
