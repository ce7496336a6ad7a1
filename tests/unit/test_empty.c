/* The first screen before it has rows: who reads and what, and five reasons
 * that must not look alike. */
#include "fake_console.h"

struct empty_case {
    const char *name;
    enum kv_scan_state state;
    enum kv_facet_state inventory; /* of the subscription */
    const char *says[3];
    const char *never;
};

#define NONE_TEXT "There are no vaults and no managed HSMs here."

static const struct empty_case cases[] = {
    { "loading", KV_SCAN_RUNNING, KV_FACET_LOADING,
        { "You are sam@contoso.example, by Azure CLI,", "in the tenant t-1.",
            "this is read-only" },
        NONE_TEXT },
    { "truly none", KV_SCAN_DONE, KV_FACET_READY,
        { NONE_TEXT, "Complete: all 1 subscription read" }, "NOT mean" },
    { "not permitted", KV_SCAN_DONE, KV_FACET_DENIED,
        { "Not readable. This does NOT mean there are none.",
            "?  Payments: Microsoft.KeyVault/vaults/read" },
        NONE_TEXT },
    { "partly read", KV_SCAN_STOPPED, KV_FACET_ABSENT,
        { "Partly read: reading was stopped", "r reads everything" },
        NONE_TEXT },
};

static void open_case(struct app *app, const struct empty_case *row)
{
    uint32_t home;

    fake_open(app, 20, 80);
    app->session.scan.state = row->state;
    app->session.sign_in.account = "sam@contoso.example";
    app->session.sign_in.method = "Azure CLI";
    app->session.sign_in.tenant = "t-1";
    app->session.estate = estate_new();
    app->session.posture = posture_new(app->session.estate, &kv_policy_default);
    home = estate_take_subscription(app->session.estate,
        "11111111-0000-0000-0000-000000000001", "Payments", "Enabled");
    estate_set_subscription_facet(app->session.estate, home, KV_FACET_INVENTORY,
        (struct kv_facet_status){
            row->inventory, 1, "Microsoft.KeyVault/vaults/read" });
    screen_open_posture(app);
}

static void test_reasons(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct app app;

        open_case(&app, &cases[i]);
        for (size_t j = 0; j < LENGTH(cases[i].says) && cases[i].says[j]; j++)
            fake_expect(&app, cases[i].says[j]);
        fake_expect_not(&app, cases[i].never);
        fake_close(&app);
        posture_free(app.session.posture);
        estate_free(app.session.estate);
    }
}

/* Sums of the last scan stand there before a vault is loaded. */
static void test_loading_what_is_kept(void **state)
{
    struct kv_tally *rows = mem_alloc(kv_catalogue_count * sizeof *rows);
    struct app app;

    (void)state;
    rows[kv_catalogue_find("NET-2")].count[KV_VERDICT_FAIL] = 1234;
    open_case(&app, &cases[0]);
    app.session.scan.state = KV_SCAN_NONE;
    app.session.scan.loading = true;
    posture_set_totals(app.session.posture, rows, 7);
    fake_expect(&app, "1,234");
    fake_expect(&app, "UNKNOWN 7 vaults");
    fake_expect(&app, "As the last scan left it.");
    fake_close(&app);
    posture_free(app.session.posture);
    estate_free(app.session.estate);
    mem_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_loading_what_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
