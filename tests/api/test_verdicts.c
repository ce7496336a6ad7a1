/* Every recommendation on every vault of the Contoso estate, read over HTTP
 * and judged, against verdicts that were worked out apart from this program
 * when the estate was written. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "drive.h"

static const char *const columns[] = { "ACC-1", "ACC-3", "ACC-4", "NET-1",
    "NET-2", "NET-3", "NET-6", "PRO-1", "PRO-2", "PRO-3", "LOG-1", "GOV-3" };

/* One letter a column: pass, fail, ? unknown, - not applicable, . open. */
struct verdict_row {
    const char *resource;
    const char *verdicts;
};

static const struct verdict_row rows[] = {
    { "kv-pay-prod-weu", "fffff-fppfff" },
    { "kv-pay-core-weu", "pffpp-pppppp" },
    { "kv-pay-stage-neu", "pfffppfpfppf" },
    { "kv-pay-fraud-weu", "pffpp-fppppf" },
    { "kv-pay-recon-weu", "pfffppfpppff" },
    { "kv-shop-prod-weu", "pfffpffppppf" },
    { "kv-shop-cdn-neu", "pfffppfppppf" },
    { "kv-shop-batch-weu", "pfffpffpppff" },
    { "kv-shop-half-neu", "pfffpffpppff" },
    { "kv-shop-merge-weu", "pfffppfppppf" },
    { "kv-shop-search-weu", "pffff-fpppff" },
    { "kv-partner-prod-neu", "pfffppfppppp" },
    { "kv-partner-test-neu", "pfffppfpppfp" },
    { "kv-shop-peri-weu", "pffpp-fpppff" },
    { "kv-data-etl-weu", "pfffppfppppf" },
    { "kv-data-lake-weu", "pffpp-pppppf" },
    { "kv-data-bi-weu", "pfffppfpppff" },
    { "kv-data-arch-weu", "pfffppfppppf" },
    { "kv-data-stream-weu", "pfffppfppppf" },
    { "kv-data-ml-neu", "pfffppfppffp" },
    { "kv-data-sink-weu", "pfffppfpppff" },
    { "kv-data-quiet-weu", "pfffppfpppff" },
    { "kv-plat-certs-weu", "ppppp-pppppp" },
    { "kv-plat-ci-weu", "fffff-fpppff" },
    { "kv-old-hr-weu", "fppff-ffpfff" },
    { "kv-plat-legacy-weu", "fppfppfppfff" },
    /* 90 days are set, but without soft delete nothing is kept. */
    { "kv-plat-nosd-neu", "fppfppffffff" },
    { "kv-tag-esc-neu", "pppfppfpppff" },
    { "kv-plat-policy-weu", "ffffppfpppfp" },
    { "kv-plat-mixed-neu", "pppfppfppppf" },
    { "kv-plat-keys-weu", "pppfpppppppf" },
    { "kv-plat-admins-weu", "pfpfppfppppf" },
    { "kv-short-dev-weu", "pppff-fpffff" },
    { "kv-nodays-dev-weu", "pppff-fpppff" },
    { "kv-scratch-dev-neu", "pppff-fppffp" },
    { "kv-web-dev-weu", "pppff-fppfpf" },
    { "kv-api-dev-weu", "ppffppfppfff" },
    { "kv-lab-dev-neu", "pppff-fppfff" },
    { "kv-team-dev-weu", "fffff-fppfff" },
    { "kv1", "pppfppfppfff" },
    { "kv-longest-name-dev1-neu", "pppfppfpppff" },
    { "kv-legal-hold-weu", "?..???????.." },
    { "kv-legal-docs-weu", "pppfppfppp?p" },
    { "kv-legal-sign-neu", "ppppp-pppppp" },
    { "hsm-pay-prod-weu", ".f......p..p" },
    { "hsm-legal-neu", ".p......p..p" },
    { "hsm-lab-weu", ".p......f..f" },
};

static char verdict_letter(enum kv_verdict verdict)
{
    switch (verdict) {
    case KV_VERDICT_NONE:
        break;
    case KV_VERDICT_PASS:
        return 'p';
    case KV_VERDICT_FAIL:
        return 'f';
    case KV_VERDICT_UNKNOWN:
        return '?';
    case KV_VERDICT_MANUAL:
        return 'm';
    case KV_VERDICT_NOT_APPLICABLE:
        return '-';
    case KV_VERDICT_EXCEPTED:
        return 'x';
    }
    return '!';
}

static int scan(void **state)
{
    struct drive *drive = mem_alloc(sizeof *drive);

    *state = drive;
    drive_open(drive, NULL);
    return drive_scan(drive) == KV_SCAN_DONE ? 0 : -1;
}

static int done(void **state)
{
    drive_done(*state);
    mem_free(*state);
    return 0;
}

static void compare_row(const struct drive *drive,
    const struct verdict_row *row, struct buf *differences)
{
    uint32_t resource = drive_find(drive, row->resource);

    for (size_t i = 0; i < LENGTH(columns); i++) {
        struct buf evidence = { .limit = 1u << 16 };
        char letter =
            verdict_letter(drive_verdict(drive, columns[i], row->resource));

        if (row->verdicts[i] != '.' && row->verdicts[i] != letter) {
            (void)kv_posture_evidence(kv_session_posture(drive->session),
                kv_catalogue_find(columns[i]), resource, &evidence);
            buf_putf(differences, "%s on %s is %c, expected %c: %s\n",
                columns[i], row->resource, letter, row->verdicts[i],
                buf_text(&evidence));
        }
        buf_done(&evidence);
    }
}

static void test_verdicts(void **state)
{
    const struct drive *drive = *state;
    struct buf differences = { .limit = 1u << 20 };

    for (size_t i = 0; i < LENGTH(rows); i++)
        compare_row(drive, &rows[i], &differences);
    if (differences.size > 0)
        fail_with("%s", buf_text(&differences));
    buf_done(&differences);
}

/* The table is the whole estate, so that nothing in it goes unjudged. */
static void test_whole_estate(void **state)
{
    const struct drive *drive = *state;

    assert_int_equal(
        kv_estate_resource_count(kv_session_estate(drive->session)),
        LENGTH(rows));
    assert_int_equal(kv_catalogue_count, LENGTH(columns));
}

/* Where something could not be read, the words say which permission would
 * help, and nothing was made of the value that is not known. */
static void test_denied(void **state)
{
    const struct drive *drive = *state;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_whole_estate),
        cmocka_unit_test(test_denied),
    };

    return cmocka_run_group_tests(tests, scan, done);
}
