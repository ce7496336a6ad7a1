/* The chain: discovers the cloud, tries one way after the other, keeps the
 * token that one of them gave and hands it to whoever waits. */
#include "auth.h"

#include "claims.h"
#include "cloud.h"
#include "shown.h"
#include "way.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#define FRESH_S 300 /* a token with less left is renewed first */
#define DISCOVERY_LIMIT (1u << 20)
#define TRIED_LIMIT 4096

enum { SECRET, CLI, DEVICE, WAY_COUNT };

/* In the order in which they are tried; the last only when it is asked for. */
static const struct way_ops *const ways[WAY_COUNT] = {
    [SECRET] = &way_secret,
    [CLI] = &way_cli,
    [DEVICE] = &way_device,
};

struct waiter {
    auth_token_fn *done;
    void *context;
};

struct auth {
    struct http *http;
    char *arm; /* as it was given */
    char *tenant;
    bool no_device_code;
    char **environment;
    void (*changed)(void *context);
    void *context;

    struct auth_cloud cloud;
    bool cloud_known;
    uint64_t discovery; /* the request; 0 none */
    bool wants_device;  /* once the cloud is known */

    struct way *ways[WAY_COUNT];
    struct way *way; /* being tried, or the one that worked; NULL none */
    bool asking;     /* `way` owes an answer */
    struct buf tried;

    struct http_token *token; /* NULL: none */
    int64_t expires_at_s;
    int64_t renew_at_s;

    struct shown shown;
    struct waiter *waiters;
    size_t waiter_count;
    size_t waiter_capacity;
};

static void tell(struct auth *auth, enum kv_sign_in_state state)
{
    auth->shown.sign_in.state = state;
    if (auth->changed)
        auth->changed(auth->context);
}

/* ---- whoever waits ---- */

/* The list is taken first: a callback may ask again. */
static void tell_waiters(
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

static void tell_waiters_why(struct auth *auth, enum kv_status status)
{
    struct kv_error err = { 0 };

    kv_error_set(&err, status, "%s", auth->shown.sign_in.text);
    tell_waiters(auth, NULL, &err);
}

/* ---- the end of a try ---- */

/* `closing` says what to do next. */
static void give_up(struct auth *auth, enum kv_sign_in_state state,
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
    tell(auth, state);
    tell_waiters_why(auth, status);
}

static void give_up_unsigned(struct auth *auth)
{
    if (auth->no_device_code)
        give_up(auth, KV_SIGN_IN_FAILED, KV_SIGN_IN,
            "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or "
            "run 'az login'.");
    else
        give_up(
            auth, KV_SIGN_IN_NEEDED, KV_SIGN_IN, "Sign in with a device code.");
}

/* "the sign-in failed: ..." becomes a sentence among others; the name of a
 * host that starts one stays as it is. */
static void tried_put(struct auth *auth, const char *text)
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

static void tried_clear(struct auth *auth)
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

        tried_put(auth, buf_text(&missing));
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
            tell_waiters(auth, auth->token, NULL);
        else
            tell_waiters(auth, NULL, err);
        return;
    }
    if (signed_in)
        tried_clear(auth);
    http_token_drop(auth->token);
    auth->token = NULL;
    tried_put(auth, err->text);
    if (is_passing(err->status))
        give_up(auth, KV_SIGN_IN_FAILED, err->status, "");
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
    tried_clear(auth);
    tell(auth, KV_SIGN_IN_DONE);
    tell_waiters(auth, auth->token, NULL);
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
    tell(auth, KV_SIGN_IN_DEVICE);
}

static void stop(struct auth *auth)
{
    uint64_t discovery = auth->discovery;

    auth->discovery = 0;
    if (discovery) /* else the transport may be gone already */
        http_cancel(auth->http, discovery);
    if (auth->asking)
        auth->way->ops->stop(auth->way);
    auth->asking = false;
    auth->way = NULL;
}

/* ---- the cloud ---- */

static void begin(struct auth *auth)
{
    bool device = auth->wants_device;

    auth->wants_device = false;
    if (device)
        way_ask(auth, auth->ways[DEVICE]);
    else
        try_from(auth, 0);
}

