/* What a session judges by and remembers: another baseline at once and without
 * the network, exceptions as they are made and as they end, history by day. */
#include "drive.h"
#include "test.h"

#include <sqlite3.h>

#include "base.h"
#include "temp.h"

#define VAULT "kv-pay-prod-weu"
#define SHUT "{\"properties\":{\"networkAcls\":{\"defaultAction\":\"Deny\"}}}"

static bool is_idle(const struct drive *drive, const void *argument)
{
    (void)argument;
    return kv_session_idle(drive->session);
}

static void test_baseline(void **state)
{
    struct drive drive;
    long requests;

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    requests = cloud_requests(drive.cloud, NULL);
    drive_expect_verdict(&drive, "NET-1", VAULT, KV_VERDICT_FAIL);
    drive_expect_verdict(&drive, "NET-2", VAULT, KV_VERDICT_FAIL);

    kv_session_set_baseline(drive.session, KV_BASELINE_2019);
    drive_until(&drive, is_idle, NULL, "judged again");
    drive_expect_verdict(&drive, "NET-1", VAULT, KV_VERDICT_NOT_APPLICABLE);
    drive_expect_verdict(&drive, "NET-2", VAULT, KV_VERDICT_FAIL);
    assert_int_equal(
        kv_session_policy(drive.session)->baseline, KV_BASELINE_2019);

    kv_session_set_baseline(drive.session, KV_BASELINE_CURRENT);
    drive_until(&drive, is_idle, NULL, "judged again");
    drive_expect_verdict(&drive, "NET-1", VAULT, KV_VERDICT_FAIL);
    assert_int_equal(cloud_requests(drive.cloud, NULL), requests);
    drive_done(&drive);
}

/* The policy of the options is copied, and obeyed. */
static void test_policy(void **state)
{
    struct drive drive = { 0 };
    struct kv_policy policy = kv_policy_default;
    struct kv_error err = { 0 };

    (void)state;
    drive_open_cloud(&drive, NULL);
    policy.read_only = true;
    policy.baseline = KV_BASELINE_2019;
    drive.options.policy = &policy;
    drive_open_session(&drive);
    policy.baseline = KV_BASELINE_CURRENT;
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    drive_expect_verdict(&drive, "NET-1", VAULT, KV_VERDICT_NOT_APPLICABLE);
    assert_true(kv_session_mode(drive.session)->read_only);
    assert_int_equal(kv_session_write_on(drive.session, "", &err), KV_REFUSED);
    drive_done(&drive);
}

/* It counts at once, and no longer when its last second has passed. */
static void test_exception_ends(void **state)
{
    struct drive drive;
    struct buf subject = { .limit = 4096 };
    struct kv_error err = { 0 };

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    assert_int_equal(
        kv_session_find_subject(drive.session, VAULT, &subject, &err), KV_OK);
    assert_int_equal(kv_session_except(drive.session,
                         &(struct kv_exception){ .row = "NET-2",
                             .scope = buf_text(&subject),
                             .reason = "until the move",
                             .owner = "Contoso Payments",
                             .until_s = kv_session_now(drive.session) + 2 },
                         &err),
        KV_OK);
    drive_until(&drive, is_idle, NULL, "judged again");
    drive_expect_verdict(&drive, "NET-2", VAULT, KV_VERDICT_EXCEPTED);
    drive_for(&drive, 3500);
    drive_expect_verdict(&drive, "NET-2", VAULT, KV_VERDICT_FAIL);
    assert_string_equal(
        kv_posture_exception(kv_session_posture(drive.session),
            kv_catalogue_find("NET-2"), drive_find(&drive, VAULT))
            ->reason,
        "until the move");
    buf_done(&subject);
    drive_done(&drive);
}

/* ---- history ---- */

static const struct kv_tally *today(
    const struct drive *drive, uint32_t row, const char *subject)
{
    static struct kv_trend_day days[KV_TREND_DAYS];

    kv_session_trend(drive->session, row, subject, days, KV_TREND_DAYS);
    assert_false(days[0].known);
    assert_true(days[KV_TREND_DAYS - 1].known);
    assert_int_equal(days[KV_TREND_DAYS - 1].day_s - days[0].day_s, 89 * 86400);
    return &days[KV_TREND_DAYS - 1].tally;
}

static void check_trend(const struct drive *drive, uint32_t row)
{
    const struct kv_posture *posture = kv_session_posture(drive->session);
    const struct kv_tally *judged = kv_posture_row(posture, row);
    const struct kv_tally *kept = today(drive, row, NULL);

    for (unsigned i = KV_VERDICT_PASS; i < KV_VERDICT_COUNT; i++)
        assert_int_equal(kept->count[i], judged->count[i]);
}

static void test_history(void **state)
{
    struct drive drive;
    struct kv_kept_scan scan;
    uint32_t row = kv_catalogue_find("NET-2");
    uint32_t vault;

    (void)state;
    drive_open(&drive, NULL);
    assert_false(kv_session_kept_scan(drive.session, 0, &scan));
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    assert_true(kv_session_kept_scan(drive.session, 0, &scan));
    vault = drive_find(&drive, VAULT);
    check_trend(&drive, row);
    assert_int_equal(
        kv_session_since(drive.session, row, vault).since_s, scan.at_s);
    assert_int_equal(
        kv_session_since(drive.session, row, vault).mark, KV_MARK_NONE);

    cloud_patch(drive.cloud, VAULT, SHUT);
    assert_int_equal(drive_rescan(&drive), KV_SCAN_DONE);
    assert_int_equal(
        kv_session_since(drive.session, row, vault).mark, KV_MARK_FIXED);
    check_trend(&drive, row);
    assert_int_equal(today(&drive, row, drive_resource(&drive, VAULT)->id)
                         ->count[KV_VERDICT_PASS],
        1);
    assert_true(kv_session_kept_scan(drive.session, 1, &scan));
    assert_false(kv_session_kept_scan(drive.session, 2, &scan));

    drive_reopen_session(&drive);
    kv_session_load(drive.session);
    assert_true(kv_session_kept_scan(drive.session, 1, &scan));
    drive_done(&drive);
}

static void check_change(void *context, const struct kv_finding_change *change)
{
    unsigned *count = context;

    ++*count;
    assert_true(change->before < KV_VERDICT_COUNT);
    assert_true(change->after < KV_VERDICT_COUNT);
}

/* A file of another hand says nothing that has no name. */
static void test_strange_verdicts(void **state)
{
    struct drive drive;
    struct kv_diff diff = { 0 };
    struct kv_error err = { 0 };
    uint32_t row = kv_catalogue_find("NET-2");
    unsigned count = 0;
    char *path;
    sqlite3 *db = NULL;

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    cloud_patch(drive.cloud, VAULT, SHUT);
    assert_int_equal(drive_rescan(&drive), KV_SCAN_DONE);
    path = temp_path(drive.state_dir, "history.db");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                         "UPDATE changes SET before = 200, after = 9;"
                         "UPDATE firsts SET verdicts = X'FFFEFDFC0B'",
                         NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    mem_free(path);
    assert_int_equal(
        kv_session_diff(drive.session, &diff, check_change, &count, &err),
        KV_OK);
    assert_true(count > 0);
    assert_true(
        kv_session_since(drive.session, row, drive_find(&drive, VAULT)).before <
        KV_VERDICT_COUNT);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_baseline),
        cmocka_unit_test(test_policy),
        cmocka_unit_test(test_exception_ends),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_strange_verdicts),
    };

    return cmocka_run_group_tests_name("judging", tests, NULL, NULL);
}
