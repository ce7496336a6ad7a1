/* Who may become what, read over HTTP from the Contoso estate: schedules and
 * what activating takes, deny assignments, applications, managed identities,
 * tags and Conditional Access, also from the store. */
#include "test.h"

#include "describe.h"
#include "drive.h"

#include "base.h"

static char *identity_text(const struct drive *drive)
{
    struct buf text = { .limit = 1u << 22 };

    describe_identity(&text, kv_session_estate(drive->session));
    return text.data;
}

static const char *const facts[] = {
    /* eligible for good, and one who activated */
    "eligible user 4f99b3ee-b64a-48e2-8f29-ff5ff4481125 'Developer 3' of "
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635 on "
    "/subscriptions/e41928b0-83f7-43f7-881f-54ea20c823b4 from - until -\n",
    "activated user df3cfdda-0234-45f6-affc-8a64b3550f8a 'Legal Officer 1' of "
    "f25e0fa2-a7c8-4377-a976-54943a77a395 on ",
    /* rules of roles that somebody is eligible for, at that scope only */
    "rules of f25e0fa2-a7c8-4377-a976-54943a77a395 on "
    "/subscriptions/9c9a5161-c283-457d-b063-bc2b270de9ac/resourceGroups/"
    "rg-legal-neu approval y by 1 mfa y context - for 28800 s\n",
    "rules of 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 on "
    "/subscriptions/e41928b0-83f7-43f7-881f-54ea20c823b4 approval n by 0 mfa n",
    "denial 'Deny assignment of deployment stack ",
    " for everyone 1 but 1 takes ",
    "application 87497fdd-8155-441e-9abd-70ee6102f1c2 'Contoso Payments Batch' "
    "passwords 1 certificates 0 federated 0\n",
    "application 46bc3fa5-4574-44a4-9475-36664dd170cb 'Contoso Partner "
    "Gateway' passwords 0 certificates 0 federated 1\n",
    "access policy 'Contoso: second factor for Key Vault (trial)' report-only "
    "vaults users controls\n",
    "access policy 'Contoso: second factor for Azure management' enabled users "
    "controls\n",
    "identity 15e7ce6f-19a9-4b84-80e8-f854a3c18f3d of /subscriptions/"
    "7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/rg-payments-weu/"
    "providers/Microsoft.Web/sites/app-payments-api-weu in westeurope "
    "application=payments environment=prod\n",
    "identity c111a4e9-07ce-46a9-ac8c-eb3ead2427c5 of ",
    "tags of /subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb "
    "environment=prod costCenter=4100\n",
    "resourceGroups/rg-dev-weu environment=dev\n",
};

static void expect_facts(const struct drive *drive)
{
    char *text = identity_text(drive);

    for (size_t i = 0; i < LENGTH(facts); i++)
        assert_contains(text, facts[i]);
    mem_free(text);
}

static enum kv_facet_state state_of(
    const struct drive *drive, const char *name, enum kv_facet facet)
{
    return kv_estate_facet(
        kv_session_estate(drive->session), drive_resource(drive, name), facet)
        .state;
}

static const enum kv_facet known[] = { KV_FACET_SCHEDULES, KV_FACET_ROLE_RULES,
    KV_FACET_DENIALS, KV_FACET_CREDENTIALS, KV_FACET_CONDITIONAL_ACCESS,
    KV_FACET_IDENTITIES, KV_FACET_CONTAINERS };

static void test_read(void **state)
{
    struct drive drive = { 0 };

    (void)state;
    drive_open(&drive, NULL);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    expect_facts(&drive);
    for (size_t i = 0; i < LENGTH(known); i++)
        assert_int_equal(
            state_of(&drive, "kv-pay-core-weu", known[i]), KV_FACET_READY);
    drive_done(&drive);
}

/* What PIM says of an assignment stands in the assignment itself. */
static void test_linked(void **state)
{
    struct drive drive = { 0 };
    const struct kv_assignment *row;
    struct kv_walk walk = { 0 };
    uint32_t activated = 0;

    (void)state;
    drive_open(&drive, NULL);
    drive_scan(&drive);
    while ((row = kv_estate_next_assignment(kv_session_estate(drive.session),
                drive_resource(&drive, "kv-legal-sign-neu"), &walk)))
        if (row->activated) {
            assert_true(row->ends_at_s > 0);
            activated++;
        }
    assert_int_equal(activated, 3);
    drive_done(&drive);
}

static bool is_replayed(const struct drive *drive, const void *argument)
{
    (void)argument;
    return kv_session_scan(drive->session)->state == KV_SCAN_STORED;
}

/* The store gives back the same, before anything is asked. */
static void test_stored(void **state)
{
    struct drive drive = { 0 };

    (void)state;
    drive_open(&drive, NULL);
    drive_scan(&drive);
    cloud_fault(drive.cloud, "hold=30");
    drive_reopen_session(&drive);
    kv_session_start(drive.session);
    drive_until(&drive, is_replayed, NULL, "the stored estate");
    expect_facts(&drive);
    cloud_mend(drive.cloud);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_linked),
        cmocka_unit_test(test_stored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
