/* ARM's batch call: up to 20 GETs in one request. The portal uses it, and no
 * documentation promises it, so whatever is odd about an answer sends its
 * calls singly, and a refusal ends the use of batches for the session. */
#include "arm_inside.h"
#include "fields.h"
#include "outline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often a throttled call travels with others again. The buckets keep such
 * a batch back until there is room for all of it. */
#define TRAVELS_MOST 4

/* Fewer requests under way than this bring no company worth waiting for. */
#define COMPANY_AWAITED 6u

struct batch {
    struct arm *arm;
    struct arm_call *calls[ARM_BATCH_CALLS]; /* NULL once it has its answer */
    size_t count;
    /* Its answer, and those of the responses that nobody took yet: together
     * they may be as long as 20 long lists, so they are taken one by one. */
    char *answer;
    struct view rest;
    struct batch *next;
};

static json_t *batch_request(const struct arm_call *call, size_t number)
{
    char name[24];

    snprintf(name, sizeof name, "%zu", number);
    return json_pack("{s:s, s:s, s:s}", "httpMethod", "GET", "name", name,
        "relativeUrl", call->path);
}

static char *batch_body(const struct batch *batch)
{
    json_t *requests = json_array();
    json_t *body = json_pack("{s:o}", "requests", requests);
    char *text;

    for (size_t i = 0; i < batch->count; i++)
        json_array_append_new(requests, batch_request(batch->calls[i], i));
    text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

/* The place of the call that a response is for; `count` when it does not say,
 * or names one that was answered already. */
static size_t batch_place(const struct batch *batch, const json_t *response)
{
    const char *name = json_string_value(json_object_get(response, "name"));
    char *end = NULL;
    unsigned long place = name ? strtoul(name, &end, 10) : batch->count;

    if (!name || end == name || *end || place >= batch->count ||
        !batch->calls[place])
        return batch->count;
    return (size_t)place;
}

/* A header field of one response; "" when absent. */
static const char *part_field(const json_t *response, const char *name)
{
    json_t *fields = json_object_get(response, "headers");
    const char *at;
    json_t *value;

    json_object_foreach(fields, at, value)
    {
        if (text_equal_nocase(at, name) && json_is_string(value))
            return json_string_value(value);
    }
    return "";
}

static void batch_heed(const struct batch *batch, const struct arm_call *call,
    const json_t *response, const struct http_answer *answer)
{
    http_take_part(batch->arm->http,
        &(struct http_part){
            .origin = arm_origin(batch->arm, AUTH_ARM),
            .path = call->path,
            .code = answer->code,
            .bytes = answer->body.size,
            .left = part_field(
                response, "x-ms-ratelimit-remaining-subscription-reads"),
            .retry_after = part_field(response, "Retry-After"),
        });
}

static bool is_worth_again(long code)
{
    return code == 401 || code == 408 || code == 429 || code >= 500;
}

/* Ends one call with its part of the answer; what the transport would try
 * again is left to go singly. */
static void batch_take_response(
    struct batch *batch, const json_t *response, struct view content)
{
    size_t place = batch_place(batch, response);
    long code = (long)field_number(response, "httpStatusCode", 100, 599);
    struct http_answer answer = {
        .status = KV_OK,
        .code = code,
        .body = content,
        .content_type = "application/json",
        .location = "",
        .async_operation = "",
        .request_id = "",
        .www_authenticate = "",
        .retry_after_s = -1,
    };
    struct arm_call *call;

    if (place == batch->count || code == 0)
        return;
    call = batch->calls[place];
    batch_heed(batch, call, response, &answer);
    call->throttled = code == 429;
    if (!is_worth_again(code)) {
        batch->calls[place] = NULL;
        arm_call_end(call, &answer);
    }
}

/* The content of a response may be a list of hundreds, which is not parsed
 * here: what is around it says whose it is. */
static void batch_take_item(struct batch *batch, struct view item)
{
    struct outline outline;
    struct buf around = { .limit = SIZE_MAX };
    json_t *response;

    if (outline_member(&outline, item, "content")) {
        buf_put(&around, outline.before);
        buf_puts(&around, "null");
        buf_put(&around, outline.after);
    } else {
        outline.value = view_of("");
        buf_put(&around, item);
    }
    response = json_loadb(buf_text(&around), around.size, JSON_ALLOW_NUL, NULL);
    batch_take_response(batch, response, outline.value);
    json_decref(response);
    buf_done(&around);
}

static bool is_refusal(const struct http_answer *answer)
{
    return answer->code >= 400 && answer->code < 500 && answer->code != 401 &&
           answer->code != 408 && answer->code != 429;
}

/* A call that has no answer yet. */
static void batch_send_again(struct arm_call *call)
{
    bool together =
        call->throttled && call->arm->batches && ++call->travels < TRAVELS_MOST;

    call->throttled = false;
    if (together)
        arm_gather(call);
    else
        arm_call_send(call);
}

/* What the answer said nothing of goes again. */
static void batch_end(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->calls[i])
            batch_send_again(batch->calls[i]);
    mem_free(batch->answer);
    mem_free(batch);
}

