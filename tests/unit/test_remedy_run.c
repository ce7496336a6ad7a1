/* Running a plan: the guard, the journal before the request, what Azure may
 * answer, the verification, stopping. Nothing is sent that was not confirmed,
 * shown and journalled. */
#include "remedy_stage.h"

#define OPEN                                                                   \
    "{'properties':{'networkAcls':{'bypass':'AzureServices','defaultAction':'Allow',"   \
    "'ipRules':[],'virtualNetworkRules':[]}}}"

static struct stage *stage_open(void)
{
    struct stage *stage = stage_new();

    stage_put(stage, STAGE_PAY, OPEN);
    stage_put(stage, STAGE_WEB, OPEN);
    return stage;
}

static size_t count_of(const struct stage *stage, const char *part)
{
    const char *log = buf_text(&stage->log);
    size_t count = 0;

    while ((log = strstr(log, part))) {
        count++;
        log++;
    }
    return count;
}

static void run(struct stage *stage, struct kv_plan *plan)
{
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };

    kv_plan_confirmation(plan, &wanted);
    if (plan_run(plan, wanted.expect, "CHG0031337", &err) != KV_OK)
        fail_with("not run: %s", err.text);
    stage_play(stage);
    while (kv_plan_state(plan) == KV_PLAN_PAUSED) {
        plan_go_on(plan);
        stage_play(stage);
    }
    assert_int_equal(kv_plan_state(plan), KV_PLAN_ENDED);
    assert_false(plan_busy(plan));
}

static const char *acl_of(struct stage *stage, const char *id)
{
    return value_text(json_object_get(stage->world, id),
        "properties.networkAcls.defaultAction");
}

/* ---- the way it should go ---- */

static void test_run_to_the_end(void **state)
{
    const uint32_t both[] = { PAY, WEB };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan(stage, "firewall-on", both, 2);

    (void)state;
    assert_int_equal(count_of(stage, "PATCH"), 0);
    run(stage, plan);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 2);
    assert_int_equal(count_of(stage, "PATCH"), 2);
    assert_string_equal(acl_of(stage, STAGE_PAY), "Deny");
    assert_string_equal(acl_of(stage, STAGE_WEB), "Deny");
    assert_int_equal(stage->rereads, 2);
    assert_int_equal(stage->entry_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(stage->entries[i].concluded, 1);
        assert_int_equal(stage->entries[i].view.result, KV_JOURNAL_DONE);
        assert_true(stage->entries[i].view.reversible);
        assert_string_equal(stage->entries[i].view.reason, "CHG0031337");
        assert_string_equal(
            stage->entries[i].view.action, "Turn the firewall on");
    }
    assert_contains(buf_text(&stage->said), "2 done");
    plan_free(plan);
    stage_free(stage);
}

/* Read, journal, request: in this order for each target. */
static void test_order_of_things(void **state)
{
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    const char *guard = NULL;
    const char *intend = NULL;
    const char *write = NULL;

    (void)state;
    buf_clear(&stage->log);
    run(stage, plan);
    guard = strstr(buf_text(&stage->log), "GET " STAGE_PAY "?");
    intend = strstr(buf_text(&stage->log), "INTEND");
    write = strstr(buf_text(&stage->log), "PATCH");
    assert_non_null(guard);
    assert_true(guard < intend);
    assert_true(intend < write);
    assert_true(write < strstr(buf_text(&stage->log), "REREAD"));
    plan_free(plan);
    stage_free(stage);
}

static void test_refused_confirmations(void **state)
{
    static const char *const typed[] = { NULL, "", "y", "Y", "kv-pa", "KV-PAY",
        "kv-pay\n", " kv-pay" };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    struct kv_error err = { 0 };

    (void)state;
    for (size_t i = 0; i < LENGTH(typed); i++) {
        assert_int_equal(plan_run(plan, typed[i], NULL, &err), KV_REFUSED);
        assert_contains(err.text, "kv-pay");
    }
    stage_play(stage);
    assert_int_equal(count_of(stage, "PATCH"), 0);
    assert_int_equal(stage->entry_count, 0);
    run(stage, plan);
    assert_int_equal(plan_run(plan, "kv-pay", NULL, &err), KV_REFUSED);
    assert_int_equal(plan_set(plan, "allow", "", &err), KV_REFUSED);
    stage_play(stage);
    assert_int_equal(count_of(stage, "PATCH"), 1);
    plan_free(plan);
    stage_free(stage);
}

