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

/* ---- whoever waits ---- */

/* The list is taken first: a callback may ask again. */
void auth_tell_waiters(
    struct auth *auth, struct http_token *token, const struct kv_error *err)
{
    struct waiter *waiters = auth->waiters;
    size_t count = auth->waiter_count;

    auth->waiters = NULL;
    auth->waiter_count = 0;
    auth->waiter_capacity = 0;
    if (token)
        http_token_hold(token); /* a callback may make it the old one */
    for (size_t i = 0; i < count; i++)
        waiters[i].done(waiters[i].context, token, err);
    http_token_drop(token);
    mem_free(waiters);
}

void auth_tell_waiters_why(struct auth *auth, enum kv_status status)
{
    struct kv_error err = { 0 };

    kv_error_set(&err, status, "%s", auth->shown.sign_in.text);
    auth_tell_waiters(auth, NULL, &err);
}

/* ---- life ---- */

struct auth *auth_new(const struct auth_options *options)
{
    struct auth *auth = mem_alloc(sizeof *auth);

    auth->http = options->http;
    auth->arm = mem_copy_text(options->arm_endpoint);
    auth->tenant = mem_copy_text(options->tenant);
    auth->no_device_code = options->no_device_code;
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
    http_token_drop(auth->token);
    cloud_done(&auth->cloud);
    shown_done(&auth->shown);
    buf_done(&auth->tried);
    mem_free(auth->arm);
    mem_free(auth->tenant);
    mem_free(auth);
}

void auth_start(struct auth *auth)
{
    discovery_stop(auth);
    chain_stop(auth);
    auth->wants_device = false;
    discovery_start(auth);
}

void auth_device_code(struct auth *auth)
{
    if (auth->no_device_code ||
        auth->shown.sign_in.state == KV_SIGN_IN_DEVICE || auth->wants_device)
        return;
    discovery_stop(auth);
    chain_stop(auth);
    way_device_forget(auth->ways[DEVICE]);
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

/* ---- tokens ---- */

static void wait_for_token(
    struct auth *auth, auth_token_fn *done, void *context)
{
    auth->waiters = mem_grow(auth->waiters, auth->waiter_count,
        &auth->waiter_capacity, sizeof *auth->waiters);
    auth->waiters[auth->waiter_count++] =
        (struct waiter){ .done = done, .context = context };
}

void auth_token(
    struct auth *auth, bool force, auth_token_fn *done, void *context)
{
    bool signed_in = auth->shown.sign_in.state == KV_SIGN_IN_DONE;

    if (signed_in && !force && auth->token &&
        clock_now_s() < auth->renew_at_s) {
        done(context, auth->token, NULL);
        return;
    }
    wait_for_token(auth, done, context);
    if (auth->asking || auth->discovery)
        return; /* its answer is for this one too */
    if (signed_in)
        chain_ask_again(auth);
    else
        auth_tell_waiters_why(auth, KV_SIGN_IN);
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
