/* Microsoft Graph's ways: batches whose steps wait for each other, pages,
 * counts for those who accept that they lag, and its limits. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define PERSON "84172879-0fbf-4359-b381-d80a0a6d01a2"
#define PROGRAM "ce006f94-f8ab-4dca-bf1d-d9cabb2fbc9c"
#define GROUP "/v1.0/groups/2aa541e8-e9bd-457e-be9c-06669c1a20c9"
#define POLICIES "/v1.0/identity/conditionalAccess/policies"

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

static struct answer ask(const struct owner *owner, const char *path,
    const char *headers, const char *body)
{
    return cloud_ask(
        owner->cloud, &(struct web_request){
                          .method = body ? "POST" : "GET",
                          .path = path,
                          .authorization = owner->bearers[PLANE_GRAPH],
                          .headers = headers,
                          .body = body,
                      });
}

/* ---- batches ---- */

static json_t *step(const struct answer *answer, const char *id)
{
    size_t index;
    json_t *one;

    json_array_foreach(json_object_get(answer->body, "responses"), index, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "id")), id) == 0)
            return one;
    }
    fail_with("the batch answered nothing for '%s'", id);
}

static int step_status(const struct answer *answer, const char *id)
{
    return (int)json_integer_value(json_object_get(step(answer, id), "status"));
}

static void test_batch(void **state)
{
    struct answer answer = ask(*state, "/v1.0/$batch", NULL,
        "{\"requests\":["
        "{\"id\":\"one\",\"method\":\"GET\",\"url\":\"/directoryObjects/" PERSON
        "\"},"
        "{\"id\":\"none\",\"method\":\"GET\",\"url\":\"/groups/" PERSON
        "/members\"},"
        "{\"id\":\"after\",\"method\":\"GET\",\"url\":\"/applications\","
        "\"dependsOn\":[\"none\"]},"
        "{\"id\":\"count\",\"method\":\"GET\",\"url\":\"/groups/"
        "2aa541e8-e9bd-457e-be9c-06669c1a20c9/transitiveMembers/$count\","
        "\"headers\":{\"ConsistencyLevel\":\"eventual\"},"
        "\"dependsOn\":[\"one\"]},"
        "{\"id\":\"ids\",\"method\":\"POST\",\"url\":"
        "\"/directoryObjects/getByIds\",\"body\":{\"ids\":[\"" PERSON
        "\"]},\"headers\":{\"Content-Type\":\"application/json\"}}]}");

    assert_int_equal(answer.status, 200);
    assert_int_equal(step_status(&answer, "one"), 200);
    assert_string_equal(
        json_string_value(json_path(step(&answer, "one"), "body.id")), PERSON);
    assert_int_equal(step_status(&answer, "none"), 404);
    assert_int_equal(step_status(&answer, "after"), 424);
    assert_int_equal(step_status(&answer, "count"), 200);
    assert_int_equal(
        json_array_size(json_path(step(&answer, "ids"), "body.value")), 1);
    answer_done(&answer);
}

#define STEP(id)                                                               \
    "{\"id\":\"" id "\",\"method\":\"GET\",\"url\":\"/applications\"}"

static const struct {
    const char *name;
    const char *steps;
} bad_batches[] = {
    { "nothing", "" },
    { "the same id twice", STEP("1") "," STEP("1") },
    { "no url", "{\"id\":\"1\",\"method\":\"GET\"}" },
    { "a batch", "{\"id\":\"1\",\"method\":\"POST\",\"url\":\"/$batch\"}" },
    { "a step that comes later",
        "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/applications\","
        "\"dependsOn\":[\"2\"]}," STEP("2") },
};

static void test_bad_batches(void **state)
{
    for (size_t i = 0; i < LENGTH(bad_batches); i++) {
        struct buf body = { .limit = 4096 };

        buf_putf(&body, "{\"requests\":[%s]}", bad_batches[i].steps);
        struct answer answer =
            ask(*state, "/v1.0/$batch", NULL, buf_text(&body));
        if (answer.status != 400)
            fail_with("%s: status %d", bad_batches[i].name, answer.status);
        answer_done(&answer);
        buf_done(&body);
    }
}

