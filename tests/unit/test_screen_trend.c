/* The screen Trend: bars, numbers, and days of which nothing is known. */
#include "fake_console.h"
#include "posture_scene.h"

static const struct scene scene = { .resource = { .kind = KV_KIND_VAULT } };

/* The last `known` days, with ten failing until a week ago and four since. */
static void open_days(struct app *app, int rows, int columns, int known)
{
    fake_open(app, rows, columns);
    app->session.scan.state = KV_SCAN_DONE;
    app->session.estate = scene_estate(&scene);
    app->session.posture = posture_new(app->session.estate, &kv_policy_default);
    for (int i = 0; i < KV_TREND_DAYS; i++) {
        struct kv_trend_day *day = &app->session.days[i];
        int days_ago = KV_TREND_DAYS - 1 - i;

        day->day_s = FAKE_NOW_S / 86400 * 86400 - days_ago * 86400;
        day->known = days_ago < known;
        day->tally.count[KV_VERDICT_FAIL] = days_ago >= 7 ? 10 : 4;
        day->tally.count[KV_VERDICT_UNKNOWN] = 2;
        day->tally.count[KV_VERDICT_PASS] = 1234;
    }
}

static void close_days(struct app *app)
{
    fake_close(app);
    posture_free(app->session.posture);
    estate_free(app->session.estate);
}

static void test_chart(void **state)
{
    struct app app;

    (void)state;
    open_days(&app, 21, 120, 60);
    screen_open_trend(&app, kv_catalogue_find("PRO-3"), KV_NONE);
    fake_expect(&app, "     12 |                              ????????");
    fake_expect(&app, "|..............................#####");
    fake_expect(&app, "########???????"); /* seven days of four and two */
    fake_expect(&app, "2026-09-21");
    fake_expect(&app, "7 days ago    2026-09-14         10        2    1,234"
                      "       -6");
    fake_expect(&app, "89 days ago   2026-06-24    no scan up to this day");
    assert_int_equal(app.session.trend_row, kv_catalogue_find("PRO-3"));
    close_days(&app);
}

static void test_narrow(void **state)
{
    struct app app;

    (void)state;
    open_days(&app, 21, 80, KV_TREND_DAYS);
    screen_open_trend(&app, KV_NONE, 0);
    fake_expect(&app, "2 days a column");
    fake_expect(&app, "findings a day");
    assert_string_equal(app.session.trend_subject, SCENE_VAULT);
    fake_key(&app, 'a');
    fake_expect(&app, "findings a day");
    assert_string_equal(app.session.trend_subject, "");
    close_days(&app);
}

static void test_low(void **state)
{
    struct app app;

    (void)state;
    open_days(&app, 10, 60, KV_TREND_DAYS);
    screen_open_trend(&app, KV_NONE, KV_NONE);
    fake_expect(&app, "7 days ago");
    fake_expect_not(&app, "#####");
    close_days(&app);
}

static void test_nothing_kept(void **state)
{
    struct app app;

    (void)state;
    open_days(&app, 21, 80, 0);
    screen_open_trend(&app, KV_NONE, KV_NONE);
    fake_expect(&app, "No scan of this tenant and baseline is kept yet");
    fake_expect_not(&app, "TO TODAY");
    close_days(&app);
}

/* Against a week ago, on the first screen. */
static void test_week_on_posture(void **state)
{
    struct app app;

    (void)state;
    open_days(&app, 40, 130, KV_TREND_DAYS);
    posture_judge(app.session.posture, 0, FAKE_NOW_S);
    screen_open_posture(&app);
    app.top->ops->news(app.top, KV_NEWS_SCAN);
    fake_expect(&app, "7 DAYS");
    fake_type(&app, "/PRO-3");
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "     -9 PRO-3"); /* one fails now, ten did */
    app.session.days[KV_TREND_DAYS - 8].known = false;
    app.steady_ms += 60000;
    app.top->ops->news(app.top, KV_NEWS_SCAN);
    fake_expect(&app, "      - PRO-3");
    close_days(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chart),
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_low),
        cmocka_unit_test(test_nothing_kept),
        cmocka_unit_test(test_week_on_posture),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
