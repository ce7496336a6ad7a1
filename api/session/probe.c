/* Probes: whether each host of the cloud answers, how soon, and what its clock
 * says. No token goes along: that somebody is signed in is not the question. */
#include "inside.h"

#include <string.h>

/* Of the time-out, for the connection alone. */
#define CONNECT_MS 5000u
#define ANSWER_BYTES (1u << 20)

struct probe_row {
    const char *service;
    const char *path;
    long codes[2]; /* what is answered to who brings no token; 0: anything */
};

static const struct probe_row rows[KV_SERVICE_COUNT] = {
    [KV_SERVICE_ARM] =
        {
            .service = "Resource Manager",
            .path = "/metadata/endpoints?api-version=2022-09-01",
            .codes = { 200 },
        },
    [KV_SERVICE_RESOURCE_GRAPH] =
        {
            .service = "Resource Graph",
            .path = "/providers/Microsoft.ResourceGraph/operations"
                    "?api-version=2024-04-01",
            .codes = { 200, 401 },
        },
    [KV_SERVICE_LOGIN] =
        {
            .service = "Entra",
            .path = "/common/v2.0/.well-known/openid-configuration",
            .codes = { 200 },
        },
    [KV_SERVICE_GRAPH] =
        {
            .service = "Microsoft Graph",
            .path = "/v1.0/organization",
            .codes = { 401 },
        },
    [KV_SERVICE_LOGS] =
        {
            .service = "Log Analytics",
            .path = "/v1/workspaces/none/query",
        },
};

static const char *origin_of(
    const struct auth_cloud *cloud, enum kv_service service)
{
    switch (service) {
    case KV_SERVICE_ARM:
    case KV_SERVICE_RESOURCE_GRAPH:
        return cloud->arm;
    case KV_SERVICE_LOGIN:
        return cloud->login;
    case KV_SERVICE_GRAPH:
        return cloud->graph;
    case KV_SERVICE_LOGS:
        return cloud->logs;
    }
    return NULL;
}

static bool is_expected(const struct probe_row *row, long code)
{
    if (row->codes[0] == 0)
        return code < 500 && code != 407;
    return code == row->codes[0] || code == row->codes[1];
}

static void answered(void *context, const struct http_answer *answer)
{
    struct probe *probe = context;
    struct kv_probe *view = &probe->view;
    const struct probe_row *row = &rows[probe->service];

    if (answer->status == KV_CANCELLED)
        return;
    view->elapsed_ms = clock_steady_ms() - probe->asked_ms;
    view->answered_at_s = clock_now_s();
    view->code = answer->code;
    view->date_s = answer->date_s;
    view->expected = answer->status == KV_OK && is_expected(row, answer->code);
    view->state = answer->status == KV_OK ? KV_PROBE_ANSWERED : KV_PROBE_FAILED;
    mem_free(probe->failure);
    probe->failure = mem_copy_text(answer->error.text);
    view->failure = probe->failure;
}

static void ask(
    struct kv_session *session, struct probe *probe, const char *origin)
{
    struct buf url = { .limit = 1024 };
    const char *host = strstr(origin, "://");

    mem_free(probe->host);
    probe->host = mem_copy_text(host ? host + strlen("://") : origin);
    probe->view.host = probe->host;
    probe->asked = true;
    probe->asked_ms = clock_steady_ms();
    buf_putf(&url, "%s%s", origin, rows[probe->service].path);
    http_start(
        session->http, &(struct http_request){
                           .method = HTTP_GET,
                           .url = buf_text(&url),
                           .once = true,
                           .interactive = true,
                           .timeout_ms = session->probe_timeout_ms,
                           .connect_ms = CONNECT_MS < session->probe_timeout_ms
                                             ? CONNECT_MS
                                             : session->probe_timeout_ms,
                           .answer_limit = ANSWER_BYTES,
                           .done = answered,
                           .context = probe,
                       });
    buf_done(&url);
}

/* Where the login host is known, so are the others. */
static bool is_cloud_known(const struct auth_cloud *cloud)
{
    return cloud->login && *cloud->login;
}

void probes_step(struct kv_session *session)
{
    const struct auth_cloud *cloud = auth_cloud(session->auth);

    if (session->probe_timeout_ms == 0)
        return;
    for (int i = 0; i < KV_SERVICE_COUNT; i++) {
        struct probe *probe = &session->probes[i];
        const char *origin = origin_of(cloud, (enum kv_service)i);

        if (probe->asked)
            continue;
        if (origin && *origin)
            ask(session, probe, origin);
        else if (is_cloud_known(cloud))
            probe->view.state = KV_PROBE_NONE;
    }
}

void probes_init(struct kv_session *session)
{
    for (int i = 0; i < KV_SERVICE_COUNT; i++)
        session->probes[i] = (struct probe){
            .service = (enum kv_service)i,
            .view = {
                .service = rows[i].service,
                .host = "",
                .failure = "",
            },
        };
}

void probes_done(struct kv_session *session)
{
    for (int i = 0; i < KV_SERVICE_COUNT; i++) {
        mem_free(session->probes[i].host);
        mem_free(session->probes[i].failure);
    }
}

void kv_session_probe(struct kv_session *session, uint32_t timeout_ms)
{
    session->probe_timeout_ms = timeout_ms > 0 ? timeout_ms : 1;
    probes_step(session);
}

const struct kv_probe *kv_session_probed(
    const struct kv_session *session, enum kv_service service)
{
    return &session->probes[service].view;
}
