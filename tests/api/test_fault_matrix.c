/* A tenth of all answers is replaced by a fault, one kind after the other:
 * the scan ends, says what it could not learn and why, and what it does say is
 * what it says of a cloud that behaves. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "drive.h"

/* What passes when it is asked again leaves nothing unknown; what is refused
 * for good, or said once of a list, leaves something. */
struct matrix_row {
    const char *fault;
    bool passing;
};

static const struct matrix_row rows[] = {
    { "throttle=1:p=0.1", true },
    { "status=500:p=0.1", true },
    { "status=503:p=0.1", true },
    { "reset:p=0.1", true },
    { "truncate:p=0.1", true },
    { "stall=1:p=0.1", true },
    { "bad-json:p=0.1", true },
    { "wrong-type:p=0.1", true },
    { "oversize=400000:p=0.1", true },
    { "expired-token:p=0.1", true },
    { "stale-graph:p=0.1", true },
    { "endless-nextlink:p=0.1", true },
    { "* */providers/* foreign-nextlink p=0.1", false },
    { "* */providers/* loop-nextlink p=0.1", false },
    { "* */providers/* 400 p=0.1", false },
    { "* */providers/* 403 p=0.1", false },
    { "* */providers/* 409 p=0.1", false },
    { "redirect=https^//192.0.2.1/:match=/providers/:p=0.1", false },
};

static int open_clean(void **state)
{
    struct drive *drive = mem_alloc(sizeof *drive);

    *state = drive;
    drive_open(drive, NULL);
    return drive_scan(drive) == KV_SCAN_DONE ? 0 : -1;
}

static int close_clean(void **state)
{
    drive_done(*state);
    mem_free(*state);
    return 0;
}

static enum kv_verdict verdict_of(
    const struct drive *drive, uint32_t row, uint32_t resource)
{
    return kv_posture_verdict(
        kv_session_posture(drive->session), row, resource);
}

/* Who is unknown says why: a permission, or what happened. */
static void check_reasons(const struct drive *drive, uint32_t resource)
{
    const struct kv_estate *estate = kv_session_estate(drive->session);

    for (int facet = 0; facet < KV_FACET_COUNT; facet++) {
        struct kv_facet_status status = kv_estate_facet(
            estate, kv_estate_resource(estate, resource), (enum kv_facet)facet);
        bool failed =
            status.state == KV_FACET_DENIED || status.state == KV_FACET_FAILED;

        if (failed && (!status.why || !*status.why))
            fail_with("%s: no reason", kv_facets[facet].name);
    }
}

/* Adds to what differs; returns how many verdicts became unknown. */
static uint32_t compare_resource(const struct drive *clean,
    const struct drive *faulty, uint32_t resource, struct buf *differences)
{
    const struct kv_resource *of =
        kv_estate_resource(kv_session_estate(clean->session), resource);
    uint32_t there = kv_estate_find(kv_session_estate(faulty->session), of->id);
    uint32_t unknown = 0;

    if (there == KV_NONE)
        return (uint32_t)kv_catalogue_count;
    check_reasons(faulty, there);
    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        enum kv_verdict was = verdict_of(clean, row, resource);
        enum kv_verdict is = verdict_of(faulty, row, there);

        if (is == KV_VERDICT_UNKNOWN && was != is)
            unknown++;
        else if (is != was)
            buf_putf(differences, "  %s on %s: %s, was %s\n",
                kv_catalogue[row].id, of->name, kv_verdict_name(is),
                kv_verdict_name(was));
    }
    return unknown;
}

/* Returns how many verdicts the fault made unknown. */
static uint32_t check_row(
    const struct drive *clean, const struct matrix_row *row)
{
    const char *const arguments[] = { "--seed", "11", "--fault", row->fault,
        NULL };
    const struct kv_estate *estate = kv_session_estate(clean->session);
    struct buf differences = { .limit = 1u << 20 };
    struct drive faulty;
    enum kv_scan_state state;
    uint32_t unknown = 0;

    drive_open(&faulty, arguments);
    state = drive_scan(&faulty);
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        unknown += compare_resource(clean, &faulty, i, &differences);
    if (state != KV_SCAN_DONE || differences.size > 0 ||
        (row->passing && unknown > 0))
        fail_with("%s: state %d, %u became unknown\n%s%s", row->fault,
            (int)state, unknown, buf_text(&differences),
            drive_messages(&faulty));
    buf_done(&differences);
    drive_done(&faulty);
    return unknown;
}

static void test_matrix(void **state)
{
    uint32_t unknown = 0;

    for (size_t i = 0; i < LENGTH(rows); i++)
        unknown += check_row(*state, &rows[i]);
    assert_int_not_equal(unknown, 0); /* the faults did hit */
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_matrix) };

    return cmocka_run_group_tests(tests, open_clean, close_clean);
}
