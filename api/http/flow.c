/* The flow: queued jobs go to libcurl, answers come back and are delivered or
 * rest until their next try; and the wait for all that. */
#include "http_inside.h"

#include "charge.h"
#include "retry.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS 256 /* at once, to all hosts */
#define HOSTS_KEPT 64   /* before idle ones are forgotten */
#define SLICE_MS 4      /* of callbacks in one step: a quarter of a frame */
#define FDS_ALONE 8     /* of the caller, waited for without libcurl */

/* ---- the way of an answer ---- */

static void rest(struct http *http, struct job *job, int64_t due_ms)
{
    transfer_put(&http->pool, job->transfer);
    job->transfer = NULL;
    job->state = JOB_RESTING;
    job->due_ms = due_ms;
    job_list_append(&http->resting, job);
}

/* What an answer says about what is counted with it: how much is left, that it
 * wants a pause. */
static void heed_bucket(struct bucket *bucket,
    const struct transfer_quota *quota, const struct host_pause *pause)
{
    struct bucket_told told = { .left = quota->left };

    if (bucket->kind == BUCKET_QUERIES) {
        told.left = quota->queries;
        told.resets_ms = retry_pause_ms(0, 0, quota->resets_s);
    }
    if (told.left < INT64_MAX)
        bucket_learn(bucket, &told, pause->now_ms);
    if (pause->until_ms > pause->now_ms)
        bucket_hold(bucket, pause->until_ms, pause->now_ms);
}

/* The same about the host, where nothing more is known. */
static void heed_host(struct host *host, const struct transfer_quota *quota,
    struct host_pause *pause)
{
    bool throttled = pause->until_ms > pause->now_ms;

    if (!throttled && quota->queries == 0 && quota->resets_s > 0) {
        pause->until_ms += retry_pause_ms(0, 0, quota->resets_s);
        host_hold(host, pause);
    } else if (throttled) {
        if (host_hold(host, pause))
            host_narrow(host);
    } else if (quota->left <= host->sent) {
        host_narrow(host);
    } else {
        host_widen(host);
    }
}

/* A 503 is the whole host's. */
static void heed(
    const struct job *job, const struct http_answer *answer, int64_t pause_ms)
{
    struct transfer_quota quota = transfer_quota(job->transfer);
    struct bucket *own = charge_own(job);
    bool throttled = retry_is_throttle(answer->code);
    struct host_pause pause = {
        .kind = job->kind,
        .all = answer->code == 503,
        .now_ms = clock_steady_ms(),
    };

    pause.until_ms = pause.now_ms + (throttled ? pause_ms : 0);
    if (!own || pause.all) {
        heed_host(job->host, &quota, &pause);
        return;
    }
    heed_bucket(own, &quota, &pause);
    if (!throttled)
        host_widen(job->host);
}

/* NULL when nothing was ever asked there. */
static struct host *host_find(const struct http *http, const char *address)
{
    struct buf origin = { .limit = 1024 };
    struct host *host = NULL;

    if (http_origin(&origin, address, NULL) == KV_OK)
        host = http->hosts;
    while (host && strcmp(host->origin, buf_text(&origin)) != 0)
        host = host->next;
    buf_done(&origin);
    return host;
}

void http_take_part(struct http *http, const struct http_part *part)
{
    struct host *host = host_find(http, part->origin);
    int64_t now_ms = clock_steady_ms();
    struct bucket_told told = { .left = retry_parse_count(part->left) };
    int64_t after_s = retry_parse_after(part->retry_after, 0, clock_now_s());
    struct bucket *bucket;

    http_tell_part(http, part);
    if (!host)
        return;
    bucket = charge_part(host, part->path, now_ms);
    if (told.left >= 0)
        bucket_learn(bucket, &told, now_ms);
    if (part->code == 429)
        bucket_hold(bucket,
            now_ms + retry_pause_ms(http->backoff_ms, 1, after_s), now_ms);
}

static void finish(struct http *http, struct job *job, CURLcode result)
{
    struct http_answer answer;
    int64_t pause_ms;
    bool again;

    transfer_answer(job->transfer, result, &answer, &again);
    http_tell(http, job, &answer);
    pause_ms =
        retry_pause_ms(http->backoff_ms, job->tries, answer.retry_after_s);
    http_withdraw(http, job);
    if (answer.status == KV_OK)
        heed(job, &answer, pause_ms);
    if (!again || !retry_is_safe(&job->request) || job->tries > http->retries) {
        http_deliver(http, job, &answer);
        return;
    }
    job->throttled = answer.status == KV_OK && retry_is_throttle(answer.code);
    rest(http, job,
        clock_steady_ms() + retry_jitter_ms(pause_ms, nrand48(http->dice)));
}

/* ---- a step ---- */

static void answer_refused(struct http *http, int64_t end_ms)
{
    while (http->refused.first && clock_steady_ms() < end_ms) {
        struct job *job = http->refused.first;
        struct http_answer answer = http_no_answer(job->refusal);

        http_withdraw(http, job);
        http_deliver(http, job, &answer);
    }
}

