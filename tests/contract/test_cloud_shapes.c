/* The simulated cloud answers in the shape of Microsoft's examples: for every
 * operation the members and JSON types of its answer are those of the example,
 * but for the exceptions in one table, each with its reason. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"
#include "cloud_shapes.h"
#include "temp.h"

static int start(void **state)
{
    *state = owner_open();
    return 0;
}

static int stop(void **state)
{
    owner_close(*state);
    return 0;
}

/* The body of the example's first answer that has one; json_decref(). */
static json_t *example_body(const char *name)
{
    char *folder = temp_path(test_shared(), "azure/examples");
    char *path = temp_path(folder, name);
    json_t *file = json_load_file(path, 0, NULL);
    json_t *body = NULL;
    const char *status;
    json_t *answer;

    if (!file)
        fail_with("%s cannot be read", path);
    json_object_foreach(json_object_get(file, "responses"), status,
        answer) if (!body) body = json_incref(json_object_get(answer, "body"));
    json_decref(file);
    mem_free(path);
    mem_free(folder);
    if (!body)
        fail_with("%s has no answer with a body", name);
    return body;
}

static void check_row(const struct owner *owner, const struct cloud_shape *row,
    struct buf *problems)
{
    struct buf path = { .limit = 4096 };

    buf_putf(&path, "%s?api-version=%s", row->path, row->version);
    struct answer answer = owner_send(owner, &(struct owner_ask){
                                                 .plane = row->plane,
                                                 .vault = row->vault,
                                                 .method = row->method,
                                                 .path = buf_text(&path),
                                                 .body = row->body,
                                             });
    if (answer.status / 100 != 2 || !answer.body) {
        char *text = json_dumps(answer.body, JSON_ENCODE_ANY);

        buf_putf(problems, "%s %s: status %d %s\n", row->method,
            buf_text(&path), answer.status, text ? text : "");
        free(text);
    } else {
        json_t *example = example_body(row->example);
        struct shape_check check = {
            .name = row->example,
            .exceptions = cloud_shape_exceptions,
            .exception_count = cloud_shape_exception_count,
            .problems = problems,
        };

        shape_compare(&check, example, answer.body);
        json_decref(example);
    }
    answer_done(&answer);
    buf_done(&path);
}

static void test_shapes(void **state)
{
    struct buf problems = { .limit = 1u << 20 };

    for (size_t i = 0; i < cloud_shape_count; i++)
        check_row(*state, &cloud_shapes[i], &problems);
    if (buf_text(&problems)[0])
        fail_with("the cloud's answers differ:\n%s", buf_text(&problems));
    buf_done(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shapes, start, stop),
    };

    return cmocka_run_group_tests_name("cloud shapes", tests, NULL, NULL);
}
