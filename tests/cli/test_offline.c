/* --offline: what the last scan kept, judged and shown without a request. */
#include "stage.h"

#include <sqlite3.h>
#include <stdio.h>

static void stage_set_version(const char *path, int version)
{
    char sql[64];
    sqlite3 *file = NULL;

    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", version);
    assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
    assert_int_equal(sqlite3_exec(file, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(file);
}

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

/* A file of a newer kvgov is refused by name, and not taken away. */
static void test_newer(void **state)
{
    struct stage *stage = *state;
    char *path = temp_path(stage->home, ".local/state/kvgov/records.db");
    char *journal = temp_path(stage->home, ".local/state/kvgov/journal.db");

    RUN(stage, "scan");
    stage_set_version(path, 77);
    RUN(stage, "scan", "--offline");
    assert_contains(buf_text(&stage->ran.err), path);
    assert_contains(buf_text(&stage->ran.err), "was written by a newer kvgov");
    stage_set_version(path, 1);
    stage_set_version(journal, 77);
    RUN(stage, "scan");
    expect(stage, 2, "was written by a newer kvgov (version 77 of its form");
    assert_string_equal(buf_text(&stage->ran.out), "");
    stage_set_version(journal, 1);
    RUN(stage, "journal", "verify");
    expect(stage, 0, "chain intact");
    mem_free(journal);
    mem_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_findings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_newer, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("offline", tests, NULL, NULL);
}
