/* Exemptions of Azure Policy count as exceptions of the rows that ask the same:
 * on their scope, for the members of a set that they name, until they end. */
#include <string.h>

#include "posture.h"
#include "posture_scene.h"

#define AUTH "/providers/Microsoft.Authorization/"
#define RBAC AUTH "policyDefinitions/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5"
#define PURGE AUTH "policyDefinitions/0b60c0b2-2dc2-4e1c-b5c9-abbed971de53"
#define GROUP "/providers/Microsoft.Management/managementGroups/mg-contoso"
#define HOME "/subscriptions/" SCENE_HOME
#define NOW_S SCENE_READ_AT_S

/* One assignment of a definition or of the set of both, and one exemption. */
struct exempted {
    const char *name;
    const char *definition; /* assigned; NULL: the set */
    struct kv_exemption exemption;
    struct kv_exception own; /* none without a row */
    enum kv_verdict model;   /* ACC-1 */
    enum kv_verdict purge;   /* PRO-3 */
    const char *says;        /* in the evidence of ACC-1 */
};

#define FROM(where, ...)                                                       \
    {                                                                          \
        .id = where AUTH "policyExemptions/legacy", .scope = where,            \
        .name = "Legacy", .assignment_id = "/a", __VA_ARGS__                   \
    }
#define ONE(text) .references = (const char *const[]){ text },                 \
    .reference_count = 1

static const struct exempted cases[] = {
    { "the vault", RBAC, FROM(SCENE_VAULT, .waiver = true), { 0 },
        KV_VERDICT_EXCEPTED, KV_VERDICT_FAIL,
        "accepted by nobody named, without end: Legacy (Azure Policy exemption "
        "legacy)" },
    { "mitigated elsewhere", RBAC, FROM(SCENE_VAULT, .waiver = false), { 0 },
        KV_VERDICT_EXCEPTED, KV_VERDICT_FAIL, "accepted by" },
    { "who, why and until when", RBAC,
        FROM(SCENE_VAULT, .owner = "Contoso Payments",
            .description = "moves in spring", .ends_at_s = NOW_S + 2 * 86400),
        { 0 }, KV_VERDICT_EXCEPTED, KV_VERDICT_FAIL,
        "in 2 days: moves in spring" },
    { "a day that has begun counts", RBAC,
        FROM(SCENE_VAULT, .ends_at_s = NOW_S + 2 * 86400 - 1), { 0 },
        KV_VERDICT_EXCEPTED, KV_VERDICT_FAIL, "in 2 days: " },
    { "ended", RBAC, FROM(SCENE_VAULT, .ends_at_s = NOW_S - 1), { 0 },
        KV_VERDICT_FAIL, KV_VERDICT_FAIL, "ended on 2026-" },
    { "its resource group", RBAC, FROM(SCENE_GROUP, .waiver = true), { 0 },
        KV_VERDICT_EXCEPTED, KV_VERDICT_FAIL, "for all in " SCENE_GROUP },
    { "a management group above", RBAC, FROM(GROUP, .waiver = true), { 0 },
        KV_VERDICT_EXCEPTED, KV_VERDICT_FAIL, "for all in " HOME },
    { "another vault", RBAC, FROM(SCENE_VAULT "-2", .waiver = true), { 0 },
        KV_VERDICT_FAIL, KV_VERDICT_FAIL, "access policies" },
    { "of another assignment", RBAC,
        { .id = "x", .scope = SCENE_VAULT, .assignment_id = "/b" }, { 0 },
        KV_VERDICT_FAIL, KV_VERDICT_FAIL, "access policies" },
    { "a definition that no row asks", AUTH "policyDefinitions/other",
        FROM(SCENE_VAULT, .waiver = true), { 0 }, KV_VERDICT_FAIL,
        KV_VERDICT_FAIL, "access policies" },
    { "a whole set", NULL, FROM(SCENE_VAULT, .waiver = true), { 0 },
        KV_VERDICT_EXCEPTED, KV_VERDICT_EXCEPTED, "accepted by" },
    { "a member of it", NULL, FROM(SCENE_VAULT, ONE("PURGE")), { 0 },
        KV_VERDICT_FAIL, KV_VERDICT_EXCEPTED, "access policies" },
    { "an own one that ended beside one that holds", RBAC,
        FROM(SCENE_VAULT, .waiver = true),
        { "ACC-1", SCENE_VAULT, "old", "Contoso", NOW_S - 9, NOW_S - 1, NULL },
        KV_VERDICT_EXCEPTED, KV_VERDICT_FAIL, "accepted by nobody named" },
    { "an own one that holds comes first", RBAC,
        FROM(SCENE_VAULT, .waiver = true),
        { "ACC-1", SCENE_VAULT, "own", "Contoso", NOW_S - 9, NOW_S + 9, NULL },
        KV_VERDICT_EXCEPTED, KV_VERDICT_FAIL, "accepted by Contoso" },
};

