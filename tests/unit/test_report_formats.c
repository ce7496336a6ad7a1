/* Every format, of an estate in which names try to be more than names: form,
 * escaping, and how reports are passed on. */
#include "test.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "json_schema.h"
#include "markup.h"
#include "report_scene.h"

#define LIMIT ((size_t)16 << 20)
#define MARKUP_NAME "<img src=x onerror=alert(1)>`b`|c"
#define FORMULA_NAME "=1+1"
#define PERSON_NAME "@all \x1b[2J\xe2\x80\xae</script><b>"

/* Accepted on one vault; attested by nobody. */
static const struct kv_exception exceptions[] = {
    {
        .row = "NET-1",
        .scope = GROUP_ID "vaults/kv-pay-prod-weu",
        .reason = "moves in <spring>",
        .owner = "Contoso \"Payments\"",
        .at_s = NOW_S - 86400,
        .until_s = NOW_S + 86400 * 60,
    },
};
static const struct kv_records records = {
    .exceptions = exceptions,
    .exception_count = 1,
};

static void add_named(struct scene *scene, const char *name)
{
    struct kv_resource vault = open_vault;
    char id[512];

    snprintf(id, sizeof id, GROUP_ID "vaults/%s", name);
    vault.id = id;
    add(scene, &vault);
}

static void hostile_new(struct scene *scene)
{
    scene_new_called(scene, PERSON_NAME);
    add_named(scene, MARKUP_NAME);
    add_named(scene, FORMULA_NAME);
    posture_set_records(scene->posture, &records);
    for (uint32_t i = 0; i < kv_estate_resource_count(scene->estate); i++)
        posture_judge(scene->posture, i, NOW_S);
    (void)posture_judge_above(scene->posture, NOW_S);
}

static struct buf text_of(const struct scene *scene, const char *format)
{
    struct buf out = { .limit = LIMIT };

    kv_report_put(&out, format, &scene->input);
    assert_false(out.failed);
    return out;
}

/* ---- all of them ---- */

/* The same twice; nothing that steers a terminal or turns text around. JSON
 * says such characters in ASCII. */
static void test_all(void **state)
{
    struct scene scene;

    (void)state;
    hostile_new(&scene);
    for (size_t i = 0; i < kv_report_format_count; i++) {
        const char *name = kv_report_formats[i].name;
        struct buf once = text_of(&scene, name);
        struct buf twice = text_of(&scene, name);

        print_message("%s\n", name);
        assert_true(once.size > 0);
        assert_string_equal(buf_text(&once), buf_text(&twice));
        for (size_t at = 0; at < once.size; at++)
            assert_true((unsigned char)once.data[at] >= ' ' ||
                        strchr("\r\n", once.data[at]));
        assert_lacks(buf_text(&once), "\xe2\x80\xae");
        assert_ptr_equal(kv_report_format_find(name), &kv_report_formats[i]);
        buf_done(&once);
        buf_done(&twice);
    }
    assert_null(kv_report_format_find("pdf"));
    scene_done(&scene);
}

static void test_all_of_nothing(void **state)
{
    struct scene scene;

    (void)state;
    scene_new(&scene, false);
    for (size_t i = 0; i < kv_report_format_count; i++) {
        struct buf out = text_of(&scene, kv_report_formats[i].name);

        buf_done(&out);
    }
    scene_done(&scene);
}

/* ---- in pieces ---- */

struct pieces {
    size_t count;
    size_t longest;
    size_t bytes;
    size_t wanted; /* pieces */
};

static bool take(void *context, struct view piece)
{
    struct pieces *pieces = context;

    pieces->count++;
    pieces->bytes += piece.size;
    pieces->longest =
        piece.size > pieces->longest ? piece.size : pieces->longest;
    return pieces->count < pieces->wanted;
}