static void test_one_way_goes_one_at_a_time(void **state)
{
    const uint32_t both[] = { PAY, WEB };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan(stage, "purge-protection-on", both, 2);
    struct kv_error err = { 0 };

    (void)state;
    assert_int_equal(plan_run(plan, "", NULL, &err), KV_REFUSED);
    assert_contains(err.text, "drop the other 1");
    plan_drop_target(plan, 1);
    assert_int_equal(plan_run(plan, "kv-web", NULL, &err), KV_REFUSED);
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    assert_int_equal(kv_plan_target(plan, 1)->state, KV_TARGET_STOPPED);
    assert_int_equal(count_of(stage, "PATCH"), 1);
    assert_false(stage->entries[0].view.reversible);
    plan_free(plan);
    stage_free(stage);
}

/* ---- the guard and the journal ---- */

static void test_guard_leaves_a_changed_vault_alone(void **state)
{
    const uint32_t both[] = { PAY, WEB };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan(stage, "firewall-on", both, 2);

    (void)state;
    stage_put(stage, STAGE_PAY,
        "{'properties':{'networkAcls':{'bypass':'AzureServices',"
        "'defaultAction':'Allow','ipRules':[{'value':'203.0.113.9'}],"
        "'virtualNetworkRules':[]}}}");
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_SKIPPED);
    assert_contains(kv_plan_target(plan, 0)->message, "ipRules");
    assert_contains(kv_plan_target(plan, 0)->message, "203.0.113.9");
    assert_int_equal(kv_plan_target(plan, 1)->state, KV_TARGET_DONE);
    assert_int_equal(count_of(stage, "PATCH " STAGE_PAY), 0);
    assert_int_equal(stage->entries[0].view.result, KV_JOURNAL_SKIPPED);
    assert_false(stage->entries[0].view.reversible);
    plan_free(plan);
    stage_free(stage);
}

static void test_guard_sees_what_was_added(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);

    (void)state;
    stage_put(stage, STAGE_PAY, OPEN); /* networkAcls was absent */
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_SKIPPED);
    assert_int_equal(count_of(stage, "PATCH"), 0);
    plan_free(plan);
    stage_free(stage);
}

static void test_unreadable_guard_sends_nothing(void **state)
{
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);

    (void)state;
    stage_reply(
        stage, (struct stage_reply){
                   .method = "GET", .part = "kv-pay?", .status = KV_NETWORK });
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_FAILED);
    assert_contains(kv_plan_target(plan, 0)->message, "nothing was sent");
    assert_int_equal(count_of(stage, "PATCH"), 0);
    assert_int_equal(stage->entry_count, 0);
    plan_free(plan);
    stage_free(stage);
}

static void test_without_a_journal_nothing_is_sent(void **state)
{
    const uint32_t both[] = { PAY, WEB };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan(stage, "firewall-on", both, 2);

    (void)state;
    stage->journal_full = true;
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_FAILED);
    assert_contains(kv_plan_target(plan, 0)->message, "disk is full");
    assert_int_equal(kv_plan_target(plan, 1)->state, KV_TARGET_STOPPED);
    assert_int_equal(count_of(stage, "PATCH"), 0);
    plan_free(plan);
    stage_free(stage);
}

/* ---- what Azure may answer ---- */

struct answer_case {
    const char *name;
    struct stage_reply reply;
    struct stage_reply then; /* none without a method */
    enum kv_target_state target;
    enum kv_journal_result result;
    bool settled;
    const char *says;
};

#define PATCHED .method = "PATCH", .part = "kv-pay"
#define VAULT_READ .method = "GET", .part = "kv-pay?"
#define ERROR_OF(code, rest)                                                   \
    "{'error':{'code':'" code "','message':'No.'" rest "}}"

