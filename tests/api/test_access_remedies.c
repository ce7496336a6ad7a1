/* The remedies that take access away or give it, from plan to undo, against the
 * simulated cloud, and what they must leave alone. */
#include "test.h"

#include <string.h>

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"
#include "drive.h"
#include "temp.h"

#define OPERATOR "ce006f94-f8ab-4dca-bf1d-d9cabb2fbc9c"
#define ASSIGNMENTS "/providers/Microsoft.Authorization/roleAssignments/"
#define OWNER_ROLE "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define DATA_ROLE "00482a5a-887f-4fb3-b363-3b7fe8e74483"
#define API "?api-version=2022-04-01"

struct scene {
    struct owner *owner;
    struct drive drive;
};

/* Owner of everything is enough here: its roles for data would be findings of
 * their own. */
static void drop_data_roles(struct scene *scene)
{
    static const char *const subscriptions[] = {
        "7b00b078-3524-4a0a-bb02-404ae3a344fb",
        "ce2513b4-87d8-413e-9c7e-a3511cd39cb7",
    };

    for (size_t i = 0; i < LENGTH(subscriptions); i++) {
        struct buf path = { .limit = 512 };

        buf_putf(&path, "/subscriptions/%s" ASSIGNMENTS DATA_ROLE API,
            subscriptions[i]);
        cloud_change(
            scene->owner->cloud, "DELETE", buf_text(&path), NULL);
        buf_done(&path);
    }
}

static int scan(void **state)
{
    struct scene *scene = mem_alloc(sizeof *scene);

    *state = scene;
    scene->owner = owner_open_named();
    drop_data_roles(scene);
    scene->drive.cloud = scene->owner->cloud;
    scene->drive.state_dir = temp_new();
    cloud_enter(scene->drive.cloud);
    scene->drive.options = (struct kv_session_options){
        .arm_endpoint = scene->drive.cloud->origin,
        .state_dir = scene->drive.state_dir,
        .no_device_code = true,
    };
    drive_open_session(&scene->drive);
    return drive_scan(&scene->drive) == KV_SCAN_DONE ? 0 : -1;
}

static int done(void **state)
{
    struct scene *scene = *state;

    kv_session_close(scene->drive.session);
    temp_done(scene->drive.state_dir);
    owner_close(scene->owner);
    mem_free(scene);
    return 0;
}

/* ---- looking ---- */

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
    struct drive *drive = &((struct scene *)*state)->drive;
    struct kv_plan *plan =
        drive_plan_for(drive, "assignment-remove", "ACC-11", ON("kv-data-lake-weu"));

    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 0)->request_count, 2);
    expect_told(plan, 0, "nobody is behind it");
    there_and_back(drive, plan);
}

/* ---- what is left alone ---- */

#define ANOTHER "0a000000-0000-4000-8000-000000000001"

/* Somebody else who owns everything. */
static void add_owner(struct cloud *cloud)
{
    cloud_change(cloud, "PUT", ASSIGNMENTS ANOTHER API,
        "{\"properties\":{\"roleDefinitionId\":"
        "\"/providers/Microsoft.Authorization/roleDefinitions/" OWNER_ROLE
        "\",\"principalId\":\"b30128ee-1b29-40cf-927a-4c9fbb709fd1\","
        "\"principalType\":\"User\"}}");
}

/* Its own Owner of everything, first as the only one, then as the operator's
 * own; and the only one that may assign roles at a subscription itself. */
static void test_protected(void **state)
{
    static const struct {
        const char *assignment;
        const char *why;
    } cases[] = {
        { OWNER_ROLE, "nobody else could assign roles there" },
        { OWNER_ROLE, "it is your own right" },
        { "e70369ef-efff-4f44-b2bc-5dd8dd3df534",
            "nobody else could assign roles there" },
    };
    struct drive *drive = &((struct scene *)*state)->drive;

    for (size_t i = 0; i < LENGTH(cases); i++) {
        if (i == 1)
            add_owner(drive->cloud);
        struct kv_plan *plan = drive_plan_for(
            drive, "assignment-remove", "ACC-3", ON("kv-pay-prod-weu"));

        drive_set(drive, plan, "assignments", cases[i].assignment);
        drive_expect_target(drive, plan, 0, KV_TARGET_BLOCKED);
        expect_told(plan, 0, cases[i].why);
        kv_session_drop_plan(drive->session, plan);
    }
}

/* ---- assignment-narrow ---- */

