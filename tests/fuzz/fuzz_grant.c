/* What a token endpoint, or `az`, gives: a grant is whole or it is none. */
#include "fuzz.h"

#include "claims.h"
#include "token.h"

#define NOW_S 1790000000

static void check_grant(struct grant *grant, enum kv_status status)
{
    if (status == KV_OK)
        fuzz_check(grant->access.size > 0 && grant->access.data);
    else
        fuzz_check(status == KV_PROTOCOL);
    grant_done(grant);
    fuzz_check(!grant->access.data && !grant->refresh.data);
}

/* A name out of a token is a stranger's, and a C text. */
static void check_claims(struct view token)
{
    struct claims claims = { 0 };

    claims_read(&claims, token);
    claims_done(&claims);
    fuzz_check(!claims.user && !claims.app_name && !claims.tenant);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view body = fuzz_view(data, size);
    struct grant grant = { 0 };
    struct grant printed = { 0 };
    enum kv_status status = grant_decode(&grant, body, NOW_S, NULL);

    if (status == KV_OK) {
        check_claims(hidden_view(&grant.access));
        fuzz_check(grant.expires_at_s >= NOW_S);
    }
    check_grant(&grant, status);
    check_grant(&printed, grant_decode_cli(&printed, body, NULL));
    return 0;
}
