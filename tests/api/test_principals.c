/* Who stands behind the ids: names, deleted principals, groups, and what is
 * left unknown where Microsoft Graph does not answer. */
#include "test.h"

#include "drive.h"

#include <string.h>

/* The first principal in an access policy of `vault` that `wanted` holds for;
 * NULL when there is none. */
static const struct kv_principal *find_in_policies(const struct drive *drive,
    const char *vault, bool (*wanted)(const struct kv_principal *principal))
{
    const struct kv_estate *estate = kv_session_estate(drive->session);
    const struct kv_resource *resource = drive_resource(drive, vault);

    for (uint32_t i = 0; i < resource->policy_count; i++) {
        const struct kv_principal *principal =
            kv_estate_principal(estate, resource->policies[i].object_id);

        if (principal && wanted(principal))
            return principal;
    }
    return NULL;
}

static bool is_missing(const struct kv_principal *principal)
{
    return principal->missing;
}

static bool is_named_user(const struct kv_principal *principal)
{
    return principal->type == KV_PRINCIPAL_USER && principal->name &&
           strcmp(principal->name, principal->id) != 0;
}

static void expect_state(const struct drive *drive, enum kv_facet facet,
    enum kv_facet_state expected)
{
    const struct kv_estate *estate = kv_session_estate(drive->session);
    struct kv_facet_status is =
        kv_estate_facet(estate, kv_estate_resource(estate, 0), facet);

    if (is.state != expected)
        fail_with("%s: state %d, expected %d", kv_facets[facet].name,
            (int)is.state, (int)expected);
}

static void test_names(void **state)
{
    struct drive drive = { 0 };
    const struct kv_principal *missing;

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    expect_state(&drive, KV_FACET_PRINCIPALS, KV_FACET_READY);
    expect_state(&drive, KV_FACET_MEMBERS, KV_FACET_READY);
    assert_non_null(find_in_policies(&drive, "kv-pay-prod-weu", is_named_user));
    missing = find_in_policies(&drive, "kv-pay-prod-weu", is_missing);
    assert_non_null(missing);
    assert_null(missing->name);
    drive_done(&drive);
}

/* Evidence names people, and always the id too. */
static void test_evidence(void **state)
{
    struct drive drive = { 0 };
    struct buf evidence = { .limit = 65536 };

    (void)state;
    drive_open(&drive, NULL);
    drive_scan(&drive);
    kv_posture_evidence(kv_session_posture(drive.session),
        kv_catalogue_find("ACC-3"), drive_find(&drive, "kv-plat-admins-weu"),
        &evidence);
    assert_contains(buf_text(&evidence), "Contoso Vault Operations");
    assert_contains(
        buf_text(&evidence), "ce006f94-f8ab-4dca-bf1d-d9cabb2fbc9c");
    buf_done(&evidence);
    drive_done(&drive);
}

/* Without Graph everything else is read and judged as before. */
static void test_no_graph(void **state)
{
    static const char *const arguments[] = { "--fault",
        "status=403:match=/v1.0/", NULL };
    struct drive drive = { 0 };

    (void)state;
    drive_open(&drive, arguments);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    expect_state(&drive, KV_FACET_PRINCIPALS, KV_FACET_DENIED);
    expect_state(&drive, KV_FACET_MEMBERS, KV_FACET_DENIED);
    assert_null(find_in_policies(&drive, "kv-pay-prod-weu", is_missing));
    drive_expect_verdict(&drive, "NET-2", "kv-pay-prod-weu", KV_VERDICT_FAIL);
    drive_expect_message(&drive, "names of principals");
    drive_done(&drive);
}

/* The next start shows names before anything is asked. */
static void test_stored_names(void **state)
{
    struct drive drive = { 0 };

    (void)state;
    drive_open(&drive, NULL);
    drive_scan(&drive);
    cloud_fault(drive.cloud, "status=403:match=/v1.0/");
    drive_reopen_session(&drive);
    drive_scan(&drive);
    assert_non_null(find_in_policies(&drive, "kv-pay-prod-weu", is_named_user));
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_no_graph),
        cmocka_unit_test(test_stored_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
