/* Plans of several steps on one target, and runs over many targets: the order
 * of things, what a failure leaves, waves, pauses, and the way back. */
#include "remedy_stage.h"

#define LOCK STAGE_PAY "/providers/Microsoft.Authorization/locks/kvgov"
#define LOCK_WEB STAGE_WEB "/providers/Microsoft.Authorization/locks/kvgov"
#define WAIT_S 600

/* ---- a remedy of two steps: a lock, then a tag ---- */

static void two_plan(struct draft *draft, const struct plan_input *input)
{
    const struct live_answer *locks =
        draft_list(draft, "%s" LOCKS_QUERY, input->resource->id);
    struct buf path = { .limit = 1024 };
    struct step *step;

    if (!locks)
        return;
    buf_putf(&path, "%s/providers/Microsoft.Authorization/locks/kvgov",
        input->resource->id);
    step = draft_step(draft, "PUT", buf_text(&path), "2020-05-01");
    step_what(step, "lock %s", input->resource->name);
    step_set(step, "properties", NULL, json_pack("{s:s}", "level", "ReadOnly"),
        NULL);
    step->reversible = true;
    step->wait_s = WAIT_S;
    step = draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);
    step_what(step, "tag %s", input->resource->name);
    step_set(step, "properties.tag", value_at(input->subject, "properties.tag"),
        json_string("done"), json_string(""));
    step->reversible = true;
    draft->preview.impact = "nobody";
    buf_done(&path);
}

static const struct kv_remedy two = {
    .id = "two-steps",
    .title = "Do two things",
    .verb = "do",
    .sentence = "do two things to",
    .recommendation = "NET-2",
    .grade = KV_GRADE_SAFE,
    .undo = true,
    .kinds = KV_ON_VAULT,
    .effect = "Two things.",
    .work =
        &(const struct remedy_work){
            .plan = two_plan,
            .undo = { .grade = KV_GRADE_SAFE, .impact = "nobody" },
        },
};

static struct kv_plan *plan_of(
    struct stage *stage, const struct kv_remedy *remedy, size_t count)
{
    struct kv_plan *plan = plan_make(&stage->port, "p-0001", remedy, count);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_resource *resource =
            kv_estate_resource(stage->estate, i);

        plan_add_target(plan, resource->id, resource->name, i);
    }
    plan_start_reads(plan);
    stage_play(stage);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_READY);
    return plan;
}

static void start(struct stage *stage, struct kv_plan *plan)
{
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };

    kv_plan_confirmation(plan, &wanted);
    if (plan_run(plan, wanted.expect, "CHG0031337", &err) != KV_OK)
        fail_with("not run: %s", err.text);
    stage_play(stage);
}

static size_t place_of(const struct stage *stage, const char *part)
{
    const char *log = buf_text(&stage->log);
    const char *at = strstr(log, part);

    if (!at)
        fail_with("%s is not in the log:\n%s", part, log);
    return (size_t)(at - log);
}

static const struct stage_entry *entry_at(const struct stage *stage, size_t i)
{
    assert_true(i < stage->entry_count);
    return &stage->entries[i];
}

/* ---- both steps ---- */