static const struct answer_case answers[] = {
    { "403 names the action",
        { PATCHED, .code = 403, .body = ERROR_OF("AuthorizationFailed", "") },
        { 0 }, KV_TARGET_FAILED, KV_JOURNAL_FAILED, false,
        "you are missing Microsoft.KeyVault/vaults/write. Azure answered 403 "
        "AuthorizationFailed: No." },
    { "403 of a policy names it",
        { PATCHED, .code = 403,
            .body = ERROR_OF("RequestDisallowedByPolicy",
                ",'additionalInfo':[{'type':'PolicyViolation','info':"
                "{'policyAssignmentName':'deny-it'}}]") },
        { 0 }, KV_TARGET_FAILED, KV_JOURNAL_FAILED, false,
        "the policy assignment \"deny-it\" forbids it" },
    { "409 names the lock",
        { PATCHED, .code = 409, .body = ERROR_OF("ScopeLocked", "") },
        { .method = "GET",
            .part = "/locks?",
            .code = 200,
            .body = "{'value':[{'name':'freeze','properties':"
                    "{'level':'ReadOnly'}}]}" },
        KV_TARGET_FAILED, KV_JOURNAL_FAILED, false, "\"freeze\"" },
    { "409 of another change",
        { PATCHED, .code = 409, .body = ERROR_OF("VaultStatusConflict", "") },
        { 0 }, KV_TARGET_FAILED, KV_JOURNAL_FAILED, false, "under way" },
    { "an error at the top of the body",
        { PATCHED, .code = 400, .body = "{'code':'BadRequest','message':'X'}" },
        { 0 }, KV_TARGET_FAILED, KV_JOURNAL_FAILED, false,
        "400 BadRequest: X" },
    { "an error without a body", { PATCHED, .code = 400 }, { 0 },
        KV_TARGET_FAILED, KV_JOURNAL_FAILED, false, "400" },
    { "signed out before it was sent",
        { PATCHED, .code = 0, .status = KV_SIGN_IN }, { 0 }, KV_TARGET_FAILED,
        KV_JOURNAL_FAILED, false, "No answer" },
    { "no answer, and it took",
        { PATCHED, .code = 0, .status = KV_NETWORK, .applies = true }, { 0 },
        KV_TARGET_DONE, KV_JOURNAL_DONE, true, "found by reading" },
    { "no answer, and it did not take",
        { PATCHED, .code = 0, .status = KV_NETWORK }, { 0 }, KV_TARGET_FAILED,
        KV_JOURNAL_NOT_APPLIED, true, "unchanged" },
    { "no answer, and it is another way",
        { PATCHED, .code = 0, .status = KV_NETWORK },
        { VAULT_READ, .code = 200, .times = 9,
            .body = "{'properties':{'networkAcls':{'bypass':'AzureServices',"
                    "'defaultAction':'Deny','ipRules':"
                    "[{'value':'203.0.113.9'}]}}}" },
        KV_TARGET_IN_DOUBT, KV_JOURNAL_UNCLEAR, true, "ipRules" },
    { "no answer, and not readable",
        { PATCHED, .code = 0, .status = KV_NETWORK },
        { VAULT_READ, .code = 0, .status = KV_NETWORK, .times = 9 },
        KV_TARGET_IN_DOUBT, KV_JOURNAL_IN_DOUBT, false, "could not be read" },
    { "no answer, and gone", { PATCHED, .code = 0, .status = KV_NETWORK },
        { VAULT_READ, .code = 404, .times = 9 }, KV_TARGET_IN_DOUBT,
        KV_JOURNAL_UNCLEAR, true, "no longer there" },
    { "500, and it took", { PATCHED, .code = 500, .applies = true }, { 0 },
        KV_TARGET_DONE, KV_JOURNAL_DONE, true, "found by reading" },
    { "500, and it did not take", { PATCHED, .code = 500 }, { 0 },
        KV_TARGET_FAILED, KV_JOURNAL_FAILED, true, "unchanged" },
    { "200, changed back by a policy",
        { PATCHED, .code = 200, .ignored = true }, { 0 }, KV_TARGET_UNVERIFIED,
        KV_JOURNAL_UNVERIFIED, false,
        "properties.networkAcls.defaultAction is \"Allow\", not \"Deny\"" },
    { "202 and a status",
        { PATCHED, .code = 202, .async_operation = "https://arm.test/op/1",
            .location = "https://arm.test/never", .retry_after_s = 7 },
        { .method = "GET",
            .part = "/op/1",
            .code = 200,
            .body = "{'status':'Succeeded'}" },
        KV_TARGET_DONE, KV_JOURNAL_DONE, false, "verified" },
    { "202, then a failure",
        { PATCHED, .code = 202, .ignored = true,
            .async_operation = "https://arm.test/op/1" },
        { .method = "GET",
            .part = "/op/1",
            .code = 200,
            .body = "{'status':'Failed','error':{'code':'Oops',"
                    "'message':'Late.'}}" },
        KV_TARGET_FAILED, KV_JOURNAL_FAILED, false, "Failed Oops: Late." },
    { "202 and a location",
        { PATCHED, .code = 202, .location = "https://arm.test/loc" },
        { .method = "GET", .part = "/loc", .code = 200, .body = "{}" },
        KV_TARGET_DONE, KV_JOURNAL_DONE, false, "verified" },
    { "202 for ever",
        { PATCHED, .code = 202, .async_operation = "https://arm.test/op/1" },
        { .method = "GET",
            .part = "/op/1",
            .code = 200,
            .times = 1000,
            .body = "{'status':'InProgress'}" },
        KV_TARGET_UNVERIFIED, KV_JOURNAL_UNVERIFIED, false, "10 minutes" },
    { "an operation that nobody knows any more",
        { PATCHED, .code = 202, .location = "https://arm.test/loc" },
        { .method = "GET", .part = "/loc", .code = 404 }, KV_TARGET_DONE,
        KV_JOURNAL_DONE, false, "verified" },
    { "an operation on another host",
        { PATCHED, .code = 202, .location = "https://elsewhere.test/loc" },
        { .method = "GET",
            .part = "elsewhere",
            .code = 0,
            .status = KV_FOREIGN_HOST },
        KV_TARGET_DONE, KV_JOURNAL_DONE, false, "verified" },
    { "200 and still updating",
        { PATCHED, .code = 200,
            .body = "{'properties':{'provisioningState':'Updating'}}" },
        { .method = "GET", .part = "nothing" }, KV_TARGET_DONE, KV_JOURNAL_DONE,
        false, "verified" },
};

