/* A scan reads everything that the cloud holds: each fact of each resource is
 * compared with the cloud's own state, which is read beside the program. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "drive.h"

/* Nobody but the legal group reads it, so it is in the estate by name only. */
#define DENIED_VAULT "kv-legal-hold-weu"

/* What the tests of this program look at: one scan, and the state then. */
struct scanned {
    struct drive drive;
    json_t *state;
};

static int scan(void **state)
{
    struct scanned *scanned = mem_alloc(sizeof *scanned);

    *state = scanned;
    drive_open(&scanned->drive, NULL);
    if (drive_scan(&scanned->drive) != KV_SCAN_DONE)
        return -1;
    scanned->state = cloud_state(scanned->drive.cloud);
    return 0;
}

static int done(void **state)
{
    struct scanned *scanned = *state;

    json_decref(scanned->state);
    drive_done(&scanned->drive);
    mem_free(scanned);
    return 0;
}

static const char *text_at(const json_t *value, const char *path)
{
    return json_string_value(json_path(value, path));
}

static bool is_governed(const json_t *resource)
{
    const char *type = text_at(resource, "type");

    return strcasecmp(type, "Microsoft.KeyVault/vaults") == 0 ||
           strcasecmp(type, "Microsoft.KeyVault/managedHSMs") == 0;
}

static bool is_denied(const json_t *resource)
{
    return strcmp(text_at(resource, "name"), DENIED_VAULT) == 0;
}

/* ---- properties ---- */

static enum kv_tri tri_at(const json_t *value, const char *path)
{
    const json_t *found = json_path(value, path);

    if (!json_is_boolean(found))
        return KV_TRI_ABSENT;
    return json_is_true(found) ? KV_TRI_TRUE : KV_TRI_FALSE;
}

static uint32_t size_at(const json_t *value, const char *path)
{
    const json_t *found = json_path(value, path);

    return (uint32_t)(json_is_object(found) ? json_object_size(found)
                                            : json_array_size(found));
}

static void compare_properties(
    const struct kv_resource *row, const json_t *resource)
{
#define P "properties."
    const json_t *days = json_path(resource, P "softDeleteRetentionInDays");

    assert_string_equal(row->location, text_at(resource, "location"));
    assert_int_equal(row->rbac, tri_at(resource, P "enableRbacAuthorization"));
    assert_int_equal(row->soft_delete, tri_at(resource, P "enableSoftDelete"));
    assert_int_equal(
        row->purge_protection, tri_at(resource, P "enablePurgeProtection"));
    assert_int_equal(row->retention_days, json_integer_value(days));
    assert_int_equal(row->tag_count, size_at(resource, "tags"));
    assert_int_equal(
        row->ip_rule_count, size_at(resource, P "networkAcls.ipRules"));
    assert_int_equal(row->vnet_rule_count,
        size_at(resource, P "networkAcls.virtualNetworkRules"));
    assert_int_equal(
        row->endpoint_count, size_at(resource, P "privateEndpointConnections"));
    assert_int_equal(row->policy_count, size_at(resource, P "accessPolicies"));
    assert_int_equal(row->properties.state, KV_FACET_READY);
#undef P
}

static void test_resources(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_estate *estate = kv_session_estate(scanned->drive.session);
    uint32_t count = 0;
    size_t index;
    json_t *resource;

    json_array_foreach(
        json_object_get(scanned->state, "resources"), index, resource)
    {
        if (!is_governed(resource))
            continue;
        count++;
        uint32_t at = kv_estate_find(estate, text_at(resource, "id"));
        if (at == KV_NONE)
            fail_with("%s was not read", text_at(resource, "name"));
        if (!is_denied(resource))
            compare_properties(kv_estate_resource(estate, at), resource);
    }
    assert_int_equal(count, kv_estate_resource_count(estate));
}

static void test_denied(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_resource *row =
        drive_resource(&scanned->drive, DENIED_VAULT);

    assert_int_equal(row->properties.state, KV_FACET_DENIED);
    assert_contains(row->properties.why, "Microsoft.KeyVault/vaults/read");
}

/* ---- what hangs on a resource ---- */

/* How many items of a member lie at the resource itself. */
static uint32_t count_at(const json_t *state, const char *member,
    const char *resource_id, const char *between)
{
    struct buf prefix = { .limit = 2048 };
    uint32_t count = 0;
    size_t index;
    json_t *item;

    buf_putf(&prefix, "%s/providers/%s/", resource_id, between);
    json_array_foreach(json_object_get(state, member), index, item)
    {
        const char *id = text_at(item, "id");

        if (strncasecmp(id, buf_text(&prefix), prefix.size) == 0)
            count++;
    }
    buf_done(&prefix);
    return count;
}

static void test_settings(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_estate *estate = kv_session_estate(scanned->drive.session);

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);
        uint32_t expected = count_at(scanned->state, "diagnosticSettings",
            row->id, "Microsoft.Insights/diagnosticSettings");

        if (row->diagnostics_status.state == KV_FACET_READY &&
            row->diagnostic_count != expected)
            fail_with("%s: %u settings, expected %u", row->name,
                row->diagnostic_count, expected);
    }
}

/* Whether a scope reaches the resource: a prefix of its id, the tenant, or a
 * management group above its subscription. */