static void test_two_steps(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_of(stage, &two, 1);
    const struct kv_target *target = kv_plan_target(plan, 0);

    (void)state;
    assert_int_equal(target->request_count, 2);
    assert_string_equal(target->requests[0].what, "lock kv-pay");
    assert_string_equal(target->requests[0].method, "PUT");
    assert_int_equal(target->requests[0].wait_s, WAIT_S);
    assert_string_equal(target->requests[1].method, "PATCH");
    assert_int_equal(target->changes[0].request, 0);
    assert_int_equal(target->changes[target->change_count - 1].request, 1);

    buf_clear(&stage->log);
    start(stage, plan);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_ENDED);
    assert_int_equal(target->state, KV_TARGET_DONE);
    /* Read, journal, write, read; the wait; the same again. */
    assert_true(place_of(stage, "GET " LOCK) < place_of(stage, "INTEND"));
    assert_true(place_of(stage, "INTEND") < place_of(stage, "PUT " LOCK));
    assert_true(place_of(stage, "PUT " LOCK) < place_of(stage, "WAIT 600000"));
    assert_true(place_of(stage, "WAIT 600000") < place_of(stage, "PATCH"));
    assert_int_equal(stage->entry_count, 2);
    assert_string_equal(entry_at(stage, 0)->view.action, "lock kv-pay");
    assert_string_equal(entry_at(stage, 1)->view.action, "tag kv-pay");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(entry_at(stage, i)->concluded, 1);
        assert_int_equal(entry_at(stage, i)->view.result, KV_JOURNAL_DONE);
    }
    /* One verdict for all, and what became of each for the model. */
    assert_int_equal(stage->rereads, 1);
    assert_int_equal(stage->taken, 2);
    plan_free(plan);
    stage_free(stage);
}

static void test_second_step_refused(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_of(stage, &two, 1);
    const struct kv_target *target = kv_plan_target(plan, 0);

    (void)state;
    stage_reply(stage,
        (struct stage_reply){ "PATCH", "kv-pay", 403, .status = KV_DENIED });
    start(stage, plan);
    assert_int_equal(target->state, KV_TARGET_FAILED);
    assert_contains(target->message, "1 of 2 steps took effect");
    assert_int_equal(entry_at(stage, 0)->view.result, KV_JOURNAL_DONE);
    assert_int_equal(entry_at(stage, 1)->view.result, KV_JOURNAL_FAILED);
    assert_non_null(json_object_get(stage->world, LOCK));
    plan_free(plan);
    stage_free(stage);
}

/* What somebody changed while the run waited is not overwritten, and is no
 * mere skip: half of it is done. */
static void test_changed_between_steps(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_of(stage, &two, 1);
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };

    (void)state;
    kv_plan_confirmation(plan, &wanted);
    assert_int_equal(plan_run(plan, wanted.expect, "", &err), KV_OK);
    while (!strstr(buf_text(&stage->log), "WAIT 600000"))
        assert_true(stage_step(stage));
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_SETTLING);
    stage_put(stage, STAGE_PAY, "{'properties':{'tag':'mine'}}");
    stage_play(stage);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_FAILED);
    assert_contains(kv_plan_target(plan, 0)->message, "changed since");
    assert_contains(kv_plan_target(plan, 0)->message, "1 of 2 steps");
    assert_string_equal(
        value_text(json_object_get(stage->world, STAGE_PAY), "properties.tag"),
        "mine");
    plan_free(plan);
    stage_free(stage);
}

/* A step that changes nothing is in the preview, and nothing to do is said
 * only where that is so of all. */
static void test_nothing_to_do(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan;

    (void)state;
    stage_put(stage, STAGE_PAY, "{'properties':{'tag':'done'}}");
    plan = plan_of(stage, &two, 1);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_READY);
    plan_free(plan);
    stage_free(stage);
}

/* ---- the way back ---- */

static struct kv_plan *undo_of(struct stage *stage)
{
    const struct kv_journal_entry *entries[16];
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;

    for (size_t i = 0; i < stage->entry_count; i++)
        entries[i] = &stage->entries[i].view;
    if (plan_new_undo(&plan, &stage->port, "p-0002", entries,
            stage->entry_count, &err) != KV_OK)
        fail_with("no undo: %s", err.text);
    stage_play(stage);
    return plan;
}

/* The remedies of the table go by their rows; these records name one of them
 * that writes below its target, as the records of this file's remedy do. */
static struct stage *stage_done(void)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_of(stage, &two, 1);

    start(stage, plan);
    plan_free(plan);
    for (size_t i = 0; i < stage->entry_count; i++)
        stage->entries[i].view.remedy = "firewall-on";
    buf_clear(&stage->log);
    return stage;
}

