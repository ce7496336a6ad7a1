/* Every body that a remedy or its undo would send is one that Microsoft's
 * resource types allow: no field that is unknown, read-only or missing. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "cloud_owner.h"
#include "drive.h"
#include "temp.h"
#include "types.h"

#define AUTHORIZATION_FILE "Microsoft.Authorization.2022-04-01.json"
#define KEYVAULT_FILE "Microsoft.KeyVault.2026-02-01.json"

/* What is written, by a part of its path: the last that fits counts. */
static const struct {
    const char *part;
    const char *type;
    const char *file;
} written[] = {
    { "/vaults/", "Microsoft.KeyVault/vaults", KEYVAULT_FILE },
    { "/managedHSMs/", "Microsoft.KeyVault/managedHSMs", KEYVAULT_FILE },
    { "/diagnosticSettings/", "Microsoft.Insights/diagnosticSettings",
        "Microsoft.Insights.2021-05-01-preview.json" },
    { "/accessPolicies/", "Microsoft.KeyVault/vaults/accessPolicies",
        KEYVAULT_FILE },
    { "/roleAssignments/", "Microsoft.Authorization/roleAssignments",
        AUTHORIZATION_FILE },
    { "/roleDefinitions/", "Microsoft.Authorization/roleDefinitions",
        AUTHORIZATION_FILE },
    { "/roleEligibilityScheduleRequests/",
        "Microsoft.Authorization/roleEligibilityScheduleRequests",
        "Microsoft.Authorization.2020-10-01.json" },
    { "/roleManagementPolicies/", NULL, NULL }, /* no type is published */
    { "/locks/", "Microsoft.Authorization/locks",
        "Microsoft.Authorization.2020-05-01.json" },
    { "/policyAssignments/", "Microsoft.Authorization/policyAssignments",
        "Microsoft.Authorization.2025-03-01.json" },
    { "/pricings/", "Microsoft.Security/pricings",
        "Microsoft.Security.2024-01-01.json" },
    { "/tables/", "Microsoft.OperationalInsights/workspaces/tables",
        "Microsoft.OperationalInsights.2025-07-01.json" },
    { "/metricAlerts/", "Microsoft.Insights/metricAlerts",
        "Microsoft.Insights.2018-03-01.json" },
    { "/activityLogAlerts/", "Microsoft.Insights/activityLogAlerts",
        "Microsoft.Insights.2020-10-01.json" },
    { "/scheduledQueryRules/", "Microsoft.Insights/scheduledQueryRules",
        "Microsoft.Insights.2023-12-01.json" },
    { "/actionGroups/", "Microsoft.Insights/actionGroups",
        "Microsoft.Insights.2023-01-01.json" },
    { "/systemTopics/", "Microsoft.EventGrid/systemTopics",
        "Microsoft.EventGrid.2025-02-15.json" },
    { "/eventSubscriptions/", "Microsoft.EventGrid/eventSubscriptions",
        "Microsoft.EventGrid.2025-02-15.json" },
    { "/privateEndpoints/", "Microsoft.Network/privateEndpoints",
        "Microsoft.Network.2024-05-01.json" },
    { "/privateDnsZoneGroups/",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "Microsoft.Network.2024-05-01.json" },
    { "/vaults/kv-partner-prod-neu/privateEndpointConnections/",
        "Microsoft.KeyVault/vaults/privateEndpointConnections", KEYVAULT_FILE },
    /* Of these Microsoft's types are not among the files. */
    { "/networkSecurityPerimeters/", "", NULL },
    { "/managementPolicies/", "", NULL },
};

struct remedy_row {
    const char *remedy;
    const char *resource;
    const char *option; /* NULL: as it comes */
    const char *value;
};

