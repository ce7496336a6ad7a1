/* Reports of a small estate in which every kind of answer occurs once. */
#include "test.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "report_scene.h"

/* ---- the table ---- */

static void assert_golden(const char *name, const char *text)
{
    char path[1024];
    char *expected;

    snprintf(path, sizeof path, "%s/tests/unit/golden/%s", test_source(), name);
    expected = test_read_file(path, NULL);
    if (strcmp(expected, text) != 0) {
        fputs(text, stderr); /* cmocka cuts long texts */
        fail_with("%s differs from the text above", path);
    }
    mem_free(expected);
}

static void test_table_golden(void **state)
{
    struct scene scene;
    struct buf out = { .limit = 1u << 20 };

    (void)state;
    scene_new(&scene, true);
    kv_report_put(&out, "table", &scene.input);
    assert_golden("report_80.txt", buf_text(&out));
    buf_clear(&out);
    scene.input.width_cells = 120;
    kv_report_put(&out, "table", &scene.input);
    assert_golden("report_120.txt", buf_text(&out));
    buf_done(&out);
    scene_done(&scene);
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;

    while (*text) {
        size_t length = strcspn(text, "\n");

        longest = length > longest ? length : longest;
        text += length + (text[length] == '\n');
    }
    return longest;
}

static void test_table_keeps_its_width(void **state)
{
    static const uint32_t widths[] = { 80, 81, 100, 132, 300 };
    struct scene scene;

    (void)state;
    scene_new(&scene, true);
    for (size_t i = 0; i < LENGTH(widths); i++) {
        struct buf out = { .limit = 1u << 20 };

        scene.input.width_cells = widths[i];
        kv_report_put(&out, "table", &scene.input);
        if (longest_line(buf_text(&out)) > widths[i])
            fail_with("wider than %u:\n%s", widths[i], buf_text(&out));
        assert_lacks(buf_text(&out), " \n");
        buf_done(&out);
    }
    scene_done(&scene);
}

static void test_table_hides_nothing(void **state)
{
    struct scene scene;
    struct buf out = { .limit = 1u << 20 };

    (void)state;
    scene_new(&scene, true);
    scene.input.width_cells = 300;
    kv_report_put(&out, "table", &scene.input);
    assert_lacks(buf_text(&out), "\x1b");
    assert_lacks(buf_text(&out), "\xe2\x80\xae");
    assert_contains(buf_text(&out), "Pay<U+001B>[2J<U+202E>ments");
    assert_lacks(buf_text(&out), "kv-pay-gone-weu");
    buf_done(&out);
    scene_done(&scene);
}

struct cell_row {
    const char *locale;
    const char *name;
    const char *shown; /* with what follows it */
};

/* Letters of several bytes or two cells must not push the columns aside; the
 * name has 24 cells. */
#define TOKYO "\xe6\x9d\xb1\xe4\xba\xac"
static const struct cell_row cell_rows[] = {
    { "C.UTF-8", "short", "short                    vault" },
    { "C.UTF-8", "m\xc3\xbcnchen", "m\xc3\xbcnchen                  vault" },
    { "C.UTF-8", TOKYO, TOKYO "                     vault" },
    { "C.UTF-8", TOKYO TOKYO TOKYO TOKYO TOKYO TOKYO,
        TOKYO TOKYO TOKYO TOKYO TOKYO TOKYO " vault" },
    { "C.UTF-8", TOKYO TOKYO TOKYO TOKYO TOKYO TOKYO TOKYO,
        TOKYO TOKYO TOKYO TOKYO TOKYO "\xe6\x9d\xb1~  vault" },
    { "C.UTF-8", "exactly-four-and-twenty-", "exactly-four-and-twenty- vault" },
    { "C.UTF-8", "this-is-one-letter-longer",
        "this-is-one-letter-long~ vault" },
    { "C", "m\xc3\xbcnchen", "m<U+00FC>nchen           vault" },
};

static void test_columns_count_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cell_rows); i++) {
        struct scene scene;
        struct buf out = { .limit = 1u << 20 };
        struct kv_resource vault = open_vault;
        char id[512];

        assert_non_null(setlocale(LC_ALL, cell_rows[i].locale));
        scene_new(&scene, false);
        snprintf(id, sizeof id, GROUP_ID "vaults/%s", cell_rows[i].name);
        vault.id = id;
        add(&scene, &vault);
        kv_report_put(&out, "table", &scene.input);
        assert_contains(buf_text(&out), cell_rows[i].shown);
        buf_done(&out);
        scene_done(&scene);
        setlocale(LC_ALL, "C.UTF-8");
    }
}

