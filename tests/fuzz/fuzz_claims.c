/* What a token says of whom it is for, and the base64 that it says it in. The
 * bytes are tried as a token, and as what lies within one. */
#include "fuzz.h"

#include "base64.h"
#include "claims.h"

static void read_claims(struct view token)
{
    struct claims claims = { 0 };

    claims_read(&claims, token);
    claims_done(&claims);
}

static void check_base64(struct view bytes)
{
    struct buf text = { .limit = 1u << 20 };
    struct hidden back = { 0 };

    base64_put_url(&text, bytes);
    if (base64_decode(&back, buf_view(&text)))
        fuzz_check(view_equal(hidden_view(&back), bytes));
    else
        fuzz_check(bytes.size >= 48 * 1024 || bytes.size == 0);
    hidden_done(&back);
    if (base64_decode(&back, bytes))
        fuzz_check(back.size <= bytes.size);
    hidden_done(&back);
    buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view bytes = fuzz_view(data, size);
    struct buf token = { .limit = 1u << 20 };

    read_claims(bytes);
    check_base64(bytes);
    buf_puts(&token, "e30.");
    base64_put_url(&token, bytes);
    buf_puts(&token, ".c2ln");
    read_claims(buf_view(&token));
    buf_done(&token);
    return 0;
}
