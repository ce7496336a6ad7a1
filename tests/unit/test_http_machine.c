/* Services of the machine itself, and header fields of the caller's own. */
#include "http.h"

#include "loopback.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define PATIENCE_MS 5000

struct origin_case {
    const char *url;
    const char *origin; /* NULL: refused */
};

static const struct origin_case origins[] = {
    { "http://169.254.169.254/metadata", "http://169.254.169.254" },
    { "http://localhost:40342/x", "http://localhost:40342" },
    { "http://127.0.0.1:41/msi/token?a=b", "http://127.0.0.1:41" },
    { "https://169.254.169.254/", "https://169.254.169.254" },
    { "http://169.254.169.253/", NULL },
    { "http://169.254.169.254.contoso.example/", NULL },
    { "http://169.254.169.254@contoso.example/", NULL },
    { "https://contoso.example/", NULL },
    { "http://10.0.0.4/", NULL },
    { "", NULL },
};

static void test_origins(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(origins); i++) {
        struct buf origin = { .limit = 200 };
        enum kv_status status =
            http_machine_origin(&origin, origins[i].url, NULL);

        if (origins[i].origin ? status != KV_OK : status != KV_BAD_INPUT)
            fail_with("%s: %d", origins[i].url, (int)status);
        assert_string_equal(
            buf_text(&origin), origins[i].origin ? origins[i].origin : "");
        buf_done(&origin);
    }
    assert_int_not_equal(http_origin(&(struct buf){ .limit = 200 },
                             "http://169.254.169.254/", NULL),
        KV_OK);
}

struct told {
    unsigned times;
    enum kv_status status;
    char text[512];
};

static void told_done(void *context, const struct http_answer *answer)
{
    struct told *told = context;

    told->times++;
    told->status = answer->status;
    snprintf(told->text, sizeof told->text, "%s", answer->error.text);
}

static struct told ask(struct http_request request)
{
    struct http *http = http_new(&(struct http_options){ .backoff_ms = 2 });
    int64_t end_ms = clock_steady_ms() + PATIENCE_MS;
    struct told told = { 0 };

    request.done = told_done;
    request.context = &told;
    http_start(http, &request);
    while (told.times == 0 && clock_steady_ms() < end_ms) {
        http_wait(http, NULL, 0, 100);
        http_step(http);
    }
    http_free(http);
    return told;
}

static void test_fields(void **state)
{
    static const struct loopback_reply replies[] = { { .text = OK } };
    struct loopback *server = loopback_new(replies, 1);
    struct told told = ask((struct http_request){
        .url = loopback_origin(server),
        .machine = true,
        .connect_ms = 1000,
        .fields = { { "Metadata", "true" }, { "X-IDENTITY-HEADER", "abc" } },
    });

    (void)state;
    assert_int_equal(told.status, KV_OK);
    assert_contains(loopback_request(server, 0), "\r\nMetadata: true\r\n");
    assert_contains(
        loopback_request(server, 0), "\r\nX-IDENTITY-HEADER: abc\r\n");
    loopback_free(server);
}

static void test_fields_stay_on_their_line(void **state)
{
    static const char *const values[] = { "a\r\nHost: b", "a\n", "\xc3\xa4" };
    static const struct loopback_reply replies[] = { { .text = OK } };
    struct loopback *server = loopback_new(replies, 1);

    (void)state;
    for (size_t i = 0; i < LENGTH(values); i++) {
        struct told told = ask((struct http_request){
            .url = loopback_origin(server),
            .fields = { { "Secret", values[i] } },
        });

        assert_int_equal(told.status, KV_BAD_INPUT);
        assert_contains(told.text, "would not be one line");
        assert_lacks(told.text, "Secret");
    }
    assert_int_equal(loopback_connections(server), 0);
    loopback_free(server);
}

static void test_other_machines_are_not_asked(void **state)
{
    struct told told = ask((struct http_request){
        .url = "https://contoso.example/metadata",
        .machine = true,
    });

    (void)state;
    assert_int_equal(told.status, KV_BAD_INPUT);
    assert_contains(told.text, "not one of this machine's own");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_fields_stay_on_their_line),
        cmocka_unit_test(test_other_machines_are_not_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
