/* Transfers: how a job is put to libcurl and what is taken back. */
#include "transfer.h"

#include "address.h"
#include "bearer.h"
#include "failure.h"
#include "host.h"
#include "retry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_LIMIT (64u << 20) /* bytes, where the request states none */
#define ANSWER_START 4096u       /* bytes; doubled as the answer grows */
#define TIMEOUT_MS 60000u        /* of a whole try */
#define CONNECT_TIMEOUT_MS 15000L
#define STALL_S 30L /* without one byte */
#define SPARE_LIMIT 64

/* An answer's body. Not a struct buf: where it holds a token, what it grew out
 * of is overwritten too. */
struct body {
    char *data;
    size_t size;
    size_t capacity;
    size_t limit;
    bool secret;
    bool too_large;
};

struct transfer {
    CURL *easy;
    struct job *job;
    struct body body;
    struct curl_slist fields[4 + HTTP_FIELD_LIMIT]; /* header fields */
    struct curl_slist place; /* to connect to, where it is not the host */
    struct buf content_type;
    char detail[CURL_ERROR_SIZE];
    struct transfer *next;
};

static void body_done(struct body *body)
{
    if (body->secret)
        mem_cleanse(body->data, body->capacity);
    else
        mem_free(body->data);
    *body = (struct body){ 0 };
}

static void body_grow(struct body *body, size_t wanted)
{
    size_t capacity = body->capacity ? body->capacity : ANSWER_START;
    struct body grown = *body;

    while (capacity < wanted)
        capacity *= 2;
    grown.data =
        body->secret ? mem_alloc(capacity) : mem_resize(body->data, capacity);
    grown.capacity = capacity;
    if (body->secret && body->size > 0)
        memcpy(grown.data, body->data, body->size);
    if (body->secret)
        mem_cleanse(body->data, body->capacity);
    *body = grown;
}

/* libcurl's write callback: a count that differs from `count` ends the
 * transfer. What comes here is unpacked already, so the limit holds for a
 * compressed answer too. */
static size_t body_take(char *data, size_t size, size_t count, void *context)
{
    struct body *body = context;

    (void)size; /* always 1 */
    if (count > body->limit - body->size) {
        body->too_large = true;
        return 0;
    }
    if (body->size + count > body->capacity)
        body_grow(body, body->size + count);
    memcpy(body->data + body->size, data, count);
    body->size += count;
    return count;
}

static uint32_t timeout_of(const struct http_request *request)
{
    return request->timeout_ms ? request->timeout_ms : TIMEOUT_MS;
}

/* A refused option would leave a handle less safe than it is meant to be. */
static void must(CURLcode code)
{
    if (code != CURLE_OK)
        abort();
}

static void set_safety(
    CURL *easy, const struct transfer_settings *settings, bool direct)
{
    must(curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"));
    must(curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L));
    must(curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L));
    must(curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L));
    must(curl_easy_setopt(
        easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2));
    must(curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED));
    if (settings->ca_file)
        must(curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file));
    if (settings->ca_dir)
        must(curl_easy_setopt(easy, CURLOPT_CAPATH, settings->ca_dir));
    if (direct) /* whatever the environment says */
        must(curl_easy_setopt(easy, CURLOPT_PROXY, ""));
}

static void set_times(CURL *easy, const struct http_request *request)
{
    long timeout_ms = (long)timeout_of(request);
    long connect_ms =
        request->connect_ms ? (long)request->connect_ms : CONNECT_TIMEOUT_MS;

    must(curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L));
    /* Else a cancelled transfer waits for the name server. */
    must(curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L));
    must(curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms));
    must(curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
        timeout_ms < connect_ms ? timeout_ms : connect_ms));
    must(curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L));
    must(curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, STALL_S));
}

