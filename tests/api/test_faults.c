/* A scan of a cloud that misbehaves: what is passing is waited out, what is
 * not is said, nothing is guessed, and no token leaves for another host. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "drive.h"

#define ALL_RESOURCES 47

struct fault_row {
    const char *name;
    const char *fault;
    enum kv_scan_state state;
    uint32_t resources;
    const char *says; /* a message; NULL: there is none to be */
};

static const struct fault_row rows[] = {
    { "throttled", "throttle=1:count=2", KV_SCAN_DONE, ALL_RESOURCES, NULL },
    { "Resource Graph throttled",
        "throttle=1:count=1:match=Microsoft.ResourceGraph", KV_SCAN_DONE,
        ALL_RESOURCES, NULL },
    { "unavailable once", "status=503:count=1", KV_SCAN_DONE, ALL_RESOURCES,
        NULL },
    { "500 once", "status=500:count=1:match=Microsoft.KeyVault", KV_SCAN_DONE,
        ALL_RESOURCES, NULL },
    { "reset once", "reset:count=1:match=/providers/", KV_SCAN_DONE,
        ALL_RESOURCES, NULL },
    { "truncated once", "truncate:count=1:match=/providers/", KV_SCAN_DONE,
        ALL_RESOURCES, NULL },
    { "slow body", "stall=2:count=1:match=Microsoft.ResourceGraph",
        KV_SCAN_DONE, ALL_RESOURCES, NULL },
    { "not JSON", "bad-json:match=/locks", KV_SCAN_DONE, ALL_RESOURCES,
        "locks" },
    { "pages that loop", "loop-nextlink:match=/locks", KV_SCAN_DONE,
        ALL_RESOURCES, "locks" },
    { "no Resource Graph", "status=403:match=Microsoft.ResourceGraph",
        KV_SCAN_DONE, ALL_RESOURCES, NULL },
    { "lagging Resource Graph", "stale-graph", KV_SCAN_DONE, ALL_RESOURCES,
        NULL },
};

static void check_fault(const struct fault_row *row)
{
    const char *const arguments[] = { "--fault", row->fault, NULL };
    struct drive drive;

    drive_open(&drive, arguments);
    enum kv_scan_state state = drive_scan(&drive);
    uint32_t count = kv_estate_resource_count(kv_session_estate(drive.session));
    char *messages = drive_messages(&drive);
    if (state != row->state || count != row->resources)
        fail_with("%s: state %d, %u resources, expected %d and %u\n%s",
            row->name, (int)state, count, (int)row->state, row->resources,
            messages);
    if (row->says && !text_contains_nocase(messages, row->says))
        fail_with(
            "%s: no message about %s in\n%s", row->name, row->says, messages);
    mem_free(messages);
    drive_done(&drive);
}

static void test_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_fault(&rows[i]);
}

/* What failed is failed with its reason, and what needs it is unknown. */
static void test_failed_facet(void **state)
{
    const char *const arguments[] = { "--fault", "bad-json:match=/locks",
        NULL };
    struct drive drive;

    (void)state;
    drive_open(&drive, arguments);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    struct kv_facet_status locks =
        kv_estate_facet(kv_session_estate(drive.session),
            drive_resource(&drive, "kv-pay-prod-weu"), KV_FACET_LOCKS);
    assert_int_equal(locks.state, KV_FACET_FAILED);
    assert_contains(locks.why, "JSON");
    drive_expect_verdict(
        &drive, "GOV-3", "kv-pay-prod-weu", KV_VERDICT_UNKNOWN);
    drive_expect_verdict(&drive, "NET-2", "kv-pay-prod-weu", KV_VERDICT_FAIL);
    drive_done(&drive);
}

/* Keys are answered while an answer drips in: no step takes long. */
static void test_steps_are_short(void **state)
{
    const char *const arguments[] = { "--fault",
        "stall=2:count=2:match=Microsoft.ResourceGraph", NULL };
    struct drive drive;
    int64_t longest_ms = 0;

    (void)state;
    drive_open(&drive, arguments);
    kv_session_start(drive.session);
    while (kv_session_scan(drive.session)->state != KV_SCAN_DONE) {
        kv_session_wait(drive.session, NULL, 0, 20);
        int64_t start_ms = clock_steady_ms();
        (void)kv_session_step(drive.session);
        int64_t took_ms = clock_steady_ms() - start_ms;
        if (took_ms > longest_ms)
            longest_ms = took_ms;
    }
    /* About 8 ms is promised; sanitizers and a busy machine need room. */
    assert_in_range(longest_ms, 0, 250);
    drive_done(&drive);
}

