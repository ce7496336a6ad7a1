/* Rows on a subscription and on the tenant: judged once there, shown on each
 * resource below. */
#include "posture_levels.h"

static uint32_t count_of(
    const struct fixture *fixture, uint32_t row, enum kv_verdict verdict)
{
    return kv_posture_row(fixture->posture, row)->count[verdict];
}

static void check_evidence(const struct fixture *fixture, uint32_t row,
    uint32_t resource, const char *expected)
{
    struct buf evidence = { .limit = 1024 };

    (void)kv_posture_evidence(fixture->posture, row, resource, &evidence);
    assert_string_equal(buf_text(&evidence), expected);
    buf_done(&evidence);
}

/* ---- what must hold ---- */

static void test_judged_once_shown_below(void **state)
{
    struct fixture *fixture = *state;
    const struct kv_posture *posture = fixture->posture;

    assert_int_equal(
        kv_posture_verdict(posture, ROW_SUBSCRIPTION, 0), KV_VERDICT_NONE);
    assert_true(judge_touched(fixture));
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(
            kv_posture_verdict(posture, ROW_SUBSCRIPTION, i), KV_VERDICT_PASS);
        assert_int_equal(
            kv_posture_verdict(posture, ROW_TENANT, i), KV_VERDICT_PASS);
        assert_int_equal(
            kv_posture_verdict(posture, ROW_ASK, i), KV_VERDICT_MANUAL);
    }
    /* Two subscriptions have resources, the third is not judged. */
    assert_int_equal(count_of(fixture, ROW_VAULT, KV_VERDICT_PASS), 4);
    assert_int_equal(count_of(fixture, ROW_SUBSCRIPTION, KV_VERDICT_PASS), 2);
    assert_int_equal(count_of(fixture, ROW_TENANT, KV_VERDICT_PASS), 1);
    assert_int_equal(
        kv_posture_subject_verdict(posture, ROW_SUBSCRIPTION, fixture->empty),
        KV_VERDICT_NONE);
    assert_int_equal(
        kv_posture_severity(posture, KV_SEVERITY_HIGH)->count[KV_VERDICT_PASS],
        6);
    check_evidence(fixture, ROW_SUBSCRIPTION, 3, "2 below");
    check_evidence(fixture, ROW_TENANT, 0, "4 below");
    /* Nothing of the subscription sets one of its vaults apart. */
    assert_int_equal(kv_posture_standing(posture, 0).pass, 1);
    assert_int_equal(kv_posture_unknown_resources(posture), 0);
}

static void test_kinds_below(void **state)
{
    struct fixture *fixture = *state;

    judge_touched(fixture);
    assert_int_equal(kv_posture_verdict(fixture->posture, ROW_VAULTS_BELOW, 1),
        KV_VERDICT_PASS);
    assert_int_equal(kv_posture_verdict(fixture->posture, ROW_VAULTS_BELOW, 3),
        KV_VERDICT_NOT_APPLICABLE);
}

/* A change of one vault reaches its subscription and the tenant, no other. */
static void test_follows_a_change(void **state)
{
    struct fixture *fixture = *state;

    judge_touched(fixture);
    assert_false(posture_judge_above(fixture->posture, NOW_S));
    put_vault(fixture->estate, ID_HUB, "vaults", 4, KV_TRI_FALSE);
    assert_true(judge_touched(fixture));
    assert_int_equal(kv_posture_verdict(fixture->posture, ROW_SUBSCRIPTION, 1),
        KV_VERDICT_FAIL);
    assert_int_equal(kv_posture_verdict(fixture->posture, ROW_SUBSCRIPTION, 0),
        KV_VERDICT_PASS);
    assert_int_equal(
        kv_posture_verdict(fixture->posture, ROW_TENANT, 0), KV_VERDICT_FAIL);
    check_evidence(fixture, ROW_SUBSCRIPTION, 4, "3 below");
    estate_set_gone(fixture->estate, 4, true);
    assert_true(judge_touched(fixture));
    assert_int_equal(count_of(fixture, ROW_SUBSCRIPTION, KV_VERDICT_FAIL), 0);
    assert_int_equal(
        kv_posture_verdict(fixture->posture, ROW_TENANT, 0), KV_VERDICT_PASS);
    check_evidence(fixture, ROW_SUBSCRIPTION, 4,
        "no longer there when the estate was last read");
}

