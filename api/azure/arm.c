/* Azure Resource Manager, call by call. */
#include "arm_inside.h"

struct arm *arm_new(struct http *http, struct auth *auth)
{
    struct arm *arm = mem_alloc(sizeof *arm);

    arm->http = http;
    arm->auth = auth;
    arm->batches = true;
    return arm;
}

const char *arm_origin(const struct arm *arm, enum auth_audience service)
{
    const struct auth_cloud *cloud = auth_cloud(arm->auth);

    switch (service) {
    case AUTH_GRAPH:
        return cloud->graph;
    case AUTH_LOGS:
        return cloud->logs;
    case AUTH_ARM:
    case AUTH_VAULT:
    case AUTH_HSM:
        return cloud->arm;
    }
    return cloud->arm;
}

void arm_call_end(struct arm_call *call, const struct http_answer *answer)
{
    void (*done)(void *, const struct http_answer *) = call->done;
    void *context = call->context;

    *call->link = call->next;
    if (call->next)
        call->next->link = call->link;
    call->arm->count--;
    mem_free(call->path);
    mem_free(call->body);
    mem_free(call);
    done(context, answer);
}

static void call_end_failed(struct arm_call *call)
{
    struct http_answer answer = http_no_answer(&call->error);

    arm_call_end(call, &answer);
}

void arm_free(struct arm *arm)
{
    if (!arm)
        return;
    /* Newest first, so that a batch, which is younger than the calls in it,
     * ends them itself. */
    while (arm->calls) {
        kv_error_set(&arm->calls->error, KV_CANCELLED, "the session ended");
        call_end_failed(arm->calls);
    }
    arm_drop_answered(arm);
    mem_free(arm);
}

static void call_fail(struct arm_call *call, const struct kv_error *err)
{
    call->failed = true;
    call->error = *err;
    call->arm->failed++;
}

static void call_ask_token(
    struct arm_call *call, bool force, const char *claims);

/* One new try, with a token that proves what the answer asks for. */
static void call_ask_again(
    struct arm_call *call, const struct http_answer *answer)
{
    struct buf claims = { .limit = 8192 };
    bool more = auth_challenge_claims(&claims, answer->www_authenticate);

    call->refreshed = true;
    call_ask_token(call, true, more ? buf_text(&claims) : NULL);
    buf_done(&claims);
}

static void call_answered(void *context, const struct http_answer *answer)
{
    struct arm_call *call = context;

    if (answer->status == KV_OK && answer->code == 401 && !call->refreshed)
        call_ask_again(call, answer);
    else
        arm_call_end(call, answer);
}

static enum http_quota quota_of(enum auth_audience service)
{
    static const enum http_quota quotas[AUTH_AUDIENCE_COUNT] = {
        [AUTH_ARM] = HTTP_QUOTA_ARM,
        [AUTH_VAULT] = HTTP_QUOTA_VAULT,
        [AUTH_LOGS] = HTTP_QUOTA_LOGS,
    };

    return quotas[service];
}

static void call_start(
    struct arm_call *call, const char *url, struct http_token *token)
{
    http_start(call->arm->http,
        &(struct http_request){
            .method = call->method,
            .url = url,
            .token = token,
            .content_type = call->body ? "application/json" : NULL,
            .body = { call->body, call->body_bytes },
            .quota = quota_of(call->service),
            .parts = call->parts,
            .part_count = call->part_count,
            .interactive = call->interactive,
            .repeatable = call->repeatable,
            .once = call->once,
            .done = call_answered,
            .context = call,
        });
}

/* What is left of an address that is too long is another address. */
static void call_send(struct arm_call *call, struct http_token *token)
{
    struct buf url = { .limit = 16384 };
    struct kv_error err = { 0 };

    if (call->path[0] == '/')
        buf_puts(&url, arm_origin(call->arm, call->service));
    buf_puts(&url, call->path);
    if (url.failed) {
        (void)kv_error_set(&err, KV_TOO_LARGE,
            "an address of more than %zu bytes was not asked: %.64s...",
            url.limit, call->path);
        call_fail(call, &err);
    } else {
        call_start(call, buf_text(&url), token);
    }
    buf_done(&url);
}

static void call_take_token(
    void *context, struct http_token *token, const struct kv_error *err)
{
    struct arm_call *call = context;

    if (token)
        call_send(call, token);
    else
        call_fail(call, err);
}

static void call_ask_token(
    struct arm_call *call, bool force, const char *claims)
{
    auth_token(call->arm->auth, &(struct auth_token_request){
                                    .audience = call->service,
                                    .force = force,
                                    .claims = claims,
                                    .done = call_take_token,
                                    .context = call,
                                });
}

void arm_call_send(struct arm_call *call)
{
    call_ask_token(call, false, NULL);
}

void arm_send(struct arm *arm, const struct arm_request *request)
{
    struct arm_call *call = mem_alloc(sizeof *call);

    call->arm = arm;
    call->method = request->method;
    call->service = request->service;
    call->path = mem_copy_text(request->path);
    call->body = request->body.data ? mem_copy_view(request->body) : NULL;
    call->body_bytes = request->body.size;
    call->part_count = request->part_count;
    for (size_t i = 0; i < request->part_count; i++)
        call->parts[i] = request->parts[i];
    call->interactive = request->interactive;
    call->repeatable = request->repeatable;
    call->once = request->once;
    call->done = request->done;
    call->context = request->context;
    call->next = arm->calls;
    call->link = &arm->calls;
    if (call->next)
        call->next->link = &call->next;
    arm->calls = call;
    arm->count++;
    if (request->batch && arm->batches)
        arm_gather(call);
    else
        arm_call_send(call);
}

static struct arm_call *first_failed(struct arm *arm)
{
    for (struct arm_call *call = arm->calls; call; call = call->next)
        if (call->failed)
            return call;
    return NULL;
}

void arm_step(struct arm *arm, int64_t deadline_ms)
{
    arm_take_answered(arm, deadline_ms);
    while (arm->failed > 0) {
        struct arm_call *call = first_failed(arm);

        arm->failed--;
        if (call)
            call_end_failed(call);
    }
}

bool arm_has_work(const struct arm *arm)
{
    return arm->answered != NULL;
}

bool arm_busy(const struct arm *arm)
{
    return arm->count > 0;
}
