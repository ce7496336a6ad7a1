/* What people decided, laid over the findings: answers, exceptions by scope,
 * their ends, and the words for them. */
#include "posture_levels.h"

#include <string.h>

#define DAY_S 86400
#define VAULT_0                                                                \
    "/subscriptions/" ID_HOME                                                  \
    "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-0"

struct record_case {
    const char *name;
    struct kv_attestation attestation; /* none without a row */
    struct kv_exception exception;     /* likewise */
    uint32_t row;
    enum kv_verdict expected; /* of vault 0 */
    enum kv_verdict other;    /* of vault 1, in the other subscription */
    const char *says;         /* in the evidence of vault 0 */
};

#define ATTEST(subject_id, answer, end_s)                                      \
    .attestation = { .row = "t-4",                                             \
        .subject = subject_id,                                                 \
        .pass = answer,                                                        \
        .note = "asked the owners",                                            \
        .name = "Contoso Vault Operations",                                    \
        .at_s = NOW_S - DAY_S,                                                 \
        .until_s = end_s }
#define EXCEPT(row_id, scope_id, end_s)                                        \
    .exception = { .row = row_id,                                              \
        .scope = scope_id,                                                     \
        .reason = "moves in spring",                                           \
        .owner = "Contoso Payments",                                           \
        .at_s = NOW_S - DAY_S,                                                 \
        .until_s = end_s }
#define LATER (NOW_S + 100 * (int64_t)DAY_S)

static const struct record_case cases[] = {
    { .name = "nobody decided",
        .row = ROW_VAULT,
        .expected = KV_VERDICT_FAIL,
        .other = KV_VERDICT_FAIL,
        .says = "kv-0" },
    { .name = "answered pass",
        ATTEST("/SUBSCRIPTIONS/" ID_HOME, true, LATER),
        .row = ROW_ASK,
        .expected = KV_VERDICT_PASS,
        .other = KV_VERDICT_MANUAL,
        .says = "a person has to answer\nattested pass by Contoso Vault "
                "Operations on 2026-09-20, until 2026-12-30: asked the "
                "owners" },
    { .name = "answered fail",
        ATTEST("/subscriptions/" ID_HOME, false, LATER),
        .row = ROW_ASK,
        .expected = KV_VERDICT_FAIL,
        .other = KV_VERDICT_MANUAL,
        .says = "attested fail by" },
    { .name = "an answer that has ended",
        ATTEST("/subscriptions/" ID_HOME, true, NOW_S - 1),
        .row = ROW_ASK,
        .expected = KV_VERDICT_MANUAL,
        .other = KV_VERDICT_MANUAL,
        .says = ", ended on 2026-09-21: asked" },
    { .name = "an answer in its last second",
        ATTEST("/subscriptions/" ID_HOME, true, NOW_S),
        .row = ROW_ASK,
        .expected = KV_VERDICT_PASS,
        .other = KV_VERDICT_MANUAL,
        .says = ", until 2026-09-21, in 1 day: asked" },
    { .name = "an answer says nothing of what was judged",
        .attestation = { .row = "T-1",
            .subject = VAULT_0,
            .pass = true,
            .note = "",
            .name = "",
            .at_s = NOW_S,
            .until_s = LATER },
        .row = ROW_VAULT,
        .expected = KV_VERDICT_FAIL,
        .other = KV_VERDICT_FAIL,
        .says = "kv-0" },
    { .name = "accepted on the resource",
        EXCEPT("T-1", VAULT_0, LATER),
        .row = ROW_VAULT,
        .expected = KV_VERDICT_EXCEPTED,
        .other = KV_VERDICT_FAIL,
        .says = "kv-0\naccepted by Contoso Payments, until 2026-12-30: moves "
                "in spring" },
    { .name = "accepted on the resource group",
        EXCEPT("T-1", "/subscriptions/" ID_HOME "/resourcegroups/RG", LATER),
        .row = ROW_VAULT,
        .expected = KV_VERDICT_EXCEPTED,
        .other = KV_VERDICT_FAIL,
        .says = "for all in /subscriptions/" ID_HOME "/resourcegroups/RG: " },
    { .name = "accepted on the subscription",
        EXCEPT("T-1", "/subscriptions/" ID_HOME, LATER),
        .row = ROW_VAULT,
        .expected = KV_VERDICT_EXCEPTED,
        .other = KV_VERDICT_FAIL,
        .says = "for all in /subscriptions/" },
    { .name = "accepted everywhere",
        EXCEPT("T-1", "/", LATER),
        .row = ROW_VAULT,
        .expected = KV_VERDICT_EXCEPTED,
        .other = KV_VERDICT_EXCEPTED,
        .says = ", everywhere: moves in spring" },
    { .name = "a group of a longer name is another",
        EXCEPT("T-1", "/subscriptions/" ID_HOME "/resourceGroups/r", LATER),
        .row = ROW_VAULT,
        .expected = KV_VERDICT_FAIL,
        .other = KV_VERDICT_FAIL,
        .says = "kv-0" },
    { .name = "another row",
        EXCEPT("T-3", "/", LATER),
        .row = ROW_VAULT,
        .expected = KV_VERDICT_FAIL,
        .other = KV_VERDICT_FAIL,
        .says = "kv-0" },
    { .name = "a row that nobody knows",
        EXCEPT("T-99", "/", LATER),
        .row = ROW_VAULT,
        .expected = KV_VERDICT_FAIL,
        .other = KV_VERDICT_FAIL,
        .says = "kv-0" },
    { .name = "an exception that has ended",
        EXCEPT("T-1", "/", NOW_S - DAY_S),
        .row = ROW_VAULT,
        .expected = KV_VERDICT_FAIL,
        .other = KV_VERDICT_FAIL,
        .says = "accepted by Contoso Payments, ended on 2026-09-20" },
    { .name = "a row of the subscription",
        EXCEPT("T-2", "/subscriptions/" ID_HOME, LATER),
        .row = ROW_SUBSCRIPTION,
        .expected = KV_VERDICT_EXCEPTED,
        .other = KV_VERDICT_FAIL,
        .says = "2 below\naccepted by" },
    { .name = "an answer of fail, accepted",
        ATTEST("/subscriptions/" ID_HOME, false, LATER),
        EXCEPT("T-4", "/", LATER),
        .row = ROW_ASK,
        .expected = KV_VERDICT_EXCEPTED,
        .other = KV_VERDICT_MANUAL,
        .says = "attested fail by" },
};