/* No piece grows with the estate, and nobody is asked again after a no. */
static void test_pieces(void **state)
{
    struct scene scene;

    (void)state;
    scene_new(&scene, true);
    for (unsigned i = 0; i < 300; i++) {
        char name[32];

        snprintf(name, sizeof name, "kv-many-%u", i);
        add_named(&scene, name);
    }
    for (uint32_t i = 0; i < kv_estate_resource_count(scene.estate); i++)
        posture_judge(scene.posture, i, NOW_S);
    for (size_t i = 0; i < kv_report_format_count; i++) {
        const struct kv_report_format *format = &kv_report_formats[i];
        struct pieces all = { .wanted = SIZE_MAX };
        struct pieces two = { .wanted = 2 };

        assert_true(kv_report_write(format, &scene.input, take, &all));
        print_message("%s: %zu pieces, %zu bytes\n", format->name, all.count,
            all.bytes);
        assert_true(all.longest < (size_t)256 << 10);
        if (all.count < 3)
            continue;
        assert_false(kv_report_write(format, &scene.input, take, &two));
        assert_int_equal(two.count, 2);
    }
    scene_done(&scene);
}

/* ---- JSON and its schema ---- */

static void test_json_fits_its_schema(void **state)
{
    struct buf text = { .limit = LIMIT };
    struct scene scene;
    struct buf json;
    json_t *schema;
    json_t *report;

    (void)state;
    hostile_new(&scene);
    kv_report_schema(&text);
    schema = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    json = text_of(&scene, "json");
    report = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(schema);
    assert_non_null(report);
    json_schema_check(schema, schema, report);
    json_decref(report);
    json_decref(schema);
    buf_done(&json);
    buf_done(&text);
    scene_done(&scene);
}

/* Calls `check` with each line; returns how many there were. */
static size_t each_line(struct buf *text,
    void (*check)(void *context, const json_t *line), void *context)
{
    struct view rest = buf_view(text);
    size_t count = 0;

    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        json_t *value =
            json_loadb(line.data, line.size, JSON_REJECT_DUPLICATES, NULL);

        if (!value)
            fail_with("no JSON: %.*s", (int)line.size, line.data);
        check(context, value);
        json_decref(value);
        count++;
    }
    return count;
}

static void check_line(void *context, const json_t *line)
{
    const json_t *schema = context;

    json_schema_check(schema,
        json_object_get(json_object_get(schema, "$defs"), "line"), line);
}

static size_t finding_count(const struct scene *scene)
{
    struct buf json = text_of(scene, "json");
    json_t *report = json_loadb(json.data, json.size, 0, NULL);
    size_t count = json_array_size(json_object_get(report, "findings"));

    json_decref(report);
    buf_done(&json);
    return count;
}

static void test_ndjson_fits_its_schema(void **state)
{
    struct buf text = { .limit = LIMIT };
    struct scene scene;
    struct buf lines;
    json_t *schema;

    (void)state;
    hostile_new(&scene);
    kv_report_schema(&text);
    schema = json_loadb(text.data, text.size, 0, NULL);
    lines = text_of(&scene, "ndjson");
    assert_int_equal(
        each_line(&lines, check_line, schema), finding_count(&scene));
    json_decref(schema);
    buf_done(&lines);
    buf_done(&text);
    scene_done(&scene);
}

/* ---- CSV ---- */

/* Cuts the next cell out of the text; true at the end of its line. */
static bool next_cell(const char **at, struct buf *cell)
{
    buf_clear(cell);
    assert_int_equal(*(*at)++, '"');
    while (**at != '"' || (*at)[1] == '"') {
        assert_true(**at >= ' ' || **at < 0);
        *at += **at == '"';
        buf_putc(cell, *(*at)++);
    }
    (*at)++;
    if (**at == ',') {
        (*at)++;
        return false;
    }
    assert_memory_equal(*at, "\r\n", 2);
    *at += 2;
    return true;
}

