/* The wizard's screens: the way through, the preview, and above all what does
 * not confirm. The plan is made by hand; nothing is sent anywhere. */
#include "fake_console.h"

#define HOLD_MS 3000
#define FIVE_MINUTES_MS (5 * 60 * 1000)

static struct kv_change changes[] = {
    {
        .path = "properties.networkAcls.defaultAction",
        .before = "\"Allow\"",
        .after = "\"Deny\"",
    },
    {
        .path = "properties.networkAcls.bypass",
        .before = "\"AzureServices\"",
        .after = "\"AzureServices\"",
        .note = "stays: trusted services still pass",
    },
    {
        .path = "properties.networkAcls.ipRules",
        .after = "[{\"value\":\"20.61.4.7\"}]",
    },
};

static struct kv_check checks[] = {
    { KV_CHECK_OK, "no lock stands in the way" },
    { KV_CHECK_BLOCK, "you do not hold the right" },
    { KV_CHECK_UNKNOWN, "recent callers are UNKNOWN" },
    { KV_CHECK_WARN, "nobody gets in afterwards" },
};

static const struct kv_request request = {
    .method = "PATCH",
    .path = "/subscriptions/s/vaults/kv?api-version=1",
    .body = "{\n  \"a\": 1\n}",
    .az = "az keyvault update --name kv",
};

static const char *const names[] = { "kv-pay", "kv-web", "kv-hr" };

/* What a test runs on: a console, and a plan with up to three targets. */
struct stage {
    struct app app;
    struct kv_plan plan;
    struct target targets[3];
    struct option option;
    struct step undo;
    char id[8];
};

static void make_target(struct target *target, size_t number)
{
    target->name = (char *)names[number];
    target->view = (struct kv_target){
        .resource = KV_NONE,
        .resource_id = names[number],
        .name = names[number],
        .state = KV_TARGET_READY,
        .read_at_s = FAKE_NOW_S - 6,
        .requests = &request,
        .request_count = 1,
        .undo = "yes, sets back what was saved",
        .takes = "seconds",
        .impact = "2 callers lose access",
        .changes = changes,
        .change_count = LENGTH(changes),
        .checks = checks,
        .check_count = LENGTH(checks),
    };
}

static const struct kv_policy *policy_of(void *context)
{
    (void)context;
    return &kv_policy_default;
}

static const struct remedy_port port = { .policy = policy_of };

static void make_plan(struct stage *stage, const char *remedy, size_t count)
{
    *stage = (struct stage){ .id = "p-0142" };
    for (size_t i = 0; i < count; i++)
        make_target(&stage->targets[i], i);
    stage->plan = (struct kv_plan){
        .port = &port,
        .remedy = kv_remedy_find(remedy),
        .row = kv_remedy_find(remedy)->recommendation,
        .id = stage->id,
        .state = KV_PLAN_READY,
        .targets = stage->targets,
        .target_count = count,
        .counts[KV_TARGET_READY] = (uint32_t)count,
    };
}

/* The recommendation that the remedy is for; NULL: any. */
static uint32_t row_of(const char *remedy)
{
    return remedy ? kv_catalogue_find(kv_remedy_find(remedy)->recommendation)
                  : KV_NONE;
}

static void open_sized(
    struct stage *stage, const char *remedy, int rows, int columns)
{
    uint32_t resource = 0;

    fake_open(&stage->app, rows, columns);
    stage->app.session.estate = estate_new();
    stage->app.session.plan = &stage->plan;
    screen_open_fix(&stage->app, &resource, 1, row_of(remedy));
}

static void open_stage(struct stage *stage, const char *remedy, size_t count)
{
    make_plan(stage, remedy, count);
    open_sized(stage, remedy, 20, 80);
}

static void close_stage(struct stage *stage)
{
    fake_close(&stage->app);
    estate_free(stage->app.session.estate);
}

/* At Confirm, armed, with write mode on. */
static void open_confirm(struct stage *stage, const char *remedy, size_t count)
{
    open_stage(stage, remedy, count);
    stage->app.session.mode.write = true;
    fake_key(&stage->app, CODE_ENTER);
    fake_key(&stage->app, CODE_ENTER);
    fake_expect(&stage->app, "[4 CONFIRM]");
    stage->app.steady_ms += HOLD_MS;
}

static void assert_not_run(const struct stage *stage)
{
    assert_int_equal(stage->app.session.runs, 0);
}

