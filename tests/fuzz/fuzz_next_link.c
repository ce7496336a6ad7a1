/* Where a page says that the next one is: a token goes there only where it is
 * the cloud's own address, to which the whole of the link belongs. Stands in
 * for the sign-in, and for the transport with the transport's own rule. */
#include "fuzz.h"

#include "arm.h"

static const struct auth_cloud cloud = { .arm = "https://arm.contoso.example",
    .graph = "https://graph.contoso.example",
    .logs = "https://logs.contoso.example" };

struct http {
    const char *link;
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
};

/* Nothing of the link is lost, which would make it another. */
static void check_sent(const struct http *http, const char *url)
{
    struct buf wanted = { .limit = SIZE_MAX };

    if (http->link[0] == '/')
        buf_puts(&wanted, cloud.arm);
    buf_puts(&wanted, http->link);
    fuzz_check(strcmp(buf_text(&wanted), url) == 0);
    buf_done(&wanted);
}

uint64_t http_start(struct http *http, const struct http_request *request)
{
    struct buf origin = { .limit = 4096 };

    if (http_origin(&origin, request->url, NULL) == KV_OK &&
        strcmp(http_token_origin(request->token), buf_text(&origin)) == 0)
        check_sent(http, request->url);
    http->done = request->done;
    http->context = request->context;
    buf_done(&origin);
    return 1;
}

uint32_t http_in_flight(const struct http *http)
{
    (void)http;
    return 0;
}

void http_take_part(struct http *http, const struct http_part *part)
{
    fuzz_check(http && part->path && part->left && part->retry_after);
}

const struct auth_cloud *auth_cloud(const struct auth *auth)
{
    (void)auth;
    return &cloud;
}

void auth_token(struct auth *auth, const struct auth_token_request *request)
{
    struct http_token *token = http_token_new(view_of("t"), cloud.arm);

    (void)auth;
    request->done(request->context, token, NULL);
    http_token_drop(token);
}

static void told(void *context, const struct http_answer *answer)
{
    unsigned *times = context;

    ++*times;
    fuzz_check(answer->status != KV_OK && answer->error.text[0]);
}

static void follow(const char *link)
{
    struct http http = { .link = link };
    struct arm *arm = arm_new(&http, NULL);
    struct http_answer answer = { 0 };
    unsigned times = 0;

    arm_send(arm,
        &(struct arm_request){ .path = link, .done = told, .context = &times });
    answer.status = kv_error_set(&answer.error, KV_NETWORK, "No answer came.");
    if (http.done)
        http.done(http.context, &answer);
    arm_step(arm, INT64_MAX);
    fuzz_check(times == 1 && !arm_busy(arm));
    arm_free(arm);
}

/* As it is, and longer than an address can be. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view link = fuzz_view(data, size);
    struct buf longer = { .limit = 1u << 20 };
    char *text = fuzz_text(link);

    follow(text);
    if (size > 0) {
        buf_putf(&longer, "%s/%020000d", text, 0);
        follow(buf_text(&longer));
    }
    buf_done(&longer);
    mem_free(text);
    return 0;
}