static void test_csv(void **state)
{
    struct scene scene;
    struct buf text;
    struct buf cell = { .limit = LIMIT };
    const char *at;
    size_t heads = 0;
    size_t cells = 0;
    size_t lines = 0;

    (void)state;
    hostile_new(&scene);
    text = text_of(&scene, "csv");
    at = buf_text(&text);
    do
        heads++;
    while (!next_cell(&at, &cell));
    while (*at) {
        cells++;
        if (next_cell(&at, &cell)) {
            assert_int_equal(cells, heads);
            cells = 0;
            lines++;
        }
        assert_false(cell.size > 0 && strchr("=+-@", buf_text(&cell)[0]));
    }
    assert_int_equal(lines, finding_count(&scene));
    assert_contains(buf_text(&text), "\"'=1+1\"");
    assert_contains(buf_text(&text), "\"'@all <U+001B>[2J");
    buf_done(&cell);
    buf_done(&text);
    scene_done(&scene);
}

struct cell_row {
    const char *text;
    const char *cell;
};

static const struct cell_row cell_rows[] = {
    { "", "\"\"" },
    { "kv-pay", "\"kv-pay\"" },
    { "say \"x\"", "\"say \"\"x\"\"\"" },
    { "=1", "\"'=1\"" },
    { "+1", "\"'+1\"" },
    { "-1", "\"'-1\"" },
    { "-", "\"-\"" },
    { "@SUM(A1)", "\"'@SUM(A1)\"" },
    { "  =1", "\"'  =1\"" },
    { "\t=1", "\"'\t=1\"" },
    { "\r=1", "\"'\r=1\"" },
    { "\xef\xbc\x9d" "1", "\"'\xef\xbc\x9d" "1\"" },
    { "a=1", "\"a=1\"" },
};

static void test_csv_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cell_rows); i++) {
        struct buf out = { .limit = 256 };

        kv_report_put_csv(&out, view_of(cell_rows[i].text));
        assert_string_equal(buf_text(&out), cell_rows[i].cell);
        buf_done(&out);
    }
}

/* ---- SARIF: what the OASIS standard asks of each object ---- */

static const json_t *member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    if (!value)
        fail_with("no member %s", name);
    return value;
}

static const char *text_member(const json_t *object, const char *name)
{
    const char *text = json_string_value(member(object, name));

    if (!text || !*text)
        fail_with("no text in %s", name);
    return text;
}

static bool is_one_of(const char *text, const char *words)
{
    struct view rest = view_of(words);

    while (rest.size > 0)
        if (view_equal(view_cut(&rest, ' '), view_of(text)))
            return true;
    return false;
}

static void check_rule(const json_t *rule)
{
    const json_t *configuration = member(rule, "defaultConfiguration");

    (void)text_member(rule, "id");
    (void)text_member(member(rule, "shortDescription"), "text");
    (void)text_member(member(rule, "fullDescription"), "text");
    (void)text_member(member(rule, "help"), "text");
    assert_true(is_one_of(
        text_member(configuration, "level"), "none note warning error"));
}

static void check_location(const json_t *location)
{
    const json_t *physical = member(location, "physicalLocation");
    const char *uri =
        text_member(member(physical, "artifactLocation"), "uri");

    assert_true(uri[0] != '/');
    for (; *uri; uri++)
        assert_true(isalnum((unsigned char)*uri) || strchr("-._~/%", *uri));
    assert_true(json_integer_value(
                    member(member(physical, "region"), "startLine")) >= 1);
    (void)text_member(
        json_array_get(member(location, "logicalLocations"), 0),
        "fullyQualifiedName");
}

static void check_suppression(const json_t *suppression)
{
    assert_true(is_one_of(text_member(suppression, "kind"),
        "inSource external"));
    assert_true(is_one_of(text_member(suppression, "status"),
        "accepted underReview rejected"));
    assert_contains(
        text_member(suppression, "justification"), "moves in <spring>");
}

