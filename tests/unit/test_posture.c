/* The catalogue as a table, and the findings made with it: verdicts that are
 * kept, sums that follow them, and the order of lists. */
#include "posture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "posture_scene.h"
#include "temp.h"

/* ---- the catalogue ---- */

static void check_text(const char *row, const char *field, const char *text)
{
    size_t size = text ? strlen(text) : 0;

    if (size == 0 || text[0] == ' ' || text[size - 1] == ' ' ||
        strchr(text, '\n') || strstr(text, "  "))
        fail_with("%s: %s is missing or not tidy: '%s'", row, field,
            text ? text : "");
}

static bool source_exists(const char *id)
{
    for (size_t i = 0; i < kv_sources_count; i++)
        if (strcmp(kv_sources[i].id, id) == 0)
            return true;
    return false;
}

static void test_rows_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++) {
        const struct kv_recommendation *row = &kv_catalogue[i];

        check_text("row", "id", row->id);
        check_text(row->id, "title", row->title);
        check_text(row->id, "fails", row->fails);
        check_text(row->id, "why", row->why);
        check_text(row->id, "verify", row->verify);
        check_text(row->id, "fix", row->fix);
        check_text(row->id, "also", row->also);
        if (!row->kinds || !row->evaluate || !row->sources[0] || !row->remedies)
            fail_with("%s has a hole", row->id);
        for (size_t j = 0; row->sources[j]; j++)
            if (!source_exists(row->sources[j]))
                fail_with("%s: no source %s", row->id, row->sources[j]);
    }
}

/* The published catalogue, as far as it is read here: "| NET-1 | title |
 * medium |", and "| HSM-13…16 |" for four rows in one. */
struct published {
    char *text;
    char *rest;
    char prefix[8];
    unsigned number;
    unsigned last;
    char severity[16];
};

static bool published_next(struct published *published)
{
    char *line;

    if (published->number < published->last) {
        published->number++;
        return true;
    }
    while ((line = strsep(&published->rest, "\n"))) {
        char *dots = strstr(line, "\xe2\x80\xa6");

        if (sscanf(line, "| %7[A-Z]-%u", published->prefix,
                &published->number) != 2)
            continue;
        published->last = published->number;
        if (dots && dots < strstr(line + 2, "|"))
            published->last = (unsigned)strtoul(dots + 3, NULL, 10);
        if (sscanf(line, "|%*[^|]|%*[^|]| %15[a-z]", published->severity) == 1)
            return true;
    }
    return false;
}

static struct published published_open(void)
{
    char *path = temp_path(test_shared(), "recommendations.md");
    struct published published = { .text = mem_alloc(1u << 18) };
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    (void)fread(published.text, 1, (1u << 18) - 1, file);
    (void)fclose(file);
    published.rest = published.text;
    mem_free(path);
    return published;
}

/* Every id, the order and the severities of the published catalogue. */
static void test_rows_in_order(void **state)
{
    struct published published = published_open();
    uint32_t row = 0;

    (void)state;
    while (published_next(&published)) {
        char id[24];

        (void)snprintf(
            id, sizeof id, "%s-%u", published.prefix, published.number);
        if (row == kv_catalogue_count || strcmp(id, kv_catalogue[row].id) != 0)
            fail_with("published is %s, but the catalogue has %s there", id,
                row < kv_catalogue_count ? kv_catalogue[row].id : "nothing");
        assert_string_equal(
            kv_severity_name(kv_catalogue[row].severity), published.severity);
        assert_int_equal(kv_catalogue_find(id), row);
        row++;
    }
    if (row < kv_catalogue_count)
        fail_with("%s is not where the published catalogue has it",
            kv_catalogue[row].id);
    assert_int_equal(kv_catalogue_find("net-2"), kv_catalogue_find("NET-2"));
    assert_int_equal(kv_catalogue_find("NET-99"), KV_NONE);
    mem_free(published.text);
}

static void test_remedies_are_named(void **state)
{
    static const struct {
        const char *id;
        const char *remedy;
    } rows[] = {
        { "NET-2", "firewall-on" },
        { "PRO-3", "purge-protection-on" },
        { "HSM-8", "purge-protection-on" },
        { "LOG-1", "diagnostics-on" },
        { "LOG-12", "diagnostics-on" },
        { "HSM-7", "diagnostics-on" },
        { "OBJ-5", "set-expiry" },
        { "HSM-22", "rotation-policy" },
        { "CRT-7", "certificate-autorenew" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_string_equal(
            kv_catalogue[kv_catalogue_find(rows[i].id)].remedies[0],
            rows[i].remedy);
}

static void test_sources_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_sources_count; i++) {
        check_text("source", "id", kv_sources[i].id);
        check_text(kv_sources[i].id, "title", kv_sources[i].title);
        assert_non_null(kv_sources[i].date);
        assert_int_equal(strncmp(kv_sources[i].url, "https://", 8), 0);
    }
}

/* ---- findings ---- */

#define NOW_S 1790000000

