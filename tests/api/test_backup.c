/* Backups that are kept on this machine: which files there are and who can read
 * them, that the verdict goes by them, also in the next session, and that what
 * is in them is in no journal, log or plan. */
#include "test.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base.h"
#include "owner_scene.h"
#include "state_diff.h"
#include "temp.h"

#define VAULT "kv-shop-half-neu"
#define FILE_LIMIT (64u << 20)

static struct kv_plan *plan_backup(struct drive *drive)
{
    return drive_plan_for(
        drive, "backup", "BAK-1", (const char *const[]){ VAULT, NULL });
}

static json_t *manifest_of(const struct drive *drive)
{
    char *path = temp_path(drive->state_dir, "backups/" VAULT ".json");
    json_t *manifest = json_load_file(path, 0, NULL);

    if (!manifest)
        fail_with("%s is not there", path);
    mem_free(path);
    return manifest;
}

/* Fails the test when a file of the folder, but of no folder in it, holds the
 * text. */
static void expect_nowhere(const char *folder, const char *text)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        char *path = temp_path(folder, entry->d_name);
        struct buf bytes = { .limit = FILE_LIMIT };
        struct stat info;

        if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
            assert_int_equal(file_read_whole(&bytes, path, NULL), KV_OK);
            if (memmem(buf_text(&bytes), bytes.size, text, strlen(text)))
                fail_with("%s holds a backup", path);
        }
        buf_done(&bytes);
        mem_free(path);
    }
    closedir(dir);
}

static void check_file(const struct drive *drive, const json_t *item)
{
    const char *path = json_string_value(json_object_get(item, "file"));
    struct buf bytes = { .limit = FILE_LIMIT };
    struct stat info;

    assert_non_null(path);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(file_read_whole(&bytes, path, NULL), KV_OK);
    assert_true(bytes.size > 100);
    assert_int_equal(json_string_length(json_object_get(item, "sha256")), 64);
    expect_nowhere(drive->state_dir, buf_text(&bytes));
    buf_done(&bytes);
}

/* Three certificates, and two secrets that back none. */
static void test_files(void **state)
{
    struct drive *drive = &((struct owner_scene *)*state)->drive;
    struct kv_plan *plan = plan_backup(drive);
    json_t *manifest;
    size_t index;
    json_t *item;

    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 0)->request_count, 5);
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    drive_expect_verdict(drive, "BAK-1", VAULT, KV_VERDICT_PASS);

    manifest = manifest_of(drive);
    assert_int_equal(json_array_size(json_object_get(manifest, "objects")), 5);
    assert_non_null(json_object_get(manifest, "subscription"));
    assert_string_equal(
        json_string_value(json_object_get(manifest, "location")),
        "northeurope");
    json_array_foreach(json_object_get(manifest, "objects"), index, item)
    {
        check_file(drive, item);
    }
    json_decref(manifest);
}

/* The next session goes by the manifest, and backs up what changed only. */
static void test_what_changed(void **state)
{
    struct owner_scene *scene = *state;
    struct drive *drive = &scene->drive;
    struct kv_plan *plan = plan_backup(drive);
    struct answer answer;

    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    drive_reopen_session(drive);
    assert_int_equal(drive_scan(drive), KV_SCAN_DONE);
    drive_expect_verdict(drive, "BAK-1", VAULT, KV_VERDICT_PASS);

    plan = plan_backup(drive);
    drive_expect_target(drive, plan, 0, KV_TARGET_NOTHING);
    kv_session_drop_plan(drive->session, plan);
    answer = owner_expect(scene->owner,
        &(struct owner_ask){ .plane = PLANE_VAULT,
            .vault = VAULT,
            .method = "PATCH",
            .path = "/secrets/edge-config?api-version=7.6",
            .body = "{\"tags\":{\"owner\":\"shop\"}}" },
        200);
    answer_done(&answer);
    plan = plan_backup(drive);
    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 0)->request_count, 1);
    kv_session_drop_plan(drive->session, plan);
}

/* A place that cannot be written to is a failure, not a backup. */
static void test_no_room(void **state)
{
    struct drive *drive = &((struct owner_scene *)*state)->drive;
    struct kv_plan *plan = plan_backup(drive);

    drive_set(drive, plan, "folder", "/nonexistent/backups");
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_FAILED);
    assert_contains(kv_plan_target(plan, 0)->message, "/nonexistent/backups");
    kv_session_drop_plan(drive->session, plan);
}

/* ---- a drill ---- */

/* The only other one of the subscription whose network lets us in. */
#define SCRATCH "kv-shop-search-weu"

static struct kv_plan *plan_drill(struct drive *drive)
{
    struct kv_plan *plan = drive_plan_for(
        drive, "restore-drill", "BAK-3", (const char *const[]){ VAULT, NULL });

    drive_set(drive, plan, "into", SCRATCH);
    return plan;
}

static void back_up(struct drive *drive)
{
    struct kv_plan *plan = plan_backup(drive);

    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
}

/* One certificate and one secret: what it deletes again is all that is left of
 * them. */
static void expect_in_scratch(
    void *context, const char *path, const json_t *before, const json_t *after)
{
    unsigned *count = context;

    (void)before;
    (void)after;
    if (!strstr(path, SCRATCH) || !strstr(path, "deleted"))
        fail_with("%s became another", path);
    ++*count;
}

static void expect_no_blob(const struct drive *drive)
{
    json_t *manifest = manifest_of(drive);
    size_t index;
    json_t *item;

    json_array_foreach(json_object_get(manifest, "objects"), index, item)
    {
        check_file(drive, item);
    }
    json_decref(manifest);
}

