/* Configuration files: what is taken, what is complained of and where, and whose
 * value holds. */
#include "kvgov/config.h"

#include <stdio.h>
#include <string.h>

#include "base.h"
#include "temp.h"
#include "test.h"

/* Both files in a folder of their own; NULL: there is none. */
struct files {
    char *dir;
    char user[512];
    char site[512];
    struct kv_config *config;
};

static void files_load(struct files *files, const char *user, const char *site)
{
    files->dir = temp_new();
    snprintf(files->user, sizeof files->user, "%s/user.ini", files->dir);
    snprintf(files->site, sizeof files->site, "%s/site.ini", files->dir);
    if (user)
        test_write_file(files->user, user);
    if (site)
        test_write_file(files->site, site);
    files->config = kv_config_load(&(struct kv_config_options){
        .user_file = files->user, .site_file = files->site });
}

static void files_done(struct files *files)
{
    kv_config_free(files->config);
    temp_done(files->dir);
}

static void put_problems(const struct files *files, struct buf *out)
{
    for (size_t i = 0; i < kv_config_problem_count(files->config); i++)
        buf_putf(out, "%s\n", kv_config_problem(files->config, i).text);
}

struct config_case {
    const char *name;
    const char *user;
    const char *site;
    const char *setting;
    const char *value;
    const char *from;    /* end of the origin */
    const char *problem; /* part of one; NULL: there is none */
};

static const struct config_case cases[] = {
    { "no file", NULL, NULL, "retention_days", "90", "default", NULL },
    { "empty", "", "", "retention_days", "90", "default", NULL },
    { "a user's value", "[policy]\n\nretention_days = 30\n", NULL,
        "retention_days", "30", "/user.ini:3", NULL },
    { "without a section", "retention_days=30", NULL, "retention_days", "30",
        "/user.ini:1", NULL },
    { "a comment behind", "# why\nretention_days = 30 ; shorter\n", NULL,
        "retention_days", "30", "/user.ini:2", NULL },
    { "a site's value", NULL, "[policy]\nmax_privileged = 2\n",
        "max_privileged", "2", "/site.ini:2", NULL },
    { "a user may be stricter", "max_privileged = 1\n", "max_privileged = 2\n",
        "max_privileged", "1", "/user.ini:1", NULL },
    { "a user may not be looser", "max_privileged = 9\n",
        "max_privileged = 2\n", "max_privileged", "2", "/site.ini:1",
        "user.ini:1: max_privileged = 9 asks for less than the site does; 2 "
        "of " },
    { "higher may be stricter", "rsa_bits = 2048\n", "rsa_bits = 3072\n",
        "rsa_bits", "3072", "/site.ini:1", "asks for less" },
    { "a site's list holds", "required_tags = owner\n",
        "required_tags = cost\n", "required_tags", "cost", "/site.ini:1",
        "is not what the site set" },
    { "an equal list is fine", "required_tags = owner\n",
        "required_tags = owner\n", "required_tags", "owner", "/user.ini:1",
        NULL },
    { "a user may not allow writes", "read_only = no\n",
        "[console]\nread_only = yes\n", "read_only", "yes", "/site.ini:2",
        "asks for less" },
    { "a bad value", "\nretention_days = soon\n", NULL, "retention_days", "90",
        "default",
        "user.ini:2: retention_days cannot be \"soon\": it takes a number "
        "from 7 to 90" },
    { "a bad value beside a site's", "retention_days = 1000\n",
        "retention_days = 60\n", "retention_days", "60", "/site.ini:1",
        "user.ini:1: retention_days" },
    { "an unknown name", "[policy]\nretention_dais = 30\n", NULL,
        "retention_days", "90", "default",
        "user.ini:2: there is no setting \"retention_dais\" (did you mean "
        "\"retention_days\"?); it is left out" },
    { "a name like no other", "colour_of_sky = blue\n", NULL, "retention_days",
        "90", "default", "no setting \"colour_of_sky\"; it is left out" },
    { "an unknown section", "[nonsense]\nretention_days = 30\n", NULL,
        "retention_days", "90", "default",
        "user.ini:2: there is no section [nonsense]" },
    { "neither one nor the other", "retention_days\nmax_privileged = 1\n", NULL,
        "max_privileged", "1", "/user.ini:2", "user.ini:1: this is neither" },
    { "set twice", "retention_days = 30\nretention_days = 40\n", NULL,
        "retention_days", "40", "/user.ini:2",
        "user.ini:2: retention_days is set again" },
    { "a list over lines", "break_glass = a,\n  b,\n\tc\nmax_privileged = 1\n",
        NULL, "break_glass", "a,b,c", "/user.ini:1", NULL },
    { "what goes on of an unknown name", "brake_glas = a,\n  b\n", NULL,
        "break_glass", "", "default", "user.ini:1: there is no setting" },
    { "indented as a whole", "[policy]\n  max_privileged = 1\n", NULL,
        "max_privileged", "1", "/user.ini:2", NULL },
    { "a file of another kind",
        "\x7f"
        "ELF\x01\x02\n",
        NULL, "retention_days", "90", "default", "neither a [section]" },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        const struct config_case *row = &cases[i];
        const struct kv_setting *setting = kv_setting_find(row->setting);
        struct buf value = { .limit = 4096 };
        struct buf from = { .limit = 4096 };
        struct buf problems = { .limit = 65536 };
        struct files files;

        files_load(&files, row->user, row->site);
        kv_setting_put(setting, kv_config_policy(files.config), &value);
        kv_config_put_origin(files.config, setting, &from);
        put_problems(&files, &problems);
        if (strcmp(buf_text(&value), row->value) != 0)
            fail_with(
                "%s: %s is '%s'", row->name, row->setting, buf_text(&value));
        if (!strstr(buf_text(&from), row->from))
            fail_with("%s: from %s", row->name, buf_text(&from));
        if (row->problem ? !strstr(buf_text(&problems), row->problem)
                         : problems.size > 0)
            fail_with("%s: said '%s'", row->name, buf_text(&problems));
        if (row->problem && kv_config_problem_count(files.config) != 1)
            fail_with("%s: said '%s'", row->name, buf_text(&problems));
        buf_done(&value);
        buf_done(&from);
        buf_done(&problems);
        files_done(&files);
    }
}

