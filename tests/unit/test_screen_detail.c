/* The detail screen: every state of what it shows, on one vault or HSM that a
 * scene describes. */
#include "fake_console.h"
#include "posture_scene.h"

#define WHO "00000000-aaaa-bbbb-cccc-000000000001"

enum tab {
    TAB_FINDINGS,
    TAB_ACCESS,
    TAB_NETWORK,
    TAB_PROTECTION,
    TAB_LOGGING,
};

static void open_scene(
    struct app *app, const struct scene *scene, int rows, int columns)
{
    fake_open(app, rows, columns);
    app->session.estate = scene_estate(scene);
    app->session.posture = posture_new(app->session.estate, &kv_policy_default);
    posture_judge(app->session.posture, 0, FAKE_NOW_S);
    screen_open_detail(app, 0);
}

static void close_scene(struct app *app)
{
    fake_close(app);
    posture_free(app->session.posture);
    estate_free(app->session.estate);
}

static const struct kv_ip_rule rules[] = {
    { .text = "52.16.0.0/12",
        .first = 0x34100000,
        .last = 0x341fffff,
        .valid = true },
    { .text = "not an address" },
};
static const char *const subnets[] = {
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/"
    "virtualNetworks/vnet-app/subnets/web",
};
static const struct kv_endpoint endpoints[] = {
    { .name = "c1",
        .endpoint_id = "/x/privateEndpoints/pe-pay",
        .state = KV_ENDPOINT_APPROVED },
    { .name = "c2",
        .endpoint_id = "/y/privateEndpoints/pe-partner",
        .state = KV_ENDPOINT_PENDING,
        .foreign = true },
};
static const struct kv_access_policy policies[] = {
    { .object_id = WHO, .secrets = 3 },
};
static const struct kv_tag tags[] = {
    { .name = "env", .value = "\xe2\x80\xaeprod" },
};
static const struct kv_tag many_tags[] = {
    { .name = "env", .value = "prod" },
    { .name = "owner", .value = "payments-team-with-a-name@contoso.com" },
    { .name = "app", .value = "pay" },
};

#define VAULT                                                                  \
    .kind = KV_KIND_VAULT, .name = "kv-pay", .resource_group = "rg-pay",       \
    .location = "westeurope", .sku = "standard"
#define READ_ONLY_FACET(facet)                                                 \
    .not_ready = KV_FACET_BIT(facet), .state = KV_FACET_DENIED,                \
    .why = "Microsoft.Test/thing/read"

#define NSP                                                                    \
    "/subscriptions/" SCENE_HUB "/resourceGroups/rg-net/providers/"            \
    "Microsoft.Network/networkSecurityPerimeters/nsp-pay"
static const struct kv_perimeter perimeter = {
    .id = NSP "/resourceAssociations/a",
    .scope = SCENE_VAULT,
    .perimeter_id = NSP,
    .mode = KV_PERIMETER_ENFORCED,
    .provisioning_state = "Succeeded",
};
static const struct kv_ip_rule one_office[] = {
    { "203.0.113.7", 0xcb007107, 0xcb007107, true },
};
static const struct kv_endpoint one_endpoint[] = {
    { .name = "pep-pay.1",
        .endpoint_id = "/x/privateEndpoints/pep-pay",
        .state = KV_ENDPOINT_APPROVED },
};
static const struct kv_private_endpoint unnamed = {
    .id = "/x/privateEndpoints/pep-pay",
    .scope = SCENE_VAULT,
    .endpoint_id = "/x/privateEndpoints/pep-pay",
    .subnet_id = "/x/virtualNetworks/app/subnets/web",
    .dns = { .state = KV_FACET_READY },
};

static const char *const key_use[] = {
    "Microsoft.KeyVault/managedHsm/keys/sign/action",
};
static const struct kv_permission_block signs = {
    .data_actions = key_use,
    .data_action_count = 1,
};
static const struct kv_local_role signer = {
    .id = "role-1",
    .scope = SCENE_HSM,
    .guid = "signer",
    .name = "Signer",
    .block_count = 1,
    .blocks = &signs,
};
static const struct kv_local_assignment signs_here = {
    .id = "local-1",
    .scope = SCENE_HSM,
    .within = "/keys",
    .principal_id = WHO,
    .role_guid = "signer",
};
static const struct kv_schedule may_own = {
    .id = "schedule-1",
    .scope = "/subscriptions/" SCENE_HOME,
    .principal_id = WHO,
    .principal_type = KV_PRINCIPAL_USER,
    .role_guid = "Owner",
    .eligible = true,
};

struct detail_case {
    const char *name;
    struct scene scene;
    enum tab tab;
    const char *shown[6];
};

