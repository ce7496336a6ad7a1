/* The tabs Objects and History of the detail screen: what is in a vault or an
 * HSM and what happened to it, in every state that reading it can be in. */
#include "fake_console.h"
#include "posture_scene.h"

#define DAY_S INT64_C(86400)
#define TABS_BACK_OBJECTS 2
#define TABS_BACK_HISTORY 1

#define VAULT .kind = KV_KIND_VAULT, .name = "kv-pay"
#define HSM .kind = KV_KIND_HSM, .name = "hsm"

#define READY                                                                  \
    {                                                                          \
        KV_FACET_READY, FAKE_NOW_S, NULL                                       \
    }

static const struct kv_tag tags[] = {
    { .name = "team", .value = "\x1b[31mpay" },
};

static const struct kv_object keys[] = {
    { .id = SCENE_VAULT "/keys/signing",
        .scope = SCENE_VAULT,
        .name = "signing",
        .kind = KV_OBJECT_KEY,
        .managed_known = true,
        .from_data_plane = true,
        .key_type = "RSA-HSM",
        .key_bits = 3072,
        .created_s = FAKE_NOW_S - 100 * DAY_S,
        .expires_s = FAKE_NOW_S + 12 * DAY_S + 60,
        .rotation = READY,
        .rotates = true,
        .rotates_before_days = 30 },
    { .id = SCENE_VAULT "/keys/wrap",
        .scope = SCENE_VAULT,
        .name = "wrap",
        .kind = KV_OBJECT_KEY,
        .key_type = "EC",
        .curve = "P-256",
        .rotation = { KV_FACET_DENIED, FAKE_NOW_S, "keys/getRotationPolicy" } },
};
static const struct kv_object secrets[] = {
    { .id = SCENE_VAULT "/secrets/db",
        .scope = SCENE_VAULT,
        .name = "db",
        .kind = KV_OBJECT_SECRET,
        .content_type = "password",
        .expires_s = FAKE_NOW_S - 3 * DAY_S,
        .tags = tags,
        .tag_count = 1 },
    { .id = SCENE_VAULT "/secrets/tls",
        .scope = SCENE_VAULT,
        .name = "tls",
        .kind = KV_OBJECT_SECRET,
        .content_type = "application/x-pkcs12",
        .managed = true,
        .managed_known = true,
        .disabled = true },
};
static const struct kv_object certificates[] = {
    { .id = SCENE_VAULT "/certificates/tls",
        .scope = SCENE_VAULT,
        .name = "tls",
        .kind = KV_OBJECT_CERTIFICATE,
        .key_type = "RSA",
        .key_bits = 2048,
        .policy = READY,
        .issuer = "corp-ca",
        .provider = "DigiCert",
        .subject = "CN=pay.contoso.com",
        .renews = true,
        .renews_percentage = 80,
        .expires_s = FAKE_NOW_S + 1100 * DAY_S },
};
static const struct kv_object deleted[] = {
    { .id = SCENE_VAULT "/deletedsecrets/old",
        .scope = SCENE_VAULT,
        .name = "old",
        .kind = KV_OBJECT_SECRET,
        .deleted = true,
        .deleted_s = FAKE_NOW_S - 30 * DAY_S,
        .purge_s = FAKE_NOW_S + 60 * DAY_S },
};
static const struct kv_operation operations[] = {
    { .id = SCENE_VAULT "/SecretBackup/db",
        .scope = SCENE_VAULT,
        .name = "SecretBackup",
        .object = "secrets/db",
        .calls = 3,
        .last_s = FAKE_NOW_S - 5 * DAY_S },
};

struct facet_rows {
    enum kv_facet facet;
    enum kv_set set;
    const void *rows;
    size_t count;
    size_t size;
};
#define ROWS(facet, set, rows)                                                 \
    {                                                                          \
        facet, set, rows, LENGTH(rows), sizeof *(rows)                         \
    }

static const struct facet_rows full_vault[] = {
    ROWS(KV_FACET_KEYS, KV_SET_KEYS, keys),
    ROWS(KV_FACET_SECRETS, KV_SET_SECRETS, secrets),
    ROWS(KV_FACET_CERTIFICATES, KV_SET_CERTIFICATES, certificates),
    ROWS(KV_FACET_DELETED_OBJECTS, KV_SET_DELETED_OBJECTS, deleted),
    ROWS(KV_FACET_USAGE, KV_SET_OPERATIONS, operations),
};

