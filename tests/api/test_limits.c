/* A scan of a cloud that counts requests as Azure does: it slows down before
 * it must, and reads everything all the same. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "drive.h"

struct limit_row {
    const char *name;
    const char *estate; /* NULL: Contoso */
    const char *fault;
    uint32_t resources;
    unsigned refusals; /* at most: calls inside of batches too */
};

static const struct limit_row rows[] = {
    /* More than a full bucket, in one subscription. */
    { "Azure's own limits", "vaults=300,subscriptions=1,seed=3", "limits", 303,
        0 },
    /* Much less than anybody would guess: the first answers tell. */
    { "a fifth of that", NULL, "limits=0.2", 47, 0 },
    /* The first batch of each subscription goes before an answer tells. */
    { "a twentieth", NULL, "limits=0.05", 47, 24 },
    { "Resource Graph's", "vaults=4000,subscriptions=4,seed=3", "graph-quota",
        4040, 0 },
};

static void count_refusal(void *context, const struct kv_trace *trace)
{
    if (trace->code == 429)
        ++*(unsigned *)context;
}

static void check_row(const struct limit_row *row)
{
    const char *const generated[] = { "--generate", row->estate, "--fault",
        row->fault, NULL };
    struct drive drive;
    unsigned refusals = 0;

    drive_open_cloud(&drive, row->estate ? generated : generated + 2);
    drive.options.trace = count_refusal;
    drive.options.trace_context = &refusals;
    drive_open_session(&drive);
    enum kv_scan_state state = drive_scan(&drive);
    uint32_t count = kv_estate_resource_count(kv_session_estate(drive.session));
    if (state != KV_SCAN_DONE || count != row->resources ||
        refusals > row->refusals)
        fail_with("%s: state %d, %u resources, %u refusals, expected %u and "
                  "at most %u",
            row->name, (int)state, count, refusals, row->resources,
            row->refusals);
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_estate *estate = kv_session_estate(drive.session);
        struct kv_facet_status facet = kv_estate_facet(
            estate, kv_estate_resource(estate, i), KV_FACET_DIAGNOSTICS);

        if (facet.state == KV_FACET_FAILED || facet.state == KV_FACET_ABSENT)
            fail_with("%s: diagnostic settings of %s: %d", row->name,
                kv_estate_resource(estate, i)->name, (int)facet.state);
    }
    drive_done(&drive);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_row(&rows[i]);
}

/* Behind a scan that has used up its part, a person is answered at once. */
static void test_person_first(void **state)
{
    const char *const arguments[] = { "--generate",
        "vaults=500,subscriptions=1,seed=3", "--fault", "limits", NULL };
    struct drive drive;
    int64_t asked_ms;
    int64_t read_at_s;

    (void)state;
    drive_open(&drive, arguments);
    kv_session_start(drive.session);
    while (kv_estate_resource_count(kv_session_estate(drive.session)) < 500)
        drive_for(&drive, 20);
    drive_for(&drive, 2500);
    assert_int_equal(kv_session_scan(drive.session)->state, KV_SCAN_RUNNING);
    read_at_s = kv_estate_resource(kv_session_estate(drive.session), 7)
                    ->properties.read_at_s;
    asked_ms = clock_steady_ms();
    kv_session_reread(drive.session, 7);
    while (kv_estate_resource(kv_session_estate(drive.session), 7)
                   ->properties.read_at_s == read_at_s &&
           clock_steady_ms() < asked_ms + 20000)
        drive_for(&drive, 10);
    assert_in_range(clock_steady_ms() - asked_ms, 0, 1500);
    assert_int_equal(kv_session_scan(drive.session)->state, KV_SCAN_RUNNING);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_person_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
