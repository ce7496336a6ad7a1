/* Answers to a plan, from its preview to its proof: whatever ARM says, nothing
 * is written that was not confirmed and journalled. The first byte picks the
 * remedy; answers are parted by 0x1e, and two bytes of each pick its status and
 * its header fields. When they are used up, a well-behaved ARM answers. */
#include "fuzz.h"

#include "../unit/remedy_stage.h"

#define CALL_LIMIT 400
#define SEPARATOR '\x1e'

static const long codes[] = { 200, 201, 202, 204, 302, 400, 403, 404, 409, 412,
    429, 500, 0 };

struct hostile {
    struct stage *stage;
    struct view rest;
};

static void answer_set(struct remedy_answer *answer, long code)
{
    answer->code = code;
    answer->status = code ? stage_status(code) : KV_NETWORK;
    if (answer->status != KV_OK)
        (void)kv_error_set(
            &answer->error, answer->status, "Azure answered %ld.", code);
}

static void answer_next(struct hostile *hostile)
{
    struct stage *stage = hostile->stage;
    struct stage_call call = stage->calls[stage->next++];
    struct view body = view_cut(&hostile->rest, SEPARATOR);
    struct remedy_answer answer = { .request_id = "r-1",
        .location = "",
        .async_operation = "",
        .retry_after_s = -1 };
    unsigned code = fuzz_take_byte(&body);
    unsigned fields = fuzz_take_byte(&body);

    answer_set(&answer, codes[code % LENGTH(codes)]);
    if (fields & 1)
        answer.async_operation = "https://arm.contoso.example/operations/1";
    if (fields & 2)
        answer.location = "https://arm.contoso.example/results/1";
    if (fields & 4)
        answer.retry_after_s = fields;
    answer.body = body;
    call.done(call.arg, &answer);
    mem_free(call.method);
    mem_free(call.path);
    mem_free(call.body);
}

static void play(struct hostile *hostile)
{
    struct stage *stage = hostile->stage;

    while (stage->count < CALL_LIMIT && stage->next < stage->count) {
        if (hostile->rest.size > 0)
            answer_next(hostile);
        else
            (void)stage_step(stage);
    }
}

static bool is_write(struct view method)
{
    return view_equal(method, view_of("PATCH")) ||
           view_equal(method, view_of("PUT")) ||
           view_equal(method, view_of("DELETE"));
}

static void check_log(const struct stage *stage, bool confirmed)
{
    struct view rest = buf_view(&stage->log);
    int intents = 0;
    int writes = 0;

    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        struct view method = view_cut(&line, ' ');

        intents += view_equal(method, view_of("INTEND"));
        if (!is_write(method))
            continue;
        fuzz_check(++writes <= intents);
        fuzz_check(view_starts_nocase(line, view_of(STAGE_PAY)));
    }
    fuzz_check(confirmed || (writes == 0 && intents == 0));
    fuzz_check(intents <= 1);
}

/* What the preview shows is whole, whatever was answered. */
static void check_target(const struct kv_target *target)
{
    fuzz_check(target->resource_id && target->name);
    fuzz_check(*kv_target_state_name(target->state));
    for (uint32_t i = 0; i < target->change_count; i++)
        fuzz_check(target->changes[i].path != NULL);
    for (uint32_t i = 0; i < target->check_count; i++)
        fuzz_check(target->checks[i].text != NULL);
    if (target->state == KV_TARGET_READY)
        fuzz_check(target->request_count > 0 && target->impact);
    for (uint32_t i = 0; i < target->request_count; i++)
        fuzz_check(target->requests[i].method && target->requests[i].path);
}

/* A wrong confirmation sends nothing; the right one may. */
static void confirm(struct hostile *hostile, struct kv_plan *plan)
{
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };

    kv_plan_confirmation(plan, &wanted);
    fuzz_check(plan_run(plan, "", "why", &err) != KV_OK);
    fuzz_check(plan_run(plan, "yes", "why", &err) != KV_OK);
    check_log(hostile->stage, false);
    if (plan_run(plan, wanted.expect, "why", &err) == KV_OK)
        play(hostile);
    check_log(hostile->stage, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hostile hostile = { .rest = fuzz_view(data, size) };
    unsigned remedy = fuzz_take_byte(&hostile.rest);
    const uint32_t resource = PAY;
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;

    hostile.stage = stage_new();
    stage_sinks(hostile.stage);
    if (plan_new(&plan, &hostile.stage->port, "p-0001",
            &(struct kv_plan_order){
                .remedy = kv_remedies[remedy % kv_remedies_count].id,
                .resources = &resource,
                .count = 1,
            },
            &err) == KV_OK) {
        play(&hostile);
        check_log(hostile.stage, false);
        check_target(kv_plan_target(plan, 0));
        confirm(&hostile, plan);
        check_target(kv_plan_target(plan, 0));
        plan_free(plan);
    }
    stage_free(hostile.stage);
    return 0;
}
