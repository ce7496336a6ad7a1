/* Requests within a request: what Resource Manager's and Graph's batches have
 * in common. */
#include "part.h"

#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "route.h"

static void part_ask(struct call *part, const char *name, const char *value)
{
    part->asked =
        alloc_grow(part->asked, part->asked_count + 1, sizeof *part->asked);
    part->asked[part->asked_count++] =
        (struct header){ alloc_text(name), alloc_text(value) };
}

static void part_open(struct call *part, const struct call *call,
    const struct part_request *request)
{
    char *body = request->body ? json_dumps(request->body, JSON_COMPACT) : NULL;
    const char *host = call_asked(call, "Host");
    const char *name;
    json_t *value;

    *part = (struct call){
        .cloud = call->cloud,
        .method = alloc_text(request->method),
        .target = alloc_text(request->target),
        .authorization = alloc_text(call->authorization),
    };
    part_ask(part, "Host", host ? host : "");
    json_object_foreach(request->headers, name, value)
    {
        if (json_is_string(value))
            part_ask(part, name, json_string_value(value));
    }
    if (body)
        buffer_puts(&part->body, body);
    free(body);
}

/* The batch stands between the caller and the service: a connection
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

json_t *part_headers(const struct call *part)
{
    json_t *headers = json_object();

    for (size_t i = 0; i < part->header_count; i++)
        json_object_set_new(headers, part->headers[i].name,
            json_string(part->headers[i].value));
    return headers;
}

json_t *part_content(const struct call *part)
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

void part_run(
    struct call *part, struct call *call, const struct part_request *request)
{
    part_open(part, call, request);
    route_prepare(part);
    route_carry_out(part);
    part_lose(part);
    part_delay(call, part);
    route_log(part, "+");
}
