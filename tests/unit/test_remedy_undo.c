/* Taking back and settling, from what the journal kept alone; and the step
 * that it keeps. */
#include "remedy_stage.h"

static void run(struct stage *stage, struct kv_plan *plan)
{
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };

    kv_plan_confirmation(plan, &wanted);
    if (plan_run(plan, wanted.expect, NULL, &err) != KV_OK)
        fail_with("not run: %s", err.text);
    stage_play(stage);
}

/* Runs a remedy on kv-pay and gives its journal entry. */
static const struct kv_journal_entry *change(
    struct stage *stage, const char *remedy)
{
    struct kv_plan *plan = stage_plan_one(stage, remedy, PAY);

    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    plan_free(plan);
    return &stage->entries[stage->entry_count - 1].view;
}

static struct kv_plan *undo(
    struct stage *stage, const struct kv_journal_entry *entry)
{
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;

    if (plan_new_undo(&plan, &stage->port, "p-0002", &entry, 1, &err) != KV_OK)
        fail_with("no undo: %s", err.text);
    stage_play(stage);
    return plan;
}

static void assert_world(
    struct stage *stage, const char *path, const char *expected)
{
    json_t *wanted = expected ? stage_json(expected) : NULL;
    json_t *found = json_object_get(stage->world, path);

    if (wanted ? !json_equal(wanted, found) : found != NULL)
        fail_with("%s: expected %s", path, expected ? expected : "nothing");
    json_decref(wanted);
}

/* ---- undo ---- */

#define ACLS(action)                                                           \
    "{'properties':{'networkAcls':{'bypass':'None','defaultAction':'" action   \
    "','ipRules':[{'value':'203.0.113.7'}],'virtualNetworkRules':[]}}}"

static void test_firewall_comes_back(void **state)
{
    struct stage *stage = stage_new();
    struct kv_confirmation wanted;
    struct kv_plan *plan = NULL;

    (void)state;
    stage_put(stage, STAGE_PAY, ACLS("Allow"));
    plan = undo(stage, change(stage, "firewall-on"));
    assert_true(kv_plan_is_undo(plan));
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_READY);
    kv_plan_confirmation(plan, &wanted);
    assert_int_equal(wanted.grade, KV_GRADE_ACCESS);
    assert_string_equal(wanted.expect, "kv-pay");
    assert_false(wanted.cannot_be_undone);
    stage->verdict = KV_VERDICT_FAIL; /* as it must, the values are the proof */
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    assert_world(stage, STAGE_PAY, ACLS("Allow"));
    assert_string_equal(stage->entries[1].view.action, "undo of #1");
    assert_int_equal(stage->entries[1].view.undo_of, 1);
    assert_false(stage->entries[1].view.reversible);
    plan_free(plan);
    stage_free(stage);
}

static void test_absent_firewall_comes_back_in_words(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = NULL;

    (void)state;
    stage_put(stage, STAGE_PAY, "{'properties':{}}");
    plan = undo(stage, change(stage, "firewall-on"));
    run(stage, plan);
    assert_world(stage, STAGE_PAY,
        "{'properties':{'networkAcls':{'bypass':'AzureServices',"
        "'defaultAction':'Allow','ipRules':[],'virtualNetworkRules':[]}}}");
    plan_free(plan);
    stage_free(stage);
}

/* Azure shows a setting with fields that nobody sent. */
#define AS_SHOWN                                                               \
    "{'name':'kvgov-audit','properties':{'workspaceId':'" LOG_A                \
    "','storageAccountId':null,'logAnalyticsDestinationType':'Dedicated',"     \
    "'logs':[{'category':null,'categoryGroup':'audit','enabled':true,"         \
    "'retentionPolicy':{'enabled':false,'days':0}},"                           \
    "{'category':null,'categoryGroup':'allLogs','enabled':false}],"            \
    "'metrics':[{'category':'AllMetrics','enabled':false}]}}"

static void test_setting_is_removed(void **state)
{
    struct stage *stage = stage_new();
    const struct kv_journal_entry *entry = NULL;
    struct kv_confirmation wanted;
    struct kv_plan *plan = NULL;

    (void)state;
    stage_sinks(stage);
    entry = change(stage, "diagnostics-on");
    stage_put(stage, STAGE_SETTING, AS_SHOWN);
    plan = undo(stage, entry);
    assert_string_equal(kv_plan_target(plan, 0)->requests[0].method, "DELETE");
    assert_null(kv_plan_target(plan, 0)->requests[0].body);
    assert_contains(kv_plan_target(plan, 0)->requests[0].az, "az rest --method delete");
    kv_plan_confirmation(plan, &wanted);
    assert_string_equal(wanted.expect, "y");
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    assert_world(stage, STAGE_SETTING, NULL);
    plan_free(plan);
    stage_free(stage);
}

