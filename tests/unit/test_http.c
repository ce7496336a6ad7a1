/* The transport against a server that misbehaves. */
#include "http.h"

#include "loopback.h"
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define PATIENCE_MS 5000

/* What a callback was told, copied. */
struct told {
    unsigned times;
    enum kv_status status;
    long code;
    char body[64];
    char location[64];
    char request_id[64];
    int64_t retry_after_s;
    char text[512];
    /* what to do from inside the callback */
    struct http *http;
    uint64_t cancel;
    const struct http_request *start;
};

static void told_done(void *context, const struct http_answer *answer)
{
    struct told *told = context;

    told->times++;
    told->status = answer->status;
    told->code = answer->code;
    told->retry_after_s = answer->retry_after_s;
    snprintf(told->body, sizeof told->body, "%.*s", (int)answer->body.size,
        answer->body.data ? answer->body.data : "");
    snprintf(told->location, sizeof told->location, "%s", answer->location);
    snprintf(
        told->request_id, sizeof told->request_id, "%s", answer->request_id);
    snprintf(told->text, sizeof told->text, "%s", answer->error.text);
    if (told->cancel)
        http_cancel(told->http, told->cancel);
    if (told->start)
        http_start(told->http, told->start);
}

static void run(struct http *http)
{
    int64_t end_ms = clock_steady_ms() + PATIENCE_MS;

    while (http_in_flight(http) > 0 && clock_steady_ms() < end_ms) {
        http_wait(http, NULL, 0, 100);
        http_step(http);
    }
    assert_int_equal(http_in_flight(http), 0);
}

static struct http *quick(void)
{
    return http_new(&(struct http_options){
        .user_agent = "kvgov/test",
        .backoff_ms = 5,
        .per_host = 4,
    });
}

struct scene {
    struct loopback *server;
    struct http *http;
    char url[80];
};

static struct scene scene_open(
    const struct loopback_reply *replies, size_t count)
{
    struct scene scene = {
        .server = loopback_new(replies, count),
        .http = quick(),
    };

    snprintf(
        scene.url, sizeof scene.url, "%s/x", loopback_origin(scene.server));
    return scene;
}

static void scene_close(struct scene *scene)
{
    http_free(scene->http);
    loopback_free(scene->server);
}

/* ---- what every request is like ---- */

static void test_get(void **state)
{
    const struct loopback_reply replies[] = { {
        .text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                "X-MS-Request-Id: r-1\r\nContent-Type: application/json\r\n"
                "\r\n{}",
    } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };
    struct http_request request = {
        .url = scene.url, .done = told_done, .context = &told
    };
    const char *seen;

    (void)state;
    assert_int_not_equal(http_start(scene.http, &request), 0);
    assert_int_equal(told.times, 0);
    run(scene.http);
    assert_int_equal(told.times, 1);
    assert_int_equal(told.status, KV_OK);
    assert_int_equal(told.code, 200);
    assert_string_equal(told.body, "{}");
    assert_string_equal(told.request_id, "r-1");
    assert_int_equal(told.retry_after_s, -1);
    assert_int_equal(http_sent(scene.http), 1);
    seen = loopback_request(scene.server, 0);
    assert_contains(seen, "GET /x HTTP/1.1\r\n");
    assert_contains(seen, "User-Agent: kvgov/test\r\n");
    assert_contains(seen, "Accept-Encoding: gzip\r\n");
    assert_lacks(seen, "Authorization");
    assert_lacks(seen, "Content-Type");
    scene_close(&scene);
}

struct method_case {
    enum http_method method;
    const char *body;
    const char *line;
    const char *length; /* NULL: none */
};

static const struct method_case methods[] = {
    { HTTP_GET, "", "GET /x", NULL },
    { HTTP_POST, "{\"a\":1}", "POST /x", "Content-Length: 7\r\n" },
    { HTTP_POST, "", "POST /x", "Content-Length: 0\r\n" },
    { HTTP_PUT, "{}", "PUT /x", "Content-Length: 2\r\n" },
    { HTTP_PATCH, "{}", "PATCH /x", "Content-Length: 2\r\n" },
    { HTTP_DELETE, "", "DELETE /x", NULL },
};

