/* ARM's errors: a sentence and a status come of any body. The first byte picks
 * the HTTP status. */
#include "fuzz.h"

#include "azure.h"

static const long codes[] = { 400, 401, 403, 404, 409, 412, 429, 500, 302, 0 };

static void check_parsed(struct view body)
{
    struct azure_error error;

    azure_error_parse(&error, body);
    fuzz_check_within(error.message, error.action);
    fuzz_check(error.body || (!error.code.data && !error.message.data));
    azure_error_done(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view body = fuzz_view(data, size);
    long code = codes[fuzz_take_byte(&body) % LENGTH(codes)];
    struct kv_error err = { 0 };

    check_parsed(body);
    fuzz_check(azure_error_set(&err, code, body, "locks") == err.status);
    fuzz_check(err.status != KV_OK);
    fuzz_check(strncmp(err.text, "locks: ", 7) == 0);
    fuzz_check(memchr(err.text, '\0', sizeof err.text));
    return 0;
}

struct seeding {
    fuzz_take_fn *take;
    void *context;
};

static void seed_body(void *context, struct view body)
{
    const struct seeding *seeding = context;
    struct buf seed = { .limit = 1u << 16 };

    buf_putc(&seed, 2);
    buf_put(&seed, body);
    if (!seed.failed && body.size < 4096 &&
        memmem(body.data, body.size, "error", 5))
        seeding->take(seeding->context, buf_view(&seed));
    buf_done(&seed);
}

void fuzz_seeds(fuzz_take_fn *take, void *context)
{
    fuzz_each_body(seed_body, &(struct seeding){ take, context });
}
