/* The simulated cloud's POST /batch. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "cloud_ask.h"

#define SUBSCRIPTION "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define VAULT                                                                  \
    SUBSCRIPTION "/resourceGroups/rg-payments-weu/providers/"                  \
                 "Microsoft.KeyVault/vaults/kv-pay-prod-weu"
#define VAULT_URL VAULT "?api-version=2026-02-01"
#define SETTINGS_URL                                                           \
    VAULT "/providers/microsoft.insights/diagnosticSettings?api-version="      \
          "2021-05-01-preview"
#define PART(name, url)                                                        \
    "{\"httpMethod\":\"GET\",\"name\":\"" name "\",\"relativeUrl\":\"" url "\"}"
#define TWO_PARTS                                                              \
    "{\"requests\":[" PART("a", VAULT_URL) "," PART("b", SETTINGS_URL) "]}"

static int start(void **state)
{
    *state = cloud_start(NULL);
    return 0;
}

static int stop(void **state)
{
    cloud_stop(*state);
    return 0;
}

static struct answer ask(const struct cloud *cloud, const char *body)
{
    char *bearer = cloud_bearer(cloud, cloud->origin);
    struct answer answer =
        cloud_ask(cloud, &(struct web_request){
                             .method = "POST",
                             .path = "/batch?api-version=2020-06-01",
                             .authorization = bearer,
                             .body = body,
                         });

    mem_free(bearer);
    return answer;
}

static const json_t *part(const struct answer *answer, size_t index)
{
    return json_array_get(json_object_get(answer->body, "responses"), index);
}

static long part_status(const struct answer *answer, size_t index)
{
    return (long)json_integer_value(
        json_object_get(part(answer, index), "httpStatusCode"));
}

static void test_parts(void **state)
{
    struct answer answer = ask(*state, TWO_PARTS);

    assert_int_equal(answer.status, 200);
    assert_int_equal(part_status(&answer, 0), 200);
    assert_int_equal(part_status(&answer, 1), 200);
    assert_string_equal(
        json_string_value(json_path(part(&answer, 0), "content.name")),
        "kv-pay-prod-weu");
    assert_string_equal(
        json_string_value(json_object_get(part(&answer, 1), "name")), "b");
    assert_true(json_is_array(json_path(part(&answer, 1), "content.value")));
    assert_non_null(json_path(part(&answer, 0), "headers.x-ms-request-id"));
    answer_done(&answer);
}

/* One request, of which the log tells the parts. */
static void test_counts(void **state)
{
    const struct cloud *cloud = *state;
    struct answer answer = ask(cloud, TWO_PARTS);
    char *log = cloud_log(cloud);

    assert_int_equal(cloud_requests(cloud, "GET"), 0);
    assert_contains(log, "POST /batch");
    assert_contains(log, "+GET " VAULT_URL " 200");
    mem_free(log);
    answer_done(&answer);
}

static void test_missing(void **state)
{
    struct answer answer = ask(*state,
        "{\"requests\":[" PART("a", VAULT "x?api-version=2026-02-01") "," PART(
            "b", VAULT "?api-version=1999-01-01") "]}");

    assert_int_equal(part_status(&answer, 0), 404);
    assert_int_equal(part_status(&answer, 1), 400);
    answer_done(&answer);
}

static void test_refused(void **state)
{
    static const char *const bodies[] = { "{}", "{\"requests\":[]}",
        "{\"requests\":[{\"httpMethod\":\"GET\"}]}",
        "{\"requests\":[" PART("a", "/batch?api-version=2020-06-01") "]}",
        "{\"requests\":[" PART("a", "https://192.0.2.1/x") "]}",
        "{\"requests\":[" PART("a", "//192.0.2.1/x") "]}", "[", "7" };

    for (size_t i = 0; i < LENGTH(bodies); i++) {
        struct answer answer = ask(*state, bodies[i]);

        if (answer.status != 400)
            fail_with("%s answered %d", bodies[i], answer.status);
        answer_done(&answer);
    }
}

static int status_of_many(const struct cloud *cloud, size_t count)
{
    struct buf body = { .limit = 65536 };

    buf_puts(&body, "{\"requests\":[");
    for (size_t i = 0; i < count; i++)
        buf_putf(&body, "%s%s", i ? "," : "", PART("a", VAULT_URL));
    buf_puts(&body, "]}");
    struct answer answer = ask(cloud, buf_text(&body));
    int status = answer.status;
    answer_done(&answer);
    buf_done(&body);
    return status;
}

static void test_most(void **state)
{
    assert_int_equal(status_of_many(*state, 20), 200);
    assert_int_equal(status_of_many(*state, 21), 400);
}

static void test_unsigned(void **state)
{
    struct answer answer =
        cloud_ask(*state, &(struct web_request){ .method = "POST",
                              .path = "/batch?api-version=2020-06-01",
                              .body = TWO_PARTS });

    assert_int_equal(answer.status, 401);
    answer_done(&answer);
}

/* A fault on a part's path hits that part; what would break a connection
 * breaks the one behind Resource Manager. */
static const struct {
    const char *fault;
    long status;
} fault_rows[] = {
    { "GET */diagnosticSettings 429 retry-after=7", 429 },
    { "GET */diagnosticSettings 503", 503 },
    { "GET */diagnosticSettings reset", 504 },
    { "GET */diagnosticSettings truncate", 504 },
    { "GET */diagnosticSettings expired-token", 401 },
    { "GET */diagnosticSettings bad-json", 200 },
};

static void test_faults(void **state)
{
    struct cloud *cloud = *state;

    for (size_t i = 0; i < LENGTH(fault_rows); i++) {
        cloud_fault(cloud, fault_rows[i].fault);
        struct answer answer = ask(cloud, TWO_PARTS);
        long status = part_status(&answer, 1);

        if (part_status(&answer, 0) != 200 || status != fault_rows[i].status)
            fail_with("%s: the part answered %ld", fault_rows[i].fault, status);
        if (status == 429)
            assert_string_equal(json_string_value(json_path(
                                    part(&answer, 1), "headers.Retry-After")),
                "7");
        cloud_mend(cloud);
        answer_done(&answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_parts, start, stop),
        cmocka_unit_test_setup_teardown(test_counts, start, stop),
        cmocka_unit_test_setup_teardown(test_missing, start, stop),
        cmocka_unit_test_setup_teardown(test_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_most, start, stop),
        cmocka_unit_test_setup_teardown(test_unsigned, start, stop),
        cmocka_unit_test_setup_teardown(test_faults, start, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
