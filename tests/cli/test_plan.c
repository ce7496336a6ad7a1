/* kvgov plan and kvgov fix: from a remedy's name to a vault put right, by a
 * person at a terminal or from a file that was reviewed. */
#include "stage.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "terminal.h"

static char *acl(const struct stage *stage)
{
    return cloud_value(
        stage->cloud, VAULT, "properties.networkAcls.defaultAction");
}

static void expect_acl(const struct stage *stage, const char *expected)
{
    char *value = acl(stage);

    assert_string_equal(value, expected);
    mem_free(value);
}

static char *in_home(const struct stage *stage, const char *name)
{
    return temp_path(stage->home, name);
}

static char *hash_of(const char *path)
{
    json_t *file = json_load_file(path, 0, NULL);
    char *hash = mem_copy_text(text_at(file, "hash"));

    if (!hash)
        fail_with("%s has no hash", path);
    json_decref(file);
    return hash;
}

/* ---- looking ---- */

static void test_plan_changes_nothing(void **state)
{
    struct stage *stage = *state;
    long writes = cloud_requests(stage->cloud, "PATCH");

    RUN(stage, "plan", "firewall-on", VAULT);
    expect(stage, 0, "properties.networkAcls.defaultAction");
    assert_contains(buf_text(&stage->ran.out), "1 ready");
    assert_contains(buf_text(&stage->ran.out), "you hold");
    RUN(stage, "plan", "firewall-on", VAULT, "--format", "az");
    expect(stage, 0, "az rest --method patch");
    RUN(stage, "plan", "--list");
    expect(stage, 0, "purge-protection-on");
    assert_int_equal(cloud_requests(stage->cloud, "PATCH"), writes);
    RUN(stage, "journal", "show");
    expect(stage, 0, "The journal is empty");
}

static void test_failing(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "plan", "firewall-on", "--failing");
    expect(stage, 0, "9 ready, 1 blocked");
}

/* ---- from a file ---- */

static void test_file_from_plan_to_undo(void **state)
{
    struct stage *stage = *state;
    char *path = in_home(stage, "plan.json");
    struct stat status;
    char *hash;

    RUN(stage, "plan", "firewall-on", VAULT, "--set", "allow=203.0.113.7",
        "--out", path);
    expect(stage, 0, "1 ready");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    hash = hash_of(path);

    RUN(stage, "fix", "--plan", path, "--confirm", "0123456789abcdef");
    expect(stage, 2, "not the hash");
    RUN(stage, "fix", "--plan", path);
    expect(stage, 2, "nobody is there to confirm");
    expect_acl(stage, "null");
    RUN(stage, "fix", "--plan", path, "--confirm", hash, "--reason", "CHG1");
    expect(stage, 0, "done: verified: NET-2");
    expect_acl(stage, "\"Deny\"");

    RUN(stage, "journal", "show");
    expect(stage, 0, "verified: NET-2");
    RUN(stage, "journal", "show", "--format", "ndjson");
    expect(stage, 0, "\"reason\":\"CHG1\"");
    /* The second time there is nothing left to do. */
    RUN(stage, "fix", "--plan", path, "--confirm", hash);
    expect(stage, 0, "1 nothing to do");
    RUN(stage, "plan", "--undo", "2");
    expect(stage, 0, "still as the change left it");
    mem_free(hash);
    mem_free(path);
}

static void test_drift(void **state)
{
    struct stage *stage = *state;
    char *path = in_home(stage, "drift.json");
    char *hash;

    RUN(stage, "plan", "firewall-on", VAULT, "--out", path);
    expect(stage, 0, "1 ready");
    hash = hash_of(path);
    cloud_patch(stage->cloud, VAULT,
        "{\"properties\":{\"networkAcls\":{\"bypass\":\"None\","
        "\"defaultAction\":\"Allow\",\"ipRules\":[{\"value\":\"198.51.100.9\"}"
        "],\"virtualNetworkRules\":[]}}}");
    RUN(stage, "fix", "--plan", path, "--confirm", hash);
    if (stage->ran.code != 1)
        fail_with("code %d", stage->ran.code);
    assert_contains(buf_text(&stage->ran.out), "changed since the file");
    expect_acl(stage, "\"Allow\"");
    mem_free(hash);
    mem_free(path);
}

static void make_folders(const struct stage *stage)
{
    static const char *const names[] = { ".config", ".config/kvgov" };

    for (size_t i = 0; i < LENGTH(names); i++) {
        char *path = in_home(stage, names[i]);

        assert_int_equal(mkdir(path, 0700), 0);
        mem_free(path);
    }
}

