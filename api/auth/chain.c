/* The chain: tries one way after the other and takes what one of them gave. */
#include "auth_inside.h"

#include "cloud.h"

#include <assert.h>
#include <string.h>

/* In the order in which they are tried. */
static const struct way_ops *const ways[WAY_COUNT] = {
    [WAY_SECRET] = &way_secret,
    [WAY_CERTIFICATE] = &way_certificate,
    [WAY_FEDERATED] = &way_federated,
    [WAY_MANAGED] = &way_managed,
    [WAY_CLI] = &way_cli,
    [WAY_DEVICE] = &way_device,
};

bool chain_may_use_device(const struct auth *auth)
{
    return !auth->no_device_code &&
           (auth->choice.ways & WAY_BIT(WAY_DEVICE)) != 0;
}

/* ---- the end of a try ---- */

void chain_show(
    struct auth *auth, enum kv_sign_in_state state, const char *closing)
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
}

void chain_give_up(struct auth *auth, enum kv_sign_in_state state,
    enum kv_status status, const char *closing)
{
    chain_show(auth, state, closing);
    auth_tell_waiters_why(auth, status);
}

void chain_give_up_unsigned(struct auth *auth)
{
    if (chain_may_use_device(auth))
        chain_give_up(
            auth, KV_SIGN_IN_NEEDED, KV_SIGN_IN, "Sign in with a device code.");
    else if (auth->choice.forced)
        chain_give_up(auth, KV_SIGN_IN_FAILED, KV_SIGN_IN,
            "Nothing else was tried, as --auth says.");
    else
        chain_give_up(auth, KV_SIGN_IN_FAILED, KV_SIGN_IN,
            "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or "
            "run 'az login'.");
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
    way->wish = (struct way_wish){
        .audience = cloud_audience(&auth->cloud, auth->asked),
        .claims = auth->claims,
        .keep = auth->asked != AUTH_ARM || auth->claims,
    };
    way->ops->ask(way);
}

/* Several ways may be asked in turn for one ask. */
static void ask_begin(
    struct auth *auth, enum auth_audience audience, char *claims)
{
    mem_free(auth->claims);
    auth->claims = claims;
    auth->asked = audience;
    auth->tickets[audience].turn++;
}

void chain_ask(struct auth *auth, struct way *way, enum auth_audience audience,
    char *claims)
{
    ask_begin(auth, audience, claims);
    way_ask(auth, way);
}

static void try_from(struct auth *auth, size_t index)
{
    for (; index < WAY_DEVICE; index++) {
        struct way *way = auth->ways[index];
        struct buf missing = { .limit = 512 };
        bool applies = (auth->choice.ways & WAY_BIT(index)) != 0 &&
                       way->ops->applies(way, &missing);

        chain_put_tried(auth, buf_text(&missing));
        if ((auth->choice.ways & WAY_BIT(index)) == 0)
            told_set(&auth->told[index], KV_WAY_NOT_TRIED,
                auth->choice.forced ? "--auth leaves it out"
                                    : "AZURE_TOKEN_CREDENTIALS leaves it out");
        else if (!applies)
            told_set(&auth->told[index], KV_WAY_NOT_SET_UP, buf_text(&missing));
        buf_done(&missing);
        if (applies) {
            way_ask(auth, way);
            return;
        }
    }
    chain_give_up_unsigned(auth);
}

static size_t index_of(const struct auth *auth, const struct way *way)
{
    size_t index = 0;

    while (auth->ways[index] != way)
        index++;
    return index;
}

bool chain_is_passing(enum kv_status status)
{
    return status == KV_NETWORK || status == KV_THROTTLED ||
           status == KV_SERVICE;
}

static void way_failed(struct auth *auth, const struct kv_error *err)
{
    const struct way *way = auth->way;
    bool lost = auth->holder != NULL;

    told_set(&auth->told[index_of(auth, way)], KV_WAY_FAILED, err->text);
    if (lost)
        chain_clear_tried(auth);
    auth_forget(auth);
    chain_put_tried(auth, err->text);
    if (chain_is_passing(err->status))
        chain_give_up(auth, KV_SIGN_IN_FAILED, err->status, "");
    else if (lost || way->ops->exclusive || way == auth->ways[WAY_DEVICE])
        chain_give_up_unsigned(auth);
    else
        try_from(auth, index_of(auth, way) + 1);
}