static void test_methods(void **state)
{
    const struct loopback_reply replies[] = { { .text = OK } };
    struct scene scene = scene_open(replies, 1);

    (void)state;
    for (unsigned i = 0; i < LENGTH(methods); i++) {
        const struct method_case *row = &methods[i];
        struct told told = { 0 };
        const char *seen;

        http_start(scene.http,
            &(struct http_request){
                .method = row->method,
                .url = scene.url,
                .content_type = *row->body ? "application/json" : NULL,
                .body = view_of(row->body),
                .done = told_done,
                .context = &told,
            });
        run(scene.http);
        assert_int_equal(told.code, 200);
        seen = loopback_request(scene.server, i);
        assert_contains(seen, row->line);
        if (row->length)
            assert_contains(seen, row->length);
        else
            assert_lacks(seen, "Content-Length");
        if (*row->body)
            assert_contains(seen, "Content-Type: application/json\r\n");
        else
            assert_lacks(seen, "Content-Type");
        assert_contains(seen, row->body);
    }
    scene_close(&scene);
}

static void test_connections_are_reused(void **state)
{
    const struct loopback_reply replies[] = { { .text = OK } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 20; i++)
            http_start(scene.http,
                &(struct http_request){
                    .url = scene.url, .done = told_done, .context = &told });
        run(scene.http);
    }
    assert_int_equal(told.times, 60);
    assert_in_range(loopback_connections(scene.server), 1, 4);
    assert_in_range(loopback_most_open(scene.server), 1, 4);
    scene_close(&scene);
}

static void test_interactive_overtakes(void **state)
{
    const struct loopback_reply replies[] = { { .text = OK } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };
    char urgent[96];

    (void)state;
    for (int i = 0; i < 20; i++)
        http_start(scene.http,
            &(struct http_request){
                .url = scene.url, .done = told_done, .context = &told });
    snprintf(urgent, sizeof urgent, "%s/urgent", loopback_origin(scene.server));
    http_start(scene.http, &(struct http_request){ .url = urgent,
                               .interactive = true,
                               .done = told_done,
                               .context = &told });
    run(scene.http);
    for (unsigned i = 0; i < 21; i++)
        if (strstr(loopback_request(scene.server, i), "/urgent"))
            assert_in_range(i, 0, 3); /* of the four that may go at once */
    assert_int_equal(told.times, 21);
    scene_close(&scene);
}

/* ---- tokens ---- */

static void test_token_goes_to_its_origin(void **state)
{
    const struct loopback_reply replies[] = { { .text = OK } };
    struct scene scene = scene_open(replies, 1);
    struct http_token *token =
        http_token_new(view_of("abc.def\r\nX-Evil: 1"), scene.url);
    struct told told = { 0 };

    (void)state;
    http_start(scene.http, &(struct http_request){ .url = scene.url,
                               .token = token,
                               .done = told_done,
                               .context = &told });
    http_token_drop(token); /* the request holds its own */
    run(scene.http);
    assert_int_equal(told.code, 200);
    assert_contains(
        loopback_request(scene.server, 0), "Authorization: Bearer abc.def\r\n");
    assert_lacks(loopback_request(scene.server, 0), "Evil");
    scene_close(&scene);
}

static void test_token_goes_nowhere_else(void **state)
{
    const struct loopback_reply replies[] = { { .text = OK } };
    struct scene scene = scene_open(replies, 1);
    struct http_token *token =
        http_token_new(view_of("abc"), "https://management.azure.com");
    struct told told = { 0 };

    (void)state;
    http_start(scene.http, &(struct http_request){ .url = scene.url,
                               .token = token,
                               .done = told_done,
                               .context = &told });
    assert_int_equal(told.times, 0);
    run(scene.http);
    assert_int_equal(told.times, 1);
    assert_int_equal(told.status, KV_FOREIGN_HOST);
    assert_contains(told.text, "a token for management.azure.com");
    assert_int_equal(loopback_connections(scene.server), 0);
    assert_int_equal(http_sent(scene.http), 0);
    http_token_drop(token);
    scene_close(&scene);
}

static void test_redirect_is_an_answer(void **state)
{
    const struct loopback_reply replies[] = { {
        .text = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/y\r\n"
                "Content-Length: 0\r\n\r\n",
    } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };

    (void)state;
    http_start(scene.http,
        &(struct http_request){
            .url = scene.url, .done = told_done, .context = &told });
    run(scene.http);
    assert_int_equal(told.status, KV_OK);
    assert_int_equal(told.code, 302);
    assert_string_equal(told.location, "http://127.0.0.1:9/y");
    assert_int_equal(http_sent(scene.http), 1);
    scene_close(&scene);
}

