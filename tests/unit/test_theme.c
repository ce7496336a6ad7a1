/* Themes: what a file may say, what it may not, and that the files that come
 * with kvgov can be read. */
#include "test.h"

#include "base.h"
#include "temp.h"
#include "theme.h"
#include "theme_check.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static enum kv_status load_text(
    struct theme *out, const char *text, struct kv_error *err)
{
    char *folder = temp_new();
    char *path = temp_path(folder, "mine.theme");
    enum kv_status status;

    test_write_file(path, text);
    status = theme_load_file(out, path, err);
    mem_free(path);
    temp_done(folder);
    return status;
}

/* Field by field: a struct may have holes. */
static bool same(const struct look *a, const struct look *b)
{
    return a->foreground == b->foreground && a->background == b->background &&
           a->attributes == b->attributes;
}

static void reads_a_row(void **state)
{
    static const struct {
        const char *row;
        struct look expected;
    } rows[] = {
        { "high = magenta default", { 5, -1, 0 } },
        { "high = red black bold", { 1, 0, LOOK_BOLD } },
        { "high = 208 default underline reverse",
            { 208, -1, LOOK_UNDERLINE | LOOK_REVERSE } },
        { "high = bright-red 255 dim", { 9, 255, LOOK_DIM } },
        { "high =   cyan    default   none", { 6, -1, 0 } },
        { "high = default default ; why", { -1, -1, 0 } },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct theme theme;
        struct kv_error err = { 0 };
        struct buf text = { .limit = 256 };

        theme_default(&theme);
        buf_putf(&text, "[theme]\nname = mine\n[roles]\n%s\n", rows[i].row);
        if (load_text(&theme, buf_text(&text), &err) != KV_OK)
            fail_with("%s: %s", rows[i].row, err.text);
        if (!same(&theme.looks[ROLE_HIGH], &rows[i].expected))
            fail_with("%s: read as another look", rows[i].row);
        buf_done(&text);
    }
}

static void refuses(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        const char *says;
    } rows[] = {
        { "no such role", "[roles]\nhihg = red default\n", "\"hihg\"" },
        { "no such colour", "[roles]\nhigh = pink default\n", "pink" },
        { "one colour", "[roles]\nhigh = red\n", "\"high = red\"" },
        { "beyond the palette", "[roles]\nhigh = 256 default\n", "256" },
        { "no such attribute", "[roles]\nhigh = red default blink\n", "blink" },
        { "not INI", "[roles]\nhigh\n", "line 2" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct theme theme;
        struct theme before;
        struct kv_error err = { 0 };

        theme_mono(&theme);
        before = theme;
        if (load_text(&theme, rows[i].text, &err) != KV_BAD_INPUT)
            fail_with("%s: was taken", rows[i].name);
        assert_contains(err.text, rows[i].says);
        assert_contains(err.text, "mine.theme");
        assert_string_equal(theme.name, before.name);
        assert_true(same(&theme.looks[ROLE_HIGH], &before.looks[ROLE_HIGH]));
    }
}

static void keeps_what_a_file_lacks(void **state)
{
    struct theme theme;
    struct theme standard;
    struct kv_error err = { 0 };

    (void)state;
    theme_default(&standard);
    theme_mono(&theme);
    assert_int_equal(
        load_text(&theme, "[roles]\ntext = white black\n", &err), KV_OK);
    assert_string_equal(theme.name, "mine");
    assert_int_equal(theme.looks[ROLE_TEXT].foreground, 7);
    assert_true(
        same(&theme.looks[ROLE_CRITICAL], &standard.looks[ROLE_CRITICAL]));
}

static void mono_has_no_colour(void **state)
{
    struct theme theme;

    (void)state;
    theme_mono(&theme);
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        assert_int_equal(theme.looks[i].foreground, -1);
        assert_int_equal(theme.looks[i].background, -1);
    }
}

/* Every file in themes/ is whole, and the compiled-in ones say what their
 * files say. */
