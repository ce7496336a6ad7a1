/* The history on the disk: changed findings only, since when, what lies between
 * two scans, and counts over time, also when the catalogue grows. */
#include "history.h"

#include <stdio.h>
#include <string.h>

#include "temp.h"
#include "test.h"

enum { NONE, PASS, FAIL, UNKNOWN };
#define DAY_S 86400
#define START_S 1790000000

static const char *const rows[] = { "A-1", "A-2", "A-3" };

struct stage {
    char *dir;
    struct history *history;
    struct buf said; /* of history_diff() */
};

static void stage_open(
    struct stage *stage, const char *const *names, size_t count)
{
    struct kv_error err = { 0 };

    if (history_open(&stage->history, stage->dir, names, count, &err) != KV_OK)
        fail_with("%s", err.text);
    assert_int_equal(
        history_choose(stage->history, "tenant", "current", &err), KV_OK);
}

static int set_up(void **state)
{
    struct stage *stage = mem_alloc(sizeof *stage);

    stage->dir = temp_new();
    stage->said.limit = 65536;
    stage_open(stage, rows, LENGTH(rows));
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;

    history_close(stage->history);
    temp_done(stage->dir);
    buf_done(&stage->said);
    mem_free(stage);
    return 0;
}

struct taken {
    const char *subject;
    uint8_t verdicts[4];
};

static void keep(
    struct stage *stage, int64_t day, const struct taken *taken, size_t count)
{
    struct kv_error err = { 0 };

    if (history_begin(stage->history, START_S + day * DAY_S, &err) != KV_OK)
        fail_with("%s", err.text);
    for (size_t i = 0; i < count; i++)
        if (history_take(stage->history, taken[i].subject, taken[i].verdicts,
                &err) != KV_OK)
            fail_with("%s", err.text);
    assert_int_equal(history_end(stage->history, &err), KV_OK);
}
#define KEEP(stage, day, ...)                                                  \
    keep((stage), (day), (const struct taken[]){ __VA_ARGS__ },                \
        LENGTH(((const struct taken[]){ __VA_ARGS__ })))

static void check(struct stage *stage, const char *subject, size_t row,
    struct history_finding expected)
{
    const struct history_finding *all =
        history_subject(stage->history, subject);
    const struct history_finding *is = all ? &all[row] : NULL;

    if (!is || is->verdict != expected.verdict ||
        is->before != expected.before || is->since_s != expected.since_s ||
        is->in_last_scan != expected.in_last_scan ||
        is->seen_before != expected.seen_before)
        fail_with("%s %s: %u from %u since day %lld, last %d, seen %d", subject,
            rows[row], is ? is->verdict : 99, is ? is->before : 99,
            is ? (long long)(is->since_s - START_S) / DAY_S : -1,
            is ? is->in_last_scan : -1, is ? is->seen_before : -1);
}
#define ON(day) (START_S + (int64_t)(day)*DAY_S)

static void test_since(void **state)
{
    struct stage *stage = *state;

    assert_null(history_subject(stage->history, "/v/a"));
    KEEP(stage, 0, { "/v/a", { PASS, FAIL, UNKNOWN } });
    /* The first scan of all makes nothing new. */
    check(stage, "/V/A", 1,
        (struct history_finding){ FAIL, NONE, ON(0), false, false });
    KEEP(stage, 1, { "/v/a", { FAIL, FAIL, PASS } });
    check(stage, "/v/a", 0,
        (struct history_finding){ FAIL, PASS, ON(1), true, false });
    check(stage, "/v/a", 1,
        (struct history_finding){ FAIL, NONE, ON(0), false, false });
    check(stage, "/v/a", 2,
        (struct history_finding){ PASS, UNKNOWN, ON(1), true, false });
    KEEP(stage, 2, { "/v/a", { PASS, FAIL, PASS } });
    check(stage, "/v/a", 0,
        (struct history_finding){ PASS, FAIL, ON(2), true, true });
    check(stage, "/v/a", 2,
        (struct history_finding){ PASS, UNKNOWN, ON(1), false, false });
    KEEP(stage, 3, { "/v/a", { FAIL, FAIL, PASS } },
        { "/v/b", { FAIL, PASS, PASS } });
    check(stage, "/v/a", 0, /* reopened */
        (struct history_finding){ FAIL, PASS, ON(3), true, true });
    check(stage, "/v/b", 0, /* a new resource */
        (struct history_finding){ FAIL, NONE, ON(3), true, false });
}

static void say(void *context, const struct history_change *change)
{
    struct stage *stage = context;

    buf_putf(&stage->said, "%s %s %u>%u; ", change->subject, change->row,
        change->before, change->after);
}

static void check_diff(
    struct stage *stage, int64_t from, int64_t to, const char *expected)
{
    struct kv_error err = { 0 };

    buf_clear(&stage->said);
    assert_int_equal(
        history_diff(stage->history, from, to, say, stage, &err), KV_OK);
    assert_string_equal(buf_text(&stage->said), expected);
}

