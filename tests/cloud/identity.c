/* The tokens that are out, and what else Entra has to remember. */
#include "identity.h"

#include <stdlib.h>
#include <string.h>

#include "signing.h"

#define TOKEN_LIMIT 512
#define USED_LIMIT 4096

struct identity {
    struct token *tokens;
    size_t count;
    struct device_list devices;
    struct signing *signing;
    json_t *used; /* the ids of assertions, each true */
};

struct identity *identity_new(void)
{
    struct identity *identity = alloc_zero(1, sizeof *identity);

    identity->signing = signing_new();
    identity->used = json_object();
    return identity;
}

static void token_done(struct token *token)
{
    free(token->text);
    free(token->principal_id);
    free(token->client_id);
    free(token->audience);
}

void identity_free(struct identity *identity)
{
    if (!identity)
        return;
    for (size_t i = 0; i < identity->count; i++)
        token_done(&identity->tokens[i]);
    for (size_t i = 0; i < identity->devices.count; i++)
        device_done(&identity->devices.items[i]);
    json_decref(identity->used);
    signing_free(identity->signing);
    free(identity->devices.items);
    free(identity->tokens);
    free(identity);
}

struct device_list *identity_devices(struct identity *identity)
{
    return &identity->devices;
}

struct signing *identity_signing(struct identity *identity)
{
    return identity->signing;
}

/* The oldest token makes room. */
static struct token *token_add(struct identity *identity)
{
    if (identity->count == TOKEN_LIMIT) {
        token_done(&identity->tokens[0]);
        memmove(&identity->tokens[0], &identity->tokens[1],
            (TOKEN_LIMIT - 1) * sizeof *identity->tokens);
        identity->count--;
    }
    identity->tokens = alloc_grow(
        identity->tokens, identity->count + 1, sizeof *identity->tokens);
    return &identity->tokens[identity->count++];
}

const struct token *token_issue(
    const struct call *call, const struct token *like, double life_s)
{
    struct identity *identity = call->cloud->identity;
    struct token issued = {
        .principal_id = alloc_text(like->principal_id),
        .client_id = like->client_id ? alloc_text(like->client_id) : NULL,
        .audience = alloc_text(like->audience),
        .refresh = like->refresh,
        .strong = like->strong,
        .expires = time(NULL) + (time_t)life_s,
        .expires_ms = time_monotonic_ms() + (long long)(life_s * 1000),
    };
    struct token *token;

    issued.text = like->refresh
                      ? secret_new()
                      : signing_access_token(call, identity->signing, &issued);
    token = token_add(identity);
    *token = issued;
    return token;
}

const struct token *token_find(
    const struct identity *identity, const char *text)
{
    for (size_t i = identity->count; i-- > 0;)
        if (strcmp(identity->tokens[i].text, text) == 0)
            return &identity->tokens[i];
    return NULL;
}

/* Past the limit all are forgotten: an assertion lives for minutes only. */
bool identity_use_once(struct identity *identity, const char *id)
{
    if (json_object_get(identity->used, id))
        return false;
    if (json_object_size(identity->used) >= USED_LIMIT)
        json_object_clear(identity->used);
    json_object_set_new(identity->used, id, json_true());
    return true;
}