static uint32_t row_of(const char *id)
{
    uint32_t row = kv_catalogue_find(id);

    assert_int_not_equal(row, KV_NONE);
    return row;
}

/* What the sums must be, counted anew from every verdict. */
static void check_sums(
    const struct kv_posture *posture, const struct kv_estate *estate)
{
    struct kv_tally severities[KV_SEVERITY_COUNT] = { 0 };
    uint32_t unknown_resources = 0;

    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        struct kv_tally tally = { 0 };

        for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
            enum kv_verdict verdict = kv_posture_verdict(posture, row, i);

            if (verdict == KV_VERDICT_NONE)
                continue;
            tally.count[verdict]++;
            severities[kv_catalogue[row].severity].count[verdict]++;
        }
        assert_memory_equal(&tally, kv_posture_row(posture, row), sizeof tally);
    }
    for (unsigned i = 0; i < KV_SEVERITY_COUNT; i++)
        assert_memory_equal(&severities[i],
            kv_posture_severity(posture, (enum kv_severity)i),
            sizeof severities[i]);
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        unknown_resources += kv_posture_standing(posture, i).unknown > 0;
    assert_int_equal(kv_posture_unknown_resources(posture), unknown_resources);
}

static uint32_t add_vault(struct kv_estate *estate, unsigned number)
{
    struct buf id = { .limit = 256 };
    struct kv_resource row = { .kind = KV_KIND_VAULT };
    uint32_t index = KV_NONE;

    buf_putf(&id, "%s-%u", SCENE_VAULT, number);
    row.id = buf_text(&id);
    row.properties.state = KV_FACET_READY;
    index = estate_take_resource(estate, &row);
    buf_done(&id);
    return index;
}

static unsigned rows_on_resources(void)
{
    unsigned rows = 0;

    for (size_t i = 0; i < kv_catalogue_count; i++)
        rows += kv_row_level(&kv_catalogue[i]) == KV_LEVEL_RESOURCE;
    return rows;
}

/* From not judged over fail to pass, and at the end out of all sums. */
static void test_a_life(void **state)
{
    const struct scene scene = { .groups_unread = false };
    struct kv_estate *estate = scene_estate(&scene);
    struct kv_posture *posture = posture_new(estate, &kv_policy_default);
    struct kv_resource better = *kv_estate_resource(estate, 0);
    uint32_t purge = row_of("PRO-3");

    (void)state;
    assert_int_equal(kv_posture_verdict(posture, purge, 0), KV_VERDICT_NONE);
    assert_int_equal(
        kv_posture_standing(posture, 0).not_judged, rows_on_resources());

    assert_true(posture_judge(posture, 0, NOW_S));
    assert_int_equal(kv_posture_verdict(posture, purge, 0), KV_VERDICT_FAIL);
    check_sums(posture, estate);
    assert_false(posture_judge(posture, 0, NOW_S + 1));
    check_sums(posture, estate);

    better.purge_protection = KV_TRI_TRUE;
    estate_take_resource(estate, &better);
    assert_false(posture_judge_facets(
        posture, 0, KV_FACET_BIT(KV_FACET_LOCKS), NOW_S + 2));
    assert_true(posture_judge_facets(
        posture, 0, KV_FACET_BIT(KV_FACET_PROPERTIES), NOW_S + 2));
    assert_int_equal(kv_posture_verdict(posture, purge, 0), KV_VERDICT_PASS);
    assert_int_equal(kv_posture_row(posture, purge)->count[KV_VERDICT_FAIL], 0);
    check_sums(posture, estate);

    estate_set_gone(estate, 0, true);
    assert_true(posture_judge(posture, 0, NOW_S + 3));
    assert_int_equal(kv_posture_verdict(posture, purge, 0), KV_VERDICT_NONE);
    assert_int_equal(kv_posture_row(posture, purge)->count[KV_VERDICT_PASS], 0);
    assert_int_equal(kv_posture_unknown_resources(posture), 0);
    assert_false(posture_judge(posture, 0, NOW_S + 4));
    check_sums(posture, estate);

    posture_free(posture);
    estate_free(estate);
}

/* Resources come while others are judged; indexes and sums stay right. */
static void test_growth(void **state)
{
    const struct scene scene = { .groups_unread = false };
    struct kv_estate *estate = scene_estate(&scene);
    struct kv_posture *posture = posture_new(estate, &kv_policy_default);

    (void)state;
    posture_judge(posture, 0, NOW_S);
    for (unsigned i = 0; i < 300; i++) {
        uint32_t index = add_vault(estate, i);

        if (i % 3 != 0)
            assert_true(posture_judge(posture, index, NOW_S));
        if (i % 50 == 0)
            check_sums(posture, estate);
    }
    check_sums(posture, estate);
    assert_int_equal(
        kv_posture_row(posture, row_of("NET-2"))->count[KV_VERDICT_FAIL], 201);
    assert_int_equal(kv_posture_verdict(posture, 0, 1), KV_VERDICT_NONE);
    assert_int_equal(kv_posture_verdict(posture, 0, 100000), KV_VERDICT_NONE);
    assert_int_equal(kv_posture_verdict(posture, 99, 0), KV_VERDICT_NONE);
    posture_free(posture);
    estate_free(estate);
}