static void take_rows(struct kv_estate *estate, const struct facet_rows *rows)
{
    estate_begin(estate, rows->facet);
    for (size_t i = 0; i < rows->count; i++)
        estate_take_row(
            estate, rows->set, (const char *)rows->rows + i * rows->size);
    estate_commit_scope(estate, rows->facet, SCENE_VAULT);
}

/* Facets of `not_ready` are in the scene's state, all others read. */
static void set_facets(struct kv_estate *estate, const struct scene *scene)
{
    for (unsigned i = 0; i < KV_FACET_RESOURCE_COUNT; i++)
        if (i != KV_FACET_PROPERTIES && i != KV_FACET_DIAGNOSTICS)
            estate_set_resource_facet(
                estate, 0, (enum kv_facet)i, scene_status(scene, i));
}

struct objects_case {
    const char *name;
    struct scene scene;
    const struct facet_rows *rows;
    size_t row_count;
    unsigned back; /* tabs */
    const char *filter;
    const char *shown[6];
};

static void open_case(
    struct app *app, const struct objects_case *one, int rows, int columns)
{
    fake_open(app, rows, columns);
    app->session.estate = scene_estate(&one->scene);
    for (size_t i = 0; i < one->row_count; i++)
        take_rows(app->session.estate, &one->rows[i]);
    set_facets(app->session.estate, &one->scene);
    app->session.posture = posture_new(app->session.estate, &kv_policy_default);
    posture_judge(app->session.posture, 0, FAKE_NOW_S);
    screen_open_detail(app, 0);
    for (unsigned i = 0; i < one->back; i++)
        fake_key(app, CODE_BACK_TAB);
    if (one->filter) {
        fake_type(app, one->filter);
        fake_key(app, CODE_ENTER);
    }
}

static void close_case(struct app *app)
{
    fake_close(app);
    posture_free(app->session.posture);
    estate_free(app->session.estate);
}

#define FULL full_vault, LENGTH(full_vault)
#define INSIDE                                                                 \
    (KV_FACET_BIT(KV_FACET_KEYS) | KV_FACET_BIT(KV_FACET_SECRETS) |            \
        KV_FACET_BIT(KV_FACET_CERTIFICATES) |                                  \
        KV_FACET_BIT(KV_FACET_DELETED_OBJECTS))

