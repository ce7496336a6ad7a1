/* libcurl's codes in words. One row each for what happens to people; the rest
 * says what libcurl says. */
#include "failure.h"

#include <string.h>

#define NETWORK_ADVICE "check the network or the proxy and try again"

struct reason {
    CURLcode code;
    bool passing;
    const char *what; /* after the host's name */
    const char *advice;
};

static const struct reason reasons[] = {
    {
        .code = CURLE_COULDNT_RESOLVE_HOST,
        .passing = true,
        .what = "was not found by the name server",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_COULDNT_RESOLVE_PROXY,
        .passing = true,
        .what = "was not asked: the proxy's name was not found",
        .advice = "check https_proxy and try again",
    },
    {
        .code = CURLE_COULDNT_CONNECT,
        .passing = true,
        .what = "did not answer",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_OPERATION_TIMEDOUT,
        .passing = true,
        .what = "did not answer in time",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_GOT_NOTHING,
        .passing = true,
        .what = "closed the connection without an answer",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_PARTIAL_FILE,
        .passing = true,
        .what = "sent an answer that was cut off",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_SEND_ERROR,
        .passing = true,
        .what = "closed the connection while it was being asked",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_RECV_ERROR,
        .passing = true,
        .what = "closed the connection before its answer was complete",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_SSL_CONNECT_ERROR,
        .passing = true,
        .what = "could not be talked to over TLS",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_PEER_FAILED_VERIFICATION,
        .passing = false,
        .what = "has a certificate that this machine does not trust",
        .advice = "if a proxy inspects TLS, name its CA in SSL_CERT_FILE",
    },
    {
        .code = CURLE_SSL_CACERT_BADFILE,
        .passing = false,
        .what = "was not asked: the CA certificates could not be read",
        .advice = "check SSL_CERT_FILE or install ca-certificates",
    },
    {
        .code = CURLE_HTTP2,
        .passing = true,
        .what = "broke off the HTTP/2 connection",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_HTTP2_STREAM,
        .passing = true,
        .what = "broke off its answer",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_WEIRD_SERVER_REPLY,
        .passing = false,
        .what = "did not answer with HTTP",
        .advice = NETWORK_ADVICE,
    },
    {
        .code = CURLE_BAD_CONTENT_ENCODING,
        .passing = true,
        .what = "sent an answer that could not be unpacked",
        .advice = NETWORK_ADVICE,
    },
};

static const struct reason *reason_find(CURLcode code)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].code == code)
            return &reasons[i];
    return NULL;
}

/* Four codes have more to tell than their row. */
static void detail_put(struct buf *out, const struct failure *failure)
{
    if (failure->code == CURLE_COULDNT_CONNECT && failure->system_error)
        buf_puts(out, strerror((int)failure->system_error));
    if (failure->code == CURLE_OPERATION_TIMEDOUT)
        buf_putf(out, "nothing complete came within %.3g s",
            (double)failure->elapsed_ms / 1000.0);
    if (failure->code == CURLE_PEER_FAILED_VERIFICATION ||
        failure->code == CURLE_SSL_CONNECT_ERROR)
        buf_puts(out, failure->detail);
}

static enum kv_status failure_too_large(
    const struct failure *failure, struct kv_error *err)
{
    return kv_error_set(err, KV_TOO_LARGE,
        "%s sent more than the %zu bytes that are read of such an answer; ask "
        "for less at once",
        failure->host, failure->limit_bytes);
}

enum kv_status failure_explain(
    const struct failure *failure, struct kv_error *err)
{
    const struct reason *reason = reason_find(failure->code);
    struct buf detail = { .limit = 256 };

    if (failure->too_large)
        return failure_too_large(failure, err);
    if (!reason)
        return kv_error_set(err, KV_NETWORK, "%s did not answer: %s; %s",
            failure->host, curl_easy_strerror(failure->code), NETWORK_ADVICE);
    detail_put(&detail, failure);
    kv_error_set(err, KV_NETWORK, "%s %s%s%s; %s", failure->host, reason->what,
        detail.size > 0 ? ": " : "", buf_text(&detail), reason->advice);
    buf_done(&detail);
    return KV_NETWORK;
}

bool failure_is_passing(const struct failure *failure)
{
    const struct reason *reason = reason_find(failure->code);

    return !failure->too_large && reason && reason->passing;
}

struct http_answer http_no_answer(const struct kv_error *err)
{
    return (struct http_answer){
        .status = err->status,
        .content_type = "",
        .location = "",
        .async_operation = "",
        .request_id = "",
        .www_authenticate = "",
        .network_info = "",
        .retry_after_s = -1,
        .error = *err,
    };
}
