/* A subscription that is not registered for a provider says so, whatever is
 * asked of the provider, until it is registered. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define PAY "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define DATA "/subscriptions/ce2513b4-87d8-413e-9c7e-a3511cd39cb7"
#define DEV "/subscriptions/e41928b0-83f7-43f7-881f-54ea20c823b4"
#define PROVIDER(name) "/providers/" name "?api-version=2021-04-01"
#define TOPICS                                                                 \
    "/providers/Microsoft.EventGrid/systemTopics?api-version=2025-02-15"
#define VAULT                                                                  \
    PAY "/resourceGroups/rg-payments-weu/providers/"                           \
        "Microsoft.KeyVault/vaults/kv-pay-core-weu"
#define EVENTS                                                                 \
    VAULT "/providers/Microsoft.EventGrid/eventSubscriptions"                  \
          "?api-version=2025-02-15"

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

static struct answer arm(
    const struct owner *owner, const char *method, const char *path, int status)
{
    return owner_expect(owner,
        &(struct owner_ask){ PLANE_ARM, NULL, method, path,
            strcmp(method, "POST") == 0 ? "" : NULL },
        status);
}

static void check_state(
    const struct owner *owner, const char *path, const char *expected)
{
    struct answer answer = arm(owner, "GET", path, 200);

    assert_string_equal(answer_text(&answer, "registrationState"), expected);
    answer_done(&answer);
}

static void check_missing(const struct owner *owner, const char *path)
{
    struct answer answer = arm(owner, "GET", path, 409);

    assert_string_equal(
        answer_text(&answer, "error.code"), "MissingSubscriptionRegistration");
    assert_string_equal(
        answer_text(&answer, "error.target"), "Microsoft.EventGrid");
    answer_done(&answer);
}

/* By a fault, for one subscription of several. */
static void test_fault(void **state)
{
    struct owner *owner = *state;
    struct answer answer;

    cloud_fault(
        owner->cloud, "* " PAY "/* unregistered value=Microsoft.EventGrid");
    check_state(owner, PAY PROVIDER("Microsoft.EventGrid"), "NotRegistered");
    check_state(owner, PAY PROVIDER("microsoft.keyvault"), "Registered");
    check_state(owner, DATA PROVIDER("Microsoft.EventGrid"), "Registered");
    check_missing(owner, PAY TOPICS);
    check_missing(owner, EVENTS);
    answer = arm(owner, "GET", DATA TOPICS, 200);
    answer_done(&answer);
    answer = arm(owner, "GET", VAULT "?api-version=2026-02-01", 200);
    answer_done(&answer);
}

/* Contoso's test subscription never saw a policy state. */
static void test_register(void **state)
{
    struct owner *owner = *state;
    struct owner_ask states = { PLANE_ARM, NULL, "POST",
        DEV "/providers/Microsoft.PolicyInsights/policyStates/latest/summarize"
            "?api-version=2024-10-01",
        "" };
    struct answer answer;

    check_state(
        owner, DEV PROVIDER("Microsoft.PolicyInsights"), "NotRegistered");
    answer = owner_expect(owner, &states, 409);
    answer_done(&answer);
    answer = arm(
        owner, "POST", DEV PROVIDER("Microsoft.PolicyInsights/register"), 200);
    answer_done(&answer);
    check_state(owner, DEV PROVIDER("Microsoft.PolicyInsights"), "Registered");
    answer = owner_expect(owner, &states, 200);
    answer_done(&answer);
}

/* A provider's types and versions are those that there are routes for. */
static void test_types(void **state)
{
    struct answer answer =
        arm(*state, "GET", PAY PROVIDER("Microsoft.KeyVault"), 200);
    json_t *types = json_object_get(answer.body, "resourceTypes");
    bool found = false;
    size_t index;
    json_t *type;

    json_array_foreach(types, index, type)
    {
        const char *name =
            json_string_value(json_object_get(type, "resourceType"));
        const char *newest = json_string_value(
            json_array_get(json_object_get(type, "apiVersions"), 0));

        found = found || (strcmp(name, "vaults/keys") == 0 && newest &&
                             strncmp(newest, "2026-", 5) == 0);
    }
    assert_true(found);
    answer_done(&answer);
}

static void test_unknown(void **state)
{
    struct answer answer =
        arm(*state, "GET", PAY PROVIDER("Microsoft.Nothing"), 404);

    assert_string_equal(
        answer_text(&answer, "error.code"), "InvalidResourceNamespace");
    answer_done(&answer);
}

static void test_list(void **state)
{
    struct answer answer =
        arm(*state, "GET", PAY "/providers?api-version=2021-04-01", 200);

    assert_true(json_array_size(json_object_get(answer.body, "value")) >= 10);
    answer_done(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fault, start, stop),
        cmocka_unit_test_setup_teardown(test_register, start, stop),
        cmocka_unit_test_setup_teardown(test_types, start, stop),
        cmocka_unit_test_setup_teardown(test_unknown, start, stop),
        cmocka_unit_test_setup_teardown(test_list, start, stop),
    };

    return cmocka_run_group_tests_name("cloud providers", tests, NULL, NULL);
}
