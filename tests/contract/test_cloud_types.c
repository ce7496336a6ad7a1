/* Every ARM object of the simulated cloud's estates, held against Microsoft's
 * resource types: no member that the type lacks, none that it needs missing,
 * no other JSON type, no value beside the known ones. */
#include "test.h"

#include "base.h"
#include "cloud_owner.h"
#include "type_findings.h"

static void check_state(struct type_findings *findings, const json_t *state)
{
    const char *name;
    json_t *member;
    size_t index;
    json_t *object;

    json_object_foreach((json_t *)(uintptr_t)state, name, member)
    {
        json_array_foreach(member, index, object)
        {
            type_findings_check(findings, object);
        }
    }
}

static void report(const struct type_findings *findings)
{
    struct buf text = { .limit = 1u << 20 };

    type_findings_put(findings, &text);
    if (text.size > 0)
        fail_with("these differ from their types:\n%s", buf_text(&text));
    buf_done(&text);
}

/* At least so many objects have a type that is published. */
static void check_estate(
    const char *const *arguments, size_t expected, bool every_excuse)
{
    struct cloud *cloud = cloud_start(arguments);
    json_t *state = cloud_state(cloud);
    struct types *types = types_open_all();
    struct type_findings findings;

    type_findings_init(&findings, types);
    check_state(&findings, state);
    report(&findings);
    if (findings.checked < expected)
        fail_with("%zu objects were checked, at least %zu expected",
            findings.checked, expected);
    if (every_excuse)
        type_findings_check_excuses(&findings);
    type_findings_done(&findings);
    types_close(types);
    json_decref(state);
    cloud_stop(cloud);
}

static void test_contoso(void **state)
{
    (void)state;
    check_estate(NULL, 300, true);
}

static void test_generated(void **state)
{
    (void)state;
    check_estate((const char *const[]){ "--generate",
                     "vaults=60,subscriptions=3", NULL },
        60, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contoso),
        cmocka_unit_test(test_generated),
    };

    return cmocka_run_group_tests_name("cloud types", tests, NULL, NULL);
}
