/* Rows on a subscription and on the tenant: judged once there, shown on each
 * resource below. The catalogue is one of this test's own. */
#include "posture.h"

#include <string.h>

#include "estate.h"
#include "judgement.h"
#include "test.h"

#define NOW_S 1790000000
#define ID_HOME "11111111-0000-0000-0000-000000000001"
#define ID_HUB "11111111-0000-0000-0000-000000000002"
#define ID_AWAY "11111111-0000-0000-0000-000000000003"

enum { ROW_VAULT, ROW_SUBSCRIPTION, ROW_TENANT, ROW_ASK, ROW_VAULTS_BELOW };

static enum kv_verdict vault_has_rbac(
    const struct kv_subject *subject, struct buf *evidence)
{
    buf_puts(evidence, subject->resource->name);
    return subject->resource->rbac == KV_TRI_TRUE ? KV_VERDICT_PASS
                                                  : KV_VERDICT_FAIL;
}

/* Fails when one vault below lacks it, and names how many there are. */
static enum kv_verdict all_below_have_rbac(
    const struct kv_subject *subject, struct buf *evidence)
{
    enum kv_verdict verdict = KV_VERDICT_PASS;
    uint32_t at = KV_NONE;
    unsigned count = 0;

    assert_null(subject->resource);
    for (; (at = subject_next_resource(subject, at)) != KV_NONE; count++)
        if (kv_estate_resource(subject->estate, at)->rbac != KV_TRI_TRUE)
            verdict = KV_VERDICT_FAIL;
    buf_putf(evidence, "%u below", count);
    return verdict;
}

static enum kv_verdict nobody_can_tell(
    const struct kv_subject *subject, struct buf *evidence)
{
    assert_null(subject->resource);
    buf_puts(evidence, "a person has to answer");
    return KV_VERDICT_MANUAL;
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
const struct kv_recommendation kv_catalogue[] = {
    [ROW_VAULT] = { .id = "T-1",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_RESOURCES,
        .needs = KV_FACET_BIT(KV_FACET_PROPERTIES),
        .sources = LIST("S0", "N1"),
        .evaluate = vault_has_rbac },
    [ROW_SUBSCRIPTION] = { .id = "T-2",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_SUBSCRIPTION,
        .needs = KV_FACET_BIT(KV_FACET_DELETED),
        .sources = LIST("S3"),
        .evaluate = all_below_have_rbac },
    [ROW_TENANT] = { .id = "T-3",
        .severity = KV_SEVERITY_LOW,
        .kinds = KV_ON_TENANT,
        .needs = KV_FACET_BIT(KV_FACET_PRINCIPALS),
        .sources = LIST("S2"),
        .evaluate = all_below_have_rbac },
    [ROW_ASK] = { .id = "T-4",
        .severity = KV_SEVERITY_INFO,
        .kinds = KV_ON_SUBSCRIPTION,
        .attests = true,
        .sources = LIST("P"),
        .superseded = LIST("S0"),
        .evaluate = nobody_can_tell },
    [ROW_VAULTS_BELOW] = { .id = "T-5",
        .severity = KV_SEVERITY_INFO,
        .kinds = KV_ON_SUBSCRIPTION | KV_ON_VAULT,
        .sources = LIST("P"),
        .evaluate = all_below_have_rbac },
};
const size_t kv_catalogue_count = sizeof kv_catalogue / sizeof kv_catalogue[0];

uint32_t kv_catalogue_find(const char *id)
{
    (void)id;
    return KV_NONE;
}

/* ---- an estate of two subscriptions with vaults, and one without ---- */

struct fixture {
    struct kv_estate *estate;
    struct kv_posture *posture;
    uint32_t home;
    uint32_t hub;
    uint32_t empty;
};

static uint32_t put_vault(struct kv_estate *estate, const char *subscription,
    const char *type, unsigned number, enum kv_tri rbac)
{
    struct buf id = { .limit = 512 };
    struct kv_resource row = { .rbac = rbac };
    uint32_t index;

    buf_putf(&id,
        "/subscriptions/%s/resourceGroups/rg/providers/Microsoft.KeyVault/"
        "%s/kv-%u",
        subscription, type, number);
    row.id = buf_text(&id);
    row.properties.state = KV_FACET_READY;
    index = estate_take_resource(estate, &row);
    buf_done(&id);
    return index;
}

static int set_up(void **state)
{
    static struct fixture fixture;
    const struct kv_facet_status ready = { KV_FACET_READY, NOW_S, NULL };

    fixture.estate = estate_new();
    fixture.home =
        estate_take_subscription(fixture.estate, ID_HOME, "Home", "Enabled");
    fixture.hub =
        estate_take_subscription(fixture.estate, ID_HUB, "Hub", "Enabled");
    fixture.empty =
        estate_take_subscription(fixture.estate, ID_AWAY, "Empty", "Enabled");
    for (uint32_t i = 0; i < 3; i++)
        estate_set_subscription_facet(
            fixture.estate, i, KV_FACET_DELETED, ready);
    estate_set_tenant_facet(fixture.estate, KV_FACET_PRINCIPALS, ready);
    put_vault(fixture.estate, ID_HOME, "vaults", 0, KV_TRI_TRUE);
    put_vault(fixture.estate, ID_HUB, "vaults", 1, KV_TRI_TRUE);
    put_vault(fixture.estate, ID_HOME, "vaults", 2, KV_TRI_TRUE);
    put_vault(fixture.estate, ID_HUB, "managedHSMs", 3, KV_TRI_TRUE);
    fixture.posture = posture_new(fixture.estate, &kv_policy_default);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    posture_free(fixture->posture);
    estate_free(fixture->estate);
    return 0;
}

/* As the session does: everything that was touched, then what is above. */
static bool judge_touched(struct fixture *fixture)
{
    bool changed = false;
    uint64_t facets = 0;
    uint32_t resource;

    while (estate_next_touched(fixture->estate, &resource, &facets))
        changed |= posture_judge(fixture->posture, resource, NOW_S);
    return posture_judge_above(fixture->posture, NOW_S) || changed;
}

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
    assert_string_equal(buf_text(&text), "/");
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