/* ---- the way through ---- */

static void test_steps(void **state)
{
    struct stage stage;

    (void)state;
    open_stage(&stage, "firewall-on", 2);
    fake_expect(&stage.app, "[1 TARGETS]");
    fake_expect(&stage.app, "G2 can cut access");
    fake_expect(&stage.app, "NOW      2 ready");
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "[3 PREVIEW]");
    fake_key(&stage.app, CODE_BACK_TAB);
    fake_expect(&stage.app, "[1 TARGETS]");
    fake_key(&stage.app, CODE_ESCAPE);
    assert_null(stage.app.top);
    assert_contains(stage.app.notice, "nothing was changed");
    assert_int_equal(stage.app.session.dropped_plans, 1);
    close_stage(&stage);
}

static void test_no_plan_opens_nothing(void **state)
{
    struct stage stage;

    (void)state;
    make_plan(&stage, "firewall-on", 1);
    fake_open(&stage.app, 20, 80);
    screen_open_fix(&stage.app, &(uint32_t){ 0 }, 1, row_of("firewall-on"));
    assert_null(stage.app.top);
    assert_contains(stage.app.notice, "no plan can be made");
    screen_open_undo(&stage.app, 9);
    assert_null(stage.app.top);
    fake_close(&stage.app);
}

static void test_dropped_target(void **state)
{
    struct stage stage;

    (void)state;
    open_stage(&stage, "firewall-on", 2);
    fake_key(&stage.app, 'd');
    assert_int_equal(stage.app.session.drops, 1);
    fake_expect(&stage.app, "1 ready, 1 stopped");
    close_stage(&stage);
}

/* What cannot be confirmed is said before it is all read and looked at. */
static void test_too_many_is_said_first(void **state)
{
    struct stage stage;

    (void)state;
    open_stage(&stage, "purge-protection-on", 2);
    fake_expect(&stage.app, "[1 TARGETS]");
    fake_expect(
        &stage.app, "CONFIRM  one target a confirmation: drop the other 1");
    close_stage(&stage);
    open_stage(&stage, "purge-protection-on", 1);
    fake_expect_not(&stage.app, "CONFIRM  ");
    close_stage(&stage);
}

static void test_reading(void **state)
{
    struct stage stage;

    (void)state;
    make_plan(&stage, "firewall-on", 2);
    stage.plan.state = KV_PLAN_READING;
    target_enter(&stage.plan, &stage.targets[1], KV_TARGET_READING);
    open_sized(&stage, "firewall-on", 20, 80);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "1 of 2 read ..");
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "[3 PREVIEW]");
    assert_contains(stage.app.notice, "still being read");
    stage.app.steady_ms += 130000;
    fake_expect(&stage.app, "1 of 2 read ..  about 2m left");
    close_stage(&stage);
}

/* ---- options ---- */

static void give_option(struct stage *stage, struct kv_option option)
{
    stage->option.view = option;
    stage->plan.options = &stage->option;
    stage->plan.option_count = 1;
}

static void give_text_option(struct stage *stage)
{
    give_option(stage, (struct kv_option){
        .name = "allow",
        .label = "Addresses to let in",
        .kind = KV_OPTION_TEXT,
        .value = "",
    });
}

static void test_text_option(void **state)
{
    struct stage stage;

    (void)state;
    make_plan(&stage, "firewall-on", 1);
    give_text_option(&stage);
    open_sized(&stage, "firewall-on", 20, 80);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "[2 OPTIONS]");
    fake_type(&stage.app, "bad");
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "[2 OPTIONS]");
    assert_contains(stage.app.notice, "bad is no address");
    fake_key(&stage.app, CODE_CTRL('U'));
    fake_type(&stage.app, "20.1.1.1");
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "[3 PREVIEW]");
    assert_string_equal(stage.app.session.value, "20.1.1.1");
    close_stage(&stage);
}

static void give_choices(
    struct stage *stage, const struct kv_choice *choices, uint32_t count)
{
    give_option(stage, (struct kv_option){
        .name = "workspace",
        .label = "Workspace",
        .kind = KV_OPTION_CHOICE,
        .value = "auto",
        .choices = choices,
        .choice_count = count,
    });
}