static void files_that_come_along(void **state)
{
    struct buf path = { .limit = 4096 };
    struct kv_error err = { 0 };
    struct theme theme;
    struct theme built_in;
    DIR *folder;
    const struct dirent *entry;
    size_t count = 0;

    (void)state;
    buf_putf(&path, "%s/themes", test_source());
    folder = opendir(buf_text(&path));
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (!strstr(entry->d_name, ".theme"))
            continue;
        count++;
        buf_clear(&path);
        buf_putf(&path, "%s/themes/%s", test_source(), entry->d_name);
        if (theme_load_file(&theme, buf_text(&path), &err) != KV_OK)
            fail_with("%s", err.text);
        if (strcmp(theme.name, "default") == 0)
            theme_default(&built_in);
        else if (strcmp(theme.name, "mono") == 0)
            theme_mono(&built_in);
        else
            continue;
        for (int i = 0; i < ROLE_COUNT; i++)
            if (!same(&theme.looks[i], &built_in.looks[i]))
                fail_with("%s: %s is not what is compiled in", entry->d_name,
                    role_name((enum role)i));
    }
    closedir(folder);
    assert_true(count > 0);
    buf_done(&path);
}

static void names_are_no_paths(void **state)
{
    static const char *const names[] = { "../default", "", ".hidden", "a/b",
        "no-such-theme" };

    (void)state;
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct theme theme;
        struct kv_error err = { 0 };

        theme_default(&theme);
        assert_int_equal(theme_load(&theme, names[i], &err), KV_NOT_FOUND);
        assert_contains(err.text, names[i]);
    }
}

static void role_names(void **state)
{
    (void)state;
    for (int i = 0; i < ROLE_COUNT; i++) {
        assert_non_null(role_name((enum role)i));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(
                role_name((enum role)i), role_name((enum role)j));
    }
    assert_int_equal(role_of_severity(KV_SEVERITY_CRITICAL), ROLE_CRITICAL);
    assert_int_equal(
        role_of_verdict(KV_VERDICT_UNKNOWN, KV_SEVERITY_HIGH), ROLE_UNKNOWN);
    assert_int_equal(
        role_of_verdict(KV_VERDICT_FAIL, KV_SEVERITY_HIGH), ROLE_HIGH);
}

static void what_cannot_be_read(void **state)
{
    static const struct {
        const char *row;
        const char *problem; /* NULL: it can */
    } rows[] = {
        { "high = magenta default", NULL },
        { "high = bright-black default", "on the palette Solarized dark, so" },
        { "high = bright-black default reverse", "Solarized dark, so it is" },
        { "high = red red", "on the palette xterm, so it is not there" },
        { "high = 15 default", "on the palette xterm" },
        { "high = 252 234", NULL },
        { "high = 240 234", "; 4.5 is the least" },
        { "high = 208 default", "on the palette xterm; 4.5" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct theme theme;
        struct kv_error err = { 0 };
        struct buf text = { .limit = 256 };
        struct buf out = { .limit = 4096 };
        size_t expected = rows[i].problem != NULL;

        buf_putf(&text, "[roles]\n%s\n", rows[i].row);
        assert_int_equal(load_text(&theme, buf_text(&text), &err), KV_OK);
        if (theme_check(&theme, &out) != expected)
            fail_with("%s: %s", rows[i].row, buf_text(&out));
        if (expected && !strstr(buf_text(&out), rows[i].problem))
            fail_with("%s: %s", rows[i].row, buf_text(&out));
        buf_done(&out);
        buf_done(&text);
    }
}

/* Each that comes along is there by its name and can be read. */
static void all_can_be_read(void **state)
{
    struct buf name = { .limit = 64 };
    size_t count = 0;

    (void)state;
    for (; theme_get_name(count, &name); count++) {
        struct buf path = { .limit = 4096 };
        struct buf out = { .limit = 4096 };
        struct kv_error err = { 0 };
        struct theme theme;

        buf_putf(&path, "%s/themes/%s.theme", test_source(), buf_text(&name));
        if (theme_load_file(&theme, buf_text(&path), &err) != KV_OK)
            fail_with("%s", err.text);
        if (theme_check(&theme, &out))
            fail_with("%s", buf_text(&out));
        buf_done(&out);
        buf_done(&path);
        buf_clear(&name);
    }
    assert_int_equal(count, 7);
    buf_done(&name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_row),
        cmocka_unit_test(refuses),
        cmocka_unit_test(keeps_what_a_file_lacks),
        cmocka_unit_test(mono_has_no_colour),
        cmocka_unit_test(files_that_come_along),
        cmocka_unit_test(names_are_no_paths),
        cmocka_unit_test(role_names),
        cmocka_unit_test(what_cannot_be_read),
        cmocka_unit_test(all_can_be_read),
    };

    unsetenv("XDG_CONFIG_HOME");
    setenv("HOME", "/nonexistent", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
