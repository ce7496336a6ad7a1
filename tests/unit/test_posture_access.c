/* Who counts as privileged and who as a mere Contributor: by scope, by what a
 * role allows, and by what cannot be known. */
#include <stdio.h>
#include <string.h>

#include "posture_case.h"

#define USER KV_PRINCIPAL_USER
#define SERVICE KV_PRINCIPAL_SERVICE
#define GROUP KV_PRINCIPAL_GROUP
#define AT_GROUP KV_SCOPE_MANAGEMENT_GROUP
#define AT_SUBSCRIPTION KV_SCOPE_SUBSCRIPTION
#define AT_RESOURCE_GROUP KV_SCOPE_RESOURCE_GROUP
#define AT_RESOURCE KV_SCOPE_RESOURCE

#define ASSIGNED(...)                                                          \
    {                                                                          \
        .assignments = { __VA_ARGS__ }                                         \
    }
#define ON_HSM(...)                                                            \
    {                                                                          \
        .resource = { .kind = KV_KIND_HSM }, .assignments = { __VA_ARGS__ }    \
    }

static const struct verdict_case privileged_cases[] = {
    { "five are allowed", "ACC-3",
        ASSIGNED({ AT_SUBSCRIPTION, "Owner", "p1", USER, false },
            { AT_SUBSCRIPTION, "Contributor", "p2", USER, false },
            { AT_RESOURCE_GROUP, "Delegate", "p3", SERVICE, false },
            { AT_RESOURCE, "Policy Writer", "p4", USER, false },
            { AT_RESOURCE, "Contributor", "p5", USER, false }),
        KV_VERDICT_PASS, "5 principals hold privileged roles, allowed are 5" },
    { "six are not", "ACC-3",
        ASSIGNED({ AT_SUBSCRIPTION, "Owner", "p1", USER, false },
            { AT_SUBSCRIPTION, "Owner", "p2", USER, false },
            { AT_SUBSCRIPTION, "Owner", "p3", USER, false },
            { AT_SUBSCRIPTION, "Owner", "p4", USER, false },
            { AT_SUBSCRIPTION, "Owner", "p5", USER, false },
            { AT_RESOURCE, "Delegate", "p6", SERVICE, false }),
        KV_VERDICT_FAIL, "service principal p6: Delegate at the resource" },
    { "one principal counts once, in any casing", "ACC-3",
        ASSIGNED({ AT_RESOURCE, "Owner", "p1", USER, false },
            { AT_SUBSCRIPTION, "Contributor", "P1", USER, false }),
        KV_VERDICT_PASS,
        "1 principal holds a privileged role, allowed are 5\n"
        "user P1: Contributor at the subscription" },
    { "data roles and readers do not count", "ACC-3",
        ASSIGNED({ AT_SUBSCRIPTION, "Secrets User", "p1", USER, false },
            { AT_GROUP, "Reader", "p2", USER, false }),
        KV_VERDICT_PASS, "0 principals hold privileged roles" },
    { "one at a management group", "ACC-3",
        ASSIGNED({ AT_GROUP, "Contributor", "p1", USER, false }),
        KV_VERDICT_FAIL, "1 of them at a management group or the tenant root" },
    { "an owner of one secret", "ACC-3",
        ASSIGNED({ KV_SCOPE_OBJECT, "Owner", "p1", USER, false }),
        KV_VERDICT_PASS, "0 principals" },
    { "a delegate under a condition", "ACC-3",
        ASSIGNED({ AT_GROUP, "Delegate", "p1", USER, true }), KV_VERDICT_PASS,
        "0 principals hold privileged roles, allowed are 5\nuser p1: may "
        "assign roles, restricted by a condition; not counted" },
    { "an owner under a condition may still write", "ACC-3",
        ASSIGNED({ AT_GROUP, "Owner", "p1", USER, true }), KV_VERDICT_FAIL,
        "user p1: Owner at the management group\nuser p1: may assign roles, "
        "restricted by a condition" },
    { "a group hides how many", "ACC-3",
        ASSIGNED({ AT_SUBSCRIPTION, "Owner", "ops", GROUP, false }),
        KV_VERDICT_UNKNOWN,
        "the members of 1 group are not readable: needs Microsoft Graph "
        "GroupMember.Read.All" },
    { "so does a principal of no stated type", "ACC-3",
        ASSIGNED(
            { AT_SUBSCRIPTION, "Owner", "who", KV_PRINCIPAL_UNKNOWN, false }),
        KV_VERDICT_UNKNOWN, "1 principal is of a type that is not known" },
    { "a group that reads hides nothing", "ACC-3",
        ASSIGNED({ AT_SUBSCRIPTION, "Reader", "ops", GROUP, false }),
        KV_VERDICT_PASS, "0 principals" },
    { "a group too high up fails without being read", "ACC-3",
        ASSIGNED({ KV_SCOPE_ROOT, "Owner", "ops", GROUP, false }),
        KV_VERDICT_FAIL, "group ops: Owner at the tenant root" },
    { "a role without definition", "ACC-3",
        ASSIGNED({ AT_RESOURCE, "Mystery", "p1", USER, false }),
        KV_VERDICT_UNKNOWN,
        "1 principal holds a role whose definition was not found" },
    { "it does not save one that fails", "ACC-3",
        ASSIGNED({ AT_RESOURCE, "Mystery", "p1", USER, false },
            { AT_GROUP, "Owner", "p2", USER, false }),
        KV_VERDICT_FAIL, "user p2: Owner at the management group" },
    { "management groups not read", "ACC-3", { .groups_unread = true },
        KV_VERDICT_UNKNOWN, "the management groups above the subscription" },
    { "vault roles mean nothing to an HSM", "ACC-3",
        ON_HSM({ AT_GROUP, "Policy Writer", "p1", USER, false }),
        KV_VERDICT_PASS, "0 principals" },
    { "HSM roles do", "ACC-3",
        ON_HSM({ AT_GROUP, "HSM Contributor", "p1", USER, false }),
        KV_VERDICT_FAIL, "user p1: HSM Contributor at the management group" },
    { "and nothing to a vault", "ACC-3",
        ASSIGNED({ AT_GROUP, "HSM Contributor", "p1", USER, false }),
        KV_VERDICT_PASS, "0 principals" },
};

