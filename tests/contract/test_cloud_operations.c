/* Writes that go on behind their answer: the object says so until the
 * operation that a header names has come to its end. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define EVENTS                                                                 \
    "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/"      \
    "rg-payments-weu/providers/Microsoft.KeyVault/vaults/kv-pay-prod-weu/"     \
    "providers/Microsoft.EventGrid/eventSubscriptions/new"                     \
    "?api-version=2025-02-15"
#define BODY                                                                   \
    "{\"properties\":{\"destination\":{\"endpointType\":\"WebHook\","          \
    "\"properties\":{\"endpointUrl\":\"https://contoso.com/hook\"}}}}"
#define STATE "properties.provisioningState"

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

static struct answer arm(const struct owner *owner, const char *method,
    const char *path, const char *body, int status)
{
    return owner_expect(owner,
        &(struct owner_ask){ PLANE_ARM, NULL, method, path, body }, status);
}

static void check_text(const struct owner *owner, const char *path,
    const char *member, const char *expected)
{
    struct answer answer = arm(owner, "GET", path, NULL, 200);

    assert_string_equal(answer_text(&answer, member), expected);
    answer_done(&answer);
}

/* The path that a header leads to; mem_free(). */
static char *header_path(const struct answer *answer, const char *name)
{
    char *address = answer_header(answer, name);
    const char *host = address ? strstr(address, "://") : NULL;
    char *path;

    assert_non_null(host);
    path = mem_copy_text(strchr(host + 3, '/'));
    mem_free(address);
    return path;
}

static char *create(const struct owner *owner)
{
    struct answer answer = arm(owner, "PUT", EVENTS, BODY, 201);
    char *path = header_path(&answer, "Azure-AsyncOperation");

    assert_string_equal(answer_text(&answer, STATE), "Creating");
    answer_done(&answer);
    return path;
}

static void test_followed(void **state)
{
    struct owner *owner = *state;

    cloud_fault(owner->cloud, "PUT * slow-operation value=2");
    char *path = create(owner);
    check_text(owner, path, "status", "InProgress");
    check_text(owner, path, "status", "Succeeded");
    check_text(owner, EVENTS, STATE, "Succeeded");
    mem_free(path);
}

/* Whoever asks for the object itself sees it done, too. */
static void test_object(void **state)
{
    struct owner *owner = *state;

    cloud_fault(owner->cloud, "PUT * slow-operation value=2");
    char *path = create(owner);
    check_text(owner, EVENTS, STATE, "Creating");
    check_text(owner, EVENTS, STATE, "Succeeded");
    struct answer again = arm(owner, "PUT", EVENTS, BODY, 200);
    assert_string_equal(answer_text(&again, STATE), "Updating");
    answer_done(&again);
    mem_free(path);
}

static void test_failed(void **state)
{
    struct owner *owner = *state;

    cloud_fault(owner->cloud, "PUT * fail-operation");
    char *path = create(owner);
    check_text(owner, path, "status", "Failed");
    check_text(owner, EVENTS, STATE, "Failed");
    mem_free(path);
}

static void test_removed(void **state)
{
    struct owner *owner = *state;
    char *path = create(owner);
    struct answer answer;

    mem_free(path);
    cloud_fault(owner->cloud, "DELETE * slow-operation value=2");
    answer = arm(owner, "DELETE", EVENTS, NULL, 202);
    path = header_path(&answer, "Location");
    answer_done(&answer);
    answer = arm(owner, "GET", path, NULL, 202);
    answer_done(&answer);
    answer = arm(owner, "GET", path, NULL, 204);
    answer_done(&answer);
    answer = arm(owner, "GET", EVENTS, NULL, 404);
    answer_done(&answer);
    answer = arm(owner, "DELETE", EVENTS, NULL, 204);
    answer_done(&answer);
    mem_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_followed, start, stop),
        cmocka_unit_test_setup_teardown(test_object, start, stop),
        cmocka_unit_test_setup_teardown(test_failed, start, stop),
        cmocka_unit_test_setup_teardown(test_removed, start, stop),
    };

    return cmocka_run_group_tests_name("cloud operations", tests, NULL, NULL);
}
