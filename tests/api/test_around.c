/* A scan of the Contoso estate reads what stands around its vaults: private
 * endpoints with their DNS, perimeters, policies, regions. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "drive.h"

#define PRODUCTION                                                             \
    "/providers/Microsoft.Management/managementGroups/mg-contoso-prod"

static int scan(void **state)
{
    struct drive *drive = mem_alloc(sizeof *drive);

    *state = drive;
    drive_open(drive, NULL);
    return drive_scan(drive) == KV_SCAN_DONE ? 0 : -1;
}

static int done(void **state)
{
    drive_done(*state);
    mem_free(*state);
    return 0;
}

static const struct kv_estate *estate_of(const struct drive *drive)
{
    return kv_session_estate(drive->session);
}

/* Facets that were asked of every subscription. */
static void test_facets(void **state)
{
    static const enum kv_facet facets[] = { KV_FACET_INVENTORY,
        KV_FACET_ENDPOINTS, KV_FACET_PERIMETERS, KV_FACET_POLICIES,
        KV_FACET_POLICY_STATES, KV_FACET_LOCATIONS };
    const struct kv_estate *estate = estate_of(*state);

    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++)
        for (size_t j = 0; j < LENGTH(facets); j++) {
            const struct kv_subscription *row =
                kv_estate_subscription(estate, i);
            struct kv_facet_status status =
                *kv_estate_facet_at(estate, row, NULL, facets[j]);

            if (!kv_facet_known(&status))
                fail_with("%s of %s: %s", kv_facets[facets[j]].name, row->name,
                    status.why ? status.why : "not read");
        }
}

/* The first row at a resource. */
static const void *row_at(
    const struct drive *drive, enum kv_set set, const char *name)
{
    struct kv_walk walk = { 0 };

    return kv_estate_next_at(
        estate_of(drive), set, drive_resource(drive, name)->id, &walk);
}

static void test_endpoints(void **state)
{
    static const struct {
        const char *resource;
        const char *zone; /* NULL: no zone group */
    } rows[] = {
        { "kv-pay-core-weu", "/privatelink.vaultcore.azure.net" },
        { "hsm-pay-prod-weu", "/privatelink.managedhsm.azure.net" },
        { "kv-data-lake-weu", NULL },
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct kv_private_endpoint *row =
            row_at(*state, KV_SET_ENDPOINTS, rows[i].resource);

        assert_non_null(row);
        assert_int_equal(row->dns.state, KV_FACET_READY);
        assert_int_equal(row->zone_count, rows[i].zone ? 1 : 0);
        if (rows[i].zone)
            assert_contains(row->zones[0], rows[i].zone);
        assert_contains(row->subnet_id, "/subnets/snet-endpoints");
    }
    assert_null(row_at(*state, KV_SET_ENDPOINTS, "kv-pay-prod-weu"));
}

static void test_perimeters(void **state)
{
    const struct kv_perimeter *core =
        row_at(*state, KV_SET_PERIMETERS, "kv-pay-core-weu");
    const struct kv_perimeter *lake =
        row_at(*state, KV_SET_PERIMETERS, "kv-data-lake-weu");

    assert_int_equal(core->mode, KV_PERIMETER_ENFORCED);
    assert_contains(core->perimeter_id, "/nsp-contoso");
    assert_int_equal(lake->mode, KV_PERIMETER_LEARNING);
    assert_null(row_at(*state, KV_SET_PERIMETERS, "kv-shop-peri-weu"));
}

/* The set that an assignment names was asked for by its id. */
static void test_policies(void **state)
{
    const struct kv_policy_assignment *base =
        kv_estate_find_row(estate_of(*state), KV_SET_POLICIES,
            PRODUCTION "/providers/Microsoft.Authorization/policyAssignments/"
                       "vault-baseline");
    const struct kv_policy_set *set;

    assert_non_null(base);
    assert_true(base->enforced);
    assert_int_equal(base->not_scope_count, 1);
    set = kv_estate_find_row(
        estate_of(*state), KV_SET_POLICY_SETS, base->definition_id);
    assert_non_null(set);
    assert_int_equal(set->member_count, 6);
    assert_non_null(row_at(*state, KV_SET_POLICY_STATES, "kv-pay-core-weu"));
}

static void test_regions(void **state)
{
    const struct drive *drive = *state;
    const struct kv_resource *hsm = drive_resource(drive, "hsm-pay-prod-weu");
    const struct kv_region *region =
        row_at(drive, KV_SET_REGIONS, "hsm-pay-prod-weu");
    struct kv_facet_status status =
        kv_estate_facet(estate_of(drive), hsm, KV_FACET_REGIONS);
    struct buf id = { .limit = 256 };
    const struct kv_location *location;

    assert_int_equal(status.state, KV_FACET_READY);
    assert_non_null(region);
    buf_putf(&id, "/subscriptions/%s/locations/westeurope",
        kv_estate_subscription(estate_of(drive), hsm->subscription)->id);
    location =
        kv_estate_find_row(estate_of(drive), KV_SET_LOCATIONS, buf_text(&id));
    assert_non_null(location);
    assert_int_equal(location->zones, 3);
    buf_done(&id);
}

static bool shows_stored(const struct drive *drive, const void *argument)
{
    (void)argument;
    return kv_session_scan(drive->session)->state == KV_SCAN_STORED;
}

/* The store has all of it for the next start. */
static void test_replayed(void **state)
{
    struct drive *drive = *state;

    cloud_fault(drive->cloud, "hold=30");
    drive_reopen_session(drive);
    kv_session_start(drive->session);
    drive_until(drive, shows_stored, NULL, "the stored estate");
    cloud_mend(drive->cloud);
    test_endpoints(state);
    test_perimeters(state);
    test_policies(state);
    test_regions(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facets),
        cmocka_unit_test(test_endpoints),
        cmocka_unit_test(test_perimeters),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_replayed),
    };

    return cmocka_run_group_tests(tests, scan, done);
}