/* Waiting for a connection to share pays only where HTTP/2 may be spoken. */
static void set_protocol(CURL *easy, const struct http_request *request)
{
    bool tls = view_starts_nocase(view_of(request->url), view_of("https:"));

    must(curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
        (long)(tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)));
    must(curl_easy_setopt(easy, CURLOPT_PIPEWAIT, tls ? 1L : 0L));
    must(curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip"));
    /* On a reused connection that turns out dead, libcurl sends again by
     * itself; on a fresh one it never does. */
    must(curl_easy_setopt(
        easy, CURLOPT_FRESH_CONNECT, retry_is_safe(request) ? 0L : 1L));
}

static void set_request(CURL *easy, const struct http_request *request)
{
    bool bodied = request->method != HTTP_GET &&
                  (request->body.size > 0 || request->method != HTTP_DELETE);

    must(curl_easy_setopt(easy, CURLOPT_URL, request->url));
    must(curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L));
    if (bodied) {
        must(curl_easy_setopt(easy, CURLOPT_POST, 1L));
        must(curl_easy_setopt(
            easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size));
        /* NULL would have libcurl ask for a body that there is not. */
        must(curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
            request->body.size > 0 ? request->body.data : ""));
    }
    if (request->method != HTTP_GET)
        must(curl_easy_setopt(
            easy, CURLOPT_CUSTOMREQUEST, http_method_name(request->method)));
}

/* The list's nodes are ours and its strings are borrowed, so that the token is
 * in one place only. An empty field takes out the one that libcurl would
 * send. */
static void set_fields(struct transfer *transfer)
{
    const struct http_request *request = &transfer->job->request;
    struct curl_slist *fields = transfer->fields;
    int count = 0;

    buf_clear(&transfer->content_type);
    transfer->content_type.limit = 256;
    buf_puts(&transfer->content_type, "Content-Type:");
    if (request->content_type)
        buf_putf(&transfer->content_type, " %s", request->content_type);
    fields[count++].data = transfer->content_type.data;
    fields[count++].data = (char *)"Accept: application/json";
    fields[count++].data = (char *)"Expect:";
    if (request->token)
        fields[count++].data = bearer_header(request->token);
    for (int i = 0; i < HTTP_FIELD_LIMIT && transfer->job->fields[i]; i++)
        fields[count++].data = transfer->job->fields[i];
    for (int i = 0; i < count; i++)
        fields[i].next = i + 1 < count ? &fields[i + 1] : NULL;
    must(curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, fields));
}

static void set_results(struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    must(curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer));
    must(curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail));
    must(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_take));
    must(curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer->body));
}

/* Names below localhost are this machine's, whatever a name server says. */
static void set_place(struct transfer *transfer)
{
    if (!address_is_below_localhost(transfer->job->host->origin))
        return;
    transfer->place.data = (char *)"::127.0.0.1:";
    must(curl_easy_setopt(
        transfer->easy, CURLOPT_CONNECT_TO, &transfer->place));
}

static struct transfer *transfer_new(struct transfer_pool *pool)
{
    struct transfer *transfer = pool->spare;

    if (transfer) {
        pool->spare = transfer->next;
        pool->count--;
        return transfer;
    }
    transfer = mem_alloc(sizeof *transfer);
    transfer->easy = curl_easy_init();
    if (!transfer->easy)
        abort();
    return transfer;
}

struct transfer *transfer_get(struct transfer_pool *pool, struct job *job,
    const struct transfer_settings *settings)
{
    struct transfer *transfer = transfer_new(pool);
    const struct http_request *request = &job->request;

    transfer->job = job;
    transfer->body.limit =
        request->answer_limit ? request->answer_limit : ANSWER_LIMIT;
    transfer->body.secret = request->secret_body;
    set_safety(transfer->easy, settings,
        request->machine || address_is_loopback(job->host->origin));
    must(curl_easy_setopt(
        transfer->easy, CURLOPT_USERAGENT, settings->user_agent));
    set_times(transfer->easy, request);
    set_protocol(transfer->easy, request);
    set_request(transfer->easy, request);
    set_fields(transfer);
    set_place(transfer);
    set_results(transfer);
    return transfer;
}

static void transfer_free(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    buf_done(&transfer->content_type);
    mem_free(transfer);
}