static void test_undo_goes_backwards(void **state)
{
    struct stage *stage = stage_done();
    struct kv_plan *plan = undo_of(stage);
    const struct kv_target *target = kv_plan_target(plan, 0);

    (void)state;
    assert_int_equal(target->state, KV_TARGET_READY);
    assert_int_equal(target->request_count, 2);
    assert_string_equal(target->requests[0].method, "PATCH");
    assert_string_equal(target->requests[1].method, "DELETE");
    start(stage, plan);
    assert_int_equal(target->state, KV_TARGET_DONE);
    assert_true(place_of(stage, "PATCH") < place_of(stage, "DELETE " LOCK));
    assert_null(json_object_get(stage->world, LOCK));
    assert_int_equal(stage->entry_count, 4);
    assert_int_equal(entry_at(stage, 2)->view.undo_of, 2);
    assert_int_equal(entry_at(stage, 3)->view.undo_of, 1);
    assert_int_equal(stage->taken_gone, 1);
    plan_free(plan);
    stage_free(stage);
}

/* What was taken back by hand is left out; the rest is done. */
static void test_undo_of_what_is_left(void **state)
{
    struct stage *stage = stage_done();
    struct kv_plan *plan;

    (void)state;
    json_object_del(stage->world, LOCK);
    plan = undo_of(stage);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 0)->request_count, 1);
    assert_string_equal(kv_plan_target(plan, 0)->requests[0].method, "PATCH");
    plan_free(plan);
    stage_free(stage);
}

static void test_undo_of_what_drifted(void **state)
{
    struct stage *stage = stage_done();
    struct kv_plan *plan;

    (void)state;
    stage_put(stage, LOCK, "{'properties':{'level':'CanNotDelete'}}");
    plan = undo_of(stage);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_BLOCKED);
    assert_contains(kv_plan_target(plan, 0)->message, "not as the change left");
    plan_free(plan);
    stage_free(stage);
}

/* ---- many targets ---- */

static void one_plan(struct draft *draft, const struct plan_input *input)
{
    struct step *step =
        draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);

    step_set(step, "properties.tag", value_at(input->subject, "properties.tag"),
        json_string("done"), NULL);
    draft->preview.impact = "nobody";
}

static const struct kv_remedy one = {
    .id = "one-step",
    .title = "Do one thing",
    .verb = "do",
    .sentence = "do one thing to",
    .recommendation = "NET-2",
    .grade = KV_GRADE_SAFE,
    .kinds = KV_ON_VAULT,
    .effect = "One thing.",
    .work = &(const struct remedy_work){ .plan = one_plan },
};

/* As many vaults as there are to be; the first ones are the stage's. */
static struct stage *stage_of(size_t count)
{
    struct stage *stage = stage_new();

    for (size_t i = kv_estate_resource_count(stage->estate); i < count; i++) {
        char id[256];

        snprintf(id, sizeof id, STAGE_VAULT("kv-%03zu"), i);
        estate_take_resource(stage->estate,
            &(struct kv_resource){
                .id = estate_text(stage->estate, view_of(id)),
                .name = estate_text(stage->estate, arm_id_last(view_of(id))),
                .kind = KV_KIND_VAULT });
        stage_put(stage, id, "{'properties':{}}");
    }
    return stage;
}

static void assert_wave(
    const struct kv_plan *plan, uint32_t number, uint32_t next, uint32_t left)
{
    struct kv_wave wave = kv_plan_wave(plan);

    assert_int_equal(wave.number, number);
    assert_int_equal(wave.next, next);
    assert_int_equal(wave.left, left);
}

static void test_waves(void **state)
{
    struct stage *stage = stage_of(13);
    struct kv_plan *plan = plan_of(stage, &one, 13);

    (void)state;
    start(stage, plan);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_PAUSED);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 1);
    assert_wave(plan, 1, 10, 12);
    plan_go_on(plan);
    stage_play(stage);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_PAUSED);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 11);
    assert_wave(plan, 2, 2, 2);
    plan_go_on(plan);
    stage_play(stage);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_ENDED);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 13);
    plan_free(plan);
    stage_free(stage);
}

