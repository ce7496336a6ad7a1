/* Signing in as a person with a device code (RFC 8628): the person enters a
 * code in a browser anywhere while this end polls. The refresh token that
 * comes with it lives here, in memory only. */
#include "way.h"

#include "errors.h"

#include <string.h>

/* The Azure CLI's own public client, which every tenant knows and which may
 * ask for ARM. */
#define CLIENT_ID "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
#define GRANT_DEVICE "urn:ietf:params:oauth:grant-type:device_code"
#define WHAT "the sign-in with a device code"
#define RENEWING "renewing the sign-in"

#define INTERVAL_S 5 /* RFC 8628's, where the service says nothing */
#define INTERVAL_LIMIT_S 60
#define INTERVAL_LEAST_MS 100
#define SLOW_DOWN_MS 5000 /* RFC 8628 section 3.5 */
#define EXPIRES_LIMIT_S 3600
#define SHOWN_LIMIT 256

struct device {
    struct way way;
    struct hidden refresh;
    struct hidden code; /* what is polled with; empty: no code is shown */
    char user_code[32];
    char verification_uri[SHOWN_LIMIT];
    int64_t expires_at_s;
    int64_t interval_ms;
    int64_t poll_at_ms; /* INT64_MAX while a poll is under way */
};

static struct way *device_open(void)
{
    struct device *device = mem_alloc(sizeof *device);

    device->way.ops = &way_device;
    return &device->way;
}

static void code_forget(struct device *device)
{
    hidden_done(&device->code);
    device->user_code[0] = '\0';
    device->verification_uri[0] = '\0';
    device->expires_at_s = 0;
    device->poll_at_ms = INT64_MAX;
}

static void device_stop(struct way *way)
{
    way_cancel(way);
    code_forget((struct device *)way);
}

static void device_close(struct way *way)
{
    struct device *device = (struct device *)way;

    code_forget(device);
    hidden_done(&device->refresh);
    mem_free(device);
}

void way_device_forget(struct way *way)
{
    hidden_done(&((struct device *)way)->refresh);
}

struct device_code way_device_code(const struct way *way)
{
    const struct device *device = (const struct device *)way;

    return (struct device_code){
        .user_code = device->user_code,
        .verification_uri = device->verification_uri,
        .expires_at_s = device->expires_at_s,
    };
}

static bool device_applies(struct way *way, struct buf *missing)
{
    (void)way;
    (void)missing;
    return true;
}

static const char *device_tenant(const struct way *way)
{
    const char *tenant = way_tenant(way);

    return tenant && way_tenant_is_plain(tenant) ? tenant : "organizations";
}

static void device_fail(struct device *device, const char *sentence)
{
    struct kv_error err = { 0 };

    kv_error_set(&err, KV_SIGN_IN, "%s", sentence);
    code_forget(device);
    way_fail(&device->way, &err);
}

static void code_ask(struct device *device);

/* ---- a token, by code or by refresh token ---- */

static void device_take_token(
    struct device *device, const struct http_answer *answer)
{
    struct grant grant = { 0 };
    struct kv_error err = { 0 };
    enum kv_status status =
        grant_decode(&grant, answer->body, clock_now_s(), &err);

    grant.anew = device->code.size > 0;
    code_forget(device);
    if (status != KV_OK) {
        way_fail(&device->way, &err);
        return;
    }
    if (grant.refresh.size > 0) /* a new one each time */
        hidden_take(&device->refresh, &grant.refresh);
    device->way.port.done(device->way.port.context, &grant, NULL);
    grant_done(&grant);
}

static void device_post(struct device *device, const char *endpoint,
    struct form *form, void (*done)(void *, const struct http_answer *))
{
    way_post(&device->way,
        &(struct way_form){
            .tenant = device_tenant(&device->way),
            .endpoint = endpoint,
            .form = form,
            /* A code can be spent once only; its poll repeats itself. */
            .repeatable = device->code.size == 0,
            .done = done,
        });
    form_done(form);
}

/* Entra said no, and will say so again. */
static bool was_refused(const struct http_answer *answer)
{
    return answer->status == KV_OK && answer->code < 500 && answer->code != 429;
}

static void refreshed(void *context, const struct http_answer *answer)
{
    struct device *device = context;
    bool given = answer->status == KV_OK && answer->code == 200;

    device->way.request = 0;
    if (answer->status == KV_CANCELLED)
        return;
    if (given) {
        device_take_token(device, answer);
        return;
    }
    if (!was_refused(answer)) {
        way_take_answer(&device->way, answer, RENEWING, NULL);
    } else if (device->way.wish.claims) {
        code_ask(device); /* the person proves it with a new code */
    } else {
        /* That another service is refused says nothing about this one. */
        if (!device->way.wish.keep)
            hidden_done(&device->refresh);
        way_take_answer(&device->way, answer, RENEWING, NULL);
    }
}

static void refresh_ask(struct device *device)
{
    struct form form = { 0 };

    form_put(&form, "grant_type", view_of("refresh_token"));
    form_put(&form, "client_id", view_of(CLIENT_ID));
    form_put(&form, "refresh_token", hidden_view(&device->refresh));
    way_put_wish(&device->way, &form, true);
    device_post(device, "token", &form, refreshed);
}

/* ---- polling ---- */

static void poll_again(struct device *device, int64_t more_ms)
{
    device->interval_ms += more_ms;
    device->poll_at_ms = clock_steady_ms() + device->interval_ms;
}