static void test_choice_option(void **state)
{
    static const struct kv_choice choices[] = {
        { "auto", "for each the one of its neighbours" },
        { "/w/law", "law-platform (westeurope)" },
    };
    struct stage stage;

    (void)state;
    make_plan(&stage, "diagnostics-on", 1);
    give_choices(&stage, choices, 2);
    open_sized(&stage, "diagnostics-on", 20, 80);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, ">  for each the one");
    fake_key(&stage.app, 'j');
    fake_key(&stage.app, 'j');
    fake_expect(&stage.app, ">  law-platform");
    fake_key(&stage.app, CODE_TAB);
    assert_string_equal(stage.app.session.value, "/w/law");
    fake_expect(&stage.app, "[3 PREVIEW]");
    close_stage(&stage);
}

#define MANY_CHOICES 1200

/* What does not fit says where one is. */
static void test_many_choices(void **state)
{
    static struct kv_choice choices[MANY_CHOICES];
    struct stage stage;

    (void)state;
    for (int i = 0; i < MANY_CHOICES; i++)
        choices[i] = (struct kv_choice){ "/w/law", "law-platform" };
    make_plan(&stage, "diagnostics-on", 1);
    give_choices(&stage, choices, MANY_CHOICES);
    open_sized(&stage, "diagnostics-on", 20, 80);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "choice 1 of 1,200");
    for (int i = 0; i < 30; i++)
        fake_key(&stage.app, 'j');
    fake_expect(&stage.app, ">  law-platform");
    fake_expect(&stage.app, "choice 31 of 1,200");
    close_stage(&stage);
}

/* ---- preview ---- */

static const char *const preview_parts[] = {
    "target 1 of 1  kv-pay  ready",
    "re-read 6s ago",
    "properties.networkAcls.defaultAction",
    "-    \"Allow\"",
    "+    \"Deny\"",
    "=    \"AzureServices\"",
    "stays: trusted services still pass",
    "-    (absent)",
    "IMPACT   2 callers lose access",
    "X     you do not hold the right",
    "?     recent callers are UNKNOWN",
    "UNDO     yes, sets back",
    "TAKES    seconds",
    "/subscriptions/s/vaults/kv?api-version=1",
    "AZ       az keyvault update --name kv",
};

static void check_preview(int rows, int columns)
{
    struct stage stage;

    make_plan(&stage, "firewall-on", 1);
    open_sized(&stage, "firewall-on", rows, columns);
    fake_key(&stage.app, CODE_ENTER);
    for (size_t i = 0; i < LENGTH(preview_parts); i++)
        fake_expect(&stage.app, preview_parts[i]);
    close_stage(&stage);
}

static void test_preview(void **state)
{
    (void)state;
    check_preview(50, 80);
    check_preview(36, 120);
}

/* To the terminal, which may not take it, and on the screen, which does. */
static void test_copy(void **state)
{
    struct stage stage;

    (void)state;
    make_plan(&stage, "firewall-on", 1);
    open_sized(&stage, "firewall-on", 50, 80);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "PREVIEW");
    fake_key(&stage.app, 'y');
    assert_string_equal(stage.app.copied, "az keyvault update --name kv");
    assert_contains(stage.app.notice, "not verifiable");
    fake_expect(&stage.app, "az keyvault update --name kv");
    close_stage(&stage);
}

static void test_block_comes_first(void **state)
{
    struct buf screen = { .limit = SIZE_MAX };
    struct stage stage;

    (void)state;
    make_plan(&stage, "firewall-on", 1);
    open_sized(&stage, "firewall-on", 50, 80);
    fake_key(&stage.app, CODE_ENTER);
    fake_draw(&stage.app, &screen);
    assert_true(strstr(buf_text(&screen), "you do not hold") <
                strstr(buf_text(&screen), "no lock stands"));
    buf_done(&screen);
    close_stage(&stage);
}

static void test_blocked_target(void **state)
{
    struct stage stage;

    (void)state;
    make_plan(&stage, "firewall-on", 1);
    target_enter(&stage.plan, &stage.targets[0], KV_TARGET_BLOCKED);
    stage.targets[0].view.message = "a lock: remove it first";
    open_sized(&stage, "firewall-on", 20, 80);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "BLOCKED  a lock: remove it first");
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "There is nothing to confirm.");
    fake_expect(&stage.app, "a lock: remove it first");
    close_stage(&stage);
}

/* ---- the confirmation ---- */

