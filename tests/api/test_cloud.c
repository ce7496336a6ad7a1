/* The simulated cloud as far as the other tests lean on it: it starts, shows
 * its state, lets itself be changed and disturbed, and ends. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "kvgov_cloud.h"
#include "web.h"

#define VAULT "kv-pay-prod-weu"

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

static void test_state(void **state)
{
    const struct cloud *cloud = *state;
    json_t *all = cloud_state(cloud);
    const json_t *vault = cloud_resource(all, VAULT);

    assert_string_equal(json_string_value(json_object_get(vault, "type")),
        "Microsoft.KeyVault/vaults");
    assert_null(json_path(vault, "properties.enablePurgeProtection"));
    json_decref(all);
}

static void test_change(void **state)
{
    struct cloud *cloud = *state;

    char *before = cloud_value(cloud, VAULT, "properties.publicNetworkAccess");
    assert_string_not_equal(before, "\"Disabled\"");
    cloud_patch(cloud, VAULT,
        "{\"properties\":{\"publicNetworkAccess\":\"Disabled\"}}");
    char *after = cloud_value(cloud, VAULT, "properties.publicNetworkAccess");
    assert_string_equal(after, "\"Disabled\"");
    assert_int_equal(cloud_requests(cloud, "PATCH"), 1);
    mem_free(after);
    mem_free(before);
}

static void test_fault(void **state)
{
    struct cloud *cloud = *state;
    struct web_request request = { .origin = cloud->origin,
        .path = "/metadata/endpoints?api-version=2022-09-01" };

    cloud_fault(cloud, "status=503:match=/metadata");
    assert_int_equal(web_send(&request, NULL), 503);
    cloud_mend(cloud);
    assert_int_equal(web_send(&request, NULL), 200);
}

/* The log tells what was asked, and that a token came along, but no token. */
static void test_log(void **state)
{
    struct cloud *cloud = *state;

    cloud_patch(cloud, VAULT, "{\"tags\":{\"a\":\"b\"}}");
    char *log = cloud_log(cloud);
    assert_contains(log, "PATCH /subscriptions/");
    assert_lacks(log, strchr(cloud->token, ' ') + 1);
    mem_free(log);
}

static void test_unsigned(void **state)
{
    const struct cloud *cloud = *state;
    struct web_request request = { .origin = cloud->origin,
        .path = "/subscriptions?api-version=2022-12-01" };

    assert_int_equal(web_send(&request, NULL), 401);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(test_state),
        ROW(test_change),
        ROW(test_fault),
        ROW(test_log),
        ROW(test_unsigned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