/* With its last resource a subscription leaves the sums. */
static void test_empties(void **state)
{
    struct fixture *fixture = *state;

    judge_touched(fixture);
    estate_set_gone(fixture->estate, 0, true);
    estate_set_gone(fixture->estate, 2, true);
    assert_true(judge_touched(fixture));
    assert_int_equal(count_of(fixture, ROW_SUBSCRIPTION, KV_VERDICT_PASS), 1);
    assert_int_equal(kv_posture_subject_verdict(
                         fixture->posture, ROW_SUBSCRIPTION, fixture->home),
        KV_VERDICT_NONE);
}

/* Facets are looked up where the row is judged. */
static void test_facets_of_the_level(void **state)
{
    struct fixture *fixture = *state;
    const struct kv_facet_status denied = { KV_FACET_DENIED, NOW_S,
        "Contoso/read" };

    estate_set_subscription_facet(
        fixture->estate, fixture->hub, KV_FACET_DELETED, denied);
    estate_set_tenant_facet(fixture->estate, KV_FACET_PRINCIPALS, denied);
    judge_touched(fixture);
    assert_int_equal(kv_posture_verdict(fixture->posture, ROW_SUBSCRIPTION, 1),
        KV_VERDICT_UNKNOWN);
    assert_int_equal(kv_posture_verdict(fixture->posture, ROW_SUBSCRIPTION, 0),
        KV_VERDICT_PASS);
    assert_int_equal(count_of(fixture, ROW_TENANT, KV_VERDICT_UNKNOWN), 1);
    check_evidence(fixture, ROW_SUBSCRIPTION, 1,
        "deleted vaults: not readable: needs Contoso/read (denied)");
}

static void check_baseline(struct fixture *fixture, enum kv_baseline baseline,
    const enum kv_verdict expected[KV_LEVEL_TENANT + 2])
{
    struct kv_policy policy = kv_policy_default;

    policy.baseline = baseline;
    posture_set_policy(fixture->posture, &policy);
    estate_touch_all(fixture->estate, ESTATE_EVERY_FACET);
    judge_touched(fixture);
    for (uint32_t row = 0; row <= ROW_ASK; row++)
        if (kv_posture_verdict(fixture->posture, row, 0) != expected[row])
            fail_with("%s: %s is %s", kv_baselines[baseline].name,
                kv_catalogue[row].id,
                kv_verdict_name(kv_posture_verdict(fixture->posture, row, 0)));
}

/* A baseline asks only what its publications name, and asks at once. */
static void test_baselines(void **state)
{
    struct fixture *fixture = *state;
    const enum kv_verdict pass = KV_VERDICT_PASS;
    const enum kv_verdict none = KV_VERDICT_NOT_APPLICABLE;
    const enum kv_verdict ask = KV_VERDICT_MANUAL;

    check_baseline(fixture, KV_BASELINE_CURRENT,
        (const enum kv_verdict[]){ pass, pass, pass, ask });
    check_baseline(fixture, KV_BASELINE_SEEDS,
        (const enum kv_verdict[]){ pass, pass, pass, ask });
    check_baseline(fixture, KV_BASELINE_2019,
        (const enum kv_verdict[]){ pass, none, none, ask });
    check_baseline(fixture, KV_BASELINE_2020_HSM,
        (const enum kv_verdict[]){ none, none, pass, none });
    check_baseline(fixture, KV_BASELINE_2025,
        (const enum kv_verdict[]){ none, pass, none, none });
    assert_int_equal(kv_row_asks(&kv_catalogue[ROW_ASK], KV_BASELINE_2019),
        KV_ASKS_SUPERSEDED);
    check_evidence(fixture, ROW_VAULT, 0, "not in the baseline 2025");
}

static void test_subject_ids(void **state)
{
    struct fixture *fixture = *state;
    struct buf text = { .limit = 1024 };

    kv_posture_put_subject(
        fixture->posture, KV_LEVEL_SUBSCRIPTION, fixture->hub, &text);
    assert_string_equal(buf_text(&text), "/subscriptions/" ID_HUB);
    buf_clear(&text);
    kv_posture_put_subject(fixture->posture, KV_LEVEL_TENANT, 0, &text);
    assert_string_equal(buf_text(&text), "/tenants/");
    buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_judged_once_shown_below, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kinds_below, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_follows_a_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empties, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_facets_of_the_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_baselines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_subject_ids, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("posture levels", tests, NULL, NULL);
}
