/* The notice line: what it says, for how long, and in how many rows. */
#include "test.h"

#include "inside.h"
#include "notices.h"

#include <string.h>

#define WIDTH 40

static const struct notice_time now = { 1790000000, 1000 };

static void expect_drawn(
    const struct notices *notices, int rows, const char *expected)
{
    struct grid grid = { 0 };
    struct canvas canvas;
    struct buf text = { .limit = 4096 };

    grid_resize(&grid, rows, WIDTH);
    canvas = canvas_of(&grid);
    notices_draw(notices, &canvas);
    grid_dump(&grid, &text);
    assert_string_equal(buf_text(&text), expected);
    buf_done(&text);
    grid_done(&grid);
}

static void test_one_row(void **state)
{
    struct notices notices = { 0 };

    (void)state;
    assert_int_equal(notices_rows(&notices, WIDTH, false), 1);
    expect_drawn(&notices, 1, "\n");
    notices_add(&notices, KV_NOTICE_DONE, "read-only", now);
    assert_int_equal(notices_rows(&notices, WIDTH, false), 1);
    expect_drawn(&notices, 1, " + read-only\n");
    notices_done(&notices);
}

/* What has no room in one row wraps; what has no room in the rows says so. */
static void test_long(void **state)
{
    struct notices notices = { 0 };

    (void)state;
    notices_add(&notices, KV_NOTICE_ERROR,
        "10.1.2.3 is or includes addresses that are private", now);
    assert_int_equal(notices_rows(&notices, WIDTH, false), 3);
    expect_drawn(&notices, 3,
        " ! 10.1.2.3 is or includes\n"
        "   addresses that are\n"
        "   private                    ! 1 error\n");
    expect_drawn(&notices, 2,
        " ! 10.1.2.3 is or includes\n"
        "   addresses that are      ~  ! 1 error\n");
    notices_done(&notices);
}

/* Said again, it is still one error; the messages count how often. */
static void test_again(void **state)
{
    struct notices notices = { 0 };

    (void)state;
    for (int i = 0; i < 3; i++)
        notices_add(&notices, KV_NOTICE_ERROR, "no", now);
    assert_int_equal(notices.unseen, 1);
    assert_int_equal(notices.own_count, 1);
    assert_int_equal(notices.own[0].count, 3);
    notices_add(&notices, KV_NOTICE_ERROR, "never", now);
    assert_int_equal(notices.unseen, 2);
    assert_int_equal(notices.own_count, 2);
    notices_done(&notices);
}

/* Of errors that come together the newest is shown and each is counted. */
static void test_together(void **state)
{
    struct kv_session session = { 0 };
    struct notices notices = { 0 };

    (void)state;
    message_add(&session, KV_NOTICE_INFO, NULL, "yes");
    message_add(&session, KV_NOTICE_ERROR, NULL, "never");
    message_add(&session, KV_NOTICE_ERROR, NULL, "no");
    notices_take(&notices, &session, now);
    expect_drawn(&notices, 1, " ! no                        ! 2 errors\n");
    notices_take(&notices, &session, now);
    assert_int_equal(notices.unseen, 2);
    notices_seen(&notices);
    message_add(&session, KV_NOTICE_ERROR, NULL, "never");
    notices_take(&notices, &session, now);
    expect_drawn(&notices, 1, " ! never (2 times)            ! 1 error\n");
    notices_done(&notices);
    messages_done(&session.messages);
}

/* Information fades, an error stays until it was seen. */
static void test_fading(void **state)
{
    struct notices notices = { 0 };

    (void)state;
    notices_add(&notices, KV_NOTICE_ERROR, "no", now);
    notices_add(&notices, KV_NOTICE_INFO, "yes", now);
    expect_drawn(&notices, 1, " i yes                        ! 1 error\n");
    assert_true(notices_fade(&notices, now.steady_ms + 10000));
    expect_drawn(&notices, 1, " ! no                         ! 1 error\n");
    notices_seen(&notices);
    expect_drawn(&notices, 1, "\n");
    notices_done(&notices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_row),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_together),
        cmocka_unit_test(test_fading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