static const struct remedy_row rows[] = {
    { "firewall-on", "kv-pay-prod-weu", NULL, NULL },
    { "firewall-on", "kv-shop-search-weu", NULL, NULL },
    { "firewall-on", "kv-plat-ci-weu", "allow", "203.0.113.7,198.51.100.0/28" },
    { "firewall-on", "kv-old-hr-weu", NULL, NULL },
    { "purge-protection-on", "kv-pay-prod-weu", NULL, NULL },
    { "purge-protection-on", "kv-old-hr-weu", NULL, NULL },
    { "purge-protection-on", "hsm-lab-weu", NULL, NULL },
    { "diagnostics-on", "kv-pay-prod-weu", NULL, NULL },
    { "assignment-remove", "kv-data-lake-weu", NULL, NULL },
    { "assignment-narrow", "kv-data-etl-weu", "wait", "0" },
    { "assignment-replace", "kv-shop-search-weu", "wait", "0" },
    { "make-eligible", "kv-web-dev-weu", NULL, NULL },
    { "pim-require-approval", "kv-team-dev-weu", "approvers",
        "977d5591-b4d4-48b7-9c51-601f5df25085" },
    { "pim-require-mfa", "kv-team-dev-weu", NULL, NULL },
    { "policy-trim", "kv-pay-prod-weu", NULL, NULL },
    { "policy-remove", "kv-pay-prod-weu", NULL, NULL },
    { "rbac-migrate", "kv-pay-prod-weu", "wait", "0" },
    { "firewall-on", "hsm-legal-neu", NULL, NULL },
    { "firewall-rules", "kv-shop-prod-weu", "remove", "52.0.0.0/8" },
    { "public-access-off", "kv-pay-prod-weu", NULL, NULL },
    { "public-access-off", "hsm-legal-neu", NULL, NULL },
    { "bypass-off", "kv-pay-stage-neu", NULL, NULL },
    { "bypass-off", "hsm-lab-weu", NULL, NULL },
    { "tag-set", "kv-pay-recon-weu", "tags", "owner=payments@contoso.com" },
    { "tag-set", "hsm-lab-weu", "tags", "owner=payments@contoso.com" },
    { "lock-create", "kv-team-dev-weu", NULL, NULL },
    { "soft-delete-on", "kv-plat-nosd-neu", NULL, NULL },
    { "vault-set", "kv-pay-prod-weu", NULL, NULL },
    { "diagnostics-on", "hsm-lab-weu", "workspace",
        "/subscriptions/1efdfa4c-1db1-4e35-8d2c-3a665f62c412/resourceGroups/"
        "rg-monitoring-weu"
        "/providers/Microsoft.OperationalInsights/workspaces/"
        "law-platform-weu" },
    { "defender-on", "kv-data-etl-weu", NULL, NULL },
    { "retention-extend", "kv-web-dev-weu", NULL, NULL },
    { "alerts-create", "kv-pay-stage-neu", NULL, NULL },
    { "alerts-create", "hsm-lab-weu", NULL, NULL },
    { "eventgrid-create", "kv-data-etl-weu", NULL, NULL },
    { "policy-assign", "kv-web-dev-weu", "effect", "Deny" },
    { "endpoint-dns", "kv-data-lake-weu", NULL, NULL },
    { "endpoint-create", "kv-data-etl-weu", NULL, NULL },
    { "perimeter-enforce", "kv-data-lake-weu", NULL, NULL },
    { "endpoint-approve", "kv-partner-prod-neu", "connection",
        "pep-partner-prod-neu.15fcc9e5-b294-487b-8060-c90df6075eb6" },
    { "vault-recover", "kv-shop-prod-weu", NULL, NULL },
};

/* Somebody who may do everything. */
struct scene {
    struct drive drive;
    struct owner *owner;
};

static int scan(void **state)
{
    struct scene *scene = mem_alloc(sizeof *scene);
    struct drive *drive = &scene->drive;

    *state = drive;
    scene->owner = owner_open_named();
    drive->cloud = scene->owner->cloud;
    drive->state_dir = temp_new();
    cloud_enter(drive->cloud);
    drive->options = (struct kv_session_options){
        .arm_endpoint = drive->cloud->origin,
        .state_dir = drive->state_dir,
        .no_device_code = true,
    };
    drive_open_session(drive);
    return drive_scan(drive) == KV_SCAN_DONE ? 0 : -1;
}

static int done(void **state)
{
    struct scene *scene = *state;

    kv_session_close(scene->drive.session);
    temp_done(scene->drive.state_dir);
    owner_close(scene->owner);
    mem_free(scene);
    return 0;
}

