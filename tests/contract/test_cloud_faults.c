/* The simulated cloud's faults by rule: each does what its name says to the
 * requests that the rule names, and to no other; and its quotas. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base.h"
#include "cloud_ask.h"

#define LIST "/subscriptions?api-version=2022-12-01"
#define OTHER "/tenants?api-version=2022-12-01"

struct fixture {
    struct cloud *cloud;
    char *bearer;
};

static int start(void **state)
{
    struct fixture *fixture = mem_alloc(sizeof *fixture);
    const char *const arguments[] = { "--seed", "7", NULL };

    fixture->cloud = cloud_start(arguments);
    fixture->bearer = cloud_bearer(fixture->cloud, fixture->cloud->origin);
    *state = fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;

    mem_free(fixture->bearer);
    cloud_stop(fixture->cloud);
    mem_free(fixture);
    return 0;
}

static int mend(void **state)
{
    cloud_mend(((struct fixture *)*state)->cloud);
    return 0;
}

static struct answer get(const struct fixture *fixture, const char *path)
{
    return cloud_ask(fixture->cloud, &(struct web_request){ .path = path,
                                         .authorization = fixture->bearer });
}

static int get_status(const struct fixture *fixture, const char *path)
{
    struct answer answer = get(fixture, path);
    int status = answer.status;

    answer_done(&answer);
    return status;
}

/* ---- what is done ---- */

static const struct kind_row {
    const char *rule;
    int status;
    const char *head; /* a part of the headers; NULL: no matter */
    const char *link; /* the start of nextLink; NULL: no matter */
    bool json;
} kind_rows[] = {
    { "GET /subscriptions 429 retry-after=2", 429, "Retry-After: 2\r\n", NULL,
        true },
    { "GET /subscriptions 503", 503, NULL, NULL, true },
    { "GET /subscriptions 500 retry-after=9", 500, "Retry-After: 9\r\n", NULL,
        true },
    { "GET /subscriptions reset", 0, NULL, NULL, false },
    { "GET /subscriptions truncate", 200, NULL, NULL, false },
    { "GET /subscriptions wrong-type", 200, "Content-Type: text/html\r\n", NULL,
        true },
    { "GET /subscriptions wrong-type value=image/png", 200,
        "Content-Type: image/png\r\n", NULL, true },
    { "GET /subscriptions bad-json", 200, NULL, NULL, false },
    { "GET /subscriptions oversize value=100000", 200,
        "Content-Length: 100000\r\n", NULL, true },
    { "GET /subscriptions expired-token", 401, "invalid_token", NULL, true },
    { "GET /subscriptions endless-nextlink", 200, NULL,
        "http://127.0.0.1:", true },
    { "GET /subscriptions foreign-nextlink", 200, NULL, "https://192.0.2.1/",
        true },
    { "GET /subscriptions redirect value=https://192.0.2.1/", 307,
        "Location: https://192.0.2.1/\r\n", NULL, false },
};

static void check_kind(
    const struct fixture *fixture, const struct kind_row *row)
{
    cloud_fault(fixture->cloud, row->rule);
    struct answer answer = get(fixture, LIST);
    int other = get_status(fixture, OTHER);
    const char *link = answer_text(&answer, "nextLink");

    if (answer.status != row->status || other != 200)
        fail_with("%s: answered %d, and elsewhere %d", row->rule, answer.status,
            other);
    if ((answer.body != NULL) != row->json)
        fail_with("%s: the body is%s JSON", row->rule, row->json ? " no" : "");
    if (row->head)
        assert_contains(answer.head, row->head);
    if (row->link && strncmp(link, row->link, strlen(row->link)) != 0)
        fail_with("%s: goes on at '%s'", row->rule, link);
    answer_done(&answer);
    cloud_mend(fixture->cloud);
}

static void test_kinds(void **state)
{
    for (size_t i = 0; i < LENGTH(kind_rows); i++)
        check_kind(*state, &kind_rows[i]);
}