static void make_all_fail(struct fixture *fixture)
{
    put_vault(fixture->estate, ID_HOME, "vaults", 0, KV_TRI_FALSE);
    put_vault(fixture->estate, ID_HUB, "vaults", 1, KV_TRI_FALSE);
}

static void check_case(struct fixture *fixture, const struct record_case *row)
{
    const struct kv_records records = {
        .attestations = &row->attestation,
        .attestation_count = row->attestation.row != NULL,
        .exceptions = &row->exception,
        .exception_count = row->exception.row != NULL,
    };
    const struct kv_posture *posture = fixture->posture;
    struct buf evidence = { .limit = 4096 };
    uint32_t last = row->row;

    posture_set_records(fixture->posture, &records);
    estate_touch_all(fixture->estate, ESTATE_EVERY_FACET);
    judge_touched(fixture);
    if (kv_posture_verdict(posture, last, 0) != row->expected ||
        kv_posture_verdict(posture, last, 1) != row->other)
        fail_with("%s: is %s and %s", row->name,
            kv_verdict_name(kv_posture_verdict(posture, last, 0)),
            kv_verdict_name(kv_posture_verdict(posture, last, 1)));
    if (kv_posture_evidence(posture, last, 0, &evidence) != row->expected)
        fail_with("%s: the words change the verdict", row->name);
    if (!strstr(buf_text(&evidence), row->says))
        fail_with("%s: says '%s'", row->name, buf_text(&evidence));
    buf_done(&evidence);
    posture_set_records(fixture->posture, NULL);
}

static void test_cases(void **state)
{
    struct fixture *fixture = *state;

    make_all_fail(fixture);
    for (size_t i = 0; i < LENGTH(cases); i++)
        check_case(fixture, &cases[i]);
}