static void test_waves_by_themselves(void **state)
{
    struct stage *stage = stage_of(13);
    struct kv_plan *plan = plan_of(stage, &one, 13);

    (void)state;
    plan_set_pace(plan, &(struct kv_pace){ .automatic = true });
    start(stage, plan);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_ENDED);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 13);
    assert_int_equal(kv_plan_wave(plan).number, 3);
    plan_free(plan);
    stage_free(stage);
}

static void test_stop_while_paused(void **state)
{
    struct stage *stage = stage_of(4);
    struct kv_plan *plan = plan_of(stage, &one, 4);

    (void)state;
    start(stage, plan);
    plan_stop(plan);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_ENDED);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 1);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_STOPPED), 3);
    plan_go_on(plan);
    stage_play(stage);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 1);
    plan_free(plan);
    stage_free(stage);
}

static void test_pause(void **state)
{
    struct stage *stage = stage_of(4);
    struct kv_plan *plan = plan_of(stage, &one, 4);
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };

    (void)state;
    plan_set_pace(plan, &(struct kv_pace){ .automatic = true });
    kv_plan_confirmation(plan, &wanted);
    assert_int_equal(plan_run(plan, wanted.expect, "", &err), KV_OK);
    plan_pause(plan);
    stage_play(stage);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_PAUSED);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 1);
    plan_go_on(plan);
    stage_play(stage);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 4);
    plan_free(plan);
    stage_free(stage);
}

struct rate_case {
    uint32_t percent;
    uint32_t done;
    uint32_t failed;
    uint32_t stopped;
};

/* The second of four is refused. */
static const struct rate_case rates[] = {
    { 0, 1, 1, 2 },
    { 49, 1, 1, 2 },
    { 50, 3, 1, 0 },
    { 100, 3, 1, 0 },
};

static void test_rates(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rates); i++) {
        struct stage *stage = stage_of(4);
        struct kv_plan *plan = plan_of(stage, &one, 4);

        stage_reply(stage, (struct stage_reply){
                               "PATCH", "kv-web", 403, .status = KV_DENIED });
        plan_set_pace(plan, &(struct kv_pace){ .automatic = true,
                                .failed_percent = rates[i].percent });
        start(stage, plan);
        assert_int_equal(kv_plan_state(plan), KV_PLAN_ENDED);
        assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), rates[i].done);
        assert_int_equal(
            kv_plan_count(plan, KV_TARGET_FAILED), rates[i].failed);
        assert_int_equal(
            kv_plan_count(plan, KV_TARGET_STOPPED), rates[i].stopped);
        plan_free(plan);
        stage_free(stage);
    }
}

/* ---- Azure is busy ---- */

/* The same intent is sent again when Azure says so: nothing happened. */
static void test_throttled(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_of(stage, &one, 1);

    (void)state;
    stage_reply(
        stage, (struct stage_reply){ "PATCH", "kv-pay", 429,
                   .status = KV_SERVICE, .retry_after_s = 7, .times = 2 });
    start(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    assert_contains(buf_text(&stage->log), "WAIT 7000");
    assert_int_equal(stage->entry_count, 1);
    plan_free(plan);
    stage_free(stage);
}

static void test_throttled_for_good(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_of(stage, &one, 1);

    (void)state;
    stage_reply(stage, (struct stage_reply){ "PATCH", "kv-pay", 429,
                           .status = KV_SERVICE, .times = 1000 });
    start(stage, plan);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_FAILED);
    assert_int_equal(entry_at(stage, 0)->view.result, KV_JOURNAL_FAILED);
    plan_free(plan);
    stage_free(stage);
}

/* ---- places in a list ---- */

struct path_case {
    const char *path;
    const char *found; /* NULL: nothing */
};

