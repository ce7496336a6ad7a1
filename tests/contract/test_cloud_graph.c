/* Resource Graph's traps: rows that a partial answer leaves out without a
 * word, an answer that is cut, and the quota in the headers. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define PAY "7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define DATA "ce2513b4-87d8-413e-9c7e-a3511cd39cb7"
#define QUERY(projection)                                                      \
    "{\"subscriptions\":[\"" PAY "\",\"" DATA                                  \
    "\"],\"query\":\"resources | where type =~ 'microsoft.keyvault/vaults' | " \
    "project " projection "\",\"options\":{\"$top\":1000}}"

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

static struct answer ask(const struct owner *owner, const char *body)
{
    return owner_expect(owner,
        &(struct owner_ask){ PLANE_ARM, NULL, "POST",
            "/providers/Microsoft.ResourceGraph/resources"
            "?api-version=2024-04-01",
            body },
        200);
}

/* How many of the rows lie in the subscription. */
static size_t rows_of(const struct answer *answer, const char *subscription)
{
    size_t count = 0;
    size_t index;
    json_t *row;

    json_array_foreach(json_object_get(answer->body, "data"), index, row)
    {
        count +=
            strcmp(json_string_value(json_object_get(row, "subscriptionId")),
                subscription) == 0;
    }
    return count;
}

static void test_partial(void **state)
{
    struct owner *owner = *state;
    struct answer whole = ask(owner, QUERY("id, subscriptionId"));

    assert_true(rows_of(&whole, PAY) > 0 && rows_of(&whole, DATA) > 0);
    cloud_fault(owner->cloud, "POST * partial-graph value=" DATA);
    struct answer part = ask(owner, QUERY("id, subscriptionId"));
    assert_int_equal(rows_of(&part, DATA), 0);
    assert_int_equal(rows_of(&part, PAY), rows_of(&whole, PAY));
    assert_string_equal(answer_text(&part, "resultTruncated"), "false");
    assert_int_equal(json_integer_value(json_path(part.body, "totalRecords")),
        rows_of(&part, PAY));
    answer_done(&part);

    cloud_mend(owner->cloud);
    struct answer again = ask(owner, QUERY("id, subscriptionId"));
    assert_int_equal(rows_of(&again, DATA), rows_of(&whole, DATA));
    answer_done(&again);
    answer_done(&whole);
}

static void test_truncated(void **state)
{
    struct owner *owner = *state;

    cloud_fault(owner->cloud, "POST * truncated-graph value=2");
    struct answer answer = ask(owner, QUERY("id, subscriptionId"));
    assert_int_equal(json_integer_value(json_path(answer.body, "count")), 2);
    assert_true(json_integer_value(json_path(answer.body, "totalRecords")) > 2);
    assert_string_equal(answer_text(&answer, "resultTruncated"), "true");
    assert_null(json_path(answer.body, "$skipToken"));
    answer_done(&answer);
}

/* Without an id there is no next page, and the answer says that it is cut. */
static void test_no_id(void **state)
{
    struct answer answer = ask(*state,
        "{\"subscriptions\":[\"" PAY "\"],\"query\":\"resources | project "
        "name\",\"options\":{\"$top\":2}}");

    assert_string_equal(answer_text(&answer, "resultTruncated"), "true");
    assert_null(json_path(answer.body, "$skipToken"));
    answer_done(&answer);
}

static void test_quota(void **state)
{
    struct owner *owner = *state;

    cloud_fault(owner->cloud, "graph-quota");
    for (int left = 14; left >= 12; left--) {
        struct answer answer = ask(owner, QUERY("id"));
        char *remaining = answer_header(&answer, "x-ms-user-quota-remaining");
        char *after = answer_header(&answer, "x-ms-user-quota-resets-after");

        assert_non_null(remaining);
        assert_int_equal(strtol(remaining, NULL, 10), left);
        assert_string_equal(after, "00:00:05");
        mem_free(remaining);
        mem_free(after);
        answer_done(&answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_partial, start, stop),
        cmocka_unit_test_setup_teardown(test_truncated, start, stop),
        cmocka_unit_test_setup_teardown(test_no_id, start, stop),
        cmocka_unit_test_setup_teardown(test_quota, start, stop),
    };

    return cmocka_run_group_tests_name("cloud graph", tests, NULL, NULL);
}