static void test_a_delete_lock_blocks_the_removal(void **state)
{
    struct stage *stage = stage_new();
    const struct kv_journal_entry *entry = NULL;
    struct kv_plan *plan = NULL;

    (void)state;
    stage_sinks(stage);
    entry = change(stage, "diagnostics-on");
    stage_reply(stage, (struct stage_reply){ .method = "GET",
                           .part = "/locks?",
                           .code = 200,
                           .body = "{'value':[{'name':'keep','properties':"
                                   "{'level':'CanNotDelete'}}]}" });
    plan = undo(stage, entry);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_BLOCKED);
    assert_contains(kv_plan_target(plan, 0)->message, "\"keep\"");
    plan_free(plan);
    stage_free(stage);
}

struct drift_case {
    const char *name;
    const char *found; /* NULL: it is gone */
    enum kv_target_state state;
    const char *says;
};

static const struct drift_case drifts[] = {
    { "as the change left it", AS_SHOWN, KV_TARGET_READY, "" },
    { "gone already", NULL, KV_TARGET_NOTHING, "already" },
    { "somebody sends more through it",
        "{'properties':{'workspaceId':'" LOG_A
        "','storageAccountId':'/st','logAnalyticsDestinationType':'Dedicated',"
        "'logs':[{'categoryGroup':'audit','enabled':true}]}}",
        KV_TARGET_BLOCKED, "storageAccountId is \"/st\", not absent" },
    { "somebody sends it elsewhere",
        "{'properties':{'workspaceId':'" LOG_B
        "','logAnalyticsDestinationType':'Dedicated',"
        "'logs':[{'categoryGroup':'audit','enabled':true}]}}",
        KV_TARGET_BLOCKED, "log-b" },
};

static void drift_check(const struct drift_case *row)
{
    struct stage *stage = stage_new();
    const struct kv_journal_entry *entry = NULL;
    const struct kv_target *target = NULL;
    struct kv_plan *plan = NULL;

    print_message("  %s\n", row->name);
    stage_sinks(stage);
    entry = change(stage, "diagnostics-on");
    if (row->found)
        stage_put(stage, STAGE_SETTING, row->found);
    else
        json_object_del(stage->world, STAGE_SETTING);
    plan = undo(stage, entry);
    target = kv_plan_target(plan, 0);
    if (target->state != row->state)
        fail_with("%s: is %s", row->name, target->message);
    if (target->message)
        assert_contains(target->message, row->says);
    plan_free(plan);
    stage_free(stage);
}

static void test_drift(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(drifts); i++)
        drift_check(&drifts[i]);
}

static void test_undo_guards_too(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = NULL;

    (void)state;
    stage_put(stage, STAGE_PAY, ACLS("Allow"));
    plan = undo(stage, change(stage, "firewall-on"));
    stage_put(stage, STAGE_PAY, "{'properties':{}}");
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_SKIPPED);
    plan_free(plan);
    stage_free(stage);
}

#define CHANGE(path)                                                           \
    "{\"version\":1,\"method\":\"PATCH\",\"path\":\"" path                     \
    "\",\"api_version\":\"2026-02-01\",\"reversible\":true,\"changes\":"       \
    "[{\"path\":\"properties.a\",\"before\":\"x\",\"after\":\"y\","            \
    "\"undo\":\"x\"}]}"

#define ENTRY                                                                  \
    .number = 7, .remedy = "firewall-on", .target_id = STAGE_PAY,              \
    .target_name = "kv-pay", .reversible = true, .result = KV_JOURNAL_DONE,    \
    .change = CHANGE(STAGE_PAY)

/* A later initialiser takes the place of an earlier one of the same field. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"

static void test_what_has_no_undo(void **state)
{
    static const struct {
        struct kv_journal_entry entry;
        enum kv_status status;
        const char *says;
    } rows[] = {
        { { ENTRY }, KV_OK, "" },
        { { ENTRY, .result = KV_JOURNAL_UNVERIFIED }, KV_OK, "" },
        { { ENTRY, .undone_by = 9 }, KV_REFUSED, "already" },
        { { ENTRY, .undo_of = 3 }, KV_REFUSED, "an undo itself" },
        { { ENTRY, .result = KV_JOURNAL_IN_DOUBT }, KV_REFUSED, "settle" },
        { { ENTRY, .result = KV_JOURNAL_FAILED }, KV_REFUSED, "nothing" },
        { { ENTRY, .result = KV_JOURNAL_SKIPPED }, KV_REFUSED, "nothing" },
        { { ENTRY, .reversible = false }, KV_REFUSED, "no way back" },
        { { ENTRY, .remedy = "make-coffee" }, KV_REFUSED, "does not know" },
        { { ENTRY, .target_id = STAGE_VAULT("kv-gone") }, KV_REFUSED,
            "not in the estate" },
        { { ENTRY, .change = CHANGE(STAGE_WEB) }, KV_BAD_INPUT, "record" },
        { { ENTRY, .change = CHANGE(STAGE_PAY "/../kv-web") }, KV_BAD_INPUT,
            "record" },
        { { ENTRY, .change = CHANGE(STAGE_PAY "?x=") }, KV_BAD_INPUT,
            "record" },
        { { ENTRY, .change = CHANGE(STAGE_PAY "2") }, KV_BAD_INPUT, "record" },
        { { ENTRY, .change = "{}" }, KV_BAD_INPUT, "record" },
        { { ENTRY, .change = NULL }, KV_BAD_INPUT, "record" },
    };
    struct stage *stage = stage_new();

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_error err = { 0 };
        struct kv_plan *plan = NULL;

        const struct kv_journal_entry *entry = &rows[i].entry;
        assert_int_equal(
            plan_new_undo(&plan, &stage->port, "p", &entry, 1, &err),
            rows[i].status);
        assert_contains(err.text, rows[i].says);
        plan_free(plan);
    }
    stage_free(stage);
}

#pragma GCC diagnostic pop

/* ---- settling ---- */