static const struct detail_case cases[] = {
    { "open vault", { .resource = { VAULT } }, TAB_FINDINGS,
        { ">  CRIT  Any address on the internet", "x  G2 can cut access",
            "EVIDENCE", "vault  rg-pay  Payments-Prod" } },
    { "a tag that hides something",
        { .resource = { VAULT, .tags = tags, .tag_count = 1 } }, TAB_FINDINGS,
        { "env=<U+202E>prod" } },
    { "tags that have no room",
        { .resource = { VAULT, .tags = many_tags, .tag_count = 3 } },
        TAB_FINDINGS, { "  westeurope  env=prod ..\n" } },
    { "unknown is not pass",
        { .resource = { VAULT }, READ_ONLY_FACET(KV_FACET_PROPERTIES) },
        TAB_FINDINGS, { "not known, Enter: why", "[Findings ", " ?]" } },
    { "rbac",
        { .resource = { VAULT, .rbac = KV_TRI_TRUE },
            .assignments = { { KV_SCOPE_SUBSCRIPTION, "Secrets User", WHO,
                                 KV_PRINCIPAL_SERVICE, false },
                { KV_SCOPE_RESOURCE, "Owner", WHO, KV_PRINCIPAL_USER, true } },
            READ_ONLY_FACET(KV_FACET_PRINCIPALS) },
        TAB_ACCESS,
        { "MODEL  Azure RBAC", WHO " Secrets User", "sub      yes",
            "here     if", "WHO is the object id", "reads secret values" } },
    { "access policies",
        { .resource = { VAULT, .policies = policies, .policy_count = 1 },
            .assignments = { { KV_SCOPE_SUBSCRIPTION, "Secrets User", WHO,
                KV_PRINCIPAL_SERVICE, false } } },
        TAB_ACCESS,
        { "RBAC data roles are NOT in force", "secrets get list",
            "policy   yes", "sub      no" } },
    { "policies left behind",
        { .resource = { VAULT, .rbac = KV_TRI_TRUE, .policies = policies,
              .policy_count = 1 } },
        TAB_ACCESS,
        { "access policies that remain are NOT in force", "policy   no" } },
    { "an HSM's own roles",
        { .resource = { .kind = KV_KIND_HSM, .name = "hsm" },
            .around = { { KV_SET_LOCAL_ROLES, &signer },
                { KV_SET_LOCAL_ASSIGNMENTS, &signs_here } } },
        TAB_ACCESS,
        { WHO " Signer", "/keys    yes", "CAN        uses keys",
            "Signer within /keys of the HSM", "IN ALL     uses keys" } },
    { "an HSM's own roles that were not read",
        { .resource = { .kind = KV_KIND_HSM, .name = "hsm" },
            READ_ONLY_FACET(KV_FACET_LOCAL_ROLES) },
        TAB_ACCESS,
        { "[Access ?]", "Not readable: local roles of the HSM (denied)" } },
    { "who may activate a role",
        { .resource = { VAULT, .rbac = KV_TRI_TRUE },
            .around = { { KV_SET_SCHEDULES, &may_own } } },
        TAB_ACCESS,
        { WHO " Owner", "sub      pim", "not held until it is activated",
            "IN ALL     eligible: says who may do what" } },
    { "assignments denied",
        { .resource = { VAULT }, READ_ONLY_FACET(KV_FACET_ASSIGNMENTS) },
        TAB_ACCESS,
        { "Not readable: role assignments (denied)",
            "This does NOT mean that there are none",
            "Microsoft.Test/thing/read", "Access ?",
            "/subscriptions/" SCENE_HOME } },
    { "management groups unread",
        { .resource = { VAULT }, .groups_unread = true }, TAB_ACCESS,
        { "PARTIAL", "Access ?" } },
    { "nobody", { .resource = { VAULT, .rbac = KV_TRI_TRUE } }, TAB_ACCESS,
        { "No role assignment and no access policy reaches" } },
    { "rules that count",
        { .resource = { VAULT, .default_action = KV_DEFAULT_DENY,
              .ip_rules = rules, .ip_rule_count = 2, .vnet_rules = subnets,
              .vnet_rule_count = 1 } },
        TAB_NETWORK,
        { "REACHABLE FROM  many addresses", "1,048,576 addresses",
            "not understood: UNKNOWN", "vnet-app/web", "vnet    allow",
            "BECAUSE" } },
    { "rules without effect, a foreign endpoint first",
        { .resource = { VAULT, .ip_rules = rules, .ip_rule_count = 1,
              .endpoints = endpoints, .endpoint_count = 2 } },
        TAB_NETWORK,
        { "REACHABLE FROM  any address on the internet", ">  pe-partner",
            "FOREIGN subscription", "no effect",
            "UNKNOWN whether names lead to it",
            "pe-pay                     private approved" } },
    { "network denied",
        { .resource = { VAULT }, READ_ONLY_FACET(KV_FACET_PROPERTIES) },
        TAB_NETWORK, { "Not readable: properties (denied)", "Network ?" } },
    { "protection", { .resource = { VAULT, .soft_delete = KV_TRI_TRUE } },
        TAB_PROTECTION,
        { "Soft delete       on                on           -",
            "90 days (absent)", "Purge protection  off (absent)",
            "x  G3 can lock out", "access policies   Azure RBAC" } },
    { "protection of an HSM",
        { .resource = { .kind = KV_KIND_HSM,
              .name = "hsm",
              .purge_protection = KV_TRI_TRUE } },
        TAB_PROTECTION, { "Activation        ? (not said)", "on" } },
    { "locks denied",
        { .resource = { VAULT }, READ_ONLY_FACET(KV_FACET_LOCKS) },
        TAB_PROTECTION, { "Delete lock       ? not read", "? not known" } },
    { "sent to a workspace",
        { .resource = { VAULT },
            .diagnostics = { { .name = "audit",
                .audit = true,
                .audit_row = "AuditEvent",
                .metrics = true,
                .workspace_id = SCENE_WORKSPACE(SCENE_HUB) } },
            .diagnostic_count = 1,
            .sinks = { SCENE_WORKSPACE(SCENE_HUB) } },
        TAB_LOGGING,
        { "AuditEvent metrics", "log-weu", "found",
            "KEEPS THEM UNKNOWN how long", "READ THERE 0 by role" } },
    { "held by a perimeter",
        { .resource = { VAULT, .default_action = KV_DEFAULT_DENY,
              .ip_rules = one_office, .ip_rule_count = 1 },
            .around = { { KV_SET_PERIMETERS, &perimeter } } },
        TAB_NETWORK,
        { "what a network security perimeter lets in", "nsp-pay", "enforced",
            "no effect" } },
    { "perimeters denied",
        { .resource = { VAULT }, READ_ONLY_FACET(KV_FACET_PERIMETERS) },
        TAB_NETWORK,
        { "unless a network security perimeter holds it", "which is UNKNOWN",
            "Microsoft.Test/thing/read" } },
    { "an endpoint without names",
        { .resource = { VAULT, .endpoints = one_endpoint, .endpoint_count = 1 },
            .around = { { KV_SET_ENDPOINTS, &unnamed } } },
        TAB_NETWORK, { "approved", "SUBNET     app/web", "no zone group" } },
    { "sent into the void",
        { .resource = { VAULT },
            .diagnostics = { { .name = "audit",
                .audit = true,
                .audit_row = "AuditEvent",
                .workspace_id = SCENE_WORKSPACE(SCENE_HUB) } },
            .diagnostic_count = 1 },
        TAB_LOGGING,
        { "Audit logs are sent nowhere", "MISSING",
            "what is sent there is lost" } },
    { "nothing sent", { .resource = { VAULT } }, TAB_LOGGING,
        { "No diagnostic setting exists" } },
    { "settings denied",
        { .resource = { VAULT }, READ_ONLY_FACET(KV_FACET_DIAGNOSTICS) },
        TAB_LOGGING,
        { "UNKNOWN", "Not readable: diagnostic settings", "Logging ?" } },
};

