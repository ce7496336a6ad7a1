/* The transport's door: requests come in and are cancelled here; flow.c does
 * the rest. */
#include "http_inside.h"

#include "address.h"
#include "charge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PER_HOST 32
#define RETRIES 4
#define BACKOFF_MS 1000
#define CONNECTIONS_KEPT 64
#define ORIGIN_LIMIT 512

const char *http_method_name(enum http_method method)
{
    switch (method) {
    case HTTP_GET:
        return "GET";
    case HTTP_POST:
        return "POST";
    case HTTP_PUT:
        return "PUT";
    case HTTP_PATCH:
        return "PATCH";
    case HTTP_DELETE:
        return "DELETE";
    }
    return "";
}

/* ---- life ---- */

static void seed(struct http *http)
{
    uint64_t now = (uint64_t)clock_now_ms() ^ (uint64_t)(uintptr_t)http;

    for (int i = 0; i < 3; i++)
        http->dice[i] = (unsigned short)(now >> (16 * i));
}

/* OpenSSL's own variables, which libcurl does not look at. */
static char *environment_copy(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? mem_copy_text(value) : NULL;
}

struct http *http_new(const struct http_options *options)
{
    struct http *http = mem_alloc(sizeof *http);

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
    http->multi = curl_multi_init();
    if (!http->multi)
        abort();
    http->per_host = options->per_host ? options->per_host : PER_HOST;
    http->retries = options->retries ? options->retries : RETRIES;
    http->backoff_ms = options->backoff_ms ? options->backoff_ms : BACKOFF_MS;
    http->trace = options->trace;
    http->trace_context = options->trace_context;
    http->user_agent =
        mem_copy_text(options->user_agent ? options->user_agent : "kvgov");
    http->ca_file = environment_copy("SSL_CERT_FILE");
    http->ca_dir = environment_copy("SSL_CERT_DIR");
    http->settings = (struct transfer_settings){
        .user_agent = http->user_agent,
        .ca_file = http->ca_file,
        .ca_dir = http->ca_dir,
    };
    curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(
        http->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    seed(http);
    return http;
}

/* ---- jobs begin and end ---- */

static struct host *host_of(struct http *http, const char *origin)
{
    struct host *host = http->hosts;

    while (host && strcmp(host->origin, origin) != 0)
        host = host->next;
    if (!host) {
        host = host_new(origin, http->per_host);
        host->next = http->hosts;
        http->hosts = host;
        http->host_count++;
    }
    host->jobs++;
    return host;
}

/* Decides where a job may go. A token is compared with the address itself, not
 * with what the caller believes about it. */
static enum kv_status admit(
    struct http *http, struct job *job, struct kv_error *err)
{
    struct buf origin = { .limit = ORIGIN_LIMIT };
    struct http_token *token = job->request.token;
    enum kv_status status =
        job->request.machine
            ? http_machine_origin(&origin, job->request.url, err)
            : http_origin(&origin, job->request.url, err);

    if (status == KV_OK && token &&
        strcmp(http_token_origin(token), buf_text(&origin)) != 0)
        status = kv_error_set(err, KV_FOREIGN_HOST,
            "a token for %s was not sent to %s; nothing was asked",
            address_host(http_token_origin(token)),
            address_host(buf_text(&origin)));
    if (status == KV_OK && !job_fields_are_plain(job))
        status = kv_error_set(err, KV_BAD_INPUT,
            "a header field for %s would not be one line; nothing was asked",
            address_host(buf_text(&origin)));
    if (status == KV_OK)
        job->host = host_of(http, buf_text(&origin));
    buf_done(&origin);
    return status;
}

static void refuse(struct http *http, struct job *job, struct kv_error *err)
{
    job->refusal = mem_alloc(sizeof *job->refusal);
    *job->refusal = *err;
    job->state = JOB_REFUSED;
    job_list_append(&http->refused, job);
}

uint64_t http_start(struct http *http, const struct http_request *request)
{
    struct job *job = job_new(request);
    struct kv_error err = { 0 };

    assert(request->done);
    job_table_add(&http->jobs, job);
    if (admit(http, job, &err) == KV_OK) {
        charge_set(job, clock_steady_ms());
        host_queue(job->host, job);
    } else {
        refuse(http, job, &err);
    }
    job->request.parts = NULL;
    http->wanted = true;
    return job->id;
}

void http_withdraw(struct http *http, struct job *job)
{
    switch (job->state) {
    case JOB_REFUSED:
        job_list_remove(&http->refused, job);
        break;
    case JOB_QUEUED:
    case JOB_WAITING:
        host_unqueue(job->host, job);
        break;
    case JOB_SENT:
        curl_multi_remove_handle(http->multi, transfer_easy(job->transfer));
        charge_settle(job);
        job->host->sent--;
        http->on_wire--;
        http->wanted = true; /* a place on the wire is free */
        break;
    case JOB_RESTING:
        job_list_remove(&http->resting, job);
        break;
    }
}

/* The job is forgotten first, so that the callback may start and cancel what
 * it likes. */
void http_deliver(
    struct http *http, struct job *job, const struct http_answer *answer)
{
    job_table_remove(&http->jobs, job);
    if (job->host)
        job->host->jobs--;
    job->request.done(job->request.context, answer);
    if (job->transfer)
        transfer_put(&http->pool, job->transfer);
    job_free(job);
}

static void cancel(struct http *http, struct job *job)
{
    struct kv_error err = { 0 };
    struct http_answer answer;

    kv_error_set(&err, KV_CANCELLED, "cancelled");
    answer = http_no_answer(&err);
    http_withdraw(http, job);
    http_deliver(http, job, &answer);
}

void http_cancel(struct http *http, uint64_t id)
{
    struct job *job = job_table_find(&http->jobs, id);

    if (job)
        cancel(http, job);
}

void http_free(struct http *http)
{
    struct job *job;

    if (!http)
        return;
    while ((job = job_table_any(&http->jobs)))
        cancel(http, job);
    transfer_pool_done(&http->pool);
    curl_multi_cleanup(http->multi);
    while (http->hosts) {
        struct host *host = http->hosts;

        http->hosts = host->next;
        host_free(host);
    }
    job_table_done(&http->jobs);
    mem_free(http->waits);
    mem_free(http->user_agent);
    mem_free(http->ca_file);
    mem_free(http->ca_dir);
    mem_free(http);
    curl_global_cleanup();
}

/* ---- figures ---- */

uint64_t http_sent(const struct http *http)
{
    return http->sent;
}

uint32_t http_in_flight(const struct http *http)
{
    return http->jobs.jobs;
}

uint32_t http_waiting_s(const struct http *http)
{
    int64_t now_ms = clock_steady_ms();
    int64_t least_ms = INT64_MAX;

    for (const struct job *job = http->resting.first; job; job = job->next)
        if (job->throttled && job->due_ms < least_ms)
            least_ms = job->due_ms;
    for (const struct host *host = http->hosts; host; host = host->next) {
        int64_t held_ms = host_held_ms(host, now_ms);

        if (held_ms < least_ms)
            least_ms = held_ms;
    }
    if (least_ms == INT64_MAX)
        return 0;
    return least_ms > now_ms ? (uint32_t)((least_ms - now_ms + 999) / 1000) : 1;
}
