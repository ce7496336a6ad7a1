/* A run over many vaults, killed at any moment, again and again: the journal
 * has an intent for every change, the next start settles what was in doubt, the
 * run goes on where it stopped, and nothing is done twice.
 * KVGOV_KILLS and KVGOV_KILL_VAULTS make it longer. */
#include "stage.h"

#include <stdlib.h>

#define LONGEST_MS 6000

static unsigned long setting_of(const char *name, unsigned long standard)
{
    const char *text = getenv(name);

    return text && *text ? strtoul(text, NULL, 10) : standard;
}

static int set_up_many(void **state)
{
    struct stage *stage = mem_alloc(sizeof *stage);
    struct buf spec = { .limit = 128 };

    buf_putf(&spec, "vaults=%lu,subscriptions=2,seed=7",
        setting_of("KVGOV_KILL_VAULTS", 60));
    stage->cloud = cloud_start(
        (const char *const[]){ "--generate", buf_text(&spec), NULL });
    stage->home = temp_new();
    *state = stage;
    buf_done(&spec);
    return 0;
}

static void run_for(
    struct stage *stage, const char *const words[WORDS], int limit_ms)
{
    const char *argv[WORDS + 2] = { test_setting("KVGOV") };
    struct buf home = { .limit = 4096 };
    const char **environment;

    program_done(&stage->ran);
    buf_putf(&home, "HOME=%s", stage->home);
    environment = cloud_environment(
        stage->cloud, (const char *const[]){ buf_text(&home), NULL });
    for (size_t i = 0; i < WORDS && words[i]; i++)
        argv[i + 1] = words[i];
    program_run(&stage->ran, &(struct program_options){ .argv = argv,
                                 .environment = environment,
                                 .limit_ms = limit_ms });
    mem_free(environment);
    buf_done(&home);
}

static bool is_closed(const json_t *resource)
{
    const char *action = json_string_value(
        json_path(resource, "properties.networkAcls.defaultAction"));

    return text_equal_nocase(action, "Deny");
}

static size_t count_closed(const struct stage *stage)
{
    json_t *state = cloud_state(stage->cloud);
    json_t *resources = json_object_get(state, "resources");
    size_t count = 0;
    size_t index;
    json_t *resource;

    json_array_foreach(resources, index, resource)
    {
        count += is_closed(resource);
    }
    json_decref(state);
    return count;
}

/* Lines of the journal with that text. */
static size_t count_lines(struct stage *stage, const char *part)
{
    struct view rest;
    size_t count = 0;

    RUN(stage, "journal", "show", "--format", "ndjson");
    assert_int_equal(stage->ran.code, 0);
    rest = buf_view(&stage->ran.out);
    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        char *copy = mem_copy_view(line);

        count += strstr(copy, part) != NULL;
        mem_free(copy);
    }
    return count;
}

static char *hash_of(const char *path)
{
    json_t *file = json_load_file(path, 0, NULL);
    char *hash = mem_copy_text(text_at(file, "hash"));

    assert_non_null(hash);
    json_decref(file);
    return hash;
}

static void expect_sound(struct stage *stage, size_t closed_before)
{
    size_t changed = count_closed(stage) - closed_before;

    RUN(stage, "journal", "verify");
    expect(stage, 0, "chain intact");
    assert_in_range(
        changed, 0, count_lines(stage, "\"remedy\":\"firewall-on\""));
}

static void test_killed_again_and_again(void **state)
{
    struct stage *stage = *state;
    unsigned long kills = setting_of("KVGOV_KILLS", 8);
    size_t closed = count_closed(stage);
    char *path = temp_path(stage->home, "plan.json");
    unsigned long killed = 0;
    char *hash;

    RUN(stage, "plan", "firewall-on", "--failing", "--out", path);
    expect(stage, 0, " ready");
    hash = hash_of(path);
    while (killed < kills) {
        int limit_ms = 200 + (int)(random() % LONGEST_MS);

        run_for(stage,
            (const char *const[WORDS]){
                "fix", "--plan", path, "--confirm", hash },
            limit_ms);
        if (!stage->ran.timed_out)
            break;
        killed++;
        expect_sound(stage, closed);
    }
    print_message("  killed %lu times\n", killed);
    RUN(stage, "fix", "--plan", path, "--confirm", hash);
    expect(stage, 0, "");
    assert_int_equal(count_lines(stage, "\"result\":\"in doubt\""), 0);
    /* Every change once: what was done before a kill was not done again. */
    assert_int_equal(cloud_requests(stage->cloud, "PATCH"),
        count_closed(stage) - closed);
    mem_free(hash);
    mem_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_killed_again_and_again, set_up_many, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
