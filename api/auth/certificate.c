/* Signing in as an application with a client certificate from a file, by the
 * names that the azure-identity libraries use. */
#include "way.h"

#include "assertion.h"
#include "errors.h"

#include <string.h>

#define WHAT "the sign-in with a client certificate"

struct certificate {
    struct way way;
    enum assertion_algorithm algorithm; /* the one that was accepted last */
    bool second_try;
};

static struct way *certificate_open(void)
{
    struct certificate *certificate = mem_alloc(sizeof *certificate);

    certificate->way.ops = &way_certificate;
    return &certificate->way;
}

static void certificate_close(struct way *way)
{
    mem_free(way);
}

static bool certificate_applies(struct way *way, struct buf *missing)
{
    if (way_getenv(way, "AZURE_CLIENT_CERTIFICATE_PATH"))
        return way_has_application(
            way, "AZURE_CLIENT_CERTIFICATE_PATH", missing);
    if (way_getenv(way, "AZURE_CLIENT_ID") || way->port.chosen)
        buf_puts(
            missing, "The environment sets no AZURE_CLIENT_CERTIFICATE_PATH.");
    return false;
}

static bool is_on(const char *text)
{
    return text && (strcmp(text, "1") == 0 || text_equal_nocase(text, "true"));
}

/* The file is read for every token, so that a renewed certificate needs no new
 * start and the key stays in memory for a moment only. */
static enum kv_status certificate_sign(
    struct certificate *certificate, struct hidden *out, struct kv_error *err)
{
    const struct way *way = &certificate->way;
    struct credential credential = { 0 };
    struct buf audience = { .limit = 1024 };
    enum kv_status status = credential_load(&credential,
        way_getenv(way, "AZURE_CLIENT_CERTIFICATE_PATH"),
        way_getenv(way, "AZURE_CLIENT_CERTIFICATE_PASSWORD"), clock_now_s(),
        err);

    way_put_endpoint(way, &audience, way_tenant(way), "token");
    if (status == KV_OK)
        status = assertion_sign(out,
            &(struct assertion){
                .algorithm = certificate->algorithm,
                .audience = buf_text(&audience),
                .client = way_getenv(way, "AZURE_CLIENT_ID"),
                .send_chain = is_on(
                    way_getenv(way, "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN")),
                .now_s = clock_now_s(),
            },
            &credential, err);
    buf_done(&audience);
    credential_done(&credential);
    return status;
}

static void certificate_answered(
    void *context, const struct http_answer *answer);

static void certificate_post(struct certificate *certificate)
{
    struct way *way = &certificate->way;
    struct hidden assertion = { 0 };
    struct form form = { 0 };
    struct kv_error err = { 0 };

    if (certificate_sign(certificate, &assertion, &err) == KV_OK) {
        way_put_application(way, &form);
        way_put_assertion(&form, hidden_view(&assertion));
        way_put_wish(way, &form, false);
        way_post(way, &(struct way_form){
                          .tenant = way_tenant(way),
                          .endpoint = "token",
                          .form = &form,
                          .repeatable = true,
                          .done = certificate_answered,
                      });
    } else {
        way_fail(way, &err);
    }
    form_done(&form);
    hidden_done(&assertion);
}

/* An authority that does not take PS256 calls the assertion malformed or its
 * signature wrong. */
static bool wants_other_algorithm(const struct http_answer *answer)
{
    struct refusal refusal;

    if (answer->status != KV_OK || answer->code == 200)
        return false;
    refusal_read(&refusal, answer->body);
    return refusal.number == 700027 || refusal.number == 50027;
}

static void certificate_answered(
    void *context, const struct http_answer *answer)
{
    struct certificate *certificate = context;

    certificate->way.request = 0;
    if (answer->status == KV_CANCELLED)
        return;
    if (!certificate->second_try && certificate->algorithm == ASSERTION_PS256 &&
        wants_other_algorithm(answer)) {
        certificate->second_try = true;
        certificate->algorithm = ASSERTION_RS256;
        certificate_post(certificate);
        return;
    }
    if (answer->status == KV_OK && answer->code != 200)
        certificate->algorithm = ASSERTION_PS256;
    way_take_answer(&certificate->way, answer, WHAT,
        way_getenv(&certificate->way, "AZURE_CLIENT_ID"));
}

static void certificate_ask(struct way *way)
{
    struct certificate *certificate = (struct certificate *)way;

    certificate->second_try = false;
    certificate_post(certificate);
}

const struct way_ops way_certificate = {
    .name = "client certificate",
    .exclusive = true,
    .open = certificate_open,
    .close = certificate_close,
    .applies = certificate_applies,
    .ask = certificate_ask,
    .stop = way_cancel,
};