static void cloud_failed(struct auth *auth, const struct kv_error *err)
{
    tried_put(auth, err->text);
    give_up(auth, KV_SIGN_IN_FAILED, err->status, "");
}

static void cloud_settled(struct auth *auth)
{
    struct kv_error err = { 0 };

    if (cloud_set_authority(&auth->cloud,
            way_getenv(auth->ways[SECRET], "AZURE_AUTHORITY_HOST"),
            &err) != KV_OK) {
        cloud_failed(auth, &err);
        return;
    }
    auth->cloud_known = true;
    begin(auth);
}

static void discovered(void *context, const struct http_answer *answer)
{
    struct auth *auth = context;
    struct kv_error err = answer->error;

    auth->discovery = 0;
    if (answer->status == KV_CANCELLED)
        return;
    if (answer->status == KV_OK && answer->code != 200)
        kv_error_set(&err, KV_PROTOCOL,
            "%s/metadata/endpoints answered with HTTP %ld; check the ARM "
            "endpoint",
            auth->cloud.arm, answer->code);
    else if (answer->status == KV_OK &&
             cloud_decode(&auth->cloud, auth->cloud.arm, answer->body, &err) ==
                 KV_OK) {
        cloud_settled(auth);
        return;
    }
    cloud_failed(auth, &err);
}

static void discover(struct auth *auth)
{
    struct buf url = { .limit = 1024 };

    buf_putf(
        &url, "%s/metadata/endpoints?api-version=2022-09-01", auth->cloud.arm);
    auth->discovery =
        http_start(auth->http, &(struct http_request){
                                   .method = HTTP_GET,
                                   .url = buf_text(&url),
                                   .interactive = true,
                                   .answer_limit = DISCOVERY_LIMIT,
                                   .done = discovered,
                                   .context = auth,
                               });
    buf_done(&url);
}

/* What is known without asking anybody: a row of the table, or an address. */
static void cloud_prepare(struct auth *auth)
{
    const struct auth_cloud *known = cloud_find(auth->arm);
    struct buf origin = { .limit = 1024 };

    if (known) {
        cloud_copy(&auth->cloud, known);
    } else {
        if (http_origin(&origin, auth->arm, NULL) != KV_OK || origin.failed)
            buf_clear(&origin);
        cloud_copy(&auth->cloud,
            &(struct auth_cloud){ .name = "", .arm = buf_text(&origin) });
    }
    buf_done(&origin);
}

static void start(struct auth *auth)
{
    struct kv_error err = { 0 };
    struct buf origin = { .limit = 1024 };

    tried_clear(auth);
    shown_clear_code(&auth->shown);
    tell(auth, KV_SIGN_IN_STARTING);
    if (auth->tenant && !way_tenant_is_plain(auth->tenant)) {
        kv_error_set(&err, KV_BAD_CONFIG,
            "the tenant is neither a GUID nor a domain; correct it");
        cloud_failed(auth, &err);
    } else if (auth->cloud_known) {
        begin(auth);
    } else if (cloud_find(auth->arm)) {
        cloud_settled(auth);
    } else if (http_origin(&origin, auth->arm, &err) != KV_OK) {
        cloud_failed(auth, &err);
    } else {
        discover(auth);
    }
    buf_done(&origin);
}

/* ---- life ---- */

static void ways_open(struct auth *auth)
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
    cloud_prepare(auth);
    ways_open(auth);
    shown_init(&auth->shown, auth->tenant);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (!auth)
        return;
    auth->changed = NULL;
    stop(auth);
    tell_waiters_why(auth, KV_CANCELLED);
    for (size_t i = 0; i < WAY_COUNT; i++)
        auth->ways[i]->ops->close(auth->ways[i]);
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
    stop(auth);
    auth->wants_device = false;
    start(auth);
}

void auth_device_code(struct auth *auth)
{
    if (auth->no_device_code ||
        auth->shown.sign_in.state == KV_SIGN_IN_DEVICE || auth->wants_device)
        return;
    stop(auth);
    way_device_forget(auth->ways[DEVICE]);
    auth->wants_device = true;
    start(auth);
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
        way_ask(auth, auth->way);
    else
        tell_waiters_why(auth, KV_SIGN_IN);
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
