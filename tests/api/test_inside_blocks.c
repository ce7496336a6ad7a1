/* What the remedies inside vaults and HSMs refuse before anything is sent, and
 * what they leave out with a word. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "owner_scene.h"
#include "temp.h"

static const struct {
    const char *remedy;
    const char *row;
    const char *resource;
    const char *option;
    const char *value;
    enum kv_target_state state;
    const char *says; /* in a check */
} cases[] = {
    /* A key must not end before its next version is there. */
    { "set-expiry", "OBJ-5", "kv-plat-ci-weu", "objects", "keys/sign-artifacts",
        KV_TARGET_BLOCKED, "run rotation-policy first" },
    { "set-expiry", "OBJ-5", "kv-shop-half-neu", "expires", "2020-01-01",
        KV_TARGET_BLOCKED, "the date is in the past" },
    { "set-expiry", "OBJ-5", "kv-shop-half-neu", "objects", "secrets/none",
        KV_TARGET_BLOCKED, "was not found" },
    { "set-content-type", "OBJ-15", "kv-plat-ci-weu", "objects",
        "keys/sign-oct", KV_TARGET_BLOCKED, "this is not done to keys" },
    { "set-expiry", "OBJ-8", "kv-data-etl-weu", "objects", "secrets/queue",
        KV_TARGET_BLOCKED, "make a new version instead" },
    { "certificate-autorenew", "OBJ-2", "kv-shop-half-neu", "objects",
        "certificates/edge-ec", KV_TARGET_BLOCKED,
        "its issuer is not known to the vault" },
    { "certificate-autorenew", "OBJ-2", "kv-shop-half-neu", NULL, NULL,
        KV_TARGET_READY, "certificates/edge-ec is left out" },
    { "rotation-policy", "HSM-22", "hsm-legal-neu", "after_days", "14",
        KV_TARGET_BLOCKED, "sooner than after 28 days" },
    { "rotate-key", "OBJ-9", "kv-shop-half-neu", "objects", "keys/edge-old",
        KV_TARGET_BLOCKED, "renewed with its certificate" },
    /* The last administrators: a person, somebody who is gone, the caller. */
    { "hsm-role-remove", "HSM-4", "hsm-legal-neu", "assignments",
        "70cdc527-9bfd-40a2-9c22-a7068c1d75b0,"
        "8f327c9d-2c1f-4d91-b40d-55a18f99615b,"
        "a290e904-7015-4bba-90c8-60543313cdb4",
        KV_TARGET_BLOCKED, "nobody would administer the HSM" },
    { "hsm-role-remove", "HSM-4", "hsm-legal-neu", "assignments",
        "70cdc527-9bfd-40a2-9c22-a7068c1d75b0,"
        "a290e904-7015-4bba-90c8-60543313cdb4",
        KV_TARGET_BLOCKED, "nobody would administer the HSM" },
    { "hsm-role-replace", "HSM-1", "hsm-legal-neu", "group",
        "df3cfdda-0234-45f6-affc-8a64b3550f8a", KV_TARGET_BLOCKED,
        "name the object id of a security group" },
    { "hsm-role-narrow", "HSM-3", "hsm-legal-neu", "keys", "keys/none",
        KV_TARGET_BLOCKED, "nothing would be left" },
    { "hsm-backup", "HSM-6", "hsm-legal-neu", NULL, NULL, KV_TARGET_BLOCKED,
        "name a blob container" },
    { "hsm-backup", "HSM-6", "hsm-lab-weu", "container",
        "https://stcontosohsmneu.blob.core.windows.net/backups",
        KV_TARGET_BLOCKED, "no user-assigned identity" },
};

static bool says(const struct kv_target *target, const char *text)
{
    for (uint32_t i = 0; i < target->check_count; i++)
        if (strstr(target->checks[i].text, text))
            return true;
    return false;
}

static void test_blocks(void **state)
{
    struct drive *drive = &((struct owner_scene *)*state)->drive;

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct kv_plan *plan = drive_plan_for(drive, cases[i].remedy,
            cases[i].row, (const char *const[]){ cases[i].resource, NULL });
        const struct kv_target *target;

        if (cases[i].option)
            drive_set(drive, plan, cases[i].option, cases[i].value);
        target = kv_plan_target(plan, 0);
        if (target->state != cases[i].state || !says(target, cases[i].says))
            fail_with("%s on %s with %s=%s is %s (%s), expected %s and: %s",
                cases[i].remedy, cases[i].resource,
                cases[i].option ? cases[i].option : "nothing",
                cases[i].value ? cases[i].value : "",
                kv_target_state_name(target->state),
                target->message ? target->message : "",
                kv_target_state_name(cases[i].state), cases[i].says);
        kv_session_drop_plan(drive->session, plan);
    }
    assert_int_equal(cloud_requests(drive->cloud, "PATCH") +
                         cloud_requests(drive->cloud, "PUT") +
                         cloud_requests(drive->cloud, "DELETE"),
        0);
}

/* One sentence about what was typed. */
static const struct {
    const char *remedy;
    const char *row;
    const char *resource;
    const char *option;
    const char *value;
} refused[] = {
    { "set-expiry", "OBJ-5", "kv-shop-half-neu", "expires", "soon" },
    { "set-expiry", "OBJ-5", "kv-shop-half-neu", "expires", "2027-13-01" },
    { "set-expiry", "OBJ-5", "kv-shop-half-neu", "objects", "edge-config" },
    { "set-expiry", "OBJ-5", "kv-shop-half-neu", "objects", "keys/../x" },
    { "set-content-type", "OBJ-15", "kv-plat-ci-weu", "content_type", "" },
    { "rotation-policy", "OBJ-6", "kv-plat-ci-weu", "after_days", "6" },
    { "certificate-autorenew", "OBJ-2", "kv-shop-half-neu", "percentage",
        "100" },
    { "hsm-role-remove", "HSM-4", "hsm-legal-neu", "assignments", "all" },
    { "hsm-backup", "HSM-6", "hsm-legal-neu", "container",
        "https://stcontosohsmneu.blob.core.windows.net/backups?sig=x" },
    { "backup", "BAK-1", "kv-shop-half-neu", "folder", "here" },
};

static void test_bad_options(void **state)
{
    struct drive *drive = &((struct owner_scene *)*state)->drive;

    for (size_t i = 0; i < LENGTH(refused); i++) {
        struct kv_plan *plan = drive_plan_for(drive, refused[i].remedy,
            refused[i].row, (const char *const[]){ refused[i].resource, NULL });
        struct kv_error err = { 0 };

        if (kv_session_plan_set(drive->session, plan, refused[i].option,
                refused[i].value, &err) != KV_BAD_INPUT)
            fail_with("%s took %s=%s", refused[i].remedy, refused[i].option,
                refused[i].value);
        assert_true(err.text[0] != '\0');
        kv_session_drop_plan(drive->session, plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_bad_options),
    };

    return cmocka_run_group_tests(tests, owner_scene_open, owner_scene_close);
}