static const struct objects_case cases[] = {
    { "what ends first comes first", { .resource = { VAULT } }, FULL,
        TABS_BACK_OBJECTS, NULL,
        { "2 keys   2 secrets   1 certificate   1 soft-deleted", ">  db ",
            "[Objects 6]", "expired 3d" } },
    { "a key", { .resource = { VAULT } }, FULL, TABS_BACK_OBJECTS, "/signing",
        { "enabled  RSA-HSM 3072     in 12 days     30d before", "CREATED" } },
    { "a key whose rotation is denied", { .resource = { VAULT } }, FULL,
        TABS_BACK_OBJECTS, "/wrap",
        { "EC P-256         never          ?", "keys/getRotationPolicy",
            "whether a certificate manages it is UNKNOWN" } },
    { "a secret of a certificate", { .resource = { VAULT } }, FULL,
        TABS_BACK_OBJECTS, "/disabled",
        { "disabled x-pkcs12         never          with cert",
            "by the certificate of the same name" } },
    { "a certificate", { .resource = { VAULT } }, FULL, TABS_BACK_OBJECTS,
        "/cert",
        { "RSA 2048         in 3 years     at 80%", "CN=pay.contoso.com",
            "issuer corp-ca (DigiCert)" } },
    { "soft-deleted", { .resource = { VAULT } }, FULL, TABS_BACK_OBJECTS,
        "/deleted", { "purge 60 days", "PURGED AT" } },
    { "a stranger's tag", { .resource = { VAULT } }, FULL, TABS_BACK_OBJECTS,
        "/password", { "team=<U+001B>[31mpay" } },
    { "empty", { .resource = { VAULT } }, NULL, 0, TABS_BACK_OBJECTS, NULL,
        { "0 keys   0 secrets   0 certificates   0 soft-deleted",
            "Nothing is in it" } },
    { "not read",
        { .resource = { VAULT },
            .not_ready = INSIDE,
            .state = KV_FACET_ABSENT },
        NULL, 0, TABS_BACK_OBJECTS, NULL,
        { "? keys   ? secrets", "[Objects ?]",
            "Not read yet: keys, names of secrets, certificates, deleted",
            "r reads them" } },
    { "being read",
        { .resource = { VAULT },
            .not_ready = KV_FACET_BIT(KV_FACET_SECRETS),
            .state = KV_FACET_LOADING },
        NULL, 0, TABS_BACK_OBJECTS, NULL,
        { "0 keys   .. secrets", "Being read: names of secrets .." } },
    { "denied, said once for all",
        { .resource = { VAULT },
            .not_ready = INSIDE,
            .state = KV_FACET_DENIED,
            .why = "Microsoft.KeyVault/vaults/secrets/readMetadata/action" },
        NULL, 0, TABS_BACK_OBJECTS, NULL,
        { "certificates, deleted objects (denied).",
            "This does NOT mean that there are none.",
            "   Microsoft.KeyVault/vaults/secrets/readMetadata/action",
            "Ask for it on:", "No rows, because not everything" } },
    { "failed",
        { .resource = { VAULT },
            .not_ready = KV_FACET_BIT(KV_FACET_KEYS),
            .state = KV_FACET_FAILED,
            .why = "The vault did not answer in time." },
        NULL, 0, TABS_BACK_OBJECTS, NULL,
        { "Could not be read: keys.", "The vault did not answer in time." } },
    { "an HSM has no secrets", { .resource = { HSM } }, NULL, 0,
        TABS_BACK_OBJECTS, NULL, { "0 keys   0 settings   0 soft-deleted" } },
    { "history", { .resource = { VAULT, .created_at_s = 1700000000 } }, FULL,
        TABS_BACK_HISTORY, NULL,
        { "[History 2]", ">  2026-09-16 audit log SecretBackup secrets/db",
            "the last of 3", "2023-11-14 Azure     created" } },
    { "history without an audit log",
        { .resource = { VAULT },
            .not_ready = KV_FACET_BIT(KV_FACET_USAGE),
            .state = KV_FACET_DENIED,
            .why = "Microsoft.OperationalInsights/workspaces/query/read" },
        NULL, 0, TABS_BACK_HISTORY, NULL,
        { "Not readable: audit log (denied)", "workspaces/query/read",
            "kvgov changed nothing here" } },
};

static void check_case(const struct objects_case *one)
{
    struct buf screen = { .limit = SIZE_MAX };
    struct app app;

    open_case(&app, one, 36, 95);
    fake_draw(&app, &screen);
    for (size_t i = 0; i < LENGTH(one->shown) && one->shown[i]; i++)
        if (!strstr(buf_text(&screen), one->shown[i]))
            fail_with("%s: \"%s\" is not on\n%s", one->name, one->shown[i],
                buf_text(&screen));
    buf_done(&screen);
    close_case(&app);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        check_case(&cases[i]);
}

/* To look at a vault is to have it read. */
static void test_opening_looks(void **state)
{
    struct app app;

    (void)state;
    open_case(&app, &cases[0], 24, 80);
    assert_int_equal(app.session.looks, 1);
    close_case(&app);
}

/* What arrives while somebody looks shows by itself, and the cursor stays on
 * its object, whatever its number is now. */
static void test_filled_while_looked_at(void **state)
{
    const struct objects_case one = { "certificates first",
        { .resource = { VAULT } }, &full_vault[2], 1, TABS_BACK_OBJECTS, NULL,
        { NULL } };
    struct app app;

    (void)state;
    open_case(&app, &one, 24, 80);
    fake_expect(&app, "0 keys");
    fake_key(&app, 'j');
    take_rows(app.session.estate, &full_vault[0]);
    app.top->ops->news(app.top, KV_NEWS_ESTATE);
    fake_expect(&app, "2 keys");
    fake_expect(&app, ">  tls ");
    close_case(&app);
}

