/* What outlives a session: the last estate and the journal, also where two
 * sessions share one folder. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "drive.h"
#include "temp.h"

#define VAULT "kv-pay-prod-weu"
/* What was read is committed in the steps after the scan's end; both sessions
 * share this thread, so one cannot wait for the other. */
#define SETTLE_MS 1000

static bool shows_stored(const struct drive *drive, const void *argument)
{
    (void)argument;
    /* All of it in place, and judged by it: what lies around a vault decides
     * with it. */
    return kv_session_scan(drive->session)->state == KV_SCAN_STORED &&
           drive_verdict(drive, "NET-2", VAULT) != KV_VERDICT_UNKNOWN;
}

/* The next session shows what the last one read before Azure has answered. */
static void test_stored(void **state)
{
    struct drive drive;

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    cloud_fault(drive.cloud, "hold=30");
    drive_reopen_session(&drive);
    kv_session_start(drive.session);
    drive_until(&drive, shows_stored, NULL, "the stored estate");
    assert_int_not_equal(
        kv_session_sign_in(drive.session)->state, KV_SIGN_IN_DONE);
    assert_true(kv_session_scan(drive.session)->data_at_s > 0);
    drive_expect_verdict(&drive, "NET-2", VAULT, KV_VERDICT_FAIL);
    drive_expect_verdict(
        &drive, "LOG-1", "kv-legal-docs-weu", KV_VERDICT_UNKNOWN);
    cloud_mend(drive.cloud);
    drive_done(&drive);
}

/* A scan that could not read the inventory forgets nothing: not read is not
 * the same as gone. */
static void test_not_gone(void **state)
{
    struct drive drive;

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    cloud_fault(drive.cloud, "status=403:match=Microsoft.ResourceGraph");
    cloud_fault(drive.cloud, "status=403:match=Microsoft.KeyVault");
    (void)drive_rescan(&drive);
    assert_false(drive_resource(&drive, VAULT)->gone);
    assert_int_equal(
        kv_estate_resource_count(kv_session_estate(drive.session)), 47);
    cloud_mend(drive.cloud);
    assert_int_equal(drive_rescan(&drive), KV_SCAN_DONE);
    assert_false(drive_resource(&drive, VAULT)->gone);
    drive_done(&drive);
}

static void test_journal_outlives(void **state)
{
    const char *const names[] = { VAULT, NULL };
    struct drive drive;

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", names);
    drive_run(&drive, plan);
    kv_session_drop_plan(drive.session, plan);
    drive_reopen_session(&drive);
    assert_string_equal(drive_last_entry(&drive)->target_name, VAULT);
    assert_int_equal(drive_last_entry(&drive)->result, KV_JOURNAL_DONE);
    /* The undo works from the journal alone, in another session. */
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    plan = drive_plan_undo(&drive);
    drive_run(&drive, plan);
    drive_expect_target(&drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
}

/* Two sessions on one folder: both run, and one chain stays whole. */
static void test_two_sessions(void **state)
{
    struct drive drive;
    struct kv_session *second = NULL;
    struct kv_error err = { 0 };
    struct kv_journal_check check = { 0 };

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    drive_for(&drive, SETTLE_MS);
    if (kv_session_open(&second, &drive.options, &err) != KV_OK)
        fail_with("the second session did not open: %s", err.text);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(
            kv_session_write_on(drive.session, "first", &err), KV_OK);
        assert_int_equal(kv_session_write_on(second, "second", &err), KV_OK);
        kv_session_write_off(drive.session);
        kv_session_write_off(second);
    }
    kv_session_close(second);
    char *journal = temp_path(drive.state_dir, "journal.db");
    assert_int_equal(kv_journal_verify(journal, &check, &err), KV_OK);
    assert_int_equal(check.broken_at, 0);
    assert_true(check.records >= 10);
    mem_free(journal);
    drive_done(&drive);
}

/* A session that starts beside another must not settle what that other one
 * is just doing. */
static bool patch_was_sent(const struct drive *drive, const void *argument)
{
    (void)argument;
    return cloud_requests(drive->cloud, "PATCH") == 1;
}

static bool has_ended(const struct drive *drive, const void *argument)
{
    (void)drive;
    return kv_plan_state(argument) == KV_PLAN_ENDED;
}

static void test_second_does_not_settle(void **state)
{
    const char *const arguments[] = { "--fault", "hold-answer=5:method=PATCH",
        NULL };
    const char *const names[] = { VAULT, NULL };
    struct kv_error err = { 0 };
    struct drive first;
    struct drive second = { 0 };

    (void)state;
    drive_open(&first, arguments);
    assert_int_equal(drive_scan(&first), KV_SCAN_DONE);
    struct kv_plan *plan = drive_plan(&first, "firewall-on", names);
    drive_start_run(&first, plan);
    drive_until(&first, patch_was_sent, NULL, "the request");
    drive_for(&first, SETTLE_MS);
    second.cloud = first.cloud;
    second.options = first.options;
    if (kv_session_open(&second.session, &second.options, &err) != KV_OK)
        fail_with("the second session did not open: %s", err.text);
    assert_int_equal(drive_scan(&second), KV_SCAN_DONE);
    kv_session_close(second.session);
    drive_until(&first, has_ended, plan, "the end of the run");
    drive_expect_target(&first, plan, 0, KV_TARGET_DONE);
    assert_false(drive_last_entry(&first)->settled);
    kv_session_drop_plan(first.session, plan);
    drive_done(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stored),
        cmocka_unit_test(test_not_gone),
        cmocka_unit_test(test_journal_outlives),
        cmocka_unit_test(test_two_sessions),
        cmocka_unit_test(test_second_does_not_settle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