static void test_diff(void **state)
{
    struct stage *stage = *state;

    KEEP(stage, 0, { "/v/b", { PASS, FAIL, UNKNOWN } },
        { "/v/a", { PASS, PASS, PASS } });
    KEEP(stage, 1, { "/v/b", { FAIL, FAIL, UNKNOWN } },
        { "/v/a", { PASS, PASS, PASS } });
    KEEP(stage, 2, { "/v/b", { PASS, PASS, UNKNOWN } },
        { "/v/a", { PASS, PASS, FAIL } }, { "/v/c", { FAIL, NONE, NONE } });
    KEEP(stage, 3, { "/v/b", { PASS, PASS, UNKNOWN } },
        { "/v/a", { NONE, NONE, NONE } }, { "/v/c", { PASS, NONE, NONE } });
    check_diff(stage, 1, 2, "/v/b A-1 1>2; ");
    /* There and back again is no change. */
    check_diff(stage, 1, 3, "/v/a A-3 1>2; /v/b A-2 2>1; /v/c A-1 0>2; ");
    check_diff(stage, 2, 3,
        "/v/a A-3 1>2; /v/b A-1 2>1; /v/b A-2 2>1; /v/c A-1 0>2; ");
    check_diff(stage, 2, 4,
        "/v/a A-1 1>0; /v/a A-2 1>0; /v/a A-3 1>0; /v/b A-1 2>1; "
        "/v/b A-2 2>1; /v/c A-1 0>1; ");
    check_diff(stage, 3, 3, "");
}

static void check_counts(struct stage *stage, const struct history_count *count,
    unsigned pass, unsigned fail)
{
    uint32_t counts[HISTORY_VERDICTS];

    assert_true(history_count_at(stage->history, count, counts));
    if (counts[PASS] != pass || counts[FAIL] != fail)
        fail_with("row %d of %s at day %lld: %u pass, %u fail", (int)count->row,
            count->subject ? count->subject : "all",
            (long long)(count->time_s - START_S) / DAY_S, counts[PASS],
            counts[FAIL]);
}

static void test_counts(void **state)
{
    struct stage *stage = *state;
    uint32_t counts[HISTORY_VERDICTS];

    KEEP(stage, 0, { "/v/a", { PASS, FAIL, FAIL } },
        { "/v/b", { PASS, PASS, UNKNOWN } });
    KEEP(stage, 5, { "/v/a", { PASS, PASS, FAIL } },
        { "/v/b", { FAIL, PASS, UNKNOWN } });
    assert_false(history_count_at(stage->history,
        &(struct history_count){ UINT32_MAX, NULL, ON(-1) }, counts));
    check_counts(
        stage, &(struct history_count){ UINT32_MAX, NULL, ON(0) }, 3, 2);
    check_counts(
        stage, &(struct history_count){ UINT32_MAX, NULL, ON(4) }, 3, 2);
    check_counts(
        stage, &(struct history_count){ UINT32_MAX, NULL, ON(5) }, 3, 2);
    check_counts(stage, &(struct history_count){ 0, NULL, ON(4) }, 2, 0);
    check_counts(stage, &(struct history_count){ 0, NULL, ON(5) }, 1, 1);
    check_counts(
        stage, &(struct history_count){ UINT32_MAX, "/v/a", ON(4) }, 1, 2);
    check_counts(
        stage, &(struct history_count){ UINT32_MAX, "/v/a", ON(6) }, 2, 1);
}

/* Rows keep their numbers whatever the order of the catalogue becomes; a row
 * that is new was never anything else. */
static void test_catalogue_grows(void **state)
{
    static const char *const more[] = { "A-0", "A-1", "A-2", "A-3" };
    struct stage *stage = *state;
    const struct history_finding *found;

    KEEP(stage, 0, { "/v/a", { PASS, FAIL, FAIL } });
    history_close(stage->history);
    stage_open(stage, more, LENGTH(more));
    KEEP(stage, 1, { "/v/a", { FAIL, PASS, FAIL, PASS } });
    found = history_subject(stage->history, "/v/a");
    assert_int_equal(found[0].verdict, FAIL);
    assert_int_equal(found[0].before, NONE);
    assert_int_equal(found[0].since_s, ON(1));
    assert_int_equal(found[1].since_s, ON(0));
    assert_int_equal(found[3].verdict, PASS);
    assert_int_equal(found[3].before, FAIL);
    check_diff(stage, 1, 2, "/v/a A-3 2>1; /v/a A-0 0>2; ");
}

/* A scan that was not finished leaves nothing; other timelines are others. */
static void test_dropped_and_apart(void **state)
{
    const uint8_t verdicts[] = { FAIL, FAIL, FAIL };
    struct stage *stage = *state;
    struct kv_error err = { 0 };
    struct history_scan scan;

    KEEP(stage, 0, { "/v/a", { PASS, PASS, PASS } });
    assert_int_equal(history_begin(stage->history, ON(1), &err), KV_OK);
    assert_int_equal(
        history_take(stage->history, "/v/a", verdicts, &err), KV_OK);
    history_drop(stage->history);
    check(stage, "/v/a", 0,
        (struct history_finding){ PASS, NONE, ON(0), false, false });

    assert_int_equal(
        history_choose(stage->history, "tenant", "2019", &err), KV_OK);
    assert_false(history_scan_back(stage->history, 0, &scan));
    assert_null(history_subject(stage->history, "/v/a"));
    assert_int_equal(
        history_choose(stage->history, "", "current", &err), KV_OK);
    assert_true(history_scan_back(stage->history, 0, &scan));
    assert_int_equal(scan.at_s, ON(0));
    assert_false(history_scan_back(stage->history, 1, &scan));
    assert_true(history_scan_numbered(stage->history, scan.number, &scan));
    assert_false(history_scan_numbered(stage->history, 99, &scan));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_since, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_diff, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_catalogue_grows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_dropped_and_apart, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