static void check_case(const struct detail_case *one, int rows, int columns)
{
    struct buf screen = { .limit = SIZE_MAX };
    struct app app;

    open_scene(&app, &one->scene, rows, columns);
    for (unsigned i = 0; i < one->tab; i++)
        fake_key(&app, CODE_TAB);
    fake_draw(&app, &screen);
    for (size_t i = 0; i < LENGTH(one->shown) && one->shown[i]; i++)
        if (!strstr(buf_text(&screen), one->shown[i]))
            fail_with("%s: \"%s\" is not on\n%s", one->name, one->shown[i],
                buf_text(&screen));
    buf_done(&screen);
    close_scene(&app);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        check_case(&cases[i], 36, 95);
}

/* Nothing breaks at any size, in any tab. */
static void test_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        for (int rows = 11; rows <= 40; rows += 7)
            for (int columns = 60; columns <= 200; columns += 35) {
                struct app app;

                open_scene(&app, &cases[i].scene, rows, columns);
                for (int tab = 0; tab < 7; tab++) {
                    fake_expect(&app, "Findings");
                    fake_key(&app, 'G');
                    fake_key(&app, CODE_TAB);
                }
                close_scene(&app);
            }
}

static void test_tabs_go_round(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &cases[0].scene, 20, 80);
    fake_key(&app, '[');
    fake_expect(&app, "[History");
    fake_key(&app, ']');
    fake_expect(&app, "[Findings");
    fake_key(&app, CODE_BACK_TAB);
    fake_expect(&app, "[History");
    close_scene(&app);
}