static void test_bad_address(void **state)
{
    struct http *http = quick();
    struct told told = { 0 };

    (void)state;
    http_start(http, &(struct http_request){ .url = "http://contoso.example/",
                         .done = told_done,
                         .context = &told });
    run(http);
    assert_int_equal(told.status, KV_BAD_INPUT);
    assert_int_equal(http_sent(http), 0);
    http_free(http);
}

/* ---- trying again ---- */

struct again_case {
    const char *name;
    const char *first;
    bool close;
    enum http_method method;
    bool repeatable;
    bool once;
    long code;
    enum kv_status status;
    unsigned requests;
};

static const struct again_case agains[] = {
    { "500", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", false, HTTP_GET,
        false, false, 200, KV_OK, 2 },
    { "503", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", false, HTTP_PATCH,
        false, false, 200, KV_OK, 2 },
    { "429 to a query", "HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", false,
        HTTP_POST, true, false, 200, KV_OK, 2 },
    { "500 to a POST", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", false,
        HTTP_POST, false, false, 500, KV_OK, 1 },
    { "500 to one that goes once",
        "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", false, HTTP_PUT, false,
        true, 500, KV_OK, 1 },
    { "404", "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", false, HTTP_GET,
        false, false, 404, KV_OK, 1 },
    { "cut off", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{", true,
        HTTP_GET, false, false, 200, KV_OK, 2 },
    { "cut off, once", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{", true,
        HTTP_PATCH, false, true, 0, KV_NETWORK, 1 },
    { "cut off in a chunk",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{", true,
        HTTP_GET, false, false, 200, KV_OK, 2 },
    { "nothing at all", NULL, true, HTTP_GET, false, false, 200, KV_OK, 2 },
    { "nothing at all, once", NULL, true, HTTP_PUT, false, true, 0, KV_NETWORK,
        1 },
    { "not HTTP", "SSH-2.0-x\r\n\r\n", true, HTTP_GET, false, false, 0,
        KV_NETWORK, 1 },
};

static void test_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(agains); i++) {
        const struct again_case *row = &agains[i];
        const struct loopback_reply replies[] = {
            { .text = row->first, .close = row->close },
            { .text = OK },
        };
        struct scene scene = scene_open(replies, 2);
        struct told told = { 0 };

        http_start(scene.http, &(struct http_request){
                                   .method = row->method,
                                   .url = scene.url,
                                   .repeatable = row->repeatable,
                                   .once = row->once,
                                   .done = told_done,
                                   .context = &told,
                               });
        run(scene.http);
        if (told.times != 1 || told.code != row->code ||
            told.status != row->status ||
            loopback_requests(scene.server) != row->requests)
            fail_with("%s: expected %ld after %u, found %ld (%d) after %u: %s",
                row->name, row->code, row->requests, told.code,
                (int)told.status, loopback_requests(scene.server), told.text);
        scene_close(&scene);
    }
}

static void test_again_has_an_end(void **state)
{
    const struct loopback_reply replies[] = { {
        .text = "HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nlast",
    } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };

    (void)state;
    http_start(scene.http,
        &(struct http_request){
            .url = scene.url, .done = told_done, .context = &told });
    run(scene.http);
    assert_int_equal(told.status, KV_OK);
    assert_int_equal(told.code, 503);
    assert_string_equal(told.body, "last");
    assert_int_equal(http_sent(scene.http), 5);
    scene_close(&scene);
}

static void test_refused_connection(void **state)
{
    struct http *http =
        http_new(&(struct http_options){ .backoff_ms = 1, .retries = 1 });
    struct told told = { 0 };

    (void)state;
    http_start(http, &(struct http_request){ /* discard: nobody listens */
                         .url = "http://127.0.0.1:9/",
                         .done = told_done,
                         .context = &told });
    run(http);
    assert_int_equal(told.status, KV_NETWORK);
    assert_string_equal(told.text,
        "127.0.0.1:9 did not answer: Connection refused; check the network or "
        "the proxy and try again");
    assert_int_equal(http_sent(http), 2);
    http_free(http);
}

static void test_retry_after_holds_its_kind_back(void **state)
{
    const struct loopback_reply replies[] = {
        { .text = "HTTP/1.1 429 Slow\r\nRetry-After: 1\r\n"
                  "Content-Length: 0\r\n\r\n" },
        { .text = OK },
    };
    struct scene scene = scene_open(replies, 2);
    struct told first = { 0 }, second = { 0 }, write = { 0 };
    int64_t start_ms = clock_steady_ms();

    (void)state;
    http_start(scene.http,
        &(struct http_request){
            .url = scene.url, .done = told_done, .context = &first });
    while (loopback_requests(scene.server) == 0 ||
           http_waiting_s(scene.http) == 0) {
        http_wait(scene.http, NULL, 0, 10);
        http_step(scene.http);
    }
    http_start(scene.http,
        &(struct http_request){
            .url = scene.url, .done = told_done, .context = &second });
    http_start(scene.http, &(struct http_request){ .method = HTTP_PUT,
                               .url = scene.url,
                               .done = told_done,
                               .context = &write });
    while (write.times == 0) {
        http_wait(scene.http, NULL, 0, 10);
        http_step(scene.http);
    }
    assert_in_range(clock_steady_ms() - start_ms, 0, 900);
    assert_in_range(http_waiting_s(scene.http), 1, 2); /* with jitter */
    assert_int_equal(second.times, 0);
    assert_int_equal(loopback_requests(scene.server), 2);
    http_free(scene.http);
    assert_int_equal(first.status, KV_CANCELLED);
    assert_int_equal(second.status, KV_CANCELLED);
    loopback_free(scene.server);
}

static void test_used_up_quota_holds_back(void **state)
{
    const struct loopback_reply replies[] = {
        { .text = "HTTP/1.1 200 OK\r\nx-ms-user-quota-remaining: 0\r\n"
                  "x-ms-user-quota-resets-after: 00:00:09\r\n"
                  "Content-Length: 0\r\n\r\n" },
        { .text = OK },
    };
    struct scene scene = scene_open(replies, 2);
    struct told told = { 0 };
    struct http_request query = { .method = HTTP_POST,
        .url = scene.url,
        .repeatable = true,
        .done = told_done,
        .context = &told };

    (void)state;
    http_start(scene.http, &query);
    run(scene.http);
    assert_int_equal(told.code, 200);
    http_start(scene.http, &query);
    for (int i = 0; i < 5; i++) {
        http_wait(scene.http, NULL, 0, 10);
        http_step(scene.http);
    }
    assert_int_equal(told.times, 1);
    assert_int_equal(http_sent(scene.http), 1);
    assert_in_range(http_waiting_s(scene.http), 8, 9);
    scene_close(&scene);
}

/* ---- limits ---- */

static void test_stall(void **state)
{
    const struct loopback_reply replies[] = { {
        .text = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{",
    } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };

    (void)state;
    http_start(scene.http, &(struct http_request){ .url = scene.url,
                               .once = true,
                               .timeout_ms = 100,
                               .done = told_done,
                               .context = &told });
    run(scene.http);
    assert_int_equal(told.status, KV_NETWORK);
    assert_contains(told.text, "nothing complete came within 0.1");
    scene_close(&scene);
}

static void test_too_large(void **state)
{
    const struct loopback_reply replies[] = { {
        .text = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n123456789012",
    } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };

    (void)state;
    http_start(scene.http, &(struct http_request){ .url = scene.url,
                               .answer_limit = 11,
                               .done = told_done,
                               .context = &told });
    run(scene.http);
    assert_int_equal(told.status, KV_TOO_LARGE);
    assert_int_equal(http_sent(scene.http), 1);
    http_start(scene.http, &(struct http_request){ .url = scene.url,
                               .answer_limit = 12,
                               .done = told_done,
                               .context = &told });
    run(scene.http);
    assert_int_equal(told.status, KV_OK);
    assert_string_equal(told.body, "123456789012");
    scene_close(&scene);
}

static void test_secret_answers_grow(void **state)
{
    static char reply[20100];
    struct loopback_reply replies[] = { { .text = reply } };
    struct scene scene;
    struct told told = { 0 };

    (void)state;
    snprintf(reply, sizeof reply,
        "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n%020000d", 7);
    scene = scene_open(replies, 1);
    http_start(
        scene.http, &(struct http_request){ .method = HTTP_POST,
                        .url = scene.url,
                        .body = view_of("client_secret=x"),
                        .content_type = "application/x-www-form-urlencoded",
                        .secret_body = true,
                        .done = told_done,
                        .context = &told });
    run(scene.http);
    assert_int_equal(told.code, 200);
    assert_contains(told.body, "000000");
    scene_close(&scene);
}

/* ---- cancelling ---- */

static void test_cancel(void **state)
{
    const struct loopback_reply replies[] = { { .text = NULL } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };
    uint64_t ids[8];

    (void)state;
    for (int i = 0; i < 8; i++) /* four on the wire, four queued */
        ids[i] = http_start(scene.http,
            &(struct http_request){
                .url = scene.url, .done = told_done, .context = &told });
    while (loopback_requests(scene.server) < 4) {
        http_wait(scene.http, NULL, 0, 10);
        http_step(scene.http);
    }
    for (int i = 7; i >= 0; i--) {
        http_cancel(scene.http, ids[i]);
        http_cancel(scene.http, ids[i]);
    }
    http_cancel(scene.http, 0);
    http_cancel(scene.http, UINT64_MAX);
    assert_int_equal(told.times, 8);
    assert_int_equal(told.status, KV_CANCELLED);
    assert_int_equal(http_in_flight(scene.http), 0);
    scene_close(&scene);
}

static void test_callbacks_may_start_and_cancel(void **state)
{
    const struct loopback_reply replies[] = { { .text = OK } };
    struct scene scene = scene_open(replies, 1);
    struct told last = { 0 }, victim = { 0 };
    struct http_request more = {
        .url = scene.url, .done = told_done, .context = &last
    };
    struct told first = { .http = scene.http, .start = &more };
    uint64_t self;

    (void)state;
    self = http_start(scene.http,
        &(struct http_request){
            .url = scene.url, .done = told_done, .context = &first });
    (void)self;
    for (int i = 0; i < 6; i++)
        first.cancel = http_start(scene.http,
            &(struct http_request){
                .url = scene.url, .done = told_done, .context = &victim });
    run(scene.http);
    assert_int_equal(first.code, 200);
    assert_int_equal(last.code, 200);
    assert_int_equal(victim.times, 6);
    scene_close(&scene);
}

static void test_free_tells_everybody(void **state)
{
    const struct loopback_reply replies[] = { { .text = NULL } };
    struct scene scene = scene_open(replies, 1);
    struct told told = { 0 };

    (void)state;
    for (int i = 0; i < 6; i++)
        http_start(scene.http,
            &(struct http_request){
                .url = scene.url, .done = told_done, .context = &told });
    http_step(scene.http);
    scene_close(&scene);
    assert_int_equal(told.times, 6);
    assert_int_equal(told.status, KV_CANCELLED);
}

/* ---- waiting ---- */

static void test_wait_sees_other_descriptors(void **state)
{
    struct http *http = quick();
    struct http_fd fds[20];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < 20; i++)
        fds[i] = (struct http_fd){ .fd = i == 7 ? ends[0] : -1 };
    http_wait(http, fds, 20, 0);
    assert_false(fds[7].readable);
    assert_int_equal(write(ends[1], "x", 1), 1);
    http_wait(http, fds, 20, -1);
    assert_true(fds[7].readable);
    assert_false(fds[0].readable);
    close(ends[1]);
    close(ends[0]);
    http_free(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_connections_are_reused),
        cmocka_unit_test(test_interactive_overtakes),
        cmocka_unit_test(test_token_goes_to_its_origin),
        cmocka_unit_test(test_token_goes_nowhere_else),
        cmocka_unit_test(test_redirect_is_an_answer),
        cmocka_unit_test(test_bad_address),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_again_has_an_end),
        cmocka_unit_test(test_refused_connection),
        cmocka_unit_test(test_retry_after_holds_its_kind_back),
        cmocka_unit_test(test_used_up_quota_holds_back),
        cmocka_unit_test(test_stall),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_secret_answers_grow),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_callbacks_may_start_and_cancel),
        cmocka_unit_test(test_free_tells_everybody),
        cmocka_unit_test(test_wait_sees_other_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
