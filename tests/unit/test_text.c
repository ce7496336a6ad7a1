/* Text: what is shown of a stranger's text, what buffers refuse, and times. */
#include "test.h"

#include "base.h"

#include <string.h>

static void visible(void **state)
{
    static const struct {
        const char *name;
        const char *input;
        size_t size; /* 0: the length of input */
        const char *expected;
        bool ascii;
    } rows[] = {
        { "plain", "kv-pay-prod-weu", 0, "kv-pay-prod-weu", false },
        { "escape", "\x1b[31mred", 0, "<U+001B>[31mred", false },
        { "bell and newline", "a\a\nb", 0, "a<U+0007><U+000A>b", false },
        { "zero byte", "a\0b", 3, "a<U+0000>b", false },
        { "delete", "\x7f", 0, "<U+007F>", false },
        { "C1 control in UTF-8", "\xc2\x9b", 0, "<U+009B>", false },
        { "C1 control as a byte", "\x9b", 0, "<0x9B>", false },
        { "right-to-left override", "a\xe2\x80\xae", 0, "a<U+202E>", false },
        { "zero-width space", "\xe2\x80\x8b", 0, "<U+200B>", false },
        { "tag character", "\xf3\xa0\x81\x81", 0, "<U+E0041>", false },
        { "wide characters stay", "\xe6\x97\xa5", 0, "\xe6\x97\xa5", false },
        { "ASCII only", "\xe6\x97\xa5!", 0, "<U+65E5>!", true },
        { "overlong slash", "\xc0\xaf", 0, "<0xC0><0xAF>", false },
        { "surrogate", "\xed\xa0\x80", 0, "<0xED><0xA0><0x80>", false },
        { "cut off", "\xe6\x97", 0, "<0xE6><0x97>", false },
        { "beyond Unicode", "\xf4\x90\x80\x80", 0, "<0xF4><0x90><0x80><0x80>",
            false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct buf out = { .limit = 256 };
        size_t size = rows[i].size ? rows[i].size : strlen(rows[i].input);

        buf_put_visible(
            &out, (struct view){ rows[i].input, size }, rows[i].ascii);
        if (strcmp(buf_text(&out), rows[i].expected) != 0)
            fail_with("%s: expected %s, got %s", rows[i].name, rows[i].expected,
                buf_text(&out));
        buf_done(&out);
    }
}

static void buffer_keeps_its_limit(void **state)
{
    struct buf out = { .limit = 8 };

    (void)state;
    buf_puts(&out, "12345678");
    assert_false(out.failed);
    buf_putc(&out, '9');
    assert_true(out.failed);
    buf_puts(&out, "");
    assert_true(out.failed);
    assert_string_equal(buf_text(&out), "12345678");
    buf_clear(&out);
    buf_putf(&out, "%s", "much too long for it");
    assert_true(out.failed);
    assert_string_equal(buf_text(&out), "");
    buf_done(&out);
}

static void counts(void **state)
{
    static const struct {
        uint64_t count;
        const char *expected;
    } rows[] = {
        { 0, "0" },
        { 999, "999" },
        { 1000, "1,000" },
        { 1048576, "1,048,576" },
        { UINT64_MAX, "18,446,744,073,709,551,615" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct buf out = { .limit = 64 };

        buf_put_count(&out, rows[i].count);
        assert_string_equal(buf_text(&out), rows[i].expected);
        buf_done(&out);
    }
}

static void times(void **state)
{
    static const struct {
        const char *text;
        int64_t expected;
    } rows[] = {
        { "1970-01-01T00:00:01Z", 1 },
        { "2026-11-22T00:08:30Z", 1795306110 },
        { "2026-11-22T00:08:30.1234567Z", 1795306110 },
        { "2026-11-22T02:08:30+02:00", 1795306110 },
        { "2026-11-21T19:08:30-0500", 1795306110 },
        { "2026-11-22T00:08:30", 1795306110 },
        { "yesterday", 0 },
        { "2026-11-22", 0 },
        { "2026-11-22T00:08:30Zjunk", 0 },
        { "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        if (time_parse(view_of(rows[i].text)) != rows[i].expected)
            fail_with("%s: expected %lld, got %lld", rows[i].text,
                (long long)rows[i].expected,
                (long long)time_parse(view_of(rows[i].text)));
}

static void time_and_back(void **state)
{
    struct buf out = { .limit = 64 };

    (void)state;
    buf_put_time(&out, 1795306110);
    assert_string_equal(buf_text(&out), "2026-11-22T00:08:30Z");
    buf_clear(&out);
    buf_put_time(&out, 0);
    assert_string_equal(buf_text(&out), "-");
    buf_done(&out);
}

static void ages(void **state)
{
    static const struct {
        int64_t age_s;
        const char *expected;
    } rows[] = {
        { -5, "0s" },
        { 119, "119s" },
        { 120, "2m" },
        { 7199, "119m" },
        { 7200, "2h" },
        { 86400 * 2, "2d" },
        { 86400 * 203, "203d" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct buf out = { .limit = 64 };

        buf_put_age(&out, rows[i].age_s);
        assert_string_equal(buf_text(&out), rows[i].expected);
        buf_done(&out);
    }
}

static void cutting(void **state)
{
    struct view rest = view_of("a//b");

    (void)state;
    assert_true(view_equal(view_cut(&rest, '/'), view_of("a")));
    assert_true(view_equal(view_cut(&rest, '/'), view_of("")));
    assert_true(view_equal(view_cut(&rest, '/'), view_of("b")));
    assert_int_equal(rest.size, 0);
    assert_true(view_equal(view_trim(view_of(" \t x ")), view_of("x")));
    assert_true(text_contains_nocase("Kv-PAY", "pay"));
    assert_false(text_contains_nocase("kv", "kvx"));
    assert_true(text_equal_nocase(NULL, NULL));
    assert_false(text_equal_nocase(NULL, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visible),
        cmocka_unit_test(buffer_keeps_its_limit),
        cmocka_unit_test(counts),
        cmocka_unit_test(times),
        cmocka_unit_test(time_and_back),
        cmocka_unit_test(ages),
        cmocka_unit_test(cutting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
