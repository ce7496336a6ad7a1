/* Why Entra said no: a sentence without what a token or a terminal could be
 * hurt by. The first byte picks the HTTP status. */
#include "fuzz.h"

#include "errors.h"

static const long codes[] = { 400, 401, 403, 404, 429, 500, 503, 200 };

static void check_refusal(const struct refusal *refusal)
{
    const char *sentence = refusal_sentence(refusal->number);

    fuzz_check(memchr(refusal->error, '\0', sizeof refusal->error));
    fuzz_check(memchr(refusal->text, '\0', sizeof refusal->text));
    fuzz_check(memchr(refusal->correlation, '\0', sizeof refusal->correlation));
    fuzz_check(refusal->number >= 0);
    fuzz_check(!strchr(refusal->text, '\n'));
    fuzz_check(!sentence || *sentence);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view body = fuzz_view(data, size);
    const struct http_answer answer = {
        .code = codes[fuzz_take_byte(&body) % LENGTH(codes)],
        .body = body,
        .retry_after_s = -1,
    };
    struct refusal refusal;
    struct kv_error err = { 0 };
    char *text = fuzz_text(body);

    refusal_read(&refusal, body);
    check_refusal(&refusal);
    fuzz_check(refusal_find_number(text) >= 0);
    fuzz_check(
        refusal_explain(&refusal, "the sign-in", &answer, &err) == err.status);
    fuzz_check(err.status != KV_OK && err.text[0]);
    mem_free(text);
    return 0;
}