/* Two vaults have the wide role in common: the first one gives it to both and
 * takes it away once. Taken out of the plan, it leaves that to the second. */
static void test_narrow_shared(void **state)
{
    struct drive *drive = &((struct scene *)*state)->drive;
    struct kv_plan *plan = drive_plan_for(drive, "assignment-narrow", "ACC-5",
        ON("kv-data-lake-weu", "kv-data-etl-weu"));

    drive_set(drive, plan, "wait", "0");
    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    drive_expect_target(drive, plan, 1, KV_TARGET_NOTHING);
    assert_int_equal(kv_plan_target(plan, 0)->request_count, 3);
    assert_string_equal(
        kv_plan_target(plan, 0)->requests[2].method, "DELETE");
    expect_told(plan, 0, "not in this plan");
    expect_told(plan, 1, "is changed together with kv-data-lake-weu");
    run_done(drive, plan);
    drive_expect_verdict(drive, "ACC-5", "kv-data-lake-weu", KV_VERDICT_PASS);
    drive_expect_verdict(drive, "ACC-5", "kv-data-etl-weu", KV_VERDICT_PASS);
}

static void test_narrow_without_first(void **state)
{
    struct drive *drive = &((struct scene *)*state)->drive;
    struct kv_plan *plan = drive_plan_for(drive, "assignment-narrow", "ACC-5",
        ON("kv-data-lake-weu", "kv-data-etl-weu"));

    kv_session_plan_drop_target(drive->session, plan, 0);
    drive_set(drive, plan, "wait", "0");
    drive_expect_target(drive, plan, 1, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 1)->request_count, 2);
    kv_session_drop_plan(drive->session, plan);
}

/* Many can read the log of a vault, and which of them need not is for a person
 * to say. */
static void test_narrow_readers(void **state)
{
    struct drive *drive = &((struct scene *)*state)->drive;
    struct kv_plan *plan = drive_plan_for(
        drive, "assignment-narrow", "LOG-3", ON("kv-plat-admins-weu"));
    const struct kv_option *option = kv_plan_option(plan, 0);
    uint32_t ready = 0;

    drive_expect_target(drive, plan, 0, KV_TARGET_BLOCKED);
    expect_told(plan, 0, "choose with the option");
    assert_true(option->choice_count > 5);
    for (uint32_t i = 1; i < option->choice_count; i++) {
        char *value = mem_copy_text(option->choices[i].value);

        drive_set(drive, plan, "assignments", value);
        option = kv_plan_option(plan, 0);
        ready += kv_plan_target(plan, 0)->state == KV_TARGET_READY;
        mem_free(value);
    }
    assert_true(ready > 0);
    kv_session_drop_plan(drive->session, plan);
}

/* ---- policy-remove, policy-trim ---- */

/* What is in the vault's list, without an order. */
static void policies_there_and_back(
    struct drive *drive, struct kv_plan *plan, const char *name)
{
    char *before = cloud_value(drive->cloud, name, "properties.accessPolicies");
    char *after;

    run_done(drive, plan);
    after = cloud_value(drive->cloud, name, "properties.accessPolicies");
    assert_string_not_equal(before, after);
    mem_free(after);
    plan = drive_plan_undo(drive);
    run_done(drive, plan);
    json_t *was = json_loads(before, 0, NULL);
    after = cloud_value(drive->cloud, name, "properties.accessPolicies");
    json_t *is = json_loads(after, 0, NULL);
    assert_int_equal(json_array_size(was), json_array_size(is));
    mem_free(before);
    mem_free(after);
    json_decref(was);
    json_decref(is);
}

/* A deleted principal and a compound one stand in its policies. */
static void test_policy_remove(void **state)
{
    struct drive *drive = &((struct scene *)*state)->drive;
    struct kv_plan *plan =
        drive_plan_for(drive, "policy-remove", "ACC-2", ON("kv-pay-prod-weu"));

    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    policies_there_and_back(drive, plan, "kv-pay-prod-weu");
}

static void test_policy_trim(void **state)
{
    struct drive *drive = &((struct scene *)*state)->drive;
    struct kv_plan *plan =
        drive_plan_for(drive, "policy-trim", "ACC-2", ON("kv-pay-prod-weu"));

    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    policies_there_and_back(drive, plan, "kv-pay-prod-weu");
}

