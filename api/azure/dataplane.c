/* Vaults and managed HSMs, host by host: the challenge, the token, the
 * request. */
#include "dataplane.h"

#include <string.h>

/* One request from dataplane_send() to its answer; in the list of its plane all
 * that time. */
struct plane_call {
    struct dataplane *plane;
    struct plane_call *next;
    struct plane_call **link;
    struct plane_host *host;
    enum auth_audience service;
    enum http_method method;
    char *url;
    char *body;
    size_t body_bytes;
    bool interactive;
    bool once;
    bool waiting;   /* for another call to prove the host */
    bool refreshed; /* a new token was already asked for */
    bool failed;    /* `error` waits for dataplane_step() */
    struct kv_error error;
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
};

/* What is known of one host for the length of the session. */
struct plane_host {
    struct plane_host *next;
    char *origin;
    bool probing; /* a request without a token is under way */
    bool proved;  /* its challenge was this cloud's */
};

struct dataplane {
    struct http *http;
    struct auth *auth;
    struct plane_call *calls;
    struct plane_host *hosts;
};

struct dataplane *dataplane_new(struct http *http, struct auth *auth)
{
    struct dataplane *plane = mem_alloc(sizeof *plane);

    plane->http = http;
    plane->auth = auth;
    return plane;
}

/* ---- the end of a call ---- */

static void call_end(struct plane_call *call, const struct http_answer *answer)
{
    void (*done)(void *, const struct http_answer *) = call->done;
    void *context = call->context;

    *call->link = call->next;
    if (call->next)
        call->next->link = call->link;
    mem_free(call->url);
    mem_free(call->body);
    mem_free(call);
    done(context, answer);
}

static void call_end_failed(struct plane_call *call)
{
    struct http_answer answer = http_no_answer(&call->error);

    call_end(call, &answer);
}

static void call_fail(struct plane_call *call, const struct kv_error *err)
{
    call->failed = true;
    call->waiting = false;
    call->error = *err;
}

void dataplane_free(struct dataplane *plane)
{
    if (!plane)
        return;
    while (plane->calls) {
        kv_error_set(&plane->calls->error, KV_CANCELLED, "the session ended");
        call_end_failed(plane->calls);
    }
    while (plane->hosts) {
        struct plane_host *host = plane->hosts;

        plane->hosts = host->next;
        mem_free(host->origin);
        mem_free(host);
    }
    mem_free(plane);
}

/* ---- with a token ---- */

static void call_answered(void *context, const struct http_answer *answer);

static void call_start(struct plane_call *call, struct http_token *token,
    void (*done)(void *context, const struct http_answer *answer))
{
    http_start(call->plane->http,
        &(struct http_request){
            .method = call->method,
            .url = call->url,
            .content_type = call->body ? "application/json" : NULL,
            .body = { call->body, call->body_bytes },
            .token = token,
            .quota = HTTP_QUOTA_VAULT,
            .interactive = call->interactive,
            .once = call->once,
            .done = done,
            .context = call,
        });
}

/* A request without a token, whatever is to follow: it changes nothing. */
static void call_start_bare(struct plane_call *call,
    void (*done)(void *context, const struct http_answer *answer))
{
    http_start(call->plane->http, &(struct http_request){
                                      .method = HTTP_GET,
                                      .url = call->url,
                                      .quota = HTTP_QUOTA_VAULT,
                                      .interactive = call->interactive,
                                      .done = done,
                                      .context = call,
                                  });
}

static void call_take_token(
    void *context, struct http_token *token, const struct kv_error *err)
{
    struct plane_call *call = context;

    if (token)
        call_start(call, token, call_answered);
    else
        call_fail(call, err);
}

static void call_ask_token(
    struct plane_call *call, bool force, const char *claims)
{
    auth_token(call->plane->auth, &(struct auth_token_request){
                                      .audience = call->service,
                                      .origin = call->host->origin,
                                      .force = force,
                                      .claims = claims,
                                      .done = call_take_token,
                                      .context = call,
                                  });
}

/* ---- the challenge ---- */

static bool is_guid(struct view text)
{
    return text.size == 36 && text.data[8] == '-' && text.data[13] == '-';
}

/* A vault trusts one tenant, and says which. */
static enum kv_status check_tenant(
    const struct plane_call *call, struct view tenant, struct kv_error *err)
{
    struct view ours = view_of(auth_sign_in(call->plane->auth)->tenant);

    if (!is_guid(ours) || !is_guid(tenant) || view_equal_nocase(ours, tenant))
        return KV_OK;
    return kv_error_set(err, KV_DENIED,
        "%s trusts tenant %.*s, not %.*s, which is signed in; it needs a "
        "sign-in there (--tenant)",
        call->host->origin, (int)tenant.size, tenant.data, (int)ours.size,
        ours.data);
}

static enum kv_status check_challenge(const struct plane_call *call,
    const struct http_answer *answer, struct kv_error *err)
{
    struct buf tenant = { .limit = 256 };
    enum kv_status status =
        auth_check_challenge(&tenant, auth_cloud(call->plane->auth),
            call->host->origin, answer->www_authenticate, err);

    if (status == KV_OK)
        status = check_tenant(call, buf_view(&tenant), err);
    buf_done(&tenant);
    return status;
}

