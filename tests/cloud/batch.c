/* POST /batch: several requests in one, carried out in turn in the caller's
 * name. What the portal uses; the answer tells each request's status. */
#include <stdlib.h>
#include <string.h>

#include "cloud.h"
#include "handlers.h"
#include "part.h"

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

static json_t *part_answer(struct call *call, json_t *json)
{
    const char *name = member_text(json, "name");
    json_t *answer = json_object();
    struct call part;

    part_run(&part, call,
        &(struct part_request){
            .method = member_text(json, "httpMethod"),
            .target = member_text(json, "relativeUrl"),
            .body = json_object_get(json, "content"),
        });
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
