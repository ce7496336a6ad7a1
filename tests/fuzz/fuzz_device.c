/* The answers to a sign-in with a device code, from the code to the token, a
 * line each: a person is shown a code and an address, or is told why not. The
 * first byte of a line picks its status. Stands in for the transport. */
#include "fuzz.h"

#include "way.h"

static const long codes[] = { 200, 400, 429, 500, 0 };
static const struct auth_cloud cloud = { .name = "TEST",
    .arm = "https://arm.contoso.example",
    .login = "https://login.contoso.example",
    .audience = "https://arm.contoso.example/" };

/* The one request that is under way. */
struct http {
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
    unsigned answers; /* to ask() */
};

uint64_t http_start(struct http *http, const struct http_request *request)
{
    fuzz_check(!http->done);
    fuzz_check(http_same_origin(request->url, cloud.login));
    http->done = request->done;
    http->context = request->context;
    return 1;
}

void http_cancel(struct http *http, uint64_t id)
{
    (void)id;
    http->done = NULL;
}

static void told(void *context, struct grant *grant, const struct kv_error *err)
{
    struct http *http = context;

    http->answers++;
    fuzz_check(grant ? grant->access.size > 0 : err->status != KV_OK);
    fuzz_check(grant || err->text[0]);
}

static void changed(void *context)
{
    (void)context;
}

static void answer(struct http *http, struct view line)
{
    void (*done)(void *, const struct http_answer *) = http->done;
    struct http_answer got = { .content_type = "",
        .location = "",
        .async_operation = "",
        .request_id = "",
        .www_authenticate = "",
        .retry_after_s = -1 };

    got.code = codes[fuzz_take_byte(&line) % LENGTH(codes)];
    got.body = line;
    if (got.code == 0)
        got.status = kv_error_set(&got.error, KV_NETWORK, "No answer came.");
    http->done = NULL;
    done(http->context, &got);
}

/* Either the person has what to enter, or there is nothing to show. */
static void check_shown(const struct way *way)
{
    struct device_code code = way_device_code(way);

    fuzz_check((*code.user_code != '\0') == (*code.verification_uri != '\0') ||
               code.expires_at_s == 0);
    fuzz_check(way->ops->due_ms(way) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view rest = fuzz_view(data, size);
    struct http http = { 0 };
    char *environment[] = { NULL };
    struct way *way = way_device.open();

    way->port = (struct way_port){ .http = &http,
        .cloud = &cloud,
        .environment = environment,
        .done = told,
        .changed = changed,
        .context = &http };
    while (rest.size > 0) {
        if (!http.done) {
            way->wish = (struct way_wish){ .audience = cloud.audience };
            way_device.ask(way);
        }
        answer(&http, view_cut(&rest, '\n'));
        check_shown(way);
    }
    way_device.stop(way);
    way_device.close(way);
    fuzz_check(http.answers <= size);
    return 0;
}
