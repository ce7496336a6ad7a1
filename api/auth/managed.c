/* Signing in as the managed identity of this machine: whatever service Azure
 * put beside it is asked for a token, over the machine's own network. */
#include "way.h"

#include "cloud.h"
#include "source.h"

#include <string.h>

#define WHAT "the sign-in with the managed identity"
#define CONNECT_MS 1000 /* it is next door, or nowhere */
#define PROBE_MS 3000
#define TIMEOUT_MS 30000
#define ANSWER_LIMIT (256u << 10)
#define BACKOFF_MS 1000
#define TRIES 5        /* with 1, 2, 4, 8 s between them */
#define TRIES_MOVING 8 /* a metadata service that updates itself needs 70 s */
#define PAUSE_LIMIT_MS 20000

struct managed {
    struct way way;
    const struct source *source;
    struct hidden key; /* "Basic ...", once Azure Arc asked for it */
    bool there;        /* it has answered, so that it need not be probed */
    int tries;
    int64_t again_ms; /* INT64_MAX: no further try is due */
};

static struct way *managed_open(void)
{
    struct managed *managed = mem_alloc(sizeof *managed);

    managed->way.ops = &way_managed;
    managed->again_ms = INT64_MAX;
    return &managed->way;
}

static void managed_stop(struct way *way)
{
    struct managed *managed = (struct managed *)way;

    way_cancel(way);
    hidden_done(&managed->key);
    managed->again_ms = INT64_MAX;
}

static void managed_close(struct way *way)
{
    hidden_done(&((struct managed *)way)->key);
    mem_free(way);
}

/* No simulated cloud has business with this machine's real identity. */
static bool managed_applies(struct way *way, struct buf *missing)
{
    const struct source *source = source_find(way);
    bool given =
        !source->probed || way_getenv(way, "AZURE_POD_IDENTITY_AUTHORITY_HOST");

    if (way_getenv(way, "IDENTITY_SERVER_THUMBPRINT")) {
        buf_puts(missing, "The managed identity was not asked: kvgov does not "
                          "know Service Fabric's.");
        return false;
    }
    if (!given && cloud_is_simulated(way->port.cloud)) {
        if (way->port.chosen)
            buf_puts(missing, "The managed identity was not asked: it knows "
                              "no cloud on this machine.");
        return false;
    }
    return true;
}

/* ---- asking ---- */

static void managed_fail(struct managed *managed, const struct kv_error *err)
{
    hidden_done(&managed->key);
    way_fail(&managed->way, err);
}

static void fields_set(struct managed *managed, struct http_request *request)
{
    const struct source *source = managed->source;
    int count = 0;

    request->fields[count++] = (struct http_field){ "Metadata", "true" };
    if (source->secret_field)
        request->fields[count++] = (struct http_field){ source->secret_field,
            way_getenv(&managed->way, source->needs[1]) };
    if (managed->key.size > 0)
        request->fields[count++] =
            (struct http_field){ "Authorization", managed->key.data };
}

/* A metadata service refuses what lacks its field, which anything else that
 * listens there does not; asked first, it does not get the chance to keep the
 * chain waiting. */
static void managed_send(struct managed *managed, bool probe,
    void (*done)(void *, const struct http_answer *))
{
    struct buf url = { .limit = 4096 };
    struct kv_error err = { 0 };
    struct http_request request = {
        .method = HTTP_GET,
        .secret_body = true,
        .interactive = true,
        .once = true,
        .machine = true,
        .timeout_ms = probe ? PROBE_MS : TIMEOUT_MS,
        .connect_ms = CONNECT_MS,
        .answer_limit = ANSWER_LIMIT,
        .done = done,
        .context = managed,
    };

    if (source_put_url(managed->source, &managed->way, &url, &err) == KV_OK) {
        request.url = buf_text(&url);
        if (!probe)
            fields_set(managed, &request);
        managed->way.request = http_start(managed->way.port.http, &request);
    } else {
        managed_fail(managed, &err);
    }
    buf_done(&url);
}

/* ---- its answer ---- */

static uint32_t backoff_of(const struct managed *managed)
{
    uint32_t backoff_ms = managed->way.port.backoff_ms;

    return backoff_ms ? backoff_ms : BACKOFF_MS;
}