static const char *type_of(const char *path, const char **file)
{
    const char *type = "";

    for (size_t i = 0; i < LENGTH(written); i++)
        if (text_contains_nocase(path, written[i].part)) {
            type = written[i].type;
            *file = written[i].file;
        }
    return type;
}

static void check_request(const char *remedy, const struct kv_target *target,
    const struct kv_request *request)
{
    const char *file = "";
    const char *type = type_of(request->path, &file);
    struct buf problems = { .limit = 1u << 16 };

    if (!type)
        return;
    if (strcmp(request->method, "DELETE") == 0) {
        assert_null(request->body);
        return;
    }
    if (!file)
        return;
    json_t *body = json_loads(request->body, 0, NULL);
    struct types *types = types_open(file);
    enum types_body kind =
        strcmp(request->method, "PUT") == 0 ? TYPES_WHOLE : TYPES_PART;
    if (!body || !types_check(types, type, body, kind, &problems))
        fail_with("%s on %s sends %s %s\n%s\n%s", remedy, target->name,
            request->method, request->path, request->body, buf_text(&problems));
    /* The file is of the version that the request names. */
    const char *version = strstr(request->path, "api-version=");
    if (!version || !strstr(file, version + strlen("api-version=")))
        fail_with("%s: %s is not of %s", remedy, request->path, file);
    types_close(types);
    json_decref(body);
    buf_done(&problems);
}

static void check_target(const char *remedy, const struct kv_target *target)
{
    assert_true(target->request_count > 0);
    for (uint32_t i = 0; i < target->request_count; i++)
        check_request(remedy, target, &target->requests[i]);
}

static struct kv_plan *plan_row(
    struct drive *drive, const struct remedy_row *row)
{
    const char *const names[] = { row->resource, NULL };
    struct kv_plan *plan = drive_plan(drive, row->remedy, names);

    if (row->option)
        drive_set(drive, plan, row->option, row->value);
    drive_expect_target(drive, plan, 0, KV_TARGET_READY);
    return plan;
}

static void test_previews(void **state)
{
    struct drive *drive = *state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_plan *plan = plan_row(drive, &rows[i]);

        check_target(rows[i].remedy, kv_plan_target(plan, 0));
        kv_session_drop_plan(drive->session, plan);
    }
}

/* What these send goes to a vault or HSM itself, whose bodies no resource type
 * describes; the simulated cloud refuses what the service would. */
static const char *const inside[] = { "set-expiry", "set-content-type",
    "rotation-policy", "rotate-key", "certificate-autorenew",
    "certificate-policy", "hsm-setting", "hsm-role-add", "hsm-role-replace",
    "hsm-role-narrow", "hsm-role-remove", "hsm-backup", "backup",
    "restore-drill" };

static bool is_inside(const char *remedy)
{
    for (size_t i = 0; i < LENGTH(inside); i++)
        if (strcmp(inside[i], remedy) == 0)
            return true;
    return false;
}

/* Every remedy of the table has a row here. */
static void test_covered(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_remedies_count; i++) {
        bool found = is_inside(kv_remedies[i].id);

        for (size_t j = 0; j < LENGTH(rows); j++)
            found |= strcmp(rows[j].remedy, kv_remedies[i].id) == 0;
        if (!found)
            fail_with("no row sends what %s sends", kv_remedies[i].id);
    }
}

/* What is sent is what was previewed, and the way back is allowed as well. */
static void test_undo(void **state)
{
    struct drive *drive = *state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        if (!kv_remedy_find(rows[i].remedy)->undo)
            continue;
        struct kv_plan *plan = plan_row(drive, &rows[i]);
        drive_run(drive, plan);
        drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
        kv_session_drop_plan(drive->session, plan);
        plan = drive_plan_undo(drive);
        drive_expect_target(drive, plan, 0, KV_TARGET_READY);
        check_target("the undo", kv_plan_target(plan, 0));
        kv_session_drop_plan(drive->session, plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_previews),
        cmocka_unit_test(test_covered),
        cmocka_unit_test(test_undo),
    };

    return cmocka_run_group_tests(tests, scan, done);
}