/* Both together leave nothing for the row to find. */
static void test_policies_pass(void **state)
{
    struct drive *drive = &((struct scene *)*state)->drive;

    drive_expect_verdict(drive, "ACC-2", "kv-pay-prod-weu", KV_VERDICT_FAIL);
    run_done(drive, drive_plan_for(
                        drive, "policy-remove", "ACC-2", ON("kv-pay-prod-weu")));
    run_done(drive,
        drive_plan_for(drive, "policy-trim", "ACC-2", ON("kv-pay-prod-weu")));
    drive_expect_verdict(drive, "ACC-2", "kv-pay-prod-weu", KV_VERDICT_PASS);
}

/* ---- rbac-migrate ---- */

#define PAYMENTS_API "15e7ce6f-19a9-4b84-80e8-f854a3c18f3d"
#define DEAD "dfbb9e34-4cbb-4bc0-ba14-0c51a80ebdbf"
#define COMPOUND "8a20db52-d719-4f11-84ef-103c191624dd"

/* The same scene on a machine that is the payments application's. */
static char *workload_estate(const char *folder)
{
    char *from = temp_path(test_source(), "tests/cloud/estates/contoso.json");
    char *to = temp_path(folder, "estate.json");
    json_t *estate = json_load_file(from, 0, NULL);

    json_object_set_new(estate, "machine",
        json_pack("{s:s}", "systemAssigned", PAYMENTS_API));
    json_array_append_new(json_object_get(estate, "roleAssignments"),
        json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "id",
            ASSIGNMENTS OWNER_ROLE, "name", OWNER_ROLE, "type",
            "Microsoft.Authorization/roleAssignments", "properties",
            "roleDefinitionId",
            "/providers/Microsoft.Authorization/roleDefinitions/" OWNER_ROLE,
            "principalId", OPERATOR, "principalType", "ServicePrincipal",
            "scope", "/"));
    assert_int_equal(json_dump_file(estate, to, 0), 0);
    json_decref(estate);
    mem_free(from);
    return to;
}

struct workload {
    struct drive drive;
    char *bearer; /* its own, for vaults */
};

static char *workload_bearer(const struct cloud *cloud)
{
    struct answer token = cloud_ask(cloud,
        &(struct web_request){
            .path = "/metadata/identity/oauth2/token?api-version=2018-02-01"
                    "&resource=https://vault.azure.net",
            .headers = "Metadata: true\r\n",
        });
    char *bearer;

    assert_int_equal(token.status, 200);
    bearer = answer_bearer(&token);
    answer_done(&token);
    return bearer;
}

static int open_workload(void **state)
{
    struct workload *workload = mem_alloc(sizeof *workload);
    char *folder = temp_new();
    char *path = workload_estate(folder);

    *state = workload;
    drive_open_cloud(&workload->drive,
        (const char *const[]){ "--estate", path, "--suffix", "localhost",
            "--managed-identity", "imds", NULL });
    mem_free(path);
    temp_done(folder);
    workload->bearer = workload_bearer(workload->drive.cloud);
    drive_open_session(&workload->drive);
    return drive_scan(&workload->drive) == KV_SCAN_DONE ? 0 : -1;
}

static int close_workload(void **state)
{
    struct workload *workload = *state;

    mem_free(workload->bearer);
    drive_done(&workload->drive);
    mem_free(workload);
    return 0;
}

static int read_secret(const struct workload *workload)
{
    struct answer answer = cloud_ask(workload->drive.cloud,
        &(struct web_request){
            .path = "/secrets/db-password?api-version=7.4",
            .authorization = workload->bearer,
            .host = "kv-pay-prod-weu.vault.localhost",
        });
    int status = answer.status;

    answer_done(&answer);
    return status;
}

static void expect_reads(const struct workload *workload, const char *when)
{
    int status = read_secret(workload);

    if (status != 200)
        fail_with("%s the workload reads its secret with %d", when, status);
}

/* Looks after each slice of the session's work, so between all requests. */
struct watch {
    const struct workload *workload;
    const struct kv_plan *plan;
    unsigned *looks;
};

static bool ends_reading(const struct drive *drive, const void *argument)
{
    const struct watch *watch = argument;

    (void)drive;
    expect_reads(watch->workload, "during the run");
    ++*watch->looks;
    return kv_plan_state(watch->plan) == KV_PLAN_ENDED;
}