static const struct path_case paths[] = {
    { "list[id=B].name", "'two'" },
    { "list[name=TWO]", "{'id':'b','name':'two','at':{'role':'/x/R9'}}" },
    { "list[at.role$=/r9].id", "'b'" },
    { "list[at.role=r9].id", NULL },
    { "list[id=b,name=one]", NULL },
    { "list[id=a,other=].name", "'one'" },
    { "list[id=c]", NULL },
    { "list[id=a", NULL },
    { "none[id=a]", NULL },
};

static void test_paths(void **state)
{
    json_t *root =
        stage_json("{'list':[{'id':'a','name':'one'},"
                   "{'id':'b','name':'two','at':{'role':'/x/R9'}}]}");

    (void)state;
    for (size_t i = 0; i < LENGTH(paths); i++) {
        json_t *found = value_at(root, paths[i].path);
        struct buf text = { .limit = 1024 };
        json_t *wanted = NULL;

        if (paths[i].found) {
            buf_putf(&text, "[%s]", paths[i].found);
            wanted = stage_json(buf_text(&text));
        }
        print_message("  %s\n", paths[i].path);
        assert_int_equal(found != NULL, wanted != NULL);
        assert_true(!found || json_equal(found, json_array_get(wanted, 0)));
        json_decref(wanted);
        buf_done(&text);
    }
    json_decref(root);
}

/* ---- what cannot be foretold ---- */

static const struct {
    const char *found; /* NULL: nothing is there */
    bool after;
    bool before;
} others[] = {
    { "{'key':{'kid':'https://h/keys/k/2'}}", true, false },
    { "{'key':{'kid':'https://h/keys/k/1'}}", false, true },
    { "{'key':{}}", false, false },
    { NULL, false, false },
};

/* It took effect when something else is there, whatever it is; the journal
 * remembers that. */
static void test_another_than_before(void **state)
{
    struct step_owner owner = { .id = "/vault", .uri = "https://h/" };
    struct buf text = { .limit = 4096 };
    struct buf why = { .limit = 4096 };
    json_t *before = json_string("https://h/keys/k/1");
    struct step made;
    struct step step;

    (void)state;
    step_init(&made, "POST", "https://h/keys/k/rotate", "7.6");
    step_find_at(&made, "https://h/keys/k?api-version=7.6");
    step_set(&made, "key.kid", before, json_string("a new version"), NULL);
    made.proof = PROOF_OTHER;
    step_format(&made, &text);
    assert_int_equal(step_parse(&step, buf_text(&text), &owner, NULL), KV_OK);
    for (size_t i = 0; i < LENGTH(others); i++) {
        json_t *found = others[i].found ? stage_json(others[i].found) : NULL;

        assert_int_equal(
            step_is(&step, LIKENESS_AFTER, found, value_holds, &why),
            others[i].after);
        assert_int_equal(
            step_is(&step, LIKENESS_BEFORE, found, value_same, &why),
            others[i].before);
        json_decref(found);
    }
    step_done(&made);
    step_done(&step);
    json_decref(before);
    buf_done(&text);
    buf_done(&why);
}

struct wait_row {
    const char *made;
    const char *next;
    bool waits;
};

static const struct wait_row wait_rows[] = {
    { "/x/endpoints/pep", "/x/endpoints/pep/zoneGroups/default", true },
    { "/x/endpoints/pep", "/x/endpoints/pep-2", false },
    { "/x/endpoints/pep", "/x/endpoints/pep", false },
    { "/x/endpoints/pep/zoneGroups/default", "/x/endpoints/pep", false },
    { "https://kv/keys/a", "https://kv/keys/a/rotationpolicy", false },
};

/* A script has what is above before it makes what is below. */
static void test_script_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(wait_rows); i++) {
        struct buf text = { .limit = 1024 };
        struct step made;
        struct step next;

        step_init(&made, "PUT", wait_rows[i].made, "2024-05-01");
        step_init(&next, "PUT", wait_rows[i].next, "2024-05-01");
        step_az_wait(&made, &next, &text);
        assert_string_equal(buf_text(&text),
            wait_rows[i].waits
                ? "az resource wait --created --interval 5 --ids "
                  "'/x/endpoints/pep' --api-version 2024-05-01\n"
                : "");
        step_done(&next);
        step_done(&made);
        buf_done(&text);
    }
}