void transfer_put(struct transfer_pool *pool, struct transfer *transfer)
{
    body_done(&transfer->body);
    transfer->job = NULL;
    memset(transfer->fields, 0, sizeof transfer->fields);
    transfer->detail[0] = '\0';
    if (pool->count >= SPARE_LIMIT) {
        transfer_free(transfer);
        return;
    }
    curl_easy_reset(transfer->easy); /* keeps no option, not even the URL */
    transfer->next = pool->spare;
    pool->spare = transfer;
    pool->count++;
}

void transfer_pool_done(struct transfer_pool *pool)
{
    while (pool->spare) {
        struct transfer *transfer = pool->spare;

        pool->spare = transfer->next;
        transfer_free(transfer);
    }
    pool->count = 0;
}

CURL *transfer_easy(const struct transfer *transfer)
{
    return transfer->easy;
}

struct job *transfer_of(CURL *easy)
{
    struct transfer *transfer = NULL;

    must(curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer));
    return transfer->job;
}

/* A field of the final answer, "" when absent; a proxy's are not looked at. */
static const char *field(const struct transfer *transfer, const char *name)
{
    struct curl_header *found = NULL;

    if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &found) !=
        CURLHE_OK)
        return "";
    return found->value;
}

int64_t transfer_elapsed_ms(const struct transfer *transfer)
{
    curl_off_t elapsed_us = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &elapsed_us);
    return elapsed_us / 1000;
}

static bool answer_failure(
    const struct transfer *transfer, CURLcode result, struct http_answer *out)
{
    const struct job *job = transfer->job;
    struct failure failure = {
        .code = result,
        .host = address_host(job->host->origin),
        .detail = transfer->detail,
        .too_large = transfer->body.too_large,
        .limit_bytes = transfer->body.limit,
    };

    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &failure.system_error);
    failure.elapsed_ms = transfer_elapsed_ms(transfer);
    out->status = failure_explain(&failure, &out->error);
    return failure_is_passing(&failure);
}

void transfer_answer(const struct transfer *transfer, CURLcode result,
    struct http_answer *out, bool *again)
{
    *out = (struct http_answer){
        .content_type = field(transfer, "Content-Type"),
        .location = field(transfer, "Location"),
        .async_operation = field(transfer, "Azure-AsyncOperation"),
        .request_id = field(transfer, "x-ms-request-id"),
        .www_authenticate = field(transfer, "WWW-Authenticate"),
        .network_info = field(transfer, "x-ms-keyvault-network-info"),
        .date_s = retry_parse_date(field(transfer, "Date")),
    };
    out->retry_after_s = retry_parse_after(
        field(transfer, "Retry-After"), out->date_s, clock_now_s());
    if (result != CURLE_OK) {
        *again = answer_failure(transfer, result, out);
        return;
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &out->code);
    out->body = (struct view){ transfer->body.data, transfer->body.size };
    *again = retry_is_worth(out->code);
}

static void count_least(int64_t *least, const char *text)
{
    int64_t count = retry_parse_count(text);

    if (count >= 0 && count < *least)
        *least = count;
}

/* Resource Graph's quota is a person's and says when it is full again; those of
 * Resource Manager are buckets that fill all the time, one of them shared by
 * all who ask. */
struct transfer_quota transfer_quota(const struct transfer *transfer)
{
    static const char *const kinds[JOB_KIND_COUNT] = {
        [JOB_READ] = "reads",
        [JOB_QUERY] = "writes",
        [JOB_WRITE] = "writes",
        [JOB_DELETE] = "deletes",
    };
    static const char *const scopes[] = { "subscription", "subscription-global",
        "tenant" };
    struct transfer_quota quota = { .left = INT64_MAX, .queries = INT64_MAX };

    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        char name[64];

        snprintf(name, sizeof name, "x-ms-ratelimit-remaining-%s-%s", scopes[i],
            kinds[transfer->job->kind]);
        count_least(&quota.left, field(transfer, name));
    }
    count_least(&quota.queries, field(transfer, "x-ms-user-quota-remaining"));
    quota.resets_s =
        retry_parse_clock(field(transfer, "x-ms-user-quota-resets-after"));
    if (quota.resets_s < 0)
        quota.resets_s = 0;
    return quota;
}