static void test_table_of_nothing(void **state)
{
    struct scene scene;
    struct buf out = { .limit = 1u << 20 };

    (void)state;
    scene_new(&scene, false);
    kv_report_put(&out, "table", &scene.input);
    assert_contains(buf_text(&out), "nothing has been read");
    assert_contains(buf_text(&out), "0 vaults");
    assert_lacks(buf_text(&out), "100.0%");
    buf_done(&out);
    scene_done(&scene);
}

/* ---- JSON ---- */

static json_t *report_json(struct scene *scene)
{
    struct buf out = { .limit = 1u << 20 };
    json_error_t error;
    json_t *report;

    kv_report_put(&out, "json", &scene->input);
    for (size_t i = 0; i < out.size; i++)
        assert_true(
            out.data[i] == '\n' || (out.data[i] >= ' ' && out.data[i] <= '~'));
    report = json_loadb(out.data, out.size, JSON_REJECT_DUPLICATES, &error);
    if (!report)
        fail_with("line %d: %s\n%s", error.line, error.text, buf_text(&out));
    buf_done(&out);
    return report;
}

static const json_t *find_finding(
    const json_t *report, const char *recommendation, const char *resource)
{
    const json_t *findings = json_object_get(report, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *one = json_array_get(findings, i);
        const char *id = json_string_value(json_object_get(one, "resource"));

        if (strcmp(json_string_value(json_object_get(one, "recommendation")),
                recommendation) == 0 &&
            strcmp(strrchr(id, '/') + 1, resource) == 0)
            return one;
    }
    return NULL;
}

struct finding_row {
    const char *recommendation;
    const char *resource;
    const char *verdict; /* NULL: no such finding */
    const char *missing; /* permission; NULL: none */
};