static void test_finding_in_full(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &cases[0].scene, 60, 100);
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "fail, severity critical, on kv-pay");
    fake_expect(&app, "VERIFY");
    fake_expect(&app, "2025-04-16");
    fake_expect(&app, "ELSEWHERE");
    fake_key(&app, CODE_ESCAPE);
    fake_expect(&app, "[Findings");
    close_scene(&app);
}

static void test_unknown_is_not_pass(void **state)
{
    const struct scene scene = { .resource = { VAULT },
        READ_ONLY_FACET(KV_FACET_PROPERTIES) };
    struct app app;

    (void)state;
    open_scene(&app, &scene, 36, 100);
    fake_type(&app, "/firewall limits");
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "This does NOT mean that it passes.");
    fake_expect(&app, "Microsoft.Test/thing/read");
    close_scene(&app);
}

static void test_fix_starts_for_the_finding(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &cases[0].scene, 20, 80);
    fake_key(&app, 'x');
    assert_int_equal(app.session.plans, 1);
    assert_string_equal(app.session.remedy, "firewall-on");
    close_scene(&app);
}

/* A row that has only a guide starts nothing. */
static void test_guide_only(void **state)
{
    struct scene scene = { .resource = { VAULT, .retention_days = 7 } };
    struct app app;

    (void)state;
    open_scene(&app, &scene, 40, 80);
    fake_type(&app, "/PRO-2");
    fake_key(&app, CODE_ENTER);
    fake_key(&app, 'x');
    assert_int_equal(app.session.plans, 0);
    assert_contains(app.notice, "guide only");
    close_scene(&app);
}

static void test_reread(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &cases[0].scene, 20, 80);
    fake_key(&app, 'r');
    assert_int_equal(app.session.rereads, 1);
    close_scene(&app);
}

/* What a copy and an export would take. */
static void test_taken(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &cases[0].scene, 20, 160);
    assert_int_equal(app.top->ops->resource(app.top), 0);
    assert_non_null(app.top->ops->list(app.top));
    close_scene(&app);
}

/* Since when, and what the last scan made of it. */
static void test_since(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &cases[0].scene, 20, 80);
    fake_expect_not(&app, "14d");
    app.session.since.since_s = FAKE_NOW_S - 14 * 86400;
    app.top->ops->news(app.top, KV_NEWS_POSTURE);
    fake_expect(&app, "14d");
    app.session.since.mark = KV_MARK_REOPENED;
    app.session.since.before = KV_VERDICT_PASS;
    app.top->ops->news(app.top, KV_NEWS_POSTURE);
    fake_expect(&app, "again");
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "reopened; before: pass");
    close_scene(&app);
}

/* What nobody asked for stands together, below what somebody must answer and
 * above what passes; what is shared is marked where it cannot be cut off. */
static void test_unread_is_not_loud(void **state)
{
    const struct scene scene = { .resource = { VAULT },
        .not_ready = KV_FACET_BIT(KV_FACET_KEYS),
        .state = KV_FACET_ABSENT };
    struct buf screen = { .limit = SIZE_MAX };
    const char *asked;
    const char *unread;
    const char *last;
    const char *passed;
    struct app app;

    (void)state;
    open_scene(&app, &scene, 200, 80);
    fake_draw(&app, &screen);
    asked = strstr(buf_text(&screen), "no API tells");
    unread = strstr(buf_text(&screen), "not read yet");
    passed = strstr(buf_text(&screen), " pass\n");
    assert_non_null(asked);
    assert_non_null(unread);
    assert_non_null(passed);
    for (last = unread; strstr(last + 1, "not read yet");)
        last = strstr(last + 1, "not read yet");
    assert_true(asked < unread);
    assert_true(last < passed);
    assert_contains(buf_text(&screen), " sub: ");
    buf_done(&screen);
    close_scene(&app);
}

/* The cursor rests on the row that has the focus. */
static void test_cursor(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &cases[0].scene, 20, 80);
    fake_expect(&app, "CRIT");
    assert_int_equal(app.grid.cursor_row, 4);
    fake_key(&app, 'j');
    fake_expect(&app, "CRIT");
    assert_int_equal(app.grid.cursor_row, 5);
    close_scene(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_tabs_go_round),
        cmocka_unit_test(test_finding_in_full),
        cmocka_unit_test(test_unknown_is_not_pass),
        cmocka_unit_test(test_fix_starts_for_the_finding),
        cmocka_unit_test(test_guide_only),
        cmocka_unit_test(test_reread),
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_since),
        cmocka_unit_test(test_unread_is_not_loud),
        cmocka_unit_test(test_cursor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