static void test_evidence(void **state)
{
    const struct scene scene = { .resource = { .retention_days = 30 } };
    struct kv_estate *estate = scene_estate(&scene);
    struct kv_posture *posture = posture_new(estate, &kv_policy_default);
    struct buf evidence = { .limit = 1024 };

    (void)state;
    assert_int_equal(
        kv_posture_evidence(posture, row_of("PRO-2"), 0, &evidence),
        KV_VERDICT_FAIL);
    assert_string_equal(buf_text(&evidence),
        "softDeleteRetentionInDays is 30, wanted at least 90");
    buf_clear(&evidence);
    estate_set_gone(estate, 0, true);
    assert_int_equal(
        kv_posture_evidence(posture, row_of("PRO-2"), 0, &evidence),
        KV_VERDICT_NONE);
    assert_contains(buf_text(&evidence), "no longer there");
    assert_int_equal(
        kv_posture_evidence(posture, 99, 0, &evidence), KV_VERDICT_NONE);
    assert_int_equal(
        kv_posture_evidence(posture, 0, 99, &evidence), KV_VERDICT_NONE);
    buf_done(&evidence);
    posture_free(posture);
    estate_free(estate);
}

/* The caller's policy is copied, and obeyed. */
static void test_policy(void **state)
{
    const struct scene scene = { .resource = { .retention_days = 30 } };
    struct kv_estate *estate = scene_estate(&scene);
    struct kv_policy policy = kv_policy_default;
    struct kv_posture *posture = NULL;

    (void)state;
    policy.retention_days = 30;
    posture = posture_new(estate, &policy);
    policy.retention_days = 90;
    posture_judge(posture, 0, NOW_S);
    assert_int_equal(
        kv_posture_verdict(posture, row_of("PRO-2"), 0), KV_VERDICT_PASS);
    posture_free(posture);
    estate_free(estate);
}

/* ---- what lists show ---- */

static void test_rank(void **state)
{
    static const struct {
        const char *name;
        struct kv_standing standing;
        uint32_t expected;
    } rows[] = {
        { "critical", { .fail = { [KV_SEVERITY_CRITICAL] = 1 } }, 6 },
        { "critical and unknown",
            { .fail = { [KV_SEVERITY_CRITICAL] = 1 }, .unknown = 3 }, 6 },
        { "high and unknown",
            { .fail = { [KV_SEVERITY_HIGH] = 2 }, .unknown = 1 }, 5 },
        { "unknown before medium",
            { .fail = { [KV_SEVERITY_MEDIUM] = 9 }, .unknown = 1 }, 4 },
        { "medium", { .fail = { [KV_SEVERITY_MEDIUM] = 1 } }, 3 },
        { "low", { .fail = { [KV_SEVERITY_LOW] = 1 }, .pass = 9 }, 2 },
        { "info", { .fail = { [KV_SEVERITY_INFO] = 1 } }, 1 },
        { "clean", { .pass = 12 }, 0 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        if (kv_standing_rank(&rows[i].standing) != rows[i].expected)
            fail_with("%s: expected %u, is %u", rows[i].name, rows[i].expected,
                kv_standing_rank(&rows[i].standing));
}

static void test_known_percent(void **state)
{
    static const struct {
        const char *name;
        struct kv_tally tally;
        int expected;
    } rows[] = {
        { "nothing", { { 0 } }, 100 },
        { "nothing applies", { { [KV_VERDICT_NOT_APPLICABLE] = 7 } }, 100 },
        { "all known", { { [KV_VERDICT_PASS] = 1, [KV_VERDICT_FAIL] = 3 } },
            100 },
        { "half known",
            { { [KV_VERDICT_FAIL] = 2,
                [KV_VERDICT_UNKNOWN] = 1,
                [KV_VERDICT_MANUAL] = 1,
                [KV_VERDICT_NOT_APPLICABLE] = 5 } },
            50 },
        { "accepted is known",
            { { [KV_VERDICT_EXCEPTED] = 3, [KV_VERDICT_UNKNOWN] = 1 } }, 75 },
        { "what nobody asked for is not known",
            { { [KV_VERDICT_PASS] = 1, [KV_VERDICT_UNREAD] = 3 } }, 25 },
        { "nothing known", { { [KV_VERDICT_UNKNOWN] = 4 } }, 0 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        if ((int)kv_tally_known_percent(&rows[i].tally) != rows[i].expected)
            fail_with("%s: expected %d, is %f", rows[i].name, rows[i].expected,
                kv_tally_known_percent(&rows[i].tally));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_rows_in_order),
        cmocka_unit_test(test_remedies_are_named),
        cmocka_unit_test(test_sources_are_complete),
        cmocka_unit_test(test_a_life),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_policy),
        cmocka_unit_test(test_rank),
        cmocka_unit_test(test_known_percent),
    };

    return cmocka_run_group_tests_name("posture", tests, NULL, NULL);
}
