/* The simulated cloud answers in the shape of Microsoft's examples: for every
 * operation the members and JSON types of its answer are those of the example,
 * but for the exceptions in one table, each with its reason. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_ask.h"
#include "cloud_shapes.h"
#include "temp.h"

#define AUTH "/providers/Microsoft.Authorization/"

static const struct {
    const char *audience;
    const char *host;
} planes[] = {
    [PLANE_ARM] = { "https://management.azure.com", NULL },
    [PLANE_VAULT] = { "https://vault.azure.net",
        "kv-pay-core-weu.vault.localhost" },
    [PLANE_HSM] = { "https://managedhsm.azure.net",
        "hsm-pay-prod-weu.managedhsm.localhost" },
};

/* ---- an estate in which the client may do everything ---- */

static void grant(json_t *estate, const char *scope, const char *role)
{
    const char *principal = json_string_value(json_object_get(
        json_array_get(json_object_get(estate, "clients"), 0), "principalId"));
    char id[300];

    (void)snprintf(id, sizeof id, "%s" AUTH "roleAssignments/%s", scope, role);
    json_array_append_new(json_object_get(estate, "roleAssignments"),
        json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "id", id, "name",
            role, "type", "Microsoft.Authorization/roleAssignments",
            "properties", "roleDefinitionId", role, "principalId", principal,
            "principalType", "ServicePrincipal", "scope", scope));
}

static void grant_local(json_t *estate, const char *role)
{
    json_t *hsm = json_object_get(
        json_object_get(estate, "dataPlane"), "hsm-pay-prod-weu");
    json_t *own = json_array_get(json_object_get(hsm, "roleAssignments"), 3);

    json_array_append_new(json_object_get(hsm, "roleAssignments"),
        json_pack("{s:s, s:s, s:s, s:O}", "name", role, "scope", "/", "role",
            role, "principalId", json_object_get(own, "principalId")));
}

struct fixture {
    struct cloud *cloud;
    char *folder;
    char *bearers[LENGTH(planes)];
};

static char *estate_write(const char *folder)
{
    char *from = temp_path(test_source(), "tests/cloud/estates/contoso.json");
    char *to = temp_path(folder, "estate.json");
    json_t *estate = json_load_file(from, 0, NULL);
    size_t index;
    json_t *subscription;

    assert_non_null(estate);
    json_array_foreach(
        json_object_get(estate, "subscriptions"), index, subscription)
    {
        const char *id = json_string_value(json_object_get(subscription, "id"));

        grant(estate, id, "8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
        grant(estate, id, "00482a5a-887f-4fb3-b363-3b7fe8e74483");
    }
    grant_local(estate, "a290e904-7015-4bba-90c8-60543313cdb4");
    assert_int_equal(json_dump_file(estate, to, 0), 0);
    json_decref(estate);
    mem_free(from);
    return to;
}

static int start(void **state)
{
    struct fixture *fixture = mem_alloc(sizeof *fixture);

    *fixture = (struct fixture){ .folder = temp_new() };
    char *path = estate_write(fixture->folder);
    fixture->cloud =
        cloud_start((const char *const[]){ "--estate", path, NULL });
    for (size_t i = 0; i < LENGTH(planes); i++)
        fixture->bearers[i] = cloud_bearer(fixture->cloud, planes[i].audience);
    mem_free(path);
    *state = fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;

    cloud_stop(fixture->cloud);
    for (size_t i = 0; i < LENGTH(planes); i++)
        mem_free(fixture->bearers[i]);
    temp_done(fixture->folder);
    mem_free(fixture);
    return 0;
}

/* ---- the comparison ---- */

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

static void check_row(const struct fixture *fixture,
    const struct cloud_shape *row, struct buf *problems)
{
    struct buf path = { .limit = 4096 };

    buf_putf(&path, "%s?api-version=%s", row->path, row->version);
    struct answer answer = cloud_ask(
        fixture->cloud, &(struct web_request){ .method = row->method,
                            .path = buf_text(&path),
                            .authorization = fixture->bearers[row->plane],
                            .body = row->body,
                            .host = planes[row->plane].host });
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
