/* The screen Fixes: what fails over all vaults, what a remedy may help, and
 * what is known to stand in its way. */
#include "fake_console.h"
#include "posture_scene.h"

#define ME "00000000-aaaa-bbbb-cccc-000000000001"
#define TEAM "00000000-aaaa-bbbb-cccc-000000000002"

static void open_scene(struct app *app, const struct scene *scene)
{
    fake_open(app, 36, 120);
    app->session.sign_in.object_id = ME;
    app->session.scan.state = KV_SCAN_DONE;
    app->session.estate = scene_estate(scene);
    app->session.posture = posture_new(app->session.estate, &kv_policy_default);
    posture_judge(app->session.posture, 0, FAKE_NOW_S);
    posture_judge_above(app->session.posture, FAKE_NOW_S);
    screen_open_fixes(app);
}

static void close_scene(struct app *app)
{
    fake_close(app);
    posture_free(app->session.posture);
    estate_free(app->session.estate);
}

/* ---- what stands in the way ---- */

struct obstacle_case {
    const char *name;
    struct scene scene;
    const char *row; /* of PRO-3, from FAIL on */
    const char *says;
};

#define OPEN_VAULT                                                             \
    {                                                                          \
        .kind = KV_KIND_VAULT, .soft_delete = KV_TRI_TRUE                      \
    }
#define HELD(role_name, level_name)                                            \
    {                                                                          \
        {                                                                      \
            .level = (level_name), .role = (role_name), .principal = ME,       \
            .type = KV_PRINCIPAL_USER                                          \
        }                                                                      \
    }

static const struct obstacle_case obstacle_cases[] = {
    {
        "nothing stands in the way",
        { .resource = OPEN_VAULT,
            .assignments = HELD("Contributor", KV_SCOPE_SUBSCRIPTION) },
        " 1 G3 one-way        1 -",
        "undo     no: it cannot be taken back",
    },
    {
        "a role above",
        { .resource = OPEN_VAULT,
            .assignments = HELD("Owner", KV_SCOPE_MANAGEMENT_GROUP) },
        " 1 G3 one-way        1 -",
        "change   Turn purge protection on  (G3 cannot be undone)",
    },
    {
        "only a reader",
        { .resource = OPEN_VAULT,
            .assignments = HELD("Reader", KV_SCOPE_SUBSCRIPTION) },
        " 1 G3 one-way        0 1 no right",
        "blocked  1 no right",
    },
    {
        "locked against change",
        { .resource = OPEN_VAULT,
            .assignments = HELD("Owner", KV_SCOPE_SUBSCRIPTION),
            .lock = { .id = "l",
                .scope = SCENE_GROUP,
                .name = "freeze",
                .read_only = true } },
        " 1 G3 one-way        0 1 locked",
        "blocked  1 locked",
    },
    {
        "locked against deletion only",
        { .resource = OPEN_VAULT,
            .assignments = HELD("Owner", KV_SCOPE_SUBSCRIPTION),
            .lock = { .id = "l", .scope = SCENE_GROUP, .name = "keep" } },
        " 1 G3 one-way        1 -",
        "PRO-3",
    },
    {
        "locks that cannot be read",
        { .resource = OPEN_VAULT,
            .assignments = HELD("Owner", KV_SCOPE_SUBSCRIPTION),
            .not_ready = KV_FACET_BIT(KV_FACET_LOCKS),
            .state = KV_FACET_DENIED },
        " 1 G3 one-way       1? -",
        "unsure   1 may turn out blocked",
    },
    {
        "a group whose members cannot be read",
        { .resource = OPEN_VAULT,
            .assignments = { { .level = KV_SCOPE_SUBSCRIPTION,
                .role = "Owner",
                .principal = TEAM,
                .type = KV_PRINCIPAL_GROUP } } },
        " 1 G3 one-way       1? -",
        "unsure   1 may turn out blocked",
    },
};

/* Moves to the row of that id and returns what is shown. */
static void show_row(struct app *app, const char *filter, struct buf *out)
{
    fake_type(app, filter);
    fake_key(app, CODE_ENTER);
    buf_clear(out);
    fake_draw(app, out);
}

static void test_obstacles(void **state)
{
    struct buf shown = { .limit = SIZE_MAX };

    (void)state;
    for (size_t i = 0; i < LENGTH(obstacle_cases); i++) {
        const struct obstacle_case *row = &obstacle_cases[i];
        struct app app;

        open_scene(&app, &row->scene);
        fake_draw(&app, &shown);
        show_row(&app, "/PRO-3", &shown);
        if (!strstr(buf_text(&shown), row->row) ||
            !strstr(buf_text(&shown), row->says))
            fail_with("%s does not show \"%s\" and \"%s\":\n%s", row->name,
                row->row, row->says, buf_text(&shown));
        close_scene(&app);
    }
    buf_done(&shown);
}

/* ---- guides, fixes, nothing ---- */

static void test_guide_only(void **state)
{
    struct scene scene = { .resource = OPEN_VAULT };
    struct app app;
    struct buf shown = { .limit = SIZE_MAX };

    (void)state;
    scene.resource.retention_days = 7; /* fixed when the vault was made */
    open_scene(&app, &scene);
    fake_draw(&app, &shown);
    show_row(&app, "/PRO-2", &shown);
    assert_contains(buf_text(&shown), "guide only");
    assert_contains(buf_text(&shown), "by hand");
    fake_key(&app, 'x');
    assert_contains(app.notice, "put right by hand");
    assert_int_equal(app.session.plans, 0);
    buf_done(&shown);
    close_scene(&app);
}

static void test_fix_starts_with_all_that_fail(void **state)
{
    struct scene scene = { .resource = OPEN_VAULT,
        .assignments = HELD("Owner", KV_SCOPE_SUBSCRIPTION) };
    struct app app;
    struct buf shown = { .limit = SIZE_MAX };

    (void)state;
    open_scene(&app, &scene);
    fake_draw(&app, &shown);
    show_row(&app, "/PRO-3", &shown);
    fake_key(&app, 'x');
    assert_int_equal(app.session.plans, 1);
    assert_string_equal(app.session.remedy, "purge-protection-on");
    buf_done(&shown);
    close_scene(&app);
}

static void test_nothing_is_not_unread(void **state)
{
    struct app app;

    (void)state;
    fake_open(&app, 24, 80);
    app.session.estate = estate_new();
    app.session.posture = posture_new(app.session.estate, &kv_policy_default);
    app.session.sign_in.state = KV_SIGN_IN_NEEDED;
    screen_open_fixes(&app);
    fake_expect(&app, "Not signed in, so nothing was read");
    fake_expect_not(&app, "Nothing fails");
    close_scene(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_obstacles),
        cmocka_unit_test(test_guide_only),
        cmocka_unit_test(test_fix_starts_with_all_that_fail),
        cmocka_unit_test(test_nothing_is_not_unread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