static void wake_rested(struct http *http, int64_t now_ms)
{
    struct job *next;

    for (struct job *job = http->resting.first; job; job = next) {
        next = job->next;
        if (job->due_ms > now_ms)
            continue;
        http_withdraw(http, job);
        job->throttled = false;
        host_queue_again(job->host, job);
    }
}

static void send_job(struct http *http, struct job *job)
{
    job->transfer = transfer_get(&http->pool, job, &http->settings);
    job->state = JOB_SENT;
    job->tries++;
    job->host->sent++;
    http->on_wire++;
    http->sent++;
    if (curl_multi_add_handle(http->multi, transfer_easy(job->transfer)) !=
        CURLM_OK)
        abort(); /* a handle that is in use or no handle at all */
}

static void forget_idle_hosts(struct http *http, int64_t now_ms)
{
    struct host **at = &http->hosts;

    while (*at && http->host_count > HOSTS_KEPT) {
        struct host *host = *at;

        if (host_is_idle(host, now_ms)) {
            *at = host->next;
            host_free(host);
            http->host_count--;
        } else {
            at = &host->next;
        }
    }
}

static void send_queued(struct http *http)
{
    int64_t now_ms = clock_steady_ms();

    http->wanted = false;
    for (struct host *host = http->hosts; host; host = host->next) {
        struct job *job;

        host_wake(host, now_ms);
        while (http->on_wire < CONNECTIONS && (job = host_take(host, now_ms)))
            send_job(http, job);
    }
    forget_idle_hosts(http, now_ms);
}

static void take_answers(struct http *http, int64_t end_ms)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(http->multi, &left))) {
        if (message->msg == CURLMSG_DONE)
            finish(
                http, transfer_of(message->easy_handle), message->data.result);
        if (clock_steady_ms() >= end_ms) {
            http->unfinished = true;
            return;
        }
    }
}

static int64_t due_in_ms(const struct http *http);

/* Nothing is under way or queued. What connections that are kept open say, the
 * next request finds out. */
static bool is_idle(const struct http *http)
{
    return !http->on_wire && due_in_ms(http) == INT64_MAX;
}

void http_step(struct http *http)
{
    int64_t now_ms = clock_steady_ms();
    int64_t end_ms = now_ms + SLICE_MS;
    int running;

    if (is_idle(http))
        return;
    http->unfinished = false;
    wake_rested(http, now_ms);
    answer_refused(http, end_ms);
    send_queued(http);
    curl_multi_perform(http->multi, &running);
    take_answers(http, end_ms);
    send_queued(http);
}

/* ---- waiting ---- */

/* Milliseconds until a step has something to do besides the sockets. */
static int64_t due_in_ms(const struct http *http)
{
    int64_t now_ms = clock_steady_ms();
    int64_t due_ms = INT64_MAX;

    if (http->wanted || http->unfinished || http->refused.first)
        return 0;
    for (const struct job *job = http->resting.first; job; job = job->next)
        if (job->due_ms < due_ms)
            due_ms = job->due_ms;
    for (const struct host *host = http->hosts;
         host && http->on_wire < CONNECTIONS; host = host->next) {
        int64_t host_ms = host_due_ms(host, now_ms);

        if (host_ms < due_ms)
            due_ms = host_ms;
    }
    if (due_ms == INT64_MAX)
        return INT64_MAX;
    return due_ms > now_ms ? due_ms - now_ms : 0;
}

static void waits_fill(
    struct http *http, const struct http_fd *fds, size_t count)
{
    while (http->wait_capacity < count)
        http->waits = mem_grow(http->waits, http->wait_capacity,
            &http->wait_capacity, sizeof *http->waits);
    for (size_t i = 0; i < count; i++)
        http->waits[i] = (struct curl_waitfd){
            .fd = fds[i].fd,
            .events = CURL_WAIT_POLLIN,
        };
}

static void wait_with_sockets(
    struct http *http, struct http_fd *fds, size_t count, int wait_ms)
{
    waits_fill(http, fds, count);
    curl_multi_poll(http->multi, http->waits, (unsigned)count, wait_ms, NULL);
    for (size_t i = 0; i < count; i++)
        fds[i].readable = http->waits[i].revents != 0;
}

static void wait_alone(struct http_fd *fds, size_t count, int wait_ms)
{
    struct pollfd polled[FDS_ALONE] = { 0 };

    for (size_t i = 0; i < count; i++)
        polled[i] = (struct pollfd){ .fd = fds[i].fd, .events = POLLIN };
    if (poll(polled, count, wait_ms) < 0)
        memset(polled, 0, sizeof(polled)); /* a signal: its pipe comes next */
    for (size_t i = 0; i < count; i++)
        fds[i].readable = polled[i].revents != 0;
}

void http_wait(
    struct http *http, struct http_fd *fds, size_t count, int timeout_ms)
{
    int64_t due_ms = due_in_ms(http);
    int wait_ms = timeout_ms < 0 ? INT_MAX : timeout_ms;

    if (due_ms < wait_ms)
        wait_ms = (int)due_ms;
    if (is_idle(http) && count <= FDS_ALONE)
        wait_alone(fds, count, wait_ms);
    else
        wait_with_sockets(http, fds, count, wait_ms);
}
