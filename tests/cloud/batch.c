/* POST /batch: several requests in one, carried out in turn in the caller's
 * name. What the portal uses; the answer tells each request's status. */
#include <stdlib.h>
#include <string.h>

#include "cloud.h"
#include "faults.h"
#include "handlers.h"
#include "route.h"

#define BATCH_LIMIT 20

static const char *member_text(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* A part goes to Resource Manager alone and does not hold a batch itself. */
static bool part_good(json_t *part)
{
    const char *url = member_text(part, "relativeUrl");

    return member_text(part, "httpMethod") && url && url[0] == '/' &&
           url[1] != '/' && !text_starts(url, "/batch") &&
           !text_starts(url, "/_cloud/");
}

static void part_open(struct call *part, const struct call *call, json_t *json)
{
    json_t *content = json_object_get(json, "content");
    char *body = content ? json_dumps(content, JSON_COMPACT) : NULL;
    const char *host = call_asked(call, "Host");

    *part = (struct call){
        .cloud = call->cloud,
        .method = alloc_text(member_text(json, "httpMethod")),
        .target = alloc_text(member_text(json, "relativeUrl")),
        .authorization = alloc_text(call->authorization),
        .asked = alloc_zero(1, sizeof *part->asked),
        .asked_count = 1,
    };
    part->asked[0] =
        (struct header){ alloc_text("Host"), alloc_text(host ? host : "") };
    if (body)
        buffer_puts(&part->body, body);
    free(body);
}

/* Resource Manager stands between the caller and the service: a connection
 * that breaks there is no broken connection here. */
static void part_lose(struct call *part)
{
    const struct effect *effects = part->effects;

    if (effects[FAULT_RESET].on || effects[FAULT_TRUNCATE].on ||
        effects[FAULT_STALL].on || effects[FAULT_OVERSIZE].on)
        answer_error(part, 504, "GatewayTimeout",
            "The gateway did not receive a response from the service within "
            "the specified time period.");
}

static void part_delay(struct call *call, const struct call *part)
{
    struct effect *delay = &call->effects[FAULT_HOLD_ANSWER];
    double wait_s = part->effects[FAULT_HOLD].number +
                    part->effects[FAULT_HOLD_ANSWER].number;

    if (wait_s <= delay->number)
        return;
    delay->on = true;
    delay->number = wait_s;
}

static json_t *part_headers(const struct call *part)
{
    json_t *headers = json_object();

    for (size_t i = 0; i < part->header_count; i++)
        json_object_set_new(headers, part->headers[i].name,
            json_string(part->headers[i].value));
    return headers;
}

/* JSON as it is, anything else as one string. */
static json_t *part_content(const struct call *part)
{
    const struct buffer *answer = &part->answer;
    json_t *content;

    if (answer->length == 0)
        return NULL;
    content = part->effects[FAULT_WRONG_TYPE].on
                  ? NULL
                  : json_loadb(answer->data, answer->length, 0, NULL);
    return content ? content : json_stringn(answer->data, answer->length);
}

static json_t *part_answer(struct call *call, json_t *json)
{
    const char *name = member_text(json, "name");
    json_t *answer = json_object();
    struct call part;

    part_open(&part, call, json);
    route_prepare(&part);
    route_carry_out(&part);
    part_lose(&part);
    part_delay(call, &part);
    route_log(&part, "+");
    if (name)
        json_object_set_new(answer, "name", json_string(name));
    json_object_set_new(
        answer, "httpStatusCode", json_integer((json_int_t)part.status));
    json_object_set_new(answer, "headers", part_headers(&part));
    json_object_set_new(answer, "content", part_content(&part));
    call_done(&part);
    return answer;
}

static bool batch_check(struct call *call, json_t *requests)
{
    size_t index;
    json_t *part;

    if (json_array_size(requests) == 0 ||
        json_array_size(requests) > BATCH_LIMIT) {
        answer_error(call, 400, "InvalidBatchRequest",
            "The batch holds %zu requests; it must hold between 1 and %d.",
            json_array_size(requests), BATCH_LIMIT);
        return false;
    }
    json_array_foreach(requests, index, part)
    {
        if (part_good(part))
            continue;
        answer_error(call, 400, "InvalidBatchRequest",
            "The request at index %zu of the batch lacks an 'httpMethod' or a "
            "'relativeUrl' that can be sent in a batch.",
            index);
        return false;
    }
    return true;
}

void batch_post(struct call *call)
{
    json_t *body = call_json(call);
    json_t *requests = json_object_get(body, "requests");
    json_t *answers;
    size_t index;
    json_t *part;

    if (body && batch_check(call, requests)) {
        answers = json_array();
        json_array_foreach(requests, index, part)
        {
            json_array_append_new(answers, part_answer(call, part));
        }
        answer_json(call, 200, json_pack("{s:o}", "responses", answers));
    }
    json_decref(body);
}
