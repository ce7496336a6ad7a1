/* The screens Access and one principal: counts, chains, and what is said where
 * not all could be read. */
#include "fake_console.h"
#include "posture_scene.h"

#define P1 "00000000-aaaa-bbbb-cccc-000000000001"

static void open_scene(struct app *app, const struct scene *scene)
{
    fake_open(app, 24, 120);
    app->session.scan.state = KV_SCAN_DONE;
    app->session.estate = scene_estate(scene);
    app->session.posture = posture_new(app->session.estate, &kv_policy_default);
    posture_judge(app->session.posture, 0, FAKE_NOW_S);
    screen_open_access(app);
}

static void close_scene(struct app *app)
{
    fake_close(app);
    posture_free(app->session.posture);
    estate_free(app->session.estate);
}

static const struct scene reader_of_secrets = {
    .resource = { .kind = KV_KIND_VAULT, .rbac = KV_TRI_TRUE },
    .assignments = {
        { KV_SCOPE_SUBSCRIPTION, "Secrets User", P1, KV_PRINCIPAL_USER, true },
    },
    .not_ready = KV_FACET_BIT(KV_FACET_SECRETS),
};

static void test_counts(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &reader_of_secrets);
    fake_expect(&app, "Counts are vaults and HSMs.");
    fake_expect(&app, ">  " P1);
    fake_expect(&app, "user          1       -       -        -        -");
    fake_expect(
        &app, "reads the values in 1 vault; how many is not known of 1");
    fake_expect(&app, "Secrets User is its widest role; from sub");
    fake_expect_not(&app, "PARTIAL");
    close_scene(&app);
}

static void test_chain(void **state)
{
    struct app app;

    (void)state;
    open_scene(&app, &reader_of_secrets);
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "kv-pay                   vault Payments-Prod");
    fake_expect(&app, "may      reads secret values");
    fake_expect(&app, "Secrets User at the subscription Payments-Prod, under a "
                      "condition");
    fake_key(&app, CODE_ESCAPE);
    fake_expect(&app, "Counts are vaults and HSMs.");
    close_scene(&app);
}

static void test_asleep(void **state)
{
    struct scene scene = reader_of_secrets;
    struct app app;

    (void)state;
    scene.resource.rbac = KV_TRI_FALSE;
    open_scene(&app, &scene);
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "asleep: reads secret values");
    fake_expect(&app, "data asleep: access policies rule here");
    close_scene(&app);
}

struct empty_case {
    const char *name;
    struct scene scene;
    const char *says;
    const char *never;
};

static const struct empty_case empty_cases[] = {
    { "nobody, all read", { .resource = { .rbac = KV_TRI_TRUE } },
        "Nobody has a right on any vault or HSM.", "does NOT mean" },
    { "assignments denied",
        { .resource = { .rbac = KV_TRI_TRUE },
            .not_ready = KV_FACET_BIT(KV_FACET_ASSIGNMENTS),
            .state = KV_FACET_DENIED },
        "NOT mean", "Nobody has a right" },
};

static void test_empty(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(empty_cases); i++) {
        struct app app;

        open_scene(&app, &empty_cases[i].scene);
        fake_expect(&app, empty_cases[i].says);
        fake_expect_not(&app, empty_cases[i].never);
        close_scene(&app);
    }
}

static void test_partial(void **state)
{
    struct scene scene = reader_of_secrets;
    struct app app;

    (void)state;
    scene.groups_unread = true;
    open_scene(&app, &scene);
    fake_expect(&app, "PARTIAL: 1 of 1 are not wholly read");
    fake_key(&app, CODE_ENTER);
    fake_expect(&app, "PARTIAL: not all that rights come from");
    close_scene(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_asleep),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_partial),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
