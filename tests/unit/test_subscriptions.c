/* What fails in each subscription, and which is the worst: counting and the
 * block of the first screen. */
#include "posture_levels.h"

#include "worst.h"

static void count_all(
    struct subscriptions *all, const struct fixture *fixture)
{
    subscriptions_start(all, fixture->estate);
    while (!subscriptions_step(all, fixture->estate, fixture->posture))
        continue;
}

/* One vault of the hub fails, and with it what is judged of the hub. */
static void test_counts(void **state)
{
    struct fixture *fixture = *state;
    struct subscriptions all = { 0 };

    put_vault(fixture->estate, ID_HUB, "vaults", 1, KV_TRI_FALSE);
    judge_touched(fixture);
    count_all(&all, fixture);
    assert_int_equal(all.count, 3);
    assert_int_equal(all.counts[fixture->home].resources, 2);
    assert_int_equal(all.counts[fixture->hub].resources, 2);
    assert_int_equal(all.counts[fixture->empty].resources, 0);
    assert_int_equal(all.counts[fixture->home].fail[KV_SEVERITY_HIGH], 0);
    /* The vault, and the hub for it. */
    assert_int_equal(all.counts[fixture->hub].fail[KV_SEVERITY_HIGH], 2);
    assert_int_equal(all.counts[fixture->hub].fail[KV_SEVERITY_INFO], 1);
    assert_int_equal(all.counts[fixture->empty].fail[KV_SEVERITY_HIGH], 0);
    subscriptions_done(&all);
}

/* The next round is a new one, and until then the last one holds. */
static void test_counts_again(void **state)
{
    struct fixture *fixture = *state;
    struct subscriptions all = { 0 };

    judge_touched(fixture);
    count_all(&all, fixture);
    put_vault(fixture->estate, ID_HOME, "vaults", 4, KV_TRI_TRUE);
    assert_int_equal(all.counts[fixture->home].resources, 2);
    judge_touched(fixture);
    count_all(&all, fixture);
    assert_int_equal(all.counts[fixture->home].resources, 3);
    subscriptions_done(&all);
}

/* What is left to a person is no gap of what was read. */
static void test_known(void **state)
{
    const struct subscription_count whole = {
        .all.count = { [KV_VERDICT_PASS] = 1,
            [KV_VERDICT_FAIL] = 2,
            [KV_VERDICT_MANUAL] = 5,
            [KV_VERDICT_UNREAD] = 7 },
    };
    const struct subscription_count half = {
        .all.count = { [KV_VERDICT_FAIL] = 2, [KV_VERDICT_UNKNOWN] = 2 },
    };

    (void)state;
    assert_int_equal((int)subscription_known_percent(&whole), 100);
    assert_int_equal((int)subscription_known_percent(&half), 50);
}

struct worse_row {
    const char *name;
    struct subscription_count a;
    struct subscription_count b;
    bool worse;
};

#define FAILS(critical, high, low)                                             \
    {                                                                          \
        .fail = { [KV_SEVERITY_CRITICAL] = critical,                           \
            [KV_SEVERITY_HIGH] = high,                                         \
            [KV_SEVERITY_LOW] = low },                                         \
    }

static const struct worse_row worse_rows[] = {
    { "one critical outweighs many high", FAILS(1, 0, 0), FAILS(0, 99, 99),
        true },
    { "and not the other way round", FAILS(0, 99, 99), FAILS(1, 0, 0), false },
    { "then the high ones", FAILS(1, 2, 0), FAILS(1, 1, 9), true },
    { "then the low ones", FAILS(1, 2, 1), FAILS(1, 2, 0), true },
    { "equal ones", FAILS(1, 2, 3), FAILS(1, 2, 3), false },
};

static void test_worse(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(worse_rows); i++)
        if (subscription_is_worse(&worse_rows[i].a, &worse_rows[i].b) !=
            worse_rows[i].worse)
            fail_with("%s", worse_rows[i].name);
}

/* Six of seven have something; the four worst are drawn in their order. */
static void test_block(void **state)
{
    struct subscription_count counts[7] = {
        [0] = { .resources = 1 },
        [1] = { .resources = 1, .fail = { [KV_SEVERITY_HIGH] = 5 } },
        [3] = { .resources = 1, .fail = { [KV_SEVERITY_CRITICAL] = 2 } },
        [4] = { .resources = 1, .fail = { [KV_SEVERITY_CRITICAL] = 3 } },
        [5] = { .resources = 1, .fail = { [KV_SEVERITY_LOW] = 1234 } },
        [6] = { .resources = 1, .fail = { [KV_SEVERITY_MEDIUM] = 7 } },
    };
    const struct subscriptions all = { .counts = counts, .count = 7 };
    static const char *const order[] = { "S4", "S3", "S1", "S6" };
    struct kv_estate *estate = estate_new();
    struct grid grid = { 0 };
    struct buf text = { .limit = 65536 };
    const char *at;
    struct canvas canvas;

    (void)state;
    for (char name[] = "S0"; name[1] < '7'; name[1]++)
        estate_take_subscription(estate, name, name, "Enabled");
    grid_resize(&grid, worst_rows(40, 120), 120);
    canvas = canvas_of(&grid);
    worst_draw(&all, estate, &canvas);
    grid_dump(&grid, &text);
    at = buf_text(&text);
    assert_contains(at, "WORST SUBSCRIPTIONS");
    for (size_t i = 0; i < LENGTH(order); i++) {
        at = strstr(at, order[i]);
        if (!at)
            fail_with("%s is not in its place:\n%s", order[i], buf_text(&text));
    }
    assert_contains(at, "2 more");
    buf_done(&text);
    grid_done(&grid);
    estate_free(estate);
}

/* Where the list needs its rows, there is none. */
static void test_room(void **state)
{
    (void)state;
    assert_int_equal(worst_rows(20, 80), 0);
    assert_int_equal(worst_rows(40, 79), 0);
    assert_true(worst_rows(36, 120) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_counts_again, set_up, tear_down),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_worse),
        cmocka_unit_test(test_block),
        cmocka_unit_test(test_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
