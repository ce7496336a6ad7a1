/* Changes that do not go as planned: somebody was faster, Azure says no, the
 * answer is lost, the program goes away in between. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "drive.h"

#define VAULT "kv-pay-prod-weu"
#define SECOND_VAULT "kv-plat-ci-weu"
#define ON(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void scan(struct drive *drive, const char *fault)
{
    const char *const arguments[] = { fault ? "--fault" : NULL, fault, NULL };

    drive_open(drive, arguments);
    assert_int_equal(drive_scan(drive), KV_SCAN_DONE);
}

static void expect_firewall(const struct drive *drive, const char *expected)
{
    char *value = cloud_value(
        drive->cloud, VAULT, "properties.networkAcls.defaultAction");

    assert_string_equal(value, expected);
    mem_free(value);
}

static void expect_result(
    const struct drive *drive, enum kv_journal_result expected, bool settled)
{
    const struct kv_journal_entry *entry = drive_last_entry(drive);

    if (entry->result != expected || entry->settled != settled)
        fail_with("journalled as %s, settled %d, expected %s: %s",
            kv_journal_result_name(entry->result), entry->settled,
            kv_journal_result_name(expected), entry->message);
}

static void expect_sound_journal(struct drive *drive, int64_t open)
{
    struct kv_journal_check check = { 0 };
    struct kv_error err = { 0 };

    assert_int_equal(
        kv_session_journal_verify(drive->session, &check, &err), KV_OK);
    assert_int_equal(check.broken_at, 0);
    assert_int_equal(check.open, open);
}

/* Somebody else changed the vault between the preview and the run: it is left
 * alone, and their change stays. */
static void test_changed_meanwhile(void **state)
{
    struct drive drive;

    (void)state;
    scan(&drive, NULL);
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", ON(VAULT));
    cloud_patch(drive.cloud, VAULT,
        "{\"properties\":{\"networkAcls\":{\"bypass\":\"None\","
        "\"defaultAction\":\"Allow\",\"ipRules\":[{\"value\":"
        "\"203.0.113.99\"}],\"virtualNetworkRules\":[]}}}");
    long writes = cloud_requests(drive.cloud, "PATCH");
    drive_run(&drive, plan);
    drive_expect_target(&drive, plan, 0, KV_TARGET_SKIPPED);
    assert_contains(kv_plan_target(plan, 0)->message, "networkAcls");
    assert_int_equal(cloud_requests(drive.cloud, "PATCH"), writes);
    expect_firewall(&drive, "\"Allow\"");
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
}

/* A change of what the plan does not show does not stop it, and survives. */
static void test_changed_elsewhere(void **state)
{
    struct drive drive;

    (void)state;
    scan(&drive, NULL);
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", ON(VAULT));
    cloud_patch(drive.cloud, VAULT, "{\"tags\":{\"owner\":\"somebody\"}}");
    drive_run(&drive, plan);
    drive_expect_target(&drive, plan, 0, KV_TARGET_DONE);
    char *tags = cloud_value(drive.cloud, VAULT, "tags");
    assert_string_equal(tags, "{\"owner\":\"somebody\"}");
    mem_free(tags);
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
}

struct refusal_row {
    const char *fault;
    enum kv_target_state state;
    enum kv_journal_result result;
    bool settled;
    const char *firewall; /* what the vault has then */
};

static const struct refusal_row refusal_rows[] = {
    { "status=409:method=PATCH", KV_TARGET_FAILED, KV_JOURNAL_FAILED, false,
        "null" },
    { "status=400:method=PATCH", KV_TARGET_FAILED, KV_JOURNAL_FAILED, false,
        "null" },
    /* Applied, but the answer never came: found out by reading. */
    { "reset:method=PATCH", KV_TARGET_DONE, KV_JOURNAL_DONE, true, "\"Deny\"" },
    { "truncate:method=PATCH", KV_TARGET_DONE, KV_JOURNAL_DONE, true,
        "\"Deny\"" },
};

static void check_refusal(const struct refusal_row *row)
{
    struct drive drive;

    scan(&drive, row->fault);
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", ON(VAULT));
    drive_run(&drive, plan);
    if (kv_plan_target(plan, 0)->state != row->state)
        fail_with("%s: %s: %s", row->fault,
            kv_target_state_name(kv_plan_target(plan, 0)->state),
            kv_plan_target(plan, 0)->message);
    expect_result(&drive, row->result, row->settled);
    expect_firewall(&drive, row->firewall);
    expect_sound_journal(&drive, 0);
    /* A write is sent once, whatever came back. */
    assert_int_equal(cloud_requests(drive.cloud, "PATCH"), 1);
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
}

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(refusal_rows); i++)
        check_refusal(&refusal_rows[i]);
}

