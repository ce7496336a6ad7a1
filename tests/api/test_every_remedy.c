/* Every remedy against the simulated cloud, one row each: it makes its finding
 * pass, changes nothing that its plan did not show, and is taken back; what
 * somebody else changed in between is left alone; who lacks the right, or meets
 * a lock, is told so before anything is sent. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "owner_scene.h"
#include "plan_shows.h"
#include "state_diff.h"
#include "temp.h"

#define READER_ID "666c4fd5-24a1-4fce-9f89-15934435676b"
#define READER_SECRET "contoso-audit-secret"

struct setting {
    const char *name;
    const char *value;
};

struct remedy_case {
    const char *remedy;
    const char *row; /* the recommendation that is to pass */
    const char *resource;
    struct setting settings[4];
    enum kv_verdict before; /* none: fail */
    bool unguarded;         /* what others do is not in its way */
    bool elsewhere; /* guard and preflight: it needs more first; test_backup */
    bool still_fails;    /* it puts right a part only */
    const char *differs; /* part of a path that an undo need not restore */
    /* Part of the path of what the service makes of a request by itself. */
    const char *makes;
};

static const struct remedy_case cases[] = {
#include "remedy_cases_inside.inc"
    { .remedy = "firewall-on",
        .row = "NET-2",
        .resource = "kv-pay-prod-weu",
        .differs = "properties.networkAcls" },
    { .remedy = "diagnostics-on",
        .row = "LOG-1",
        .resource = "kv-pay-prod-weu" },
    { .remedy = "assignment-remove",
        .row = "ACC-11",
        .resource = "kv-data-lake-weu",
        .still_fails = true },
    { .remedy = "assignment-narrow",
        .row = "ACC-5",
        .resource = "kv-data-etl-weu",
        .settings = { { "wait", "0" } },
        .still_fails = true },
    { .remedy = "assignment-replace",
        .row = "ACC-11",
        .resource = "kv-shop-search-weu",
        .settings = { { "wait", "0" } },
        .still_fails = true },
    { .remedy = "pim-require-approval",
        .row = "ACC-7",
        .resource = "kv-team-dev-weu",
        .settings = { { "approvers", "977d5591-b4d4-48b7-9c51-601f5df25085" } },
        .makes = "roleManagementPolicies",
        .differs = "roleManagementPolicies" },
    { .remedy = "pim-require-mfa",
        .row = "ACC-8",
        .resource = "kv-team-dev-weu",
        .makes = "roleManagementPolicies",
        .differs = "roleManagementPolicies" },
    { .remedy = "make-eligible",
        .row = "ACC-6",
        .resource = "kv-web-dev-weu",
        .still_fails = true,
        .makes = "roleEligibilityScheduleInstances",
        .differs = "ScheduleRequests" /* what was asked stays written */ },
    { .remedy = "policy-trim",
        .row = "ACC-2",
        .resource = "kv-pay-prod-weu",
        .still_fails = true,
        .differs = "permissions" /* their casing */ },
    { .remedy = "policy-remove",
        .row = "ACC-2",
        .resource = "kv-pay-prod-weu",
        .still_fails = true,
        .differs = "permissions" /* their casing */ },
    { .remedy = "rbac-migrate",
        .row = "ACC-1",
        .resource = "kv-pay-prod-weu",
        .settings = { { "wait", "0" }, { "custom", "yes" } } },
    { .remedy = "purge-protection-on",
        .row = "PRO-3",
        .resource = "kv-pay-prod-weu" },
    { .remedy = "firewall-rules",
        .row = "NET-3",
        .resource = "kv-shop-prod-weu",
        .differs = "properties.networkAcls.ipRules" },
    { .remedy = "public-access-off",
        .row = "NET-1",
        .resource = "kv-plat-keys-weu" },
    { .remedy = "public-access-off",
        .row = "HSM-9",
        .resource = "hsm-legal-neu" },
    { .remedy = "bypass-off",
        .row = "NET-4",
        .resource = "kv-pay-stage-neu",
        .before = KV_VERDICT_MANUAL },
    { .remedy = "tag-set",
        .row = "GOV-4",
        .resource = "kv-pay-recon-weu",
        .settings = { { "tags", "owner=payments-team@contoso.com" } } },
    { .remedy = "lock-create",
        .row = "GOV-3",
        .resource = "kv-team-dev-weu",
        .settings = { { "level", "ReadOnly" } } },
    { .remedy = "soft-delete-on",
        .row = "PRO-1",
        .resource = "kv-plat-nosd-neu" },
    { .remedy = "vault-set", .row = "ACC-14", .resource = "kv-pay-prod-weu" },
    { .remedy = "diagnostics-on",
        .row = "LOG-11",
        .resource = "kv-data-etl-weu" },
    { .remedy = "defender-on",
        .row = "LOG-6",
        .resource = "kv-data-etl-weu",
        .differs = "pricings" },
    { .remedy = "retention-extend",
        .row = "LOG-2",
        .resource = "kv-web-dev-weu",
        .differs = "/tables/" },
    { .remedy = "retention-extend",
        .row = "LOG-2",
        .resource = "kv-data-arch-weu" },
    { .remedy = "alerts-create",
        .row = "LOG-4",
        .resource = "kv-shop-half-neu" },
    { .remedy = "alerts-create",
        .row = "LOG-5",
        .resource = "kv-pay-stage-neu" },
    { .remedy = "alerts-create", .row = "LOG-9", .resource = "hsm-lab-weu" },
    { .remedy = "alerts-create",
        .row = "LOG-10",
        .resource = "kv-data-etl-weu",
        .settings = { { "group", "new" },
            { "email", "data-team@contoso.com" } } },
    { .remedy = "eventgrid-create",
        .row = "LOG-7",
        .resource = "kv-data-etl-weu" },
    { .remedy = "eventgrid-create",
        .row = "GOV-2",
        .resource = "kv-data-etl-weu" },
    { .remedy = "policy-assign",
        .row = "GOV-1",
        .resource = "kv-web-dev-weu",
        .settings = { { "effect", "Deny" } } },
    { .remedy = "endpoint-dns",
        .row = "NET-7",
        .resource = "kv-data-lake-weu" },
    { .remedy = "endpoint-create",
        .row = "NET-6",
        .resource = "kv-data-etl-weu",
        .differs = "privateEndpointConnections",
        .makes = "privateEndpointConnections" },
    { .remedy = "perimeter-enforce",
        .row = "NET-5",
        .resource = "kv-data-lake-weu" },
    { .remedy = "endpoint-approve",
        .row = "NET-6",
        .resource = "kv-partner-prod-neu",
        .settings = { { "connection", "pep-partner-prod-neu.15fcc9e5-b294-487b-"
                                      "8060-c90df6075eb6" } },
        .differs = "privateEndpointConnections" },
    { .remedy = "vault-recover",
        .row = "PRO-4",
        .resource = "kv-shop-prod-weu" },
};

