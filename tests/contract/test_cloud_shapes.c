/* The simulated cloud answers in the shape of Microsoft's examples and of what
 * was recorded: for every operation that it serves, the members and JSON types
 * of its answer are those of the example, but for the exceptions in one table,
 * each with its reason; and resources are as their type says. */
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"
#include "cloud_shapes.h"
#include "temp.h"
#include "type_findings.h"

static const struct cloud_shapes *const areas[] = { &shapes_resources,
    &shapes_authorization, &shapes_policy, &shapes_monitoring, &shapes_network,
    &shapes_keyvault, &shapes_objects, &shapes_hsm, &shapes_graph,
    &shapes_recorded };

#define EXCEPTION_LIMIT 128

struct stage {
    struct owner *owner;
    struct types *types;
    struct places *places;
    struct type_findings findings;
    json_t *answers; /* so far, the newest last */
    bool used[EXCEPTION_LIMIT];
    struct buf problems;
};

static int start(void **state)
{
    struct stage *stage = mem_alloc(sizeof *stage);

    *stage = (struct stage){ .problems = { .limit = 1u << 20 } };
    stage->owner = owner_open();
    stage->types = types_open_all();
    type_findings_init(&stage->findings, stage->types);
    stage->places = places_open();
    stage->answers = json_array();
    *state = stage;
    return 0;
}

static int stop(void **state)
{
    struct stage *stage = *state;

    owner_close(stage->owner);
    type_findings_done(&stage->findings);
    types_close(stage->types);
    places_close(stage->places);
    json_decref(stage->answers);
    buf_done(&stage->problems);
    mem_free(stage);
    return 0;
}

/* ---- asking ---- */

/* The text at a dotted path, in which a number is a place in a list. */
static const char *value_at(const json_t *value, struct view path)
{
    while (value && path.size > 0) {
        char *name = mem_copy_view(view_cut(&path, '.'));

        value = json_is_array(value)
                    ? json_array_get(value, (size_t)strtoul(name, NULL, 10))
                    : json_object_get(value, name);
        mem_free(name);
    }
    return json_string_value(value);
}

/* What the newest answer that has the path has there; of a path that ends in
 * a slash what is behind the last one of the value. */
static const char *answered(const struct stage *stage, struct view path)
{
    bool end = path.size > 0 && path.data[path.size - 1] == '/';
    const char *value = NULL;

    for (size_t i = json_array_size(stage->answers); i > 0 && !value; i--)
        value = value_at(json_array_get(stage->answers, i - 1),
            (struct view){ path.data, path.size - end });
    if (value && end && strrchr(value, '/'))
        value = strrchr(value, '/') + 1;
    return value;
}

/* <path> stands for what an answer before had there. */
static char *fill_in(const struct stage *stage, const char *text)
{
    struct buf out = { .limit = 1u << 20 };
    struct view rest = view_of(text);

    while (rest.size > 0) {
        struct view plain = view_cut(&rest, '<');
        struct view path;

        buf_put(&out, plain);
        if (rest.size == 0)
            break;
        path = view_cut(&rest, '>');
        const char *value = answered(stage, path);
        if (!value)
            fail_with("%s: no answer before has %.*s", text, (int)path.size,
                path.data);
        buf_puts(&out, value);
    }
    char *filled = mem_copy_text(buf_text(&out));
    buf_done(&out);
    return filled;
}

static struct answer ask(
    const struct stage *stage, const struct cloud_shape *row)
{
    struct buf path = { .limit = 4096 };
    char *version = shape_version(row);
    char *bare = fill_in(stage, row->path);
    char *sent = shape_body(row);
    bool own = sent && strcmp(row->body, EXAMPLE_BODY) != 0;
    char *body = own ? fill_in(stage, sent) : sent;

    buf_puts(&path, bare);
    if (*version && !strstr(bare, "api-version="))
        buf_putf(
            &path, "%capi-version=%s", strchr(bare, '?') ? '&' : '?', version);
    struct answer answer = owner_send(stage->owner, &(struct owner_ask){
                                                        .plane = row->plane,
                                                        .vault = row->vault,
                                                        .method = row->method,
                                                        .path = buf_text(&path),
                                                        .body = body,
                                                    });
    if (own)
        mem_free(body);
    mem_free(sent);
    mem_free(bare);
    mem_free(version);
    buf_done(&path);
    return answer;
}

static void report_status(struct stage *stage, const struct cloud_shape *row,
    const struct answer *answer)
{
    char *text = json_dumps(answer->body, JSON_ENCODE_ANY);

    buf_putf(&stage->problems, "%s: %s %s: status %d %s\n", row->example,
        row->method, row->path, answer->status, text ? text : "");
    free(text);
}

static void compare(struct stage *stage, const struct cloud_shape *row,
    const json_t *example, const json_t *answer)
{
    char *provider = shape_provider(row);
    struct shape_check check = {
        .name = row->example,
        .exceptions = cloud_shape_exceptions,
        .exception_count = cloud_shape_exception_count,
        .used = stage->used,
        .types = stage->types,
        .places = stage->places,
        .provider = provider,
        .problems = &stage->problems,
    };

    shape_compare(&check, example, answer);
    mem_free(provider);
}