static void answer_check(const struct answer_case *row)
{
    const uint32_t both[] = { PAY, WEB };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan(stage, "firewall-on", both, 2);
    bool doubt = row->result == KV_JOURNAL_IN_DOUBT;
    const struct kv_target *target = kv_plan_target(plan, 0);
    const struct kv_target *other = kv_plan_target(plan, 1);

    print_message("  %s\n", row->name);
    /* The guard is the first to read; it sees the vault as it is. */
    stage_reply(
        stage, (struct stage_reply){ VAULT_READ, .code = 200, .body = OPEN });
    stage_reply(stage, row->reply);
    if (row->then.method)
        stage_reply(stage, row->then);
    run(stage, plan);
    if (target->state != row->target)
        fail_with("%s: expected %s, is %s: %s", row->name,
            kv_target_state_name(row->target),
            kv_target_state_name(target->state), target->message);
    assert_contains(target->message, row->says);
    assert_int_equal(stage->entries[0].view.result, row->result);
    assert_int_equal(stage->entries[0].view.settled, row->settled);
    assert_int_equal(stage->entries[0].concluded, doubt ? 0 : 1);
    assert_int_equal(count_of(stage, "PATCH " STAGE_PAY), 1);
    assert_int_equal(other->state,
        row->target == KV_TARGET_DONE ? KV_TARGET_DONE : KV_TARGET_STOPPED);
    plan_free(plan);
    stage_free(stage);
}

static void test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(answers); i++)
        answer_check(&answers[i]);
}

static void test_retry_after_is_kept(void **state)
{
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);

    (void)state;
    stage_reply(stage,
        (struct stage_reply){ PATCHED, .code = 202,
            .async_operation = "https://arm.test/op/1", .retry_after_s = 7 });
    stage_reply(stage,
        (struct stage_reply){ .method = "GET", .part = "/op/1", .code = 503 });
    stage_reply(stage, (struct stage_reply){ .method = "GET",
                           .part = "/op/1",
                           .code = 200,
                           .body = "{'status':'Running'}",
                           .retry_after_s = 3 });
    stage_reply(stage, (struct stage_reply){ .method = "GET",
                           .part = "/op/1",
                           .code = 200,
                           .body = "{'status':'Succeeded'}" });
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    assert_int_equal(count_of(stage, "WAIT 7000"), 1);
    assert_int_equal(count_of(stage, "WAIT 5000"), 1);
    assert_int_equal(count_of(stage, "WAIT 3000"), 1);
    plan_free(plan);
    stage_free(stage);
}

/* ---- the verdict ---- */