static void way_succeeded(struct auth *auth, struct grant *grant)
{
    struct ticket *ticket = &auth->tickets[auth->asked];
    bool anew = grant->anew || auth->way != auth->holder;

    mem_free(auth->claims);
    auth->claims = NULL;
    if (anew) {
        auth_forget(auth); /* whoever it is may be somebody else */
        auth->holder = auth->way;
        told_set(&auth->told[index_of(auth, auth->way)], KV_WAY_USED, NULL);
        shown_set_who(
            &auth->shown, auth->way->ops->name, grant, way_tenant(auth->way));
        chain_clear_tried(auth);
    }
    ticket_take(ticket, grant, clock_now_s());
    if (anew)
        auth_tell(auth, KV_SIGN_IN_DONE);
    ticket_tell(ticket, NULL);
}

static void way_done(
    void *context, struct grant *grant, const struct kv_error *err)
{
    struct auth *auth = context;

    assert(auth->asking);
    auth->asking = false;
    if (grant)
        auth->garbled = 0;
    if (grant)
        way_succeeded(auth, grant);
    else if (auth->way != auth->ways[WAY_DEVICE] &&
             auth_may_repeat(auth, err->status))
        way_ask(auth, auth->way);
    else if (!auth->holder || !renewal_failed(auth, err))
        way_failed(auth, err);
    renewal_next(auth);
}

/* Only the device code has something to show on the way. */
static void way_changed(void *context)
{
    struct auth *auth = context;

    shown_set_code(&auth->shown, way_device_code(auth->ways[WAY_DEVICE]),
        auth->claims ? WAY_MORE_PROOF : "");
    auth_tell(auth, KV_SIGN_IN_DEVICE);
}

/* ---- for the others ---- */

static void begin_device(struct auth *auth)
{
    char *claims = auth->wanted_claims;

    auth->wanted_claims = NULL;
    chain_ask(
        auth, auth->ways[WAY_DEVICE], claims ? auth->wanted : AUTH_ARM, claims);
}

void chain_begin(struct auth *auth)
{
    bool device =
        auth->wants_device || auth->choice.ways == WAY_BIT(WAY_DEVICE);

    auth->wants_device = false;
    for (int i = 0; i < WAY_COUNT; i++)
        told_set(&auth->told[i], KV_WAY_NOT_TRIED, NULL);
    if (!chain_may_use_device(auth))
        told_set(&auth->told[WAY_DEVICE], KV_WAY_NOT_TRIED,
            "it needs a person in the console");
    if (device && chain_may_use_device(auth)) {
        begin_device(auth);
        return;
    }
    if (device)
        chain_put_tried(auth, "A device code needs a person in the console.");
    ask_begin(auth, AUTH_ARM, NULL);
    try_from(auth, 0);
}

/* Whoever waits for the ask waits for the next one now. */
void chain_stop(struct auth *auth)
{
    if (auth->asking) {
        auth->way->ops->stop(auth->way);
        auth->tickets[auth->asked].turn--;
    }
    auth->asking = false;
}

void chain_open(struct auth *auth)
{
    enum kv_status status;

    for (size_t i = 0; i < WAY_COUNT; i++) {
        auth->ways[i] = ways[i]->open();
        auth->ways[i]->port = (struct way_port){
            .http = auth->http,
            .cloud = &auth->cloud,
            .tenant = auth->tenant,
            .environment = auth->environment,
            .backoff_ms = auth->backoff_ms,
            .done = way_done,
            .changed = way_changed,
            .context = auth,
        };
    }
    status = choice_read(&auth->choice, auth->way_name,
        way_getenv(auth->ways[0], "AZURE_TOKEN_CREDENTIALS"),
        &auth->choice_error);
    for (size_t i = 0; i < WAY_COUNT; i++)
        auth->ways[i]->port.chosen =
            status == KV_OK && choice_is_single(&auth->choice);
}

void chain_close(struct auth *auth)
{
    for (size_t i = 0; i < WAY_COUNT; i++)
        auth->ways[i]->ops->close(auth->ways[i]);
}
