/* The chain: tries one way after the other and takes what one of them gave. */
#include "auth_inside.h"

#include <assert.h>
#include <string.h>

#define FRESH_S INT64_C(300) /* a token with less left is renewed first */

/* In the order in which they are tried; the last only when it is asked for. */
static const struct way_ops *const ways[WAY_COUNT] = {
    [SECRET] = &way_secret,
    [CLI] = &way_cli,
    [DEVICE] = &way_device,
};

/* ---- the end of a try ---- */

void chain_give_up(struct auth *auth, enum kv_sign_in_state state,
    enum kv_status status, const char *closing)
{
    struct buf text = { .limit = TRIED_LIMIT + 512 };

    buf_put(&text, buf_view(&auth->tried));
    if (auth->tried.size > 0 && *closing)
        buf_putc(&text, ' ');
    buf_puts(&text, closing);
    shown_set(&auth->shown.text, &auth->shown.sign_in.text, buf_text(&text));
    buf_done(&text);
    shown_clear_code(&auth->shown);
    auth_tell(auth, state);
    auth_tell_waiters_why(auth, status);
}

static void give_up_unsigned(struct auth *auth)
{
    if (auth->no_device_code)
        chain_give_up(auth, KV_SIGN_IN_FAILED, KV_SIGN_IN,
            "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or "
            "run 'az login'.");
    else
        chain_give_up(
            auth, KV_SIGN_IN_NEEDED, KV_SIGN_IN, "Sign in with a device code.");
}

/* "the sign-in failed: ..." becomes a sentence among others; the name of a
 * host that starts one stays as it is. */
void chain_put_tried(struct auth *auth, const char *text)
{
    struct view rest = view_of(text);
    bool word = text[strspn(text, "abcdefghijklmnopqrstuvwxyz-")] == ' ';

    if (rest.size == 0)
        return;
    if (auth->tried.size > 0)
        buf_putc(&auth->tried, ' ');
    if (word && *text >= 'a') {
        buf_putc(&auth->tried, (char)(*text - 'a' + 'A'));
        rest.data++;
        rest.size--;
    }
    buf_put(&auth->tried, rest);
    if (text[strlen(text) - 1] != '.')
        buf_putc(&auth->tried, '.');
}

void chain_clear_tried(struct auth *auth)
{
    buf_done(&auth->tried);
    auth->tried.limit = TRIED_LIMIT;
}

/* ---- trying ---- */

static void way_ask(struct auth *auth, struct way *way)
{
    auth->way = way;
    auth->asking = true;
    way->ops->ask(way);
}

static void try_from(struct auth *auth, size_t index)
{
    for (; index < DEVICE; index++) {
        struct way *way = auth->ways[index];
        struct buf missing = { .limit = 512 };
        bool applies = way->ops->applies(way, &missing);

        chain_put_tried(auth, buf_text(&missing));
        buf_done(&missing);
        if (applies) {
            way_ask(auth, way);
            return;
        }
    }
    auth->way = NULL;
    give_up_unsigned(auth);
}

static size_t index_of(const struct auth *auth, const struct way *way)
{
    size_t index = 0;

    while (auth->ways[index] != way)
        index++;
    return index;
}

/* It says nothing about the way: the same request may work in a minute. */
static bool is_passing(enum kv_status status)
{
    return status == KV_NETWORK || status == KV_THROTTLED ||
           status == KV_SERVICE;
}

static void way_failed(struct auth *auth, const struct kv_error *err)
{
    struct way *way = auth->way;
    bool signed_in = auth->shown.sign_in.state == KV_SIGN_IN_DONE;

    if (is_passing(err->status) && signed_in) {
        if (auth->token && clock_now_s() < auth->expires_at_s)
            auth_tell_waiters(auth, auth->token, NULL);
        else
            auth_tell_waiters(auth, NULL, err);
        return;
    }
    if (signed_in)
        chain_clear_tried(auth);
    http_token_drop(auth->token);
    auth->token = NULL;
    chain_put_tried(auth, err->text);
    if (is_passing(err->status))
        chain_give_up(auth, KV_SIGN_IN_FAILED, err->status, "");
    else if (signed_in || way->ops->exclusive || way == auth->ways[DEVICE])
        give_up_unsigned(auth);
    else
        try_from(auth, index_of(auth, way) + 1);
}

static void way_succeeded(struct auth *auth, struct grant *grant)
{
    int64_t now_s = clock_now_s();
    int64_t lifetime_s = grant->expires_at_s - now_s;
    int64_t margin_s = lifetime_s < 2 * FRESH_S ? lifetime_s / 2 : FRESH_S;

    http_token_drop(auth->token);
    auth->token = http_token_new(hidden_view(&grant->access), auth->cloud.arm);
    auth->expires_at_s = grant->expires_at_s;
    auth->renew_at_s = grant->expires_at_s - margin_s;
    shown_set_who(&auth->shown, auth->way->ops->name, grant,
        auth->tenant ? auth->tenant : way_getenv(auth->way, "AZURE_TENANT_ID"));
    chain_clear_tried(auth);
    auth_tell(auth, KV_SIGN_IN_DONE);
    auth_tell_waiters(auth, auth->token, NULL);
}

static void way_done(
    void *context, struct grant *grant, const struct kv_error *err)
{
    struct auth *auth = context;

    assert(auth->asking);
    auth->asking = false;
    if (grant)
        way_succeeded(auth, grant);
    else
        way_failed(auth, err);
}

/* Only the device code has something to show on the way. */
static void way_changed(void *context)
{
    struct auth *auth = context;

    shown_set_code(&auth->shown, way_device_code(auth->ways[DEVICE]));
    auth_tell(auth, KV_SIGN_IN_DEVICE);
}

/* ---- for the others ---- */

void chain_begin(struct auth *auth)
{
    bool device = auth->wants_device;

    auth->wants_device = false;
    if (device)
        way_ask(auth, auth->ways[DEVICE]);
    else
        try_from(auth, 0);
}

void chain_ask_again(struct auth *auth)
{
    way_ask(auth, auth->way);
}

void chain_stop(struct auth *auth)
{
    if (auth->asking)
        auth->way->ops->stop(auth->way);
    auth->asking = false;
    auth->way = NULL;
}

void chain_open(struct auth *auth)
{
    for (size_t i = 0; i < WAY_COUNT; i++) {
        auth->ways[i] = ways[i]->open();
        auth->ways[i]->port = (struct way_port){
            .http = auth->http,
            .cloud = &auth->cloud,
            .tenant = auth->tenant,
            .environment = auth->environment,
            .done = way_done,
            .changed = way_changed,
            .context = auth,
        };
    }
}

void chain_close(struct auth *auth)
{
    for (size_t i = 0; i < WAY_COUNT; i++)
        auth->ways[i]->ops->close(auth->ways[i]);
}