static void poll_refused(
    struct device *device, const struct http_answer *answer)
{
    struct refusal refusal;
    const char *error = refusal.error;

    refusal_read(&refusal, answer->body);
    if (strcmp(error, "authorization_pending") == 0)
        poll_again(device, 0);
    else if (strcmp(error, "slow_down") == 0)
        poll_again(device, SLOW_DOWN_MS);
    else if (strcmp(error, "authorization_declined") == 0 ||
             strcmp(error, "access_denied") == 0)
        device_fail(device, "the sign-in was declined in the browser");
    else if (strcmp(error, "expired_token") == 0 ||
             strcmp(error, "code_expired") == 0)
        device_fail(device, "the code expired before it was entered; ask for a "
                            "new one");
    else if (strcmp(error, "bad_verification_code") == 0)
        device_fail(device, "the code was not accepted; ask for a new one");
    else {
        code_forget(device);
        way_take_answer(&device->way, answer, WHAT, NULL);
    }
}

/* A lost connection or a busy service does not end a wait of minutes. */
static void polled(void *context, const struct http_answer *answer)
{
    struct device *device = context;

    device->way.request = 0;
    if (answer->status == KV_CANCELLED)
        return;
    if (answer->status == KV_OK && answer->code == 200)
        device_take_token(device, answer);
    else if (answer->status == KV_NETWORK || answer->code >= 500)
        poll_again(device, 0);
    else if (answer->code == 429)
        poll_again(device, SLOW_DOWN_MS);
    else
        poll_refused(device, answer);
}

static void poll_ask(struct device *device)
{
    struct form form = { 0 };

    device->poll_at_ms = INT64_MAX;
    form_put(&form, "grant_type", view_of(GRANT_DEVICE));
    form_put(&form, "client_id", view_of(CLIENT_ID));
    form_put(&form, "device_code", hidden_view(&device->code));
    if (device->way.wish.claims)
        form_put(&form, "claims", view_of(device->way.wish.claims));
    device_post(device, "token", &form, polled);
}

/* ---- a code ---- */

static bool shown_copy(
    char *out, size_t size, const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));

    if (!text || !*text || strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static void interval_take(struct device *device, const json_t *body)
{
    int64_t interval_s = grant_number(body, "interval");

    if (interval_s < 0)
        interval_s = INTERVAL_S;
    if (interval_s > INTERVAL_LIMIT_S)
        interval_s = INTERVAL_LIMIT_S;
    device->interval_ms =
        interval_s > 0 ? interval_s * 1000 : INTERVAL_LEAST_MS;
}

static bool code_decode(struct device *device, json_t *body)
{
    const char *code = json_string_value(json_object_get(body, "device_code"));
    int64_t expires_s = grant_number(body, "expires_in");

    if (!code || !*code || expires_s <= 0)
        return false;
    if (!shown_copy(
            device->user_code, sizeof device->user_code, body, "user_code") ||
        !shown_copy(device->verification_uri, sizeof device->verification_uri,
            body, "verification_uri"))
        return false;
    if (expires_s > EXPIRES_LIMIT_S)
        expires_s = EXPIRES_LIMIT_S;
    device->expires_at_s = clock_now_s() + expires_s;
    hidden_set(&device->code, view_of(code));
    interval_take(device, body);
    return true;
}

static void code_take(struct device *device, struct view text)
{
    json_t *body = json_loadb(text.data ? text.data : "", text.size, 0, NULL);
    bool decoded = code_decode(device, body);

    hidden_wipe(body, "device_code");
    json_decref(body);
    if (!decoded) {
        device_fail(device, "the login host did not answer with a device code; "
                            "check the cloud");
        return;
    }
    poll_again(device, 0);
    device->way.port.changed(device->way.port.context);
}

static void code_answered(void *context, const struct http_answer *answer)
{
    struct device *device = context;

    device->way.request = 0;
    if (answer->status == KV_CANCELLED)
        return;
    if (answer->status == KV_OK && answer->code == 200)
        code_take(device, answer->body);
    else
        way_take_answer(&device->way, answer, WHAT, NULL);
}

static void code_ask(struct device *device)
{
    struct form form = { 0 };

    form_put(&form, "client_id", view_of(CLIENT_ID));
    way_put_wish(&device->way, &form, true);
    device_post(device, "devicecode", &form, code_answered);
}

/* ---- the way ---- */

static void device_ask(struct way *way)
{
    struct device *device = (struct device *)way;

    code_forget(device);
    if (device->refresh.size > 0)
        refresh_ask(device);
    else
        code_ask(device);
}

static void device_step(struct way *way)
{
    struct device *device = (struct device *)way;

    if (device->code.size == 0 || device->poll_at_ms > clock_steady_ms())
        return;
    if (clock_now_s() >= device->expires_at_s)
        device_fail(device, "the code expired before it was entered; ask for a "
                            "new one");
    else
        poll_ask(device);
}

static int64_t device_due_ms(const struct way *way)
{
    const struct device *device = (const struct device *)way;

    return device->code.size > 0 ? device->poll_at_ms : INT64_MAX;
}

const struct way_ops way_device = {
    .name = "device code",
    .open = device_open,
    .close = device_close,
    .applies = device_applies,
    .ask = device_ask,
    .stop = device_stop,
    .due_ms = device_due_ms,
    .step = device_step,
};