static void test_write_mode_is_offered(void **state)
{
    struct stage stage;

    (void)state;
    open_stage(&stage, "diagnostics-on", 1);
    fake_key(&stage.app, CODE_ENTER);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "READ-ONLY: nothing can be applied yet");
    fake_paste(&stage.app, "CHG1\n");
    assert_false(stage.app.session.mode.write);
    fake_key(&stage.app, CODE_ENTER);
    assert_true(stage.app.session.mode.write);
    fake_expect(&stage.app, "Press  y  to apply");
    assert_true(stage.app.discarded >= 2);
    assert_not_run(&stage);
    close_stage(&stage);
}

static void test_read_only_by_option(void **state)
{
    struct stage stage;

    (void)state;
    open_stage(&stage, "diagnostics-on", 1);
    stage.app.session.mode.read_only = true;
    fake_key(&stage.app, CODE_ENTER);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "--read-only");
    fake_type(&stage.app, "y");
    fake_key(&stage.app, CODE_ENTER);
    assert_not_run(&stage);
    close_stage(&stage);
}

struct answer {
    const char *name;
    const char *remedy;
    size_t targets;
    const char *pasted;
    const char *typed; /* '\n' is Enter */
    int runs;
};

static const struct answer answers[] = {
    { "G1: y", "diagnostics-on", 1, "", "y", 1 },
    { "G1: Enter does nothing", "diagnostics-on", 1, "", "\n\n", 0 },
    { "G1: x does nothing", "diagnostics-on", 1, "", "xxx", 0 },
    { "G1: pasted y does nothing", "diagnostics-on", 1, "y\ny\n", "", 0 },
    { "G2, one: the name", "firewall-on", 1, "", "kv-pay\n", 1 },
    { "G2, one: y is not enough", "firewall-on", 1, "", "y\n", 0 },
    { "G2, one: half the name", "firewall-on", 1, "", "kv-pa\n", 0 },
    { "G2, one: other casing", "firewall-on", 1, "", "KV-PAY\n", 0 },
    { "G2, one: no Enter", "firewall-on", 1, "", "kv-pay", 0 },
    { "G2, one: nothing", "firewall-on", 1, "", "\n", 0 },
    { "G2, one: pasted name and Enter", "firewall-on", 1, "kv-pay\n", "", 0 },
    { "G2, one: pasted, then Enter", "firewall-on", 1, "kv-pay", "\n", 0 },
    { "G2, one: partly pasted", "firewall-on", 1, "kv-p", "ay\n", 0 },
    { "G2, three: verb and count", "firewall-on", 3, "", "restrict 3\n", 1 },
    { "G2, three: wrong count", "firewall-on", 3, "", "restrict 2\n", 0 },
    { "G2, three: a name", "firewall-on", 3, "", "kv-pay\n", 0 },
    { "G3, one: the name", "purge-protection-on", 1, "", "kv-pay\n", 1 },
    { "G3, two: nothing confirms", "purge-protection-on", 2, "",
        "\nkv-pay\nprotect 2\n", 0 },
};

static void give(struct app *app, const char *typed)
{
    for (; *typed; typed++)
        fake_key(app, *typed == '\n' ? (uint32_t)CODE_ENTER : (uint32_t)*typed);
}

static void paste(struct app *app, const char *text)
{
    for (; *text; text++)
        fake_send(app,
            (struct key){
                .code = *text == '\n' ? (uint32_t)CODE_ENTER : (uint32_t)*text,
                .pasted = true });
}

static void test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(answers); i++) {
        const struct answer *one = &answers[i];
        struct stage stage;

        open_confirm(&stage, one->remedy, one->targets);
        paste(&stage.app, one->pasted);
        give(&stage.app, one->typed);
        if (stage.app.session.runs != one->runs)
            fail_with("%s: %d runs, expected %d", one->name,
                stage.app.session.runs, one->runs);
        close_stage(&stage);
    }
}

/* The key that opened the question, and what was typed after it, is too early.
 */
static void test_not_armed(void **state)
{
    struct stage stage;

    (void)state;
    open_confirm(&stage, "diagnostics-on", 1);
    stage.app.steady_ms -= HOLD_MS;
    fake_type(&stage.app, "y");
    assert_not_run(&stage);
    stage.app.steady_ms += 399;
    fake_type(&stage.app, "y");
    assert_not_run(&stage);
    stage.app.steady_ms += 1;
    fake_type(&stage.app, "y");
    assert_int_equal(stage.app.session.runs, 1);
    close_stage(&stage);
}