/* Without a list of responses all of it is as if nothing had been said. */
static void batch_keep_answer(struct batch *batch, struct view text)
{
    struct arm *arm = batch->arm;
    struct outline outline;

    batch->answer = mem_copy_view(text);
    if (outline_list(
            &outline, (struct view){ batch->answer, text.size }, "responses"))
        batch->rest = outline.value;
    if (arm->last_answered)
        arm->last_answered->next = batch;
    else
        arm->answered = batch;
    arm->last_answered = batch;
}

/* Takes the next response; false after the last. */
static bool batch_take_next(struct batch *batch)
{
    if (batch->rest.size == 0 || *batch->rest.data == ']')
        return false;
    batch_take_item(batch, outline_take(&batch->rest));
    return true;
}

void arm_take_answered(struct arm *arm, int64_t deadline_ms)
{
    while (arm->answered && clock_steady_ms() < deadline_ms) {
        struct batch *batch = arm->answered;

        if (batch_take_next(batch))
            continue;
        arm->answered = batch->next;
        if (!arm->answered)
            arm->last_answered = NULL;
        batch_end(batch);
    }
}

void arm_drop_answered(struct arm *arm)
{
    while (arm->answered) {
        struct batch *batch = arm->answered;

        arm->answered = batch->next;
        mem_free(batch->answer);
        mem_free(batch);
    }
}

static void batch_answered(void *context, const struct http_answer *answer)
{
    struct batch *batch = context;

    if (answer->status == KV_OK && answer->code == 200) {
        batch_keep_answer(batch, answer->body);
        return;
    }
    if (answer->status == KV_OK && is_refusal(answer))
        batch->arm->batches = false;
    for (size_t i = 0; answer->status != KV_OK && i < batch->count; i++) {
        arm_call_end(batch->calls[i], answer);
        batch->calls[i] = NULL;
    }
    batch_end(batch);
}

static void batch_send(struct batch *batch)
{
    char *body = batch_body(batch);
    const char *parts[ARM_BATCH_CALLS];

    for (size_t i = 0; i < batch->count; i++)
        parts[i] = batch->calls[i]->path;
    arm_send(batch->arm, &(struct arm_request){
                             .method = HTTP_POST,
                             .path = "/batch?api-version=2020-06-01",
                             .body = view_of(body),
                             .repeatable = true,
                             .parts = parts,
                             .part_count = batch->count,
                             .done = batch_answered,
                             .context = batch,
                         });
    free(body);
}

static void send_gathered(struct arm *arm)
{
    size_t count = arm->gathered_count;
    struct batch *batch;

    arm->gathered_count = 0;
    if (count == 1) {
        arm_call_send(arm->gathered[0]);
        return;
    }
    if (count == 0)
        return;
    batch = mem_alloc(sizeof *batch);
    batch->arm = arm;
    batch->count = count;
    memcpy(batch->calls, arm->gathered, count * sizeof *batch->calls);
    batch_send(batch);
}

void arm_gather(struct arm_call *call)
{
    struct arm *arm = call->arm;

    arm->gathered[arm->gathered_count++] = call;
    if (arm->gathered_count == ARM_BATCH_CALLS)
        send_gathered(arm);
}

/* While much is under way more calls will come of its answers, and the
 * connections are busy in any case. */
void arm_flush(struct arm *arm)
{
    if (http_in_flight(arm->http) < COMPANY_AWAITED)
        send_gathered(arm);
}
