/* A 401's WWW-Authenticate field: the claims that it asks for are JSON, or it
 * asks for none. */
#include "fuzz.h"

#include <jansson.h>

#include "auth.h"
#include "base64.h"

static void check_field(const char *field)
{
    struct buf claims = { .limit = 1u << 16 };
    json_t *object;

    if (auth_challenge_claims(&claims, field)) {
        object = json_loadb(claims.data, claims.size, 0, NULL);
        fuzz_check(json_is_object(object));
        json_decref(object);
    } else {
        fuzz_check(claims.size == 0);
    }
    buf_done(&claims);
}

/* The bytes as the claims of a field that is else in order. */
static void check_claims(struct view bytes)
{
    struct buf field = { .limit = 1u << 20 };

    buf_puts(&field, "Bearer realm=\"\", error=\"insufficient_claims\", "
                     "claims=\"");
    base64_put(&field, bytes);
    buf_puts(&field, "\"");
    check_field(buf_text(&field));
    buf_done(&field);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *field = fuzz_text(fuzz_view(data, size));

    check_field(field);
    check_claims(fuzz_view(data, size));
    mem_free(field);
    return 0;
}
