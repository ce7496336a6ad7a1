/* Azure took a request and works on it: asks how it stands, as often as Azure
 * wants to be asked, for ten minutes at most. */
#include "plan.h"

#include <string.h>

#define TEXT_LIMIT 4096
#define POLL_DEFAULT_S 5 /* without Retry-After */
#define POLL_LONGEST_S 60
#define POLL_TOTAL_MS (10 * 60 * 1000)

/* Of a resource; every other state is on its way to one of these. */
static const char *const final_states[] = {
    "Succeeded",
    "Activated",
    "Failed",
    "Canceled",
};

/* Absent means finished and succeeded. */
static bool is_final(const char *state)
{
    for (size_t i = 0; i < sizeof final_states / sizeof final_states[0]; i++) {
        if (text_equal_nocase(state, final_states[i]))
            return true;
    }
    return !state;
}

static json_t *body_of(const struct remedy_answer *answer)
{
    return json_loadb(
        answer->body.data, answer->body.size, JSON_ALLOW_NUL, NULL);
}

static bool is_at_work(const struct remedy_answer *answer)
{
    json_t *body = body_of(answer);
    bool at_work = !is_final(value_text(body, "properties.provisioningState"));

    json_decref(body);
    return at_work;
}

static bool has(const char *header)
{
    return header && *header;
}

bool operation_pending(const struct remedy_answer *answer)
{
    return answer->code == 202 || has(answer->async_operation) ||
           (answer->code == 201 && has(answer->location)) || is_at_work(answer);
}

static void poll_answered(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer);

static void poll_now(struct kv_plan *plan, struct target *target, unsigned tag,
    const struct remedy_answer *answer)
{
    const char *address = plan->run.operation;

    (void)tag;
    if (answer->status == KV_CANCELLED) {
        run_leave_in_doubt(plan, "kvgov was closed while Azure was at work");
        return;
    }
    if (address)
        plan_read(plan, address,
            &(struct plan_call){ .target = target, .done = poll_answered });
    else
        run_read(plan, poll_answered);
}

static void poll_later(struct kv_plan *plan, const struct remedy_answer *answer)
{
    int64_t wait_s = answer->retry_after_s;

    if (wait_s <= 0)
        wait_s = POLL_DEFAULT_S;
    if (wait_s > POLL_LONGEST_S)
        wait_s = POLL_LONGEST_S;
    plan->run.waited_ms += wait_s * 1000;
    if (plan->run.waited_ms > POLL_TOTAL_MS) {
        run_finish(plan, KV_TARGET_UNVERIFIED, KV_JOURNAL_UNVERIFIED,
            "Azure accepted the change and still works on it after 10 "
            "minutes; read the resource again later");
        return;
    }
    plan_wait(plan, wait_s * 1000,
        &(struct plan_call){ .target = run_target(plan), .done = poll_now });
}

static void finish_failed(struct kv_plan *plan, json_t *body)
{
    json_t *error = value_at(body, "error");
    const char *status = value_text(body, "status");
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "Azure accepted the change, then ended it as %s ",
        status ? status : "failed");
    refusal_put_error(&text, error);
    run_finish(plan, KV_TARGET_FAILED, KV_JOURNAL_FAILED, buf_text(&text));
    buf_done(&text);
}

/* {"status": ..., "error": {...}} at Azure-AsyncOperation's address; Key Vault
 * names the connection itself there, which has a state of its own. */
static void take_status(
    struct kv_plan *plan, const struct remedy_answer *answer)
{
    json_t *body = body_of(answer);
    const char *status = value_text(body, "status");

    if (text_equal_nocase(status, "Succeeded") ||
        (!status && value_at(body, "id") && !is_at_work(answer)))
        verify_start(plan);
    else if (text_equal_nocase(status, "Failed") ||
             text_equal_nocase(status, "Canceled"))
        finish_failed(plan, body);
    else
        poll_later(plan, answer);
    json_decref(body);
}

/* An address on another host is never asked, however often it is tried. */
static bool is_worth_asking(const struct remedy_answer *answer)
{
    if (answer->code == 0)
        return answer->status != KV_FOREIGN_HOST;
    return answer->code == 429 || answer->code >= 500;
}

static void poll_answered(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer)
{
    (void)target;
    (void)tag;
    if (answer->status == KV_CANCELLED)
        run_leave_in_doubt(plan, "kvgov was closed while Azure was at work");
    else if (is_worth_asking(answer))
        poll_later(plan, answer); /* nothing was learnt: ask again */
    else if (answer->code / 100 != 2)
        verify_start(plan); /* the resource itself knows better */
    else if (plan->run.has_status)
        take_status(plan, answer);
    else if (answer->code == 202 || is_at_work(answer))
        poll_later(plan, answer);
    else
        verify_start(plan);
}

/* An HSM names the job that it began: {"jobId": ...}. NULL: it did not. */
static char *job_address(
    const struct step *step, const struct remedy_answer *answer)
{
    json_t *body = body_of(answer);
    const char *id = value_text(body, "jobId");
    struct buf address = { .limit = TEXT_LIMIT };
    char *copy = NULL;

    if (id && *id && !strpbrk(id, "/?#\\."))
        buf_putf(&address, "%s/%s/pending?api-version=%s", step->call.path, id,
            step->call.api_version);
    if (address.size > 0 && !address.failed)
        copy = mem_copy_text(buf_text(&address));
    buf_done(&address);
    json_decref(body);
    return copy;
}

/* Azure-AsyncOperation goes before Location; without either the resource's
 * own provisioning state tells. */
void operation_start(struct kv_plan *plan, const struct remedy_answer *answer)
{
    struct run *run = &plan->run;

    run->has_status = has(answer->async_operation);
    run->waited_ms = 0;
    if (run->has_status)
        run->operation = mem_copy_text(answer->async_operation);
    else if (has(answer->location))
        run->operation = mem_copy_text(answer->location);
    else
        run->operation = job_address(run_step(plan), answer);
    run->has_status |= run->operation && !has(answer->location);
    target_set(plan, run_target(plan), KV_TARGET_OPERATION,
        "Azure accepted the change and works on it");
    poll_later(plan, answer);
}