static void run_watched(struct workload *workload, struct kv_plan *plan)
{
    unsigned looks = 0;
    const struct watch watch = { workload, plan, &looks };

    drive_start_run(&workload->drive, plan);
    drive_until(&workload->drive, ends_reading, &watch, "the end of the run");
    drive_expect_target(&workload->drive, plan, 0, KV_TARGET_DONE);
    if (looks < 2 * kv_plan_target(plan, 0)->request_count)
        fail_with("it was looked only %u times", looks);
    kv_session_drop_plan(workload->drive.session, plan);
}

static void expect_no_role(const struct drive *drive, const char *principal)
{
    json_t *state = cloud_state(drive->cloud);
    size_t index;
    json_t *item;

    json_array_foreach(json_object_get(state, "roleAssignments"), index, item)
    {
        json_t *properties = json_object_get(item, "properties");
        const char *scope =
            json_string_value(json_object_get(properties, "scope"));

        if (text_contains_nocase(scope, "kv-pay-prod-weu") &&
            text_equal_nocase(json_string_value(json_object_get(
                                  properties, "principalId")),
                principal))
            fail_with("%s got a role", principal);
    }
    json_decref(state);
}

/* It reads its secret by an access policy before, by a role after, and at every
 * moment between; and so on the way back. */
static void test_migrate_payments(void **state)
{
    struct workload *workload = *state;
    struct drive *drive = &workload->drive;
    char *before = assignments(drive);
    struct kv_plan *plan =
        drive_plan_for(drive, "rbac-migrate", "ACC-1", ON("kv-pay-prod-weu"));
    char *text;

    drive_set(drive, plan, "wait", "0");
    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 0)->grade, KV_GRADE_ONE_WAY);
    expect_told(plan, 0, DEAD " (not found in the tenant) has");
    expect_told(plan, 0, "it is compound");
    expect_reads(workload, "before");
    run_watched(workload, plan);
    expect_reads(workload, "after");
    drive_expect_verdict(drive, "ACC-1", "kv-pay-prod-weu", KV_VERDICT_PASS);
    expect_no_role(drive, DEAD);
    expect_no_role(drive, COMPOUND);

    plan = drive_plan_undo(drive);
    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    run_watched(workload, plan);
    drive_expect_verdict(drive, "ACC-1", "kv-pay-prod-weu", KV_VERDICT_FAIL);
    text = assignments(drive);
    assert_string_equal(before, text);
    free(before);
    free(text);
}

/* The watch above would see it: who is left out by exception is locked out by
 * the switch. */
static void test_migrate_without_it(void **state)
{
    struct workload *workload = *state;
    struct drive *drive = &workload->drive;
    struct kv_plan *plan =
        drive_plan_for(drive, "rbac-migrate", "ACC-1", ON("kv-pay-prod-weu"));

    drive_set(drive, plan, "wait", "0");
    drive_set(drive, plan, "exceptions", PAYMENTS_API "=none");
    expect_told(plan, 0, "left out by exception: it loses all of it");
    expect_reads(workload, "before");
    run_done(drive, plan);
    assert_int_equal(read_secret(workload), 403);
}

/* A role of its own for whom no built-in one fits exactly; all of it goes with
 * the undo. */
static void test_migrate_custom(void **state)
{
    struct workload *workload = *state;
    struct drive *drive = &workload->drive;
    struct kv_plan *plan =
        drive_plan_for(drive, "rbac-migrate", "ACC-1", ON("kv-pay-prod-weu"));

    drive_set(drive, plan, "wait", "0");
    drive_set(drive, plan, "custom", "yes");
    expect_told(plan, 0, "gets a role made for it; gains nothing");
    expect_told(plan, 0, "/roleDefinitions/");
    there_and_back(drive, plan);
    expect_reads(workload, "after the way back");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_remove_gone, scan, done),
        cmocka_unit_test_setup_teardown(test_protected, scan, done),
        cmocka_unit_test_setup_teardown(test_narrow_shared, scan, done),
        cmocka_unit_test_setup_teardown(
            test_narrow_without_first, scan, done),
        cmocka_unit_test_setup_teardown(test_narrow_readers, scan, done),
        cmocka_unit_test_setup_teardown(test_policy_remove, scan, done),
        cmocka_unit_test_setup_teardown(test_policy_trim, scan, done),
        cmocka_unit_test_setup_teardown(test_policies_pass, scan, done),
        cmocka_unit_test_setup_teardown(
            test_migrate_payments, open_workload, close_workload),
        cmocka_unit_test_setup_teardown(
            test_migrate_without_it, open_workload, close_workload),
        cmocka_unit_test_setup_teardown(
            test_migrate_custom, open_workload, close_workload),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