struct settle_case {
    const char *name;
    const char *remedy;
    const char *path;
    const char *found; /* NULL: it is not there */
    long code;         /* of the reading; 0: as found */
    enum kv_journal_result result;
    const char *says;
};

static const struct settle_case settles[] = {
    { "it took", "firewall-on", STAGE_PAY, ACLS("Deny"), 0, KV_JOURNAL_DONE,
        "took effect" },
    { "it did not", "firewall-on", STAGE_PAY, ACLS("Allow"), 0,
        KV_JOURNAL_NOT_APPLIED, "never" },
    { "neither", "firewall-on", STAGE_PAY, "{'properties':{}}", 0,
        KV_JOURNAL_UNCLEAR, "networkAcls is absent" },
    { "the vault is gone", "firewall-on", STAGE_PAY, NULL, 0,
        KV_JOURNAL_UNCLEAR, "no longer there" },
    { "not readable", "firewall-on", STAGE_PAY, ACLS("Deny"), 403,
        KV_JOURNAL_IN_DOUBT, "stays in doubt" },
    { "the setting is there", "diagnostics-on", STAGE_SETTING, AS_SHOWN, 0,
        KV_JOURNAL_DONE, "took effect" },
    { "the setting is not there", "diagnostics-on", STAGE_SETTING, NULL, 0,
        KV_JOURNAL_NOT_APPLIED, "never" },
};

/* An intent without an outcome, as a killed program leaves it. */
static struct kv_journal_entry interrupt(
    struct stage *stage, const char *remedy)
{
    struct kv_plan *plan = stage_plan_one(stage, remedy, PAY);
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };

    kv_plan_confirmation(plan, &wanted);
    assert_int_equal(plan_run(plan, wanted.expect, NULL, &err), KV_OK);
    stage_step(stage);
    stage->closing = true;
    stage_play(stage);
    stage->closing = false;
    plan_free(plan);
    assert_int_equal(stage->entry_count, 1);
    assert_int_equal(stage->entries[0].concluded, 0);
    return stage->entries[0].view;
}

static void settle_check(const struct settle_case *row)
{
    struct stage *stage = stage_new();
    struct kv_journal_entry entry;

    print_message("  %s\n", row->name);
    stage_sinks(stage);
    stage_put(stage, STAGE_PAY, ACLS("Allow"));
    entry = interrupt(stage, row->remedy);
    json_object_del(stage->world, row->path);
    if (row->found)
        stage_put(stage, row->path, row->found);
    if (row->code)
        stage_reply(
            stage, (struct stage_reply){
                       .method = "GET", .part = "?", .code = row->code });
    remedy_settle(&stage->port, &entry);
    stage_play(stage);
    assert_int_equal(stage->entries[0].view.result, row->result);
    if (row->result == KV_JOURNAL_IN_DOUBT) {
        assert_int_equal(stage->entries[0].concluded, 0);
        assert_contains(buf_text(&stage->said), row->says);
    } else {
        assert_true(stage->entries[0].view.settled);
        assert_contains(stage->entries[0].view.message, row->says);
    }
    stage_free(stage);
}

static void test_settle(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(settles); i++)
        settle_check(&settles[i]);
}

static void test_settling_a_damaged_record_says_so(void **state)
{
    struct stage *stage = stage_new();

    (void)state;
    remedy_settle(&stage->port, &(struct kv_journal_entry){ .number = 4,
                                    .target_id = STAGE_PAY,
                                    .target_name = "kv-pay",
                                    .change = "[" });
    stage_play(stage);
    assert_contains(buf_text(&stage->said), "#4");
    assert_int_equal(stage->count, 0);
    stage_free(stage);
}

