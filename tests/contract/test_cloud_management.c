/* Management groups: how many lie below each, and which subscriptions. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define GROUPS "/providers/Microsoft.Management/managementGroups/"
#define ROOT "f3f4fea8-f8ac-405d-870c-71db0a55bd7a"
#define VERSION "?api-version=2023-04-01"

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
    const struct owner *owner, const char *method, const char *path)
{
    return owner_expect(owner,
        &(struct owner_ask){ PLANE_ARM, NULL, method, path,
            strcmp(method, "POST") == 0 ? "" : NULL },
        200);
}

static const json_t *named(const struct answer *answer, const char *name)
{
    size_t index;
    json_t *one;

    json_array_foreach(json_object_get(answer->body, "value"), index, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "name")), name) == 0)
            return one;
    }
    fail_with("the answer holds no %s", name);
}

static int number(const json_t *entity, const char *path)
{
    return (int)json_integer_value(json_path(entity, path));
}

/* Contoso: three groups below the root, six subscriptions below these. */
static void test_counts(void **state)
{
    struct answer entities = arm(
        *state, "POST", "/providers/Microsoft.Management/getEntities" VERSION);
    struct answer below =
        arm(*state, "GET", GROUPS "mg-contoso-prod/subscriptions" VERSION);
    const json_t *root = named(&entities, ROOT);
    const json_t *prod = named(&entities, "mg-contoso-prod");

    assert_int_equal(number(root, "properties.numberOfDescendants"), 9);
    assert_int_equal(number(root, "properties.numberOfChildGroups"), 3);
    assert_int_equal(number(prod, "properties.numberOfChildGroups"), 0);
    assert_true(json_array_size(json_object_get(below.body, "value")) > 0);
    assert_int_equal(number(prod, "properties.numberOfChildren"),
        json_array_size(json_object_get(below.body, "value")));
    answer_done(&entities);
    answer_done(&below);
}

static void test_parents(void **state)
{
    struct answer below =
        arm(*state, "GET", GROUPS "mg-contoso-prod/subscriptions" VERSION);
    size_t index;
    json_t *one;

    json_array_foreach(json_object_get(below.body, "value"), index, one)
    {
        assert_string_equal(
            json_string_value(json_path(one, "properties.parent.id")),
            GROUPS "mg-contoso-prod");
    }
    answer_done(&below);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_counts, start, stop),
        cmocka_unit_test_setup_teardown(test_parents, start, stop),
    };

    return cmocka_run_group_tests_name("cloud management", tests, NULL, NULL);
}