/* Returns whether it is suppressed. */
static bool check_result(const json_t *result, const json_t *rules)
{
    const char *kind = text_member(result, "kind");
    const char *level = text_member(result, "level");
    const json_t *suppressions = member(result, "suppressions");
    json_int_t index = json_integer_value(member(result, "ruleIndex"));

    assert_string_equal(text_member(result, "ruleId"),
        text_member(json_array_get(rules, (size_t)index), "id"));
    assert_true(is_one_of(kind, "fail open review"));
    /* 3.27.10: any kind but "fail" has the level "none". */
    assert_true(is_one_of(level,
        strcmp(kind, "fail") == 0 ? "note warning error" : "none"));
    (void)text_member(member(result, "message"), "text");
    check_location(json_array_get(member(result, "locations"), 0));
    (void)text_member(
        member(result, "partialFingerprints"), "kvgovFinding/v1");
    for (size_t i = 0; i < json_array_size(suppressions); i++)
        check_suppression(json_array_get(suppressions, i));
    return json_array_size(suppressions) > 0;
}

/* Each finding has its own fingerprint. */
static void check_fingerprints(const json_t *results)
{
    json_t *seen = json_object();

    for (size_t i = 0; i < json_array_size(results); i++) {
        const json_t *all =
            member(json_array_get(results, i), "partialFingerprints");

        json_object_set_new(
            seen, text_member(all, "primaryLocationLineHash"), json_true());
    }
    assert_int_equal(json_object_size(seen), json_array_size(results));
    json_decref(seen);
}

static void test_sarif(void **state)
{
    struct scene scene;
    struct buf text;
    json_t *log;
    const json_t *run;
    const json_t *rules;
    const json_t *results;
    size_t suppressed = 0;

    (void)state;
    hostile_new(&scene);
    text = text_of(&scene, "sarif");
    log = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(log);
    assert_string_equal(text_member(log, "version"), "2.1.0");
    assert_int_equal(json_array_size(member(log, "runs")), 1);
    run = json_array_get(member(log, "runs"), 0);
    rules = member(member(member(run, "tool"), "driver"), "rules");
    results = member(run, "results");
    assert_string_equal(
        text_member(member(member(run, "tool"), "driver"), "name"), "kvgov");
    assert_true(json_is_true(member(
        json_array_get(member(run, "invocations"), 0), "executionSuccessful")));
    assert_int_equal(json_array_size(rules), kv_catalogue_count);
    for (size_t i = 0; i < json_array_size(rules); i++)
        check_rule(json_array_get(rules, i));
    assert_true(json_array_size(results) > 20);
    for (size_t i = 0; i < json_array_size(results); i++)
        suppressed += check_result(json_array_get(results, i), rules);
    assert_int_equal(suppressed, 1);
    check_fingerprints(results);
    json_decref(log);
    buf_done(&text);
    scene_done(&scene);
}

/* ---- JUnit ---- */

static size_t number_after(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    assert_non_null(at);
    return (size_t)strtoul(at + strlen(name), NULL, 10);
}

static void test_junit(void **state)
{
    struct scene scene;
    struct buf text;
    const char *xml;

    (void)state;
    hostile_new(&scene);
    text = text_of(&scene, "junit");
    xml = buf_text(&text);
    markup_check(xml);
    assert_int_equal(markup_count(xml, "testsuites"), 1);
    assert_int_equal(
        markup_count(xml, "testcase"), number_after(xml, " tests=\""));
    assert_int_equal(
        markup_count(xml, "failure"), number_after(xml, " failures=\""));
    assert_int_equal(
        markup_count(xml, "skipped"), number_after(xml, " skipped=\""));
    assert_int_equal(markup_count(xml, "testcase"), finding_count(&scene));
    assert_contains(xml, "excepted by Contoso &quot;Payments&quot; until");
    assert_lacks(xml, "<img");
    buf_done(&text);
    scene_done(&scene);
}

/* ---- OCSF: what class 2003 requires ---- */

