/* Every format of a scan of Contoso: reviewed files hold a part of the estate in
 * which each verdict occurs, and the whole is the same from run to run but for
 * times. */
#include "stage.h"

#include <stdio.h>

#include "golden.h"
#include "kvgov/report.h"

#define FOLDER "tests/cli/golden"

/* Few rows and resources, so that the files can be read: something of each
 * verdict, of each level, and a name with escape sequences. */
#define ROWS "ACC-1,NET-2,NET-4,PRO-3,LOG-1,LOG-6,OBJ-5,GOV-4,HSM-9"
#define RESOURCES "kv-pay-prod-weu,kv-legal-hold-weu,kv-tag-esc-neu,hsm-legal-neu"

static const struct {
    const char *format;
    const char *file;
} files[] = {
    { "table", "scan.txt" },
    { "json", "scan.json" },
    { "ndjson", "scan.ndjson" },
    { "csv", "scan.csv" },
    { "sarif", "scan.sarif" },
    { "junit", "scan.xml" },
    { "markdown", "scan.md" },
    { "html", "scan.html" },
    { "ocsf", "scan.ocsf.ndjson" },
};

static void put_steady(struct stage *stage, struct buf *out)
{
    if (stage->ran.code != 0)
        fail_with("code %d: %s", stage->ran.code, buf_text(&stage->ran.err));
    golden_put_steady(out, buf_text(&stage->ran.out));
}

static void test_kept(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(LENGTH(files), kv_report_format_count);
    RUN(stage, "scan");
    RUN(stage, "except", "NET-2", VAULT, "--reason", "moves in spring",
        "--owner", "Contoso Payments", "--until", "2099-03-31");
    for (size_t i = 0; i < LENGTH(files); i++) {
        struct buf out = { .limit = (size_t)64 << 20 };

        assert_string_equal(files[i].format, kv_report_formats[i].name);
        RUN(stage, "scan", "--offline", "--format", files[i].format, "--only",
            ROWS, "--resource", RESOURCES);
        put_steady(stage, &out);
        golden_check(FOLDER, files[i].file, buf_text(&out));
        buf_done(&out);
    }
}

static void test_schema(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "schema");
    golden_check(FOLDER, "schema.json", buf_text(&stage->ran.out));
}

/* All formats of one scan of the whole estate, one after the other. */
static void put_all(struct buf *out)
{
    void *state = NULL;
    struct stage *stage;

    set_up(&state);
    stage = state;
    RUN(stage, "scan");
    for (size_t i = 0; i < kv_report_format_count; i++) {
        RUN(stage, "scan", "--offline", "--format", kv_report_formats[i].name);
        put_steady(stage, out);
    }
    tear_down(&state);
}

static void test_steady(void **state)
{
    struct buf first = { .limit = (size_t)64 << 20 };
    struct buf second = { .limit = (size_t)64 << 20 };

    (void)state;
    put_all(&first);
    put_all(&second);
    assert_false(first.failed);
    if (!view_equal(buf_view(&first), buf_view(&second)))
        for (size_t i = 0; i < first.size; i++)
            if (first.data[i] != second.data[i])
                fail_with("at byte %zu:\n%.200s\n%.200s", i,
                    first.data + (i > 80 ? i - 80 : 0),
                    second.data + (i > 80 ? i - 80 : 0));
    buf_done(&first);
    buf_done(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_schema, set_up, tear_down),
        cmocka_unit_test(test_steady),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
