/* Every ARM object of the simulated cloud's estates, held against Microsoft's
 * resource types: no member that the type lacks, none that it needs missing,
 * no other JSON type, no value beside the known ones. */
#include "test.h"

#include <string.h>
#include <strings.h>

#include "base.h"
#include "cloud_owner.h"
#include "types.h"

/* A difference that is right, and why. */
struct type_excuse {
    const char *type;    /* "" for every type */
    const char *problem; /* as the check words it */
    const char *reason;
};

static const struct type_excuse excuses[] = {
    { "Microsoft.KeyVault/vaults",
        "properties.sku.name: is another spelling of a named value",
        "as recorded: the case depends on the vault's age" },
    { "Microsoft.KeyVault/vaults",
        "properties.accessPolicies.[].permissions.keys.[]: is another spelling "
        "of a named value",
        "as recorded: the case is the portal's" },
    { "Microsoft.KeyVault/vaults",
        "properties.accessPolicies.[].permissions.secrets.[]: is another "
        "spelling of a named value",
        "as recorded: the case is the portal's" },
    { "", "type: is another spelling of a named value",
        "providers answer in a case of their own" },
    { "Microsoft.Insights/diagnosticSettings", "location: unknown field",
        "as recorded" },
    { "Microsoft.Insights/diagnosticSettings", "kind: unknown field",
        "as recorded" },
    { "Microsoft.Insights/diagnosticSettings", "tags: unknown field",
        "as recorded" },
    { "Microsoft.Insights/diagnosticSettings", "identity: unknown field",
        "as recorded" },
    { "Microsoft.Network/privateEndpoints",
        "properties.resourceGuid: unknown field",
        "newer than the published version" },
    { "Microsoft.OperationalInsights/workspaces",
        "properties.workspaceCapping.dailyQuotaGb: is not an integer",
        "a number with a fraction, whatever the type says" },
};

struct finding_list {
    json_t *seen; /* "TYPE PROBLEM" to the first id */
    bool used[LENGTH(excuses)];
    const struct types *types;
    size_t checked;
};

static bool excused(
    struct finding_list *list, const char *type, const char *problem)
{
    for (size_t i = 0; i < LENGTH(excuses); i++) {
        if ((*excuses[i].type && strcasecmp(excuses[i].type, type) != 0) ||
            strcmp(excuses[i].problem, problem) != 0)
            continue;
        list->used[i] = true;
        return true;
    }
    return false;
}

static void take_problem(
    struct finding_list *list, const json_t *object, struct view line)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    char *problem = mem_copy_view(line);
    struct buf key = { .limit = 4096 };

    buf_putf(&key, "%s %s", type, problem);
    if (line.size > 0 && !excused(list, type, problem) &&
        !json_object_get(list->seen, buf_text(&key)))
        json_object_set(
            list->seen, buf_text(&key), json_object_get(object, "id"));
    buf_done(&key);
    mem_free(problem);
}

static void check_object(struct finding_list *list, const json_t *object)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    struct buf problems = { .limit = 1u << 20 };
    struct view rest;

    if (!type || !types_know(list->types, type))
        return;
    list->checked++;
    (void)types_check(list->types, type, object, TYPES_ANSWER, &problems);
    rest = buf_view(&problems);
    while (rest.size > 0)
        take_problem(list, object, view_cut(&rest, '\n'));
    buf_done(&problems);
}

static void check_state(struct finding_list *list, const json_t *state)
{
    const char *name;
    json_t *member;
    size_t index;
    json_t *object;

    json_object_foreach((json_t *)(uintptr_t)state, name, member)
    {
        json_array_foreach(member, index, object)
        {
            check_object(list, object);
        }
    }
}

static void report(const struct finding_list *list)
{
    struct buf text = { .limit = 1u << 20 };
    const char *name;
    json_t *id;

    json_object_foreach(list->seen, name, id)
    {
        buf_putf(&text, "%s\n    first: %s\n", name, json_string_value(id));
    }
    if (text.size > 0)
        fail_with("these differ from their types:\n%s", buf_text(&text));
    buf_done(&text);
}

/* An excuse that no object needs any more hides the next mistake. */
static void check_excuses(const struct finding_list *list)
{
    for (size_t i = 0; i < LENGTH(excuses); i++)
        if (!list->used[i])
            fail_with("no object needs the excuse '%s %s'", excuses[i].type,
                excuses[i].problem);
}

/* At least so many objects have a type that is published. */
static void check_estate(
    const char *const *arguments, size_t expected, bool every_excuse)
{
    struct cloud *cloud = cloud_start(arguments);
    json_t *state = cloud_state(cloud);
    struct types *types = types_open_all();
    struct finding_list list = { .seen = json_object(), .types = types };

    check_state(&list, state);
    report(&list);
    if (list.checked < expected)
        fail_with("%zu objects were checked, at least %zu expected",
            list.checked, expected);
    if (every_excuse)
        check_excuses(&list);
    json_decref(list.seen);
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