static void try_again(struct managed *managed, int64_t retry_after_s)
{
    int64_t pause_ms = (int64_t)backoff_of(managed) << (managed->tries - 1);

    if (retry_after_s > 0)
        pause_ms = retry_after_s * 1000;
    if (pause_ms > PAUSE_LIMIT_MS)
        pause_ms = PAUSE_LIMIT_MS;
    managed->again_ms = clock_steady_ms() + pause_ms;
}

/* Microsoft's list for the metadata service; a lost connection is as good. */
static bool may_pass(const struct http_answer *answer)
{
    if (answer->status != KV_OK)
        return answer->status == KV_NETWORK;
    return answer->code == 404 || answer->code == 410 || answer->code == 429 ||
           answer->code >= 500;
}

/* The services say {"error_description": ...} or {"message": ...}, or nothing. */
static void explain(struct managed *managed, const struct http_answer *answer)
{
    json_t *body = json_loadb(
        answer->body.data ? answer->body.data : "", answer->body.size, 0, NULL);
    const char *text =
        json_string_value(json_object_get(body, "error_description"));
    struct kv_error err = answer->error;

    if (!text)
        text = json_string_value(json_object_get(body, "message"));
    if (answer->status == KV_OK && answer->code == 400 &&
        managed->source->any_identity)
        kv_error_set(&err, KV_SIGN_IN,
            WHAT " failed: this machine has no managed identity, or several: "
                 "assign one, or set AZURE_CLIENT_ID to the one that is meant");
    else if (answer->status == KV_OK)
        kv_error_set(&err,
            answer->code == 429   ? KV_THROTTLED
            : answer->code >= 500 ? KV_SERVICE
                                  : KV_SIGN_IN,
            WHAT " failed: %s answered with HTTP %ld%s%.200s",
            managed->source->name, answer->code, text ? ": " : "",
            text ? text : "");
    json_decref(body);
    managed_fail(managed, &err);
}

static void answered(void *context, const struct http_answer *answer);

static void take_challenge(
    struct managed *managed, const struct http_answer *answer)
{
    struct kv_error err = { 0 };

    if (source_read_key(&managed->key, &managed->way, answer->www_authenticate,
            &err) == KV_OK)
        managed_send(managed, false, answered);
    else
        managed_fail(managed, &err);
}

static void answered(void *context, const struct http_answer *answer)
{
    struct managed *managed = context;
    bool given = answer->status == KV_OK && answer->code == 200;
    int limit = answer->code == 410 ? TRIES_MOVING : TRIES;

    managed->way.request = 0;
    if (answer->status == KV_CANCELLED)
        return;
    if (given) {
        managed->there = true;
        hidden_done(&managed->key);
        way_take_answer(&managed->way, answer, WHAT,
            managed->source->any_identity
                ? way_getenv(&managed->way, "AZURE_CLIENT_ID")
                : NULL);
    } else if (answer->code == 401 && managed->source->challenges &&
               managed->key.size == 0) {
        take_challenge(managed, answer);
    } else if (may_pass(answer) && ++managed->tries < limit) {
        try_again(managed, answer->retry_after_s);
    } else {
        explain(managed, answer);
    }
}

static void probed(void *context, const struct http_answer *answer)
{
    struct managed *managed = context;
    struct kv_error err = { 0 };

    managed->way.request = 0;
    if (answer->status == KV_CANCELLED)
        return;
    if (answer->status == KV_OK && answer->code == 400) {
        managed_send(managed, false, answered);
        return;
    }
    kv_error_set(
        &err, KV_SIGN_IN, "this machine has no managed identity of Azure's");
    managed_fail(managed, &err);
}

static void managed_ask(struct way *way)
{
    struct managed *managed = (struct managed *)way;
    bool probe;

    managed->source = source_find(way);
    managed->tries = 0;
    managed->again_ms = INT64_MAX;
    probe = managed->source->probed && !managed->there && !way->port.chosen;
    managed_send(managed, probe, probe ? probed : answered);
}

/* ---- the loop ---- */

static void managed_step(struct way *way)
{
    struct managed *managed = (struct managed *)way;

    if (managed->again_ms > clock_steady_ms())
        return;
    managed->again_ms = INT64_MAX;
    managed_send(managed, false, answered);
}

static int64_t managed_due_ms(const struct way *way)
{
    return ((const struct managed *)way)->again_ms;
}

const struct way_ops way_managed = {
    .name = "managed identity",
    .open = managed_open,
    .close = managed_close,
    .applies = managed_applies,
    .ask = managed_ask,
    .stop = managed_stop,
    .due_ms = managed_due_ms,
    .step = managed_step,
};
