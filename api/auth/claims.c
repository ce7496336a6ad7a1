/* The payload of a JWT (RFC 7519), read defensively and for display only. */
#include "claims.h"

#include "base64.h"

#include <string.h>

#define CLAIM_LIMIT 256

static char *claim_copy(const json_t *payload, const char *name)
{
    const char *text = json_string_value(json_object_get(payload, name));

    return text && *text && strlen(text) < CLAIM_LIMIT ? mem_copy_text(text)
                                                       : NULL;
}

/* The first of several claims that is there: v1.0 tokens say upn or
 * unique_name, v2.0 tokens preferred_username. */
static char *claim_first(
    const json_t *payload, const char *const *names, size_t count)
{
    char *text = NULL;

    for (size_t i = 0; i < count && !text; i++)
        text = claim_copy(payload, names[i]);
    return text;
}

void claims_read(struct claims *claims, struct view token)
{
    static const char *const users[] = { "upn", "preferred_username",
        "unique_name" };
    static const char *const apps[] = { "appid", "azp" };
    struct hidden plain = { 0 };
    json_t *payload;

    view_cut(&token, '.'); /* the header */
    (void)base64_decode(&plain, view_cut(&token, '.'));
    payload = json_loadb(plain.data ? plain.data : "", plain.size, 0, NULL);
    claims->user = claim_first(payload, users, 3);
    claims->app_name = claim_copy(payload, "app_displayname");
    claims->app_id = claim_first(payload, apps, 2);
    claims->tenant = claim_copy(payload, "tid");
    claims->object_id = claim_copy(payload, "oid");
    json_decref(payload);
    hidden_done(&plain);
}

void claims_done(struct claims *claims)
{
    mem_free(claims->user);
    mem_free(claims->app_name);
    mem_free(claims->app_id);
    mem_free(claims->tenant);
    mem_free(claims->object_id);
    *claims = (struct claims){ 0 };
}
