/* The remedies that take access away or give it, from plan to undo, against the
 * simulated cloud, and what they must leave alone. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "cloud_ask.h"
#include "drive.h"

#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define OPERATOR "ce006f94-f8ab-4dca-bf1d-d9cabb2fbc9c"
#define ROOT                                                                   \
    "/providers/Microsoft.Management/managementGroups/"                        \
    "f3f4fea8-f8ac-405d-870c-71db0a55bd7a"
#define AUTHORIZATION "/providers/Microsoft.Authorization"
#define OWN_ASSIGNMENT                                                         \
    ROOT AUTHORIZATION "/roleAssignments/"                                     \
                       "0a000000-0000-4000-8000-000000000001"
#define API "?api-version=2022-04-01"

static void grant(struct drive *drive, const char *id, const char *role,
    const char *principal, const char *type)
{
    struct buf path = { .limit = 1024 };
    struct buf body = { .limit = 1024 };

    buf_putf(&path, "%s" API, id);
    buf_putf(&body,
        "{\"properties\":{\"roleDefinitionId\":\"" AUTHORIZATION
        "/roleDefinitions/%s\",\"principalId\":\"%s\","
        "\"principalType\":\"%s\"}}",
        role, principal, type);
    cloud_change(drive->cloud, "PUT", buf_text(&path), buf_text(&body));
    buf_done(&path);
    buf_done(&body);
}

/* The operator of the estate may change vaults, not access: for these tests it
 * may. */
static int scan(void **state)
{
    struct drive *drive = mem_alloc(sizeof *drive);

    *state = drive;
    drive_open_cloud(drive, NULL);
    grant(drive, OWN_ASSIGNMENT, OWNER, OPERATOR, "ServicePrincipal");
    drive_open_session(drive);
    return drive_scan(drive) == KV_SCAN_DONE ? 0 : -1;
}

static int done(void **state)
{
    drive_done(*state);
    mem_free(*state);
    return 0;
}

/* ---- looking ---- */

/* A plan of a remedy for one row, read to its preview. */
static bool is_read(const struct drive *drive, const void *argument)
{
    (void)drive;
    return kv_plan_state(argument) != KV_PLAN_READING;
}

static struct kv_plan *plan_for(struct drive *drive, const char *remedy,
    const char *row, const char *const *names)
{
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;
    uint32_t indexes[8];
    size_t count = 0;

    for (; names[count]; count++)
        indexes[count] = drive_find(drive, names[count]);
    if (kv_session_plan(drive->session, &plan,
            &(struct kv_plan_order){
                .remedy = remedy,
                .row = row,
                .resources = indexes,
                .count = count,
            },
            &err) != KV_OK)
        fail_with("%s cannot be planned: %s", remedy, err.text);
    drive_until(drive, is_read, plan, "the preview");
    return plan;
}

#define ON(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Everything that a person reads of a target; mem_free(). */
static char *told(const struct kv_plan *plan, uint32_t index)
{
    const struct kv_target *target = kv_plan_target(plan, index);
    struct buf text = { .limit = 1u << 20 };

    buf_putf(&text, "%s: %s\n", kv_target_state_name(target->state),
        target->message ? target->message : "");
    for (uint32_t i = 0; i < target->check_count; i++)
        buf_putf(&text, "%s %s\n", kv_check_state_mark(target->checks[i].state),
            target->checks[i].text);
    for (uint32_t i = 0; i < target->request_count; i++)
        buf_putf(&text, "%s %s\n%s\n", target->requests[i].method,
            target->requests[i].path,
            target->requests[i].body ? target->requests[i].body : "");
    char *copy = mem_copy_text(buf_text(&text));
    buf_done(&text);
    return copy;
}

static void expect_told(
    const struct kv_plan *plan, uint32_t index, const char *part)
{
    char *text = told(plan, index);

    if (!text_contains_nocase(text, part))
        fail_with("\"%s\" is not said:\n%s", part, text);
    mem_free(text);
}

/* What would show a change anywhere: the state without the marks of time and
 * author that Azure sets by itself; json_decref(). */
static void forget_marks(json_t *value)
{
    static const char *const marks[] = { "createdOn", "updatedOn", "createdBy",
        "updatedBy", "systemData" };
    const char *name;
    json_t *inner;
    size_t index;

    for (size_t i = 0; i < LENGTH(marks); i++)
        if (json_is_object(value))
            (void)json_object_del(value, marks[i]);
    json_object_foreach(value, name, inner)
    {
        forget_marks(inner);
    }
    json_array_foreach(value, index, inner)
    {
        forget_marks(inner);
    }
}

/* Lists of assignments have no order. */
static int by_id(const void *a, const void *b)
{
    return strcmp(json_string_value(json_object_get(*(json_t *const *)a, "id")),
        json_string_value(json_object_get(*(json_t *const *)b, "id")));
}

static char *assignments(const struct drive *drive)
{
    json_t *state = cloud_state(drive->cloud);
    json_t *list = json_object_get(state, "roleAssignments");
    size_t count = json_array_size(list);
    json_t **items = mem_alloc(count * sizeof *items);
    json_t *sorted = json_array();

    for (size_t i = 0; i < count; i++)
        items[i] = json_array_get(list, i);
    qsort(items, count, sizeof *items, by_id);
    for (size_t i = 0; i < count; i++)
        (void)json_array_append(sorted, items[i]);
    forget_marks(sorted);
    char *text = json_dumps(sorted, JSON_INDENT(1) | JSON_SORT_KEYS);
    mem_free(items);
    json_decref(sorted);
    json_decref(state);
    return text;
}

static void run_done(struct drive *drive, struct kv_plan *plan)
{
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
}

/* Done, taken back, and as it was. */
static void there_and_back(struct drive *drive, struct kv_plan *plan)
{
    char *before = assignments(drive);
    char *after;

    run_done(drive, plan);
    after = assignments(drive);
    assert_string_not_equal(before, after);
    free(after);
    plan = drive_plan_undo(drive);
    run_done(drive, plan);
    after = assignments(drive);
    if (strcmp(before, after) != 0)
        fail_with("not as before:\n%s\n----\n%s", before, after);
    free(before);
    free(after);
}

/* ---- assignment-remove ---- */

/* kv-data-lake-weu has two assignments of principals that are gone. */
static void test_remove_gone(void **state)
{
    struct drive *drive = *state;
    struct kv_plan *plan =
        plan_for(drive, "assignment-remove", "ACC-11", ON("kv-data-lake-weu"));
    char *text = told(plan, 0);

    print_message("%s", text);
    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 0)->request_count, 2);
    expect_told(plan, 0, "nobody is behind it");
    mem_free(text);
    there_and_back(drive, plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_remove_gone, scan, done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