/* ---- other clients ---- */

struct client_row {
    const char *name;
    const char *id;
    const char *secret;
    const char *resource;
    enum kv_facet facet;
    enum kv_facet_state state;
    const char *why;
    const char *recommendation;
};

static const struct client_row client_rows[] = {
    { "sees vaults, not roles", "6dc17053-7cef-4fd4-99a8-0cd3b1b096e4",
        "contoso-kvonly-secret", "kv-pay-prod-weu", KV_FACET_ASSIGNMENTS,
        KV_FACET_DENIED, "Microsoft.Authorization/roleAssignments/read",
        "ACC-3" },
    { "sees vaults, not locks", "6dc17053-7cef-4fd4-99a8-0cd3b1b096e4",
        "contoso-kvonly-secret", "kv-pay-prod-weu", KV_FACET_LOCKS,
        KV_FACET_DENIED, "Microsoft.Authorization/locks/read", "GOV-3" },
    { "sees vaults, not logs", "6dc17053-7cef-4fd4-99a8-0cd3b1b096e4",
        "contoso-kvonly-secret", "kv-pay-prod-weu", KV_FACET_DIAGNOSTICS,
        KV_FACET_DENIED, "diagnosticSettings/read", "LOG-1" },
};

static void check_client(const struct client_row *row)
{
    struct drive drive;

    drive_open_cloud(&drive, NULL);
    (void)setenv("AZURE_CLIENT_ID", row->id, 1);
    (void)setenv("AZURE_CLIENT_SECRET", row->secret, 1);
    drive_open_session(&drive);
    (void)drive_scan(&drive);
    struct kv_facet_status facet =
        kv_estate_facet(kv_session_estate(drive.session),
            drive_resource(&drive, row->resource), row->facet);
    if (facet.state != row->state ||
        (row->why && !text_contains_nocase(facet.why, row->why)))
        fail_with("%s: facet %d, '%s', expected %d and '%s'", row->name,
            (int)facet.state, facet.why ? facet.why : "(no reason)",
            (int)row->state, row->why);
    drive_expect_verdict(
        &drive, row->recommendation, row->resource, KV_VERDICT_UNKNOWN);
    drive_done(&drive);
}

static void test_clients(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(client_rows); i++)
        check_client(&client_rows[i]);
}

/* ---- another host ---- */

struct foreign_row {
    const char *name;
    const char *fault; /* its address comes behind this ... */
    const char *rest;  /* ... and before this */
};

static const struct foreign_row foreign_rows[] = {
    { "next page", "foreign-nextlink=", ":match=/locks" },
    { "next page of deleted vaults",
        "foreign-nextlink=", ":match=/deletedVaults" },
    { "next page of subscriptions",
        "foreign-nextlink=", ":match=/subscriptions:count=1" },
    { "redirect", "redirect=", "/elsewhere:match=/locks" },
    { "redirect of Resource Graph",
        "redirect=", "/elsewhere:match=Microsoft.ResourceGraph" },
};

/* The other host is a cloud too, so it would understand what it is asked: its
 * log shows whether a token came by. */
static void check_foreign(const struct foreign_row *row)
{
    struct cloud *foreign = cloud_start(NULL);
    struct buf fault = { .limit = 1024 };
    struct drive drive;

    buf_putf(&fault, "%s%s%s", row->fault, foreign->origin, row->rest);
    const char *const arguments[] = { "--fault", buf_text(&fault), NULL };
    drive_open(&drive, arguments);
    (void)drive_scan(&drive);
    char *log = cloud_log(foreign);
    char *messages = drive_messages(&drive);
    if (*log)
        fail_with("%s: the other host was asked:\n%s", row->name, log);
    if (!*messages)
        fail_with("%s: no message says so", row->name);
    mem_free(messages);
    mem_free(log);
    drive_done(&drive);
    cloud_stop(foreign);
    buf_done(&fault);
}

static void test_foreign(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(foreign_rows); i++)
        check_foreign(&foreign_rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_failed_facet),
        cmocka_unit_test(test_steps_are_short),
        cmocka_unit_test(test_clients),
        cmocka_unit_test(test_foreign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