/* ---- plans of many targets ---- */

#define MANY 150
/* One target may ask twice. */
#define AT_ONCE_MOST 130

static struct kv_plan *plan_of_many(struct stage *stage)
{
    struct kv_plan *plan = plan_make(&stage->port, "p-0001", &two, MANY);

    for (unsigned i = 0; i < MANY; i++)
        plan_add_target(plan, STAGE_PAY, "kv-pay", PAY);
    plan_start_reads(plan);
    return plan;
}

/* What is known first is that of the first ones, not a bit of each. */
static void test_many_are_read_in_turn(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_of_many(stage);

    (void)state;
    assert_in_range(stage->count, 1, AT_ONCE_MOST);
    while (kv_plan_count(plan, KV_TARGET_READY) == 0)
        assert_true(stage_step(stage));
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, MANY - 1)->state, KV_TARGET_READING);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_READING);
    stage_play(stage);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_READY), MANY);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_READING), 0);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_READY);
    plan_free(plan);
    stage_free(stage);
}

#define AWAY "11111111-0000-0000-0000-000000000002"
#define FAR_VAULT                                                              \
    "/subscriptions/" AWAY                                                     \
    "/resourceGroups/rg-far/providers/Microsoft.KeyVault/vaults/kv-far"

/* Azure counts requests by subscription: one need not wait for another. */
static void test_subscriptions_take_turns(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_make(&stage->port, "p-0001", &two, MANY);
    uint32_t far;

    (void)state;
    estate_take_subscription(stage->estate, AWAY, "Away", "Enabled");
    far = estate_take_resource(stage->estate,
        &(struct kv_resource){
            .id = FAR_VAULT, .name = "kv-far", .kind = KV_KIND_VAULT });
    stage_put(stage, FAR_VAULT, "{'properties':{}}");
    for (unsigned i = 0; i < MANY - 1; i++)
        plan_add_target(plan, STAGE_PAY, "kv-pay", PAY);
    plan_add_target(plan, FAR_VAULT, "kv-far", far);
    plan_start_reads(plan);
    while (kv_plan_target(plan, MANY - 1)->state == KV_TARGET_READING)
        assert_true(stage_step(stage));
    assert_in_range(kv_plan_count(plan, KV_TARGET_READING), MANY / 2, MANY);
    stage_play(stage);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_READING), 0);
    plan_free(plan);
    stage_free(stage);
}

static void test_cancelled_reads_begin_no_others(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = plan_of_many(stage);
    size_t asked = stage->count;

    (void)state;
    stage->closing = true;
    stage_play(stage);
    assert_int_equal(stage->count, asked);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_READING), MANY);
    stage->closing = false;
    plan_refresh(plan);
    stage_play(stage);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_READY), MANY);
    plan_free(plan);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_steps),
        cmocka_unit_test(test_second_step_refused),
        cmocka_unit_test(test_changed_between_steps),
        cmocka_unit_test(test_nothing_to_do),
        cmocka_unit_test(test_undo_goes_backwards),
        cmocka_unit_test(test_undo_of_what_is_left),
        cmocka_unit_test(test_undo_of_what_drifted),
        cmocka_unit_test(test_waves),
        cmocka_unit_test(test_waves_by_themselves),
        cmocka_unit_test(test_stop_while_paused),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_throttled),
        cmocka_unit_test(test_throttled_for_good),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_another_than_before),
        cmocka_unit_test(test_script_waits),
        cmocka_unit_test(test_many_are_read_in_turn),
        cmocka_unit_test(test_subscriptions_take_turns),
        cmocka_unit_test(test_cancelled_reads_begin_no_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