/* A narrower exception that has ended does not hide a wider one that holds. */
static void test_widest_that_holds(void **state)
{
    static const struct kv_exception exceptions[] = {
        { "T-1", VAULT_0, "old", "Contoso", NOW_S, NOW_S - 1, NULL },
        { "T-1", "/", "new", "Contoso", NOW_S, LATER, "policy exemption x" },
    };
    const struct kv_records records = {
        .exceptions = exceptions,
        .exception_count = LENGTH(exceptions),
    };
    struct fixture *fixture = *state;
    const struct kv_exception *found;

    make_all_fail(fixture);
    posture_set_records(fixture->posture, &records);
    judge_touched(fixture);
    found = kv_posture_exception(fixture->posture, ROW_VAULT, 0);
    assert_non_null(found);
    assert_string_equal(found->reason, "new");
    assert_int_equal(
        kv_posture_row(fixture->posture, ROW_VAULT)->count[KV_VERDICT_EXCEPTED],
        2);
    assert_int_equal(kv_posture_standing(fixture->posture, 0).excepted, 1);
    assert_int_equal(posture_next_end_s(fixture->posture, NOW_S), LATER);
    assert_int_equal(posture_next_end_s(fixture->posture, LATER + 1), 0);
    assert_null(kv_posture_exception(fixture->posture, ROW_TENANT, 0));
    posture_set_records(fixture->posture, NULL);
}

/* An answer holds no longer than the policy lets it. */
static void test_policy_shortens(void **state)
{
    static const struct kv_attestation answer = { "T-4",
        "/subscriptions/" ID_HOME, true, "", "Contoso",
        NOW_S - 40 * (int64_t)DAY_S, LATER };
    const struct kv_records records = { .attestations = &answer,
        .attestation_count = 1 };
    struct fixture *fixture = *state;
    struct kv_policy policy = kv_policy_default;

    posture_set_records(fixture->posture, &records);
    judge_touched(fixture);
    assert_int_equal(
        kv_posture_verdict(fixture->posture, ROW_ASK, 0), KV_VERDICT_PASS);
    policy.attestation_days = 30;
    posture_set_policy(fixture->posture, &policy);
    estate_touch_all(fixture->estate, ESTATE_EVERY_FACET);
    judge_touched(fixture);
    assert_int_equal(
        kv_posture_verdict(fixture->posture, ROW_ASK, 0), KV_VERDICT_MANUAL);
    posture_set_records(fixture->posture, NULL);
}

/* ---- the score ---- */

static void check_score(struct kv_score score, const char *expected)
{
    struct buf text = { .limit = 256 };

    kv_score_put(&score, &text);
    assert_string_equal(buf_text(&text), expected);
    buf_done(&text);
}

/* Weighted by severity; accepted is not passed; the share that is known goes
 * with it. On vault 0 only T-1 (high, 8) is judged; above it T-2 (high), T-3
 * (low, 2), T-4 (info, 1, manual) and T-5 (info). */
static void test_score(void **state)
{
    static const struct kv_exception exception = { "T-1", VAULT_0, "x", "y",
        NOW_S, LATER, NULL };
    const struct kv_records records = { .exceptions = &exception,
        .exception_count = 1 };
    struct fixture *fixture = *state;
    const struct kv_posture *posture = fixture->posture;

    check_score(kv_posture_score(posture), "none: nothing is known");
    judge_touched(fixture);
    check_score(kv_posture_score_resource(posture, 0),
        "100 of 100, with 100.0% of the weight known");
    check_score(
        kv_posture_score_subscription(posture, fixture->estate, fixture->home),
        "100 of 100, with 96.1% of the weight known"); /* 25 of 26 */
    put_vault(fixture->estate, ID_HOME, "vaults", 0, KV_TRI_FALSE);
    posture_set_records(fixture->posture, &records);
    judge_touched(fixture);
    check_score(kv_posture_score_resource(posture, 0),
        "0 of 100, with 100.0% of the weight known");
    /* Of 25 known, one vault of two passes: 8. */
    check_score(
        kv_posture_score_subscription(posture, fixture->estate, fixture->home),
        "32 of 100, with 96.1% of the weight known");
    /* 4 vaults, 2 subscriptions, the tenant: 52 known of 54, 33 pass. */
    check_score(
        kv_posture_score(posture), "63 of 100, with 96.2% of the weight known");
    check_score(
        kv_posture_score_subscription(posture, fixture->estate, fixture->empty),
        "none: nothing is known");
    posture_set_records(fixture->posture, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cases, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_widest_that_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_policy_shortens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_score, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("posture records", tests, NULL, NULL);
}