static void check_event(void *context, const json_t *event)
{
    const json_t *compliance = member(event, "compliance");
    json_int_t activity = json_integer_value(member(event, "activity_id"));

    (void)context;
    assert_int_equal(json_integer_value(member(event, "category_uid")), 2);
    assert_int_equal(json_integer_value(member(event, "class_uid")), 2003);
    assert_true(activity >= 1 && activity <= 3);
    assert_int_equal(
        json_integer_value(member(event, "type_uid")), 200300 + activity);
    assert_true(json_integer_value(member(event, "time")) ==
                (json_int_t)NOW_S * 1000);
    assert_true(json_integer_value(member(event, "severity_id")) >= 1);
    (void)text_member(member(event, "metadata"), "version");
    (void)text_member(
        member(member(event, "metadata"), "product"), "vendor_name");
    (void)text_member(member(event, "finding_info"), "uid");
    (void)text_member(member(event, "finding_info"), "title");
    (void)text_member(member(event, "cloud"), "provider");
    (void)text_member(json_array_get(member(event, "resources"), 0), "uid");
    (void)text_member(compliance, "control");
    assert_true(json_array_size(member(compliance, "standards")) > 0);
    assert_true(json_integer_value(member(compliance, "status_id")) >= 1);
}

static void test_ocsf(void **state)
{
    struct scene scene;
    struct buf text;

    (void)state;
    hostile_new(&scene);
    text = text_of(&scene, "ocsf");
    assert_int_equal(
        each_line(&text, check_event, NULL), finding_count(&scene));
    assert_contains(buf_text(&text), "\"status\":\"Suppressed\"");
    buf_done(&text);
    scene_done(&scene);
}

/* ---- Markdown ---- */

static void test_markdown(void **state)
{
    struct scene scene;
    struct buf text;

    (void)state;
    hostile_new(&scene);
    text = text_of(&scene, "markdown");
    /* In code, with a longer fence, and without an end of the cell. */
    assert_contains(buf_text(&text),
        "`` <img src=x onerror=alert(1)>`b`\\|c ``");
    assert_contains(buf_text(&text), "| `moves in <spring>` |");
    buf_done(&text);
    scene_done(&scene);
}

/* ---- HTML ---- */

static void test_html(void **state)
{
    struct scene scene;
    struct buf text;
    const char *html;

    (void)state;
    hostile_new(&scene);
    text = text_of(&scene, "html");
    html = buf_text(&text);
    markup_check(html);
    /* Nothing is fetched, nothing runs. */
    assert_int_equal(markup_count(html, "script"), 0);
    assert_int_equal(markup_count(html, "link"), 0);
    assert_int_equal(markup_count(html, "img"), 0);
    assert_int_equal(markup_count(html, "iframe"), 0);
    markup_lacks_attribute(html, "src", NULL);
    markup_lacks_attribute(html, "onerror", NULL);
    markup_lacks_attribute(html, "style", NULL);
    markup_lacks_attribute(html, "href", "javascript");
    assert_lacks(html, "@import");
    assert_lacks(html, "url(");
    assert_contains(html, "default-src 'none'");
    assert_contains(html, "&lt;img src=x onerror=alert(1)&gt;");
    /* Every chart has its words. */
    assert_int_equal(markup_count(html, "desc"), 2);
    assert_contains(html, "moves in &lt;spring&gt;");
    buf_done(&text);
    scene_done(&scene);
}

/* Each address inside of the page leads somewhere, and each id is there once. */
static void test_html_links(void **state)
{
    struct scene scene;
    struct buf text;
    const char *at;
    size_t links = 0;

    (void)state;
    hostile_new(&scene);
    text = text_of(&scene, "html");
    for (at = buf_text(&text); (at = strstr(at, "href=\"#")); at++) {
        struct buf id = { .limit = 256 };
        const char *first;

        buf_puts(&id, " id=\"");
        buf_put(&id, (struct view){ at + 7, strcspn(at + 7, "\"") + 1 });
        first = strstr(buf_text(&text), buf_text(&id));
        if (!first || strstr(first + 1, buf_text(&id)))
            fail_with("%s: none, or more than one", buf_text(&id));
        buf_done(&id);
        links++;
    }
    assert_true(links > 100);
    buf_done(&text);
    scene_done(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_all_of_nothing),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_json_fits_its_schema),
        cmocka_unit_test(test_ndjson_fits_its_schema),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_csv_cells),
        cmocka_unit_test(test_sarif),
        cmocka_unit_test(test_junit),
        cmocka_unit_test(test_ocsf),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_html_links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
