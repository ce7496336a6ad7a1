/* What is tried again, and when. */
#include "retry.h"

#include "test.h"

static void test_safe(void **state)
{
    struct http_request request = { .method = HTTP_GET };

    (void)state;
    assert_true(retry_is_safe(&request));
    request.method = HTTP_POST;
    assert_false(retry_is_safe(&request));
    request.repeatable = true;
    assert_true(retry_is_safe(&request));
    request.once = true;
    assert_false(retry_is_safe(&request));
    request = (struct http_request){ .method = HTTP_PUT };
    assert_true(retry_is_safe(&request));
}

struct after_case {
    const char *text;
    int64_t date_s;
    int64_t expected;
};

/* 784111777 is the date of RFC 9110's own example. */
static const struct after_case afters[] = {
    { "5", 0, 5 },
    { " 17 ", 0, 17 },
    { "0", 0, 0 },
    { "99999999999999999999", 0, INT32_MAX },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 784111770, 7 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 0, 0 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 784111800, 0 },
    { "-5", 0, -1 },
    { "soon", 0, -1 },
    { "", 0, -1 },
};

static void test_after(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(afters); i++) {
        int64_t found =
            retry_parse_after(afters[i].text, afters[i].date_s, 1800000000);

        if (found != afters[i].expected)
            fail_with("'%s': expected %lld, found %lld", afters[i].text,
                (long long)afters[i].expected, (long long)found);
    }
    assert_int_equal(
        retry_parse_after("Sun, 06 Nov 1994 08:49:37 GMT", 0, 784111770), 7);
    assert_int_equal(retry_parse_date("nonsense"), 0);
}

static void test_clock(void **state)
{
    (void)state;
    assert_int_equal(retry_parse_clock("00:00:05"), 5);
    assert_int_equal(retry_parse_clock("01:02:03"), 3723);
    assert_int_equal(retry_parse_clock("00:05"), -1);
    assert_int_equal(retry_parse_clock("00:00:05:06"), -1);
    assert_int_equal(retry_parse_clock(""), -1);
    assert_int_equal(retry_parse_clock("aa:bb:cc"), -1);
    assert_int_equal(retry_parse_count("249"), 249);
    assert_int_equal(retry_parse_count(""), -1);
    assert_int_equal(retry_parse_count("many"), -1);
}

static void test_pause(void **state)
{
    (void)state;
    assert_int_equal(retry_pause_ms(1000, 1, -1), 1000);
    assert_int_equal(retry_pause_ms(1000, 2, -1), 2000);
    assert_int_equal(retry_pause_ms(1000, 3, 0), 4000);
    assert_int_equal(retry_pause_ms(1000, 4, -1), 8000);
    assert_int_equal(retry_pause_ms(1000, 1, 7), 7000);
    assert_int_equal(retry_pause_ms(1000, 1, 121), 120000);
    assert_int_equal(retry_pause_ms(1000, 1, INT64_MAX), 120000);
    assert_int_equal(retry_pause_ms(1000, 4000000000u, -1), 120000);
}

static void test_jitter_is_at_most_a_fifth(void **state)
{
    (void)state;
    for (long dice = 0; dice < 100000; dice += 37) {
        int64_t pause_ms = retry_jitter_ms(1000, dice);

        assert_in_range(pause_ms, 1000, 1200);
    }
    assert_int_equal(retry_jitter_ms(0, 2147483647L), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_safe),
        cmocka_unit_test(test_after),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_jitter_is_at_most_a_fifth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
