/* What the last scan came to is there before anything is asked for or loaded,
 * and gives way to what was loaded. */
#include "test.h"

#include "drive.h"

static uint32_t fails(const struct kv_session *session, const char *row)
{
    return kv_posture_row(kv_session_posture(session), kv_catalogue_find(row))
        ->count[KV_VERDICT_FAIL];
}

static void test_before_loading(void **state)
{
    struct drive drive = { 0 };
    uint32_t open;
    uint32_t unknown;

    (void)state;
    drive_open(&drive, NULL);
    drive_scan(&drive);
    drive_settle(&drive);
    open = fails(drive.session, "NET-2");
    unknown = kv_posture_unknown_resources(kv_session_posture(drive.session));
    assert_true(open > 0);
    assert_false(kv_session_scan(drive.session)->loading);
    drive_reopen_session(&drive);
    assert_true(kv_session_scan(drive.session)->loading);
    assert_int_equal(
        kv_estate_resource_count(kv_session_estate(drive.session)), 0);
    assert_int_equal(fails(drive.session, "NET-2"), open);
    assert_int_equal(
        kv_posture_unknown_resources(kv_session_posture(drive.session)),
        unknown);
    assert_true(kv_session_scan(drive.session)->data_at_s > 0);
    kv_session_load(drive.session);
    while (kv_session_scan(drive.session)->loading)
        kv_session_step(drive.session);
    assert_int_equal(fails(drive.session, "NET-2"), open);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_loading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