/* The first failure stops the run; what was not started says so. */
static void test_failure_stops(void **state)
{
    struct drive drive;

    (void)state;
    scan(&drive, "status=409:method=PATCH:count=1");
    struct kv_plan *plan =
        drive_plan(&drive, "firewall-on", ON(VAULT, SECOND_VAULT));
    drive_run(&drive, plan);
    drive_expect_target(&drive, plan, 0, KV_TARGET_FAILED);
    drive_expect_target(&drive, plan, 1, KV_TARGET_STOPPED);
    assert_int_equal(cloud_requests(drive.cloud, "PATCH"), 1);
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
}

/* Azure Policy turned it back: applied, but never seen to hold. */
static void test_turned_back(void **state)
{
    struct drive drive;

    (void)state;
    scan(&drive, "policy-modify");
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", ON(VAULT));
    drive_run(&drive, plan);
    assert_true(kv_plan_target(plan, 0)->state == KV_TARGET_UNVERIFIED ||
                kv_plan_target(plan, 0)->state == KV_TARGET_DONE);
    if (kv_plan_target(plan, 0)->state == KV_TARGET_UNVERIFIED)
        expect_result(&drive, KV_JOURNAL_UNVERIFIED, false);
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
}

/* ---- the program goes away between the request and its answer ---- */

static bool patch_was_sent(const struct drive *drive, const void *argument)
{
    (void)argument;
    return cloud_requests(drive->cloud, "PATCH") == 1;
}

static bool nothing_in_doubt(const struct drive *drive, const void *argument)
{
    (void)argument;
    return drive_last_entry(drive)->result != KV_JOURNAL_IN_DOUBT;
}

static void test_settled_at_next_start(void **state)
{
    struct drive drive;

    (void)state;
    scan(&drive, "hold-answer=30:method=PATCH");
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", ON(VAULT));
    drive_start_run(&drive, plan);
    drive_until(&drive, patch_was_sent, NULL, "the request");
    drive_reopen_session(&drive);
    assert_int_equal(drive_last_entry(&drive)->result, KV_JOURNAL_IN_DOUBT);
    expect_sound_journal(&drive, 1);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    drive_until(&drive, nothing_in_doubt, NULL, "the settling");
    expect_result(&drive, KV_JOURNAL_DONE, true);
    expect_sound_journal(&drive, 0);
    drive_expect_verdict(&drive, "NET-2", VAULT, KV_VERDICT_PASS);
    drive_done(&drive);
}

/* The same where the request never took effect. */
static void test_settled_as_not_applied(void **state)
{
    struct drive drive;

    (void)state;
    scan(&drive, "hold-answer=30:method=PATCH");
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", ON(VAULT));
    drive_start_run(&drive, plan);
    drive_until(&drive, patch_was_sent, NULL, "the request");
    kv_session_close(drive.session);
    drive.session = NULL;
    cloud_mend(drive.cloud);
    /* Somebody put it back before the next start. */
    cloud_patch(drive.cloud, VAULT,
        "{\"properties\":{\"networkAcls\":{\"bypass\":\"AzureServices\","
        "\"defaultAction\":\"Allow\",\"ipRules\":[],"
        "\"virtualNetworkRules\":[]}}}");
    drive_open_session(&drive);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    drive_until(&drive, nothing_in_doubt, NULL, "the settling");
    assert_true(drive_last_entry(&drive)->settled);
    assert_true(drive_last_entry(&drive)->result == KV_JOURNAL_NOT_APPLIED ||
                drive_last_entry(&drive)->result == KV_JOURNAL_UNCLEAR);
    drive_done(&drive);
}

static bool is_ended(const struct drive *drive, const void *argument)
{
    (void)drive;
    return kv_plan_state(argument) == KV_PLAN_ENDED;
}

static bool is_paused(const struct drive *drive, const void *argument)
{
    (void)drive;
    return kv_plan_state(argument) == KV_PLAN_PAUSED;
}

static bool is_planned(const struct drive *drive, const void *argument)
{
    (void)drive;
    return kv_plan_state(argument) != KV_PLAN_READING;
}

/* A run that ended with its process is gone on with by the next: what was done
 * is not done again, the rest is shown and confirmed anew. */
