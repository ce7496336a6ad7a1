/* What leaves the console: lists as files, texts for the clipboard. */
#include "test.h"

#include "base.h"
#include "clip.h"
#include "export.h"
#include "temp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- a list of strangers' texts ---- */

static const char *const names[] = {
    "kv-pay",
    "=cmd|' /C calc'!A0",
    "@sum(1)",
    "-",
    "quote\"back\\slash",
    "rtl\xE2\x80\xAE\ttab",
    "a|b`c*",
    "",
};

static void names_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    (void)context;
    if (column == 0)
        buf_puts(&out->text, names[item]);
    else
        buf_puts(&out->text, column == 1 ? "1,234" : "###...");
}

static const struct list_column columns[] = {
    { .title = "NAME" },
    { .title = "FAIL", .width_cells = 7, .right = true, .appears_at = 500 },
    { .title = "SHARE", .width_cells = 9, .unsorted = true },
};

static const struct list_ops names_list = {
    .columns = columns,
    .column_count = LENGTH(columns),
    .cell = names_cell,
};

/* One item of the list in one format, without the heads. */
struct format_row {
    uint32_t item;
    enum export_format format;
    const char *expected;
};

static const struct format_row format_rows[] = {
    { 0, EXPORT_CSV, "\"kv-pay\",\"1234\"\r\n" },
    { 1, EXPORT_CSV, "\"'=cmd|' /C calc'!A0\"," },
    { 2, EXPORT_CSV, "\"'@sum(1)\"," },
    { 3, EXPORT_CSV, "\"-\"," },
    { 4, EXPORT_CSV, "\"quote\"\"back\\slash\"," },
    { 5, EXPORT_CSV, "\"rtl<U+202E><U+0009>tab\"," },
    { 7, EXPORT_CSV, "\"-\",\"1234\"" },
    { 0, EXPORT_JSON, "{\"name\":\"kv-pay\",\"fail\":\"1234\"}" },
    { 4, EXPORT_JSON, "{\"name\":\"quote\\\"back\\\\slash\"," },
    { 0, EXPORT_MARKDOWN, "| kv-pay | 1234 |\n" },
    { 6, EXPORT_MARKDOWN, "| a\\|b\\`c\\* | 1234 |\n" },
};

static void test_formats(void **state)
{
    struct list list = { 0 };

    (void)state;
    list_init(&list, &names_list, NULL);
    list_refresh(&list, LENGTH(names));
    for (size_t i = 0; i < LENGTH(format_rows); i++) {
        struct buf text = { .limit = 65536 };

        export_list(&list, format_rows[i].format, &text);
        assert_contains(buf_text(&text), format_rows[i].expected);
        assert_lacks(buf_text(&text), "###"); /* a drawing */
        buf_done(&text);
    }
    list_done(&list);
}

static void test_whole_files(void **state)
{
    struct list list = { 0 };
    struct buf text = { .limit = 65536 };

    (void)state;
    list_init(&list, &names_list, NULL);
    list_refresh(&list, 1);
    export_list(&list, EXPORT_CSV, &text);
    assert_string_equal(
        buf_text(&text), "\"NAME\",\"FAIL\"\r\n\"kv-pay\",\"1234\"\r\n");
    buf_clear(&text);
    export_list(&list, EXPORT_JSON, &text);
    assert_string_equal(
        buf_text(&text), "[\n{\"name\":\"kv-pay\",\"fail\":\"1234\"}\n]\n");
    buf_clear(&text);
    export_list(&list, EXPORT_MARKDOWN, &text);
    assert_string_equal(buf_text(&text),
        "| NAME | FAIL |\n| --- | ---: |\n| kv-pay | 1234 |\n");
    buf_clear(&text);
    export_row(&list, 0, &text);
    assert_string_equal(buf_text(&text), "kv-pay\t1234");
    buf_done(&text);
    list_done(&list);
}

/* ---- the file ---- */

static void expect_file(const char *path, const char *expected)
{
    struct stat status;
    size_t size;
    char *text = test_read_file(path, &size);

    assert_string_equal(text, expected);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    mem_free(text);
}

/* For one person's eyes, and never over another export. */
static void test_save(void **state)
{
    char *folder = temp_new();
    struct buf path = { .limit = 4096 };
    struct kv_error err = { 0 };

    (void)state;
    setenv("XDG_STATE_HOME", folder, 1);
    assert_int_equal(export_save("NET-2: ../x", "csv", 1790000000,
                         view_of("first"), &path, &err),
        KV_OK);
    assert_contains(
        buf_text(&path), "/kvgov/exports/net-2-----x-20260921T141320Z.csv");
    expect_file(buf_text(&path), "first");
    buf_clear(&path);
    assert_int_equal(export_save("NET-2: ../x", "csv", 1790000000,
                         view_of("second"), &path, &err),
        KV_OK);
    assert_contains(buf_text(&path), "Z-2.csv");
    expect_file(buf_text(&path), "second");
    buf_done(&path);
    temp_done(folder);
}

static void test_save_nowhere(void **state)
{
    struct buf path = { .limit = 4096 };
    struct kv_error err = { 0 };

    (void)state;
    setenv("XDG_STATE_HOME", "/dev/null", 1);
    assert_int_equal(
        export_save("vaults", "csv", 0, view_of(""), &path, &err), KV_STORE);
    assert_contains(err.text, "/dev/null/kvgov could not be written");
    buf_done(&path);
}

/* ---- the clipboard ---- */

static const struct {
    const char *text;
    const char *expected;
} clip_rows[] = {
    { "", "\033]52;c;\a" },
    { "k", "\033]52;c;aw==\a" },
    { "kv", "\033]52;c;a3Y=\a" },
    { "kv-", "\033]52;c;a3Yt\a" },
    { "kv-pay\xFF", "\033]52;c;a3YtcGF5/w==\a" },
};

static void test_clip(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(clip_rows); i++) {
        struct buf out = { .limit = 4096 };

        clip_put(&out, view_of(clip_rows[i].text), false);
        assert_string_equal(buf_text(&out), clip_rows[i].expected);
        buf_done(&out);
    }
}

/* GNU screen drops a string of more than 768 bytes. */
static void test_clip_screen(void **state)
{
    char text[3000];
    struct buf out = { .limit = 65536 };
    size_t envelopes = 0;

    (void)state;
    memset(text, 'k', sizeof(text));
    clip_put(&out, (struct view){ text, sizeof(text) }, true);
    for (const char *at = buf_text(&out); *at; envelopes++) {
        const char *end = strstr(at, "\033\\");

        assert_int_equal(strncmp(at, "\033P", 2), 0);
        assert_non_null(end);
        assert_true(end - at <= 768);
        at = end + 2;
    }
    assert_int_equal(envelopes, 6); /* 4,000 digits, 8 bytes around them */
    buf_done(&out);
}

/* The longest that is sent is sent whole. */
static void test_clip_longest(void **state)
{
    struct buf text = { .limit = CLIP_BYTES };
    struct buf out = { .limit = SIZE_MAX };

    (void)state;
    while (text.size < CLIP_BYTES)
        buf_putc(&text, 'k');
    clip_put(&out, buf_view(&text), false);
    assert_in_range(out.size, CLIP_ENCODED_BYTES - 4, CLIP_ENCODED_BYTES + 8);
    buf_done(&out);
    buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_whole_files),
        cmocka_unit_test(test_save),
        cmocka_unit_test(test_save_nowhere),
        cmocka_unit_test(test_clip),
        cmocka_unit_test(test_clip_screen),
        cmocka_unit_test(test_clip_longest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