static void test_batch_limit(void **state)
{
    struct buf body = { .limit = 8192 };

    buf_puts(&body, "{\"requests\":[");
    for (int i = 0; i < 21; i++)
        buf_putf(&body, "%s{\"id\":\"%d\",\"method\":\"GET\",\"url\":\"/x\"}",
            i ? "," : "", i);
    buf_puts(&body, "]}");
    struct answer answer = ask(*state, "/v1.0/$batch", NULL, buf_text(&body));
    assert_int_equal(answer.status, 400);
    answer_done(&answer);
    buf_done(&body);
}

/* ---- pages and counts ---- */

static void test_pages(void **state)
{
    struct answer whole = ask(*state, "/v1.0/servicePrincipals", NULL, NULL);
    size_t expected = json_array_size(json_object_get(whole.body, "value"));
    char *path = mem_copy_text("/v1.0/servicePrincipals?$top=3");
    size_t count = 0;
    size_t pages = 0;

    while (path) {
        struct answer page = ask(*state, path, NULL, NULL);
        const json_t *next = json_object_get(page.body, "@odata.nextLink");

        count += json_array_size(json_object_get(page.body, "value"));
        pages++;
        mem_free(path);
        path = next ? mem_copy_text(strchr(
                          strstr(json_string_value(next), "://") + 3, '/'))
                    : NULL;
        answer_done(&page);
    }
    assert_int_equal(count, expected);
    assert_int_equal(pages, (expected + 2) / 3);
    answer_done(&whole);
}

static void test_page_size(void **state)
{
    struct answer answer =
        ask(*state, "/v1.0/servicePrincipals?$top=1000", NULL, NULL);

    assert_int_equal(answer.status, 400);
    answer_done(&answer);
}

static void test_count(void **state)
{
    struct answer with = ask(*state, GROUP "/members?$count=true",
        "ConsistencyLevel: eventual\r\n", NULL);
    struct answer without =
        ask(*state, GROUP "/members?$count=true", NULL, NULL);
    struct answer bare =
        ask(*state, GROUP "/transitiveMembers/$count", NULL, NULL);

    assert_int_equal(
        json_integer_value(json_object_get(with.body, "@odata.count")),
        json_array_size(json_object_get(with.body, "value")));
    assert_null(json_object_get(without.body, "@odata.count"));
    assert_int_equal(bare.status, 400);
    answer_done(&with);
    answer_done(&without);
    answer_done(&bare);
}

static void test_types(void **state)
{
    struct answer answer = ask(*state, "/v1.0/directoryObjects/getByIds", NULL,
        "{\"ids\":[\"" PERSON "\",\"" PROGRAM
        "\"],\"types\":[\"servicePrincipal\"]}");
    json_t *list = json_object_get(answer.body, "value");

    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(list, 0), "id")),
        PROGRAM);
    answer_done(&answer);
}

/* ---- limits ---- */

/* One a second for the whole tenant, and no word on when to come again. */
static void test_limits(void **state)
{
    struct owner *owner = *state;

    cloud_fault(owner->cloud, "limits");
    struct answer first = ask(owner, POLICIES, NULL, NULL);
    struct answer second = ask(owner, POLICIES, NULL, NULL);
    struct answer other = ask(owner, "/v1.0/applications", NULL, NULL);
    char *wait = answer_header(&second, "Retry-After");
    char *units = answer_header(&other, "x-ms-resource-unit");

    assert_int_equal(first.status, 200);
    assert_int_equal(second.status, 429);
    assert_null(wait);
    assert_int_equal(other.status, 200);
    assert_string_equal(units, "2");
    mem_free(units);
    answer_done(&first);
    answer_done(&second);
    answer_done(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_batch, start, stop),
        cmocka_unit_test_setup_teardown(test_bad_batches, start, stop),
        cmocka_unit_test_setup_teardown(test_batch_limit, start, stop),
        cmocka_unit_test_setup_teardown(test_pages, start, stop),
        cmocka_unit_test_setup_teardown(test_page_size, start, stop),
        cmocka_unit_test_setup_teardown(test_count, start, stop),
        cmocka_unit_test_setup_teardown(test_types, start, stop),
        cmocka_unit_test_setup_teardown(test_limits, start, stop),
    };

    return cmocka_run_group_tests_name("cloud directory", tests, NULL, NULL);
}