static void test_resumed_at_next_start(void **state)
{
    struct kv_interrupted found = { 0 };
    struct kv_error err = { 0 };
    struct drive drive;

    (void)state;
    scan(&drive, NULL);
    assert_false(kv_session_interrupted(drive.session, 0, &found));
    struct kv_plan *plan =
        drive_plan(&drive, "firewall-on", ON(VAULT, SECOND_VAULT));
    drive_start_run(&drive, plan);
    drive_until(&drive, is_paused, plan, "the end of the first wave");
    drive_reopen_session(&drive);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);

    drive_expect_message(&drive, "was interrupted: 1 changes are done");
    assert_true(kv_session_interrupted(drive.session, 0, &found));
    assert_string_equal(found.remedy, "firewall-on");
    assert_int_equal(found.targets, 2);
    assert_int_equal(found.done, 1);
    assert_int_equal(
        kv_session_plan_load(drive.session, &plan, found.path, &err), KV_OK);
    drive_until(&drive, is_planned, plan, "the preview");
    drive_expect_target(&drive, plan, 0, KV_TARGET_NOTHING);
    drive_expect_target(&drive, plan, 1, KV_TARGET_READY);
    drive_run(&drive, plan);
    drive_expect_target(&drive, plan, 1, KV_TARGET_DONE);
    drive_for(&drive, 50);
    assert_false(kv_session_interrupted(drive.session, 0, &found));
    assert_int_equal(cloud_requests(drive.cloud, "PATCH"), 2);
    drive_done(&drive);
}

/* The program must go amid a wave: what it had not begun is offered likewise.
 * Where a person ends a run, nothing is. */
static void check_ended_early(bool by_person)
{
    struct kv_interrupted found = { 0 };
    struct drive drive;

    scan(&drive, NULL);
    struct kv_plan *plan =
        drive_plan(&drive, "firewall-on", ON(VAULT, SECOND_VAULT));
    drive_start_run(&drive, plan);
    if (by_person)
        kv_session_run_stop(drive.session, plan);
    else
        kv_session_run_interrupt(drive.session, plan);
    drive_until(&drive, is_ended, plan, "the end of the run");
    drive_expect_target(&drive, plan, 1, KV_TARGET_STOPPED);
    drive_reopen_session(&drive);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    assert_int_equal(
        kv_session_interrupted(drive.session, 0, &found), !by_person);
    drive_done(&drive);
}

static void test_ended_early(void **state)
{
    (void)state;
    check_ended_early(false);
    check_ended_early(true);
}

/* An operation whose address points elsewhere is not followed there. */
static void test_foreign_operation(void **state)
{
    struct cloud *foreign = cloud_start(NULL);
    struct buf fault = { .limit = 1024 };
    struct drive drive;

    (void)state;
    buf_putf(&fault, "foreign-location=%s:method=PATCH", foreign->origin);
    scan(&drive, buf_text(&fault));
    struct kv_plan *plan =
        drive_plan(&drive, "purge-protection-on", ON("hsm-legal-neu"));
    drive_run(&drive, plan);
    char *log = cloud_log(foreign);
    assert_string_equal(log, "");
    mem_free(log);
    assert_true(kv_plan_target(plan, 0)->message != NULL);
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
    cloud_stop(foreign);
    buf_done(&fault);
}

/* ---- who may not ---- */

static void test_reader(void **state)
{
    struct drive drive;

    (void)state;
    drive_open_cloud(&drive, NULL);
    (void)setenv("AZURE_CLIENT_ID", "666c4fd5-24a1-4fce-9f89-15934435676b", 1);
    (void)setenv("AZURE_CLIENT_SECRET", "contoso-audit-secret", 1);
    drive_open_session(&drive);
    (void)drive_scan(&drive);
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", ON(VAULT));
    drive_expect_target(&drive, plan, 0, KV_TARGET_BLOCKED);
    assert_contains(kv_plan_target(plan, 0)->message, "vaults/write");
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
}

static void test_read_only(void **state)
{
    struct drive drive;
    struct kv_error err = { 0 };

    (void)state;
    drive_open_cloud(&drive, NULL);
    drive.options.read_only = true;
    drive_open_session(&drive);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    assert_true(kv_session_mode(drive.session)->read_only);
    assert_int_equal(
        kv_session_write_on(drive.session, "test", &err), KV_REFUSED);
    struct kv_plan *plan = drive_plan(&drive, "firewall-on", ON(VAULT));
    drive_expect_target(&drive, plan, 0, KV_TARGET_READY);
    assert_int_equal(
        kv_session_run(drive.session, plan, VAULT, "test", &err), KV_REFUSED);
    drive_for(&drive, 200);
    assert_int_equal(cloud_requests(drive.cloud, "PATCH"), 0);
    kv_session_drop_plan(drive.session, plan);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changed_meanwhile),
        cmocka_unit_test(test_changed_elsewhere),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_failure_stops),
        cmocka_unit_test(test_turned_back),
        cmocka_unit_test(test_settled_at_next_start),
        cmocka_unit_test(test_settled_as_not_applied),
        cmocka_unit_test(test_resumed_at_next_start),
        cmocka_unit_test(test_ended_early),
        cmocka_unit_test(test_foreign_operation),
        cmocka_unit_test(test_reader),
        cmocka_unit_test(test_read_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