static void test_a_verdict_that_does_not_turn(void **state)
{
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);

    (void)state;
    stage->verdict = KV_VERDICT_UNKNOWN;
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_UNVERIFIED);
    assert_contains(kv_plan_target(plan, 0)->message, "unknown");
    assert_int_equal(stage->rereads, 6);
    assert_int_equal(count_of(stage, "WAIT 16000"), 1);
    assert_int_equal(stage->entries[0].view.result, KV_JOURNAL_UNVERIFIED);
    plan_free(plan);
    stage_free(stage);
}

/* Another row may ask for more than the remedy puts right. */
static void test_a_row_that_asks_for_more(void **state)
{
    const uint32_t pay = PAY;
    struct stage *stage = stage_open();
    struct kv_plan *plan =
        stage_plan_for(stage, "firewall-on", "NET-3", &pay, 1);

    (void)state;
    stage->verdict = KV_VERDICT_FAIL;
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    assert_contains(kv_plan_target(plan, 0)->message,
        "values verified; NET-3 still fails");
    assert_int_equal(stage->rereads, 1);
    plan_free(plan);
    stage_free(stage);
}

static void test_no_row_judges_an_hsm(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = stage_plan_one(stage, "purge-protection-on", HSM);

    (void)state;
    stage->verdict = KV_VERDICT_NOT_APPLICABLE;
    run(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    plan_free(plan);
    stage_free(stage);
}

/* ---- stopping and dropping ---- */

static void test_stop_ends_after_the_current_one(void **state)
{
    const uint32_t both[] = { PAY, WEB };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan(stage, "firewall-on", both, 2);
    struct kv_error err = { 0 };

    (void)state;
    assert_int_equal(plan_run(plan, "restrict 2", NULL, &err), KV_OK);
    stage_step(stage); /* the guard */
    plan_stop(plan);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_STOPPING);
    stage_play(stage);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_ENDED);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    assert_int_equal(kv_plan_target(plan, 1)->state, KV_TARGET_STOPPED);
    plan_free(plan);
    stage_free(stage);
}

/* The outcome is journalled although nobody looks any more. */
static void test_free_while_running(void **state)
{
    const uint32_t both[] = { PAY, WEB };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan(stage, "firewall-on", both, 2);
    struct kv_error err = { 0 };

    (void)state;
    assert_int_equal(plan_run(plan, "restrict 2", NULL, &err), KV_OK);
    stage_step(stage); /* the guard; the request is on its way */
    plan_free(plan);
    stage_play(stage);
    assert_int_equal(stage->entry_count, 1);
    assert_int_equal(stage->entries[0].view.result, KV_JOURNAL_DONE);
    assert_int_equal(count_of(stage, "PATCH"), 1);
    stage_free(stage);
}

/* At every point of a run the session may be closed. What was sent and not
 * verified stays in doubt; what was not sent is not in the journal. */
static void test_close_at_every_point(void **state)
{
    (void)state;
    for (int steps = 0; steps < 6; steps++) {
        struct stage *stage = stage_open();
        struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
        struct kv_error err = { 0 };
        bool finished = false;

        assert_int_equal(plan_run(plan, "kv-pay", NULL, &err), KV_OK);
        for (int i = 0; i < steps; i++)
            finished = !stage_step(stage);
        stage->closing = true;
        stage_play(stage);
        assert_int_equal(kv_plan_state(plan), KV_PLAN_ENDED);
        if (stage->entry_count > 0 && !finished && steps < 4)
            assert_int_equal(stage->entries[0].concluded, 0);
        if (count_of(stage, "PATCH") == 0)
            assert_int_equal(stage->entry_count, 0);
        plan_free(plan);
        stage_free(stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_to_the_end),
        cmocka_unit_test(test_order_of_things),
        cmocka_unit_test(test_refused_confirmations),
        cmocka_unit_test(test_one_way_goes_one_at_a_time),
        cmocka_unit_test(test_guard_leaves_a_changed_vault_alone),
        cmocka_unit_test(test_guard_sees_what_was_added),
        cmocka_unit_test(test_unreadable_guard_sends_nothing),
        cmocka_unit_test(test_without_a_journal_nothing_is_sent),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_retry_after_is_kept),
        cmocka_unit_test(test_a_verdict_that_does_not_turn),
        cmocka_unit_test(test_a_row_that_asks_for_more),
        cmocka_unit_test(test_no_row_judges_an_hsm),
        cmocka_unit_test(test_stop_ends_after_the_current_one),
        cmocka_unit_test(test_free_while_running),
        cmocka_unit_test(test_close_at_every_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
