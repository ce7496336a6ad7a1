/* The journal's screen: what its rows say, and what may be taken back. */
#include "fake_console.h"

static const struct kv_journal_entry entries[] = {
    {
        .number = 9,
        .time_s = FAKE_NOW_S - 60,
        .who = "ana.ruiz",
        .plan = "p-0142",
        .remedy = "firewall-on",
        .action = "Turn the firewall on",
        .target_id = "/subscriptions/s/kv-pay",
        .target_name = "kv-pay",
        .reason = "CHG0031337",
        .message = "verified: NET-2",
        .change = "{\"method\":\"PATCH\"}",
        .request_id = "7f3c",
        .result = KV_JOURNAL_DONE,
        .reversible = true,
    },
    {
        .number = 7,
        .time_s = FAKE_NOW_S - 90,
        .who = "ana.ruiz",
        .plan = "p-0141",
        .action = "Turn purge protection on",
        .target_name = "kv-\xe2\x80\xaehr",
        .message = "",
        .result = KV_JOURNAL_DONE,
    },
    {
        .number = 5,
        .time_s = FAKE_NOW_S - 200000,
        .who = "jo.berg",
        .plan = "p-0140",
        .action = "Turn the firewall on",
        .target_name = "kv-web",
        .message = "no answer came",
        .result = KV_JOURNAL_IN_DOUBT,
        .reversible = true,
    },
    {
        .number = 3,
        .time_s = FAKE_NOW_S - 200060,
        .who = "jo.berg",
        .plan = "",
        .remedy = "",
        .action = "write mode on, 30m",
        .result = KV_JOURNAL_NOTE,
    },
};

static void open_with(struct app *app, uint32_t count)
{
    fake_open(app, 20, 80);
    memcpy(app->session.entries, entries, sizeof(entries));
    app->session.entry_count = count;
    screen_open_journal(app);
}

static void test_rows(void **state)
{
    struct app app;

    (void)state;
    open_with(&app, LENGTH(entries));
    fake_expect(&app, "> ");
    fake_expect(&app, "p-0142 Turn the firewall on");
    fake_expect(&app, "IN DOUBT");
    fake_expect(&app, "kv-<U+202E>hr");
    fake_expect(&app, "REASON     CHG0031337");
    fake_expect(&app, "UNDO       possible: U");
    fake_expect(&app, "REQUEST ID 7f3c");
    assert_int_equal(app.grid.cursor_row, 1);
    fake_close(&app);
}

static void test_newest_first(void **state)
{
    struct app app;
    struct buf screen = { .limit = SIZE_MAX };

    (void)state;
    open_with(&app, LENGTH(entries));
    fake_draw(&app, &screen);
    assert_true(strstr(buf_text(&screen), "p-0142") <
                strstr(buf_text(&screen), "p-0140"));
    buf_done(&screen);
    fake_close(&app);
}

struct undo_case {
    int down; /* rows to the entry */
    int undos;
    const char *notice;
};

static const struct undo_case undo_cases[] = {
    { 0, 1, "no plan can be made" },
    { 1, 0, "no way back" },
    { 2, 0, "not known what took effect" },
    { 3, 0, "not a change" },
};

static void test_undo(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(undo_cases); i++) {
        struct app app;

        open_with(&app, LENGTH(entries));
        for (int down = 0; down < undo_cases[i].down; down++)
            fake_key(&app, 'j');
        fake_key(&app, 'U');
        assert_int_equal(app.session.undos, undo_cases[i].undos);
        assert_contains(app.notice, undo_cases[i].notice);
        fake_close(&app);
    }
}

static void test_undone_is_not_undone_again(void **state)
{
    struct app app;

    (void)state;
    open_with(&app, LENGTH(entries));
    app.session.entries[0].undone_by = 11;
    app.top->ops->news(app.top, KV_NEWS_JOURNAL);
    fake_expect(&app, "UNDONE");
    fake_expect(&app, "taken back by #11");
    fake_key(&app, 'U');
    assert_int_equal(app.session.undos, 0);
    fake_close(&app);
}

static void test_verify(void **state)
{
    struct app app;

    (void)state;
    open_with(&app, LENGTH(entries));
    fake_key(&app, 'v');
    assert_contains(app.notice, "holds");
    app.session.broken_at = 2;
    fake_key(&app, 'v');
    assert_contains(app.notice, "BROKEN at record 2");
    fake_close(&app);
}

static void test_filter(void **state)
{
    struct app app;

    (void)state;
    open_with(&app, LENGTH(entries));
    fake_type(&app, "/who:jo");
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "IN DOUBT");
    fake_expect_not(&app, "p-0142");
    fake_type(&app, "/ zzz");
    fake_expect(&app, "No entry matches this filter");
    fake_close(&app);
}

static void test_empty(void **state)
{
    struct app app;

    (void)state;
    open_with(&app, 0);
    fake_expect(&app, "nothing was ever changed from here");
    fake_key(&app, 'U');
    fake_key(&app, CODE_ENTER);
    fake_close(&app);
}

static void test_details(void **state)
{
    struct app app;

    (void)state;
    open_with(&app, LENGTH(entries));
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "{\"method\":\"PATCH\"}");
    fake_key(&app, CODE_ESCAPE);
    fake_expect(&app, "p-0142");
    fake_close(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_newest_first),
        cmocka_unit_test(test_undo),
        cmocka_unit_test(test_undone_is_not_undone_again),
        cmocka_unit_test(test_verify),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_details),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