static void test_one_way(void **state)
{
    struct stage stage;

    (void)state;
    open_confirm(&stage, "purge-protection-on", 1);
    stage.app.steady_ms -= HOLD_MS;
    fake_expect(&stage.app, "##  THIS CANNOT BE UNDONE");
    fake_expect(&stage.app, "NO undo");
    fake_expect(&stage.app, "ready in 3s");
    give(&stage.app, "kv-pay\n");
    assert_not_run(&stage);
    assert_contains(stage.app.notice, "not ready yet");
    stage.app.steady_ms += HOLD_MS;
    fake_expect(&stage.app, "the text matches: Enter applies");
    give(&stage.app, "\n");
    assert_int_equal(stage.app.session.runs, 1);
    assert_string_equal(stage.app.session.typed, "kv-pay");
    close_stage(&stage);
}

static void test_reason_goes_along(void **state)
{
    struct stage stage;

    (void)state;
    open_confirm(&stage, "firewall-on", 1);
    fake_key(&stage.app, CODE_UP);
    fake_paste(&stage.app, "CHG0031337");
    fake_key(&stage.app, CODE_ENTER);
    assert_not_run(&stage);
    give(&stage.app, "kv-pay\n");
    assert_int_equal(stage.app.session.runs, 1);
    assert_string_equal(stage.app.session.reason, "CHG0031337");
    close_stage(&stage);
}

static void test_expires(void **state)
{
    struct stage stage;

    (void)state;
    open_confirm(&stage, "firewall-on", 1);
    give(&stage.app, "kv-pay");
    stage.app.steady_ms += FIVE_MINUTES_MS;
    fake_expect(&stage.app, "Five minutes have passed");
    give(&stage.app, "\n");
    assert_not_run(&stage);
    fake_expect(&stage.app, "[3 PREVIEW]");
    close_stage(&stage);
}

static void test_escape_and_interruption(void **state)
{
    struct stage stage;

    (void)state;
    open_confirm(&stage, "firewall-on", 1);
    give(&stage.app, "kv-pay");
    stage.app.top->ops->interrupted(stage.app.top);
    fake_expect(&stage.app, "[3 PREVIEW]");
    fake_key(&stage.app, CODE_ENTER);
    fake_expect_not(&stage.app, "> kv-pay");
    fake_key(&stage.app, CODE_ESCAPE);
    assert_null(stage.app.top);
    assert_contains(stage.app.notice, "nothing was changed");
    assert_not_run(&stage);
    close_stage(&stage);
}

/* Everything is listed, and the sum says so. */
static void test_targets_are_listed(void **state)
{
    struct stage stage;

    (void)state;
    open_confirm(&stage, "firewall-on", 3);
    target_enter(&stage.plan, &stage.targets[1], KV_TARGET_NOTHING);
    fake_expect(&stage.app, "kv-pay");
    fake_expect(&stage.app, "kv-hr");
    fake_expect_not(&stage.app, "kv-web");
    fake_expect(&stage.app, "2 listed, 2 will be changed, 1 left out.");
    fake_expect(&stage.app, "limit public access on 2 resources in TEST");
    fake_expect(&stage.app, "2 targets, 2 perhaps in production: no tag says");
    close_stage(&stage);
}

/* The countdown draws each second, then nothing happens for a long time. */
static void test_due(void **state)
{
    struct stage stage;
    struct screen *top;

    (void)state;
    open_confirm(&stage, "purge-protection-on", 1);
    top = stage.app.top;
    stage.app.steady_ms -= HOLD_MS;
    assert_int_equal(top->ops->due_ms(top), 1000);
    stage.app.steady_ms += HOLD_MS;
    assert_true(top->ops->due_ms(top) > 60000);
    close_stage(&stage);
}

/* ---- the run ---- */

