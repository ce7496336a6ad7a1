/* The door of the sign-in: its life, its tokens and whoever waits for one. */
#include "auth_inside.h"

#include "cloud.h"

#include <unistd.h>

void auth_tell(struct auth *auth, enum kv_sign_in_state state)
{
    auth->shown.sign_in.state = state;
    if (auth->changed)
        auth->changed(auth->context);
}

void auth_tell_waiters_why(struct auth *auth, enum kv_status status)
{
    struct kv_error err = { 0 };

    kv_error_set(&err, status, "%s", auth->shown.sign_in.text);
    for (int i = 0; i < AUTH_AUDIENCE_COUNT; i++)
        ticket_tell_all(&auth->tickets[i], &err);
}

void auth_forget(struct auth *auth)
{
    for (int i = 0; i < AUTH_AUDIENCE_COUNT; i++)
        ticket_forget(&auth->tickets[i]);
    mem_free(auth->wanted_claims);
    auth->wanted_claims = NULL;
    auth->holder = NULL;
}

#define REPEATS_MAX 3u

bool auth_may_repeat(struct auth *auth, enum kv_status status)
{
    if (status != KV_PROTOCOL && status != KV_TOO_LARGE)
        return false;
    return auth->garbled++ < REPEATS_MAX;
}

/* ---- life ---- */

struct auth *auth_new(const struct auth_options *options)
{
    struct auth *auth = mem_alloc(sizeof *auth);

    auth->http = options->http;
    auth->arm = mem_copy_text(options->arm_endpoint);
    auth->tenant = mem_copy_text(options->tenant);
    auth->way_name = mem_copy_text(options->way);
    auth->no_device_code = options->no_device_code;
    auth->backoff_ms = options->backoff_ms;
    auth->environment = options->environment ? options->environment : environ;
    auth->changed = options->changed;
    auth->context = options->context;
    auth->tried.limit = TRIED_LIMIT;
    discovery_prepare(auth);
    chain_open(auth);
    shown_init(&auth->shown, auth->tenant);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (!auth)
        return;
    auth->changed = NULL;
    discovery_stop(auth);
    chain_stop(auth);
    auth_tell_waiters_why(auth, KV_CANCELLED);
    chain_close(auth);
    auth_forget(auth);
    for (int i = 0; i < AUTH_AUDIENCE_COUNT; i++)
        ticket_done(&auth->tickets[i]);
    for (int i = 0; i < WAY_COUNT; i++)
        told_done(&auth->told[i]);
    cloud_done(&auth->cloud);
    shown_done(&auth->shown);
    buf_done(&auth->tried);
    mem_free(auth->claims);
    mem_free(auth->arm);
    mem_free(auth->tenant);
    mem_free(auth->way_name);
    mem_free(auth);
}

void auth_start(struct auth *auth)
{
    discovery_stop(auth);
    chain_stop(auth);
    auth_forget(auth);
    auth->wants_device = false;
    discovery_start(auth);
}

/* More proof is added to the sign-in that there is; without such a wish
 * somebody signs in instead of whoever is signed in. */
void auth_device_code(struct auth *auth)
{
    if (!chain_may_use_device(auth) ||
        auth->shown.sign_in.state == KV_SIGN_IN_DEVICE || auth->wants_device)
        return;
    discovery_stop(auth);
    chain_stop(auth);
    if (!auth->wanted_claims)
        auth_forget(auth);
    way_device_forget(auth->ways[WAY_DEVICE]);
    auth->wants_device = true;
    discovery_start(auth);
}

const struct kv_sign_in *auth_sign_in(const struct auth *auth)
{
    return &auth->shown.sign_in;
}

const struct auth_cloud *auth_cloud(const struct auth *auth)
{
    return &auth->cloud;
}

uint32_t auth_way_count(const struct auth *auth)
{
    (void)auth;
    return WAY_COUNT;
}

struct kv_way auth_way(const struct auth *auth, uint32_t index)
{
    const struct told *told = &auth->told[index];

    return (struct kv_way){
        .name = auth->ways[index]->ops->name,
        .state = told->state,
        .why = told->why ? told->why : "",
    };
}

int64_t auth_expires_at_s(const struct auth *auth)
{
    return auth->tickets[AUTH_ARM].expires_at_s;
}

/* ---- tokens ---- */

/* What is there already: a token, or the reason why there is none. */
static bool answer_at_once(struct ticket *ticket,
    const struct auth_token_request *request, const char *origin)
{
    int64_t now_s = clock_now_s();
    struct http_token *token;

    if (request->force || request->claims)
        return false;
    if (ticket_is_fresh(ticket, now_s)) {
        token = http_token_hold(ticket_bind(ticket, origin));
        request->done(request->context, token, NULL);
        http_token_drop(token);
        return true;
    }
    if (ticket_is_refused(ticket, now_s))
        request->done(request->context, NULL, &ticket->refusal);
    return ticket_is_refused(ticket, now_s);
}

static void wait_for_token(struct auth *auth, struct ticket *ticket,
    const struct auth_token_request *request, const char *origin)
{
    bool asked = auth->asking && ticket == &auth->tickets[auth->asked];

    /* An ask that proves something does for everybody, one that proves nothing
     * does not for who wants proof. */
    ticket_wait(ticket, request, origin, asked && !request->claims);
    if (auth->asking || auth->discovery)
        return;
    if (auth->holder)
        renewal_next(auth);
    else
        auth_tell_waiters_why(auth, KV_SIGN_IN);
}

void auth_token(struct auth *auth, const struct auth_token_request *request)
{
    struct ticket *ticket = &auth->tickets[request->audience];
    struct buf origin = { .limit = 1024 };
    struct kv_error err = { 0 };

    if (cloud_bind(&origin, &auth->cloud, request->audience, request->origin,
            &err) != KV_OK)
        request->done(request->context, NULL, &err);
    else if (!answer_at_once(ticket, request, buf_text(&origin)))
        wait_for_token(auth, ticket, request, buf_text(&origin));
    buf_done(&origin);
}

/* ---- the loop ---- */

int auth_fd(const struct auth *auth)
{
    if (!auth->asking || !auth->way->ops->fd)
        return -1;
    return auth->way->ops->fd(auth->way);
}

int64_t auth_due_ms(const struct auth *auth)
{
    int64_t now_ms = clock_steady_ms();
    int64_t due_ms;

    if (!auth->asking || !auth->way->ops->due_ms)
        return -1;
    due_ms = auth->way->ops->due_ms(auth->way);
    if (due_ms == INT64_MAX)
        return -1;
    return due_ms > now_ms ? due_ms - now_ms : 0;
}

void auth_step(struct auth *auth)
{
    if (auth->asking && auth->way->ops->step)
        auth->way->ops->step(auth->way);
}

bool auth_busy(const struct auth *auth)
{
    return auth->asking || auth->discovery != 0;
}