static void test_drill(void **state)
{
    struct drive *drive = &((struct owner_scene *)*state)->drive;
    struct kv_plan *plan;
    unsigned count = 0;
    json_t *before;
    json_t *after;

    back_up(drive);
    before = cloud_state(drive->cloud);
    plan = plan_drill(drive);
    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 0)->request_count, 4);
    assert_contains(kv_plan_target(plan, 0)->requests[0].az,
        "/secrets/restore?api-version=7.6' --resource "
        "https://vault.azure.net --body \"{\\\"value\\\":\\\"$(cat '/");
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    drive_expect_verdict(drive, "BAK-3", VAULT, KV_VERDICT_PASS);
    after = cloud_state(drive->cloud);
    state_diff(before, after, expect_in_scratch, &count);
    assert_in_range(count, 1, 2);
    expect_no_blob(drive);

    /* The next session knows; and now the names are taken. */
    drive_reopen_session(drive);
    assert_int_equal(drive_scan(drive), KV_SCAN_DONE);
    drive_expect_verdict(drive, "BAK-3", VAULT, KV_VERDICT_PASS);
    plan = plan_drill(drive);
    drive_expect_target(drive, plan, 0, KV_TARGET_BLOCKED);
    assert_contains(kv_plan_target(plan, 0)->message, "is soft-deleted in");
    kv_session_drop_plan(drive->session, plan);
    json_decref(before);
    json_decref(after);
}

static void test_drill_blocked(void **state)
{
    static const struct {
        const char *into;
        const char *says;
    } rows[] = {
        { "", "say which scratch vault" },
        { "kv-nowhere", "there is no vault" },
        { "kv-pay-core-weu", "takes no backup of " VAULT },
        { VAULT, "takes no backup of " VAULT },
        { "kv-shop-cdn-neu", "it needs a firewall rule for" },
    };
    struct drive *drive = &((struct owner_scene *)*state)->drive;
    struct kv_plan *plan = plan_drill(drive);

    drive_expect_target(drive, plan, 0, KV_TARGET_BLOCKED);
    assert_contains(
        kv_plan_target(plan, 0)->message, "the archive has no backup");
    kv_session_drop_plan(drive->session, plan);
    back_up(drive);
    plan = plan_drill(drive);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        drive_set(drive, plan, "into", rows[i].into);
        drive_expect_target(drive, plan, 0, KV_TARGET_BLOCKED);
        assert_contains(kv_plan_target(plan, 0)->message, rows[i].says);
    }
    kv_session_drop_plan(drive->session, plan);
}

/* A file that is not what was kept is not sent. */
static void test_drill_changed_file(void **state)
{
    struct drive *drive = &((struct owner_scene *)*state)->drive;
    struct kv_plan *plan;
    json_t *manifest;
    long sent;
    size_t index;
    json_t *item;

    back_up(drive);
    manifest = manifest_of(drive);
    json_array_foreach(json_object_get(manifest, "objects"), index, item)
    {
        test_write_file(
            json_string_value(json_object_get(item, "file")), "another");
    }
    json_decref(manifest);
    plan = plan_drill(drive);
    sent = cloud_requests(drive->cloud, "POST");
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_FAILED);
    assert_contains(kv_plan_target(plan, 0)->message, "it was changed");
    assert_int_equal(cloud_requests(drive->cloud, "POST"), sent);
    kv_session_drop_plan(drive->session, plan);
}

/* {"value": ...} of the object that the text names. */
static void put_backup_of(
    const struct drive *drive, const char *text, struct buf *out)
{
    json_t *manifest = manifest_of(drive);
    struct buf blob = { .limit = FILE_LIMIT };
    size_t index;
    json_t *item;

    json_array_foreach(json_object_get(manifest, "objects"), index, item)
    {
        if (strstr(text, json_string_value(json_object_get(item, "object"))))
            assert_int_equal(
                file_read_whole(&blob,
                    json_string_value(json_object_get(item, "file")), NULL),
                KV_OK);
    }
    buf_putf(out, "{\"value\":\"%s\"}", buf_text(&blob));
    json_decref(manifest);
    buf_done(&blob);
}

/* Somebody else took the name in the meantime. */
static void test_drill_guard(void **state)
{
    struct owner_scene *scene = *state;
    struct drive *drive = &scene->drive;
    struct buf body = { .limit = FILE_LIMIT };
    const struct kv_target *target;
    struct kv_plan *plan;
    struct answer answer;

    back_up(drive);
    plan = plan_drill(drive);
    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    target = kv_plan_target(plan, 0);
    put_backup_of(drive, target->requests[0].what, &body);
    answer = owner_expect(scene->owner,
        &(struct owner_ask){ .plane = PLANE_VAULT,
            .vault = SCRATCH,
            .method = "POST",
            .path = strchr(strstr(target->requests[0].path, "://") + 3, '/'),
            .body = buf_text(&body) },
        200);
    answer_done(&answer);
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_SKIPPED);
    assert_contains(target->message, "changed since the preview");
    kv_session_drop_plan(drive->session, plan);
    buf_done(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_files, owner_scene_open, owner_scene_close),
        cmocka_unit_test_setup_teardown(
            test_what_changed, owner_scene_open, owner_scene_close),
        cmocka_unit_test_setup_teardown(
            test_no_room, owner_scene_open, owner_scene_close),
        cmocka_unit_test_setup_teardown(
            test_drill, owner_scene_open, owner_scene_close),
        cmocka_unit_test_setup_teardown(
            test_drill_blocked, owner_scene_open, owner_scene_close),
        cmocka_unit_test_setup_teardown(
            test_drill_changed_file, owner_scene_open, owner_scene_close),
        cmocka_unit_test_setup_teardown(
            test_drill_guard, owner_scene_open, owner_scene_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
