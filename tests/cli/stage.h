/* The program, run again and again in one home against a cloud of the test's
 * own. */
#ifndef CLI_STAGE_H
#define CLI_STAGE_H

#include "test.h"

#include <jansson.h>
#include <string.h>

#include "base.h"
#include "kvgov_cloud.h"
#include "program.h"
#include "temp.h"

#define WORDS 12
#define VAULT "kv-pay-prod-weu"

/* The program, run again and again in one home. */
struct stage {
    struct cloud *cloud;
    char *home;
    struct program ran;
};

__attribute__((unused)) static int set_up(void **state)
{
    struct stage *stage = mem_alloc(sizeof *stage);

    stage->cloud = cloud_start(NULL);
    stage->home = temp_new();
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;

    program_done(&stage->ran);
    cloud_stop(stage->cloud);
    temp_done(stage->home);
    mem_free(stage);
    return 0;
}

/* Ends what ran before. */
static void run(struct stage *stage, const char *const words[WORDS])
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
        &(struct program_options){ .argv = argv, .environment = environment });
    mem_free(environment);
    buf_done(&home);
}
#define RUN(stage, ...) run((stage), (const char *const[WORDS]){ __VA_ARGS__ })

static inline void expect(const struct stage *stage, int code, const char *part)
{
    const struct program *ran = &stage->ran;

    if (ran->code != code || ran->timed_out)
        fail_with("code %d, expected %d\n%s%s", ran->code, code,
            buf_text(&ran->out), buf_text(&ran->err));
    assert_contains(
        code == 0 ? buf_text(&ran->out) : buf_text(&ran->err), part);
}

/* The finding of a row on the vault, borrowed from the report. */
static inline const json_t *finding_of(const json_t *report, const char *row)
{
    const json_t *findings = json_object_get(report, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *one = json_array_get(findings, i);
        const char *id = json_string_value(json_object_get(one, "subject"));

        if (strcmp(json_string_value(json_object_get(one, "recommendation")),
                row) == 0 &&
            strstr(id, VAULT))
            return one;
    }
    fail_with("no finding of %s on " VAULT, row);
}

static inline json_t *scan(struct stage *stage)
{
    json_t *report;

    RUN(stage, "scan", "--format", "json");
    report = json_loads(buf_text(&stage->ran.out), 0, NULL);
    assert_non_null(report);
    return report;
}

static inline const char *text_at(const json_t *object, const char *path)
{
    return json_string_value(json_path(object, path));
}

#endif
