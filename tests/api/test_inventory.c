/* A subscription whose vaults cannot be listed is shown as such, with what
 * would help, and takes nothing from the others. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "drive.h"
#include "kvgov/report.h"

#define LEGAL "9c9a5161-c283-457d-b063-bc2b270de9ac"
#define LEGAL_VAULTS ":match=" LEGAL "/providers/Microsoft.KeyVault"

struct inventory_row {
    const char *name;
    const char *fault; /* NULL: none beside the graph's silence */
    enum kv_facet_state state;
    const char *says; /* of the subscription; NULL: it is listed */
};

/* Resource Graph leaves the subscription out, so it is asked by itself. */
static const struct inventory_row rows[] = {
    { "denied", "status=403" LEGAL_VAULTS, KV_FACET_DENIED,
        "Contoso Legal: not listed, needs Microsoft.KeyVault/vaults/read "
        "(ask for the role Reader on it)" },
    { "failing", "status=500" LEGAL_VAULTS, KV_FACET_FAILED,
        "Contoso Legal: not listed: " },
    { "not registered", "unregistered=Microsoft.KeyVault:match=" LEGAL,
        KV_FACET_UNREGISTERED, NULL },
    { "silent to the graph only", NULL, KV_FACET_READY, NULL },
};

static const struct kv_subscription *legal_of(const struct kv_estate *estate)
{
    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++)
        if (strcmp(kv_estate_subscription(estate, i)->id, LEGAL) == 0)
            return kv_estate_subscription(estate, i);
    fail_with("the subscription is not there");
    return NULL;
}

static void check_said(const struct drive *drive, const char *says)
{
    struct buf table = { .limit = 1u << 22 };
    struct buf json = { .limit = 1u << 24 };
    struct kv_report_input input = {
        .estate = kv_session_estate(drive->session),
        .posture = kv_session_posture(drive->session),
        .scan = kv_session_scan(drive->session),
        .cloud = kv_session_cloud(drive->session),
        .now_s = kv_session_now(drive->session),
        .width_cells = 200,
    };

    kv_report_put(&table, "table", &input);
    kv_report_put(&json, "json", &input);
    if (says) {
        assert_contains(buf_text(&table), says);
        assert_contains(buf_text(&json), "\"inventory\"");
        assert_contains(buf_text(&json), "list of vaults");
    } else if (strstr(buf_text(&table), "not listed")) {
        fail_with("%s", buf_text(&table));
    }
    buf_done(&table);
    buf_done(&json);
}

static void check_row(const struct inventory_row *row)
{
    const char *const arguments[] = { "--fault",
        "partial-graph=" LEGAL ":match=Microsoft.ResourceGraph",
        row->fault ? "--fault" : NULL, row->fault, NULL };
    struct drive drive;
    const struct kv_estate *estate;
    struct buf text = { .limit = 4096 };

    drive_open(&drive, arguments);
    if (drive_scan(&drive) != KV_SCAN_DONE)
        fail_with("%s: the scan did not end well", row->name);
    estate = kv_session_estate(drive.session);
    if (legal_of(estate)->facets[KV_FACET_INVENTORY].state != row->state)
        fail_with("%s: state %d, expected %d", row->name,
            (int)legal_of(estate)->facets[KV_FACET_INVENTORY].state,
            (int)row->state);
    assert_int_equal(
        kv_subscription_unlisted(legal_of(estate)), row->says != NULL);
    kv_subscription_put_unlisted(&text, legal_of(estate));
    if (row->says)
        assert_contains(buf_text(&text), row->says);
    check_said(&drive, row->says);
    /* The others are judged as ever. */
    drive_expect_verdict(&drive, "PRO-3", "kv-pay-prod-weu", KV_VERDICT_FAIL);
    buf_done(&text);
    drive_done(&drive);
}

static void test_one_of_many(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_row(&rows[i]);
}

/* Only when no list comes from anywhere has the scan failed. */
static void test_none(void **state)
{
    const char *const arguments[] = { "--fault",
        "status=403:match=Microsoft.ResourceGraph", "--fault",
        "status=403:match=providers/Microsoft.KeyVault", NULL };
    struct drive drive;
    uint32_t unlisted = 0;

    (void)state;
    drive_open(&drive, arguments);
    assert_int_equal(drive_scan(&drive), KV_SCAN_FAILED);
    for (uint32_t i = KV_NONE;
         (i = kv_estate_unlisted(kv_session_estate(drive.session), i)) !=
         KV_NONE;)
        unlisted++;
    assert_int_equal(unlisted, 6);
    drive_done(&drive);
}

/* What an earlier scan listed stays while a subscription does not answer. */
static void test_kept(void **state)
{
    struct drive drive;
    uint32_t count;

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    count = kv_estate_resource_count(kv_session_estate(drive.session));
    cloud_fault(
        drive.cloud, "partial-graph=" LEGAL ":match=Microsoft.ResourceGraph");
    cloud_fault(drive.cloud, "status=500" LEGAL_VAULTS);
    assert_int_equal(drive_rescan(&drive), KV_SCAN_DONE);
    cloud_mend(drive.cloud);
    drive_reopen_session(&drive);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    assert_int_equal(
        kv_estate_resource_count(kv_session_estate(drive.session)), count);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_of_many),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
