/* Every recommendation on every vault of the Contoso estate, read over HTTP
 * and judged, against verdicts that were worked out apart from this program
 * when the estate was written. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "contoso.h"
#include "drive.h"
#include "expected.h"

struct judged {
    struct drive drive;
    struct kv_config *config; /* Contoso's own */
    struct expected *expected;
};

static int scan(void **state)
{
    struct judged *judged = mem_alloc(sizeof *judged);

    *state = judged;
    judged->expected = expected_read();
    judged->config = contoso_config();
    return contoso_scan(&judged->drive, judged->config, NULL) ? 0 : -1;
}

static int done(void **state)
{
    struct judged *judged = *state;

    drive_done(&judged->drive);
    kv_config_free(judged->config);
    expected_free(judged->expected);
    mem_free(judged);
    return 0;
}

/* The name that the expectations use: no spaces; "tenant". */
static void put_name(struct buf *out, const struct kv_estate *estate,
    enum kv_facet_level level, uint32_t index)
{
    const char *name = "tenant";

    if (level == KV_LEVEL_RESOURCE)
        name = kv_estate_resource(estate, index)->name;
    else if (level == KV_LEVEL_SUBSCRIPTION)
        name = kv_estate_subscription(estate, index)->name;
    for (; *name; name++)
        buf_putc(out, *name == ' ' ? '_' : *name);
}

static bool is_judged_on(const struct kv_recommendation *row,
    const struct kv_estate *estate, enum kv_facet_level level, uint32_t index)
{
    if (level == KV_LEVEL_RESOURCE)
        return row->kinds & 1u << kv_estate_resource(estate, index)->kind;
    if (level == KV_LEVEL_SUBSCRIPTION)
        return kv_estate_subscription(estate, index)->resource_count > 0;
    return true;
}

static void compare_subject(const struct judged *judged, uint32_t row,
    enum kv_facet_level level, uint32_t index, struct buf *differences)
{
    const struct kv_posture *posture =
        kv_session_posture(judged->drive.session);
    struct buf name = { .limit = 256 };
    struct buf evidence = { .limit = 1u << 16 };
    enum kv_verdict verdict =
        kv_posture_subject_evidence(posture, row, index, &evidence);
    enum kv_verdict expected;

    put_name(&name, kv_session_estate(judged->drive.session), level, index);
    expected = expected_verdict(
        judged->expected, kv_catalogue[row].id, buf_text(&name));
    if (verdict != expected)
        buf_putf(differences, "%s on %s is %s, expected %s: %s\n",
            kv_catalogue[row].id, buf_text(&name), kv_verdict_name(verdict),
            kv_verdict_name(expected), buf_text(&evidence));
    buf_done(&name);
    buf_done(&evidence);
}

static enum kv_facet_level level_of(const struct kv_recommendation *row)
{
    if (row->kinds & KV_ON_TENANT)
        return KV_LEVEL_TENANT;
    return row->kinds & KV_ON_SUBSCRIPTION ? KV_LEVEL_SUBSCRIPTION
                                           : KV_LEVEL_RESOURCE;
}

static void test_verdicts(void **state)
{
    const struct judged *judged = *state;
    const struct kv_estate *estate = kv_session_estate(judged->drive.session);
    const struct kv_posture *posture =
        kv_session_posture(judged->drive.session);
    struct buf differences = { .limit = 1u << 20 };

    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_facet_level level = level_of(&kv_catalogue[row]);
        uint32_t count = kv_posture_subject_count(posture, level);

        for (uint32_t i = 0; i < count; i++)
            if (is_judged_on(&kv_catalogue[row], estate, level, i))
                compare_subject(judged, row, level, i, &differences);
    }
    if (differences.size > 0)
        fail_with("%s", buf_text(&differences));
    buf_done(&differences);
}

static bool is_subject(const struct kv_estate *estate, const char *name)
{
    struct buf subscription = { .limit = 256 };
    bool found = strcmp(name, "rest") == 0 || strcmp(name, "tenant") == 0 ||
                 kv_estate_find_name(estate, name) != KV_NONE;

    for (uint32_t i = 0; !found && i < kv_estate_subscription_count(estate);
         i++) {
        buf_clear(&subscription);
        put_name(&subscription, estate, KV_LEVEL_SUBSCRIPTION, i);
        found = strcmp(buf_text(&subscription), name) == 0;
    }
    buf_done(&subscription);
    return found;
}