/* ---- the cloud, and a session of somebody who may do everything ---- */

static struct kv_plan *plan_case(
    struct drive *drive, const struct remedy_case *row)
{
    struct kv_plan *plan = drive_plan_for(drive, row->remedy, row->row,
        (const char *const[]){ row->resource, NULL });

    print_message("  %s for %s on %s\n", row->remedy, row->row, row->resource);
    for (size_t i = 0; i < LENGTH(row->settings); i++)
        if (row->settings[i].name)
            drive_set(
                drive, plan, row->settings[i].name, row->settings[i].value);
    return plan;
}

static void expect_restored(
    void *context, const char *path, const json_t *before, const json_t *after)
{
    const char *differs = context;
    char *was = before ? json_dumps(before, JSON_ENCODE_ANY) : NULL;
    char *is = after ? json_dumps(after, JSON_ENCODE_ANY) : NULL;

    if (!differs || !strstr(path, differs))
        fail_with("the undo did not restore\n%s\nfrom\n%s\nto\n%s", path,
            is ? is : "absent", was ? was : "absent");
    free(was);
    free(is);
}

/* ---- there and back ---- */

static void expect_done(const struct drive *drive, struct kv_plan *plan)
{
    for (uint32_t i = 0; i < kv_plan_target_count(plan); i++)
        drive_expect_target(drive, plan, i, KV_TARGET_DONE);
}

static void undo_case(
    struct drive *drive, const struct remedy_case *row, const json_t *before)
{
    struct kv_plan *plan = drive_plan_undo(drive);
    json_t *after;

    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    drive_run(drive, plan);
    expect_done(drive, plan);
    kv_session_drop_plan(drive->session, plan);
    after = cloud_state(drive->cloud);
    state_diff(before, after, expect_restored, (void *)row->differs);
    json_decref(after);
}

static void run_case(struct drive *drive, const struct remedy_case *row)
{
    json_t *before = cloud_state(drive->cloud);
    struct kv_plan *plan = plan_case(drive, row);
    json_t *after;

    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    drive_run(drive, plan);
    expect_done(drive, plan);
    drive_settle(drive);
    after = cloud_state(drive->cloud);
    state_diff(before, after, expect_shown,
        &(struct plan_shows){
            .plan = plan,
            .makes = row->makes,
        });
    kv_session_drop_plan(drive->session, plan);
    if (!row->still_fails)
        drive_expect_verdict(drive, row->row, row->resource, KV_VERDICT_PASS);
    if (kv_remedy_find(row->remedy)->undo)
        undo_case(drive, row, before);
    json_decref(before);
    json_decref(after);
}

static void test_there_and_back(void **state)
{
    struct owner_scene *scene = *state;

    for (size_t i = 0; i < LENGTH(cases); i++) {
        drive_expect_verdict(&scene->drive, cases[i].row, cases[i].resource,
            cases[i].before ? cases[i].before : KV_VERDICT_FAIL);
        run_case(&scene->drive, &cases[i]);
    }
}