static void test_closing_while_settling(void **state)
{
    struct stage *stage = stage_new();
    struct kv_journal_entry entry = interrupt(stage, "firewall-on");

    (void)state;
    remedy_settle(&stage->port, &entry);
    stage_free(stage); /* the sanitizer sees a leak */
}

/* ---- steps and values ---- */

struct value_case {
    const char *wanted;
    const char *found;
    bool holds; /* wanted is found */
    bool same;
};

static void test_values(void **state)
{
    static const struct value_case rows[] = {
        { "{'a':1}", "{'a':1,'b':2}", true, false },
        { "{'a':1}", "{'a':1,'b':null}", true, true },
        { "{'a':1}", "{'a':1,'b':[]}", true, true },
        { "{'a':1}", "{'a':1,'b':''}", true, true },
        { "{'a':1}", "{}", false, false },
        { "{'a':false}", "{}", false, false },
        { "{'a':true}", "{'a':false}", false, false },
        { "{'a':'Deny'}", "{'a':'deny'}", true, true },
        { "{'a':'203.0.113.7'}", "{'a':'203.0.113.7/32'}", true, true },
        { "{'a':'203.0.113.7'}", "{'a':'203.0.113.70'}", false, false },
        { "{'a':'1'}", "{'a':1}", false, false },
        { "[1,2]", "[2,1]", true, true },
        { "[1,1]", "[1,2]", false, false },
        { "[1]", "[1,2]", false, false },
        { "[{'a':1}]", "[{'a':1},{'a':2,'enabled':false}]", true, true },
        { "[{'a':1}]", "[{'a':1},{'a':2,'enabled':true}]", false, false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        json_t *wanted = stage_json(rows[i].wanted);
        json_t *found = stage_json(rows[i].found);

        if (value_holds(wanted, found) != rows[i].holds ||
            value_same(wanted, found) != rows[i].same)
            fail_with("%s against %s", rows[i].wanted, rows[i].found);
        json_decref(wanted);
        json_decref(found);
    }
    assert_true(value_same(NULL, NULL));
}

static void test_step_survives_the_journal(void **state)
{
    struct step step = { 0 };
    struct step back = { 0 };
    struct buf first = { .limit = 4096 };
    struct buf second = { .limit = 4096 };
    json_t *before = json_pack("{s:[i,b,n]}", "k", 1, 1);

    (void)state;
    step_init(&step, "PATCH", STAGE_PAY, "v");
    step.reversible = true;
    step_set(&step, "properties.a", before, json_string("it's"), NULL);
    step_set(&step, "properties.b.c", NULL, json_true(), json_false());
    step_format(&step, &first);
    assert_int_equal(step_parse(&back, buf_text(&first),
                         &(struct step_owner){ .id = STAGE_PAY }, NULL),
        KV_OK);
    step_format(&back, &second);
    assert_string_equal(buf_text(&first), buf_text(&second));
    buf_clear(&first);
    step_az(&back, &first);
    assert_contains(buf_text(&first),
        "--body '{\"properties\":{\"a\":\"it'\\''s\",\"b\":{\"c\":true}}}'");
    json_decref(before);
    buf_done(&first);
    buf_done(&second);
    step_done(&step);
    step_done(&back);
}

static void test_actions(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        const char *action;
    } rows[] = {
        { "PATCH", STAGE_PAY, "Microsoft.KeyVault/vaults/write" },
        { "PATCH", STAGE_HSM("h"), "Microsoft.KeyVault/managedHSMs/write" },
        { "PUT", STAGE_SETTING, "Microsoft.Insights/diagnosticSettings/write" },
        { "DELETE", STAGE_SETTING,
            "Microsoft.Insights/diagnosticSettings/delete" },
        { "PUT", STAGE_PAY "/secrets/s",
            "Microsoft.KeyVault/vaults/secrets/write" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct buf action = { .limit = 1024 };
        struct step step = { 0 };

        step_init(&step, rows[i].method, rows[i].path, "v");
        step_action(&step, &action);
        assert_string_equal(buf_text(&action), rows[i].action);
        buf_done(&action);
        step_done(&step);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_firewall_comes_back),
        cmocka_unit_test(test_absent_firewall_comes_back_in_words),
        cmocka_unit_test(test_setting_is_removed),
        cmocka_unit_test(test_a_delete_lock_blocks_the_removal),
        cmocka_unit_test(test_drift),
        cmocka_unit_test(test_undo_guards_too),
        cmocka_unit_test(test_what_has_no_undo),
        cmocka_unit_test(test_settle),
        cmocka_unit_test(test_settling_a_damaged_record_says_so),
        cmocka_unit_test(test_closing_while_settling),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_step_survives_the_journal),
        cmocka_unit_test(test_actions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