static void test_run_and_stop(void **state)
{
    struct stage stage;
    struct screen *top;

    (void)state;
    open_confirm(&stage, "firewall-on", 3);
    give(&stage.app, "restrict 3\n");
    top = stage.app.top;
    target_enter(&stage.plan, &stage.targets[0], KV_TARGET_DONE);
    target_enter(&stage.plan, &stage.targets[1], KV_TARGET_FAILED);
    stage.targets[1].view.message = "409: another update is in progress";
    target_enter(&stage.plan, &stage.targets[2], KV_TARGET_WRITING);
    top->ops->news(top, KV_NEWS_PLAN);
    fake_expect(&stage.app, "[5 APPLY]");
    fake_expect(&stage.app, "1 writing, 1 done, 1 failed");
    fake_key(&stage.app, 'j');
    fake_expect(&stage.app, "409: another update is in progress");
    assert_true(top->ops->due_ms(top) <= 1000);
    fake_key(&stage.app, 's');
    assert_int_equal(stage.app.session.stops, 1);
    fake_expect(&stage.app, "Stopping after");
    stage.plan.state = KV_PLAN_ENDED;
    fake_expect(&stage.app, "Ended.");
    assert_false(top->ops->stop(top));
    assert_int_equal(top->ops->due_ms(top), -1);
    close_stage(&stage);
    assert_int_equal(stage.app.session.dropped_plans, 0);
}

/* Leaving neither stops a run nor takes its plan away, and it can be opened
 * again. */
static void test_leaving_a_run(void **state)
{
    struct stage stage;

    (void)state;
    open_confirm(&stage, "firewall-on", 1);
    give(&stage.app, "kv-pay\n");
    fake_key(&stage.app, CODE_ESCAPE);
    assert_null(stage.app.top);
    assert_contains(stage.app.notice, "the run goes on");
    assert_int_equal(stage.app.session.stops, 0);
    assert_int_equal(stage.app.session.dropped_plans, 0);
    assert_int_equal(stage.app.kept, 1);
    stage.app.steady_ms += 65000;
    screen_open_run(&stage.app, app_run(&stage.app, 0));
    fake_expect(&stage.app, "[5 APPLY]");
    fake_expect(&stage.app, "kv-pay");
    fake_expect(&stage.app, "Running, 65s");
    close_stage(&stage);
}

static void test_undo(void **state)
{
    struct stage stage;

    (void)state;
    make_plan(&stage, "firewall-on", 1);
    stage.plan.undo = &stage.undo;
    fake_open(&stage.app, 20, 80);
    stage.app.session.estate = estate_new();
    stage.app.session.plan = &stage.plan;
    stage.app.session.mode.write = true;
    screen_open_undo(&stage.app, 9);
    fake_expect(&stage.app, "Take back: Turn the firewall on");
    fake_key(&stage.app, CODE_ENTER);
    fake_key(&stage.app, CODE_ENTER);
    fake_expect(&stage.app, "take back \"Turn the firewall on\" on 1 resource");
    close_stage(&stage);
}

/* Each step draws at any size, and the cursor is always somewhere in it. */
static void test_sizes(void **state)
{
    (void)state;
    for (int rows = 11; rows <= 40; rows += 3)
        for (int columns = 60; columns <= 200; columns += 20) {
            struct stage stage;

            make_plan(&stage, "firewall-on", 3);
            give_text_option(&stage);
            open_sized(&stage, "firewall-on", rows, columns);
            stage.app.session.mode.write = true;
            for (int step = 1; step <= 3; step++) {
                fake_expect(&stage.app, "[");
                assert_true(stage.app.grid.cursor_row < rows);
                fake_key(&stage.app, CODE_ENTER);
            }
            stage.app.steady_ms += HOLD_MS;
            fake_expect(&stage.app, "Type  restrict 3");
            give(&stage.app, "restrict 3\n");
            fake_expect(&stage.app, "[5 APPLY]");
            close_stage(&stage);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_no_plan_opens_nothing),
        cmocka_unit_test(test_dropped_target),
        cmocka_unit_test(test_too_many_is_said_first),
        cmocka_unit_test(test_many_choices),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_text_option),
        cmocka_unit_test(test_choice_option),
        cmocka_unit_test(test_preview),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_block_comes_first),
        cmocka_unit_test(test_blocked_target),
        cmocka_unit_test(test_write_mode_is_offered),
        cmocka_unit_test(test_read_only_by_option),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_not_armed),
        cmocka_unit_test(test_one_way),
        cmocka_unit_test(test_reason_goes_along),
        cmocka_unit_test(test_expires),
        cmocka_unit_test(test_escape_and_interruption),
        cmocka_unit_test(test_targets_are_listed),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_run_and_stop),
        cmocka_unit_test(test_leaving_a_run),
        cmocka_unit_test(test_undo),
        cmocka_unit_test(test_sizes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