static const struct finding_row finding_rows[] = {
    { "NET-2", "kv-pay-prod-weu", "fail", NULL },
    { "NET-2", "kv-pay-core-weu", "pass", NULL },
    { "NET-2", "kv-pay-secret-weu", "unknown",
        "Microsoft.KeyVault/vaults/read" },
    { "NET-2", "kv-pay-new-weu", "not judged", NULL },
    { "NET-2", "hsm-core-weu", NULL, NULL },
    { "NET-2", "kv-pay-gone-weu", NULL, NULL },
    { "GOV-3", "kv-pay-prod-weu", "unknown",
        "Microsoft.Authorization/locks/read" },
    { "ACC-3", "hsm-core-weu", "pass", NULL },
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void check_finding(const json_t *report, const struct finding_row *row)
{
    const json_t *finding =
        find_finding(report, row->recommendation, row->resource);
    const json_t *missing = json_object_get(finding, "missing");
    const char *permission =
        text_of(json_array_get(missing, 0), "missing_permission");

    print_message("%s on %s\n", row->recommendation, row->resource);
    if (!row->verdict) {
        assert_null(finding);
        return;
    }
    assert_non_null(finding);
    assert_string_equal(text_of(finding, "verdict"), row->verdict);
    assert_non_null(text_of(finding, "severity"));
    if (row->missing)
        assert_string_equal(permission, row->missing);
    else
        assert_null(permission);
    if (strcmp(row->verdict, "not judged") != 0)
        assert_true(*text_of(finding, "evidence") != '\0');
}

static void test_json_findings(void **state)
{
    struct scene scene;
    json_t *report;

    (void)state;
    scene_new(&scene, true);
    report = report_json(&scene);
    for (size_t i = 0; i < LENGTH(finding_rows); i++)
        check_finding(report, &finding_rows[i]);
    json_decref(report);
    scene_done(&scene);
}

/* One vault is new, and nothing above it was judged either. */
static size_t rows_not_judged(void)
{
    size_t rows = 0;

    for (size_t i = 0; i < kv_catalogue_count; i++)
        rows += kv_row_level(&kv_catalogue[i]) != KV_LEVEL_RESOURCE ||
                kv_row_concerns(&kv_catalogue[i], KV_KIND_VAULT);
    return rows;
}

static void test_json_estate_and_totals(void **state)
{
    struct scene scene;
    json_t *report;
    const json_t *estate;
    const json_t *resources;
    const json_t *totals;

    (void)state;
    scene_new(&scene, true);
    report = report_json(&scene);
    estate = json_object_get(report, "estate");
    resources = json_object_get(report, "resources");
    totals = json_object_get(report, "totals");
    assert_int_equal(json_integer_value(json_object_get(report, "version")), 1);
    assert_string_equal(text_of(estate, "tenant_name"), "contoso.com");
    assert_string_equal(text_of(estate, "data_at"), "2026-11-21T23:48:00Z");
    assert_int_equal(json_integer_value(json_object_get(estate, "vaults")), 4);
    assert_int_equal(json_integer_value(json_object_get(estate, "hsms")), 1);
    assert_int_equal(json_array_size(resources), 5);
    assert_string_equal(
        text_of(json_array_get(resources, 0), "subscription_name"),
        "Pay\x1b[2J\xe2\x80\xaements");
    assert_string_equal(
        text_of(json_array_get(resources, 0), "exposure"), "open");
    assert_true(json_is_null(
        json_object_get(json_array_get(resources, 3), "exposure")));
    assert_int_equal(json_integer_value(json_object_get(totals, "not_judged")),
        (json_int_t)rows_not_judged());
    assert_true(
        json_real_value(json_object_get(totals, "known_percent")) < 100);
    json_decref(report);
    scene_done(&scene);
}

static void test_json_of_nothing(void **state)
{
    struct scene scene;
    json_t *report;

    (void)state;
    scene_new(&scene, false);
    report = report_json(&scene);
    assert_int_equal(json_array_size(json_object_get(report, "findings")), 0);
    assert_true(json_is_null(
        json_object_get(json_object_get(report, "totals"), "known_percent")));
    json_decref(report);
    scene_done(&scene);
}

/* ---- the catalogue ---- */

static void check_row(const json_t *object, const struct kv_recommendation *row)
{
    static const char *const texts[] = { "id", "title", "fails", "severity",
        "why", "verify", "fix", "also" };
    static const char *const lists[] = { "kinds", "needs", "sources" };
    const json_t *need = json_array_get(json_object_get(object, "needs"), 0);
    const json_t *remedies = json_object_get(object, "remedies");
    size_t count = 0;

    assert_string_equal(text_of(object, "id"), row->id);
    for (size_t i = 0; i < LENGTH(texts); i++)
        if (!text_of(object, texts[i]) || !*text_of(object, texts[i]))
            fail_with("%s has no %s", row->id, texts[i]);
    for (size_t i = 0; i < LENGTH(lists); i++)
        if (json_array_size(json_object_get(object, lists[i])) == 0)
            fail_with("%s has no %s", row->id, lists[i]);
    assert_non_null(text_of(need, "permission"));
    while (row->remedies && row->remedies[count])
        count++;
    assert_int_equal(json_array_size(remedies), count);
    for (size_t i = 0; i < count; i++)
        assert_non_null(text_of(json_array_get(remedies, i), "grade"));
}

static void test_catalogue_has_every_row(void **state)
{
    struct buf out = { .limit = 1u << 20 };
    json_t *catalogue;
    const json_t *rows;

    (void)state;
    kv_report_catalogue_json(&out);
    catalogue = json_loadb(out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
    rows = json_object_get(catalogue, "recommendations");
    assert_int_equal(json_array_size(rows), kv_catalogue_count);
    for (size_t i = 0; i < kv_catalogue_count; i++)
        check_row(json_array_get(rows, i), &kv_catalogue[i]);
    assert_contains(buf_text(&out), "\"url\": \"https://");
    json_decref(catalogue);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_golden),
        cmocka_unit_test(test_table_keeps_its_width),
        cmocka_unit_test(test_table_hides_nothing),
        cmocka_unit_test(test_columns_count_cells),
        cmocka_unit_test(test_table_of_nothing),
        cmocka_unit_test(test_json_findings),
        cmocka_unit_test(test_json_estate_and_totals),
        cmocka_unit_test(test_json_of_nothing),
        cmocka_unit_test(test_catalogue_has_every_row),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