static struct kv_estate *exempted_estate(const struct exempted *row)
{
    static const struct kv_policy_member members[] = {
        { PURGE, PURGE, "purge", NULL, false },
        { RBAC, RBAC, "rbac", NULL, false },
    };
    const struct kv_policy_set set = { .id = "/set",
        .scope = "/",
        .name = "Base",
        .members = members,
        .member_count = LENGTH(members) };
    const struct kv_policy_assignment assignment = { .id = "/a",
        .scope = HOME,
        .name = "Vaults",
        .definition_id = row->definition ? row->definition : "/set",
        .enforced = true };
    const struct scene scene = { .around = {
                                     { KV_SET_POLICY_SETS, &set },
                                     { KV_SET_POLICIES, &assignment },
                                     { KV_SET_EXEMPTIONS, &row->exemption } } };

    return scene_estate(&scene);
}

static void check(const struct exempted *row)
{
    struct kv_estate *estate = exempted_estate(row);
    struct kv_posture *posture = posture_new(estate, &kv_policy_default);
    const struct kv_records own = { .exceptions = &row->own,
        .exception_count = row->own.row != NULL };
    struct buf evidence = { .limit = 4096 };
    enum kv_verdict model;
    enum kv_verdict purge;

    posture_set_records(posture, &own);
    (void)posture_read_exemptions(posture);
    if (posture_read_exemptions(posture))
        fail_with("%s: the same exemptions are no change", row->name);
    posture_judge(posture, 0, NOW_S);
    model = kv_posture_evidence(
        posture, kv_catalogue_find("ACC-1"), 0, &evidence);
    purge = kv_posture_verdict(posture, kv_catalogue_find("PRO-3"), 0);
    if (model != row->model || purge != row->purge)
        fail_with("%s: ACC-1 %s, expected %s; PRO-3 %s, expected %s: %s",
            row->name, kv_verdict_name(model), kv_verdict_name(row->model),
            kv_verdict_name(purge), kv_verdict_name(row->purge),
            buf_text(&evidence));
    if (!strstr(buf_text(&evidence), row->says))
        fail_with("%s: expected evidence '%s', is '%s'", row->name, row->says,
            buf_text(&evidence));
    buf_done(&evidence);
    posture_free(posture);
    estate_free(estate);
}

static void test_exempted(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        check(&cases[i]);
}

/* They stand among the exceptions, are warned of, and go when Azure says so. */
static void test_listed(void **state)
{
    const struct exempted *row = &cases[2];
    struct kv_estate *estate = exempted_estate(row);
    struct kv_posture *posture = posture_new(estate, &kv_policy_default);
    const struct kv_records *records = kv_posture_records(posture);

    (void)state;
    assert_true(posture_read_exemptions(posture));
    assert_int_equal(records->exception_count, 1);
    assert_string_equal(records->exceptions[0].row, "ACC-1");
    assert_string_equal(records->exceptions[0].owner, "Contoso Payments");
    assert_string_equal(records->exceptions[0].origin, row->exemption.id);
    assert_int_equal(kv_records_ending(records, NOW_S), 1);
    assert_int_equal(
        posture_next_end_s(posture, NOW_S), row->exemption.ends_at_s);
    estate_begin(estate, KV_FACET_POLICIES);
    estate_commit(estate, KV_FACET_POLICIES);
    assert_true(posture_read_exemptions(posture));
    assert_int_equal(records->exception_count, 0);
    posture_free(posture);
    estate_free(estate);
}

/* The table and the words of a row name the same definitions. */
static void check_named(const struct kv_recommendation *row)
{
    const char *const *id = kv_row_policies(row);

    for (; *id; id++) {
        char start[9] = { 0 };

        memcpy(start, *id, sizeof start - 1);
        if (strlen(*id) != 36 || !strstr(row->also, start))
            fail_with("%s: its words do not name %s", row->id, *id);
    }
}

static bool is_named(const struct kv_recommendation *row, const char *text)
{
    const char *const *id = kv_row_policies(row);

    while (*id && strncmp(*id, text, 8) != 0)
        id++;
    return *id != NULL;
}

static void test_rows_name_them(void **state)
{
    static const char prefix[] = "Azure Policy ";

    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++) {
        const char *text = strstr(kv_catalogue[i].also, prefix);

        check_named(&kv_catalogue[i]);
        text = text ? text + sizeof prefix - 1 : NULL;
        if (text && strlen(text) >= 36 && text[8] == '-' &&
            !is_named(&kv_catalogue[i], text))
            fail_with("%s: the table lacks %.36s", kv_catalogue[i].id, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exempted),
        cmocka_unit_test(test_listed),
        cmocka_unit_test(test_rows_name_them),
    };

    return cmocka_run_group_tests_name("exemptions", tests, NULL, NULL);
}