/* Every page leads to another one, under an address not seen before. */
static void test_endless(void **state)
{
    const struct fixture *fixture = *state;
    char *path = mem_copy_text(LIST);

    cloud_fault(fixture->cloud, "GET * endless-nextlink");
    for (int page = 0; page < 5; page++) {
        struct answer answer = get(fixture, path);
        const char *link = answer_text(&answer, "nextLink");
        const char *next = strstr(link, "/subscriptions");

        assert_int_equal(answer.status, 200);
        assert_non_null(next);
        assert_string_not_equal(next, path);
        mem_free(path);
        path = mem_copy_text(next);
        answer_done(&answer);
    }
    mem_free(path);
}

#define HSM                                                                    \
    "/subscriptions/e41928b0-83f7-43f7-881f-54ea20c823b4/resourceGroups/"      \
    "rg-hsm-lab-weu/providers/Microsoft.KeyVault/managedHSMs/hsm-lab-weu"      \
    "?api-version=2026-02-01"

static struct answer hsm_patch(const struct fixture *fixture)
{
    return cloud_ask(
        fixture->cloud, &(struct web_request){
                            .method = "PATCH",
                            .path = HSM,
                            .authorization = fixture->bearer,
                            .body = "{\"tags\":{\"environment\":\"none\"}}",
                        });
}

/* Two polls end it. */
static struct answer operation_wait(
    const struct fixture *fixture, const struct answer *started)
{
    char *address = answer_header(started, "Azure-AsyncOperation");

    assert_non_null(address);
    const char *path = address + strlen(fixture->cloud->origin);
    struct answer first = get(fixture, path);
    struct answer second = get(fixture, path);
    assert_string_equal(answer_text(&first, "status"), "InProgress");
    answer_done(&first);
    mem_free(address);
    return second;
}

static void test_failing_operation(void **state)
{
    const struct fixture *fixture = *state;

    cloud_fault(fixture->cloud, "PATCH */managedHSMs/* fail-operation");
    struct answer started = hsm_patch(fixture);
    struct answer ended = operation_wait(fixture, &started);
    struct answer after = get(fixture, HSM);
    assert_int_equal(started.status, 202);
    assert_string_equal(answer_text(&ended, "status"), "Failed");
    assert_true(*answer_text(&ended, "error.code"));
    assert_string_equal(answer_text(&after, "tags.environment"), "lab");
    assert_string_equal(
        answer_text(&after, "properties.provisioningState"), "Failed");
    answer_done(&started);
    answer_done(&ended);
    answer_done(&after);
}

/* ---- whom it hits ---- */

static const struct {
    const char *rule;
    const char *path;
    bool hit;
} match_rows[] = {
    { "GET * 503", LIST, true },
    { "* * 503", LIST, true },
    { "PUT * 503", LIST, false },
    { "GET /subscriptions 503", LIST, true },
    { "GET /SUBSCRIPTIONS 503", LIST, true },
    { "GET /subscription 503", LIST, false },
    { "GET */subscriptions 503", LIST, true },
    { "GET /sub* 503", OTHER, false },
    { "GET * 503 skip=1", LIST, false },
    { "GET * 503 count=0", LIST, false },
    { "GET * 503 p=0", LIST, false },
    { "GET * 503 p=1", LIST, true },
    { "GET //kv-a/* 503", LIST, false },
    { "status=503:match=/subscriptions", LIST, true },
    { "status=503:match=/subscriptions:skip=1", LIST, false },
};

static void test_matches(void **state)
{
    const struct fixture *fixture = *state;

    for (size_t i = 0; i < LENGTH(match_rows); i++) {
        cloud_fault(fixture->cloud, match_rows[i].rule);
        int status = get_status(fixture, match_rows[i].path);

        if (status != (match_rows[i].hit ? 503 : 200))
            fail_with("%s: %s answered %d", match_rows[i].rule,
                match_rows[i].path, status);
        cloud_mend(fixture->cloud);
    }
}