static void test_approval(void **state)
{
    struct stage *stage = *state;
    char *path = in_home(stage, "approve.json");
    char *config = in_home(stage, ".config/kvgov/config.ini");
    struct kv_error err = { 0 };
    char *hash;

    RUN(stage, "plan", "purge-protection-on", VAULT, "--out", path);
    expect(stage, 0, "1 ready");
    hash = hash_of(path);
    make_folders(stage);
    assert_int_equal(file_write_whole(config,
                         view_of("[policy]\nsecond_person = 3\n"), &err),
        KV_OK);
    RUN(stage, "fix", "--plan", path, "--confirm", hash);
    assert_int_equal(stage->ran.code, 1);
    assert_contains(buf_text(&stage->ran.err), "second person");
    RUN(stage, "plan", "approve", path, "--name", "Contoso Audit");
    expect(stage, 0, "approved by Contoso Audit");
    RUN(stage, "fix", "--plan", path, "--confirm", hash);
    expect(stage, 0, "done: verified: PRO-3");
    mem_free(hash);
    mem_free(config);
    mem_free(path);
}

/* ---- a person at a terminal ---- */

static struct terminal *open_fix(struct stage *stage, const char *remedy)
{
    struct buf home = { .limit = 4096 };
    const char **environment;
    struct terminal *terminal;

    buf_putf(&home, "HOME=%s", stage->home);
    environment = cloud_environment(stage->cloud,
        (const char *const[]){ buf_text(&home), NULL });
    terminal = terminal_open(&(struct terminal_options){
        .argv = (const char *const[]){ test_setting("KVGOV"), "fix", remedy,
            VAULT, NULL },
        .environment = environment,
        .rows = 60,
        .columns = 120,
    });
    mem_free(environment);
    buf_done(&home);
    return terminal;
}

static void test_person(void **state)
{
    struct stage *stage = *state;
    struct terminal *terminal = open_fix(stage, "firewall-on");

    terminal_expect(terminal, "to apply it, anything else");
    terminal_keys(terminal, "y<Enter>");
    terminal_expect(terminal, "Not confirmed");
    assert_int_equal(WEXITSTATUS(terminal_expect_exit(terminal)), 1);
    terminal_close(terminal);
    expect_acl(stage, "null");

    terminal = open_fix(stage, "firewall-on");
    terminal_expect(terminal, "to apply it, anything else");
    terminal_keys(terminal, VAULT "<Enter>");
    terminal_expect(terminal, "1 done");
    assert_int_equal(WEXITSTATUS(terminal_expect_exit(terminal)), 0);
    terminal_close(terminal);
    expect_acl(stage, "\"Deny\"");
}

/* ---- wrong input ---- */

static const struct {
    const char *words[WORDS];
    int code;
    const char *says;
} refusals[] = {
    { { "plan" }, 2, "kvgov plan --list" },
    { { "plan", "make-coffee", VAULT }, 2, "no remedy \"make-coffee\"" },
    { { "plan", "firewall-on" }, 2, "no resource was chosen" },
    { { "plan", "firewall-on", "kv-nowhere" }, 2, "kv-nowhere" },
    { { "plan", "firewall-on", VAULT, "--set", "allow=none" }, 2, "none" },
    { { "plan", "firewall-on", VAULT, "--set", "colour=red" }, 2, "colour" },
    { { "plan", "firewall-on", VAULT, "--row", "NET-0" }, 2, "NET-0" },
    { { "plan", "soft-delete-on", "hsm-lab-weu" }, 2, "hsm-lab-weu" },
    { { "plan", "firewall-on", VAULT, "--out", "/nowhere/plan.json" }, 2,
        "/nowhere/plan.json" },
    { { "plan", "--undo", "x" }, 2, "--undo cannot be \"x\"" },
    { { "plan", "--undo", "999" }, 2, "no entry 999" },
    { { "plan", "approve", "/nowhere" }, 2, "who you are" },
    { { "plan", "approve", "/nowhere", "--name", "Contoso Audit" }, 2,
        "/nowhere" },
    { { "fix", "firewall-on", VAULT }, 2, "nobody is there" },
    { { "fix", "firewall-on", VAULT, "--confirm", "x" }, 2,
        "--confirm cannot be \"x\"" },
    { { "fix", "--plan", "/nowhere", "--confirm", "0123456789ab" }, 2,
        "/nowhere" },
};

static void test_refusals(void **state)
{
    struct stage *stage = *state;
    long writes = cloud_requests(stage->cloud, "PATCH");

    for (size_t i = 0; i < LENGTH(refusals); i++) {
        run(stage, refusals[i].words);
        print_message("  %s\n", refusals[i].says);
        expect(stage, refusals[i].code, refusals[i].says);
    }
    assert_int_equal(cloud_requests(stage->cloud, "PATCH"), writes);
}

#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plan_changes_nothing),
        TEST(test_failing),
        TEST(test_file_from_plan_to_undo),
        TEST(test_drift),
        TEST(test_approval),
        TEST(test_person),
        TEST(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
