/* --offline: what the last scan kept, judged and shown without a request. */
#include "stage.h"

static json_t *scan_offline(struct stage *stage)
{
    json_t *report;

    RUN(stage, "scan", "--offline", "--format", "json");
    report = json_loads(buf_text(&stage->ran.out), 0, NULL);
    if (!report)
        fail_with("no JSON: %s", buf_text(&stage->ran.err));
    return report;
}

static void test_same_findings(void **state)
{
    struct stage *stage = *state;
    json_t *fresh;

    RUN(stage, "scan", "--offline");
    expect(stage, 3, "nothing is kept of an earlier scan");
    fresh = scan(stage);
    int code = stage->ran.code;
    long requests = cloud_requests(stage->cloud, NULL);
    json_t *kept = scan_offline(stage);

    assert_int_equal(stage->ran.code, code);
    assert_int_equal(cloud_requests(stage->cloud, NULL), requests);
    assert_string_equal(text_at(kept, "estate.scan"), "stored");
    assert_true(json_equal(
        json_object_get(fresh, "totals"), json_object_get(kept, "totals")));
    assert_string_equal(text_at(finding_of(fresh, "NET-2"), "evidence"),
        text_at(finding_of(kept, "NET-2"), "evidence"));
    json_decref(fresh);
    json_decref(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_findings, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("offline", tests, NULL, NULL);
}