/* A vault's own host name can be told from the others. */
static void test_vault(void **state)
{
    const struct fixture *fixture = *state;
    struct web_request request = { .origin = fixture->cloud->origin,
        .path = "/secrets?api-version=7.4" };

    cloud_fault(fixture->cloud, "GET //kv-a/secrets 503");
    request.host = "kv-a.vault.localhost";
    assert_int_equal(web_send(&request, NULL), 503);
    request.host = "kv-b.vault.localhost";
    assert_int_not_equal(web_send(&request, NULL), 503);
}

#define TRIES 200

static long hits(const struct fixture *fixture)
{
    long count = 0;

    for (int i = 0; i < TRIES; i++)
        count += get_status(fixture, LIST) == 503;
    return count;
}

static void test_chance(void **state)
{
    const struct fixture *fixture = *state;

    cloud_fault(fixture->cloud, "GET * 503 p=0.25");
    long count = hits(fixture);
    /* Six standard deviations to either side; the seed makes it the same
     * number in every run. */
    if (count < 13 || count > 87)
        fail_with("%ld of %d were hit", count, TRIES);
}

static void test_refused(void **state)
{
    static const char *const rules[] = { "GET *", "GET * nonsense", "GET * 200",
        "GET * 700", "GET * hold", "GET * redirect", "GET * 503 p=2",
        "GET * 503 q=1", "GET * 503 p", "GET * stall value=x", "nonsense",
        "status", "reset=1" };
    const struct fixture *fixture = *state;

    for (size_t i = 0; i < LENGTH(rules); i++) {
        struct answer answer = cloud_ask(fixture->cloud,
            &(struct web_request){
                .method = "POST", .path = "/_cloud/fault", .body = rules[i] });

        if (answer.status != 400)
            fail_with("'%s' answered %d", rules[i], answer.status);
        answer_done(&answer);
    }
}

/* ---- the clock ---- */

static void test_skew(void **state)
{
    const struct fixture *fixture = *state;
    struct tm parts = { 0 };

    cloud_fault(fixture->cloud, "skew=3600");
    struct answer answer = get(fixture, LIST);
    char *date = answer_header(&answer, "Date");
    assert_int_equal(answer.status, 200);
    assert_non_null(strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &parts));
    assert_in_range(timegm(&parts) - time(NULL), 3590, 3601);
    mem_free(date);
    answer_done(&answer);
}

/* ---- quotas ---- */

static long remaining(const struct answer *answer)
{
    char *text = answer_header(answer, "x-ms-ratelimit-remaining-tenant-reads");

    assert_non_null(text);
    long left = strtol(text, NULL, 10);
    mem_free(text);
    return left;
}

/* A hundredth: two and a half requests, one more every four seconds. */
static void test_quota(void **state)
{
    const struct fixture *fixture = *state;

    cloud_fault(fixture->cloud, "limits=0.01");
    struct answer first = get(fixture, LIST);
    struct answer second = get(fixture, LIST);
    struct answer third = get(fixture, LIST);
    char *wait = answer_header(&third, "Retry-After");
    assert_int_equal(first.status, 200);
    assert_int_equal(remaining(&first), 1);
    assert_int_equal(remaining(&second), 0);
    assert_int_equal(third.status, 429);
    assert_non_null(wait);
    assert_true(strtol(wait, NULL, 10) >= 1 && strtol(wait, NULL, 10) <= 4);
    mem_free(wait);
    answer_done(&first);
    answer_done(&second);
    answer_done(&third);
}

static void test_no_quota(void **state)
{
    const struct fixture *fixture = *state;

    for (int i = 0; i < 3; i++) {
        struct answer answer = get(fixture, LIST);

        assert_int_equal(remaining(&answer), 249);
        answer_done(&answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_kinds, mend),
        cmocka_unit_test_teardown(test_endless, mend),
        cmocka_unit_test_teardown(test_failing_operation, mend),
        cmocka_unit_test_teardown(test_matches, mend),
        cmocka_unit_test_teardown(test_vault, mend),
        cmocka_unit_test_teardown(test_chance, mend),
        cmocka_unit_test_teardown(test_refused, mend),
        cmocka_unit_test_teardown(test_skew, mend),
        cmocka_unit_test_teardown(test_quota, mend),
        cmocka_unit_test_teardown(test_no_quota, mend),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
