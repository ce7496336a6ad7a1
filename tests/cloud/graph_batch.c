/* Microsoft Graph's $batch: at most twenty steps, each with an id of its own,
 * which may wait for others and fails when one of these did. */
#include <stdlib.h>
#include <string.h>

#include "cloud.h"
#include "handlers.h"
#include "part.h"

#define STEP_LIMIT 20

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static bool refuse(struct call *call, const char *message)
{
    answer_error(call, 400, "BadRequest", "%s", message);
    return false;
}

static bool step_check(struct call *call, json_t *step, json_t *seen)
{
    const char *id = member_text(step, "id");
    const char *url = member_text(step, "url");
    size_t index;
    json_t *other;

    if (!*id || !*member_text(step, "method") || url[0] != '/' ||
        text_starts(url, "/$batch"))
        return refuse(call, "A batch request needs an id, a method and a url.");
    if (json_object_get(seen, id))
        return refuse(call, "A batch request's id occurs twice.");
    json_array_foreach(json_object_get(step, "dependsOn"), index, other)
    {
        if (!json_object_get(seen, json_string_value(other)))
            return refuse(call,
                "A batch request depends on one that does not come before it.");
    }
    json_object_set_new(seen, id, json_true());
    return true;
}

static bool batch_check(struct call *call, json_t *steps)
{
    json_t *seen;
    size_t index;
    json_t *step;
    bool good = true;

    if (json_array_size(steps) == 0)
        return refuse(call, "The batch holds no requests.");
    if (json_array_size(steps) > STEP_LIMIT)
        return refuse(call, "Number of batch request steps exceeds the "
                            "maximum value of 20.");
    seen = json_object();
    json_array_foreach(steps, index, step)
    {
        good = good && step_check(call, step, seen);
    }
    json_decref(seen);
    return good;
}

/* Whether what the step waits for went well; done holds statuses by id. */
static bool step_ready(json_t *step, json_t *done)
{
    size_t index;
    json_t *other;

    json_array_foreach(json_object_get(step, "dependsOn"), index, other)
    {
        json_int_t status =
            json_integer_value(json_object_get(done, json_string_value(other)));

        if (status < 200 || status > 299)
            return false;
    }
    return true;
}

static json_t *step_skip(const char *id)
{
    return json_pack("{s:s, s:i, s:{s:{s:s, s:s}}}", "id", id, "status", 424,
        "body", "error", "code", "FailedDependency", "message",
        "A request that this one depends on has failed.");
}

static json_t *step_run(struct call *call, json_t *step)
{
    char *target = alloc_format("/v1.0%s", member_text(step, "url"));
    struct call part;
    json_t *answer;
    json_t *body;

    part_run(&part, call,
        &(struct part_request){
            .method = member_text(step, "method"),
            .target = target,
            .headers = json_object_get(step, "headers"),
            .body = json_object_get(step, "body"),
        });
    body = part_content(&part);
    answer = json_pack("{s:s, s:i, s:o, s:o*}", "id", member_text(step, "id"),
        "status", (int)part.status, "headers", part_headers(&part), "body",
        body);
    call_done(&part);
    free(target);
    return answer;
}

void directory_batch(struct call *call)
{
    json_t *request = call_json(call);
    json_t *steps = json_object_get(request, "requests");
    json_t *done = json_object();
    json_t *answers = json_array();
    size_t index;
    json_t *step;

    if (request && batch_check(call, steps)) {
        json_array_foreach(steps, index, step)
        {
            const char *id = member_text(step, "id");
            json_t *answer =
                step_ready(step, done) ? step_run(call, step) : step_skip(id);

            json_object_set(done, id, json_object_get(answer, "status"));
            json_array_append_new(answers, answer);
        }
        answer_json(call, 200, json_pack("{s:O}", "responses", answers));
    }
    json_decref(answers);
    json_decref(done);
    json_decref(request);
}