static const struct verdict_case contributor_cases[] = {
    { "three are allowed", "ACC-4",
        ASSIGNED({ AT_SUBSCRIPTION, "Owner", "p1", USER, false },
            { AT_RESOURCE_GROUP, "Contributor", "p2", USER, false },
            { AT_RESOURCE, "Policy Writer", "p3", SERVICE, false }),
        KV_VERDICT_PASS, "3 principals may write the vault" },
    { "four are not", "ACC-4",
        { .resource = { .rbac = KV_TRI_TRUE },
            .assignments = { { AT_GROUP, "Contributor", "p1", USER, false },
                { AT_RESOURCE, "Contributor", "p2", USER, false },
                { AT_RESOURCE, "Contributor", "p3", USER, false },
                { AT_RESOURCE, "Contributor", "p4", USER, false } } },
        KV_VERDICT_FAIL,
        "4 principals may write the vault without a data role, allowed are "
        "3\nuser p1: Contributor at the management group" },
    { "on access policies each can help itself", "ACC-4",
        { .resource = { .rbac = KV_TRI_FALSE },
            .assignments = { { AT_RESOURCE, "Contributor", "p1", USER,
                false } } },
        KV_VERDICT_PASS, "so each can grant itself every secret" },
    { "a data role makes more than a Contributor", "ACC-4",
        ASSIGNED({ AT_RESOURCE, "Contributor", "p1", USER, false },
            { AT_RESOURCE, "Contributor", "p2", USER, false },
            { AT_RESOURCE, "Contributor", "p3", USER, false },
            { AT_RESOURCE, "Contributor", "p4", USER, false },
            { AT_SUBSCRIPTION, "Secrets User", "p4", USER, false }),
        KV_VERDICT_PASS, "3 principals may write the vault" },
    { "a data role on one secret does not", "ACC-4",
        ASSIGNED({ AT_RESOURCE, "Contributor", "p1", USER, false },
            { AT_RESOURCE, "Contributor", "p2", USER, false },
            { AT_RESOURCE, "Contributor", "p3", USER, false },
            { AT_RESOURCE, "Contributor", "p4", USER, false },
            { KV_SCOPE_OBJECT, "Secrets User", "p4", USER, false }),
        KV_VERDICT_FAIL, "4 principals may write the vault" },
    { "who only assigns does not write", "ACC-4",
        ASSIGNED({ AT_GROUP, "Delegate", "p1", USER, false }), KV_VERDICT_PASS,
        "0 principals may write the vault" },
    { "a group hides how many write", "ACC-4",
        ASSIGNED({ AT_RESOURCE, "Contributor", "team", GROUP, false }),
        KV_VERDICT_UNKNOWN, "the members of 1 group are not readable" },
    { "a role not known may be a data role", "ACC-4",
        ASSIGNED({ AT_RESOURCE, "Contributor", "p1", USER, false },
            { AT_RESOURCE, "Contributor", "p2", USER, false },
            { AT_RESOURCE, "Contributor", "p3", USER, false },
            { AT_RESOURCE, "Contributor", "p4", USER, false },
            { AT_RESOURCE, "Mystery", "p4", USER, false }),
        KV_VERDICT_UNKNOWN, "whose definition was not found" },
    { "a role not known of somebody else may not", "ACC-4",
        ASSIGNED({ AT_RESOURCE, "Contributor", "p1", USER, false },
            { AT_RESOURCE, "Contributor", "p2", USER, false },
            { AT_RESOURCE, "Contributor", "p3", USER, false },
            { AT_RESOURCE, "Contributor", "p4", USER, false },
            { AT_RESOURCE, "Mystery", "p5", USER, false }),
        KV_VERDICT_FAIL, "4 principals may write the vault" },
    { "data roles may lie where nobody read", "ACC-4",
        { .groups_unread = true,
            .assignments = { { AT_RESOURCE, "Contributor", "p1", USER, false },
                { AT_RESOURCE, "Contributor", "p2", USER, false },
                { AT_RESOURCE, "Contributor", "p3", USER, false },
                { AT_RESOURCE, "Contributor", "p4", USER, false } } },
        KV_VERDICT_UNKNOWN, "nor what is assigned there" },
};

