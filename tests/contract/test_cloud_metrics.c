/* What is measured of vaults: hits over days, nothing where nobody asks, and
 * the requests that the service refuses. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define GROUP                                                                  \
    "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/"
#define CORE                                                                   \
    GROUP "rg-payments-weu/providers/Microsoft.KeyVault/vaults/"               \
          "kv-pay-core-weu"
#define IDLE                                                                   \
    GROUP "rg-payments-neu/providers/Microsoft.KeyVault/vaults/"               \
          "kv-pay-stage-neu"
#define HSM                                                                    \
    GROUP "rg-hsm-weu/providers/Microsoft.KeyVault/managedHSMs/"               \
          "hsm-pay-prod-weu"
#define METRICS "/providers/Microsoft.Insights/metrics?api-version=2023-10-01"
#define DAYS "&timespan=2026-08-01T00:00:00Z/2026-10-30T00:00:00Z&interval=P1D"

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

static struct answer ask(
    const struct owner *owner, const char *path, int status)
{
    return owner_expect(owner,
        &(struct owner_ask){ PLANE_ARM, NULL, "GET", path, NULL }, status);
}

static json_t *points(const struct answer *answer, size_t metric)
{
    const json_t *value =
        json_array_get(json_object_get(answer->body, "value"), metric);

    return json_object_get(
        json_array_get(json_object_get(value, "timeseries"), 0), "data");
}

static double sum(json_t *data, const char *member)
{
    double total = 0;
    size_t index;
    json_t *point;

    json_array_foreach(data, index, point)
    {
        total += json_number_value(json_object_get(point, member));
    }
    return total;
}

static void test_hits(void **state)
{
    struct answer used = ask(*state,
        CORE METRICS "&metricnames=ServiceApiHit&aggregation=Count" DAYS, 200);
    struct answer again = ask(*state,
        CORE METRICS "&metricnames=ServiceApiHit&aggregation=Count" DAYS, 200);
    struct answer unused = ask(*state,
        IDLE METRICS "&metricnames=ServiceApiHit&aggregation=Count" DAYS, 200);

    assert_int_equal(json_array_size(points(&used, 0)), 90);
    assert_true(sum(points(&used, 0), "count") > 1000);
    assert_true(json_equal(points(&used, 0), points(&again, 0)));
    assert_int_equal(json_array_size(points(&unused, 0)), 90);
    assert_true(sum(points(&unused, 0), "count") == 0);
    assert_non_null(
        json_object_get(json_array_get(points(&unused, 0), 0), "count"));
    answer_done(&used);
    answer_done(&again);
    answer_done(&unused);
}

/* Of what was not measured a point has no value. */
static void test_several(void **state)
{
    struct answer used = ask(*state,
        CORE METRICS "&metricnames=Availability,ServiceApiLatency"
                     "&aggregation=Average" DAYS,
        200);
    struct answer unused = ask(*state,
        IDLE METRICS "&metricnames=Availability&aggregation=Average" DAYS, 200);

    assert_true(sum(points(&used, 0), "average") == 9000);
    assert_true(sum(points(&used, 1), "average") > 0);
    assert_null(
        json_object_get(json_array_get(points(&unused, 0), 0), "average"));
    answer_done(&used);
    answer_done(&unused);
}

static const struct {
    const char *name;
    const char *path;
    int status;
} refused[] = {
    { "no such metric", CORE METRICS "&metricnames=Hits", 400 },
    { "a vault's metric of an HSM",
        HSM METRICS "&metricnames=SaturationShoebox", 400 },
    { "interval", CORE METRICS "&interval=PT2M", 400 },
    { "timespan", CORE METRICS "&timespan=yesterday", 400 },
    { "no such vault", CORE "x" METRICS, 404 },
};

static void test_refused(void **state)
{
    for (size_t i = 0; i < LENGTH(refused); i++) {
        struct answer answer =
            owner_send(*state, &(struct owner_ask){ PLANE_ARM, NULL, "GET",
                                   refused[i].path, NULL });

        if (answer.status != refused[i].status)
            fail_with("%s: status %d, expected %d", refused[i].name,
                answer.status, refused[i].status);
        answer_done(&answer);
    }
}

static void test_hsm(void **state)
{
    struct answer answer =
        ask(*state, HSM METRICS "&metricnames=Availability", 200);

    assert_string_equal(
        answer_text(&answer, "namespace"), "Microsoft.KeyVault/managedHSMs");
    answer_done(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hits, start, stop),
        cmocka_unit_test_setup_teardown(test_several, start, stop),
        cmocka_unit_test_setup_teardown(test_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_hsm, start, stop),
    };

    return cmocka_run_group_tests_name("cloud metrics", tests, NULL, NULL);
}