/* A token that was refused: one new try, with the proof that the host asks for
 * or, when it asks for none, after its challenge was checked again. */
static void call_ask_again(
    struct plane_call *call, const struct http_answer *answer)
{
    struct buf claims = { .limit = 8192 };
    bool more = auth_challenge_claims(&claims, answer->www_authenticate);
    struct kv_error err;

    call->refreshed = true;
    if (more || check_challenge(call, answer, &err) == KV_OK)
        call_ask_token(call, true, more ? buf_text(&claims) : NULL);
    else
        call_fail(call, &err);
    buf_done(&claims);
}

static void call_answered(void *context, const struct http_answer *answer)
{
    struct plane_call *call = context;

    if (answer->status == KV_OK && answer->code == 401 && !call->refreshed)
        call_ask_again(call, answer);
    else
        call_end(call, answer);
}

/* ---- the first request to a host ---- */

static void host_probe(struct plane_call *call);

/* Those that waited for the host go on: with tokens, or the next one tries. */
static void host_go_on(struct dataplane *plane, struct plane_host *host)
{
    for (struct plane_call *call = plane->calls; call; call = call->next) {
        if (call->host != host || !call->waiting)
            continue;
        call->waiting = false;
        if (host->proved) {
            call_ask_token(call, false, NULL);
        } else {
            host_probe(call);
            return;
        }
    }
}

/* Whoever waited would be told the same. */
static void host_give_up(struct dataplane *plane, struct plane_host *host,
    const struct kv_error *err)
{
    for (struct plane_call *call = plane->calls; call; call = call->next)
        if (call->host == host && call->waiting)
            call_fail(call, err);
}

static void probe_challenged(
    struct plane_call *call, const struct http_answer *answer)
{
    struct kv_error err;

    if (check_challenge(call, answer, &err) != KV_OK) {
        call_fail(call, &err);
        host_give_up(call->plane, call->host, &err);
        return;
    }
    call->host->proved = true;
    call_ask_token(call, false, NULL);
    host_go_on(call->plane, call->host);
}

static void probe_answered(void *context, const struct http_answer *answer)
{
    struct plane_call *call = context;
    struct dataplane *plane = call->plane;
    struct plane_host *host = call->host;
    struct kv_error err;

    host->probing = false;
    if (answer->status == KV_OK && answer->code == 401) {
        probe_challenged(call, answer);
    } else if (answer->status == KV_OK && answer->code < 300) {
        kv_error_set(&err, KV_PROTOCOL,
            "%s answers without asking who it is; it is not believed",
            host->origin);
        call_fail(call, &err);
        host_go_on(plane, host);
    } else {
        if (answer->status != KV_OK)
            host_give_up(plane, host, &answer->error);
        call_end(call, answer);
        host_go_on(plane, host);
    }
}

static void host_probe(struct plane_call *call)
{
    call->host->probing = true;
    call_start_bare(call, probe_answered);
}

/* ---- sending ---- */

static struct plane_host *host_get(struct dataplane *plane, const char *origin)
{
    struct plane_host *host = plane->hosts;

    while (host && strcmp(host->origin, origin) != 0)
        host = host->next;
    if (host)
        return host;
    host = mem_alloc(sizeof *host);
    host->origin = mem_copy_text(origin);
    host->next = plane->hosts;
    plane->hosts = host;
    return host;
}

static struct plane_call *call_new(
    struct dataplane *plane, const struct dataplane_request *request)
{
    struct plane_call *call = mem_alloc(sizeof *call);

    call->plane = plane;
    call->service = request->service;
    call->method = request->method;
    call->url = mem_copy_text(request->url);
    call->body = request->body.size ? mem_copy_view(request->body) : NULL;
    call->body_bytes = request->body.size;
    call->interactive = request->interactive;
    call->once = request->once;
    call->done = request->done;
    call->context = request->context;
    call->next = plane->calls;
    call->link = &plane->calls;
    if (call->next)
        call->next->link = &call->next;
    plane->calls = call;
    return call;
}

void dataplane_send(
    struct dataplane *plane, const struct dataplane_request *request)
{
    struct plane_call *call = call_new(plane, request);
    struct buf origin = { .limit = 512 };
    struct kv_error err = { 0 };

    if (call->url[0] == '/') {
        kv_error_set(&err, KV_DENIED,
            "its address is not known; it needs Microsoft.KeyVault/vaults/read");
        call_fail(call, &err);
    } else if (http_origin(&origin, call->url, &err) != KV_OK ||
               auth_check_host(auth_cloud(plane->auth), call->service,
                   buf_text(&origin), &err) != KV_OK) {
        call_fail(call, &err);
    } else {
        call->host = host_get(plane, buf_text(&origin));
        if (call->host->proved)
            call_ask_token(call, false, NULL);
        else if (call->host->probing)
            call->waiting = true;
        else
            host_probe(call);
    }
    buf_done(&origin);
}

static struct plane_call *first_failed(struct dataplane *plane)
{
    for (struct plane_call *call = plane->calls; call; call = call->next)
        if (call->failed)
            return call;
    return NULL;
}

void dataplane_step(struct dataplane *plane)
{
    struct plane_call *call;

    while ((call = first_failed(plane)))
        call_end_failed(call);
}

bool dataplane_busy(const struct dataplane *plane)
{
    return plane->calls != NULL;
}
