/* Every remedy on every resource of Contoso that it can be done to: nothing
 * becomes another that the plan did not show. A few remedies in each run of the
 * tests; KVGOV_ALL_RESOURCES=yes takes all of them, =REMEDY one. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "owner_scene.h"
#include "plan_shows.h"
#include "state_diff.h"

#define RESOURCES_MOST 64
/* Roles inside of an HSM are waited for, until they count everywhere. */
#define MINUTES_MOST 40

/* What cannot go without a word from somebody, and what the service makes of
 * the requests by itself. */
static const struct sweep_row {
    const char *remedy;
    const char *option;
    const char *value;
    const char *makes;
} sweep_rows[] = {
    { "tag-set", "tags", "owner=payments-team@contoso.com", NULL },
    { "assignment-narrow", "wait", "0", NULL },
    { "assignment-replace", "wait", "0", NULL },
    { "rbac-migrate", "wait", "0", NULL },
    { "rbac-migrate", "custom", "yes", NULL },
    { "lock-create", "level", "CanNotDelete", NULL },
    { "policy-assign", "effect", "Audit", NULL },
    { "alerts-create", "group", "new", NULL },
    { "alerts-create", "email", "data-team@contoso.com", NULL },
    { "pim-require-approval", "approvers",
        "977d5591-b4d4-48b7-9c51-601f5df25085", "roleManagementPolicies" },
    { "pim-require-mfa", NULL, NULL, "roleManagementPolicies" },
    { "make-eligible", NULL, NULL, "roleEligibilityScheduleInstances" },
    { "endpoint-create", NULL, NULL, "privateEndpointConnections" },
    { "defender-on", NULL, NULL, "enablementTime" },
    { "hsm-backup", "container",
        "https://stcontosohsmneu.blob.core.windows.net/backups", NULL },
};

static const char *const always[] = { "purge-protection-on", "bypass-off",
    "set-content-type", "policy-remove" };

static bool is_wanted(const char *wanted, const char *remedy)
{
    if (wanted)
        return strcmp(wanted, "yes") == 0 || strcmp(wanted, remedy) == 0;
    for (size_t i = 0; i < LENGTH(always); i++)
        if (strcmp(always[i], remedy) == 0)
            return true;
    return false;
}

/* ---- which ones ---- */

struct sweep {
    struct drive *drive;
    const struct kv_remedy *remedy;
    unsigned done;
};

static const char *set_options(const struct sweep *sweep, struct kv_plan *plan)
{
    const char *makes = NULL;

    for (size_t i = 0; i < LENGTH(sweep_rows); i++) {
        const struct sweep_row *row = &sweep_rows[i];

        if (strcmp(row->remedy, sweep->remedy->id) != 0)
            continue;
        if (row->option)
            drive_set(sweep->drive, plan, row->option, row->value);
        if (row->makes)
            makes = row->makes;
    }
    return makes;
}

static void fail_without_end(
    const struct drive *drive, const struct kv_plan *plan)
{
    for (uint32_t i = 0; i < kv_plan_target_count(plan); i++) {
        const struct kv_target *target = kv_plan_target(plan, i);

        print_message("  %s %s: %s\n", target->name,
            kv_target_state_name(target->state),
            target->message ? target->message : "");
    }
    fail_with("%s has not ended\n%s", kv_plan_remedy(plan)->id,
        drive_messages(drive));
}

/* Of many, some of which pass only after a while. */
static void run_to_end(struct drive *drive, struct kv_plan *plan)
{
    drive_start_run(drive, plan);
    for (int i = 0;
         i < MINUTES_MOST * 600 && kv_plan_state(plan) != KV_PLAN_ENDED; i++) {
        if (kv_plan_state(plan) == KV_PLAN_PAUSED)
            kv_session_run_go_on(drive->session, plan);
        drive_for(drive, 100);
    }
    if (kv_plan_state(plan) != KV_PLAN_ENDED)
        fail_without_end(drive, plan);
    drive_settle(drive);
}

/* Runs what is ready, and leaves alone what is not. False where so many at once
 * are not allowed. */
static bool run_on(struct sweep *sweep, const char *const *names)
{
    struct kv_confirmation ask = { 0 };
    struct drive *drive = sweep->drive;
    struct kv_plan *plan = drive_plan(drive, sweep->remedy->id, names);
    const char *makes = set_options(sweep, plan);
    json_t *before;
    json_t *after;

    kv_plan_confirmation(plan, &ask);
    if (kv_plan_count(plan, KV_TARGET_READY) == 0 || !*ask.expect) {
        bool refused = kv_plan_count(plan, KV_TARGET_READY) > 0;

        kv_session_drop_plan(drive->session, plan);
        return !refused;
    }
    before = cloud_state(drive->cloud);
    kv_session_run_pace(drive->session, plan,
        &(struct kv_pace){ .automatic = true, .failed_percent = 100 });
    run_to_end(drive, plan);
    after = cloud_state(drive->cloud);
    state_diff(before, after, expect_shown,
        &(struct plan_shows){ .plan = plan, .makes = makes });
    sweep->done += kv_plan_count(plan, KV_TARGET_DONE) +
                   kv_plan_count(plan, KV_TARGET_UNVERIFIED);
    kv_session_drop_plan(drive->session, plan);
    json_decref(before);
    json_decref(after);
    return true;
}

static bool is_changed_by(
    const struct kv_remedy *remedy, const struct kv_resource *resource)
{
    return !resource->gone &&
           remedy->kinds & (KV_ON_SUBSCRIPTION | 1u << resource->kind);
}

/* What may lock out is confirmed for one alone. */
static void sweep_remedy(struct sweep *sweep)
{
    const struct kv_estate *estate = kv_session_estate(sweep->drive->session);
    const char *names[RESOURCES_MOST + 1] = { NULL };
    size_t count = 0;

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *resource = kv_estate_resource(estate, i);

        if (is_changed_by(sweep->remedy, resource) && count < RESOURCES_MOST)
            names[count++] = resource->name;
    }
    if (run_on(sweep, names))
        return;
    for (size_t i = 0; i < count; i++)
        if (!run_on(sweep, (const char *const[]){ names[i], NULL }))
            fail_with(
                "%s cannot be done to %s alone", sweep->remedy->id, names[i]);
}

static void test_sweep(void **state)
{
    /* Asked before a session of its own has an environment of its own. */
    const char *asked = getenv("KVGOV_ALL_RESOURCES");
    char *wanted = mem_copy_text(asked);
    unsigned all = 0;

    (void)state;
    for (size_t i = 0; i < kv_remedies_count; i++) {
        struct sweep sweep = { .remedy = &kv_remedies[i] };
        void *scene;

        if (!is_wanted(wanted, sweep.remedy->id))
            continue;
        assert_int_equal(owner_scene_open(&scene), 0);
        sweep.drive = &((struct owner_scene *)scene)->drive;
        sweep_remedy(&sweep);
        print_message("  %-22s %u\n", sweep.remedy->id, sweep.done);
        all += sweep.done;
        (void)owner_scene_close(&scene);
    }
    assert_true(wanted || all > 10);
    mem_free(wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