/* What is printed is a file that says the same without a complaint. */
static void test_print_reads_back(void **state)
{
    struct buf first = { .limit = 1 << 20 };
    struct buf user = { .limit = 1 << 20 };
    struct files files;
    struct files again;

    (void)state;
    buf_puts(&user, "defender_plan = PerTransaction\nmultitenant = yes\n"
                    "forbidden_ranges = 10.0.0.0/8\nallowed_principals = x\n");
    for (unsigned i = 0; i < 40; i++)
        buf_putf(&user, "  11111111-0000-0000-0000-%012u,\n", i);
    files_load(&files, buf_text(&user), NULL);
    assert_int_equal(
        kv_config_policy(files.config)->allowed_principals.count, 41);
    kv_config_print(files.config, &first);
    files_load(&again, buf_text(&first), NULL);
    assert_int_equal(kv_config_problem_count(again.config), 0);
    for (size_t i = 0; i < kv_settings_count; i++)
        if (!kv_setting_equal(&kv_settings[i], kv_config_policy(files.config),
                kv_config_policy(again.config)))
            fail_with("%s came back different", kv_settings[i].name);
    buf_done(&first);
    buf_done(&user);
    files_done(&files);
    files_done(&again);
}

/* A line that does not fit takes its value with it, and says how to write
 * it. */
static void test_long_line(void **state)
{
    struct buf user = { .limit = 1 << 20 };
    struct buf problems = { .limit = 65536 };
    struct files files;

    (void)state;
    buf_puts(&user, "max_privileged = 1\nallowed_principals = ");
    for (unsigned i = 0; i < 300; i++)
        buf_puts(&user, "0123456789,");
    buf_puts(&user, "\n  more\nretention_days = 30\n");
    files_load(&files, buf_text(&user), NULL);
    put_problems(&files, &problems);
    assert_contains(buf_text(&problems), "user.ini:2: the line is longer");
    assert_int_equal(
        kv_config_policy(files.config)->allowed_principals.count, 0);
    assert_int_equal(kv_config_policy(files.config)->max_privileged, 1);
    assert_int_equal(kv_config_policy(files.config)->retention_days, 30);
    buf_done(&user);
    buf_done(&problems);
    files_done(&files);
}

/* Strangers' text in a complaint can do nothing to a terminal. */
static void test_hostile(void **state)
{
    struct buf problems = { .limit = 65536 };
    struct files files;

    (void)state;
    files_load(&files, "\x1b[2Jname = \x1b]0;x\nrsa_bits = \x1b[31m\n", NULL);
    put_problems(&files, &problems);
    assert_null(strchr(buf_text(&problems), '\x1b'));
    assert_contains(buf_text(&problems), "<U+001B>");
    buf_done(&problems);
    files_done(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_print_reads_back),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_hostile),
    };

    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
