/* ARM's batch answers, one a line: each call in it is answered once and not
 * twice, whatever the batch says. The first byte of a line picks its status.
 * Stands in for the transport and the sign-in. */
#include "fuzz.h"

#include "arm.h"

#define CALLS 5
#define PENDING (2 * CALLS)

static const long codes[] = { 200, 400, 401, 404, 429, 500, 0 };
static const struct auth_cloud cloud = { .arm = "https://arm.contoso.example",
    .graph = "https://graph.contoso.example",
    .logs = "https://logs.contoso.example" };

/* What waits for an answer, oldest first. */
struct http {
    struct pending {
        void (*done)(void *context, const struct http_answer *answer);
        void *context;
    } pending[PENDING];
    size_t count;
};

struct told {
    unsigned times;
};

uint64_t http_start(struct http *http, const struct http_request *request)
{
    fuzz_check(http->count < PENDING);
    fuzz_check(http_same_origin(request->url, cloud.arm));
    http->pending[http->count++] =
        (struct pending){ request->done, request->context };
    return 1;
}

uint32_t http_in_flight(const struct http *http)
{
    (void)http;
    return 0;
}

void http_take_part(struct http *http, const struct http_part *part)
{
    fuzz_check(http && part->path && part->left && part->retry_after);
}

const struct auth_cloud *auth_cloud(const struct auth *auth)
{
    (void)auth;
    return &cloud;
}

void auth_token(struct auth *auth, const struct auth_token_request *request)
{
    struct http_token *token = http_token_new(view_of("t"), cloud.arm);

    (void)auth;
    request->done(request->context, token, NULL);
    http_token_drop(token);
}

static void told(void *context, const struct http_answer *answer)
{
    struct told *call = context;

    call->times++;
    fuzz_check(answer->status == KV_OK || answer->error.text[0]);
    fuzz_check(answer->location && answer->request_id);
}

static void answer_one(struct http *http, struct view line)
{
    struct pending first = http->pending[0];
    struct http_answer answer = { .content_type = "",
        .location = "",
        .async_operation = "",
        .request_id = "",
        .www_authenticate = "",
        .retry_after_s = -1 };

    memmove(http->pending, http->pending + 1,
        --http->count * sizeof *http->pending);
    answer.code = codes[fuzz_take_byte(&line) % LENGTH(codes)];
    answer.body = line;
    if (answer.code == 0)
        answer.status =
            kv_error_set(&answer.error, KV_NETWORK, "No answer came.");
    first.done(first.context, &answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view rest = fuzz_view(data, size);
    struct http http = { 0 };
    struct told calls[CALLS] = { 0 };
    struct arm *arm = arm_new(&http, NULL);

    for (size_t i = 0; i < CALLS; i++)
        arm_send(arm, &(struct arm_request){ .path = "/subscriptions/s/x",
                          .batch = true,
                          .done = told,
                          .context = &calls[i] });
    arm_flush(arm);
    while (http.count > 0 && rest.size > 0) {
        answer_one(&http, view_cut(&rest, '\n'));
        arm_step(arm, INT64_MAX);
        arm_flush(arm);
    }
    while (http.count > 0) {
        answer_one(&http, view_of(""));
        arm_step(arm, INT64_MAX);
        arm_flush(arm);
    }
    arm_step(arm, INT64_MAX);
    for (size_t i = 0; i < CALLS; i++)
        fuzz_check(calls[i].times == 1);
    fuzz_check(!arm_busy(arm));
    arm_free(arm);
    return 0;
}