static bool reaches(const struct kv_estate *estate,
    const struct kv_resource *resource, const char *scope)
{
    static const char groups[] =
        "/providers/Microsoft.Management/managementGroups/";
    const struct kv_subscription *subscription =
        kv_estate_subscription(estate, resource->subscription);
    size_t size = strlen(scope);

    if (size <= 1)
        return true;
    if (strncasecmp(scope, groups, sizeof groups - 1) == 0) {
        for (uint32_t i = 0; i < subscription->group_count; i++)
            if (strcasecmp(
                    subscription->groups[i], scope + sizeof groups - 1) == 0)
                return true;
        return false;
    }
    if (strncasecmp(resource->id, scope, size) == 0)
        return resource->id[size] == '/' || resource->id[size] == '\0';
    size = strlen(resource->id);
    return strncasecmp(scope, resource->id, size) == 0 && scope[size] == '/';
}

static uint32_t count_assignments(const json_t *state,
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    uint32_t count = 0;
    size_t index;
    json_t *item;

    json_array_foreach(json_object_get(state, "roleAssignments"), index,
        item) if (reaches(estate, resource, text_at(item, "properties.scope")))
        count++;
    return count;
}

static void test_assignments(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_estate *estate = kv_session_estate(scanned->drive.session);

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);
        struct kv_walk walk = { 0 };
        const struct kv_assignment *assignment;
        uint32_t found = 0;

        while ((assignment = kv_estate_next_assignment(estate, row, &walk))) {
            if (!reaches(estate, row, assignment->scope))
                fail_with("%s does not reach %s", assignment->id, row->name);
            if (assignment->role == KV_NONE)
                fail_with("%s: its role was not read", assignment->id);
            found++;
        }
        uint32_t expected = count_assignments(scanned->state, estate, row);
        if (found != expected)
            fail_with(
                "%s: %u assignments, expected %u", row->name, found, expected);
    }
}

static void test_locks(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_estate *estate = kv_session_estate(scanned->drive.session);
    static const struct {
        const char *resource;
        uint32_t locks;
    } rows[] = {
        { "kv-pay-core-weu", 1 },
        { "kv-pay-prod-weu", 0 },
        { "kv-data-ml-neu", 1 },
        { "kv-legal-sign-neu", 1 },
        { "kv-partner-prod-neu", 1 },
        { "kv-plat-policy-weu", 1 },
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_walk walk = { 0 };
        uint32_t found = 0;

        while (kv_estate_next_lock(
            estate, drive_resource(&scanned->drive, rows[i].resource), &walk))
            found++;
        if (found != rows[i].locks)
            fail_with("%s: %u locks, expected %u", rows[i].resource, found,
                rows[i].locks);
    }
}

/* ---- around them ---- */

static void test_subscriptions(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_estate *estate = kv_session_estate(scanned->drive.session);
    const json_t *all = json_object_get(scanned->state, "subscriptions");

    assert_int_equal(
        kv_estate_subscription_count(estate), json_array_size(all));
    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++) {
        const struct kv_subscription *row = kv_estate_subscription(estate, i);

        assert_string_equal(row->state, "Enabled");
        /* One management group and the tenant root above each. */
        assert_int_equal(row->group_count, 2);
        assert_contains(row->name, "Contoso ");
    }
    assert_string_equal(kv_estate_tenant_name(estate), "contoso.com");
}

static void test_deleted(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_estate *estate = kv_session_estate(scanned->drive.session);
    uint32_t hsms = 0;

    assert_int_equal(kv_estate_row_count(estate, KV_SET_DELETED), 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct kv_deleted *row = kv_estate_row(estate, KV_SET_DELETED, i);

        hsms += row->hsm;
        assert_true(row->purge_at_s > row->deleted_at_s);
    }
    assert_int_equal(hsms, 1);
}

static void test_sinks(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_estate *estate = kv_session_estate(scanned->drive.session);

    /* Three workspaces, three storage accounts, one event hub. */
    assert_int_equal(kv_estate_row_count(estate, KV_SET_SINKS), 7);
}

/* ---- how it was read ---- */

/* In bulk where Azure can: far fewer requests than resources times facets. */
static void test_requests(void **state)
{
    const struct scanned *scanned = *state;
    const struct kv_scan *progress = kv_session_scan(scanned->drive.session);

    assert_int_equal(progress->done, progress->total);
    assert_int_equal(progress->in_flight, 0);
    assert_int_equal(progress->resources, 47);
    assert_true(progress->requests < 47 * 3);
    /* A scan only reads: what it POSTs is queries and the sign-in. */
    assert_int_equal(cloud_requests(scanned->drive.cloud, "PATCH"), 0);
    assert_int_equal(cloud_requests(scanned->drive.cloud, "PUT"), 0);
    assert_int_equal(cloud_requests(scanned->drive.cloud, "DELETE"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resources),
        cmocka_unit_test(test_denied),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_assignments),
        cmocka_unit_test(test_locks),
        cmocka_unit_test(test_subscriptions),
        cmocka_unit_test(test_deleted),
        cmocka_unit_test(test_sinks),
        cmocka_unit_test(test_requests),
    };

    return cmocka_run_group_tests(tests, scan, done);
}