static void test_privileged(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(privileged_cases); i++)
        verdict_case_check(&privileged_cases[i]);
}

static void test_contributors(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(contributor_cases); i++)
        verdict_case_check(&contributor_cases[i]);
}

#define CROWD 40

/* Far more holders than the evidence names: all are counted, some are named. */
static void test_crowd(void **state)
{
    const struct scene scene = { .groups_unread = false };
    struct kv_estate *estate = scene_estate(&scene);
    struct kv_subject subject = { .estate = estate,
        .resource = kv_estate_resource(estate, 0),
        .policy = &kv_policy_default };
    struct buf evidence = { .limit = 8192 };
    char ids[CROWD][24];

    (void)state;
    estate_begin(estate, KV_FACET_ASSIGNMENTS);
    for (int i = 0; i < CROWD; i++) {
        snprintf(ids[i], sizeof ids[i], "user-%02d", i);
        estate_take_assignment(estate, &(struct kv_assignment){ .id = ids[i],
                                           .scope = SCENE_GROUP,
                                           .principal_id = ids[i],
                                           .principal_type = USER,
                                           .role_guid = "Owner" });
    }
    estate_commit(estate, KV_FACET_ASSIGNMENTS);
    assert_int_equal(kv_judge(&kv_catalogue[kv_catalogue_find("ACC-3")],
                         &subject, &evidence),
        KV_VERDICT_FAIL);
    assert_contains(buf_text(&evidence), "40 principals hold privileged roles");
    assert_contains(buf_text(&evidence), "\nand 28 more");
    buf_done(&evidence);
    estate_free(estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_privileged),
        cmocka_unit_test(test_contributors),
        cmocka_unit_test(test_crowd),
    };

    return cmocka_run_group_tests_name("posture access", tests, NULL, NULL);
}