/* Every remedy of the table has a case. */
static void test_all_are_here(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_remedies_count; i++) {
        bool found = false;

        for (size_t j = 0; j < LENGTH(cases); j++)
            found |= strcmp(cases[j].remedy, kv_remedies[i].id) == 0;
        if (!found)
            fail_with("%s has no case", kv_remedies[i].id);
    }
}

/* ---- somebody else was faster ---- */

/* Sends the plan's first request as another client would. */
static void overtake(
    struct owner_scene *scene, const struct kv_request *request)
{
    const char *at = strstr(request->path, "://");
    struct owner_ask ask = {
        .method = request->method,
        .path = at ? strchr(at + 3, '/') : request->path,
        .body = request->body,
        .plane = PLANE_ARM,
    };
    char name[128] = "";
    struct answer answer;

    if (at) {
        (void)snprintf(
            name, sizeof name, "%.*s", (int)strcspn(at + 3, "."), at + 3);
        ask.vault = name;
        ask.plane = strstr(at, ".managedhsm.") ? PLANE_HSM : PLANE_VAULT;
    }
    answer = owner_send(scene->owner, &ask);
    if (answer.status / 100 != 2)
        fail_with("%s %s as somebody else answered %d", request->method,
            request->path, answer.status);
    answer_done(&answer);
}

static void test_guards(void **state)
{
    struct owner_scene *scene = *state;
    struct drive *drive = &scene->drive;

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct kv_plan *plan;
        const struct kv_target *target;
        json_t *before;
        json_t *after;

        if (cases[i].unguarded || cases[i].elsewhere)
            continue;
        plan = plan_case(drive, &cases[i]);
        target = kv_plan_target(plan, 0);

        /* One that was made to pass for good by a case before. */
        if (target->state == KV_TARGET_NOTHING) {
            kv_session_drop_plan(drive->session, plan);
            continue;
        }
        drive_expect_target(drive, plan, 0, KV_TARGET_READY);
        overtake(scene, &target->requests[0]);
        before = cloud_state(drive->cloud);
        drive_run(drive, plan);
        drive_expect_target(drive, plan, 0, KV_TARGET_SKIPPED);
        assert_contains(target->message, "changed since the preview");
        after = cloud_state(drive->cloud);
        /* What Azure was still at work on ends meanwhile. */
        state_diff(before, after, expect_restored, "provisioningState");
        kv_session_drop_plan(drive->session, plan);
        json_decref(before);
        json_decref(after);
    }
}

/* ---- who may not ---- */

static int open_reader(void **state)
{
    struct owner_scene *scene;

    if (owner_scene_open(state) != 0)
        return -1;
    scene = *state;
    assert_int_equal(setenv("AZURE_CLIENT_ID", READER_ID, 1), 0);
    assert_int_equal(setenv("AZURE_CLIENT_SECRET", READER_SECRET, 1), 0);
    drive_reopen_session(&scene->drive);
    return drive_scan(&scene->drive) == KV_SCAN_DONE ? 0 : -1;
}

/* Either the right is missing, or so much that nobody can tell what to do. */
static void expect_refused(const char *message)
{
    if (!strstr(message, "you do not hold") &&
        !strstr(message, "cannot be read, which takes") &&
        !strstr(message, "is not known, as not all") &&
        !strstr(message, "was not read") && !strstr(message, "is not one that"))
        fail_with("blocked, but not for a missing right: %s", message);
}

/* Inside an HSM its own roles decide, of which Azure tells nothing. */
static bool says_unknown(const struct kv_target *target)
{
    for (uint32_t i = 0; i < target->check_count; i++)
        if (target->checks[i].state == KV_CHECK_UNKNOWN &&
            strstr(target->checks[i].text, "the HSM's own roles decide"))
            return true;
    return false;
}

static void test_preflight(void **state)
{
    struct owner_scene *scene = *state;
    struct drive *drive = &scene->drive;
    long writes = cloud_requests(drive->cloud, "PATCH") +
                  cloud_requests(drive->cloud, "PUT") +
                  cloud_requests(drive->cloud, "DELETE");

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct kv_plan *plan;

        if (cases[i].elsewhere)
            continue;
        plan = plan_case(drive, &cases[i]);
        if (says_unknown(kv_plan_target(plan, 0))) {
            kv_session_drop_plan(drive->session, plan);
            continue;
        }
        drive_expect_target(drive, plan, 0, KV_TARGET_BLOCKED);
        expect_refused(kv_plan_target(plan, 0)->message);
        kv_session_drop_plan(drive->session, plan);
    }
    assert_int_equal(cloud_requests(drive->cloud, "PATCH") +
                         cloud_requests(drive->cloud, "PUT") +
                         cloud_requests(drive->cloud, "DELETE"),
        writes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_here),
        cmocka_unit_test_setup_teardown(
            test_there_and_back, owner_scene_open, owner_scene_close),
        cmocka_unit_test_setup_teardown(
            test_guards, owner_scene_open, owner_scene_close),
        cmocka_unit_test_setup_teardown(
            test_preflight, open_reader, owner_scene_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