/* Every resource in the answer is as its type says; the general list of a
 * subscription's resources gives them without properties. */
static void check_types(struct stage *stage, const json_t *answer)
{
    size_t index;
    json_t *object;

    type_findings_check(&stage->findings, answer);
    json_array_foreach(json_object_get(answer, "value"), index, object)
    {
        if (json_object_get(object, "properties"))
            type_findings_check(&stage->findings, object);
    }
}

static void check_row(struct stage *stage, const struct cloud_shape *row)
{
    json_t *example = shape_answer(row);
    struct answer answer = ask(stage, row);
    int expected = shape_status(row);
    bool good = expected ? answer.status == expected : answer.status / 100 == 2;

    if (!good || (example && !answer.body))
        report_status(stage, row, &answer);
    else if (example)
        compare(stage, row, example, answer.body);
    if (good && row->plane == PLANE_ARM)
        check_types(stage, answer.body);
    json_decref(example);
    json_array_append(stage->answers, answer.body ? answer.body : json_null());
    answer_done(&answer);
}

/* ---- what is left out ---- */

static bool excused(const struct shape_excuse *excuses, size_t count,
    const char *name, bool *used)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(name, excuses[i].start, strlen(excuses[i].start)) != 0)
            continue;
        used[i] = true;
        return true;
    }
    return false;
}

static void report_unused(struct stage *stage,
    const struct shape_excuse *excuses, size_t count, const bool *used)
{
    for (size_t i = 0; i < count; i++)
        if (!used[i])
            buf_putf(&stage->problems, "nothing needs the excuse '%s'\n",
                excuses[i].start);
}

/* A route that no row went to is compared with nothing. */
static void check_routes(struct stage *stage)
{
    json_t *visits = web_get(stage->owner->cloud->origin, "/_cloud/routes");
    bool used[EXCEPTION_LIMIT] = { 0 };
    const char *name;
    json_t *count;

    json_object_foreach(visits, name, count)
    {
        if (json_integer_value(count) == 0 &&
            !excused(shape_route_excuses, shape_route_excuse_count, name, used))
            buf_putf(&stage->problems, "no row asks for %s\n", name);
    }
    json_decref(visits);
    report_unused(stage, shape_route_excuses, shape_route_excuse_count, used);
}

/* By its whole name, or as one of the answers of a recording. */
static bool example_used(const char *name)
{
    size_t size = strlen(name);

    for (size_t i = 0; i < LENGTH(areas); i++)
        for (size_t j = 0; j < areas[i]->count; j++) {
            const char *example = areas[i]->rows[j].example;

            if (strncmp(example, name, size) == 0 &&
                (example[size] == '\0' || example[size] == '#'))
                return true;
        }
    return false;
}

static void check_folder(
    struct stage *stage, const char *root, const char *folder, bool *used)
{
    char *path = temp_path(root, folder);
    DIR *entries = opendir(path);
    struct dirent *entry;

    while (entries && (entry = readdir(entries)) != NULL) {
        struct buf name = { .limit = 512 };
        const char *end = strstr(entry->d_name, ".json");

        buf_putf(&name, "%s/%.*s", folder, (int)(end ? end - entry->d_name : 0),
            entry->d_name);
        if (end && !example_used(buf_text(&name)) &&
            !excused(shape_example_excuses, shape_example_excuse_count,
                buf_text(&name), used))
            buf_putf(&stage->problems, "no row uses %s\n", buf_text(&name));
        buf_done(&name);
    }
    if (entries)
        (void)closedir(entries);
    mem_free(path);
}

static void check_examples(struct stage *stage)
{
    bool used[EXCEPTION_LIMIT] = { 0 };
    char *azure = temp_path(test_shared(), "azure");
    char *root = temp_path(azure, "examples");
    DIR *folders = opendir(root);
    struct dirent *folder;

    if (!folders)
        fail_with("%s cannot be read", root);
    while ((folder = readdir(folders)) != NULL)
        if (folder->d_name[0] != '.')
            check_folder(stage, root, folder->d_name, used);
    (void)closedir(folders);
    check_folder(stage, azure, "recorded", used);
    mem_free(root);
    mem_free(azure);
    report_unused(
        stage, shape_example_excuses, shape_example_excuse_count, used);
}

static void check_exceptions(struct stage *stage)
{
    for (size_t i = 0; i < cloud_shape_exception_count; i++)
        if (!stage->used[i])
            buf_putf(&stage->problems, "nothing needs the exception %s %s\n",
                cloud_shape_exceptions[i].name, cloud_shape_exceptions[i].path);
}

static void test_shapes(void **state)
{
    struct stage *stage = *state;

    assert_true(cloud_shape_exception_count <= EXCEPTION_LIMIT);
    for (size_t i = 0; i < LENGTH(areas); i++)
        for (size_t j = 0; j < areas[i]->count; j++)
            check_row(stage, &areas[i]->rows[j]);
    type_findings_put(&stage->findings, &stage->problems);
    check_routes(stage);
    check_examples(stage);
    check_exceptions(stage);
    if (stage->problems.size > 0)
        fail_with(
            "the cloud's answers differ:\n%s", buf_text(&stage->problems));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shapes, start, stop),
    };

    return cmocka_run_group_tests_name("cloud shapes", tests, NULL, NULL);
}
