/* A run over many vaults, killed at any moment, again and again: the journal
 * has an intent for every change, the next start settles what was in doubt, the
 * run goes on where it stopped, and nothing is done twice.
 * KVGOV_KILLS and KVGOV_KILL_VAULTS make it longer. */
#include "stage.h"

#include <stdlib.h>

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
    program_run(&stage->ran,
        &(struct program_options){
            .argv = argv, .environment = environment, .limit_ms = limit_ms });
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

/* ---- one estate, until all of it is closed ---- */

struct closing {
    struct stage *stage;
    size_t closed_before;
    char *path; /* of the plan */
    char *hash;
};

static void closing_open(struct closing *one)
{
    void *state;

    (void)set_up_many(&state);
    one->stage = state;
    one->closed_before = count_closed(one->stage);
    one->path = temp_path(one->stage->home, "plan.json");
    RUN(one->stage, "plan", "firewall-on", "--failing", "--out", one->path);
    expect(one->stage, 0, " ready");
    one->hash = hash_of(one->path);
}

/* False when it came to its end before that. */
static bool closing_kill(struct closing *one, int limit_ms)
{
    bool killed;

    run_for(one->stage,
        (const char *const[WORDS]){
            "fix", "--plan", one->path, "--confirm", one->hash },
        limit_ms);
    killed = one->stage->ran.timed_out;
    expect_sound(one->stage, one->closed_before);
    return killed;
}

/* To its end, which nothing is in doubt after, and nothing was done twice. */
static void closing_end(struct closing *one)
{
    void *state = one->stage;

    RUN(one->stage, "fix", "--plan", one->path, "--confirm", one->hash);
    expect(one->stage, 0, "");
    assert_int_equal(count_lines(one->stage, "\"result\":\"in doubt\""), 0);
    assert_int_equal(cloud_requests(one->stage->cloud, "PATCH"),
        count_closed(one->stage) - one->closed_before);
    mem_free(one->hash);
    mem_free(one->path);
    (void)tear_down(&state);
}

/* Of a run that nobody disturbs. */
static int time_of_one_ms(void)
{
    struct closing one;
    int64_t started_ms;
    int time_ms;

    closing_open(&one);
    started_ms = clock_steady_ms();
    RUN(one.stage, "fix", "--plan", one.path, "--confirm", one.hash);
    time_ms = (int)(clock_steady_ms() - started_ms);
    expect(one.stage, 0, "");
    assert_true(count_closed(one.stage) > one.closed_before + 10);
    closing_end(&one);
    return time_ms;
}

/* Mostly in the second half: the first goes by with signing in and reading. */
static int moment_ms(int time_ms)
{
    long half_ms = time_ms / 2;

    return (int)(random() % 4 == 0 ? random() % half_ms
                                   : half_ms + random() % half_ms) +
           1;
}

static void test_killed_again_and_again(void **state)
{
    unsigned long kills = setting_of("KVGOV_KILLS", 8);
    int time_ms = time_of_one_ms();
    unsigned long killed = 0;
    unsigned long within = 0;

    (void)state;
    while (killed < kills) {
        struct closing one;
        bool ended = false;

        closing_open(&one);
        while (!ended && killed < kills) {
            size_t closed = count_closed(one.stage);

            ended = !closing_kill(&one, moment_ms(time_ms));
            killed += !ended;
            within += !ended && count_closed(one.stage) > closed;
        }
        closing_end(&one);
    }
    print_message(
        "  killed %lu times, %lu of them amid its changes\n", killed, within);
    assert_true(within > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_again_and_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