/* Every row is reviewed, and no line speaks of what is not there. */
static void test_whole_estate(void **state)
{
    const struct judged *judged = *state;
    const struct kv_estate *estate = kv_session_estate(judged->drive.session);
    const char *name;

    for (size_t i = 0; i < kv_catalogue_count; i++)
        if (!expected_has(judged->expected, kv_catalogue[i].id))
            fail_with(
                "tests/api/verdicts says nothing of %s", kv_catalogue[i].id);
    for (size_t i = 0; (name = expected_name(judged->expected, i)); i++)
        if (!is_subject(estate, name))
            fail_with("tests/api/verdicts names %s, which is not in the estate",
                name);
}

/* Where something could not be read, the words say which permission would
 * help, and nothing was made of the value that is not known. */
static void test_denied(void **state)
{
    const struct drive *drive = &((struct judged *)*state)->drive;
    static const struct {
        const char *resource;
        const char *recommendation;
        const char *permission;
    } denied[] = {
        { "kv-legal-hold-weu", "NET-2", "Microsoft.KeyVault/vaults/read" },
        { "kv-legal-docs-weu", "LOG-1",
            "Microsoft.Insights/diagnosticSettings/read" },
    };

    for (size_t i = 0; i < LENGTH(denied); i++) {
        struct buf evidence = { .limit = 1u << 16 };

        assert_int_equal(kv_posture_evidence(kv_session_posture(drive->session),
                             kv_catalogue_find(denied[i].recommendation),
                             drive_find(drive, denied[i].resource), &evidence),
            KV_VERDICT_UNKNOWN);
        assert_contains(buf_text(&evidence), denied[i].permission);
        buf_done(&evidence);
    }
}

/* What only the configuration asks for, on the same estate. */
static void test_configured(void **state)
{
    const struct drive *drive = &((struct judged *)*state)->drive;
    const struct kv_estate *estate = kv_session_estate(drive->session);
    static const char *const allowed[] = {
        "c111a4e9-07ce-46a9-ac8c-eb3ead2427c5", /* id-payments-core-weu */
        "fd4f81d5-5af2-4beb-bcff-e6a6c7eda927", /* its developers */
        "ce006f94-f8ab-4dca-bf1d-d9cabb2fbc9c", /* the console */
    };
    static const struct {
        const char *recommendation;
        const char *resource; /* or what is above it */
        enum kv_verdict expected;
        const char *says;
    } cases[] = {
        { "SEP-2", "kv-data-ml-neu", KV_VERDICT_FAIL,
            "kv-data-ml-neu: 3 workloads use it; customer contoso-retail and "
            "contoso-finance" },
        { "SEP-2", "kv-pay-core-weu", KV_VERDICT_MANUAL,
            "on none of 5 vaults" },
        { "ACC-13", "kv-pay-core-weu", KV_VERDICT_PASS,
            "0 principals with data access outside the list" },
        { "ACC-13", "kv-pay-fraud-weu", KV_VERDICT_FAIL,
            "service principal Contoso Payments Batch" },
    };
    struct kv_policy policy = kv_policy_default;

    policy.multitenant = true;
    policy.allowed_principals = (struct kv_texts){ allowed, LENGTH(allowed) };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct buf evidence = { .limit = 1u << 16 };
        const struct kv_subject subject = { .estate = estate,
            .resource = kv_estate_resource(
                estate, drive_find(drive, cases[i].resource)),
            .policy = &policy };

        assert_int_equal(
            kv_judge(&kv_catalogue[kv_catalogue_find(cases[i].recommendation)],
                &subject, &evidence),
            cases[i].expected);
        assert_contains(buf_text(&evidence), cases[i].says);
        buf_done(&evidence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_whole_estate),
        cmocka_unit_test(test_denied),
        cmocka_unit_test(test_configured),
    };

    return cmocka_run_group_tests(tests, scan, done);
}
