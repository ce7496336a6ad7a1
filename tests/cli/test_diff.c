/* kvgov diff, and what a report says of each finding's past: since when, new,
 * fixed, reopened. */
#include "stage.h"

#define OPEN "{\"properties\":{\"networkAcls\":{\"defaultAction\":\"Allow\"}}}"
#define SHUT "{\"properties\":{\"networkAcls\":{\"defaultAction\":\"Deny\"}}}"

/* What the latest scan says of NET-2 on the vault. */
static void expect_finding(
    struct stage *stage, const char *verdict, const char *change)
{
    json_t *report = scan(stage);
    const json_t *finding = finding_of(report, "NET-2");
    const char *is = text_at(finding, "change");

    assert_string_equal(text_at(finding, "verdict"), verdict);
    assert_non_null(text_at(finding, "since"));
    if (strcmp(is ? is : "", change) != 0)
        fail_with("%s is '%s', not '%s'", verdict, is ? is : "", change);
    json_decref(report);
}

static json_t *diff(struct stage *stage, const char *from)
{
    json_t *object;

    if (from)
        RUN(stage, "diff", "--format", "json", "--from", from);
    else
        RUN(stage, "diff", "--format", "json");
    object = json_loads(buf_text(&stage->ran.out), 0, NULL);
    if (!object)
        fail_with("no JSON: %s", buf_text(&stage->ran.err));
    return object;
}

static size_t changes_in(const json_t *object)
{
    return json_array_size(json_object_get(object, "changes"));
}

static void test_there_and_back(void **state)
{
    struct stage *stage = *state;
    json_t *object;

    RUN(stage, "diff");
    expect(stage, 2, "no scan is kept yet");
    expect_finding(stage, "fail", "");
    RUN(stage, "diff");
    expect(stage, 2, "no scan before number 1");

    cloud_patch(stage->cloud, VAULT, SHUT);
    expect_finding(stage, "pass", "fixed");
    object = diff(stage, NULL);
    assert_true(changes_in(object) >= 1);
    json_decref(object);
    RUN(stage, "diff");
    expect(stage, 0, "vaults/" VAULT "\n  CRIT NET-2  fail           -> pass");
    assert_contains(buf_text(&stage->ran.out), "no longer fail");
    assert_lacks(buf_text(&stage->ran.out), "PRO-3");

    cloud_patch(stage->cloud, VAULT, OPEN);
    expect_finding(stage, "fail", "reopened");
    expect_finding(stage, "fail", "");
    object = diff(stage, NULL);
    assert_int_equal(changes_in(object), 0);
    json_decref(object);
    object = diff(stage, "1");
    assert_int_equal(changes_in(object), 0);
    json_decref(object);
    object = diff(stage, "2");
    assert_true(changes_in(object) >= 1);
    json_decref(object);
}

static void test_which_scan(void **state)
{
    static const struct {
        const char *words[WORDS];
        const char *says;
    } refusals[] = {
        { { "diff", "--from", "spring" }, "it takes the number of a scan" },
        { { "diff", "--from", "99" }, "no scan number 99 is kept" },
        { { "diff", "--from", "2001-01-01" }, "no scan up to 2001-01-01" },
        { { "diff", "--baseline", "2019" }, "no scan is kept yet" },
    };
    struct stage *stage = *state;

    RUN(stage, "scan");
    RUN(stage, "scan");
    RUN(stage, "diff", "--list");
    expect(stage, 0, "     2  20");
    assert_contains(buf_text(&stage->ran.out), "\n     1  20");
    RUN(stage, "diff", "--from", "1", "--to", "2");
    expect(stage, 0, "0 began to fail, 0 no longer fail");
    for (size_t i = 0; i < LENGTH(refusals); i++) {
        run(stage, refusals[i].words);
        expect(stage, 2, refusals[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_there_and_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_which_scan, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