/* A long vault scrolls and filters. */
static void test_many_secrets(void **state)
{
    static struct kv_object many[500];
    static char names[LENGTH(many)][2][160];
    struct facet_rows rows = ROWS(KV_FACET_SECRETS, KV_SET_SECRETS, many);
    struct objects_case one = { "many", { .resource = { VAULT } }, &rows, 1,
        TABS_BACK_OBJECTS, NULL, { NULL } };
    struct app app;

    (void)state;
    for (size_t i = 0; i < LENGTH(many); i++) {
        snprintf(names[i][0], sizeof names[i][0], "secret-%04zu", i);
        snprintf(names[i][1], sizeof names[i][1], SCENE_VAULT "/secrets/%s",
            names[i][0]);
        many[i] = (struct kv_object){ .id = names[i][1],
            .scope = SCENE_VAULT,
            .name = names[i][0],
            .kind = KV_OBJECT_SECRET };
    }
    open_case(&app, &one, 24, 80);
    fake_expect(&app, "500 secrets");
    fake_expect(&app, ">  secret-0000");
    fake_key(&app, 'G');
    fake_expect(&app, ">  secret-0499");
    fake_type(&app, "/0123");
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, ">  secret-0123");
    close_case(&app);
}

static void test_journal_of_this_one(void **state)
{
    struct app app;

    (void)state;
    open_case(&app, &cases[0], 30, 100);
    app.session.entries[0] = (struct kv_journal_entry){ .number = 12,
        .time_s = FAKE_NOW_S - DAY_S,
        .who = "ana@contoso.com",
        .action = "Turn the firewall on",
        .target_id = SCENE_VAULT,
        .target_name = "kv-pay",
        .result = KV_JOURNAL_DONE,
        .reversible = true };
    app.session.entries[1] = (struct kv_journal_entry){ .number = 11,
        .time_s = FAKE_NOW_S - 2 * DAY_S,
        .action = "Lock another one",
        .target_id = SCENE_VAULT "-2",
        .result = KV_JOURNAL_DONE };
    app.session.entry_count = 2;
    app.top->ops->news(app.top, KV_NEWS_JOURNAL);
    fake_key(&app, CODE_TAB);
    fake_expect(&app, "kvgov     Turn the firewall on");
    fake_expect(&app, "DONE           ana@contoso.com");
    fake_expect(&app, "UNDO       possible: U in the journal");
    fake_expect_not(&app, "Lock another one");
    close_case(&app);
}

/* A verdict that changed is an event; the first sight of one is none. */
static void test_findings_that_changed(void **state)
{
    const struct kv_since first = { .since_s = FAKE_NOW_S - 5 * DAY_S };
    const struct kv_since changed = { .since_s = FAKE_NOW_S - 5 * DAY_S,
        .before = KV_VERDICT_PASS };
    struct app app;

    (void)state;
    open_case(&app, &cases[LENGTH(cases) - 1], 40, 100);
    app.session.since = first;
    app.top->ops->news(app.top, KV_NEWS_ESTATE);
    fake_expect(&app, "kvgov changed nothing here");
    app.session.since = changed;
    app.top->ops->news(app.top, KV_NEWS_ESTATE);
    fake_type(&app, "/NET-2");
    fake_key(&app, CODE_ENTER);
    fake_expect(
        &app, "2026-09-16 scan      NET-2  Any address on the internet");
    fake_expect(&app, "fail; before: pass");
    close_case(&app);
}

/* ---- the tab Logging: rules and places around the vault ---- */

#define TABS_LOGGING 4

static const char *const told[] = { SCENE_GROUP "/actionGroups/ag-pay" };
static const char *const metrics[] = { "Availability" };
static const char *const vault_type[] = { "Microsoft.KeyVault/vaults" };
static const char *const other_type[] = { "Microsoft.Sql/servers" };
static const struct kv_alert alerts[] = {
    { .id = "on",
        .scope = SCENE_VAULT,
        .name = "alert-here",
        .kind = KV_ALERT_METRIC,
        .enabled = true,
        .watches = metrics,
        .watch_count = 1,
        .action_groups = told,
        .action_group_count = 1 },
    { .id = "off",
        .scope = SCENE_GROUP,
        .name = "alert-off",
        .kind = KV_ALERT_METRIC,
        .target_types = vault_type,
        .target_type_count = 1,
        .watches = metrics,
        .watch_count = 1 },
    { .id = "sql",
        .scope = SCENE_GROUP,
        .name = "alert-of-sql",
        .kind = KV_ALERT_METRIC,
        .enabled = true,
        .target_types = other_type,
        .target_type_count = 1 },
    { .id = "own",
        .scope = SCENE_WORKSPACE(SCENE_HUB),
        .name = "alert-own-table",
        .kind = KV_ALERT_LOG,
        .enabled = true,
        .looks_at = KV_QUERY_OWN_TABLE | KV_QUERY_FAILURES },
    { .id = "shared",
        .scope = SCENE_WORKSPACE(SCENE_HUB),
        .name = "alert-shared-table",
        .kind = KV_ALERT_LOG,
        .enabled = true,
        .looks_at = KV_QUERY_SHARED_TABLE },
};

static const struct objects_case logged = { .name = "logged",
    .scene = { .resource = { VAULT },
        .diagnostics = { { .name = "audit",
            .audit = true,
            .audit_row = "AuditEvent",
            .dedicated = true,
            .workspace_id = SCENE_WORKSPACE(SCENE_HUB) } },
        .diagnostic_count = 1 } };

static const struct objects_case alerts_denied = { .name = "alerts denied",
    .scene = { .resource = { VAULT },
        .not_ready = KV_FACET_BIT(KV_FACET_ALERTS),
        .state = KV_FACET_DENIED,
        .why = "Microsoft.Insights/metricAlerts/read" } };

static void take_around(struct kv_estate *estate)
{
    const struct kv_sink sink = { .id = SCENE_WORKSPACE(SCENE_HUB),
        .scope = SCENE_WORKSPACE(SCENE_HUB),
        .name = "log-weu",
        .retention = { .status = READY, .days = 365, .by = "table of its own" },
        .shared_retention = { .status = READY, .days = 30 } };

    estate_begin(estate, KV_FACET_SINKS);
    estate_take_row(estate, KV_SET_SINKS, &sink);
    estate_commit(estate, KV_FACET_SINKS);
    estate_begin(estate, KV_FACET_ALERTS);
    for (size_t i = 0; i < LENGTH(alerts); i++)
        estate_take_row(estate, KV_SET_ALERTS, &alerts[i]);
    estate_commit(estate, KV_FACET_ALERTS);
}

static void open_logging(struct app *app, const struct objects_case *one)
{
    open_case(app, one, 40, 130);
    for (int i = 0; i < TABS_LOGGING; i++)
        fake_key(app, CODE_TAB);
}

/* What keeps the logs and for how long, and the rules that cover the vault:
 * not those of other services, nor those that ask a table it is not in. */
static void test_logging_around(void **state)
{
    struct app app;

    (void)state;
    open_logging(&app, &logged);
    take_around(app.session.estate);
    app.top->ops->news(app.top, KV_NEWS_ESTATE);
    fake_expect(&app, "[Logging 1]");
    fake_expect(&app, "found   365 days");
    fake_expect(&app, "KEEPS THEM 365 days, says table of its own");
    fake_expect(&app, "alert-here ");
    fake_expect(&app, "alert-off ");
    fake_expect(&app, "nobody is told");
    fake_expect(&app, " OFF");
    fake_expect(&app, "refusals ");
    fake_expect_not(&app, "alert-of-sql");
    fake_expect_not(&app, "alert-shared-table");
    fake_type(&app, "/alert-here");
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "TELLS      ag-pay (not found)");
    close_case(&app);
}

static void test_alerts_denied(void **state)
{
    struct app app;

    (void)state;
    open_logging(&app, &alerts_denied);
    fake_expect(&app, "No diagnostic setting exists");
    fake_expect(&app, "Not readable: alert rules (denied)");
    fake_expect(&app, "Whether an alert rule covers it is UNKNOWN.");
    close_case(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_opening_looks),
        cmocka_unit_test(test_filled_while_looked_at),
        cmocka_unit_test(test_many_secrets),
        cmocka_unit_test(test_journal_of_this_one),
        cmocka_unit_test(test_findings_that_changed),
        cmocka_unit_test(test_logging_around),
        cmocka_unit_test(test_alerts_denied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
